"""One workbook with sheets of several layouts: recorded in one batch, or not at all."""

from __future__ import annotations

from datetime import date

import pytest
import xlsxwriter
from books import begun

from carbon.errors import LedgerError

BILLS = ["site", "activity", "month", "quantity", "unit"]
TRIPS = ["site", "travellers", "date", "from", "to"]
CHILLERS = ["equipment_id", "site", "kind", "refrigerant", "charge", "unit", "installed_on"]
SERVICE = ["service_id", "equipment_id", "event", "serviced_on", "mass", "unit"]
BILL = ["head-office", "electricity", "2024-01", 100, "kWh"]
CHILLER = ["chiller-1", "head-office", "chiller", "R-134a", 40, "kg", "2019-04-01"]
TOP_UP = ["top-up-1", "chiller-1", "top-up", "2024-03-05", 2, "kg"]


@pytest.fixture
def book(tmp_path):
    return begun(tmp_path / "book", "Test", "CN-SH", today=date(2025, 6, 30))


@pytest.fixture
def workbook(tmp_path):
    """A workbook of these sheets, each a header and its rows."""

    def write(**sheets):
        path = tmp_path / "mixed.xlsx"
        with xlsxwriter.Workbook(path) as made:
            for name, rows in sheets.items():
                sheet = made.add_worksheet(name)
                for at, row in enumerate(rows):
                    sheet.write_row(at, 0, row)
        return path

    return write


def recorded(book):
    """How many rows of each kind the ledger holds, and of how many batches."""
    count = "(select count(*) from {})"
    tables = ("entry", "equipment", "service", "batch")
    table = book.sql("select " + ", ".join(f"{count.format(t)} as {t}" for t in tables))
    return tuple(table.rows[0].values())


def test_every_layout_of_a_workbook_is_recorded_in_one_batch(book, workbook):
    path = workbook(bills=[BILLS, BILL], service=[SERVICE, TOP_UP], chillers=[CHILLERS, CHILLER])
    before = recorded(book)[-1]
    (told,) = book.import_files([path])
    assert told.recorded == 3
    assert told.layout == "activity, equipment, service"
    assert recorded(book) == (1, 1, 1, before + 1)
    assert [(each.code, each.severity) for each in told.problems] == [("several-layouts", "note")]


def test_the_second_time_all_of_it_is_known(book, workbook):
    path = workbook(bills=[BILLS, BILL], chillers=[CHILLERS, CHILLER], service=[SERVICE, TOP_UP])
    book.import_files([path])
    before = recorded(book)
    (told,) = book.import_files([path])
    assert (told.recorded, told.known) == (0, 3)
    assert recorded(book) == before


def test_a_fault_in_one_sheet_keeps_the_others_out(book, workbook):
    wrong = [*TOP_UP[:2], "refill", *TOP_UP[3:]]
    path = workbook(bills=[BILLS, BILL], chillers=[CHILLERS, CHILLER], service=[SERVICE, wrong])
    before = recorded(book)
    (told,) = book.import_files([path])
    assert [each.code for each in told.problems if each.severity == "error"] == ["unknown-event"]
    assert recorded(book) == before


def test_what_the_ledger_refuses_of_one_sheet_keeps_the_others_out(book, workbook, monkeypatch):
    def fails(*_):
        raise LedgerError("full", "the disk is full")

    path = workbook(bills=[BILLS, BILL], chillers=[CHILLERS, CHILLER])
    before = recorded(book)
    with monkeypatch.context() as patch:
        patch.setattr("carbon.ledger.records.record_row", fails)  # after the bills are written
        with pytest.raises(LedgerError):
            book.import_files([path])
    assert recorded(book) == before
    assert book.import_files([path])[0].recorded == 2


def test_the_good_rows_of_every_layout_are_recorded_and_the_others_written_out(book, workbook):
    wrong_bill = ["head-offic", *BILL[1:]]
    wrong_trip = ["head-office", 0, "2024-05-06", "PVG", "PEK"]
    path = workbook(
        bills=[BILLS, BILL, wrong_bill],
        trips=[TRIPS, wrong_trip],
        chillers=[CHILLERS, CHILLER],
    )
    (told,) = book.import_files([path], accept_good=True)
    assert told.recorded == 2
    names = ["refused-mixed-activity.csv", "refused-mixed-trip.csv"]
    assert [each.name for each in told.refused_files] == names
    bills, trips = (each.read_text("utf-8").splitlines() for each in told.refused_files)
    assert bills[0] == "site,activity,month,quantity,unit,row,reason"
    assert bills[1].startswith('head-offic,electricity,2024-01,100.0,kWh,"bills, 3",')
    assert trips[0] == "site,travellers,date,from,to,row,reason"
    assert trips[1].startswith('head-office,0.0,2024-05-06,PVG,PEK,"trips, 2",not-above-zero')


def test_a_second_sheet_of_a_layout_with_another_header_is_named_and_not_read(book, workbook):
    summary = [["site", "activity", "year", "quantity", "unit"], [*BILL[:2], 2024, 100, "kWh"]]
    path = workbook(bills=[BILLS, BILL], summary=summary, chillers=[CHILLERS, CHILLER])
    (told,) = book.import_files([path])
    assert told.recorded == 2  # a summary read as well would count the bill twice
    assert [(each.code, each.severity) for each in told.problems] == [
        ("several-layouts", "note"),
        ("other-sheets", "warning"),
    ]


def test_a_sheet_that_lacks_a_needed_column_is_named_and_not_read(book, workbook):
    path = workbook(bills=[BILLS, BILL], chillers=[CHILLERS[:3], CHILLER[:3]])
    (told,) = book.import_files([path])
    assert told.recorded == 1
    assert [each.code for each in told.problems] == ["other-sheets"]


def test_the_note_of_an_entry_names_its_sheet(book, workbook):
    trip = ["head-office", 2, "2024-05-06", "PVG", "PEK"]
    path = workbook(bills=[BILLS, BILL], trips=[TRIPS, trip])
    book.import_files([path])
    notes = [row["note"] for row in book.sql("select note from entry order by note").rows]
    assert [note.rpartition("sheet ")[2] for note in notes] == ["trips", "bills"]
