"""Two ways to the same answer agree to the last digit, and both engines keep to the glossary."""

from __future__ import annotations

import functools
from calendar import monthrange
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from conftest import columns_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbon import inputs, library, pipeline
from carbon import settings as book_settings
from carbon.engine import Duck, connect, sql_text
from carbon.fusion import Fusion
from carbon.ledger import Ledger, create_tables
from carbon.records import Activity, Instrument
from carbon.schema import CALCULATED, FOREVER
from carbon.units import conversion, decimal_factor

D = Decimal
QUICK = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
BOOK = """
[organisation]
name = "Two sites"
consolidation = "equity share"
[[site]]
name = "tower"
region = "CN-SH"
share = 0.6
[[site.meter]]
name = "part"
role = "sub_meter"
[[site]]
name = "plant"
region = "CN-ZJ"
pv_certificates = "sold"
"""
SAID = book_settings.read(BOOK)
VIEWS = inputs.Views(inputs.View(SAID, date(2026, 1, 1)))
UNITS = {
    (activity, unit): (canonical, decimal_factor(factor))
    for activity, units, allowed in (
        ("electricity", ("kWh", "MWh"), ("kWh",)),
        ("pv_generation", ("kWh",), ("kWh",)),
        ("natural_gas", ("m3", "10^4 m3"), ("m3",)),
        ("diesel", ("kg",), ("kg",)),
    )
    for unit in units
    for canonical, factor in [conversion(unit, allowed)]
}
CERTIFICATES = [
    Instrument(name, "GEC", "CN", D(energy), 2023, 2023, site, date(2023, 12, 31))
    for name, energy, site in (
        ("gec-1", "333.333333", ""),
        ("gec-2", "100", ""),
        ("own", "77.7", "tower"),
    )
]


@functools.cache
def known():
    return library.load()


def bill(month, quantity, site="tower", activity="electricity", until=None, unit=None):
    """A bill for a month of 2023, or until the end of a later one."""
    units = {"electricity": "MWh", "natural_gas": "10^4 m3", "pv_generation": "kWh"}
    last = until or month
    return Activity(
        site=site,
        activity=activity,
        start_on=date(2023, month, 1),
        end_on=date(2023, last, monthrange(2023, last)[1]),
        quantity=D(quantity),
        unit=unit or units.get(activity, "kg"),
    )


YEAR = [
    *(bill(month, f"0.14{month}") for month in range(1, 13)),
    *(bill(month, f"{month}.125", "plant") for month in range(1, 12)),
    bill(2, "33333.333333", "plant", "pv_generation"),
    bill(1, "1.234567", "plant", "natural_gas", until=5),
    bill(7, "12.5", "tower", "diesel"),
]


BLENDED = [(1, "tower", "", "diesel", "B20")]  # a key that names a blend


def recorded(*batches):
    """A ledger in memory that holds the batches."""
    con = connect()
    create_tables(con)
    ledger = Ledger(con)
    for number, batch in enumerate(batches):
        ledger.append(batch, UNITS, by="ada", file=f"{number}.csv", again=True)
    return ledger


# R-410A, 40 kg, charged by its maker in 2020; 1 % leaks at first, 15 % a year, 5 % at the end.
CHILLER = ("chiller", "tower", "R-410A", D(40), "factory", 202001, 0, FOREVER, 202001, FOREVER)
CHILLER += (False, D("0.01"), D("0.15"), D("0.05"), True, True, True, "", 190001, FOREVER)


def computed(engine, ledger):
    """Derive every relation of a ledger on an engine."""
    lib, actual = known(), inputs.ACTUAL
    sites = inputs.site(VIEWS, lib)
    for name in ("batch", "entry", "entry_month", "entry_key", "reading_set", "reading_day"):
        engine.load(name, ledger.con.execute(f"select * from {name}").fetchall())
    keys = ledger.con.execute("select * from entry_key order by key_id").fetchall()
    pipeline.read_ledger(
        engine,
        {
            "run_option": inputs.run_option(SAID, ledger.last_batch, date(2026, 1, 1)),
            "month": list(inputs.month(SAID, ledger.last_batch)),
            "factor_month": list(inputs.factor_month(SAID, {row[4] for row in sites})),
            "closed_choice": [],
            "closed_total": [],
            "closed_loss": [],
            "loss_share": [],
            "site": sites,
            "meter": inputs.meter(VIEWS),
            "meter_area": inputs.meter_area(SAID),
            "meter_part": inputs.meter_part(VIEWS, keys),
            "meter_term": inputs.meter_term(VIEWS, keys),
            "pv_term": inputs.pv_term(VIEWS),
            "method": inputs.method(lib),
            "fuel_part": inputs.fuel_part(VIEWS, lib, BLENDED),
            "region_path": inputs.region_path(VIEWS, lib),
            "policy": inputs.policy(VIEWS, lib),
            "activity_key": keys,
            "metered_bill": inputs.metered_bill(ledger, ledger.last_batch),
            "expected_key": [],
            **inputs.refrigerants(ledger, VIEWS, lib, ledger.last_batch, {}),
            "service_event": [("chiller", "tower", "R-410A", "top-up", 202305, D("1.5"))],
            "appliance": [CHILLER],
        },
        lambda: {"fill": [], "fill_term": [], "closed_fill": []},
    )
    pipeline.compute(
        engine,
        {
            "scenario": [(actual, "", True, 0)],
            "topic_taken": inputs.topic_taken(VIEWS, lib, keys),
            "plan_load": [],
            "plan_index": [],
            "plan_addition": [],
            "plan_leak": [],
            "factor_set": inputs.factor_set(SAID, lib, CERTIFICATES, ()),
            "instrument_input": inputs.instrument_input(VIEWS, lib, {actual: CERTIFICATES}),
            "instrument_criterion": inputs.instrument_criterion(VIEWS, lib, {actual: CERTIFICATES}),
            "instrument_allocation": inputs.instrument_allocation({actual: CERTIFICATES}),
            "matching_month": inputs.matching_month(VIEWS),
            "hour_share": (),
        },
        inputs.coefficient_rows(lib, SAID.policy.gwp, CERTIFICATES, ()),
    )
    return engine


def duck(*batches, threads=1):
    con = connect()
    con.execute(f"set threads = {threads}")
    return computed(Duck(con), recorded(*batches))


def rows(engine, name):
    """All rows of a relation, in an order of their own."""
    columns = ", ".join(CALCULATED[name].columns)
    return sorted(engine.rows(f"select {columns} from {name}"), key=repr)


def totals(engine):
    return rows(engine, "total")


quantities = st.decimals(min_value=0, max_value=1000, places=3)
bills = st.lists(
    st.builds(
        bill,
        st.integers(1, 11),
        quantities,
        st.sampled_from(["tower", "plant"]),
        st.sampled_from(["electricity", "natural_gas", "pv_generation"]),
    ),
    min_size=1,
    max_size=12,
)


def halves(record, part):
    """A record as two that say the same together."""
    first = (record.quantity * part).quantize(D("0.001"))
    return [_of(record, first), _of(record, record.quantity - first)]


def _of(record, quantity, unit=None):
    return replace(record, quantity=quantity, unit=unit or record.unit)


SMALLER = {"MWh": ("kWh", 1000), "10^4 m3": ("m3", 10000)}


def restated(record):
    """A record in a smaller unit."""
    unit, factor = SMALLER.get(record.unit, (record.unit, 1))
    return _of(record, record.quantity * factor, unit)


def test_the_computation_the_properties_are_tried_on_is_not_empty():
    engine = duck(YEAR)
    found = {(row[3], row[4]) for row in totals(engine)}
    assert {("all", "scope1"), ("location", "scope2"), ("market", "scope2")} <= found
    assert engine.rows("select distinct instrument_id from covered_month order by 1") == [
        ("gec-1",),
        ("gec-2",),
        ("own",),
    ]
    told = {"pv_balance", "delivery_without_loss"}  # no export meter; nobody prints China's losses
    found = {name for name in pipeline.CHECKS if pipeline.check(engine, name)}
    assert found == told


def test_totals_are_what_emissions_add_up_to(engine):
    made = computed(engine, recorded(YEAR))
    by = "scenario, reporting_year, site, accounting, line, category, gas"
    summed = made.rows(f"select {by}, sum(mass_g), sum(co2e_g) from emission group by {by}")
    assert sorted(summed) == sorted(made.rows(f"select {by}, mass_g, co2e_g from total"))


def test_a_defined_relation_is_worked_out_once_it_is_asked_for():
    engine = duck(YEAR)
    kept = "select count(*) from duckdb_tables() where table_name = 'flow'"
    before = engine.con.execute(kept).fetchall()
    found = engine.rows("select count(*) from flow")
    after = engine.con.execute(kept).fetchall()
    assert (before, after) == ([(0,)], [(1,)])
    assert engine.rows("select count(*) from flow") == found != [(0,)]


def test_a_second_calculation_on_a_connection_takes_the_place_of_the_first():
    ledger = recorded(YEAR)
    first = computed(Duck(ledger.con), ledger)
    told = totals(first)
    rows(first, "emission")
    assert totals(computed(Duck(ledger.con), ledger)) == told
    assert totals(computed(first, ledger)) == told


@QUICK
@given(bills, st.decimals(min_value=0, max_value=1, places=2))
def test_entries_split_in_two_give_the_same_totals(records, part):
    split = [half for record in records for half in halves(record, part)]
    assert totals(duck(YEAR + split)) == totals(duck(YEAR + records))


def test_a_bill_over_several_months_split_in_two_gives_the_same_totals():
    split = [half for record in YEAR for half in halves(record, D("0.37"))]
    assert totals(duck(split)) == totals(duck(YEAR))


@QUICK
@given(bills)
def test_quantities_restated_in_another_unit_give_the_same_totals(records):
    assert totals(duck([restated(each) for each in records])) == totals(duck(records))


@QUICK
@given(bills, st.randoms(use_true_random=False))
def test_files_and_rows_in_another_order_give_the_same_totals(records, random):
    first, every = YEAR + records, YEAR + records
    every = random.sample(every, len(every))
    cut = random.randint(0, len(every))
    assert totals(duck(every[cut:], every[:cut])) == totals(duck(first))


@QUICK
@given(bills)
def test_both_engines_derive_the_same_rows_of_every_relation(records):
    ledger = recorded(YEAR + records)
    one, other = computed(Duck(connect()), ledger), computed(Fusion(), ledger)
    for name in CALCULATED:
        assert rows(one, name) == rows(other, name), name
    for name in pipeline.CHECKS:
        assert sorted(pipeline.check(one, name)) == sorted(pipeline.check(other, name)), name


def test_both_engines_trace_the_same_entries():
    ledger = recorded(YEAR)
    traced = [
        sorted(computed(engine, ledger).rows(sql_text("trace")), key=repr)
        for engine in (Duck(connect()), Fusion())
    ]
    assert traced[0] == traced[1]
    assert traced[0]


def test_one_thread_or_two_give_the_same_totals():
    made = """
        create temp table year_flow as
        select 'actual' as scenario, 2023 as reporting_year, 'hq' as site, 'all' as accounting,
            'scope1' as line, 'fuel' as category, 'fuel' as topic, 'hq' as place, '' as policy,
            2023 as factor_year, 'kg' as unit, cast(1 as decimal(13, 12)) as share,
            cast(1 as decimal(13, 12)) as part,
            cast(n + 0.000001 as decimal(17, 6)) as quantity
        from range(300000) as r(n)
    """
    choice = ("actual", "fuel", "hq", "", 2023, "all", "s", "exact", 0, 0, "site", 0)
    mass, co2e = D("0.000000123457"), D("12.345678901234")
    found = []
    for threads in (1, 2):
        con = connect()
        con.execute(f"set threads = {threads}")
        con.execute(made)
        engine = Duck(con)
        engine.load("closed_total", [])
        engine.load("factor_choice", [choice])
        engine.load("coefficient", [("s", "kg", D(1), D(1), "CO2", mass, co2e, True)])
        found.append(engine.rows(sql_text("total")))
    # the sum of 0 to 299,999 is 44,999,850,000, and 300,000 millionths are 0.3
    whole = 44_999_850_000 + D("0.3")
    assert found[0] == found[1]
    assert found[0][0][-2:] == (whole * mass, whole * co2e)
    assert totals(duck(YEAR, threads=2)) == totals(duck(YEAR, threads=1))


def test_market_based_electricity_is_the_boundarys_share_of_the_import_covered_and_uncovered():
    engine = duck(YEAR)
    [(location,)] = engine.rows(
        "select sum(round(quantity * share, 6)) from flow"
        " where accounting = 'location' and line = 'scope2'"
    )
    [(market,)] = engine.rows(
        "select sum(quantity) from flow where accounting = 'market' and line = 'scope2'"
        " and activity = 'electricity'"
    )
    assert market == location
    assert engine.rows("select * from flow where quantity < 0") == []


def test_certificates_used_and_refused_close_to_what_was_bought():
    [(used, refused)] = duck(YEAR).rows(
        "select sum(used_kwh), sum(refused_kwh) from instrument_use"
    )
    assert used + refused == sum(each.energy_kwh for each in CERTIFICATES)


def test_a_set_of_low_confidence_is_offered_only_where_the_settings_name_it():
    low = [each for each in known().sets.values() if each.confidence == "low"]
    offered = {row[0] for row in inputs.factor_set(SAID, known(), (), ())}
    assert not offered & {each.set_id for each in low}
    grid = next(each.set_id for each in low if each.family == "electricity")
    named = book_settings.read(BOOK + f"[policy.electricity]\nCN = 'set:{grid}'\n[policy.fuel]\n")
    assert grid in {row[0] for row in inputs.factor_set(named, known(), (), ())}


# The glossary


@pytest.mark.parametrize("engine", ["duckdb", "datafusion"])
def test_a_derived_relation_has_the_columns_and_decimals_of_the_glossary(engine):
    made = computed(Duck(connect()) if engine == "duckdb" else Fusion(), recorded(YEAR))
    for name, relation in CALCULATED.items():
        found = columns_of(made, name)
        assert list(found) == list(relation.columns), name
        for column, kind in relation.columns.items():
            if kind.startswith("decimal") or found[column].startswith("decimal"):
                assert found[column] == kind, f"{name}.{column}"


def test_no_derived_column_is_null():
    engine = duck(YEAR)
    for name, relation in CALCULATED.items():
        empty = " or ".join(f"{column} is null" for column in relation.columns)
        assert engine.rows(f"select * from {name} where {empty}") == [], name


@pytest.mark.parametrize("kind", ["duckdb", "datafusion"])
def test_decimals_are_loaded_and_read_exactly(kind):
    engine = Duck(connect()) if kind == "duckdb" else Fusion()
    exact = [D("99999999999.999999"), D("-0.000001"), D("0.100000")]
    engine.load("service_event", [("e", "s", "r", "k", 1, value) for value in exact])
    assert sorted(engine.rows("select mass_kg from service_event")) == sorted((v,) for v in exact)


@pytest.mark.parametrize("kind", ["duckdb", "datafusion"])
def test_loading_again_replaces_what_there_was(kind):
    engine = Duck(connect()) if kind == "duckdb" else Fusion()
    engine.load("scenario", [("path", "path", False, 0), ("actual", "", True, 0)])
    engine.load("scenario", [])
    assert engine.rows("select scenario from scenario") == []
