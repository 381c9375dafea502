"""A plan as tables: what is done and when, what it comes to, the targets, the cost curve."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from carbon.abatement.beside import comparison, sentence
from carbon.abatement.choices import is_claim
from carbon.abatement.effects import account, total
from carbon.abatement.plan import Plan, items
from carbon.planning import TOGETHER, linear, present_value
from carbon.scenarios import Measure
from carbon.tables import Column, Table

LINES = ("location", "market", "scope 1")
SAVED = (
    Column("location_t", "Location-based", "t CO2e", "mass"),
    Column("market_t", "Market-based", "t CO2e", "mass"),
    Column("scope1_t", "Scope 1", "t CO2e", "mass"),
)
COST = Column("cost_rmb", "Cost", "RMB", "number", 0)
PER_TONNE = Column("cost_rmb_per_t", "A tonne", "RMB/t", "number", 0)


def tables(plan: Plan) -> list[Table]:
    """All that is told of a plan; of one that was not found, what stands in its way."""
    if not plan.found.solution.is_found:
        return [_obstacles(plan)]
    told = [_choice(plan)]
    told += [_purchases(plan)] if plan.amounts else []
    told += [_years(plan), _targets(plan)]
    told += [_curve(plan)] if plan.steps else []
    return told + ([comparison(plan)] if plan.other else [])


def _number(value: float | None, places: int = 1) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, places)))


def _per(cost: float, mass: float) -> Decimal | None:
    return _number(cost / mass) if mass > 0.05 else None


def _saved(effect: Mapping[str, Mapping[int, float]]) -> dict[str, Decimal | None]:
    names = (column.key for column in SAVED)
    return {
        key: _number(total(effect, account(line))) for key, line in zip(names, LINES, strict=True)
    }


def _choice(plan: Plan) -> Table:
    """One row a measure of the scenario, in its order."""
    columns = [
        Column("measure", "Measure"),
        Column("choice", "Choice"),
        Column("year", "From"),
        COST,
        *SAVED,
        PER_TONNE,
    ]
    costs = items(plan.problem, plan.found.solution)
    rows = [_row(plan, each, costs) for each in plan.choices.scenario.measures]
    return Table("plan", _title(plan), columns, rows, _notes(plan), "-", bool(plan.found.missed))


def _row(plan: Plan, measure: Measure, costs: Mapping[str, float]) -> dict[str, Any]:
    known, name = plan.choices, measure.name
    keys = ("year", "cost_rmb", *(column.key for column in SAVED), "cost_rmb_per_t")
    row: dict[str, Any] = {"measure": name, "choice": "left out"} | dict.fromkeys(keys)
    cost = costs.get(name, 0.0)
    if measure in known.fixed:
        row["choice"] = "claim" if is_claim(measure) else "fixed"
    elif measure in known.unpriced:
        row["choice"] = "no cost stated"
    elif name in plan.amounts:
        effect: dict[str, dict[int, float]] = {}
        for each in plan.found.solution.bought:
            if each.purchase.name == name:
                for at, value in each.purchase.effect.items():
                    effect.setdefault(at, {})[each.purchase.year] = value * each.units
        row |= {"choice": "bought", "year": min(plan.amounts[name]), "cost_rmb": _number(cost)}
        row |= _saved(effect) if measure.BUYS == "power" else {}
        row["cost_rmb_per_t"] = _per(cost, total(effect, account("net")))
    elif name in plan.starts:
        [option] = [each for each in plan.found.solution.chosen if each.measure == name]
        row |= {"choice": "chosen", "year": plan.starts[name], "cost_rmb": _number(cost)}
        row |= _saved(option.effect)
        line = "market" if measure.BUYS else "location"
        row["cost_rmb_per_t"] = _per(cost, total(option.effect, account(line)))
    return row


def _purchases(plan: Plan) -> Table:
    """One row a purchase and year."""
    columns = [
        Column("purchase", "Purchase"),
        Column("year", "Year"),
        Column("amount", "Amount", kind="exact"),
        Column("unit", "Unit"),
        Column("most", "At most", kind="exact"),
        Column("price_rmb", "Price", "RMB", "number", 2),
        Column("paid_rmb", "Paid", "RMB", "number", 0),
    ]
    bought = {each.name: each.UNIT for each in plan.choices.bought}
    rows = []
    for each in plan.found.solution.bought:
        name, year, price = each.purchase.name, each.purchase.year, each.purchase.price
        amount = plan.amounts[name][year]
        rows.append(
            {
                "purchase": name,
                "year": year,
                "amount": amount,
                "unit": bought[name],
                "most": _number(each.purchase.most, 3) if each.purchase.is_limited else None,
                "price_rmb": _number(price, 4),
                "paid_rmb": _number(float(amount) * price),
            }
        )
    return Table("plan_purchase", "What is bought", columns, rows, (), "-")


def _title(plan: Plan) -> str:
    years = plan.choices.years
    return f"Least-cost plan from {plan.choices.scenario.name}, {years[0]} to {years[-1]}"


def _notes(plan: Plan) -> list[str]:
    found, solution = plan.found, plan.found.solution
    base = plan.problem.base
    notes = [
        f"Costs {solution.cost:,.0f} RMB as present value of {base} ({plan.rate_said}): capital in"
        " the year it begins, running costs and purchases to the horizon; nothing is left over.",
        _real(plan),
        "Tonnes are those of all planned years, of each measure alone; together see below.",
        _solver(plan),
    ]
    if found.missed:
        short = ", ".join(f"{name} by {mass:,.1f} t" for name, mass in found.missed.items())
        notes.append(f"The projection of this choice still misses {short}: it is no plan.")
    elif found.rounds > 1:
        notes.append(
            "Together the measures do less than each alone: a choice was projected"
            f" {found.rounds} times, and what it lacked added to the next solve, until the"
            " projection met the targets. What is added is kept, so a cheaper plan may exist;"
            f" none costs less than {found.bound:,.0f} RMB where no measure strengthens another."
        )
    else:
        notes.append("The targets are met by the projection of the whole choice.")
    given = [f"{name} {price:f}" for name, price in plan.choices.prices.items()]
    notes += [f"Price given beside the file, in RMB: {', '.join(given)}."] if given else []
    notes += _left_out(plan)
    return notes + _of_targets(plan) + sentence(plan)


def _left_out(plan: Plan) -> list[str]:
    """What was not weighed, or not in every year, and why."""
    notes = []
    if plan.choices.unpriced:
        names = ", ".join(each.name for each in plan.choices.unpriced)
        notes.append(f"Not weighed, since no cost is stated: {names}.")
    for name, years in plan.impossible.items():
        notes.append(
            f"{name} cannot begin in {', '.join(map(str, years))}: it would take more electricity"
            " off a site than that buys."
        )
    return notes


def _of_targets(plan: Plan) -> list[str]:
    """What targets do not ask of the plan, and what it does not settle of those that do."""
    notes = [f"Not asked of the plan: {each}." for each in plan.rules.unasked]
    return notes + [f"Beside the plan: {each}." for each in plan.rules.beside]


def _real(plan: Plan) -> str:
    """How much of a plan reduces, and how much of it is bought."""
    solution, location = plan.found.solution, account("location")
    bought = sum(
        present_value(plan.problem, {each.purchase.year: each.units * each.purchase.price})
        for each in solution.bought
    )
    suppliers = {each.name for each in plan.choices.weighed if each.BUYS}
    bought += sum(
        present_value(plan.problem, each.cash)
        for each in solution.chosen
        if each.measure in suppliers
    )
    real = sum(plan.without[location].values()) - sum(plan.found.masses[location].values())
    gross = sum(plan.without[location].values())
    share = f"{100 * real / gross:.1f} %" if gross else "none"
    return (
        f"Of it {solution.cost - bought:,.0f} RMB are for measures, which take {real:,.1f} t"
        f" ({share}) off the location-based figure of all years together, and {bought:,.0f} RMB for"
        " certificates, contracts and credits, which take nothing off it."
    )


def _solver(plan: Plan) -> str:
    found, solution = plan.found, plan.found.solution
    end = "" if solution.status == "within gap" else "; the time limit ended the search"
    asked = (100 * plan.asked.gap).normalize()
    return (
        f"HiGHS: gap {100 * solution.gap:.2f} % (asked {asked:f} %), time limit"
        f" {plan.asked.seconds:f} s a solve, {found.seconds:.1f} s used{end}."
    )


def _years(plan: Plan) -> Table:
    """One row a planned year: what the choice comes to by its own projection."""
    found = plan.found
    columns = [
        Column("year", "Year"),
        Column("without_location_t", "Without it location", "t CO2e", "mass"),
        Column("location_t", "Planned location", "t CO2e", "mass"),
        Column("interaction_t", "Inter- action", "t CO2e", "mass"),
        Column("without_market_t", "Without it market", "t CO2e", "mass"),
        Column("market_t", "Planned market", "t CO2e", "mass"),
        Column("net_t", "After credits", "t CO2e", "mass"),
        Column("paid_rmb", "Paid", "RMB", "number", 0),
    ]
    if plan.problem.budget:
        columns.append(Column("budget_rmb", "Budget", "RMB", "number", 0))
    alone = linear(plan.problem, found.solution.chosen, found.solution.bought)
    location, market, net = account("location"), account("market"), account("net")
    rows = [
        {
            "year": year,
            "without_location_t": _number(plan.without[location][year]),
            "location_t": _number(found.masses[location][year]),
            "interaction_t": _number(found.masses[location][year] - alone[location][year]),
            "without_market_t": _number(plan.without[market][year]),
            "market_t": _number(found.masses[market][year]),
            "net_t": _number(found.masses[net][year]),
            "paid_rmb": _number(_paid(plan, year)),
        }
        | ({"budget_rmb": _number(plan.problem.budget.get(year))} if plan.problem.budget else {})
        for year in plan.choices.years
    ]
    note = "Interaction: what measures together leave standing that each alone would take off."
    return Table("plan_year", "The plan by year", columns, rows, [note], "-")


def _paid(plan: Plan, year: int) -> float:
    solution = plan.found.solution
    return sum(each.cash.get(year, 0.0) for each in solution.chosen) + sum(
        each.units * each.purchase.price for each in solution.bought if each.purchase.year == year
    )


def _targets(plan: Plan) -> Table:
    columns = [
        Column("target", "Target"),
        Column("holds", "Projection"),
        Column("verdict", "Verdict"),
        Column("shadow_rmb_per_t", "Last tonne", "RMB/t", "number", 0),
        Column("shadow_years", "Of it by year"),
        Column("reason", "Reason"),
    ]
    asked = plan.problem.targets()
    rows = []
    for each in plan.verdicts:
        name = each.target.name
        by_year = {y: p for y, p in plan.shadow.get(name, {}).items() if p > 0.005}
        holds = "misses" if name in plan.found.missed else "holds"
        rows.append(
            {
                "target": name,
                "holds": holds if name in asked else "not asked",
                "verdict": each.verdict,
                "shadow_rmb_per_t": _number(sum(by_year.values())) if name in asked else None,
                "shadow_years": _by_year(by_year, 0),
                "reason": each.reason,
            }
        )
    note = (
        "Last tonne: present value of one tonne less in every year the target binds, of a budget of"
        " one tonne less in all, from the duals of the linear relaxation, in which a measure may be"
        " done in part."
        if plan.shadow
        else "No price of a last tonne: the linear relaxation has no solution."
    )
    return Table("plan_target", "Targets", columns, rows, [note], "-")


def _by_year(values: Mapping[int, float], places: int = 1) -> str:
    """2030: 1,200, or what is said of all years of a budget."""
    return ", ".join(
        f"{'all years' if year == TOGETHER else year}: {value:,.{places}f}"
        for year, value in sorted(values.items())
    )


def _curve(plan: Plan) -> Table:
    columns = [
        Column("rank", "#"),
        Column("measure", "Measure"),
        Column("choice", "Choice"),
        Column("year", "From"),
        COST,
        Column("alone_t", "Alone", "t CO2e", "mass"),
        Column("after_t", "After those above", "t CO2e", "mass"),
        Column("sum_t", "Together", "t CO2e", "mass"),
        Column("alone_rmb_per_t", "A tonne alone", "RMB/t", "number", 0),
        Column("after_rmb_per_t", "A tonne after", "RMB/t", "number", 0),
    ]
    rows, so_far = [], 0.0
    for rank, each in enumerate(plan.steps, start=1):
        alone, after = (
            total(each.alone, account("location")),
            total(each.after, account("location")),
        )
        so_far += after
        rows.append(
            {
                "rank": rank,
                "measure": each.measure,
                "choice": "chosen" if each.is_chosen else "left out",
                "year": each.start,
                "cost_rmb": _number(each.cost),
                "alone_t": _number(alone),
                "after_t": _number(after),
                "sum_t": _number(so_far),
                "alone_rmb_per_t": _per(each.cost, alone),
                "after_rmb_per_t": _per(each.cost, after),
            }
        )
    notes = [
        "In the order of what a tonne costs alone; each is projected after all those above it.",
        "Tonnes are location-based, of all planned years; costs as present value.",
    ]
    return Table("abatement_cost", "Marginal abatement cost", columns, rows, notes, "-")


def _obstacles(plan: Plan) -> Table:
    """One row a limit that stands in the way: what it alone would have to give."""
    columns = [
        Column("limit", "Limit"),
        Column("kind", "Kind"),
        Column("alone", "Met without the others"),
        Column("least", "Smallest relaxation", kind="number"),
        Column("unit", "Unit"),
        Column("years", "By year"),
    ]
    units = {"target": "t CO2e", "all targets": "t CO2e", "budget": "RMB"}
    bought = {each.name: each.UNIT for each in plan.choices.bought}
    rows = []
    for each in plan.relaxed:
        supply = bought.get(each.name, "t")
        alone = {None: "", True: "yes", False: "no"}[each.alone]
        rows.append(
            {
                "limit": each.name,
                "kind": each.kind,
                "alone": alone,
                "least": _number(each.least),
                "unit": units.get(each.kind, supply),
                "years": "not enough by itself" if each.least is None else _by_year(each.by_year),
            }
        )
    return Table(
        "plan_obstacle",
        f"No plan from {plan.choices.scenario.name} meets its targets",
        columns,
        rows,
        [*_said(plan), *_of_targets(plan)],
        "-",
        is_blocked=True,
    )


def _said(plan: Plan) -> list[str]:
    """What conflicts, and what would make a plan feasible, in sentences."""
    if plan.found.solution.status != "infeasible":
        return [f"No plan was found in {plan.asked.seconds:f} s: give more with --time-limit."]
    notes = []
    if plan.found.rounds:
        notes.append(
            f"By what each measure does alone there was a choice; its projection missed"
            f" a target, and with the difference added there is none (after {plan.found.rounds})."
        )
    targets = [each for each in plan.relaxed if each.kind == "target"]
    never = [each.name for each in targets if not each.alone]
    if never:
        notes.append(f"By no choice, even with no other target: {', '.join(never)}.")
    elif len(targets) > 1:
        names = ", ".join(each.name for each in targets if each.least is not None)
        said = names or "all of them, none alone being enough"
        notes.append(f"Each can be met alone, not together; giving way helps at: {said}.")
    notes += _left_out(plan)
    notes.append("A relaxation is the least over all years with every other limit kept.")
    if len(targets) > 1:
        notes.append("carbon plan --target NAME plans for some of the targets.")
    return notes
