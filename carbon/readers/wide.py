"""Layouts that spread a quantity over several columns: months, tariffs, meter readings.

A column a month becomes a row a month. The tariffs of a bill (sharp, peak, flat, valley) are one
quantity: no factor depends on the hour, and a bill is one entry that one person can look up, so
they are added and stand in its note. Two readings of a register are a quantity once they are
subtracted and multiplied by the ratio of the current transformer. What can be checked is: a total
beside its parts must be their sum.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from carbon.errors import CarbonError
from carbon.layouts import REGISTER, TARIFFS, Layout
from carbon.readers import words
from carbon.readers.faults import Faults
from carbon.readers.files import Sheet
from carbon.readers.headings import ours
from carbon.readers.totals import is_total
from carbon.readers.words import Cell, Decimals, text
from carbon.settings import ColumnMap

YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
REGISTERED = re.compile(  # how the note of an entry tells two readings
    r"(?:^|; )\((-?[0-9.]+) - -?[0-9.]+\) x ([0-9.]+)(?:, rolled over at [0-9]+)?"
)
FEWEST = 2  # tariffs that make a column of such a name one of several parts


def months(sheet: Sheet, mapped: ColumnMap, faults: Faults) -> dict[int, str]:
    """The columns that each hold the quantity of a month, with the month as text.

    A heading without a year takes that of a column year, of the map, or of the title.
    """
    found = {at: words.month_heading(heading) for at, heading in enumerate(sheet.header)}
    named = {at: month for at, month in found.items() if month}
    taken = {ours(heading) for heading in sheet.header} | {*mapped.columns, *mapped.constants}
    if not named or taken & {"quantity", "start", "end"}:
        return {}
    if "month" in taken and len(named) < FEWEST:
        return {}
    of = ""
    if any(not year for year, _ in named.values()) and "year" not in taken:
        of = _year_above(sheet, faults)
        if not of:
            return {}
    gaps = sum(not text(row.cells[at]) for row in sheet.rows for at in named)
    if gaps:
        faults.add(_gaps(gaps), severity="note")
    return {
        at: f"{year or of}-{month:02d}" if year or of else f"{month}月"
        for at, (year, month) in named.items()
    }


def _year_above(sheet: Sheet, faults: Faults) -> str:
    """The one year that stands above the header or names the sheet; a fault where none does."""
    said = [*sheet.above, sheet.name]
    years = {found for each in said for found in YEAR.findall(each)}
    if len(years) != 1:
        faults.add(
            CarbonError(
                "year-missing",
                "the columns of months do not say their year",
                looked_for="a column year, one year above the header, or headings such as 2023-01",
                remedy='say it in the column map: [import.NAME.constants] year = "2023"',
            )
        )
        return ""
    (year,) = years
    faults.add(
        CarbonError(
            "year-found",
            f"the columns of months are taken to be those of {year}, the year of the title",
            remedy='if they are not, say [import.NAME.constants] year = "..." in a column map',
        ),
        severity="note",
    )
    return year


def _gaps(count: int) -> CarbonError:
    return CarbonError(
        "blank-months",
        f"{count:,} cell{'s' * (count > 1)} of the columns of months are blank, and no entries"
        if count > 1
        else "1 cell of the columns of months is blank, and no entry",
        remedy="write 0 where nothing was used",
    )


def total_column(header: Sequence[str], months: Mapping[int, str]) -> int | None:
    """The column that holds the sum of the months of a row."""
    found = [at for at, heading in enumerate(header) if is_total([heading])]
    return found[0] if months and found else None


def total_fault(months: Sequence[Cell], total: Cell, decimals: Decimals) -> CarbonError | None:
    """The fault of a row whose months do not make its total; what is no number is told later."""
    if not text(total):
        return None
    try:
        stated = words.number(total, "total", decimals)
        each = [words.number(cell, "quantity", decimals) for cell in months if text(cell)]
        _check(sum(each, Decimal(0)), stated, text(total), "its months make")
    except CarbonError as fault:
        return fault if fault.code == "parts-differ" else None
    return None


def unmapped_parts(header: Sequence[str], mapped: ColumnMap) -> set[str]:
    """Names of parts that a column bears by chance: one tariff alone, or half of two readings."""
    known = {ours(heading) for heading in header} | {*mapped.columns, *mapped.constants}
    said = {*mapped.columns, *mapped.constants}
    passed: set[str] = set()
    if len(known & set(TARIFFS)) < FEWEST:
        passed |= set(TARIFFS) - said
    if not known >= {"opening", "closing"}:
        passed |= set(REGISTER) - said
    return passed


def worked_out(layout: Layout, known: set[str]) -> set[str]:
    """The columns that a sheet has, with those that can be worked out of them."""
    if layout.name != "activity":
        return known
    more = set(known)
    if known >= {"opening", "closing"} or len(known & set(TARIFFS)) >= FEWEST:
        more.add("quantity")
    if "meter" in known:
        more.add("site")
    return more


class Quantity:
    """Works out the quantity of a row from its parts, where it has any."""

    def __init__(
        self,
        present: frozenset[str],
        labels: Mapping[str, str],
        decimals: Mapping[str, Decimals],
        mapped: ColumnMap,
    ) -> None:
        self.labels, self.decimals, self.mapped = labels, decimals, mapped
        self.is_stated = "quantity" in present
        self.tariffs = [name for name in TARIFFS if name in present]
        self.has_register = present >= {"opening", "closing"}
        self.has_parts = bool(self.tariffs) or self.has_register

    def of(self, cells: Any) -> tuple[Decimal, str]:
        """The quantity of a row, and how it was come by. Raises CarbonError for parts that do
        not make the whole."""
        stated = self._number(cells, "quantity") if text(cells.quantity) else None
        worked, said = self._register(cells) if self.has_register else (None, "")
        if self.tariffs:
            summed, parts = self._summed(cells, stated if stated is not None else worked)
            said = "; ".join(filter(None, (said, parts)))
            if worked is not None:
                _check(summed, worked, text(cells.closing), "its tariffs make")
            worked = summed if worked is None else worked
        if stated is None:
            if worked is None:
                raise _blank(self.labels["quantity"])
            return worked, said
        if worked is not None:
            how = "its tariffs make" if self.tariffs else "its readings make"
            _check(worked, stated, text(cells.quantity), how)
        return stated, said

    def _number(self, cells: Any, name: str) -> Decimal:
        cell: Cell = getattr(cells, name)
        return words.number(cell, self.labels[name], self.decimals.get(name, ""))

    def _summed(self, cells: Any, whole: Decimal | None) -> tuple[Decimal | None, str]:
        """The sum of the tariffs; a blank one is nothing only where a whole proves it."""
        filled = [name for name in self.tariffs if text(getattr(cells, name))]
        if not filled and whole is not None:
            return None, ""
        if len(filled) < len(self.tariffs) and whole is None:
            blank = next(name for name in self.tariffs if name not in filled)
            raise _blank(self.labels[blank])
        parts = {name: self._number(cells, name) for name in filled}
        said = ", ".join(
            f"{name.replace('_', ' ')} {_plain(value)}" for name, value in parts.items()
        )
        return sum(parts.values(), Decimal(0)), said

    def _register(self, cells: Any) -> tuple[Decimal | None, str]:
        """What a register went forward by, times the ratio of its transformer."""
        if not text(cells.opening) and not text(cells.closing) and text(cells.quantity):
            return None, ""
        first, last = self._number(cells, "opening"), self._number(cells, "closing")
        ratio = self._number(cells, "multiplier") if text(cells.multiplier) else Decimal(1)
        if ratio <= 0:
            raise CarbonError(
                "bad-multiplier",
                f"{self.labels['multiplier']} {text(cells.multiplier)!r} is no ratio",
                looked_for="a number above 0, such as 80 for 400/5 A",
                remedy="write the ratio as one number",
            )
        return went_forward(first, last, ratio, self.mapped.register_digits, ROW_A_METER)


ROW_A_METER = (
    "write a row for each meter: the old one to its last reading, the new one from its first"
)


def went_forward(
    first: Decimal, last: Decimal, ratio: Decimal, digits: int | None, exchanged: str
) -> tuple[Decimal, str]:
    """What a register went forward by, times the ratio of its transformer, and how that is known.

    digits : of a register that starts again from 0 after its last digit.
    exchanged : what to do where the meter was exchanged.

    Raises CarbonError for a register that goes backwards.
    """
    said = f"({_plain(last)} - {_plain(first)}) x {_plain(ratio)}"
    forward = last - first
    if forward < 0:
        turn = Decimal(10) ** digits if digits else Decimal(0)
        if not digits or max(first, last) >= turn or (forward + turn) * 2 > turn:
            much = " by less than half a turn" if digits else ""
            raise CarbonError(
                "reading-backwards",
                f"the closing reading {_plain(last)} is below the opening reading {_plain(first)}",
                looked_for=f"a register that goes forward{much}",
                remedy="where it rolled over, say register_digits = 6 (or as many as it has) in a "
                f"column map; where the meter was exchanged, {exchanged}",
            )
        forward += turn
        said = f"{said}, rolled over at {_plain(turn)}"
    return _six(forward * ratio), said


def closing_of(note: str) -> tuple[str, str] | None:
    """The closing reading and the ratio that the note of an entry tells, where readings made it.

    >>> closing_of("bill 7; (13570 - 12345.5) x 40")
    ('13570', '40')
    """
    found = REGISTERED.search(note)
    return (found[1], found[2]) if found else None


def without_readings(note: str) -> str:
    """The note of an entry without the readings it tells.

    >>> without_readings("bill 7; (13570 - 12345.5) x 40")
    'bill 7'
    """
    return REGISTERED.sub("", note).removeprefix("; ")


def _check(worked: Decimal, stated: Decimal, written: str, how: str) -> None:
    """A whole that is not the sum of its parts, beyond the rounding of what is printed."""
    _, _, decimals = written.replace(",", ".").rpartition(".") if "." in written else ("", "", "")
    if abs(worked - stated) > Decimal(1).scaleb(-len(decimals)):
        raise CarbonError(
            "parts-differ",
            f"the row says {_plain(stated)}, and {how} {_plain(worked)}",
            looked_for="parts that make the whole",
            remedy="correct the row; where the quantity holds more (losses of a transformer), "
            "take the other columns out",
        )


def _six(value: Decimal) -> Decimal:
    """A product at six decimals, which it must have."""
    return words.number(format(value.normalize(), "f"), "readings times multiplier")


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _blank(label: str) -> CarbonError:
    return CarbonError(
        "blank-quantity",
        f"{label} is blank",
        looked_for="a number",
        remedy="write the quantity, 0 where nothing was used, or take the row out",
    )
