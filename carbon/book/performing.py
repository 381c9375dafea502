"""Performance: indicators beside the inventory, energy goals, and cases of over-consumption."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from carbon import cases, goals, indicators, kpi
from carbon.book.folder import Folder, user, year_of
from carbon.errors import UsageError
from carbon.inputs import month_list
from carbon.performance import ORGANISATION
from carbon.tables import Table


class Performing(Folder):
    """What a book says of its performance."""

    def indicators(self, years: Sequence[str] = (), site: str = "") -> Table:
        """Water, packaging, waste and the like by year, with change and intensity; of the whole
        organisation, or of one site."""
        wanted = [year_of(each, "carbon indicators 2022 2023") for each in years]
        with self.run() as run:
            return indicators.indicators(run, wanted, site)

    def goals(self, period: str = "", node: str = "") -> Table:
        """Energy goals of a reporting year and what they came to, by node, metric and month; by
        default of the last year that has a goal."""
        year = year_of(period, "carbon goals 2024") if period else 0
        with self.run() as run:
            return goals.goals(run, year, node)

    def kpi(
        self,
        metric: str,
        per: str,
        window: str,
        node: str = ORGANISATION,
        common: bool = False,
    ) -> Table:
        """Use or emissions per person, revenue, floor area, IT energy or output in a window of
        months, and in the same months a year before; normalised where degree days are recorded."""
        with self.run() as run:
            return kpi.kpi(run, metric, per, window, node, common)

    def case_list(self, case_id: str = "", everything: bool = False) -> list[Table]:
        """Over-consumption cases that are not done, or all of them; or one with its events."""
        with self.run() as run:
            known = cases.cases(run)
        return cases.history(known, case_id) if case_id else [cases.case_table(known, everything)]

    def case_update(
        self,
        case_id: str,
        owner: str = "",
        cause: str = "",
        action: str = "",
        due: str = "",
        note: str = "",
    ) -> str:
        """Add to a case: who works on it, what caused it, what is done, by when; says what was
        done. Raises UsageError for a case there is none of, and where nothing is said."""
        said = {"owner": owner, "cause": cause, "action": action, "due_on": _day(due)}
        return self._case_event(case_id, "update", **said, note=note)

    def case_close(self, case_id: str, cause: str = "", action: str = "", note: str = "") -> str:
        """Close a case; says what was done. Raises LedgerError without cause and action."""
        return self._case_event(case_id, "close", cause=cause, action=action, note=note)

    def _case_event(self, case_id: str, event: str, **said: Any) -> str:
        with self.run() as run:
            row = cases.updated(cases.cases(run), case_id, event, **said)
            run.ledger.record("case_event", [row], by=user(), kind="log")
        if event == "close":
            return f"Case {case_id} is closed, until {month_list([row.until])}."
        return f"Case {case_id} is {'opened' if row.event == 'open' else 'updated'}."


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(
            "not-a-day", f"{text!r} is no day", remedy="write it like 2024-09-30"
        ) from None
