"""The cheapest choice: against every choice there is, and by hand."""

from __future__ import annotations

import itertools
import random
import sys

import pytest

from carbon.errors import UsageError
from carbon.planning import (
    Ceiling,
    Option,
    Peak,
    Problem,
    Purchase,
    Sum,
    linear,
    present_value,
    relaxations,
    search,
    shadow_prices,
    short_of,
    solve,
)

YEARS = (2025, 2026, 2027)


def option(measure: str, start: int, capex: float, less: float, years=YEARS) -> Option:
    effect = {"t": {year: less for year in years if year >= start}}
    return Option(measure, start, {start: capex}, effect)


def plain(**said) -> Problem:
    return Problem(**{"years": YEARS, "without": {"t": dict.fromkeys(YEARS, 100.0)}} | said)


def at_most(most: float, *years: int, target: str = "cap") -> list[Ceiling]:
    return [Ceiling(target, "t", year, most) for year in years]


# --- every choice there is ---


def random_case(seed: int) -> Problem:
    """Up to four measures, three years, whole numbers; limits that sometimes cannot be met."""
    draw = random.Random(seed)
    names = [f"m{n}" for n in range(draw.randint(1, 4))]
    options = [
        Option(
            name,
            start,
            {
                year: draw.randint(5, 60) if year == start else draw.randint(-4, 6)
                for year in YEARS
                if year >= start
            },
            {"t": {year: draw.randint(-3, 30) for year in YEARS if year >= start}},
        )
        for name in names
        for start in YEARS[: draw.randint(1, 3)]
    ]
    pairs = list(itertools.permutations(names, 2))
    kinds = draw.sample(("ceiling", "peak", "budget", "reduction"), draw.randint(1, 3))
    most = draw.randint(20, 95)
    falling = [Ceiling("reduction", "t", y, most - 5 * n) for n, y in enumerate(YEARS)]
    peak = Peak("peak", "t", draw.choice((None, 70.0, 90.0)), YEARS[:2], YEARS[2:], margin=0.5)
    together = YEARS[draw.randint(0, 1) :]
    budget = Sum("budget", "t", together, draw.randint(45, 95) * len(together))
    return Problem(
        years=YEARS,
        without={"t": {year: float(draw.randint(60, 100)) for year in YEARS}},
        options=options,
        ceilings=[
            *(at_most(draw.randint(40, 95), *YEARS[1:]) if "ceiling" in kinds else ()),
            *(falling if "reduction" in kinds else ()),
        ],
        peaks=[peak] if "peak" in kinds else (),
        sums=[budget] if "budget" in kinds else (),
        needs=draw.sample(pairs, min(len(pairs), draw.randint(0, 1))),
        exclusions=draw.sample(pairs, min(len(pairs), draw.randint(0, 1))),
        budget={2025: float(draw.randint(20, 120))} if draw.random() < 0.5 else {},
        rate=draw.choice((0.0, 0.08)),
        base=2025,
    )


def cheapest(problem: Problem) -> float | None:
    """The cost of the best of all choices, by trying each."""
    of: dict[str, list[Option | None]] = {}
    for each in problem.options:
        of.setdefault(each.measure, [None]).append(each)
    costs = []
    for picked in itertools.product(*of.values()):
        chosen = {each.measure: each for each in picked if each}
        masses = linear(problem, list(chosen.values()), [])["t"]
        if any(masses[each.year] > each.most + 1e-9 for each in problem.ceilings):
            continue
        if any(sum(masses[y] for y in each.years) > each.most + 1e-9 for each in problem.sums):
            continue
        if any(
            masses[later] > max([*(masses[y] for y in peak.until), peak.known or 0]) - peak.margin
            for peak in problem.peaks
            for later in peak.after
        ):
            continue
        if any(
            later in chosen
            and (earlier not in chosen or chosen[earlier].start > chosen[later].start)
            for later, earlier in problem.needs
        ):
            continue
        if any(one in chosen and other in chosen for one, other in problem.exclusions):
            continue
        if any(
            sum(each.cash.get(year, 0) for each in chosen.values()) > most + 1e-9
            for year, most in problem.budget.items()
        ):
            continue
        costs.append(sum(present_value(problem, each.cash) for each in chosen.values()))
    return min(costs) if costs else None


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_the_plan_is_the_best_of_all_choices(first):
    feasible = 0
    for seed in range(first, first + 20):
        problem = random_case(seed)
        best, found = cheapest(problem), solve(problem, gap=0.0)
        assert (best is not None) == found.is_found, seed
        if best is not None:
            feasible += 1
            assert found.cost == pytest.approx(best, abs=1e-6), seed
            assert not short_of(problem, linear(problem, found.chosen, found.bought)), seed
    assert 0 < feasible < 20  # both kinds are among them


# --- by hand ---


def test_the_cheaper_of_two_measures_that_do_the_same_is_chosen():
    found = solve(
        plain(
            options=[option("a", 2025, 50, 20), option("b", 2025, 40, 20)],
            ceilings=at_most(80, 2027),
        )
    )
    assert ([each.measure for each in found.chosen], found.cost) == (["b"], 40)


def test_a_measure_waits_until_it_is_needed_where_money_is_discounted():
    options = [option("a", year, 110, 20) for year in YEARS]
    found = solve(plain(options=options, ceilings=at_most(80, 2027), rate=0.1, base=2025))
    assert found.chosen[0].start == 2027
    assert found.cost == pytest.approx(110 / 1.1**2)


def test_of_plans_that_cost_the_same_the_earlier_is_taken():
    options = [option("a", year, 110, 20) for year in reversed(YEARS)]
    [chosen] = solve(plain(options=options, ceilings=at_most(80, 2027)), gap=0.0).chosen
    assert chosen.start == 2025


def test_what_a_measure_needs_is_begun_no_later():
    options = [
        option("a", 2026, 10, 30),
        option("ground", 2025, 5, 0),
        option("ground", 2027, 1, 0),
    ]
    free = solve(plain(options=options, ceilings=at_most(80, 2027)))
    bound = solve(plain(options=options, ceilings=at_most(80, 2027), needs=[("a", "ground")]))
    assert (free.cost, bound.cost) == (10, 15)


def test_of_two_measures_that_exclude_each_other_one_is_chosen():
    options = [option("a", 2025, 10, 15), option("b", 2025, 10, 15), option("c", 2025, 90, 15)]
    found = solve(plain(options=options, ceilings=at_most(70, 2027), exclusions=[("a", "b")]))
    assert found.cost == 100  # 10 + 90, not 10 + 10


def test_a_budget_spreads_measures_over_years():
    options = [option(name, year, 10, 10) for name in "ab" for year in YEARS]
    tight = plain(options=options, ceilings=at_most(80, 2027), budget={2025: 10.0, 2027: 0.0})
    assert sorted(each.start for each in solve(tight, gap=0.0).chosen) == [2025, 2026]
    assert solve(plain(options=options, ceilings=at_most(80, 2025), budget={2025: 10})).status == (
        "infeasible"
    )


def test_purchases_fill_what_a_measure_leaves_in_whole_steps():
    found = solve(
        plain(
            options=[option("a", 2025, 100, 60)],
            purchases=[Purchase("credits", 2027, 2.0, 1000.0, {"t": 1.0})],
            ceilings=at_most(0.5, 2027),
        )
    )
    # all by credits: 99.5 t, 100 whole, 200; the measure would be 100 + 40 x 2 = 180
    assert (found.cost, [each.units for each in found.bought]) == (180, [40])


def test_a_peak_may_lie_in_the_last_recorded_year_or_in_a_planned_one():
    rising = {"t": {2025: 100.0, 2026: 120.0, 2027: 130.0}}
    options = [option("early", 2025, 10, 40), option("late", 2027, 10, 15)]
    until_2026 = Peak("peak", "t", 90.0, (2025, 2026), (2027,))
    found = solve(Problem(YEARS, rising, options, peaks=[until_2026]))
    # late alone: 115 after 120. early alone: 90 after 80, no lower than the 90 recorded
    assert ([each.measure for each in found.chosen], found.peak_years) == (["late"], {"peak": 2026})


def test_the_shadow_price_of_a_target_is_what_its_last_tonne_is_bought_for():
    problem = plain(
        purchases=[
            Purchase("cheap", 2027, 5.0, 60.0, {"t": 1.0}),
            Purchase("dear", 2027, 9.0, 60.0, {"t": 1.0}),
        ],
        ceilings=at_most(20, 2027),
    )
    assert shadow_prices(problem, solve(problem))["cap"][2027] == pytest.approx(9)


def test_a_budget_leaves_it_to_the_plan_which_year_takes_more():
    rising = {"t": {2025: 100.0, 2026: 100.0, 2027: 100.0}}
    options = [option("a", year, 10, 30) for year in YEARS] + [option("b", 2027, 5, 30)]
    found = solve(Problem(YEARS, rising, options, sums=[Sum("budget", "t", YEARS, 240.0)]))
    # a from 2026 leaves 100 + 70 + 70 = 240 for 10; from 2027 with b 100 + 100 + 40 is as much for
    # 15. A ceiling of 80 a year could not be met in 2025 without a.
    assert (found.chosen[0].start, found.cost) in {(2025, 10), (2026, 10)}
    less = Problem(YEARS, rising, options, sums=[Sum("budget", "t", YEARS, 209.0)])
    assert sum(linear(less, solve(less).chosen, [])["t"].values()) == 180  # 210 is 1 t too much


def test_the_shadow_price_of_a_budget_is_that_of_its_cheapest_year():
    dear = Purchase("credits", 2025, 9.0, 60.0, {"t": 1.0})
    cheap = Purchase("credits", 2027, 4.0, 60.0, {"t": 1.0})
    problem = plain(purchases=[dear, cheap], sums=[Sum("budget", "t", YEARS, 270.0)])
    found = solve(problem)
    assert [(each.purchase.year, each.units) for each in found.bought] == [(2027, 30)]
    assert shadow_prices(problem, found)["budget"] == {0: pytest.approx(4)}


def test_a_budget_in_the_way_says_what_it_lacks_in_all():
    problem = plain(options=[option("a", 2026, 5, 20)], sums=[Sum("budget", "t", YEARS, 250.0)])
    [said] = relaxations(problem)
    # 300 - 2 x 20 = 260
    assert (said.alone, said.by_year) == (False, {0: pytest.approx(10)})


def test_where_nothing_fits_each_limit_says_what_it_would_have_to_give():
    problem = plain(
        options=[option("a", 2025, 50, 30)],
        purchases=[Purchase("credits", 2027, 1.0, 10.0, {"t": 1.0})],
        ceilings=[*at_most(40, 2027, target="hard"), *at_most(100, 2026, target="easy")],
        budget={2025: 50.0},
    )
    assert solve(problem).status == "infeasible"
    said = {each.name: each for each in relaxations(problem)}
    # 100 - 30 - 10 = 60 is 20 above 40; 20 more credits would do as well
    assert (said["hard"].alone, said["hard"].by_year) == (False, {2027: pytest.approx(20)})
    assert said["credits"].least == pytest.approx(20)
    assert (said["easy"].alone, said["easy"].least) == (True, None)
    assert said["the budget"].least is None


def test_where_no_target_alone_is_enough_all_give_way_together():
    problem = plain(ceilings=[*at_most(90, 2027, target="one"), *at_most(80, 2026, target="two")])
    said = {each.name: each.least for each in relaxations(problem)}
    # 10 t of one and 20 t of the other
    assert said == {"one": None, "two": None, "all targets": pytest.approx(30)}


def test_a_search_goes_on_until_the_limits_hold_in_truth():
    options = [option("a", 2025, 10, 30), option("b", 2025, 10, 30), option("c", 2025, 15, 20)]
    problem = plain(options=options, ceilings=at_most(50, 2027))

    def worked_out(solution):
        mass = 100.0
        for each in solution.chosen:
            mass *= 1 - each.effect["t"][2027] / 100
        return {"t": dict.fromkeys(YEARS, mass)}

    found = search(problem, worked_out)
    # a and b alone take 60 off, together 51 and leave 49: one round
    assert (found.rounds, found.masses["t"][2027]) == (1, pytest.approx(49))
    tight = plain(options=options, ceilings=at_most(45, 2027))
    found = search(tight, worked_out)
    # 49 is short of 45: 9 are added, and c is taken too: 0.7 x 0.7 x 0.8 leaves 39.2
    assert (found.rounds, len(found.solution.chosen), found.missed) == (2, 3, {})
    assert found.bound == pytest.approx(20)


def test_after_a_search_no_more_is_bought_than_the_truth_asks_for():
    problem = plain(
        options=[option("a", 2025, 1, 30), option("b", 2025, 1, 30)],
        purchases=[Purchase("credits", 2027, 1.0, 100.0, {"t": 1.0})],
        ceilings=at_most(30, 2027),
    )
    lost = {2: 9.0, 1: 0.0, 0: 0.0}

    def worked_out(solution):
        masses = linear(problem, solution.chosen, solution.bought)["t"]
        return {"t": {year: mass + lost[len(solution.chosen)] for year, mass in masses.items()}}

    found = search(problem, worked_out)
    assert ([each.units for each in found.solution.bought], found.missed) == ([19], {})


def test_without_its_library_a_plan_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(UsageError, match=r"carbon\[plan\]"):
        solve(plain(options=[option("a", 2025, 1, 1)]))
