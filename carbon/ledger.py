"""The ledger: what was bought, burned and leaked, as it was first written down.

`append` takes rows as a reader understood them and writes one batch; `correct` and `withdraw`
write entries that supersede earlier ones; `record` does the same for certificates, credits,
denominators and equipment. A batch is recorded whole or not at all. Nothing is ever updated or
deleted, so an inventory closed at a cut-off can be computed again, digit for digit, years later.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from carbon.engine import connect, insert_rows, sql_text
from carbon.errors import LedgerError
from carbon.records import Activity, Credit, Denominator, Equipment, Instrument, Service, UnitTable
from carbon.schema import (
    BOOL,
    COEFFICIENT,
    DATE,
    FOREVER,
    INT,
    LEDGER,
    LONG,
    QUANTITY,
    SHARE,
    TEXT,
    Relation,
)

if TYPE_CHECKING:
    import duckdb

    from carbon.engine import Row

LOCK_TIMEOUT = 30  # how long a command waits for another one to leave the book [s]
CHUNK = 10_000  # rows handed to the engine at once; longer lists cost more per row
NEWEST = 2**31 - 1  # a cut-off after every batch

EXACT = Context(prec=60, rounding=ROUND_HALF_UP)  # wide enough for any product of two columns
MILLIONTH = Decimal("0.000001")
LIMIT = Decimal(10) ** 11  # a quantity has at most eleven digits before the point

# What makes two records the same thing.
KEYS = {
    "instrument": ("instrument_id",),
    "credit": ("credit_id",),
    "denominator": ("site", "metric", "period"),
    "equipment": ("equipment_id",),
    "service": ("service_id",),
}
OWN_COLUMNS = ("batch_id", "row", "supersedes", "is_withdrawn", "identity")  # said by the ledger

# The inputs of entry_month.sql, made for one batch and gone with the connection.
BATCH_INPUT = {
    relation.name: relation
    for relation in (
        Relation(
            "entry_new",
            "one per entry of the batch that says a quantity",
            {
                "entry_id": LONG,
                "batch_id": INT,
                "key_id": INT,
                "activity": TEXT,
                "unit": TEXT,
                "quantity": QUANTITY,
                "quality": TEXT,
                "period_id": INT,
            },
        ),
        Relation(
            "unit_conversion",
            "one per activity and unit as entered",
            {"activity": TEXT, "unit": TEXT, "canonical_unit": TEXT, "factor": COEFFICIENT},
        ),
        Relation(
            "period",
            "one per distinct first and last day",
            {"period_id": INT, "start_on": DATE, "end_on": DATE},
        ),
        Relation(
            "period_month",
            "one per period and month it touches",
            {
                "period_id": INT,
                "month": INT,
                "share_before": SHARE,  # of the period's days, before the month
                "share_until": SHARE,  # of the period's days, until the end of the month
                "is_split": BOOL,
            },
        ),
    )
}

ENTRY_NEW = """
select e.entry_id, e.batch_id, e.key_id, k.activity, e.unit, e.quantity, e.quality, p.period_id
from entry as e
join entry_key as k on k.key_id = e.key_id
join period as p on p.start_on = e.start_on and p.end_on = e.end_on
where e.batch_id = ? and e.kind <> 'withdrawal'
"""

ENTRIES = """
select
    e.entry_id, e.batch_id, b.file, e.row, k.site, k.meter, k.activity, k.detail,
    e.start_on, e.end_on, e.quantity, e.unit, e.quality, e.evidence, e.note,
    e.kind, e.supersedes, e.chain_id, e.identity,
    case
        when e.kind = 'withdrawal' then 'withdrawal'
        when x.entry_id is null then 'current'
        when x.kind = 'withdrawal' then 'withdrawn'
        else 'superseded'
    end as state,
    coalesce(x.entry_id, 0) as superseded_by,
    b.recorded_at, b.recorded_by, b.note as batch_note
from entry as e
join entry_key as k on k.key_id = e.key_id
join batch as b on b.batch_id = e.batch_id
left join entry as x on x.supersedes = e.entry_id and x.batch_id <= $cut_off
where e.batch_id <= $cut_off
"""

CURRENT_OF_KEYS = """
select e.key_id, e.start_on, e.end_on, e.quantity, e.unit, e.entry_id, e.chain_id
from entry as e
left join entry as x on x.supersedes = e.entry_id
where x.entry_id is null
    and e.kind <> 'withdrawal'
    and e.key_id in (select unnest(?::integer[]))
    and e.start_on between ? and ?
"""

Key = tuple[str, str, str, str]  # site, meter, activity, detail
Period = tuple[Key, date, date]
Record = Instrument | Credit | Denominator | Equipment | Service


class Held(NamedTuple):
    """A current entry, as far as an arriving row is compared with it. Sorts by quantity."""

    quantity: Decimal
    unit: str
    entry_id: int
    chain_id: int


class Line(NamedTuple):
    """An entry to be written."""

    record: Activity
    repeat: int  # its number among current entries of the same content
    kind: str = "record"
    old: Held | None = None  # what it supersedes


@dataclass(frozen=True)
class Offer:
    """A row that says another quantity than a current entry of the same key and period."""

    row: int
    entry_id: int
    old_quantity: Decimal
    old_unit: str
    new: Activity

    def __str__(self) -> str:
        new = self.new
        return (
            f"row {self.row}: {new.start_on} to {new.end_on} | {new.site} | {new.activity}: "
            f"entry {self.entry_id} says {_digits(self.old_quantity)} {self.old_unit}, "
            f"the row says {_digits(new.quantity)} {new.unit}"
        )


@dataclass(frozen=True)
class Change:
    """A row that says something else of a certificate, credit, ... that is already recorded."""

    row: int
    table: str
    key: tuple[Any, ...]
    old: dict[str, Any]
    new: Record

    def __str__(self) -> str:
        said = [
            f"{name} {_word(self.old[name])!r} becomes {_word(getattr(self.new, name))!r}"
            for name in _content_columns(self.table)
            if self.old[name] != getattr(self.new, name)
        ]
        return f"row {self.row}: {self.table} {_name(self.key)}: {', '.join(said)}"


@dataclass(frozen=True)
class Outcome:
    """What became of the rows of one batch.

    batch_id : 0 where there was nothing to record.
    known : rows that the ledger holds already, skipped.
    offered : changes that were not recorded, for want of `accept_corrections`.
    """

    batch_id: int = 0
    recorded: int = 0
    known: int = 0
    corrected: int = 0
    offered: list[Offer | Change] = field(default_factory=list)
    entry_ids: list[int] = field(default_factory=list)


class Ledger:
    """The ledger of one book, over a connection to its file. `Ledger.open` gives one."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    @classmethod
    @contextmanager
    def open(cls, path: str | Path, create: bool = False) -> Iterator[Ledger]:
        """The ledger in a file, for this process alone until the `with` block ends.

        DuckDB's own lock is not relied on: a lock file is held from before the connection is
        made until after it is closed. Raises LedgerError where there is no ledger, or no turn.
        """
        path = Path(path)
        if not create and not path.exists():
            raise LedgerError(
                "no-ledger",
                f"there is no ledger {path.name} in {path.parent}",
                remedy="`carbon init DIR` makes a new book; `carbon -C DIR` picks another one",
            )
        with _held(path), closing(_connected(path)) as con:
            if create:
                create_tables(con)
            _check_tables(con, path)
            yield cls(con)

    @property
    def last_batch(self) -> int:
        """The newest batch, 0 while there is none: the cut-off of an inventory made now."""
        return self._highest("batch", "batch_id")

    def append(
        self,
        records: Sequence[Activity],
        unit_table: UnitTable,
        *,
        by: str,
        kind: str = "import",
        file: str = "",
        digest: str = "",
        note: str = "",
        accept_corrections: bool = False,
        again: bool = False,
        recorded_at: datetime | None = None,
    ) -> Outcome:
        """Record rows of activity as one batch; what the ledger holds already is skipped.

        Rows are compared with current entries as multisets, so the same rows are recognised in
        a longer, reordered or mended file. A row with another quantity for the same site, meter,
        activity, detail and period is offered as a correction, never added beside.

        accept_corrections : record the offers, each superseding its entry.
        again : record every row beside what there is, even an identical one.

        Raises LedgerError for a quantity that cannot be stored exactly; nothing is recorded then.
        """
        for record in records:
            _check_activity(record, unit_table, file)
        keys = self._keys()
        held = self._current_entries(records, keys)
        new, changed, known = _compare(records, held, again)
        offered = [] if accept_corrections else changed
        lines = new + (changed if accept_corrections else [])
        lines.sort(key=lambda line: line.record.row)
        offers: list[Offer | Change] = [_offer(line) for line in offered]
        if not lines:
            return Outcome(known=known, offered=offers)
        with self._transaction():
            batch_id = self._batch(kind, by, file, digest, note, recorded_at)
            entry_ids = self._write_entries(batch_id, lines, unit_table, keys)
        corrected = len(lines) - len(new)
        return Outcome(batch_id, len(new), known, corrected, offers, entry_ids)

    def correct(
        self,
        entry_id: int,
        new: Activity,
        unit_table: UnitTable,
        *,
        by: str,
        note: str,
        recorded_at: datetime | None = None,
    ) -> Outcome:
        """Record what an entry should have said; the new entry supersedes it.

        Raises LedgerError for an entry that is missing, superseded, withdrawn, or says so already.
        """
        old = self._changeable(entry_id)
        _check_activity(new, unit_table, "")
        if _activity(old, row=new.row) == new:
            raise LedgerError(
                "nothing-to-correct",
                f"entry {entry_id} says exactly that already",
                where=_where_entry(old),
                remedy="give the quantity, unit or other part that is wrong",
            )
        keys = self._keys()
        held = self._current_entries([new], keys).get(_period(new), [])
        repeat = 1 + sum((each.quantity, each.unit) == (new.quantity, new.unit) for each in held)
        line = Line(new, repeat, "correction", _held_of(old))
        with self._transaction():
            batch_id = self._batch("correct", by, "", "", note, recorded_at)
            entry_ids = self._write_entries(batch_id, [line], unit_table, keys)
        return Outcome(batch_id, corrected=1, entry_ids=entry_ids)

    def withdraw(
        self, entry_id: int, *, by: str, note: str, recorded_at: datetime | None = None
    ) -> Outcome:
        """Take an entry back: it and what it superseded count no longer.

        Raises LedgerError for an entry that is missing, superseded or withdrawn already.
        """
        old = self._changeable(entry_id)
        line = Line(_activity(old, row=0), 1, "withdrawal", _held_of(old))
        with self._transaction():
            batch_id = self._batch("withdraw", by, "", "", note, recorded_at)
            entry_ids = self._write_entries(batch_id, [line], {}, self._keys())
        return Outcome(batch_id, entry_ids=entry_ids)

    def entries(
        self,
        *,
        site: str = "",
        activity: str = "",
        meter: str = "",
        since: int = 0,
        until: int = FOREVER,
        all: bool = False,
        cut_off: int | None = None,
    ) -> list[dict[str, Any]]:
        """Entries that touch the months `since` to `until` (202307), each with its `state`.

        all : superseded and withdrawn entries and withdrawals as well.
        cut_off : as the ledger stood after that batch.
        """
        condition = """
            and ($site = '' or k.site = $site)
            and ($activity = '' or k.activity = $activity)
            and ($meter = '' or k.meter = $meter)
            and year(e.start_on) * 100 + month(e.start_on) <= $until
            and year(e.end_on) * 100 + month(e.end_on) >= $since
            and ($everything or (x.entry_id is null and e.kind <> 'withdrawal'))
            order by e.entry_id
        """
        asked = {
            "site": site,
            "activity": activity,
            "meter": meter,
            "since": since,
            "until": until,
            "everything": all,
            "cut_off": NEWEST if cut_off is None else cut_off,
        }
        return self._dicts(ENTRIES + condition, asked)

    def entry(self, entry_id: int) -> dict[str, Any]:
        """One entry with its `state`. Raises LedgerError where there is none."""
        asked = {"entry_id": entry_id, "cut_off": NEWEST}
        found = self._dicts(ENTRIES + "and e.entry_id = $entry_id", asked)
        if not found:
            last = self._highest("entry", "entry_id")
            raise LedgerError(
                "no-entry",
                f"there is no entry {entry_id}",
                looked_for=f"entries 1 to {last}" if last else "any entry; the ledger has none",
                remedy="`carbon entries` lists them",
            )
        return found[0]

    def record(
        self,
        table: str,
        rows: Sequence[Record],
        *,
        by: str,
        kind: str = "import",
        file: str = "",
        digest: str = "",
        note: str = "",
        accept_corrections: bool = False,
        recorded_at: datetime | None = None,
    ) -> Outcome:
        """Record certificates, credits, denominators, equipment or service events as one batch.

        Rows already recorded are skipped; one that says something else of a known id is offered
        as a change. Raises LedgerError for an id that is given twice with different content, for
        a certificate or credit retired twice, and for a number that cannot be stored exactly.
        """
        held = {_key(table, row): row for row in self.current(table)}
        new, changed, known = _compare_records(table, rows, held, file)
        written = new + (changed if accept_corrections else [])
        if table in ("instrument", "credit"):
            _check_claims(table, changed, held, file)
            _check_evidence(table, written, held, file)
        offered = [] if accept_corrections else changed
        offers: list[Offer | Change] = [
            Change(row.row, table, _key(table, row), held[_key(table, row)], row) for row in offered
        ]
        if not written:
            return Outcome(known=known, offered=offers)
        with self._transaction():
            batch_id = self._batch(kind, by, file, digest, note, recorded_at)
            self._write(
                LEDGER[table],
                [
                    _record_row(table, row, batch_id, row.row, _key(table, row) in held)
                    for row in written
                ],
            )
        return Outcome(batch_id, len(new), known, len(written) - len(new), offers)

    def withdraw_record(
        self,
        table: str,
        key: str | tuple[Any, ...],
        *,
        by: str,
        note: str,
        recorded_at: datetime | None = None,
    ) -> Outcome:
        """Take back a certificate, credit, ...: by its id, or (site, metric, period).

        Raises LedgerError where there is none, or none any more.
        """
        key = (key,) if isinstance(key, str) else key
        known = {_key(table, row): row for row in self.current(table)}
        if key not in known:
            raise LedgerError(
                "no-record",
                f"there is no current {table} {_name(key)}",
                looked_for=", ".join(_name(each) for each in list(known)[:5]),
                remedy=f"`carbon sql 'select * from {table}'` lists them with their history",
            )
        with self._transaction():
            batch_id = self._batch("withdraw", by, "", "", note, recorded_at)
            row = _record_row(table, known[key], batch_id, 0, True, is_withdrawn=True)
            self._write(LEDGER[table], [row])
        return Outcome(batch_id)

    def current(self, table: str, cut_off: int | None = None) -> list[dict[str, Any]]:
        """What is recorded of each id at a cut-off: its newest row, unless that withdraws it."""
        key = ", ".join(f"t.{name}" for name in KEYS[table])
        return self._dicts(
            f"""
            with ranked as (
                select t.*, row_number() over (partition by {key} order by t.batch_id desc) as place
                from {table} as t
                where t.batch_id <= $cut_off
            )
            select t.* exclude (place), b.file, b.recorded_at, b.recorded_by
            from ranked as t
            join batch as b on b.batch_id = t.batch_id
            where t.place = 1 and not t.is_withdrawn
            order by {key}
            """,
            {"cut_off": NEWEST if cut_off is None else cut_off},
        )

    def settings_version(
        self, files: Mapping[str, str], *, by: str, recorded_at: datetime | None = None
    ) -> int:
        """The version of the settings that says this: the newest, or a new one where it differs.

        files : text by path: carbon.toml, factors/*.csv, scenarios/*.toml.
        """
        digest = _digest([[path, files[path]] for path in sorted(files)])
        newest = self.con.execute(
            "select setting_id, digest from setting order by setting_id desc limit 1"
        ).fetchall()
        if newest and newest[0][1] == digest:
            return newest[0][0]
        setting_id = newest[0][0] + 1 if newest else 1
        with self._transaction():
            batch_id = self._batch("settings", by, "", "", "", recorded_at)
            self._write(LEDGER["setting"], [(setting_id, batch_id, digest)])
            rows = [(setting_id, path, files[path]) for path in sorted(files)]
            self._write(LEDGER["setting_file"], rows)
        return setting_id

    def settings_files(self, setting_id: int) -> dict[str, str]:
        """The files of a settings version: text by path."""
        rows = self.con.execute(
            "select path, text from setting_file where setting_id = ? order by path", [setting_id]
        ).fetchall()
        if not rows:
            raise LedgerError(
                "no-setting",
                f"there is no version {setting_id} of the settings",
                looked_for=f"versions 1 to {self._highest('setting', 'setting_id')}",
                remedy="`carbon sql 'select * from setting'` lists them",
            )
        return dict(rows)

    def run(
        self,
        cut_off: int,
        setting_id: int,
        library_digest: str,
        own_factors_digest: str,
        code_version: str,
        known_on: date,
        recorded_at: datetime | None = None,
    ) -> str:
        """The id of the run that these values fix; it is written down the first time only.

        Raises LedgerError for a cut-off that is still to come: later entries would change the run.
        """
        if cut_off > self.last_batch:
            raise LedgerError(
                "no-batch",
                f"a run cannot count entries up to batch {cut_off}: "
                f"the newest is batch {self.last_batch}",
                remedy=f"take a cut-off of at most {self.last_batch}",
            )
        fixed = (cut_off, setting_id, library_digest, own_factors_digest, code_version, known_on)
        run_id = _digest([_word(value) for value in fixed])
        known = self.con.execute("select run_id from run where run_id = ?", [run_id]).fetchall()
        if not known:
            with self._transaction():
                self._write(LEDGER["run"], [(run_id, *fixed, recorded_at or _now())])
        return run_id

    def runs(self) -> list[dict[str, Any]]:
        """Every run, oldest first."""
        return self._dicts("select * from run order by recorded_at, run_id")

    def run_row(self, run_id: str) -> dict[str, Any]:
        """One run. Raises LedgerError where there is none."""
        found = self._dicts("select * from run where run_id = $run_id", {"run_id": run_id})
        if not found:
            raise LedgerError(
                "no-run",
                f"there is no run {run_id}",
                remedy="`carbon sql 'select * from run'` lists them",
            )
        return found[0]

    def _changeable(self, entry_id: int) -> dict[str, Any]:
        """An entry that may be superseded. Raises LedgerError for any other."""
        entry = self.entry(entry_id)
        by = entry["superseded_by"]
        if entry["state"] == "superseded":
            raise LedgerError(
                "superseded",
                f"entry {entry_id} was already corrected by entry {by}",
                where=_where_entry(entry),
                remedy=f"correct or withdraw entry {by} instead",
            )
        if entry["state"] != "current":
            message = (
                f"entry {entry_id} was already withdrawn by entry {by}"
                if by
                else f"entry {entry_id} is itself a withdrawal, of entry {entry['supersedes']}"
            )
            raise LedgerError(
                "withdrawn",
                message,
                where=_where_entry(entry),
                remedy="record it anew with `carbon log` or `carbon import`",
            )
        return entry

    def _keys(self) -> dict[Key, int]:
        """The number of every key there is."""
        rows = self.con.execute("select site, meter, activity, detail, key_id from entry_key")
        return {(row[0], row[1], row[2], row[3]): row[4] for row in rows.fetchall()}

    def _current_entries(
        self, records: Sequence[Activity], keys: Mapping[Key, int]
    ) -> dict[Period, list[Held]]:
        """Current entries that the rows may repeat or change, by key and period."""
        names = {keys[key]: key for key in {_of_key(each) for each in records} if key in keys}
        if not names:
            return {}
        starts = {each.start_on for each in records}
        rows = self.con.execute(CURRENT_OF_KEYS, [list(names), min(starts), max(starts)]).fetchall()
        held: dict[Period, list[Held]] = defaultdict(list)
        for key_id, start_on, end_on, *content in rows:
            held[names[key_id], start_on, end_on].append(Held(*content))
        return held

    def _write_entries(
        self, batch_id: int, lines: Sequence[Line], unit_table: UnitTable, keys: dict[Key, int]
    ) -> list[int]:
        """Write the entries of a batch, their new keys and their months; gives the entry ids."""
        for line in lines:
            keys.setdefault(_of_key(line.record), len(keys) + 1)
        known = self._highest("entry_key", "key_id")
        new_keys = [(number, *key) for key, number in keys.items() if number > known]
        first = self._highest("entry", "entry_id") + 1
        rows = [
            _entry_row(entry_id, batch_id, keys[_of_key(line.record)], line)
            for entry_id, line in enumerate(lines, start=first)
        ]
        self._write(LEDGER["entry_key"], new_keys)
        self._write(LEDGER["entry"], rows)
        self._write_months(batch_id, lines, unit_table)
        return list(range(first, first + len(lines)))

    def _write_months(self, batch_id: int, lines: Sequence[Line], unit_table: UnitTable) -> None:
        """Write the months of a batch's entries, by carbon/sql/entry_month.sql."""
        counted = [line.record for line in lines if line.kind != "withdrawal"]
        units = dict.fromkeys((each.activity, each.unit) for each in counted)
        periods = list(dict.fromkeys((each.start_on, each.end_on) for each in counted))
        self._stage("unit_conversion", [(*pair, *unit_table[pair]) for pair in units])
        self._stage("period", [(number, *days) for number, days in enumerate(periods)])
        self._stage(
            "period_month",
            [
                (number, *part)
                for number, (start_on, end_on) in enumerate(periods)
                for part in month_shares(start_on, end_on)
            ],
        )
        self._stage("entry_new", [])
        self.con.execute(f"insert into entry_new {ENTRY_NEW}", [batch_id])
        columns = ", ".join(LEDGER["entry_month"].columns)
        self.con.execute(
            f"insert into entry_month ({columns}) select {columns} from ({sql_text('entry_month')})"
        )

    def _stage(self, name: str, rows: Sequence[Row]) -> None:
        """Make a temporary table for the batch being written."""
        relation = BATCH_INPUT[name]
        self.con.execute(f"create or replace temp table {name} ({_columns(relation)})")
        self._write(relation, rows)

    def _write(self, relation: Relation, rows: Sequence[Row]) -> None:
        for start in range(0, len(rows), CHUNK):
            insert_rows(self.con, relation, rows[start : start + CHUNK])

    def _batch(
        self,
        kind: str,
        by: str,
        file: str,
        digest: str,
        note: str,
        recorded_at: datetime | None,
    ) -> int:
        """Write the row that says who, when and from where; gives its number."""
        batch_id = self.last_batch + 1
        when = recorded_at or _now()
        self._write(LEDGER["batch"], [(batch_id, kind, file, digest, when, by, note)])
        return batch_id

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of the block, or nothing of it, whatever interrupts it."""
        import duckdb

        self.con.execute("begin")
        try:
            yield
            self.con.execute("commit")
        except BaseException as fault:
            with suppress(duckdb.Error):  # a failed commit has rolled back already
                self.con.execute("rollback")
            if isinstance(fault, duckdb.Error):
                raise LedgerError(
                    "not-recorded",
                    "the ledger could not be written; nothing of this batch was recorded",
                    where=str(fault).splitlines()[0],
                    remedy="make sure the disk has room and the folder can be written, "
                    "then try again",
                ) from fault
            raise

    def _highest(self, table: str, column: str) -> int:
        rows = self.con.execute(f"select coalesce(max({column}), 0) from {table}").fetchall()
        return rows[0][0]

    def _dicts(self, sql: str, asked: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        rows = self.con.execute(sql, asked or {})
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of an empty ledger, all or none; those there are stay as they are."""
    con.execute("begin")
    for relation in LEDGER.values():
        con.execute(f"create table if not exists {relation.name} ({_columns(relation)})")
    con.execute("commit")


def month_shares(start_on: date, end_on: date) -> list[tuple[int, Decimal, Decimal, bool]]:
    """The months of a period: month, share of its days before and until its end, is it split.

    Shares are rounded down to twelve places and the last is exactly 1, so that parts taken as
    differences of rounded products add up to the whole.

    >>> month_shares(date(2023, 1, 30), date(2023, 2, 2))[0]
    (202301, Decimal('0E-12'), Decimal('0.500000000000'), True)
    """
    days = (end_on - start_on).days + 1
    is_split = (start_on.year, start_on.month) != (end_on.year, end_on.month)
    parts, before, first = [], Decimal("0E-12"), start_on
    while first <= end_on:
        following = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
        gone = min((following - start_on).days, days)
        until = Decimal(gone * 10**12 // days).scaleb(-12)
        parts.append((first.year * 100 + first.month, before, until, is_split))
        before, first = until, following
    return parts


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """The book's lock, for as long as the block runs."""
    from filelock import FileLock, Timeout

    try:
        lock = FileLock(f"{path}.lock", timeout=LOCK_TIMEOUT).acquire()
    except Timeout:
        raise _in_use(path) from None
    except OSError as fault:
        raise LedgerError(
            "book-not-writable",
            f"the folder of {path.name} cannot be written: {fault.strerror or fault}",
            where=str(path.parent),
            remedy="copy the book to a folder of your own, or ask for the right to write there",
        ) from None
    with lock:
        yield


def _connected(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection to the file. Raises LedgerError where it is taken, or no ledger."""
    import duckdb

    try:
        return connect(path)
    except duckdb.Error as fault:
        if "lock on file" in str(fault):
            raise _in_use(path) from None
        raise _no_ledger(path, str(fault).splitlines()[0]) from None


def _check_tables(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raises LedgerError unless the file holds the tables of the glossary."""
    rows = con.execute(
        "select table_name, column_name from information_schema.columns "
        "where table_catalog = current_database()"
    ).fetchall()
    found = set(rows)
    for relation in LEDGER.values():
        missing = [name for name in relation.columns if (relation.name, name) not in found]
        if missing:
            lacks = f"its table {relation.name} lacks {', '.join(missing)}"
            raise _no_ledger(path, lacks)


def _in_use(path: Path) -> LedgerError:
    return LedgerError(
        "book-in-use",
        f"another program is using this book; waited {LOCK_TIMEOUT} s for it to finish",
        where=str(path),
        remedy="close the other command, notebook or program that has the book open, "
        "then try again",
    )


def _no_ledger(path: Path, why: str) -> LedgerError:
    return LedgerError(
        "not-a-ledger",
        f"{path.name} is not a ledger that this version can read",
        where=f"{path}\n{why}",
        remedy="use the version of carbon that wrote it, or restore the file from a copy",
    )


def _check_activity(record: Activity, unit_table: UnitTable, file: str) -> None:
    """Raises LedgerError for a row that cannot be counted exactly."""
    pair = (record.activity, record.unit)
    misfit = _misfit(record.quantity, QUANTITY)
    if record.end_on < record.start_on:
        code, message = "end-before-start", "the period ends before it starts"
        remedy = "write the first day as start and the last day as end"
    elif misfit:
        code, message = "inexact-quantity", f"the quantity {_digits(record.quantity)} {misfit}"
        remedy = "write it with fewer digits, in a larger or smaller unit"
    elif pair not in unit_table:
        code, message = "no-conversion", f"{record.activity} is not counted in {record.unit!r}"
        remedy = "enter it in a unit of that activity"
    elif _misfit(unit_table[pair][1], COEFFICIENT):
        code = "no-conversion"
        message = f"the factor {unit_table[pair][1]} of {record.unit!r} is not exact"
        remedy = "enter it in another unit"
    elif _converted(record, unit_table).copy_abs() >= LIMIT:
        code = "quantity-too-large"
        message = (
            f"{_digits(record.quantity)} {record.unit} is too large to be counted exactly "
            f"in {unit_table[pair][0]}"
        )
        remedy = "look whether the unit is right; else enter the period in several parts"
    else:
        return
    raise LedgerError(code, message, where=_where(file, record.row, _told(record)), remedy=remedy)


def _converted(record: Activity, unit_table: UnitTable) -> Decimal:
    """The quantity in the canonical unit, as entry_month.sql rounds it."""
    factor = unit_table[record.activity, record.unit][1]
    return EXACT.quantize(EXACT.multiply(record.quantity, factor), MILLIONTH)


def _misfit(value: Decimal, kind: str) -> str:
    """Why a number cannot be stored exactly in a decimal column, or ''."""
    width, scale = DECIMALS[kind]
    if not value.is_finite():
        return "is not a number"
    if value.copy_abs() >= Decimal(10) ** (width - scale):
        return f"is too large: at most {width - scale} digits before the point can be stored"
    if EXACT.quantize(value, Decimal(1).scaleb(-scale)) != value:
        return f"has more than {scale} decimals"
    return ""


def _width(kind: str) -> tuple[int, int]:
    width, scale = kind.removeprefix("decimal(").removesuffix(")").split(",")
    return int(width), int(scale)


DECIMALS = {kind: _width(kind) for kind in (QUANTITY, COEFFICIENT)}


def _compare(
    records: Sequence[Activity], held: Mapping[Period, Sequence[Held]], again: bool
) -> tuple[list[Line], list[Line], int]:
    """Rows that are new, rows that change a current entry, and the count of those known."""
    arrived: dict[Period, list[Activity]] = defaultdict(list)
    for record in records:
        arrived[_period(record)].append(record)
    new: list[Line] = []
    changed: list[Line] = []
    for period, rows in arrived.items():
        there = held.get(period, ())
        repeats = Counter((each.quantity, each.unit) for each in there)
        rest, left = (rows, []) if again else _without_known(rows, there)
        for row, old in zip(rest, left + [None] * len(rest), strict=False):
            repeats[row.quantity, row.unit] += 1
            repeat = repeats[row.quantity, row.unit]
            if old:
                changed.append(Line(row, repeat, "correction", old))
            else:
                new.append(Line(row, repeat))
    return new, changed, len(records) - len(new) - len(changed)


def _without_known(
    rows: Sequence[Activity], there: Sequence[Held]
) -> tuple[list[Activity], list[Held]]:
    """Rows and current entries of one period without those that say the same, by quantity."""
    stock: dict[tuple[Decimal, str], list[Held]] = defaultdict(list)
    for held in sorted(there, reverse=True):
        stock[held.quantity, held.unit].append(held)
    rest = []
    for row in rows:
        same = stock[row.quantity, row.unit]
        if same:
            same.pop()
        else:
            rest.append(row)
    left = sorted(held for several in stock.values() for held in several)
    return (sorted(rest, key=lambda row: (row.quantity, row.unit)) if left else rest), left


def _compare_records(
    table: str, rows: Sequence[Record], held: Mapping[tuple[Any, ...], Mapping[str, Any]], file: str
) -> tuple[list[Record], list[Record], int]:
    """Rows that are new, rows that change what is recorded, and the count of those known."""
    arrived: dict[tuple[Any, ...], Record] = {}
    for row in rows:
        _check_record(table, row, file)
        first = arrived.setdefault(_key(table, row), row)
        if _identity(table, first) != _identity(table, row):
            raise LedgerError(
                "same-id-twice",
                f"{table} {_name(_key(table, row))} is given twice, with different content",
                where=_where(file, row.row, f"first in row {first.row}"),
                remedy="give each its own id, or take one of the rows out",
            )
    new = [row for key, row in arrived.items() if key not in held]
    changed = [
        row
        for key, row in arrived.items()
        if key in held and held[key]["identity"] != _identity(table, row)
    ]
    return new, changed, len(rows) - len(new) - len(changed)


def _check_record(table: str, row: Record, file: str) -> None:
    """Raises LedgerError for a number that cannot be stored exactly."""
    for name, kind in LEDGER[table].columns.items():
        misfit = _misfit(getattr(row, name), kind) if kind in DECIMALS else ""
        if misfit:
            raise LedgerError(
                "inexact-quantity",
                f"{name} {_digits(getattr(row, name))} {misfit}",
                where=_where(file, row.row, f"{table} {_name(_key(table, row))}"),
                remedy="write it with fewer digits",
            )


def _check_claims(
    table: str,
    changed: Iterable[Record],
    held: Mapping[tuple[Any, ...], Mapping[str, Any]],
    file: str,
) -> None:
    """Raises LedgerError for what was retired once and is now claimed for another year or owner."""
    for row in changed:
        old = held[_key(table, row)]
        others = {"claim_year": row.claim_year, "beneficiary": getattr(row, "beneficiary", "")}
        differs = [
            f"{name} {old[name]} and now {value}"
            for name, value in others.items()
            if value and old.get(name) and old[name] != value
        ]
        if old["retired_on"] and row.retired_on and differs:
            raise LedgerError(
                "double-retirement",
                f"{table} {_name(_key(table, row))} was retired already, for {differs[0]}",
                where=_where(file, row.row),
                remedy="a certificate counts once; where the first claim was a mistake, "
                "withdraw it before this one is recorded",
            )


def _check_evidence(
    table: str,
    written: Iterable[Record],
    held: Mapping[tuple[Any, ...], Mapping[str, Any]],
    file: str,
) -> None:
    """Raises LedgerError for two that rest on one proof of retirement of one vintage."""
    arriving = {_key(table, row): _content(table, row) for row in written}
    staying = {key: row for key, row in held.items() if key not in arriving}
    spent: dict[tuple[str, int], tuple[Any, ...]] = {}
    for key, row in {**staying, **arriving}.items():
        if not row["retired_on"] or not row["evidence"]:
            continue
        first = spent.setdefault((row["evidence"], row["vintage_year"]), key)
        if first != key:
            raise LedgerError(
                "double-retirement",
                f"{table} {_name(key)} and {_name(first)} rest on the same proof of retirement, "
                f"{row['evidence']!r}, of vintage {row['vintage_year']}",
                where=_where(file, row["row"]),
                remedy="a certificate counts once: take one of them out, or write the "
                "certificate's own number into each one's evidence",
            )


def _content(table: str, row: Record | Mapping[str, Any]) -> dict[str, Any]:
    """What a person said of a record, with its row."""
    columns = ("row", *_content_columns(table))
    if isinstance(row, Mapping):
        return {name: row[name] for name in columns}
    return {name: getattr(row, name) for name in columns}


def _content_columns(table: str) -> list[str]:
    return [name for name in LEDGER[table].columns if name not in OWN_COLUMNS]


def _record_row(
    table: str,
    row: Record | Mapping[str, Any],
    batch_id: int,
    file_row: int,
    supersedes: bool,
    is_withdrawn: bool = False,
) -> Row:
    """A row of one of the tables of `KEYS`, in the order of its columns."""
    values = _content(table, row) | {
        "batch_id": batch_id,
        "row": file_row,
        "supersedes": _name(_key(table, row)) if supersedes else "",
        "is_withdrawn": is_withdrawn,
        "identity": _identity(table, row),
    }
    return tuple(values[name] for name in LEDGER[table].columns)


def _key(table: str, row: Record | Mapping[str, Any]) -> tuple[Any, ...]:
    content = _content(table, row)
    return tuple(content[name] for name in KEYS[table])


def _identity(table: str, row: Record | Mapping[str, Any]) -> str:
    content = _content(table, row)
    return _digest([_word(content[name]) for name in _content_columns(table)])


def _entry_row(entry_id: int, batch_id: int, key_id: int, line: Line) -> Row:
    """A row of `entry`, in the order of its columns."""
    record, old = line.record, line.old
    key, start_on, end_on = _period(record)
    content = [*key, str(start_on), str(end_on), _digits(record.quantity), record.unit]
    return (
        entry_id,
        batch_id,
        key_id,
        record.row,
        line.kind,
        old.entry_id if old else 0,
        old.chain_id if old else entry_id,
        start_on,
        end_on,
        record.quantity,
        record.unit,
        record.quality,
        record.evidence,
        record.note,
        _digest([*content, line.repeat]),
    )


def _activity(entry: Mapping[str, Any], row: int) -> Activity:
    """What an entry says, as a row."""
    return Activity(
        site=entry["site"],
        activity=entry["activity"],
        start_on=entry["start_on"],
        end_on=entry["end_on"],
        quantity=entry["quantity"],
        unit=entry["unit"],
        meter=entry["meter"],
        detail=entry["detail"],
        quality=entry["quality"],
        evidence=entry["evidence"],
        note=entry["note"],
        row=row,
    )


def _held_of(entry: Mapping[str, Any]) -> Held:
    return Held(entry["quantity"], entry["unit"], entry["entry_id"], entry["chain_id"])


def _offer(line: Line) -> Offer:
    assert line.old is not None
    old = line.old
    return Offer(line.record.row, old.entry_id, old.quantity, old.unit, line.record)


def _of_key(record: Activity) -> Key:
    return record.site, record.meter, record.activity, record.detail


def _period(record: Activity) -> Period:
    return _of_key(record), record.start_on, record.end_on


def _where(file: str, row: int, more: str = "") -> str:
    spot = f"{file}, row {row}" if file and row else file
    return "\n".join(part for part in (spot, more) if part)


def _where_entry(entry: Mapping[str, Any]) -> str:
    return _where(entry["file"], entry["row"], _told(_activity(entry, entry["row"])))


def _told(record: Activity) -> str:
    """A row as a person recognises it."""
    days = f"{record.start_on} to {record.end_on}"
    said = f"{_digits(record.quantity)} {record.unit}"
    return " | ".join(
        part
        for part in (days, record.site, record.meter, record.activity, record.detail, said)
        if part
    )


def _name(key: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in key if part != "")


def _digits(value: Decimal) -> str:
    """A number without idle zeros, one text for one value; one too long to read stays as it is."""
    if not value.is_finite() or abs(value.adjusted()) > 30:
        return str(value)
    return format(EXACT.normalize(EXACT.plus(value)), "f")


def _word(value: object) -> str:
    """A value as text, the same for equal values; nothing for what is not known."""
    if isinstance(value, Decimal):
        return _digits(value)
    return "" if value is None else str(value)


_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def _digest(parts: Sequence[object]) -> str:
    """The sha256 of a list of texts and numbers."""
    return hashlib.sha256(_encode(parts).encode("ascii")).hexdigest()


def _columns(relation: Relation) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in relation.columns.items())


def _now() -> datetime:
    """The time, in UTC, without its zone."""
    return datetime.now(UTC).replace(tzinfo=None)
