"""Neutral by Y: Y and every later year at or below zero, and what of it is bought or reduced."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from carbon.targets.case import Case
from carbon.targets.demand import Demand, beyond
from carbon.targets.figures import LINES, ZERO, Verdict, YearFigure
from carbon.targets.real import real_reduction
from carbon.targets.words import listed, mass, percent, upper

MANY_CREDITS = Decimal("0.5")  # of the base year's gross


def neutral(case: Case) -> Verdict:
    """The target year and every later one are at or below zero."""
    year, last = case.target.year, case.actual[-1]
    actual = [each for each in case.actual if each.year >= year]
    ahead = [each for each in case.projected if each.year >= year]
    shown = next((each for each in actual + ahead if each.year == year), last)
    real, facts = real_reduction(case, shown)
    caveats = ["operational (Scope 1+2), self-declared"]
    caveats += [f"credit not counted: {why}" for why in shown.credit_use(case.today).refused]
    caveats += _many_credits(case, shown, facts)
    beside: dict[str, Any] = {"caveats": caveats, "facts": facts}
    if last.year < year and case.value(last) > 0:
        beside["required_pace_t"] = case.value(last) / (year - last.year)
    failing = [each for each in actual if case.value(each) > 0]
    if failing:
        return _not_neutral(case, failing, real, beside)
    short = [each for each in ahead if case.value(each) > 0]
    if short:
        worst = short[0]
        kept = f" {actual[-1].year} was neutral, but" if actual else ""
        return case.verdict(
            "at risk",
            f"It would be missed:{kept} in scenario {case.scenario} {worst.year} ends "
            f"{mass(case.value(worst))} above zero {_on(case)}. {real}",
            gap_t=case.value(worst),
            **beside,
        )
    if shown.year == year:
        beside["margin_t"] = -case.value(shown)
    if actual:
        return _neutral_so_far(case, actual, real, beside)
    return _neutral_ahead(case, ahead, real, beside)


def neutral_asks(case: Case, years: Sequence[int]) -> Demand:
    """Nothing above zero in the target year and every later one."""
    year, line = case.target.year, case.target.judged_on
    lost = [each for each in case.actual if each.year >= year and case.value(each) > 0]
    said = f"{lost[0].year} stands {mass(case.value(lost[0]))} above zero" if lost else ""
    return beyond(year, years, line) or Demand(
        line, dict.fromkeys((each for each in years if each >= year), ZERO), beside=said
    )


def _on(case: Case) -> str:
    """The line a neutrality is judged on, in words."""
    return LINES[case.target.judged_on]


def _not_neutral(
    case: Case, failing: Sequence[YearFigure], real: str, beside: dict[str, Any]
) -> Verdict:
    """Some actual year is above zero: missed, unless units still to be retired would cover it."""

    def uncovered(figure: YearFigure) -> Decimal:
        use = figure.credit_use(case.today)
        coverable = use.planned_t + use.late_t if case.target.judged_on == "net" else ZERO
        return case.value(figure) - coverable

    lost = [each for each in failing if each.is_complete and uncovered(each) > 0]
    if lost:
        worst = lost[0]
        return case.verdict(
            "missed",
            f"{worst.year} closed {mass(case.value(worst))} above zero {_on(case)}. {real}",
            gap_t=case.value(worst),
            **beside,
        )
    open_year = failing[0]
    use = open_year.credit_use(case.today)
    why = []
    if not open_year.is_complete:
        why.append(case.doubt(open_year))
    if uncovered(open_year) <= 0:
        if use.planned_t:
            why.append(f"{mass(use.planned_t)} of credits are planned, not retired")
            beside["caveats"] = [*beside["caveats"], "planned, not retired"]
        if use.late_t:
            why.append(f"{mass(use.late_t)} of credits were retired after the claim")
    return case.verdict(
        "at risk",
        f"{open_year.year} stands {mass(case.value(open_year))} above zero {_on(case)}: "
        f"{'; '.join(why)}. {real}",
        gap_t=case.value(open_year),
        **beside,
    )


def _neutral_so_far(
    case: Case, actual: Sequence[YearFigure], real: str, beside: dict[str, Any]
) -> Verdict:
    """Every actual year from the target year on is at or below zero."""
    if only := case.only_doubts(actual):
        return case.verdict("at risk", f"{only} {real}", **beside)
    faults = case.doubts(actual)
    years = {each.year for each in actual}
    until = range(case.target.year, max(years))
    faults += [f"{year} is missing" for year in until if year not in years]
    if faults:
        return case.verdict(
            "not yet provable",
            f"{listed(sorted(years))} closed at or below zero {_on(case)}, "
            f"but {'; '.join(faults)}. {real}",
            **beside,
        )
    return case.verdict(
        "met",
        f"{listed(sorted(years))} closed at or below zero {_on(case)}, "
        f"with every unit counted retired before the claim. {real}",
        **beside,
    )


def _neutral_ahead(
    case: Case, ahead: Sequence[YearFigure], real: str, beside: dict[str, Any]
) -> Verdict:
    """The target year has no actual figure, and no projected year is above zero."""
    year, last = case.target.year, case.actual[-1]
    if only := case.only_doubts(case.actual):
        return case.verdict("at risk", f"{only} {real}", **beside)
    faults = case.doubts(case.actual)
    if not ahead or ahead[0].year != year:
        end = case.projected[-1].year if case.projected else last.year
        return case.verdict(
            "not yet provable",
            f"The figures end in {end} and say nothing of {year}; {last.year} was "
            f"{mass(case.value(last))} {_on(case)}. {real}",
            **beside,
        )
    planned = ahead[0].certificates_t > 0 or ahead[0].credits
    if planned:
        beside["caveats"] = [*beside["caveats"], "planned, not retired"]
    ends = f"in scenario {case.scenario} {year} ends at {mass(case.value(ahead[0]))} {_on(case)}"
    if case.is_over or not last.is_complete:
        why = f"{year} is over and only projected" if case.is_over else f"it rests on {faults[-1]}"
        return case.verdict("not yet provable", f"{upper(ends)}, but {why}. {real}", **beside)
    return case.verdict("on track", f"{upper(ends)}. {real}", **beside)


def _many_credits(case: Case, shown: YearFigure, facts: dict[str, Any]) -> list[str]:
    """A warning where credits are more than half of the base year's gross."""
    base = facts["base_gross_location_t"]
    if facts["credits_t"] <= base * MANY_CREDITS:
        return []
    return [
        f"credits of {shown.year} are more than {percent(MANY_CREDITS)} of the gross of "
        f"{facts['base_year']}"
    ]
