"""Claims beside the inventory: what is claimed, and what a substitution comes to."""

from __future__ import annotations

from dataclasses import replace

from carbon import claims
from carbon.book.folder import year_of
from carbon.book.recording import Recording
from carbon.errors import ImportRefused
from carbon.tables import Table


class Claiming(Recording):
    """What a book does with claims. None of it moves a figure of the inventory."""

    def claims(self, period: str = "") -> Table:
        """What is claimed, of one reporting year or of all."""
        year = year_of(period, "carbon claims 2023") if period else 0
        with self.run() as run:
            return claims.register(run, year)

    def substitution(
        self,
        period: str,
        taken: str,
        instead: str,
        detail: str = "",
        claim_id: str = "",
        evidence: str = "",
    ) -> Table:
        """What the trips of a year would have emitted, made otherwise; with an id, claimed so.

        taken : the activity they were recorded as.
        instead : the activity they are compared with, with its detail.

        Raises CarbonError where there is no such trip or no factor to compare with.
        """
        year = year_of(period, "carbon substitution 2023 --of metro_travel --by taxi")
        swap = claims.Swap(self.library, taken, instead, detail)
        with self.run() as run:
            made = claims.emitted(run, swap, year, is_supposed=False)
        with self._trial(instead=swap.key) as run:
            supposed = claims.emitted(run, swap, year, is_supposed=True)
        table = claims.substitution(swap, year, made, supposed)
        if claim_id:
            said = claims.fields(swap, year, table, claim_id, evidence)
            report = self.log("claim", said, again=True)
            if report.problems:
                raise ImportRefused(list(report.problems), message="nothing was claimed")
            return replace(table, notes=[*table.notes, f"Claimed as {claim_id} (carbon claims)."])
        return table
