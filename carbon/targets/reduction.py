"""Reduction by Y: Y and every later year leave no more of the base year than the target allows.

The base is an actual year, never a projection of what would have been. An intensity is judged in
tonnes as well: what the intensity allowed would come to at the activity of the year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbon.aims import SBTI_RATES
from carbon.targets.case import Case, breaks_in, gaps, not_comparable
from carbon.targets.demand import Demand, beyond
from carbon.targets.figures import ZERO, Verdict, YearFigure
from carbon.targets.path import Path, plain
from carbon.targets.words import exact, listed, mass, upper


def reduction(case: Case) -> Verdict:
    """The target year and every later one stay at or below what the target leaves of the base."""
    case, base_year = case.like_for_like(), case.policy.base_year_of(case.target)
    base = next((each for each in case.actual if each.year == base_year), None)
    lacking = _no_base(case, base, base_year)
    if base is None or lacking:
        return case.verdict("no data", lacking)
    path = Path(case.target, base, case.value(base))
    year, last = case.target.year, case.actual[-1]
    breaks, _ = breaks_in([each for each in case.actual if each.year >= base_year])
    actual = [each for each in case.actual if each.year >= year]
    ahead = [each for each in case.projected if each.year >= year]
    shown = next((each for each in actual + ahead if each.year == year), last)
    beside = _beside(case, path, shown, last)
    beside["caveats"] += ["not comparable"] if breaks else []
    failing = [each for each in actual if _over(case, path, each) > 0]
    if failing:
        return _not_reduced(case, path, failing, breaks, beside)
    short = [each for each in ahead if _over(case, path, each) > 0]
    if short:
        worst = short[0]
        over = _over(case, path, worst)
        kept = f" {actual[-1].year} was low enough, but" if actual else ""
        return case.verdict(
            "at risk",
            f"{not_comparable(breaks)}It would be missed:{kept} in scenario {case.scenario} "
            f"{worst.year} ends at {_against(case, path, worst)}.",
            **(beside | {"gap_t": over}),
        )
    if actual:
        return _reduced_so_far(case, path, actual, breaks, beside)
    return _reduced_ahead(case, path, ahead, breaks, beside)


def reduction_asks(case: Case, years: Sequence[int]) -> Demand:
    """The level of the target year and of every later one; steps before it are not judged."""
    case, base_year = case.like_for_like(), case.policy.base_year_of(case.target)
    year, line, per = case.target.year, case.target.judged_on, case.target.per
    base = next((each for each in case.actual if each.year == base_year), None)
    lacking = _no_base(case, base, base_year)
    if base is None or lacking:
        return Demand(line, unasked=lacking.removesuffix("."))
    if away := beyond(year, years, line):
        return away
    path, known = Path(case.target, base, case.value(base)), {e.year: e for e in case.projected}
    levels = {
        each: path.level(known.get(each, replace(base, year=each, divisor=None)))
        for each in years
        if each >= year
    }
    if None in levels.values():
        at = next(each for each, level in levels.items() if level is None)
        said = f"it is one per {per}, and that of {at} is neither recorded nor supposed by a"
        said += " [[denominator]] of the scenario"
        return Demand(line, unasked=said)
    lost = [each for each in case.actual if each.year >= year and _over(case, path, each) > 0]
    said = f"{lost[0].year} stands at {_against(case, path, lost[0])}" if lost else ""
    most = {at: level for at, level in levels.items() if level is not None}
    return Demand(line, most, base.year, beside=said)


def _no_base(case: Case, base: YearFigure | None, base_year: int) -> str:
    """Why there is nothing to reduce against, or ''."""
    if base is None:
        if any(each.year == base_year for each in case.projected):
            return f"The base year {base_year} is only projected; a projection is no base."
        return (
            f"The base year {base_year} has no figure; the actual ones are of "
            f"{listed([each.year for each in case.actual])}."
        )
    if case.value(base) <= 0:
        return f"The base year {base_year} has no emissions that could be reduced."
    if case.target.per and not base.divisor:
        return f"No {case.target.per} is recorded for the base year {base_year}."
    return ""


def _over(case: Case, path: Path, figure: YearFigure) -> Decimal:
    """What a year has above its level; 0 where its level is not known. [t CO2e]"""
    level = path.level(figure)
    return ZERO if level is None else case.value(figure) - level


def _beside(case: Case, path: Path, shown: YearFigure, last: YearFigure) -> dict[str, Any]:
    """The figures and caveats beside the verdict."""
    target, base = case.target, path.base
    level = path.level(shown)
    facts: dict[str, Any] = {
        "base_year": base.year,
        "base_t": path.base_t,
        "year": shown.year,
        "year_t": case.value(shown),
        "level_t": level,
        "reduction_share": 1 - case.value(shown) / path.base_t,
    }
    beside: dict[str, Any] = {"facts": facts, "caveats": _caveats(case, path, shown, facts)}
    if shown.year == target.year and level is not None and case.value(shown) <= level:
        beside["margin_t"] = level - case.value(shown)
        beside["margin_share"] = beside["margin_t"] / level if level else None
    if last.year < target.year:
        final = _final(path, last)
        if final is not None and case.value(last) > final:
            beside["required_pace_t"] = (case.value(last) - final) / (target.year - last.year)
    return beside


def _final(path: Path, last: YearFigure) -> Decimal | None:
    """What the target year may emit; of an intensity at the activity of the last actual year."""
    left = path.ends_t
    if path.target.per:
        if not last.divisor or not path.base.divisor:
            return None
        left *= Fraction(last.divisor) / Fraction(path.base.divisor)
    return plain(left)


def _caveats(case: Case, path: Path, shown: YearFigure, facts: dict[str, Any]) -> list[str]:
    target, base = case.target, path.base
    said = []
    if target.rate:
        said.append(
            f"{SBTI_RATES[target.rate]} % of {base.year} a year: SBTi, Foundations of Science-based"
            " Target Setting 1.0 (2019), page 22; no validation by the SBTi"
        )
    usual = case.policy.base_year.get(target.judged_on)
    if usual and usual != base.year:
        said.append(f"measured against {base.year}, where the policy's base year is {usual}")
    if target.per and shown is not base:
        share = facts["reduction_share"]
        word = "less" if share >= 0 else "more"
        said.append(f"absolute emissions of {shown.year}: {exact(abs(share))} {word}")
    for year in sorted(target.pathway):
        step = next((each for each in case.actual if each.year == year < target.year), None)
        if step and step.is_complete and _over(case, path, step) > 0:
            said.append(f"{year} closed {mass(_over(case, path, step))} above its step")
    if case.doubt(base):
        said.append(f"the base year: {case.doubt(base)}")
    return said


def _held(case: Case, path: Path, figure: YearFigure) -> str:
    """A sentence where a year is low enough only by what the grid did, or ''."""
    base, now = path.base.constant_factor_t, figure.constant_factor_t
    if case.target.judged_on != "location" or not base or now is None:
        return ""
    held = Path(path.target, path.base, base)
    level = held.level(figure)
    if level is None or now <= level:
        return ""
    change = 1 - now / base
    than = f"{exact(abs(change))} {'less' if change >= 0 else 'more'} than {path.base.year}"
    return (
        f"The reduction vanishes at constant factors: there {figure.year} has {mass(now)}, {than}. "
    )


def _not_reduced(
    case: Case,
    path: Path,
    failing: Sequence[YearFigure],
    breaks: Sequence[str],
    beside: dict[str, Any],
) -> Verdict:
    """Some actual year is too high: missed where it, its base and what lies between can show it."""
    lost = [each for each in failing if each.is_complete]
    worst = lost[0] if lost else failing[0]
    over = _over(case, path, worst)
    beside |= {"gap_t": over, "margin_t": None, "margin_share": None}
    stands = _against(case, path, worst)
    if lost and path.base.is_complete and not breaks:
        return case.verdict("missed", f"{worst.year} closed at {stands}.", **beside)
    why = [case.doubt(each) for each in (path.base, worst) if not each.is_complete]
    told = "".join(f"; {each}" for each in dict.fromkeys(why))
    return case.verdict(
        "at risk", f"{not_comparable(breaks)}{worst.year} stands at {stands}{told}.", **beside
    )


def _reduced_so_far(
    case: Case,
    path: Path,
    actual: Sequence[YearFigure],
    breaks: Sequence[str],
    beside: dict[str, Any],
) -> Verdict:
    """No actual year from the target year on is too high. A later one that is not yet complete or
    approved shows nothing, and takes nothing away."""
    if only := case.only_doubts(actual):
        return case.verdict("at risk", only, **beside)
    year = case.target.year
    aside = case.doubts(each for each in actual if each.year > year)
    beside["caveats"] += [f"{doubt}: left aside" for doubt in aside]
    shown = [each for each in actual if each.year == year or not case.doubt(each)]
    first = shown[0]
    faults = case.doubts(each for each in shown if each.year == year)
    faults += [f"{each} is missing" for each in gaps(shown, year)]
    faults += [
        f"no {case.target.per} is recorded for {each.year}"
        for each in shown
        if path.level(each) is None
    ]
    faults += [f"the base year {doubt}" for doubt in case.doubts([path.base])]
    closed = f"{first.year} closed at {_against(case, path, first)}"
    if faults or breaks:
        but = "; ".join(faults or ["the base year does not compare"])
        return case.verdict(
            "not yet provable", f"{not_comparable(breaks)}{closed}, but {but}.", **beside
        )
    held = _held(case, path, first)
    if held:
        beside["caveats"] = [*beside["caveats"], "the reduction vanishes at constant factors"]
    later = f", and no later year up to {shown[-1].year} is above it" if len(shown) > 1 else ""
    return case.verdict("met", f"{held}{closed}{later}.", **beside)


def _against(case: Case, path: Path, figure: YearFigure) -> str:
    """A year and its level in words: 50.0 t, 5.0 t below the 55.0 t that 45 % less leaves."""
    value, over = mass(case.value(figure)), _over(case, path, figure)
    if path.level(figure) is None:
        return value
    where = f"{mass(abs(over))} {'above' if over > 0 else 'below'}" if over else "level with"
    return f"{value}, {where} {path.words(figure)}"


def _reduced_ahead(
    case: Case,
    path: Path,
    ahead: Sequence[YearFigure],
    breaks: Sequence[str],
    beside: dict[str, Any],
) -> Verdict:
    """The target year has no actual figure, and no projected year is too high."""
    year, last = case.target.year, case.actual[-1]
    if only := case.only_doubts(case.actual):
        return case.verdict("at risk", only, **beside)
    over, stands = _over(case, path, last), _standing(case, path, last)
    prefix = not_comparable(breaks)
    ends_there = bool(ahead) and ahead[0].year == year and path.level(ahead[0]) is not None
    if not ends_there:
        lacking = _nothing_of(case, path, ahead)
        word = "at risk" if over > 0 and last.is_complete and last.year > path.base.year else None
        return case.verdict(word or "not yet provable", f"{prefix}{stands}; {lacking}.", **beside)
    there = ahead[0]
    ends = f"in scenario {case.scenario} {year} ends at {_against(case, path, there)}"
    but = [f"{year} is over and only projected"] if case.is_over else []
    but += [f"it rests on {case.doubt(last)}"] if not last.is_complete else []
    if not path.base.is_complete:
        but.append(f"the base year {case.doubt(path.base)}")
    but += ["the base year does not compare"] if breaks else []
    if over > 0:
        beside["caveats"] = [*beside["caveats"], stands]
    if but:
        return case.verdict(
            "not yet provable",
            f"{prefix}{ends[0].upper()}{ends[1:]}, but {'; '.join(but)}.",
            **beside,
        )
    held = _held(case, path, there)
    if held:
        beside["caveats"] = [*beside["caveats"], "the reduction vanishes at constant factors"]
    return case.verdict("on track", f"{held}{upper(ends)}.", **beside)


def _standing(case: Case, path: Path, last: YearFigure) -> str:
    """Where the last actual year stands against the way to the target."""
    value = mass(case.value(last))
    if path.level(last) is None:
        return f"{last.year} stands at {value}; no {case.target.per} is recorded for it"
    if last.year <= path.base.year:
        return f"{last.year} stands at {value}; no year after the base year is known"
    return f"{last.year} stands at {_against(case, path, last)} on {path.line()}"


def _nothing_of(case: Case, path: Path, ahead: Sequence[YearFigure]) -> str:
    year = case.target.year
    if ahead and ahead[0].year == year:
        return f"no [[denominator]] of the scenario supposes the {case.target.per} of {year}"
    if case.is_over:
        return f"{year} is over and the actual figures end in {case.actual[-1].year}"
    return f"no projection reaches {year}"
