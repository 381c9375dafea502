"""A carbon budget: what the years from its first to its last may emit together.

A year that takes more than its part leaves less for the years after it: overshoot is carried
forward. What counts is what was emitted, so credits change nothing, and a change of boundary within
its years asks for another budget.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from carbon.settings import Target
from carbon.targets.case import Case, breaks_in, not_comparable
from carbon.targets.demand import Demand
from carbon.targets.figures import ZERO, Verdict, YearFigure
from carbon.targets.words import mass, span


def budget(case: Case) -> Verdict:
    """All years together stay at or below the budget."""
    parts = yearly(case.target)
    whole, first, end = sum(parts.values(), ZERO), min(parts), case.target.year
    actual = [each for each in case.actual if each.year in parts]
    ahead = [each for each in case.projected if each.year in parts]
    beside = _beside(case, parts, actual, ahead)
    breaks, _ = breaks_in(actual)
    prefix = not_comparable(breaks)
    beside["caveats"] = ["not comparable"] if breaks else []
    used = _sum(case, actual)
    certain = _sum(case, [each for each in actual if each.is_complete])
    if certain > whole and not breaks:
        spent = next(
            each.year
            for each in actual
            if _sum(case, [b for b in actual if b.is_complete and b.year <= each.year]) > whole
        )
        return case.verdict(
            "missed",
            f"{_years(actual)} emitted {mass(used)}, {mass(used - whole)} above the budget of "
            f"{mass(whole)} for {span(first, end)}; it was spent in {spent}.",
            gap_t=used - whole,
            **beside,
        )
    if used > whole:
        doubts = [case.doubt(each) for each in actual if not each.is_complete]
        told = f"; {'; '.join(doubts)}" if doubts else ""
        return case.verdict(
            "at risk",
            f"{prefix}{_years(actual)} stand at {mass(used)}, {mass(used - whole)} above the "
            f"budget of {mass(whole)} for {span(first, end)}{told}.",
            gap_t=used - whole,
            **beside,
        )
    together = used + _sum(case, ahead)
    if together > whole:
        return case.verdict(
            "at risk",
            f"{prefix}It would be missed: in scenario {case.scenario} {_years(actual + ahead)} "
            f"emit {mass(together)}, {mass(together - whole)} above the budget of {mass(whole)} "
            f"for {span(first, end)}{_carried(beside)}.",
            gap_t=together - whole,
            **beside,
        )
    known = {each.year for each in actual}
    missing = [f"{year} is missing" for year in parts if year not in known]
    if not missing:
        return _ended(case, actual, whole, breaks, beside)
    return _open(case, parts, actual, ahead, breaks, beside)


def budget_asks(case: Case, years: Sequence[int]) -> Demand:
    """What is left of the budget after the actual years, for all years ahead together."""
    parts, line, end = yearly(case.target), case.target.judged_on, case.target.year
    over = tuple(year for year in years if year in parts)
    if not over:
        return Demand(line, unasked=f"no year ahead lies in {span(min(parts), end)}")
    actual = [each for each in case.actual if each.year in parts]
    used, whole = _sum(case, actual), sum(parts.values(), ZERO)
    if used > whole:
        said = f"{_years(actual)} emitted {mass(used)}, {mass(used - whole)} above it"
        return Demand(line, unasked=said)
    later = [year for year in parts if year > years[-1]]
    said = f"nothing is kept for {span(later[0], end)}, after the horizon" if later else ""
    return Demand(line, together=whole - used, over=over, beside=said)


def yearly(target: Target) -> dict[int, Decimal]:
    """The part of each year: as stated, or the whole spread evenly. [t CO2e]"""
    if target.yearly_t:
        return dict(sorted(target.yearly_t.items()))
    years = range(target.since or target.year, target.year + 1)
    whole, parts = target.budget_t or ZERO, {}
    for passed, year in enumerate(years, start=1):  # cut so that they add up to the whole
        parts[year] = whole * passed / len(years) - sum(parts.values(), ZERO)
    return parts


def _sum(case: Case, figures: Iterable[YearFigure]) -> Decimal:
    return sum((case.value(each) for each in figures), ZERO)


def _years(figures: Sequence[YearFigure]) -> str:
    """The years of some figures, with what is missing between them."""
    years = [each.year for each in figures]
    lost = [str(year) for year in range(years[0], years[-1]) if year not in years]
    return span(years[0], years[-1]) + (f" without {', '.join(lost)}" if lost else "")


def _beside(
    case: Case,
    parts: dict[int, Decimal],
    actual: Sequence[YearFigure],
    ahead: Sequence[YearFigure],
) -> dict[str, Any]:
    """What is used, planned by then, carried forward and left; and the yearly cut that keeps it."""
    last = actual[-1].year if actual else min(parts) - 1
    used = _sum(case, actual)
    planned = sum((part for year, part in parts.items() if year <= last), ZERO)
    left = sum(parts.values(), ZERO) - used
    remaining = [year for year in parts if year > last]
    facts: dict[str, Any] = {
        "budget_t": sum(parts.values(), ZERO),
        "used_t": used,
        "planned_until_then_t": planned,
        "overshoot_t": max(used - planned, ZERO),
        "left_t": left,
        "left_years": len(remaining),
        "left_per_year_t": left / len(remaining) if remaining else None,
        "last_year": last,
        "next_year_t": parts[remaining[0]] - (used - planned) if remaining else None,
    }
    beside: dict[str, Any] = {"facts": facts}
    if left >= 0 and not remaining:
        beside["margin_t"] = left
    elif {*remaining} <= {each.year for each in ahead} and left >= _sum(case, ahead):
        beside["margin_t"] = left - _sum(case, ahead)
    if beside.get("margin_t") is not None and facts["budget_t"]:
        beside["margin_share"] = beside["margin_t"] / facts["budget_t"]
    if actual and remaining:
        # falling by d a year from the last figure v, n years emit n v - d n (n + 1) / 2
        count, value = len(remaining), case.value(actual[-1])
        cut = (count * value - left) / (Decimal(count * (count + 1)) / 2)
        beside["required_pace_t"] = cut if cut > 0 else None
    return beside


def _carried(beside: dict[str, Any]) -> str:
    """What is carried into the next year, where the years so far took more than their parts."""
    facts = beside["facts"]
    if not facts["overshoot_t"] or facts["next_year_t"] is None:
        return ""
    left = (
        f"leaves it {mass(facts['next_year_t'])}"
        if facts["next_year_t"] > 0
        else "leaves it nothing"
    )
    return (
        f"; {mass(facts['overshoot_t'])} of overshoot is carried into {facts['last_year'] + 1}, "
        f"which {left}"
    )


def _ended(
    case: Case,
    actual: Sequence[YearFigure],
    whole: Decimal,
    breaks: Sequence[str],
    beside: dict[str, Any],
) -> Verdict:
    """Every year of the budget has an actual figure, and it is not spent."""
    if only := case.only_doubts(actual):
        return case.verdict("at risk", only, **beside)
    doubts, used = case.doubts(actual), _sum(case, actual)
    below = f"{mass(whole - used)} below" if used < whole else "level with"
    said = f"{_years(actual)} emitted {mass(used)}, {below} the budget of {mass(whole)}"
    if doubts or breaks:
        prefix = not_comparable(breaks)
        but = doubts or ["the budget was set for another boundary or method"]
        return case.verdict("not yet provable", f"{prefix}{said}, but {'; '.join(but)}.", **beside)
    return case.verdict("met", f"{said}.", **beside)


def _open(
    case: Case,
    parts: dict[int, Decimal],
    actual: Sequence[YearFigure],
    ahead: Sequence[YearFigure],
    breaks: Sequence[str],
    beside: dict[str, Any],
) -> Verdict:
    """Years of the budget are still to come, or missing, and it is not spent."""
    facts, whole = beside["facts"], sum(parts.values(), ZERO)
    end, last = case.target.year, facts["last_year"]
    known = {each.year for each in actual}
    prefix = not_comparable(breaks)
    gaps = [f"{year} is missing" for year in parts if year not in known and year <= last]
    covered = bool(ahead) and {each.year for each in ahead} >= {
        year for year in parts if year > last
    }
    if only := case.only_doubts(actual):
        return case.verdict("at risk", only, **beside)
    but = [*gaps, *([f"{end} is over and only projected"] if case.is_over and covered else [])]
    but += [case.doubt(each) for each in actual if not each.is_complete]
    but += ["the budget was set for another boundary or method"] if breaks else []
    if covered:
        together = facts["used_t"] + _sum(case, ahead)
        said = (
            f"In scenario {case.scenario} {_years([*actual, *ahead])} emit {mass(together)}, "
            f"{mass(whole - together)} below the budget of {mass(whole)}{_carried(beside)}"
        )
        if but:
            return case.verdict(
                "not yet provable", f"{prefix}{said}, but {'; '.join(but)}.", **beside
            )
        return case.verdict("on track", f"{said}.", **beside)
    if last == end:
        pass  # what is missing lies before it, and is said
    elif case.is_over:
        but.append(f"{end} is over and the actual figures end in {case.actual[-1].year}")
    else:
        but.append(f"no projection reaches {end}")
    if not actual:
        return case.verdict(
            "not yet provable",
            f"The budget of {mass(whole)} begins in {min(parts)}, the actual figures end in "
            f"{case.actual[-1].year}, and {'; '.join(but)}.",
            **beside,
        )
    said = (
        f"{_years(actual)} emitted {mass(facts['used_t'])} of {mass(whole)}{_carried(beside)}; "
        f"{mass(facts['left_t'])} is left for {span(last + 1, end)}"
        if last < end
        else f"{_years(actual)} emitted {mass(facts['used_t'])} of {mass(whole)}"
    )
    word = "at risk" if facts["overshoot_t"] and not breaks else "not yet provable"
    return case.verdict(word, f"{prefix}{said}, but {'; '.join(but)}.", **beside)
