"""Workbooks: what they hold, and what they show that a reader of their values does not see.

The values come from calamine, which gives '' for an error cell and for a formula that was never
calculated. Read so, a meter that a lookup failed to find would be no meter at all. `_broken` finds
such cells in the XML of an XLSX. Before anything is read, `archive` has looked at its size.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbon.errors import CarbonError, nearest
from carbon.readers import archive
from carbon.readers.faults import KINDS, Faults

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

CELL = rb'<(?:\w{1,9}:)?c\b(?=[^>]{0,400}\br="([A-Z]+)([0-9]+)")'
FORMULA = rb"<(?:\w{1,9}:)?f\b[^>]{0,400}(?:/>|>[^<]{0,9000}</(?:\w{1,9}:)?f>)"
ERROR = re.compile(
    CELL + rb'(?=[^>]{0,400}\bt="e")[^>]{0,400}>\s{0,99}(?:' + FORMULA + rb")?\s{0,99}"
    rb"<(?:\w{1,9}:)?v>([^<]{0,99})<"
)
UNCALCULATED = re.compile(  # a text that came out empty, t="str", is a value
    CELL + rb'(?![^>]{0,400}\bt="str")[^>]{0,400}>\s{0,99}' + FORMULA + rb"\s{0,99}"
    rb"(?:<(?:\w{1,9}:)?v\s{0,9}/>|<(?:\w{1,9}:)?v></(?:\w{1,9}:)?v>)?\s{0,99}</(?:\w{1,9}:)?c>"
)
Span = tuple[tuple[int, int], tuple[int, int]]
Broken = dict[int, dict[int, CarbonError]]


@dataclass
class Found:
    """One worksheet. `broken` and `covered` go by row (from 1) and column (from 0)."""

    name: str
    values: list[list[Any]]
    broken: Broken
    covered: Broken  # filled with the value of the merge they lie under
    hides_errors: bool


def sheets(data: bytes, file: str, wanted: str, faults: Faults) -> Iterator[Found]:
    """The worksheets that are shown, or the one that is wanted. Raises CarbonError for none."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        parts = archive.parts(data, file)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = _chosen(book, wanted, file)
        if parts and parts.has_links:
            faults.add(_linked(), severity="note")
        for name in names:
            sheet = book.get_sheet_by_name(name)
            archive.check_size(sheet.total_height, sheet.total_width, file)
            yield _found(sheet, name, parts)
    except (CalamineError, archive.NotAWorkbook):
        raise _unreadable(data, file) from None
    except Exception as fault:
        if isinstance(fault, CarbonError):
            raise
        raise _unreadable(data, file) from None
    except BaseException as fault:  # a panic of the Rust library is no Exception
        if type(fault).__name__ != "PanicException":
            raise
        raise _unreadable(data, file) from None


def _found(sheet: CalamineSheet, name: str, parts: archive.Parts | None) -> Found:
    values = sheet.to_python(skip_empty_area=False)
    covered = _covered(values, sheet.merged_cell_ranges or [])
    xml = parts.sheet(name) if parts and parts.is_xlsx else b""
    return Found(name, values, _broken(xml), covered, hides_errors=not xml)


def _unreadable(data: bytes, file: str) -> CarbonError:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        is_locked = "EncryptedPackage".encode("utf-16-le") in data
        what = "is locked by a password" if is_locked else "is no Excel workbook, or a damaged one"
    else:
        what = "is not a workbook that can be read"
    return CarbonError(
        "not-a-table",
        f"{file} {what}",
        where=file,
        looked_for=f"a {KINDS} file",
        remedy="open it in a spreadsheet and save it without a password as .xlsx or CSV (UTF-8)",
    )


def _linked() -> CarbonError:
    return CarbonError(
        "linked-workbook",
        "some cells are taken from other workbooks, and were read as they were last saved",
        remedy="open it in a spreadsheet, update the links and save it, if it may be out of date",
    )


def _chosen(book: CalamineWorkbook, wanted: str, file: str) -> list[str]:
    """The sheets to look at: the one the column map names, or those shown."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    if wanted:
        if wanted in book.sheet_names:
            return [wanted]
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
    return shown or book.sheet_names


def _covered(values: list[list[Any]], merged: Sequence[Span]) -> Broken:
    """Fills the cells that lie under a merge with its value, and names them."""
    found: Broken = {}
    height, width = len(values), max(map(len, values), default=0)
    room = archive.CELLS
    for (top, left), (bottom, right) in merged:
        bottom, right = min(bottom, height - 1), min(right, width - 1)
        room -= max(0, bottom - top + 1) * max(0, right - left + 1)
        if room < 0:
            raise archive.NotAWorkbook
        fault = _merged(f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}")
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    values[row][column] = values[top][left]
                    found.setdefault(row + 1, {})[column] = fault
    return found


def _broken(xml: bytes) -> Broken:
    """The cells whose value is not to be had."""
    found: Broken = {}
    for letters, row, error in ERROR.findall(xml):
        found.setdefault(int(row), {})[_column(letters)] = _error(error.decode("utf-8", "replace"))
    for letters, row in UNCALCULATED.findall(xml):
        found.setdefault(int(row), {})[_column(letters)] = _uncalculated()
    return found


def _merged(spot: str) -> CarbonError:
    return CarbonError(
        "merged-cell",
        f"the cells {spot} are merged, so what each of them holds is not written down",
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
