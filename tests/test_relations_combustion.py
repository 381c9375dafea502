"""Relations of combustion: blends over their components, and blends that cannot be split."""

from __future__ import annotations

from decimal import Decimal

DIESEL = {
    "activity": "diesel",
    "method": "direct",
    "line": "scope1",
    "family": "fuel",
    "topic": "fuel/diesel",
}
BOUGHT = {
    "site": "hq",
    "activity": "diesel",
    "detail": "B20",
    "month": 202301,
    "unit": "L",
    "quantity": 100,
}
B20 = [
    {"site": "hq", "activity": "diesel", "detail": "B20", "unit": "L", "topic": topic, "part": part}
    for topic, part in (("fuel/biodiesel", "0.2"), ("fuel/diesel", "0.8"))
]


def flows(relation, *, bought=BOUGHT, parts=B20, methods=(DIESEL,)):
    rows = relation(
        "flow_direct", activity_month=[bought], method=list(methods), fuel_part=list(parts)
    )
    return [(row["line"], row["topic"], row["part"], row["quantity"]) for row in rows]


def test_a_blend_flows_to_each_component_by_its_part(relation):
    assert flows(relation) == [
        ("scope1", "fuel/biodiesel", Decimal("0.2"), 100),
        ("scope1", "fuel/diesel", Decimal("0.8"), 100),
    ]


def test_the_standard_coal_of_a_blend_is_that_of_its_fuel(relation):
    coal = DIESEL | {"line": "energy", "topic": "standard_coal/diesel", "family": "standard_coal"}
    assert flows(relation, methods=[coal]) == [("energy", "standard_coal/diesel", 1, 100)]


def test_what_is_no_blend_flows_whole(relation):
    assert flows(relation, bought=BOUGHT | {"detail": "boiler"}) == [
        ("scope1", "fuel/diesel", 1, 100)
    ]


def test_a_blend_is_split_only_in_the_months_it_holds(relation):
    parts = [row | {"first_month": 202302} for row in B20]
    assert flows(relation, parts=parts) == [("scope1", "fuel/diesel", 1, 100)]


def test_a_blend_of_another_site_is_not_split(relation):
    assert flows(relation, bought=BOUGHT | {"site": "mill"}) == [("scope1", "fuel/diesel", 1, 100)]


def test_a_blend_in_a_unit_its_shares_are_not_of_is_found(relation):
    found = relation("blend_not_split", activity_month=[BOUGHT | {"unit": "kg"}], fuel_part=B20)
    assert [(row["detail"], row["unit"], row["quantity"]) for row in found] == [("B20", "kg", 100)]


def test_a_blend_that_is_split_is_not_found(relation):
    assert relation("blend_not_split", activity_month=[BOUGHT], fuel_part=B20) == []


NOT_SERVED = {"topic": "fuel/biodiesel", "place": "hq", "unit": "L", "part": "0.2", "quantity": 100}


def test_of_a_blend_only_the_component_without_a_factor_is_not_counted(relation):
    [lost] = relation("flow_not_counted", flow=[NOT_SERVED])
    assert lost["quantity"] == 20


def test_of_a_blend_only_the_component_is_told_as_without_a_factor(relation):
    [lost] = relation("flow_without_factor", flow=[NOT_SERVED])
    assert lost["quantity"] == 20
