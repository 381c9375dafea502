"""Reductions, budgets and ceilings of small books, from the bill to the verdict."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from carbon.book import Book
from carbon.errors import SettingsError
from carbon.targets import Verdict

POLICY = '[policy]\nbase_year = 2022\n[policy.electricity]\nCN = "set:cn-mee-2023-notice"\n'
WORKS = '[[site]]\nname = "works"\nregion = "CN-ZJ"\n'  # 0.5703 t/MWh in every year
APPROVED = "".join(
    f'[[statement]]\nyear = {year}\nstatus = "approved"\non = 2025-06-01\n'
    for year in (2022, 2023, 2024)
)
FALLING = {("works", 2022): 100, ("works", 2023): 90, ("works", 2024): 80}


def target(kind: str, *lines: str, year: int = 2024) -> str:
    return "\n".join(['[[target]]\nname = "aim"', f'kind = "{kind}"\nyear = {year}', *lines, ""])


def judged(book: Book) -> Verdict:
    [(_, found)] = book.targets()
    return found


def test_a_reduction_is_measured_against_the_base_year_of_the_policy(make):
    # 12 x 100 MWh x 0.5703 = 684.36 t in 2022; a fifth less is the 547.488 t of 2024
    book = make(POLICY, WORKS, APPROVED, target("reduction", "percent = 20"), bills=FALLING)
    found = judged(book)
    assert (found.verdict, found.margin_t) == ("met", 0)
    assert found.facts["base_t"] == Decimal("684.36")


def test_a_reduction_missed_by_a_percent_tells_the_tonnes(make):
    book = make(POLICY, WORKS, APPROVED, target("reduction", "percent = 21"), bills=FALLING)
    found = judged(book)
    assert (found.verdict, found.gap_t) == ("missed", Decimal("6.8436"))  # 1 % of 684.36 t


def revenue(book: Book, **years: str) -> None:
    for year, quantity in years.items():
        said = {"metric": "revenue", "year": year[1:], "quantity": quantity, "unit": "million RMB"}
        report = book.log("denominator", said)
        assert [str(each) for each in report.problems] == []


def test_an_intensity_is_per_what_was_recorded(make):
    aim = target("reduction", "percent = 50", 'per = "revenue"')
    book = make(POLICY, WORKS, APPROVED, aim, bills=FALLING)
    revenue(book, y2022="10", y2024="20")
    found = judged(book)
    # half of 68.436 t a million at 20 million is all of the 684.36 t of 2022
    assert (found.verdict, found.facts["level_t"]) == ("met", Decimal("684.36"))
    assert "per revenue" in found.judged


def test_an_intensity_without_its_denominator_is_not_provable(make):
    aim = target("reduction", "percent = 50", 'per = "revenue"')
    book = make(POLICY, WORKS, APPROVED, aim, bills=FALLING)
    revenue(book, y2022="10")
    assert judged(book).verdict == "not yet provable"


def test_a_sub_boundary_asks_for_the_denominator_of_each_site(make):
    aim = target("reduction", "percent = 50", 'per = "revenue"', 'sites = ["works"]')
    book = make(POLICY, WORKS, APPROVED, aim, bills=FALLING)
    revenue(book, y2022="10", y2024="20")  # of the organisation
    assert judged(book).reason == "No revenue is recorded for the base year 2022."


def test_a_budget_adds_up_the_years(make):
    # 12 x (100 + 90 + 80) MWh x 0.5703 = 1,847.772 t
    aim = target("budget", "since = 2022", "budget_t = 1847.772")
    book = make(POLICY, WORKS, APPROVED, aim, bills=FALLING)
    assert (judged(book).verdict, judged(book).margin_t) == ("met", 0)


def test_a_budget_a_gram_too_small_is_missed(make):
    aim = target("budget", "since = 2022", "budget_t = 1847.771999")
    book = make(POLICY, WORKS, APPROVED, aim, bills=FALLING)
    assert (judged(book).verdict, judged(book).gap_t) == ("missed", Decimal("0.000001"))


def test_a_budget_sees_a_divested_site(make):
    sold = (
        '[[site]]\nname = "sold"\nregion = "CN-SH"\nleft = "2023-01"\nleft_because = "divested"\n'
    )
    aim = target("budget", "since = 2022", "budget_t = 5000")
    book = make(POLICY, WORKS, sold, APPROVED, aim, bills=FALLING | {("sold", 2022): 50})
    assert judged(book).verdict == "not yet provable"


def aimed(make, goal: str, *lines: str) -> Verdict:
    book = make(POLICY, WORKS, APPROVED, target("ceiling", *lines), bills=FALLING)
    path = book.folder / "goals.csv"
    rows = [f"works,electricity,2024-{month:02},{goal},MWh" for month in range(1, 13)]
    path.write_text("\n".join(["node,metric,period,goal,unit", *rows]), encoding="utf-8")
    [report] = book.import_files([path])
    assert [str(each) for each in report.problems] == []
    return judged(Book.open(book.folder, today=date(2026, 9, 15)))


def test_a_ceiling_is_over_the_goals_of_its_node(make):
    found = aimed(make, "80", 'node = "works"', 'metric = "electricity"')
    assert found.verdict == "met"
    assert found.facts["actual"] == 960


def test_a_ceiling_is_lost_by_a_month_over_its_goal(make):
    found = aimed(make, "79", 'node = "works"', 'metric = "electricity"')
    assert found.verdict == "missed"
    assert found.reason.startswith("12 of 12 months are over; the worst, 2024-01, came out 1 MWh")


def test_a_ceiling_of_another_metric_has_no_goal(make):
    found = aimed(make, "80", 'node = "works"', 'metric = "emissions"')
    assert (found.verdict, found.line) == ("no data", "")


def test_a_ceiling_of_a_node_there_is_none_of_is_refused(make):
    aim = target("ceiling", 'node = "work"', 'metric = "electricity"')
    with pytest.raises(SettingsError, match="nearest: works"):
        make(POLICY, WORKS, aim, bills=FALLING).targets()
