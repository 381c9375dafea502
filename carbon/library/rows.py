"""A row of the library's files, and the faults that any row of any file may have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from carbon.errors import FactorError, Problem, nearest
from carbon.library.files import read_rows

NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, with the line they stand in."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True)
class Known:
    """The words rows may refer to."""

    sources: Mapping[str, Row]
    regions: frozenset[str] | None  # None where sites and meters count as regions, too
    gases: frozenset[str]

    @classmethod
    def of(cls, tables: Mapping[str, list[Row]]) -> Known:
        return cls(
            {row["source_id"]: row for row in tables["sources.csv"]},
            frozenset(row["region"] for row in tables["regions.csv"]),
            frozenset(row["gas"] for row in tables["gases.csv"]),
        )


def readable(text: str, file: str, columns: str, faults: list[Problem]) -> list[Row]:
    """The rows of a table as far as it can be read; where it cannot, a fault more."""
    rows: list[Row] = []
    try:
        for number, cells in read_rows(text, file, columns):
            rows.append(Row(file, number, cells))
    except FactorError as found:
        number = int(found.where.rpartition("row ")[2]) if "row " in found.where else 0
        spot = Row(file, number, {})
        faults.append(fault(found.code, found.message, spot, found.looked_for, fix=found.remedy))
    return rows


def fault(
    code: str, message: str, row: Row, looked_for: str = "", near: str = "", fix: str = ""
) -> Problem:
    """A fault of a row. near : the right word that is nearest; fix : what to do."""
    return Problem(
        code,
        "error",
        message,
        looked_for=looked_for,
        nearest=near,
        remedy=fix,
        file=row.file,
        row=row.number,
    )


def word(row: Row, column: str, allowed: Iterable[str], code: str) -> list[Problem]:
    """A fault where a cell holds none of the words allowed there."""
    said = row[column]
    allowed = allowed if isinstance(allowed, frozenset | dict) else list(allowed)
    if said in allowed:
        return []
    some = ", ".join(allowed) if len(allowed) <= 12 else ""
    close = nearest(said, allowed)
    return [
        fault(
            code,
            f"{said!r} is no {column} the library knows",
            row,
            some,
            close,
            f"write {close!r}" if close else "",
        )
    ]


def number(row: Row, column: str) -> list[Problem]:
    """A fault where a cell is no plain number of zero or more, or zero without a reason."""
    said = row[column]
    if not NUMBER.fullmatch(said) or said.startswith("-"):
        return [
            fault(
                "bad-value",
                f"{said!r} is no {column} of zero or more",
                row,
                fix="write the number as printed, with a point and without blanks: 0.5703",
            )
        ]
    if not Decimal(said) and not row["note"]:
        return [
            fault(
                "zero-without-reason",
                f"{column} is 0 and the note does not say why",
                row,
                fix="missing is missing, not 0: take the row out, or write why in the note",
            )
        ]
    return []


def repeated(rows: Iterable[Row], *columns: str) -> list[Problem]:
    """Rows whose key an earlier row has already."""
    seen: set[tuple[str, ...]] = set()
    faults: list[Problem] = []
    for row in rows:
        key = tuple(row[column] for column in columns)
        if key in seen:
            faults.append(fault("repeated", f"{', '.join(key)} stands there twice", row))
        seen.add(key)
    return faults
