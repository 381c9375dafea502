"""A plan made: choices and targets put together, solved, and projected until it holds.

Each choice is projected alone by the engine, which gives what it does by itself. The solver
chooses, the engine projects the choice as a whole, and what that lacks goes into the next solve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from carbon import inputs
from carbon.abatement.choices import Choices, choices
from carbon.abatement.compare import Other, other
from carbon.abatement.effects import (
    Accounts,
    Figures,
    Masses,
    account,
    boundaries,
    gross,
    less,
    power,
)
from carbon.abatement.order import Step, steps
from carbon.abatement.rules import Rules, rules
from carbon.base_year import Comparison
from carbon.errors import BelowZero, UsageError, nearest
from carbon.planning import (
    Ceiling,
    Found,
    Option,
    Problem,
    Purchase,
    Relaxation,
    Solution,
    present_value,
    relaxations,
    search,
    shadow_prices,
    solver,
)
from carbon.run import Run, supposing
from carbon.scenarios import Scenario
from carbon.targets import Verdict, chosen, judge

NAME = "plan"


@dataclass(frozen=True)
class Asked:
    """What a plan is asked for. budget : by year, over the scenario's own. [RMB]"""

    scenario: str
    against: str = ""
    targets: Sequence[str] = ()  # names; none for all of the book's
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    budget: Decimal | None = None  # of each year the scenario states none for
    discount_rate: Decimal | None = None  # else the policy's
    gap: Decimal = Decimal("0.01")
    seconds: Decimal = Decimal(60)


@dataclass(frozen=True)
class Plan:
    """A plan and everything that is told of it."""

    asked: Asked
    choices: Choices
    problem: Problem
    found: Found
    rules: Rules
    without: Masses
    rate_said: str
    verdicts: Sequence[Verdict] = ()
    shadow: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    relaxed: Sequence[Relaxation] = ()
    steps: Sequence[Step] = ()
    other: Other | None = None

    @property
    def starts(self) -> dict[str, int]:
        """The chosen measures and the year each begins."""
        return {each.measure: each.start for each in self.found.solution.chosen}

    @property
    def impossible(self) -> dict[str, list[int]]:
        """The years in which a measure cannot begin: it would take more than a site buys."""
        can = {(each.measure, each.start) for each in self.problem.options}
        of = {
            each.name: [year for year in self.choices.starts(each) if (each.name, year) not in can]
            for each in self.choices.weighed
        }
        return {name: years for name, years in of.items() if years}

    @property
    def amounts(self) -> dict[str, dict[int, Decimal]]:
        return amounts(self.choices, self.found.solution)


def amounts(known: Choices, solution: Solution) -> dict[str, dict[int, Decimal]]:
    """What a solution buys, as exact amounts in whole steps."""
    steps = {each.name: each.STEP for each in known.bought}
    found: dict[str, dict[int, Decimal]] = {}
    for each in solution.bought:
        exact = Decimal(str(round(each.units, 6)))
        units = exact.quantize(steps[each.purchase.name], ROUND_CEILING)
        found.setdefault(each.purchase.name, {})[each.purchase.year] = units
    return found


def items(problem: Problem, solution: Solution) -> dict[str, float]:
    """What each measure and purchase of a solution costs, as present value. [RMB]"""
    found = {each.measure: present_value(problem, each.cash) for each in solution.chosen}
    for each in solution.bought:
        paid = present_value(problem, {each.purchase.year: each.units * each.purchase.price})
        found[each.purchase.name] = found.get(each.purchase.name, 0.0) + paid
    return found


def make(run: Run, asked: Asked, today: date, alike: Comparison | None = None) -> Plan:
    """The plan of a scenario of a run, which was carried out with it and what it is held against.

    alike : the recorded years recalculated for structure, where it changed.

    The relations of the run are replaced by those of the scenarios that are tried.
    Raises CarbonError where the scenario states nothing to weigh, or a target is unknown.
    """
    solver()  # before the long way there
    _check(asked)
    wanted = chosen(run.settings.target, asked.targets, "the book has no target to plan for")
    base_year = run.last_actual_year
    scenario = run.scenarios[asked.scenario]
    year_of = dict(inputs.calendar(run.settings))
    known = choices(scenario, base_year, year_of, _known_prices(asked.prices, scenario))
    powers = tuple(
        dict.fromkeys(
            (each.market, site)
            for each in known.bought
            if each.BUYS == "power"
            for site in dict.fromkeys(("", *each.site))
        )
    )
    counted = Accounts(
        known.years, boundaries(each.sites for each in wanted), powers, tuple(wanted), alike
    )
    bare = known.named(NAME, {})
    base = supposing(run, [bare])
    without, figures = counted.in_truth(base, NAME, today)
    said = rules(wanted, figures, known.years, run.settings.policy, today)
    said.ceilings += [
        Ceiling(name, name, year, max(0.0, value), is_physical=True)
        for name in (power(*each) for each in powers)
        for year, value in without[name].items()
    ]
    rate = asked.discount_rate
    rate = run.settings.policy.discount_rate if rate is None else rate
    effects = _effects(run, known, counted, without)
    problem = Problem(
        years=tuple(known.years),
        without=without,
        options=_options(known, effects),
        purchases=_purchases(known, effects, without[account("market")]),
        ceilings=said.ceilings,
        peaks=said.peaks,
        sums=said.sums,
        needs=_needs(known),
        exclusions=_exclusions(known),
        budget=_budget(scenario, asked, known.years),
        rate=float(rate or 0),
        base=base_year,
    )
    truth: dict[str, Figures] = {}

    def worked_out(solution: Solution) -> Masses:
        starts = {each.measure: each.start for each in solution.chosen}
        wanted = known.named(NAME, starts, amounts(known, solution))
        try:
            tried = supposing(run, [wanted])
        except BelowZero as fault:
            fault.remedy = f"say which stand instead_of one another, of {', '.join(starts)}"
            raise
        masses, truth[_told(known, solution)] = counted.in_truth(tried, NAME, today)
        return masses

    found = search(problem, worked_out, float(asked.gap), float(asked.seconds))
    rate_said = "not discounted: no rate is stated"
    if rate is not None:
        rate_said = f"at {(100 * rate).normalize():f} %"
    plan = Plan(asked, known, problem, found, said, without, rate_said)
    if not found.solution.is_found:
        relaxed = relaxations(found.problem) if found.solution.status == "infeasible" else []
        return replace(plan, relaxed=relaxed)
    figures = truth[_told(known, found.solution)]
    policy = run.settings.policy
    return replace(
        plan,
        verdicts=[
            judge(each, figures[each.name], today=today, policy=policy, scenario=NAME)
            for each in wanted
            if each.kind != "ceiling"  # judged by month, whatever is planned
        ],
        shadow=shadow_prices(found.problem, found.solution),
        steps=steps(run, known, problem, counted, plan.starts),
        other=other(run, known, problem, counted, asked.against, today) if asked.against else None,
    )


def _check(asked: Asked) -> None:
    """Raises UsageError for a number that means nothing."""
    for option, value, least, most in (
        ("--gap", asked.gap, Decimal(0), Decimal(1)),
        ("--time-limit", asked.seconds, Decimal("0.1"), Decimal(86400)),
        ("--discount-rate", asked.discount_rate, Decimal(0), Decimal(1)),
        ("--budget", asked.budget, Decimal(0), Decimal("1e15")),
    ):
        if value is not None and not (value.is_finite() and least <= value <= most):
            raise UsageError(
                "usage",
                f"{option} {value} is out of range",
                looked_for=f"{least:f} to {most:f}",
                remedy="carbon plan --help",
            )


def _told(known: Choices, solution: Solution) -> str:
    """A solution as a key."""
    return f"{[(each.measure, each.start) for each in solution.chosen]}{amounts(known, solution)}"


def _known_prices(prices: Mapping[str, Decimal], scenario: Scenario) -> Mapping[str, Decimal]:
    names = [each.name for each in scenario.measures if each.UNIT]
    for name in prices:
        if name not in names:
            raise UsageError(
                "unknown-purchase",
                f"scenario {scenario.name} buys nothing named {name!r}",
                looked_for=", ".join(names) or "certificates, contracts or credits",
                nearest=nearest(name, names),
                remedy="--price 'NAME=RMB' names power (RMB per MWh) or credits (per t)",
            )
    return prices


def _effects(
    run: Run, known: Choices, counted: Accounts, without: Masses
) -> dict[tuple[str, int], Masses]:
    """What each choice does alone: a measure by the year it begins, one MWh of power in
    every year it may be bought (0). A measure that cannot begin in a year has none."""
    tried = {
        (each.name, year): known.named(f"{NAME} {n} {year}", {each.name: year})
        for n, each in enumerate(known.weighed)
        for year in known.starts(each)
    }
    for n, each in enumerate(known.bought):
        if each.BUYS == "power":
            one = {each.name: dict.fromkeys(each.amounts, Decimal(1))}
            tried[each.name, 0] = known.named(f"{NAME} certificate {n}", {}, one)
    projected = counted.projected(run, list(tried.values()))
    before = gross(without, counted)
    return {
        key: less(before, gross(projected[scenario.name], counted))
        for key, scenario in tried.items()
        if scenario.name in projected
    }


def _options(known: Choices, effects: Mapping[tuple[str, int], Masses]) -> list[Option]:
    """Every measure in every year it may begin."""
    of = {each.name: each for each in known.weighed}
    return [
        Option(name, year, known.cash(known.begun(of[name], year)), effect)
        for (name, year), effect in effects.items()
        if name in of
    ]


def _purchases(
    known: Choices, effects: Mapping[tuple[str, int], Masses], market: Mapping[int, float]
) -> list[Purchase]:
    """Certificates, contracts and credits by year, with what one unit takes off."""
    found = []
    for each in known.bought:
        rest = bool(each.rest_in)
        stated: Mapping[int, Any] = each.amounts
        if rest:  # no more than there is
            stated = {year: market.get(year, 0.0) for year in each.rest_in}
        step = each.STEP
        for year, most in sorted(stated.items()):
            if year not in known.years or most <= 0:
                continue
            effect = {account("net"): 1.0}
            if each.BUYS == "power":
                effect = {at: by[year] for at, by in effects[each.name, 0].items()}
            whole = Decimal(str(most)).quantize(step, ROUND_CEILING)
            price = known.price(each, year)
            found.append(
                Purchase(each.name, year, price, float(whole), effect, float(step), not rest)
            )
    return found


def _needs(known: Choices) -> list[tuple[str, str]]:
    fixed = {each.name for each in known.fixed}
    return [
        (each.name, other) for each in known.weighed for other in each.needs if other not in fixed
    ]


def _exclusions(known: Choices) -> list[tuple[str, str]]:
    return [(each.name, other) for each in known.weighed for other in each.instead_of]


def _budget(scenario: Scenario, asked: Asked, years: range) -> dict[int, float]:
    stated = {year: float(most) for year, most in scenario.budget_rmb.items() if year in years}
    if asked.budget is not None:
        stated = dict.fromkeys(years, float(asked.budget)) | stated
    return stated
