"""`carbon sensitivity`: what moves a verdict, where it turns, how often it holds; by hand beside.

A works buys 100 MWh in each month of 2023 at 0.5703 t/MWh: 684.36 t.
"""

from __future__ import annotations

import json
import math
import random
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from statistics import NormalDist

import pytest

from carbon.book import Book
from carbon.cli import run as carbon
from carbon.errors import UsageError
from carbon.run import supposing
from carbon.sensitivity import Asked, study, tables
from carbon.sensitivity.assumptions import assumptions
from carbon.sensitivity.courses import responding
from carbon.sensitivity.gaps import gauge
from carbon.sensitivity.odds import misfit
from carbon.sensitivity.projected import Engine
from carbon.sensitivity.study import Judged, Study
from carbon.settings import Policy, Target
from carbon.targets import YearFigure, judge
from carbon.uncertainty import model

YEAR_T = 684.36
NORMAL = NormalDist()
HALF_RANGE = 1.959964  # standard deviations in half of a 95 % range

GRID = '[policy]\napproval_needed = false\n[policy.electricity]\nCN = "set:cn-mee-2023-notice"\n'
SURE = (
    "[policy.uncertainty]\nactivity = { electricity = 0 }\n"
    'factor = { "set:cn-mee-2023-notice" = 0 }\n'
)
STILL = "[policy.spread]\ngrowth = 0\ndelivery = 0\nlate_months = 0\ngrid_change = 0\nbought = 0\n"
WORKS = '[[site]]\nname = "works"\nregion = "CN-ZJ"\n'
BILLS = {("works", 2023): 100}
HEAD = 'name = "plan"\nbase_year = 2023\nhorizon = 2026\n'


def spread(**said: object) -> str:
    """Ranges of the policy, those not said being 0."""
    none = {"growth": 0, "delivery": 0, "late_months": 0, "grid_change": 0, "bought": 0}
    return "[policy.spread]\n" + "".join(f"{k} = {v}\n" for k, v in (none | said).items())


def target(kind: str, year: int, said: str = "", name: str = "aim") -> str:
    return f'[[target]]\nname = "{name}"\nkind = "{kind}"\nyear = {year}\n{said}'


def measure(name: str, kind: str, said: str, stage: str = "reduction") -> str:
    return (
        f'[[measure]]\nname = "{name}"\narea = "buildings"\nstage = "{stage}"\nkind = "{kind}"\n'
        f'source = "assumption: own number"\n{said}\n'
    )


GROWTH = measure("growth", "growth", "rate = 0.03", "growth")
CLEANER = '[[grid]]\nregion = "CN"\nannual_change = -0.02\nsource = "assumption"\n'
CERTIFICATES = 'instrument = "GEC"\nmarket = "CN"\nenergy_mwh = {}\n'
CREDITS = 'standard = "CCER"\ncredit_kind = "avoidance"\nmass_t = {}\n'


def certificates(amounts: str, more: str = "") -> str:
    return measure(
        "certificates", "certificates", CERTIFICATES.format(amounts) + more, "neutralisation"
    )


@pytest.fixture(autouse=True)
def few_checks(monkeypatch):
    """Two draws projected by the engine as well, where a test is about something else."""
    monkeypatch.setattr("carbon.sensitivity.odds.CHECKED", 2)


@pytest.fixture
def planned(make):
    """A book with a scenario `plan` of these measures and grids."""

    def made(scenario: str, *settings: str, bills: dict = BILLS, head: str = HEAD) -> Book:
        book = make(GRID, WORKS, *settings, bills=bills)
        (book.folder / "scenarios" / "plan.toml").write_text(head + scenario, encoding="utf-8")
        return book

    return made


def studied(book: Book, **asked) -> Study:
    with book.run(["plan"]) as run:
        return study(run, Asked("plan", **asked), book.today)


@pytest.fixture(scope="module")
def grown() -> dict[str, Study]:
    """The study of the book that several tests ask, once one of them made it."""
    return {}


@pytest.fixture
def growing(planned, grown) -> tuple[Book, Study]:
    """A works that grows by 3 % a year, give or take 1, on a grid that is 2 % cleaner each year."""
    book = planned(GROWTH + CLEANER, TENTH, SURE, spread(growth=0.01))
    if not grown:
        grown["plan"] = studied(book)
    return book, grown["plan"]


def only(book: Book, **asked) -> Judged:
    [found] = studied(book, **asked).judged
    return found


def swing(of: Judged, name: str):
    [found] = [each for each in of.swings if each.name == name]
    return found


def turn(of: Judged, name: str):
    [found] = [each for each in of.turns if each.assumption.name == name]
    return found


# By 2026 a tenth less than 2023: 615.924 t are left.
TENTH = target("reduction", 2026, "base_year = 2023\npercent = 10\n")
LEFT = YEAR_T * 0.9


# --- what moves a verdict ---


def test_a_growth_rate_swings_a_target_by_what_it_compounds_to(growing):
    [found] = growing[1].judged
    each = swing(found, "growth: rate")
    assert each.gap_low == pytest.approx(YEAR_T * 1.02**3 * 0.98**3 - LEFT, abs=0.01)
    assert each.gap_high == pytest.approx(YEAR_T * 1.04**3 * 0.98**3 - LEFT, abs=0.01)
    assert (each.low, each.high, each.unit) == (Decimal("2.00"), Decimal("4.00"), "% a year")


def test_a_grid_swings_it_by_the_cleaner_and_the_dirtier_one(planned):
    found = only(planned(GROWTH + CLEANER, TENTH, SURE, spread(grid_change=0.02)))
    each = swing(found, "grid CN: annual change")
    assert each.gap_low == pytest.approx(YEAR_T * 1.03**3 * 0.96**3 - LEFT, abs=0.01)
    assert each.gap_high == pytest.approx(YEAR_T * 1.03**3 - LEFT, abs=0.01)


CUT = measure(
    "drives",
    "efficiency",
    'site = "works"\nactivity = "electricity"\ncut = 0.10\nstart = "2026-01"',
)


def test_half_a_delivery_is_half_a_saving_and_half_a_year_late_another_half(planned):
    book = planned(CUT, TENTH, SURE, spread(delivery=0.5, late_months=6))
    found = only(book)
    assert found.gap == pytest.approx(0, abs=0.01)  # a tenth cut, a tenth wanted
    assert swing(found, "drives: delivery").gap_low == pytest.approx(YEAR_T * 0.05, abs=0.01)
    assert swing(found, "drives: start").gap_high == pytest.approx(YEAR_T * 0.05, abs=0.01)


@pytest.mark.parametrize(
    ("status", "assumed"),
    [
        ('status = "approved"', ["drives: delivery", "drives: start"]),
        ('status = "built"', ["drives: delivery"]),
        ('status = "verified"\nbaseline = "metered"', []),
    ],
)
def test_what_stands_is_not_late_and_what_is_verified_is_not_assumed(planned, status, assumed):
    book = planned(CUT + status, TENTH, SURE, spread(delivery=0.2, late_months=12))
    with book.run(["plan"]) as run:
        [plan] = run.scenarios.values()
        known = assumptions(plan, 2023, run.settings.policy.spread)
    assert [each.name for each in known] == assumed


def test_the_spread_of_a_file_stands_before_the_policy(planned):
    told = CUT + "spread = { cut = [0.08, 0.11] }"
    book = planned(told, TENTH, SURE, spread(delivery=0.5))
    told = studied(book)
    [found] = told.judged
    each = swing(found, "drives: cut")
    assert (each.low, each.high) == (Decimal("0.08"), Decimal("0.11"))
    assert each.gap_low == pytest.approx(YEAR_T * 0.02, abs=0.01)  # 8 % cut where 10 are wanted
    assert [other.name for other in found.swings] == ["drives: cut"]
    [_, table, *_] = tables(told)
    assert "Ranges that the scenario's file states: drives: cut." in table.notes


def test_the_widest_swing_comes_first_and_what_moves_nothing_is_named(planned):
    book = planned(
        GROWTH + CLEANER + certificates("{ 2026 = 100 }"),
        TENTH,
        SURE,
        spread(growth=0.01, grid_change=0.02, bought=0.2),
    )
    found = only(book)
    assert [each.name for each in found.swings] == ["grid CN: annual change", "growth: rate"]
    assert found.still == ["certificates: amount"]  # location-based


def test_the_verdicts_at_both_ends_are_those_of_the_scenario_written_so(planned):
    found = only(planned(GROWTH + CLEANER, TENTH, SURE, spread(growth=0.08)))
    each = swing(found, "growth: rate")
    assert (each.word_low, each.word_high) == ("on track", "at risk")  # -5 %, then +11 % a year
    assert found.verdict.verdict == "at risk"


def test_an_error_of_a_factor_swings_a_budget_in_proportion(planned):
    unsure = SURE.replace('notice" = 0', 'notice" = 10')
    budget = target("budget", 2026, "since = 2024\nbudget_t = 2100\n")
    found = only(planned(measure("none", "growth", "rate = 0", "growth"), budget, unsure, STILL))
    each = swing(found, "factor cn-mee-2023-notice")
    assert each.gap_high == pytest.approx(3 * YEAR_T * 1.1 - 2100, abs=0.01)
    assert each.gap_low == pytest.approx(3 * YEAR_T / 1.1 - 2100, abs=0.01)


# --- where it turns ---


def test_the_growth_that_just_keeps_a_target_is_found(growing):
    [aim] = growing[1].judged
    found = turn(aim, "growth: rate")
    just = (0.9 / 0.98**3) ** (1 / 3) - 1  # (1 + g)^3 x 0.98^3 = 0.9
    assert float(found.holds) <= just < float(found.fails)
    assert float(found.fails - found.holds) == pytest.approx(0.00001)
    assert found.gap == pytest.approx(0, abs=0.03)


def test_at_the_value_told_the_target_holds_and_a_step_beyond_it_does_not(growing):
    book, found = growing
    [_, _, table] = tables(found)
    [row] = [row for row in table.rows if row["assumption"] == "growth: rate"]
    assert (row["side"], row["value"]) == ("at or below", Decimal("-1.49"))
    words = []
    for rate in (row["value"], row["value"] + Decimal("0.01")):
        told = GROWTH.replace("0.03", str(rate / 100))
        (book.folder / "scenarios" / "plan.toml").write_text(HEAD + told + CLEANER)
        words += [verdict.verdict for _, verdict in book.targets("plan")]
    assert words == ["on track", "at risk"]


NEUTRAL = target("neutral", 2026)


def test_certificates_that_just_cover_what_is_bought_are_told_in_their_unit(planned):
    book = planned(certificates("{ 2026 = 1500 }"), NEUTRAL, SURE, spread(bought=0.1))
    [_, _, table] = book.sensitivity("plan")
    assert table.title == "aim holds while"
    [row] = table.rows
    assert (row["planned"], row["side"]) == (1500, "at or above")
    assert (row["value"], row["unit"]) == (1200, "MWh in 2026")  # 12 x 100 MWh


def test_how_late_a_saving_may_come_is_told_in_whole_months(planned):
    # due in July 2025 and needed in all of 2026: six months are to spare
    early = CUT.replace("2026-01", "2025-07")
    found = turn(only(planned(early, TENTH, SURE, spread(late_months=3))), "drives: start")
    assert (found.holds, found.fails) == (6, 7)


def test_what_no_value_turns_is_said(planned):
    half = target("reduction", 2026, "base_year = 2023\npercent = 50\n")
    [_, _, table] = planned(CUT, half, SURE, spread(delivery=0.2)).sensitivity("plan")
    assert table.rows == []
    assert "drives: delivery (0 to 200 % of the plan)" in table.notes[0]  # 20 % at most


def test_a_value_that_leaves_less_than_no_electricity_is_passed_over(planned):
    much = measure(
        "all",
        "saving",
        'site = "works"\nactivity = "electricity"\nsaving = "1000 MWh"\nstart = "2026-01"',
    )  # twice as much is more than the 1,200 MWh that are bought
    half = target("reduction", 2026, "base_year = 2023\npercent = 90\n")
    found = only(planned(much, half, SURE, spread(delivery=0.1)))
    assert found.gap == pytest.approx(YEAR_T * (2 / 12 - 0.1), abs=0.01)
    assert turn(found, "all: delivery").holds is None or turn(found, "all: delivery").holds <= 1.2


def test_an_end_that_cannot_be_projected_is_missing_and_not_as_planned(planned):
    much = measure(
        "all",
        "saving",
        'site = "works"\nactivity = "electricity"\nsaving = "1000 MWh"\nstart = "2026-01"',
    )  # 1.3 times as much is more than the 1,200 MWh that are bought
    aim = target("reduction", 2026, "base_year = 2023\npercent = 90\n")
    [_, table, *_] = planned(much, aim, SURE, spread(delivery=0.3)).sensitivity("plan")
    [row] = [row for row in table.rows if row["assumption"].startswith("all: delivery")]
    # 700 of 1,000 MWh leave 500 of 1,200
    assert float(row["gap_low_t"]) == pytest.approx(YEAR_T * (5 / 12 - 0.1), abs=0.06)
    assert (row["gap_high_t"], row["verdict"]) == (None, "no data at high")


def test_all_scenarios_of_a_pass_that_cannot_be_are_found_in_one_more(planned, monkeypatch):
    saving = 'site = "works"\nactivity = "electricity"\nsaving = "{} MWh"\nstart = "2026-01"'
    book = planned(measure("all", "saving", saving.format(1000)), TENTH, SURE)
    passes = []

    def counted(run, wanted):
        passes.append(len(wanted))
        return supposing(run, wanted)

    monkeypatch.setattr("carbon.sensitivity.projected.supposing", counted)
    with book.run(["plan"]) as run:
        plan = run.scenarios["plan"]
        [each] = plan.measures
        # 1,200 MWh are bought: twice and three times as much cannot be saved
        wanted = [
            replace(plan, measures=(each.model_copy(update={"delivery": Decimal(part)}),))
            for part in (2, 1, 3)
        ]
        found = Engine(run, ((),)).project(wanted)
    assert [one is None for one in found] == [True, False, True]
    assert passes == [3, 1]


REST = measure("rest", "credits", CREDITS.format('"rest"') + "years = [2026]", "neutralisation")


def test_credits_for_the_rest_leave_no_slack_and_say_what_a_certificate_is_worth(planned):
    book = planned(certificates("{ 2026 = 1000 }") + REST, NEUTRAL, SURE, spread(bought=0.1))
    [odds, _, table] = book.sensitivity("plan")
    # 200 MWh are left: 114.06 t, for which 115 t are bought
    assert [(row["assumption"], row["value"]) for row in table.rows] == [
        ("certificates: amount", Decimal("998.36")),  # 115 t are 201.65 MWh
        ("rest: amount", Decimal("114.07")),  # rounded up
    ]
    assert "A MWh less of certificates in 2026 takes 0.570 t more of credits." in table.notes
    # amounts from 900 to 1,100 MWh in 95 % leave 300 to 100 MWh: 171.1 to 57.0 t
    need = r"95 % of the draws need ([\d.]+) t to ([\d.]+) t of them"
    low, high = map(float, re.search(need, odds.notes[-1]).groups())
    assert (low, high) == (pytest.approx(57.0, abs=0.2), pytest.approx(171.1, abs=0.2))


# --- how often it holds ---


def near(of: Judged, share: float, draws: int = 10_000) -> bool:
    """Whether a share of draws is within three standard errors of what it should be."""
    return abs(of.odds.share - share) < 3 * (share * (1 - share) / draws) ** 0.5


TWO = target("reduction", 2026, "base_year = 2023\npercent = 2\n")


def test_a_normal_growth_rate_holds_as_often_as_its_distribution_says(planned):
    found = only(planned(GROWTH + CLEANER, TWO, SURE, spread(growth=0.05)))
    just = (0.98 / 0.98**3) ** (1 / 3) - 1
    assert near(found, NORMAL.cdf((just - 0.03) / (0.05 / HALF_RANGE)))
    assert 0.2 < found.odds.share < 0.3


def test_a_log_normal_factor_holds_a_budget_as_often_as_its_distribution_says(planned):
    unsure = SURE.replace('notice" = 0', 'notice" = 10')
    budget = target("budget", 2026, "since = 2024\nbudget_t = 2100\n")
    found = only(planned(measure("none", "growth", "rate = 0", "growth"), budget, unsure, STILL))
    sigma = math.log(1.1) / HALF_RANGE
    # of mean 1: ln(error) has the mean - sigma^2 / 2
    assert near(found, NORMAL.cdf((math.log(2100 / (3 * YEAR_T)) + sigma**2 / 2) / sigma))
    assert 0.6 < found.odds.share < 0.8


def test_certificates_cover_no_more_than_there_is(planned):
    # 1,200 MWh bought and planned for, a tenth more or less: every second draw falls short,
    # and none is below zero
    book = planned(certificates("{ 2026 = 1200 }"), NEUTRAL, SURE, spread(bought=0.1))
    found = only(book)
    assert near(found, 0.5)
    assert found.odds.gap.low == 0


def test_an_error_that_both_years_share_neither_makes_nor_undoes_a_reduction(planned):
    unsure = SURE.replace("= 0", "= 50")
    found = only(planned(measure("less", "growth", "rate = -0.05", "growth"), TENTH, unsure, STILL))
    assert found.odds.share == 1  # 0.95^3 is 0.857 of the base year, whatever that was
    assert found.odds.gap.low < found.odds.gap.planned < found.odds.gap.high < 0


def test_two_years_of_one_meter_and_factor_do_not_change_places(planned):
    bills = {("works", 2022): 101, ("works", 2023): 100}
    still = measure("still", "growth", "rate = 0", "growth")
    peak = target("peak", 2022)
    [found, *_] = planned(still, peak, SURE.replace("= 0", "= 40"), STILL, bills=bills).sensitivity(
        "plan"
    )
    assert found.rows[0]["holds_share"] == 1
    [margin] = [note for note in found.notes if "band of uncertainty" in note]
    assert "2022 is 6.8 t above 2023" in margin and "outside the band" in margin


def test_a_margin_within_the_errors_of_two_meters_lies_inside_the_band(planned):
    bills = {("works", 2022): 100, ("annex", 2022): 1, ("works", 2023): 1, ("annex", 2023): 99}
    annex = '[[site]]\nname = "annex"\nregion = "CN-ZJ"\n'
    still = measure("still", "growth", "rate = 0", "growth")
    unsure = SURE.replace("electricity = 0", "electricity = 10")
    book = planned(still, annex, target("peak", 2022), unsure, STILL, bills=bills)
    [found, *_] = book.sensitivity("plan")
    assert any("inside the band of uncertainty" in note for note in found.notes)
    assert 0.4 < found.rows[0]["holds_share"] < 0.7


@pytest.mark.parametrize(("percent", "share", "word"), [(10, 0, "at risk"), (2, 1, "on track")])
def test_without_any_spread_a_target_holds_always_or_never_as_its_verdict_says(
    planned, percent, share, word
):
    aim = target("reduction", 2026, f"base_year = 2023\npercent = {percent}\n")
    found = only(planned(CLEANER, aim, SURE, STILL))
    assert found.odds.share == share
    reach = 3.841459 / (10_000 + 3.841459)  # Wilson: z^2 / (n + z^2), for none is not never
    ends = (1 - reach, 1) if share else (0, reach)
    assert (found.odds.low, found.odds.high) == pytest.approx(ends, abs=1e-6)
    assert found.verdict.verdict == word


def test_where_no_draw_was_projected_nothing_is_said_of_how_near_they_came(planned):
    aim = target("reduction", 2026, "base_year = 2023\npercent = 10\n")
    [odds, *_] = planned(CLEANER, aim, SURE, STILL).sensitivity("plan")
    assert not any("projected as well" in note for note in odds.notes)


def test_a_seed_gives_the_same_shares_on_any_number_of_threads(planned):
    book = planned(GROWTH + CLEANER, TWO, spread(growth=0.05, grid_change=0.01))
    with book.run(["plan"]) as run:
        run.engine.con.execute("set threads = 1")
        [first] = study(run, Asked("plan", seed=7), book.today).judged
        run.engine.con.execute("set threads = 4")
    [second], [other] = studied(book, seed=7).judged, studied(book, seed=8).judged
    assert first.odds == second.odds
    assert first.odds != other.odds


def test_the_response_meets_the_engine_where_everything_is_off_at_once(planned, monkeypatch):
    monkeypatch.setattr("carbon.sensitivity.odds.CHECKED", 15)
    pv = measure(
        "roof",
        "pv",
        'site = "works"\ncapacity = "100 kW"\nspecific_yield_kwh_per_kw = 1000\n'
        "monthly_share = [0.05, 0.06, 0.08, 0.09, 0.10, 0.10, 0.12, 0.12, 0.09, 0.08, 0.06, 0.05]\n"
        'start = "2024-07"',
    )
    path = measure("ramp", "growth", "path = { 2024 = 1.5, 2026 = 2 }", "growth")
    both = certificates("{ 2025 = 300, 2026 = 900 }")
    own = certificates("{ 2026 = 100 }", 'site = "works"').replace('"certificates"', '"own"', 1)
    annex = '[[site]]\nname = "annex"\nregion = "CN-SH"\n'
    bills = BILLS | {("annex", 2023): 50}
    book = planned(GROWTH + path + CUT + pv + both + own + CLEANER, annex, NEUTRAL, bills=bills)
    with book.run(["plan"]) as run:
        engine, plan = Engine(run, ((),)), run.scenarios["plan"]
        known = assumptions(plan, 2023, run.settings.policy.spread)
        assert len(known) == 11
        courses, _ = responding(
            engine, plan, known, model(run), range(2024, 2027), 2023, book.today
        )
        off, checked = misfit(engine, plan, courses, draws=1000, seed=2030)
    assert checked == 15
    assert off < 0.005


SUPPLIER = measure(
    "supplier",
    "supplier",
    'site = "works"\nmarket = "CN"\nfactor_g_per_kwh = 200\nshare = 0.5\nstart = "2024-01"',
    "neutralisation",
)


def test_a_supplier_of_half_leaves_half_uncovered_where_nothing_is_uncertain(planned):
    book = planned(SUPPLIER, NEUTRAL, SURE, STILL)
    with book.run(["plan"]) as run:
        engine, years = Engine(run, ((),)), range(2024, 2027)
        courses, _ = responding(
            engine, run.scenarios["plan"], (), model(run), years, 2023, book.today
        )
    # 600 MWh at 200 g/kWh, 600 at 0.5703 t/MWh
    assert courses.planned(((), "market")) == pytest.approx([120 + YEAR_T / 2] * 3)


def test_a_supplier_supplies_half_of_what_growth_makes_it(planned, monkeypatch):
    monkeypatch.setattr("carbon.sensitivity.odds.CHECKED", 5)
    found = studied(planned(GROWTH + SUPPLIER, NEUTRAL, SURE, spread(growth=0.05)))
    assert found.checked == 5
    assert found.misfit < 0.0005


def test_a_part_of_the_organisation_is_measured_by_itself(planned):
    annex = '[[site]]\nname = "annex"\nregion = "CN-SH"\n'
    part = TENTH.replace("kind", 'sites = ["annex"]\nkind')
    grows = GROWTH.replace("rate", 'site = "works"\nrate')
    book = planned(
        grows, annex, part, SURE, spread(growth=0.05), bills=BILLS | {("annex", 2023): 50}
    )
    found = only(book)
    assert (found.still, found.swings) == (["growth: rate"], [])
    assert found.gap == pytest.approx(YEAR_T / 2 * 0.1, abs=0.01)


# --- the gap of a target is its verdict ---

KINDS = (
    Target(name="peak", kind="peak", year=2025),
    Target(name="neutral", kind="neutral", year=2026),
    Target(name="less", kind="reduction", year=2026, base_year=2022, percent=30),
    Target(
        name="path", kind="reduction", year=2027, base_year=2022, pathway={2025: "0.8", 2027: "0.5"}
    ),
    Target(name="budget", kind="budget", since=2023, year=2026, budget_t=300),
)


@pytest.mark.parametrize(
    ("later", "gap", "word"), [(95, 5, "not yet provable"), (89, -1, "on track")]
)
def test_a_later_year_that_is_level_within_the_tolerance_is_no_peak(later, gap, word):
    import numpy

    aim, policy, today = KINDS[0], Policy(peak_tolerance="0.1"), date(2024, 6, 1)
    figures = [
        YearFigure(2023, "actual", Decimal(50), Decimal(50)),
        YearFigure(2025, "projected", Decimal(100), Decimal(100)),
        YearFigure(2026, "projected", Decimal(later), Decimal(later)),
    ]
    measured = gauge(aim, figures, today, policy, "plan")
    # what is less than 0.9 x 100 is below the peak
    assert measured.gap(numpy.array([[50.0, 100.0, later]])) == pytest.approx([gap])
    assert judge(aim, figures, today=today, policy=policy, scenario="plan").verdict == word


@pytest.mark.parametrize("aim", KINDS, ids=lambda each: each.name)
def test_a_gap_above_zero_is_a_target_that_would_be_missed(aim):
    import numpy

    chance, policy, seen = random.Random(2030), Policy(), set()
    for _ in range(200):
        masses = [chance.choice((-5, 0, 40, 60, 75, 80, 100)) for _ in range(8)]
        figures = [
            YearFigure(
                2021 + n,
                "actual" if n < 3 else "projected",
                Decimal(abs(mass) + 1 if n < 3 else mass),
                Decimal(abs(mass) + 1 if n < 3 else mass),
            )
            for n, mass in enumerate(masses)
        ]
        verdict = judge(aim, figures, today=date(2024, 6, 1), policy=policy, scenario="plan")
        measured = gauge(aim, figures, date(2024, 6, 1), policy, "plan")
        assert measured.lacking == ""
        known = {each.year: float(each.location_t) for each in figures}
        gap = float(measured.gap(numpy.array([[known[year] for year in measured.years]]))[0])
        is_missed = verdict.gap_t is not None and verdict.verdict in ("at risk", "missed")
        assert measured.keeps(gap) == (not is_missed), verdict.reason
        if is_missed and aim.kind in ("peak", "budget"):
            assert gap == pytest.approx(float(verdict.gap_t))
        seen.add(is_missed)
    assert seen == {True, False}


# --- what is asked ---


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"targets": ("ame",)}, "there is no target 'ame'"),
        ({"draws": 10}, "--draws 10 is out of range"),
        ({"seed": -1}, "--seed -1 is out of range"),
    ],
)
def test_what_cannot_be_asked_is_said(planned, asked, said):
    with pytest.raises(UsageError, match=said):
        studied(planned(GROWTH, TENTH), **asked)


def test_a_book_without_a_target_has_no_verdict_to_hang_on_anything(planned):
    with pytest.raises(UsageError, match="no target"):
        studied(planned(GROWTH))


def test_a_target_that_yearly_totals_do_not_judge_says_so(planned):
    months = target("ceiling", 2026, 'node = "works"\nmetric = "electricity"\n')
    [table] = planned(GROWTH, months, STILL).sensitivity("plan")
    assert table.rows[0]["holds_share"] is None
    [note] = [note for note in table.notes if "not measured" in note]
    assert note.startswith("aim is not measured: the monthly goals of electricity of works")


def test_the_verb_prints_every_table(planned, monkeypatch, capsys):
    book = planned(GROWTH + CLEANER, TENTH, SURE, spread(growth=0.01))
    monkeypatch.setenv("COLUMNS", "100")
    assert carbon(["sensitivity", "plan", "--draws", "1000", "-C", str(book.folder)]) == 0
    said = capsys.readouterr().out
    assert "How often the targets hold in scenario plan" in said
    assert "1,000 draws with seed 2030" in said
    [line] = [line for line in said.splitlines() if "growth: rate [% a year]" in line]
    assert "┃" in line and "█" in line
    [line] = [line for line in said.splitlines() if "at or below" in line]
    assert line.split() == ["growth:", "rate", "3", "at", "or", "below", "-1.49", "%", "a", "year"]


def test_machines_get_the_figures_and_no_picture(planned, capsys):
    book = planned(GROWTH + CLEANER, TENTH, SURE, spread(growth=0.01))
    asked = ["sensitivity", "plan", "--target", "aim", "--format", "json", "-C", str(book.folder)]
    assert carbon(asked) == 0
    tables = json.loads(capsys.readouterr().out)["tables"]
    assert [table["table"] for table in tables] == ["sensitivity", "tornado", "break_even"]
    assert "swing" not in tables[1]["rows"][0]
    assert tables[1]["rows"][0]["gap_low_t"] == 67.6  # 684.36 x 1.02^3 x 0.98^3 - 615.924
