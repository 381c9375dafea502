"""A plan held against another scenario, in words: what it does otherwise, what that costs, and why.

Purchases stand for tonnes of the years a target asks for. What is not bought is not asked for, or a
measure takes it off; what is bought more stands for a measure that would have cost more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carbon.abatement.compare import Other
from carbon.abatement.effects import account
from carbon.abatement.plan import Plan, items
from carbon.planning import Option
from carbon.tables import Column, Table

SHOWN = 3  # reasons in a sentence
BOUGHT = ("market", "net")  # the lines that certificates and credits lower
ENOUGH = 0.05  # what is told of a mass [t CO2e]


@dataclass(frozen=True)
class Difference:
    """What a plan does otherwise than the other scenario. Grain: one per measure or purchase."""

    what: str
    cost: float  # more than the other [RMB]
    why: str


def sentence(plan: Plan) -> list[str]:
    """The plan against the other scenario in a sentence, with the largest reasons."""
    other = plan.other
    if other is None:
        return []
    missed = [f"{name} by {mass:,.1f} t" for name, mass in other.missed.items()]
    fails = f"; {other.name} misses {', '.join(missed)}" if missed else ""
    if other.cost is None:
        unpriced = ", ".join(other.unpriced)
        return [f"What {other.name} costs is not known: no cost is stated of {unpriced}{fails}."]
    cost = plan.found.solution.cost
    less = other.cost - cost
    if abs(less) < 0.5:
        return [f"The plan costs as much as {other.name}{fails}."]
    verb = "beats" if less > 0 else "costs more than"
    why = _because(plan, less)
    return [
        f"The plan {verb} {other.name} by {abs(less):,.0f} RMB because {why}{fails}."
        f" {other.name} costs {other.cost:,.0f} RMB, the plan {cost:,.0f} RMB."
    ]


def _because(plan: Plan, less: float) -> str:
    """The measures that make most of the difference, those for it first."""
    rows = sorted(differences(plan), key=lambda each: each.cost * less)
    side = [each for each in rows if each.cost * less < 0]
    against = [each for each in rows if each.cost * less > 0][-1:]
    said = [f"{each.what} ({each.cost:+,.0f} RMB)" for each in (*side[:SHOWN], *against)]
    return ", ".join(said) or "of rounding"


def comparison(plan: Plan) -> Table:
    """One row a difference, the largest saving first."""
    other = plan.other
    assert other is not None
    columns = [
        Column("difference", f"Otherwise than {other.name}"),
        Column("cost_more_rmb", "Cost more", "RMB", "number", 0),
        Column("why", "Why"),
    ]
    rows: list[dict[str, Any]] = [
        {
            "difference": each.what,
            "cost_more_rmb": Decimal(str(round(each.cost, 1))),
            "why": each.why,
        }
        for each in sorted(differences(plan), key=lambda each: each.cost)
    ]
    return Table("plan_comparison", f"Beside {other.name}", columns, rows, (), "-")


def differences(plan: Plan) -> list[Difference]:
    """Every measure and purchase that costs otherwise."""
    other = plan.other
    if other is None:
        return []
    mine = items(plan.problem, plan.found.solution)
    bought = {each.name: each for each in plan.choices.bought}
    found = []
    for name in dict.fromkeys([*mine, *other.items]):
        apart = mine.get(name, 0.0) - other.items.get(name, 0.0)
        if abs(apart) < 0.5:
            continue
        if name in plan.amounts or name in other.bought:
            unit = bought[name].UNIT if name in bought else other.units[name]
            found.append(_purchase(plan, other, name, unit, apart))
        else:
            found.append(Difference(_begins(plan, other, name), apart, _why(plan, other, name)))
    return found


def _begins(plan: Plan, other: Other, name: str) -> str:
    if name not in plan.starts:
        return f"no {name}"
    then = other.starts.get(name)
    instead = f", not {then}" if then and then != plan.starts[name] else ""
    return f"{name} from {plan.starts[name]}{instead}"


def _why(plan: Plan, other: Other, name: str) -> str:
    """Why a measure is done, left or moved: what its tonne of the years asked for costs, and what
    stands for it."""
    mine, theirs = plan.starts.get(name), other.starts.get(name)
    option = _option(plan, name, mine or theirs)
    if option is None:
        return ""
    cost = (items(plan.problem, plan.found.solution) if mine else other.items)[name]
    if mine and theirs:
        if mine == theirs:
            return f"{other.name} states other costs of it"
        return "sooner, since it saves money" if cost < 0 else "begun when a target asks for it"
    line = "market" if _asked(plan, BOUGHT) else "location"
    years = _asked(plan, BOUGHT) or _asked(plan, ("location",))
    mass = sum(option.effect[account(line)].get(year, 0.0) for year in years)
    if mass <= ENOUGH:
        return f"it takes nothing off in {_span(years)}" if years else ""
    asked = f"{cost / mass:,.0f} RMB for each of its {mass:,.0f} t of {_span(years)}"
    if mine:
        return asked + (f", which {other.name} buys" if line == "market" else "")
    dear = _dearest_more(plan, other)
    return asked + (f", bought at {dear:,.0f} RMB instead" if dear else "")


def _purchase(plan: Plan, other: Other, name: str, unit: str, apart: float) -> Difference:
    """What is bought more or less, in which years, and what stands for it."""
    mine = {year: float(so) for year, so in plan.amounts.get(name, {}).items()}
    theirs = other.bought.get(name, {})
    more = {year: mine.get(year, 0.0) - theirs.get(year, 0.0) for year in {*mine, *theirs}}
    whole = sum(more.values())
    what = f"{abs(whole):,.0f} {unit} {'more' if whole > 0 else 'less'} of {name}"
    if abs(whole) < 0.5:
        return Difference(f"{name} at another price", apart, f"{other.name} states another price")
    asked = _asked(plan, BOUGHT)
    changed = [year for year, so in sorted(more.items()) if so * whole > 0]
    free = [year for year in changed if year not in asked]
    needed = [year for year in changed if year in asked]
    said = []
    if free and whole < 0:
        said.append(f"no target asks for it in {_span(free)}")
    if needed:
        stands = _instead(plan, other, name, needed, is_less=whole < 0)
        said.append(f"in {_span(needed)}" + (f" for {', '.join(stands)}" if stands else ""))
    return Difference(what, apart, "; ".join(said))


def _instead(
    plan: Plan, other: Other, name: str, years: Sequence[int], *, is_less: bool
) -> list[str]:
    """What the plan does in years instead of a purchase it makes less of; or what it makes more of
    it for."""
    if is_less:
        begun = {each: f"{each} from {year}" for each, year in plan.starts.items()}
        found = [said for each, said in begun.items() if each not in other.starts]
    else:
        found = [each for each in other.starts if each not in plan.starts]
    for each, by_year in {**other.bought, **plan.amounts}.items():
        theirs = other.bought.get(each, {})
        more = sum(
            float(plan.amounts.get(each, {}).get(year, 0)) - theirs.get(year, 0.0) for year in years
        )
        if each != name and by_year and abs(more) >= 0.5 and (more > 0) == is_less:
            found.append(f"{'more' if is_less else 'less'} of {each}")
    return found


def _asked(plan: Plan, lines: tuple[str, ...]) -> list[int]:
    """The planned years in which a target asks for less on some lines."""
    problem, years = plan.problem, set()
    for each in problem.ceilings:
        if not each.is_physical and each.account.startswith(lines):
            years.add(each.year)
    for each in problem.sums:
        years |= set(each.years) if each.account.startswith(lines) else set()
    for each in problem.peaks:
        years |= set(each.after) if each.account.startswith(lines) else set()
    return sorted(years)


def _option(plan: Plan, name: str, start: int | None) -> Option | None:
    for each in plan.problem.options:
        if each.measure == name and each.start == start:
            return each
    return None


def _dearest_more(plan: Plan, other: Other) -> float | None:
    """What a tonne costs of the dearest purchase the plan makes more of, in years asked for."""
    prices = [
        each.purchase.price / each.purchase.effect[account("net")]
        for each in plan.found.solution.bought
        if each.purchase.effect.get(account("net"), 0.0) > 0
        and each.purchase.year in _asked(plan, BOUGHT)
        and each.units > other.bought.get(each.purchase.name, {}).get(each.purchase.year, 0.0) + 0.5
    ]
    return max(prices, default=None)


def _span(years: Sequence[int]) -> str:
    """2024 to 2029, or the years one by one where some lie between."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]} to {years[-1]}"
    *most, last = map(str, years)
    return f"{', '.join(most)} and {last}" if most else last
