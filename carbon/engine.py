"""The engine: relations go in, SQL text runs, relations come out.

`Engine` says what any engine must do; `Duck` does it on DuckDB, where the book lives. The
calculation in `carbon/sql/` is plain text that no engine rewrites, so a second one (`fusion`)
runs the very same files: that is how the portable subset is proven rather than promised.

A relation is derived, which keeps its rows, or defined, which keeps its query: it is worked out
where another relation reads it, and kept once an answer asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from carbon.connection import Connection, column, literal
from carbon.errors import CarbonError
from carbon.schema import RELATIONS, Relation

if TYPE_CHECKING:
    import duckdb

SQL = Path(__file__).parent / "sql"
WORD = re.compile(r"[a-z_]+")
CHUNK = 5_000  # rows of one insert; longer lists are slower per row
CONFIG = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}

Row = tuple[Any, ...]


class Engine(Protocol):
    """What an engine must do."""

    def load(self, relation: str, rows: Iterable[Row]) -> None:
        """Make a native table of `relation` from rows in the order of its columns."""

    def derive(self, relation: str, sql: str) -> None:
        """Make `relation` from a query over the relations there already are."""

    def define(self, relation: str, sql: str) -> None:
        """Make `relation` known by a query over the relations there already are."""

    def rows(self, sql: str) -> list[Row]:
        """The rows of a query, decimals exact."""


class Duck:
    """DuckDB. Everything derived is a temporary table, so a calculation never writes to a book."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self._defined: dict[str, str] = {}  # relations that keep their query

    def load(self, relation: str, rows: Iterable[Row]) -> None:
        columns = RELATIONS[relation].columns
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        self._create("table", relation, f"({listed})")
        insert_rows(self.con, RELATIONS[relation], list(rows))

    def derive(self, relation: str, sql: str) -> None:
        import duckdb

        self._defined.pop(relation, None)
        try:
            self._create("table", relation, f"as {sql}")
        except duckdb.Error as fault:
            raise _too_large(fault, relation) from fault

    def define(self, relation: str, sql: str) -> None:
        self._create("view", relation, f"as {sql}")
        self._defined[relation] = sql

    def rows(self, sql: str) -> list[Row]:
        for relation in self._defined.keys() & set(WORD.findall(sql)):
            self.derive(relation, self._defined[relation])
        return self.con.execute(sql).fetchall()

    def _create(self, kind: str, relation: str, rest: str) -> None:
        """Put a table or view in the place of whatever has its name."""
        import duckdb

        made = f"create or replace temp {kind} {relation} {rest}"
        try:
            self.con.execute(made)
        except duckdb.CatalogException as fault:
            if "Existing object" not in str(fault):
                raise
            other = "view" if kind == "table" else "table"
            self.con.execute(f"drop {other} temp.{relation}")
            self.con.execute(made)


def connect(path: str | Path = ":memory:", *, read_only: bool = False) -> Connection:
    """A DuckDB connection that never reaches for the network."""
    import duckdb

    return Connection(duckdb.connect(str(path), read_only=read_only, config=CONFIG))


def insert_rows(con: Connection, relation: Relation, rows: Sequence[Row]) -> None:
    """Write rows exactly: values travel as text, and are cast by the table's own types."""
    if not rows:
        return
    kinds = relation.columns
    into = f"insert into {relation.name} by name"
    for start in range(0, len(rows), CHUNK):
        columns = list(zip(*rows[start : start + CHUNK], strict=True))
        alike = [values.count(values[0]) == len(values) for values in columns]
        if all(alike):  # one goes row by row, and tells how many rows there are
            alike[0] = False
        parts = [
            None if kind.endswith("[]") else _given(values, kind, once)
            for values, kind, once in zip(columns, kinds.values(), alike, strict=True)
        ]
        if None not in parts:
            named = [f"{part} as {name}" for part, name in zip(parts, kinds, strict=True)]
            con.execute(f"{into} select {', '.join(named)}")
        else:  # a list, or a text that holds what would part it from the next
            unnested = [f"unnest(?::{_carrier(kind)}[]) as {name}" for name, kind in kinds.items()]
            lists = [
                [_plain(value) if _carrier(kind) == "varchar" else value for value in values]
                for values, kind in zip(columns, kinds.values(), strict=True)
            ]
            cast = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in kinds.items())
            con.execute(f"{into} select {cast} from (select {', '.join(unnested)})", lists)


@cache
def sql_text(name: str) -> str:
    """The text of carbon/sql/NAME.sql, read once."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def _given(values: Row, kind: str, once: bool) -> str | None:
    """A column as an expression, of one value where all are alike; None where it has none."""
    if not once:
        return column(map(_plain, values), kind)
    written = literal(_plain(values[0]))
    return written and f"cast({written} as {kind})"


def _plain(value: object) -> str | None:
    """A value as text that a cast reads back exactly."""
    if type(value) is str or value is None:
        return value
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _carrier(kind: str) -> str:
    """The type a value travels as, where it is given to the client."""
    return "varchar" if kind.startswith("decimal") else kind


def _too_large(fault: Exception, relation: str) -> Exception:
    """DuckDB raises where a number does not fit; say so in words."""
    text = str(fault)
    if "ut of Range" not in text and "overflow" not in text.lower() and "Conversion" not in text:
        return fault
    return CarbonError(
        "overflow",
        f"a quantity or total is too large to be counted exactly in {relation!r}",
        where=text.splitlines()[0],
        remedy="look for an entry in the wrong unit among `carbon entries`, or such a number in a "
        "scenario",
    )
