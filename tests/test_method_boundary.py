"""Published examples of the organisational boundary, from row to total."""

from __future__ import annotations

from decimal import Decimal

import pytest
from books import begun
from published import prints, published

from carbon.book import Book

HOLLAND = """
[[entity]]
name = "Holland Switzerland"
owned = 1
control = "both"
[[entity]]
name = "Holland America"
owned = 0.83
control = "both"
[[entity]]
name = "BGB"
held_by = "Holland America"
owned = 0.5
control = "joint"
[[entity]]
name = "IRW"
held_by = "Holland America"
owned = 0.75
control = "both"
[[entity]]
name = "Kahuna Chemicals"
owned = "1/3"
control = ["joint", "operational"]
[[entity]]
name = "QuickFix"
owned = 0.43
control = "both"
[[entity]]
name = "Nallo"
owned = 0.56
control = "none"
[[entity]]
name = "Syntal"
owned = 0.01
is_investment = true
"""
PRINTED = {  # share of emissions, equity share, operational and financial control [%]
    "Holland Switzerland": ("100", "100", "100"),
    "Holland America": ("83", "100", "100"),
    "BGB": ("41.5", "0", "50"),
    "IRW": ("62.25", "100", "100"),
    "Kahuna Chemicals": ("33.3", "100", "33.3"),
    "QuickFix": ("43", "100", "100"),
    "Nallo": ("56", "0", "0"),
    "Syntal": ("0", "0", "0"),
    "": ("100", "100", "100"),  # the head office
}
APPROACHES = ("equity share", "operational control", "financial control")
HEAD = '[organisation]\nname = "Acme"\n'


def book_of(tmp_path, text: str, rows: list[str]) -> Book:
    """A book of these settings, with rows `site,activity,quantity,unit` of 2023 at 1 t a MWh."""
    book = begun(tmp_path / "book", "Acme", "CN-ZJ")
    (book.folder / "carbon.toml").write_text(text, encoding="utf-8")
    own = "set_id,topic,region,series,first_year,last_year,accounting,quantity,value,unit"
    own += ",source_id,locator,confidence,note\n"
    own += "one,electricity,CN,own,2020,2030,location,CO2e,1,tCO2e/MWh,example,as set,high,\n"
    (book.folder / "factors" / "one.csv").write_text(own, encoding="utf-8")
    path = tmp_path / "rows.csv"
    lines = [f"2023,{row}" for row in rows]
    path.write_text("\n".join(["year,site,activity,quantity,unit", *lines]), encoding="utf-8")
    [report] = book.import_files([path])
    assert [each for each in report.problems if each.severity == "error"] == []
    return book


def sites(names) -> str:
    """A site for each entity, numbered."""
    text = '[[site]]\nname = "site {}"\nregion = "CN-ZJ"\n'
    said = [(text.format(n), name) for n, name in enumerate(names)]
    return "".join(site + (f'entity = "{name}"\n' if name else "") for site, name in said)


@pytest.fixture
def holland(tmp_path) -> Book:
    """Nine operations that emit 100 t each."""
    rows = [f"site {n},electricity,100,MWh" for n in range(len(PRINTED))]
    return book_of(tmp_path, HEAD + HOLLAND + sites(PRINTED), rows)


@published("WRI/WBCSD, GHG Protocol Corporate Standard, revised edition (2004), chapter 3, table 2")
@pytest.mark.parametrize("approach", APPROACHES)
def test_of_each_operation_counts_what_the_table_prints(holland, approach):
    table = holland.inventory("2023", by=["site"], approach=approach)
    found = {row["site"]: row["scope2_location_t"] for row in table.rows}
    column = APPROACHES.index(approach)
    wanted = {f"site {n}": each[column] for n, each in enumerate(PRINTED.values())}
    assert set(found) == {name for name, share in wanted.items() if share != "0"}
    assert all(prints(found[name], wanted[name]) for name in found)


def test_the_tree_is_printed_with_the_shares_of_the_table(holland):
    [entities, *_] = holland.boundary()
    keys = ("equity_share", "operational_share", "financial_share")
    found = {row["entity"]: [row[key] * 100 for key in keys] for row in entities.rows}
    assert set(found) == set(PRINTED) - {""}
    assert all(all(map(prints, shares, PRINTED[name])) for name, shares in found.items())


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 15.1")
def test_equity_investments_count_by_share_in_scope_3(tmp_path):
    held = {"a": ("0.4", 120_000), "b": ("0.15", 200_000), "c": ("0.25", 1_600_000)}
    held |= {"d": ("0.25", 60_000)}
    text = HEAD + "[policy]\ncount_investments = true\n"
    text += "".join(
        f'[[entity]]\nname = "{name}"\nowned = {owned}\ncontrol = "none"\n'
        for name, (owned, _) in held.items()
    )
    rows = [f"site {n},electricity,{mass},MWh" for n, (_, mass) in enumerate(held.values())]
    book = book_of(tmp_path, text + sites(held), rows)
    [row] = book.inventory("2023", by=["category"]).rows
    assert row["category"] == "investments"
    assert prints(row["scope3_t"], "493,000")
    assert row["scope2_location_t"] is None


# Leases: where 100 t stand, by approach.

OWN, UP, DOWN = "purchased electricity", "upstream leased assets", "downstream leased assets"


@published(
    "WRI/WBCSD, Corporate Value Chain (Scope 3) Standard (2011), appendix A, tables A.1 and A.2"
)
@pytest.mark.parametrize(
    ("lease", "by_ownership", "by_operation"),
    [
        ("finance leased", OWN, OWN),
        ("operating leased", UP, OWN),
        ("leased out finance", DOWN, DOWN),
        ("leased out operating", OWN, DOWN),
    ],
)
@pytest.mark.parametrize("approach", APPROACHES)
def test_a_leased_site_stands_where_its_lease_and_the_approach_put_it(
    tmp_path, lease, by_ownership, by_operation, approach
):
    text = HEAD + f'[[site]]\nname = "hall"\nregion = "CN-ZJ"\nlease = "{lease}"\n'
    book = book_of(tmp_path, text, ["hall,electricity,100,MWh"])
    [row] = book.inventory("2023", by=["category"], approach=approach).rows
    wanted = by_operation if approach == "operational control" else by_ownership
    assert row["category"] == wanted
    assert row["scope2_location_t" if wanted == OWN else "scope3_t"] == Decimal(100)


@pytest.mark.parametrize(
    ("lease", "category"), [("operating leased", UP), ("leased out operating", OWN)]
)
def test_an_exception_with_a_reason_turns_the_rule_of_operational_control(
    tmp_path, lease, category
):
    text = HEAD + f'[[site]]\nname = "hall"\nregion = "CN-ZJ"\nlease = "{lease}"\n'
    text += 'lease_exception = "run by the other party"\n'
    book = book_of(tmp_path, text, ["hall,electricity,100,MWh"])
    [row] = book.inventory("2023", by=["category"]).rows
    assert row["category"] == category
