"""Energy goals by month: what was meant, what it came to, and where the two part.

`goal_lines` gives one line a node, metric and month that has a goal. A goal of a year is laid on
its months as the same months of the year before ran. A month that lacks a bill cannot be within its
goal yet; over it, it can be, since what is missing only adds. `goals` gives the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from carbon import consumption, inputs
from carbon.consumption import Consumption, Series
from carbon.errors import CarbonError, counted
from carbon.inputs import month_list
from carbon.performance import ORGANISATION
from carbon.run import Run
from carbon.tables import Column, Table
from carbon.units import convert

MILLIONTH = Decimal("0.000001")
WITHIN, ABOVE, OVER = "within", "above", "over"  # above, but by no more than the threshold
INCOMPLETE, NO_FIGURE, NO_PROFILE = "incomplete", "no figure", "no profile"
LETTERS = {
    WITHIN: "w",
    ABOVE: "a",
    OVER: "X",
    INCOMPLETE: "i",
    NO_FIGURE: "-",
    NO_PROFILE: "?",
}


@dataclass(frozen=True)
class Line:
    """The goal of one node, metric and month, and what it came to, in `unit`."""

    node: str
    metric: str
    month: int
    unit: str
    goal: Fraction | None  # None where a year's goal cannot be laid on its months
    actual: Fraction | None
    state: str
    is_laid: bool = False  # the share of the month in the goal of a year
    lacking: Sequence[str] = ()  # bills and meters without a figure
    why: str = ""  # what stands in the way
    row: Mapping[str, Any] = field(default_factory=dict, compare=False)  # the goal as recorded

    @property
    def variance(self) -> Fraction | None:
        """What was used beyond the goal; below it, it is negative."""
        known = self.goal is not None and self.actual is not None
        return self.actual - self.goal if known else None

    @property
    def variance_share(self) -> Fraction | None:
        """The same, of the goal."""
        return self.variance / self.goal if self.variance is not None and self.goal else None


@dataclass(frozen=True)
class Goals:
    """Every goal of a run, with what it is held against."""

    lines: Sequence[Line]
    used: Consumption
    years: Mapping[int, int]  # month -> reporting year

    def of_year(self, year: int) -> list[Line]:
        return [each for each in self.lines if self.years[each.month] == year]


def goal_lines(run: Run) -> Goals:
    """Every month that has a goal, by node, metric and month."""
    used = consumption.consumption(run)
    years = dict(inputs.calendar(run.settings))
    recorded = run.ledger.current("goal", run.cut_off)
    threshold = Fraction(run.settings.policy.goal_threshold)
    found: dict[tuple[str, str, int], Line] = {}
    known: dict[tuple[str, ...], tuple[Series, str]] = {}  # many months share one
    for row in sorted(recorded, key=lambda row: row["period"] >= 10000):  # a month's own goes first
        key = (row["node"], row["metric"], row["unit"])
        series, why = known[key] if key in known else _series(used, row)
        known[key] = series, why
        for month, goal in _months(row, series, years):
            line = _line(row, series, month, goal, threshold, why)
            found[row["node"], row["metric"], month] = line
    order = {name: number for number, name in enumerate((ORGANISATION, *used.areas, *used.sites))}
    lines = sorted(
        found.values(),
        key=lambda each: (order.get(each.node, len(order)), each.node, each.metric, each.month),
    )
    return Goals(lines, used, years)


def _series(used: Consumption, row: Mapping[str, Any]) -> tuple[Series, str]:
    """What a goal is held against, in its unit; nothing and the reason where there is nothing."""
    try:
        found = used.series(row["metric"], row["node"])
        factor = convert(1, found.unit, row["unit"])
    except CarbonError as fault:
        is_plain = fault.code == "unknown-metric"  # nothing recorded yet
        return Series(
            row["node"], row["metric"], row["unit"], {}
        ), "" if is_plain else fault.message
    months = {month: quantity * factor for month, quantity in found.months.items()}
    return replace(found, unit=row["unit"], months=months), ""


def _months(
    row: Mapping[str, Any], series: Series, years: Mapping[int, int]
) -> Iterator[tuple[int, Fraction | None]]:
    """The months of a goal, each with its part of it."""
    if row["period"] >= 10000:
        yield row["period"], Fraction(row["quantity"])
        return
    months = [month for month, year in years.items() if year == row["period"]]
    before = [series.months.get(month - 100) for month in months]
    if not all(series.is_whole(month - 100) for month in months) or not sum(before):
        yield from ((month, None) for month in months)
        return
    passed, given, whole = Fraction(0), Decimal(0), sum(before)
    for month, part in zip(months, before, strict=True):  # cut so that they add up to the year
        passed += part
        share = Fraction(row["quantity"]) * passed / whole
        until = (Decimal(share.numerator) / Decimal(share.denominator)).quantize(
            MILLIONTH, ROUND_HALF_UP
        )
        yield month, Fraction(until - given)
        given = until


def _line(
    row: Mapping[str, Any],
    series: Series,
    month: int,
    goal: Fraction | None,
    threshold: Fraction,
    why: str,
) -> Line:
    actual, lacking = series.months.get(month), series.lacking.get(month, ())
    if goal is None:
        state = NO_PROFILE
    elif actual is None:
        state = NO_FIGURE
    elif actual - goal > threshold * goal and month not in series.filled:
        state = OVER
    elif lacking:
        state = INCOMPLETE
    else:
        state = ABOVE if actual > goal else WITHIN
    is_laid = row["period"] < 10000
    return Line(
        *(row["node"], row["metric"], month, row["unit"], goal, actual, state),
        is_laid,
        lacking,
        why,
        row,
    )


@dataclass(frozen=True)
class Division:
    """A goal that is not the sum of the goals below it."""

    node: str
    metric: str
    month: int
    unit: str
    goal: Fraction
    below: str  # sites, departments, key areas
    sum_of: Fraction
    without: Sequence[str]  # those below that have no goal


def divisions(found: Goals) -> Iterator[Division]:
    """Where the goals of sites, departments or key areas do not add up to that above them. Fewer
    goals below than parts, with a sum that leaves room for the others, are no fault."""
    goals = {(each.node, each.metric, each.month): each for each in found.lines if each.goal}
    for (node, metric, month), above in goals.items():
        for kind, names in found.used.children(node):
            below = [goals[name, metric, month] for name in names if (name, metric, month) in goals]
            without = [name for name in names if (name, metric, month) not in goals]
            if not below:
                continue
            sum_of = sum(each.goal * convert(1, each.unit, above.unit) for each in below)
            slack = (len(below) + 1) * Fraction(MILLIONTH) / 2
            if sum_of - above.goal > slack or (not without and above.goal - sum_of > slack):
                yield Division(node, metric, month, above.unit, above.goal, kind, sum_of, without)


GOALS = (
    Column("node", "Node"),
    Column("metric", "Metric"),
    Column("month", "Month"),
    Column("goal", "Goal", kind="number", decimals=1),
    Column("actual", "Actual", kind="number", decimals=1),
    Column("unit", "Unit"),
    Column("variance", "Variance", kind="number", decimals=1),
    Column("variance_share", "Of goal", "%", "share"),
    Column("state", "State"),
    Column("remark", "Remark"),
)


def goals(run: Run, year: int = 0, node: str = "") -> Table:
    """Goals and what they came to, by node, metric and month of a year, with the year so far.

    year : by default the last one that has a goal.

    Raises CarbonError where there is no goal, UsageError for a node there is none of.
    """
    found = goal_lines(run)
    if node:
        found.used.check_node(node)
    known = sorted({found.years[each.month] for each in found.lines})
    wanted = year or max(known, default=0)
    lines = [each for each in found.of_year(wanted) if not node or each.node == node]
    if not lines:
        raise CarbonError(
            "no-goal",
            "no goal is recorded"
            + (f" for {wanted}" if year else "")
            + (f" of {node}" if node else ""),
            nearest=", ".join(map(str, known)),
            remedy="carbon log goal --node SITE --metric electricity --month 2024-07 --goal ..."
            " --unit MWh, or carbon import FILE",
        )
    of_year = [month for month, of in found.years.items() if of == wanted]
    rows: list[dict[str, Any]] = []
    for key in dict.fromkeys((each.node, each.metric, each.unit) for each in lines):
        months = [each for each in lines if (each.node, each.metric, each.unit) == key]
        rows += [_row(each) for each in months]
        rows.append(_so_far(months, of_year))
    notes = divided(
        each
        for each in divisions(found)
        if found.years[each.month] == wanted and (not node or each.node == node)
    )
    threshold = run.settings.policy.goal_threshold
    if threshold:
        notes.append(
            f"Over is more than {threshold:.1%} beyond the goal; above is any more than it."
        )
    notes.append("The row without a month adds up the months that have both goal and figure.")
    return Table("goal", f"Goals, {wanted}", GOALS, rows, notes, "-")


def divided(several: Iterable[Division]) -> list[str]:
    """What to say of goals that do not add up, months of the same sums together."""
    months: dict[tuple[str, ...], list[int]] = {}
    for each in several:
        said = (f"{each.metric} of {each.node}", each.below, _n(each.goal), _n(each.sum_of))
        months.setdefault((*said, each.unit), []).append(each.month)
    return [
        f"{what}, {month_list(when)}: the goal is {goal} {unit}, the {below} have {sum_of} {unit}"
        " together."
        for (what, below, goal, sum_of, unit), when in months.items()
    ]


def shown(table: Table) -> Table:
    """The table as it goes on a screen: of several nodes or metrics a line each, a letter a month;
    of one its months."""
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in table.rows:
        groups.setdefault((row["node"], row["metric"], row["unit"]), []).append(row)
    if len(groups) == 1:
        hidden = ("node", "metric", "unit")
        columns = [column for column in table.columns if column.key not in hidden]
        [(node, metric, unit)] = groups
        return replace(table, columns=columns, title=f"{table.title}: {metric} of {node}, {unit}")
    keys = ("node", "metric", "goal", "actual", "unit", "variance_share")
    columns = [column for column in GOALS if column.key in keys]
    rows = [months[-1] for months in groups.values()]
    columns.append(Column("calendar", rows[0]["heads"], kind="calendar"))
    legend = ", ".join(f"{letter} {state}" for state, letter in LETTERS.items())
    notes = [
        f"A letter a month: {legend}, . no goal.",
        "Goal and actual add up the months that have both. --node shows the months of one.",
        *table.notes[:-1],
    ]
    return replace(table, columns=columns, rows=rows, notes=notes)


def _row(line: Line) -> dict[str, Any]:
    remarks = [line.why]
    if line.is_laid and line.goal is not None:
        remarks.append("of the year's goal")
    if line.goal is None:
        remarks.append("the year before is not complete")
    if line.lacking:
        remarks.append(f"without {', '.join(line.lacking)}")
    return {
        "node": line.node,
        "metric": line.metric,
        "month": line.month,
        "goal": _decimal(line.goal),
        "actual": _decimal(line.actual),
        "unit": line.unit,
        "variance": _decimal(line.variance),
        "variance_share": _decimal(line.variance_share),
        "state": line.state,
        "remark": "; ".join(filter(None, remarks)),
    }


def _so_far(months: Sequence[Line], of_year: Sequence[int]) -> dict[str, Any]:
    """The sum of the months that have both a goal and a figure; with a letter a month, for a
    screen."""
    letters = {each.month: LETTERS[each.state] for each in months}
    both = [each for each in months if each.variance is not None]
    goal = sum((each.goal for each in both), Fraction(0)) if both else None
    actual = sum((each.actual for each in both), Fraction(0)) if both else None
    variance = actual - goal if both else None
    over = sum(each.state == OVER for each in months)
    remark = f"{len(both)} of {counted(len(months), 'month')}"
    return {
        "node": months[0].node,
        "metric": months[0].metric,
        "month": None,
        "goal": _decimal(goal),
        "actual": _decimal(actual),
        "unit": months[0].unit,
        "variance": _decimal(variance),
        "variance_share": _decimal(variance / goal if goal else None),
        "state": f"{over} over" if over else "",
        "remark": remark,
        "calendar": "".join(letters.get(month, ".") for month in of_year),
        "heads": "".join("JFMAMJJASOND"[month % 100 - 1] for month in of_year),
    }


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


def _n(value: Fraction) -> str:
    """A quantity as a sentence says it."""
    return f"{round(float(value), 1):,.1f}".removesuffix(".0")
