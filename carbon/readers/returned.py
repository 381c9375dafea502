"""Templates that come back filled in: sheets that bear our mark, and the rows somebody filled in.

The mark is a text above the header (`layouts.TEMPLATE`), so it outlives another name of the sheet,
another spreadsheet, and saving as CSV. A row that holds nothing but what the template wrote into it
beforehand is not filled in: it is no entry and no fault.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carbon.errors import CarbonError
from carbon.layouts import LAYOUTS, NOT_READ, TEMPLATE, TEMPLATE_VERSION
from carbon.readers.headings import layout_of, ours
from carbon.readers.words import Cell, text

MARK = re.compile(rf"{TEMPLATE} ([0-9]{{1,4}})( {re.escape(NOT_READ)})?")


@dataclass(frozen=True)
class Mark:
    """Where the mark of a template stands among the rows of a sheet."""

    at: int
    is_read: bool


def mark_of(rows: Sequence[Sequence[Cell]], file: str) -> Mark | None:
    """The mark of a sheet. Raises CarbonError for one that a later version of the program made."""
    for at, cells in enumerate(rows):
        for cell in cells:
            found = MARK.fullmatch(cell.strip()) if isinstance(cell, str) else None
            if found and int(found[1]) > TEMPLATE_VERSION:
                raise _later(file)
            if found:
                return Mark(at, not found[2])
    return None


def typed_columns(header: Sequence[str]) -> list[int]:
    """The columns in which something makes a row of a template an entry."""
    layout = layout_of(header)
    if not layout:
        return list(range(len(header)))
    of = LAYOUTS[layout]
    typed = {*of.columns} - {*of.given}
    return [at for at, heading in enumerate(header) if ours(heading) in typed]


def is_filled(cells: Sequence[Cell], typed: Sequence[int], broken: Mapping[int, object]) -> bool:
    """Whether somebody filled a row in; a cell that cannot be read holds something."""
    return any(at in broken or (at < len(cells) and text(cells[at])) for at in typed)


def _later(file: str) -> CarbonError:
    return CarbonError(
        "later-template",
        f"{file} is a template of a later version of this program",
        where=file,
        looked_for=f"{TEMPLATE} {TEMPLATE_VERSION}",
        remedy="import it with that version, or copy its rows into a template of this one",
    )
