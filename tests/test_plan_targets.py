"""What targets ask of a plan: the same that their verdicts ask of its projection."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from carbon.abatement.rules import rules
from carbon.planning import Option, Problem, linear, present_value, short_of, solve
from carbon.settings import Policy, Target
from carbon.targets import Demand, YearFigure, demand, judge

TODAY = date(2024, 6, 1)
POLICY = Policy(approval_needed=False)
YEARS = range(2024, 2027)


def recorded(first: int, *masses: int, **every) -> list[YearFigure]:
    return [
        YearFigure(year, "actual", Decimal(mass), Decimal(mass), **every)
        for year, mass in enumerate(masses, start=first)
    ]


def ahead(*masses: float) -> list[YearFigure]:
    return [
        YearFigure(year, "projected", Decimal(str(mass)), Decimal(str(mass)))
        for year, mass in zip(YEARS, masses, strict=True)
    ]


def asked(target: Target, figures: list[YearFigure], policy: Policy = POLICY) -> Demand:
    return demand(target, figures, YEARS, today=TODAY, policy=policy)


def reduction(year: int = 2025, **said) -> Target:
    return Target(
        **{"name": "Less", "kind": "reduction", "year": year, "base_year": 2022, "percent": 20}
        | ({"percent": None} if {"rate", "pathway"} & set(said) else {})
        | said
    )


# --- reductions ---


def test_a_reduction_asks_its_year_and_all_later_ones_for_the_same():
    found = asked(reduction(2025), recorded(2022, 110, 100))
    # 110 x 0.8; 2024 is before its year, and no verdict judges it
    assert found.each == {2025: Decimal(88), 2026: Decimal(88)}


def test_a_rate_asks_for_the_years_since_the_base():
    found = asked(reduction(2026, rate="1.5C"), recorded(2022, 100, 100))
    assert found.each == {2026: Decimal("83.2")}  # 100 - 4 x 4.2


def test_a_step_of_a_pathway_before_its_year_is_not_asked():
    steps = {2024: Decimal("0.7"), 2026: Decimal("0.5")}
    assert asked(reduction(2026, pathway=steps), recorded(2022, 100)).each == {2026: Decimal(50)}


def test_a_reduction_asks_of_the_base_year_as_if_the_boundary_had_always_been_so():
    bought = [replace(each, structure="works acquired") for each in recorded(2023, 100)]
    figures = [
        replace(each, recalculated=(Decimal(150), Decimal(150)))
        for each in recorded(2022, 100) + bought
    ]
    # 150 x 0.8, not 100 x 0.8
    assert asked(reduction(2025), figures).each[2025] == Decimal(120)


def test_a_reduction_asks_on_its_own_line():
    figures = [replace(each, market_t=Decimal(50)) for each in recorded(2022, 100, 100)]
    found = asked(reduction(2025, line="market"), figures)
    assert (found.line, found.each[2025]) == ("market", Decimal(40))


def test_an_intensity_is_not_asked_where_the_scenario_supposes_no_denominator():
    figures = recorded(2022, 100, 100, divisor=Decimal(10), divisor_unit="million RMB")
    found = asked(reduction(2025, per="revenue"), figures)
    assert found.unasked == (
        "it is one per revenue, and that of 2025 is neither recorded nor supposed by a"
        " [[denominator]] of the scenario"
    )
    assert not found.each


def test_an_intensity_asks_for_the_tonnes_that_its_denominators_allow():
    figures = recorded(2022, 100, 100, divisor=Decimal(10))
    planned = [replace(each, divisor=Decimal(each.year - 2000)) for each in ahead(90, 80, 70)]
    found = asked(reduction(2025, per="revenue"), figures + planned)
    # 100 x 0.8 a unit of ten: 8 x 25, 8 x 26
    assert found.each == {2025: Decimal(200), 2026: Decimal(208)}


def test_a_reduction_without_its_base_year_says_so():
    assert "2022 has no figure" in asked(reduction(2025), recorded(2023, 100)).unasked


def test_a_reduction_lost_already_is_said_and_the_years_ahead_still_asked():
    found = asked(reduction(2023), recorded(2022, 100, 90))
    assert found.each == dict.fromkeys(YEARS, Decimal(80))
    assert found.beside.startswith("2023 stands at 90.0 t, 10.0 t above")


# --- budgets ---


def budget(**said) -> Target:
    return Target(**{"name": "Budget", "kind": "budget", "since": 2022, "year": 2026} | said)


def test_a_budget_asks_for_what_the_recorded_years_leave_of_it():
    found = asked(budget(budget_t=500), recorded(2021, 900, 120, 110))
    # 500 - 120 - 110; 2021 lies before it
    assert (found.together, found.over) == (Decimal(270), (2024, 2025, 2026))


def test_a_budget_by_year_carries_overshoot_forward():
    found = asked(
        budget(since=None, yearly_t={2023: 100, 2024: 90, 2025: 80}, year=2025),
        recorded(2022, 150, 130),
    )
    # 270 in all, 30 of overshoot: 140 are left for 170 of parts
    assert (found.together, found.over) == (Decimal(140), (2024, 2025))


def test_a_budget_that_is_spent_is_not_asked():
    found = asked(budget(budget_t=200), recorded(2022, 120, 110))
    assert found.unasked == "2022 to 2023 emitted 230.0 t, 30.0 t above it"


def test_a_budget_beyond_the_horizon_keeps_nothing_for_later_and_says_so():
    found = asked(budget(budget_t=500, year=2030), recorded(2022, 120, 110))
    assert found.together == Decimal(270)
    assert found.beside == "nothing is kept for 2027 to 2030, after the horizon"


def test_a_running_year_is_asked_as_planned_not_as_recorded():
    running = recorded(2024, 50, is_complete=False)
    found = asked(budget(budget_t=500), recorded(2022, 120, 110) + running)
    assert (found.together, found.over) == (Decimal(270), (2024, 2025, 2026))


# --- other kinds ---


def test_monthly_ceilings_are_not_asked():
    target = Target(name="Power", kind="ceiling", year=2025, metric="electricity", node="hall")
    assert "monthly goals of electricity of hall" in asked(target, []).unasked


def test_a_peak_is_held_against_the_years_that_compare():
    target = Target(name="Peak", kind="peak", year=2024)
    figures = recorded(2021, 150, series="old") + recorded(2022, 100, 90, series="new")
    assert asked(target, figures).summit.known == Decimal(100)


def test_a_peak_is_held_against_recalculated_years():
    target = Target(name="Peak", kind="peak", year=2024)
    before, after = recorded(2022, 150, structure=""), recorded(2023, 90, structure="sold")
    figures = [
        replace(each, recalculated=(Decimal(mass), Decimal(mass)))
        for each, mass in zip(before + after, (95, 90), strict=True)
    ]
    assert asked(target, figures).summit.known == Decimal(95)
    assert asked(target, before + after).summit.known == Decimal(90)  # since the break


# --- the verdict itself ---


def targets(draw: random.Random) -> list[Target]:
    """One to three targets of any kind that projections can be held against."""
    share = {2024: Decimal("0.9"), 2026: Decimal(draw.randint(5, 9)) / 10}
    every = [
        reduction(draw.choice((2023, 2024, 2025)), percent=draw.randint(5, 45)),
        reduction(2026, name="Steps", pathway=share),
        budget(budget_t=draw.randint(350, 520)),
        budget(
            name="Years", since=None, yearly_t={y: draw.randint(60, 100) for y in YEARS}, year=2026
        ),
        Target(name="Peak", kind="peak", year=draw.choice((2024, 2025))),
        Target(name="Neutral", kind="neutral", year=2026, line="location"),
    ]
    return draw.sample(every[:5] if draw.random() < 0.8 else every, draw.randint(1, 3))


def case(seed: int) -> tuple[list[Target], list[YearFigure], Problem]:
    """Recorded years, targets, and up to three measures over three years; whole tonnes."""
    draw = random.Random(seed)
    figures = recorded(2022, draw.randint(85, 105), draw.randint(80, 100))
    without = [draw.randint(75, 110) for _ in YEARS]
    options = [
        Option(
            f"m{n}",
            start,
            {start: draw.randint(5, 60)},
            {"location": {year: draw.randint(-2, 45) for year in YEARS if year >= start}},
        )
        for n in range(draw.randint(1, 3))
        for start in list(YEARS)[: draw.randint(1, 3)]
    ]
    wanted = targets(draw)
    known = {each.name: figures + ahead(*without) for each in wanted}
    said = rules(wanted, known, YEARS, POLICY, TODAY)
    problem = Problem(
        years=tuple(YEARS),
        without={"location": dict(zip(YEARS, map(float, without), strict=True))},
        options=options,
        ceilings=said.ceilings,
        peaks=said.peaks,
        sums=said.sums,
        rate=draw.choice((0.0, 0.08)),
        base=2023,
    )
    asked_of = [each for each in wanted if each.name in problem.targets()]
    return asked_of, figures, problem


def would_be_missed(target: Target, figures: list[YearFigure]) -> bool:
    """What the verdict says of a projection; level with the summit is no peak either."""
    verdict = judge(target, figures, today=TODAY, policy=POLICY, scenario="plan")
    return verdict.verdict in ("missed", "at risk")


def choices(problem: Problem) -> list[list[Option]]:
    of: dict[str, list[Option | None]] = {}
    for each in problem.options:
        of.setdefault(each.measure, [None]).append(each)
    return [[each for each in picked if each] for picked in itertools.product(*of.values())]


@pytest.mark.parametrize("first", range(0, 200, 25))
def test_the_plan_is_the_cheapest_choice_whose_verdicts_miss_nothing(first):
    told = {True: 0, False: 0}
    for seed in range(first, first + 25):
        wanted, figures, problem = case(seed)
        costs = []
        for chosen in choices(problem):
            masses = linear(problem, chosen, [])["location"]
            every = figures + ahead(*(masses[year] for year in YEARS))
            missed = {each.name for each in wanted if would_be_missed(each, every)}
            lost = {each.name for each in wanted if would_be_missed(each, figures)}
            # the plan's own word on a choice is the verdict's, but for what is lost already
            short = set(short_of(problem, linear(problem, chosen, [])))
            assert short - lost == missed - lost, seed
            if not short:
                costs.append(sum(present_value(problem, each.cash) for each in chosen))
        found = solve(problem, gap=0.0)
        assert found.is_found == bool(costs), seed
        told[bool(costs)] += 1
        if costs:
            assert found.cost == pytest.approx(min(costs), abs=1e-6), seed
    assert min(told.values()) > 2  # both kinds are among them
