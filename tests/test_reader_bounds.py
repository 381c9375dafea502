"""What is too large, too deep or too old to be read: a message, in little time and memory."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from carbon import readers
from carbon.errors import CarbonError
from carbon.layouts import LAYOUTS
from carbon.readers import localtime, words
from carbon.settings import ColumnMap

FILES = Path(__file__).with_name("files")


def refused(path, data):
    path.write_bytes(data)
    with pytest.raises(CarbonError) as caught:
        readers.read(path)
    return caught.value


def package(**parts):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return held.getvalue()


def test_a_zip_bomb_is_refused_by_its_stated_size(tmp_path):
    bomb = package(**{"xl/workbook.xml": b"<a/>", "xl/media/a": b"0" * (300 << 20)})
    assert len(bomb) < 400_000
    assert refused(tmp_path / "bomb.xlsx", bomb).code == "too-large"


def test_a_zip_bomb_that_lies_of_its_size_is_refused(tmp_path):
    size = 3 << 20
    bomb = package(**{"xl/workbook.xml": b"<a/>", "xl/media/a": b"0" * size})
    liar = bomb.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert refused(tmp_path / "liar.xlsx", liar).code == "not-a-table"


def test_a_table_of_too_many_columns_is_refused(tmp_path):
    fault = refused(tmp_path / "wide.csv", b"a," * 20_000 + b"\n1\n")
    assert fault.code == "row-too-long"


def test_elements_that_lie_too_deep_are_not_followed(tmp_path):
    deep = b'<?xml version="1.0"?><feed xmlns="http://naesb.org/espi">' + b"<a>" * 1000
    assert refused(tmp_path / "deep.xml", deep).code == "unsafe-xml"


def test_a_damaged_xls_ends_another_process_and_not_this_one(tmp_path):
    fault = refused(
        tmp_path / "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 9
    )
    assert fault.message == "old.xls is no Excel workbook, or a damaged one"


def test_a_part_of_a_workbook_in_an_unknown_encoding_is_no_fault_of_the_program(tmp_path):
    held = io.BytesIO()
    with zipfile.ZipFile(FILES / "basic.xlsx") as old, zipfile.ZipFile(held, "w") as made:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                part = b'<?xml version="1.0" encoding="W"?>' + part.partition(b"?>")[2]
            made.writestr(name, part)
    assert refused(tmp_path / "odd.xlsx", held.getvalue()).code == "not-a-table"


def test_cells_taken_from_other_workbooks_are_told(tmp_path):
    path = tmp_path / "linked.xlsx"
    path.write_bytes((FILES / "basic.xlsx").read_bytes())
    with zipfile.ZipFile(path, "a") as made:
        made.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    assert [p.code for p in readers.read(path).problems] == ["linked-workbook"]


@pytest.mark.parametrize("year", range(2015, 2030))
def test_daylight_rules_of_a_file_agree_with_the_time_zone_they_describe(year):
    # 360E2000: second Sunday of March, 2:00; B40E2000: first Sunday of November, 2:00
    ruled = localtime.Ruled(-18_000, 3600, 0x360E2000, 0xB40E2000)
    named = localtime.Named(ZoneInfo("America/New_York"))
    start = int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    for hour in range(0, 366 * 24):
        instant = start + hour * 3600
        assert ruled.day(instant) == named.day(instant)
    for month in range(1, 13):
        assert ruled.midnight(date(year, month, 1)) == named.midnight(date(year, month, 1))


def test_daylight_saving_over_the_new_year_is_that_of_the_south():
    # 14 020000..: first Sunday of October to first Sunday of April, as in Sydney
    october = 10 << 28 | 2 << 25 | 7 << 17 | 2 << 12
    april = 4 << 28 | 2 << 25 | 7 << 17 | 3 << 12
    ruled = localtime.Ruled(36_000, 3600, october, april)
    named = localtime.Named(ZoneInfo("Australia/Sydney"))
    start = int(datetime(2023, 1, 1, tzinfo=UTC).timestamp())
    for hour in range(0, 365 * 24):
        assert ruled.day(start + hour * 3600) == named.day(start + hour * 3600)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("1.234", {".": "1.234", ",": "1234"}),
        ("1.234.567", {",": "1234567"}),
        ("1,234.5", {".": "1234.5"}),
        ("0.345", {".": "0.345"}),
        ("1 234", {".": "1234", ",": "1234"}),
        ("1,23,4", {}),
        ("1.234 567", {}),
    ],
)
def test_a_text_is_read_in_every_way_it_can_be(written, found):
    assert {sign: str(value) for sign, value in words.readings(written).items()} == found


@pytest.mark.parametrize(
    ("heading", "month"),
    [
        ("2023-01", (2023, 1)),
        ("2023年1月", (2023, 1)),
        ("2023-01-01", (2023, 1)),
        ("Jan-2023", (2023, 1)),
        ("Sept", (0, 9)),
        ("1月份", (0, 1)),
        ("13月", None),
        ("1850-01", None),
        ("January sales", None),
        ("5", None),
    ],
)
def test_a_heading_that_names_a_month_is_known(heading, month):
    assert words.month_heading(heading) == month


def test_parts_of_a_quantity_are_columns_that_a_message_does_not_list():
    layout = LAYOUTS["activity"]
    assert {"opening", "peak"} <= set(layout.columns)
    assert not {"opening", "peak"} & set(layout.told)


def test_a_time_zone_is_a_name_or_a_distance():
    assert ColumnMap(time_zone="UTC+08:00").time_zone == "UTC+08:00"
    assert ColumnMap(time_zone="Asia/Shanghai").time_zone == "Asia/Shanghai"
