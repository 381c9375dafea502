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
    units: Mapping[str, float]  # bought of each purchase, all years [MWh or t]
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
    units: dict[str, float] = {}
    unpriced = []
    for each in scenario.measures:
        if is_fixed(each):
            continue
        if each.UNIT:
            by = each if each.price is not None else stated.get(each.name)
            bought = _bought(tried, name, each, known.years)
            units[each.name] = sum(bought.values())
            if by is not None:
                paid = {year: known.price(by, year) * so for year, so in bought.items()}
                items[each.name] = present_value(problem, paid)
                continue
        else:
            by = each if has_cost(each) else stated.get(each.name)
            if by is not None:
                costs = ("capex_rmb", "opex_rmb_per_year")
                same = each.model_copy(update={cost: getattr(by, cost) for cost in costs})
                items[each.name] = present_value(problem, known.cash(same))
                continue
        unpriced.append(each.name)
    cost = None if unpriced else sum(items.values())
    return Other(name, cost, items, units, unpriced, short_of(problem, masses))


def _bought(run: Run, name: str, measure: Measure, years: range) -> dict[int, float]:
    """What a scenario buys of a purchase by year, the rest it covers included. [MWh or t]"""
    if measure.kind == "certificates":
        return {year: float(mwh) for year, mwh in measure.amounts.items() if year in years}
    start = f"planned/{name}/{measure.name}/"
    return {
        each.claim_year: float(each.mass_t)
        for each in run.credits[name]
        if each.credit_id.startswith(start) and each.claim_year in years
    }
