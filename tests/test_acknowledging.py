"""A finding can be let stand with a reason: it stays on record, and comes back when it changes."""

from __future__ import annotations

import pytest

from carbon.errors import UsageError

SITE = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'


@pytest.fixture
def book(make):
    """A book whose bill of December is missing: one warning."""
    book = make(SITE, bills={("hq", 2023): 100})
    book.withdraw(12)
    return book


def gap(book, **everything):
    return [each for each in book.check(**everything) if each.code == "missing-months"]


def test_an_acknowledged_finding_is_no_longer_open(book):
    [found] = gap(book)
    assert found.message in book.acknowledge(found.finding_id, "the plant stood still")
    assert gap(book) == []
    assert "missing-months" not in {each.code for each in book.report().problems}


def test_it_stays_recorded_with_who_and_why(book):
    [found] = gap(book)
    book.acknowledge(found.finding_id, "the plant stood still")
    [kept] = gap(book, everything=True)
    assert kept.acknowledged.endswith(": the plant stood still")


def test_it_comes_back_when_it_is_another_finding(book):
    book.acknowledge(gap(book)[0].finding_id, "the plant stood still")
    book.withdraw(11)
    [found] = gap(book)
    assert "2023-11 to 2023-12" in found.message


def test_an_acknowledgement_can_be_taken_back(book):
    [found] = gap(book)
    book.acknowledge(found.finding_id, "the plant stood still")
    book.withdraw(found.finding_id)
    assert gap(book) == [found]


def test_a_second_reason_replaces_the_first(book):
    [found] = gap(book)
    book.acknowledge(found.finding_id, "first")
    book.acknowledge(found.finding_id, "second")
    assert gap(book, everything=True)[0].acknowledged.endswith(": second")


def test_a_blank_reason_is_none(book):
    with pytest.raises(UsageError, match="without a reason"):
        book.acknowledge(gap(book)[0].finding_id, " ")


def test_a_finding_there_is_none_of_is_told_with_those_there_are(book):
    [found] = gap(book)
    with pytest.raises(UsageError) as refused:
        book.acknowledge("f0000000", "why not")
    assert found.finding_id in refused.value.looked_for


def test_an_error_is_mended_and_not_acknowledged(make):
    book = make(SITE, bills={("hq", 2023): -5})
    [found] = [each for each in book.check() if each.code == "negative-import"]
    with pytest.raises(UsageError, match="is an error"):
        book.acknowledge(found.finding_id, "so what")


def test_no_figure_moves(book):
    before = book.inventory("2023").rows
    book.acknowledge(gap(book)[0].finding_id, "the plant stood still")
    assert book.inventory("2023").rows == before
