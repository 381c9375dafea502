"""Files handed in: what they hold, and what a book understands of it.

`read` gives a sheet of cells, `layout` says which of the layouts it has, and the function of
that layout gives records, problems and, for activities and trips, the unit table. Nothing is
recorded here, and every fault of a file is in one list, so that a person mends the file once.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from carbon.errors import Problem
from carbon.layouts import LAYOUTS
from carbon.readers.activities import ActivityRows, noted, offer_exclusive_ends, warn_of_repeats
from carbon.readers.columns import columns, layout
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
from carbon.records import (
    Activity,
    Claim,
    Control,
    Credit,
    Denominator,
    Equipment,
    Goal,
    IndicatorFigure,
    Instrument,
    Service,
    Stock,
    Tell,
    Vocabulary,
)
from carbon.settings import ColumnMap

__all__ = [
    "LAYOUTS",
    "Beginning",
    "Intervals",
    "Read",
    "Row",
    "Sheet",
    "Tell",
    "activities",
    "as_toml",
    "claims",
    "closing_of",
    "controls",
    "credits",
    "denominators",
    "equipment",
    "goals",
    "indicators",
    "instruments",
    "layout",
    "one_row",
    "propose",
    "read",
    "read_all",
    "recognised",
    "registers",
    "services",
    "stocks",
    "together",
    "trips",
    "without_readings",
]

Record = TypeVar("Record")


@dataclass(frozen=True)
class Read(Generic[Record]):
    """What was understood of a sheet. Only rows without an error are records."""

    records: list[Record]
    problems: list[Problem]
    unit_table: dict[tuple[str, str], tuple[str, Decimal]] = field(default_factory=dict)
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


def activities(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Activity]:
    """The activities of a sheet; a row that reaches beyond `today` is surprising."""
    faults = Faults(sheet.told)
    found = columns(sheet, "activity", column_map, faults)
    if found is None:
        return Read([], [*sheet.problems, *faults.problems()])
    mapped = column_map or ColumnMap()
    rows = ActivityRows(vocabulary, found, mapped, today or date.today(), faults)
    totals: list[tuple[int, Any]] = []
    asked = None if sheet.is_template else totals  # where a site may be called a total
    understood = (rows.understood(*row) for row in found.rows(sheet, faults, asked))
    records = [record for record in understood if record is not None]
    whole = _named(sheet, [record for record in records if record.row not in faults.refused])
    quantity = found.layout.columns.index("quantity"), found.decimals.get("quantity", "")
    warn_of_totals(totals, whole, quantity, faults)
    warn_of_repeats(whole, faults)
    offer_exclusive_ends(whole, mapped, faults)
    problems = [*sheet.problems, *faults.problems()]
    return Read(whole, problems, rows.units, faults.refused)


def _named(sheet: Sheet, records: list[Activity]) -> list[Activity]:
    """Records whose note names their sheet, where a file has several; a row is one of its sheet."""
    said = f"sheet {sheet.name}"
    if not sheet.name:
        return records
    return [
        each if each.note.endswith(said) else replace(each, note=noted(each.note, said))
        for each in records
    ]


def trips(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Activity]:
    """The trips of a sheet, as the activities they come to."""
    faults = Faults(sheet.told)
    found = columns(sheet, "trip", column_map, faults)
    if found is None:
        return Read([], [*sheet.problems, *faults.problems()])
    mapped = column_map or ColumnMap()
    rows = TripRows(vocabulary, found, mapped, today or date.today(), faults)
    understood = (rows.understood(*row) for row in found.rows(sheet, faults))
    records = _named(sheet, [record for record in understood if record is not None])
    warn_of_repeats(records, faults, overlaps=False)
    problems = [*sheet.problems, *faults.problems()]
    return Read(records, problems, rows.rows.units, faults.refused)


def registers(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Activity]:
    """The readings of a sheet, as what the registers went forward by between them."""
    faults = Faults(sheet.told)
    found = columns(sheet, "register_reading", column_map, faults)
    if found is None:
        return Read([], [*sheet.problems, *faults.problems()])
    mapped = column_map or ColumnMap()
    rows = RegisterRows(vocabulary, found, mapped, today or date.today(), faults)
    for number, cells in found.rows(sheet, faults):
        rows.take(number, cells)
    records = rows.entries()
    problems = [*sheet.problems, *faults.problems()]
    return Read(records, problems, rows.rows.units, faults.refused)


def instruments(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Instrument]:
    """The contractual instruments of a sheet."""
    return _small("instrument", sheet, vocabulary, column_map, today)


def credits(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Credit]:
    """The carbon credits of a sheet."""
    return _small("credit", sheet, vocabulary, column_map, today)


def claims(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Claim]:
    """The claims of a sheet."""
    return _small("claim", sheet, vocabulary, column_map, today)


def denominators(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Denominator]:
    """The denominators of a sheet."""
    return _small("denominator", sheet, vocabulary, column_map, today)


def indicators(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[IndicatorFigure]:
    """The figures of indicators of a sheet."""
    return _small("indicator", sheet, vocabulary, column_map, today)


def goals(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Goal]:
    """The energy goals of a sheet."""
    return _small("goal", sheet, vocabulary, column_map, today)


def equipment(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Equipment]:
    """The appliances of a sheet."""
    return _small("equipment", sheet, vocabulary, column_map, today)


def services(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Service]:
    """The service events of a sheet."""
    return _small("service", sheet, vocabulary, column_map, today)


def stocks(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Stock]:
    """The counts and movements of refrigerant stocks of a sheet."""
    return _small("refrigerant_stock", sheet, vocabulary, column_map, today)


def controls(
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None = None,
    today: date | None = None,
) -> Read[Control]:
    """The statements of utilities of a sheet."""
    return _small("control_total", sheet, vocabulary, column_map, today)


def _small(
    name: str,
    sheet: Sheet,
    vocabulary: Vocabulary,
    column_map: ColumnMap | None,
    today: date | None,
) -> Read[Record]:
    """The records of a small layout."""
    faults = Faults(sheet.told)
    found = columns(sheet, name, column_map, faults)
    if found is None:
        return Read([], [*sheet.problems, *faults.problems()])
    mapped = column_map or ColumnMap()
    understand = (UNDERSTAND | PERFORMANCE)[name]
    reading = Understood(vocabulary, found, mapped, today or date.today(), faults)
    named_cells = namedtuple("named_cells", LAYOUTS[name].columns)
    records: dict[tuple[str, ...], Record] = {}
    for number, picked in found.rows(sheet, faults):
        reading.row.begin(number, picked)
        record = understand(named_cells._make(picked), reading)
        if reading.row.is_good:
            first = records.setdefault(name_of(record), record)
            if first is not record:
                faults.add(stands_twice(record, first.row), number, picked)
    problems = [*sheet.problems, *faults.problems()]
    return Read(list(records.values()), problems, refused=faults.refused)
