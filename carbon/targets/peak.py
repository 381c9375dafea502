"""Peak by Y: the highest year is in or before Y, and no later one reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carbon.targets.case import Case, breaks_in, gaps, not_comparable
from carbon.targets.demand import Demand, Summit
from carbon.targets.figures import LINES, Verdict, YearFigure
from carbon.targets.words import listed, mass

YEARS_OF_HINDSIGHT = 2  # complete years below a maximum that make it a peak


def peak(case: Case) -> Verdict:
    """The maximum is in or before the target year, and no later year reaches it."""
    case, year = case.like_for_like(), case.target.year
    breaks, compared = breaks_in(case.actual)
    prefix = not_comparable(breaks)
    series = compared + case.projected
    until = [each for each in series if each.year <= year]
    if not until:
        which = "comparable year" if breaks else "year"
        return case.verdict(
            "not yet provable",
            f"{prefix}No {which} in or before {year} is known; the first is {series[0].year}.",
            caveats=["not comparable"] if breaks else [],
        )
    top = max(until, key=case.value)  # the first of equals
    ceiling = case.value(top) * (1 + case.policy.peak_tolerance)
    late = [each for each in series if each.year > year and case.value(each) >= ceiling]
    facts = _peak_facts(case, series, top)
    caveats = ["not comparable"] if breaks else []
    if late:
        return _peak_reached(case, top, late, breaks, prefix, caveats, facts)
    return _peak_holds(case, series, top, breaks, prefix, caveats, facts)


def peak_asks(case: Case, years: Sequence[int]) -> Demand:
    """Years after the target's stay below the highest that compares until it, and not level."""
    case, year, line = case.like_for_like(), case.target.year, case.target.judged_on
    breaks, compared = breaks_in(case.actual)
    until = [each for each in compared if each.year <= year]
    ahead = tuple(each for each in years if each <= year)
    after = tuple(each for each in years if each > year)
    if not after:
        said = f"no year ahead lies after {year}, the horizon is {years[-1]}"
        return Demand(line, unasked=said)
    if not until and not ahead:
        return Demand(line, unasked=f"{not_comparable(breaks)}No year up to {year} compares")
    known = max(map(case.value, until), default=None)
    late = [each for each in compared if each.year > year]
    lost = [each for each in late if known is not None and case.value(each) >= known]
    said = f"{lost[0].year} stands at {mass(case.value(lost[0]))} already" if lost else ""
    share = 1 - case.policy.peak_tolerance
    return Demand(line, summit=Summit(known, ahead, after, share), beside=said)


def _peak_facts(case: Case, series: Sequence[YearFigure], top: YearFigure) -> dict[str, Any]:
    """The summit of each line, and the runner-up on the line judged."""
    others = [each for each in series if each is not top]
    runner_up = max(others, key=case.value) if others else None
    facts: dict[str, Any] = {
        "peak_year": top.year,
        "peak_t": case.value(top),
        "years_since_peak": case.actual[-1].year - top.year,
        "runner_up_year": runner_up.year if runner_up else None,
        "runner_up_t": case.value(runner_up) if runner_up else None,
    }
    for line in LINES:
        facts[f"highest_year_{line}"] = max(series, key=lambda each: case.value(each, line)).year
    return facts


def _other_methods(case: Case, facts: dict[str, Any], *, is_reached: bool) -> list[str]:
    """The other Scope 2 method, where its highest year falls on the other side of the target's."""
    return [
        f"{LINES[line]}, the highest year is {facts[f'highest_year_{line}']}"
        for line in ("location", "market")
        if line != case.target.judged_on
        and (facts[f"highest_year_{line}"] <= case.target.year) == is_reached
    ]


def _peak_reached(
    case: Case,
    top: YearFigure,
    late: Sequence[YearFigure],
    breaks: Sequence[str],
    prefix: str,
    caveats: list[str],
    facts: dict[str, Any],
) -> Verdict:
    """A later year reaches the maximum: missed where actual figures show it, else at risk."""
    year = case.target.year
    shown = [each for each in late if each.kind == "actual" and each.is_complete]
    before = [each for each in case.actual if each.year <= year]
    hidden = [case.doubt(each) for each in before if not each.is_complete]
    hidden += [f"{each} is missing" for each in gaps(case.actual) if each <= year]
    is_missed = bool(shown) and top.kind == "actual" and not hidden and not breaks
    worst = max(shown if is_missed else late, key=case.value)
    gap = case.value(worst) - case.value(top)
    ahead = worst.year - case.actual[-1].year
    beside = {
        "gap_t": gap,
        "required_pace_t": gap / ahead if ahead > 0 and gap > 0 else None,
        "caveats": [
            *caveats,
            *(["plateau"] if gap == 0 else []),
            *_other_methods(case, facts, is_reached=True),
        ],
        "facts": facts | {"highest_later_year": worst.year, "highest_later_t": case.value(worst)},
    }
    reached = (
        f"{mass(gap) + ' above' if gap else 'level with'} the {mass(case.value(top))} of "
        f"{top.year}, the highest year up to {year}"
        f"{'' if gap else '; a flat top is a plateau, not a peak'}"
    )
    if is_missed:
        return case.verdict(
            "missed", f"{worst.year} closed at {mass(case.value(worst))}, {reached}.", **beside
        )
    if worst.kind == "actual":
        faults = hidden + ([] if worst.is_complete else [case.doubt(worst)])
        why = "".join(f"; {fault}" for fault in faults)
        return case.verdict(
            "at risk",
            f"{prefix}{worst.year} stands at {mass(case.value(worst))}, {reached}{why}.",
            **beside,
        )
    years = worst.year - year
    return case.verdict(
        "at risk",
        f"{prefix}It would be missed: in scenario {case.scenario} the maximum comes in "
        f"{worst.year} with {mass(case.value(worst))}, {years} year{'s' if years > 1 else ''} "
        f"after {year}, {reached}.",
        **beside,
    )


def _peak_holds(
    case: Case,
    series: Sequence[YearFigure],
    top: YearFigure,
    breaks: Sequence[str],
    prefix: str,
    caveats: list[str],
    facts: dict[str, Any],
) -> Verdict:
    """No later year reaches the maximum: met with hindsight, on track by projection, or open."""
    year, actual = case.target.year, case.actual
    summit = f"{top.year} with {mass(case.value(top))} is the highest year"
    level = _level_years(case, series, top)
    flat = _is_flat(series, level, top, year)
    vanishes = _vanishes(series, top)
    if vanishes:
        caveats = [*caveats, "the peak vanishes at constant factors"]
        prefix = f"{vanishes} {prefix}"
    if flat:
        caveats = [*caveats, "plateau"]
    elif len(level) > 1:
        caveats = [*caveats, f"tie: {listed(level)} are level, the first counts"]
    if top is actual[0] and len(actual) > 1:
        caveats = [*caveats, f"{top.year} is the first year known: the peak may lie before it"]
    caveats = caveats + _other_methods(case, facts, is_reached=False)
    runner_up = facts["runner_up_t"]
    margin = None if runner_up is None else case.value(top) - runner_up
    beside = {
        "margin_t": margin,
        "margin_share": margin / case.value(top)
        if margin is not None and case.value(top)
        else None,
        "caveats": caveats,
        "facts": facts,
    }
    doubts = case.doubts(actual)
    if only := case.only_doubts(actual):
        return case.verdict("at risk", f"{prefix}{only}", **beside)
    if flat:
        return case.verdict(
            "not yet provable",
            f"{prefix}Plateau: {listed(level)} are level at {mass(case.value(top))}; "
            "a flat top is not a peak.",
            **beside,
        )
    missing = [f"{each} is missing" for each in gaps(actual)]
    later = [each for each in actual if each.year > max(level) and each.is_complete]
    is_seen = actual[-1].year >= year and len(later) >= YEARS_OF_HINDSIGHT
    if top.kind == "actual" and is_seen and not (doubts or missing or breaks):
        return case.verdict(
            "met",
            f"{prefix}{summit}, and the {len(later)} complete years after {max(level)} are "
            f"{mass(case.value(top) - max(map(case.value, later)))} or more below it.",
            **beside,
        )
    beyond = [each for each in case.projected if each.year > year]
    if beyond and not case.is_over and not breaks and actual[-1].is_complete:
        later_said = "; ".join(doubts + missing)
        return case.verdict(
            "on track",
            f"{prefix}In scenario {case.scenario} {summit}, and no year up to {beyond[-1].year} "
            f"reaches it{'; ' + later_said if later_said else ''}.",
            **beside,
        )
    return case.verdict(
        "not yet provable",
        f"{prefix}{summit} {'since then' if breaks else 'so far'}, but "
        f"{'; '.join(doubts + missing + _open(case, top, later, beyond, breaks))}.",
        **beside,
    )


def _open(
    case: Case,
    top: YearFigure,
    later: Sequence[YearFigure],
    beyond: Sequence[YearFigure],
    breaks: Sequence[str],
) -> list[str]:
    """What keeps a peak that nothing contradicts from being proved."""
    year, last = case.target.year, case.actual[-1].year
    said = ["the years before do not compare"] if breaks else []
    if top.kind == "projected":
        said.append(f"{top.year} is a projection")
    elif len(later) < YEARS_OF_HINDSIGHT:
        count = {0: "none", 1: "one"}[len(later)]
        said.append(f"a peak needs {YEARS_OF_HINDSIGHT} later complete years and has {count}")
    if last < year and case.is_over:
        said.append(f"{year} is over and the actual figures end in {last}")
    elif last < year and not beyond:
        said.append(f"the actual figures end in {last} and no projection reaches beyond {year}")
    return said


def _level_years(case: Case, series: Sequence[YearFigure], top: YearFigure) -> list[int]:
    """The years as high as the maximum, within the tolerance."""
    floor = case.value(top) * (1 - case.policy.peak_tolerance)
    return [each.year for each in series if case.value(each) >= floor]


def _is_flat(
    series: Sequence[YearFigure], level: Sequence[int], top: YearFigure, year: int
) -> bool:
    """True where the top is a plateau: a neighbouring year is level with it, or one after Y is."""
    years = [each.year for each in series]
    at = years.index(top.year)
    return any(
        near in level for near in (*years[max(at - 1, 0) : at], *years[at + 1 : at + 2])
    ) or (max(level) > year)


def _vanishes(series: Sequence[YearFigure], top: YearFigure) -> str:
    """A sentence where a later year is as high as the top once grid factors are held, or ''."""
    if top.constant_factor_t is None:
        return ""
    later = [
        each
        for each in series
        if each.year > top.year
        and each.constant_factor_t is not None
        and each.constant_factor_t >= top.constant_factor_t
    ]
    if not later:
        return ""
    worst = max(later, key=lambda each: each.constant_factor_t)
    return (
        f"The peak vanishes at constant factors: there {worst.year} has "
        f"{mass(worst.constant_factor_t)}, {top.year} {mass(top.constant_factor_t)}."
    )
