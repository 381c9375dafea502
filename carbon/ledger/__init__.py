"""The ledger: what was bought, burned and leaked, as it was first written down.

`append` takes rows as a reader understood them and writes one batch; `correct` and `withdraw`
write entries that supersede earlier ones; `record` does the same for certificates, credits,
denominators and equipment. A batch is recorded whole or not at all. Nothing is ever updated or
deleted, so an inventory closed at a cut-off can be computed again, digit for digit, years later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbon.engine import sql_text
from carbon.errors import LedgerError
from carbon.ledger import file as ledger_file
from carbon.ledger.batches import CHUNK, NEWEST
from carbon.ledger.checks import DECIMALS, LIMIT, MILLIONTH, check_activity
from carbon.ledger.closings import Closing, Closings, Kept
from carbon.ledger.compare import (
    Change,
    Offer,
    Outcome,
    compare_entries,
    is_actual,
    offer_of,
)
from carbon.ledger.file import check_tables, columns_of, create_tables, is_older
from carbon.ledger.lines import COUNTED, Lines
from carbon.ledger.months import BATCH_INPUT, ENTRY_NEW, month_shares
from carbon.ledger.readings import Arriving
from carbon.ledger.records import Records
from carbon.ledger.rows import (
    EXACT,
    KEYS,
    OWN_COLUMNS,
    Held,
    Key,
    Line,
    Period,
    Record,
    activity_of,
    entry_key,
    entry_period,
    entry_row,
    held_of,
    where_of_entry,
)
from carbon.ledger.runs import Runs
from carbon.records import Activity, Readings, UnitTable
from carbon.schema import FOREVER, LEDGER

if TYPE_CHECKING:
    import duckdb

    from carbon.engine import Row

__all__ = [
    "BATCH_INPUT",
    "CHUNK",
    "CURRENT_OF_KEYS",
    "DECIMALS",
    "ENTRIES",
    "ENTRY_NEW",
    "EXACT",
    "KEYS",
    "LIMIT",
    "LOCK_TIMEOUT",
    "MILLIONTH",
    "NEWEST",
    "OWN_COLUMNS",
    "Change",
    "Closing",
    "Held",
    "Kept",
    "Key",
    "Ledger",
    "Line",
    "Offer",
    "Outcome",
    "Period",
    "Record",
    "create_tables",
    "month_shares",
]

LOCK_TIMEOUT = 30  # how long a command waits for another one to leave the book [s]

ENTRIES = """
select
    e.entry_id, e.batch_id, b.file, e.row, k.site, k.meter, k.activity, k.detail,
    e.start_on, e.end_on, e.quantity, e.unit, e.quality, e.evidence, e.note,
    e.uncertainty_pct, e.kind, e.supersedes, e.chain_id, e.identity,
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
select e.key_id, e.start_on, e.end_on, e.quantity, e.unit, e.entry_id, e.chain_id, e.quality,
    r.entry_id is not null
from entry as e
left join reading_set as r on r.entry_id = e.entry_id
left join entry as x on x.supersedes = e.entry_id
where x.entry_id is null
    and e.kind <> 'withdrawal'
    and e.key_id in (select unnest(?::integer[]))
    and e.start_on between ? and ?
"""

MONTHS = f"""
select
    k.site, k.meter, k.activity, k.detail, m.month,
    max_by(m.unit, e.entry_id) as canonical_unit, count(distinct m.unit) > 1 as is_mixed,
    sum(m.quantity) as canonical, count(*) as entries, bool_or(m.is_split) as is_split,
    bool_or(e.quality in ('calculated', 'estimated')) as is_worked_out,
    max(e.entry_id) as entry_id,
    max_by(e.start_on, e.entry_id) as start_on, max_by(e.end_on, e.entry_id) as end_on,
    max_by(e.quantity, e.entry_id) as quantity, max_by(e.unit, e.entry_id) as unit,
    max_by(e.quality, e.entry_id) as quality, max_by(e.evidence, e.entry_id) as evidence,
    max_by(e.note, e.entry_id) as note
from ({COUNTED}) as m
join entry as e on e.entry_id = m.entry_id
join entry_key as k on k.key_id = m.key_id
left join entry as x on x.supersedes = e.entry_id
where x.entry_id is null and e.kind <> 'withdrawal' and k.site = $site
group by all
order by k.site, k.meter, k.activity, k.detail, m.month
"""


class Ledger(Records, Runs, Closings, Lines):
    """The ledger of one book, over a connection to its file. `Ledger.open` gives one."""

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
            if create or is_older(con):
                create_tables(con)
            check_tables(con, path)
            yield cls(con)

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
        activity, detail and period is offered as a correction, never added beside. A bill or a
        reading takes the place of the estimate of its period without being asked; a credit, which
        is below nothing, stands beside its bill.

        accept_corrections : record the offers, each superseding its entry.
        again : record every row beside what there is, even an identical one.

        Raises LedgerError for a quantity that cannot be stored exactly; nothing is recorded then.
        """
        for record in records:
            check_activity(record, unit_table, file)
        keys = self._keys()
        held = self._current_entries(records, keys)
        new, changed, known = compare_entries(records, held, again)
        offered = [line for line in changed if not (accept_corrections or is_actual(line))]
        lines = new + [line for line in changed if accept_corrections or is_actual(line)]
        lines.sort(key=lambda line: line.record.row)
        offers: list[Offer | Change] = [offer_of(line) for line in offered]
        if not lines:
            return Outcome(known=known, offered=offers)
        with self._transaction():
            batch_id = self._batch(kind, by, file, digest, note, recorded_at)
            entry_ids = self._write_entries(batch_id, lines, unit_table, keys)
        corrected = len(lines) - len(new)
        return Outcome(batch_id, len(new), known, corrected, offers, entry_ids)

    def append_readings(self, readings: Readings, unit_table: UnitTable, **who: Any) -> Outcome:
        """Record readings of meters as one batch, an entry a meter and month: `Arriving.append`."""
        return Arriving(self).append(readings, unit_table, **who)

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
        check_activity(new, unit_table, "")
        if activity_of(old, row=new.row) == new:
            raise LedgerError(
                "nothing-to-correct",
                f"entry {entry_id} says exactly that already",
                where=where_of_entry(old),
                remedy="give the quantity, unit or other part that is wrong",
            )
        keys = self._keys()
        held = self._current_entries([new], keys).get(entry_period(new), [])
        repeat = 1 + sum((each.quantity, each.unit) == (new.quantity, new.unit) for each in held)
        line = Line(new, repeat, "correction", held_of(old))
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
        line = Line(activity_of(old, row=0), 1, "withdrawal", held_of(old))
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

    def months_at(self, site: str) -> list[dict[str, Any]]:
        """What counts at a site, by key and month: the sum in the canonical unit, of how many
        entries, and what the newest of them says."""
        return self._dicts(MONTHS, {"site": site})

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

    def _changeable(self, entry_id: int) -> dict[str, Any]:
        """An entry that may be superseded. Raises LedgerError for any other."""
        entry = self.entry(entry_id)
        by = entry["superseded_by"]
        if entry["state"] == "superseded":
            raise LedgerError(
                "superseded",
                f"entry {entry_id} was already corrected by entry {by}",
                where=where_of_entry(entry),
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
                where=where_of_entry(entry),
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
        names = {keys[key]: key for key in {entry_key(each) for each in records} if key in keys}
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
            keys.setdefault(entry_key(line.record), len(keys) + 1)
        known = self._highest("entry_key", "key_id")
        new_keys = [(number, *key) for key, number in keys.items() if number > known]
        first = self._highest("entry", "entry_id") + 1
        rows = [
            entry_row(entry_id, batch_id, keys[entry_key(line.record)], line)
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
        self.con.execute(f"create or replace temp table {name} ({columns_of(relation)})")
        self._write(relation, rows)


def _held(path: Path) -> AbstractContextManager[None]:
    """The book's lock, for as long as the block runs."""
    return ledger_file.locked(path, LOCK_TIMEOUT)


def _connected(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection to the file. Raises LedgerError where it is taken, or no ledger."""
    return ledger_file.connected(path, LOCK_TIMEOUT)
