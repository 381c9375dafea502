"""Energy bought and supplied to others: a published example, and what holds at every amount."""

from __future__ import annotations

from decimal import Decimal

import pytest
from published import prints, published, total

from carbon.inventory import coverage

GRID = "electricity,CO2e,1,tCO2e/MWh"


@published("WRI/WBCSD, Corporate Value Chain (Scope 3) Standard (2011), table 5.6")
def test_a_utility_has_what_it_used_itself_in_scope_2_and_what_it_sold_in_scope_3(worked):
    book = worked("electricity,100,MWh\nsupplied_to_others,90,MWh", GRID)
    assert prints(total(book, "scope2", "location") / 1000, "10")
    assert prints(total(book, "scope2", "market") / 1000, "10")
    assert prints(total(book, "scope3", "location") / 1000, "90")


def by_category(book) -> dict[str, Decimal]:
    rows = book.sql(
        "select category, sum(co2e_g) as g from total where accounting <> 'market'"
        " and line in ('scope2', 'scope3') group by 1"
    ).rows
    return {row["category"]: Decimal(row["g"]).scaleb(-6) for row in rows}


def test_what_was_supplied_on_has_a_line_of_its_own(worked):
    book = worked("electricity,100,MWh\nsupplied_to_others,30,MWh", GRID)
    assert by_category(book) == {"purchased electricity": 70, "energy supplied to others": 30}


@pytest.mark.parametrize("supplied", ["0", "40", "100", "250"])
def test_scope_2_never_falls_below_zero_and_nothing_is_lost(worked, supplied):
    book = worked(f"electricity,100,MWh\nsupplied_to_others,{supplied},MWh", GRID)
    rest, passed = total(book, "scope2", "market"), total(book, "scope3", "location")
    assert rest >= 0
    assert rest + passed == 100_000


def test_supplying_more_than_was_bought_is_found(worked):
    book = worked("electricity,100,MWh\nsupplied_to_others,250,MWh", GRID)
    assert "supplied-beyond-purchase" in {problem.code for problem in book.check()}


def test_certificates_cover_only_what_was_not_supplied_on(worked):
    book = worked("electricity,100,MWh\nsupplied_to_others,30,MWh", GRID)
    said = {"instrument_id": "g1", "kind": "GEC", "market": "CN", "energy": "100", "unit": "MWh"}
    said |= {"vintage": "2023", "claim_year": "2023", "retired_on": "2024-03-01"}
    book.log("instrument", said)
    used = book.sql("select sum(used_kwh) as kwh from instrument_use").rows[0]["kwh"]
    assert used == 70_000
    assert total(book, "scope2", "market") == 0


def test_heat_supplied_on_leaves_scope_2_by_both_methods(worked):
    rows = "heat,100,GJ\nheat_supplied_to_others,40,GJ"
    book = worked(rows, "heat,CO2e,0.1,tCO2e/GJ")
    lines = [("scope2", "location"), ("scope2", "market"), ("scope3", "location")]
    assert [total(book, *line) for line in lines] == [6000, 6000, 4000]


def test_the_energy_sheet_leaves_out_what_was_supplied_on(worked):
    rows = (
        "electricity,100,MWh\nsupplied_to_others,30,MWh\nheat,100,GJ\nheat_supplied_to_others,40,GJ"
    )
    book = worked(rows, GRID, "heat,CO2e,0.1,tCO2e/GJ")
    # 70 MWh at 0.1229 kgce/kWh and 60 GJ at 0.03412 kgce/MJ
    [row] = book.sql("select sum(mass_g) as g from total where line = 'energy'").rows
    assert Decimal(row["g"]) == 1000 * (70_000 * Decimal("0.1229") + 60_000 * Decimal("0.03412"))


def test_what_an_entry_supplied_on_adds_up_to_nothing(worked):
    book = worked("electricity,100,MWh\nsupplied_to_others,30,MWh", GRID)
    told = book.explain("entry 2")
    assert told.total_g == 0


def test_what_was_supplied_on_is_explained_down_to_its_row(worked):
    book = worked("electricity,100,MWh\nsupplied_to_others,30,MWh", GRID)
    [chain] = book.explain("scope3 2023-01 supplied_to_others").chains
    assert (chain.file, chain.row) == ("rows.csv", 3)


def test_shares_of_data_quality_are_of_what_is_left(worked):
    book = worked("electricity,100,MWh\nsupplied_to_others,30,MWh", GRID)
    with book.run() as run:
        [row] = coverage(run).rows
    assert row["unstated_share"] == pytest.approx(1)
