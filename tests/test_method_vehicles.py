"""Published examples of vehicles, by fuel and by distance, and the two never counted twice."""

from __future__ import annotations

import pytest
from published import prints, published, total

from carbon.library import load

FUELS = [  # detail, quantity, unit, CO2 per unit [kg], printed CO2 [kg]
    ("gasoline", "1700", "gallon (US)", "8.78", "14926"),
    ("diesel", "900", "gallon (US)", "10.21", "9189"),
    ("fuel_oil", "100", "gallon (US)", "11.27", "1127"),
    ("jet_kerosene", "100", "gallon (US)", "9.75", "975"),
    ("lpg", "400", "gallon (US)", "5.68", "2272"),
    ("lng", "100", "gallon (US)", "4.5", "450"),
    ("cng", "100", "scf", "0.05444", "5.444"),
]
ROADS = [  # detail, miles, CH4 and N2O per mile [g], printed CH4 and N2O [g]
    ("on-road/gasoline-heavy-duty-vehicle/1985-1986", 3500, "0.4090", "0.0515", "1431.5", "180.25"),
    ("on-road/gasoline-heavy-duty-vehicle/1990-1995", 7000, "0.3246", "0.1142", "2272.2", "799.4"),
    ("on-road/gasoline-light-duty-truck/1987-1993", 3500, "0.0813", "0.1035", "284.55", "362.25"),
    ("on-road/gasoline-light-duty-truck/2000", 3500, "0.0340", "0.0631", "119.0", "220.85"),
    ("on-road/gasoline-passenger-car/1984-1993", 7000, "0.0704", "0.0647", "492.8", "452.9"),
    ("on-road/bus/cng", 3500, "10.000", "0.001", "35000", "3.5"),
]
MACHINES = [  # detail, CH4 and N2O per gallon [g]; printed for 100 gallons [g]
    ("ships-and-boats/fuel_oil", "0.55", "0.55", "55", "55"),
    ("locomotives/diesel", "0.80", "0.26", "80", "26"),
    ("agricultural-equipment/diesel-off-road-trucks", "0.13", "0.49", "13", "49"),
    ("construction-mining-equipment/gasoline-2-stroke", "12.42", "0.07", "1242", "7"),
    ("construction-mining-equipment/gasoline-off-road-trucks", "5.58", "0.20", "558", "20"),
    ("lawn-and-garden-equipment/gasoline-4-stroke", "5.84", "0.18", "584", "18"),
    ("airport-equipment/lpg", "0.33", "0.41", "33", "41"),
    ("railroad-equipment/lpg", "1.20", "0.41", "120", "41"),
]


@published("US EPA, Simplified GHG Emissions Calculator, mobile sources sheet")
@pytest.mark.parametrize("each", FUELS, ids=lambda each: each[0])
def test_co2_of_a_vehicle_follows_its_fuel(worked, each):
    fuel, quantity, unit, value, printed = each
    book = worked(
        f"vehicle_fuel,{quantity},{unit},{fuel}",
        f"vehicle/fuel/{fuel},CO2,{value},kg CO2 per {unit}",
    )
    assert prints(total(book, "scope1", gas="CO2"), printed)


@published("US EPA, Simplified GHG Emissions Calculator, mobile sources sheet")
@pytest.mark.parametrize("each", ROADS, ids=lambda each: each[0])
def test_methane_and_nitrous_oxide_follow_the_distance(worked, each):
    detail, miles, ch4, n2o, printed_ch4, printed_n2o = each
    book = worked(
        f"vehicle_distance,{miles},mile,{detail}",
        f"vehicle/{detail},CH4_fossil,{ch4},g CH4 per vehicle-mile",
        f"vehicle/{detail},N2O,{n2o},g N2O per vehicle-mile",
    )
    assert prints(total(book, "scope1", gas="CH4_fossil") * 1000, printed_ch4)
    assert prints(total(book, "scope1", gas="N2O") * 1000, printed_n2o)


@published("US EPA, Simplified GHG Emissions Calculator, mobile sources sheet")
@pytest.mark.parametrize("each", MACHINES, ids=lambda each: each[0])
def test_methane_and_nitrous_oxide_of_machines_follow_their_fuel(worked, each):
    detail, ch4, n2o, printed_ch4, printed_n2o = each
    book = worked(
        f"nonroad_fuel,100,gallon (US),{detail}",
        f"vehicle/non-road/{detail},CH4_fossil,{ch4},g CH4 per gallon (US)",
        f"vehicle/non-road/{detail},N2O,{n2o},g N2O per gallon (US)",
    )
    assert prints(total(book, "scope1", gas="CH4_fossil") * 1000, printed_ch4)
    assert prints(total(book, "scope1", gas="N2O") * 1000, printed_n2o)


@published("UK Government GHG conversion factors 2025, Passenger vehicles")
def test_a_car_by_the_mile_is_the_car_by_the_kilometre(worked):
    factor = "vehicle/car/upper-medium/diesel,CO2e,0.16194,kgCO2e(AR5)/km"
    book = worked("vehicle_distance,1,mile,car/upper-medium/diesel", factor)
    assert prints(total(book, "scope1"), "0.2606")  # printed 0.26063, its factor is rounded


GB = '[[site]]\nname = "hq"\nregion = "GB"\n'
CAR = "vehicle_distance,1000,km,car/average/petrol"


def test_the_library_serves_a_british_car_by_distance(worked):
    book = worked(CAR, site=GB)
    sets = {row["set_id"] for row in book.sql("select distinct set_id from emission").rows}
    assert sets == {"desnz-2023-vehicle-car-average-petrol"}


def test_an_electric_car_has_no_emissions_of_its_own(worked):
    book = worked("vehicle_distance,1000,km,car/average/battery-electric", site=GB)
    assert total(book, "scope1") == 0


def test_a_distance_names_the_class_of_the_vehicle(worked, tmp_path):
    book = worked(CAR, site=GB)
    path = tmp_path / "more.csv"
    path.write_text("site,year,activity,quantity,unit\nhq,2022,vehicle_distance,1,km\n", "utf-8")
    [report] = book.import_files([path])
    assert [each.code for each in report.problems] == ["missing-detail"]


def test_details_of_a_distance_are_those_printed_by_distance():
    known = load()
    assert not [name for name in known.details("vehicle_distance") if name.startswith("fuel/")]
    assert "gasoline" in known.details("vehicle_fuel")


def test_fuel_and_distance_of_one_site_and_month_are_told(worked):
    book = worked(f"{CAR}\ngasoline,100,L", site=GB)
    told = [each for each in book.check() if each.code == "fuel-and-distance"]
    assert [each.severity for each in told] == ["warning"]
    assert "12 months" in told[0].message


def test_co2_by_fuel_beside_methane_by_distance_is_no_double_count(worked):
    car = "on-road/gasoline-passenger-car/2005"
    rows = f"vehicle_fuel,100,gallon (US),gasoline\nvehicle_distance,3500,mile,{car}"
    factors = [
        "vehicle/fuel/gasoline,CO2,8.78,kg CO2 per gallon (US)",
        f"vehicle/{car},N2O,0.0067,g N2O per vehicle-mile",
    ]
    book = worked(rows, *factors)
    assert [each for each in book.check() if each.code == "fuel-and-distance"] == []
    assert total(book, "scope1", gas="N2O") > 0


def test_distance_alone_is_no_double_count(worked):
    book = worked(CAR, site=GB)
    assert [each for each in book.check() if each.code == "fuel-and-distance"] == []


def test_a_distance_is_explained_down_to_its_row(worked):
    said = "\n".join(worked(CAR, site=GB).explain("scope1 2023").lines())
    assert "rows.csv, row 2" in said
    assert "Passenger vehicles" in said
