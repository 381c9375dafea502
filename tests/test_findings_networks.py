"""Classic mistakes of electricity: told, or made impossible."""

from __future__ import annotations

from decimal import Decimal

import pytest
from published import total

GRID = "electricity,CO2e,1,tCO2e/MWh"
HQ = '[[site]]\nname = "hq"\nregion = "CN-ZJ"\n'


def codes(book) -> set[str]:
    return {problem.code for problem in book.check()}


@pytest.mark.parametrize(("unit", "energy"), [("kWh", "1000"), ("MWh", "1"), ("MJ", "3600")])
def test_a_quantity_never_changes_its_unit_silently(worked, unit, energy):
    assert total(worked(f"electricity,{energy},{unit}", GRID), "scope2", "location") == 1000


METERS = """
[[site]]
name = "hq"
region = "CN-ZJ"
[[site.meter]]
name = "main"
[[site.meter]]
name = "floor 2"
role = "sub_meter"
"""


def test_a_main_meter_and_its_sub_meter_are_never_added(worked):
    book = worked("pv_generation,0,MWh", GRID, site=METERS)
    for meter, energy in (("main", "100"), ("floor 2", "40")):
        said = {"site": "hq", "meter": meter, "activity": "electricity", "year": "2023"}
        book.log("activity", said | {"quantity": energy, "unit": "MWh"})
    assert total(book, "scope2", "location") == 100_000


def test_exported_pv_is_never_netted_against_the_import(worked):
    rows = "electricity,100,MWh\npv_generation,80,MWh\npv_export,80,MWh"
    book = worked(rows, GRID)
    assert [total(book, "scope2", each) for each in ("location", "market")] == [100_000] * 2


@pytest.mark.parametrize("accounting", ["location", "market"])
def test_exporting_more_pv_never_lowers_scope_2(worked, accounting):
    book = worked("electricity_including_pv,100,MWh\npv_generation,80,MWh", GRID)
    before, said = total(book, "scope2", accounting), {"site": "hq", "activity": "pv_export"}
    for month in ("2023-03", "2023-06", "2023-09"):
        book.log("activity", said | {"month": month, "quantity": "3", "unit": "MWh"})
        after = total(book, "scope2", accounting)
        assert after == before + Decimal(3000)  # what is exported is not used, so the grid gives it
        before = after
