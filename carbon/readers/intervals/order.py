"""Intervals one after another: how long each is, and which are missing, twice or across another.

Reads `reading_sorted` and leaves the view `reading_new`, in which each interval stands once. Where
a file says no ends, an interval is as long as most of its meter's are apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from carbon.errors import CarbonError
from carbon.readers.faults import Faults
from carbon.readers.intervals.tables import insert

if TYPE_CHECKING:
    import duckdb

LONGEST = 90_000  # of an interval: a day of 25 hours [s]
APART = """
select row, key_no, at_s, length_s,
    case when key_no = lag(key_no) over () then at_s - lag(at_s) over () end as apart,
    lag(length_s) over () as before_s
from reading_sorted
"""
Shown = Callable[[int], Sequence[Any]]


def check_order(
    con: duckdb.DuckDBPyConnection,
    meters: Mapping[int, str],
    has_ends: bool,
    faults: Faults,
    shown: Shown,
) -> None:
    """Judge `reading_sorted`, row by row beside the one before it."""
    if con.execute(f"select 1 from ({APART}) where apart = 0 limit 1").fetchone():
        _without_twins(con, meters, faults, shown)
    if has_ends:
        _check_lengths(con, meters, faults, shown)
    steps = {} if has_ends else _steps(con, meters, faults, shown)
    insert(con, "reading_step", list(steps.items()), key_no="integer", step_s="integer")
    length = "r.length_s" if has_ends else "s.step_s"
    join = "" if has_ends else " join reading_step as s on s.key_no = r.key_no"
    con.execute(
        "create or replace temp view reading_new as select r.row, r.key_no, k.unit, k.quality,"
        f" r.at_s, {length} as length_s, r.day, d.month, r.quantity from reading_sorted as r"
        f" join who_known as k on k.who_no = r.who_no"
        f" join reading_calendar as d on d.day = r.day{join}"
    )
    before = "before_s" if has_ends else "step_s"
    found = con.execute(
        f"select a.key_no, apart < {before}, count(*), min(row),"
        f" sum(abs(apart - {before})) from ({APART}) as a {join.replace('r.', 'a.')}"
        f" where apart is not null and apart <> {before} group by 1, 2 order by 4"
    ).fetchall()
    for key_no, overlaps, count, row, seconds in found:
        if overlaps:
            faults.add(_overlap(meters[key_no]), row, shown(row), rows=count)
        else:
            faults.add(_gap(meters[key_no], count, seconds), row, shown(row), "warning")
    if any(overlaps for _, overlaps, *_ in found):
        _refuse(
            con,
            f"select row, 'interval-overlap: begins before the one before it ends' as reason"
            f" from ({APART}) as a {join.replace('r.', 'a.')} where apart < {before}",
        )


def _without_twins(
    con: duckdb.DuckDBPyConnection, meters: Mapping[int, str], faults: Faults, shown: Shown
) -> None:
    """The same interval twice counts once; with two values neither can be believed."""
    con.execute(
        "create or replace temp table twin as select key_no, at_s, min(row) as row,"
        " count(distinct (quantity, who_no, length_s)) as values,"
        " count(*) as count from reading_sorted group by key_no, at_s having count(*) > 1"
    )
    for key_no, row, count in con.execute(
        "select key_no, min(row), sum(count) from twin where values > 1 group by 1 order by 2"
    ).fetchall():
        faults.add(_two_values(meters[key_no]), row, shown(row), rows=count)
    row, count = con.execute(
        "select min(r.row), count(*) from reading_sorted as r join twin as t"
        " on t.key_no = r.key_no and t.at_s = r.at_s where t.values = 1 and r.row <> t.row"
    ).fetchone() or (0, 0)
    if count:
        faults.add(_again(), row, shown(row), "note", count)
    _refuse(
        con,
        "select r.row, 'interval-twice: has another value in another row' from reading_sorted as r"
        " join twin as t on t.key_no = r.key_no and t.at_s = r.at_s where t.values > 1",
    )
    con.execute(
        "delete from reading_sorted where row in (select r.row from reading_sorted as r join twin"
        " as t on t.key_no = r.key_no and t.at_s = r.at_s where r.row <> t.row)"
    )
    _sort(con)


def _check_lengths(
    con: duckdb.DuckDBPyConnection, meters: Mapping[int, str], faults: Faults, shown: Shown
) -> None:
    """An interval ends after it starts, and is a day long at most."""
    wrong = f"length_s <= 0 or length_s > {LONGEST}"
    found = con.execute(
        f"select key_no, min(row), count(*) from reading_sorted where {wrong} group by 1 order by 2"
    ).fetchall()
    for key_no, row, count in found:
        faults.add(_bad_length(meters[key_no]), row, shown(row), rows=count)
    if found:
        _refuse(
            con,
            "select row, 'bad-interval: ends before it starts, or is longer than a day'"
            f" from reading_sorted where {wrong}",
        )


def _steps(
    con: duckdb.DuckDBPyConnection, meters: Mapping[int, str], faults: Faults, shown: Shown
) -> dict[int, int]:
    """How long the intervals of each key are: as far apart as most of them begin. [s]"""
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    rows: dict[int, int] = {}
    for key_no, apart, count, row in con.execute(
        f"select key_no, apart, count(*), min(row) from ({APART}) group by 1, 2"
    ).fetchall():
        rows[key_no] = min(row, rows.get(key_no, row))
        if apart is not None:
            counts[key_no][apart] = count
    steps = {}
    for key_no, row in sorted(rows.items()):
        apart = counts[key_no]
        step = min(apart, key=lambda each: (-apart[each], each), default=0)
        if 0 < step <= LONGEST and apart[step] * 2 > sum(apart.values()):
            steps[key_no] = step
            continue
        faults.add(_no_step(meters[key_no]), row, shown(row))
        _refuse(
            con,
            "select row, 'irregular-step: the length of the interval cannot be told'"
            f" from reading_sorted where key_no = {key_no}",
        )
    return steps


def _refuse(con: duckdb.DuckDBPyConnection, select: str) -> None:
    """Keep rows out, with the reason."""
    con.execute(f"create or replace temp table kept_out as {select}")
    con.execute("insert into refusal select * from kept_out")
    con.execute("delete from reading_sorted where row in (select row from kept_out)")
    _sort(con)


def _sort(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create or replace temp table reading_sorted as select * from reading_sorted"
        " order by key_no, at_s, row"
    )


def _two_values(meter: str) -> CarbonError:
    return CarbonError(
        "interval-twice",
        f"intervals of {meter} stand in the file twice, with two values",
        looked_for="each interval once",
        remedy="take one of them out; where the clock went back an hour, say time_zone ="
        ' "Europe/Berlin" or the like in the column map',
    )


def _again() -> CarbonError:
    return CarbonError(
        "interval-again",
        "some intervals stand in the file twice, alike, and were counted once",
        remedy="nothing, if the file was put together of several",
    )


def _overlap(meter: str) -> CarbonError:
    return CarbonError(
        "interval-overlap",
        f"intervals of {meter} begin before the one before them ends",
        looked_for="intervals one after another, all of one kind",
        remedy="take one of two sets of readings out, such as those by the hour",
    )


def _gap(meter: str, count: int, seconds: int) -> CarbonError:
    hours = f"{Decimal(seconds) / 3600:.2f}".rstrip("0").rstrip(".")
    plural = "s" if count > 1 else ""
    return CarbonError(
        "readings-gap",
        f"the readings of {meter} lack {hours} hours in {count:,} gap{plural}",
        where="    the first ends with this row" if count > 1 else "    it ends with this row",
        remedy="ask for what is missing, or log it as estimated",
    )


def _bad_length(meter: str) -> CarbonError:
    return CarbonError(
        "bad-interval",
        f"intervals of {meter} end before they start, or are longer than a day",
        looked_for="an end after its start, at most 25 hours",
        remedy="correct the times; bills belong in a file of their own",
    )


def _no_step(meter: str) -> CarbonError:
    return CarbonError(
        "irregular-step",
        f"the readings of {meter} are not evenly apart, so their length cannot be told",
        looked_for="most intervals of one length, at most a day",
        remedy="add a column end",
    )
