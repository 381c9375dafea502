"""Contractual instruments: criteria, allocation to sites, and balances, on both engines."""

from __future__ import annotations

from decimal import Decimal

import pytest
from test_relations_electricity import bought, bound, certificate, pairs, part, used, year

D = Decimal


def criterion(name, turn, state, reason="", instrument="gec"):
    said = {"instrument_id": instrument, "criterion": name, "turn": turn}
    return said | {"state": state, "reason": reason}


# instrument_refusal


def test_the_first_criterion_that_fails_is_the_reason(relation):
    [row] = relation(
        "instrument_refusal",
        instrument_criterion=[
            criterion("market", 5, "failed", "elsewhere"),
            criterion("retired", 3, "failed", "not retired"),
            criterion("conveyed", 1, "passed"),
        ],
    )
    assert (row["criterion"], row["reason"]) == ("retired", "not retired")


def test_what_is_not_stated_refuses_nothing(relation):
    rows = relation(
        "instrument_refusal", instrument_criterion=[criterion("conveyed", 1, "not stated")]
    )
    assert rows == []


# instrument_part


def allocated(*sites, shares=(), instrument="gec", text="hq; plant"):
    given = shares or [0] * len(sites)
    return [
        {"instrument_id": instrument, "list": text, "turn": turn, "site": site, "share": share}
        for turn, (site, share) in enumerate(zip(sites, given, strict=True), start=1)
    ]


def test_a_refused_instrument_goes_nowhere(relation):
    rows = relation(
        "instrument_part",
        instrument_input=[certificate("gec", 100), certificate("good", 50)],
        instrument_refusal=[{"instrument_id": "gec", "reason": "not retired"}],
    )
    assert pairs(rows, "instrument_id", "energy_kwh") == [("good", 50)]


def test_shares_part_an_instrument_between_sites(relation):
    rows = relation(
        "instrument_part",
        instrument_input=[certificate("gec", 100)],
        instrument_allocation=allocated("hq", "plant", shares=[D("0.4"), D("0.6")]),
    )
    assert pairs(rows, "site", "list", "energy_kwh") == [("hq", "", 40), ("plant", "", 60)]


def test_shares_add_up_to_the_instrument_to_the_last_digit(relation):
    third = D("0.333333333333")
    rows = relation(
        "instrument_part",
        instrument_input=[certificate("gec", "0.000005")],
        instrument_allocation=allocated("a", "b", "c", shares=[third, third, 1 - 2 * third]),
    )
    # until 1/3 and 2/3 of 5 millionths: 1.67 and 3.33, rounded 2 and 3
    assert pairs(rows, "site", "energy_kwh") == [
        ("a", D("0.000002")),
        ("b", D("0.000001")),
        ("c", D("0.000002")),
    ]


def test_a_list_stays_whole_and_names_no_one_site(relation):
    rows = relation(
        "instrument_part",
        instrument_input=[certificate("gec", 100)],
        instrument_allocation=allocated("hq", "plant"),
    )
    assert pairs(rows, "site", "list", "energy_kwh") == [("", "hq; plant", 100)]


# instrument_listed


def test_a_list_is_filled_in_its_order(relation):
    rows = relation(
        "instrument_listed",
        instrument_part=[part("a", 70, list="hq; plant"), part("b", 60, list="hq; plant")],
        instrument_allocation=[*allocated("hq", "plant", instrument="a")],
        import_period=[year("hq", 100), year("plant", 100)],
    )
    assert pairs(rows, "instrument_id", "site", "used_kwh") == [
        ("a", "hq", 70),
        ("b", "hq", 30),
        ("b", "plant", 30),
    ]


def test_a_listed_site_takes_what_its_own_instruments_left(relation):
    rows = relation(
        "instrument_listed",
        instrument_part=[part("a", 70, list="hq; plant")],
        instrument_allocation=allocated("hq", "plant", instrument="a"),
        import_period=[year("hq", 100), year("plant", 100)],
        instrument_site=[bound("own", 90)],
    )
    assert pairs(rows, "site", "used_kwh") == [("hq", 10), ("plant", 60)]


def test_where_lists_overlap_no_site_is_covered_twice_and_none_below_zero(relation):
    rows = relation(
        "instrument_listed",
        instrument_part=[
            part("a", 100, list="hq; plant"),
            part("b", 80, list="plant; hq", kind_order=1),
        ],
        instrument_allocation=[
            *allocated("hq", "plant", instrument="a"),
            *allocated("plant", "hq", instrument="b", text="plant; hq"),
        ],
        import_period=[year("hq", 60), year("plant", 60)],
    )
    # a would take 60 and 40, b 60 and 20; a comes first at both
    assert pairs(rows, "instrument_id", "site", "used_kwh") == [
        ("a", "hq", 60),
        ("a", "plant", 40),
        ("b", "plant", 20),
    ]


def test_a_list_reaches_no_site_that_is_not_on_it(relation):
    rows = relation(
        "instrument_listed",
        instrument_part=[part("a", 100, list="hq; plant")],
        instrument_allocation=allocated("hq", "plant", instrument="a"),
        import_period=[year("hq", 10), year("shop", 500)],
    )
    assert pairs(rows, "site", "used_kwh") == [("hq", 10)]


def test_the_market_shares_out_what_lists_left_open(relation):
    rows = relation(
        "instrument_market",
        instrument_part=[part("gec", 20)],
        import_period=[year("hq", 100), year("plant", 100)],
        instrument_listed=[bound("listed", 100)],
    )
    assert pairs(rows, "site", "used_kwh") == [("plant", 20)]


# Matching by the month, as the draft of 2025 proposes: the same relations, another period.


def test_what_was_generated_in_one_month_covers_no_other(relation):
    rows = relation(
        "instrument_market",
        instrument_part=[part("june", 50, period=202306)],
        import_period=[year("hq", 30, period=202306), year("hq", 100, period=202307)],
    )
    assert pairs(rows, "period", "used_kwh") == [(202306, 30)]


def test_in_the_draft_the_use_of_a_month_stays_in_it(relation):
    rows = relation(
        "covered_month",
        instrument_use=[used("june", 30, period=202306)],
        coverable_month=[
            bought(60, 202306, period=202306),
            bought(60, 202307, period=202307),
        ],
    )
    assert pairs(rows, "month", "covered_kwh") == [(202306, 30)]


@pytest.mark.parametrize(
    ("period", "site", "said"),
    [
        (2023, "", "more than the electricity bought from the grid that year"),
        (202306, "", "more than the electricity bought from the grid that month"),
        (
            2023,
            "hq",
            "more than was left to it of the electricity its sites bought from the grid that year",
        ),
    ],
)
def test_an_excess_is_refused_and_says_of_what(relation, period, site, said):
    [row] = relation(
        "instrument_use",
        instrument_input=[certificate("gec", 50, period=period, site=site)],
    )
    assert (row["refused_kwh"], row["reason"]) == (50, said)


# instrument_balance


def closed(**other):
    """A site that bought 100 kWh, of which a certificate of 50 covers 40."""
    return {
        "coverable_month": [bought(100, period=2023)],
        "covered_month": [
            {"instrument_id": "gec", "site": "hq", "activity": "electricity"}
            | {"month": 202301, "covered_kwh": 40}
        ],
        "instrument_input": [certificate("gec", 50)],
        "instrument_use": [used("gec", 40), used("gec", 0, site="", refused_kwh=10)],
        "flow": [market("instrument/gec", 40, family="instrument"), market("electricity", 60)],
    } | other


def market(topic, quantity, **other):
    said = {"site": "hq", "activity": "electricity", "month": 202301, "reporting_year": 2023}
    said |= {"accounting": "market", "line": "scope2", "topic": topic, "quantity": quantity}
    return said | {"family": "electricity"} | other


def test_a_site_and_an_instrument_close_to_zero(relation):
    assert relation("instrument_balance", **closed()) == []


def test_self_used_pv_without_its_certificates_is_no_part_of_the_import(relation):
    flows = [*closed()["flow"], market("electricity", 7, activity="pv_generation")]
    assert relation("instrument_balance", **closed(flow=flows)) == []


@pytest.mark.parametrize(
    ("changed", "balance", "gap"),
    [
        ({"flow": [market("electricity", 60)]}, "import", 40),
        ({"covered_month": []}, "cover", 40),
        ({"instrument_input": [certificate("gec", 55)]}, "instrument", 5),
    ],
)
def test_energy_that_got_lost_is_found(relation, changed, balance, gap):
    [row] = relation("instrument_balance", **closed(**changed))
    assert (row["balance"], row["open_kwh"]) == (balance, gap)


# waterfall


def test_a_waterfall_goes_from_the_import_to_what_the_rest_took(relation):
    rows = relation(
        "waterfall",
        coverable_month=[bought(60, period=2023), bought(40, 202302, period=2023)],
        instrument_use=[used("gec", 40), used("gec", 0, site="", refused_kwh=10)],
        flow=[
            market("instrument/gec", 40, family="instrument"),
            market("electricity", 35, place="m1"),
            market("electricity", 25, place="m2"),
        ],
        factor_choice=[
            {"topic": "electricity", "place": place, "accounting": "market", "set_id": "residual"}
            | {"fit": "exact"}
            for place in ("m1", "m2")
        ],
        factor_set=[{"set_id": "residual", "series": "residual-mix"}],
    )
    assert pairs(rows, "turn", "step", "name", "set_id", "series", "energy_kwh") == [
        (1, "imported", "", "", "", 100),
        (2, "covered", "gec", "", "", 40),
        (3, "uncovered", "", "residual", "residual-mix", 60),
    ]


def test_what_no_factor_serves_still_stands_in_the_waterfall(relation):
    rows = relation("waterfall", flow=[market("electricity", 60)])
    assert pairs(rows, "step", "set_id", "energy_kwh") == [("uncovered", "", 60)]


# certified


def test_what_is_covered_stands_beside_all_that_electricity_emits(relation):
    here = {"site": "hq", "reporting_year": 2023}
    emitted = here | {"line": "scope2", "accounting": "location", "co2e_g": 600}
    [row] = relation(
        "certified",
        instrument_use=[here | {"used_kwh": 20}, here | {"used_kwh": 10}],
        coverable_month=[here | {"energy_kwh": 50}, here | {"energy_kwh": 70}],
        emission=[
            emitted | {"activity": "electricity"},
            emitted | {"activity": "steam"},
            emitted | {"activity": "electricity", "accounting": "market"},
        ],
    )
    assert (row["used_kwh"], row["energy_kwh"], row["co2e_g"]) == (30, 120, 600)
