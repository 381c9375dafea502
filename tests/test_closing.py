"""A closed year stays as it was closed, whatever is recorded, added or decided afterwards."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from carbon.errors import CarbonError, UsageError
from carbon.library import EDITION_COLUMNS, load

WORKS = '[[site]]\nname = "works"\nregion = "CN-ZJ"\n'
YEAR = {("works", 2023): 100}  # 1,200 MWh; the national statistic of 2023 is 0.5306 t/MWh
AS_CLOSED = Decimal("636.72")  # 1,200 x 0.5306
OWN = "works-2023,electricity,works,own,2023,2023,location,CO2,0.4,tCO2/MWh,contract,page 1,high,"


@pytest.fixture
def closed(make):
    book = make(WORKS, bills=YEAR)
    book.close("2023")
    return book


def located(book) -> Decimal:
    return book.inventory("2023").rows[0]["scope2_location_t"]


def add_own_edition(book) -> None:
    path = book.folder / "factors" / "works.csv"
    path.write_text(",".join(EDITION_COLUMNS.split()) + "\n" + OWN + "\n", encoding="utf-8")


def edit(book, old: str, new: str) -> None:
    path = book.folder / "carbon.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def codes(book) -> set[str]:
    return {problem.code for problem in book.check()}


def test_an_edition_of_the_book_moves_an_open_year(make):
    book = make(WORKS, bills=YEAR)
    add_own_edition(book)
    assert located(book) == 1200 * Decimal("0.4")


def test_an_edition_of_the_book_leaves_a_closed_year_alone(closed):
    add_own_edition(closed)
    assert located(closed) == AS_CLOSED


def test_a_changed_library_leaves_a_closed_year_alone(closed):
    known = load()
    newest = known.sets["cn-stat-2023"]
    revised = newest.printed[0]._replace(value="0.9")
    changed = replace(
        known, sets=known.sets | {"cn-stat-2023": replace(newest, printed=(revised,))}
    )
    with closed.run(known=changed) as run:
        [(grams,)] = run.rows("select sum(co2e_g) from total where accounting = 'location'")
    assert grams == AS_CLOSED * 10**6


def test_another_gwp_leaves_a_closed_year_alone(make):
    book = make(WORKS, bills=YEAR)
    service = {"site": "works", "activity": "refrigerant", "detail": "R-32", "month": "2023-05"}
    book.log("activity", service | {"quantity": "10", "unit": "kg"})
    book.close("2023")
    before = book.inventory("2023").rows[0]["scope1_t"]
    edit(book, "[organisation]", '[policy]\ngwp = "AR4"\n[organisation]')
    assert book.inventory("2023").rows[0]["scope1_t"] == before == Decimal("7.71")  # AR6: 771


def test_another_series_leaves_a_closed_year_alone(closed):
    edit(closed, "[[site]]", '[policy.electricity]\nCN = "provincial-statistic"\n[[site]]')
    assert located(closed) == AS_CLOSED


def test_an_entry_recorded_after_the_closing_does_not_count(closed):
    said = {"site": "works", "activity": "natural_gas", "month": "2023-05"}
    closed.log("activity", said | {"quantity": "5", "unit": "GJ"})
    assert closed.inventory("2023").rows[0]["scope1_t"] is None
    assert "after-closing" in codes(closed)


def test_a_correction_after_the_closing_does_not_count(closed):
    closed.correct(1, quantity="5000", note="misread")
    assert located(closed) == AS_CLOSED


def test_a_certificate_bought_after_the_closing_does_not_count(closed):
    said = {"instrument_id": "g1", "kind": "GEC", "market": "CN", "energy": "1200", "unit": "MWh"}
    closed.log("instrument", said | {"vintage": "2023", "retired_on": "2024-03-01"})
    assert closed.inventory("2023").rows[0]["scope2_market_t"] > 0


def test_another_year_goes_on_after_the_closing(closed):
    said = {"site": "works", "activity": "electricity", "month": "2024-01"}
    closed.log("activity", said | {"quantity": "10", "unit": "MWh"})
    assert closed.inventory("2024").rows[0]["scope2_location_t"] == Decimal("5.306")


def test_a_year_is_closed_once(closed):
    with pytest.raises(UsageError, match="2023 was closed on"):
        closed.close("2023")


def test_a_year_without_figures_is_not_closed(make):
    with pytest.raises(CarbonError, match="nothing is recorded for 2022"):
        make(WORKS, bills=YEAR).close("2022")


def test_a_year_with_months_missing_is_closed_only_as_such(make):
    book = make(WORKS, bills=YEAR)
    book.withdraw(12)
    with pytest.raises(CarbonError, match="11 of 12 months"):
        book.close("2023")
    assert "2023 is closed" in book.close("2023", incomplete=True)


def test_a_restatement_without_a_reason_shows_and_changes_nothing(closed):
    add_own_edition(closed)
    table = closed.restate("2023")
    row = next(row for row in table.rows if row["line"] == "Scope 2, location-based")
    assert (row["closed_t"], row["anew_t"]) == (AS_CLOSED, 480)
    assert "Factor set of electricity: cn-stat-2023 as closed, works-2023 now." in table.notes
    assert located(closed) == AS_CLOSED


def test_a_restatement_with_a_reason_counts_and_keeps_both(closed):
    add_own_edition(closed)
    closed.restate("2023", reason="the contract states its own factor")
    assert located(closed) == 480
    kept = closed.sql("select closing_id, supersedes from closing order by 1").rows
    assert [(row["closing_id"], row["supersedes"]) for row in kept] == [(1, 0), (2, 1)]


def test_a_restatement_tells_how_many_entries_came_late(closed):
    said = {"site": "works", "activity": "electricity", "month": "2023-05"}
    closed.log("activity", said | {"quantity": "5", "unit": "MWh"}, again=True)
    assert "1 entry recorded after the closing." in closed.restate("2023").notes


def test_only_a_closed_year_is_restated(closed):
    with pytest.raises(UsageError, match="2022 is not closed"):
        closed.restate("2022")


def test_a_setting_that_moves_a_closed_year_is_an_error(closed):
    edit(closed, 'region = "CN-ZJ"', 'region = "CN-ZJ"\njoined = "2023-07"')
    assert "closed-year-moved" in codes(closed)


def test_a_closed_year_that_stands_is_no_finding(closed):
    assert not {"closed-year-moved", "after-closing"} & codes(closed)


def test_the_explanation_of_a_closed_year_tells_its_own_factor(closed):
    add_own_edition(closed)
    [chain] = closed.explain("scope2-location 2023 works 2023-05").chains
    assert (chain.set_id, chain.equation) == ("cn-stat-2023", "0.5306 kgCO2/kWh = 530.6 g/kWh")
    assert "kept since 2023 was closed on" in chain.fit


def test_the_inventory_says_which_year_is_closed(closed):
    assert closed.inventory("2023").rows[0]["status"] == "complete, draft, closed"


def test_a_ledger_of_an_earlier_version_gets_the_tables_it_lacks(make):
    import duckdb

    book = make(WORKS, bills=YEAR)
    with duckdb.connect(str(book.folder / "ledger.duckdb")) as con:
        for table in ("closing", "closing_choice", "closing_coefficient", "closing_total"):
            con.execute(f"drop table {table}")
    assert located(book) == AS_CLOSED
    assert "2023 is closed" in book.close("2023")
