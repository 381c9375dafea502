"""The form without a terminal: what lines there are, what is said of what is typed, what is
recorded, and what is taken back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from carbon.book import Book
from carbon.errors import CarbonError, ImportRefused, LedgerError, UsageError
from carbon.form import Form, Line
from carbon.form.page import Key
from carbon.ledger import Ledger

SITE = """
[[site]]
name = "hq"
title = "Head office"
region = "CN-ZJ"
[[site.meter]]
name = "m1"
[[site.meter]]
name = "m2"
since = "2023-05"
"""
M1 = Key("m1", "electricity", "")
# A year of m1 around 50 MWh, no two months alike.
YEAR = {f"2022-{month:02}": 50 + month % 5 for month in range(1, 13)}


@pytest.fixture
def book(make, tmp_path: Path) -> Book:
    """Twelve months of 2022 and January 2023 of m1. [MWh]"""
    made = make(SITE, bills={})
    rows = ["site,meter,activity,month,quantity,unit"]
    months = YEAR | {"2023-01": 53}
    rows += [f"hq,m1,electricity,{month},{energy},MWh" for month, energy in months.items()]
    path = tmp_path / "m1.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    made.import_files([path])
    return made


@pytest.fixture
def form(book: Book) -> Form:
    return book.form("hq", "2023-02")


def line(form: Form, key: Key = M1) -> Line:
    return form.page.line(key)


def typed(form: Form, key: Key = M1, **fields: str) -> Line:
    """A line with something typed into it."""
    for name, text in fields.items():
        form.write(line(form, key), name, text)
    return line(form, key)


def codes(form: Form, **fields: str) -> list[tuple[str, str]]:
    """Severity and code of what is said of m1 with this typed into it."""
    return [(each.severity, each.code) for each in form.judge(typed(form, **fields)).problems]


def entries(book: Book) -> list[tuple[int, Decimal, str]]:
    """Every entry of 2023-02, its quantity and state."""
    rows = book.entries(since="2023-02", until="2023-02", everything=True).rows
    return [(row["entry_id"], row["quantity"], row["state"]) for row in rows]


# Lines


def test_a_line_shows_last_month_and_the_same_month_last_year(form: Form):
    assert (form.page.last_year, form.page.last_month) == (202202, 202301)
    assert line(form).figure(202202, "MWh") == (52, "MWh")
    assert line(form).figure(202301, "MWh") == (53, "MWh")


def test_figures_follow_the_unit_that_is_typed(form: Form):
    assert line(form).figure(202301, "kWh") == (53_000, "kWh")
    assert line(form).figure(202301, "GJ") == (Decimal("190.8"), "GJ")  # 53 x 3.6


def test_figures_stay_in_their_unit_where_another_is_none_of_them(form: Form):
    assert [line(form).shown_in(unit) for unit in ("kWh", "kg", "MWhh")] == ["kWh", "MWh", "MWh"]
    assert line(form).figure(202301, "kg") == (53, "MWh")


def test_a_declared_meter_has_a_line_from_its_first_month(book: Book):
    assert [each.key.meter for each in book.form("hq", "2023-04").lines()] == ["m1"]
    assert [each.key.meter for each in book.form("hq", "2023-05").lines()] == ["m1", "m2"]


def test_lines_are_narrowed_to_a_meter_and_an_activity(book: Book):
    form = book.form("hq", "2023-05")
    form.add("m2", "it_load")
    assert [each.key.name for each in form.lines("m2")] == ["m2 electricity", "m2 it_load"]
    assert [each.key.name for each in form.lines(None, "it_load")] == ["m2 it_load"]
    assert form.lines("", "electricity") == []


def test_trips_have_no_line(book: Book):
    trip = {"site": "hq", "activity": "metro_travel", "month": "2023-01"}
    assert book.log("activity", trip | {"quantity": "5", "unit": "pkm"}).recorded == 1
    assert [each.key for each in book.form("hq", "2023-02").lines()] == [M1]


def test_an_activity_with_details_is_added_with_one_of_them(form: Form):
    with pytest.raises(UsageError, match="refrigerant needs a detail"):
        form.add("", "refrigerant", "R-99")
    assert form.add("", "refrigerant", "R-410A") in [each.key for each in form.lines()]


def test_the_month_is_the_last_one_that_is_over(book: Book):
    assert book.page().month == 202610  # the book's day is 2026-11-20


@pytest.mark.parametrize(
    ("site", "month", "code"), [("hqq", "", "unknown-site"), ("hq", "2023-13", "not-a-month")]
)
def test_a_page_that_is_none_is_refused(book: Book, site: str, month: str, code: str):
    form = book.form()
    with pytest.raises(UsageError) as fault:
        form.turn(site, month)
    assert fault.value.code == code
    assert form.page.month == 202610


def test_pages_turn_over_the_end_of_a_year(book: Book):
    form = book.form("hq", "2023-01")
    form.earlier()
    assert form.month == "2022-12"
    form.later()
    assert form.month == "2023-01"


# What is said while typing


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        ("290", "spike"),
        ("9", "drop"),
        ("0", "sudden-zero"),
        ("52000", "unit-slip"),  # 1,000 times
        ("187.2", "unit-slip"),  # 3.6 times
        ("-50", "negative-quantity"),
    ],
)
def test_an_odd_figure_is_warned_of_as_carbon_check_would(form: Form, quantity: str, code: str):
    assert codes(form, quantity=quantity) == [("warning", code)]


def test_a_usual_figure_is_not_warned_of(form: Form):
    assert codes(form, quantity="51") == []


def test_the_same_figure_in_another_unit_is_as_usual(form: Form):
    assert codes(form, quantity="51000", unit="kWh") == []


def test_an_unknown_unit_is_refused_with_the_nearest(form: Form):
    [found] = form.judge(typed(form, quantity="51", unit="MWhh")).problems
    assert (found.severity, found.code, found.nearest) == ("error", "unknown-unit", "MWh")


def test_half_a_number_is_refused(form: Form):
    assert codes(form, quantity="5x") == [("error", "not-a-number")]


def test_what_check_finds_in_the_month_is_what_was_warned_of(book: Book, form: Form):
    for quantity in ("290", "0", "52000"):
        warned = form.judge(typed(form, quantity=quantity)).warnings
        form.record(line(form))
        form.turn()
        found = [each for each in book.check() if each.entry_id == form.recorded(line(form))]
        told = [each.message.partition(": ")[2] for each in found if each.code == warned[0].code]
        assert told == [warned[0].message]


def test_a_figure_in_a_closed_year_is_warned_of(book: Book):
    book.close("2022")
    form = book.form("hq", "2022-06")
    warned = [each.code for each in form.judge(typed(form, quantity="60")).warnings]
    assert warned == ["after-closing"]


def test_a_usual_new_line_asks_nothing(form: Form):
    there = typed(form, quantity="51")
    assert form.question(there, form.judge(there)) == ""


# Recording


def test_a_line_is_recorded_as_carbon_log_does(book: Book, form: Form):
    there = typed(form, quantity="51", quality="metered", evidence="bill 7", note="read twice")
    assert form.record(there) == "Entry 14 recorded: 2023-02 of m1 electricity."
    [row] = book.entries(since="2023-02").rows
    told = ("m1", "electricity", 51, "MWh", "metered", "bill 7", "read twice", "logged by hand")
    names = ("meter", "activity", "quantity", "unit", "quality", "evidence", "note", "bill")
    assert tuple(row[name] for name in names) == told
    assert not form.is_begun(there)


def test_readings_make_the_quantity_and_the_next_month_begins_with_the_last(book: Book, form: Form):
    # (1,700 - 1,000) x 80 = 56,000 kWh
    readings = {"opening": "1000", "closing": "1700", "multiplier": "80"}
    form.record(typed(form, unit="kWh", **readings))
    assert entries(book) == [(14, 56_000, "current")]
    form.later()
    assert [form.value(line(form), name) for name in readings] == ["1700", "", "80"]
    form.record(typed(form, closing="2300"))  # (2,300 - 1,700) x 80 = 48,000
    assert book.entries(since="2023-03").rows[0]["quantity"] == 48_000


def test_a_correction_of_readings_tells_the_new_ones_alone(book: Book, form: Form):
    form.record(typed(form, unit="kWh", opening="1000", closing="1700", multiplier="80"))
    form.turn()
    form.record(typed(form, opening="1000", closing="1600", multiplier="80"))
    [row] = book.entries(since="2023-02").rows
    assert (row["quantity"], row["note"]) == (48_000, "(1600 - 1000) x 80")


def test_a_month_that_is_recorded_is_asked_about_and_corrected(book: Book, form: Form):
    form.record(typed(form, quantity="51"))
    form.turn()
    there = typed(form, quantity="52")
    judged = form.judge(there)
    assert form.question(there, judged) == (
        "Entry 14 says 51 MWh. Shall it say 52 MWh from now on?"
    )
    form.record(there)
    assert entries(book) == [(14, 51, "superseded"), (15, 52, "current")]


def test_a_correction_keeps_what_is_not_typed(book: Book, form: Form):
    form.record(typed(form, quantity="51", evidence="bill 7", note="read twice"))
    form.turn()
    form.record(typed(form, quality="metered"))
    [row] = book.entries(since="2023-02").rows
    told = [row[name] for name in ("quantity", "quality", "evidence", "note")]
    assert told == [51, "metered", "bill 7", "read twice"]


def test_a_month_recorded_meanwhile_is_no_second_entry(book: Book, form: Form):
    there = typed(form, quantity="52")
    other = book.form("hq", "2023-02")
    other.record(typed(other, quantity="51"))
    with pytest.raises(LedgerError, match="entry 14 says 51 MWh"):
        form.record(there)
    assert entries(book) == [(14, 51, "current")]
    assert form.value(there, "quantity") == "52"


def test_an_entry_corrected_meanwhile_is_told_and_what_is_typed_stays(book: Book, form: Form):
    form.record(typed(form, quantity="51"))
    form.turn()
    there = typed(form, quantity="52")
    book.correct(14, quantity="53")
    with pytest.raises(LedgerError, match="already corrected by entry 15"):
        form.record(there)
    assert form.value(there, "quantity") == "52"


def test_a_month_of_a_longer_bill_is_not_said_a_second_time(book: Book):
    bill = {"site": "hq", "meter": "m1", "activity": "electricity", "quantity": "100"}
    book.log("activity", bill | {"start": "2023-02-15", "end": "2023-04-14", "unit": "MWh"})
    form = book.form("hq", "2023-03")
    there = typed(form, quantity="51")
    assert [each.code for each in form.judge(there).problems] == ["other-period"]
    with pytest.raises(ImportRefused, match="entry 14, 2023-02-15 to 2023-04-14"):
        form.record(there)
    assert entries(book) == [(14, 100, "current")]


def test_a_line_that_is_refused_keeps_what_is_typed(book: Book, form: Form):
    there = typed(form, quantity="51", unit="MWhh")
    with pytest.raises(ImportRefused, match=r"(?s)'MWhh' is not a unit.*nothing was recorded"):
        form.record(there)
    assert entries(book) == []
    assert form.value(there, "unit") == "MWhh"


def test_a_book_in_use_is_told_and_what_is_typed_stays(book: Book, form: Form, monkeypatch):
    monkeypatch.setattr("carbon.ledger.LOCK_TIMEOUT", 0.05)
    there = typed(form, quantity="51")
    with (
        Ledger.open(book.folder / "ledger.duckdb"),
        pytest.raises(LedgerError, match="another program is using this book"),
    ):
        form.record(there)
    assert form.value(there, "quantity") == "51"
    form.record(there)
    assert entries(book) == [(14, 51, "current")]


def test_what_is_typed_stays_while_pages_are_turned(form: Form):
    typed(form, quantity="51")
    form.later()
    assert form.value(line(form), "quantity") == ""
    form.earlier()
    assert form.value(line(form), "quantity") == "51"
    form.clear(line(form))
    assert form.typed == {}


# Undoing


def test_undoing_withdraws_what_was_new(book: Book, form: Form):
    form.record(typed(form, quantity="51"))
    said, place = form.undo()
    assert said.startswith("Entry 14 (51 MWh of electricity at hq) is withdrawn")
    assert entries(book) == [(14, 51, "withdrawn"), (15, 51, "withdrawal")]
    assert (place.month, form.value(line(form), "quantity")) == (202302, "51")


def test_undoing_corrections_goes_back_step_by_step(book: Book, form: Form):
    for quantity in ("51", "52", "53"):
        form.record(typed(form, quantity=quantity, note=f"as {quantity}"))
        form.turn()
    form.undo()
    assert entries(book)[-1] == (17, 52, "current")
    assert book.entries(since="2023-02").rows[0]["note"] == "as 52"
    form.undo()
    assert entries(book)[-1] == (18, 51, "current")
    form.undo()
    assert [state for *_, state in entries(book) if state == "current"] == []
    assert len(entries(book)) == 6  # three recorded, two corrections back, a withdrawal


def test_nothing_that_was_recorded_before_is_undone(form: Form):
    with pytest.raises(UsageError, match="carbon withdraw"):
        form.undo()


def test_what_somebody_has_corrected_since_is_not_undone(book: Book, form: Form):
    form.record(typed(form, quantity="51"))
    book.correct(14, quantity="55")
    with pytest.raises(LedgerError, match="already corrected by entry 15"):
        form.undo()
    assert form.done == []
    assert entries(book)[-1] == (15, 55, "current")


def test_an_undoing_that_is_refused_can_be_tried_again(book: Book, form: Form, monkeypatch):
    monkeypatch.setattr("carbon.ledger.LOCK_TIMEOUT", 0.05)
    form.record(typed(form, quantity="51"))
    with Ledger.open(book.folder / "ledger.duckdb"), pytest.raises(CarbonError, match="in-use"):
        form.undo()
    form.undo()
    assert entries(book)[0] == (14, 51, "withdrawn")
