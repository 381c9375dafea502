"""What leaked, by three methods from one register: which is used, what is told, where it stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from leaking import HQ, kept, log, results, used
from published import total

from carbon.errors import SettingsError
from carbon.inputs.leaks import leak_rate
from carbon.inputs.refrigerants import stock_count
from carbon.inventory import coverage
from carbon.library import EDITION_COLUMNS, load
from carbon.settings import read

D = Decimal
CHILLER = "unit c1 chiller R-134a 100kg 2019-05-01"
TOP_UP = "top-up of c1 2023-12-18 7kg"
COUNTS = ("count R-134a 2022-12-31 20kg", "count R-134a 2023-12-31 12kg")
SCREENING = 'refrigerant = ["mass balance", "simplified", "screening"]'
EPA = '\n[policy.leak]\ndefault = "epa-screening"'


def codes(book):
    return [each.code for each in book.check()]


def said(book, code):
    return next(each for each in book.check() if each.code == code)


# The methods agree where records are complete and say the same


@pytest.mark.parametrize("charged", ["site", "factory"])
def test_both_balances_agree_where_every_kilogram_is_recorded(make, charged):
    """Stock 20, bought 119, left 12: 127 kg. Into the new unit 104 (its charge 100), topped up 7
    and 16 after 10 were recovered, 24 of an old unit's 30 recovered: 4 + 7 + 16 - 10 + 6 = 23 kg.
    A unit charged by its maker takes nothing from the stock and loses nothing: 19 kg.
    """
    bought = {"site": 100 + 4 + 7 + 16 - 10 - 24 + 12 - 20, "factory": 7 + 16 - 10 - 24 + 12 - 20}
    movement = (
        f"purchase R-134a 2023-02-01 {bought[charged]}kg"
        if bought[charged] > 0
        else f"return R-134a 2023-02-01 {-bought[charged]}kg"
    )
    fill = ["install of new 2023-03-01 104kg"] if charged == "site" else []
    book = kept(
        make,
        CHILLER,
        f"unit new chiller R-134a 100kg 2023-03-01 charged={charged}",
        *fill,
        TOP_UP,
        "recover of c1 2023-08-01 10kg",
        "top-up of c1 2023-08-02 16kg",
        "unit old chiller R-134a 30kg 2010-01-01 retired=2023-09-01",
        "dispose of old 2023-09-01 24kg",
        *COUNTS,
        movement,
    )
    lost = {"site": 23, "factory": 19}[charged]
    assert results(book) == {
        "mass balance": lost,
        "simplified": lost,
        "screening": results(book)["screening"],
    }


def test_screening_agrees_with_a_unit_topped_up_by_its_own_leak_rate(make):
    """100 kg x 15 % a year (EPA, chillers) = 15 kg."""
    book = kept(
        make,
        CHILLER,
        "top-up of c1 2023-12-18 15kg",
        "count R-134a 2022-12-31 20kg",
        "count R-134a 2023-12-31 5kg",
        policy=SCREENING + EPA,
    )
    assert set(results(book).values()) == {15}


def test_a_total_does_not_depend_on_the_order_of_the_records(make, tmp_path):
    lines = [TOP_UP, *COUNTS, "purchase R-134a 2023-02-01 3kg"]
    first = total(kept(make, CHILLER, *lines), "scope1")
    (tmp_path / "book").rename(tmp_path / "first")
    assert total(kept(make, CHILLER, *reversed(lines)), "scope1") == first == 11 * 1530


# Which one is used


def test_by_default_top_ups_are_the_leaks(make):
    book = kept(make, CHILLER, TOP_UP)
    assert used(book) == "simplified"
    assert total(book, "scope1") == 7 * 1530  # GWP of R-134a, AR6


def test_counts_at_both_ends_make_a_mass_balance_the_leak(make):
    book = kept(make, CHILLER, TOP_UP, *COUNTS)
    assert used(book) == "mass balance"
    assert total(book, "scope1") == 8 * 1530  # 20 - 12


def test_the_order_of_the_policy_decides(make):
    book = kept(make, CHILLER, TOP_UP, *COUNTS, policy='refrigerant = ["simplified"]')
    assert (used(book), total(book, "scope1")) == ("simplified", 7 * 1530)


def test_screening_is_used_only_where_it_is_named(make):
    more = ("unit c2 chiller R-32 40kg 2019-05-01", "top-up of c1 2023-12-01 0kg")
    assert total(kept(make, CHILLER, *more), "scope1") == 0


def test_screening_named_stands_in_for_a_missing_record(make):
    """The R-32 has no record: 40 kg x 15 % x GWP 771."""
    more = ("unit c2 chiller R-32 40kg 2019-05-01", "top-up of c1 2023-12-01 0kg")
    book = kept(make, CHILLER, *more, policy=SCREENING + EPA)
    assert total(book, "scope1") == 6 * 771


@pytest.mark.parametrize(("policy", "is_estimated"), [("simplified", False), ("screening", True)])
def test_a_screened_leak_counts_as_an_estimate(make, policy, is_estimated):
    settings = f'[policy]\nrefrigerant = "{policy}"\n'
    book = make(settings, HQ.format(region="CN-ZJ"), bills={("hq", 2023): 100})
    log(book, CHILLER)
    log(book, TOP_UP)
    with book.run() as run:
        [row] = coverage(run).rows
    assert (row["estimated_share"] > 0) == is_estimated


def test_a_leak_rate_is_of_the_publication_named(make):
    """Chillers: 3 % a year by the UK guidelines, 15 % by the EPA."""
    lines = (CHILLER, "top-up of c1 2023-12-01 0kg")
    assert results(kept(make, *lines, region="GB"))["screening"] == 3


def test_sites_in_the_united_states_take_the_rates_of_the_epa(make):
    lines = (CHILLER, "top-up of c1 2023-12-01 0kg")
    assert results(kept(make, *lines, region="US"))["screening"] == 15


def test_a_kind_may_be_explained_by_the_book(make):
    explained = '[policy.equipment_kind]\n"white box" = "chillers"'
    lines = ("unit c1 white_box R-134a 100kg 2019-05-01", "top-up of c1 2023-12-01 0kg")
    book = kept(make, *lines, policy=f"{SCREENING}{EPA}\n{explained}")
    assert results(book)["screening"] == 15


def test_a_series_that_nothing_carries_is_refused(make):
    book = kept(make, policy='[policy.leak]\ndefault = "epa-screning"')
    with pytest.raises(SettingsError, match="epa-screning"):
        book.inventory()


def test_a_method_named_twice_is_refused(make):
    with pytest.raises(SettingsError, match="once"):
        kept(make, policy='refrigerant = ["screening", "screening"]').inventory()


KINDS = ["chiller", "Chillers", "packaged unit", "split-unit", "heat pump", "fire extinguisher"]


@pytest.mark.parametrize("kind", KINDS)
def test_usual_words_for_equipment_have_a_row_in_the_united_states(kind):
    book = read('[organisation]\nname = "A"\n[[site]]\nname = "hq"\nregion = "US"\n')
    assert leak_rate(book, load(), book.site[0], kind) is not None


# Where it stands


def test_a_mass_balance_is_laid_on_the_months_of_its_year(make):
    book = kept(make, CHILLER, *COUNTS)
    months = book.inventory("2023", by=["month"]).rows
    assert len(months) == 12
    assert {round(row["scope1_t"], 3) for row in months} == {D("1.020")}  # 8 x 1.53 / 12


def test_a_gas_outside_the_basket_leaks_outside_the_scopes(make):
    book = kept(make, "unit c1 chiller R-22 100kg 2001-05-01", TOP_UP)
    assert total(book, "scope1") == 0
    assert total(book, "outside") > 0


def test_a_share_of_the_equity_shares_the_leak(make):
    site = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\nshare = 0.5\n'
    book = make(site, bills={}, more='consolidation = "equity share"')
    for number, line in enumerate((CHILLER, TOP_UP)):
        log(book, line, number)
    [row] = [row for row in book.refrigerants("2023").rows if row["used"]]
    assert total(book, "scope1") == D("3.5") * 1530
    assert row["emission_t"] == D("5.355")


# What is told


def test_a_balance_below_zero_is_counted_and_told(make):
    book = kept(make, CHILLER, *COUNTS[:1], "count R-134a 2023-12-31 50kg")
    assert total(book, "scope1") == -30 * 1530
    assert "leaks -30 kg in 2023 by mass balance" in said(book, "refrigerant-below-zero").message


def test_equipment_without_a_record_is_told_and_is_not_zero(make):
    book = kept(make, CHILLER, TOP_UP, "unit c2 chiller R-32 40kg 2019-05-01")
    found = said(book, "refrigerant-not-recorded")
    assert "R-32 at hq" in found.message
    assert [row["mass_kg"] for row in book.refrigerants().rows if row["refrigerant"] == "R-32"][
        :2
    ] == [None, None]


def test_a_visit_that_found_it_full_is_a_record(make):
    book = kept(make, CHILLER, "top-up of c1 2023-07-18 0kg")
    assert "refrigerant-not-recorded" not in codes(book)
    assert results(book)["simplified"] == 0


def test_an_entry_is_a_record_as_well(make):
    book = kept(make, CHILLER)
    entry = {"site": "hq", "activity": "refrigerant", "detail": "R-134a", "month": "2023-05"}
    book.log("activity", entry | {"quantity": "7", "unit": "kg"})
    assert "refrigerant-not-recorded" not in codes(book)


def test_an_entry_beside_a_balance_of_the_year_is_told(make):
    book = kept(make, CHILLER, *COUNTS)
    entry = {"site": "hq", "activity": "refrigerant", "detail": "R-134a", "month": "2023-05"}
    book.log("activity", entry | {"quantity": "7", "unit": "kg"})
    assert "in 2023 by mass balance and by an entry" in said(book, "service-and-entry").message


def test_sf6_entered_beside_service_of_the_year_is_told(make):
    book = kept(make, "unit c1 switchgear SF6 5kg 2019-05-01", TOP_UP)
    entry = {"site": "hq", "activity": "sf6", "month": "2023-01", "quantity": "1", "unit": "kg"}
    book.log("activity", entry)
    assert "SF6 at hq" in said(book, "service-and-entry").message


def test_records_that_no_method_of_the_policy_can_use_are_told(make):
    book = kept(make, CHILLER, TOP_UP, policy='refrigerant = ["mass balance"]')
    found = said(book, "refrigerant-not-counted")
    assert "mass balance: both counts" in found.where


def test_a_unit_retired_without_a_record_is_told(make):
    book = kept(make, CHILLER.replace("2019-05-01", "2019-05-01 retired=2023-09-01"), TOP_UP)
    assert "recovered of 1 retired" in said(book, "refrigerant-incomplete").message


def test_an_install_record_that_counts_nowhere_is_told(make):
    book = kept(make, CHILLER, "install of c1 2023-03-01 104kg")
    assert "nothing says where" in said(book, "install-not-counted").message


def test_a_kind_without_leak_rates_is_told_where_screening_is_asked(make):
    lines = ("unit c1 white_box R-134a 100kg 2019-05-01", TOP_UP)
    assert "no-leak-rate" in codes(kept(make, *lines, policy=SCREENING))


def test_the_three_results_stand_side_by_side(make):
    rows = kept(make, CHILLER, TOP_UP).refrigerants("2023").rows
    assert [(row["method"], row["used"], row["mass_kg"], row["emission_t"]) for row in rows] == [
        ("mass balance", "", None, None),
        ("simplified", "used", 7, D("10.71")),
        ("screening", "", 3, D("4.59")),  # 100 kg x 3 % by the UK guidelines
    ]
    assert rows[0]["evidence"] == "missing: both counts"


# Counts of stock


def counted(*days, starts=1):
    stock = [
        {"stock_id": f"k{n}", "site": "hq", "refrigerant": "R-32", "event": "count"}
        | {"happened_on": date.fromisoformat(day), "mass_kg": n}
        for n, day in enumerate(days)
    ]
    return {(row[2], row[3]): row[4] for row in stock_count(stock, starts)}


@pytest.mark.parametrize("day", ["2022-12-31", "2023-01-01", "2022-12-05", "2023-01-20"])
def test_a_count_near_the_end_of_a_year_closes_it_and_opens_the_next(day):
    assert counted(day) == {(2022, "closing"): 0, (2023, "opening"): 0}


def test_a_count_in_the_middle_of_a_year_is_of_no_edge(make):
    assert counted("2023-06-30") == {}


def test_of_several_counts_the_nearest_is_taken():
    assert counted("2022-12-20", "2023-01-02", "2023-01-15")[2023, "opening"] == 1


def test_a_financial_year_is_counted_at_its_own_edge():
    assert set(counted("2023-03-31", starts=4)) == {(2022, "closing"), (2023, "opening")}


# explain, close, plan


def test_a_leak_is_explained_down_to_the_records_of_its_balance(make):
    book = kept(make, CHILLER, *COUNTS)
    found = book.explain("scope1 2023")
    assert {chain.quality for chain in found.chains} == {
        "stock k2, opening stock",
        "stock k3, closing stock",
    }
    assert sum(chain.quantity for chain in found.chains) == 8
    assert "8 kg in 2023" in found.chains[0].counted


def test_explain_says_what_the_other_methods_would_have_given(make):
    remark = kept(make, CHILLER, TOP_UP).explain("scope1 2023").remark
    assert remark == (
        "R-134a at hq in 2023: 7 kg by simplified, used; by mass balance no figure (missing: both"
        " counts); 3 kg by screening."
    )


def test_a_screened_leak_is_explained_by_register_and_leak_rates(make):
    lines = (CHILLER, "top-up of c1 2023-12-01 0kg")
    [chain, *_] = (
        kept(make, *lines, policy='refrigerant = "screening"').explain("scope1 2023 2023-07").chains
    )
    assert "c1 with 100 kg, leak rates defra-2019-leak-large" in chain.quality


def test_a_closed_year_keeps_its_leaks(make):
    book = kept(make, CHILLER, TOP_UP, *COUNTS)
    book.close("2023", incomplete=True)
    log(book, "purchase R-134a 2023-02-01 5kg")
    log(book, "top-up of c1 2023-09-18 5kg", 98)
    assert total(book, "scope1") == 8 * 1530
    assert "closed-year-moved" not in codes(book)


def test_a_closed_year_keeps_the_order_of_its_policy(make):
    book = kept(make, CHILLER, TOP_UP, *COUNTS)
    book.close("2023", incomplete=True)
    path = book.folder / "carbon.toml"
    path.write_text(path.read_text() + '[policy]\nrefrigerant = "simplified"\n')
    assert used(book) == "mass balance"
    assert "closed-year-moved" not in codes(book)


def test_a_withdrawn_count_is_no_evidence(make):
    book = kept(make, CHILLER, TOP_UP, *COUNTS)
    book.withdraw("k3")
    assert used(book) == "simplified"


# Blends of one's own

BLEND = """refrigerant/X-1,refrigerant/X-1,WORLD,composition,1990,2060,all,{gas},{share},\
mass percent,data-sheet,page 1,high,
"""


def with_blend(make, *parts):
    book = kept(make)
    rows = "".join(BLEND.format(gas=gas, share=share) for gas, share in parts)
    head = ",".join(EDITION_COLUMNS.split()) + "\n"
    (book.folder / "factors" / "blend.csv").write_text(head + rows, encoding="utf-8")
    return book


def test_a_blend_of_ones_own_leaks_by_its_components(make):
    """R-32 771, HFO-1234yf 0.501 (AR6): 10 kg x 70 % x 771; the HFO stands outside."""
    book = with_blend(make, ("HFC-32", 70), ("HFO-1234yf", 30))
    for line in ("unit c1 chiller X-1 100kg 2019-05-01", "top-up of c1 2023-07-18 10kg"):
        log(book, line)
    assert total(book, "scope1", gas="HFC-32") == 7
    assert total(book, "scope1") == 7 * 771
    assert total(book, "outside", gas="HFO-1234yf") == 3


def test_a_blend_that_is_not_whole_is_refused(make):
    book = with_blend(make, ("HFC-32", 70), ("HFO-1234yf", 20))
    with pytest.raises(Exception, match="lacks 10 % of its mass"):
        book.inventory()
