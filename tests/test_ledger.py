"""The ledger only grows, knows what it holds already, and records a batch whole or not at all."""

from __future__ import annotations

import multiprocessing
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon import ledger as ledger_module
from carbon.engine import connect, sql_text
from carbon.errors import LedgerError
from carbon.fusion import Fusion
from carbon.ledger import BATCH_INPUT, Ledger, create_tables, month_shares
from carbon.records import Activity, Claim, Credit, Denominator, Equipment, Instrument, Service
from carbon.schema import LEDGER, RELATIONS

UNITS = {
    ("electricity", "kWh"): ("kWh", Decimal(1)),
    ("electricity", "MWh"): ("kWh", Decimal(1000)),
    ("natural_gas", "m3"): ("m3", Decimal(1)),
    ("natural_gas", "10^4 m3"): ("m3", Decimal(10000)),
}
NOON = datetime(2024, 1, 15, 12)


@pytest.fixture
def ledger():
    con = connect()
    create_tables(con)
    yield Ledger(con)
    con.close()


def bill(month, quantity, **other):
    """A month of electricity at the plant. [kWh]"""
    start_on = date(2023, month, 1)
    following = (start_on + timedelta(days=31)).replace(day=1)
    said = {
        "site": "plant",
        "activity": "electricity",
        "start_on": start_on,
        "end_on": following - timedelta(days=1),
        "quantity": Decimal(quantity),
        "unit": "kWh",
        "row": month + 1,
    }
    return Activity(**(said | other))


def certificate(name, **other):
    said = {
        "kind": "gec",
        "market": "CN",
        "energy_kwh": Decimal(4500),
        "vintage_year": 2023,
        "claim_year": 2023,
        "retired_on": date(2024, 3, 1),
        "row": 2,
    }
    return Instrument(name, **(said | other))


def add(ledger, *bills, **other):
    return ledger.append(list(bills), UNITS, by="ada", recorded_at=NOON, **other)


def put(ledger, table, *rows, **other):
    return ledger.record(table, list(rows), by="ada", recorded_at=NOON, **other)


def current(ledger, **other):
    """Month and quantity of the entries that count."""
    return [(each["start_on"].month, each["quantity"]) for each in ledger.entries(**other)]


def months(ledger):
    rows = ledger.con.execute(
        "select month, unit, quantity from entry_month order by entry_id, month"
    )
    return rows.fetchall()


def contents(ledger):
    """Every row of every table."""
    return {
        name: sorted(ledger.con.execute(f"select * from {name}").fetchall(), key=repr)
        for name in LEDGER
    }


# Growing sheets


def test_a_batch_says_who_when_and_from_which_file(ledger):
    outcome = add(ledger, bill(1, 100), file="power.csv", digest="abc", note="first")
    assert (outcome.batch_id, outcome.recorded, outcome.entry_ids) == (1, 1, [1])
    assert ledger.con.execute("select * from batch").fetchall() == [
        (1, "import", "power.csv", "abc", NOON, "ada", "first")
    ]
    entry = ledger.entry(1)
    assert (entry["file"], entry["row"], entry["recorded_by"]) == ("power.csv", 2, "ada")


def test_the_same_rows_again_add_nothing(ledger):
    add(ledger, bill(1, 100), bill(2, 110))
    before = contents(ledger)
    outcome = add(ledger, bill(1, 100), bill(2, 110))
    assert (outcome.batch_id, outcome.recorded, outcome.known, outcome.offered) == (0, 0, 2, [])
    assert contents(ledger) == before


def test_trailing_zeros_do_not_make_another_row(ledger):
    add(ledger, bill(1, "100.5"))
    assert add(ledger, bill(1, "100.500")).known == 1


def test_a_growing_sheet_adds_only_its_new_rows(ledger):
    add(ledger, bill(1, 100))
    outcome = add(ledger, bill(1, 100), bill(2, 110))
    assert (outcome.recorded, outcome.known) == (1, 1)
    assert current(ledger) == [(1, 100), (2, 110)]


def test_a_changed_quantity_is_offered_and_not_added(ledger):
    add(ledger, bill(1, 100), bill(2, 110))
    outcome = add(ledger, bill(1, 100), bill(2, 115))
    assert (outcome.batch_id, outcome.recorded, outcome.known) == (0, 0, 1)
    offer = outcome.offered[0]
    assert (offer.row, offer.entry_id, offer.old_quantity, offer.old_unit) == (3, 2, 110, "kWh")
    assert str(offer) == (
        "row 3: 2023-02-01 to 2023-02-28 | plant | electricity: "
        "entry 2 says 110 kWh, the row says 115 kWh"
    )
    assert current(ledger) == [(1, 100), (2, 110)]


def test_another_unit_for_the_same_period_is_offered_and_not_added(ledger):
    add(ledger, bill(1, 100))
    outcome = add(ledger, bill(1, "0.1", unit="MWh"))
    assert (outcome.recorded, len(outcome.offered)) == (0, 1)


def test_accepted_corrections_supersede_what_they_correct(ledger):
    add(ledger, bill(1, 100), bill(2, 110))
    outcome = add(ledger, bill(1, 100), bill(2, 115), bill(3, 120), accept_corrections=True)
    assert (outcome.recorded, outcome.known, outcome.corrected) == (1, 1, 1)
    assert outcome.offered == []
    assert current(ledger) == [(1, 100), (2, 115), (3, 120)]
    assert [
        (each["entry_id"], each["kind"], each["supersedes"], each["chain_id"], each["state"])
        for each in ledger.entries(all=True)
    ] == [
        (1, "record", 0, 1, "current"),
        (2, "record", 0, 2, "superseded"),
        (3, "correction", 2, 2, "current"),
        (4, "record", 0, 4, "current"),
    ]


def test_identical_bills_in_one_file_are_two_entries_and_stay_two(ledger):
    add(ledger, bill(1, 100, row=2), bill(1, 100, row=3), bill(1, 70, row=4))
    again = add(ledger, bill(1, 70, row=2), bill(1, 100, row=3), bill(1, 100, row=4))
    assert (again.known, again.recorded, again.offered) == (3, 0, [])
    third = add(ledger, *[bill(1, 100, row=row) for row in (2, 3, 4)], bill(1, 70, row=5))
    assert (third.known, third.recorded, third.offered) == (3, 1, [])
    identities = ledger.con.execute("select count(distinct identity) from entry").fetchall()
    assert identities == [(4,)]


def test_changed_rows_of_one_period_pair_up_by_quantity_in_any_order(ledger):
    add(ledger, bill(1, 10), bill(1, 500), bill(1, 40))
    offered = add(ledger, bill(1, 505), bill(1, 40), bill(1, 11)).offered
    assert {(offer.old_quantity, offer.new.quantity) for offer in offered} == {(10, 11), (500, 505)}


def test_another_meter_detail_or_period_is_another_row(ledger):
    add(ledger, bill(1, 100, meter="m1", detail="peak"))
    outcome = add(
        ledger,
        bill(1, 100, meter="m2", detail="peak"),
        bill(1, 100, meter="m1", detail="valley"),
        bill(1, 100, meter="m1", detail="peak", end_on=date(2023, 1, 30)),
    )
    assert (outcome.recorded, outcome.known, outcome.offered) == (3, 0, [])


def test_a_row_logged_again_stands_beside_the_first(ledger):
    add(ledger, bill(1, 100))
    outcome = add(ledger, bill(1, 100), bill(1, 60), again=True)
    assert (outcome.recorded, outcome.known, outcome.offered) == (2, 0, [])
    assert sorted(current(ledger)) == [(1, 60), (1, 100), (1, 100)]


def test_a_key_is_numbered_once(ledger):
    add(ledger, bill(1, 100), bill(1, 7, activity="natural_gas", unit="m3"))
    add(ledger, bill(2, 100), bill(2, 5, site="office"))
    assert ledger.con.execute("select * from entry_key order by key_id").fetchall() == [
        (1, "plant", "", "electricity", ""),
        (2, "plant", "", "natural_gas", ""),
        (3, "office", "", "electricity", ""),
    ]


@given(st.lists(st.sampled_from([1, 2, 3]), max_size=8), st.randoms())
@settings(max_examples=15, deadline=None)
def test_rows_imported_in_any_order_and_in_parts_are_recorded_once(quantities, random):
    with connect() as con:
        create_tables(con)
        ledger = Ledger(con)
        rows = [bill(quantity, quantity) for quantity in quantities]
        add(ledger, *rows[: len(rows) // 2])
        random.shuffle(rows)
        add(ledger, *rows)
        assert sorted(current(ledger)) == sorted((each, each) for each in quantities)


# All or nothing


def test_an_interrupted_batch_leaves_the_ledger_as_it_was(ledger, monkeypatch):
    add(ledger, bill(1, 100))
    before = contents(ledger)

    def interrupted(name):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(ledger_module, "sql_text", interrupted)
        add(ledger, bill(2, 110, site="office"))
    assert contents(ledger) == before
    assert add(ledger, bill(2, 110)).recorded == 1


def test_a_fault_of_the_engine_is_told_and_leaves_the_ledger_as_it_was(ledger, monkeypatch):
    before = contents(ledger)
    with monkeypatch.context() as patch, pytest.raises(LedgerError) as refused:
        patch.setattr(ledger_module, "sql_text", lambda name: "select * from no_such_table")
        add(ledger, bill(1, 100))
    assert refused.value.code == "not-recorded"
    assert "no_such_table" in refused.value.where
    assert contents(ledger) == before


def test_a_quantity_too_large_for_the_canonical_unit_is_refused(ledger):
    largest = Decimal("99999999999.999999")  # eleven digits: decimal(17, 6)
    with pytest.raises(LedgerError) as refused:
        add(ledger, bill(1, 100), bill(2, largest, unit="MWh"), file="power.csv")
    assert str(refused.value) == (
        "error[quantity-too-large]: 99999999999.999999 MWh is too large "
        "to be counted exactly in kWh\n"
        "  power.csv, row 3\n"
        "  2023-02-01 to 2023-02-28 | plant | electricity | 99999999999.999999 MWh\n"
        "  To fix: look whether the unit is right; else enter the period in several parts"
    )
    assert ledger.last_batch == 0
    add(ledger, bill(2, largest))
    assert months(ledger) == [(202302, "kWh", largest)]


@pytest.mark.parametrize(
    ("quantity", "told"),
    [
        ("1e11", "too large"),
        ("-1e300", "too large"),
        ("0.0000001", "more than 6 decimals"),
        ("NaN", "not a number"),
        ("-Infinity", "not a number"),
    ],
)
def test_a_quantity_that_cannot_be_stored_exactly_is_refused(ledger, quantity, told):
    with pytest.raises(LedgerError, match=told):
        add(ledger, bill(1, quantity))


def test_a_unit_without_a_conversion_is_refused(ledger):
    with pytest.raises(LedgerError, match="electricity is not counted in 'm3'"):
        add(ledger, bill(1, 100, unit="m3"))


def test_a_conversion_that_is_not_exact_is_refused(ledger):
    units = {("electricity", "kWh"): ("kWh", Decimal("0.3333333333333"))}
    with pytest.raises(LedgerError, match="of 'kWh' is not exact"):
        ledger.append([bill(1, 100)], units, by="ada")


def test_a_period_that_ends_before_it_starts_is_refused(ledger):
    with pytest.raises(LedgerError, match="ends before it starts"):
        add(ledger, bill(1, 100, end_on=date(2022, 12, 31)))


# Months


def test_an_entry_within_one_month_is_converted_and_rounded_once_half_away_from_zero(ledger):
    gas = {("natural_gas", "ft3"): ("m3", Decimal("0.0283168466"))}
    rows = [
        bill(1, "1.5", activity="natural_gas", unit="ft3"),  # 0.0424752699
        bill(2, "-1.25", activity="natural_gas", unit="ft3"),  # -0.03539605825
        bill(3, "5", activity="natural_gas", unit="ft3", quality="estimated"),  # 0.141584233
    ]
    ledger.append(rows, gas, by="ada")
    assert ledger.con.execute("select * from entry_month order by entry_id").fetchall() == [
        (1, 1, 1, 202301, "m3", Decimal("0.042475"), False, False),
        (2, 1, 1, 202302, "m3", Decimal("-0.035396"), False, False),
        (3, 1, 1, 202303, "m3", Decimal("0.141584"), True, False),
    ]


def test_a_tie_is_rounded_away_from_zero(ledger):
    half = {("electricity", "half"): ("kWh", Decimal("0.5"))}
    rows = [bill(1, "0.000001", unit="half"), bill(2, "-0.000001", unit="half")]
    ledger.append(rows, half, by="ada")
    assert months(ledger) == [
        (202301, "kWh", Decimal("0.000001")),
        (202302, "kWh", Decimal("-0.000001")),
    ]


def test_a_bill_over_two_months_is_split_by_days(ledger):
    """21 January to 9 February: 11 and 9 days of 20."""
    add(ledger, bill(1, 100, start_on=date(2023, 1, 21), end_on=date(2023, 2, 9)))
    assert months(ledger) == [(202301, "kWh", 55), (202302, "kWh", 45)]
    assert ledger.con.execute("select distinct is_split from entry_month").fetchall() == [(True,)]


def test_a_leap_year_has_its_29th_of_february():
    assert [part[0] for part in month_shares(date(2024, 1, 1), date(2024, 12, 31))] == [
        202400 + month for month in range(1, 13)
    ]
    february = month_shares(date(2024, 2, 1), date(2024, 3, 1))[0]
    assert february[2] == Decimal("0.966666666666")  # 29 of 30 days, rounded down


PERIODS = st.tuples(
    st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(min_value=0, max_value=800)
)
QUANTITIES = st.decimals(
    min_value=Decimal("-99999999.999999"), max_value=Decimal("99999999.999999"), places=6
)
FACTORS = st.decimals(min_value=Decimal("1e-12"), max_value=Decimal(900), places=12)


@given(PERIODS)
def test_the_shares_of_a_period_follow_on_and_end_at_one(period):
    first, days = period
    parts = month_shares(first, first + timedelta(days=days))
    assert parts[0][1] == 0
    assert parts[-1][2] == 1
    assert [part[1] for part in parts[1:]] == [part[2] for part in parts[:-1]]
    assert all(part[1] < part[2] for part in parts)


@given(st.lists(st.tuples(PERIODS, QUANTITIES), min_size=1, max_size=20), FACTORS)
@settings(max_examples=15, deadline=None)
def test_the_parts_of_a_split_add_up_to_the_rounded_whole(bills, factor):
    with connect() as con:
        create_tables(con)
        rows = [
            bill(1, quantity, start_on=first, end_on=first + timedelta(days=days), row=row)
            for row, ((first, days), quantity) in enumerate(bills, start=2)
        ]
        Ledger(con).append(rows, {("electricity", "kWh"): ("kWh", factor)}, by="ada", again=True)
        sums = con.execute(
            "select sum(quantity) from entry_month group by entry_id order by entry_id"
        ).fetchall()
    wholes = [_rounded(row.quantity * factor) for row in rows]
    assert [total for (total,) in sums] == wholes


def _rounded(value):
    return value.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def test_the_second_engine_gives_the_same_months(ledger, monkeypatch):
    long = {"start_on": date(2022, 11, 17), "end_on": date(2023, 4, 3)}
    add(
        ledger,
        bill(1, "-123456.789012", **long),
        bill(2, "98765432.100001", unit="MWh", quality="estimated"),
        bill(3, "0.000007", activity="natural_gas", unit="10^4 m3", **long),
    )
    fusion = Fusion()
    for name, relation in BATCH_INPUT.items():
        monkeypatch.setitem(RELATIONS, name, relation)
        fusion.load(name, ledger.con.execute(f"select * from {name}").fetchall())
    fusion.derive("entry_month", sql_text("entry_month"))
    columns = ", ".join(LEDGER["entry_month"].columns)
    query = f"select {columns} from entry_month order by entry_id, month"
    assert fusion.rows(query) == ledger.con.execute(query).fetchall()


# Corrections and withdrawals


def test_a_correction_supersedes_and_a_second_one_extends_the_chain(ledger):
    add(ledger, bill(1, 100))
    ledger.correct(1, bill(1, 90), UNITS, by="bo", note="misread", recorded_at=NOON)
    ledger.correct(2, bill(1, 95), UNITS, by="bo", note="misread again", recorded_at=NOON)
    assert [
        (each["entry_id"], each["supersedes"], each["chain_id"], each["state"])
        for each in ledger.entries(all=True)
    ] == [(1, 0, 1, "superseded"), (2, 1, 1, "superseded"), (3, 2, 1, "current")]
    assert ledger.entry(3)["batch_note"] == "misread again"


def test_a_cut_off_shows_the_ledger_as_it_stood(ledger):
    add(ledger, bill(1, 100))
    ledger.correct(1, bill(1, 90), UNITS, by="bo", note="misread")
    ledger.withdraw(2, by="bo", note="another company's bill")
    assert [current(ledger, cut_off=batch) for batch in (0, 1, 2, 3)] == [
        [],
        [(1, 100)],
        [(1, 90)],
        [],
    ]
    assert [each["state"] for each in ledger.entries(all=True)] == [
        "superseded",
        "withdrawn",
        "withdrawal",
    ]


def test_the_calculation_counts_the_same_entries_at_every_cut_off(ledger):
    add(ledger, bill(1, 100), bill(2, 110), bill(3, 120))
    ledger.correct(1, bill(1, 90), UNITS, by="bo", note="misread")
    ledger.withdraw(2, by="bo", note="not ours")
    ledger.correct(4, bill(4, 80), UNITS, by="bo", note="it was April")
    ledger.withdraw(6, by="bo", note="not ours either")
    add(ledger, bill(1, 100))
    for cut_off in range(ledger.last_batch + 1):
        ledger.con.execute(f"create or replace temp table month as select {cut_off} as cut_off")
        counted = ledger.con.execute(
            f"""
            select e.entry_id from entry as e
            left join ({sql_text("superseded_entry")}) as s on s.entry_id = e.entry_id
            where s.entry_id is null and e.batch_id <= {cut_off} order by 1
            """
        ).fetchall()
        shown = [(each["entry_id"],) for each in ledger.entries(cut_off=cut_off)]
        assert counted == shown


def test_a_withdrawal_repeats_the_content_and_has_no_months(ledger):
    add(ledger, bill(1, 100, quality="billed", evidence="bill 7"))
    ledger.withdraw(1, by="bo", note="not ours")
    withdrawal = ledger.entry(2)
    assert (withdrawal["quantity"], withdrawal["evidence"], withdrawal["kind"]) == (
        100,
        "bill 7",
        "withdrawal",
    )
    assert ledger.con.execute("select entry_id from entry_month").fetchall() == [(1,)]


def test_an_entry_that_was_withdrawn_may_be_recorded_anew(ledger):
    add(ledger, bill(1, 100))
    ledger.withdraw(1, by="bo", note="by mistake")
    assert add(ledger, bill(1, 100)).recorded == 1
    assert current(ledger) == [(1, 100)]


def test_a_missing_entry_is_neither_corrected_nor_withdrawn(ledger):
    add(ledger, bill(1, 100))
    with pytest.raises(LedgerError) as refused:
        ledger.withdraw(7, by="bo", note="")
    assert str(refused.value) == (
        "error[no-entry]: there is no entry 7\n"
        "  Looked for entries 1 to 1.\n"
        "  To fix: `carbon entries` lists them"
    )
    with pytest.raises(LedgerError, match="there is no entry 7"):
        ledger.correct(7, bill(1, 90), UNITS, by="bo", note="")


def test_a_superseded_entry_names_its_successor(ledger):
    add(ledger, bill(1, 100))
    ledger.correct(1, bill(1, 90), UNITS, by="bo", note="misread")
    for change in (
        lambda: ledger.correct(1, bill(1, 80), UNITS, by="bo", note=""),
        lambda: ledger.withdraw(1, by="bo", note=""),
    ):
        with pytest.raises(LedgerError, match="already corrected by entry 2") as refused:
            change()
        assert refused.value.remedy == "correct or withdraw entry 2 instead"


def test_a_second_withdrawal_is_refused(ledger):
    add(ledger, bill(1, 100))
    ledger.withdraw(1, by="bo", note="not ours")
    with pytest.raises(LedgerError, match="entry 1 was already withdrawn by entry 2"):
        ledger.withdraw(1, by="bo", note="")
    with pytest.raises(LedgerError, match="entry 2 is itself a withdrawal, of entry 1"):
        ledger.correct(2, bill(1, 90), UNITS, by="bo", note="")


def test_a_correction_that_changes_nothing_is_refused(ledger):
    add(ledger, bill(1, 100), file="power.csv")
    with pytest.raises(LedgerError) as refused:
        ledger.correct(1, bill(1, 100), UNITS, by="bo", note="")
    assert refused.value.code == "nothing-to-correct"
    assert refused.value.where.startswith("power.csv, row 2")
    ledger.correct(1, bill(1, 100, quality="metered"), UNITS, by="bo", note="")
    assert ledger.entry(2)["quality"] == "metered"


def test_entries_are_found_by_site_activity_meter_and_month(ledger):
    add(
        ledger,
        bill(1, 1, site="office", meter="m1"),
        bill(2, 2, end_on=date(2023, 4, 30)),
        bill(5, 3, activity="natural_gas", unit="m3"),
    )
    found = {
        "site": current(ledger, site="office"),
        "activity": current(ledger, activity="natural_gas"),
        "meter": current(ledger, meter="m1"),
        "month": current(ledger, since=202303, until=202303),
        "since": current(ledger, since=202304),
        "until": current(ledger, until=202301),
    }
    assert found == {
        "site": [(1, 1)],
        "activity": [(5, 3)],
        "meter": [(1, 1)],
        "month": [(2, 2)],
        "since": [(2, 2), (5, 3)],
        "until": [(1, 1)],
    }


# Certificates, credits, denominators, equipment and service events

ONE_OF_EACH = {
    "instrument": certificate("GEC-1", factor_g_per_kwh=Decimal("0.000000000001")),
    "claim": Claim("S-1", "substitution", 2023, Decimal("12.5"), "metro for taxi", evidence="log"),
    "credit": Credit("C-1", "CCER", "removal", 2023, 2023, Decimal("12.5"), evidence="C-1"),
    "denominator": Denominator("people", 2023, Decimal(5098), "person"),
    "equipment": Equipment("chiller", "plant", "chiller", "R-410A", Decimal(80), date(2019, 5, 1)),
    "service": Service("S-1", "chiller", "top-up", date(2023, 6, 1), Decimal("3.2")),
}


@pytest.mark.parametrize("table", list(ONE_OF_EACH))
def test_a_record_comes_back_as_it_was_written_and_is_recognised(ledger, table):
    row = ONE_OF_EACH[table]
    assert put(ledger, table, row, file="sheet.csv").recorded == 1
    (written,) = ledger.current(table)
    assert {name: written[name] for name in row.__slots__} == {
        name: getattr(row, name) for name in row.__slots__
    }
    assert (written["file"], written["recorded_at"]) == ("sheet.csv", NOON)
    again = put(ledger, table, replace(row, row=9))
    assert (again.batch_id, again.recorded, again.known) == (0, 0, 1)


def test_a_changed_record_is_offered_and_supersedes_when_accepted(ledger):
    put(ledger, "denominator", Denominator("people", 2023, Decimal(5098), "person", row=2))
    change = Denominator("people", 2023, Decimal(5100), "person", row=2)
    offered = put(ledger, "denominator", change)
    assert (offered.batch_id, offered.recorded) == (0, 0)
    assert [str(each) for each in offered.offered] == [
        "row 2: denominator people 2023: quantity '5098' becomes '5100'"
    ]
    accepted = put(ledger, "denominator", change, accept_corrections=True)
    assert (accepted.recorded, accepted.corrected, accepted.offered) == (0, 1, [])
    assert [row["quantity"] for row in ledger.current("denominator")] == [5100]
    assert [row["quantity"] for row in ledger.current("denominator", cut_off=1)] == [5098]


def test_denominators_are_told_apart_by_site_metric_and_period(ledger):
    people = Denominator("people", 2023, Decimal(10), "person")
    others = (
        replace(people, site="plant"),
        replace(people, metric="output"),
        replace(people, period=202301),
    )
    assert put(ledger, "denominator", people, *others).recorded == 4


def test_a_withdrawn_record_is_gone_from_its_batch_on(ledger):
    put(ledger, "instrument", certificate("GEC-1"))
    ledger.withdraw_record("instrument", "GEC-1", by="bo", note="not ours")
    assert ledger.current("instrument") == []
    assert len(ledger.current("instrument", cut_off=1)) == 1
    with pytest.raises(LedgerError, match="no current instrument GEC-1"):
        ledger.withdraw_record("instrument", "GEC-1", by="bo", note="")
    assert put(ledger, "instrument", certificate("GEC-1")).recorded == 1


def test_a_denominator_is_withdrawn_by_site_metric_and_period(ledger):
    put(ledger, "denominator", Denominator("people", 2023, Decimal(10), "person"))
    ledger.withdraw_record("denominator", ("", "people", 2023), by="bo", note="")
    assert ledger.current("denominator") == []


def test_the_same_id_with_different_content_in_one_file_is_refused(ledger):
    rows = [certificate("GEC-1"), certificate("GEC-1", energy_kwh=Decimal(1), row=3)]
    with pytest.raises(LedgerError, match="given twice, with different content") as refused:
        put(ledger, "instrument", *rows, file="gec.csv")
    assert refused.value.where == "gec.csv, row 3\nfirst in row 2"
    assert ledger.last_batch == 0


def test_a_record_with_too_many_decimals_is_refused(ledger):
    with pytest.raises(LedgerError, match=r"energy_kwh 0\.0000001 has more than 6 decimals"):
        put(ledger, "instrument", certificate("GEC-1", energy_kwh=Decimal("1e-7")))


def test_a_certificate_retired_for_one_year_is_refused_for_another(ledger):
    put(ledger, "instrument", certificate("GEC-1"))
    second = certificate("GEC-1", claim_year=2024, row=5)
    with pytest.raises(LedgerError) as refused:
        put(ledger, "instrument", second, file="gec.csv", accept_corrections=True)
    assert str(refused.value) == (
        "error[double-retirement]: instrument GEC-1 was retired already, "
        "for claim_year 2023 and now 2024\n"
        "  gec.csv, row 5\n"
        "  To fix: a certificate counts once; where the first claim was a mistake, "
        "withdraw it before this one is recorded"
    )
    ledger.withdraw_record("instrument", "GEC-1", by="bo", note="wrong year")
    assert put(ledger, "instrument", second).recorded == 1


def test_a_certificate_retired_for_one_company_is_refused_for_another(ledger):
    put(ledger, "instrument", certificate("GEC-1", beneficiary="Us"))
    with pytest.raises(LedgerError, match="beneficiary Us and now Them"):
        put(ledger, "instrument", certificate("GEC-1", beneficiary="Them"))


def test_one_proof_of_retirement_does_not_serve_two_certificates(ledger):
    put(ledger, "instrument", certificate("GEC-1", evidence="retirement 77"))
    with pytest.raises(LedgerError, match="GEC-2 and GEC-1 rest on the same proof") as refused:
        put(ledger, "instrument", certificate("GEC-2", evidence="retirement 77"))
    assert refused.value.code == "double-retirement"
    assert len(ledger.current("instrument")) == 1


def test_one_contract_may_serve_each_year_of_its_vintages(ledger):
    rows = [
        certificate(f"PPA-{year}", evidence="contract 7", vintage_year=year, claim_year=year)
        for year in (2022, 2023)
    ]
    assert put(ledger, "instrument", *rows).recorded == 2


def test_a_credit_is_not_retired_twice_either(ledger):
    credit = Credit("C-1", "CCER", "removal", 2023, 2030, Decimal(5), retired_on=date(2031, 1, 1))
    put(ledger, "credit", credit)
    with pytest.raises(LedgerError, match="claim_year 2030 and now 2031"):
        put(ledger, "credit", replace(credit, claim_year=2031))


# Settings and runs


def test_settings_make_a_new_version_only_when_they_differ(ledger):
    files = {"carbon.toml": "a = 1", "factors/own.csv": "x"}
    assert ledger.settings_version(files, by="ada") == 1
    assert ledger.settings_version(dict(reversed(files.items())), by="bo") == 1
    assert ledger.last_batch == 1
    assert ledger.settings_version(files | {"carbon.toml": "a = 2"}, by="ada") == 2
    assert ledger.settings_version(files, by="ada") == 3
    assert ledger.settings_files(1) == files
    assert ledger.settings_files(2)["carbon.toml"] == "a = 2"


def test_a_file_that_no_version_changed_is_held_once(ledger):
    weather = "x" * 1000
    for text in ("a = 1", "a = 2", "a = 3"):
        ledger.settings_version({"carbon.toml": text, "weather/sun.epw": weather}, by="ada")
    (held,) = ledger.con.execute(
        "select sum(length(text)) from setting_file where path = 'weather/sun.epw'"
    ).fetchone()
    assert held == 1000
    assert [ledger.settings_files(n)["weather/sun.epw"] for n in (1, 2, 3)] == [weather] * 3
    assert ledger.settings_files(2)["carbon.toml"] == "a = 2"


def test_a_file_that_goes_back_to_an_earlier_text_says_it_again(ledger):
    for text in ("a = 1", "a = 2", "a = 1", ""):
        ledger.settings_version({"carbon.toml": text, "b.toml": ""}, by="ada")
    assert [text for text, _ in ledger.said_in("carbon.toml", 3)] == ["a = 1", "a = 2", "a = 1"]
    assert ledger.settings_files(4) == {"carbon.toml": "", "b.toml": ""}


def test_a_missing_version_of_the_settings_is_told(ledger):
    with pytest.raises(LedgerError, match="no version 4 of the settings"):
        ledger.settings_files(4)


def test_a_run_is_written_once_and_named_by_what_fixes_it(ledger):
    add(ledger, bill(1, 100))
    fixed = (1, 1, "library", "own", "0.1.0", date(2024, 5, 1))
    run_id = ledger.run(*fixed, recorded_at=NOON)
    assert ledger.run(*fixed) == run_id
    assert ledger.run(0, *fixed[1:]) != run_id
    assert len(ledger.runs()) == 2
    assert tuple(ledger.run_row(run_id).values()) == (run_id, *fixed, NOON)


def test_a_run_cannot_count_batches_still_to_come(ledger):
    with pytest.raises(LedgerError, match="the newest is batch 0"):
        ledger.run(1, 1, "", "", "", date(2024, 5, 1))


def test_a_missing_run_is_told(ledger):
    with pytest.raises(LedgerError, match="there is no run abc"):
        ledger.run_row("abc")


# Append-only


def test_nothing_is_ever_updated_or_deleted(ledger):
    def grown(act):
        before = contents(ledger)
        act()
        after = contents(ledger)
        assert all(row in after[name] for name, rows in before.items() for row in rows)
        assert sum(map(len, after.values())) > sum(map(len, before.values()))

    grown(lambda: add(ledger, bill(1, 100), bill(2, 100)))
    grown(lambda: add(ledger, bill(1, 101), accept_corrections=True))
    grown(lambda: ledger.correct(3, bill(1, 102), UNITS, by="bo", note=""))
    grown(lambda: ledger.withdraw(4, by="bo", note=""))
    grown(lambda: put(ledger, "instrument", certificate("GEC-1")))
    change = certificate("GEC-1", energy_kwh=Decimal(9))
    grown(lambda: put(ledger, "instrument", change, accept_corrections=True))
    grown(lambda: ledger.withdraw_record("instrument", "GEC-1", by="bo", note=""))
    grown(lambda: ledger.settings_version({"carbon.toml": ""}, by="bo"))
    grown(lambda: ledger.settings_version({"carbon.toml": "a = 1"}, by="bo"))
    grown(lambda: ledger.run(1, 1, "", "", "", date(2024, 5, 1)))


# The file and its lock


def test_what_was_recorded_is_there_when_the_file_is_opened_again(tmp_path):
    path = tmp_path / "ledger.duckdb"
    with Ledger.open(path, create=True) as ledger:
        add(ledger, bill(1, 100))
    with Ledger.open(path) as ledger:
        assert current(ledger) == [(1, 100)]
        assert ledger.last_batch == 1


def test_opening_to_create_leaves_an_old_ledger_as_it_is(tmp_path):
    path = tmp_path / "ledger.duckdb"
    for month in (1, 2):
        with Ledger.open(path, create=True) as ledger:
            add(ledger, bill(month, 100))
            assert ledger.last_batch == month


def test_a_missing_ledger_is_told_and_not_made(tmp_path):
    with pytest.raises(LedgerError) as refused, Ledger.open(tmp_path / "ledger.duckdb"):
        pass
    assert refused.value.code == "no-ledger"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_ledger_is_told(tmp_path):
    text, other = tmp_path / "text.duckdb", tmp_path / "other.duckdb"
    text.write_text("not a database, but long enough to hold a header" * 100)
    with connect(other) as con:
        con.execute("create table entry (entry_id integer)")
    for path in (text, other):
        with pytest.raises(LedgerError) as refused, Ledger.open(path):
            pass
        assert refused.value.code == "not-a-ledger"
    assert "its table batch lacks batch_id" in refused.value.where


def test_a_book_in_use_is_told_after_the_wait(tmp_path, monkeypatch):
    monkeypatch.setattr(ledger_module, "LOCK_TIMEOUT", 0.1)
    path = tmp_path / "ledger.duckdb"
    with Ledger.open(path, create=True):
        with pytest.raises(LedgerError) as refused, Ledger.open(path):
            pass
        assert str(refused.value) == (
            "error[book-in-use]: another program is using this book; "
            "waited 0.1 s for it to finish\n"
            f"  {path}\n"
            "  To fix: close the other command, notebook or program that has the book open, "
            "then try again"
        )
    with Ledger.open(path) as ledger:
        assert ledger.last_batch == 0


def test_the_lock_is_let_go_when_the_block_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(ledger_module, "LOCK_TIMEOUT", 0.1)
    path = tmp_path / "ledger.duckdb"
    with pytest.raises(RuntimeError), Ledger.open(path, create=True):
        raise RuntimeError
    with Ledger.open(path):
        pass


def test_the_lock_is_held_from_before_connecting_until_after_closing(tmp_path, monkeypatch):
    order = []

    @contextmanager
    def held(path):
        order.append("locked")
        yield
        order.append("unlocked")

    class Connection:
        def __init__(self, path):
            order.append("connected")
            self.con = connect(path)

        def __getattr__(self, name):
            return getattr(self.con, name)

        def close(self):
            self.con.close()
            order.append("closed")

    monkeypatch.setattr(ledger_module, "_held", held)
    monkeypatch.setattr(ledger_module, "_connected", Connection)
    with Ledger.open(tmp_path / "ledger.duckdb", create=True):
        pass
    assert order == ["locked", "connected", "closed", "unlocked"]


def test_threads_that_write_by_turns_lose_nothing(tmp_path):
    path = tmp_path / "ledger.duckdb"
    with Ledger.open(path, create=True):
        pass
    writers = [threading.Thread(target=_write_five, args=(path, site)) for site in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert _written(path) == 10


def test_processes_that_write_by_turns_lose_nothing(tmp_path):
    path = tmp_path / "ledger.duckdb"
    with Ledger.open(path, create=True):
        pass
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write_five, args=(path, site)) for site in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert _written(path) == 10


def _write_five(path, site):
    for month in range(1, 6):
        with Ledger.open(path) as ledger:
            add(ledger, bill(month, 100, site=site))


def _written(path):
    with Ledger.open(path) as ledger:
        assert ledger.last_batch == 10
        rows = ledger.con.execute(
            "select count(distinct (site, month)) from entry_month join entry_key using (key_id)"
        )
        return rows.fetchall()[0][0]
