"""The answers as tables: what is printed, written to a file or handed to a notebook.

Every verb answers in `Table`s: plain rows with named columns, each with its unit. Rendering
knows nothing but tables, so the terminal, JSON and CSV can never disagree on a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from carbon.errors import Problem

if TYPE_CHECKING:
    import pandas

    from carbon.targets import Verdict


@dataclass(frozen=True)
class Column:
    """A column: its key (which ends in its unit), its heading, its unit, and how it prints.

    kind : ``text``, ``count``, ``mass`` (0.1 shown), ``share`` (a fraction, shown in %),
        ``number``, ``exact`` (every digit there is), ``calendar`` (a letter a month), ``picture``
        (of what other columns tell, drawn on a page alone).
    """

    key: str
    title: str
    unit: str = ""
    kind: str = "text"
    decimals: int = 1


@dataclass(frozen=True)
class Table:
    """Rows of one grain. A missing value is None and prints as what `missing` says, never as 0."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[dict[str, Any]]
    notes: Sequence[str] = ()
    missing: str = "not disclosed"
    is_blocked: bool = False  # something recorded is in none of the figures

    def frame(self) -> pandas.DataFrame:
        """The rows as a pandas frame, decimals kept as they are."""
        import pandas

        return pandas.DataFrame(list(self.rows), columns=[column.key for column in self.columns])


@dataclass(frozen=True)
class Line:
    """A series for a chart: one value a year. [t CO2e]"""

    name: str
    years: Sequence[int]
    values: Sequence[float | None]  # None is a gap
    kind: str = "actual"  # actual, projected, published


@dataclass(frozen=True)
class Report:
    """The whole picture of a book, ready to be laid out."""

    organisation: str
    sample: str  # what a sample book says of its own figures
    boundary: str
    status: Sequence[str]  # one line each: data status, run, settings version
    inventory: Table  # by year: scope 1, scope 2 on both methods, after credits, as published
    verdicts: Sequence[tuple[str, Verdict]]  # (scenario, verdict)
    lines: Sequence[Line]
    target_years: Sequence[tuple[int, str]]
    sites: Table
    change: Table  # the last year on the year before
    outside: Table  # scope 3, outside the scopes, energy
    intensity: Table  # per person, per revenue
    coverage: Table
    problems: Sequence[Problem] = field(default_factory=list)
    footnotes: Sequence[str] = ()


def tonnes(grams: Decimal) -> Decimal:
    """Grams as tonnes, exact."""
    return grams.scaleb(-6)


def shown(value: Decimal, decimals: int = 1) -> Decimal:
    """A value as printed: rounded half away from zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
