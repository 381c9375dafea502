"""A batch: what one command writes, with who, when and from where, whole or not at all.

`Batches` is what every part of the ledger writes and reads through. A batch is one transaction
with one row of `batch`; its number only rises, which makes it the cut-off of an inventory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from carbon.engine import insert_rows
from carbon.errors import LedgerError
from carbon.ledger.rows import now
from carbon.schema import LEDGER, Relation

if TYPE_CHECKING:
    import duckdb

    from carbon.engine import Row

CHUNK = 10_000  # rows handed to the engine at once; longer lists cost more per row
NEWEST = 2**31 - 1  # a cut-off after every batch


class Batches:
    """Batches written to, and rows read from, a connection to the file of a ledger."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self._shared: list[int] | None = None  # inside `one_batch`: its number, once it has one

    @property
    def last_batch(self) -> int:
        """The newest batch, 0 while there is none: the cut-off of an inventory made now."""
        return self._highest("batch", "batch_id")

    @contextmanager
    def one_batch(self) -> Iterator[None]:
        """Whatever is recorded in the block is one batch: all of it, or nothing."""
        with self._transaction():
            self._shared = []
            try:
                yield
            finally:
                self._shared = None

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of the block, or nothing of it, whatever interrupts it."""
        import duckdb

        if self._shared is not None:
            yield
            return
        self.con.execute("begin")
        try:
            yield
            self.con.execute("commit")
        except BaseException as fault:
            with suppress(duckdb.Error):  # a failed commit has rolled back already
                self.con.execute("rollback")
            if isinstance(fault, duckdb.Error):
                raise LedgerError(
                    "not-recorded",
                    "the ledger could not be written; nothing of this batch was recorded",
                    where=str(fault).splitlines()[0],
                    remedy="make sure the disk has room and the folder can be written, "
                    "then try again",
                ) from fault
            raise

    def _batch(
        self,
        kind: str,
        by: str,
        file: str,
        digest: str,
        note: str,
        recorded_at: datetime | None,
    ) -> int:
        """Write the row that says who, when and from where; gives its number."""
        if self._shared:
            return self._shared[0]
        batch_id = self.last_batch + 1
        when = recorded_at or now()
        self._write(LEDGER["batch"], [(batch_id, kind, file, digest, when, by, note)])
        if self._shared is not None:
            self._shared.append(batch_id)
        return batch_id

    def _write(self, relation: Relation, rows: Sequence[Row]) -> None:
        for start in range(0, len(rows), CHUNK):
            insert_rows(self.con, relation, rows[start : start + CHUNK])

    def _highest(self, table: str, column: str) -> int:
        rows = self.con.execute(f"select coalesce(max({column}), 0) from {table}").fetchall()
        return rows[0][0]

    def _dicts(self, sql: str, asked: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        rows = self.con.execute(sql, asked or {})
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
