"""Departments and key areas: a tree of three levels, and which meter stands where."""

from __future__ import annotations

import pytest

from carbon import inputs
from carbon.errors import SettingsError
from carbon.settings import read

BOOK = """
[organisation]
name = "Acme"
[[site]]
name = "hq"
region = "CN-SH"
[[site]]
name = "plant"
region = "CN-ZJ"
[[site.meter]]
name = "plant-main"
[[site.meter]]
name = "paint"
role = "sub_meter"
"""


def area(name: str, *holds: str, part_of: str = "") -> str:
    listed = ", ".join(f'"{each}"' for each in holds)
    return f'[[area]]\nname = "{name}"\npart_of = "{part_of}"\nholds = [{listed}]\n'


def stands(*areas: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Department and key area by site and meter, of all that have any."""
    rows = inputs.meter_area(read(BOOK + "".join(areas)))
    return {(site, meter): (where, key) for site, meter, where, key in rows if where}


def refused(*areas: str) -> str:
    with pytest.raises(SettingsError) as told:
        read(BOOK + "".join(areas))
    return str(told.value)


def test_a_site_stands_in_a_department_with_its_bills_and_all_its_meters():
    assert stands(area("making", "plant")) == {
        ("plant", ""): ("making", ""),
        ("plant", "plant-main"): ("making", ""),
        ("plant", "paint"): ("making", ""),
    }


def test_a_key_area_of_a_department_is_the_third_level():
    found = stands(area("making", "plant"), area("paint shop", "plant/paint", part_of="making"))
    assert found["plant", "paint"] == ("making", "paint shop")
    assert found["plant", "plant-main"] == ("making", "")


def test_what_is_said_of_a_meter_goes_before_what_is_said_of_its_site():
    found = stands(area("making", "plant"), area("painting", "plant/paint"))
    assert found["plant", "paint"] == ("painting", "")
    assert found["plant", ""] == ("making", "")


def test_a_department_and_its_key_area_may_hold_the_same_meter_which_stands_in_the_key_area():
    both = area("making", "plant/paint"), area("shop", "plant/paint", part_of="making")
    assert stands(*both) == stands(*reversed(both)) == {("plant", "paint"): ("making", "shop")}


def test_whatever_no_area_holds_is_listed_without_one():
    rows = inputs.meter_area(read(BOOK + area("office", "hq")))
    assert ("plant", "plant-main", "", "") in rows


def test_one_site_may_be_written_without_a_list():
    said = '[[area]]\nname = "office"\nholds = "hq"\n'
    assert stands(said) == {("hq", ""): ("office", "")}


@pytest.mark.parametrize(
    ("areas", "told"),
    [
        ([area("a", part_of="b"), area("b", part_of="a")], "area 'a' is part of itself: a in b in"),
        ([area("a", part_of="a")], "area 'a' is part of itself"),
        ([area("making"), area("shop", part_of="makin")], "which is no area; nearest: making"),
        (
            [area("a"), area("b", part_of="a"), area("c", part_of="b")],
            "area 'c' stands too deep: c in b in a in the organisation",
        ),
        ([area("a", "plnt")], "there is no site 'plnt'; nearest: plant"),
        ([area("a", "plant/pint")], "has no meter 'pint'; nearest: paint"),
        ([area("a", "hq/paint")], "site 'hq' has no meter 'paint'"),
        ([area("a", "paint")], "there is no site 'paint'; write plant/paint"),
        ([area("a", "plant/")], "has no meter ''"),
        ([area("a"), area("a")], "area 'a' is there twice"),
        ([area("a", "hq", "hq")], "area 'a' holds 'hq' twice"),
        ([area("a"), area("b", "hq", "hq", part_of="a")], "area 'b' holds 'hq' twice"),
        ([area("a", "hq"), area("b", "hq")], "'hq' stands in two departments, 'a' and 'b'"),
        (
            [area("a", "plant/paint"), area("b"), area("c", "plant/paint", part_of="b")],
            "'plant/paint' stands in two departments, 'a' and 'b'",
        ),
        (
            [area("a"), area("b", "hq", part_of="a"), area("c", "hq", part_of="a")],
            "'hq' stands in two key areas, 'b' and 'c'",
        ),
        ([area("unassigned")], "no area can be called 'unassigned'"),
        ([area("organisation")], "no area can be called 'organisation'"),
        ([area("a/b")], "a name has no slash"),
    ],
)
def test_a_tree_that_does_not_hang_together_is_refused(areas, told):
    assert told in refused(*areas)


def test_the_relation_can_be_asked_in_a_book(make):
    book = make('[[site]]\nname = "hq"\nregion = "CN-ZJ"\n' + area("office", "hq"), bills={})
    rows = book.sql("select site, meter, department, area from meter_area").rows
    assert rows == [{"site": "hq", "meter": "", "department": "office", "area": ""}]
