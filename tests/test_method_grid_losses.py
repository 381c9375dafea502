"""Published examples of the losses of networks, and what follows where nothing is published."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from books import begun
from published import prints, published, total

from carbon.book import Book
from carbon.explain import explain

# Example 3.1: kWh, generation [kgCO2e/kWh], loss rate [%], and their product.
COUNTRIES = {
    "Australia": ("500000", "0.8", "10", "40,000"),
    "Canada": ("600000", "0.4", "13", "31,200"),
    "India": ("400000", "0.8", "15", "48,000"),
    "USA": ("5500000", "0.5", "10", "275,000"),
    "Turkey": ("200000", "0.4", "12", "9,600"),
}


def lost(worked, kwh: str, generation: str, rate: str, topic: str = "electricity") -> Decimal:
    book = worked(
        f"{topic},{kwh},kWh",
        f"{topic},CO2e,{generation},kgCO2e/kWh",
        f"grid_loss/{topic},loss_rate,{rate},%",
    )
    return total(book, "scope3", "location")


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 3.1")
@pytest.mark.parametrize("country", COUNTRIES)
def test_losses_are_what_was_consumed_times_generation_times_loss_rate(worked, country):
    *given, printed = COUNTRIES[country]
    assert prints(lost(worked, *given), printed)


@published("WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), example 3.1")
def test_heat_from_a_network_has_losses_too(worked):
    assert prints(lost(worked, "50000", "0.15", "5", "heat"), "375")


def test_the_rows_of_the_example_add_up_to_its_printed_total():
    rows = [Decimal(printed.replace(",", "")) for *_, printed in COUNTRIES.values()]
    assert sum(rows, Decimal(375)) == 404_175


@pytest.fixture
def made(tmp_path):
    """A book with 1,000 MWh of a year at a site in a region."""

    def book(region: str, year: int = 2023, rows: str = "", settings: str = "") -> Book:
        book = begun(tmp_path / "book", "Acme", region, date(2026, 11, 20))
        (book.folder / "carbon.toml").write_text(
            f'[organisation]\nname = "Acme"\n[[site]]\nname = "hq"\nregion = "{region}"\n'
            + settings,
            encoding="utf-8",
        )
        path = tmp_path / "rows.csv"
        said = rows or f"hq,{year},electricity,1000,MWh\n"
        path.write_text("site,year,activity,quantity,unit\n" + said, encoding="utf-8")
        [report] = book.import_files([path])
        assert [each for each in report.problems if each.severity == "error"] == []
        return book

    return book


def losses(book: Book) -> Decimal | None:
    """Scope 3 of losses. [t CO2e]"""
    rows = book.sql(
        "select sum(co2e_g) as g from total where line = 'scope3'"
        " and category = 'fuel- and energy-related activities'"
    ).rows
    return None if rows[0]["g"] is None else Decimal(rows[0]["g"]).scaleb(-6)


@published("DESNZ, UK Government GHG Conversion Factors for Company Reporting (2025)")
def test_losses_printed_per_kwh_are_a_factor_of_their_own(made):
    book = made("GB", 2025, settings='[policy]\ngwp = "AR5"\n')
    assert prints(losses(book) / 1000, "0.01853")  # t per MWh: kg per kWh, as printed


@published("DESNZ, UK Government GHG Conversion Factors for Company Reporting (2025)")
def test_the_losses_of_a_heat_network_are_taken_where_they_are_printed(made):
    book = made("GB", rows="hq,2025,heat,1000,MWh\n")
    [row] = book.sql(
        "select sum(mass_g) as g from total where gas = 'CO2'"
        " and category = 'fuel- and energy-related activities'"
    ).rows
    assert prints(Decimal(row["g"]).scaleb(-9), "0.00936")  # t per MWh: kg per kWh, as printed


def test_a_share_of_what_was_fed_in_is_taken_on_top_of_what_was_used(made):
    # California 2023: 4.1 % of generation is lost, so 0.041 / 0.959 kWh for each kWh used.
    book = made("US-EGRID-CAMX")
    used = book.inventory("2023").rows[0]["scope2_location_t"]
    assert abs(losses(book) - used * 41 / 959) < Decimal("0.000001")


def test_two_parts_printed_apart_are_added(made):
    # South Africa 2023: 0.020 for transmission and 0.062 for distribution, t per MWh.
    assert losses(made("ZA")) == 1000 * (Decimal("0.020") + Decimal("0.062"))


def test_losses_that_nobody_publishes_are_missing_and_told_not_zero(made):
    book = made("CN-ZJ")
    assert losses(book) is None
    assert "loss-not-available" in {problem.code for problem in book.check()}


def test_losses_leave_scope_2_alone(worked):
    loss = "grid_loss/electricity,loss_rate,10,%"
    book = worked("electricity,1000,kWh", "electricity,CO2e,1,kgCO2e/kWh", loss)
    assert total(book, "scope2", "location") == 1000


def test_losses_are_explained_down_to_the_bill_and_the_loss_set(made):
    with made("US-EGRID-CAMX").run() as run:
        chains = explain("scope3 2023", run).chains
    assert {(each.file, each.row) for each in chains} == {("rows.csv", 2)}
    assert {each.loss.partition(",")[0] for each in chains} == {"us-egrid-2023-camx-loss"}


def test_losses_on_top_of_a_factor_of_consumption_are_told(made):
    book = made("CA-AB", settings='[policy.electricity]\nCA = "consumption"\n')
    assert "loss-twice" in {problem.code for problem in book.check()}


def test_a_closed_year_keeps_its_losses_whatever_is_published_later(made):
    book = made("US-EGRID-CAMX")
    book.close("2023", incomplete=True)
    before = losses(book)
    own = "hq-loss,grid_loss/electricity,hq,own,2023,2023,all,loss_rate,50,%,meter,page 1,high,"
    head = "set_id,topic,region,series,first_year,last_year,accounting,quantity,value,unit,"
    path = book.folder / "factors" / "own.csv"
    path.write_text(f"{head}source_id,locator,confidence,note\n{own}\n", encoding="utf-8")
    assert losses(book) == before
    assert "closed-year-moved" not in {problem.code for problem in book.check()}
