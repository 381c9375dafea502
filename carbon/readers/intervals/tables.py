"""Small tables handed to the engine, and numbers that it may read by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from carbon.engine import insert_rows
from carbon.schema.kinds import Relation

if TYPE_CHECKING:
    import duckdb

# A number that DuckDB reads exactly as `readers.words.number` does: digits, one point, no more than
# six decimals; no exponent, no underscore and no seventh decimal, which a cast would let pass.
PLAIN = r"regexp_full_match({}, '[+-]?([0-9]{{1,11}}(\.[0-9]{{0,6}})?|\.[0-9]{{1,6}})')"


def insert(
    con: duckdb.DuckDBPyConnection, name: str, rows: Sequence[tuple[Any, ...]], **columns: str
) -> None:
    """Make a temporary table of rows."""
    listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    con.execute(f"create or replace temp table {name} ({listed})")
    insert_rows(con, Relation(name, "", columns), rows)
