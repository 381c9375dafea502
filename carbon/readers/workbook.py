"""What a workbook shows and a reader of its values does not: errors, merges, other sheets.

The values come from calamine, which gives '' for an error cell and for a formula that was never
calculated. Read so, a meter that a lookup failed to find would be no meter at all. `broken` finds
such cells in the workbook's own XML.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from carbon.errors import CarbonError, nearest
from carbon.readers.faults import Faults

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CELL = rb'<(?:\w+:)?c\b(?=[^>]*\br="([A-Z]+)([0-9]+)")'
FORMULA = rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)"
ERROR = re.compile(
    CELL + rb'(?=[^>]*\bt="e")[^>]*>\s*(?:' + FORMULA + rb")?\s*<(?:\w+:)?v>([^<]*)<"
)
UNCALCULATED = re.compile(  # a text that came out empty, t="str", is a value
    CELL + rb'(?![^>]*\bt="str")[^>]*>\s*' + FORMULA + rb"\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
Span = tuple[tuple[int, int], tuple[int, int]]


class NotAWorkbook(Exception):
    """A zip archive that holds no workbook, or half of one."""


def chosen(book: CalamineWorkbook, wanted: str, file: str, faults: Faults) -> str:
    """The name of the sheet to read: the one the column map names, or the first one shown."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    if wanted:
        if wanted in book.sheet_names:
            return wanted
        raise CarbonError(
            "unknown-sheet",
            f"{file} has no sheet {wanted!r}",
            where=file,
            looked_for="one of " + ", ".join(book.sheet_names),
            nearest=nearest(wanted, book.sheet_names),
            remedy="correct sheet = ... in the column map of carbon.toml",
        )
    shown = [
        each.name
        for each in book.sheets_metadata
        if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet
    ]
    first, *others = shown or book.sheet_names
    filled = [name for name in others if book.get_sheet_by_name(name).height]
    if filled:
        faults.add(_other_sheets(first, filled), severity="warning")
    return first


def _other_sheets(first: str, others: Sequence[str]) -> CarbonError:
    return CarbonError(
        "other-sheets",
        f"only the first sheet, {first!r}, was read; not read: {', '.join(map(repr, others))}",
        remedy="where they hold activities too, save each as a file of its own, or name it as "
        "sheet = ... in a column map",
    )


def broken(
    data: bytes, name: str, merged: Sequence[Span], height: int
) -> dict[int, dict[int, CarbonError]]:
    """By row and column (from 0), the cells whose value is not to be had.

    height : the rows of the sheet that hold anything; a merge may reach to the last row of Excel.
    """
    found: dict[int, dict[int, CarbonError]] = {}
    for (top, left), (bottom, right) in merged:
        spot = f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"
        for row in range(top, min(bottom + 1, height)):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    found.setdefault(row + 1, {})[column] = _merged(spot)
    xml = _sheet_xml(data, name)
    for letters, row, error in ERROR.findall(xml):
        found.setdefault(int(row), {})[_column(letters)] = _error(error.decode())
    for letters, row in UNCALCULATED.findall(xml):
        found.setdefault(int(row), {})[_column(letters)] = _uncalculated()
    return found


def _merged(spot: str) -> CarbonError:
    return CarbonError(
        "merged-cell",
        f"the cells {spot} are merged, so what the rows under it hold is not written down",
        looked_for="one value in each cell",
        remedy="unmerge the cells and fill each of them",
    )


def _error(error: str) -> CarbonError:
    return CarbonError(
        "error-cell",
        f"a cell holds the Excel error {error}",
        looked_for="a value",
        remedy="mend the formula, or write the value",
    )


def _uncalculated() -> CarbonError:
    return CarbonError(
        "error-cell",
        "a cell holds a formula that was never calculated",
        looked_for="a value",
        remedy="open the workbook in a spreadsheet and save it, or write the value",
    )


def _sheet_xml(data: bytes, name: str) -> bytes:
    """The XML of one sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
            targets = {link.get("Id"): link.get("Target", "") for link in links}
            sheets = {each.get("name"): each.get(RELATION) for each in book.iterfind(".//{*}sheet")}
            target = targets[sheets[name]]
            return archive.read(target[1:] if target.startswith("/") else f"xl/{target}")
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, OSError) as fault:
        raise NotAWorkbook from fault


def _column(letters: bytes) -> int:
    """0 for A, 26 for AA."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def _letters(column: int) -> str:
    """A for 0, AA for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
