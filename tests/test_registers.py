"""Sheets of readings: what a register went forward by between two days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

D = Decimal
SITE = """[[site]]
name = "hq"
region = "CN-ZJ"
[[site.meter]]
name = "main"
[[site.meter]]
name = "hall"
of = "main"
"""
MAP = "\n[import.r]\n{}\n"
HEAD = "meter,date,reading,activity,unit"


@pytest.fixture
def book(make):
    return make(SITE, bills={})


def sheet(book, *rows, head=HEAD, more="", name="readings.csv", said="", **options):
    """Imports rows `meter,date,reading` and whatever `head` has after activity and unit."""
    lines = [head + more]
    for row in rows:
        meter, day, shows, *rest = row.split(",")
        lines.append(",".join([meter, day, shows, "electricity", "kWh", *rest]))
    path = book.folder.parent / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if said:
        toml = book.folder / "carbon.toml"
        toml.write_text(toml.read_text(encoding="utf-8") + MAP.format(said), encoding="utf-8")
        options["column_map"] = "r"
    [report] = book.import_files([path], **options)
    return report


def entries(book):
    return [
        (row["meter"], row["start_on"], row["end_on"], row["quantity"])
        for row in book.entries().rows
    ]


def codes(report):
    return [each.code for each in report.problems]


def test_two_readings_are_the_use_of_the_days_between_them(book):
    report = sheet(book, "main,2022-12-31,1000", "main,2023-01-31,1500", "main,2023-02-28,1700")
    assert (report.layout, report.recorded, codes(report)) == ("register_reading", 2, [])
    assert entries(book) == [
        ("main", date(2023, 1, 1), date(2023, 1, 31), 500),
        ("main", date(2023, 2, 1), date(2023, 2, 28), 200),
    ]


def test_the_order_of_rows_does_not_matter(book):
    sheet(book, "main,2023-01-31,1500", "main,2022-12-31,1000")
    assert [row[3] for row in entries(book)] == [500]


def test_registers_of_two_meters_are_apart(book):
    sheet(
        book,
        *("main,2022-12-31,1000", "hall,2022-12-31,10"),
        *("main,2023-01-31,1500", "hall,2023-01-31,110"),
    )
    assert [(row[0], row[3]) for row in entries(book)] == [("main", 500), ("hall", 100)]


def test_what_is_read_in_the_morning_belongs_to_the_days_before(book):
    said = "end_is_exclusive = true"
    sheet(book, "main,2023-01-01,1000", "main,2023-02-01,1500", said=said)
    assert entries(book) == [("main", date(2023, 1, 1), date(2023, 1, 31), 500)]


def test_readings_of_first_days_alone_are_told(book):
    report = sheet(book, "main,2023-01-01,1000", "main,2023-02-01,1500")
    assert codes(report) == ["first-days"]
    assert entries(book)[0][1:3] == (date(2023, 1, 2), date(2023, 2, 1))


def test_the_ratio_of_the_transformer_multiplies_and_stands_in_the_note(book):
    rows = "main,2022-12-31,1000,80", "main,2023-01-31,1500.5,80"
    sheet(book, *rows, more=",multiplier")
    assert entries(book)[0][3] == 40_040  # 500.5 x 80
    rows = book.sql("select note from entry").rows
    assert rows == [{"note": "(1500.5 - 1000) x 80"}]


def test_a_register_that_rolls_over_goes_on_from_nothing(book):
    rows = "main,2022-12-31,999900", "main,2023-01-31,150"
    sheet(book, *rows, said="register_digits = 6")
    assert entries(book)[0][3] == 250


def test_a_register_that_goes_backwards_is_refused_with_what_to_write(book):
    report = sheet(book, "main,2022-12-31,1000", "main,2023-01-31,900", "main,2023-02-28,950")
    assert (report.recorded, codes(report)) == (0, ["readings-broken", "reading-backwards"])
    assert "event exchanged, and what the new register showed as new_start" in str(
        report.problems[1]
    )


@pytest.mark.parametrize("event", ["exchanged", "reset", "换表"])
def test_an_exchanged_register_ends_with_its_last_reading_and_begins_anew(book, event):
    sheet(
        book,
        "main,2022-12-31,9000,,",
        f"main,2023-01-31,9400,{event},20",
        "main,2023-02-28,220,,",
        more=",event,new_start",
    )
    assert [row[3] for row in entries(book)] == [400, 200]


def test_a_new_transformer_counts_from_the_reading_on_that_states_it(book):
    sheet(
        book,
        "main,2022-12-31,100,10,,",
        "main,2023-01-31,200,10,exchanged,0",
        "main,2023-02-28,50,40,,",
        more=",multiplier,event,new_start",
    )
    assert [row[3] for row in entries(book)] == [1000, 2000]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("main,2023-01-31,9400,exchanged,", "new-start-missing"),
        ("main,2023-01-31,9400,,20", "event-missing"),
        ("main,2023-01-31,9400,lost,20", "unknown-event"),
        ("main,2023-01-31,-5,,", "negative-reading"),
        ("main,2023-01-31,,,", "blank-cell"),
        ("main,,9400,,", "blank-cell"),
        (",2023-01-31,9400,,", "blank-cell"),
        ("mian,2023-01-31,9400,,", "one-reading"),
    ],
)
def test_a_row_that_cannot_be_read_keeps_the_sheet_out(book, row, code):
    rows = "main,2022-12-31,9000,,", row, "main,2023-02-28,9500,,"
    report = sheet(book, *rows, more=",event,new_start", accept_good=True)
    assert code in codes(report)
    if code != "one-reading":
        assert report.recorded == 0


def test_the_same_reading_twice_is_one_and_another_one_that_day_a_fault(book):
    first = "main,2022-12-31,1000"
    report = sheet(book, first, "main,2023-01-31,1500", "main,2023-01-31,1500")
    assert (report.recorded, codes(report)) == (1, ["reading-twice"])
    report = sheet(book, first, "main,2023-01-31,1500", "main,2023-01-31,1600")
    assert (report.recorded, codes(report)) == (0, ["readings-broken", "reading-twice"])


def test_one_reading_makes_nothing_and_says_so(book):
    report = sheet(book, "main,2022-12-31,1000")
    assert (report.recorded, codes(report)) == (0, ["one-reading"])


def test_a_sheet_that_grows_adds_its_new_readings(book):
    rows = ["main,2022-12-31,1000", "main,2023-01-31,1500"]
    sheet(book, *rows)
    report = sheet(book, *rows, "main,2023-02-28,1700")
    assert (report.recorded, report.known) == (1, 1)


def test_an_estimated_reading_makes_estimates_on_both_sides_which_the_real_one_replaces(book):
    rows = ["main,2022-12-31,1000,metered", "main,2023-01-31,1500,estimated"]
    rows.append("main,2023-02-28,1700,metered")
    sheet(book, *rows, more=",quality")
    assert [row["quality"] for row in book.entries().rows] == ["estimated", "estimated"]
    rows[1] = "main,2023-01-31,1450,metered"
    report = sheet(book, *rows, more=",quality")
    assert (report.corrected, report.offered) == (2, [])
    assert [row[3] for row in entries(book)] == [450, 250]


def test_a_reading_in_an_entry_file_is_no_sheet_of_readings(book, tmp_path):
    path = tmp_path / "bills.csv"
    path.write_text(
        "meter,activity,month,quantity,unit,reading\nmain,electricity,2023-01,5,MWh,1500\n",
        encoding="utf-8",
    )
    [report] = book.import_files([path])
    assert (report.layout, report.recorded) == ("activity", 1)


def test_a_chinese_sheet_with_the_energy_said_once_is_read(book, tmp_path):
    path = tmp_path / "cb.csv"
    path.write_bytes(
        "电表,抄表日期,示数,倍率\nmain,2022-12-31,10,60\nmain,2023-01-31,20,60\n".encode("gbk")
    )
    toml = book.folder / "carbon.toml"
    said = '[import.r.constants]\nactivity = "electricity"\nunit = "kWh"\n'
    toml.write_text(toml.read_text(encoding="utf-8") + said, encoding="utf-8")
    [report] = book.import_files([path], column_map="r")
    assert (report.recorded, entries(book)[0][3]) == (1, 600)
