"""Published examples of charging vehicles, and what is never added."""

from __future__ import annotations

from decimal import Decimal

import pytest
from published import prints, published, total

from carbon.inventory import outside

EUROPE = "electricity,CO2e,349.2,gCO2e/kWh"


@published("Smart Freight Centre, GLEC Framework v3.0 (2024), module 4, battery electric vehicles")
@pytest.mark.parametrize("method", ["location", "market"])
def test_public_charging_is_energy_times_the_factor_of_the_grid(worked, method):
    factors = [EUROPE, f"{EUROPE},market"]
    assert prints(total(worked("public_charging,100000,kWh", *factors), "scope2", method), "34,920")


CHARGER = """
[[site]]
name = "hq"
region = "CN-ZJ"
[[site.meter]]
name = "car park"
role = "charger"
"""


@pytest.fixture
def charged(worked):
    book = worked("electricity,100,MWh", "electricity,CO2e,1,tCO2e/MWh", site=CHARGER)
    said = {"site": "hq", "meter": "car park", "activity": "electricity", "year": "2023"}
    book.log("activity", said | {"quantity": "20", "unit": "MWh"})
    return book


def test_an_own_charger_is_in_the_bill_already(charged):
    assert total(charged, "scope2", "location") == 100_000


def test_an_own_charger_is_shown_beside_the_import(charged):
    with charged.run() as run:
        [row] = outside(run).rows
    assert (row["import_mwh"], row["charged_mwh"]) == (100, 20)


def test_certificates_do_not_cover_public_charging(worked):
    book = worked("electricity,10,MWh\npublic_charging,10,MWh", "electricity,CO2e,1,tCO2e/MWh")
    said = {"instrument_id": "g1", "kind": "GEC", "market": "CN", "energy": "20", "unit": "MWh"}
    said |= {"vintage": "2023", "claim_year": "2023", "retired_on": "2024-03-01"}
    book.log("instrument", said)
    assert total(book, "scope2", "market") == 10_000


def test_public_charging_counts_in_the_energy_sheet(worked):
    book = worked("public_charging,10,MWh", "electricity,CO2e,1,tCO2e/MWh")
    [row] = book.sql("select sum(mass_g) as g from total where line = 'energy'").rows
    assert Decimal(row["g"]) == 10_000 * 1000 * Decimal("0.1229")


def test_public_charging_is_explained_down_to_its_row(worked):
    book = worked("public_charging,10,MWh", "electricity,CO2e,1,tCO2e/MWh")
    [chain] = book.explain("scope2-location 2023-01").chains
    assert (chain.file, chain.row) == ("rows.csv", 2)


def test_public_charging_stands_beside_the_waterfall_of_what_was_bought(worked):
    book = worked("electricity,1000,kWh\npublic_charging,500,kWh", "electricity,CO2,0.5,kgCO2/kWh")
    rows = book.instruments("2023")[0].rows
    assert [(row["step"], row["energy_mwh"]) for row in rows] == [("imported", 1), ("uncovered", 1)]
