"""Published examples of what an inventory leaves out, from row to share."""

from __future__ import annotations

from decimal import Decimal

import pytest
from published import prints, published

from carbon.errors import CarbonError
from carbon.settings import read

FACTORS = ("electricity,CO2e,1,tCO2e/MWh", "fuel/natural_gas,CO2e,1,kgCO2e/m3")


def site(sources: str, kind: str = "other") -> str:
    return f'[[site]]\nname = "hq"\nregion = "CN-ZJ"\nkind = "{kind}"\nsources = {{ {sources} }}\n'


def excluded(mass: str) -> str:
    return f'{{ state = "excluded", reason = "cost of data", estimated_t = {mass} }}'


def row_of(book, source: str) -> dict:
    return next(row for row in book.checklist("2023").rows if row["source"] == source)


def found(book, code: str) -> list:
    return [each for each in book.check() if each.code == code]


@published("HM Government, Environmental Reporting Guidelines (2019), annex H")
def test_excluded_operations_are_the_printed_share_of_scope_1_and_2(worked):
    # Scope 1 17,100 t, Scope 2 14,500 t. Operations left out are below 2 % of both: 632 t at most.
    # Fugitive emissions left out are below 0.5 % of Scope 1: 85.5 t at most.
    sources = f"new_operations = {excluded('632')}, refrigerants = {excluded('85.5')}"
    rows = "natural_gas,17100000,m3\nelectricity,14500,MWh"
    book = worked(rows, *FACTORS, site=site(sources))
    assert prints(row_of(book, "new_operations")["share"] * 100, "2")
    assert row_of(book, "refrigerants")["share"] == Decimal("85.5") / 31_600
    assert "717.5 t CO2e, 2.3 % of the 31,600.0 t" in book.checklist("2023").notes[1]
    assert found(book, "excluded-material") == []


def book_with(worked, sources: str, rows: str = "electricity,100,MWh", more: str = "", **site_said):
    return worked(rows, *FACTORS, site=site(sources, **site_said), settings=more)


# materiality


@pytest.mark.parametrize(("mass", "count"), [("5", 0), ("5.1", 1)])
def test_exclusions_above_five_percent_are_an_error(worked, mass, count):
    told = found(book_with(worked, f"process = {excluded(mass)}"), "excluded-material")
    assert len(told) == count
    assert all(each.severity == "error" for each in told)


def test_exclusions_add_up_before_they_are_judged(worked):
    book = book_with(worked, f"process = {excluded('3')}, vehicles = {excluded('3')}")
    assert len(found(book, "excluded-material")) == 1


def test_the_materiality_is_a_policy(worked):
    more = "[policy]\nmateriality = 0.1\n"
    book = book_with(worked, f"process = {excluded('6')}", more=more)
    assert found(book, "excluded-material") == []


def test_an_exclusion_says_why_and_how_much(worked):
    book = book_with(worked, 'process = "excluded"')
    [told] = found(book, "excluded-unexplained")
    assert told.message.endswith("without reason and estimated_t")
    assert row_of(book, "process")["share"] is None


# cross-check


def test_reported_without_an_entry_is_told(worked):
    book = book_with(worked, 'electricity = "reported", vehicles = "reported"')
    [told] = found(book, "source-contradicted")
    assert told.message == "vehicles of hq is said to be reported, and has no entry"
    assert row_of(book, "vehicles")["finding"] == "no entry"


@pytest.mark.parametrize("state", ["zero", "not applicable", "not disclosed", "excluded"])
def test_a_source_said_to_be_none_that_has_entries_is_told(worked, state):
    rows = "electricity,100,MWh\ngasoline,1,t"
    book = book_with(worked, f'vehicles = "{state}"', rows)
    assert row_of(book, "vehicles")["finding"] == "has entries"


def test_an_entry_of_nothing_is_a_figure_and_agrees_with_zero(worked):
    rows = "electricity,100,MWh\ngasoline,0,t"
    book = book_with(worked, 'vehicles = "zero"', rows)
    assert row_of(book, "vehicles")["finding"] == ""


def test_entries_may_belong_to_another_source_that_is_reported(worked):
    rows = "electricity,100,MWh\nnatural_gas,10,m3"
    book = book_with(worked, 'boilers = "reported", canteen_gas = "not applicable"', rows)
    assert row_of(book, "canteen_gas")["finding"] == ""


def test_what_no_activity_records_cannot_be_said_to_be_reported(worked):
    book = book_with(worked, 'wastewater_methane = "reported"')
    assert row_of(book, "wastewater_methane")["finding"] == "no activity carries it"


def test_a_refrigerant_topped_up_by_a_service_event_counts_as_an_entry(worked):
    book = book_with(worked, 'refrigerants = "reported"')
    appliance = {"equipment_id": "chiller", "site": "hq", "kind": "chiller", "refrigerant": "R-32"}
    book.log("equipment", appliance | {"charge": "10", "unit": "kg", "installed_on": "2020-01-01"})
    event = {"service_id": "s1", "equipment_id": "chiller", "event": "top-up"}
    book.log("service", event | {"serviced_on": "2023-05-02", "mass": "2", "unit": "kg"})
    assert row_of(book, "refrigerants")["finding"] == ""


# the list


def test_a_site_is_asked_for_what_its_kind_usually_has(worked):
    book = book_with(worked, 'electricity = "reported"', kind="data centre")
    states = {row["source"]: row["state"] for row in book.checklist().rows}
    assert states["fire_suppression"] == "not stated"
    assert "wastewater_methane" not in states
    assert len(found(book, "sources-not-stated")) == 1


def test_a_misspelt_source_is_told_with_the_one_meant(worked):
    [told] = found(book_with(worked, 'refrigerant = "zero"'), "unknown-source")
    assert told.nearest == "refrigerants"


def test_a_year_without_figures_has_no_checklist(worked):
    with pytest.raises(CarbonError, match="nothing is recorded for 1850"):
        book_with(worked, 'electricity = "reported"').checklist("1850")


def test_a_site_in_scope_3_has_no_checklist(worked):
    place = site('electricity = "reported"') + 'lease = "leased out finance"\n'
    assert worked("electricity,100,MWh", *FACTORS, site=place).checklist("2023").rows == []


def test_a_state_alone_still_stands_for_a_source():
    said = read('[organisation]\nname = "Acme"\n' + site('vehicles = "zero"'))
    assert said.site[0].sources["vehicles"].state == "zero"
