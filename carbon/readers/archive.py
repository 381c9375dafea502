"""The packages workbooks come in: how much they hold, before anything is unpacked for good.

A few kilobytes can unpack to gigabytes, and a sheet with one cell in its last corner has seventeen
thousand million cells in between. `parts` measures a package and refuses both; nothing is ever
written to disk, so a path in it leads nowhere.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from carbon.errors import CarbonError

UNPACKED = 1 << 28  # bytes of a package, unpacked
CELLS = 8_000_000  # between the first cell of a sheet and its last
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
COLUMNS = re.compile(rb'\br="([A-Z]{1,3})[0-9]{1,7}"[^>]{0,400}[^/>]>')
ROWS = re.compile(rb'\br="[A-Z]{1,3}([0-9]{4,7})"[^>]{0,400}[^/>]>')
REPEATED = re.compile(rb'table:number-(columns|rows)-repeated="([0-9]{1,9})"')
FILLED = re.compile(rb"<table:table-cell\b([^>]{0,2000}?)(/?)>")
XLSB_CELLS = range(2, 12)  # records of cells that hold something


# What zipfile raises of a damaged package; of a method of packing that it does not know it says
# NotImplementedError, of one that is encrypted RuntimeError.
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError),
    *(NotImplementedError, RuntimeError),
)


class NotAWorkbook(Exception):
    """A zip archive that holds no workbook, or half of one."""


class Parts:
    """The parts of a package that has been measured."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.names = package.namelist()
        self.is_xlsx = "xl/workbook.xml" in self.names
        self.has_links = any(name.startswith("xl/externalLinks/") for name in self.names)

    def sheet(self, name: str) -> bytes:
        """The XML of one sheet of an XLSX."""
        try:
            book = _tree(self.package.read("xl/workbook.xml"))
            links = _tree(self.package.read("xl/_rels/workbook.xml.rels"))
            targets = {link.get("Id"): link.get("Target", "") for link in links}
            sheets = {each.get("name"): each.get(RELATION) for each in book.iterfind(".//{*}sheet")}
            target = posixpath.normpath(posixpath.join("/xl", targets[sheets[name]]))
            return self.package.read(target[1:])
        except (*BROKEN, ElementTree.ParseError, LookupError) as fault:  # also of its encoding
            raise NotAWorkbook from fault


def _tree(xml: bytes) -> ElementTree.Element:
    """A small part as a tree; a document type, which may define entities, is no part of one."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise NotAWorkbook
    return ElementTree.fromstring(xml)


def parts(data: bytes, file: str) -> Parts | None:
    """A package, measured; nothing for a workbook that is none. Raises CarbonError for a bomb."""
    if not data.startswith(b"PK"):
        return None
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        infos = package.infolist()
        if sum(each.file_size for each in infos) > UNPACKED or len(infos) > 10_000:
            raise _too_large(file, f"unpacked it is more than {UNPACKED >> 20} MiB")
        for each in infos:
            _measure(package, each, file)
    except BROKEN as fault:
        raise NotAWorkbook from fault
    return Parts(package)


def _measure(package: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> None:
    """Unpacks a part once, which proves that its size is the one stated, and measures a sheet."""
    content = package.read(part)
    name = part.filename
    if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
        corner = _corner(content)
    elif re.fullmatch(r"xl/worksheets/[^/]+\.bin", name):
        corner = _binary_corner(content)
    elif name == "content.xml":
        corner = _repeated(content)
    else:
        return
    check_size(*corner, file)


def check_size(rows: int, columns: int, file: str) -> None:
    """Raises CarbonError for a sheet that would fill the memory."""
    if rows * columns > CELLS:
        raise _too_large(file, f"a sheet reaches over {rows:,} rows and {columns:,} columns")


def _corner(xml: bytes) -> tuple[int, int]:
    """The last row and column of a sheet that hold something."""
    row = max((int(found[1]) for found in ROWS.finditer(xml)), default=1000)
    letters = {found[1] for found in COLUMNS.finditer(xml)}
    return row, max(map(_place, letters), default=1)


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def _binary_corner(content: bytes) -> tuple[int, int]:
    """The last row and column of a sheet of an XLSB that hold something."""
    row = last_row = last_column = 0
    for kind, start, size in _records(content):
        if kind == 0 and size >= 4:
            row = int.from_bytes(content[start : start + 4], "little")
        elif kind in XLSB_CELLS and size >= 4:
            last_row = max(last_row, row)
            last_column = max(last_column, int.from_bytes(content[start : start + 4], "little"))
    return last_row + 1, last_column + 1


def _records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of the records of a part of an XLSB."""
    at = 0
    while at < len(content):
        kind, at = _varied(content, at, 2)
        size, at = _varied(content, at, 4)
        yield kind, at, size
        at += size


def _varied(content: bytes, at: int, longest: int) -> tuple[int, int]:
    """A number of seven bits a byte, the last of them without its top bit."""
    value = 0
    for number in range(longest):
        if at >= len(content):
            break
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << (7 * number)
        if byte < 0x80:
            break
    return value, at


def _repeated(xml: bytes) -> tuple[int, int]:
    """At most how many rows and columns the sheets of an ODS hold.

    Blank cells and rows are repeated to the ends of the sheet, which costs nothing; only what is
    repeated with something in it counts.
    """
    rows = columns = 1
    for row in re.split(rb"<table:table-row\b", xml)[1:]:
        head, _, cells = row.partition(b">")
        is_filled = False
        width = 0
        for found in FILLED.finditer(cells):
            again = REPEATED.search(found[1])
            width += int(again[2]) if again else 1
            if b"office:value" in found[1] or not found[2]:
                is_filled = True
                columns = max(columns, width)
        again = REPEATED.search(head)
        rows += int(again[2]) if again and is_filled else 1
    return rows, columns


def _too_large(file: str, why: str) -> CarbonError:
    return CarbonError(
        "too-large",
        f"{file} is too large to be read: {why}",
        where=file,
        looked_for=f"at most {UNPACKED >> 20} MiB unpacked, and {CELLS:,} cells a sheet",
        remedy="delete what lies outside the table, or save the sheet alone as CSV (UTF-8)",
    )
