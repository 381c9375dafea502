"""What does not look like the meter's own history: spikes, zeros, flat lines, slips of the unit.

A month is held against what its own meter or bill says of the same month in other years, and of the
months around it; it is odd where it is far from both, so that neither a season nor growth is.
Distances are logarithms and are compared with their median, so that one wild month hides no other.
Months that share one bill are not months of their own. Nothing found here changes a figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from carbon.errors import About, Problem
from carbon.inputs import count_of, month_list
from carbon.run import Run

FEWEST = 6  # months of history that a judgement needs
AROUND = 6  # months before and after that are its neighbours
SPIKE = math.log(2.5)  # a month may be two and a half times its history, or as little of it
SPREADS = 6  # and so many median deviations of that history away
FLAT = 4  # months with one and the same figure to its last digit
FLAT_DIGITS = 3  # of figures that are not round by nature
SLIP = 0.05  # how near a slip of the unit comes to its factor
# What a figure in the wrong unit is off by, and how people come to it.
SLIPS = {
    1000: "kWh for MWh, kg for t, L for m3, or a missing thousand",
    10_000: "a figure in 10^4 (万) taken as one, or the other way round",
    3.6: "MJ for kWh, or GJ for MWh",
}


@dataclass(frozen=True)
class Series:
    """The months of one site, meter, activity and detail, in the canonical unit."""

    site: str
    meter: str
    activity: str
    detail: str
    unit: str
    months: Mapping[int, Decimal]
    calculated: frozenset[int]  # months that nobody read off a meter
    key_id: int

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.activity, self.detail, "at", self.meter or self.site)))


@dataclass(frozen=True)
class Oddity:
    """A month that its history does not bear out."""

    code: str
    month: int
    quantity: Decimal
    usual: Decimal
    said: str
    remedy: str
    months: Sequence[int] = ()  # of a flat line


def odd_months(run: Run) -> Iterator[Problem]:
    """Spikes, drops, sudden zeros, flat lines and slips of the unit, by meter and bill."""
    for series in _series(run):
        for odd in [*judged(series), *flat(series)]:
            entry_id, file, row = _entry(run, series.key_id, odd.month)
            yield Problem(
                odd.code,
                "warning",
                f"{series.name}: {odd.said}",
                remedy=odd.remedy.format(entry=entry_id or "ENTRY"),
                entry_id=entry_id,
                file=file,
                row=row,
                about=[_about(series, odd)],
            )


def judged(series: Series) -> Iterator[Oddity]:
    """Months far from their history: a slip of the unit, a zero, a spike or a drop."""
    if len(series.months) < FEWEST:
        return
    usual = {month: usual_of(series.months, month) for month in series.months}
    ratios = {
        month: math.log(quantity / usual[month])
        for month, quantity in series.months.items()
        if quantity > 0 and usual[month]
    }
    spread = median(abs(each) for each in ratios.values()) if ratios else 0.0
    for month, quantity in series.months.items():
        expected = usual[month]
        if not expected:
            continue
        if quantity == 0:
            yield _zero(series, month, expected)
        elif month in ratios and abs(ratios[month]) > max(SPIKE, SPREADS * spread):
            yield _slip(series, month) or _spike(series, month, expected)


def judged_if(series: Series, month: int, quantity: Decimal) -> list[Oddity]:
    """What would be odd about a month if it said so: the same judgement, before it is recorded."""
    supposed = replace(
        series,
        months={**series.months, month: quantity},
        calculated=series.calculated - {month},
    )
    return [each for each in (*judged(supposed), *flat(supposed)) if each.month == month]


def usual_of(months: Mapping[int, Decimal], month: int) -> Decimal:
    """What a month usually is: the median of the months around it, or of the same month in other
    years, whichever is nearer to it; 0 where that is nothing."""
    known = _histories(months, month)
    if not known or not months[month]:
        return max(known, default=Decimal(0))
    return min(known, key=lambda each: _distance(each, months[month]))


def _histories(months: Mapping[int, Decimal], month: int) -> list[Decimal]:
    """Medians of the same month in other years and of the months around it, as far as known."""
    others = {when: each for when, each in months.items() if when != month}
    season = [each for when, each in others.items() if when % 100 == month % 100]
    near = [
        each for when, each in others.items() if abs(count_of(when) - count_of(month)) <= AROUND
    ]
    return [median(each) for each in (season, near) if each]


def _distance(one: Decimal, other: Decimal) -> float:
    return abs(math.log(one / other)) if one > 0 and other > 0 else math.inf


def _zero(series: Series, month: int, usual: Decimal) -> Oddity:
    return Oddity(
        "sudden-zero",
        month,
        Decimal(0),
        usual,
        f"0 {series.unit} in {month_list([month])}, where {_n(usual)} are usual",
        "carbon correct {entry} --quantity ..., or carbon withdraw {entry} if the bill is missing",
    )


def _slip(series: Series, month: int) -> Oddity | None:
    """The first slip of the unit that would explain a month, by its season or its neighbours."""
    quantity = series.months[month]
    for usual in _histories(series.months, month):
        for factor, why in SLIPS.items():
            off = abs(_distance(quantity, usual) - math.log(factor))
            if off <= SLIP * math.log(factor):
                times = f"{factor:g} times" if quantity > usual else f"1/{factor:g} of"
                return Oddity(
                    "unit-slip",
                    month,
                    quantity,
                    usual,
                    f"{_n(quantity)} {series.unit} in {month_list([month])} are {times} the usual"
                    f" {_n(usual)}: {why}",
                    "carbon correct {entry} --unit ... if the unit is wrong",
                )
    return None


def _spike(series: Series, month: int, usual: Decimal) -> Oddity:
    quantity = series.months[month]
    kind = "spike" if quantity > usual else "drop"
    return Oddity(
        kind,
        month,
        quantity,
        usual,
        f"{_n(quantity)} {series.unit} in {month_list([month])}, where {_n(usual)} are usual",
        "look at the bill, then carbon correct {entry} --quantity ...",
    )


def flat(series: Series) -> Iterator[Oddity]:
    """Months on end with one figure to its last digit: an estimate carried on, or a stuck meter."""
    run: list[int] = []
    for month in sorted(set(series.months) - series.calculated):
        if run and _follows(run[-1], month) and series.months[month] == series.months[run[-1]]:
            run.append(month)
            continue
        yield from _flat(series, run)
        run = [month]
    yield from _flat(series, run)


def _flat(series: Series, months: Sequence[int]) -> Iterator[Oddity]:
    if len(months) < FLAT:
        return
    quantity = series.months[months[0]]
    if len(quantity.normalize().as_tuple().digits) < FLAT_DIGITS or len(months) >= 12:
        return  # a round figure, or a year shared out evenly
    yield Oddity(
        "flat-line",
        months[-1],
        quantity,
        quantity,
        f"{_n(quantity)} {series.unit} in each of {month_list(months)}",
        "read the meter, then carbon correct {entry} --quantity ...; log estimates as quality"
        " estimated",
        months,
    )


def _follows(before: int, after: int) -> bool:
    return count_of(after) == count_of(before) + 1


def _about(series: Series, odd: Oddity) -> About:
    """How far the month would move if it were as usual; of a flat line, what its months emit."""
    place = (series.site, series.meter, series.activity)
    if odd.code == "flat-line":
        return About(*place, months=frozenset(odd.months))
    away = abs(odd.quantity - odd.usual)
    return About(*place, months=frozenset([odd.month]), quantity=away)


def _series(run: Run) -> Iterator[Series]:
    """The recorded months of every key that runs all year, as one figure each."""
    rows = run.rows(
        "select k.key_id, k.site, k.meter, k.activity, k.detail, e.unit, e.month,"
        " bool_or(n.quality in ('calculated', 'estimated')), sum(e.quantity)"
        f" from {CURRENT} join activity_key as k on k.key_id = e.key_id"
        " join method as m on m.activity = k.activity and m.is_continuous"
        " group by 1, 2, 3, 4, 5, 6, 7 having not bool_or(e.is_split) order by all"
    )
    found: dict[tuple, dict[int, Decimal]] = {}
    calculated: dict[tuple, set[int]] = {}
    for *key, month, is_calculated, quantity in rows:
        found.setdefault(tuple(key), {})[month] = quantity
        if is_calculated:
            calculated.setdefault(tuple(key), set()).add(month)
    for key, months in found.items():
        key_id, *words = key
        yield Series(*words, months, frozenset(calculated.get(key, ())), key_id)


def _entry(run: Run, key_id: int, month: int) -> tuple[int, str, int]:
    """The newest current entry of a key and month, with its file and row."""
    rows = run.rows(
        f"select e.entry_id, b.file, n.row from {CURRENT} where e.key_id = {int(key_id)}"
        f" and e.month = {int(month)} order by e.entry_id desc limit 1"
    )
    return rows[0] if rows else (0, "", 0)


# The months of current entries, with their entries and batches.
CURRENT = """(
    select m.* from (
        select entry_id, batch_id, key_id, month, unit, quantity, is_split from entry_month
        union all
        select entry_id, batch_id, key_id, month, unit, quantity, true from entry_move
    ) as m
    cross join run_option as o
    left join superseded_entry as s on s.entry_id = m.entry_id and s.cut_off = o.cut_off
    where s.entry_id is null and m.batch_id <= o.cut_off
) as e
join entry as n on n.entry_id = e.entry_id
join batch as b on b.batch_id = n.batch_id"""


def _n(quantity: Decimal) -> str:
    return f"{quantity:,.1f}".removesuffix(".0")
