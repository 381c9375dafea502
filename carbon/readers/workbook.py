"""Workbooks: what they hold, and what they show that a reader of their values does not see.

The values come from calamine, which gives '' for an error cell and for a formula that was never
calculated. Read so, a meter that a lookup failed to find would be no meter at all. `_broken` finds
such cells in the XML of an XLSX. Before anything is read, `archive` has looked at its size.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from carbon.errors import CarbonError, nearest
from carbon.readers import apart, archive
from carbon.readers.faults import KINDS, Faults

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
PANICS = ("PanicException", "OverflowError", "ValueError", "MemoryError")  # of the Rust library
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
    try:
        parts = archive.parts(data, file)
    except archive.NotAWorkbook:
        raise _unreadable(data, file) from None
    if parts and parts.is_xlsx:
        if parts.has_links:
            faults.add(_linked(), severity="note")
        yield from _read_here(data, file, wanted, parts)
    else:
        yield from _read_apart(data, file, wanted)


def _read_apart(data: bytes, file: str, wanted: str) -> Iterator[Found]:
    """The worksheets of an XLS, XLSB or ODS."""
    try:
        pages = apart.pages(data, archive.CELLS)
    except apart.Failed:
        raise _unreadable(data, file) from None
    shown = [page.name for page in pages if page.is_shown]
    names = _chosen([page.name for page in pages], shown, wanted, file)
    for page in pages:
        if page.name in names:
            archive.check_size(page.rows, page.columns, file)
            covered = _covered(page.values, page.merged)
            yield Found(page.name, page.values, {}, covered, hides_errors=True)


def _read_here(data: bytes, file: str, wanted: str, parts: archive.Parts) -> Iterator[Found]:
    """The worksheets of an XLSX."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        with _quiet():
            book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [
            each.name
            for each in book.sheets_metadata
            if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet
        ]
        for name in _chosen(book.sheet_names, shown, wanted, file):
            with _quiet():
                sheet = book.get_sheet_by_name(name)
                archive.check_size(sheet.total_height, sheet.total_width, file)
                values = sheet.to_python(skip_empty_area=False)
            covered = _covered(values, sheet.merged_cell_ranges or [])
            yield Found(name, values, _broken(parts.sheet(name)), covered, hides_errors=False)
    except (CalamineError, archive.NotAWorkbook):
        raise _unreadable(data, file) from None
    except BaseException as fault:
        if isinstance(fault, CarbonError) or type(fault).__name__ not in PANICS:
            raise
        raise _unreadable(data, file) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing on standard error: a panic of the Rust library prints its backtrace there."""
    try:
        held, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # there is no standard error
        yield
        return
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(held, 2)
        os.close(held)
        os.close(nowhere)


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


def _chosen(names: Sequence[str], shown: Sequence[str], wanted: str, file: str) -> Sequence[str]:
    """The sheets to look at: the one the column map names, or those shown."""
    if not wanted:
        return shown or names
    if wanted in names:
        return [wanted]
    raise CarbonError(
        "unknown-sheet",
        f"{file} has no sheet {wanted!r}",
        where=file,
        looked_for="one of " + ", ".join(names),
        nearest=nearest(wanted, names),
        remedy="correct sheet = ... in the column map of carbon.toml",
    )


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
