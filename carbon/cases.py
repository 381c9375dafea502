"""Over-consumption cases: what is over its goal, who works on it, and whether that helped.

A case begins with the first month of a node and metric that is over its goal; later months join it
while it is open. People add events: an owner, a cause, an action, a day it is due, and a closing,
which covers the months over until then. The first months after it judge the effect: all within the
goal, it helped; one over again, the case is reopened. A month over later than that begins a new
case. Nothing of a case is stored but its events, so a corrected bill corrects its state.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from carbon.errors import LedgerError, UsageError, counted, nearest
from carbon.goals import ABOVE, OVER, WITHIN, Goals, Line, goal_lines
from carbon.inputs import later, month_list
from carbon.records import CaseEvent
from carbon.run import Run
from carbon.tables import Column, Table

OPEN, IN_WORK, REOPENED = "open", "in work", "reopened"
CLOSED, EFFECTIVE, GONE = "closed", "closed, effective", "no longer over"
UNDONE = (OPEN, IN_WORK, REOPENED)


class Key(NamedTuple):
    """What a case is of, and the month it begins with."""

    node: str
    metric: str
    month: int

    @property
    def case_id(self) -> str:
        return f"{self.node}/{self.metric}/{self.month // 100}-{self.month % 100:02}"

    @classmethod
    def of(cls, case_id: str) -> Key:
        node, metric, month = case_id.rsplit("/", 2)
        return cls(node, metric, int(month.replace("-", "")))


@dataclass(frozen=True)
class Case:
    """An over-consumption, as its events and figures make it now."""

    key: Key
    over: Sequence[Line]  # its months over the goal
    state: str
    effect: Mapping[int, str] = field(default_factory=dict)  # months that judge it -> their state
    events: Sequence[Mapping[str, Any]] = ()
    is_overdue: bool = False

    @property
    def case_id(self) -> str:
        return self.key.case_id

    @property
    def word(self) -> str:
        """Its id as a command line takes it."""
        return shlex.quote(self.case_id)

    def said(self, column: str) -> Any:
        """The last that an event says of a column, None where none does."""
        return next((each[column] for each in reversed(self.events) if each[column]), None)

    @property
    def worst(self) -> Line | None:
        """The month furthest over its goal."""
        return max(self.over, key=lambda line: line.variance, default=None)


def cases(run: Run, found: Goals | None = None) -> list[Case]:
    """Every case of a run, by node, metric and first month."""
    found = found or goal_lines(run)
    events: dict[Key, list[Mapping[str, Any]]] = {}
    for row in run.ledger.current("case_event", run.cut_off):
        events.setdefault(Key.of(row["case_id"]), []).append(row)
    for rows in events.values():
        rows.sort(key=lambda row: row["number"])
    series: dict[tuple[str, str], dict[int, Line]] = {}
    for line in found.lines:
        series.setdefault((line.node, line.metric), {})[line.month] = line
    for key in events:
        series.setdefault((key.node, key.metric), {})
    span = run.settings.policy.goal_effect_months
    return [
        case
        for (node, metric), months in series.items()
        for case in _cases(node, metric, months, events, span, run.known_on)
    ]


def _cases(
    node: str,
    metric: str,
    months: Mapping[int, Line],
    events: Mapping[Key, Sequence[Mapping[str, Any]]],
    span: int,
    today: date,
) -> Iterator[Case]:
    """The cases of one node and metric, in order of their first months."""
    begun = {key.month for key in events if (key.node, key.metric) == (node, metric)}
    over = {month for month, line in months.items() if line.state == OVER}
    groups: list[tuple[Key, list[Line]]] = []
    for month in sorted(over | begun):
        key = Key(node, metric, month)
        if not groups or (month in begun) or not _joins(month, events.get(groups[-1][0], ()), span):
            groups.append((key, []))
        if month in over:
            groups[-1][1].append(months[month])
    for key, lines in groups:
        yield _case(key, lines, months, events.get(key, ()), span, today)


def _joins(month: int, events: Sequence[Mapping[str, Any]], span: int) -> bool:
    """Whether a month over its goal belongs to a case begun before: while that is open, and while
    its closing is judged."""
    closed_until = _closed_until(events)
    return not closed_until or month <= later(closed_until, span)


def _closed_until(events: Sequence[Mapping[str, Any]]) -> int:
    """The last month that the closing of a case covers, 0 where it is not closed."""
    return events[-1]["until"] if events and events[-1]["event"] == "close" else 0


def _case(
    key: Key,
    over: Sequence[Line],
    months: Mapping[int, Line],
    events: Sequence[Mapping[str, Any]],
    span: int,
    today: date,
) -> Case:
    until = _closed_until(events)
    effect = {
        month: months[month].state if month in months else "no goal"
        for month in (later(until, number) for number in range(1, span + 1))
        if until
    }
    case = Case(key, over, "", effect, events)
    if not over:
        state = GONE
    elif until:
        again = any(line.month > until for line in over)
        judged = all(state in (WITHIN, ABOVE) for state in effect.values())
        state = REOPENED if again else EFFECTIVE if judged else CLOSED
    else:
        state = IN_WORK if case.said("owner") else OPEN
    due_on = case.said("due_on")
    is_overdue = state in UNDONE and due_on is not None and due_on < today
    return Case(key, over, state, effect, events, is_overdue)


def updated(
    known: Sequence[Case],
    case_id: str,
    event: str,
    *,
    owner: str = "",
    cause: str = "",
    action: str = "",
    due_on: date | None = None,
    note: str = "",
) -> CaseEvent:
    """The event that people add to a case.

    event : update or close; the first of a case opens it.

    Raises UsageError for a case there is none of and for an update that says nothing, LedgerError
    for a closing without cause and action and for one of a case that is closed.
    """
    case = _named(known, case_id)
    if event == "update" and not (owner or cause or action or due_on or note):
        raise UsageError(
            "nothing-said",
            f"an update of {case_id} says nothing",
            remedy=f"carbon case update {case_id} --owner NAME --cause WHY --action WHAT"
            " --due 2024-09-30",
        )
    until = 0
    if event == "close":
        _refuse_closing(case, cause, action)
        until = max((line.month for line in case.over), default=case.key.month)
    return CaseEvent(
        case.case_id,
        max((row["number"] for row in case.events), default=0) + 1,
        event if case.events or event == "close" else "open",
        owner.strip(),
        cause.strip(),
        action.strip(),
        due_on,
        until,
        "; ".join(figures(line) for line in case.over),
        note.strip(),
    )


def _named(known: Sequence[Case], case_id: str) -> Case:
    by_id = {case.case_id: case for case in known}
    if case_id not in by_id:
        raise UsageError(
            "no-case",
            f"there is no case {case_id!r}",
            looked_for=", ".join(list(by_id)[:8]) or "a month over its goal, and there is none",
            nearest=nearest(case_id, by_id),
            remedy="carbon case list names every case",
        )
    return by_id[case_id]


def _refuse_closing(case: Case, cause: str, action: str) -> None:
    if case.state in (CLOSED, EFFECTIVE):
        raise LedgerError(
            "case-closed",
            f"case {case.case_id} is closed already",
            remedy=f"carbon case update {case.word} --note ... adds to it",
        )
    lacking = [
        name
        for name, said in (("cause", cause), ("action", action))
        if not (said.strip() or case.said(name))
    ]
    if lacking:
        raise LedgerError(
            "case-not-understood",
            f"case {case.case_id} is not closed without {' and '.join(lacking)}",
            looked_for="what caused the over-consumption, and what was done about it",
            remedy=f"carbon case close {case.word} "
            + " ".join(f"--{name} ..." for name in lacking),
        )


def figures(line: Line) -> str:
    """A month over its goal, as a person reads it: '2024-07: 112 of 100 MWh, +12.0 %'."""
    share = "" if line.variance_share is None else f", {float(line.variance_share):+.1%}"
    numbers = f"{_n(line.actual)} of {_n(line.goal)} {line.unit}"
    return f"{month_list([line.month])}: {numbers}{share.replace('%', ' %')}"


CASES = (
    Column("case_id", "Case"),
    Column("state", "State"),
    Column("months", "Over in"),
    Column("worst", "Furthest over"),
    Column("owner", "Owner"),
    Column("cause", "Cause"),
    Column("action", "Action"),
    Column("due_on", "Due"),
    Column("effect", "Months after it"),
)
EVENTS = (
    Column("case_id", "Case"),
    Column("number", "No", kind="count"),
    Column("recorded_at", "Recorded"),
    Column("recorded_by", "By"),
    Column("event", "Event"),
    Column("owner", "Owner"),
    Column("cause", "Cause"),
    Column("action", "Action"),
    Column("due_on", "Due"),
    Column("figures", "Figures then"),
    Column("note", "Note"),
)


def case_table(known: Sequence[Case], everything: bool = False) -> Table:
    """Cases that are not done, or all of them."""
    shown = [case for case in known if everything or case.state in UNDONE]
    rows = [
        {
            "case_id": case.case_id,
            "state": _state(case),
            "months": month_list([line.month for line in case.over]),
            "worst": figures(case.worst) if case.worst else "",
            **{name: case.said(name) for name in ("owner", "cause", "action", "due_on")},
            "effect": _effect(case),
            "short": _short(case),
        }
        for case in shown
    ]
    done = len(known) - len(shown)
    notes = (
        [f"{done} more {'is' if done == 1 else 'are'} done: carbon case list --everything"]
        if done
        else []
    )
    if not rows:
        notes.insert(0, "No goal is exceeded without a case that is done.")
    return Table("case", "Over-consumption cases", CASES, rows, notes, "-")


def _state(case: Case) -> str:
    """The state, with what else there is to say of it."""
    if case.is_overdue:
        return f"{case.state}, overdue"
    if case.state == CLOSED:
        within = sum(state in (WITHIN, ABOVE) for state in case.effect.values())
        return f"{case.state}, {within} of {counted(len(case.effect), 'month')} within"
    return case.state


def _effect(case: Case) -> str:
    """The months after a closing, those of one state together."""
    by_state: dict[str, list[int]] = {}
    for month, state in case.effect.items():
        by_state.setdefault(state, []).append(month)
    return "; ".join(f"{month_list(months)} {state}" for state, months in by_state.items())


def _short(case: Case) -> str:
    """The month furthest over, and how far."""
    if not case.worst:
        return ""
    far = case.worst.variance_share
    over = f"{_n(case.worst.variance)} {case.worst.unit}" if far is None else f"{float(far):+.1%}"
    return f"{month_list([case.worst.month])} {over.replace('%', ' %')}"


def shown(tables: Sequence[Table]) -> list[Table]:
    """The tables as they go on a screen: the list without what one case tells of itself."""
    if len(tables) > 1:
        return list(tables)
    hidden = ("months", "cause", "action", "worst", "effect")
    columns = [column for column in tables[0].columns if column.key not in hidden]
    columns.insert(1, Column("short", "Furthest over"))
    notes = [*tables[0].notes, "carbon case list CASE tells cause, action and every event."]
    return [replace(tables[0], columns=columns, notes=notes if tables[0].rows else tables[0].notes)]


def history(known: Sequence[Case], case_id: str) -> list[Table]:
    """One case, and all its events, the first first."""
    case = _named(known, case_id)
    rows = [
        {column.key: each[column.key] for column in EVENTS}
        | {"recorded_at": f"{each['recorded_at']:%Y-%m-%d %H:%M}"}
        for each in case.events
    ]
    table = case_table([case], everything=True)
    return [table, Table("case_event", "Its events", EVENTS, rows, missing="")]


def _n(value: Any) -> str:
    return f"{round(float(value), 1):,.1f}".removesuffix(".0")
