"""Readings of meters: kept interval by interval, counted as one entry a meter and month.

Everything above the ledger reads the entries, as of any other file. The same intervals arriving
again are known; further ones of a month become an entry beside the first; one with another value
restates the entry it belongs to, and is offered as a correction. So no interval counts twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from carbon.errors import LedgerError
from carbon.ledger.checks import check_activity
from carbon.ledger.compare import (
    ESTIMATED,
    Change,
    Offer,
    Outcome,
    compare_entries,
    is_actual,
    offer_of,
)
from carbon.ledger.rows import Held, Key, Line, entry_period, held_of, where_of
from carbon.records import Activity, Readings, Tell, UnitTable
from carbon.schema.kinds import Relation

if TYPE_CHECKING:
    from carbon.ledger import Ledger

QUALITIES = ("metered", "billed", "calculated", "unstated", "estimated")  # the last one prevails

HELD = """
create or replace temp table held_reading as
select e.key_id, e.entry_id, r.row, r.start_at, r.day, r.length_s, r.quantity
from entry as e
join reading_set as s on s.entry_id = e.entry_id
join reading as r on r.entry_id = e.entry_id
left join entry as x on x.supersedes = e.entry_id
where x.entry_id is null
    and e.key_id in (select key_id from arrived_key)
    and e.start_on <= (select max(cast(last_on as date)) from arrived)
    and e.end_on >= (select min(cast(first_on as date)) from arrived)
"""

MET = """
select n.*, k.key_id, h.entry_id as old_id, h.quantity as old_quantity, h.length_s as old_length_s
from reading_new as n
left join arrived_key as k on k.key_no = n.key_no
left join held_reading as h
    on h.key_id = k.key_id
    and h.start_at = make_timestamp(n.at_s * 1000000)
"""

FRESH = "(select * from reading_met where old_id is null)"

ACROSS = """
with every as (
    select key_id, at_s, at_s + length_s as until, 0 as entry_id, row
    from reading_met
    where old_id is null
    union all
    select key_id, epoch(start_at), epoch(start_at) + length_s, entry_id, 0
    from held_reading
),
beside as (
    select *,
        lag(until) over (partition by key_id order by at_s, entry_id) as until_before,
        lag(entry_id) over (partition by key_id order by at_s, entry_id) as entry_before,
        lag(row) over (partition by key_id order by at_s, entry_id) as row_before
    from every
)
select max(entry_id), max(entry_before), max(row), max(row_before), count(*)
from beside
where at_s < until_before and (entry_id = 0) <> (entry_before = 0)
"""

MONTHS = """
select key_no, unit, month, max(quality), min(row), count(*), sum(quantity), min(day), max(day)
from {source}
group by key_no, unit, month
order by 5, 1, 2, 3
"""

DAYS = """
insert into reading_day
with day_sum as (
    select entry_id, day, cast(sum(quantity) as decimal(17, 6)) as quantity,
        sum(length_s) as covered_s
    from reading
    where entry_id >= $first
    group by entry_id, day
),
until as (
    select *, cast(sum(quantity) over (
        partition by entry_id order by day rows between unbounded preceding and current row
    ) as decimal(17, 6)) as until_quantity
    from day_sum
)
select u.entry_id, e.batch_id, e.key_id, year(e.start_on) * 100 + month(e.start_on), u.day,
    cast(
        round(u.until_quantity * c.factor, 6)
        - round(cast(u.until_quantity - u.quantity as decimal(17, 6)) * c.factor, 6)
        as decimal(17, 6)
    ),
    u.covered_s, d.day_s
from until as u
join entry as e on e.entry_id = u.entry_id
join entry_key as k on k.key_id = e.key_id
join unit_conversion as c on c.activity = k.activity and c.unit = e.unit
join reading_calendar as d on d.day = u.day
"""

TARGET = {
    "entry_id": "bigint",
    "key_no": "integer",
    "unit": "varchar",
    "month": "integer",
    "old_id": "bigint",
}


@dataclass(frozen=True)
class _Sum:
    """The readings of a key, unit and month, or those that restate an entry, as an entry."""

    record: Activity
    count: int
    key_no: int = 0
    month: int = 0
    old_id: int = 0


class Arriving:
    """The readings of one file on their way into a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.con = ledger, ledger.con

    def append(
        self,
        readings: Readings,
        unit_table: UnitTable,
        *,
        by: str,
        file: str = "",
        digest: str = "",
        accept_corrections: bool = False,
        recorded_at: datetime | None = None,
        tell: Tell = lambda what, since, until, asked: None,
    ) -> Outcome:
        """Record the readings that stand in `reading_new` as one batch, all or none.

        Raises LedgerError for readings that lie across recorded ones, or are in another unit or
        time zone than those, and for a sum that cannot be stored exactly.
        """
        ledger = self.ledger
        keys = ledger._keys()
        tell("comparing with the ledger", 0.75, 0.8, self.con.query_progress)
        known = self._meet(readings, keys, file)
        fresh = "reading_new" if known is None else FRESH
        sums = self._sums(readings, fresh)
        restated = self._restated(file) if known is not None else []
        for each in [*sums, *restated]:
            check_activity(each.record, unit_table, file)
        by_record = {id(each.record): each for each in [*sums, *restated]}
        records = [each.record for each in sums]
        new, changed, _ = compare_entries(records, self._others(records, keys), False)
        unmet = {id(line.record) for line in [*new, *changed]}
        known = (known or 0) + sum(each.count for each in sums if id(each.record) not in unmet)
        changed += [self._restating(each) for each in restated]
        taken = [line for line in changed if accept_corrections or is_actual(line)]
        offers: list[Offer | Change] = [offer_of(line) for line in changed if line not in taken]
        lines = sorted(new + taken, key=lambda line: line.record.row)
        if not lines:
            return Outcome(known=known, offered=offers)
        written = [by_record[id(line.record)] for line in lines]
        tell("recording", 0.8, 1.0, self.con.query_progress)
        with ledger._transaction():
            batch_id = ledger._batch("import", by, file, digest, "", recorded_at)
            entry_ids = ledger._write_entries(batch_id, lines, unit_table, keys)
            self._write(batch_id, entry_ids, written, readings.zone, fresh)
        corrected = sum(each.count for each in written if each.old_id)
        recorded = sum(each.count for each in written if not each.old_id)
        return Outcome(batch_id, recorded, known, corrected, offers, entry_ids)

    def _meet(self, readings: Readings, keys: Mapping[Key, int], file: str) -> int | None:
        """`reading_met`: the readings beside recorded ones; gives how many are known.

        Nothing where none is recorded of these meters and months: then all are new.
        """
        numbers = [(key_no, keys[key]) for key_no, key in readings.keys.items() if key in keys]
        self._table("arrived_key", {"key_no": "integer", "key_id": "integer"}, numbers)
        self.con.execute(
            "create or replace temp table arrived as select date '0001-01-01' + (min(day) - 1)"
            " as first_on, date '0001-01-01' + (max(day) - 1) as last_on from reading_new"
        )
        self.con.execute(HELD)
        (count,) = self.con.execute("select count(*) from held_reading").fetchone() or (0,)
        if not count:
            return None
        self._refuse_other_zone(readings.zone, file)
        self.con.execute(f"create or replace temp table reading_met as {MET}")
        self._refuse_across(file)
        (known,) = self.con.execute(
            "select count(*) from reading_met as m join entry as e on e.entry_id = m.old_id"
            " where m.quantity = m.old_quantity and m.length_s = m.old_length_s and m.unit = e.unit"
        ).fetchone() or (0,)
        return int(known)

    def _refuse_other_zone(self, zone: str, file: str) -> None:
        found = self.con.execute(
            "select s.zone, min(s.entry_id) from reading_set as s where s.zone <> ?"
            " and s.entry_id in (select entry_id from held_reading) group by 1 order by 2",
            [zone],
        ).fetchone()
        if found:
            raise LedgerError(
                "other-time-zone",
                f"the readings are read by {_named(zone)}, and those of entry {found[1]} by"
                f" {_named(found[0])}: the same interval could not be recognised",
                where=file,
                looked_for=_named(found[0]),
                remedy="say the same time_zone in the column map; or withdraw the entry, and import"
                " its file again",
            )

    def _refuse_across(self, file: str) -> None:
        """Readings of another step than recorded ones would count the same time twice."""
        entry, before, row, row_before, count = self.con.execute(ACROSS).fetchone() or (0,) * 5
        if count:
            entry, row = max(entry or 0, before or 0), max(row or 0, row_before or 0)
            raise LedgerError(
                "interval-overlap",
                f"{count:,} readings lie across those of entry {entry} and would count twice",
                where=where_of(file, row),
                looked_for="intervals that begin when the recorded ones do, and are as long",
                remedy=f"carbon withdraw {entry}, if the file is the better one, then import again",
            )

    def _sums(self, readings: Readings, source: str) -> list[_Sum]:
        """New readings as entries, one a key, unit and month."""
        found = []
        for key_no, unit, month, rank, row, count, quantity, first, last in self.con.execute(
            MONTHS.format(source=source)
        ).fetchall():
            site, meter, activity, detail = readings.keys[key_no]
            record = Activity(
                site,
                activity,
                date.fromordinal(first),
                date.fromordinal(last),
                quantity,
                unit,
                meter,
                detail,
                QUALITIES[rank],
                row=row,
            )
            found.append(_Sum(record, count, key_no, month))
        return found

    def _restated(self, file: str) -> list[_Sum]:
        """Entries that readings with another value restate."""
        found = []
        for entry_id, unit, row, count, more, length, rank in self.con.execute(
            "select m.old_id, min(m.unit), min(m.row), count(*), sum(m.quantity - m.old_quantity),"
            " count(*) filter (m.length_s <> m.old_length_s), max(m.quality) from reading_met as m"
            " join entry as e on e.entry_id = m.old_id where m.quantity <> m.old_quantity"
            " or m.length_s <> m.old_length_s or m.unit <> e.unit group by 1 order by 3"
        ).fetchall():
            old = self.ledger.entry(entry_id)
            if unit != old["unit"] or length:
                what = f"in {unit}" if unit != old["unit"] else "of another length"
                raise LedgerError(
                    "other-unit",
                    f"the readings are {what}, and those of entry {entry_id} are not",
                    where=where_of(file, row),
                    looked_for=f"the same intervals, in {old['unit']}",
                    remedy=f"carbon withdraw {entry_id}, if the file is right, then import again",
                )
            record = Activity(
                old["site"],
                old["activity"],
                old["start_on"],
                old["end_on"],
                old["quantity"] + more,
                unit,
                old["meter"],
                old["detail"],
                max(old["quality"], QUALITIES[rank], key=QUALITIES.index),
                old["evidence"],
                old["note"],
                row,
            )
            found.append(_Sum(record, count, old_id=entry_id))
        return found

    def _restating(self, each: _Sum) -> Line:
        return Line(each.record, 1, "correction", held_of(self.ledger.entry(each.old_id)))

    def _others(
        self, records: Sequence[Activity], keys: Mapping[Key, int]
    ) -> dict[Any, list[Held]]:
        """Entries of the same periods that readings repeat, or take the place of: the bill that
        says the same, and estimates. Any other bill stands beside its meter's readings."""
        said = {(entry_period(each), *_content(each)) for each in records}
        return {
            period: [
                each
                for each in several
                if not each.is_read
                and (each.quality == ESTIMATED or (period, *_content(each)) in said)
            ]
            for period, several in self.ledger._current_entries(records, keys).items()
        }

    def _write(
        self,
        batch_id: int,
        entry_ids: Sequence[int],
        written: Sequence[_Sum],
        zone: str,
        fresh: str,
    ) -> None:
        """Write the intervals of a batch's entries, and their sums by day."""
        targets = [
            (entry_id, each.key_no, each.record.unit, each.month, each.old_id)
            for entry_id, each in zip(entry_ids, written, strict=True)
        ]
        self._table("reading_target", TARGET, targets)
        self.con.execute(
            "insert into reading select t.entry_id, n.row, make_timestamp(n.at_s * 1000000), n.day,"
            f" n.length_s, n.quantity from {fresh} as n join reading_target as t"
            " on t.key_no = n.key_no and t.month = n.month and t.unit = n.unit and t.old_id = 0"
        )
        if any(each.old_id for each in written):
            self.con.execute(
                "insert into reading select t.entry_id, coalesce(m.row, h.row), h.start_at, h.day,"
                " h.length_s, coalesce(m.quantity, h.quantity) from held_reading as h"
                " join reading_target as t on t.old_id = h.entry_id"
                " left join reading_met as m on m.old_id = h.entry_id"
                " and h.start_at = make_timestamp(m.at_s * 1000000)"
            )
            self.con.execute(
                "insert into reading_calendar select distinct d.day, d.month, d.day_s"
                " from reading_day as d join reading_target as t on t.old_id = d.entry_id"
                " where d.day not in (select day from reading_calendar)"
            )
        first = min(entry_ids)
        self.con.execute(
            "insert into reading_set select entry_id, $batch_id, $zone, count(*), min(row),"
            " max(row) from reading where entry_id >= $first group by entry_id",
            {"batch_id": batch_id, "zone": zone, "first": first},
        )
        self.con.execute(DAYS, {"first": first})

    def _table(self, name: str, columns: dict[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
        listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        self.con.execute(f"create or replace temp table {name} ({listed})")
        self.ledger._write(Relation(name, "", columns), rows)


def _content(said: Activity | Held) -> tuple[Any, ...]:
    return said.quantity, said.unit, said.quality


def _named(zone: str) -> str:
    return zone or "the clock of the file"
