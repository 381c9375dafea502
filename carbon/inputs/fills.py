"""Gaps that a book wants filled: from which recorded months, and by which multiplier.

A gap is a month of a bill or meter that runs all year and has no figure. The estimate is a sum of
recorded months times multipliers, made anew in every run: it is never recorded, so the bill
replaces it by coming. No estimate rests on another; a month that is not over yet is not filled.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbon.coefficient import rounded
from carbon.engine import Row
from carbon.inputs.calendar import count_of, dashed, month_list
from carbon.settings import Fill

FEWEST = 3  # recorded months of the gap's year that tell how the year runs
REACH = 3  # a neighbour is at most so many months away

Place = tuple[str, str, str]  # site, meter, activity
Terms = Mapping[int, Fraction]  # recorded month -> what it is multiplied with


@dataclass
class History:
    """What is recorded of one bill or meter, in one unit."""

    unit: str
    by_key: dict[int, dict[int, Decimal]] = field(default_factory=dict)  # key_id -> month

    def sums(self) -> dict[int, Fraction]:
        """The whole of each month, of all details together."""
        found: dict[int, Fraction] = {}
        for months in self.by_key.values():
            for month, quantity in months.items():
                found[month] = found.get(month, Fraction(0)) + Fraction(quantity)
        return found


@dataclass(frozen=True)
class Estimate:
    """How a gap is filled: the months it rests on, and why these, in words."""

    terms: Terms
    said: str


def fills(
    rules: Sequence[Fill],
    gaps: Iterable[Row],
    recorded: Iterable[Row],
    year_of: Mapping[int, int],
    known_on: date,
) -> tuple[list[Row], list[Row]]:
    """The rows of `fill` and of `fill_term`.

    gaps : (site, meter, activity, month) without a figure
    recorded : (site, meter, activity, key_id, month, unit, quantity)
    year_of : month -> its reporting year
    known_on : months that end after this day are left alone
    """
    histories = _histories(recorded)
    said: list[Row] = []
    terms: list[Row] = []
    for *place, month in sorted(gaps):
        rule = next((each for each in rules if each.means(*place)), None)
        history = histories.get(tuple(place))
        first, last = _days(month)
        if rule is None or history is None or last > known_on:
            continue
        sums = history.sums()
        tried = ((method, METHODS[method](sums, month, year_of)) for method in rule.method)
        method, made = next(((m, each) for m, each in tried if each), ("", None))
        if made is None:
            continue
        for key_id, months in history.by_key.items():
            used = {each: months[each] for each in made.terms if each in months}
            if not used:
                continue
            multipliers = {each: rounded(made.terms[each]) for each in used}
            told = f"{_product(used, multipliers, history.unit)}: {made.said}"
            said.append((key_id, month, history.unit, method, told, first, last))
            terms += [
                (key_id, month, history.unit, each, multiplier)
                for each, multiplier in multipliers.items()
            ]
    return said, terms


def kept_fills(kept: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Row, Row]]:
    """The rows of `fill` and of `closed_fill` for what a closing kept."""
    for row in kept:
        key = (row["key_id"], row["month"], row["unit"])
        yield (*key, row["method"], row["told"], *_days(row["month"])), (*key, row["quantity"])


def _histories(recorded: Iterable[Row]) -> dict[Place, History]:
    """What is recorded of each place; one that is told in several units cannot be compared."""
    found: dict[Place, History] = {}
    mixed: set[Place] = set()
    for *place, key_id, month, unit, quantity in recorded:
        history = found.setdefault(tuple(place), History(unit))
        if history.unit != unit:
            mixed.add(tuple(place))
        history.by_key.setdefault(key_id, {})[month] = quantity
    return {place: each for place, each in found.items() if place not in mixed}


def trend(months: Mapping[int, Fraction], gap: int, year_of: Mapping[int, int]) -> Estimate | None:
    """The same month of the year before, times how the gap's year runs against that year: by the
    months that are recorded in both."""
    before = gap - 100
    if before not in months:
        return None
    both = [m for m in _of_year(months, gap, year_of) if m - 100 in months]
    now, then = (sum((months[m - back] for m in both), Fraction(0)) for back in (0, 100))
    if len(both) < FEWEST or now < 0 or then <= 0:
        return None
    of = f"the same month a year before, times the trend of {month_list(both)}"
    return Estimate({before: now / then}, of)


def profile(
    months: Mapping[int, Fraction], gap: int, year_of: Mapping[int, int]
) -> Estimate | None:
    """What the gap's year has recorded, by the share of the month in the whole years before it."""
    recorded = _of_year(months, gap, year_of)
    shares = _shares(months, gap, year_of)
    if len(recorded) < FEWEST or not shares:
        return None
    share = {
        number: sum((each[number] for each in shares.values()), Fraction(0)) / len(shares)
        for number in range(1, 13)
    }
    known = sum((share[month % 100] for month in recorded), Fraction(0))
    if known <= 0 or share[gap % 100] < 0:
        return None
    years = ", ".join(map(str, shares))
    of = f"the month's share of the whole of {years}, over the share of what is recorded"
    return Estimate({month: share[gap % 100] / known for month in recorded}, of)


def neighbours(
    months: Mapping[int, Fraction], gap: int, year_of: Mapping[int, int]
) -> Estimate | None:
    """The mean day of the nearest months before and after, times the days of the gap."""
    near = [(count_of(m) - count_of(gap), m) for m in months]
    before = max(((away, m) for away, m in near if -REACH <= away < 0), default=None)
    after = min(((away, m) for away, m in near if 0 < away <= REACH), default=None)
    if before is None or after is None:
        return None
    days = _length(gap)
    pair = [before[1], after[1]]
    of = f"the mean day of {' and '.join(map(dashed, pair))}, times {days} days"
    return Estimate({m: Fraction(days, 2 * _length(m)) for m in pair}, of)


Method = Callable[[Mapping[int, Fraction], int, Mapping[int, int]], Estimate | None]
METHODS: dict[str, Method] = {"trend": trend, "profile": profile, "neighbours": neighbours}


def _of_year(months: Mapping[int, Fraction], gap: int, year_of: Mapping[int, int]) -> list[int]:
    """The recorded months of the gap's reporting year."""
    return sorted(month for month in months if year_of[month] == year_of[gap])


def _shares(
    months: Mapping[int, Fraction], gap: int, year_of: Mapping[int, int]
) -> dict[int, dict[int, Fraction]]:
    """Of each whole reporting year before the gap's: what share of it each calendar month has."""
    years: dict[int, dict[int, Fraction]] = {}
    for month, quantity in sorted(months.items()):
        if year_of[month] < year_of[gap]:
            years.setdefault(year_of[month], {})[month % 100] = quantity
    totals = {year: sum(found.values(), Fraction(0)) for year, found in years.items()}
    return {
        year: {number: each / totals[year] for number, each in found.items()}
        for year, found in years.items()
        if len(found) == 12 and totals[year] > 0
    }


def _product(used: Mapping[int, Decimal], multipliers: Mapping[int, Decimal], unit: str) -> str:
    """The arithmetic in words: months that share a multiplier are added first."""
    if len(set(multipliers.values())) == 1:
        total, months = sum(used.values(), Decimal(0)), month_list(sorted(used))
        [multiplier] = set(multipliers.values())
        return f"{_n(total)} {unit} of {months} x {_n(multiplier)}"
    return " + ".join(
        f"{_n(used[m])} {unit} of {dashed(m)} x {_n(multipliers[m])}" for m in sorted(used)
    )


def _n(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _length(month: int) -> int:
    return monthrange(month // 100, month % 100)[1]


def _days(month: int) -> tuple[date, date]:
    year, number = divmod(month, 100)
    return date(year, number, 1), date(year, number, _length(month))
