"""Rows that arrive against what the ledger holds: which are new, changed, or known already.

Activities are compared as multisets, by key, period, quantity and unit; certificates and the like
by their id. New rows, changes and the count of known ones come out; a change is an `Offer` or a
`Change` until it is accepted. A sheet that grows can so be imported every month as it stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from carbon.errors import LedgerError
from carbon.ledger.checks import check_record
from carbon.ledger.rows import (
    Held,
    Line,
    Period,
    Record,
    content_columns,
    digits,
    entry_period,
    identity_of,
    name_of,
    record_key,
    where_of,
    word,
)
from carbon.records import Activity

STORED = "storage_change"  # below nothing where a store is emptied
ESTIMATED = "estimated"
ACTUAL = ("metered", "billed")  # qualities that take the place of an estimate


@dataclass(frozen=True)
class Offer:
    """A row that says another quantity than a current entry of the same key and period."""

    row: int
    entry_id: int
    old_quantity: Decimal
    old_unit: str
    new: Activity

    def __str__(self) -> str:
        new = self.new
        return (
            f"row {self.row}: {new.start_on} to {new.end_on} | {new.site} | {new.activity}: "
            f"entry {self.entry_id} says {digits(self.old_quantity)} {self.old_unit}, "
            f"the row says {digits(new.quantity)} {new.unit}"
        )


@dataclass(frozen=True)
class Change:
    """A row that says something else of a certificate, credit, ... that is already recorded."""

    row: int
    table: str
    key: tuple[Any, ...]
    old: dict[str, Any]
    new: Record

    def __str__(self) -> str:
        said = [
            f"{name} {word(self.old[name])!r} becomes {word(getattr(self.new, name))!r}"
            for name in content_columns(self.table)
            if self.old[name] != getattr(self.new, name)
        ]
        return f"row {self.row}: {self.table} {name_of(self.key)}: {', '.join(said)}"


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of one batch.

    batch_id : 0 where there was nothing to record.
    known : rows that the ledger holds already, skipped.
    offered : changes that were not recorded, for want of `accept_corrections`.
    """

    batch_id: int = 0
    recorded: int = 0
    known: int = 0
    corrected: int = 0
    offered: list[Offer | Change] = field(default_factory=list)
    entry_ids: list[int] = field(default_factory=list)


def compare_entries(
    records: Sequence[Activity], held: Mapping[Period, Sequence[Held]], again: bool
) -> tuple[list[Line], list[Line], int]:
    """Rows that are new, rows that change a current entry, and the count of those known."""
    arrived: dict[Period, list[Activity]] = defaultdict(list)
    for record in records:
        arrived[entry_period(record)].append(record)
    new: list[Line] = []
    changed: list[Line] = []
    for period, rows in arrived.items():
        there = held.get(period, ())
        repeats = Counter((each.quantity, each.unit) for each in there)
        for row, old in _paired(rows, () if again else there):
            repeats[row.quantity, row.unit] += 1
            repeat = repeats[row.quantity, row.unit]
            if old:
                changed.append(Line(row, repeat, "correction", old))
            else:
                new.append(Line(row, repeat))
    return new, changed, len(records) - len(new) - len(changed)


def _paired(
    rows: Sequence[Activity], there: Sequence[Held]
) -> Iterator[tuple[Activity, Held | None]]:
    """Rows of one period that are not known, each with the entry it changes. A credit changes no
    bill, nor a bill a credit: what is below nothing is compared with its like."""
    lowest = Decimal("-Infinity") if rows[0].activity == STORED else Decimal(0)
    for is_credit in (False, True):
        alike = [row for row in rows if (row.quantity < lowest) is is_credit]
        like = [old for old in there if (old.quantity < lowest) is is_credit]
        rest, left = _without_known(alike, like)
        for row in rest:
            old = next((each for each in left if _is_changed(row, each)), None)
            if old:
                left.remove(old)
            yield row, old


def _is_changed(row: Activity, old: Held) -> bool:
    """Whether a row can change an entry. A bill and its meter's readings stand beside each other,
    whichever came first: the bill counts, and they are its shape. An estimate is no bill."""
    if old.is_read:
        return row.quality == ESTIMATED
    return True


def is_actual(line: Line) -> bool:
    """Whether a row is the bill or reading of what was estimated before."""
    is_estimated = line.old is not None and line.old.quality == ESTIMATED
    return is_estimated and line.record.quality in ACTUAL


def _without_known(
    rows: Sequence[Activity], there: Sequence[Held]
) -> tuple[list[Activity], list[Held]]:
    """Rows and current entries of one period without those that say the same, by quantity."""
    stock: dict[tuple[Decimal, str], list[Held]] = defaultdict(list)
    for held in sorted(there, reverse=True):
        stock[held.quantity, held.unit].append(held)
    rest = []
    for row in rows:
        same = stock[row.quantity, row.unit]
        known = next((each for each in reversed(same) if _is_known(row, each)), None)
        if known:
            same.remove(known)
        else:
            rest.append(row)
    left = sorted(held for several in stock.values() for held in several)
    return (sorted(rest, key=lambda row: (row.quantity, row.unit)) if left else rest), left


def _is_known(row: Activity, old: Held) -> bool:
    """Whether a row of the same quantity says nothing that the entry does not."""
    if old.is_read:
        return row.quality == old.quality
    return not (row.quality in ACTUAL and old.quality == ESTIMATED)


def offer_of(line: Line) -> Offer:
    assert line.old is not None
    old = line.old
    return Offer(line.record.row, old.entry_id, old.quantity, old.unit, line.record)


def compare_records(
    table: str, rows: Sequence[Record], held: Mapping[tuple[Any, ...], Mapping[str, Any]], file: str
) -> tuple[list[Record], list[Record], int]:
    """Rows that are new, rows that change what is recorded, and the count of those known."""
    arrived: dict[tuple[Any, ...], Record] = {}
    for row in rows:
        check_record(table, row, file)
        first = arrived.setdefault(record_key(table, row), row)
        if identity_of(table, first) != identity_of(table, row):
            raise LedgerError(
                "same-id-twice",
                f"{table} {name_of(record_key(table, row))} is given twice, with different content",
                where=where_of(file, row.row, f"first in row {first.row}"),
                remedy="give each its own id, or take one of the rows out",
            )
    new = [row for key, row in arrived.items() if key not in held]
    changed = [
        row
        for key, row in arrived.items()
        if key in held and held[key]["identity"] != identity_of(table, row)
    ]
    return new, changed, len(rows) - len(new) - len(changed)
