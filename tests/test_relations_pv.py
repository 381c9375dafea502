"""PV, storage and data centres: rows in, rows out, on both engines."""

from __future__ import annotations

from decimal import Decimal

import pytest

D = Decimal
SPOT = {"site": "hq", "month": 202301, "reporting_year": 2023}


def read(activity, quantity, **other):
    return SPOT | {"activity": activity, "quantity": quantity, "role": "grid_import"} | other


def pairs(rows, *columns):
    return sorted(tuple(row[column] for column in columns) for row in rows)


# pv_month


def test_generation_is_self_use_export_loss_and_change_in_store(relation):
    [row] = relation(
        "pv_month",
        activity_month=[
            read("pv_generation", 100),
            read("pv_export", 30),
            read("storage_charge", 20),
            read("storage_discharge", 15),
            read("storage_change", 3),
        ],
    )
    # lost 20 - 15 - 3 = 2; used 100 - 30 - 3 = 67, the 2 lost among it
    assert (row["storage_loss_kwh"], row["self_used_kwh"]) == (2, 67)
    parts = row["self_used_kwh"] + row["exported_kwh"] + row["store_change_kwh"]
    assert parts == row["generated_kwh"]


def test_what_storage_took_from_the_grid_leaves_pv_alone(relation):
    [row] = relation(
        "pv_month",
        activity_month=[
            read("pv_generation", 100),
            read("storage_charge", 20, detail="grid"),
            read("storage_change", 5, detail="grid"),
        ],
    )
    assert (row["storage_loss_kwh"], row["store_change_kwh"], row["self_used_kwh"]) == (0, 0, 100)


def test_metered_self_use_tells_the_export_where_none_is_metered(relation):
    [row] = relation(
        "pv_month", activity_month=[read("pv_generation", 100), read("pv_self_used", 60)]
    )
    assert (row["exported_kwh"], row["export_meters"], row["unexplained_kwh"]) == (40, 1, 0)


def test_what_three_meters_leave_is_unexplained(relation):
    [row] = relation(
        "pv_month",
        activity_month=[
            read("pv_generation", 100),
            read("pv_self_used", 60),
            read("pv_export", 30),
        ],
    )
    assert (row["unexplained_kwh"], row["self_used_kwh"]) == (10, 70)


@pytest.mark.parametrize(
    ("told", "potential", "curtailed", "gap", "meters"),
    [
        ({}, 0, 0, 0, 0),
        ({"pv_potential": 120}, 120, 20, 0, 1),
        ({"pv_curtailed": 20}, 120, 20, 0, 1),
        ({"pv_potential": 130, "pv_curtailed": 20}, 130, 20, 10, 1),
    ],
)
def test_curtailed_is_potential_less_generation(relation, told, potential, curtailed, gap, meters):
    rows = [read("pv_generation", 100), *(read(name, told[name]) for name in told)]
    [row] = relation("pv_month", activity_month=rows)
    assert (row["potential_kwh"], row["curtailed_kwh"]) == (potential, curtailed)
    assert (row["uncurtailed_kwh"], row["curtailment_meters"]) == (gap, meters)


def test_storage_without_pv_makes_no_month_of_pv(relation):
    assert relation("pv_month", activity_month=[read("storage_charge", 20)]) == []


# pv_use_month

REST = {"site": "hq", "meter": "", "is_in_energy": True}


def used(relation, *terms, self_used=70, **generated):
    return relation(
        "pv_use_month",
        activity_month=[
            read("pv_generation", energy, meter="" if name == "rest" else name)
            for name, energy in generated.items()
        ],
        pv_month=[
            SPOT
            | {"generated_kwh": sum(generated.values()), "self_used_kwh": self_used}
            | {"exported_kwh": 30}
        ],
        pv_term=[REST, *terms],
    )


def test_pv_of_one_owner_is_used_as_a_whole(relation):
    rows = used(relation, rest=60, roof=40)
    assert pairs(rows, "owner", "is_sold", "is_in_energy", "used_kwh") == [("", False, True, 70)]


def test_plants_share_the_self_use_by_their_generation(relation):
    roof = REST | {"meter": "roof", "owner": "Sun", "is_sold": True}
    rows = used(relation, roof, rest=60, roof=40)
    assert pairs(rows, "meter", "owner", "is_sold", "used_kwh", "exported_kwh") == [
        ("", "", False, 42, 18),
        ("roof", "Sun", True, 28, 12),
    ]


def test_the_parts_of_self_use_add_up_to_the_last_millionth(relation):
    thirds = [REST | {"meter": name, "owner": name} for name in ("a", "b")]
    rows = used(relation, *thirds, self_used=D("0.000001"), rest=1, a=1, b=1)
    assert sum(row["used_kwh"] for row in rows) == D("0.000001")
    assert min(row["used_kwh"] for row in rows) == 0


def test_terms_change_with_the_month(relation):
    rows = relation(
        "pv_use_month",
        activity_month=[read("pv_generation", 10, month=month) for month in (202306, 202307)],
        pv_month=[
            SPOT | {"month": month, "generated_kwh": 10, "self_used_kwh": 10}
            for month in (202306, 202307)
        ],
        pv_term=[
            REST | {"left_month": 202307},
            REST | {"first_month": 202307, "is_sold": True},
        ],
    )
    assert pairs(rows, "month", "is_sold") == [(202306, False), (202307, True)]


# flow/electricity

USE = SPOT | {"used_kwh": 70}


def flows(relation, *uses):
    rows = relation("flow_electricity", pv_use_month=[USE | use for use in uses])
    assert {(row["line"], row["activity"], row["place"]) for row in rows} <= {
        ("scope2", "pv_generation", "hq")
    }
    return pairs(rows, "accounting", "topic", "quantity")


def test_sold_certificates_touch_location_only_where_the_policy_says_grid(relation):
    assert flows(relation, {"is_sold": True}) == [("market", "electricity", 70)]
    assert flows(relation, {"is_sold": True, "is_on_grid": True}) == [
        ("location", "electricity", 70),
        ("market", "electricity", 70),
    ]


def test_pv_of_a_third_party_is_bought_at_the_rate_of_its_plant(relation):
    assert flows(relation, {"owner": "Sun"}) == [
        ("location", "direct_line/pv", 70),
        ("market", "direct_line/pv", 70),
    ]


def test_pv_of_a_third_party_that_sold_the_certificates_takes_the_market_factor(relation):
    assert flows(relation, {"owner": "Sun", "is_sold": True}) == [
        ("location", "direct_line/pv", 70),
        ("market", "electricity", 70),
    ]


def test_pv_of_a_named_meter_stands_at_that_meter(relation):
    rows = relation("flow_electricity", pv_use_month=[USE | {"meter": "roof", "is_sold": True}])
    assert pairs(rows, "meter", "place") == [("roof", "roof")]


def test_more_export_than_generation_takes_nothing_off(relation):
    assert flows(relation, {"is_sold": True, "used_kwh": -5}) == []


# flow/energy


def test_pv_bought_on_site_is_in_the_energy_sheet_whatever_the_policy_says_of_own(relation):
    rows = relation("flow_energy", pv_use_month=[USE | {"owner": "Sun"}, USE])
    assert pairs(rows, "category", "quantity") == [("PV bought on site", 70)]


# pv_identity


def month_of(**figures):
    return SPOT | {"generated_kwh": 100, "self_used_kwh": 70, "exported_kwh": 30} | figures


def test_a_month_that_adds_up_is_not_found(relation):
    assert relation("pv_identity", pv_month=[month_of()]) == []


@pytest.mark.parametrize(
    "figures", [{"unexplained_kwh": 10}, {"uncurtailed_kwh": -4}, {"curtailed_kwh": -1}]
)
def test_a_month_that_does_not_add_up_is_found(relation, figures):
    assert pairs(relation("pv_identity", pv_month=[month_of(**figures)]), "month") == [(202301,)]


def test_the_metered_self_use_is_told_beside_the_gap(relation):
    [row] = relation("pv_identity", pv_month=[month_of(unexplained_kwh=10, storage_loss_kwh=2)])
    assert row["metered_kwh"] == 58  # 70 - 2 lost - 10 that no meter saw


# storage_balance


@pytest.mark.parametrize(
    ("charge", "discharge", "change", "is_found"),
    [(20, 15, 3, False), (20, 15, 6, True), (20, 25, -6, False), (20, None, 0, True)],
)
def test_storage_that_gives_more_than_it_took_is_found(
    relation, charge, discharge, change, is_found
):
    told = {"storage_charge": charge, "storage_discharge": discharge, "storage_change": change}
    rows = relation(
        "storage_balance",
        activity_month=[read(name, told[name]) for name in told if told[name] is not None],
    )
    assert bool(rows) == is_found


def test_storage_charged_from_the_grid_has_a_balance_of_its_own(relation):
    rows = relation(
        "storage_balance",
        activity_month=[
            read("storage_charge", 20),
            read("storage_discharge", 15),
            read("storage_charge", 5, detail="grid"),
            read("storage_discharge", 6, detail="grid"),
        ],
    )
    assert pairs(rows, "source", "charged_kwh", "discharged_kwh") == [("grid", 5, 6)]


# facility_month


def test_a_facility_uses_what_it_imports_and_its_pv(relation):
    [row] = relation(
        "facility_month",
        activity_month=[read("it_load", 80), read("electricity", 100)],
        import_month=[SPOT | {"energy_kwh": 100}],
        pv_month=[SPOT | {"self_used_kwh": 12}],
    )
    assert (row["facility_kwh"], row["it_kwh"], row["missing"]) == (112, 80, 0)


def test_a_site_without_it_meters_is_no_data_centre(relation):
    rows = relation(
        "facility_month",
        activity_month=[read("electricity", 100)],
        import_month=[SPOT | {"energy_kwh": 100}],
    )
    assert rows == []


def test_a_month_that_lacks_a_meter_says_so(relation):
    rows = relation(
        "facility_month",
        activity_month=[read("it_load", 80), read("electricity", 90, month=202302)],
        import_month=[SPOT | {"month": 202302, "energy_kwh": 90}],
        coverage_month=[
            SPOT | {"activity": "electricity", "covered": 0},
            SPOT | {"activity": "natural_gas", "covered": 0},
        ],
    )
    assert pairs(rows, "month", "facility_meters", "it_meters", "missing") == [
        (202301, 0, 1, 1),
        (202302, 1, 0, 0),
    ]
