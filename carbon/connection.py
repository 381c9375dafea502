"""A DuckDB connection whose values travel in the text of a statement that DuckDB has prepared.

The client of DuckDB imports pandas, numpy and pyarrow to look at the first value it is given beside
a statement, which takes longer than most commands do. Here a statement is prepared as it stands,
with its own signs for values, and then executed with literals: DuckDB alone says where a value
goes, and none can become anything else. What has no literal goes the client's own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

Values = Sequence[Any] | Mapping[str, Any]
VERBS = ("select", "with", "insert", "delete", "update", "from")  # what can be prepared
FIELD, NOTHING = "\x1f", "\x1e"  # between the values of a column, and for none


class Connection:
    """A connection of DuckDB, but for the way its values go."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._con.close()

    def execute(self, sql: str, values: Values | None = None) -> duckdb.DuckDBPyConnection:
        """Run a statement with its values."""
        if not values:
            return self._con.execute(sql)
        written = literals(values) if sql.lstrip().startswith(VERBS) else None
        if written is None:
            return self._con.execute(sql, values)
        self._con.execute(f"prepare bound as {sql}")
        return self._con.execute(f"execute bound({written})")


def literals(values: Values) -> str | None:
    """Values as the arguments of a prepared statement; None where one has no literal.

    >>> literals(["it's", 3, Decimal("0.50"), None, date(2023, 7, 1)])
    "'it''s', 3, 0.50, null, date '2023-07-01'"
    >>> literals({"year": 2023}), literals([b"bytes"])
    ('year := 2023', None)
    """
    named = isinstance(values, Mapping)
    found = [literal(each) for each in (values.values() if named else values)]
    if any(each is None for each in found):
        return None
    if named:
        found = [f"{name} := {each}" for name, each in zip(values, found, strict=True)]
    return ", ".join(str(each) for each in found)


def literal(value: Any) -> str | None:
    """A value as DuckDB writes it in SQL; None where it has no such literal."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if type(value) is int:
        return f"{value}" if value.bit_length() < 128 else None  # beyond is read as a float
    if type(value) is str:
        return None if "\0" in value else quoted(value)
    if isinstance(value, Decimal):
        return decimal(value)
    if type(value) is datetime and value.tzinfo is None:
        return f"timestamp '{value.isoformat(' ')}'"
    if type(value) is date:
        return f"date '{value.isoformat()}'"
    if isinstance(value, list | tuple):
        parts = [literal(each) for each in value]
        is_mixed = len({type(each) for each in value if each is not None}) > 1
        return None if is_mixed or None in parts else f"[{', '.join(map(str, parts))}]"
    return None


def decimal(value: Decimal) -> str | None:
    """A decimal as a literal that is read as one: without a point a whole one would be an integer,
    and beyond 38 digits it would be a float."""
    text = f"{value:f}"
    if not value.is_finite() or len(text) >= 38:
        return None
    return text if "." in text else f"{text}."


def quoted(text: str) -> str:
    """A text as a literal of SQL, in which only the quote itself has a meaning."""
    return "'" + text.replace("'", "''") + "'"


def column(values: Iterable[str | None], kind: str = "varchar") -> str | None:
    """A column of texts as one expression that gives them row by row, cast to a type; None where a
    text holds what parts them.

    A whole list is cast at once where it can be, in half the time of its rows one by one.
    """
    held = list(values)
    every = [NOTHING if value is None else value for value in held]
    text = FIELD.join(every)
    if text.count(FIELD) >= len(held) or text.count(NOTHING) != held.count(None) or "\0" in text:
        return None
    split = f"string_split({quoted(text)}, '{FIELD}')"
    if NOTHING in text:
        return f"cast(nullif(unnest({split}), '{NOTHING}') as {kind})"
    return f"unnest(cast({split} as {kind}[]))"
