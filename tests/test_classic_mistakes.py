"""The mistakes that inventories are known for, and that cannot happen here. One test, one mistake.

Each walks from what a person hands in to the total, and would pass nowhere if the guard were gone.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from published import total

from carbon.errors import CarbonError

D = Decimal
GRID = "electricity,CO2,0.5,kgCO2/kWh"
MARKET = "electricity,CO2,0.7,kgCO2/kWh,market"


def problems(book, layout="activity", **said) -> list[str]:
    return [each.code for each in book.log(layout, said).problems]


def certificate(**other) -> dict[str, str]:
    said = {"instrument_id": "c1", "kind": "GEC", "market": "CN", "energy": "40", "unit": "MWh"}
    return said | {"vintage": "2023", "retired_on": "2023-12-01", "beneficiary": "Acme"} | other


def market(book) -> D:
    """Market-based Scope 2 of 2023. [t CO2e]"""
    return total(book, "scope2", "market") / 1000


def test_exported_pv_is_not_netted_off_what_was_bought(worked):
    book = worked("electricity,100,MWh\npv_generation,80,MWh\npv_export,60,MWh", GRID, MARKET)
    assert total(book, "scope2", "location") == 50_000  # 100,000 kWh x 0.5, whatever was exported
    assert market(book) == 70


def test_a_main_meter_and_its_sub_meter_are_not_added(worked):
    meters = '[[site.meter]]\nname = "main"\n[[site.meter]]\nname = "sub"\nrole = "sub_meter"\n'
    book = worked("electricity,100,MWh", GRID, settings=meters)
    said = {"site": "hq", "activity": "electricity", "year": "2022", "unit": "MWh"}
    book.log("activity", said | {"meter": "main", "quantity": "100"})
    book.log("activity", said | {"meter": "sub", "quantity": "30"})
    rows = book.sql("select sum(energy_kwh) as kwh from import_month where reporting_year = 2022")
    assert rows.rows[0]["kwh"] == 100_000


def test_a_certificate_is_not_used_twice(worked):
    book = worked("electricity,100,MWh", GRID, MARKET)
    book.log("instrument", certificate(evidence="retirement 17"))
    with pytest.raises(CarbonError):
        book.log("instrument", certificate(instrument_id="c2", evidence="retirement 17"))
    assert market(book) == (100 - 40) * D("0.7")


def test_a_certificate_of_another_market_covers_nothing(worked):
    book = worked("electricity,100,MWh", GRID, MARKET)
    book.log("instrument", certificate(kind="GO", market="DE", factor="0"))
    assert market(book) == 70


@pytest.mark.parametrize("year", ["2020", "2024"])
def test_a_certificate_of_another_year_covers_nothing(worked, year):
    book = worked("electricity,100,MWh", GRID, MARKET)
    book.log("instrument", certificate(vintage=year, claim_year="2023"))
    assert market(book) == 70


def test_a_certificate_that_nobody_retired_covers_nothing(worked):
    book = worked("electricity,100,MWh", GRID, MARKET)
    book.log("instrument", certificate(retired_on=""))
    assert market(book) == 70


def test_certificates_beyond_what_was_bought_bring_no_total_below_zero(worked):
    book = worked("electricity,100,MWh", GRID, MARKET)
    book.log("instrument", certificate(energy="500"))
    assert market(book) == 0


def test_gross_energy_takes_no_net_factor(worked):
    book = worked("natural_gas,1,GJ")  # the national factors of China are by net energy
    said = {"site": "hq", "activity": "natural_gas", "year": "2022", "quantity": "1"}
    assert problems(book, **said, unit="GJ gross") == ["wrong-dimension"]


def test_a_factor_made_with_one_gwp_set_is_not_told_in_another(worked):
    book = worked("heat,1000,MJ", "heat,CO2e,0.1,kgCO2e(AR4)/MJ")
    rows = book.sql("select distinct gas from emission where line = 'scope2'").rows
    assert [row["gas"] for row in rows] == ["CO2e (unsplit, AR4)"]
    assert any("AR4" in note for note in book.inventory().notes)


def test_a_factor_of_an_earlier_year_is_not_taken_silently(make):
    book = make('[[site]]\nname = "hq"\nregion = "CN-ZJ"\n', bills={("hq", 2025): 10})
    notes = " ".join(book.inventory().notes)
    assert "factors of an earlier year (up to 2 years)" in notes  # the newest statistic is of 2023


def test_a_short_ton_is_no_tonne(worked):
    book = worked("bituminous_coal,1,short ton", "fuel/bituminous_coal,CO2,2.5,tCO2/t")
    assert total(book, "scope1") == D("907.18474") * D("2.5")


def test_megawatt_hours_are_not_read_as_kilowatt_hours_and_a_bare_number_is_refused(worked):
    book = worked("electricity,5,MWh", GRID)
    assert total(book, "scope2", "location") == 2_500
    said = {"site": "hq", "activity": "electricity", "year": "2022", "quantity": "5"}
    assert problems(book, **said, unit="") == ["blank-cell"]


def test_missing_months_are_no_zero(make):
    book = make('[[site]]\nname = "hq"\nregion = "CN-ZJ"\n', bills={("hq", 2022): 10})
    book.log(
        "activity",
        {
            "site": "hq",
            "activity": "electricity",
            "month": "2023-01",
            "quantity": "1",
            "unit": "MWh",
        },
    )
    assert "1 of 12 months" in book.inventory("2023").rows[0]["status"]
