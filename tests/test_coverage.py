"""The days of a year by bill and meter: each day once, by the best that covers it."""

from __future__ import annotations

import pytest

from carbon.coverage import shown
from carbon.errors import CarbonError

SITE = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'


def log(book, start, end, quality="billed", **other):
    said = {"site": "hq", "activity": "electricity", "start": start, "end": end}
    book.log("activity", said | {"quantity": "10", "unit": "MWh", "quality": quality} | other)


def row(book, year="2023"):
    [found] = book.coverage(year).rows
    return found


def test_a_month_is_told_by_its_commonest_quality_and_small_where_days_are_missing(make):
    book = make(SITE, bills={})
    log(book, "2023-01-01", "2023-01-31")
    log(book, "2023-02-01", "2023-02-20", "metered")
    log(book, "2023-03-01", "2023-03-10", "metered")
    log(book, "2023-03-11", "2023-03-31", "estimated")
    assert row(book)["calendar"] == "BmE---------"


def test_days_add_up_to_the_year(make):
    book = make(SITE, bills={})
    log(book, "2023-01-01", "2023-02-20")
    log(book, "2023-02-21", "2023-03-31", "estimated")
    found = row(book)
    assert (found["billed_days"], found["estimated_days"], found["missing_days"]) == (51, 39, 275)


def test_a_day_is_counted_once_by_the_best_quality(make):
    book = make(SITE, bills={})
    log(book, "2023-01-01", "2023-12-31", "estimated")
    log(book, "2023-07-01", "2023-07-31", "metered", detail="second")
    found = row(book)
    assert (found["metered_days"], found["estimated_days"], found["missing_days"]) == (31, 334, 0)


def test_a_withdrawn_entry_covers_nothing(make):
    book = make(SITE, bills={("hq", 2023): 10})
    book.withdraw(5)
    assert row(book)["calendar"] == "UUUU-UUUUUUU"


def test_months_before_a_meter_was_there_are_not_missing(make):
    meter = '[[site.meter]]\nname = "m1"\nsince = "2023-04"\n'
    book = make(SITE + meter, bills={})
    for month in (4, 5, 6):
        log(book, f"2023-{month:02}-01", f"2023-{month:02}-30", "metered", meter="m1")
    assert row(book)["calendar"] == "...MmM------"


def test_a_fiscal_year_begins_with_its_first_month(make):
    book = make(SITE, bills={("hq", 2023): 10}, more="reporting_year_starts = 4")
    table = book.coverage("2023")
    titles = {column.key: column.title for column in table.columns}
    assert titles["calendar"] == "AMJJASONDJFM"
    assert table.rows[0]["calendar"] == "UUUUUUUUU---"


def test_a_year_nobody_recorded_anything_of_is_told(make):
    with pytest.raises(CarbonError, match="nothing is recorded for 2011"):
        make(SITE, bills={("hq", 2023): 10}).coverage("2011")


def test_days_of_a_quality_that_occurs_nowhere_are_0_and_no_column_of_the_screen(make):
    book = make(SITE, bills={})
    log(book, "2023-01-01", "2023-12-31")
    table = book.coverage("2023")
    assert (table.rows[0]["billed_days"], table.rows[0]["metered_days"]) == (365, 0)
    days = [column.key for column in shown(table).columns if column.key.endswith("_days")]
    assert days == ["billed_days", "missing_days"]
