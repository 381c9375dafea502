"""Estimates that are replaced by their bills, and credits that stand beside theirs."""

from __future__ import annotations

import pytest

SITE = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'
JANUARY = {"site": "hq", "activity": "electricity", "month": "2023-01", "unit": "MWh"}


@pytest.fixture
def book(make):
    return make(SITE, bills={})


def log(book, quantity, quality="", **other):
    said = JANUARY | {"quantity": str(quantity)} | other
    return book.log("activity", said | ({"quality": quality} if quality else {}))


def bought(book):
    return book.sql("select sum(energy_kwh) / 1000 as mwh from import_month").rows[0]["mwh"]


def codes(book):
    return [each.code for each in book.check()]


@pytest.mark.parametrize("quality", ["billed", "metered"])
def test_a_bill_takes_the_place_of_the_estimate_of_its_period(book, quality):
    log(book, 90, "estimated")
    report = log(book, 100, quality)
    assert (report.recorded, report.corrected, report.offered) == (0, 1, [])
    assert bought(book) == 100


def test_a_bill_that_confirms_an_estimate_ends_it(book):
    log(book, 90, "estimated")
    assert log(book, 90, "billed").corrected == 1
    assert [row["quality"] for row in book.entries().rows] == ["billed"]
    assert log(book, 90, "billed").known == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [("billed", "billed"), ("billed", "estimated"), ("estimated", "estimated"), ("", "billed")],
)
def test_another_quantity_that_is_no_bill_after_an_estimate_is_offered(book, first, second):
    log(book, 90, first)
    report = log(book, 100, second)
    assert (report.corrected, len(report.offered)) == (0, 1)
    assert bought(book) == 90


def test_the_estimate_stays_on_record(book):
    log(book, 90, "estimated")
    log(book, 100, "billed")
    states = [(row["quality"], row["state"]) for row in book.entries(everything=True).rows]
    assert states == [("estimated", "superseded"), ("billed", "current")]


def test_a_credit_is_taken_off_its_bill_and_is_no_correction_of_it(book):
    log(book, 100, "billed", evidence="B-17")
    report = log(book, -20, "billed", evidence="C-3, of B-17")
    assert (report.recorded, report.corrected, report.offered) == (1, 0, [])
    assert bought(book) == 80


def test_another_quantity_of_a_credit_is_offered_as_a_correction_of_the_credit(book):
    log(book, 100, "billed")
    log(book, -20, "billed")
    report = log(book, -25, "billed")
    assert [offer.old_quantity for offer in report.offered] == [-20]


def test_a_change_in_store_may_be_corrected_from_below_nothing_to_above(book):
    log(book, -20, "metered", activity="storage_change")
    assert len(log(book, 20, "metered", activity="storage_change").offered) == 1


def test_a_credit_that_names_its_bill_is_no_finding(book):
    log(book, 100, "billed", evidence="B-17")
    log(book, -20, "billed", note="credit of B-17")
    assert not {"negative-quantity", "overlap"} & set(codes(book))


@pytest.mark.parametrize(("evidence", "quantity"), [("", -20), ("B-170", -20), ("of B-17", -120)])
def test_a_credit_without_its_bill_or_above_it_is_found(book, evidence, quantity):
    log(book, 100, "billed", evidence="B-17")
    log(book, quantity, "billed", evidence=evidence)
    assert codes(book).count("negative-quantity") == 1
