"""What may not enter the ledger: rows that cannot be counted exactly, or would count twice.

Each check takes what arrived, and where it matters what is held, and gives nothing back; it raises
LedgerError with the file and row. A certificate or credit is refused here and not reported later,
for a ledger that holds two claims to one cannot say which of them is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from carbon.errors import LedgerError
from carbon.ledger.rows import (
    EXACT,
    Record,
    content_of,
    digits,
    name_of,
    record_key,
    told,
    where_of,
)
from carbon.records import Activity, UnitTable
from carbon.schema import LEDGER
from carbon.schema.kinds import COEFFICIENT, QUANTITY

MILLIONTH = Decimal("0.000001")
LIMIT = Decimal(10) ** 11  # a quantity has at most eleven digits before the point


def check_activity(record: Activity, unit_table: UnitTable, file: str) -> None:
    """Raises LedgerError for a row that cannot be counted exactly."""
    pair = (record.activity, record.unit)
    misfit = misfit_of(record.quantity, QUANTITY)
    if record.end_on < record.start_on:
        code, message = "end-before-start", "the period ends before it starts"
        remedy = "write the first day as start and the last day as end"
    elif misfit:
        code, message = "inexact-quantity", f"the quantity {digits(record.quantity)} {misfit}"
        remedy = "write it with fewer digits, in a larger or smaller unit"
    elif pair not in unit_table:
        code, message = "no-conversion", f"{record.activity} is not counted in {record.unit!r}"
        remedy = "enter it in a unit of that activity"
    elif misfit_of(unit_table[pair][1], COEFFICIENT):
        code = "no-conversion"
        message = f"the factor {unit_table[pair][1]} of {record.unit!r} is not exact"
        remedy = "enter it in another unit"
    elif _converted(record, unit_table).copy_abs() >= LIMIT:
        code = "quantity-too-large"
        message = (
            f"{digits(record.quantity)} {record.unit} is too large to be counted exactly "
            f"in {unit_table[pair][0]}"
        )
        remedy = "look whether the unit is right; else enter the period in several parts"
    else:
        return
    raise LedgerError(code, message, where=where_of(file, record.row, told(record)), remedy=remedy)


def _converted(record: Activity, unit_table: UnitTable) -> Decimal:
    """The quantity in the canonical unit, as entry_month.sql rounds it."""
    factor = unit_table[record.activity, record.unit][1]
    return EXACT.quantize(EXACT.multiply(record.quantity, factor), MILLIONTH)


def misfit_of(value: Decimal, kind: str) -> str:
    """Why a number cannot be stored exactly in a decimal column, or ''."""
    width, scale = DECIMALS[kind]
    if not value.is_finite():
        return "is not a number"
    if value.copy_abs() >= Decimal(10) ** (width - scale):
        return f"is too large: at most {width - scale} digits before the point can be stored"
    if EXACT.quantize(value, Decimal(1).scaleb(-scale)) != value:
        return f"has more than {scale} decimals"
    return ""


def _width(kind: str) -> tuple[int, int]:
    width, scale = kind.removeprefix("decimal(").removesuffix(")").split(",")
    return int(width), int(scale)


DECIMALS = {kind: _width(kind) for kind in (QUANTITY, COEFFICIENT)}


def check_record(table: str, row: Record, file: str) -> None:
    """Raises LedgerError for a number that cannot be stored exactly."""
    for name, kind in LEDGER[table].columns.items():
        misfit = misfit_of(getattr(row, name), kind) if kind in DECIMALS else ""
        if misfit:
            raise LedgerError(
                "inexact-quantity",
                f"{name} {digits(getattr(row, name))} {misfit}",
                where=where_of(file, row.row, f"{table} {name_of(record_key(table, row))}"),
                remedy="write it with fewer digits",
            )


def check_claims(
    table: str,
    changed: Iterable[Record],
    held: Mapping[tuple[Any, ...], Mapping[str, Any]],
    file: str,
) -> None:
    """Raises LedgerError for what was retired once and is now claimed for another year or owner."""
    for row in changed:
        old = held[record_key(table, row)]
        others = {"claim_year": row.claim_year, "beneficiary": getattr(row, "beneficiary", "")}
        differs = [
            f"{name} {old[name]} and now {value}"
            for name, value in others.items()
            if value and old.get(name) and old[name] != value
        ]
        if old["retired_on"] and row.retired_on and differs:
            raise LedgerError(
                "double-retirement",
                f"{table} {name_of(record_key(table, row))} was retired already, for {differs[0]}",
                where=where_of(file, row.row),
                remedy="a certificate counts once; where the first claim was a mistake, "
                "withdraw it before this one is recorded",
            )


def check_evidence(
    table: str,
    written: Iterable[Record],
    held: Mapping[tuple[Any, ...], Mapping[str, Any]],
    file: str,
) -> None:
    """Raises LedgerError for two that rest on one proof of retirement of one vintage."""
    arriving = {record_key(table, row): content_of(table, row) for row in written}
    staying = {key: row for key, row in held.items() if key not in arriving}
    spent: dict[tuple[str, int], tuple[Any, ...]] = {}
    for key, row in {**staying, **arriving}.items():
        if not row["retired_on"] or not row["evidence"]:
            continue
        first = spent.setdefault((row["evidence"], row["vintage_year"]), key)
        if first != key:
            raise LedgerError(
                "double-retirement",
                f"{table} {name_of(key)} and {name_of(first)} rest on the same proof of "
                f"retirement, {row['evidence']!r}, of vintage {row['vintage_year']}",
                where=where_of(file, row["row"]),
                remedy="a certificate counts once: take one of them out, or write the "
                "certificate's own number into each one's evidence",
            )
