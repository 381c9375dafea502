"""Energy through networks: what was supplied on, and what was lost on the way, on both engines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

D = Decimal
GRID = "grid_import"


def read(activity, quantity, month=202301, **other):
    said = {"site": "hq", "role": GRID, "activity": activity, "month": month, "quantity": quantity}
    return said | {"reporting_year": month // 100} | other


def bought(quantity, month=202301, **other):
    said = {"site": "hq", "activity": "electricity", "month": month, "energy_kwh": quantity}
    return said | {"reporting_year": month // 100} | other


def pairs(rows, *columns):
    return sorted(tuple(row[column] for column in columns) for row in rows)


HEAT = {"activity": "heat", "method": "direct", "line": "scope2", "family": "heat"}
CHARGING = {"activity": "public_charging", "method": "direct", "line": "scope2"}
CHARGING |= {"family": "electricity"}

# import_month, what was supplied to others


def test_what_is_supplied_to_others_is_taken_off_with_its_own_meter(relation):
    rows = relation(
        "import_month",
        activity_month=[
            read("electricity", 100, meter="main"),
            read("supplied_to_others", 30, meter="tenant"),
        ],
    )
    assert pairs(rows, "meter", "activity", "energy_kwh") == [
        ("main", "electricity", 100),
        ("tenant", "supplied_to_others", -30),
    ]


def test_no_more_is_taken_off_in_a_month_than_was_bought_in_it(relation):
    rows = relation(
        "import_month",
        activity_month=[
            read("electricity", 100),
            read("supplied_to_others", 70, meter="a"),
            read("supplied_to_others", 50, meter="b"),
            read("supplied_to_others", 10, meter="c"),
            read("electricity", 5, 202302),
        ],
    )
    assert pairs(rows, "month", "meter", "energy_kwh") == [
        (202301, "", 100),
        (202301, "a", -70),
        (202301, "b", -30),
        (202302, "", 5),
    ]


def test_from_a_total_with_pv_no_more_is_taken_off_than_came_from_the_grid(relation):
    rows = relation(
        "import_month",
        activity_month=[read("electricity_including_pv", 100), read("supplied_to_others", 90)],
        pv_month=[{"site": "hq", "month": 202301, "self_used_kwh": 40}],
    )
    assert pairs(rows, "activity", "energy_kwh") == [
        ("electricity_including_pv", 60),
        ("supplied_to_others", -60),
    ]


@pytest.mark.parametrize("exported", [0, 10, 50, 100])
def test_exporting_more_pv_never_lowers_the_import_of_a_total_with_pv(relation, exported):
    [row] = relation(
        "import_month",
        activity_month=[read("electricity_including_pv", 500)],
        pv_month=[{"site": "hq", "month": 202301, "self_used_kwh": 100 - exported}],
    )
    assert row["energy_kwh"] == 400 + exported


# covered_month, net of what was supplied


def open_to(quantity, month=202301, **other):
    """A month of electricity that instruments may cover, in the period of its year. [kWh]"""
    return bought(quantity, month, **other) | {"period": month // 100}


def test_a_certificate_covers_no_month_beyond_what_it_did_not_supply_on(relation):
    rows = relation(
        "covered_month",
        coverable_month=[
            open_to(100),
            open_to(-90, activity="supplied_to_others"),
            open_to(100, 202302),
        ],
        instrument_use=[{"instrument_id": "g", "site": "hq", "period": 2023, "used_kwh": 110}],
    )
    assert pairs(rows, "month", "covered_kwh") == [(202301, 10), (202302, 100)]


def test_what_was_supplied_is_taken_off_one_meter_after_another(relation):
    rows = relation(
        "covered_month",
        coverable_month=[
            open_to(40, meter="a"),
            open_to(60, meter="b"),
            open_to(-50, meter="c", activity="supplied_to_others"),
        ],
        instrument_use=[{"instrument_id": "g", "site": "hq", "period": 2023, "used_kwh": 50}],
    )
    assert pairs(rows, "meter", "covered_kwh") == [("b", 50)]


# heat_supplied_month


def test_heat_supplied_to_others_is_cut_to_what_was_bought(relation):
    rows = relation(
        "heat_supplied_month",
        activity_month=[
            read("heat", 100, unit="MJ"),
            read("heat_supplied_to_others", 80, unit="MJ", meter="a"),
            read("heat_supplied_to_others", 80, unit="MJ", meter="b"),
            read("heat_supplied_to_others", 80, 202302, unit="MJ"),
        ],
        method=[HEAT],
    )
    assert pairs(rows, "month", "meter", "quantity") == [(202301, "a", 80), (202301, "b", 20)]


# supplied_beyond_purchase


def test_what_was_supplied_beyond_the_purchase_is_found(relation):
    rows = relation(
        "supplied_beyond_purchase",
        activity_month=[
            read("supplied_to_others", 120),
            read("supplied_to_others", 10, 202302),
            read("heat_supplied_to_others", 7),
        ],
        import_month=[
            bought(-100, activity="supplied_to_others"),
            bought(-10, 202302, activity="supplied_to_others"),
        ],
        heat_supplied_month=[{"site": "hq", "month": 202301, "quantity": 4}],
    )
    assert pairs(rows, "activity", "months", "quantity") == [
        ("heat_supplied_to_others", 1, 3),
        ("supplied_to_others", 1, 20),
    ]


# negative_import


def test_a_credit_of_one_meter_that_another_makes_up_for_is_no_negative_import(relation):
    rows = relation(
        "negative_import",
        import_month=[bought(-10, meter="a"), bought(30, meter="b"), bought(-5, 202302)],
    )
    assert pairs(rows, "months", "energy_kwh") == [(1, -5)]


# flow_supplied


def test_electricity_supplied_to_others_is_shown_in_scope_3_where_scope_2_has_lost_it(relation):
    rows = relation(
        "flow_supplied",
        import_month=[bought(100), bought(-30, activity="supplied_to_others", meter="tenant")],
    )
    assert pairs(rows, "line", "accounting", "topic", "place", "quantity") == [
        ("scope3", "location", "electricity", "tenant", 30)
    ]


def test_heat_supplied_to_others_leaves_scope_2_by_both_methods_and_the_energy_sheet(relation):
    rows = relation(
        "flow_supplied",
        heat_supplied_month=[{"site": "hq", "month": 202301, "unit": "MJ", "quantity": 4}],
    )
    assert pairs(rows, "line", "accounting", "topic", "quantity") == [
        ("energy", "all", "standard_coal/heat", -4),
        ("scope2", "location", "heat", -4),
        ("scope2", "market", "heat", -4),
        ("scope3", "location", "heat", 4),
    ]


# delivered_month


def test_what_came_through_a_network_is_net_of_what_was_supplied_on(relation):
    rows = relation(
        "delivered_month",
        import_month=[bought(100), bought(-30, activity="supplied_to_others", meter="tenant")],
        activity_month=[
            read("heat", 9, unit="MJ"),
            read("public_charging", 2),
            read("natural_gas", 1),
        ],
        method=[HEAT, CHARGING, {"activity": "natural_gas", "method": "direct", "line": "scope1"}],
        heat_supplied_month=[{"site": "hq", "month": 202301, "unit": "MJ", "quantity": 4}],
    )
    assert pairs(rows, "carrier", "activity", "place", "quantity") == [
        ("electricity", "electricity", "hq", 100),
        ("electricity", "public_charging", "hq", 2),
        ("electricity", "supplied_to_others", "tenant", -30),
        ("heat", "heat", "hq", 9),
        ("heat", "heat_supplied_to_others", "hq", -4),
    ]


# loss_choice


def lost(name, region, first, **other):
    said = {
        "set_id": name,
        "topic": "grid_loss/electricity",
        "family": "grid_loss",
        "region": region,
    }
    return said | {"first_year": first, "last_year": first} | other


def chosen(relation, *sets, year=2023, shares=(), **other):
    return relation(
        "loss_choice",
        **{
            "delivered_month": [
                {"site": "hq", "place": "hq", "month": 202301, "carrier": "electricity"}
            ],
            "site_month": [{"site": "hq", "month": 202301, "policy": "US", "factor_year": year}],
            "factor_set": list(sets),
            "loss_share": [{"set_id": name, "part": part} for name, part in shares],
            "region_path": [
                {"place": "hq", "ancestor": "hq", "distance": 0, "level": "site"},
                {"place": "hq", "ancestor": "CAMX", "distance": 1, "level": "grid"},
                {"place": "hq", "ancestor": "US", "distance": 2, "above": 1, "level": "country"},
                {"place": "hq", "ancestor": "WORLD", "distance": 3, "above": 2, "level": "world"},
            ],
            "policy": [
                {"policy": "US", "family": "grid_loss", "accounting": "location"}
                | {"preference": 1, "max_factor_age": 9}
            ],
            "run_option": [{"known_on": date(2026, 1, 1)}],
        }
        | other,
    )


def test_printed_losses_are_a_factor_of_their_own(relation):
    rows = chosen(relation, lost("printed", "US", 2023))
    assert pairs(rows, "topic", "family", "part") == [("grid_loss/electricity", "grid_loss", 1)]


def test_a_share_of_losses_is_a_part_of_the_electricity(relation):
    rows = chosen(relation, lost("share", "US", 2023), shares=[("share", "0.05")])
    assert pairs(rows, "topic", "family", "part") == [("electricity", "electricity", D("0.05"))]


def test_the_nearest_place_then_the_youngest_year_serves(relation):
    rows = chosen(
        relation, lost("far", "US", 2023), lost("old", "CAMX", 2020), lost("near", "CAMX", 2022)
    )
    assert pairs(rows, "set_id", "age") == [("near", 1)]


@pytest.mark.parametrize(
    "row",
    [
        lost("later", "US", 2024),
        lost("unknown yet", "US", 2023, published_on=date(2026, 6, 1)),
        lost("too old", "US", 2013),
        lost("of the world", "WORLD", 2023),
        lost("elsewhere", "GB", 2023),
    ],
    ids=lambda row: row["set_id"],
)
def test_where_no_loss_is_published_there_is_no_row(relation, row):
    assert chosen(relation, row) == []


def test_losses_printed_in_two_parts_serve_together(relation):
    parts = [
        lost(name, "US", 2023, topic=f"grid_loss/electricity/{name}")
        for name in ("transmission", "distribution")
    ]
    assert pairs(chosen(relation, *parts), "set_id") == [("distribution",), ("transmission",)]


def test_a_whole_comes_before_its_parts(relation):
    part = lost("part", "hq", 2023, topic="grid_loss/electricity/transmission")
    assert pairs(chosen(relation, part, lost("whole", "US", 2023)), "set_id") == [("whole",)]


@pytest.mark.parametrize("name", ["transmission", "distribution"])
def test_one_part_of_the_losses_alone_does_not_pass_for_all(relation, name):
    row = lost("part", "US", 2023, topic=f"grid_loss/electricity/{name}")
    assert chosen(relation, row) == []


def test_a_closed_year_keeps_what_served_for_its_losses(relation):
    kept = {"policy": "closed 2023", "carrier": "electricity", "place": "hq", "part": "0.04"}
    rows = chosen(
        relation,
        lost("newer", "US", 2023),
        closed_loss=[kept | {"factor_year": 2023, "set_id": "kept", "topic": "electricity"}],
        site_month=[{"site": "hq", "month": 202301, "policy": "closed 2023", "factor_year": 2023}],
    )
    assert pairs(rows, "set_id", "part") == [("kept", D("0.04"))]


# flow_loss, delivery_without_loss

DELIVERED = {"site": "hq", "place": "hq", "month": 202301, "carrier": "electricity"}
SERVED = {"place": "hq", "carrier": "electricity", "policy": "US", "factor_year": 2023}
MONTH = {"site": "hq", "month": 202301, "policy": "US", "factor_year": 2023}


def test_losses_stand_in_scope_3_location_based(relation):
    rows = relation(
        "flow_loss",
        delivered_month=[DELIVERED | {"activity": "electricity", "quantity": 100}],
        site_month=[MONTH],
        loss_choice=[SERVED | {"topic": "electricity", "part": "0.05"}],
    )
    assert pairs(rows, "line", "accounting", "category", "topic", "part", "quantity") == [
        (
            "scope3",
            "location",
            "fuel- and energy-related activities",
            "electricity",
            D("0.05"),
            100,
        )
    ]


def test_a_site_that_is_scope_3_itself_has_no_losses_of_its_own(relation):
    rows = relation(
        "flow_loss",
        delivered_month=[DELIVERED | {"quantity": 100}],
        site_month=[MONTH | {"treatment": "upstream leased assets"}],
        loss_choice=[SERVED],
    )
    assert rows == []


def without_loss(relation, *served, **closed):
    return relation(
        "delivery_without_loss",
        delivered_month=[DELIVERED | {"quantity": 100}],
        site_month=[MONTH],
        month=[{"month": 202301} | closed],
        loss_choice=list(served),
    )


def test_energy_without_published_losses_is_found(relation):
    assert pairs(without_loss(relation), "carrier", "site", "factor_year") == [
        ("electricity", "hq", 2023)
    ]


def test_energy_with_published_losses_is_not_found(relation):
    assert without_loss(relation, SERVED) == []


def test_a_closed_year_is_not_asked_for_losses(relation):
    assert without_loss(relation, closed="closed 2023") == []


# trace


def test_an_entry_of_what_was_supplied_counts_with_a_minus_where_it_is_taken_off(relation):
    emitted = {"site": "hq", "month": 202301, "activity": "supplied_to_others", "gas": "CO2"}
    rows = relation(
        "trace",
        emission=[
            emitted | {"line": "scope2", "category": "purchased electricity", "quantity": -5},
            emitted | {"line": "scope3", "category": "energy supplied to others", "quantity": 5},
        ],
        activity_key=[{"key_id": 1, "site": "hq", "activity": "supplied_to_others"}],
        entry_month=[{"entry_id": 11, "key_id": 1, "month": 202301, "quantity": 5}],
        entry=[{"entry_id": 11}],
        batch=[{"batch_id": 1}],
    )
    assert pairs(rows, "line", "entry_quantity") == [("scope2", -5), ("scope3", 5)]


# factor_choice


def test_a_set_made_for_the_accounting_asked_comes_before_one_of_the_other(relation):
    need = {"topic": "heat", "family": "heat", "place": "hq", "policy": "GB", "factor_year": 2023}
    allowed = {"policy": "GB", "family": "heat", "preference": 1, "max_factor_age": 9}
    years = {"topic": "heat", "region": "hq", "first_year": 2023, "last_year": 2023}
    rows = relation(
        "factor_choice",
        factor_need=[need | {"accounting": name} for name in ("location", "market")],
        policy=[allowed | {"accounting": name} for name in ("location", "market")],
        factor_set=[
            years | {"set_id": "a", "accounting": "location"},
            years | {"set_id": "b", "accounting": "market"},
        ],
        region_path=[{"place": "hq", "ancestor": "hq", "level": "site"}],
    )
    assert pairs(rows, "accounting", "set_id") == [("location", "a"), ("market", "b")]
