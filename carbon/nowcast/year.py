"""A nowcast carried out: the running year to its end, and past ones as they would have been told.

Recorded months are planned as they are and the others as they are estimated, each year under a name
of its own beside the actual ones; the SQL of the inventory computes all of them in one pass.
Nothing of it is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from carbon.engine import Row
from carbon.errors import CarbonError, UsageError
from carbon.inputs import ACTUAL, dashed, reporting_year
from carbon.nowcast import methods
from carbon.nowcast.methods import NEAR, Errors, Estimate
from carbon.nowcast.series import Series, Years, apart, ask, read, years_of
from carbon.run import Run, expecting

EXPECTED, SO_FAR = "nowcast", "so far"  # names of suppositions; past cuts: 'nowcast 2022-03'
MOST = 5  # so many years back are tested on
LINES = ("scope1", "location", "market", "total_location", "total_market")


class Cut(NamedTuple):
    """A year known up to a month."""

    year: int
    after: int
    known: int  # months of the year until then


class Part(NamedTuple):
    """One series in the year: what it has, and how the rest is estimated."""

    series: Series
    estimate: Estimate | None
    has: Decimal
    rest: Decimal
    tested: int  # years by which its method was chosen


@dataclass(frozen=True)
class Nowcast:
    """All that is told of a year to its end. Masses in t CO2e, by line."""

    run: Run
    cut: Cut
    months: Sequence[int]
    parts: Sequence[Part]
    so_far: Mapping[str, Decimal]
    year_end: Mapping[str, Decimal]
    past: Mapping[Cut, tuple[Mapping[str, Decimal], Mapping[str, Decimal]]]  # nowcast, actual
    scale: Mapping[Cut, Mapping[str, Decimal]]  # of a past cut: the rest that was expected
    is_past: bool  # told as if later months were not known


def make(run: Run, year: int, until: int, today_month: int, *, is_tested: bool) -> Nowcast:
    """The nowcast of a year, by default the running one.

    until : the last month that counts as known, 0 for the last one recorded.
    is_tested : test it at every month of earlier years, not only around that of this one.

    Raises CarbonError where the year has no figure or lacks none.
    """
    years = years_of(run)
    recorded = _recorded(run)
    year = year or _running(run, recorded, today_month)
    cut = _cut(years, recorded, year, until)
    every = read(run, year)
    whole = _whole_years(run)
    tested = [each for each in sorted(whole) if each < year][-MOST:]
    at = min(cut.known, 11)
    near = range(1, 12) if is_tested else range(at - NEAR, at + NEAR + 1)
    around = {known + by for known in near for by in range(-NEAR, NEAR + 1)}
    off = methods.errors(every, years, tested, around)
    cuts = [
        Cut(each, after, known)
        for each in tested
        for known, after in enumerate(years[each][:-1], start=1)
        if known in near and _has_season(every, years, each, after)
    ]
    index: list[Row] = []
    additions: list[Row] = []
    parts = _supposed(EXPECTED, cut, every, years, off, index, additions)
    if not until and not any(each.estimate for each in parts):
        raise CarbonError(
            "year-is-whole",
            f"{year} lacks no month: there is nothing to expect",
            looked_for="a reporting year with months to come, or missing",
            remedy=f"carbon inventory {year}; carbon nowcast {year} --until"
            f" {dashed(years[year][5])} tells it as it stood then",
        )
    _supposed(SO_FAR, cut, every, years, off, index, additions, is_whole=False)
    for each in cuts:
        _supposed(f"{EXPECTED} {dashed(each.after)}", each, every, years, off, index, additions)
    names = {EXPECTED: year, SO_FAR: year}
    names |= {f"{EXPECTED} {dashed(each.after)}": each.year for each in cuts}
    run = expecting(run, names, index, additions)
    lines = _lines(run)
    past, scale = {}, {}
    for each in cuts:
        told = lines[f"{EXPECTED} {dashed(each.after)}"]
        past[each] = (_sum(told, each.year), _sum(lines[ACTUAL], each.year))
        scale[each] = _sum(told, each.year, each.after)
    return Nowcast(
        run,
        cut,
        years[year],
        parts,
        _sum(lines.get(SO_FAR, {}), year),
        _sum(lines.get(EXPECTED, {}), year),
        past,
        scale,
        bool(until) and year in whole,
    )


def _recorded(run: Run) -> dict[int, int]:
    """The last month of each reporting year that any figure is recorded of."""
    return dict(
        run.rows(
            "select m.reporting_year, max(e.month) from entry_current_month as e"
            " join month as m on m.month = e.month group by 1 order by 1"
        )
    )


def _whole_years(run: Run) -> set[int]:
    """The reporting years in which no bill or meter lacks a month."""
    rows = run.rows(
        "select reporting_year from coverage_month group by reporting_year having min(covered) = 1"
    )
    return {year for (year,) in rows}


def _running(run: Run, recorded: Mapping[int, int], today_month: int) -> int:
    """The year of today where it has figures, else the last one that has and is not whole."""
    today = reporting_year(today_month, run.settings.organisation.reporting_year_starts)
    last = max(recorded, default=0)
    if today in recorded or (last and last not in _whole_years(run)):
        return today if today in recorded else last
    raise CarbonError(
        "no-figure",
        f"nothing is recorded for {today}, the running year"
        + (f"; {last}, the last one recorded, is complete" if last else ""),
        looked_for=f"figures of {today}",
        remedy="carbon import the bills of this year so far"
        + (
            f", or carbon nowcast {last} --until {last}-06: {last} as it stood then" if last else ""
        ),
    )


def _cut(years: Years, recorded: Mapping[int, int], year: int, until: int) -> Cut:
    if year not in recorded:
        raise CarbonError(
            "no-figure",
            f"nothing is recorded for {year}: there is nothing to go by",
            looked_for=f"reporting year {year}",
            nearest=", ".join(map(str, recorded)),
            remedy="carbon import FILE... or carbon log for that year",
        )
    months = years[year]
    if until and until not in months[:-1]:
        raise UsageError(
            "not-in-year",
            f"{dashed(until)} is no month of {year} after which others follow",
            looked_for=f"{dashed(months[0])} to {dashed(months[-2])}",
            remedy=f"carbon nowcast {year} --until {dashed(months[5])}",
        )
    after = min(until or recorded[year], recorded[year])
    return Cut(year, after, months.index(after) + 1)


def _has_season(every: Sequence[Series], years: Years, year: int, after: int) -> bool:
    """Whether a year has an earlier one to take its season from."""
    needs = (ask(series, years, year, after) for series in every)
    return any(need is not None and need.pair for need in needs)


def _supposed(
    name: str,
    cut: Cut,
    every: Sequence[Series],
    years: Years,
    off: Errors,
    index: list[Row],
    additions: list[Row],
    *,
    is_whole: bool = True,
) -> list[Part]:
    """Writes the months of a year as rows of a plan: those known as they are, the others as
    estimated where it is told whole. What is reckoned from appliances repeats the year before."""
    months = years[cut.year]
    index += [(name, 1, month, month, Decimal(1)) for month in months if month <= cut.after]
    if is_whole:  # a set that no load is of: what appliances leak goes by the months alone
        before = years[cut.year - 1]
        index += [
            (name, 0, month, then, Decimal(1))
            for month, then in zip(months, before, strict=True)
            if month > cut.after
        ]
    chosen: dict[str, tuple[str, int]] = {}
    parts = []
    for series in apart(every, months, cut.after):
        past = [month for month in months if month <= cut.after and series.is_there(month)]
        had = [told[month] for told in series.by_key.values() for month in past if month in told]
        need = ask(series, years, cut.year, cut.after)
        made, tested = None, 0
        if need:
            if series.activity not in chosen:
                choice = methods.choose(off, series.activity, cut.year, cut.known)
                chosen[series.activity] = choice
            first, tested = chosen[series.activity]
            made = methods.estimate(series, need, first)
        rest = made.quantities(series) if made else {}
        if is_whole:
            additions += [(name, key, month, series.unit, q) for (key, month), q in rest.items()]
        if had or made:
            sums = (Decimal(sum(had)).scaleb(-6), sum(rest.values(), Decimal(0)))
            parts.append(Part(series, made, *sums, tested))
    return parts


Lines = Mapping[tuple[int, int], Mapping[str, Decimal]]  # (reporting year, month) -> line -> g


def _lines(run: Run) -> dict[str, Lines]:
    """Scope 1 and Scope 2 of every supposition by month. [g CO2e]"""
    found: dict[str, dict[tuple[int, int], dict[str, Decimal]]] = {}
    for scenario, year, month, line, accounting, grams in run.rows(
        "select scenario, reporting_year, month, line, accounting, sum(co2e_g) from emission"
        " where line in ('scope1', 'scope2') group by all order by all"
    ):
        of = found.setdefault(scenario, {}).setdefault((year, month), {})
        of["scope1" if line == "scope1" else accounting] = grams
    return found


def _sum(lines: Lines, year: int, after: int = 0) -> dict[str, Decimal]:
    """The lines of a year, or of its months after one. [t CO2e]"""
    sums = dict.fromkeys(("scope1", "location", "market"), Decimal(0))
    for (of, month), each in lines.items():
        if of == year and month > after:
            for line, grams in each.items():
                sums[line] += grams.scaleb(-6)
    sums |= {f"total_{each}": sums["scope1"] + sums[each] for each in ("location", "market")}
    return sums
