"""Another scenario beside a plan: what it costs by the same prices, and which targets it misses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from carbon.abatement.choices import Choices, has_cost, is_fixed
from carbon.abatement.effects import Accounts
from carbon.planning import Problem, present_value, short_of
from carbon.run import Run, supposing
from carbon.scenarios import Measure


@dataclass(frozen=True)
class Other:
    """A scenario a plan is held against. Grain: one."""

    name: str
    cost: float | None  # present value; None where something has no price [RMB]
    items: Mapping[str, float]  # present value by measure [RMB]
    bought: Mapping[str, Mapping[int, float]]  # of each purchase by year [MWh or t]
    units: Mapping[str, str]  # of each purchase: MWh or t
    starts: Mapping[str, int]  # of each measure that is open: the year it begins
    unpriced: Sequence[str]
    missed: Mapping[str, float]  # targets, and by how much [t CO2e]


def other(
    run: Run, known: Choices, problem: Problem, counted: Accounts, name: str, today: date
) -> Other:
    """A scenario of the run, costed by what it states and else by what the plan's scenario states
    of a measure of the same name. What is fixed costs both the same and is left out."""
    scenario = run.scenarios[name]
    tried = supposing(run, [scenario])
    masses, _ = counted.in_truth(tried, name, today)
    stated = {each.name: each for each in (*known.weighed, *known.bought)}
    items: dict[str, float] = {}
    amounts: dict[str, Mapping[int, float]] = {}
    units: dict[str, str] = {}
    starts: dict[str, int] = {}
    unpriced = []
    for each in scenario.measures:
        if is_fixed(each):
            continue
        if each.UNIT:
            by = each if each.price is not None else stated.get(each.name)
            bought = _bought(tried, name, each, known.years)
            amounts[each.name], units[each.name] = bought, each.UNIT
            if by is not None:
                paid = {year: known.price(by, year) * so for year, so in bought.items()}
                items[each.name] = present_value(problem, paid)
                continue
        else:
            starts[each.name] = known.starts(each)[0] if known.starts(each) else known.years[0]
            by = each if has_cost(each) else stated.get(each.name)
            if by is not None:
                costs = ("capex_rmb", "opex_rmb_per_year")
                same = each.model_copy(update={cost: getattr(by, cost) for cost in costs})
                items[each.name] = present_value(problem, known.cash(same))
                continue
        unpriced.append(each.name)
    cost = None if unpriced else sum(items.values())
    missed = short_of(problem, masses)
    return Other(name, cost, items, amounts, units, starts, unpriced, missed)


def _bought(run: Run, name: str, measure: Measure, years: range) -> dict[int, float]:
    """What a scenario buys of a purchase by year, the rest it covers included. [MWh or t]"""
    if measure.BUYS == "power":
        return {year: float(mwh) for year, mwh in measure.amounts.items() if year in years}
    start = f"planned/{name}/{measure.name}/"
    return {
        each.claim_year: float(each.mass_t)
        for each in run.credits[name]
        if each.credit_id.startswith(start) and each.claim_year in years
    }
