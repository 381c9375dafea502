"""Column maps proposed by looking at a file, and kept in carbon.toml once somebody says so."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from books import begun

from carbon import cli, readers, settings
from carbon.errors import SettingsError
from carbon.records import ActivityWord, Vocabulary
from carbon.settings import ColumnMap

TODAY = date(2024, 6, 30)
BOOK = Vocabulary(
    activities={
        "electricity": ActivityWord("electricity", ("kWh",), ("电力", "grid electricity")),
        "natural_gas": ActivityWord("natural_gas", ("MJ", "m3"), ("天然气", "natural gas")),
    },
    sites={"HQ": "Hangzhou head office", "Plant": "Tonglu plant"},
    meters={"HQ-main": "HQ", "PL-1": "Plant"},
)


@pytest.fixture
def proposed(tmp_path):
    """The map proposed for a CSV file of these lines, and what it reads."""

    def look(*lines, book=BOOK):
        path = tmp_path / "theirs.csv"
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        column_map = readers.propose(readers.read(path), book)
        sheet = readers.read(path, column_map)
        read = readers.understand("activity", sheet, book, column_map, TODAY)
        return column_map, read

    return look


def quantities(read):
    return [
        (each.site, each.start_on, each.end_on, each.quantity, each.unit) for each in read.records
    ]


def test_a_chinese_bill_is_read_by_its_headings(proposed):
    column_map, read = proposed(
        "电费账单,,,,,,",
        "户名,电表编号,账单月份,用电量(kWh),峰段电量,谷段电量,电费(元)",
        "东海制造,HQ-main,2023-01,1000,600,400,650.5",
    )
    assert column_map.columns == {
        "meter": "电表编号",
        "month": "账单月份",
        "quantity": "用电量(kWh)",
        "peak": "峰段电量",
        "valley": "谷段电量",
    }
    assert column_map.constants == {"activity": "electricity", "unit": "kWh"}
    assert quantities(read) == [
        ("HQ", date(2023, 1, 1), date(2023, 1, 31), Decimal(1000), "kWh"),
    ]
    assert read.records[0].note == "peak 600, valley 400"


def test_an_english_bill_is_read_by_its_headings(proposed):
    column_map, read = proposed(
        "Location,Meter number,Bill start,Bill end,Natural gas consumption (m3),Amount",
        "HQ,HQ-main,2023-01-01,2023-01-31,12.5,99",
    )
    assert column_map.constants == {"activity": "natural_gas", "unit": "m3"}
    assert quantities(read) == [("HQ", date(2023, 1, 1), date(2023, 1, 31), Decimal("12.5"), "m3")]


def test_a_date_that_reads_one_way_says_how_all_are_written(proposed):
    head = "Site,Energy type,From,To,Usage,Unit"
    days, _ = proposed(head, "HQ,electricity,03/04/2023,30/04/2023,1,kWh")
    months, _ = proposed(head, "HQ,electricity,04/03/2023,04/30/2023,1,kWh")
    neither, _ = proposed(head, "HQ,electricity,03/04/2023,05/06/2023,1,kWh")
    assert (days.date_format, months.date_format) == ("%d/%m/%Y", "%m/%d/%Y")
    assert neither.date_format == ""


def test_an_exclusive_end_is_proposed_where_each_end_is_the_next_start(proposed):
    column_map, read = proposed(
        "site,activity,start,end,quantity,unit",
        *(f"HQ,electricity,2023-0{n}-01,2023-0{n + 1}-01,{n},kWh" for n in range(1, 5)),
    )
    assert column_map.end_is_exclusive
    assert read.records[0].end_on == date(2023, 1, 31)


def test_a_cost_is_no_quantity_and_a_total_no_end(proposed):
    column_map, _ = proposed(
        "site,activity,month,Total cost,Electricity price,Total usage,unit",
        "HQ,electricity,2023-01,900,0.9,1000,kWh",
    )
    assert column_map.columns == {"quantity": "Total usage"}


def test_the_one_meter_of_a_book_is_the_one_meter_of_the_file(proposed):
    alone = Vocabulary(BOOK.activities, {"HQ": ""}, {"HQ-main": "HQ"})
    column_map, read = proposed("户号,月份,用电量(kWh)", "0571001,2023-01,5", book=alone)
    assert column_map.words == {"meter": {"0571001": "HQ-main"}}
    assert [each.meter for each in read.records] == ["HQ-main"]


def test_a_supplier_called_total_makes_no_row_a_total(proposed):
    _, read = proposed(
        "site,activity,month,quantity,unit,supplier,note",
        "HQ,electricity,2023-01,5,kWh,Total,total",
        "HQ,electricity,2023-02,6,kWh,Other,",
        ",,,11,kWh,Total,",
    )
    assert [each.quantity for each in read.records] == [5, 6]
    assert [p.code for p in read.problems] == ["unknown-column", "total-row"]


def test_what_cannot_be_told_stays_out_of_the_map(proposed):
    column_map, read = proposed("site,month,Value", "HQ,2023-01,5")
    assert column_map == ColumnMap()
    assert read.records == []


def test_a_map_comes_back_from_toml_as_it_was():
    said = ColumnMap(
        encoding="gb18030",
        decimal=",",
        columns={"quantity": '用电量 "kWh"', "note": "a\tb\x7f"},
        constants={"unit": "kWh"},
        words={"meter": {"https://x/UsagePoint/1": "HQ-main", "": ""}},
        end_is_exclusive=True,
        register_digits=6,
    )
    read = tomllib.loads(readers.as_toml("a b", said))
    assert ColumnMap.model_validate(read["import"]["a b"]) == said


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ('encoding = "latin-99"', "no encoding is called 'latin-99'"),
        ('time_zone = "Atlantis"', "no time zone is called 'Atlantis'"),
        ('decimal = ";"', "';' is not allowed for 'decimal'"),
    ],
)
def test_a_map_that_says_nonsense_is_refused(key, told):
    text = f'[organisation]\nname = "x"\n[import.a]\n{key}\n'
    with pytest.raises(SettingsError, match=told):
        settings.read(text)


# On the command line

BILL = """电费账单明细 2023年,,,
户号,账单月份,用电量(kWh),电费(元)
0571001,2023-01,1000,650.5
0571001,2023-02,900,600
合计,,1900,1250.5
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book with one meter, and a bill of somebody else's beside it."""
    made = begun(tmp_path / "book", "Acme", "CN-ZJ", TODAY)
    (tmp_path / "bill.csv").write_text(BILL, encoding="gb18030")
    monkeypatch.chdir(tmp_path)
    return made


def carbon(*words):
    return cli.run(["-C", "book", *words])


def test_an_unknown_map_is_proposed_and_nothing_is_kept_without_a_yes(book, capsys):
    before = (book.folder / "carbon.toml").read_text()
    assert carbon("import", "bill.csv", "--map", "grid") == 1
    told = capsys.readouterr().out
    assert '[import.grid.columns]\nmonth = "账单月份"' in told
    assert "2023-02-01  2023-02-28       900" in told
    assert told.endswith("Nothing was kept. To keep it and import: repeat the command with --yes\n")
    assert (book.folder / "carbon.toml").read_text() == before
    assert book.entries().rows == []


def test_a_confirmed_map_is_appended_and_the_file_imported(book, capsys):
    before = (book.folder / "carbon.toml").read_text()
    assert carbon("import", "bill.csv", "--map", "grid", "--yes") == 0
    assert "Kept as [import.grid].\nbill.csv: 2 recorded\n" in capsys.readouterr().out
    assert (book.folder / "carbon.toml").read_text().startswith(before.rstrip())
    assert [row["quantity"] for row in book.entries().rows] == [1000, 900]
    assert carbon("import", "bill.csv", "--map", "grid") == 0
    assert capsys.readouterr().out == "bill.csv: 2 already known\n"


def test_a_terminal_is_asked(book, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert carbon("import", "bill.csv", "--map", "grid") == 0
    assert "bill.csv: 2 recorded" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_keeps_no_map(book, tmp_path, capsys):
    (tmp_path / "other.csv").write_text("a,b,c\n1,2,3\n")
    assert carbon("import", "other.csv", "--map", "grid", "--yes") == 1
    assert "nothing was kept" in capsys.readouterr().out
    assert "[import" not in (book.folder / "carbon.toml").read_text()


def test_a_figure_of_a_mapped_bill_is_explained_down_to_its_row(book, capsys):
    carbon("import", "bill.csv", "--map", "grid", "--yes")
    capsys.readouterr()
    assert carbon("explain", "scope2-location 2023") == 0
    assert "entry 1: bill.csv, row 3" in capsys.readouterr().out


def test_two_sheets_are_one_batch_and_a_fault_in_one_keeps_both_out(book, tmp_path):
    import xlsxwriter

    def written(second):
        path = tmp_path / f"years-{second}.xlsx"
        with xlsxwriter.Workbook(path) as made:
            for year, quantity in (("2022", 5), ("2023", second)):
                sheet = made.add_worksheet(year)
                sheet.write_row(0, 0, ["site", "activity", "month", "quantity", "unit"])
                sheet.write_row(1, 0, ["head-office", "electricity", f"{year}-01", quantity, "kWh"])
        return path

    (bad,) = book.import_files([written("many")])
    assert bad.recorded == 0
    (good,) = book.import_files([written(7)])
    assert good.recorded == 2
    with book._ledger() as ledger:
        notes = [row["note"] for row in ledger.entries()]
    assert notes == ["sheet 2022", "sheet 2023"]


def test_a_period_that_stands_in_two_sheets_is_told(book, tmp_path):
    import xlsxwriter

    path = tmp_path / "twice.xlsx"
    with xlsxwriter.Workbook(path) as made:
        for name, quantity in (("draft", 5), ("final", 7)):
            sheet = made.add_worksheet(name)
            sheet.write_row(0, 0, ["site", "activity", "month", "quantity", "unit"])
            sheet.write_row(1, 0, ["head-office", "electricity", "2023-01", quantity, "kWh"])
    (told,) = book.import_files([path])
    assert [(p.code, p.severity) for p in told.problems] == [
        ("several-sheets", "note"),
        ("overlap", "warning"),
    ]


def test_refused_rows_are_written_out_with_their_sheet(book, tmp_path):
    path = tmp_path / "bills.csv"
    path.write_text(
        "site,activity,2023-01,2023-02,unit\nhead-office,electricity,1,x,kWh\n"
        "head-office,electricity,3,4,kWh\n"
    )
    (told,) = book.import_files([path], accept_good=True)
    assert told.recorded == 2
    refused = told.refused_files[0].read_text(encoding="utf-8").splitlines()
    assert refused[0] == "site,activity,2023-01,2023-02,unit,row,reason"
    assert refused[1].startswith("head-office,electricity,1,x,kWh,2,not-a-number: quantity 'x'")
    assert len(refused) == 2


def test_the_column_map_of_the_guide_is_understood_and_names_every_key():
    page = Path(__file__).parents[1] / "docs" / "files.md"
    toml = page.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    said = settings.read(f'[organisation]\nname = "x"\n{toml}').column_map["grid"]
    assert said.model_fields_set == set(ColumnMap.model_fields)
