"""Published examples of fuel blends, from row to total, and what a blend must never do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from published import prints, published, total

from carbon.errors import SettingsError
from carbon.inputs import blends_at
from carbon.library import load
from carbon.settings import Site, read

GALLONS = [
    "vehicle/fuel/gasoline,CO2,8.78,kg CO2 per gallon (US)",
    "vehicle/fuel/ethanol,CO2_biogenic,5.75,kg CO2 per gallon (US)",
    "vehicle/fuel/diesel,CO2,10.21,kg CO2 per gallon (US)",
    "vehicle/fuel/biodiesel,CO2_biogenic,9.45,kg CO2 per gallon (US)",
]
E80 = """
[[fuel_blend]]
name = "E80"
fuel = "gasoline"
parts = { ethanol = 80, gasoline = 20 }
source = "as printed"
"""


@pytest.fixture
def sheet(worked):
    """The blends of the sheet: 400 gallons of 80 % ethanol, 200 of 20 % biodiesel."""
    rows = "vehicle_fuel,400,gallon (US),E80\nvehicle_fuel,200,gallon (US),B20"
    return worked(rows, *GALLONS, settings=E80)


@published("US EPA, Simplified GHG Emissions Calculator, mobile sources sheet")
def test_only_the_fossil_part_of_a_blend_is_in_scope_1(sheet):
    assert prints(total(sheet, "scope1", gas="CO2"), str(Decimal("702.4") + Decimal("1633.6")))


@published("US EPA, Simplified GHG Emissions Calculator, mobile sources sheet")
def test_biogenic_co2_of_blends_stands_outside_the_scopes(sheet):
    assert prints(total(sheet, "outside", gas="CO2_biogenic") / 1000, "2.218")


@published("UK Government, GHG conversion factors 2015, note on biodiesel blends")
def test_a_share_of_biodiesel_weighs_the_two_factors(worked):
    factors = [
        "fuel/biodiesel,CO2e,0.0346,kgCO2e/litres",
        "fuel/diesel,CO2e,2.717,kgCO2e/litres",
    ]
    # Z x 0.0346 + (1 - Z) x 2.717 with Z = 0.2: 0.00692 + 2.1736 = 2.18052 kg/L
    assert total(worked("diesel,1000,L,B20", *factors), "scope1") == Decimal("2180.52")


def test_ch4_and_n2o_of_the_biogenic_part_count(worked):
    factors = [
        "fuel/biodiesel,CO2_biogenic,2.5,kg CO2 per litre",
        "fuel/biodiesel,CH4_biogenic,0.1,g CH4 per litre",
        "fuel/diesel,CO2,2.6,kg CO2 per litre",
        "fuel/diesel,CH4_fossil,0.2,g CH4 per litre",
    ]
    book = worked("diesel,1000,L,B20", *factors)
    assert total(book, "scope1", gas="CH4_biogenic") == Decimal("0.02")  # 1000 x 0.2 x 0.1 g
    assert total(book, "scope1", gas="CH4_fossil") == Decimal("0.16")  # 1000 x 0.8 x 0.2 g


def test_britain_takes_its_mineral_diesel_beside_its_biodiesel():
    [b20] = [each for each in at("GB", "diesel") if each.name == "B20"]
    assert b20.told() == "20 % biodiesel_me, 80 % diesel_mineral by volume"


def test_elsewhere_a_blend_is_made_of_diesel_and_biodiesel():
    [b20] = [each for each in at("US", "diesel_vehicle") if each.name == "B20"]
    assert b20.told() == "20 % biodiesel, 80 % diesel by volume"


def test_a_blend_of_diesel_is_none_of_gasoline():
    assert [each.name for each in at("US", "gasoline")] == ["E10"]


def at(region: str, activity: str):
    said = '[organisation]\nname = "Acme"\n'
    return list(blends_at(read(said), load(), Site(name="hq", region=region), activity))


def test_a_blend_nobody_has_defined_is_refused_not_counted_as_fossil(worked, tmp_path):
    book = worked("diesel,1,L", "fuel/diesel,CO2e,3,kgCO2e/litres")
    [fault] = imported(book, tmp_path, "diesel,100,L,B7")
    assert (fault.code, fault.looked_for) == ("unknown-blend", "B100, B2, B20, B5")


def test_kilograms_of_a_blend_by_volume_are_refused(worked, tmp_path):
    book = worked("diesel,1,t", "fuel/diesel,CO2e,3,kgCO2e/kg")
    [fault] = imported(book, tmp_path, "diesel,100,kg,B20")
    assert fault.code == "blend-basis"


def test_a_blend_may_be_written_in_small_letters(worked, tmp_path):
    factors = ["fuel/biodiesel,CO2e,1,kgCO2e/litres", "fuel/diesel,CO2e,2,kgCO2e/litres"]
    book = worked("diesel,100,L,b20", *factors)
    assert total(book, "scope1") == 180


def test_a_detail_that_is_no_blend_changes_nothing(worked):
    book = worked("diesel,100,L,boiler house", "fuel/diesel,CO2e,2,kgCO2e/litres")
    assert total(book, "scope1") == 200


def test_an_own_blend_of_a_fuel_nobody_knows_is_refused(worked, tmp_path):
    book = worked("diesel,1,L", "fuel/diesel,CO2e,3,kgCO2e/litres")
    text = (book.folder / "carbon.toml").read_text("utf-8")
    own = text + E80.replace("ethanol = 80", "etanol = 80")
    (book.folder / "carbon.toml").write_text(own, "utf-8")
    [fault] = imported(book, tmp_path, "vehicle_fuel,400,gallon (US),E80")
    assert (fault.code, fault.nearest) == ("unknown-fuel", "ethanol")


def test_the_parts_of_an_own_blend_make_a_whole(worked):
    with pytest.raises(SettingsError, match="add up to 95 %"):
        worked("gasoline,1,L", settings=E80.replace("ethanol = 80", "ethanol = 75"))


def test_the_explanation_of_a_blend_leads_to_the_bill_and_names_the_part(sheet):
    said = "\n".join(sheet.explain("scope1 2023").lines())
    assert "rows.csv, row 3" in said  # the largest is followed: 200 gallons of B20
    assert "part 0.8 of the quantity" in said


def test_a_closed_year_keeps_the_blend_it_was_closed_with(sheet):
    before = total(sheet, "scope1")
    sheet.close("2023", incomplete=True)
    path = sheet.folder / "carbon.toml"
    text = path.read_text("utf-8").replace("ethanol = 80, gasoline = 20", "gasoline = 100")
    path.write_text(text, "utf-8")
    assert total(sheet, "scope1") == before
    assert [each.code for each in sheet.check() if each.code == "closed-year-moved"] == []


def imported(book, tmp_path, row: str):
    path = tmp_path / "more.csv"
    path.write_text(f"site,year,activity,quantity,unit,detail\nhq,2022,{row}\n", "utf-8")
    [report] = book.import_files([path])
    return report.problems
