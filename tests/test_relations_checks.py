"""Every way in which a figure could get lost is a check that finds it, on both engines."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path

import pytest

from carbon.engine import SQL
from carbon.errors import CarbonError
from carbon.pipeline import CHECKS, STEPS

D = Decimal


def pairs(rows, *columns):
    return sorted(tuple(row[column] for column in columns) for row in rows)


# activity_outside_boundary


def outside(relation, months, **stay):
    return relation(
        "activity_outside_boundary",
        entry_current_month=[{"key_id": 1, "month": month} for month in months],
        activity_key=[{"key_id": 1, "site": "hq", "activity": "electricity"}],
        site=[{"site": "hq"} | stay],
    )


def test_months_outside_every_stay_are_found(relation):
    rows = outside(relation, [202301, 202302, 202303], first_month=202302, left_month=202303)
    assert pairs(rows, "site", "first_month", "last_month", "months") == [("hq", 202301, 202303, 2)]


def test_months_within_the_boundary_are_not_found(relation):
    assert outside(relation, [202301, 202312]) == []


def test_a_month_beyond_the_calendar_is_found(relation):
    assert pairs(outside(relation, [197001]), "first_month") == [(197001,)]


def test_a_top_up_at_a_site_outside_the_boundary_is_found(relation):
    rows = relation(
        "activity_outside_boundary",
        service_event=[
            {"equipment_id": "chiller", "site": "sold", "event": "top-up", "month": 202301},
            {"equipment_id": "chiller", "site": "sold", "event": "install", "month": 202201},
        ],
        site=[{"site": "hq"}],
    )
    assert pairs(rows, "site", "meter", "activity", "first_month") == [
        ("sold", "chiller", "service", 202301)
    ]


def test_stock_of_a_site_outside_the_boundary_is_found(relation):
    bought = {"site": "sold", "refrigerant": "R-32", "event": "purchase", "month": 202301}
    rows = relation("activity_outside_boundary", stock_event=[bought], site=[{"site": "hq"}])
    assert pairs(rows, "site", "activity", "months") == [("sold", "refrigerant stock", 1)]


# refrigerant_counted_twice, refrigerant_without_record

BALANCE = {"site": "hq", "refrigerant": "SF6", "reporting_year": 2023}


@pytest.mark.parametrize(("method", "found"), [("simplified", 1), ("", 0)])
def test_an_entry_beside_a_balance_that_counts_is_found(relation, method, found):
    entered = {"site": "hq", "activity": "sf6", "month": 202301, "reporting_year": 2023}
    rows = relation(
        "refrigerant_counted_twice",
        activity_month=[entered],
        refrigerant_balance=[BALANCE | {"method": method}],
    )
    assert len(rows) == found


@pytest.mark.parametrize(("year", "found"), [(2023, 0), (2022, 1)])
def test_a_balance_without_a_method_is_found_unless_an_entry_stands_in(relation, year, found):
    entered = {"site": "hq", "activity": "sf6", "month": 202301, "reporting_year": year}
    rows = relation(
        "refrigerant_without_record",
        activity_month=[entered],
        refrigerant_balance=[BALANCE | {"method": "", "appliances": 1}],
    )
    assert len(rows) == found


# activity_without_method


def test_an_activity_no_method_knows_is_found(relation):
    rows = relation(
        "activity_without_method",
        activity_key=[{"key_id": 1, "activity": "gas"}, {"key_id": 2, "activity": "gsa"}],
        method=[{"activity": "gas"}, {"activity": "gas", "line": "energy"}],
    )
    assert pairs(rows, "key_id", "activity") == [(2, "gsa")]


# flow_without_factor, flow_without_coefficient

FLOW = {"topic": "heat", "place": "hq", "line": "scope2", "unit": "MJ", "quantity": 4}


def test_flows_without_a_factor_are_found_with_their_years(relation):
    rows = relation(
        "flow_without_factor",
        flow=[FLOW | {"factor_year": year} for year in (2021, 2022, 2023)],
        factor_choice=[{"topic": "heat", "place": "hq", "factor_year": 2022, "set_id": "s"}],
    )
    assert pairs(rows, "topic", "place", "first_year", "last_year", "quantity") == [
        ("heat", "hq", 2021, 2023, 8)
    ]


NEEDS = [{"set_id": "s", "unit": unit, "share": share} for unit in "ab" for share in ("0.5", "1")]


def test_a_unit_that_a_set_cannot_serve_is_found_once(relation):
    rows = relation(
        "flow_without_coefficient",
        coefficient_need=NEEDS,
        coefficient=[each | {"gas": "CO2"} for each in NEEDS if each["unit"] == "a"],
    )
    assert pairs(rows, "set_id", "unit") == [("s", "b")]


# flow_not_counted


def test_what_reaches_no_total_is_found_by_year(relation):
    choice = {"topic": "heat", "place": "hq", "factor_year": 2022, "set_id": "s"}
    flow = FLOW | {"factor_year": 2022, "reporting_year": 2022}
    rows = relation(
        "flow_not_counted",
        flow=[
            flow,
            flow | {"unit": "kWh", "quantity": 5},
            flow | {"factor_year": 2023, "reporting_year": 2023, "quantity": 7},
        ],
        factor_choice=[choice],
        coefficient=[{"set_id": "s", "unit": "MJ", "gas": gas} for gas in ("CO2", "N2O")],
    )
    assert pairs(rows, "reporting_year", "unit", "quantity") == [(2022, "kWh", 5), (2023, "MJ", 7)]


# negative_import, pv_balance, facility_below_it


def test_months_of_negative_import_are_found(relation):
    rows = relation(
        "negative_import",
        import_month=[
            {"site": "hq", "month": month, "reporting_year": 2023, "energy_kwh": energy}
            for month, energy in ((202301, -2), (202302, 0), (202303, -3), (202304, 9))
        ],
    )
    assert pairs(rows, "site", "months", "energy_kwh") == [("hq", 2, -5)]


@pytest.mark.parametrize(
    ("self_used", "meters", "found"),
    [(70, 1, []), (-5, 1, [("hq", 5, 1)]), (70, 0, [("hq", 0, 0)])],
)
def test_pv_that_does_not_close_or_rests_on_a_guess_is_found(relation, self_used, meters, found):
    rows = relation(
        "pv_balance",
        pv_month=[{"site": "hq", "self_used_kwh": self_used, "export_meters": meters}],
    )
    assert pairs(rows, "site", "exported_beyond_kwh", "export_meters") == found


@pytest.mark.parametrize(
    ("facility", "meters", "missing", "found"),
    [(100, 1, 0, []), (70, 1, 0, [(80, 70)]), (80, 1, 0, []), (0, 0, 0, []), (70, 1, 1, [])],
)
def test_it_meters_that_read_more_than_a_fully_metered_facility_are_found(
    relation, facility, meters, missing, found
):
    said = {"site": "dc", "month": 202301, "it_kwh": 80, "it_meters": 1, "missing": missing}
    rows = relation(
        "facility_below_it",
        facility_month=[said | {"facility_kwh": facility, "facility_meters": meters}],
    )
    assert pairs(rows, "it_kwh", "facility_kwh") == found


# Overflow


def flood(count, quantity, coefficient):
    return {
        "flow": [{"unit": "kg", "quantity": quantity, "month": n} for n in range(count)],
        "coefficient": [{"unit": "kg", "mass_g": 1, "co2e_g": coefficient}],
    }


@pytest.mark.parametrize(
    ("count", "quantity", "coefficient", "found"),
    [
        (1, "99999999999", "99999999", []),  # 1e19 g, just below
        (2, "99999999999", "99999999", [("kg", 2)]),
        (2, "-99999999999", "99999999", [("kg", 2)]),
        (1000, "99999999", "27900000", []),  # 2.8e18 g: a thousand kilotonnes of SF6
    ],
)
def test_sums_that_could_leave_the_width_of_a_decimal_are_found(
    relation, count, quantity, coefficient, found
):
    rows = relation("total_too_large", **flood(count, quantity, coefficient))
    assert pairs(rows, "unit", "rows_of_flow") == found


PARTS = [D(part) / 100 for part in range(1, 31)]
TOO_MUCH = {  # 30 x 9e10 kg x 9e7 g/kg = 2.43e20 g
    "year_flow": [{"unit": "kg", "part": part, "quantity": "9e10"} for part in PARTS],
    "factor_choice": [{"set_id": "s"}],
    "coefficient": [
        {"set_id": "s", "unit": "kg", "part": part, "co2e_g": "9e7", "mass_g": 1} for part in PARTS
    ],
}


@pytest.mark.parametrize("engine", ["duckdb"], indirect=True)  # the other one wraps
def test_duckdb_raises_where_a_total_does_not_fit(relation):
    with pytest.raises(CarbonError) as caught:
        relation("total", **TOO_MUCH)
    assert caught.value.code == "overflow"


@pytest.mark.parametrize("engine", ["datafusion"], indirect=True)  # the first one raises
def test_a_total_that_the_second_engine_would_wrap_is_found_by_the_check(relation):
    [row] = relation("total", **TOO_MUCH)
    assert row["co2e_g"] != D("2.43e20")
    assert relation("total_too_large", **flood(30, "99999999999", "99999999")) != []


def test_a_month_that_does_not_fit_is_refused_by_both_engines(relation):
    months = [{"entry_id": n, "month": 202301, "quantity": "99999999999"} for n in (1, 2)]
    with pytest.raises(Exception, match=r"(?i)overflow|too large|precision"):
        relation("entry_current_month", entry_month=months)


# The files


def test_every_file_of_sql_is_run_by_the_pipeline_or_known_to_stand_beside_it():
    files = {str(path.relative_to(SQL).with_suffix("")) for path in SQL.rglob("*.sql")}
    # at import, to explain, to compare, to show
    beside = {"entry_month", "trace", "refrigerant_result", "certified", "waterfall", "area_month"}
    assert files == {file for _, file in STEPS} | {f"check/{name}" for name in CHECKS} | beside


def test_every_relation_and_check_has_a_test_with_rows():
    tested = {
        node.args[0].value
        for path in Path(__file__).parent.glob("test_relations_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "relation"
        and isinstance(node.args[0], ast.Constant)
    }
    wanted = {name for name, _ in STEPS} | set(CHECKS) | {"entry_month", "trace"}
    assert wanted <= tested, wanted - tested
