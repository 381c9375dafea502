"""The rows a ledger writes, and what makes two of them the same.

An activity becomes a row of `entry`, a certificate, credit, denominator, piece of equipment or
service event a row of the table of its kind. Each carries an identity, the digest of all that it
says: a number has one text however it was written, so that a file read again is recognised.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from carbon.records import (
    Acknowledgement,
    Activity,
    CaseEvent,
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
)
from carbon.schema import ADDED, LEDGER

if TYPE_CHECKING:
    from carbon.engine import Row

EXACT = Context(prec=60, rounding=ROUND_HALF_UP)  # wide enough for any product of two columns

# What makes two records the same thing.
KEYS = {
    "instrument": ("instrument_id",),
    "credit": ("credit_id",),
    "claim": ("claim_id",),
    "denominator": ("site", "metric", "period"),
    "indicator": ("site", "indicator", "part", "period"),
    "goal": ("node", "metric", "period"),
    "case_event": ("case_id", "number"),
    "equipment": ("equipment_id",),
    "service": ("service_id",),
    "acknowledgement": ("finding_id",),
    "refrigerant_stock": ("stock_id",),
    "control_total": ("control_id",),
}
OWN_COLUMNS = ("batch_id", "row", "supersedes", "is_withdrawn", "identity")  # said by the ledger

Key = tuple[str, str, str, str]  # site, meter, activity, detail
Period = tuple[Key, date, date]
Record = (
    Instrument
    | Credit
    | Claim
    | Denominator
    | IndicatorFigure
    | Goal
    | CaseEvent
    | Equipment
    | Service
    | Stock
    | Control
    | Acknowledgement
)


class Held(NamedTuple):
    """A current entry, as far as an arriving row is compared with it. Sorts by quantity."""

    quantity: Decimal
    unit: str
    entry_id: int
    chain_id: int
    quality: str
    is_read: bool = False  # summed from readings by the quarter-hour


class Line(NamedTuple):
    """An entry to be written."""

    record: Activity
    repeat: int  # its number among current entries of the same content
    kind: str = "record"
    old: Held | None = None  # what it supersedes


def entry_row(entry_id: int, batch_id: int, key_id: int, line: Line) -> Row:
    """A row of `entry`, in the order of its columns."""
    record, old = line.record, line.old
    key, start_on, end_on = entry_period(record)
    content = [*key, str(start_on), str(end_on), digits(record.quantity), record.unit]
    return (
        entry_id,
        batch_id,
        key_id,
        record.row,
        line.kind,
        old.entry_id if old else 0,
        old.chain_id if old else entry_id,
        start_on,
        end_on,
        record.quantity,
        record.unit,
        record.quality,
        record.evidence,
        record.note,
        digest_of([*content, line.repeat]),
        record.uncertainty_pct,
    )


def activity_of(entry: Mapping[str, Any], row: int) -> Activity:
    """What an entry says, as a row."""
    return Activity(
        site=entry["site"],
        activity=entry["activity"],
        start_on=entry["start_on"],
        end_on=entry["end_on"],
        quantity=entry["quantity"],
        unit=entry["unit"],
        meter=entry["meter"],
        detail=entry["detail"],
        quality=entry["quality"],
        evidence=entry["evidence"],
        note=entry["note"],
        row=row,
        uncertainty_pct=entry["uncertainty_pct"],
    )


def held_of(entry: Mapping[str, Any]) -> Held:
    return Held(*(entry[name] for name in Held._fields[:5]))


def entry_key(record: Activity) -> Key:
    return record.site, record.meter, record.activity, record.detail


def entry_period(record: Activity) -> Period:
    return entry_key(record), record.start_on, record.end_on


def record_row(
    table: str,
    row: Record | Mapping[str, Any],
    batch_id: int,
    file_row: int,
    supersedes: bool,
    is_withdrawn: bool = False,
) -> Row:
    """A row of one of the tables of `KEYS`, in the order of its columns."""
    values = content_of(table, row) | {
        "batch_id": batch_id,
        "row": file_row,
        "supersedes": name_of(record_key(table, row)) if supersedes else "",
        "is_withdrawn": is_withdrawn,
        "identity": identity_of(table, row),
    }
    return tuple(values[name] for name in LEDGER[table].columns)


def content_of(table: str, row: Record | Mapping[str, Any]) -> dict[str, Any]:
    """What a person said of a record, with its row."""
    columns = ("row", *content_columns(table))
    if isinstance(row, Mapping):
        return {name: row[name] for name in columns}
    return {name: getattr(row, name) for name in columns}


def content_columns(table: str) -> list[str]:
    return [name for name in LEDGER[table].columns if name not in OWN_COLUMNS]


def record_key(table: str, row: Record | Mapping[str, Any]) -> tuple[Any, ...]:
    content = content_of(table, row)
    return tuple(content[name] for name in KEYS[table])


def identity_of(table: str, row: Record | Mapping[str, Any]) -> str:
    """The digest of what a record says; a column that came later counts where it says more."""
    content = content_of(table, row)
    said = {name: word(content[name]) for name in content_columns(table)}
    first = [text for name, text in said.items() if (table, name) not in ADDED]
    later = [
        f"{name}={text}"
        for name, text in said.items()
        if (table, name) in ADDED and text != word(ADDED[table, name])
    ]
    return digest_of(first + later)


def where_of(file: str, row: int, more: str = "") -> str:
    spot = f"{file}, row {row}" if file and row else file
    return "\n".join(part for part in (spot, more) if part)


def where_of_entry(entry: Mapping[str, Any]) -> str:
    return where_of(entry["file"], entry["row"], told(activity_of(entry, entry["row"])))


def told(record: Activity) -> str:
    """A row as a person recognises it."""
    days = f"{record.start_on} to {record.end_on}"
    said = f"{digits(record.quantity)} {record.unit}"
    return " | ".join(
        part
        for part in (days, record.site, record.meter, record.activity, record.detail, said)
        if part
    )


def name_of(key: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in key if part != "")


def digits(value: Decimal) -> str:
    """A number without idle zeros, one text for one value; one too long to read stays as it is."""
    if not value.is_finite() or abs(value.adjusted()) > 30:
        return str(value)
    return format(EXACT.normalize(EXACT.plus(value)), "f")


def word(value: object) -> str:
    """A value as text, the same for equal values; nothing for what is not known."""
    if isinstance(value, Decimal):
        return digits(value)
    return "" if value is None else str(value)


_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def digest_of(parts: Sequence[object]) -> str:
    """The sha256 of a list of texts and numbers."""
    return hashlib.sha256(_encode(parts).encode("ascii")).hexdigest()


def now() -> datetime:
    """The time, in UTC, without its zone."""
    return datetime.now(UTC).replace(tzinfo=None)
