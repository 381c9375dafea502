"""Files handed in: what they hold, and what a book understands of it.

`read` gives a sheet of cells, `layout` says which of the layouts it has, and `understand` gives its
records, problems and, where rows become entries, the unit table. Nothing is recorded here, and
every fault of a file is in one list, so that a person mends the file once.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar

from carbon.errors import Problem
from carbon.layouts import LAYOUTS
from carbon.readers.activities import ActivityRows, noted, offer_exclusive_ends, warn_of_repeats
from carbon.readers.columns import Columns, columns, layout
from carbon.readers.faults import Faults
from carbon.readers.files import Row, Sheet, one_row, read, read_all
from carbon.readers.intervals import Beginning, Intervals, recognised
from carbon.readers.performance import PERFORMANCE
from carbon.readers.proposal import as_toml, propose
from carbon.readers.registers import RegisterRows
from carbon.readers.small import UNDERSTAND, Understood, name_of, stands_twice
from carbon.readers.totals import warn_of_totals
from carbon.readers.trips import TripRows
from carbon.readers.wide import closing_of, without_readings
from carbon.records import Activity, Tell, Vocabulary
from carbon.settings import ColumnMap

__all__ = [
    "LAYOUTS",
    "ROWS",
    "Beginning",
    "Intervals",
    "Read",
    "Row",
    "Sheet",
    "Tell",
    "as_toml",
    "closing_of",
    "layout",
    "one_row",
    "propose",
    "read",
    "read_all",
    "recognised",
    "together",
    "understand",
    "without_readings",
]

Record = TypeVar("Record")
Units = dict[tuple[str, str], tuple[str, Decimal]]  # activity, unit -> canonical unit, factor


@dataclass(frozen=True)
class Read(Generic[Record]):
    """What was understood of a sheet. Only rows without an error are records."""

    records: list[Record]
    problems: list[Problem]
    unit_table: Units = field(default_factory=dict)
    refused: dict[int, list[str]] = field(default_factory=dict)  # rows kept out, and why


def together(reads: Sequence[Read[Record]]) -> Read[Record]:
    """What was understood of the sheets of one file; a period in two of them is surprising."""
    units = {pair: unit for read in reads for pair, unit in read.unit_table.items()}
    records = [record for read in reads for record in read.records]
    problems = [problem for read in reads for problem in read.problems]
    if len(reads) > 1 and all(isinstance(record, Activity) for record in records):
        told = {(each.code, each.message, each.row) for each in problems}
        faults = Faults(problems[0].file.partition(", sheet ")[0] if problems else "")
        warn_of_repeats(records, faults)
        more = [p for p in faults.problems() if (p.code, p.message, p.row) not in told]
        problems += [replace(each, where=f"{each.where}, of another sheet") for each in more]
    return Read(records, problems, units)


class Opened(NamedTuple):
    """A sheet of a known layout: where its columns stand, and what its words may mean."""

    sheet: Sheet
    vocabulary: Vocabulary
    found: Columns
    mapped: ColumnMap
    today: date
    faults: Faults

    @property
    def asked(self) -> tuple[Vocabulary, Columns, ColumnMap, date, Faults]:
        """What every reader of rows asks for."""
        return self[1:]


def understand(
    name: str,
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Any]:
    """What a sheet of a layout says; a row that reaches beyond `today` is surprising."""
    faults = Faults(sheet.told)
    found = columns(sheet, name, column_map, faults)
    if found is None:
        return Read([], [*sheet.problems, *faults.problems()])
    mapped = column_map or ColumnMap()
    opened = Opened(sheet, vocabulary, found, mapped, today or date.today(), faults)
    records, units = ROWS.get(name, _things)(opened)
    return Read(records, [*sheet.problems, *faults.problems()], units, faults.refused)


def _activities(opened: Opened) -> tuple[list[Activity], Units]:
    sheet, _, found, mapped, _, faults = opened
    rows = ActivityRows(*opened.asked)
    totals: list[tuple[int, Any]] = []
    asked = None if sheet.is_template else totals  # where a site may be called a total
    understood = (rows.understood(*row) for row in found.rows(sheet, faults, asked))
    records = [record for record in understood if record is not None]
    whole = _named(sheet, [record for record in records if record.row not in faults.refused])
    quantity = found.layout.columns.index("quantity"), found.decimals.get("quantity", "")
    warn_of_totals(totals, whole, quantity, faults)
    warn_of_repeats(whole, faults)
    offer_exclusive_ends(whole, mapped, faults)
    return whole, rows.units


def _named(sheet: Sheet, records: list[Activity]) -> list[Activity]:
    """Records whose note names their sheet, where a file has several; a row is one of its sheet."""
    said = f"sheet {sheet.name}"
    if not sheet.name:
        return records
    return [
        each if each.note.endswith(said) else replace(each, note=noted(each.note, said))
        for each in records
    ]


def _trips(opened: Opened) -> tuple[list[Activity], Units]:
    """The trips of a sheet, as the activities they come to."""
    sheet, _, found, _, _, faults = opened
    rows = TripRows(*opened.asked)
    understood = (rows.understood(*row) for row in found.rows(sheet, faults))
    records = _named(sheet, [record for record in understood if record is not None])
    warn_of_repeats(records, faults, overlaps=False)
    return records, rows.rows.units


def _registers(opened: Opened) -> tuple[list[Activity], Units]:
    """What registers went forward by between the readings of a sheet."""
    rows = RegisterRows(*opened.asked)
    for number, cells in opened.found.rows(opened.sheet, opened.faults):
        rows.take(number, cells)
    return rows.entries(), rows.rows.units


def _things(opened: Opened) -> tuple[list[Any], Units]:
    """The records of a small layout, where a name that stands twice is an error."""
    sheet, _, found, _, _, faults = opened
    name = found.layout.name
    make = (UNDERSTAND | PERFORMANCE)[name]
    reading = Understood(*opened.asked)
    named_cells = namedtuple("named_cells", LAYOUTS[name].columns)
    records: dict[tuple[str, ...], Any] = {}
    for number, picked in found.rows(sheet, faults):
        reading.row.begin(number, picked)
        record = make(named_cells._make(picked), reading)
        if reading.row.is_good:
            first = records.setdefault(name_of(record), record)
            if first is not record:
                faults.add(stands_twice(record, first.row), number, picked)
    return list(records.values()), {}


ROWS: Mapping[str, Callable[[Opened], tuple[list[Any], Units]]] = {  # whose rows become entries
    "activity": _activities,
    "trip": _trips,
    "register_reading": _registers,
}
