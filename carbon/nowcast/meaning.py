"""What the end of the year means for the targets and quotas it falls under, a sentence each.

These are no verdicts: a verdict rests on complete years, and `carbon targets` gives it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from carbon.errors import UnitError
from carbon.findings.limits import quota_use
from carbon.inputs import ACTUAL, month_list
from carbon.inventory import year_states, year_totals
from carbon.nowcast.interval import bounds
from carbon.nowcast.year import EXPECTED, Nowcast
from carbon.settings import Quota, Target
from carbon.tables import tonnes
from carbon.targets import YearFigure, credit_use
from carbon.targets.budget import yearly
from carbon.targets.figures import LINES
from carbon.targets.path import Path
from carbon.targets.words import mass, number, upper


def sentences(told: Nowcast) -> list[str]:
    """One for every target and quota that this year says something of."""
    found = []
    for target in told.run.settings.target:
        tell = KINDS.get(target.kind)
        said = tell(told, target) if tell and not target.per else ""
        if said:
            found.append(f"{upper(target.name)}: {said}")
    for quota in told.run.settings.quota:
        if said := _quota(told, quota):
            found.append(f"{upper(quota.name)}: {said}")
    return found


def _quota(told: Nowcast, quota: Quota) -> str:
    """The year, or its months to come, against what somebody allows."""
    try:
        unit, limit, used = quota_use(told.run, quota, EXPECTED)
    except UnitError:
        return ""  # `carbon check` tells
    of = f" of {quota.activity}" if quota.activity else ""
    if quota.per == "year":
        if told.cut.year not in used:
            return ""
        off = used[told.cut.year] - limit
        way = f"{number(abs(off))} {unit} {'above' if off > 0 else 'below'}"
        return (
            f"{told.cut.year} is heading for {number(used[told.cut.year])} {unit}{of}, {way} the"
            f" {number(limit)} {unit} it allows."
        )
    ahead = [month for month in told.months if month > told.cut.after and month in used]
    beyond = [month for month in ahead if used[month] > limit]
    if not ahead:
        return ""
    if not beyond:
        return f"every month to come is expected within its {number(limit)} {unit}{of}."
    return f"{month_list(beyond)} expected beyond its {number(limit)} {unit}{of} a month."


def _years(told: Nowcast, target: Target, name: str = ACTUAL) -> dict[int, Decimal]:
    """The years of the line a target is judged on; those recorded before this one, whole or not."""
    totals = year_totals(told.run, target.sites)
    return {
        year: tonnes(
            total.gross_location_g if target.judged_on == "location" else total.gross_market_g
        )
        for (scenario, year), total in totals.items()
        if scenario == name and (name != ACTUAL or year < told.cut.year)
    }


def _heading(told: Nowcast, target: Target) -> tuple[Decimal, str] | None:
    """What the year is heading for on the line of a target, and the words for it. None where
    nothing is expected of its sites."""
    line = "location" if target.judged_on == "location" else "market"
    value = _years(told, target, EXPECTED).get(told.cut.year)
    if value is None:
        return None
    # The interval is of the whole organisation.
    low, high = (None, None) if target.sites else bounds(told, f"total_{line}")
    spread = f" ({mass(low)} to {mass(high)})" if low is not None and high is not None else ""
    return value, f"{told.cut.year} is heading for {mass(value)}{spread} {LINES[line]}"


def _against(told: Nowcast, target: Target, value: Decimal, level: Decimal) -> str:
    """Above or below a level, and whether the interval reaches across it."""
    line = "location" if target.judged_on == "location" else "market"
    low, high = (None, None) if target.sites else bounds(told, f"total_{line}")
    across = low is not None and high is not None and low <= level <= high
    way = "above" if value > level else "below" if value < level else "level with"
    by = f"{mass(abs(value - level))} " if value != level else ""
    return f"{by}{way}" + (" (within the interval)" if across else "")


def _peak(told: Nowcast, target: Target) -> str:
    states = year_states(told.run)
    years = {
        year: each
        for year, each in _years(told, target).items()
        if year in states and states[year].is_complete
    }
    if not years:
        return ""
    if not (found := _heading(told, target)):
        return ""
    top, (value, heading) = max(years, key=lambda year: years[year]), found
    against = _against(told, target, value, years[top])
    return f"{heading}, {against} the highest complete year so far, {mass(years[top])} in {top}."


def _reduction(told: Nowcast, target: Target) -> str:
    base_year = told.run.settings.policy.base_year_of(target)
    base = _years(told, target).get(base_year)
    if not base or told.cut.year <= base_year or not (found := _heading(told, target)):
        return ""
    value, heading = found
    figure = YearFigure(base_year, "actual", base, base)
    path = Path(target, figure, base)
    level = path.level(YearFigure(told.cut.year, "projected", value, value))
    if level is None:
        return ""
    return f"{heading}, {_against(told, target, value, level)} the {mass(level)} of its path."


def _budget(told: Nowcast, target: Target) -> str:
    parts = yearly(target)
    if told.cut.year not in parts or not (found := _heading(told, target)):
        return ""
    (value, heading), known = found, _years(told, target)
    before = [year for year in parts if year < told.cut.year]
    if lost := ", ".join(str(year) for year in before if year not in known):
        return f"{heading}; what its budget leaves is not known, for nothing is recorded of {lost}."
    used = sum((known[year] for year in before), Decimal(0))
    planned = sum((part for year, part in parts.items() if year <= told.cut.year), Decimal(0))
    left = sum(parts.values(), Decimal(0)) - used - value
    after = f"leaves {mass(left)}" if left >= 0 else f"overspends it by {mass(-left)}"
    against = _against(told, target, value, planned - used)
    return (
        f"{heading}, {against} the {mass(planned - used)} that its budget leaves until then;"
        f" of the whole budget that {after}."
    )


def _neutral(told: Nowcast, target: Target) -> str:
    if told.cut.year < target.year or not (found := _heading(told, target)):
        return ""
    use = credit_use(told.run.credits[ACTUAL], told.cut.year, told.run.claimed_on(told.cut.year))
    value, heading = found
    rest = value - use.retired_t
    way = "above" if rest > 0 else "below"
    return (
        f"{heading}; after {mass(use.retired_t)} of credits retired for it that is"
        f" {mass(abs(rest))} {way} zero."
    )


KINDS: Mapping[str, Callable[[Nowcast, Target], str]] = {
    "peak": _peak,
    "reduction": _reduction,
    "budget": _budget,
    "neutral": _neutral,
}
