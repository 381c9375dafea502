"""Published distances and trips, from a sheet of trips to the total."""

from __future__ import annotations

from published import edition, prints, published, total

from carbon.gazetteer import great_circle_km, place


@published("Travel Impact Model 3.0.0 (Google), README, example emission estimation")
def test_zurich_to_san_francisco():
    assert great_circle_km(place("ZRH"), place("SFO")) == 9369


OTHER = "it_load,1,kWh"  # no emission
SHEET = """mode,class,distance,unit,travellers,occupancy,year
air,one,10000,km,10,,2023
air,two,15000,km,20,,2023
air,three,12000,km,100,,2023
car,one,50,km,10,2,2023
car,two,200,km,20,2,2023
car,three,100,km,100,3,2023
"""
FACTORS = [("air", "passenger.km", (5, 6, 5)), ("car", "km", (1, 2, 4))]


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 6.1")
def test_flights_and_cars_of_a_sheet(worked, tmp_path):
    rows = [
        f"travel/{mode}/{name},CO2e,{value},kgCO2e/{per}"
        for mode, per, values in FACTORS
        for name, value in zip(("one", "two", "three"), values, strict=True)
    ]
    book = worked(OTHER)
    own = book.folder / "factors" / "example.csv"
    own.write_text(edition(*rows, region="hq"), encoding="utf-8")
    path = tmp_path / "trips.csv"
    path.write_text(SHEET, encoding="utf-8")
    [report] = book.import_files([path])
    assert report.recorded == 6
    assert prints(total(book, "scope3"), "8,317,583.33")


QUESTIONNAIRE = """purpose,mode,class,year,distance,unit,travellers,return,trips,group
commuting,rail,national,2023,10,km,1,yes,240,A
commuting,rail,national,2023,10,km,1,yes,192,B
commuting,car,average/unknown,2023,15,km,1,yes,48,B
commuting,car,average/unknown,2023,20,km,1,yes,240,C
"""


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 7.1")
def test_a_questionnaire_is_a_sheet_of_trips(worked, tmp_path):
    book = worked(
        OTHER,
        "travel/rail/national,CO2e,0.1,kgCO2e/passenger.km",
        "travel/car/average/unknown,CO2e,0.2,kgCO2e/km",
    )
    path = tmp_path / "commuting.csv"
    path.write_text(QUESTIONNAIRE, encoding="utf-8")
    book.import_files([path])
    assert prints(total(book, "scope3"), "3,072")
