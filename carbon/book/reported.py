"""What a book says of a file: what became of it, or how it would be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from carbon import readers, settings
from carbon.errors import Problem
from carbon.tables import Column, Table


@dataclass(frozen=True)
class ImportReport:
    """What became of one file, or of one logged line."""

    file: str
    layout: str
    recorded: int = 0
    known: int = 0
    corrected: int = 0
    offered: Sequence[Any] = ()
    problems: Sequence[Problem] = field(default_factory=list)
    refused_files: Sequence[Path] = ()
    entry_ids: Sequence[int] = ()
    entries: int = 0  # that readings were summed into; elsewhere a row is an entry


@dataclass(frozen=True)
class Proposal:
    """A column map proposed for a file, and what would be read by it."""

    file: str
    name: str
    column_map: settings.ColumnMap
    toml: str
    read: readers.Read[Any]

    def table(self, most: int = 5) -> Table:
        """The first rows as they would be read."""
        rows = [
            {
                "row": each.row,
                "site": each.site,
                "meter": each.meter,
                "activity": each.activity,
                "start_on": each.start_on,
                "end_on": each.end_on,
                "quantity": each.quantity,
                "unit": each.unit,
            }
            for each in self.read.records[:most]
        ]
        return Table("preview", "The first rows, as they would be read", PREVIEW, rows, missing="")


PREVIEW = (
    Column("row", "Row", kind="count"),
    Column("site", "Site"),
    Column("meter", "Meter"),
    Column("activity", "Activity"),
    Column("start_on", "From"),
    Column("end_on", "To"),
    Column("quantity", "Quantity", kind="exact"),
    Column("unit", "Unit"),
)
