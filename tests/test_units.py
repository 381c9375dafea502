"""Units: what the words of bills mean, what one of each is worth, and what is refused."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbon.errors import UnitError
from carbon.units import (
    AMBIGUOUS,
    CANONICAL,
    KIND,
    TABLE,
    conversion,
    convert,
    decimal_factor,
    known_units,
    registry,
    table_rows,
    unit,
)

DOCS = Path(__file__).parent.parent / "docs"
NAMES = [name for each in known_units() for name in (each.name, *each.names)]


@pytest.fixture(scope="module")
def generator():
    spec = importlib.util.spec_from_file_location("list_units", DOCS / "list_units.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["list_units"] = module
    spec.loader.exec_module(module)
    return module


def refusal(text, allowed=None):
    with pytest.raises(UnitError) as caught:
        unit(text) if allowed is None else conversion(text, allowed)
    return caught.value


# Sizes, from outside: NIST Special Publication 811 (2008), Appendix B.8, and the SI brochure.


@pytest.mark.parametrize(
    ("text", "canonical", "factor"),
    [
        ("gal_us", "L", "3.785411784"),
        ("gal_uk", "L", "4.54609"),
        ("oil_barrel", "L", "158.987294928"),
        ("lb", "kg", "0.45359237"),
        ("short_ton", "kg", "907.18474"),
        ("long_ton", "kg", "1016.0469088"),
        ("斤", "kg", "0.5"),
        ("Btu", "MJ", "0.00105505585262"),  # International Table
        ("MMBtu", "MJ", "1055.05585262"),
        ("therm", "MJ", "105.505585262"),  # 100,000 International Table Btu
        ("dekatherm", "MJ", "1055.05585262"),  # one MMBtu
        ("kcal", "MJ", "0.0041868"),  # International Table
        ("scf", "m3", "0.028316846592"),
        ("ccf", "m3", "2.8316846592"),
        ("Mcf", "m3", "28.316846592"),
        ("mile", "km", "1.609344"),
        ("nautical_mile", "km", "1.852"),
        ("ft2", "m2", "0.09290304"),
        ("ha", "m2", "10000"),
    ],
)
def test_a_unit_has_its_published_size(text, canonical, factor):
    assert conversion(text, [canonical]) == (canonical, Fraction(factor))


def test_a_kilogram_of_standard_coal_is_7000_kcal_of_the_calorie_used():
    # 7000 kcal by custom, 29307 kJ as GB/T 2589 prints it: the calorie of 4.1868 J gives both.
    assert int(convert(7000, "kcal", "kJ")) == 29307


def test_the_table_is_what_pint_works_out_from_the_definitions(generator):
    assert TABLE.read_text(encoding="utf-8") == generator.table_text()


def test_the_page_lists_every_unit_name_and_refusal(generator):
    assert (DOCS / "units.md").read_text(encoding="utf-8") == generator.page_text()


def test_a_definition_measures_what_its_canonical_unit_measures():
    definitions = {row["unit"]: row["definition"] for row in table_rows()}
    for each in known_units():
        ours, theirs = (
            registry().Quantity(1, definitions[name]) for name in (each.name, each.canonical)
        )
        assert ours.dimensionality == theirs.dimensionality, each.name
        assert CANONICAL[each.canonical][0] == each.dimension, each.name


def test_two_dimensions_are_never_the_same_to_pint():
    kinds = {}
    for canonical, (kind, _) in CANONICAL.items():
        one = registry().Quantity(1, canonical)
        kinds.setdefault(frozenset(one.dimensionality.items()), set()).add(kind)
    assert all(len(found) == 1 for found in kinds.values())
    assert {kind for found in kinds.values() for kind in found} == set(KIND)


def test_pint_knows_no_unit_that_is_not_defined_here():
    import pint

    for stock in ("meter", "bbl", "ton", "knot", "MkWh", "tesla", "degC"):
        with pytest.raises(pint.UndefinedUnitError):
            registry().Unit(stock)


def test_a_canonical_unit_is_its_own():
    for name in CANONICAL:
        assert (unit(name).canonical, unit(name).factor) == (name, 1)


# Heating values


@pytest.mark.parametrize(
    "text", ["kWh (Gross CV)", "kWh gross", "kWh (GCV)", "KWH HHV", "千瓦时(高位)", "kWh高位热值"]
)
def test_gross_energy_is_a_kind_of_its_own(text):
    assert (unit(text).canonical, unit(text).factor) == ("MJ_gross", Fraction("3.6"))


@pytest.mark.parametrize("text", ["GJ (net)", "GJ NCV", "GJ (Net CV)", "GJ LHV", "吉焦 低位"])
def test_net_energy_is_energy_as_such(text):
    assert (unit(text).canonical, unit(text).factor) == ("MJ", 1000)
    assert unit(text).name == "GJ (net)"


def test_gross_energy_is_refused_where_net_is_wanted():
    with pytest.raises(UnitError, match="net is some 5 to 10 % less than gross"):
        conversion("MMBtu HHV", ["MJ"])


def test_only_an_energy_has_a_heating_value():
    with pytest.raises(UnitError, match="'kg gross' is not a unit known here"):
        unit("kg gross")


def test_a_factor_per_gross_energy_converts_to_another_per_gross_energy():
    assert convert("1", "kg/MWh (gross)", "kg/GJ (gross)") == Fraction(10, 36)


# Spellings


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("kWh", "kwh|KWH|Kwh|kW.h|kW·h|kw h|kW-h|kW*h|ＫＷＨ| kWh |kWh.|度|千瓦时|kilowatt hours"),
        ("MWh", "mwh|MWH|Mwh|兆瓦时|'000 kWh|1,000 kWh"),
        ("10^4 kWh", "万kWh|万度|万千瓦时|10⁴ kWh|1e4 kWh|１０,０００ kWh|万 千瓦时"),
        ("10^8 kWh", "亿千瓦时|亿度"),
        ("GJ", "gj|Gj|吉焦|百万千焦"),
        ("MMBtu", "MMBTU|mmbtu|mm Btu"),
        ("therm", "Therms|US therm|UK therm|EC therm"),
        ("kg", "KG|kgs|公斤|千克|㎏|kilogrammes"),
        ("t", "T|tonnes|metric ton|Metric Tons|吨|公吨|Mg"),
        ("short_ton", "short ton|short-ton|Short Tons|US ton|ton (US)|短吨"),
        ("m3", "m³|m^3|M3|㎥|m**3|立方米|方|cubic metres|cubic meters"),
        ("10^4 m3", "10^4m3|10⁴ m³|1e4 m3|10,000 m3|10 000 m3|万m3|万立方米|万方|×10^4 m3"),
        ("10^4 Nm3", "10^4 Nm3|10⁴Nm³|万Nm3|万标方"),
        ("Nm3", "nm3|Nm³|N m3|标方|标立方米"),
        ("L", "l|ℓ|litres|liters|升"),
        ("mL", "ml|毫升"),
        ("gal_us", "gal(us)|US gal|U.S. gallons|us gallon|美加仑"),
        ("gal_uk", "UK gal|imp gal|Imperial gallons|gal (UK)"),
        ("tce", "TCE|吨标准煤|吨标煤|tonnes of coal equivalent"),
        ("pkm", "PKM|person-km|passenger km|passenger.km|p.km|人公里|passenger–km"),
        ("tkm", "t.km|tonne-km|吨公里"),
        ("room_night", "room night|room-nights|Room Night|间夜"),
        ("m2", "㎡|m²|平方米|sq m"),
        ("kW", "kWp|KW|kW DC|千瓦"),
        ("MW", "mw|MWp|MW DC|MW (DC)|兆瓦"),
        ("10^4 RMB", "万元|1e4 RMB"),
        ("million RMB", "million CNY|百万元|RMB million|10^6 yuan"),
        ("person_day", "man-days|人天"),
    ],
)
def test_people_write_a_unit_in_many_ways(name, spellings):
    assert {text: unit(text).name for text in spellings.split("|")} == dict.fromkeys(
        spellings.split("|"), name
    )


def test_a_superscript_is_a_power_and_not_a_digit():
    assert unit("10⁴ m³").factor == 10_000
    assert refusal("104 m3").code == "unknown-unit"


def test_the_minus_of_an_exponent_is_never_dropped():
    for text in ("1e-4 m3", "10^-4 m3", "10⁻⁴ m3", "1e−4 m3"):
        assert refusal(text).code == "unknown-unit"


def test_no_name_belongs_to_two_units():
    from carbon.units import _squeezed

    owners = {}
    for each in known_units():
        for name in (each.name, *each.names):
            owners.setdefault(_squeezed(name).lower(), set()).add(each.name)
    assert {name: units for name, units in owners.items() if len(units) > 1} == {}


@given(st.sampled_from(NAMES))
def test_every_listed_name_is_found(name):
    assert name in (unit(name).name, *unit(name).names)


@given(
    st.sampled_from([name for names, _, _ in AMBIGUOUS for name in names if name == name.lower()])
)
def test_an_ambiguous_name_is_refused_in_capitals_too(name):
    assert refusal(name.upper()).code == "ambiguous-unit"


def test_what_a_refusal_tells_to_write_is_understood():
    writable = {
        word.strip(".,") for _, _, write in AMBIGUOUS for word in write.split() if len(word) > 1
    }
    for word in ("short_ton", "long_ton", "gal_us", "gal_uk", "oil_barrel", "kBtu", "kcal", "ft3"):
        assert word in writable
        assert unit(word).name == word


# Choosing the canonical unit


def test_energy_is_counted_in_the_first_unit_allowed():
    assert conversion("GJ", ("kWh", "MJ")) == ("kWh", Fraction(2500, 9))
    assert conversion("MWh", ("MJ", "kWh")) == ("MJ", 3600)


def test_cubic_metres_of_a_liquid_become_litres():
    assert conversion("m3", ("MJ", "kg", "L")) == ("L", 1000)


def test_cubic_metres_stay_where_they_are_allowed():
    assert conversion("万方", ("L", "m3")) == ("m3", 10_000)


def test_litres_are_no_gas():
    assert "litres measure a liquid" in refusal("L", ("MJ", "m3", "Nm3", "kg")).message


def test_normal_cubic_metres_and_cubic_metres_are_kept_apart():
    assert conversion("万Nm3", ("MJ", "m3", "Nm3")) == ("Nm3", 10_000)
    for text, wanted in (("Nm3", "m3"), ("m3", "Nm3"), ("Nm3", "L")):
        assert "stated temperature and pressure" in refusal(text, [wanted]).message


def test_standard_coal_is_neither_energy_nor_mass():
    assert conversion("kgce", ["tce"]) == ("tce", Fraction(1, 1000))
    for wanted in ("MJ", "kWh", "kg"):
        assert refusal("tce", [wanted]).code == "wrong-dimension"


def test_renminbi_and_dollars_need_a_rate():
    assert "rate of exchange" in refusal("USD", ["RMB"]).message


def test_a_volume_of_fuel_needs_a_density():
    message = refusal("gal_us", ("kg", "MJ")).message
    assert "a volume becomes a mass only with a density" in message
    assert "only with a heating value" in message


# Whole messages, one for each code


def test_an_area_as_capacity_is_refused_with_the_reason():
    assert str(refusal("m2", ["kW"])) == (
        "error[wrong-dimension]: 'm2' is an area, wanted is a power (kW); a PV plant's size is its "
        "capacity, and an area becomes a capacity only with a stated W/m2\n"
        "  To fix: write one of kW, W, MW, 10^4 kW, GW"
    )


def test_an_unknown_unit_is_refused_with_the_nearest_and_the_allowed():
    assert str(refusal("kilowat", ["kW"])) == (
        "error[unknown-unit]: 'kilowat' is not a unit known here\n"
        "  Looked for every name in docs/units.md.\n"
        "  Nearest: kilowatt.\n"
        "  To fix: write one of kW, W, MW, 10^4 kW, GW"
    )


def test_a_number_within_the_unit_is_shown_its_column():
    assert str(refusal("5,000 kWh", ["kWh"])) == (
        "error[unknown-unit]: '5,000 kWh' is not a unit known here\n"
        "  Looked for every name in docs/units.md.\n"
        "  Nearest: kWh.\n"
        "  To fix: write kWh, and put the number with the quantity"
    )


def test_an_ambiguous_unit_is_refused_with_its_readings():
    assert str(refusal("Ton", ["kg"])) == (
        "error[ambiguous-unit]: 'Ton' may mean a metric ton (1000 kg), a US short ton (2000 lb) or "
        "a UK long ton (2240 lb)\n"
        "  To fix: write t, short_ton or long_ton"
    )


def test_a_missing_unit_is_said_to_be_missing():
    assert refusal("  ").message == "the unit is missing"


def test_a_quantity_that_is_no_number_is_refused():
    with pytest.raises(UnitError) as caught:
        convert("nan", "kWh", "MJ")
    assert str(caught.value) == (
        "error[not-a-number]: 'nan' is not an exact number\n"
        "  To fix: give an int, a Decimal, a Fraction or plain digits, such as '1234.5'"
    )


def test_allowed_units_must_be_canonical():
    assert str(refusal("kWh", ["MWh"])) == (
        "error[not-canonical]: 'MWh' is not a canonical unit\n"
        "  Looked for one of MJ, kWh, MJ_gross, kg, m3, L, Nm3, tce, km, pkm, tkm, room_night, m2, "
        "kW, person, person_day, person_hour, h, RMB, USD.\n"
        "  Nearest: kWh.\n"
        "  To fix: name canonical units only where units are allowed"
    )


def test_a_unit_too_large_for_the_ledger_is_refused():
    with pytest.raises(UnitError) as caught:
        decimal_factor(conversion("TWh", ["kWh"])[1])
    assert str(caught.value) == (
        "error[unit-out-of-scale]: the unit is too large for the ledger: one of it is 1e+09 of "
        "the unit it is counted in\n"
        "  Looked for a factor below 100000000 that twelve decimals hold.\n"
        "  To fix: write the quantity in a unit that is smaller, such as 万kWh or MWh"
    )


@pytest.mark.parametrize(
    "text",
    [
        "tons",
        "MT",
        "Mt",
        "mt",
        "gallon",
        "GAL",
        "barrel",
        "bbl",
        "cf",
        "MBtu",
        "unit",
        "C",
        "M",
        "G",
        "cwt",
        "mWh",
        "mW",
        "mJ",
        "ML",
        "mg",
        "cal",
        "Sm3",
        "toe",
        "ton-km",
        "冷吨",
        "¥",
    ],
)
def test_a_name_with_two_readings_is_never_guessed(text):
    assert refusal(text).code == "ambiguous-unit"


@pytest.mark.parametrize(
    "text",
    [
        "nan kWh",
        "1e400 kWh",
        "-5 kWh",
        "inf",
        "kW/h",
        "kWh/m2",
        "MkWh",
        "[red]kWh[/red]",
        "[/tmp]",
        "=1+1",
        "kWh; drop table entry",
        "10.000 m3",
        "\ud800",
        "\x00",
        "x" * 10_000,
    ],
)
def test_what_pint_or_a_terminal_would_read_is_unknown(text):
    assert refusal(text).code == "unknown-unit"
    assert refusal(text, ["kWh"]).code == "unknown-unit"


@given(st.text())
def test_no_text_raises_anything_but_a_unit_error(text):
    try:
        known = unit(text).name
    except UnitError as fault:
        assert fault.code in ("unknown-unit", "ambiguous-unit")
        assert fault.remedy
    else:
        assert known in NAMES


# Exactness


@given(st.data(), st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_there_and_back_is_the_same_quantity(data, quantity):
    one = data.draw(st.sampled_from(known_units()))
    same_kind = [each for each in known_units() if each.dimension == one.dimension]
    other = data.draw(st.sampled_from(same_kind))
    there = convert(quantity, one.name, other.name)
    assert convert(there, other.name, one.name) == Fraction(quantity)


@given(st.sampled_from(known_units()), st.sampled_from(known_units()))
def test_only_units_of_one_kind_convert(one, other):
    try:
        convert(1, one.name, other.name)
    except UnitError as fault:
        assert fault.code == "wrong-dimension"
        assert one.dimension != other.dimension
    else:
        assert one.dimension == other.dimension


def test_a_quantity_never_passes_through_a_float():
    assert convert("0.1", "MWh", "kWh") == convert(Decimal("0.1"), "MWh", "kWh") == 100
    with pytest.raises(UnitError):
        convert(0.1, "MWh", "kWh")


def test_a_huge_exponent_is_refused_at_once():
    with pytest.raises(UnitError):
        convert(Decimal("1e999999"), "kWh", "MJ")


def test_ratios_convert_with_pint():
    assert convert("0.5703", "kg/kWh", "t/MWh") == Fraction("0.5703")
    assert convert("15.3", "tonnes per GJ", "kg/MJ") == Fraction("15.3")
    # US EPA, GHG Emission Factors Hub 2025, natural gas: 0.001026 mmBtu per scf.
    assert convert("0.001026", "MMBtu/scf", "MJ/m3") == Fraction("0.001026") * Fraction(
        "1055.05585262"
    ) / Fraction("0.028316846592")


def test_a_ratio_of_another_kind_is_refused():
    with pytest.raises(UnitError) as caught:
        convert(1, "kg/kWh", "kg/m3")
    assert caught.value.message == "'kg/kWh' and 'kg/m3' do not measure the same"


def test_a_factor_is_stored_half_away_from_zero():
    assert decimal_factor(Fraction(5, 18)) == Decimal("0.277777777778")
    assert decimal_factor(Fraction(10**12 + 1, 2 * 10**12)) == Decimal("0.500000000001")
    assert decimal_factor(Fraction(-(10**12) - 1, 2 * 10**12)) == Decimal("-0.500000000001")


def test_joules_are_too_small_to_be_counted_in_kwh():
    # 1/3600000 at twelve decimals is 0.000000277778: off by 8e-7 of itself.
    with pytest.raises(UnitError):
        decimal_factor(conversion("J", ["kWh"])[1])


def test_reading_a_unit_imports_no_pint():
    code = "import sys; from carbon.units import conversion; conversion('万度', ['MJ']); "
    code += "print('pint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
