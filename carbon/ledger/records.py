"""Certificates, credits, denominators, equipment and service events: what was said of each id.

`record` writes rows as one batch and offers what differs from a known id as a change; `current`
gives the newest row of each id at a cut-off. A row replaces the one before it under the same id and
a withdrawal ends it; all stay in the table, so that a claim can be followed back to its first day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from carbon.errors import LedgerError
from carbon.ledger.batches import NEWEST, Batches
from carbon.ledger.checks import check_claims, check_evidence
from carbon.ledger.compare import Change, Offer, Outcome, compare_records
from carbon.ledger.rows import KEYS, Record, name_of, record_key, record_row
from carbon.schema import LEDGER


class Records(Batches):
    """The part of a ledger that is known by ids."""

    def record(
        self,
        table: str,
        rows: Sequence[Record],
        *,
        by: str,
        kind: str = "import",
        file: str = "",
        digest: str = "",
        note: str = "",
        accept_corrections: bool = False,
        recorded_at: datetime | None = None,
    ) -> Outcome:
        """Record certificates, credits, denominators, equipment or service events as one batch.

        Rows already recorded are skipped; one that says something else of a known id is offered
        as a change. Raises LedgerError for an id that is given twice with different content, for
        a certificate or credit retired twice, and for a number that cannot be stored exactly.
        """
        held = {record_key(table, row): row for row in self.current(table)}
        new, changed, known = compare_records(table, rows, held, file)
        written = new + (changed if accept_corrections else [])
        if table in ("instrument", "credit"):
            check_claims(table, changed, held, file)
            check_evidence(table, written, held, file)
        offered = [] if accept_corrections else changed
        offers: list[Offer | Change] = [
            Change(row.row, table, record_key(table, row), held[record_key(table, row)], row)
            for row in offered
        ]
        if not written:
            return Outcome(known=known, offered=offers)
        with self._transaction():
            batch_id = self._batch(kind, by, file, digest, note, recorded_at)
            self._write(
                LEDGER[table],
                [
                    record_row(table, row, batch_id, row.row, record_key(table, row) in held)
                    for row in written
                ],
            )
        return Outcome(batch_id, len(new), known, len(written) - len(new), offers)

    def withdraw_record(
        self,
        table: str,
        key: str | tuple[Any, ...],
        *,
        by: str,
        note: str,
        recorded_at: datetime | None = None,
    ) -> Outcome:
        """Take back a certificate, credit, ...: by its id, or (site, metric, period).

        Raises LedgerError where there is none, or none any more.
        """
        key = (key,) if isinstance(key, str) else key
        known = {record_key(table, row): row for row in self.current(table)}
        if key not in known:
            raise LedgerError(
                "no-record",
                f"there is no current {table} {name_of(key)}",
                looked_for=", ".join(name_of(each) for each in list(known)[:5]),
                remedy=f"`carbon sql 'select * from {table}'` lists them with their history",
            )
        with self._transaction():
            batch_id = self._batch("withdraw", by, "", "", note, recorded_at)
            row = record_row(table, known[key], batch_id, 0, True, is_withdrawn=True)
            self._write(LEDGER[table], [row])
        return Outcome(batch_id)

    def current(self, table: str, cut_off: int | None = None) -> list[dict[str, Any]]:
        """What is recorded of each id at a cut-off: its newest row, unless that withdraws it."""
        key = ", ".join(f"t.{name}" for name in KEYS[table])
        return self._dicts(
            f"""
            with ranked as (
                select t.*, row_number() over (partition by {key} order by t.batch_id desc) as place
                from {table} as t
                where t.batch_id <= $cut_off
            )
            select t.* exclude (place), b.file, b.recorded_at, b.recorded_by
            from ranked as t
            join batch as b on b.batch_id = t.batch_id
            where t.place = 1 and not t.is_withdrawn
            order by {key}
            """,
            {"cut_off": NEWEST if cut_off is None else cut_off},
        )
