"""Coefficients come out as published, or as arithmetic written here gives them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from carbon.coefficient import coefficients, rounded
from carbon.errors import FactorError
from carbon.library import EDITION_COLUMNS, load
from carbon.library.words import FACTORS

OWN = "\n".join(
    [
        ",".join(EDITION_COLUMNS.split()),
        # a diesel of the depot: 42.652 GJ/t, 0.84 kg/L
        "depot,fuel/diesel,CN,,2020,2030,all,heating_value,42.652,GJ/t,analysis,page 1,high,",
        "depot,fuel/diesel,CN,,2020,2030,all,carbon_content,20.2,tC/TJ,analysis,page 1,high,",
        "depot,fuel/diesel,CN,,2020,2030,all,oxidised,0.98,1,analysis,page 1,high,",
        "depot,fuel/diesel,CN,,2020,2030,all,density,0.84,kg/L,analysis,page 1,high,",
        "dense,fuel/diesel,HK,d,2020,2030,all,CO2,2000000,kg/GJ,analysis,page 1,high,",
        "dense,fuel/diesel,HK,d,2020,2030,all,heating_value,50000,MJ/kg,analysis,page 1,high,",
        "bare,fuel/diesel,HK,,2020,2030,all,CO2,74.1,tCO2/TJ,analysis,page 1,high,",
        "biogas,fuel/biogas,CN,,2020,2030,all,CH4_biogenic,2,g/m3,analysis,page 1,high,",
        "biogas,fuel/biogas,CN,,2020,2030,all,CO2_biogenic,1.9,kg/m3,analysis,page 1,high,",
    ]
)


@pytest.fixture(scope="module")
def library():
    return load(own={"depot.csv": OWN})


@pytest.fixture
def of(library):
    """Coefficients of a set by gas."""

    def by_gas(set_id: str, unit: str, gwp_set: str = "AR6"):
        found = coefficients(library.sets[set_id], unit, gwp_set, library)
        return {each.gas: each for each in found}

    return by_gas


@pytest.mark.parametrize(
    ("set_id", "unit", "grams"),
    [
        ("gbt2589-aligned-gasoline", "kg", "2925.05598"),  # 2.92506 t/t
        ("gbt2589-aligned-diesel", "kg", "3095.91"),  # 3.09591 t/t
        ("ndrc-2015-natural-gas", "Nm3", "2162.188809"),  # 21.62189 t per 10^4 Nm3
        ("ndrc-2015-natural-gas", "MJ", "55.539"),  # 55.539 kg/GJ
        ("ndrc-2015-natural-gas", "kWh", "199.9404"),  # 0.19994 t/MWh
        ("ndrc-2015-gasoline", "kg", "3042.5472"),  # 44.80 x 18.9 x 0.98 x 44/12 kg/t
        ("eu-mrr-natural-gas", "MJ", "56.1"),
        ("eu-mrr-gasoline", "kg", "3069.99"),  # 44.3 TJ/Gg x 69.3 t/TJ
        ("cn-heat-default", "MJ", "110"),
    ],
)
def test_combustion_gives_the_published_factor(of, set_id, unit, grams):
    assert float(of(set_id, unit)["CO2"].mass_g) == pytest.approx(float(grams), rel=2e-6)


def test_combustion_is_exact(of):
    """389.31 GJ/10^4 Nm3 x 15.3 tC/TJ x 0.99 x 44/12, in g per Nm3."""
    by_hand = Fraction("38.931") * Fraction("15.3") * Fraction("0.99") * Fraction(44, 12)
    assert of("ndrc-2015-natural-gas", "Nm3")["CO2"].mass_g == by_hand


def test_an_equation_can_be_redone_by_hand(of):
    assert of("gbt2589-aligned-gasoline", "kg")["CO2"].equation == (
        "43.07 GJ/t x 18.9 tC/TJ x 0.98 x 44/12 = 2925.05598 g/kg"
    )


def test_the_parts_of_an_equation_are_the_printed_values(of):
    parts = of("gbt2589-aligned-gasoline", "kg")["CO2"].parts
    assert [str(part) for part in parts] == ["43.07 GJ/t", "18.9 tC/TJ", "0.98"]


def test_cubic_metres_as_billed_are_taken_as_printed_and_the_equation_says_so(of):
    billed = of("ndrc-2015-natural-gas", "m3")["CO2"]
    assert billed.mass_g == of("ndrc-2015-natural-gas", "Nm3")["CO2"].mass_g
    assert billed.equation.endswith(
        "(m3 as billed taken as the printed Nm3; the reference state of the set is not stated)"
    )


def test_litres_go_through_a_density_the_set_prints(of):
    assert of("depot", "L")["CO2"].mass_g == of("depot", "kg")["CO2"].mass_g * Fraction("0.84")


def test_cubic_metres_of_a_liquid_are_a_thousand_litres(of):
    assert of("depot", "m3")["CO2"].mass_g == of("depot", "L")["CO2"].mass_g * 1000


@pytest.mark.parametrize(
    ("code", "set_id", "unit"),
    [
        ("no-density", "ndrc-2015-diesel", "L"),
        ("no-density", "eu-mrr-natural-gas", "m3"),
        ("no-density", "gbt2589-gasoline", "L"),
        ("no-heating-value", "bare", "kg"),
        ("unit-not-served", "ndrc-2015-natural-gas", "kg"),
        ("unit-not-served", "cn-stat-2023", "kg"),
        ("unit-not-served", "refrigerant/R-410A", "L"),
    ],
)
def test_a_unit_the_set_cannot_serve_is_refused(of, code, set_id, unit):
    with pytest.raises(FactorError) as caught:
        of(set_id, unit)
    assert caught.value.code == code
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("set_id", "grams"),
    [
        ("cn-mee-2023-notice", "570.3"),  # 0.5703 tCO2/MWh
        ("cn-stat-2023", "530.6"),  # 0.5306 kgCO2/kWh
        ("jp-2022", "429"),  # 0.000429 tCO2/kWh
        ("de-eea-2023", "316"),  # 316 g CO2e per kWh
    ],
)
def test_electricity_is_read_in_whatever_unit_it_is_printed(of, set_id, grams):
    (only,) = of(set_id, "kWh").values()
    assert only.mass_g == only.co2e_g == Fraction(grams)


def test_pounds_are_exact(of):
    """771.523 lb per MWh, a pound being 453.59237 g."""
    by_hand = Fraction("771.523") * Fraction("453.59237") / 1000
    assert of("us-egrid-2023", "kWh")["CO2"].mass_g == by_hand


def test_co2e_of_a_gas_is_turned_back_into_its_mass(of):
    """0.000896 kg CO2e made with AR5 is 0.032 g of CH4 (by 28), and 0.9536 g CO2e by AR6 (29.8)."""
    methane = of("gb-desnz-2023", "kWh", "AR6")["CH4_fossil"]
    assert (methane.mass_g, methane.co2e_g) == (Fraction("0.032"), Fraction("0.9536"))


@pytest.mark.parametrize(("year", "gwp_set", "total"), [
    ("2022", "AR4", "0.19338"), ("2023", "AR5", "0.20707429"),
])  # fmt: skip
def test_gases_of_uk_electricity_add_up_to_the_printed_total(of, year, gwp_set, total):
    gases = of(f"gb-desnz-{year}", "kWh", gwp_set)
    grams = sum(each.co2e_g for gas, each in gases.items() if gas != "CO2_biogenic")
    assert float(grams / 1000) == pytest.approx(float(total), abs=1e-8)


def test_a_factor_printed_as_co2e_only_stays_unsplit(of):
    (only,) = of("desnz-2023-hotel-cn", "room_night").values()
    assert (only.gas, only.mass_g, only.co2e_g) == ("CO2e (unsplit, AR5)", 53500, 53500)


def test_flights_with_radiative_forcing_are_not_called_co2(of):
    assert set(of("desnz-2023-air-long-haul-economy", "pkm")) == {"CO2e (unsplit, AR5)"}


def test_flights_without_it_are_split_by_gas(of):
    gases = of("desnz-2023-air-long-haul-economy-without-rf", "pkm", "AR5")
    assert sum(each.co2e_g for each in gases.values()) == Fraction("118.11828")


@pytest.mark.parametrize(
    ("gwp_set", "kg_co2e"), [("AR4", "2087.5"), ("AR5", "1923.5"), ("AR6", "2255.5")]
)
def test_r410a_is_half_hfc32_and_half_hfc125(of, gwp_set, kg_co2e):
    """(675 + 3500) / 2, (677 + 3170) / 2, (771 + 3740) / 2."""
    parts = of("refrigerant/R-410A", "kg", gwp_set)
    assert {gas: part.mass_g for gas, part in parts.items()} == {"HFC-32": 500, "HFC-125": 500}
    assert sum(part.co2e_g for part in parts.values()) == Fraction(kg_co2e) * 1000


# UK Government GHG conversion factors, total including non-Kyoto products: 2022 (AR4), 2025 (AR5)
PUBLISHED_BLENDS = {
    "R-401A": (1182, 1130),
    "R-402A": (2788, 2571),
    "R-404A": (3922, 3943),
    "R-407A": (2107, 1923),
    "R-407C": (1774, 1624),
    "R-407F": (1825, 1674),
    "R-408A": (3152, 3257),
    "R-409A": (1585, 1485),
    "R-410A": (2088, 1924),
    "R-413A": (2053, 1945),
    "R-417A": (2346, 2127),
    "R-422D": (2729, 2473),
    "R-427A": (2138, 2024),
    "R-437A": (1805, 1639),
    "R-502": (4657, 4786),
    "R-507A": (3985, 3985),
    "R-508B": (13396, 11698),
}


@pytest.mark.parametrize("refrigerant", PUBLISHED_BLENDS)
def test_a_blend_comes_out_at_its_published_potential(of, refrigerant):
    for gwp_set, published in zip(("AR4", "AR5"), PUBLISHED_BLENDS[refrigerant], strict=True):
        parts = of(f"refrigerant/{refrigerant}", "kg", gwp_set).values()
        assert abs(sum(part.co2e_g for part in parts) / 1000 - published) <= Fraction(1, 2)


def test_a_pure_refrigerant_is_a_blend_of_one(of):
    only = of("refrigerant/R-22", "kg", "AR5")["HCFC-22"]
    assert (only.mass_g, only.co2e_g) == (1000, 1_760_000)


def test_every_refrigerant_has_a_coefficient_in_ar6(library):
    for refrigerant in library.blends:
        factors = library.sets[f"refrigerant/{refrigerant}"]
        masses = [part.mass_g for part in coefficients(factors, "kg", "AR6", library)]
        assert sum(masses) == 1000, refrigerant


@pytest.mark.parametrize("gwp_set", ["AR4", "AR5", "AR5-feedback"])
def test_a_refrigerant_of_a_gas_first_assessed_in_ar6_is_refused_under_an_earlier_set(of, gwp_set):
    with pytest.raises(FactorError, match=f"{gwp_set} gives no global warming potential"):
        of("refrigerant/R-1233zd(E)", "kg", gwp_set)


def test_the_usual_refrigerants_have_a_coefficient_in_every_gwp_set(library):
    for refrigerant in ("R-22", "R-32", "R-134a", "R-404A", "R-407C", "R-410A", "R-454B", "R-513A"):
        factors = library.sets[f"refrigerant/{refrigerant}"]
        for gwp_set in ("AR4", "AR5", "AR5-feedback", "AR6"):
            assert coefficients(factors, "kg", gwp_set, library), (refrigerant, gwp_set)


def test_fossil_and_biogenic_methane_have_their_own_potentials(of):
    assert of("biogas", "m3", "AR6")["CH4_biogenic"].co2e_g == 54  # 2 g x 27.0
    assert of("biogas", "m3", "AR5")["CH4_biogenic"].co2e_g == 56  # 2 g x 28


@pytest.mark.parametrize(
    ("set_id", "unit", "grams"),
    [
        ("gbt2589-gasoline", "kg", "1471.4"),
        ("gbt2589-diesel", "kg", "1457.1"),
        ("gbt2589-natural-gas", "m3", "1330"),
        ("gbt2589-natural-gas", "Nm3", "1330"),
        ("gas-1.215-natural-gas", "m3", "1215"),
        ("gas-1.1-natural-gas", "m3", "1100"),
        ("gbt2589-electricity", "kWh", "122.9"),
        ("gbt2589-heat", "MJ", "34.12"),
    ],
)
def test_standard_coal_is_the_printed_coefficient(of, set_id, unit, grams):
    coal = of(set_id, unit)["standard coal"]
    assert (coal.mass_g, coal.co2e_g) == (Fraction(grams), 0)


def test_fuel_given_as_energy_becomes_standard_coal_by_its_definition(of):
    """1 kgce is 29307 kJ, so 29.307 MJ are 1000 gce."""
    assert of("gbt2589-natural-gas", "MJ")["standard coal"].mass_g * Fraction("29.307") == 1000


def test_energy_in_kilowatt_hours_and_megajoules_agree(of):
    for set_id in ("ndrc-2015-diesel", "gbt2589-natural-gas"):
        (hour,), (joule,) = of(set_id, "kWh").values(), of(set_id, "MJ").values()
        assert hour.mass_g == joule.mass_g * Fraction("3.6")


def test_a_gwp_set_without_the_gas_is_refused(library):
    with pytest.raises(FactorError) as caught:
        coefficients(library.sets["refrigerant/R-410A"], "kg", "AR9", library)
    assert caught.value.code == "no-gwp"


@pytest.mark.parametrize(
    ("number", "decimal"),
    [
        (Fraction(1, 3), "0.333333333333"),
        (Fraction(2, 3), "0.666666666667"),
        (Fraction(5, 10**13), "0.000000000001"),  # half goes away from zero
        (Fraction(-5, 10**13), "-0.000000000001"),
        (Fraction(25_200_000), "25200000.000000000000"),
        (Fraction(0), "0.000000000000"),
    ],
)
def test_a_coefficient_is_rounded_once_half_away_from_zero(number, decimal):
    assert rounded(number) == Decimal(decimal)
    assert rounded(number).as_tuple().exponent == -12


def test_every_set_serves_the_unit_it_is_printed_for(library):
    for factors in library.sets.values():
        if factors.family not in FACTORS or "loss_share" in factors.values:
            continue  # a reference figure or a share, taken by no inventory
        per = {each.measure.per for each in factors.values.values()} - {"", "tce"}
        unit = "kg" if factors.family == "refrigerant" else sorted(per)[0]
        assert all(each.mass_g >= 0 for each in coefficients(factors, unit, "AR6", library)), (
            factors.set_id
        )


def test_a_coefficient_that_no_column_holds_is_refused_with_its_set(of):
    """2,000 t/GJ x 50 GJ/kg is 100,000 t for a kilogram; 8 digits before the point are 100 t."""
    assert of("dense", "MJ")["CO2"].mass_g == 2_000_000
    with pytest.raises(FactorError) as caught:
        of("dense", "kg")
    assert (caught.value.code, caught.value.message) == (
        "factor-too-large",
        "dense makes 100,000 t of CO2 of one kg",
    )
