"""Worked examples of publications: where one stands, and whether a result is the printed one.

A test of an example is marked with `published(SOURCE)`, where SOURCE is the publication as the page
of the method names it. The factors an example prints go into the book as its own edition, so that
the whole way from row to total is walked with the example's own figures.
"""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from carbon.library import EDITION_COLUMNS

if TYPE_CHECKING:
    from carbon.book import Book

published = pytest.mark.published

HEAD = ",".join(EDITION_COLUMNS.split())


def prints(value: Decimal, printed: str) -> bool:
    """Whether a value is the printed one, within half of its last digit.

    >>> prints(Decimal("4.482"), "4.48"), prints(Decimal("2.9"), "3.0")
    (True, False)
    """
    said = Decimal(printed.replace(",", ""))
    half = Decimal(1).scaleb(said.as_tuple().exponent) / 2
    return abs(Decimal(value) - said) <= half


def edition(*rows: str, region: str = "WORLD", year: int = 2023) -> str:
    """An own edition of rows `topic,quantity,value,unit`, for one place and year.

    A fifth cell says the accounting, else it is that of the topic's family.
    """
    lines = [HEAD]
    for row in rows:
        topic, quantity, value, unit, *said = next(csv.reader([row]))
        accounting = said[0] if said else "location" if topic == "electricity" else "all"
        name = f"example/{topic}/{accounting}"
        where = f"{name},{topic},{region},own,{year},{year},{accounting}"
        lines.append(f'{where},{quantity},{value},"{unit}",example,as printed,high,')
    return "\n".join(lines) + "\n"


def total(book: Book, line: str, accounting: str = "all", gas: str = "") -> Decimal:
    """Of 2023, the sum of a line. [kg CO2e]; of one gas its mass [kg]"""
    what = "mass_g" if gas else "co2e_g"
    rows = book.sql(
        f"select sum({what}) as total_g from total where scenario = 'actual'"
        f" and reporting_year = 2023 and line = '{line}' and accounting = '{accounting}'"
        + (f" and gas = '{gas}'" if gas else "")
    ).rows
    return Decimal(rows[0]["total_g"] or 0) / 1000
