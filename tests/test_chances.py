"""`carbon targets --odds`: the probability beside each verdict; by hand beside.

A works buys 100 MWh in each month of 2023 at 0.5703 t/MWh: 684.36 t, known to 10 %.
"""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import date
from decimal import Decimal
from statistics import NormalDist

import pytest

from carbon import sensitivity
from carbon.book import Book
from carbon.cli import run as carbon
from carbon.cli.verbs import ahead
from carbon.sensitivity.gaps import gauge
from carbon.sensitivity.odds import interval
from carbon.settings import Policy, Target
from carbon.targets import YearFigure

YEAR_T = 684.36
HALF_RANGE = 1.959964  # standard deviations in half of a 95 % range
NORMAL = NormalDist()
TODAY = date(2026, 11, 20)

SETTINGS = """[organisation]
name = "Acme"

[policy]
approval_needed = false
[policy.electricity]
CN = "set:cn-mee-2023-notice"
[policy.uncertainty]
activity = { electricity = 0 }
factor = { "set:cn-mee-2023-notice" = 10 }
[policy.spread]
growth = 0.05
delivery = 0
late_months = 0
grid_change = 0
bought = 0

[[site]]
name = "works"
region = "CN-ZJ"
"""
TARGETS = """
[[target]]
name = "two percent"
kind = "reduction"
year = 2026
base_year = 2023
percent = 2

[[target]]
name = "neutral"
kind = "neutral"
year = 2024

[[target]]
name = "a tenth"
kind = "net zero"
year = 2026

[[target]]
name = "per revenue"
kind = "reduction"
year = 2026
base_year = 2023
percent = 2
per = "revenue"

[[target]]
name = "months"
kind = "ceiling"
year = 2023
node = "works"
metric = "electricity"
"""
RECORD = """
[[target]]
name = "spent"
kind = "budget"
since = 2023
year = 2023
budget_t = 700
"""
PLAN = """name = "plan"
base_year = 2023
horizon = 2026

[[measure]]
name = "growth"
area = "buildings"
stage = "growth"
kind = "growth"
source = "assumption: own number"
rate = 0.03

[[grid]]
region = "CN"
annual_change = -0.02
source = "assumption"
"""
BOUGHT = (
    PLAN.replace('"plan"', '"bought"')
    + """
[[measure]]
name = "rest"
area = "buildings"
stage = "neutralisation"
kind = "credits"
source = "assumption: own number"
standard = "CCER"
credit_kind = "avoidance"
mass_t = "rest"
years = [2024, 2025, 2026]
"""
)


def made(folder, targets: str, **scenarios: str) -> Book:
    """A book with a year of bills."""
    book = Book.init(folder / "book", "Acme", "CN-ZJ", TODAY)
    (book.folder / "carbon.toml").write_text(SETTINGS + targets, encoding="utf-8")
    for name, text in scenarios.items():
        (book.folder / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")
    bills = folder / "bills.csv"
    rows = [f"works,electricity,2023-{month:02},100,MWh" for month in range(1, 13)]
    bills.write_text("\n".join(["site,activity,month,quantity,unit", *rows]), encoding="utf-8")
    book.import_files([bills])
    return book


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ahead")
    book = made(folder, TARGETS + RECORD, plan=PLAN, bought=BOUGHT)
    goals = [f"works,electricity,2023-{month:02},100,MWh" for month in range(1, 13)]
    (folder / "goals.csv").write_text("\n".join(["node,metric,period,goal,unit", *goals]))
    book.import_files([folder / "goals.csv"])
    return book


@pytest.fixture(scope="module")
def verdicts(book):
    """By scenario and target, with chances."""
    found = book.targets(draws=10_000, seed=7)
    return {(name, each.target.name): each for name, each in found}


@pytest.fixture(scope="module")
def chances(verdicts):
    return {spot: each.chance for spot, each in verdicts.items()}


def near(chance, share: float) -> bool:
    """Whether a share of 10,000 draws is within three standard errors of what it should be."""
    return abs(float(chance.share) - share) < 3 * (share * (1 - share) / 10_000) ** 0.5


# --- what it comes to ---


def test_a_normal_growth_rate_gives_the_probability_of_its_distribution(chances):
    # 1.03^3 x 0.98^3 of the base year is planned, 0.98 of it allowed; the factor's error is shared
    just = (0.98 / 0.98**3) ** (1 / 3) - 1
    share = NORMAL.cdf((just - 0.03) / (0.05 / HALF_RANGE))
    assert near(chances["plan", "two percent"], share)
    assert 0.2 < share < 0.3


def test_a_recorded_year_has_the_errors_of_the_record_alone(chances):
    found = chances["plan", "spent"]
    sigma = math.log(1.1) / HALF_RANGE
    # of mean 1: ln(error) has the mean - sigma^2 / 2
    share = NORMAL.cdf((math.log(700 / YEAR_T) + sigma**2 / 2) / sigma)
    assert near(found, share)
    assert 0.6 < share < 0.8
    assert found.note == "errors of recorded quantities and factors alone"


def test_a_book_without_a_scenario_gives_the_same_for_its_record(tmp_path, chances):
    [(name, found)] = made(tmp_path, RECORD).targets(draws=10_000, seed=7)
    assert name == "actual"
    assert found.chance == chances["plan", "spent"]


def test_credits_for_the_rest_are_held_at_what_is_planned_and_said_so(chances):
    found = chances["bought", "neutral"]
    # the years 2024 to 2026 need what the median growth and a factor of median below 1 leave:
    # enough in just above one half of the draws
    assert 0.4 < found.share < 0.6
    planned = math.ceil(YEAR_T * 1.03 * 0.98)
    assert found.note == f"credits for the rest are held at what is planned, {planned}.0 t in 2024"


def test_credits_of_the_whole_are_no_note_on_a_part_of_it(tmp_path):
    part = '[[target]]\nname = "part"\nkind = "neutral"\nyear = 2024\nsites = ["works"]\n'
    [(_, found)] = made(tmp_path, part, bought=BOUGHT).targets(draws=100)
    assert (found.chance.share, found.chance.note) == (0, "")


def test_no_draw_of_ten_thousand_is_not_never(chances):
    found = chances["plan", "neutral"]
    # Wilson: at 0 of n draws up to z^2 / (n + z^2)
    assert (found.share, found.low) == (0, 0)
    assert float(found.high) == pytest.approx(3.841459 / 10_003.841459, abs=1e-6)


def test_net_zero_has_the_chance_that_scope_1_and_2_do_not_rule_it_out(chances):
    found = chances["plan", "a tenth"]
    assert found.share == 0
    assert found.note == "Scope 3 and the removals for the rest are beyond it"


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("per revenue", "no revenue is recorded for the base year 2023"),
        (
            "months",
            "the monthly goals of electricity of works are judged by the bills of the months of"
            " 2023, and years ahead are totals of emissions",
        ),
    ],
)
def test_what_no_draw_tells_has_no_probability_and_a_reason(chances, target, why):
    found = chances["plan", target]
    assert (found.share, found.low, found.high, found.note) == (None, None, None, why)


def test_it_is_the_share_that_sensitivity_tells_with_the_same_seed(book, verdicts, monkeypatch):
    monkeypatch.setattr("carbon.sensitivity.odds.CHECKED", 1)
    odds, *_ = book.sensitivity("plan", draws=10_000, seed=7)
    keys = ("verdict", "holds_share", "holds_low_share", "holds_high_share")
    told = {row["target"]: tuple(row[key] for key in keys) for row in odds.rows}
    assert told == {
        name: (each.verdict, each.chance.share, each.chance.low, each.chance.high)
        for (scenario, name), each in verdicts.items()
        if scenario == "plan"
    }
    assert told["months"] == ("met", None, None, None)
    # 2024 misses neutrality first; at 3 % growth and 2 % cleaner power 2026 is the highest
    assert [note for note in odds.notes if "worst year" in note] == [
        "neutral: the gap is that of 2026, its worst year, for a target holds once every year does;"
        " the verdict names 2024, the first that misses it."
    ]


def test_who_says_no_number_asks_the_program_and_the_library_for_the_same():
    assert (ahead.DRAWS, ahead.SEED) == (sensitivity.DRAWS, sensitivity.SEED)


def test_draws_that_the_engine_puts_elsewhere_are_told_to_be_rough(tmp_path):
    # from 1 MW on the works uses all it can: no parabola through 0.5, 1.5 and 2.5 MW has that bend
    roof = """
[[measure]]
name = "roof"
area = "buildings"
stage = "reduction"
kind = "pv"
source = "assumption: own number"
site = "works"
start = "2024-01"
capacity = "1.5 MW"
spread = { capacity = [0.5, 2.5] }
specific_yield_kwh_per_kw = 1200
monthly_share = [0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.09, 0.09, 0.09, 0.09]
"""
    plan = PLAN.partition("\n[[")[0] + "\n" + roof
    book = made(tmp_path, TARGETS.partition('[[target]]\nname = "neutral"')[0], plan=plan)
    [(_, found)] = book.targets("plan", draws=1000, seed=7)
    assert found.chance.note.startswith("rough: 15 of the draws that the engine projected as well")


def test_draws_near_the_engine_are_not_told_to_be_rough(chances):
    assert chances["plan", "two percent"].note == ""


def test_nobody_is_told_what_nobody_asked(book):
    assert [each.chance for _, each in book.targets("plan")] == [None] * 6


# --- the gap ---


def figure(year: int, kind: str, mass: int, **more) -> YearFigure:
    return YearFigure(year, kind, Decimal(mass), Decimal(mass), **more)


def test_net_zero_is_measured_by_a_tenth_of_a_base_year_that_moves_with_its_error():
    import numpy

    aim = Target(name="zero", kind="net zero", year=2030)
    figures = [
        figure(2023, "actual", 100),
        figure(2030, "projected", 12),
        figure(2031, "projected", 8),
    ]
    found = gauge(aim, figures, TODAY, Policy(), "plan")
    assert found.years == (2023, 2030, 2031)
    # as planned 12 - 10; with a base year of 150 t 12 - 15
    gaps = found.gap(numpy.array([[100.0, 12.0, 8.0], [150.0, 12.0, 8.0]]))
    assert gaps.tolist() == pytest.approx([2, -3])


def test_an_intensity_is_measured_on_the_years_whose_denominator_is_told():
    import numpy

    aim = Target(
        name="less", kind="reduction", year=2023, base_year=2022, percent=50, per="revenue"
    )
    figures = [
        figure(2022, "actual", 100, divisor=Decimal(10)),
        figure(2023, "actual", 90, divisor=Decimal(20)),
        figure(2024, "projected", 500),
    ]
    found = gauge(aim, figures, TODAY, Policy(), "plan")
    assert found.years == (2022, 2023)
    # half of 10 t per unit, at 20 units: 100 t
    assert found.gap(numpy.array([[100.0, 90.0]])).tolist() == pytest.approx([-10])
    without = [figures[0], figure(2023, "actual", 90)]
    lacking = gauge(aim, without, TODAY, Policy(), "plan").lacking
    assert lacking.startswith("it is one per revenue")


def test_a_base_year_counts_as_if_the_boundary_had_always_been_so():
    import numpy

    aim = Target(name="less", kind="reduction", year=2025, base_year=2022, percent=10)
    then = (Decimal(80), Decimal(80))
    figures = [
        figure(2022, "actual", 100, recalculated=then),
        figure(2023, "actual", 70, recalculated=(Decimal(70), Decimal(70))),
        figure(2025, "projected", 75),
    ]
    found = gauge(aim, figures, TODAY, Policy(), "plan")
    # a tenth less than 80 t leaves 72
    assert found.gap(numpy.array([[80.0, 75.0]])).tolist() == pytest.approx([3])


def test_the_interval_is_the_one_of_wilson():
    # 50 of 100: 0.5 -+ 1.96 x sqrt(0.25 / 100 + 1.96^2 / 40000) / (1 + 1.96^2 / 100)
    assert interval(0.5, 100) == pytest.approx((0.4038, 0.5962), abs=0.0001)
    assert interval(1, 1000)[1] == 1


# --- how it is told ---


def said(capsys, *asked: str) -> str:
    assert carbon(["targets", *asked]) == 0
    return capsys.readouterr().out


TOLD = (
    """
  two percent  judged location-based
    plan  ▲ at risk           It would be missed: in scenario plan 2026 ends
                              at 703.8 t, 33.2 t above the 670.7 t that 2 %
                              less than 2023 leaves.
                              probability 26.0 % (95 %: 25.1 to 26.9 %)
                              gap 33.2 t · still needed 4.6 t less each year
""",
    """
  per revenue  judged location-based per revenue
    plan  · no data           No revenue is recorded for the base year 2023.
                              no probability: no revenue is recorded for the
                              base year 2023
""",
    """
  spent  judged location-based
    plan  ✔ met               2023 emitted 684.4 t, 15.6 t below the budget of
                              700.0 t.
                              probability 68.8 % (95 %: 67.8 to 69.7 %);
                              errors of recorded quantities and factors alone
                              margin 15.6 t (2.2 %)

  · The probability is the share of 10,000 draws with seed 2030 in which the
    target holds, when all that is assumed of activity, growth, grid and
    measures, and all that was recorded, may be off at once; in brackets, where
    so many draws leave it. It is no surer than the ranges are and changes no
    verdict: carbon sensitivity SCENARIO says what moves it.

""",
)


def test_the_page_tells_each_with_its_reach_or_why_there_is_none(book, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    page = said(capsys, "plan", "--odds", "-C", str(book.folder))
    assert max(map(len, page.splitlines())) <= 80
    assert [text for text in TOLD if text not in page] == []
    assert page.endswith(TOLD[-1])


def test_the_plain_page_says_how_to_get_them(book, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    page = said(capsys, "plan", "-C", str(book.folder))
    assert "  · The probability of each, in some seconds: carbon targets --odds.\n" in page
    assert page.count("probability") == 1


def test_machines_get_shares_draws_and_seed(book, capsys):
    asked = ("plan", "--draws", "1000", "--seed", "7", "-C", str(book.folder), "--format")
    rows = json.loads(said(capsys, *asked, "json"))["rows"]
    [record] = [row for row in rows if row["target"] == "spent"]
    assert (record["draws"], record["seed"]) == (1000, 7)
    assert record["holds_low_share"] < record["holds_share"] < record["holds_high_share"]
    lines = list(csv.DictReader(io.StringIO(said(capsys, *asked, "csv"))))
    [line] = [line for line in lines if line["target"] == "spent"]
    assert float(line["holds_share"]) == record["holds_share"]
    [ceiling] = [row for row in rows if row["target"] == "months"]
    assert ceiling["holds_share"] is None
    assert ceiling["chance_note"].startswith("the monthly goals")


def test_machines_get_nothing_where_nobody_asked(book, capsys):
    rows = json.loads(said(capsys, "plan", "-C", str(book.folder), "--format", "json"))["rows"]
    assert {(row["holds_share"], row["draws"], row["seed"]) for row in rows} == {(None,) * 3}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("--draws", "0"), "--draws 0 is out of range"),
        (("--seed", "-1"), "--seed -1 is out of range"),
    ],
)
def test_draws_that_mean_nothing_are_refused(book, capsys, asked, told):
    assert carbon(["targets", *asked, "-C", str(book.folder)]) == 2
    assert told in capsys.readouterr().err
