"""Energy goals by node and month, and the cases of the months that are over."""

from __future__ import annotations

import shlex
from datetime import date
from decimal import Decimal

import pytest
from books import kept

from carbon.book import Book
from carbon.cli import run
from carbon.errors import CarbonError, LedgerError, UsageError
from carbon.goals import goals as goal_table

TREE = """
[[site]]
name = "hq"
region = "CN-ZJ"
[[site]]
name = "plant"
region = "CN-ZJ"
[[area]]
name = "production"
holds = ["plant"]
"""
CASE = "production/electricity/2023-07"


@pytest.fixture
def aimed(make, tmp_path):
    """A book of 100 MWh a month at each of two sites in 2022 and 2023, with goals
    `node,metric,period,goal,unit`."""

    def made(*goals, settings="", months=None, policy=""):
        folder, policy = tmp_path / "book", f"[policy]\n{policy}\n" if policy else ""
        key = ("aimed", goals, settings, policy, repr(months))
        kept(key, folder, lambda: new(goals, settings, months, policy))
        return Book.open(folder, today=date(2026, 9, 15))

    def new(goals, settings, months, policy):
        bills = {("hq", 2022): 100, ("plant", 2022): 100, ("hq", 2023): 100}
        book = make(TREE, settings, policy, bills=bills)
        usual = {month: 100 for month in range(1, 13)} | (months or {})
        lines = [
            f"plant,electricity,2023-{month:02},{quantity},MWh"
            for month, quantity in usual.items()
            if quantity is not None
        ]
        give(book, tmp_path / "plant.csv", "site,activity,month,quantity,unit", lines)
        if goals:
            give(book, tmp_path / "goals.csv", "node,metric,period,goal,unit", goals)

    return made


def give(book, path, head, lines):
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    [report] = book.import_files([path])
    assert [str(each) for each in report.problems] == []


def monthly(node, goal, metric="electricity", unit="MWh", months=range(1, 13)):
    return [f"{node},{metric},2023-{month:02},{goal},{unit}" for month in months]


def month(book, number, node):
    [row] = [row for row in book.goals("2023", node).rows if row["month"] == 202300 + number]
    return row


def found(book, code):
    return [each for each in book.check() if each.code == code]


def case_of(book, case_id=CASE):
    [table] = book.case_list(everything=True)
    [row] = [row for row in table.rows if row["case_id"] == case_id]
    return row


def correct(book, number, quantity):
    """Give July or a later month of the plant another bill."""
    said = {"site": "plant", "activity": "electricity", "month": f"2023-{number:02}"}
    [entry] = [
        row["entry_id"]
        for row in book.entries(site="plant", since=said["month"], until=said["month"]).rows
    ]
    book.correct(entry, quantity=str(quantity))


# Goals


def test_a_month_of_12_percent_over_is_over_for_its_department_and_not_for_its_parent(aimed):
    goals = [*monthly("production", 100), *monthly("organisation", 250)]
    book = aimed(*goals, months={7: 112})
    row = month(book, 7, "production")
    assert (row["variance"], row["variance_share"], row["state"]) == (12, Decimal("0.12"), "over")
    # 100 + 112 of 250
    assert month(book, 7, "organisation")["state"] == "within"
    [problem] = found(book, "goal-exceeded")
    assert "2023-07: 112 of 100 MWh, +12.0 %" in problem.message
    assert problem.file == "goals.csv"
    [table] = book.case_list()
    assert [row["case_id"] for row in table.rows] == [CASE]


@pytest.mark.parametrize(("threshold", "state"), [("0.12", "above"), ("0.119", "over")])
def test_a_threshold_is_a_share_of_the_goal(aimed, threshold, state):
    goals = monthly("production", 100)
    book = aimed(*goals, months={7: 112}, policy=f"goal_threshold = {threshold}")
    assert month(book, 7, "production")["state"] == state


def test_a_goal_is_met_to_the_last_kwh(aimed):
    book = aimed(*monthly("hq", 100000, unit="kWh"))
    assert month(book, 1, "hq")["state"] == "within"


def test_a_goal_of_a_year_is_laid_on_its_months_as_the_year_before_ran(aimed):
    book = aimed("hq,electricity,2023,600,MWh", "plant,electricity,2023,1000.01,MWh")
    assert month(book, 3, "hq")["goal"] == 50
    laid = [row["goal"] for row in book.goals("2023", "plant").rows if row["month"]]
    # a twelfth of 1,000.01, each cut to a millionth so that they add up
    assert laid[0] == Decimal("83.334167")
    assert sum(laid) == Decimal("1000.01")


def test_a_month_of_its_own_goes_before_its_part_of_the_year(aimed):
    book = aimed("hq,electricity,2023,600,MWh", "hq,electricity,2023-03,70,MWh")
    assert (month(book, 3, "hq")["goal"], month(book, 4, "hq")["goal"]) == (70, 50)


def test_a_goal_of_a_year_without_a_year_before_says_so(aimed):
    book = aimed("hq,electricity,2022,600,MWh")
    [row] = [row for row in book.goals("2022", "hq").rows if row["month"] == 202203]
    assert (row["goal"], row["state"]) == (None, "no profile")


def test_a_month_without_its_bill_is_not_within(aimed):
    row = month(aimed(*monthly("production", 100), months={7: None}), 7, "production")
    assert (row["actual"], row["state"]) == (None, "no figure")


def test_a_month_that_lacks_a_bill_may_be_over_but_not_within(aimed):
    goals = [*monthly("organisation", 250), *monthly("organisation", 90, months=[8])[-1:]]
    book = aimed(*goals[:7], *goals[8:], months={7: None, 8: None})
    july, august = month(book, 7, "organisation"), month(book, 8, "organisation")
    assert (july["state"], august["state"]) == ("incomplete", "over")
    assert july["remark"] == "without plant, electricity"


def test_energy_and_emissions_have_goals(aimed):
    # 100 MWh at the factor of the province, of both months and years
    book = aimed("hq,energy,2023-01,99,MWh", "hq,emissions,2023-01,1000,t CO2e")
    rows = {row["metric"]: row for row in book.goals("2023", "hq").rows if row["month"]}
    assert (rows["energy"]["actual"], rows["energy"]["state"]) == (100, "over")
    [total] = book.sql(
        "select cast(sum(co2e_g) as double) / 1e6 as t from emission where site = 'hq'"
        " and month = 202301"
        " and line = 'scope2' and accounting = 'location'"
    ).rows
    assert float(rows["emissions"]["actual"]) == pytest.approx(total["t"])


def test_an_estimate_in_place_of_a_bill_makes_no_month_over(aimed):
    fill = '[[fill]]\nmethod = "neighbours"\n'
    book = aimed(*monthly("production", 50), months={7: None}, settings=fill)
    row = month(book, 7, "production")
    # 100 MWh in June and in August: (100 / 30 + 100 / 31) / 2 a day for 31 days
    assert (round(row["actual"], 2), row["state"]) == (Decimal("101.67"), "incomplete")
    assert month(book, 8, "production")["state"] == "over"


def test_emissions_that_lack_a_factor_are_not_whole(aimed):
    book = aimed("hq,emissions,2023-01,1000,t CO2e")
    before = Book.open(book.folder, today=date(2015, 1, 1))  # no factor of 2023 is known yet
    gas = {"site": "hq", "activity": "natural_gas", "month": "2023-01", "quantity": "100"}
    assert before.log("activity", gas | {"unit": "m3"}).recorded == 1
    [row] = [row for row in before.goals("2023", "hq").rows if row["month"]]
    assert row["state"] in ("incomplete", "no figure")
    assert "hq, electricity: no factor" in row["remark"]


def test_goals_below_that_exceed_their_parent_are_found_once(aimed):
    goals = [*monthly("hq", 90), *monthly("plant", 120), *monthly("organisation", 200)]
    [problem] = found(aimed(*goals, months={7: 100}), "goals-do-not-add-up")
    # 12 x (90 + 120) and 12 x 200
    assert "add up to 2,520.0 MWh, and its own to 2,400.0 MWh" in problem.message
    assert problem.severity == "warning"


def test_goals_below_that_leave_room_for_those_without_are_no_fault(aimed):
    goals = [*monthly("hq", 90), *monthly("organisation", 200)]
    assert found(aimed(*goals), "goals-do-not-add-up") == []


def test_a_goal_in_thirds_that_adds_up_but_for_its_last_digit_is_no_fault(aimed):
    # 33.333333 and 66.666666 are 99.999999: each may be off by half of its last digit
    parts = {"hq": "33.333333", "plant": "66.666666", "organisation": "100"}
    said = [line for node, goal in parts.items() for line in monthly(node, goal, unit="kWh")]
    assert found(aimed(*said), "goals-do-not-add-up") == []


def test_a_goal_recorded_after_a_run_is_not_part_of_it(aimed, tmp_path):
    book = aimed(*monthly("plant", 90, months=[7]))
    with book.run() as run:
        before = run.run_id
    give(
        book, tmp_path / "later.csv", "node,metric,period,goal,unit", monthly("hq", 80, months=[7])
    )
    with book.repeat(before) as run:
        assert {row["node"] for row in goal_table(run, 2023).rows} == {"plant"}
    assert {row["node"] for row in book.goals("2023").rows} == {"hq", "plant"}


def test_a_screen_has_a_line_a_node_with_a_letter_a_month(aimed, capsys):
    unknown = dict.fromkeys(range(8, 13))
    book = aimed(*monthly("production", 100), *monthly("hq", 120), months={7: 112} | unknown)
    assert run(["-C", str(book.folder), "goals", "2023"]) == 0
    lines = capsys.readouterr().out.splitlines()
    [line] = [line for line in lines if "production " in line]
    assert line.split()[-1] == "wwwwwwX-----"
    assert max(map(len, lines)) <= 80


def test_a_goal_of_a_node_there_is_none_of_is_refused_with_the_nearest(aimed, capsys):
    book = aimed()
    said = {"node": "productoin", "metric": "electricity", "period": "2023-01"}
    [problem] = book.log("goal", said | {"goal": "5", "unit": "MWh"}).problems
    assert (problem.code, problem.nearest) == ("unknown-node", "production")


def test_a_goal_in_a_unit_of_another_kind_is_refused(aimed):
    said = {"node": "hq", "metric": "electricity", "period": "2023-01", "goal": "5", "unit": "t"}
    [problem] = aimed().log("goal", said).problems
    assert problem.code == "wrong-dimension"


def test_goals_change_no_emission(make):
    book = make(TREE, bills={("hq", 2023): 100})
    before = book.inventory().rows
    said = {"node": "hq", "metric": "electricity", "period": "2023-01", "goal": "5", "unit": "MWh"}
    assert book.log("goal", said).recorded == 1
    assert book.inventory().rows == before


def test_without_goals_nothing_is_found_and_the_verb_says_how_to_begin(aimed):
    book = aimed()
    assert [each for each in book.check() if "goal" in each.code] == []
    with pytest.raises(CarbonError, match="no goal is recorded"):
        book.goals()


# Cases


@pytest.fixture
def over(aimed):
    """A book whose July is over its goal, the months after it not known yet."""
    unknown = dict.fromkeys(range(8, 13))
    return aimed(*monthly("production", 100), months={7: 112} | unknown)


def bill(book, number, quantity):
    said = {"site": "plant", "activity": "electricity", "month": f"2023-{number:02}"}
    assert book.log("activity", said | {"quantity": str(quantity), "unit": "MWh"}).recorded == 1


def worked(book):
    book.case_update(CASE, owner="Li", cause="chiller fouled", action="clean it", due="2026-09-30")


def test_a_case_with_an_owner_is_being_worked_on(over):
    assert case_of(over)["state"] == "open"
    over.case_update(CASE, owner="Li")
    assert case_of(over)["state"] == "in work"
    assert found(over, "goal-exceeded") == []


def test_a_case_is_not_closed_without_cause_and_action(over):
    with pytest.raises(LedgerError, match="without cause and action"):
        over.case_close(CASE)
    over.case_update(CASE, cause="chiller fouled")
    with pytest.raises(LedgerError, match="without action"):
        over.case_close(CASE, action=" ")
    over.case_close(CASE, action="cleaned")
    assert case_of(over)["state"] == "closed, 0 of 3 months within"


def test_a_closed_case_is_effective_once_the_months_after_it_are_within(over):
    worked(over)
    over.case_close(CASE)
    bill(over, 8, 99)
    bill(over, 9, 99)
    assert case_of(over)["state"] == "closed, 2 of 3 months within"
    bill(over, 10, 99)
    assert case_of(over)["state"] == "closed, effective"
    assert case_of(over)["effect"] == "2023-08 to 2023-10 within"


def test_a_closed_case_is_reopened_when_the_next_month_is_over_again(over):
    worked(over)
    over.case_close(CASE)
    assert found(over, "goal-exceeded") == []
    bill(over, 8, 105)
    assert case_of(over)["state"] == "reopened"
    [problem] = found(over, "goal-exceeded")
    assert "again, after its case was closed: 2023-08: 105 of 100 MWh" in problem.message
    over.case_update(CASE, action="replace it")
    assert case_of(over)["state"] == "in work"
    over.case_close(CASE)
    assert (case_of(over)["state"][:6], case_of(over)["months"]) == ("closed", "2023-07 to 2023-08")


def test_a_month_over_later_than_the_effect_is_judged_is_a_case_of_its_own(aimed):
    book = aimed(
        *monthly("production", 100), months={7: 112, 9: 112}, policy="goal_effect_months = 1"
    )
    worked(book)
    [table] = book.case_list(everything=True)
    assert [row["months"] for row in table.rows] == ["2023-07, 2023-09"]
    # closed while September was over as well, the closing covers both
    book.case_close(CASE)
    correct(book, 11, 130)
    [table] = book.case_list(everything=True)
    assert [(row["case_id"][-7:], row["state"]) for row in table.rows] == [
        ("2023-07", "closed, effective"),
        ("2023-11", "open"),
    ]


def test_a_case_past_the_day_it_is_due_is_found(over):
    over.case_update(CASE, owner="Li", due="2026-09-14")
    assert case_of(over)["state"] == "in work, overdue"
    [problem] = found(over, "case-overdue")
    assert "of Li was due on 2026-09-14" in problem.message
    over.case_update(CASE, due="2026-09-15")
    assert found(over, "case-overdue") == []


def test_a_corrected_bill_takes_the_case_back_and_keeps_its_events(over):
    worked(over)
    correct(over, 7, 95)
    assert case_of(over)["state"] == "no longer over"
    assert found(over, "goal-exceeded") == []
    [_, events] = over.case_list(CASE)
    assert events.rows[0]["figures"] == "2023-07: 112 of 100 MWh, +12.0 %"


def test_every_event_stays_and_the_last_word_counts(over):
    worked(over)
    over.case_update(CASE, owner="Wang", note="Li is away")
    [case, events] = over.case_list(CASE)
    assert (case.rows[0]["owner"], case.rows[0]["cause"]) == ("Wang", "chiller fouled")
    assert [(row["event"], row["owner"]) for row in events.rows] == [
        ("open", "Li"),
        ("update", "Wang"),
    ]


def test_the_command_that_mends_can_be_typed_whatever_the_node_is_called(make):
    site = '[[site]]\nname = "head office"\nregion = "CN-ZJ"\n'
    book = make(site, bills={("head office", 2023): 100})
    said = {"node": "head office", "metric": "electricity", "period": "2023-01", "goal": "9"}
    assert book.log("goal", said | {"unit": "MWh"}).recorded == 1
    [problem] = found(book, "goal-exceeded")
    assert shlex.split(problem.remedy)[3] == "head office/electricity/2023-01"


def test_a_closed_case_is_not_closed_twice(over):
    worked(over)
    over.case_close(CASE)
    with pytest.raises(LedgerError, match="closed already"):
        over.case_close(CASE)


def test_a_case_there_is_none_of_is_named_with_the_nearest(over):
    with pytest.raises(UsageError) as told:
        over.case_update("production/electricity/2023-08", owner="Li")
    assert told.value.nearest == CASE


def test_the_verbs_follow_a_case_to_its_end(over, capsys):
    book = str(over.folder)

    def said(*words, code=0):
        assert run(["-C", book, *words]) == code
        return capsys.readouterr()

    [july] = [line for line in said("goals", "2023").out.splitlines() if "2023-07" in line]
    assert july.split() == ["2023-07", "100.0", "112.0", "12.0", "12.0", "over"]
    assert CASE in said("case", "list").out
    assert "opened" in said("case", "update", CASE, "--owner", "Li").out
    assert "not closed without cause and action" in said("case", "close", CASE, code=1).err
    closed = said("case", "close", CASE, "--cause", "fouled", "--action", "cleaned").out
    assert closed == f"Case {CASE} is closed, until 2023-07.\n"
    assert "1 more is done" in said("case", "list").out
    assert "is no day" in said("case", "update", CASE, "--due", "soon", code=2).err
