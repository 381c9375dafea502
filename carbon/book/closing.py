"""Closing a reporting year, and closing it again when it has to be restated."""

from __future__ import annotations

from carbon import closing, restating
from carbon.book.folder import Folder, user, year_of
from carbon.errors import UsageError
from carbon.tables import Table


class ClosedYears(Folder):
    """What a book does to years that are done."""

    def close(self, period: str, note: str = "", incomplete: bool = False) -> str:
        """Freeze a reporting year: its entries, factors and totals; says what was done.

        incomplete : also where months are missing.

        Raises CarbonError for a year that has nothing to close, and for one that is closed.
        """
        year = year_of(period, "carbon close 2023")
        with self.run() as run:
            if year in run.closings:
                raise UsageError(
                    "closed-already",
                    f"{year} was closed on {run.closings[year].recorded_at:%Y-%m-%d}",
                    looked_for="an open year",
                    remedy=f"carbon restate {year} shows what has changed since",
                )
            number = closing.close(run, year, by=user(), note=note, is_part_allowed=incomplete)
            kept = run.ledger.closings()[year]
        return (
            f"{year} is closed (closing {number}, totals {kept.digest[:12]}). Later entries,"
            " factors and GWP policies leave it alone."
        )

    def restate(self, period: str, reason: str | None = None, incomplete: bool = False) -> Table:
        """A closed year beside the same year computed anew; with a reason, closed again so.

        Raises CarbonError for a year that is not closed, and for a blank reason.
        """
        year = year_of(period, "carbon restate 2023")
        if reason is not None and not reason.strip():
            raise UsageError(
                "no-reason",
                f"{year} is not restated without a reason, and this one is blank",
                remedy=f"carbon restate {year} --reason 'an error of the meter', or without"
                " --reason to look first",
            )
        with self.run(open_years=[year]) as run:
            known = run.ledger.closings(run.cut_off)
            if year not in known:
                raise UsageError(
                    "not-closed",
                    f"{year} is not closed, so there is nothing to restate",
                    looked_for=", ".join(map(str, known)) or "a closed year",
                    remedy=f"carbon close {year}",
                )
            table = restating.restatement(run, known[year])
            if reason:
                closing.close(run, year, by=user(), note=reason, is_part_allowed=incomplete)
        done = (
            f"Restated: {reason}. Both closings are kept."
            if reason
            else f"Nothing is changed yet. To restate it: carbon restate {year} --reason '...'"
        )
        return Table(
            table.name, table.title, table.columns, table.rows, [*table.notes, done], table.missing
        )
