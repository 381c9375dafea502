"""How the months to come are estimated: five simple ways, and which of them did best before.

Four take the season of an earlier year: the same months, times how this year runs against it. The
fifth takes the mean day of this year, where there is no season to take. Which one an activity goes
by is chosen by what each would have said in the years before, at the same time of the year.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from carbon.inputs import month_list
from carbon.nowcast.series import Need, Series, Years, ask, is_whole, length
from carbon.scenarios import rounded

MILLION = 1_000_000
RECENT = 3  # months that tell how a year runs lately
FEW = 3  # with fewer known months, and nothing to choose by, a trend counts by half
NEAR = 1  # cuts so many months apart are judged together

Errors = Mapping[tuple[str, int, int, str], Fraction]  # activity, year, months known, method


@dataclass(frozen=True)
class Estimate:
    """The rest of a year of one series: by which method, and as which months times what."""

    method: str
    multiplier: Fraction  # of the same month before; of the mean day
    need: Need

    def terms(self, month: int) -> tuple[Sequence[int], Fraction]:
        """The recorded months that a month to come is made of, and what they are multiplied by."""
        share = self.need.wanted[month]
        if self.method != MEAN:
            return [self.need.pair[month]], self.multiplier * share
        days = sum(length(each) for each in self.need.known)
        return self.need.known, Fraction(length(month), days) * share

    def quantities(self, series: Series) -> dict[tuple[int, int], Decimal]:
        """(key_id, month) -> quantity, rounded as quantities are."""
        found = {}
        for month in self.need.wanted:
            lent, by = self.terms(month)
            for key_id, told in series.by_key.items():
                whole = sum(told.get(each, 0) for each in lent) * by
                if whole and (quantity := rounded(whole / MILLION, 6)):
                    found[key_id, month] = quantity
        return found

    def total(self, series: Series) -> Fraction:
        """All of the rest, unrounded, in millionths of the unit."""
        wanted = self.need.wanted
        if self.method == MEAN:
            return self.multiplier * sum(length(m) * share for m, share in wanted.items())
        lent = (series.sums.get(self.need.pair[m], 0) * share for m, share in wanted.items())
        return self.multiplier * sum(lent)

    def said(self, series: Series) -> str:
        """The arithmetic in words."""
        if self.method == MEAN:
            return f"mean day of {month_list(self.need.known)}"
        lent = month_list(sorted(self.need.pair[month] for month in self.need.wanted))
        return f"{lent} x {float(self.multiplier):.4f}"


def _ratio(series: Series, known: Sequence[int], pair: Mapping[int, int]) -> Fraction | None:
    """How a year runs against an earlier one, in the months that both have."""
    both = [m for m in known if pair and (pair[m] in series.sums or not series.is_monthly)]
    now, then = series.of(both), series.of(pair[month] for month in both)
    return Fraction(now, then) if both and then > 0 and now >= 0 else None


def trend(series: Series, need: Need) -> Fraction | None:
    """How the year has run so far against the earlier one."""
    return _ratio(series, need.known, need.pair)


def half_trend(series: Series, need: Need) -> Fraction | None:
    """Half of that change."""
    ratio = trend(series, need)
    return None if ratio is None else (1 + ratio) / 2


def recent_trend(series: Series, need: Need) -> Fraction | None:
    """How the last three known months ran."""
    return _ratio(series, need.known[-RECENT:], need.pair)


def last_year(series: Series, need: Need) -> Fraction | None:
    """As in the earlier year."""
    return Fraction(1) if need.pair else None


def mean_day(series: Series, need: Need) -> Fraction | None:
    """The mean day of what is known of the year."""
    days = sum(length(month) for month in need.known)
    return Fraction(series.of(need.known), days) if days else None


MEAN = "mean day"
METHODS: Mapping[str, Callable[[Series, Need], Fraction | None]] = {
    "trend": trend,
    "half trend": half_trend,
    "recent trend": recent_trend,
    "last year": last_year,
    MEAN: mean_day,
}


def estimate(series: Series, need: Need, first: str) -> Estimate | None:
    """The rest of a year by a method, or where it cannot, by the first other that can."""
    for method in (first, *METHODS):
        multiplier = METHODS[method](series, need)
        if multiplier is not None:
            return Estimate(method, multiplier, need)
    return None


def errors(
    every: Iterable[Series], years: Years, tested: Sequence[int], cuts: Collection[int]
) -> Errors:
    """How far each method would have been off the rest of earlier years, added up over the series
    of an activity that are whole.

    cuts : with how many months known.
    """
    found: dict[tuple[str, int, int, str], Fraction] = {}
    for series in every:
        for year in tested:
            months = years[year]
            if not is_whole(series, months):
                continue
            for known, after in enumerate(months[:-1], start=1):
                if known not in cuts:
                    continue
                need = ask(series, years, year, after)
                if need is None or not need.pair:
                    continue
                actual = series.of(need.wanted)
                for method in METHODS:
                    if made := estimate(series, need, method):
                        key = (series.activity, year, known, method)
                        off = abs(made.total(series) - actual)
                        found[key] = found.get(key, Fraction(0)) + off
    return found


def choose(off: Errors, activity: str, year: int, known: int) -> tuple[str, int]:
    """The method that was the least off in the years before, and how many these are; where there
    are none, the trend, by half of it where few months are known."""
    sums: dict[str, Fraction] = dict.fromkeys(METHODS, Fraction(0))
    seen = set()
    for (of, when, cut, method), each in off.items():
        if of == activity and when < year and abs(cut - known) <= NEAR:
            sums[method] += each
            seen.add(when)
    if not seen:
        return ("half trend" if known < FEW else "trend"), 0
    return min(METHODS, key=lambda method: sums[method]), len(seen)
