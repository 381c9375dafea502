"""Closed years: what an inventory used and came to, kept by value.

A closing keeps the cut-off, the factor sets with the coefficients they gave, and the totals of one
reporting year. Later entries, editions and GWP policies leave such a year alone; closing it again
is a restatement, which stands beside the first and says what it replaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from carbon.ledger.batches import NEWEST, Batches
from carbon.ledger.rows import digest_of, word
from carbon.schema import LEDGER

if TYPE_CHECKING:
    from carbon.engine import Row

MARK = "@"  # parts the name of a set from the closed year that keeps it


@dataclass(frozen=True)
class Closing:
    """A closed reporting year."""

    closing_id: int
    reporting_year: int
    run_id: str
    cut_off: int
    gwp_set: str
    digest: str
    supersedes: int
    note: str
    recorded_at: datetime
    recorded_by: str

    @property
    def policy(self) -> str:
        """The policy class that the months of the year stand under."""
        return f"closed {self.reporting_year}"

    def kept(self, set_id: str) -> str:
        """The name of a set as this year keeps it."""
        return f"{set_id}{MARK}{self.reporting_year}"


@dataclass(frozen=True)
class Kept:
    """What a closing keeps: rows of its tables, without the closing's number."""

    choices: Sequence[Row]
    coefficients: Sequence[Row]
    totals: Sequence[Row]
    losses: Sequence[Row] = ()
    fills: Sequence[Row] = ()

    @property
    def digest(self) -> str:
        """One digest over the totals, whatever their order."""
        return digest_of(sorted([word(value) for value in row] for row in self.totals))


class Closings(Batches):
    """The part of a ledger that holds closed years."""

    def close(
        self,
        reporting_year: int,
        kept: Kept,
        *,
        run_id: str,
        cut_off: int,
        gwp_set: str,
        by: str,
        note: str,
        recorded_at: datetime | None = None,
    ) -> int:
        """Write down a closed year, restating an earlier closing of it; gives its number."""
        before = self.closings().get(reporting_year)
        closing_id = self._highest("closing", "closing_id") + 1
        with self._transaction():
            batch_id = self._batch("close", by, "", "", note, recorded_at)
            supersedes = before.closing_id if before else 0
            row = (closing_id, batch_id, reporting_year, run_id, cut_off, gwp_set, kept.digest)
            self._write(LEDGER["closing"], [(*row, supersedes)])
            for table, rows in (
                ("closing_choice", kept.choices),
                ("closing_coefficient", kept.coefficients),
                ("closing_total", kept.totals),
                ("closing_loss", kept.losses),
                ("closing_fill", kept.fills),
            ):
                self._write(LEDGER[table], [(closing_id, *each) for each in rows])
        return closing_id

    def closings(self, cut_off: int = NEWEST) -> dict[int, Closing]:
        """The standing closing of each closed year."""
        rows = self._dicts(
            "select c.closing_id, c.reporting_year, c.run_id, c.cut_off, c.gwp_set, c.digest,"
            " c.supersedes, b.note, b.recorded_at, b.recorded_by"
            " from closing as c join batch as b on b.batch_id = c.batch_id"
            " where c.batch_id <= $cut_off order by c.closing_id",
            {"cut_off": cut_off},
        )
        return {row["reporting_year"]: Closing(**row) for row in rows}

    def kept_choices(self, closing: Closing) -> list[dict[str, Any]]:
        """The sets a closed year took."""
        return self._kept("closing_choice", closing)

    def kept_coefficients(self, closing: Closing) -> list[dict[str, Any]]:
        """What one unit emitted by the sets of a closed year."""
        return self._kept("closing_coefficient", closing)

    def kept_losses(self, closing: Closing) -> list[dict[str, Any]]:
        """What served a closed year for the losses of networks."""
        return self._kept("closing_loss", closing)

    def kept_fills(self, closing: Closing) -> list[dict[str, Any]]:
        """The estimates that stood for missing bills of a closed year."""
        return self._kept("closing_fill", closing)

    def kept_totals(self, closing_id: int) -> list[dict[str, Any]]:
        """The figures of a closing."""
        return self._dicts(
            "select * exclude (closing_id) from closing_total where closing_id = $closing_id",
            {"closing_id": closing_id},
        )

    def _kept(self, table: str, closing: Closing) -> list[dict[str, Any]]:
        return self._dicts(
            f"select * exclude (closing_id) from {table} where closing_id = $closing_id",
            {"closing_id": closing.closing_id},
        )
