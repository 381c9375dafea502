"""The second engine: DataFusion, which runs the same SQL text and must give the same digits.

Needed only to prove the portable subset (`pip install 'carbon[test]'`); no book is kept on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from carbon.schema import RELATIONS

Row = tuple[Any, ...]


class Fusion:
    """DataFusion, holding every relation in memory."""

    def __init__(self, threads: int = 2) -> None:
        from datafusion import SessionConfig, SessionContext

        self.context = SessionContext(SessionConfig().with_target_partitions(threads))

    def load(self, relation: str, rows: Iterable[Row]) -> None:
        import pyarrow

        columns = RELATIONS[relation].columns
        fields = [pyarrow.field(name, _arrow(kind)) for name, kind in columns.items()]
        lists = list(zip(*rows, strict=True)) or [[] for _ in fields]
        arrays = [
            pyarrow.array(list(values), field.type)
            for values, field in zip(lists, fields, strict=True)
        ]
        self._register(relation, pyarrow.table(arrays, pyarrow.schema(fields)))

    def derive(self, relation: str, sql: str) -> None:
        self._register(relation, self.context.sql(sql).to_arrow_table())

    def define(self, relation: str, sql: str) -> None:
        self.derive(relation, sql)

    def rows(self, sql: str) -> list[Row]:
        table = self.context.sql(sql).to_arrow_table()
        return [tuple(row.values()) for row in table.to_pylist()]

    def _register(self, relation: str, table: Any) -> None:
        if self.context.table_exist(relation):
            self.context.deregister_table(relation)
        batches = table.to_batches() or [_empty(table)]
        self.context.register_record_batches(relation, [batches])


def _empty(table: Any) -> Any:
    import pyarrow

    return pyarrow.RecordBatch.from_pylist([], schema=table.schema)


def _arrow(kind: str) -> Any:
    """The Arrow type of a column type of the glossary."""
    import pyarrow

    if kind.startswith("decimal"):
        width, scale = kind[8:-1].split(",")
        return pyarrow.decimal128(int(width), int(scale))
    return {
        "varchar": pyarrow.string(),
        "integer": pyarrow.int32(),
        "bigint": pyarrow.int64(),
        "boolean": pyarrow.bool_(),
        "date": pyarrow.date32(),
        "timestamp": pyarrow.timestamp("us"),
    }[kind]
