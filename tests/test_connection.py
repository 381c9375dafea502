"""Values reach DuckDB exactly as they are, whichever way they go, and pandas stays out of it."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbon.connection import FIELD, NOTHING
from carbon.engine import connect, insert_rows
from carbon.schema import Relation

CON = connect()
NAMES = Relation("named", "", {"number": "integer", "name": "varchar"})
texts = st.text() | st.sampled_from(
    ["'", "''", "'; drop table named; --", FIELD, NOTHING, "\0", "?"]
)


@settings(deadline=None)
@given(texts, texts)
def test_any_text_comes_back_as_it_went(one, other):
    given_in_order = CON.execute("select ? as one, '?' as sign, ? as other", [one, other])
    assert given_in_order.fetchall() == [(one, "?", other)]
    by_name = CON.execute("select $b, $a, $b", {"a": one, "b": other})
    assert by_name.fetchall() == [(other, one, other)]


@settings(deadline=None)
@given(st.lists(texts | st.none(), min_size=1, max_size=5))
def test_any_rows_are_kept_as_they_are(names):
    CON.execute("create or replace table named (number integer, name varchar)")
    rows = list(enumerate(names))
    insert_rows(CON, NAMES, rows)
    assert CON.execute("select * from named order by number").fetchall() == rows


@pytest.mark.parametrize(
    "value",
    [
        *(True, False, 0, -7, 2**40, Decimal("-0.500"), Decimal("12345678901.123456")),
        *(date(2023, 7, 1), datetime(2023, 7, 1, 4, 5, 6, 789), ["a", "it's"], b"bytes", 1.5),
    ],
)
def test_a_value_of_any_kind_comes_back_as_it_went(value):
    [(found,)] = CON.execute("select ?", [value]).fetchall()
    assert (found, type(found)) == (value, type(value))


digits = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18, places=9
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**127), 2**127 - 1),
    texts,
    digits,
    st.dates(),
    st.datetimes(),
)


@settings(deadline=None)
@given(plain)
def test_any_value_comes_back_in_its_own_type(value):
    [(found, again)] = CON.execute("select ?, $1", [value]).fetchall()
    assert (found, type(found), again) == (value, type(value), value)


@settings(deadline=None)
@given(st.sampled_from([texts, digits, st.dates(), st.booleans()]).flatmap(st.lists))
def test_any_list_comes_back_as_it_went(values):
    [(found,)] = CON.execute("select ?", [values]).fetchall()
    assert (found, [type(each) for each in found]) == (values, [type(each) for each in values])


@pytest.mark.parametrize("value", [Decimal(5), Decimal("-7"), Decimal("1E+3"), Decimal(10**36)])
def test_a_whole_decimal_stays_a_decimal(value):
    [(found,)] = CON.execute("select ?", [value]).fetchall()
    assert (found, type(found)) == (value, Decimal)


def test_an_integer_of_more_than_128_bits_is_refused_and_not_read_as_a_float():
    with pytest.raises(duckdb.InvalidInputException):
        CON.execute("select ?", [2**128])


def test_a_missing_value_is_missing():
    assert CON.execute("select ? is null, $1", [None]).fetchall() == [(True, None)]


def test_decimals_are_kept_to_the_last_digit():
    made = Relation("exact", "", {"value": "decimal(38, 18)"})
    CON.execute("create or replace table exact (value decimal(38, 18))")
    values = [Decimal("99999999999999999999.999999999999999999"), Decimal("-1E-18"), Decimal(0)]
    insert_rows(CON, made, [(value,) for value in values])
    assert [value for (value,) in CON.execute("select value from exact").fetchall()] == values


def test_rows_beyond_a_chunk_are_all_kept():
    CON.execute("create or replace table named (number integer, name varchar)")
    insert_rows(CON, NAMES, [(n, f"row {n}") for n in range(25_001)])
    counted = "select count(*), count(distinct name), max(number) from named"
    assert CON.execute(counted).fetchall() == [(25_001, 25_001, 25_000)]


@pytest.mark.parametrize("name", ["one for all", None, "it's", "", FIELD, "\0"])
def test_rows_that_are_all_alike_keep_their_number(name):
    CON.execute("create or replace temp table named (number integer, name varchar)")
    insert_rows(CON, NAMES, [(7, name)] * 3)
    assert CON.execute("select * from named").fetchall() == [(7, name)] * 3


@pytest.mark.parametrize("name", ["one for all", None, "it's", "", FIELD, "\0"])
def test_a_column_of_one_value_stands_beside_others(name):
    CON.execute("create or replace temp table named (number integer, name varchar)")
    insert_rows(CON, NAMES, [(1, name), (2, name)])
    assert CON.execute("select * from named").fetchall() == [(1, name), (2, name)]


def test_values_do_not_bring_pandas_along():
    code = (
        "import sys; from carbon.engine import connect;"
        " print(connect().execute('select ?, $1', ['a']).fetchall(), 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[('a', 'a')] False"
