"""The file of a ledger: who may open it now, and whether it is a ledger at all.

`locked` keeps every other program out while its block runs, `connected` gives the connection,
`create_tables` makes the tables of the glossary and `check_tables` finds them there. DuckDB's own
lock is not relied on: DuckDB 2.0.0 lost committed rows of processes that took turns on one file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from carbon.engine import connect
from carbon.errors import LedgerError
from carbon.schema import ADDED, LEDGER, Relation

if TYPE_CHECKING:
    import duckdb


@contextmanager
def locked(path: Path, timeout: float) -> Iterator[None]:
    """The book's lock, for as long as the block runs. The timeout is in seconds."""
    from filelock import FileLock, Timeout

    try:
        lock = FileLock(f"{path}.lock", timeout=timeout).acquire()
    except Timeout:
        raise _in_use(path, timeout) from None
    except OSError as fault:
        raise LedgerError(
            "book-not-writable",
            f"the folder of {path.name} cannot be written: {fault.strerror or fault}",
            where=str(path.parent),
            remedy="copy the book to a folder of your own, or ask for the right to write there",
        ) from None
    with lock:
        yield


def connected(path: Path, timeout: float) -> duckdb.DuckDBPyConnection:
    """A connection to the file. Raises LedgerError where it is taken, or no ledger."""
    import duckdb

    try:
        return connect(path)
    except duckdb.Error as fault:
        if "lock on file" in str(fault):
            raise _in_use(path, timeout) from None
        raise _no_ledger(path, str(fault).splitlines()[0]) from None


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of an empty ledger, or what an older one lacks, all or none."""
    con.execute("begin")
    for relation in LEDGER.values():
        con.execute(f"create table if not exists {relation.name} ({columns_of(relation)})")
    for (table, name), said in ADDED.items():
        kind = LEDGER[table].columns[name]
        value = "null" if said is None else f"cast('{said}' as {kind})"
        con.execute(f"alter table {table} add column if not exists {name} {kind} default {value}")
    con.execute("commit")


def is_older(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the file is a ledger of an earlier version: it lacks whole tables, or columns that
    came later."""
    tables = _columns(con)
    lacks = set(LEDGER) - set(tables)
    lacks |= {table for table, name in ADDED if name not in tables.get(table, ())}
    return bool({"batch", "entry"} <= set(tables) and lacks)


def check_tables(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raises LedgerError unless the file holds the tables of the glossary."""
    tables = _columns(con)
    for relation in LEDGER.values():
        held = tables.get(relation.name, ())
        missing = [name for name in relation.columns if name not in held]
        if missing:
            lacks = f"its table {relation.name} lacks {', '.join(missing)}"
            raise _no_ledger(path, lacks)


def _columns(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """The columns of each table of the file."""
    rows = con.execute(
        "select table_name, column_name from information_schema.columns"
        " where table_catalog = current_database()"
    ).fetchall()
    found: dict[str, set[str]] = {}
    for table, name in rows:
        found.setdefault(table, set()).add(name)
    return found


def columns_of(relation: Relation) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in relation.columns.items())


def _in_use(path: Path, waited: float) -> LedgerError:
    return LedgerError(
        "book-in-use",
        f"another program is using this book; waited {waited} s for it to finish",
        where=str(path),
        remedy="close the other command, notebook or program that has the book open, "
        "then try again",
    )


def _no_ledger(path: Path, why: str) -> LedgerError:
    return LedgerError(
        "not-a-ledger",
        f"{path.name} is not a ledger that this version can read",
        where=f"{path}\n{why}",
        remedy="use the version of carbon that wrote it, or restore the file from a copy",
    )
