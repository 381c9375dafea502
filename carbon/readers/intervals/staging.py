"""A file of readings as the table `line`, read by DuckDB: its rows as text, in the file's order.

`beginning` reads the first rows alone, by the same means as any file, so that header, delimiter and
columns are found alike; `stage` then loads all of them. `numbered` is the same with the number of
each row as a person sees it in the file.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from carbon.engine import connect
from carbon.errors import CarbonError
from carbon.readers import delimited, encodings
from carbon.readers.faults import Faults
from carbon.readers.files import Raw, Sheet, sheet_of, too_large
from carbon.readers.intervals.tables import insert
from carbon.readers.words import text
from carbon.settings import ColumnMap

if TYPE_CHECKING:
    import duckdb

HEAD = 1 << 18  # bytes by which a file is judged
LARGEST = 1 << 32  # bytes of a file of readings
LOOKED_AT = 2000  # records of a Parquet file by which it is judged
PIECE = 1 << 22  # bytes hashed at once


@dataclass(frozen=True)
class Beginning:
    """The first rows of a file, and how the others are read."""

    path: Path
    sheet: Sheet
    problems: Faults
    delimiter: str = ""  # '' for Parquet
    is_utf8: bool = True
    encoding: str = ""  # as the column map says it


def beginning(path: Path, wanted: ColumnMap) -> Beginning | None:
    """The first rows of a CSV or Parquet file; nothing for one that is neither, or is faulty."""
    file = path.name if path.is_absolute() else path.as_posix()
    try:
        with path.open("rb") as opened:
            data = opened.read(HEAD)
    except OSError:
        return None
    if data.startswith(b"PAR1"):
        return _of_parquet(path, file, wanted)
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start or start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<")):
        return None
    whole = data if len(data) < HEAD else data[: data.rfind(b"\n") + 1]
    faults = Faults(file)
    try:
        content = encodings.decoded(whole, file, wanted.encoding, faults)
        delimiter = delimited.delimiter_of(content, wanted)
        raw = Raw(delimited.records(content, file, wanted), is_local=delimiter != ",")
        sheet = sheet_of(raw, file, "", wanted, faults)
    except CarbonError:
        return None
    is_utf8 = content.encode() == whole.removeprefix(b"\xef\xbb\xbf")
    if not sheet or not sheet.rows:
        return None
    return Beginning(path, sheet, faults, delimiter, is_utf8, wanted.encoding)


def _of_parquet(path: Path, file: str, wanted: ColumnMap) -> Beginning | None:
    import duckdb

    faults = Faults(file)
    try:
        with connect() as con:
            names, columns = _parquet_columns(con, path)
            sql = f"select {columns} from {_parquet(path)} limit {LOOKED_AT}"
            records = con.execute(sql).fetchall()
    except duckdb.Error:
        return None
    rows = [
        (0, list(names)),
        *((n, ["" if c is None else c for c in r]) for n, r in _from(records)),
    ]
    sheet = sheet_of(Raw(rows, has_names=True), file, "", wanted, faults)
    return Beginning(path, sheet, faults) if sheet and sheet.rows else None


def _from(records: list[Any]) -> Iterator[tuple[int, Any]]:
    return enumerate(records, start=1)


@dataclass(frozen=True)
class Staged:
    """What was loaded."""

    digest: str  # sha256 of the file's bytes
    width: int
    count: int


def stage(con: duckdb.DuckDBPyConnection, begun: Beginning) -> Staged:
    """Load a file into `line`. Raises CarbonError where its rows cannot be told apart."""
    sheet = begun.sheet
    size = begun.path.stat().st_size
    if size > LARGEST:
        raise too_large(sheet.file, f"{size >> 20:,} MiB", f"{LARGEST >> 20:,} MiB")
    hashed = _Hash(begun.path)
    hashed.start()
    if begun.delimiter:
        with _as_utf8(begun) as path:
            _load_csv(con, path, begun)
    else:
        _, columns = _parquet_columns(con, begun.path)
        con.execute(
            f"create or replace temp table line as select {columns} from {_parquet(begun.path)}"
        )
    (count,) = con.execute("select count(*) from line").fetchone() or (0,)
    hashed.join()
    _number_rows(con, begun, count, hashed.lines)
    return Staged(hashed.digest, len(sheet.header), count)


class _Hash(Thread):
    """Digest and line ends of a file, worked out while it is read."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self.path, self.digest, self.lines = path, "", 0

    def run(self) -> None:
        found, last = hashlib.sha256(), b"\n"
        with self.path.open("rb") as opened:
            while piece := opened.read(PIECE):
                found.update(piece)
                self.lines += piece.count(b"\n")
                last = piece[-1:]
        self.lines += last != b"\n"
        self.digest = found.hexdigest()


@contextmanager
def _as_utf8(begun: Beginning) -> Iterator[Path]:
    """The file itself, or a copy of it in UTF-8 for as long as the block runs."""
    if begun.is_utf8:
        yield begun.path
        return
    data = begun.path.read_bytes()
    content = encodings.decoded(data, begun.sheet.file, begun.encoding, begun.problems)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.csv"
        path.write_text(content, encoding="utf-8", newline="")
        yield path


def _load_csv(con: duckdb.DuckDBPyConnection, path: Path, begun: Beginning) -> None:
    import duckdb

    first = begun.sheet.rows[0]
    kinds = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(begun.sheet.header)))
    delimiter = begun.delimiter.replace("'", "''")
    try:
        con.execute(
            "create or replace temp table line as select * from read_csv("
            f"'{_literally(path)}', skip = {first.number - 1}, header = false, auto_detect = false,"
            f" delim = '{delimiter}', quote = '\"', escape = '\"', null_padding = true,"
            f" columns = {{{kinds}}})"
        )
    except duckdb.Error as fault:
        raise _unreadable(begun.sheet.file, str(fault), len(begun.sheet.header)) from None
    found = con.execute("select * from line limit 1").fetchone()
    if not found or [text(each or "") for each in found] != [text(cell) for cell in first.cells]:
        raise _unreadable(begun.sheet.file, "", len(begun.sheet.header))


def _number_rows(con: duckdb.DuckDBPyConnection, begun: Beginning, count: int, lines: int) -> None:
    """The view `numbered`. Blank lines, which the engine passes over, are found again here."""
    first = begun.sheet.rows[0].number
    shift, source = "", "line as l"
    if begun.delimiter and lines - first + 1 != count:
        blank = _blank_lines(begun, first)
        if lines - first + 1 - len(blank) != count and begun.is_utf8:
            raise _unreadable(begun.sheet.file, "", len(begun.sheet.header))
        shifts = [(number - first - before, before + 1) for before, number in enumerate(blank)]
        last = [here for here, after in pairwise([*shifts, (-1, 0)]) if here[0] != after[0]]
        insert(con, "blank_line", last, record="bigint", shift="integer")
        shift = " + coalesce(b.shift, 0)"
        source = "line as l asof left join blank_line as b on l.rowid >= b.record"
    columns = ", ".join(f"l.c{place}" for place in range(len(begun.sheet.header)))
    con.execute(
        f"create or replace temp view numbered as select cast(l.rowid + {first}{shift} as integer)"
        f" as row, {columns} from {source}"
    )


def _blank_lines(begun: Beginning, first: int) -> list[int]:
    """The numbers of the blank lines below the header."""
    with _as_utf8(begun) as path, path.open(encoding="utf-8-sig", newline=None) as opened:
        return [n for n, said in enumerate(opened, start=1) if n >= first and said in ("\n", "")]


def _parquet_columns(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[list[str], str]:
    """The names of the columns, and what gives each as text that loses nothing."""
    described = con.execute(f"describe select * from {_parquet(path)}").fetchall()
    columns = [
        f"{_as_text(name, kind)} as c{place}" for place, (name, kind, *_) in enumerate(described)
    ]
    return [name for name, *_ in described], ", ".join(columns)


def _as_text(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind == "DOUBLE":
        return f"format('{{:.15g}}', {quoted})"  # as a workbook shows it
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"cast(make_timestamp(epoch_us({quoted})) as varchar) || 'Z'"
    return f"cast({quoted} as varchar)"


def _parquet(path: Path) -> str:
    return f"read_parquet('{_literally(path)}', hive_partitioning = false)"


def _literally(path: Path) -> str:
    """A path within quotes, no pattern."""
    return re.sub(r"([\[*?])", r"[\1]", str(path)).replace("'", "''")


def _unreadable(file: str, told: str, width: int) -> CarbonError:
    """What the engine found wrong, in words."""
    line = re.search(r"CSV Error on Line: (\d+)", told)
    where = f"{file}, row {line[1]}" if line else file
    if "Expected Number of Columns" in told:
        return CarbonError(
            "row-too-long",
            f"a row has more cells than the header has columns ({width})",
            where=where,
            looked_for="as many cells as columns",
            remedy="put cells with a comma inside in quotes, and write numbers without thousands "
            "separators",
        )
    if "unicode" in told:
        return CarbonError(
            "wrong-encoding",
            "the file begins as UTF-8 and goes on in another encoding",
            where=where,
            looked_for="one encoding",
            remedy='say encoding = "gb18030" (or "latin-1") in a column map, or save it as UTF-8',
        )
    return CarbonError(
        "broken-quotes",
        "the rows of the file cannot be told apart",
        where=where,
        looked_for="a line a row; in a file of readings no cell holds a line break",
        remedy="mend the quotes of this row, or take them out",
    )
