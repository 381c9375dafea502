"""Main and sub-meters, virtual meters and areas: what counts, what moves, on both engines."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

KEYS = {"main": 1, "sub": 2, "leaf": 3, "rest": 4}
INSIDE = {"site": "hq", "month": 202301, "reporting_year": 2023}


def of(meter, *mains, activity="electricity", told="electricity", **other):
    """A meter below others, the nearest first."""
    said = {"site": "hq", "meter": meter, "activity": activity, "depth": len(mains)}
    said |= {"main_activity": told, "is_counted": True} | other
    return [said | {"main": main, "distance": at} for at, main in enumerate(mains, start=1)]


def term(meter, times, terms=2, **other):
    said = {"site": "hq", "meter": "rest", "activity": "electricity", "term": meter}
    return said | {"term_activity": "electricity", "times": times, "terms": terms} | other


def metered(relation, readings, **tables):
    """`metered_month` of readings of the head office in January 2023. [kWh]"""
    return relation(
        "metered_month",
        site_month=[INSIDE],
        activity_key=[
            {"key_id": KEYS[meter], "site": "hq", "meter": meter, "activity": "electricity"}
            for meter in readings
        ],
        entry_current_month=[
            {"key_id": KEYS[meter], "month": 202301, "quantity": quantity}
            for meter, quantity in readings.items()
        ],
        **tables,
    )


def by_meter(rows, column="quantity"):
    return {row["meter"]: row[column] for row in rows}


# metered_month


def test_a_sub_meter_is_a_part_of_its_main(relation):
    rows = metered(relation, {"main": 100, "sub": 30}, meter_part=of("sub", "main"))
    assert by_meter(rows, "is_part") == {"main": False, "sub": True}


def test_a_meter_with_several_mains_above_it_stands_there_once(relation):
    rows = metered(relation, {"leaf": 10}, meter_part=of("leaf", "sub", "main"))
    assert len(rows) == 1


def test_before_its_main_was_there_a_sub_meter_counts(relation):
    part = of("sub", "main", first_month=202302)
    rows = metered(relation, {"sub": 30}, meter_part=part)
    assert by_meter(rows, "is_part") == {"sub": False}


def test_a_meter_below_one_of_another_kind_counts(relation):
    rows = metered(relation, {"sub": 30}, meter_part=of("sub", "main", is_counted=False))
    assert by_meter(rows, "is_part") == {"sub": False}


def test_a_virtual_meter_is_what_it_is_computed_of_and_never_counts(relation):
    terms = [term("main", 1), term("sub", -1)]
    rows = metered(relation, {"main": 100, "sub": 30}, meter_term=terms)
    [rest] = [row for row in rows if row["meter"] == "rest"]
    assert (rest["quantity"], rest["role"], rest["is_part"]) == (70, "virtual", True)


def test_a_virtual_meter_has_no_figure_where_one_of_its_meters_has_none(relation):
    rows = metered(relation, {"main": 100}, meter_term=[term("main", 1), term("sub", -1)])
    assert by_meter(rows) == {"main": 100}


def test_what_is_recorded_on_a_virtual_meter_is_left_out(relation):
    virtual = [{"meter": "rest", "site": "hq", "role": "virtual"}]
    assert metered(relation, {"rest": 5}, meter=virtual) == []


# activity_month


@pytest.mark.parametrize(("is_part", "found"), [(False, 1), (True, 0)])
def test_only_what_is_no_part_of_another_meter_is_added(relation, is_part, found):
    row = {"site": "hq", "meter": "sub", "activity": "electricity", "month": 202301, "quantity": 5}
    assert len(relation("activity_month", metered_month=[row | {"is_part": is_part}])) == found


# area_month

AREAS = [
    {"site": "hq", "meter": "main", "department": "making", "area": ""},
    {"site": "hq", "meter": "sub", "department": "making", "area": "paint"},
    {"site": "hq", "meter": "leaf", "department": "it", "area": ""},
]
TREE = of("sub", "main") + of("leaf", "sub", "main")


def reading(meter, quantity, **other):
    said = {"site": "hq", "meter": meter, "activity": "electricity", "month": 202301}
    return said | {"quantity": quantity, "role": "grid_import"} | other


def read(*readings):
    """The same as what each meter reads, whatever its role."""
    return [{name: each[name] for name in each if name != "role"} for each in readings]


def test_the_details_of_a_meter_are_one_reading_and_plans_are_none(relation):
    one, two = reading("main", 60, detail="day"), reading("main", 40, detail="night")
    planned = reading("main", 7, scenario="path")
    rows = relation("meter_month", metered_month=[one, two, planned])
    assert [(row["meter"], row["quantity"]) for row in rows] == [("main", 100)]


def areas(relation, *readings, bought=100, tree=TREE, **tables):
    """Energy by department and key area of the head office, of which `main` counts. [kWh]"""
    given = {
        "meter_month": read(*readings),
        "meter_part": tree,
        "meter_area": AREAS,
        "flow": [reading_flow("main", bought)],
    }
    rows = relation("area_month", **given | tables)
    found: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        node = (row["department"], row["area"])
        found[node] = found.get(node, Decimal(0)) + row["quantity"]
    return {node: quantity for node, quantity in found.items() if quantity}


def reading_flow(meter, quantity, **other):
    said = {"site": "hq", "meter": meter, "activity": "electricity", "month": 202301}
    return said | {"line": "energy", "quantity": quantity} | other


def test_a_sub_meter_takes_its_use_from_its_mains_area_to_its_own(relation):
    found = areas(relation, reading("main", 100), reading("sub", 30))
    assert found == {("making", ""): 70, ("making", "paint"): 30}


def test_the_use_of_a_meter_two_below_is_taken_off_once(relation):
    found = areas(relation, reading("main", 100), reading("sub", 30), reading("leaf", 12))
    assert found == {("making", ""): 70, ("making", "paint"): 18, ("it", ""): 12}


def test_a_sub_meter_of_a_meter_without_a_figure_moves_nothing(relation):
    found = areas(relation, reading("main", 100), reading("leaf", 12))
    assert found == {("making", ""): 100}


def test_a_sub_meter_whose_main_does_not_count_that_month_moves_nothing(relation):
    assert areas(relation, reading("sub", 30), flow=[]) == {}


def test_a_sub_meter_in_another_unit_than_its_main_moves_nothing(relation):
    found = areas(relation, reading("main", 100), reading("sub", 30, unit="MJ"))
    assert found == {("making", ""): 100}


def test_the_load_of_an_it_meter_moves_as_the_electricity_it_is(relation):
    tree = of("leaf", "main", activity="it_load", is_counted=False)
    it = reading("leaf", 40, activity="it_load", role="it_load")
    found = areas(relation, reading("main", 100), it, tree=tree)
    assert found == {("making", ""): 60, ("it", ""): 40}


def test_what_has_no_area_is_unassigned(relation):
    found = areas(relation, reading("main", 100), meter_area=AREAS[1:])
    assert found == {("", ""): 100}


def test_a_total_that_includes_pv_stands_with_its_meter_and_its_pv_with_the_site(relation):
    # 100 kWh used, of which 40 from the roof: 60 bought, and 40 of PV
    told = {"activity": "electricity_including_pv"}
    found = areas(
        relation,
        reading("main", 100, **told),
        reading("sub", 30),
        tree=of("sub", "main", told="electricity_including_pv"),
        activity_month=[reading("main", 100, **told)],
        flow=[reading_flow("", 60, **told), reading_flow("", 40, activity="pv_generation")],
    )
    assert found == {("making", ""): 70, ("making", "paint"): 30}


def test_only_recorded_energy_stands_in_areas(relation):
    ahead = reading_flow("main", 100, scenario="path")
    emitting = reading_flow("main", 100, line="scope2")
    assert areas(relation, flow=[ahead, emitting]) == {}


def test_areas_add_up_to_what_counts_whatever_is_metered_below(relation):
    draw = Random(5)
    for _ in range(12):
        names = ["main", "a", "b", "c", "d"]
        above = {name: draw.choice(names[:at]) for at, name in enumerate(names) if at}
        tree = []
        for name in above:
            path = [above[name]]
            while path[-1] in above:
                path.append(above[path[-1]])
            tree += of(name, *path)
        below = [reading(name, draw.randint(0, 90)) for name in above if draw.random() < 0.8]
        areas_of = [
            {"site": "hq", "meter": name, "department": draw.choice("xyz")}
            for name in names
            if draw.random() < 0.8
        ]
        found = areas(relation, reading("main", 100), *below, tree=tree, meter_area=areas_of)
        assert sum(found.values()) == 100


# sub_above_main


@pytest.mark.parametrize(("sub", "found"), [(102, 0), ("102.000001", 1)])
def test_sub_meters_two_percent_above_their_main_are_found(relation, sub, found):
    rows = relation(
        "sub_above_main",
        meter_month=read(reading("main", 100), reading("sub", 60), reading("leaf", _less(sub))),
        meter_part=of("sub", "main") + of("leaf", "main"),
    )
    assert [row["meters"] for row in rows] == [2] * found


def test_a_sub_meter_may_use_the_pv_of_its_site_as_well(relation):
    pv = [{"site": "hq", "month": 202301, "self_used_kwh": 50}]
    readings = [reading("main", 100), reading("sub", 150)]
    asked = {"meter_month": read(*readings), "meter_part": of("sub", "main")}
    assert relation("sub_above_main", **asked, pv_month=pv) == []
    assert len(relation("sub_above_main", **asked)) == 1


def test_a_meter_two_below_is_not_held_against_the_highest(relation):
    readings = [reading("main", 100), reading("sub", 90), reading("leaf", 80)]
    assert relation("sub_above_main", meter_month=read(*readings), meter_part=TREE) == []


def test_a_sub_meter_in_another_unit_is_not_held_against_its_main(relation):
    readings = read(reading("main", 100), reading("sub", 150, unit="MJ"))
    assert (
        relation("sub_above_main", meter_month=read(*readings), meter_part=of("sub", "main")) == []
    )


def _less(whole):
    """What the second sub-meter reads. [kWh]"""
    return Decimal(whole) - 60
