"""What a template holds, before it is a workbook: sheets, headings, rows, choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from carbon.template.topics import Topic

Value = str | Decimal | date | None
Kind = Literal["text", "number", "signed", "day", "any day", "change"]


@dataclass(frozen=True)
class Choice:
    """What may be chosen in a column: the same in every row, or by what stands in another one."""

    values: Sequence[str] = ()
    by: str = ""  # the other column
    of: Mapping[str, Sequence[str]] | None = None  # its word -> what may be chosen
    is_open: bool = False  # other words are right too


@dataclass(frozen=True)
class Heading:
    """A column of a sheet.

    kind : a `number` is never below zero; a `signed` one may be, where it is a credit note; a `day`
        lies in the year. A `change` is worked out in the sheet.
    """

    name: str  # of the layout; of columns that are not read, before, before_unit or change
    text: str
    says: str
    kind: Kind = "text"
    choice: Choice | None = None
    width: int = 12  # characters
    is_needed: bool = False
    is_read: bool = True
    is_given: bool = False  # filled in beforehand


@dataclass(frozen=True)
class Row:
    """A row laid out beforehand."""

    values: Mapping[str, Value]
    is_recorded: bool = False  # the ledger holds it
    units: Sequence[str] = ()  # that its activity is counted in at its site


@dataclass(frozen=True)
class Page:
    """A sheet to fill in."""

    topic: Topic
    headings: Sequence[Heading]
    rows: Sequence[Row]

    @property
    def open_rows(self) -> int:
        """Rows laid out that nobody has filled in yet."""
        return sum(not each.is_recorded for each in self.rows)


@dataclass(frozen=True)
class Template:
    """A workbook to fill in for a reporting year."""

    organisation: str
    year: int
    first: date
    last: date
    pages: Sequence[Page]
    sites: Sequence[tuple[str, str, str]]  # name, title, region
    made_on: date
