"""From recorded lines to the months of a scenario, on both engines, with the rows in sight."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from random import Random

import pytest

D = Decimal
HQ = {"key_id": 1, "site": "hq", "meter": "m1", "activity": "electricity"}


def stay(site="hq", **other):
    return {"site": site, "region": "CN"} | other


def pairs(rows, *columns):
    return sorted(tuple(row[column] for column in columns) for row in rows)


# entry_month


def split(relation, quantity, *parts, factor="1000", **other):
    """The months of one entry in MWh, by the shares of its days gone at the end of each. [kWh]"""
    bounds = [D(0), *(D(part) for part in parts)]
    return relation(
        "entry_month",
        entry_new=[
            {"entry_id": 7, "activity": "electricity", "unit": "MWh", "quantity": quantity} | other
        ],
        unit_conversion=[{"activity": "electricity", "unit": "MWh", "factor": factor}],
        period_month=[
            {
                "month": 202301 + place,
                "share_before": before,
                "share_until": until,
                "is_split": len(parts) > 1,
            }
            for place, (before, until) in enumerate(pairwise(bounds))
        ],
    )


def test_an_entry_is_converted_once_into_its_canonical_unit(relation):
    [row] = split(relation, "1.5", "1")
    assert (row["quantity"], row["unit"], row["is_split"]) == (D("1500.000000"), "kWh", False)


def test_the_parts_of_a_split_entry_add_up_to_the_whole(relation):
    rows = split(relation, "0.100", "0.333333333333", "0.666666666666", "1")
    # 100 kWh: 33.3333333333 and 66.6666666666, each rounded to six decimals
    assert pairs(rows, "month", "quantity") == [
        (202301, D("33.333333")),
        (202302, D("33.333334")),
        (202303, D("33.333333")),
    ]


@pytest.mark.parametrize(
    ("quantity", "rounded"),
    [("0.000001", "0.000001"), ("0.000003", "0.000002"), ("-0.000001", "-0.000001")],
)
def test_a_quantity_rounds_half_away_from_zero(relation, quantity, rounded):
    [row] = split(relation, quantity, "1", factor="0.5")
    assert row["quantity"] == D(rounded)


def test_an_entry_called_estimated_is_an_estimate(relation):
    assert [
        split(relation, "1", "1", quality=quality)[0]["is_estimate"]
        for quality in ("estimated", "billed", "unstated")
    ] == [True, False, False]


# superseded_entry


def chain(*links):
    """Entries 1, 2, ... of one chain as (batch, kind)."""
    return [
        {
            "entry_id": number,
            "chain_id": 1,
            "batch_id": batch,
            "kind": kind,
            "supersedes": number - 1,
        }
        for number, (batch, kind) in enumerate(links, start=1)
    ]


CORRECTED_TWICE = chain((1, "record"), (2, "correction"), (3, "correction"))
WITHDRAWN = chain((1, "record"), (2, "correction"), (3, "withdrawal"))


@pytest.mark.parametrize(
    ("entries", "cut_off", "superseded"),
    [
        (CORRECTED_TWICE, 1, []),
        (CORRECTED_TWICE, 2, [1]),
        (CORRECTED_TWICE, 3, [1, 2]),
        (WITHDRAWN, 2, [1]),
        (WITHDRAWN, 3, [1, 2, 3]),
    ],
)
def test_the_latest_of_a_chain_wins_and_a_withdrawal_ends_it_as_at_the_cut_off(
    relation, calendar, entries, cut_off, superseded
):
    rows = relation("superseded_entry", entry=entries, month=calendar(cut_off))
    counted = {row["entry_id"] for row in entries if row["batch_id"] <= cut_off}
    assert sorted({row["entry_id"] for row in rows} & counted) == superseded


def test_another_chain_of_the_same_batches_is_left_alone(relation):
    other = {"entry_id": 9, "chain_id": 9, "batch_id": 1}
    rows = relation("superseded_entry", entry=[*CORRECTED_TWICE, other])
    assert pairs(rows, "entry_id") == [(1,), (2,)]


def test_a_correction_after_the_closing_counts_in_open_months_only(relation, calendar):
    """Entry 1 of batch 1 was corrected in batch 2; January was closed at batch 1."""
    closed = calendar(2, m202301={"cut_off": 1})
    entries = chain((1, "record"), (2, "correction"))
    superseded = relation("superseded_entry", entry=entries, month=closed)
    assert pairs(superseded, "cut_off", "entry_id") == [(2, 1)]
    rows = relation(
        "entry_current_month",
        month=closed,
        superseded_entry=superseded,
        entry_month=[
            {"entry_id": number, "batch_id": number, "month": month, "quantity": 10 * number}
            for number in (1, 2)
            for month in (202301, 202302)
        ],
    )
    assert pairs(rows, "month", "quantity") == [(202301, 10), (202302, 20)]


# entry_current_month


def test_months_of_one_key_are_summed_exactly(relation):
    months = [{"entry_id": n, "month": 202301, "quantity": "0.1"} for n in (1, 2, 3)]
    [row] = relation("entry_current_month", entry_month=months)
    assert (row["quantity"], row["estimated"]) == (D("0.300000"), D("0.000000"))


def test_superseded_entries_and_later_batches_do_not_count(relation, calendar):
    months = [
        {"entry_id": 1, "batch_id": 1, "month": 202301, "quantity": 10},
        {"entry_id": 2, "batch_id": 2, "month": 202301, "quantity": 20},
        {"entry_id": 3, "batch_id": 3, "month": 202301, "quantity": 40},
    ]
    [row] = relation(
        "entry_current_month",
        entry_month=months,
        superseded_entry=[{"entry_id": 1, "cut_off": 2}],
        month=calendar(2),
    )
    assert row["quantity"] == 20


def test_a_bill_split_over_a_year_end_is_an_estimate_of_both_years(relation):
    rows = relation(
        "entry_current_month",
        entry_month=[
            {"entry_id": 1, "month": 202212, "quantity": 30, "is_split": True},
            {"entry_id": 1, "month": 202301, "quantity": 20, "is_split": True},
        ],
    )
    assert pairs(rows, "month", "estimated") == [(202212, 30), (202301, 20)]


def test_a_bill_split_within_a_year_is_no_estimate(relation):
    rows = relation(
        "entry_current_month",
        entry_month=[
            {"entry_id": 1, "month": 202301, "quantity": 30, "is_split": True},
            {"entry_id": 1, "month": 202302, "quantity": 20, "is_split": True},
        ],
    )
    assert pairs(rows, "month", "estimated") == [(202301, 0), (202302, 0)]


def test_the_year_end_is_that_of_the_reporting_year(relation):
    rows = relation(
        "entry_current_month",
        entry_month=[
            {"entry_id": 1, "month": 202303, "quantity": 30, "is_split": True},
            {"entry_id": 1, "month": 202304, "quantity": 20, "is_split": True},
        ],
        month=[
            {"month": 202303, "reporting_year": 2022},
            {"month": 202304, "reporting_year": 2023},
        ],
    )
    assert pairs(rows, "estimated") == [(20,), (30,)]


def test_what_was_entered_as_an_estimate_is_counted_apart(relation):
    [row] = relation(
        "entry_current_month",
        entry_month=[
            {"entry_id": 1, "month": 202301, "quantity": 5, "is_estimate": True},
            {"entry_id": 2, "month": 202301, "quantity": 7},
        ],
    )
    assert (row["quantity"], row["estimated"]) == (12, 5)


# coverage_month


BILL = {"key_id": 1, "site": "hq", "activity": "electricity"}  # without a meter


def expected(meter="", first_month=190001, left_month=999912):
    return {"site": "hq", "meter": meter, "activity": "electricity"} | {
        "first_month": first_month,
        "left_month": left_month,
    }


def coverage(relation, recorded, key=None, **other):
    rows = relation(
        "coverage_month",
        **{
            "entry_current_month": [{"key_id": 1, "month": month} for month in recorded],
            "activity_key": [BILL],
            "expected_key": [key or expected()],
            "site": [stay()],
        }
        | other,
    )
    return {row["month"]: row["covered"] for row in rows}


def test_a_month_without_a_figure_is_a_gap(relation):
    found = coverage(relation, [*range(202301, 202305), *range(202306, 202313)])
    assert [month for month, covered in found.items() if not covered] == [202305]


def test_months_before_the_first_figure_of_its_year_are_gaps(relation):
    found = coverage(relation, [202304, 202305])
    assert (min(found), max(found), len(found)) == (202301, 202312, 12)


def test_years_before_the_first_figure_of_a_meter_are_no_gaps(relation):
    rows = [{"key_id": 2, "month": 202201}, {"key_id": 1, "month": 202301}]
    keys = [BILL, BILL | {"key_id": 2, "activity": "diesel"}]
    found = coverage(relation, [], entry_current_month=rows, activity_key=keys)
    assert min(found) == 202301


def test_a_meter_is_expected_from_its_first_month(relation):
    found = coverage(relation, [202304, 202305], expected(first_month=202304))
    assert min(found) == 202304


def test_a_declared_meter_without_any_figure_lacks_every_month_of_the_book(relation):
    found = coverage(relation, [202301], expected(meter="declared"))
    assert found == {202300 + month: 0 for month in range(1, 13)}


def test_a_month_is_covered_whatever_the_detail_of_its_figure(relation):
    keys = [BILL | {"detail": "invoice 1"}, BILL | {"key_id": 2, "detail": "invoice 2"}]
    rows = [{"key_id": 1, "month": 202301}, {"key_id": 2, "month": 202302}]
    found = coverage(relation, [], entry_current_month=rows, activity_key=keys)
    assert [found[202301], found[202302], found[202303]] == [1, 1, 0]


def test_a_site_that_has_left_has_no_gap(relation):
    found = coverage(relation, [202301, 202302], site=[stay(left_month=202303)])
    assert found == {202301: 1, 202302: 1}


# site_month


def site_months(relation, *stays, months=(202301,), **tables):
    given = {"entry_current_month": [{"key_id": 1, "month": month} for month in months]}
    return relation("site_month", **given | {"site": stays} | tables)


def test_a_month_inside_says_all_that_its_flows_share(relation):
    said = {"policy": "CN: x", "share": "0.5", "treatment": "leased assets", "market": "CN"}
    [row] = site_months(relation, stay(**said))
    assert row == {
        "scenario": "actual",
        "site": "hq",
        "month": 202301,
        "reporting_year": 2023,
        "market": "CN",
        "treatment": "leased assets",
        "share": D("0.500000000000"),
        "policy": "CN: x",
        "factor_year": 2023,
    }


@pytest.mark.parametrize(
    ("first", "left", "inside"), [(202301, 202302, 1), (202302, 999912, 0), (202201, 202301, 0)]
)
def test_a_month_counts_from_the_first_month_until_the_one_the_site_left(
    relation, first, left, inside
):
    rows = site_months(relation, stay(first_month=first, left_month=left))
    assert len(rows) == inside


def test_a_second_stay_has_its_own_share(relation):
    rows = site_months(
        relation,
        stay(share="0.3", left_month=202304),
        stay(share="0.8", first_month=202304),
        months=(202301, 202306),
    )
    assert pairs(rows, "month", "share") == [(202301, D("0.3")), (202306, D("0.8"))]


@pytest.mark.parametrize(
    "table", ["service_event", "refrigerant_month", "plan_index", "plan_addition"]
)
def test_a_month_without_entries_has_its_row_where_anything_else_happens(relation, table):
    rows = site_months(relation, stay(), months=(), **{table: [{"month": 202305}]})
    assert pairs(rows, "month") == [(202305,)]


def test_a_month_of_a_closed_year_takes_the_factors_it_was_closed_with(relation, calendar):
    closed = calendar(m202301={"closed": "closed 2023"})
    rows = site_months(relation, stay(policy="CN: x"), months=(202301, 202302), month=closed)
    assert pairs(rows, "month", "policy") == [(202301, "closed 2023"), (202302, "CN: x")]


def test_a_shadow_scenario_takes_the_factors_of_a_fixed_month(relation):
    shadow = {"scenario": "shadow", "plan": "path", "is_recorded": False, "fixed_month": 202312}
    rows = site_months(relation, stay(), months=(202501,), scenario=[{}, shadow])
    assert pairs(rows, "scenario", "factor_year", "reporting_year") == [
        ("actual", 2025, 2025),
        ("shadow", 2023, 2025),
    ]


# activity_month


def months_of(relation, **tables):
    given = {
        "entry_current_month": [{"key_id": 1, "month": 202301, "quantity": "100.5"}],
        "activity_key": [HQ],
        "site_month": [inside(202301)],
    }
    return relation("metered_month", **given | tables)


def inside(month, scenario="actual"):
    return {"scenario": scenario, "site": "hq", "month": month, "reporting_year": month // 100}


def test_a_recorded_month_is_taken_with_its_meter_and_year(relation):
    [row] = months_of(relation)
    assert row == {
        "scenario": "actual",
        "site": "hq",
        "meter": "m1",
        "role": "grid_import",
        "activity": "electricity",
        "detail": "",
        "month": 202301,
        "unit": "kWh",
        "quantity": D("100.500000"),
        "reporting_year": 2023,
        "is_part": False,
    }


def test_a_month_outside_the_boundary_is_left_out(relation):
    assert months_of(relation, site_month=[inside(202302)]) == []


def test_a_meter_has_the_role_its_settings_say(relation):
    [row] = months_of(relation, meter=[{"meter": "m1", "site": "hq", "role": "it_load"}])
    assert row["role"] == "it_load"


PATH = {"scenario": "path", "plan": "path", "is_recorded": False}
LOAD = {"scenario": "path", "key_id": 1, "measure_set": 7}
INDEX = {"scenario": "path", "measure_set": 7, "month": 202501, "base_month": 202301}


def test_a_planned_month_is_its_base_month_times_the_index(relation):
    rows = months_of(
        relation,
        scenario=[{}, PATH],
        site_month=[inside(202301), inside(202501, "path")],
        plan_load=[LOAD, LOAD | {"key_id": 2, "measure_set": 8}],
        plan_index=[INDEX | {"multiplier": "0.333333333333"}],
    )
    # 100.5 x 0.333333333333 = 33.4999999999665, to six decimals
    assert pairs(rows, "scenario", "month", "quantity") == [
        ("actual", 202301, D("100.500000")),
        ("path", 202501, D("33.500000")),
    ]


@pytest.mark.parametrize(
    ("quantity", "multiplier", "planned"),
    [
        ("0.000001", "0.5", "0.000001"),  # a half of the last digit goes away from 0 ...
        ("-0.000001", "0.5", "-0.000001"),  # ... on either side of it
        ("0.000001", "0.499999999999", "0"),
        ("3.000001", "0.5", "1.500001"),  # 1.5000005
        ("-0.6", "0.000002500000", "-0.000002"),  # -0.0000015
        ("1.4", "0.000002500000", "0.000004"),  # 0.0000035
        ("20060.5", "2.709083952720", "54345.578634"),  # 54345.57863353956
        ("99999999999.999999", "0.999999999999", "99999999999.899999"),  # less 0.0999...
        ("0.000003", "999998.999999999999", "2.999997"),  # 2.999996999999999997
    ],
)
def test_a_planned_month_is_rounded_as_its_product_would_be(
    relation, quantity, multiplier, planned
):
    rows = months_of(
        relation,
        scenario=[PATH],
        entry_current_month=[{"key_id": 1, "month": 202301, "quantity": quantity}],
        site_month=[inside(202501, "path")],
        plan_load=[LOAD],
        plan_index=[INDEX | {"multiplier": multiplier}],
    )
    assert pairs(rows, "quantity") == [(D(planned),)]


def test_planned_months_are_rounded_products_whatever_their_digits(relation):
    random = Random(7)
    cases = {
        key: (
            D(random.randrange(-(10 ** random.randrange(1, 13)), 10 ** random.randrange(1, 13)))
            / 10**6,
            D(random.randrange(10 ** random.randrange(1, 16))) / 10**12,
        )
        for key in range(1, 301)
    }
    rows = months_of(
        relation,
        scenario=[PATH],
        activity_key=[HQ | {"key_id": key, "detail": str(key)} for key in cases],
        entry_current_month=[
            {"key_id": key, "month": 202301, "quantity": quantity}
            for key, (quantity, _) in cases.items()
        ],
        site_month=[inside(202501, "path")],
        plan_load=[LOAD | {"key_id": key, "measure_set": key} for key in cases],
        plan_index=[
            INDEX | {"measure_set": key, "multiplier": multiplier}
            for key, (_, multiplier) in cases.items()
        ],
    )
    assert {int(row["detail"]): row["quantity"] for row in rows} == {
        key: (quantity * multiplier).quantize(D("0.000001"), ROUND_HALF_UP)
        for key, (quantity, multiplier) in cases.items()
    }


def test_what_a_measure_adds_is_added_to_the_planned_month(relation):
    rows = months_of(
        relation,
        scenario=[PATH],
        site_month=[inside(202501, "path")],
        plan_load=[LOAD],
        plan_index=[INDEX],
        plan_addition=[{"scenario": "path", "key_id": 1, "month": 202501, "quantity": "-0.5"}],
    )
    assert pairs(rows, "month", "quantity") == [(202501, 100)]


def test_a_shadow_scenario_takes_the_months_of_another_plan(relation):
    rows = months_of(
        relation,
        scenario=[PATH, PATH | {"scenario": "shadow", "fixed_month": 202312}],
        site_month=[inside(202501, "path"), inside(202501, "shadow")],
        plan_load=[LOAD],
        plan_index=[INDEX],
    )
    assert pairs(rows, "scenario", "quantity") == [("path", D("100.5")), ("shadow", D("100.5"))]


# trace


def trace(relation, emitted, keys, **other):
    return relation(
        "trace",
        **{
            "emission": [{"site": "hq", "month": 202301, "gas": "CO2"} | emitted],
            "activity_key": [HQ | key for key in keys],
            "entry_month": [
                {"entry_id": 10 + key["key_id"], "key_id": key["key_id"], "month": 202301}
                for key in keys
            ],
            "entry": [{"entry_id": 10 + key["key_id"], "row": key["key_id"]} for key in keys],
            "batch": [{"batch_id": 1, "file": "power.csv"}],
        }
        | other,
    )


def test_a_tonne_is_traced_to_its_file_and_row(relation):
    emitted = {"meter": "m1", "activity": "electricity"}
    rows = trace(relation, emitted, [{"key_id": 1}, {"key_id": 2, "meter": "m2"}])
    assert pairs(rows, "entry_id", "file", "file_row") == [(11, "power.csv", 1)]


def test_an_entry_that_was_corrected_is_not_traced(relation):
    emitted = {"meter": "m1", "activity": "electricity"}
    assert (
        trace(
            relation, emitted, [{"key_id": 1}], superseded_entry=[{"entry_id": 11, "cut_off": 999}]
        )
        == []
    )


def test_an_entry_recorded_after_the_cut_off_is_not_traced(relation, calendar):
    emitted = {"meter": "m1", "activity": "electricity"}
    assert trace(relation, emitted, [{"key_id": 1}], month=calendar(0)) == []


def test_electricity_entered_with_a_detail_is_traced(relation):
    emitted = {"meter": "m1", "activity": "electricity"}
    rows = trace(relation, emitted, [{"key_id": 1}, {"key_id": 2, "detail": "peak hours"}])
    assert pairs(rows, "entry_id") == [(11,), (12,)]


def test_a_total_including_pv_is_traced_to_each_of_its_meters(relation):
    emitted = {"meter": "", "activity": "electricity_including_pv"}
    including = {"activity": "electricity_including_pv"}
    rows = trace(
        relation, emitted, [{"key_id": 1} | including, {"key_id": 2, "meter": "m2"} | including]
    )
    assert pairs(rows, "entry_id") == [(11,), (12,)]


@pytest.mark.parametrize(("meter", "entries"), [("", [(12,), (13,)]), ("m1", [(11,)])])
def test_pv_is_traced_to_the_meters_its_plant_names_or_to_all_others(relation, meter, entries):
    made = {"activity": "pv_generation"}
    keys = [{"key_id": number, "meter": name} for number, name in enumerate(["m1", "m2", ""], 1)]
    rows = trace(
        relation,
        {"meter": meter} | made,
        [key | made for key in keys],
        pv_term=[{"site": "hq", "meter": named} for named in ("", "m1")],
    )
    assert pairs(rows, "entry_id") == entries


def test_a_fuel_is_traced_by_its_meter_and_detail(relation):
    emitted = {"meter": "m1", "activity": "refrigerant", "detail": "R-32"}
    keys = [
        {"key_id": 1, "activity": "refrigerant", "detail": "R-32"},
        {"key_id": 2, "activity": "refrigerant", "detail": "R-134a"},
    ]
    assert pairs(trace(relation, emitted, keys), "entry_id") == [(11,)]


# filled_month


def test_a_fill_is_one_sum_of_products_rounded_once(relation):
    third = D("0.333333333333")
    found = relation(
        "filled_month",
        entry_current_month=[
            {"key_id": 1, "month": 202301, "quantity": "1.000001"},
            {"key_id": 1, "month": 202303, "quantity": "0.000001"},
            {"key_id": 2, "month": 202301, "quantity": "9"},
        ],
        fill_term=[
            {"key_id": 1, "month": 202302, "base_month": 202301, "multiplier": third},
            {"key_id": 1, "month": 202302, "base_month": 202303, "multiplier": third},
        ],
        closed_fill=[{"key_id": 3, "month": 202102, "quantity": "5"}],
    )
    # 1.000001 x 0.333... + 0.000001 x 0.333... = 0.333333999999...: 0.333334 (parts: 0.333334 + 0)
    assert [(row["key_id"], row["month"], row["quantity"]) for row in found] == [
        (1, 202302, D("0.333334")),
        (3, 202102, D("5.000000")),
    ]
