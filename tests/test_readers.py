"""Files as people hand them in: what is understood of them, and what is said of a bad one.

Every file of `bad_files/` stands beside the whole message it must give, in a text file of its name.
"""

from __future__ import annotations

import csv
import importlib.util
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from carbon import readers
from carbon.errors import CarbonError
from carbon.readers import words
from carbon.records import ActivityWord, Vocabulary
from carbon.settings import ColumnMap

BAD_FILES = Path(__file__).with_name("bad_files")
DOCS = Path(__file__).parent.parent / "docs"
TODAY = date(2024, 6, 30)

BOOK = Vocabulary(
    activities={
        "electricity": ActivityWord("electricity", ("kWh",), ("grid electricity", "电力", "电")),
        "gasoline": ActivityWord("gasoline", ("kg", "MJ", "L"), ("petrol", "汽油")),
        "lubricant": ActivityWord("lubricant", ("kg", "MJ")),
        "pv_capacity": ActivityWord("pv_capacity", ("kW",)),
        "refrigerant": ActivityWord("refrigerant", ("kg",), (), ("R-134a", "R-410A")),
    },
    sites={"HQ": "Hangzhou head office", "Plant": "Tonglu plant"},
    meters={"HQ-main": "HQ", "PL-1": "Plant"},
    countries=frozenset({"CN", "SG"}),
    instrument_kinds={"gec": Decimal(0), "ppa": Decimal(0)},
    refrigerants=frozenset({"R-134a", "R-410A"}),
    equipment={"CH-1": "R-134a"},
)


def understood(path, column_map=None):
    """A file read as its header says, for the book above."""
    sheet = readers.read(path, column_map)
    name = readers.layout(sheet.header, column_map, sheet.file)
    return readers.understand(name, sheet, BOOK, column_map, TODAY)


def message(path, column_map=None):
    """Everything that is said of a file."""
    try:
        problems = understood(path, column_map).problems
    except CarbonError as fault:
        return str(fault)
    return "\n".join(str(problem) for problem in problems)


@pytest.fixture
def written(tmp_path):
    """Writes a CSV file of these lines and gives its path."""

    def write(*lines, name="bills.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes("\n".join([*lines, ""]).encode(encoding))
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    """Writes an XLSX file with what a function does to its first sheet, and gives its path."""

    def write(fill):
        path = tmp_path / "bills.xlsx"
        with xlsxwriter.Workbook(path) as book:
            fill(book.add_worksheet("bills"), book)
        return path

    return write


def codes(problems):
    return [problem.code for problem in problems]


# Bad files


@pytest.mark.parametrize("file", sorted(BAD_FILES.glob("*.csv")), ids=lambda file: file.stem)
def test_a_bad_file_gives_its_whole_message(file):
    assert message(file) + "\n" == file.with_suffix(".txt").read_text(encoding="utf-8")


def test_a_blocked_row_is_no_record_and_the_others_are(written):
    path = written(
        "site,activity,month,quantity,unit",
        "HQ,electricity,2023-06,1200,kWh",
        "Nowhere,electricity,2023-07,1300,kWh",
    )
    read = understood(path)
    assert [record.row for record in read.records] == [2]
    assert [(p.code, p.severity, p.row) for p in read.problems] == [("unknown-site", "error", 3)]


def test_a_surprising_row_is_a_record_and_a_warning(written):
    path = written("site,activity,month,quantity,unit", "HQ,electricity,2023-06,-5,kWh")
    read = understood(path)
    assert [record.quantity for record in read.records] == [Decimal(-5)]
    assert [(p.code, p.severity) for p in read.problems] == [("negative-quantity", "warning")]


def test_all_faults_of_one_row_are_told(written):
    path = written(
        "site,activity,start,end,quantity,unit,quality,meter",
        "X,electricity,2023-02-30,soon,many,kWx,sure,M",
    )
    assert sorted(codes(understood(path).problems)) == [
        "impossible-date",
        "not-a-date",
        "not-a-number",
        "unknown-meter",
        "unknown-quality",
        "unknown-site",
        "unknown-unit",
    ]


def test_many_values_of_one_fault_are_told_in_twenty_one_problems(written):
    rows = [f"HQ,electricity,2023-06,n{count},kWh" for count in range(100)]
    problems = understood(written("site,activity,month,quantity,unit", *rows)).problems
    assert len(problems) == 21
    assert sum(problem.more + 1 for problem in problems) == 100
    assert problems[-1].message.endswith("; other values have the same fault")


def test_markup_in_a_cell_stays_data(written):
    path = written("site,activity,month,quantity,unit,note", "HQ,electricity,2023-06,1,kWh,[/red]")
    assert understood(path).records[0].note == "[/red]"


def test_control_characters_of_a_row_are_not_shown():
    problem = readers.understand(
        "activity",
        readers.Sheet(
            "x",
            ["site", "activity", "month", "quantity", "unit"],
            [readers.Row(1, ["\x1b[31mHQ", "electricity", "2023-06", 1, "kWh"])],
            "",
        ),
        BOOK,
    ).problems[0]
    assert "\x1b" not in str(problem)


# Files that are no table


def test_a_missing_file_is_told_with_the_one_beside_it(written):
    path = written("site", name="bills-2023.csv")
    assert message(path.with_name("bill-2023.csv")) == (
        "error[no-such-file]: there is no file bill-2023.csv\n"
        "  bill-2023.csv\n"
        "  Nearest: bills-2023.csv.\n"
        "  To fix: name a file that exists"
    )


def test_a_folder_is_refused(tmp_path):
    assert message(tmp_path).startswith(f"error[is-a-folder]: {tmp_path.name} is a folder\n")


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "photo.csv is not a table: it holds bytes that are no text"),
        (b"%PDF-1.7\n1 0 obj\n", "photo.csv is not a table: it holds bytes that are no text"),
        (b"PK\x03\x04 half a zip", "photo.csv is not a workbook that can be read"),
        (b"PAR1 half a file", "photo.csv is a damaged Parquet file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1",
            "photo.csv is no Excel workbook, or a damaged one",
        ),
    ],
)
def test_a_binary_file_is_no_table(tmp_path, start, told):
    path = tmp_path / "photo.csv"
    path.write_bytes(start + bytes(range(256)))
    said = message(path)
    assert said.startswith(f"error[not-a-table]: {told}\n  photo.csv\n")
    assert "\n  Looked for a CSV, Excel, ODS, Parquet or Green Button file" in said
    assert "\n  To fix: " in said


@given(data=st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_bytes_end_in_anything_but_a_message(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(data)
    assert isinstance(message(path), str)


# What a workbook shows and its values do not


def test_an_error_cell_is_told_even_where_a_blank_would_do(workbook):
    def fill(sheet, book):
        sheet.write_row(0, 0, ["site", "activity", "month", "quantity", "unit", "meter"])
        sheet.write_row(1, 0, ["HQ", "electricity", "2023-06", 1200, "kWh"])
        sheet.write_formula(1, 5, "=VLOOKUP(1,A1:B2,2)", None, "#N/A")

    assert message(workbook(fill)) == (
        "error[error-cell]: a cell holds the Excel error #N/A\n"
        "  bills.xlsx, row 2\n"
        "      HQ | electricity | 2023-06 | 1200 | kWh\n"
        "  Looked for a value.\n"
        "  To fix: mend the formula, or write the value"
    )


def test_a_formula_never_calculated_is_no_blank(workbook):
    def fill(sheet, book):
        sheet.write_row(0, 0, ["site", "activity", "month", "quantity", "unit"])
        sheet.write_row(1, 0, ["HQ", "electricity", "2023-06", None, "kWh"])
        sheet.write_formula(1, 3, "=SUM(A1:A9)", None, "")

    problem = understood(workbook(fill)).problems[0]
    assert problem.message == "a cell holds a formula that was never calculated"


def test_an_error_in_a_column_that_is_not_read_blocks_nothing(workbook):
    def fill(sheet, book):
        sheet.write_row(0, 0, ["site", "activity", "month", "quantity", "unit", "check"])
        sheet.write_row(1, 0, ["HQ", "electricity", "2023-06", 1200, "kWh"])
        sheet.write_formula(1, 5, "=1/0", None, "#DIV/0!")

    read = understood(workbook(fill))
    assert len(read.records) == 1
    assert codes(read.problems) == ["unknown-column"]


def merged(spot, value):
    def fill(sheet, book):
        sheet.write_row(0, 0, ["site", "activity", "month", "quantity", "unit"])
        sheet.write_row(1, 0, ["HQ", "electricity", "2023-06", 1200, "kWh"])
        sheet.write_row(2, 0, ["HQ", "electricity", "2023-07", 1300, "kWh"])
        sheet.merge_range(spot, value)

    return fill


def test_a_word_merged_over_rows_is_that_of_each(workbook):
    read = understood(workbook(merged("A2:A3", "HQ")))
    assert [record.row for record in read.records] == [2, 3]
    assert [(p.code, p.severity) for p in read.problems] == [("merged-cells", "note")]


def test_a_number_merged_over_rows_is_refused(workbook):
    read = understood(workbook(merged("D2:D3", 2500)))
    assert [record.row for record in read.records] == [2]
    assert [(p.code, p.row) for p in read.problems] == [("merged-cell", 3)]
    assert "D2:D3" in read.problems[0].message


def test_a_sheet_that_is_not_read_is_named(workbook):
    def fill(sheet, book):
        sheet.write_row(0, 0, ["site", "activity", "month", "quantity", "unit"])
        sheet.write_row(1, 0, ["HQ", "electricity", "2023-06", 1200, "kWh"])
        book.add_worksheet("2022").write(0, 0, "site")
        hidden = book.add_worksheet("lists")
        hidden.write(0, 0, "x")
        hidden.hide()

    problem = understood(workbook(fill)).problems[0]
    assert problem.message == "only the first sheet, 'bills', was read; not read: '2022'"
    assert problem.severity == "warning"


def test_a_column_map_chooses_the_sheet_and_the_header_row(workbook):
    def fill(sheet, book):
        other = book.add_worksheet("2022")
        other.write(0, 0, "Energy of the year")
        other.write_row(2, 0, ["site", "activity", "month", "quantity", "unit"])
        other.write_row(4, 0, ["HQ", "electricity", "2022-06", 1200, "kWh"])

    read = understood(workbook(fill), ColumnMap(sheet="2022", header_row=3))
    assert [(record.row, record.start_on) for record in read.records] == [(5, date(2022, 6, 1))]


def test_an_unknown_sheet_is_told_with_the_nearest(workbook):
    path = workbook(lambda sheet, book: sheet.write(0, 0, "site"))
    with pytest.raises(CarbonError, match="has no sheet 'bils'") as caught:
        readers.read(path, ColumnMap(sheet="bils"))
    assert caught.value.nearest == "bills"


# The same figures in three kinds of file

FIGURES = [
    ("HQ", "electricity", date(2023, 6, 1), date(2023, 6, 30), "1200.1", "kWh", "first"),
    ("HQ", "electricity", date(2023, 7, 1), date(2023, 7, 31), "0.3", "MWh", ""),
    ("Plant", "gasoline", date(2023, 7, 1), date(2023, 7, 31), "12345678.123456", "kg", "42"),
    ("Plant", "gasoline", date(2023, 8, 1), date(2023, 8, 31), "-7", "t", ""),
]
HEADER = ("site", "activity", "start", "end", "quantity", "unit", "note")


def as_csv(path):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *FIGURES])


def as_xlsx(path):
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADER)
        for number, (site, activity, start, end, quantity, unit, note) in enumerate(FIGURES, 1):
            sheet.write_row(number, 0, [site, activity])
            sheet.write_datetime(number, 2, datetime.combine(start, datetime.min.time()), day)
            sheet.write_datetime(number, 3, datetime.combine(end, datetime.min.time()), day)
            sheet.write_number(number, 4, float(quantity))
            sheet.write(number, 5, unit)
            sheet.write(number, 6, int(note) if note.isdigit() else note)


def as_parquet(path, quantities=None):
    columns = list(zip(*FIGURES, strict=True))
    columns[4] = quantities or [float(quantity) for quantity in columns[4]]
    parquet.write_table(pyarrow.table(dict(zip(HEADER, columns, strict=True))), path)


def contents(path):
    read = understood(path)
    assert not [problem for problem in read.problems if problem.severity == "error"]
    return [str(record).rsplit(", row=", 1)[0] for record in read.records], read.unit_table


def test_csv_xlsx_and_parquet_of_the_same_figures_give_the_same_records(tmp_path):
    as_csv(tmp_path / "a.csv")
    as_xlsx(tmp_path / "a.xlsx")
    as_parquet(tmp_path / "a.parquet")
    expected = contents(tmp_path / "a.csv")
    assert "Decimal('12345678.123456')" in expected[0][2]
    assert contents(tmp_path / "a.xlsx") == expected
    assert contents(tmp_path / "a.parquet") == expected


def test_parquet_decimals_and_single_floats_are_read_exactly(tmp_path):
    texts = [figure[4] for figure in FIGURES]
    exact = pyarrow.array([Decimal(text) for text in texts], pyarrow.decimal128(30, 9))
    as_parquet(tmp_path / "exact.parquet", exact)
    as_csv(tmp_path / "a.csv")
    assert contents(tmp_path / "exact.parquet") == contents(tmp_path / "a.csv")
    as_parquet(tmp_path / "single.parquet", pyarrow.array([0.1, 2.5, 3, 4], pyarrow.float32()))
    assert understood(tmp_path / "single.parquet").records[0].quantity == Decimal("0.1")


def test_a_file_name_is_no_pattern_for_parquet(tmp_path):
    folder = tmp_path / "year=2023"
    folder.mkdir()
    as_parquet(folder / "bills[1]*.parquet")
    sheet = readers.read(folder / "bills[1]*.parquet")
    assert tuple(sheet.header) == HEADER
    assert [row.number for row in sheet.rows] == [1, 2, 3, 4]


def test_nan_and_null_of_parquet_are_no_quantities(tmp_path):
    as_parquet(tmp_path / "a.parquet", pyarrow.array([float("nan"), None, float("inf"), 1.0]))
    read = understood(tmp_path / "a.parquet")
    assert codes(read.problems) == ["not-a-number", "blank-quantity", "not-a-number"]
    assert len(read.records) == 1


def test_a_number_stored_as_text_in_excel_is_read_like_a_number(workbook):
    def fill(sheet, book):
        sheet.write_row(0, 0, ["site", "activity", "year", "month", "quantity", "unit"])
        sheet.write_row(1, 0, ["HQ", "electricity", 2023, 7, "１２３４.5", "kWh"])

    record = understood(workbook(fill)).records[0]
    assert (record.quantity, record.start_on) == (Decimal("1234.5"), date(2023, 7, 1))


# CSV as it comes


def test_header_names_take_any_case_order_language_and_blanks(written):
    path = written(
        " UNIT ,用量,月份,能源,站点,表计,备注,凭证,数据质量",
        "万kWh,3.5,2023年7月,电,Hangzhou head office,hq-main,夏季,发票 7,账单",
    )
    read = understood(path)
    assert read.problems == []
    assert [str(record) for record in read.records] == [
        "Activity(site='HQ', activity='electricity', start_on=datetime.date(2023, 7, 1), "
        "end_on=datetime.date(2023, 7, 31), quantity=Decimal('3.500000'), unit='万kWh', "
        "meter='HQ-main', detail='', quality='billed', evidence='发票 7', note='夏季', row=2, "
        "uncertainty_pct=None)"
    ]
    assert read.unit_table == {("electricity", "万kWh"): ("kWh", Decimal(10000))}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_usual_delimiter_is_found(written, delimiter):
    rows = ("site,activity,month,quantity,unit", "HQ,electricity,2023-06,1200.5,kWh")
    path = written(*(row.replace(",", delimiter) for row in rows))
    assert understood(path).records[0].quantity == Decimal("1200.5")


def test_a_comma_in_a_heading_does_not_mislead_the_delimiter(written):
    path = written("site;activity;month;quantity;unit;a, b, c", "HQ;electricity;2023-06;1;kWh;x")
    assert readers.read(path).header == ["site", "activity", "month", "quantity", "unit", "a, b, c"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_usual_encodings_are_read(written, encoding):
    path = written("site,activity,月份,用量,单位", "HQ,汽油,2023-06,3,吨", encoding=encoding)
    read = understood(path)
    assert [record.unit for record in read.records] == ["吨"]
    assert codes(read.problems) == (["encoding"] if encoding == "gb18030" else [])


def test_row_numbers_are_those_a_person_sees(written):
    path = written(
        "",
        "site,activity,month,quantity,unit,note",
        '"HQ",electricity,2023-06,1,kWh,"two',
        'lines"',
        ",,,,,",
        "HQ,electricity,2023-07,1,kWh",
    )
    assert [record.row for record in understood(path).records] == [3, 6]


def test_the_digest_is_that_of_the_bytes(written):
    path = written("site,activity", "HQ,electricity")
    # printf 'site,activity\nHQ,electricity\n' | sha256sum
    assert readers.read(path).digest == (
        "604b235eb608f808d37aeb01372eb6588f3adfb04904afd4c21e3be83e6eee25"
    )


# Numbers


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.5", "1234.5"),
        ("1,234.50", "1234.5"),
        ("1,234,567", "1234567"),
        ("１２３．５", "123.5"),
        ("−3", "-3"),
        ("+0.000001", "0.000001"),
        ("99999999999.999999", "99999999999.999999"),
        ("1.50000000", "1.5"),
        (0.1 + 0.2, "0.3"),
        (1e-6, "0.000001"),
        (12, "12"),
        (-0.0, "0"),
        (Decimal("1.230000000"), "1.23"),
        ("1.234,5", "1234.5"),
        ("0,345", "0.345"),
        ("1234,5", "1234.5"),
        ("1 234", "1234"),
        ("1\u202f234,56", "1234.56"),
        ("1’234.50", "1234.5"),
    ],
)
def test_a_number_is_read_exactly(cell, value):
    assert str(words.number(cell, "quantity")) == f"{Decimal(value):.6f}"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1,234", "ambiguous-number"),
        ("1,23,4", "not-a-number"),
        ("10²", "not-a-number"),
        ("١٢", "not-a-number"),
        ("1e5", "not-a-number"),
        ("(12)", "not-a-number"),
        ("12%", "not-a-number"),
        ("[/red]", "not-a-number"),
        ("TRUE", "not-a-number"),
        (date(2023, 1, 1), "not-a-number"),
        (float("inf"), "not-a-number"),
        ("0.0000001", "too-many-decimals"),
        (1 / 3, "too-many-decimals"),
        (1e300, "number-too-large"),
        ("-100000000000", "number-too-large"),
        ("  ", "blank-quantity"),
    ],
)
def test_what_is_no_plain_number_is_refused(cell, code):
    with pytest.raises(CarbonError) as caught:
        words.number(cell, "quantity")
    assert caught.value.code == code


def test_a_number_that_reads_two_ways_is_told_with_both():
    with pytest.raises(CarbonError) as caught:
        words.number("1,234", "quantity")
    assert caught.value.remedy.startswith("write 1234 or 1.234, or say decimal")


@given(text=st.text(max_size=30) | st.from_regex(r"[-+0-9.,_eE ]{0,12}", fullmatch=True))
@settings(max_examples=300, deadline=None)
def test_any_text_in_a_number_cell_is_a_record_or_a_problem(text):
    cells = ["HQ", "electricity", "2023-06", text, "kWh"]
    header = ["site", "activity", "month", "quantity", "unit"]
    read = readers.understand(
        "activity", readers.Sheet("x.csv", header, [readers.Row(2, cells)], ""), BOOK, None, TODAY
    )
    errors = [problem for problem in read.problems if problem.severity == "error"]
    assert len(read.records) + len(errors) == 1
    for record in read.records:
        assert record.quantity in words.readings(text.strip()).values()


@given(value=st.floats(allow_nan=False, min_value=-1e9, max_value=1e9))
@settings(max_examples=200, deadline=None)
def test_a_double_of_six_decimals_reads_like_its_text(value):
    text = f"{value:.6f}"
    if len(text.replace("-", "").replace(".", "").lstrip("0")) <= 15:
        assert words.number(float(text), "q") == words.number(text, "q")


def test_six_decimals_are_rounded_half_away_from_zero():
    # 1 GJ is 1000/3.6 = 277.777... kWh; half a millionth goes up, and down below zero
    assert words.rounded(Fraction(10000, 36)) == Decimal("277.777778")
    assert words.rounded(Fraction(5, 10**7)) == Decimal("0.000001")
    assert words.rounded(Fraction(-5, 10**7)) == Decimal("-0.000001")


# Days, months, years


@pytest.mark.parametrize(
    "cell",
    [
        "2023-07-01",
        "2023/7/1",
        "2023.07.01",
        "2023年7月1日",
        "20230701",
        "２０２３-０７-０１",
        "2023-07-01 00:00:00",
        "2023-07-01T00:00",
        20230701.0,
        date(2023, 7, 1),
        datetime(2023, 7, 1),
    ],
)
def test_a_day_written_year_first_is_read(cell):
    assert words.day(cell, "start") == date(2023, 7, 1)


@pytest.mark.parametrize(
    "cell", ["2023-07", "2023/7", "2023年7月", "202307", 202307, date(2023, 7, 1), "2023-07-01"]
)
def test_a_month_is_read(cell):
    assert words.month(cell, "month") == 202307


@pytest.mark.parametrize("cell", ["7", "07", "7月", 7.0])
def test_a_month_of_the_year_takes_its_year_from_beside(cell):
    assert words.month(cell, "month", "", "2023年") == 202307


@pytest.mark.parametrize("cell", ["7", "Jul-23", "2023-07-15", "2023Q3", "summer"])
def test_what_names_no_month_is_refused(cell):
    with pytest.raises(CarbonError) as caught:
        words.month(cell, "month")
    assert caught.value.code == "not-a-date"


def test_a_year_stands_for_its_days(written):
    record = understood(
        written("site,activity,年份,quantity,unit", "HQ,electricity,2023,9,kWh")
    ).records[0]
    assert (record.start_on, record.end_on) == (date(2023, 1, 1), date(2023, 12, 31))


def test_a_column_map_says_how_dates_are_written(written):
    path = written(
        "Place,What,From,To,Used",
        "HQ,electricity,03/04/2024,02/05/2024,7",
    )
    column_map = ColumnMap(
        columns={
            "site": "Place",
            "activity": "what",
            "start": "From",
            "end": "To",
            "quantity": "Used",
        },
        constants={"unit": "kWh"},
        date_format="%d/%m/%Y",
    )
    record = understood(path, column_map).records[0]
    assert (record.start_on, record.end_on) == (date(2024, 4, 3), date(2024, 5, 2))
    assert record.unit == "kWh"


def test_an_exclusive_end_belongs_to_the_day_before(written):
    path = written(
        "site,activity,start,end,quantity,unit",
        "HQ,electricity,2023-07-01,2023-08-01,7,kWh",
        "HQ,electricity,2023-08-01 23:45,2023-08-02 00:00,7,kWh",
        "HQ,electricity,2023-08-02 00:00,2023-08-02 00:15,7,kWh",
    )
    read = understood(path, ColumnMap(end_is_exclusive=True))
    assert read.problems == []
    assert [(record.start_on, record.end_on) for record in read.records] == [
        (date(2023, 7, 1), date(2023, 7, 31)),
        (date(2023, 8, 1), date(2023, 8, 1)),
        (date(2023, 8, 2), date(2023, 8, 2)),
    ]


def test_a_column_map_that_names_nothing_is_told(written):
    path = written("site,activity,month,quantity,unit", "HQ,electricity,2023-06,1,kWh")
    column_map = ColumnMap(columns={"quantiy": "Used", "meter": "Zähler"})
    problems = understood(path, column_map).problems
    assert [(problem.code, problem.nearest) for problem in problems] == [
        ("bad-column-map", "quantity"),
        ("bad-column-map", ""),
    ]


# Overlaps and repeats


def overlapping(written, *periods):
    rows = [f"HQ,electricity,{start},{end},{n},kWh" for n, (start, end) in enumerate(periods, 1)]
    return codes(understood(written("site,activity,start,end,quantity,unit", *rows)).problems)


def test_a_shared_reading_day_is_no_overlap(written):
    assert not overlapping(written, ("2023-06-01", "2023-06-30"), ("2023-06-30", "2023-07-31"))


def test_readings_of_one_day_are_no_overlap(written):
    assert not overlapping(written, ("2023-06-01", "2023-06-01"), ("2023-06-01", "2023-06-01"))


def test_a_period_inside_a_longer_one_overlaps_even_when_another_lies_between(written):
    periods = (("2023-01-01", "2023-12-31"), ("2023-02-01", "2023-02-28"))
    assert overlapping(written, *periods, ("2023-05-01", "2023-05-31")) == ["overlap"]


def test_two_meters_of_a_site_do_not_overlap(written):
    path = written(
        "site,activity,month,quantity,unit,meter",
        "HQ,electricity,2023-06,1,kWh,HQ-main",
        "HQ,electricity,2023-06,1,kWh,",
    )
    assert understood(path).problems == []


# Layouts


def test_the_page_of_columns_is_what_the_layouts_say():
    spec = importlib.util.spec_from_file_location("list_layouts", DOCS / "list_layouts.py")
    page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(page)
    written = (DOCS / "columns.md").read_text(encoding="utf-8")
    assert written == page.page_text(), "run `python docs/list_layouts.py`"


@pytest.mark.parametrize("name", readers.LAYOUTS)
def test_every_column_that_a_layout_needs_says_what_it_is(name):
    layout = readers.LAYOUTS[name]
    periods = {each for group in layout.periods for each in group}
    assert {*layout.required, *periods, layout.key, *layout.flags} <= set(layout.says)


@pytest.mark.parametrize("name", readers.LAYOUTS)
def test_a_layout_is_recognised_by_its_own_columns(name):
    layout = readers.LAYOUTS[name]
    first_period = layout.periods[0] if layout.periods else ()
    assert readers.layout([*layout.required, *first_period]) == name


def test_the_layout_of_a_mapped_file_is_recognised_through_its_map():
    assert readers.layout(["Zähler", "Strom"], ColumnMap(columns={"activity": "Strom"})) == (
        "activity"
    )


def test_an_instrument_is_counted_in_kwh_with_the_factor_of_its_kind(written):
    path = written(
        "instrument_id,kind,market,energy,unit,vintage,retired_on,beneficiary",
        "A1,GEC,cn,1.5,GWh,2023,2024-02-01,HQ",
    )
    record = understood(path).records[0]
    assert (record.kind, record.market, record.energy_kwh) == ("gec", "CN", Decimal(1500000))
    assert (record.claim_year, record.retired_on) == (2023, date(2024, 2, 1))
    assert record.factor_g_per_kwh == 0


def test_a_contract_may_state_its_own_factor(written):
    path = written(
        "instrument_id,kind,market,energy,unit,vintage,claim_year,factor",
        "A1,ppa,CN,10,MWh,2023,2023,41.5",
    )
    assert understood(path).records[0].factor_g_per_kwh == Decimal("41.5")


def test_credits_are_counted_in_tonnes(written):
    path = written(
        "credit_id,standard,kind,vintage,claim_year,mass,unit",
        "C1,VCS,avoidance,2021,2023,1500,kg CO₂e",
    )
    assert understood(path).records[0].mass_t == Decimal("1.5")


def test_a_denominator_keeps_its_unit_and_takes_a_year_or_a_month(written):
    path = written(
        "metric,period,quantity,unit,site",
        "revenue,2023,89340,million RMB,",
        "output,2023-07,12,cameras,Plant",
    )
    assert [(r.metric, r.period, r.quantity, r.unit, r.site) for r in understood(path).records] == [
        ("revenue", 2023, Decimal(89340), "million RMB", ""),
        ("output", 202307, Decimal(12), "cameras", "Plant"),
    ]


def test_equipment_and_its_service_are_counted_in_kg(written):
    register = written(
        "equipment_id,site,kind,refrigerant,charge,unit,installed_on",
        "CH-1,HQ,chiller,r-134a,0.12,t,2020-05-01",
    )
    machine = understood(register).records[0]
    assert (machine.refrigerant, machine.charge_kg, machine.retired_on) == ("R-134a", 120, None)
    visits = written(
        "service_id,equipment_id,event,serviced_on,mass,unit", "S1,ch-1,Top-up,2023-05-01,3500,g"
    )
    visit = understood(visits).records[0]
    assert (visit.equipment_id, visit.event, visit.mass_kg) == ("CH-1", "top-up", Decimal("3.5"))
