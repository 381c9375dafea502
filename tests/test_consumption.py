"""What nodes used and emitted by month: the same in every way to add it up."""

from __future__ import annotations

from fractions import Fraction

import pytest

from carbon.consumption import consumption
from carbon.errors import CarbonError, UsageError
from carbon.performance import ORGANISATION

TREE = """
[[site]]
name = "plant"
region = "CN-ZJ"
[[site.meter]]
name = "main"
[[site.meter]]
name = "paint"
of = "main"
[[site]]
name = "hq"
region = "CN-ZJ"
[[area]]
name = "production"
holds = ["plant"]
[[area]]
name = "paint-shop"
part_of = "production"
holds = ["plant/paint"]
[[area]]
name = "office"
holds = ["hq"]
"""


def log(book, site, quantity, activity="electricity", unit="MWh", month="2023-07", **more):
    said = {"site": site, "activity": activity, "month": month, "unit": unit}
    assert book.log("activity", said | {"quantity": str(quantity)} | more).recorded == 1


@pytest.fixture
def used(make):
    """The consumption of a plant that used 100 MWh, 30 of them in its paint shop, and an office."""

    def made(*more):
        book = make(TREE, bills={})
        log(book, "plant", 100, meter="main")
        log(book, "plant", 30, meter="paint")
        log(book, "hq", 10)
        for site, quantity, said in more:
            log(book, site, quantity, **said)
        with book.run() as run:
            return consumption(run)

    return made


def july(used, metric, node):
    return used.series(metric, node).months.get(202307)


def test_a_sub_meter_is_its_areas_and_counted_once_above_it(used):
    found = used()
    nodes = ("paint-shop", "production", "office", "plant", ORGANISATION)
    assert [july(found, "electricity", node) for node in nodes] == [
        30_000,
        100_000,
        10_000,
        100_000,
        110_000,
    ]


@pytest.mark.parametrize("metric", ["energy", "emissions", "standard_coal", "scope2_market"])
def test_departments_add_up_to_the_organisation(used, metric):
    found = used(("plant", 500, {"activity": "natural_gas", "unit": "m3"}))
    parts = [july(found, metric, node) for node in ("production", "office")]
    assert sum(parts) == july(found, metric, ORGANISATION) > 0


def test_a_sub_meter_emits_as_its_main_does(used):
    found = used()
    share = july(found, "scope2_location", "paint-shop") / july(found, "scope2_location", "plant")
    assert share == Fraction(30, 100)


def test_energy_counts_every_carrier_in_mwh(used):
    assert july(used(), "energy", ORGANISATION) == 110


def test_a_fuel_in_two_units_is_not_added_up(used):
    gas = {"activity": "natural_gas"}
    found = used(
        ("hq", 5, gas | {"unit": "m3"}), ("hq", 5, gas | {"unit": "GJ (net)", "month": "2023-08"})
    )
    with pytest.raises(CarbonError, match="do not add up"):
        found.series("natural_gas", "hq")


@pytest.mark.parametrize(
    ("metric", "near"), [("electrcity", "electricity"), ("emission", "emissions")]
)
def test_a_metric_there_is_none_of_is_named_with_the_nearest(used, metric, near):
    with pytest.raises(UsageError) as told:
        used().series(metric)
    assert told.value.nearest == near
