"""Readings by the quarter-hour: the same months as any other file, every row checked."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from books import begun
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbon.book import Book
from carbon.errors import CarbonError, LedgerError
from carbon.ledger import Ledger
from carbon.readers import recognised
from carbon.settings import ColumnMap

TODAY = date(2026, 11, 20)
HEADER = "meter,activity,start,quantity,unit"
SETTINGS = """
[organisation]
name = "Acme"

[[site]]
name = "works"
region = "CN-ZJ"
[[site.meter]]
name = "grid"
[[site.meter]]
name = "hall"

[import.berlin]
time_zone = "Europe/Berlin"

[import.comma]
delimiter = ";"
decimal = ","
date_format = "%d.%m.%Y %H:%M"

[import.theirs]
time_zone = "Asia/Shanghai"
[import.theirs.columns]
meter = "表号"
start = "数据时间"
quantity = "电量"
[import.theirs.constants]
activity = "electricity"
unit = "kWh"
[import.theirs.words.meter]
0571 = "grid"
0572 = ""
"""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """An empty book of one site with two meters."""
    book = begun(tmp_path / "book", "Acme", "CN-ZJ", TODAY)
    (book.folder / "carbon.toml").write_text(SETTINGS, encoding="utf-8")
    return book


@pytest.fixture
def put(book, tmp_path):
    """`put(rows)`: what became of a file of these lines; `put.codes` tells its problems."""

    def imported(lines, name="readings.csv", column_map=None, header=HEADER, **options):
        path = tmp_path / name
        path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        [report] = book.import_files([path], column_map, **options)
        return report

    return imported


def quarters(first="2025-01-01 00:00", count=96, meter="grid", unit="kWh", quantity="0.25"):
    """Lines of readings, a quarter of an hour apart."""
    start = datetime.fromisoformat(first)
    return [
        f"{meter},electricity,{start + timedelta(minutes=15 * n):%Y-%m-%d %H:%M},{quantity},{unit}"
        for n in range(count)
    ]


def months(book):
    """The ledger's months: (meter, month, quantity)."""
    with Ledger.open(book.folder / "ledger.duckdb") as ledger:
        return ledger.con.execute(
            "select k.meter, m.month, sum(m.quantity) from entry_month as m"
            " join entry_key as k using (key_id)"
            " where entry_id not in (select supersedes from entry) group by 1, 2 order by 1, 2"
        ).fetchall()


def codes(report, severity="error"):
    return [
        (each.code, each.row, each.more) for each in report.problems if each.severity == severity
    ]


# What is recorded


def test_readings_become_one_entry_a_meter_and_month(put, book):
    report = put(quarters(count=96 * 59) + quarters(meter="hall", count=4, unit="MWh"))
    assert (report.recorded, report.entries, report.problems) == (96 * 59 + 4, 3, [])
    # 31 and 28 days of 96 quarter-hours of 0.25 kWh; an hour of 0.25 MWh four times
    assert months(book) == [
        ("grid", 202501, Decimal("744.000000")),
        ("grid", 202502, Decimal("672.000000")),
        ("hall", 202501, Decimal("1000.000000")),
    ]


def test_the_same_data_by_the_month_gives_the_same_months(put, book, tmp_path):
    put(quarters(count=96 * 59, quantity="0.333"))
    other = begun(tmp_path / "other", "Acme", "CN-ZJ", TODAY)
    (other.folder / "carbon.toml").write_text(SETTINGS, encoding="utf-8")
    bills = tmp_path / "bills.csv"
    bills.write_text(
        "meter,activity,month,quantity,unit\n"
        f"grid,electricity,2025-01,{Decimal('0.333') * 96 * 31},kWh\n"
        f"grid,electricity,2025-02,{Decimal('0.333') * 96 * 28},kWh\n"
    )
    other.import_files([bills])
    assert months(book) == months(other) != []
    entry = ["site", "activity", "start_on", "end_on", "quantity", "unit", "meter"]
    with (
        Ledger.open(book.folder / "ledger.duckdb") as one,
        Ledger.open(other.folder / "ledger.duckdb") as two,
    ):
        said = [[[row[key] for key in entry] for row in each.entries()] for each in (one, two)]
    assert said[0] == said[1]


MONTHLY = "meter,activity,month,quantity,unit,quality"


def test_months_of_readings_and_the_same_bills_are_known_to_each_other(put, book, tmp_path):
    put(quarters(count=96 * 31))
    bill = ["grid,electricity,2025-01,744,kWh,"]
    assert put(bill, "bill.csv", header=MONTHLY).known == 1


@pytest.mark.parametrize("bill_first", [True, False])
@pytest.mark.parametrize("bill", ["745,kWh,billed", "744,kWh,billed", "0.8,MWh,"])
def test_a_bill_of_a_month_counts_beside_its_readings_whichever_came_first(
    put, book, bill, bill_first
):
    def billed():
        return put([f"grid,electricity,2025-01,{bill}"], "bill.csv", header=MONTHLY)

    reports = [billed()] if bill_first else []
    reports.append(put(quarters(count=96 * 31)))  # 744 kWh
    reports += [] if bill_first else [billed()]
    assert [report.offered for report in reports] == [[], []]
    assert sorted(report.recorded for report in reports) == [1, 96 * 31]
    amount = {"745": 745, "744": 744, "0.8": 800}[bill.split(",")[0]]
    assert current(book) == [(202501, Decimal(amount))]


@pytest.mark.parametrize("estimate_first", [True, False])
def test_metered_readings_take_the_place_of_an_estimate(put, book, estimate_first):
    def estimated():
        put(["grid,electricity,2025-01,800,kWh,estimated"], "e.csv", header=MONTHLY)

    if estimate_first:
        estimated()
    rows = [f"{row},metered" for row in quarters(count=96 * 31)]
    assert put(rows, header=f"{HEADER},quality").offered == []
    if not estimate_first:
        estimated()  # is offered as a correction
    assert current(book) == [(202501, Decimal(744))]


def test_readings_keep_their_row_time_and_quantity(put, book):
    put(quarters("2025-01-31 23:45", 2), column_map="berlin")
    rows = book.sql("select row, start_at, length_s, quantity from reading order by row").rows
    assert [tuple(row.values()) for row in rows] == [
        (2, datetime(2025, 1, 31, 22, 45), 900, Decimal("0.25")),
        (3, datetime(2025, 1, 31, 23, 0), 900, Decimal("0.25")),
    ]


def test_the_days_of_an_entry_add_up_to_its_month(put, book):
    """1 kBtu is 0.293071 kWh and further decimals, so that each day would be rounded."""
    put(quarters(count=96 * 3, unit="kBtu", quantity="0.1"))
    rows = book.sql(
        "select (select sum(quantity) from reading_day) as days,"
        " (select sum(quantity) from entry_month) as months"
    ).rows
    assert rows[0]["days"] == rows[0]["months"] != 0


# Again, longer, changed


def test_the_same_file_again_is_known(put, book):
    put(quarters())
    report = put(quarters())
    assert (report.recorded, report.known, report.offered) == (0, 96, [])


def test_a_longer_file_adds_its_new_intervals_alone(put, book):
    put(quarters(count=50))
    report = put(quarters(count=96 * 2))
    assert (report.known, report.recorded, report.entries) == (50, 96 * 2 - 50, 1)
    assert months(book) == [("grid", 202501, Decimal(48))]  # 192 quarters of 0.25 kWh


def test_a_changed_interval_is_offered_as_a_correction_of_its_month(put, book):
    put(quarters())
    changed = quarters()
    changed[10] = changed[10].replace("0.25", "10.25")
    report = put(changed)
    [offer] = report.offered
    assert (offer.row, offer.old_quantity, offer.new.quantity) == (12, 24, 34)
    assert report.known == 95
    assert months(book) == [("grid", 202501, Decimal(24))]
    report = put(changed, accept_corrections=True)
    assert (report.corrected, report.entries) == (1, 1)
    assert months(book) == [("grid", 202501, Decimal(34))]
    assert put(changed).known == 96
    rows = book.sql(
        "select entry_id, sum(quantity) as q, count(*) as n from reading group by 1"
    ).rows
    assert [tuple(row.values()) for row in rows] == [(1, 24, 96), (2, 34, 96)]


def test_readings_that_were_withdrawn_are_recorded_again(put, book):
    put(quarters())
    book.withdraw(1)
    assert put(quarters()).recorded == 96


def test_readings_of_another_step_do_not_count_beside_the_first(put, book):
    put(quarters())
    hours = [f"grid,electricity,2025-01-01 {n:02}:30,1,kWh" for n in range(24)]
    with pytest.raises(LedgerError) as caught:
        put([line.replace(":30", ":07") for line in hours], "hours.csv")
    assert caught.value.code == "interval-overlap"
    assert months(book) == [("grid", 202501, Decimal(24))]


def test_readings_of_another_time_zone_are_refused_beside_the_first(put, book):
    put(quarters())
    with pytest.raises(LedgerError) as caught:
        put(quarters(), column_map="berlin")
    assert caught.value.code == "other-time-zone"


# What is refused


FAULTS = {
    "not-a-number": lambda line: line.replace("0.25", "1e3"),
    "too-many-decimals": lambda line: line.replace("0.25", "0.1234567"),
    "number-too-large": lambda line: line.replace("0.25", "100000000000"),
    "blank-quantity": lambda line: line.replace("0.25", ""),
    "impossible-date": lambda line: line.replace("2025-01-01", "2025-13-01"),
    "ambiguous-date": lambda line: line.replace("2025-01-01", "03/04/2025"),
    "unknown-meter": lambda line: line.replace("grid", "gird"),
    "unknown-activity": lambda line: line.replace("electricity", "electrcity"),
    "unknown-unit": lambda line: line.replace("kWh", "kWhh"),
    "wrong-dimension": lambda line: line.replace("kWh", "m3"),
    "blank-cell": lambda line: line.replace("grid", ""),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_faulty_row_keeps_the_file_out_and_is_told_once_with_its_count(put, book, code):
    lines = quarters()
    for at in (7, 20, 33):
        lines[at] = FAULTS[code](lines[at])
    report = put(lines)
    found = [each for each in codes(report) if each[0] == code]
    rows = sum(1 + more for _, _, more in found)
    assert (report.recorded, found[0][1], rows) == (0, 9, 3)
    assert not book.entries().rows


def test_accepting_the_good_rows_writes_the_others_out_with_reasons(put, book):
    lines = quarters()
    lines[7] = FAULTS["not-a-number"](lines[7])
    lines[20] = FAULTS["unknown-meter"](lines[20])
    report = put(lines, accept_good=True)
    assert (report.recorded, report.entries) == (94, 1)
    written = report.refused_files[0].read_text(encoding="utf-8").splitlines()
    assert written == [
        f"{HEADER},row,reason",
        f"{lines[7]},9,not-a-number: quantity '1e3' is not a number",
        f"{lines[20]},22,unknown-meter: no meter is called 'gird'",
    ]


def test_nothing_good_and_no_columns_leave_nothing_behind(put, book):
    nothing = put([FAULTS["unknown-meter"](line) for line in quarters()], accept_good=True)
    assert (nothing.recorded, len(nothing.refused_files)) == (0, 1)
    lacking = put(quarters(), header="meter,activity,start,amount,unit", accept_good=True)
    assert codes(lacking) == [("missing-column", 0, 0)]
    assert not book.entries().rows


def test_a_ledger_from_before_there_were_readings_takes_them(put, book):
    put(["grid,electricity,2025-02,7,kWh"], "b.csv", header="meter,activity,month,quantity,unit")
    with Ledger.open(book.folder / "ledger.duckdb") as ledger:
        for table in ("reading", "reading_day", "reading_set"):
            ledger.con.execute(f"drop table {table}")
    assert put(quarters()).recorded == 96
    assert months(book) == [("grid", 202501, Decimal(24)), ("grid", 202502, Decimal(7))]


def test_an_interval_with_two_values_is_refused_and_one_repeated_counts_once(put):
    lines = quarters()
    twice = put([*lines, lines[3].replace("0.25", "9")])
    assert codes(twice) == [("interval-twice", 5, 1)]
    again = put([*lines, lines[3]])
    assert (codes(again, "note"), again.recorded) == ([("interval-again", 98, 0)], 96)


def test_a_gap_is_told_in_hours(put):
    lines = quarters()
    del lines[40:48]
    report = put(lines)
    [gap] = [each for each in report.problems if each.code == "readings-gap"]
    assert gap.message == "the readings of grid lack 2 hours in 1 gap"
    assert (gap.severity, gap.row, report.recorded) == ("warning", 42, 88)


def test_hours_among_quarters_lie_across_them(put):
    hours = ["grid,electricity,2025-01-01 10:05,1,kWh"]
    report = put([*quarters(), *hours])
    # 10:05 begins before 10:15, and row 43 of 10:15 before 10:20
    assert codes(report) == [("interval-overlap", 43, 1)]


def test_readings_without_one_step_need_an_end(put):
    lines = [
        f"grid,electricity,2025-01-01 {at},1,kWh" for at in ("00:10", "01:00", "03:30", "04:00")
    ]
    assert codes(put(lines)) == [("irregular-step", 2, 0)]
    ended = [
        line.replace(",1,", f",{end},1,")
        for line, end in zip(
            lines,
            ("2025-01-01 01:00", "2025-01-01 03:30", "2025-01-01 04:00", "2025-01-01 06:00"),
            strict=True,
        )
    ]
    report = put(ended, "ended.csv", header="meter,activity,start,end,quantity,unit")
    assert (report.recorded, codes(report, "warning")) == (4, [])


def test_an_end_before_its_start_is_refused(put):
    lines = [
        "grid,electricity,2025-01-01 00:00,2025-01-01 00:15,1,kWh",
        "grid,electricity,2025-01-01 00:15,2025-01-01 00:10,1,kWh",
    ]
    report = put(lines, header="meter,activity,start,end,quantity,unit")
    assert codes(report) == [("bad-interval", 3, 0)]


def test_what_is_negative_or_ahead_is_told_and_recorded(put):
    lines = quarters("2026-11-20 12:15", 96)
    lines[2] = lines[2].replace("0.25", "-0.25")
    report = put(lines)
    assert report.recorded == 96
    assert codes(report, "warning") == [("negative-quantity", 4, 0), ("future-date", 49, 48)]


def test_rows_are_numbered_as_in_the_file_past_blank_lines(put):
    lines = quarters()
    lines[50] = FAULTS["not-a-number"](lines[50])
    report = put([*lines[:10], "", "", *lines[10:30], "", *lines[30:]])
    assert codes(report) == [("not-a-number", 55, 0)]


def test_a_row_with_too_many_cells_is_named(put):
    lines = quarters(count=9000)
    lines[8000] += ",more"
    with pytest.raises(CarbonError) as caught:
        put(lines)
    assert caught.value.code == "row-too-long"
    assert caught.value.where.endswith("readings.csv, row 8002")


def test_a_fault_while_writing_leaves_nothing(put, book, monkeypatch):
    from carbon.ledger.readings import Arriving

    def fail(*_):
        raise RuntimeError("the power failed")

    monkeypatch.setattr(Arriving, "_write", fail)
    with pytest.raises(RuntimeError):
        put(quarters())
    with Ledger.open(book.folder / "ledger.duckdb") as ledger:
        for table in ("batch", "entry", "entry_key", "entry_month", "reading", "reading_day"):
            assert ledger.con.execute(f"select count(*) from {table}").fetchone() == (0,), table


# How it is written


def test_an_hour_that_comes_twice_counts_twice_by_the_zone(put, book):
    """In Berlin 2025-10-26 has 25 hours: 02:00 to 03:00 stands in the file twice."""
    lines = quarters("2025-10-26 00:00", 12) + quarters("2025-10-26 02:00", 88)
    report = put(lines, column_map="berlin")
    assert (report.recorded, report.problems) == (100, [])
    [day] = book.sql("select covered_s, day_s from reading_day").rows
    assert tuple(day.values()) == (90000, 90000)


def test_without_a_zone_the_second_of_two_hours_is_refused(put):
    lines = quarters("2025-10-26 00:00", 12) + quarters("2025-10-26 02:00", 88, quantity="0.5")
    assert ("interval-twice", 10, 7) in codes(put(lines))


def test_an_hour_that_is_skipped_does_not_exist_and_is_no_gap(put):
    """In Berlin the clock goes from 02:00 to 03:00 on 2025-03-30."""
    lines = quarters("2025-03-30 00:00", 8) + quarters("2025-03-30 03:00", 84)
    report = put(lines, column_map="berlin")
    assert (report.recorded, report.problems) == (92, [])
    wrong = put(quarters("2025-03-30 00:00", 96), column_map="berlin")
    assert codes(wrong)[0][:2] == ("impossible-time", 10)


def test_times_of_utc_need_a_zone_and_belong_to_its_days(put, book):
    lines = [
        line.replace(":00,", ":00Z,").replace(" ", "T") for line in quarters("2025-01-31 22:00", 16)
    ]
    lines = [line if "Z" in line else line.replace(",0.25", "Z,0.25") for line in lines]
    assert codes(put(lines))[0][0] == "time-zone-missing"
    put(lines, column_map="berlin")
    # 23:00 in Berlin is 22:00 of UTC: four quarters are January's, twelve February's
    assert months(book) == [("grid", 202501, Decimal(1)), ("grid", 202502, Decimal(3))]


def test_a_distance_from_utc_is_understood(put, book):
    lines = [line.replace(",0.25", "+01:00,0.25") for line in quarters("2025-01-01 00:00", 8)]
    put(lines)
    [first] = book.sql("select min(start_at) as at_first from reading").rows
    assert first["at_first"] == datetime(2024, 12, 31, 23)


def test_date_and_time_may_stand_apart(put, book):
    lines = [line.replace(" ", ",") for line in quarters()]
    report = put(lines, header="meter,activity,date,time,quantity,unit")
    assert (report.recorded, report.problems) == (96, [])


def test_a_column_map_names_columns_words_and_constants(put, book):
    lines = [
        f"{meter},2025/1/1 {n // 4}:{n % 4 * 15:02},1.5"
        for meter in ("0571", "0572")
        for n in range(96)
    ]
    report = put(lines, header="表号,数据时间,电量", column_map="theirs")
    assert report.recorded == 96
    assert months(book) == [("grid", 202501, Decimal(144))]


def test_decimal_commas_and_dates_day_first(put, book):
    lines = [
        f"grid;electricity;01.02.2025 {n // 4:02}:{n % 4 * 15:02};1.234,5;kWh" for n in range(96)
    ]
    report = put(lines, header=HEADER.replace(",", ";"), column_map="comma")
    assert report.recorded == 96
    assert months(book) == [("grid", 202502, Decimal("1234.5") * 96)]


def test_rows_in_any_order_and_meters_by_turns_give_the_same(put, book):
    lines = quarters(count=40) + quarters(count=40, meter="hall", quantity="3")
    turned = [lines[(n * 37) % 80] for n in range(80)]
    report = put(turned)
    assert (report.recorded, report.problems) == (80, [])
    assert months(book) == [("grid", 202501, Decimal(10)), ("hall", 202501, Decimal(120))]


def test_parquet_with_times_and_doubles_reads_as_csv(book, tmp_path):
    path = tmp_path / "readings.parquet"
    duckdb.execute(
        "copy (select 'grid' as meter, 'electricity' as activity,"
        " timestamp '2025-01-01' + to_minutes(15 * i) as start, 0.1::double * 3 as quantity,"
        f" 'kWh' as unit from range(96) as r(i)) to '{path}'"
    )
    [report] = book.import_files([path])
    assert (report.recorded, report.problems) == (96, [])
    assert months(book) == [("grid", 202501, Decimal("28.8"))]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_other_encodings_are_read(book, tmp_path, encoding):
    path = tmp_path / "readings.csv"
    lines = [line.replace("electricity", "电力") for line in quarters()]
    header = "电表,能源,timestamp,用量,单位"
    path.write_bytes("\n".join([header, *lines]).encode(encoding))
    [report] = book.import_files([path])
    assert (report.recorded, [each.severity for each in report.problems]) in (
        (96, []),
        (96, ["note"]),
    )


def test_bills_with_days_are_no_readings(tmp_path):
    path = tmp_path / "bills.csv"
    for text in (
        "meter,activity,start,end,quantity,unit\ngrid,electricity,2025-01-01,2025-01-31,1,kWh\n",
        "meter,activity,start,end,quantity,unit\n"
        "grid,electricity,2025-01-01 09:30,2025-01-31 10:00,1,kWh\n",
        "meter,activity,month,quantity,unit\ngrid,electricity,2025-01,1,kWh\n",
    ):
        path.write_text(text)
        assert recognised(path, ColumnMap()) is None
    path.write_text("\n".join([HEADER, *quarters()]))
    assert recognised(path, ColumnMap()) is not None


# Bills of the same meter


BILL = ["grid,electricity,2025-01-22,2025-02-10,200,kWh"]
BILLS = "meter,activity,start,end,quantity,unit"


def current(book):
    rows = book.sql(
        "select month, sum(quantity) as quantity from entry_current_month group by 1 order by 1"
    ).rows
    return [(row["month"], row["quantity"]) for row in rows]


def shaped():
    """January at 1 kWh a quarter-hour, February at 3."""
    return quarters(count=96 * 31, quantity="1") + quarters(
        "2025-02-01 00:00", 96 * 28, quantity="3"
    )


@pytest.mark.parametrize("bill_first", [True, False])
def test_a_bill_is_split_by_its_meters_readings_whichever_came_first(put, book, bill_first):
    if bill_first:
        put(BILL, "bill.csv", header=BILLS)
    put(shaped())
    if not bill_first:
        put(BILL, "bill.csv", header=BILLS)
    # Ten days of January at 1 and ten of February at 3: a quarter of 200 kWh is January's.
    # 21 days of January at 96 kWh and 18 of February at 288 kWh lie outside the bill.
    assert current(book) == [(202501, Decimal(50 + 21 * 96)), (202502, Decimal(150 + 18 * 288))]


def test_without_readings_of_all_its_days_a_bill_is_split_by_days(put, book):
    put(BILL, "bill.csv", header=BILLS)
    put(quarters(count=96 * 31))
    assert current(book) == [(202501, Decimal(100 + 21 * 24)), (202502, Decimal(100))]


def test_explain_tells_which_way_a_bill_was_split(put, book):
    put(BILL, "bill.csv", header=BILLS)
    by_days = "\n".join(book.explain("entry 1").lines())
    assert "its days in 2025-01 = 100 kWh" in by_days
    put(shaped())
    by_readings = "\n".join(book.explain("entry 1").lines())
    assert (
        "200 kWh x 1 kWh/kWh x (0.25 - 0), its meter's readings in 2025-01 = 50 kWh" in by_readings
    )
    of_readings = "\n".join(book.explain("entry 2").lines())
    assert "readings.csv, 2,976 readings, rows 2 to 2,977" in of_readings
    assert "its days without a bill = 2,016 kWh" in of_readings


def test_a_bill_beside_its_readings_is_held_against_a_statement_once(put, book):
    """A bill of January's first 15 days says 24,000 kWh; the 16 others read 960 kWh each."""
    put(quarters(count=96 * 31, quantity="10"))
    bill = {"site": "works", "meter": "grid", "activity": "electricity", "quality": "billed"}
    bill |= {"start": "2025-01-01", "end": "2025-01-15", "quantity": "24", "unit": "MWh"}
    assert book.log("activity", bill).recorded == 1
    said = {"control_id": "s-1", "site": "works", "activity": "electricity", "unit": "MWh"}
    book.log("control_total", said | {"month": "2025-01", "quantity": "41"})
    [found] = [each for each in book.check() if each.code == "control-total"]
    assert "and 2 entries of its period make 39,360" in found.message


def test_a_bill_and_its_readings_are_no_overlap_but_an_estimate_is(put, book):
    put(shaped())
    put(BILL, "bill.csv", header=BILLS)
    assert "overlap" not in {each.code for each in book.check()}
    put(
        ["grid,electricity,2025-01-05,2025-01-06,9,kWh,estimated"],
        "e.csv",
        header=BILLS + ",quality",
    )
    assert "overlap" in {each.code for each in book.check()}


def test_a_credit_is_taken_off_readings_and_takes_their_place_nowhere(put, book):
    put(quarters(count=96 * 31))
    put(["grid,electricity,2025-01-01,2025-01-31,-44,kWh"], "credit.csv", header=BILLS)
    assert current(book) == [(202501, Decimal(744 - 44))]


def test_a_statement_is_held_against_bills_without_the_readings_of_their_days(put, book):
    put(quarters(count=96 * 31))
    put(["grid,electricity,2025-01-01,2025-01-14,400,kWh"], "bill.csv", header=BILLS)
    control = "control_id,site,activity,month,quantity,unit"
    # 400 kWh are billed, and the 17 days after that were read at 24 kWh a day
    put(["c1,works,electricity,2025-01,808,kWh"], "control.csv", header=control)
    assert "control-total" not in {each.code for each in book.check()}


def test_the_form_and_the_template_show_a_billed_month_without_its_readings(put, book):
    put(quarters(count=96 * 31))
    put(["grid,electricity,2025-01,800,kWh,billed"], "bill.csv", header=MONTHLY)
    put(["hall,electricity,2025-01-01,2025-01-14,100,kWh"], "hall.csv", header=BILLS)
    put(quarters(meter="hall", count=96 * 31), "more.csv")
    first, last = date(2025, 1, 1), date(2025, 1, 31)
    with Ledger.open(book.folder / "ledger.duckdb") as ledger:
        shown = [
            (row["meter"], row["canonical"], row["entries"]) for row in ledger.months_at("works")
        ]
        sums = [(row["meter"], row["quantity"]) for row in ledger.month_sums(202501, 202501)]
        laid = [(row["meter"], row["quantity"]) for row in ledger.bills(first, last, 9)]
    # a day of the hall was read at 24 kWh, and 17 of its days have no bill
    assert shown == [("grid", 800, 1), ("hall", 100 + 17 * 24, 2)]
    assert sorted(sums) == [("grid", 800), ("hall", 508)]
    assert laid == [("grid", 800), ("hall", 100), ("hall", 744)]


# Any readings


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    data=st.lists(
        st.tuples(
            st.sampled_from(["grid", "hall"]),
            st.integers(0, 4 * 24 * 40),
            st.decimals("-99999", "99999", places=6),
        ),
        min_size=8,
        max_size=60,
        unique_by=lambda row: row[:2],
    ),
)
def test_any_readings_come_to_what_python_adds_up(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("any")
    book = begun(folder / "book", "Acme", "CN-ZJ", TODAY)
    (book.folder / "carbon.toml").write_text(SETTINGS, encoding="utf-8")
    expected: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    lines = []
    for meter, at, quantity in data:
        start = datetime(2025, 1, 20) + timedelta(minutes=15 * at + 5)
        end = start + timedelta(minutes=15)
        expected[meter, start.year * 100 + start.month] += quantity
        lines.append(f"{meter},electricity,{start},{end},{quantity:f},kWh")
    path = folder / "readings.csv"
    path.write_text("\n".join([BILLS, *lines]))
    [report] = book.import_files([path])
    assert report.recorded == len(data)
    assert {(meter, month): q for meter, month, q in months(book)} == expected
