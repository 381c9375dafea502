"""A book from end to end: what goes in, what comes out, and what stays as it was."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from books import begun

from carbon.book import Book
from carbon.errors import CarbonError, ImportRefused, LedgerError
from carbon.explain import explain
from carbon.inventory import year_totals
from carbon.ledger import Ledger
from carbon.library import load

TODAY = date(2026, 11, 20)

SETTINGS = """
[organisation]
name = "Acme"

[[site]]
name = "works"
region = "CN-ZJ"
kind = "plant"
[[site.meter]]
name = "works-grid"
[[site.meter]]
name = "works-hall"
role = "sub_meter"

[[site]]
name = "office"
region = "CN-SH"
"""

BILLS = """site,meter,activity,month,quantity,unit
works,works-grid,electricity,2022-01,1000,MWh
works,works-grid,electricity,2022-02,900,MWh
works,,natural_gas,2022-01,2,10^4 m3
"""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """An empty book with two sites."""
    book = begun(tmp_path / "book", "Acme", "CN-ZJ", TODAY)
    (book.folder / "carbon.toml").write_text(SETTINGS, encoding="utf-8")
    return book


@pytest.fixture
def bills(tmp_path: Path) -> Path:
    path = tmp_path / "bills.csv"
    path.write_text(BILLS, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The three sample books, written once."""
    folder = tmp_path_factory.mktemp("samples")
    for name in ("ai", "maker", "undisclosed"):
        Book.demo(name, folder / name, TODAY)
    return {name: folder / name for name in ("ai", "maker", "undisclosed")}


def scope(book: Book, year: int, column: str) -> Decimal:
    row = next(row for row in book.inventory().rows if row["year"] == year)
    return row[column]


def ledger_rows(book: Book) -> list[tuple]:
    with Ledger.open(book.folder / "ledger.duckdb") as ledger:
        tables = ("batch", "entry", "entry_key", "entry_month", "instrument", "credit")
        return [
            (name, ledger.con.execute(f"select * from {name} order by all").fetchall())
            for name in tables
        ]


# --- importing ------------------------------------------------------------------------------


def test_an_imported_bill_becomes_tonnes(book: Book, bills: Path):
    book.import_files([bills])
    # 1,900 MWh x 0.5366 t/MWh, the national statistic of 2022
    assert scope(book, 2022, "scope2_location_t") == Decimal("1900") * Decimal("0.5366")


def test_gas_follows_heating_value_carbon_content_and_oxidation(book: Book, bills: Path):
    book.import_files([bills])
    # 2 x 389.31 GJ x 15.3 tC/TJ x 0.99 x 44/12
    expected = (
        2 * Fraction("389.31") * Fraction("15.3") / 1000 * Fraction("0.99") * Fraction(44, 12)
    )
    assert abs(Fraction(scope(book, 2022, "scope1_t")) - expected) < Fraction(1, 10**9)


def test_the_same_file_twice_adds_nothing(book: Book, bills: Path):
    book.import_files([bills])
    before = ledger_rows(book)
    report = book.import_files([bills])[0]
    assert (report.recorded, report.known) == (0, 3)
    assert ledger_rows(book) == before


def test_a_growing_sheet_adds_its_new_rows_and_offers_its_changed_ones(book: Book, bills: Path):
    book.import_files([bills])
    bills.write_text(
        BILLS.replace("2022-02,900", "2022-02,950")
        + "works,works-grid,electricity,2022-03,800,MWh\n",
        encoding="utf-8",
    )
    report = book.import_files([bills])[0]
    assert (report.recorded, report.known, len(report.offered)) == (1, 2, 1)
    assert scope(book, 2022, "scope2_location_t") == Decimal("2700") * Decimal("0.5366")


def test_an_accepted_offer_supersedes_the_entry(book: Book, bills: Path):
    book.import_files([bills])
    bills.write_text(BILLS.replace("2022-02,900", "2022-02,950"), encoding="utf-8")
    report = book.import_files([bills], accept_corrections=True)[0]
    assert report.corrected == 1
    assert scope(book, 2022, "scope2_location_t") == Decimal("1950") * Decimal("0.5366")


def test_a_sub_meter_is_never_added_to_its_main_meter(book: Book, bills: Path):
    book.import_files([bills])
    book.log(
        "activity",
        {
            "site": "works",
            "meter": "works-hall",
            "activity": "electricity",
            "month": "2022-01",
            "quantity": "400",
            "unit": "MWh",
        },
    )
    assert scope(book, 2022, "scope2_location_t") == Decimal("1900") * Decimal("0.5366")


def test_accept_good_records_the_good_rows_and_writes_the_others_out(book: Book, bills: Path):
    bills.write_text(BILLS + "nowhere,,electricity,2022-03,1,MWh\n", encoding="utf-8")
    report = book.import_files([bills], accept_good=True)[0]
    assert report.recorded == 3
    (path,) = report.refused_files
    refused = path.read_text(encoding="utf-8").splitlines()
    assert refused[1].startswith("nowhere,,electricity,2022-03,1,MWh,5,unknown-site")


def test_a_corrected_entry_counts_with_its_new_quantity(book: Book, bills: Path):
    book.import_files([bills])
    book.correct(1, quantity="1100", note="misread")
    assert scope(book, 2022, "scope2_location_t") == Decimal("2000") * Decimal("0.5366")


def test_a_correction_keeps_what_is_not_given(book: Book):
    said = {"site": "works", "activity": "electricity", "month": "2022-01", "quantity": "5"}
    book.log("activity", said | {"unit": "MWh", "quality": "estimated", "note": "by floor area"})
    assert book.correct(1, quality="billed", evidence="bill 7").entry_id == 2
    [row] = book.entries().rows
    told = [row[name] for name in ("quantity", "unit", "quality", "evidence", "note")]
    assert told == [5, "MWh", "billed", "bill 7", "by floor area"]


def test_a_correction_is_taken_back_to_what_stood_before(book: Book, bills: Path):
    book.import_files([bills])
    book.correct(1, quantity="1100", note="misread")
    last = book.entries(everything=True).rows[-1]["entry_id"]
    made = book.take_back(last, before=1)
    assert str(made).endswith(
        "which says again what entry 1 said (1000 MWh of electricity at works)."
    )
    assert book.entries().rows[-1]["quantity"] == 1000
    assert book.take_back(made.entry_id).entry_id == 0


def test_an_entry_is_not_taken_back_to_one_of_another_chain(book: Book, bills: Path):
    book.import_files([bills])
    with pytest.raises(LedgerError, match="does not go back"):
        book.take_back(2, before=1)


def test_a_withdrawn_entry_counts_no_longer(book: Book, bills: Path):
    book.import_files([bills])
    book.withdraw(1, note="not ours")
    assert scope(book, 2022, "scope2_location_t") == Decimal("900") * Decimal("0.5366")


def test_a_withdrawn_entry_cannot_be_corrected(book: Book, bills: Path):
    book.import_files([bills])
    book.withdraw(1)
    with pytest.raises(LedgerError, match="withdrawn"):
        book.correct(1, quantity="5")


def test_a_correction_to_an_unknown_unit_is_refused(book: Book, bills: Path):
    book.import_files([bills])
    before = ledger_rows(book)
    with pytest.raises(ImportRefused, match="unknown-unit"):
        book.correct(1, unit="kWhh")
    assert ledger_rows(book) == before


def test_a_refrigerant_top_up_is_a_fugitive_emission(book: Book):
    book.log(
        "equipment",
        {
            "equipment_id": "chiller-1",
            "site": "works",
            "kind": "chiller",
            "refrigerant": "R-410A",
            "charge": "100",
            "unit": "kg",
            "installed_on": "2020-01-01",
        },
    )
    book.log(
        "service",
        {
            "service_id": "s1",
            "equipment_id": "chiller-1",
            "event": "top-up",
            "serviced_on": "2022-05-03",
            "mass": "10",
            "unit": "kg",
        },
    )
    # half HFC-32 (771), half HFC-125 (3740), AR6: 10 kg x 2255.5
    assert scope(book, 2022, "scope1_t") == Decimal("22.555")


def test_hcfc_stands_outside_the_scopes(book: Book):
    book.log(
        "activity",
        {
            "site": "works",
            "activity": "refrigerant",
            "detail": "R-22",
            "month": "2022-05",
            "quantity": "10",
            "unit": "kg",
        },
    )
    rows = book.inventory("2022", by=["gas"]).rows
    # HCFC-22, AR6: 10 kg x 1960
    assert [(row["gas"], row["scope1_t"], row["outside_t"]) for row in rows] == [
        ("HCFC-22", None, Decimal("19.6"))
    ]


def test_a_printed_potential_never_replaces_the_composition(book: Book):
    settings = SETTINGS.replace('region = "CN-ZJ"', 'region = "GB"')
    (book.folder / "carbon.toml").write_text(settings, encoding="utf-8")
    book.log(
        "activity",
        {
            "site": "works",
            "activity": "refrigerant",
            "detail": "R-410A",
            "month": "2025-05",
            "quantity": "10",
            "unit": "kg",
        },
    )
    rows = book.inventory("2025", by=["gas"]).rows
    # nearer than the composition stands what the UK prints for its gases, 1,924 kg CO2e by AR5
    assert "desnz-2025-refrigerant-r-410a" in load().sets
    assert {row["gas"]: row["scope1_t"] for row in rows} == {
        "HFC-32": Decimal("3.855"),  # 5 kg x 771
        "HFC-125": Decimal("18.7"),  # 5 kg x 3740
    }


# --- market-based ---------------------------------------------------------------------------


def certificate(book: Book, energy: str, **fields: str) -> None:
    said = {
        "instrument_id": "GEC-1",
        "kind": "GEC",
        "market": "CN",
        "energy": energy,
        "unit": "MWh",
        "vintage": "2022",
        "claim_year": "2022",
        "retired_on": "2022-12-20",
    }
    report = book.log("instrument", said | fields)
    assert [problem for problem in report.problems if problem.severity == "error"] == []


def test_certificates_lower_market_based_and_leave_location_based(book: Book, bills: Path):
    book.import_files([bills])
    certificate(book, "500")
    assert scope(book, 2022, "scope2_location_t") == Decimal("1900") * Decimal("0.5366")
    # the rest takes the average without market-traded non-fossil power, 0.5856 in 2022
    assert scope(book, 2022, "scope2_market_t") == Decimal("1400") * Decimal("0.5856")


def test_certificates_beyond_the_import_are_refused_never_negative(book: Book, bills: Path):
    book.import_files([bills])
    certificate(book, "2000")
    assert scope(book, 2022, "scope2_market_t") == 0
    assert [p.message for p in book.check() if p.code == "instrument-refused"] == [
        "100.0 MWh of GEC-1 are not used in 2022:"
        " more than the electricity bought from the grid that year"
    ]


def test_a_certificate_that_is_not_retired_covers_nothing(book: Book, bills: Path):
    book.import_files([bills])
    certificate(book, "500", retired_on="")
    assert scope(book, 2022, "scope2_market_t") == Decimal("1900") * Decimal("0.5856")


def test_credits_lower_the_net_line_alone(book: Book, bills: Path):
    book.import_files([bills])
    before = {name: scope(book, 2022, name) for name in ("location_t", "market_t", "net_t")}
    book.log(
        "credit",
        {
            "credit_id": "c1",
            "standard": "CCER",
            "kind": "avoidance",
            "vintage": "2021",
            "claim_year": "2022",
            "mass": "100",
            "unit": "t",
            "retired_on": "2023-01-10",
        },
    )
    after = {name: scope(book, 2022, name) for name in ("location_t", "market_t", "net_t")}
    assert after == before | {"net_t": before["net_t"] - 100}


def test_a_sub_meter_without_a_bill_is_named(book: Book):
    book.log(
        "activity",
        {
            "site": "works",
            "meter": "works-hall",
            "activity": "electricity",
            "month": "2022-01",
            "quantity": "400",
            "unit": "MWh",
        },
    )
    assert "only-a-part-metered" in [problem.code for problem in book.check()]


# --- frozen runs ----------------------------------------------------------------------------


def totals_of(run) -> list[tuple]:
    return run.rows("select * from total order by all")


def test_editing_the_settings_does_not_change_what_a_run_recomputes_to(book: Book, bills: Path):
    book.import_files([bills])
    with book.run() as run:
        run_id, before = run.run_id, totals_of(run)
    text = SETTINGS + '\n[policy.electricity]\nCN = "set:cn-mee-2023-notice"\n'
    (book.folder / "carbon.toml").write_text(text, encoding="utf-8")
    with book.run() as run:
        assert totals_of(run) != before
    with book.repeat(run_id) as run:
        assert totals_of(run) == before


def test_later_entries_do_not_change_what_a_run_recomputes_to(book: Book, bills: Path):
    book.import_files([bills])
    with book.run() as run:
        run_id, before = run.run_id, totals_of(run)
    book.withdraw(1)
    with book.repeat(run_id) as run:
        assert totals_of(run) == before


def test_an_edited_own_factor_does_not_change_what_a_run_recomputes_to(book: Book, bills: Path):
    own = book.folder / "factors" / "grid.csv"
    header = "set_id,topic,region,series,first_year,last_year,accounting,quantity,value,unit,"
    header += "source_id,locator,confidence,note\n"
    row = "own-works,electricity,works,,2022,2022,location,CO2,{},kgCO2/kWh,bill,p. 1,high,\n"
    own.write_text(header + row.format("0.4000"), encoding="utf-8")
    book.import_files([bills])
    with book.run() as run:
        run_id, before = run.run_id, totals_of(run)
    assert scope(book, 2022, "scope2_location_t") == Decimal("1900") * Decimal("0.4")
    own.write_text(header + row.format("0.3000"), encoding="utf-8")
    assert scope(book, 2022, "scope2_location_t") == Decimal("1900") * Decimal("0.3")
    with book.repeat(run_id) as run:
        assert totals_of(run) == before


def test_two_policies_give_two_inventories_and_each_run_names_its_settings(book: Book, bills: Path):
    book.import_files([bills])
    with book.run() as run:
        first = run.setting_id
    (book.folder / "carbon.toml").write_text(SETTINGS + '\n[policy]\ngwp = "AR5"\n')
    with book.run() as run:
        assert run.setting_id == first + 1


def test_a_query_cannot_write_to_the_ledger(book: Book, bills: Path):
    book.import_files([bills])
    before = ledger_rows(book)
    for query in ("delete from entry", "select 1; drop table entry", "insert into entry select 1"):
        with pytest.raises(CarbonError):
            book.sql(query)
    assert [table for table in ledger_rows(book) if table[0] == "entry"] == [
        table for table in before if table[0] == "entry"
    ]


# --- the samples ----------------------------------------------------------------------------

# Published totals: SenseTime sustainability report 2022, table of emissions [t CO2e].
AI_PUBLISHED = {2021: ("337.1", "6964.0"), 2022: ("169.6", "30404.0")}


@pytest.mark.parametrize("year", AI_PUBLISHED)
def test_the_ai_sample_gives_the_published_scopes_to_the_printed_digit(samples, year):
    book = Book.open(samples["ai"], TODAY)
    scope1, scope2 = AI_PUBLISHED[year]
    assert round(scope(book, year, "scope1_t"), 1) == Decimal(scope1)
    assert round(scope(book, year, "scope2_location_t"), 1) == Decimal(scope2)


# Hikvision ESG reports 2019 and 2023 [t CO2e]; fuels by the table with gasoline 43.07 GJ/t.
MAKER_SCOPE1 = {2019: "6395.6", 2021: "6808.9", 2022: "5152.2", 2023: "6809.6"}
MAKER_SCOPE2 = {2019: "117891.6", 2021: "150764.0", 2022: "154300.2"}


@pytest.mark.parametrize("year", MAKER_SCOPE1)
def test_the_maker_sample_gives_scope_1_by_the_ndrc_table(samples, year):
    book = Book.open(samples["maker"], TODAY)
    assert round(scope(book, year, "scope1_t"), 1) == Decimal(MAKER_SCOPE1[year])


@pytest.mark.parametrize("year", MAKER_SCOPE2)
def test_the_maker_sample_on_the_regional_series_gives_the_published_scope_2(
    samples, year, tmp_path
):
    from carbon.demo import settings_text

    folder = shutil.copytree(samples["maker"], tmp_path / "maker")
    text = settings_text("maker", series="regional-2012")
    (folder / "carbon.toml").write_text(text, encoding="utf-8")
    book = Book.open(folder, TODAY)
    assert round(scope(book, year, "scope2_location_t"), 1) == Decimal(MAKER_SCOPE2[year])


def test_the_maker_sample_of_2023_is_published_after_taking_out_green_power(samples):
    book = Book.open(samples["maker"], TODAY)
    assert round(scope(book, 2023, "scope2_market_t"), 1) == Decimal("150848.8")


def test_a_missing_year_is_a_gap_and_never_a_zero(samples):
    row = next(row for row in Book.open(samples["maker"]).inventory().rows if row["year"] == 2020)
    assert row["location_t"] is None
    assert row["status"] == "no data"


def test_the_undisclosed_sample_gets_no_verdict_and_no_zero(samples):
    book = Book.open(samples["undisclosed"], TODAY)
    assert book.targets() == []
    assert [row["year"] for row in book.inventory().rows if row["location_t"] is None] == [
        2021,
        2022,
    ]


def test_months_that_are_missing_are_named_by_meter(samples):
    messages = [p.message for p in Book.open(samples["undisclosed"], TODAY).check()]
    assert "tangxia-grid has no electricity for 2023-04, 2023-08, 2023-11" in messages


def test_pv_of_half_the_usual_yield_is_flagged_and_a_normal_year_is_not(samples):
    found = [p.message for p in Book.open(samples["maker"], TODAY).check() if p.code == "pv-yield"]
    # 4,508,300 kWh / 9,078 kW = 496.6; 10,041,000 / 9,078 = 1,106.1
    assert "PV at tonglu-1-2 yielded 496.6 kWh/kW in 2022" in found
    assert not any("in 2023" in message for message in found)


def test_a_scenario_that_changes_nothing_repeats_the_last_actual_year(samples, tmp_path):
    folder = shutil.copytree(samples["ai"], tmp_path / "ai")
    (folder / "scenarios" / "still.toml").write_text(
        'name = "still"\nbase_year = 2022\nhorizon = 2024\n', encoding="utf-8"
    )
    book = Book.open(folder, TODAY)
    with book.run(["still"]) as run:
        totals = year_totals(run)
    for year in (2023, 2024):
        assert totals["still", year].scope1_g == totals["actual", 2022].scope1_g
        assert totals["still", year].location_g == totals["actual", 2022].location_g
        assert totals["still", year].market_g == totals["actual", 2022].market_g


# --- explanations ---------------------------------------------------------------------------


def chains_of(folder: Path, figure: str) -> list:
    with Book.open(folder, TODAY).run() as run:
        return list(explain(figure, run).chains)


FIGURES = (
    ("ai", "scope2-location 2022"),
    ("ai", "scope2-location 2021 hong-kong 2021-03"),
    ("ai", "scope1 2022"),
    ("ai", "scope1 2021 xinzhou-tower natural_gas 2021-01"),
    ("ai", "scope2-market 2022 singapore 2022-07"),
    ("ai", "scope3 2022"),
    ("maker", "scope1 2023 gasoline"),
    ("maker", "scope2-location 2019 2019-08 binjiang"),
    ("maker", "scope1 2022 natural_gas"),
    ("undisclosed", "scope2-market 2023"),
    ("undisclosed", "scope1 2023 2023-07 service"),
)


@pytest.mark.parametrize(("sample", "figure"), FIGURES)
def test_every_product_of_an_explanation_can_be_redone_by_hand(samples, sample, figure):
    """quantity x unit factor, its share of the days, x coefficient; plain Python fractions."""
    chains = chains_of(samples[sample], figure)
    assert chains
    for chain in chains:
        whole = Fraction(chain.entered) * chain.unit_factor
        days = (chain.end_on - chain.start_on).days + 1
        year, of_year = divmod(chain.month, 100)
        first = date(year, of_year, 1)
        after = date(year + of_year // 12, of_year % 12 + 1, 1)
        inside = (
            min(after, date.fromordinal(chain.end_on.toordinal() + 1)) - max(first, chain.start_on)
        ).days
        assert abs(whole * inside / days - Fraction(chain.quantity)) <= Fraction(2, 10**6)
        assert Fraction(chain.flow_quantity) * Fraction(chain.coefficient_g) == Fraction(
            chain.mass_g
        )
        assert chain.file
        assert chain.row > 1
        assert chain.source


def test_an_explanation_walks_from_the_total_to_site_and_month(samples):
    with Book.open(samples["ai"], TODAY).run() as run:
        answer = explain("scope2-location 2022", run)
        total = year_totals(run)["actual", 2022].location_g
    assert answer.total_g == total
    for _, parts in answer.steps[:1]:
        assert sum(grams for _, grams in parts) == total
    assert [heading.split(",")[0] for heading, _ in answer.steps] == ["by site", "by month"]


def test_a_figure_nothing_makes_up_is_not_disclosed_rather_than_zero(samples):
    with (
        Book.open(samples["maker"], TODAY).run() as run,
        pytest.raises(CarbonError, match="not disclosed, which is not 0"),
    ):
        explain("scope1 2020", run)


# --- bad files ------------------------------------------------------------------------------

BAD_FILES = sorted((Path(__file__).parent / "bad_files").glob("*.csv"))


def test_there_are_at_least_twenty_bad_files():
    assert len(BAD_FILES) >= 20


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book that holds something, so that a refused import has something to spoil."""
    folder = tmp_path_factory.mktemp("filled")
    book = begun(folder / "book", "Acme", "CN-ZJ", TODAY)
    (book.folder / "carbon.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "bills.csv").write_text(BILLS, encoding="utf-8")
    book.import_files([folder / "bills.csv"])
    return book


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.stem)
def test_a_refused_import_leaves_the_ledger_with_exactly_the_same_rows(filled: Book, path: Path):
    before = ledger_rows(filled)
    try:
        report = filled.import_files([path])[0]
    except CarbonError as fault:
        assert fault.remedy
    else:
        errors = [problem for problem in report.problems if problem.severity == "error"]
        if not errors:  # understood, but surprising: it comes in and is told
            assert report.problems
            return
        assert report.recorded == 0
        assert all(problem.remedy for problem in errors)
    assert ledger_rows(filled) == before


# --- intensities ----------------------------------------------------------------------------


def test_the_intensity_of_the_ai_sample_is_the_published_one_to_the_printed_digit(samples):
    from carbon.inventory import intensity

    with Book.open(samples["ai"], TODAY).run() as run:
        found = {(row["metric"], row["year"]): row["intensity_t"] for row in intensity(run).rows}
    # SenseTime sustainability report 2022: 6.0 t CO2e a person in 2022, 5,098 people
    assert round(found["people", 2022], 1) == Decimal("6.0")


# Hikvision ESG reports 2019 and 2023, total energy, PV inside, gas at 1.215 kgce/m3 [tce]
MAKER_COAL = {2018: "15712.3", 2019: "24801.5", 2021: "31480.0", 2022: "30253.2"}


@pytest.mark.parametrize("year", MAKER_COAL)
def test_the_maker_sample_gives_the_published_standard_coal_within_0_6_tce(samples, year):
    with Book.open(samples["maker"], TODAY).run() as run:
        total = year_totals(run)["actual", year]
    assert abs(total.tonnes("standard_coal_g") - Decimal(MAKER_COAL[year])) < Decimal("0.6")


def test_a_withdrawn_certificate_covers_nothing_and_stays_in_the_ledger(book: Book, bills: Path):
    book.import_files([bills])
    certificate(book, "500")
    book.withdraw("GEC-1", note="sold on")
    assert scope(book, 2022, "scope2_market_t") == Decimal("1900") * Decimal("0.5856")
    rows = book.sql("select is_withdrawn, supersedes from instrument order by batch_id").rows
    assert [(row["is_withdrawn"], row["supersedes"]) for row in rows] == [
        (False, ""),
        (True, "GEC-1"),
    ]


def test_withdrawing_an_id_nobody_recorded_names_the_nearest(book: Book):
    certificate(book, "500")
    with pytest.raises(LedgerError, match="Nearest: GEC-1"):
        book.withdraw("GEC-2")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (lambda book: book.inventory("2" * 3 + "\N{SUPERSCRIPT THREE}"), "not-a-year"),
        (lambda book: book.close("20\N{SUPERSCRIPT TWO}3"), "not-a-year"),
        (lambda book: book.explain("entry \N{SUPERSCRIPT TWO}"), "unknown-figure"),
        (lambda book: book.withdraw("\N{SUPERSCRIPT TWO}"), "no-record"),
    ],
)
def test_a_raised_digit_is_no_number(book: Book, bills: Path, asked, code):
    book.import_files([bills])
    with pytest.raises(CarbonError) as caught:
        asked(book)
    assert caught.value.code == code
