"""What is recorded month by month, as a nowcast reads it: one series a bill or meter and unit.

`read` gives every series of a run; `ask` says what a year that is known up to some month has of
one, and what it lacks. Months before the first figure of a series without history are not asked
for.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from carbon.inputs import calendar
from carbon.run import Run

REACH = 3  # the year that lends its season is at most so many years back

Place = tuple[str, str, str]  # site, meter, activity
Share = Fraction | int
Years = Mapping[int, Sequence[int]]  # reporting year -> its months, in order


@dataclass(frozen=True)
class Series:
    """What one bill or meter recorded in one unit, and the months in which it is there."""

    place: Place
    unit: str
    is_monthly: bool  # a month without a figure is a gap; else nothing was bought in it
    by_key: Mapping[int, Mapping[int, int]]  # key_id -> month; in millionths of the unit
    spans: Sequence[tuple[int, int]]  # first month, and the first one no more
    untold: Mapping[int, Fraction] = field(default_factory=dict)  # share of its days without entry
    sums: dict[int, int] = field(default_factory=dict)  # month -> all details together

    def __post_init__(self) -> None:
        for months in self.by_key.values():
            for month, quantity in months.items():
                self.sums[month] = self.sums.get(month, 0) + quantity

    @property
    def activity(self) -> str:
        return self.place[2]

    def is_there(self, month: int) -> bool:
        return any(first <= month < left for first, left in self.spans)

    def of(self, months: Iterable[int]) -> int:
        """What was recorded in some months; nothing counts as 0."""
        return sum(self.sums.get(month, 0) for month in months)


@dataclass(frozen=True)
class Need:
    """A year of a series up to a month: what is known of it, and what is to be estimated."""

    year: int
    known: Sequence[int]  # months with a whole figure
    gaps: Mapping[int, Share]  # months until then without one -> the share that lacks
    ahead: Sequence[int]  # months to come
    pair: Mapping[int, int]  # month -> the same one of the year that lends its season
    begun: int = 0  # of a series without history: its first month

    @property
    def wanted(self) -> dict[int, Share]:
        """The months to be estimated, each with the share of it that is."""
        return {**self.gaps, **dict.fromkeys(self.ahead, 1)}


def years_of(run: Run) -> Years:
    """The months of every reporting year."""
    found: dict[int, list[int]] = {}
    for month, year in sorted(calendar(run.settings)):
        found.setdefault(year, []).append(month)
    return found


def ask(series: Series, years: Years, year: int, after: int) -> Need | None:
    """What a year that is known up to a month lacks of a series. None where it lacks nothing, or
    where nothing is known to go by."""
    there = [month for month in years[year] if series.is_there(month)]
    past = [month for month in there if month <= after]
    ahead = [month for month in there if month > after]
    told = [month for month in series.sums if month <= after]
    if not told or (max(told) < min(years[year - 1]) and not series.is_monthly):
        return None
    if max(told) < min(years[year - REACH]):
        return None
    begun = min(told) if min(told) >= years[year][0] else 0
    past = [month for month in past if month >= begun]
    gaps: dict[int, Share] = {}
    if series.is_monthly:
        gaps = {m: series.untold.get(m, int(m not in series.sums)) for m in past}
        gaps = {month: share for month, share in gaps.items() if share}
    if not ahead and not gaps:
        return None
    known = [month for month in past if month not in gaps]
    return Need(year, known, gaps, ahead, _pair(series, years, year, [*gaps, *ahead]), begun)


def _pair(series: Series, years: Years, year: int, wanted: Sequence[int]) -> dict[int, int]:
    """The months of the latest year before that recorded all the months wanted, by those of this
    year; of a series that is not monthly, of the latest that recorded any."""
    for back in range(1, REACH + 1):
        before = years.get(year - back, ())
        pair = dict(zip(years[year], before, strict=True)) if before else {}
        has = [month in series.sums for month in pair.values()]
        whole = [pair[month] in series.sums for month in wanted] if pair else [False]
        if all(whole) if series.is_monthly else any(has):
            return pair
    return {}


def is_whole(series: Series, months: Sequence[int]) -> bool:
    """Whether a series has all its figures in the months of a year, so that it can be tested on."""
    there = [month for month in months if series.is_there(month)]
    has = [month in series.sums for month in there]
    return any(has) and (not series.is_monthly or all(has))


def length(month: int) -> int:
    """The days of a month."""
    return monthrange(month // 100, month % 100)[1]


def read(run: Run, year: int) -> list[Series]:
    """Every series, in the order of its place; of the year it is known which months are told in
    part alone."""
    sites: dict[str, list[tuple[int, int]]] = {}
    for site, first, left in run.rows("select distinct site, first_month, left_month from site"):
        sites.setdefault(site, []).append((first, left))
    meters: dict[str, list[tuple[int, int]]] = {}
    for meter, first, left in run.rows("select meter, first_month, left_month from meter"):
        meters.setdefault(meter, []).append((first, left))
    monthly = set(run.rows("select site, meter, activity from expected_key"))
    months = {month for month, of in calendar(run.settings) if of == year}
    untold = _untold(run, months)
    found: dict[tuple[Place, str], dict[int, dict[int, int]]] = {}
    for site, meter, activity, key_id, month, unit, quantity in run.rows(
        "select k.site, k.meter, k.activity, e.key_id, e.month, e.unit, e.quantity"
        " from entry_current_month as e join activity_key as k on k.key_id = e.key_id order by all"
    ):
        method = run.library.methods.get(activity)
        if method and method.line == "scope3" and method.method != "supplied":
            continue
        by_key = found.setdefault(((site, meter, activity), unit), {})
        of_key = by_key.setdefault(key_id, {})
        of_key[month] = of_key.get(month, 0) + int(quantity.scaleb(6))
    return [
        Series(
            place,
            unit,
            place in monthly,
            by_key,
            list(_both(sites.get(place[0], []), meters.get(place[1]))),
            untold.get(place, {}) if place in monthly else {},
        )
        for (place, unit), by_key in sorted(found.items())
    ]


def _both(
    site: Sequence[tuple[int, int]], meter: Sequence[tuple[int, int]] | None
) -> Iterator[tuple[int, int]]:
    """The spans in which both a site and its meter are there."""
    for first, left in site:
        for begun, ended in [(first, left)] if meter is None else meter:
            if max(first, begun) < min(left, ended):
                yield max(first, begun), min(left, ended)


def _untold(run: Run, months: set[int]) -> dict[Place, dict[int, Fraction]]:
    """The share of the days of a month that no entry covers, where some do and some do not."""
    days: dict[Place, dict[int, set[date]]] = {}
    first = min(months)
    for site, meter, activity, start_on, end_on in run.rows(
        "select k.site, k.meter, k.activity, e.start_on, e.end_on from entry as e"
        " join entry_key as k on k.key_id = e.key_id"
        " cross join run_option as o"
        " left join superseded_entry as s on s.entry_id = e.entry_id and s.cut_off = o.cut_off"
        " where s.entry_id is null and e.kind <> 'withdrawal' and e.batch_id <= o.cut_off"
        f" and e.end_on >= date '{first // 100}-{first % 100:02}-01'"
    ):
        day = max(start_on, date(first // 100, first % 100, 1))
        while day <= end_on:
            month = day.year * 100 + day.month
            if month in months:
                of_place = days.setdefault((site, meter, activity), {})
                of_place.setdefault(month, set()).add(day)
            day += timedelta(days=1)
    return {
        place: {
            month: Fraction(length(month) - len(found), length(month))
            for month, found in of_place.items()
            if len(found) < length(month)
        }
        for place, of_place in days.items()
    }


def apart(series: Sequence[Series], months: Sequence[int], after: int) -> list[Series]:
    """The series a year goes on with: of a bill that is told in another unit now, the new one."""
    now = {each.place for each in series if any(m in each.sums and m <= after for m in months)}
    return [
        each
        for each in series
        if each.place not in now or any(m in each.sums and m <= after for m in months)
    ]
