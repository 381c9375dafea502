"""Published examples of travel, from row to total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from published import edition, prints, published, total

from carbon.inputs.travel import led
from carbon.library import load

ABROAD = [("FR", "6.7"), ("HK", "51.5"), ("AU", "35")]  # kg CO2e a room night, 2025


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 6.1")
def test_passengers_times_distance_times_factor(worked):
    rows = """
    air_travel,100000,pkm,one
    air_travel,300000,pkm,two
    air_travel,1200000,pkm,three
    """
    factors = [f"travel/air/{name},CO2e,{value},kgCO2e/passenger.km" for name, value in FLIGHTS]
    assert prints(total(worked(rows, *factors), "scope3"), "8,300,000")


FLIGHTS = [("one", 5), ("two", 6), ("three", 5)]
ECONOMY = (
    "travel/air/short-haul/economy,CO2e,0.12576,kgCO2e(AR5)/passenger.km",
    "travel/air/short-haul/economy/without-rf,CO2,0.07344,kgCO2/passenger.km",
    "travel/air/short-haul/economy/without-rf,CH4_fossil,0.00001,kgCO2e(AR5)/passenger.km",
    "travel/air/short-haul/economy/without-rf,N2O,0.0009,kgCO2e(AR5)/passenger.km",
)
FLOWN = "air_travel,1000,pkm,short-haul/economy"


def policy(radiative_forcing: str) -> str:
    return f'[policy]\ngwp = "AR5"\nradiative_forcing = {radiative_forcing}\n'


@published("UK Government GHG Conversion Factors for Company Reporting 2025 (DESNZ)")
@pytest.mark.parametrize(("counted", "printed"), [("true", "125.76"), ("false", "74.35")])
def test_the_policy_says_whether_radiative_forcing_counts(worked, counted, printed):
    book = worked(FLOWN, *ECONOMY, settings=policy(counted))
    assert prints(total(book, "scope3"), printed)


EPA = """
car_travel/epa-passenger-car       10590 mile           0.341 0.009  0.008
car_travel/epa-light-duty-truck     8437 mile           0.464 0.012  0.01
motorcycle_travel/epa-average       4624 mile           0.189 0.07   0.007
rail_travel/epa-transit             6452 passenger_mile 0.106 0.0095 0.0013
rail_travel/epa-northeast-corridor  6856 passenger_mile 0.058 0.0055 0.0007
rail_travel/epa-other-routes        7260 passenger_mile 0.15  0.0117 0.0038
rail_travel/epa-national-average    5864 passenger_mile 0.113 0.0092 0.0026
rail_travel/epa-commuter            6169 passenger_mile 0.143 0.0119 0.0029
bus_travel/epa-average              6475 passenger_mile 0.054 0.0206 0.0009
air_travel/epa-short-haul          25500 passenger_mile 0.206 0.0071 0.0065
air_travel/epa-medium-haul         27500 passenger_mile 0.131 0.0006 0.0042
air_travel/epa-long-haul           28600 passenger_mile 0.161 0.0006 0.0051
"""  # miles, kg CO2, g CH4 and g N2O per mile
TOPICS = {"motorcycle": "travel/motorbike"}


def simplified_calculator(printed: str) -> tuple[str, list[str]]:
    """Entries and factors of the calculator's table, as the `worked` fixture takes them."""
    rows, factors = [], []
    for line in printed.strip().splitlines():
        name, miles, unit, *values = line.split()
        activity, _, detail = name.partition("/")
        mode = activity.removesuffix("_travel").removeprefix("commuting_")
        rows.append(f"{activity},{miles},{unit},{detail}")
        topic = TOPICS.get(mode, f"travel/{mode}") + f"/{detail}"
        for gas, mass, value in zip(
            ("CO2", "CH4_fossil", "N2O"), ("kg CO2", "g CH4", "g N2O"), values, strict=True
        ):
            per = "vehicle-mile" if unit == "mile" else "passenger-mile"
            factors.append(f"{topic},{gas},{value},{mass} per {per}")
    return "\n".join(rows), factors


@published("US EPA, Simplified GHG Emissions Calculator, business travel")
def test_trips_by_the_mile_with_their_gases_apart(worked):
    rows, factors = simplified_calculator(EPA)
    book = worked(rows, *factors, settings='[policy]\ngwp = "AR4"\n')
    assert prints(total(book, "scope3"), "26165.5692489")


def test_radiative_forcing_counts_where_nothing_is_said(worked):
    assert prints(total(worked(FLOWN, *ECONOMY), "scope3"), "125.76")


def test_a_detail_without_it_stays_without_it(worked):
    rows = f"{FLOWN}/without-rf"
    assert prints(total(worked(rows, *ECONOMY, settings=policy("true")), "scope3"), "74.35")


def test_a_flight_whose_factor_has_no_twin_stays_as_it_is(worked):
    rows = "air_travel,1000,pkm,charter"
    book = worked(rows, "travel/air/charter,CO2e,2,kgCO2e/pkm", settings=policy("false"))
    assert prints(total(book, "scope3"), "2000")


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_radiative_forcing_adds_seven_tenths_of_the_co2_to_every_flight(year):
    sets = load().sets
    plain = {
        name: {part.quantity: Decimal(part.value) for part in each.printed}
        for name, each in sets.items()
        if name.startswith(f"desnz-{year}-air-")
    }
    twins = [name for name in plain if f"{name}-without-rf" in plain]
    assert len(twins) == 14
    for name in twins:
        less = plain[f"{name}-without-rf"]
        whole = less["CO2e_total"] + less["CO2"] * Decimal("0.7")
        assert abs(plain[name]["CO2e"] - whole) <= Decimal("0.00002"), name


def test_the_inventory_says_what_its_flights_count(worked):
    book = worked(FLOWN, *ECONOMY, settings=policy("false"))
    [said] = book.inventory("2023", by=["category"]).notes
    assert said == "In Scope 3, 0.1 t CO2e of flights leave out radiative forcing."
    assert book.report().outside.notes == [said]


def test_the_note_is_of_the_years_shown(worked):
    book = worked(f"{FLOWN}\nhotel_night,1,room_night", *ECONOMY)
    assert book.inventory("2022", by=["category"]).notes == []


def test_a_closed_year_keeps_what_its_flights_counted(worked):
    book = worked(FLOWN, *ECONOMY, settings=policy("true"))
    book.close("2023", incomplete=True)
    path = book.folder / "carbon.toml"
    path.write_text(path.read_text("utf-8").replace("= true", "= false"), "utf-8")
    [row] = book.inventory("2023", by=["activity"]).rows
    assert prints(row["scope3_t"] * 1000, "125.76")


@pytest.mark.parametrize(("country", "printed"), ABROAD)
def test_a_night_abroad_takes_the_factor_of_its_country(worked, country, printed):
    book = worked(f"hotel_night,1,room_night,{country}")
    own = book.folder / "factors" / "hotels.csv"
    row = f"travel/hotel,CO2e,{printed},kgCO2e(AR5)/room night"
    own.write_text(edition(row, region=country), encoding="utf-8")
    assert prints(total(book, "scope3"), printed)


def test_a_journey_abroad_names_its_country_after_its_detail(worked):
    book = worked("rail_travel,1000,pkm,national@GB")
    [row] = book.sql("select distinct set_id from emission").rows
    assert row["set_id"] == "desnz-2023-rail-national"


def test_a_country_that_is_none_is_refused(worked):
    book = worked(FLOWN, *ECONOMY)
    said = {"site": "hq", "activity": "rail_travel", "detail": "national@UK", "year": "2023"}
    [problem] = book.log("activity", said | {"quantity": "1", "unit": "pkm"}).problems
    assert problem.code == "unknown-country"


def test_a_word_with_an_at_sign_of_an_older_ledger_is_no_country():
    method = load().methods["taxi"]
    assert led(load(), method, "ann@acme") == ("travel/taxi", "")


def test_a_country_without_a_factor_is_told_with_its_row(worked):
    [problem] = [
        each
        for each in worked("rail_travel,1000,pkm,national@JP").check()
        if each.code == "missing-factor"
    ]
    assert ("national in JP" in problem.message, problem.row) == (True, 2)


MODES = [
    "car_travel,100,km,average/petrol",
    "hire_car,100,mile,average/petrol",
    "motorcycle_travel,100,km,average",
    "ferry_travel,100,pkm,foot-passenger",
    "black_cab,100,pkm",
    "black_cab_vehicle,100,km",
    "hotel_night_london,100,room_night",
    "commuting_air,100,pkm,domestic",
    "commuting_metro,100,pkm",
    "commuting_taxi,100,pkm",
    "commuting_motorcycle,100,km,average",
    "commuting_ferry,100,pkm,average",
]
GREAT_BRITAIN = '[[site]]\nname = "hq"\nregion = "GB"\n'


@pytest.mark.parametrize("row", MODES)
def test_every_mode_is_served_by_the_library_in_the_united_kingdom(worked, row):
    book = worked(row, site=GREAT_BRITAIN)
    assert [each for each in book.check() if each.severity == "error"] == []
    assert total(book, "scope3") > 0


def test_a_figure_of_a_trip_abroad_leads_back_to_its_row(worked):
    book = worked("rail_travel,1000,pkm,national@GB")
    [chain] = {(each.file, each.row, each.set_id) for each in book.explain("scope3 2023").chains}
    assert chain == ("rows.csv", 2, "desnz-2023-rail-national")
