"""Rows that hold the total of the others, which nobody wants counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from carbon.errors import CarbonError
from carbon.readers import words
from carbon.readers.faults import Faults
from carbon.records import Activity

CHINESE = ("合计", "总计", "小计", "共计", "累计", "合計", "總計", "总合计")
OTHERS = ("total", "totals", "grand total", "subtotal", "sub-total", "sub total", "sum", "summe")
TOTALS = frozenset((*CHINESE, *OTHERS, "gesamt", "totaal"))


def is_total(cells: Sequence[words.Cell]) -> bool:
    """Whether a row says of itself that it is a total."""
    return any(
        type(cell) is str and (cell[:1] > "9" or cell[:1] == " ") and _says_total(cell)
        for cell in cells  # most cells begin with a digit, and there may be millions
    )


@lru_cache(maxsize=10_000)
def _says_total(cell: str) -> bool:
    return len(cell) < 20 and cell.strip().rstrip(":：").casefold() in TOTALS


def warn_of_totals(
    totals: Iterable[tuple[int, Any]],
    records: Sequence[Activity],
    quantity: tuple[int, str],
    faults: Faults,
) -> None:
    """Tells of totals that were not read, and of those that are not the sum of the rows.

    quantity : where it stands among the cells, and how its decimals are written.
    """
    at, decimals = quantity
    for number, cells in totals:
        try:
            said = words.number(cells[at], "total", decimals)
        except CarbonError:
            said = None
        summed = _sum(records)
        is_checked = said is not None and summed is not None
        if is_checked and said != summed and not faults.refused:
            faults.add(_differs(said, summed), number, cells, severity="warning")
        else:
            faults.add(_not_read(is_checked and said == summed), number, cells, severity="note")


def _sum(records: Sequence[Activity]) -> Decimal | None:
    """The sum of the rows, where all are counted in one unit."""
    if len({(each.activity, each.unit) for each in records}) != 1:
        return None
    return sum((each.quantity for each in records), Decimal(0))


def _not_read(agrees: bool) -> CarbonError:
    more = ": the rows above add up to it" if agrees else ""
    return CarbonError(
        "total-row",
        f"a row that holds a total was not read{more}",
        remedy="where it is no total, take the word for one out",
    )


def _differs(said: Decimal, summed: Decimal) -> CarbonError:
    return CarbonError(
        "total-differs",
        f"a row says that the total is {said.normalize():f}, and the rows that were read add up to"
        f" {summed.normalize():f}",
        looked_for="the sum of the rows",
        remedy="look for a row that is missing, stands twice or is a subtotal; "
        "or correct the total",
    )
