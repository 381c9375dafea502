"""A closed year stays as it was closed, whatever is recorded, added or decided afterwards."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from books import kept
from conftest import TODAY

from carbon import outlook
from carbon.errors import CarbonError, SettingsError, UsageError
from carbon.library import EDITION_COLUMNS, load
from carbon.schema import ADDED

WORKS = '[[site]]\nname = "works"\nregion = "CN-ZJ"\n'
YEAR = {("works", 2023): 100}  # 1,200 MWh; the national statistic of 2023 is 0.5306 t/MWh
AS_CLOSED = Decimal("636.72")  # 1,200 x 0.5306
OWN = "works-2023,electricity,works,own,2023,2023,location,CO2,0.4,tCO2/MWh,contract,page 1,high,"


def credit(book) -> None:
    """100 t for 2023, retired on 1 March 2024."""
    said = {"credit_id": "c1", "standard": "CCER", "kind": "avoidance", "vintage": "2022"}
    said |= {"claim_year": "2023", "mass": "100", "unit": "t", "retired_on": "2024-03-01"}
    book.log("credit", said)


@pytest.fixture
def closed(make, tmp_path):
    def new():
        make(WORKS, bills=YEAR).close("2023")

    return kept("closed works", tmp_path / "book", new, TODAY)


def located(book) -> Decimal:
    return book.inventory("2023").rows[0]["scope2_location_t"]


def add_own_edition(book, row: str = OWN) -> Path:
    path = book.folder / "factors" / "works.csv"
    path.write_text(",".join(EDITION_COLUMNS.split()) + "\n" + row + "\n", encoding="utf-8")
    return path


def bill(book, month: str, energy: str = "10", **other) -> None:
    said = {"site": "works", "activity": "electricity", "month": month, "unit": "MWh"}
    book.log("activity", said | {"quantity": energy}, **other)


def certificate(book, name: str = "g1") -> None:
    """1,200 MWh of 2023, retired on 1 March 2024 for the organisation."""
    said = {"instrument_id": name, "kind": "GEC", "market": "CN", "energy": "1200", "unit": "MWh"}
    said |= {"vintage": "2023", "retired_on": "2024-03-01", "beneficiary": "Acme"}
    book.log("instrument", said)


def edit(book, old: str, new: str) -> None:
    path = book.folder / "carbon.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def codes(book) -> set[str]:
    return {problem.code for problem in book.check()}


@pytest.mark.parametrize("reason", ["", "  \t"])
def test_a_year_is_not_restated_for_a_blank_reason(closed, reason):
    with pytest.raises(UsageError, match="this one is blank"):
        closed.restate("2023", reason=reason)


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
    certificate(closed)
    assert closed.inventory("2023").rows[0]["scope2_market_t"] > 0


def test_another_year_goes_on_after_the_closing(closed):
    bill(closed, "2024-01")
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
    bill(closed, "2023-05", again=True)
    assert "1 entry recorded after the closing." in closed.restate("2023").notes


def test_only_a_closed_year_is_restated(closed):
    with pytest.raises(UsageError, match="2022 is not closed"):
        closed.restate("2022")


# A closed year is seen through the settings it was closed with.


@pytest.mark.parametrize(
    "said",
    ['joined = "2023-07"', 'left = "2023-03"\nleft_because = "divested"', "in_boundary = false"],
)
def test_a_site_that_comes_or_goes_leaves_a_closed_year_alone(closed, said):
    edit(closed, 'region = "CN-ZJ"', f'region = "CN-ZJ"\n{said}')
    [row] = closed.inventory("2023", by=["site"]).rows
    assert row["scope2_location_t"] == located(closed) == AS_CLOSED
    assert "closed-year-moved" not in codes(closed)


def test_a_site_of_another_name_leaves_a_closed_year_alone(closed):
    edit(closed, 'name = "works"', 'name = "mill"')
    [row] = closed.inventory("2023", by=["site"]).rows
    assert (row["site"], row["scope2_location_t"]) == ("works", AS_CLOSED)


def test_an_organisation_of_another_name_keeps_the_certificates_of_a_closed_year(make):
    book = make(WORKS, bills=YEAR)
    certificate(book)
    book.close("2023")
    edit(book, 'name = "Acme"', 'name = "Acme Holding"')
    assert book.inventory("2023").rows[0]["scope2_market_t"] == 0  # all of it is covered
    assert "closed-year-moved" not in codes(book)


def test_an_approval_given_later_takes_no_certificate_from_a_closed_year(make):
    book = make(WORKS, bills=YEAR)
    certificate(book)
    book.close("2023")
    said = '[[statement]]\nyear = 2023\nstatus = "approved"\non = 2024-02-01\n[[site]]'
    edit(book, "[[site]]", said)
    assert "instrument-refused" not in codes(book)


def test_an_approval_given_later_takes_no_credit_from_a_closed_year(make):
    book = make(WORKS, bills=YEAR)
    credit(book)
    book.close("2023")
    said = '[[statement]]\nyear = 2023\nstatus = "approved"\non = 2024-02-01\n[[site]]'
    edit(book, "[[site]]", said)
    assert book.inventory("2023").rows[0]["credits_t"] == 100


def test_a_draft_has_made_no_claim_yet(make):
    said = '[[statement]]\nyear = 2023\nstatus = "draft"\non = 2024-02-01\n'
    book = make(WORKS, said, bills=YEAR)
    certificate(book)
    assert "instrument-refused" not in codes(book)


def test_another_share_of_the_equity_leaves_a_closed_year_alone(make):
    held = WORKS + "share = 0.5\n"
    book = make(held, bills=YEAR, more='consolidation = "equity share"')
    book.close("2023")
    edit(book, "share = 0.5", "share = 0.6")
    assert located(book) == AS_CLOSED / 2
    assert "closed-year-moved" not in codes(book)


def test_an_appliance_withdrawn_later_leaves_a_closed_year_alone(make):
    book = make(WORKS, bills=YEAR)
    said = {"equipment_id": "ch1", "site": "works", "kind": "chiller", "refrigerant": "R-32"}
    book.log("equipment", said | {"charge": "40", "unit": "kg", "installed_on": "2020-01-01"})
    said = {"service_id": "s1", "equipment_id": "ch1", "event": "top-up", "unit": "kg"}
    book.log("service", said | {"serviced_on": "2023-05-02", "mass": "10"})
    book.close("2023")
    book.withdraw("ch1")
    assert book.inventory("2023").rows[0]["scope1_t"] == Decimal("7.71")  # 10 kg, AR6: 771
    assert "closed-year-moved" not in codes(book)


def test_the_set_of_a_closed_year_serves_no_open_year(make):
    book = make(WORKS, bills=YEAR | {("works", 2024): 100})
    path = add_own_edition(book, OWN.replace("2023,2023,", "2023,2025,"))
    book.close("2023")
    path.unlink()
    rows = {row["year"]: row["scope2_location_t"] for row in book.inventory().rows}
    assert rows == {2023: 480, 2024: AS_CLOSED}  # 0.4, and 0.5306 t/MWh of the year before


def test_a_year_is_judged_in_the_gwp_set_it_was_closed_with(make):
    book = make(WORKS, bills=YEAR | {("works", 2024): 100})
    book.close("2023")
    edit(book, "[organisation]", '[policy]\ngwp = "AR5"\n[organisation]')
    with book.run() as run:
        told = {each.year: each.gwp_set for each in outlook.year_figures(run, "actual")}
    assert told == {2023: "AR6", 2024: "AR5"}
    assert "GWP AR5, but 2023 closed with AR6." in " ".join(book.inventory().notes)


@pytest.fixture
def moved(closed):
    """The program would make twice of the year what it was closed with."""
    with duckdb.connect(str(closed.folder / "ledger.duckdb")) as con:
        con.execute("update closing_coefficient set co2e_g = co2e_g * 2")
    return closed


def test_an_account_of_neutrality_says_why_that_of_a_moved_year_stays_open(moved):
    [note] = [each for each in moved.neutrality("2023")[0].notes if "restate" in each]
    assert note == (
        "2023 is closed and keeps its totals, but would no longer come to them: carbon restate 2023"
        " shows what moved."
    )


def test_a_closed_figure_stands_though_the_program_would_make_another(moved):
    assert located(moved) == AS_CLOSED
    assert "closed-year-moved" in codes(moved)
    assert any("2023 would no longer come to" in note for note in moved.inventory().notes)


# What a restatement says of the difference.


def test_a_restatement_names_a_value_that_changed_under_its_name(make):
    book = make(WORKS, bills=YEAR)
    add_own_edition(book)
    book.close("2023")
    add_own_edition(book, OWN.replace(",0.4,", ",0.5,"))
    told = "Value of works-2023: 400 g CO2 per kWh as closed, 500 g now."
    assert told in book.restate("2023").notes


def test_a_restatement_names_a_setting_that_changed(closed):
    edit(closed, 'region = "CN-ZJ"', 'region = "CN-ZJ"\njoined = "2023-07"')
    told = "carbon.toml, site works, joined: 190001 as closed, 202307 now."
    assert told in closed.restate("2023").notes


def test_a_restatement_names_the_losses_of_the_network_that_changed(make):
    row = "l,grid_loss/electricity,works,own,2023,2023,all,loss_rate,{},%,contract,page 1,high,"
    book = make(WORKS, bills=YEAR)
    add_own_edition(book, row.format(10))
    book.close("2023")
    add_own_edition(book, row.format(20))
    told = "Losses of the network of electricity, l: 10 % as closed, 20 % now."
    assert told in book.restate("2023").notes


def test_a_restatement_names_an_appliance_that_came_later(closed):
    said = {"equipment_id": "chiller", "site": "works", "kind": "chiller", "charge": "100"}
    said |= {"unit": "kg", "refrigerant": "R-410A", "installed_on": "2023-05-01"}
    closed.log("equipment", said)
    assert "1 appliance changed after the closing." in closed.restate("2023").notes


def test_an_appliance_of_a_later_year_is_no_reason(closed):
    said = {"equipment_id": "chiller", "site": "works", "kind": "chiller", "charge": "100"}
    said |= {"unit": "kg", "refrigerant": "R-410A", "installed_on": "2024-05-01"}
    closed.log("equipment", said)
    assert "Nothing that it rests on has changed since." in closed.restate("2023").notes


def test_a_restatement_of_what_has_not_changed_says_so(closed):
    assert "Nothing that it rests on has changed since." in closed.restate("2023").notes


def test_a_restatement_shows_credits_apart(closed):
    credit(closed)
    table = closed.restate("2023")
    [row] = [row for row in table.rows if row["line"] == "Credits retired"]
    assert (row["closed_t"], row["anew_t"]) == (None, 100)
    assert "1 credit changed after the closing." in table.notes


def test_a_certificate_that_comes_after_the_closing_is_told(closed):
    certificate(closed)
    [told] = [each.message for each in closed.check() if each.code == "after-closing"]
    assert told == "after 2023 was closed: 1 certificate changed; that does not count in it"


def test_a_withdrawal_and_a_correction_after_the_closing_are_told(closed):
    closed.withdraw(1)
    closed.correct(2, quantity="5000", note="misread")
    [told] = [each.message for each in closed.check() if each.code == "after-closing"]
    assert "1 entry corrected, 1 entry withdrawn" in told


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
    book = make(WORKS, bills=YEAR)
    with duckdb.connect(str(book.folder / "ledger.duckdb")) as con:
        for table in ("closing", "closing_choice", "closing_coefficient", "closing_total"):
            con.execute(f"drop table {table}")
    assert located(book) == AS_CLOSED
    assert "2023 is closed" in book.close("2023")


def test_a_closed_year_of_an_earlier_version_keeps_its_figures_and_their_proof(closed):
    with duckdb.connect(str(closed.folder / "ledger.duckdb")) as con:
        for table, column in ADDED:
            con.execute(f"alter table {table} drop column {column}")
    assert located(closed) == AS_CLOSED
    [chain] = closed.explain("scope2-location 2023 works 2023-05").chains
    assert chain.equation == "0.5306 kgCO2/kWh = 530.6 g/kWh"


def test_a_closed_year_shows_its_electricity_once(make):
    book = make('[[site]]\nname = "works"\nregion = "GB"\n', bills=YEAR)
    before = book.instruments("2023")[0].rows
    book.close("2023")
    after = book.instruments("2023")[0].rows
    assert [(row["step"], row["energy_mwh"]) for row in after] == [
        ("imported", 1200),
        ("uncovered", 1200),
    ]
    assert [row["market_t"] for row in after] == [row["market_t"] for row in before]


def test_years_cannot_begin_elsewhere_once_one_is_closed(closed):
    edit(closed, "[organisation]\n", "[organisation]\nreporting_year_starts = 4\n")
    with pytest.raises(SettingsError) as refused:
        closed.inventory("2023")
    assert (refused.value.code, refused.value.looked_for) == ("year-start-moved", "1")


def test_another_blend_of_the_books_own_is_told_as_the_reason(make):
    blend = '[[fuel_blend]]\nname = "ours"\nfuel = "diesel"\nbasis = "volume"\n'
    blend += 'parts = { diesel = 80, biodiesel = 20 }\nsource = "supplier"\n'
    book = make('[[site]]\nname = "works"\nregion = "GB"\n', blend, bills={})
    said = {"site": "works", "activity": "diesel", "year": "2023", "detail": "ours"}
    book.log("activity", said | {"quantity": "1000", "unit": "L"})
    book.close("2023", incomplete=True)
    edit(book, "diesel = 80, biodiesel = 20", "diesel = 60, biodiesel = 40")
    notes = " ".join(book.restate("2023").notes)
    assert "fuel_blend ours, parts" in notes
