"""The workbook to fill in: laid out from a book, filled in cell by cell, and read back."""

from __future__ import annotations

import csv
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from books import begun

from carbon import cli, readers
from carbon.book import Book
from carbon.errors import CarbonError, UsageError

TODAY = date(2026, 1, 20)
SETTINGS = """[organisation]
name = "Lantern Works"

[[site]]
name = "works"
title = "Lantern works"
region = "CN-ZJ"
kind = "plant"
sources = { boilers = "reported", switchgear_sf6 = "reported", vehicles = "zero" }
[[site.meter]]
name = "works-grid"
[[site.meter]]
name = "works-pv"
role = "pv_generation"

[[site]]
name = "office"
region = "CN-SH"
kind = "office"
sources = { refrigerants = "reported" }
"""
BILLS = [
    "site",
    "meter",
    "activity",
    "detail",
    "start",
    "end",
    "quantity",
    "unit",
    "quality",
    "evidence",
    "note",
]
POWER, FUELS, PEOPLE = "Electricity and heat", "Fuels", "People, area, revenue"
PV, CHILLERS, WATER = "PV and storage", "Appliances", "Water, waste, packaging"


def lines(path: Path, header: list[str], *rows: tuple) -> Path:
    """A CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def book_of(folder: Path, settings: str = SETTINGS) -> Book:
    begun(folder, "Lantern Works", "CN-ZJ", today=TODAY)
    (folder / "carbon.toml").write_text(settings, encoding="utf-8")
    return Book.open(folder, today=TODAY)


def with_2024(folder: Path) -> Book:
    """A book whose year 2024 is recorded: power by the month, gas by its bills, diesel twice."""
    book = book_of(folder)
    rows = [
        each
        for month in range(1, 13)
        for each in (
            ("works", "works-grid", "electricity", f"2024-{month:02d}", 1000 * month, "kWh"),
            ("works", "works-pv", "pv_generation", f"2024-{month:02d}", 90, "kWh"),
        )
    ]
    header = ["site", "meter", "activity", "month", "quantity", "unit"]
    power = lines(folder / "power.csv", header, *rows)
    gas = lines(
        folder / "gas.csv",
        BILLS,
        ("works", "", "natural_gas", "", "2024-01-16", "2024-02-15", 500, "m3", "billed", "", ""),
        ("works", "", "natural_gas", "", "2024-02-16", "2024-03-15", 400, "m3", "billed", "", ""),
        ("works", "", "diesel", "", "2024-03-07", "2024-03-07", "1.5", "t", "", "", ""),
        ("works", "", "diesel", "", "2024-09-02", "2024-09-02", "2.5", "t", "", "", ""),
    )
    chillers = lines(
        folder / "chillers.csv",
        ["equipment_id", "site", "kind", "refrigerant", "charge", "unit", "installed_on"],
        ("chiller-1", "works", "chiller", "R-134a", 40, "kg", "2019-04-01"),
        ("chiller-0", "works", "chiller", "R-134a", 40, "kg", "2009-04-01"),
    )
    people = lines(
        folder / "people.csv",
        ["metric", "period", "quantity", "unit"],
        ("people", 2024, 120, "person"),
    )
    trips = lines(
        folder / "trips.csv",
        ["site", "travellers", "date", "from", "to"],
        ("office", 1, "2024-05-06", "PVG", "PEK"),
    )
    for report in book.import_files([power, gas, chillers, people, trips]):
        assert not [each for each in report.problems if each.severity == "error"]
    book.log("equipment", CHILLER_0 | {"retired_on": "2023-11-30"}, again=True)
    return book


CHILLER_0 = {
    "equipment_id": "chiller-0",
    "site": "works",
    "kind": "chiller",
    "refrigerant": "R-134a",
    "charge": "40",
    "unit": "kg",
    "installed_on": "2009-04-01",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with the book, and its template of 2025."""
    folder = tmp_path_factory.mktemp("made")
    with_2024(folder / "book").template(folder / "out.xlsx", year="2025")
    return folder


@pytest.fixture
def book(made, tmp_path):
    shutil.copytree(made / "book", tmp_path / "book")
    return Book.open(tmp_path / "book", today=TODAY)


class Filler:
    """A workbook that somebody types into, by the names of its columns."""

    def __init__(self, path: Path) -> None:
        self.path, self.book = path, openpyxl.load_workbook(path)

    def header(self, sheet: str) -> dict[str, int]:
        """Columns by their headings."""
        return {cell.value: cell.column for cell in self.book[sheet][4] if cell.value}

    def rows(self, sheet: str, **known: str) -> Iterator[int]:
        """Numbers of the rows laid out that say this."""
        at = self.header(sheet)
        for number in range(5, self.book[sheet].max_row + 1):
            said = {name: self.book[sheet].cell(number, at[name]).value for name in known}
            if said == known and self.book[sheet].cell(number, 1).value is not None:
                yield number

    def said(self, sheet: str, number: int) -> dict[str, object]:
        """What a row says, without blanks."""
        cells = {
            name: self.book[sheet].cell(number, at).value for name, at in self.header(sheet).items()
        }
        return {name: value for name, value in cells.items() if value is not None}

    def type(self, sheet: str, number: int, **typed: object) -> None:
        """Type into cells of a row."""
        for name, value in typed.items():
            self.book[sheet].cell(number, self.header(sheet)[name], value)

    def add(self, sheet: str, **typed: object) -> None:
        """Type a row below all others."""
        below = 4 + sum(
            1 for row in self.book[sheet].iter_rows(5, max_col=1) if row[0].value is not None
        )
        self.type(sheet, below + 1, **typed)

    def save(self, name: str = "") -> Path:
        path = self.path.with_name(name or f"filled-{self.path.name}")
        self.book.save(path)
        return path


@pytest.fixture
def out(made, tmp_path):
    """The template of 2025, open to be typed into."""
    shutil.copy(made / "out.xlsx", tmp_path)
    return Filler(tmp_path / "out.xlsx")


def errors(report):
    return [(each.code, each.row) for each in report.problems if each.severity == "error"]


def entries(book, year=2025):
    """What the ledger says of a year, but for where it comes from."""
    table = book.sql(
        "select k.site, k.meter, k.activity, k.detail, e.start_on, e.end_on, e.quantity, e.unit,"
        " e.quality, e.evidence, e.uncertainty_pct, e.identity, regexp_replace(e.note,"
        " '(; )?sheet [A-Za-z ]+$', '') as note from entry as e join entry_key as k"
        f" on k.key_id = e.key_id where year(e.start_on) = {year} order by all"
    )
    return table.rows


# Out, filled in, and back


def test_a_template_filled_in_gives_the_ledger_of_the_same_data_as_csv(book, out, made, tmp_path):
    same: list[tuple] = []
    for month, number in enumerate(out.rows(POWER, meter="works-grid"), start=1):
        quantity = Decimal("1100.25") * month
        out.type(
            POWER, number, quantity=float(quantity), quality="billed", evidence=f"bill {month}"
        )
        last = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
        days = f"2025-{month:02d}-01", f"2025-{month:02d}-{last}"
        same.append(
            (
                "works",
                "works-grid",
                "electricity",
                "",
                *days,
                quantity,
                "kWh",
                "billed",
                f"bill {month}",
                "",
            )
        )
    for number in [*out.rows(FUELS, activity="natural_gas")][:2]:
        out.type(FUELS, number, quantity=450, note="estimated by the supplier", quality="estimated")
    for start, end in (("2025-01-16", "2025-02-15"), ("2025-02-16", "2025-03-15")):
        said = (450, "m3", "estimated", "", "estimated by the supplier")
        same.append(("works", "", "natural_gas", "", start, end, *said))
    out.add(
        FUELS,
        site="works",
        activity="diesel",
        start=date(2025, 4, 2),
        end=date(2025, 4, 2),
        quantity=1200.5,
        unit="kg",
    )
    same.append(("works", "", "diesel", "", "2025-04-02", "2025-04-02", "1200.5", "kg", "", "", ""))
    trip = {"site": "office", "travellers": 2, "from": "PVG", "to": "PEK", "return": "yes"}
    out.add("Trips", **trip, date=date(2025, 5, 6), mode="air")
    out.add(
        "Appliances",
        **CHILLER_0
        | {"equipment_id": "chiller-2", "charge": 35.5, "installed_on": date(2025, 3, 1)},
    )
    [visit] = out.rows("Service", equipment_id="chiller-1")
    out.type("Service", visit, event="top-up", serviced_on=date(2025, 7, 8), mass=1.25)
    fill = {"service_id": "first-fill", "equipment_id": "chiller-2", "event": "install"}
    out.add("Service", **fill, serviced_on=date(2025, 3, 1), mass=35.5, unit="kg")
    [people] = out.rows(PEOPLE, metric="people")
    out.type(PEOPLE, people, quantity=125)

    (told,) = book.import_files([out.save()])
    assert errors(told) == []
    assert told.recorded == 12 + 2 + 1 + 1 + 1 + 2 + 1

    shutil.copytree(made / "book", tmp_path / "other")
    other = Book.open(tmp_path / "other", today=TODAY)
    service = ["service_id", "equipment_id", "event", "serviced_on", "mass", "unit"]
    other.import_files(
        [
            lines(tmp_path / "bills.csv", BILLS, *same),
            lines(
                tmp_path / "t.csv", [*trip, "date", "mode"], (*trip.values(), "2025-05-06", "air")
            ),
            lines(
                tmp_path / "e.csv",
                [*CHILLER_0],
                ("chiller-2", "works", "chiller", "R-134a", "35.5", "kg", "2025-03-01"),
            ),
            lines(
                tmp_path / "s.csv",
                service,
                ("chiller-1-2025-1", "chiller-1", "top-up", "2025-07-08", "1.25", "kg"),
                ("first-fill", "chiller-2", "install", "2025-03-01", "35.5", "kg"),
            ),
            lines(
                tmp_path / "p.csv",
                ["metric", "period", "quantity", "unit"],
                ("people", 2025, 125, "person"),
            ),
        ]
    )
    assert entries(book) == entries(other)
    assert len(entries(book)) == 16
    for table in ("equipment", "service", "denominator"):
        query = f"select * exclude (batch_id, row) from {table} order by all"
        assert book.sql(query).rows == other.sql(query).rows
    months = "select * exclude (entry_id, batch_id) from entry_month order by all"
    assert book.sql(months).rows == other.sql(months).rows


def test_a_filled_template_twice_adds_nothing_and_a_fuller_one_adds_what_is_new(book, out):
    january, february, *_ = out.rows(POWER, meter="works-grid")
    out.type(POWER, january, quantity=1234)
    first = out.save()
    assert [each.recorded for each in book.import_files([first])] == [1]
    (again,) = book.import_files([first])
    assert (again.recorded, again.offered) == (0, [])
    out.type(POWER, february, quantity=2345)
    (more,) = book.import_files([out.save("later.xlsx")])
    assert (more.recorded, more.offered) == (1, [])
    assert [str(each["quantity"]) for each in entries(book)] == ["1234.000000", "2345.000000"]


def test_a_changed_figure_is_offered_as_a_correction(book, out):
    [january, *_] = out.rows(POWER, meter="works-grid")
    out.type(POWER, january, quantity=1234)
    book.import_files([out.save()])
    out.type(POWER, january, quantity=1243)
    (told,) = book.import_files([out.save()])
    assert (told.recorded, [each.new.quantity for each in told.offered]) == (0, [Decimal(1243)])


def test_a_template_sent_back_as_it_went_out_records_nothing_and_is_no_fault(book, out):
    before = book.sql("select count(*) as n from batch").rows
    (told,) = book.import_files([out.path])
    assert (told.recorded, told.corrected, told.offered, errors(told)) == (0, 0, [], [])
    assert [each.code for each in told.problems] == ["not-filled-in"]
    assert book.sql("select count(*) as n from batch").rows == before


def test_a_row_filled_in_but_for_its_quantity_keeps_the_file_out(book, out):
    january, february, *_ = out.rows(POWER, meter="works-grid")
    out.type(POWER, january, evidence="bill 17")
    out.type(POWER, february, quantity=5)
    (told,) = book.import_files([out.save()])
    assert errors(told) == [("blank-quantity", january)]
    assert entries(book) == []


def test_an_error_of_the_spreadsheet_in_a_quantity_is_a_fault_and_no_blank(book, out):
    [january, *_] = out.rows(POWER, meter="works-grid")
    cell = out.book[POWER].cell(january, out.header(POWER)["quantity"])
    cell.value, cell.data_type = "#N/A", "e"
    (told,) = book.import_files([out.save()])
    assert errors(told) == [("error-cell", january)]


def test_start_and_end_are_read_instead_of_the_month(book, out):
    [january, *_] = out.rows(POWER, meter="works-grid")
    out.type(POWER, january, quantity=7, start=date(2025, 1, 3), end=date(2025, 2, 2))
    book.import_files([out.save()])
    [entry] = entries(book)
    assert (entry["start_on"], entry["end_on"]) == (date(2025, 1, 3), date(2025, 2, 2))


def test_last_years_figures_are_not_read_whatever_is_typed_over_them(book, out):
    [january, *_] = out.rows(POWER, meter="works-grid")
    out.type(POWER, january, quantity=7, **{"2024 (not read)": "n/a", "2024 unit (not read)": "GJ"})
    (told,) = book.import_files([out.save()])
    assert [each.code for each in told.problems] == ["not-filled-in"]
    assert [str(each["quantity"]) for each in entries(book)] == ["7.000000"]


def test_the_note_of_an_entry_names_its_sheet_once(book, out):
    [january, *_] = out.rows(POWER, meter="works-grid")
    out.type(POWER, january, quantity=7, note="as billed; sheet Electricity and heat")
    book.import_files([out.save()])
    [row] = book.sql("select note from entry where start_on >= date '2025-01-01'").rows
    assert row["note"] == "as billed; sheet Electricity and heat"


def test_a_sheet_under_another_name_and_saved_as_csv_is_still_known(book, out, tmp_path):
    [january, *_] = out.rows(POWER, meter="works-grid")
    out.type(POWER, january, quantity=7)
    cells = [[cell.value for cell in row] for row in out.book[POWER].iter_rows()]
    path = tmp_path / "Kopie von Strom.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(cells)
    (told,) = book.import_files([path])
    assert (told.recorded, errors(told)) == (1, [])


def test_a_sheet_of_somebody_elses_is_named_and_not_read(book, out):
    scratch = out.book.create_sheet("scratch")
    scratch.append(["site", "activity", "month", "quantity", "unit"])
    scratch.append(["works", "electricity", "2025-01", 5, "kWh"])
    (told,) = book.import_files([out.save()])
    assert told.recorded == 0
    [problem] = [each for each in told.problems if each.severity == "warning"]
    assert problem.message == "not all read; not read: 'scratch'"


def test_a_template_of_a_later_version_is_refused(out):
    for sheet in out.book:
        for row in sheet.iter_rows(max_row=3):
            if row[0].value == "carbon template 1":
                row[0].value = "carbon template 2"
    with pytest.raises(CarbonError, match="later version"):
        readers.read_all(out.save())


def test_refused_rows_of_sheets_with_other_columns_are_written_out_whole(book, out):
    [january, *_] = out.rows(POWER, meter="works-grid")
    out.type(POWER, january, quantity="many")
    out.add(
        FUELS,
        site="works",
        activity="diesel",
        detail="B7",
        month="2025-02",
        quantity="some",
        unit="L",
    )
    (told,) = book.import_files([out.save()], accept_good=True)
    [path] = [each for each in told.refused_files if "activity" in each.name]
    with path.open(encoding="utf-8", newline="") as file:
        grid, diesel = csv.DictReader(file)
    assert (grid["meter"], grid["quantity"], grid["row"]) == (
        "works-grid",
        "many",
        f"{POWER}, {january}",
    )
    assert (diesel["detail"], diesel["quantity"]) == ("B7", "some")


# What is laid out


def test_a_meter_has_a_row_for_each_month_with_last_years_figure_beside(out):
    rows = [out.said(POWER, number) for number in out.rows(POWER, meter="works-grid")]
    assert [(row["month"], row["2024 (not read)"]) for row in rows] == [
        (f"2025-{month:02d}", 1000 * month) for month in range(1, 13)
    ]
    assert {row["unit"] for row in rows} == {row["2024 unit (not read)"] for row in rows} == {"kWh"}


def test_bills_that_follow_no_month_come_again_a_year_later(out):
    rows = [out.said(FUELS, number) for number in out.rows(FUELS, activity="natural_gas")]
    spans = [
        (row["start"].date(), row["end"].date(), row["2024 (not read)"])
        for row in rows
        if "start" in row
    ]
    assert spans == [
        (date(2025, 1, 16), date(2025, 2, 15), 500),
        (date(2025, 2, 16), date(2025, 3, 15), 400),
    ]
    assert [row["month"] for row in rows if "month" in row] == [
        f"2025-{m:02d}" for m in range(4, 13)
    ]


def test_what_is_bought_now_and_then_has_one_row_and_the_year_beside(out):
    [number] = out.rows(FUELS, activity="diesel")
    said = out.said(FUELS, number)
    assert "month" not in said
    assert (said["2024 (not read)"], said["unit"]) == (4, "t")  # 1.5 t and 2.5 t


def test_a_bill_of_another_unit_is_compared_in_the_unit_of_the_latest(book, tmp_path):
    said = {"site": "office", "activity": "electricity", "quantity": "1.5", "month": "2024-01"}
    book.log("activity", said | {"unit": "MWh"})
    book.log("activity", said | {"unit": "kWh", "month": "2024-02", "quantity": "900"})
    book.template(tmp_path / "out.xlsx", year="2025")
    out = Filler(tmp_path / "out.xlsx")
    january, february, *_ = (out.said(POWER, each) for each in out.rows(POWER, site="office"))
    assert (january["2024 (not read)"], january["2024 unit (not read)"]) == (1500, "kWh")
    assert february["2024 (not read)"] == 900


def test_a_site_without_a_meter_is_asked_for_its_electricity(out):
    rows = [out.said(POWER, number) for number in out.rows(POWER, site="office")]
    assert [row["month"] for row in rows] == [f"2025-{month:02d}" for month in range(1, 13)]


def test_a_source_stated_as_reported_has_a_row_where_nothing_is_recorded_of_it(out):
    [office] = out.rows("Refrigerants", site="office")
    assert out.said("Refrigerants", office)["activity"] == "refrigerant"
    [works] = out.rows("Refrigerants", site="works")
    assert out.said("Refrigerants", works)["activity"] == "sf6"


def test_only_appliances_in_use_wait_for_service(out):
    assert len([*out.rows("Service", equipment_id="chiller-1")]) == 1
    assert [*out.rows("Service", equipment_id="chiller-0")] == []
    assert [out.said("Appliances", n)["equipment_id"] for n in out.rows("Appliances")] == [
        "chiller-0",
        "chiller-1",
    ]


def test_the_book_is_asked_for_what_it_has_alone(out):
    assert [sheet.title for sheet in out.book if sheet.sheet_state == "visible"] == [
        "Read me",
        "Electricity and heat",
        "PV and storage",
        "Fuels",
        "Refrigerants",
        "Appliances",
        "Service",
        "Trips",
        "People, area, revenue",
    ]


def test_a_recorded_month_stands_in_its_row_and_is_known_when_it_comes_back(book, tmp_path):
    said = {"site": "works", "meter": "works-grid", "activity": "electricity", "unit": "kWh"}
    book.log("activity", said | {"month": "2025-02", "quantity": "12345678901.123456"})
    book.template(tmp_path / "out.xlsx", year="2025")
    out = Filler(tmp_path / "out.xlsx")
    rows = [out.said(POWER, number) for number in out.rows(POWER, meter="works-grid")]
    assert [row["month"] for row in rows] == [f"2025-{month:02d}" for month in range(1, 13)]
    assert [row.get("quantity") for row in rows[:3]] == [None, "12345678901.123456", None]
    (told,) = book.import_files([out.path])
    assert (told.recorded, told.offered) == (0, [])
    assert told.known == 1 + 2  # the month, and the two appliances of the register


def test_a_recorded_year_goes_out_and_comes_back_with_nothing_new(book, tmp_path):
    book.template(tmp_path / "out.xlsx", year="2024")
    (told,) = book.import_files([tmp_path / "out.xlsx"])
    assert (told.recorded, told.offered, errors(told)) == (0, [], [])
    assert told.known == 12 + 12 + 2 + 2 + 2 + 1  # power, PV, gas, diesel, chillers, people


def test_a_correction_by_a_template_keeps_the_uncertainty_that_was_stated(book, tmp_path):
    said = {"site": "works", "meter": "works-grid", "activity": "electricity", "unit": "kWh"}
    book.log("activity", said | {"month": "2025-02", "quantity": "5", "uncertainty": "7.5"})
    book.template(tmp_path / "out.xlsx", year="2025")
    out = Filler(tmp_path / "out.xlsx")
    [row] = out.rows(POWER, meter="works-grid", month="2025-02")
    out.type(POWER, row, quantity=6)
    (told,) = book.import_files([out.save()], accept_corrections=True)
    assert told.corrected == 1
    assert [row["uncertainty_pct"] for row in entries(book)] == [Decimal("7.5")] * 2


def test_a_meter_is_asked_for_the_months_it_is_there(book, tmp_path):
    text = SETTINGS.replace(
        'name = "works-pv"', 'name = "works-pv"\nsince = 2024-01\nuntil = 2025-04'
    )
    text = text.replace("2024-01", '"2024-01"').replace("2025-04", '"2025-04"')
    (book.folder / "carbon.toml").write_text(text, encoding="utf-8")
    book.template(tmp_path / "out.xlsx", year="2025")
    out = Filler(tmp_path / "out.xlsx")
    months = [out.said("PV and storage", n)["month"] for n in out.rows("PV and storage")]
    assert months == ["2025-01", "2025-02", "2025-03"]


def test_readings_by_the_hour_are_asked_for_by_the_month(book, tmp_path):
    rows = [
        (
            "office",
            "",
            "electricity",
            "",
            f"2025-{m:02d}-{d:02d}",
            f"2025-{m:02d}-{d:02d}",
            1,
            "kWh",
            "",
            "",
            "",
        )
        for m in (1, 2, 3)
        for d in range(1, 29)
    ]
    book.import_files([lines(tmp_path / "days.csv", BILLS, *rows)])
    book.template(tmp_path / "out.xlsx", year="2025")
    out = Filler(tmp_path / "out.xlsx")
    months = [out.said(POWER, number)["month"] for number in out.rows(POWER, site="office")]
    assert months == [f"2025-{month:02d}" for month in range(4, 13)]


def test_a_reporting_year_from_april_is_asked_for_from_april(book, tmp_path):
    text = SETTINGS.replace('name = "Lantern Works"\n', 'name = "L"\nreporting_year_starts = 4\n')
    (book.folder / "carbon.toml").write_text(text, encoding="utf-8")
    book.template(tmp_path / "out.xlsx", year="2025")
    out = Filler(tmp_path / "out.xlsx")
    rows = [out.said(POWER, number) for number in out.rows(POWER, meter="works-grid")]
    assert [row["month"] for row in rows][::11] == ["2025-04", "2026-03"]
    assert rows[0]["2024 (not read)"] == 4000
    assert "2024 (not read)" not in rows[-1]  # March 2025 is not recorded


def test_indicators_come_again_with_last_years_figure_and_what_it_covers(book, tmp_path):
    said = {"indicator": "water_withdrawal", "part": "municipal", "unit": "m3", "site": "works"}
    book.log("indicator", said | {"period": "2024", "quantity": "900", "coverage": "tower 1"})
    book.template(tmp_path / "out.xlsx", year="2025")
    out = Filler(tmp_path / "out.xlsx")
    [row] = out.rows(WATER, part="municipal")
    laid = out.said(WATER, row)
    assert (laid["period"], laid["2024 (not read)"], laid["coverage"]) == ("2025", 900, "tower 1")
    out.type(WATER, row, quantity=850)
    (told,) = book.import_files([out.save()])
    assert (told.recorded, errors(told)) == (1, [])
    query = "select site, part, period, quantity, coverage from indicator where period = 2025"
    [kept] = book.sql(query).rows
    assert [*kept.values()] == ["works", "municipal", 2025, Decimal(850), "tower 1"]


def test_a_sub_meter_is_asked_for_and_a_virtual_one_is_not(book, tmp_path):
    meters = """[[site.meter]]
name = "hall"
of = "works-grid"
[[site.meter]]
name = "rest"
plus = ["works-grid"]
minus = ["hall"]
"""
    text = SETTINGS.replace('[[site]]\nname = "office"', f'{meters}\n[[site]]\nname = "office"')
    (book.folder / "carbon.toml").write_text(text, encoding="utf-8")
    book.template(tmp_path / "out.xlsx", year="2025")
    out = Filler(tmp_path / "out.xlsx")
    assert len([*out.rows(POWER, meter="hall")]) == 12
    assert [*out.rows(POWER, meter="rest")] == []
    with zipfile.ZipFile(tmp_path / "out.xlsx") as parts:
        words = parts.read("xl/sharedStrings.xml").decode()
    assert "hall" in words and ">rest<" not in words


def test_a_site_outside_the_boundary_is_asked_for_nothing(book, tmp_path):
    text = SETTINGS.replace('name = "office"', 'name = "office"\nin_boundary = false')
    (book.folder / "carbon.toml").write_text(text, encoding="utf-8")
    book.template(tmp_path / "out.xlsx", year="2025")
    assert [*Filler(tmp_path / "out.xlsx").rows(POWER, site="office")] == []


def test_a_figure_is_compared_with_last_years_where_both_are_in_one_unit(out):
    [january, *_] = out.rows(POWER, meter="works-grid")
    said = out.said(POWER, january)
    at = {name: f"${chr(64 + column)}{january}" for name, column in out.header(POWER).items()}
    new, old = at["quantity"], at["2024 (not read)"]
    units = f"EXACT({at['unit']},{at['2024 unit (not read)']})"
    both = f"AND(ISNUMBER({new}),ISNUMBER({old}),{units})"
    assert said["change (not read)"] == f'=IF({both},IF({old}<>0,{new}/{old}-1,""),"")'


# What may be chosen and typed


def rule(out: Filler, sheet: str, column: str, number: int):
    """The check of a cell."""
    cell = out.book[sheet].cell(number, out.header(sheet)[column]).coordinate
    [found] = [each for each in out.book[sheet].data_validations.dataValidation if cell in each]
    return found


def listed(out: Filler, where: str) -> list[str]:
    """The words of a range of the hidden sheet."""
    sheet, _, cells = where.replace("$", "").partition("!")
    return [row[0].value for row in out.book[sheet][cells]]


def test_units_to_choose_are_those_the_activity_is_counted_in(out, book):
    [january, *_] = out.rows(POWER, meter="works-grid")
    units = listed(out, rule(out, POWER, "unit", january).formula1)
    assert units[:5] == ["kWh", "MWh", "10^4 kWh", "GJ", "MJ"]
    assert not {"kg", "m3", "L", "km"} & set(units)
    [gas, *_] = out.rows(FUELS, activity="natural_gas")
    of_gas = listed(out, rule(out, FUELS, "unit", gas).formula1)
    assert {"m3", "10^4 m3"} <= set(of_gas) and "L" not in of_gas


def test_every_unit_to_choose_is_read(out, book, tmp_path):
    [gas, *_] = out.rows(FUELS, activity="natural_gas")
    units = listed(out, rule(out, FUELS, "unit", gas).formula1)
    rows = [("works", "natural_gas", "2025-01", 1, unit) for unit in units]
    path = lines(tmp_path / "units.csv", ["site", "activity", "month", "quantity", "unit"], *rows)
    (told,) = book.import_files([path])
    assert (errors(told), told.recorded) == ([], len(units))
    assert len(units) > 20


def test_gas_that_is_billed_gross_or_net_may_choose_which(tmp_path):
    settings = '[organisation]\nname = "x"\n[[site]]\nname = "leeds"\nregion = "GB"\n'
    book = book_of(tmp_path / "book", settings)
    said = {"site": "leeds", "activity": "natural_gas", "month": "2025-01", "quantity": "5"}
    book.log("activity", said | {"unit": "kWh (gross)"})
    book.template(tmp_path / "out.xlsx", year="2025")
    out = Filler(tmp_path / "out.xlsx")
    [february, *_] = out.rows(FUELS, month="2025-02")
    assert out.said(FUELS, february)["unit"] == "kWh (gross)"
    units = listed(out, rule(out, FUELS, "unit", february).formula1)
    assert units[:3] == ["kWh (gross)", "kWh (net)", "MWh (gross)"]
    assert "kWh" not in units  # which is refused there: it says neither


def test_a_row_below_the_others_may_choose_as_well(out):
    below = max(out.rows(FUELS, site="works")) + 500
    assert rule(out, FUELS, "site", below).type == "list"
    assert "$C" in rule(out, FUELS, "unit", below).formula1  # by the activity beside
    assert "$A" in rule(out, FUELS, "meter", below).formula1  # by the site beside


def test_every_heading_has_a_note_that_says_what_is_meant(out):
    for sheet in out.book:
        if sheet.sheet_state == "visible" and sheet.title != "Read me":
            assert all(cell.comment for cell in sheet[4] if cell.value), sheet.title


def test_one_sheet_alone_is_selected(out):
    selected = [sheet.title for sheet in out.book if sheet.sheet_view.tabSelected]
    assert selected == ["Read me"]  # with two, what is typed goes into both


def test_numbers_and_days_are_checked(out):
    [visit] = out.rows("Service", equipment_id="chiller-1")
    mass, day = (rule(out, "Service", name, visit) for name in ("mass", "serviced_on"))
    assert (mass.type, mass.operator, mass.formula1) == ("decimal", "greaterThanOrEqual", "0")
    assert (day.type, day.formula1, day.formula2) == (
        "date",
        "45658",
        "46022",
    )  # 2025, in days from 1899-12-30
    [january, *_] = out.rows(POWER, meter="works-grid")
    assert rule(out, POWER, "quantity", january).errorStyle == "warning"  # a credit note


HOSTILE = [
    "=HQ+1",
    "=cmd|' -C calc'!A0",
    "@home",
    "-5",
    "*",
    "a*b?",
    "HQ",
    "hq",
    "2024-01",
    "Total",
    "长" * 40,
    "x" * 300,
    "'quoted",
    "\U00020bb7野家",
    "a\u0007b",
    "x_x0041_y",
    "<b>&amp;",
]


def hostile_settings() -> str:
    said = '[organisation]\nname = "=1+1"\n'
    for number, name in enumerate(HOSTILE):
        text = name.replace("\u0007", "\\u0007")
        said += f'[[site]]\nname = "{text}"\ntitle = "=2+2"\nregion = "CN-SH"\n'
        said += f'[[site.meter]]\nname = "={number}"\n'
    return said


def test_sites_of_any_name_go_out_and_come_back(tmp_path):
    from python_calamine import CalamineWorkbook

    book = book_of(tmp_path / "book", hostile_settings())
    path = tmp_path / "out.xlsx"
    book.template(path, year="2025")
    for row in CalamineWorkbook.from_path(str(path)).get_sheet_by_name(POWER).to_python()[4:]:
        if row[0]:
            assert HOSTILE.index(row[0]) == int(row[1][1:])
    out = Filler(path)
    for number in range(5, 5 + 12 * len(HOSTILE)):
        out.type(POWER, number, quantity=number)
    for number in [*out.rows(POWER, site="x_x0041_y")]:
        out.type(POWER, number, site="x_x005F_x0041_y")  # as a spreadsheet writes it
    (told,) = book.import_files([out.save()])
    assert errors(told) == []
    assert told.recorded == 12 * len(HOSTILE)
    assert {row["site"] for row in entries(book)} == {*HOSTILE}


def test_no_word_of_the_book_is_a_formula(tmp_path):
    book = book_of(tmp_path / "book", hostile_settings())
    said = {"site": "=HQ+1", "activity": "electricity", "unit": "kWh", "quantity": "5"}
    book.log("activity", said | {"meter": "=0", "month": "2024-03", "evidence": "=1+1"})
    book.log("activity", said | {"meter": "=0", "month": "2025-01", "evidence": "=1+1"})
    book.template(tmp_path / "out.xlsx", year="2025")
    with zipfile.ZipFile(tmp_path / "out.xlsx") as parts:
        sheets = [
            parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name
        ]
    formulas = {found for xml in sheets for found in re.findall(r"<f>(.*?)</f>", xml)}
    cell = r"\$[A-Z]+\d+"
    words = re.sub(cell, "", " ".join(formulas)).split()
    assert set(words) == {'IF(AND(ISNUMBER(),ISNUMBER(),EXACT(,)),IF(&lt;&gt;0,/-1,""),"")'}


def test_a_name_that_no_cell_can_hold_is_refused(tmp_path):
    settings = f'[organisation]\nname = "x"\n[[site]]\nname = "{"n" * 32768}"\nregion = "CN"\n'
    book = book_of(tmp_path / "book", settings)
    with pytest.raises(CarbonError, match=r"has 32,768 characters"):
        book.template(tmp_path / "out.xlsx", year="2025")
    assert not (tmp_path / "out.xlsx").exists()


# The verb


def test_one_site_gets_its_own_rows_and_words_alone(book, tmp_path):
    book.template(tmp_path / "out.xlsx", year="2025", sites=["office"])
    with zipfile.ZipFile(tmp_path / "out.xlsx") as parts:
        everything = " ".join(parts.read(name).decode() for name in parts.namelist())
    assert "office" in everything
    assert "works-grid" not in everything and "chiller-1" not in everything


def test_what_is_of_the_whole_organisation_does_not_go_to_one_site(book, tmp_path):
    everywhere = book.template(tmp_path / "all.xlsx", "2025")
    works = book.template(tmp_path / "works.xlsx", "2025", sites=["works"])
    ours, theirs = ({row["layout"] for row in table.rows} for table in (everywhere, works))
    assert ours - theirs == {"denominator", "trip"}  # the trips are the office's


def test_a_year_far_away_is_refused(book, tmp_path):
    with pytest.raises(UsageError, match="2061"):
        book.template(tmp_path / "out.xlsx", year="2061")


def test_a_sheet_that_is_asked_for_is_there_whether_the_book_calls_for_it_or_not(book, tmp_path):
    table = book.template(
        tmp_path / "out.xlsx", year="2025", sheets=["claims", "stock", "commuting"]
    )
    assert [row["layout"] for row in table.rows] == ["refrigerant_stock", "activity", "claim"]


def test_a_file_that_is_there_is_never_written_over(book, tmp_path):
    path = tmp_path / "out.xlsx"
    path.write_text("filled in")
    with pytest.raises(UsageError, match="is there already"):
        book.template(path)
    assert path.read_text() == "filled in"


def test_the_year_is_that_of_last_month_where_none_is_said(book, tmp_path):
    assert book.template(tmp_path / "a.xlsx").title.endswith("to be filled in for 2025")


def test_an_unknown_site_names_the_nearest(book, tmp_path):
    with pytest.raises(UsageError) as fault:
        book.template(tmp_path / "a.xlsx", sites=["offise"])
    assert (fault.value.code, fault.value.nearest) == ("unknown-site", "office")


TOLD = """
out.xlsx, to be filled in for 2025 ──────────────────────────────────────── rows

  Sheet                  Layout       To fill in  Recorded
  Electricity and heat   activity             24         0
  PV and storage         activity             12         0
  Fuels                  activity             12         0
  Refrigerants           activity              2         0
  Appliances             equipment             0         2
  Service                service               1         0
  Trips                  trip                  0         0
  People, area, revenue  denominator           1         0

  · Send out.xlsx out. When it comes back: carbon import out.xlsx

"""
BACK = """\
filled-out.xlsx: 1 recorded, 2 already known
"""
LEFT = """\
note[not-filled-in]: 3 rows of the template are filled in; 51 are not, and no entries (\
Electricity and heat 23, PV and storage 12, Fuels 12, Refrigerants 2, Service 1, \
People, area, revenue 1)
  filled-out.xlsx
  To fix: write 0 where nothing was used; fill in the others when their bills come, \
and import the workbook again
"""


def test_the_verb_says_what_it_wrote_and_import_what_came_back(book, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    assert cli.run(["template", "out.xlsx", "--year", "2025", "-C", "book"]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == (TOLD, "")
    out = Filler(Path("out.xlsx"))
    [january, *_] = out.rows(POWER, meter="works-grid")
    out.type(POWER, january, quantity=7)
    out.save()
    assert cli.run(["import", "filled-out.xlsx", "-C", "book"]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == (BACK, LEFT)
