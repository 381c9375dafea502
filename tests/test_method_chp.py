"""Published examples of sharing a plant's emissions out to heat and power, and what stays put."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from published import prints, published, total

from carbon import chp
from carbon.errors import SettingsError, UsageError
from carbon.library import load

SITE = """
[[site]]
name = "hq"
region = "CN-ZJ"
[[site.meter]]
name = "engine"
role = "chp"
"""
ONE = "fuel/natural_gas,CO2,200,gCO2/kWh (Net CV)"  # 1 MWh of fuel: 200 kg


@pytest.fixture
def plant(worked, tmp_path):
    """`plant(settings, **recorded)`: a plant that burned fuel and made heat and power in 2023.

    recorded : activity = 'quantity unit', on the meter of the plant.
    """

    def made(settings: str, site: str = SITE, **recorded: str):
        text = f'[[chp]]\nplant = "engine"\n{settings}\n'
        book = worked("sf6,1,kg", ONE, site=site, settings=text)
        rows = ["site,meter,year,activity,quantity,unit"]
        for activity, said in recorded.items():
            quantity, _, unit = said.partition(" ")
            rows.append(f"hq,engine,2023,{activity},{quantity},{unit}")
        path = tmp_path / "plant.csv"
        path.write_text("\n".join(rows) + "\n", "utf-8")
        [report] = book.import_files([path])
        assert [each for each in report.problems if each.severity == "error"] == []
        return book

    return made


def of(book, product: str) -> dict:
    return next(row for row in book.chp("2023").rows if row["product"] == product)


# 1 MWh of fuel emits 200 kg and gives 0.3 MWh of power and 0.5 MWh of heat.
FLOW = {
    "natural_gas": "1000 kWh (net)",
    "chp_power": "300 kWh",
    "chp_heat": "500 kWh",
}
OWN = "power_efficiency = 0.525\nheat_efficiency = 0.82"


@published("oemof-thermal, allocation after Mauch, Corradini, Wiesmeyer and Schwentzek (2010)")
@pytest.mark.parametrize(
    ("product", "printed"),
    [("power", "96.75516224"), ("heat", "103.2448378")],
)
def test_the_efficiency_method_shares_by_fuel_saved(plant, product, printed):
    assert prints(of(plant(OWN, **FLOW), product)["co2e_t"] * 1000, printed)


@published("oemof-thermal, allocation after Mauch, Corradini, Wiesmeyer and Schwentzek (2010)")
@pytest.mark.parametrize(("product", "printed"), [("power", "75.0"), ("heat", "125.0")])
def test_the_energy_method_shares_by_energy(plant, product, printed):
    assert prints(of(plant('method = "energy"', **FLOW), product)["co2e_t"] * 1000, printed)


@published("HM Government, Environmental Reporting Guidelines (2019), Annex D")
def test_a_kilowatt_hour_of_power_carries_twice_a_kilowatt_hour_of_heat(plant):
    book = plant('method = "2:1"', **FLOW)
    power, heat = of(book, "power"), of(book, "heat")
    # 2 E / (2 El + Heat) = 2 x 200 / (600 + 500); E / (2 El + Heat) = 200 / 1,100
    assert prints(power["co2e_kg_per_kwh"], "0.363636363636")
    assert prints(heat["co2e_kg_per_kwh"], "0.181818181818")


@published("UK Government GHG conversion factors 2025, Heat and steam")
def test_the_parts_of_the_published_heat_factor_make_its_total(worked):
    parts = [
        "heat,CO2,0.17355,kgCO2/kWh,location",
        "heat,CH4_fossil,0.00122,kgCO2e(AR5)/kWh,location",
        "heat,N2O,0.00052,kgCO2e(AR5)/kWh,location",
    ]
    book = worked("heat,1000,kWh", *parts, settings='[policy]\ngwp = "AR5"\n')
    assert prints(total(book, "scope2", "location"), "175.29")


def test_the_defaults_are_those_of_the_tool():
    known = load().efficiencies
    assert (known["US"].heat, known["US"].power) == (Fraction("0.80"), Fraction("0.35"))
    assert (known["UK"].heat, known["UK"].power) == (Fraction("0.66"), Fraction("0.33"))


def test_the_source_and_confidence_of_a_default_are_told(plant):
    notes = " ".join(plant('efficiencies = "US"', **FLOW).chp("2023").notes)
    assert "combined heat and power plant" in notes
    assert "medium confidence" in notes


def test_shares_add_up_to_one():
    heat, power = chp.shares(Fraction(500), Fraction(300), Fraction("0.8"), Fraction("0.35"))
    assert heat + power == 1
    assert heat == Fraction(500) / Fraction("0.8") / (625 + Fraction(300) / Fraction("0.35"))


def test_the_fuel_stays_in_scope_1_whatever_is_sold(plant):
    sold = FLOW | {"chp_power_sold": "300 kWh", "chp_heat_sold": "500 kWh"}
    assert prints(total(plant(OWN, **sold), "scope1", gas="CO2"), "200.000")


def test_the_fuel_of_a_plant_leased_out_is_shared_out_of_scope_3(plant):
    out = SITE.replace('region = "CN-ZJ"', 'region = "CN-ZJ"\nlease = "leased out operating"')
    book = plant(OWN, site=out, **FLOW)
    assert total(book, "scope1") == 0
    assert prints(sum(of(book, product)["co2e_t"] for product in ("heat", "power")), "0.200")


def test_what_is_sold_is_told_beside_it(plant):
    power = of(plant('method = "2:1"', **FLOW, chp_power_sold="110 kWh"), "power")
    assert prints(power["sold_co2e_t"], "0.040000")  # 110 x 2 x 200 / 1,100 kg
    assert power["sold_mwh"] == Decimal("0.11")


def test_what_was_not_sold_is_missing_and_not_0(plant):
    assert of(plant(OWN, **FLOW), "heat")["sold_co2e_t"] is None


def test_power_of_ones_own_plant_is_no_scope_2(plant):
    assert total(plant(OWN, **FLOW), "scope2", "location") == 0


def test_a_plant_without_its_heat_is_not_shared_out(plant):
    flow = {name: said for name, said in FLOW.items() if name != "chp_heat"}
    table = plant(OWN, **flow).chp("2023")
    assert {row["co2e_t"] for row in table.rows} == {None}
    assert "no chp_heat is recorded" in " ".join(table.notes)


def test_a_plant_that_sold_more_than_it_made_is_told(plant):
    notes = " ".join(plant(OWN, **FLOW, chp_heat_sold="501 kWh").chp("2023").notes)
    assert "sold more heat than it made" in notes


def test_biogenic_co2_of_a_plant_is_in_no_factor(plant):
    book = plant(OWN, **FLOW)
    own = book.folder / "factors" / "example.csv"
    own.write_text(own.read_text("utf-8").replace(",CO2,", ",CO2_biogenic,"), "utf-8")
    assert of(book, "heat")["co2e_t"] is None
    assert total(book, "outside") > 0


def test_a_book_without_a_plant_says_how_to_name_one(worked):
    with pytest.raises(UsageError, match="names no plant") as fault:
        worked("diesel,1,t").chp("2023")
    assert "[[chp]]" in fault.value.looked_for


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("", "needs efficiencies"),
        ("heat_efficiency = 0.8", "needs efficiencies"),
        ('efficiencies = "US"\n' + OWN, "needs efficiencies"),
        ('method = "2:1"\nefficiencies = "US"', "takes no efficiency"),
        ('efficiencies = "USA"', "no reference efficiencies 'USA'"),
    ],
)
def test_efficiencies_are_named_or_stated_never_assumed(plant, said, message):
    with pytest.raises(SettingsError, match=message):
        plant(said, **FLOW).chp("2023")


def test_a_plant_is_a_meter_of_a_site(worked):
    with pytest.raises(SettingsError, match="no meter of a site"):
        worked("sf6,1,kg", settings='[[chp]]\nplant = "engin"\nefficiencies = "US"\n', site=SITE)
