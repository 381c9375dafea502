"""Two hundred printed values, drawn at random, stand in the library as published.

A row of `factor_sample.csv` tells document, year, place and value in the words of the publication,
taken down without the library; `publisher` is spelt as the library spells it, and `set_id`,
`quantity` and `unit` are where the value was then found. A year of 2022-23 is the one that begins
in 2022; an empty one is not printed.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from carbon.library import Library, load

with (Path(__file__).parent / "factor_sample.csv").open(encoding="utf-8", newline="") as lines:
    SAMPLE = list(csv.DictReader(lines))

GWP = "gwp/"  # gwp/AR6: a warming potential, which stands in no set
SETS = [row for row in SAMPLE if not row["set_id"].startswith(GWP)]


@pytest.fixture(scope="module")
def library():
    return load()


def address(row: dict[str, str]) -> str:
    return " | ".join(row[name] for name in ("set_id", "quantity", "unit"))


def plain(text: str) -> str:
    """The digits of a number, without an exponent and without the .0 of a whole float."""
    return format(Decimal(text), "f").removesuffix(".0")


def printed(library: Library, row: dict[str, str]) -> list[str]:
    """Every value that stands at the address of a row; a warming potential is kept as a number."""
    if row["set_id"].startswith(GWP):
        value = library.gwp.get((row["set_id"].removeprefix(GWP), row["quantity"]))
        return [] if value is None else [str(float(value))]
    found = library.sets[row["set_id"]].of(row["quantity"])
    return [each.value for each in found if each.unit == row["unit"]]


def is_as_printed(library: Library, row: dict[str, str]) -> bool:
    return [plain(value) for value in printed(library, row)] == [plain(row["value"])]


def altered(library: Library, row: dict[str, str], *values: str) -> Library:
    """The library with other values at the address of a row."""
    known = library.sets[row["set_id"]]
    there = [each for each in known.of(row["quantity"]) if each.unit == row["unit"]]
    others = [each for each in known.printed if each not in there]
    wrong = [there[0]._replace(value=value) for value in values]
    sets = {**library.sets, known.set_id: replace(known, printed=(*others, *wrong))}
    return replace(library, sets=sets)


@pytest.mark.parametrize("row", SAMPLE, ids=address)
def test_a_sampled_value_stands_once_and_digit_for_digit(library, row):
    assert is_as_printed(library, row), printed(library, row)


@pytest.mark.parametrize("row", SETS, ids=address)
def test_the_set_of_a_sampled_value_is_of_its_publisher_and_year(library, row):
    found = library.sets[row["set_id"]]
    assert library.sources[found.source_id].publisher == row["publisher"]
    if row["year"]:
        assert found.first_year <= int(row["year"][:4]) <= found.last_year


@pytest.mark.parametrize(
    ("one", "other"), [("158.0", "158"), ("4e-05", "0.00004"), ("3.023E-5", "0.00003023")]
)
def test_a_whole_float_and_an_exponent_are_other_spellings_of_the_same_digits(one, other):
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("0.5810", "0.581"), ("0.50", "0.5"), ("1.00", "1"), ("10", "1"), ("0.00", "0")],
)
def test_a_trailing_zero_is_a_digit(one, other):
    assert plain(one) != plain(other)


def test_the_sample_has_200_values_of_many_publishers():
    assert len(SAMPLE) == len({address(row) for row in SAMPLE}) == 200
    assert len({row["publisher"] for row in SAMPLE}) >= 15


def test_a_wrong_digit_in_any_sampled_set_is_noticed(library):
    for row in SETS:
        (value,) = printed(library, row)
        wrong = value[:-1] + str((int(value[-1]) + 1) % 10)
        assert is_as_printed(altered(library, row, value), row)
        assert not is_as_printed(altered(library, row, wrong), row), row["set_id"]


def test_a_value_that_is_gone_or_stands_twice_is_noticed(library):
    row = SETS[0]
    (value,) = printed(library, row)
    assert not is_as_printed(altered(library, row), row)
    assert not is_as_printed(altered(library, row, value, value), row)
