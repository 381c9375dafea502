"""Matching by the hour in a book, by the draft rules of 2025: from readings to the answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

D = Decimal
DRAFT = '[policy]\nscope2_rules = "draft hourly 2025"\n'
PLACES = """
[[site]]
name = "hq"
region = "CN-ZJ"
[[site.meter]]
name = "grid"
[[site.meter]]
name = "wind"
role = "offsite_generation"
[[site]]
name = "plant"
region = "CN-SH"
[import.zoned]
time_zone = "Asia/Shanghai"
"""
PPA = {
    "instrument_id": "ppa",
    "kind": "PPA",
    "market": "CN",
    "energy": "3600",
    "unit": "kWh",
    "vintage": "2023-06",
    "retired_on": "2023-12-20",
    "factor": "0",
    "site": "hq",
    "generation_meter": "wind",
}
HOURS = 30 * 24  # of June


def read(meter, activity, kwh, count=HOURS, minutes=60):
    """Lines of June's readings; `kwh` gives the energy of interval n."""
    start = datetime(2023, 6, 1)
    return [
        f"{meter},{activity},{start + timedelta(minutes=minutes * n):%Y-%m-%d %H:%M},{kwh(n)},kWh"
        for n in range(count)
    ]


IMPORT = read("grid", "electricity", lambda n: 5)  # 5 kWh in every hour: 3,600
WIND = read("wind", "offsite_generation", lambda n: 10 if n % 2 == 0 else 0)  # 3,600 as well


@pytest.fixture
def book(make, tmp_path):
    """A book whose meters were read by the hour in June 2023; `book(rows, rules)`."""

    def made(rows=(*IMPORT, *WIND), rules=DRAFT, column_map="zoned", **more):
        book = make(PLACES, rules, bills=more.pop("bills", {}))
        put(book, rows, column_map)
        return log(book, **more)

    def put(book, rows, column_map):
        path = tmp_path / "readings.csv"
        path.write_text("\n".join(["meter,activity,start,quantity,unit", *rows, ""]))
        [report] = book.import_files([path], column_map)
        assert [each.message for each in report.problems if each.severity == "error"] == []

    return made


def log(book, **more):
    report = book.log("instrument", {k: v for k, v in (PPA | more).items() if v})
    assert [each.message for each in report.problems if each.severity == "error"] == []
    return book


def held(book):
    """Of the one instrument: MWh used, by what it was matched, and why not more."""
    [row] = book.instruments("2023")[1].rows
    by = ", ".join(row[key] for key in ("matched_by", "why_not_hourly") if row[key])
    return row["used_mwh"], by, row["reason"]


def test_what_was_generated_in_an_hour_covers_the_use_of_that_hour(book):
    # 360 hours in which 10 were generated and 5 used, 360 in which none was generated
    assert held(book()) == (
        D("1.8"),
        "hour",
        "more than was left to it of the electricity its sites bought from the grid"
        " in the hours of its generation",
    )


def test_the_waterfall_of_hours_closes_to_zero(book):
    table = book().instruments("2023")[0]
    energy = [(row["step"], row["energy_mwh"]) for row in table.rows]
    assert energy == [("imported", D("3.6")), ("contract", D("1.8")), ("uncovered", D("1.8"))]
    assert any(note.startswith("Imported less covered and uncovered is 0") for note in table.notes)


def test_the_criteria_say_by_which_grain_an_instrument_was_matched(book):
    [said] = [
        (row["state"], row["reason"])
        for row in book().instruments("2023")[2].rows
        if row["criterion"] == "Same hour"
    ]
    assert said == ("passed", "generated in 2023-06, and used in it; matched by the hour")


def test_quarters_of_an_hour_come_to_its_hour(book):
    quarters = read("grid", "electricity", lambda n: 7 if n % 4 == 3 else 0, HOURS * 4, 15)
    # 7 kWh in every hour, all in its last quarter: 360 hours of 7
    assert held(book([*quarters, *WIND]))[:2] == (D("2.52"), "hour")


@pytest.mark.parametrize(
    ("rows", "more", "why"),
    [
        (IMPORT, {}, "month, wind is not read by the hour"),
        (WIND, {"bills": {("hq", 2023): 10}}, "month, hq is not read by the hour"),
        ([*IMPORT[:-1], *WIND], {}, "month, hq is not read by the hour"),
        ([*IMPORT, *WIND[1:]], {}, "month, wind is not read by the hour"),
        ([*IMPORT, *WIND], {"generation_meter": ""}, "month, no meter of its generation is named"),
        (
            [*IMPORT, *WIND],
            {"site": "", "bills": {("plant", 2023): 10}},
            "month, plant is not read by the hour",
        ),
        ([*IMPORT, *WIND], {"column_map": None}, "month, wind is not read by the hour"),
    ],
    ids=["import", "bills", "gap", "gap-of-wind", "unnamed", "market", "no-zone"],
)
def test_where_a_side_is_not_read_by_the_hour_the_month_is_matched(book, rows, more, why):
    used, matched_by, _ = held(book(rows, **more))
    # all that was bought in June, up to the 3.6 MWh; by the hour it would be 1.8
    assert (matched_by, used >= D("3.595")) == (why, True)


def test_a_bill_of_the_meter_has_the_hours_of_its_readings(book):
    made = book()
    report = made.log(
        "activity",
        {"site": "hq", "meter": "grid", "activity": "electricity", "quantity": "14880"}
        | {"unit": "kWh", "start": "2023-05-16", "end": "2023-07-16", "quality": "billed"},
    )
    assert report.recorded == 1
    # 240 kWh on each of 62 days, 10 in every hour of June: 360 hours of 10
    assert held(made) == (D("3.6"), "hour", "")


def test_the_rules_of_2015_read_no_hours(book):
    assert held(book(rules="")) == (D("3.6"), "year", "")


def test_generation_elsewhere_counts_nowhere_in_the_inventory(book):
    made = book([*IMPORT, *WIND])
    with_wind = made.inventory("2023").rows
    [entry] = [row["entry_id"] for row in made.entries().rows if row["meter"] == "wind"]
    made.withdraw(entry, "no longer read")
    [before], [after] = with_wind, made.inventory("2023").rows
    for key in ("scope1_t", "scope2_location_t", "scope3_t"):
        assert before.get(key) == after.get(key)
    assert made.energy("2023")[0].rows == made.energy("2023")[0].rows


def test_readings_that_are_withdrawn_leave_the_month(book):
    made = book()
    [entry] = [row["entry_id"] for row in made.entries().rows if row["meter"] == "wind"]
    made.withdraw(entry, "not ours")
    assert held(made) == (D("3.6"), "month, wind is not read by the hour", "")


def test_a_closed_year_keeps_the_hours_it_was_closed_with(book):
    made = book(IMPORT)
    made.close("2023", incomplete=True)
    before = held(made)
    path = made.folder / "wind.csv"
    path.write_text("\n".join(["meter,activity,start,quantity,unit", *WIND, ""]))
    made.import_files([path], "zoned")
    assert held(made) == before == (D("3.6"), "month, wind is not read by the hour", "")
    assert "closed-year-moved" not in {each.code for each in made.check()}


def test_a_meter_of_generation_that_moved_between_sites_tells_each_hour_once(book, tmp_path):
    made = book(energy="1440")
    path = made.folder / "carbon.toml"
    wind = '[[site.meter]]\nname = "wind"\nrole = "offsite_generation"\n'
    there = 'region = "CN-SH"\n'
    text = path.read_text(encoding="utf-8").replace(wind, "").replace(there, there + wind)
    path.write_text(text, encoding="utf-8")
    again = tmp_path / "again.csv"
    again.write_text("\n".join(["meter,activity,start,quantity,unit", *WIND, ""]))
    [report] = made.import_files([again], "zoned")
    assert report.recorded == HOURS
    # 4 kWh in each of 360 hours, below the 5 that were bought, although read at both sites
    assert held(made) == (D("1.44"), "hour", "")
    assert "not-closing" not in {each.code for each in made.check()}
