"""A file of readings, understood: each word, time and number once, the rows in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from carbon.errors import CarbonError, Problem
from carbon.readers import words
from carbon.readers.activities import ActivityRows
from carbon.readers.columns import Columns, columns
from carbon.readers.faults import Faults
from carbon.readers.files import Row
from carbon.readers.headings import ours
from carbon.readers.intervals.order import check_order
from carbon.readers.intervals.recognition import LEFT_OUT, NAMING, READ, names_of
from carbon.readers.intervals.staging import Beginning, Staged, stage
from carbon.readers.intervals.stamps import Moment, Stamps
from carbon.readers.intervals.tables import PLAIN, insert
from carbon.readers.lookup import future
from carbon.records import Readings, Tell, Vocabulary
from carbon.settings import ColumnMap

if TYPE_CHECKING:
    import duckdb

# A month that holds one estimated reading is an estimate.
RANKS = ("metered", "billed", "calculated", "unstated", "estimated")
MEMORY = "600MB"  # of the engine; beyond it the engine writes to the disk beside the ledger
LOOKED_UP = 500  # rows that are fetched to be shown
CALENDAR_DAY = "2000-01-01"  # stands for any day while a row's words are understood


class Intervals:
    """The readings of one file, understood against the words of a book.

    `is_read` is false where a column is missing; then there are problems and nothing else.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        begun: Beginning,
        vocabulary: Vocabulary,
        column_map: ColumnMap | None,
        today: date,
        tell: Tell = lambda what, since, until, asked: None,
    ) -> None:
        self.con, self.begun, self._tell, self.today = con, begun, tell, today
        self.mapped = column_map or ColumnMap()
        self.faults = Faults(begun.sheet.file)
        self.unit_table: dict[tuple[str, str], tuple[str, Decimal]] = {}
        con.execute(f"set memory_limit = '{MEMORY}'")
        con.execute("set enable_progress_bar = true")
        con.execute("set enable_progress_bar_print = false")
        self.digest, self.odd, self._looked_up = "", 0, 0
        self.readings = Readings({}, self.mapped.time_zone, 0)
        self.names = names_of(begun.sheet, self.mapped)
        self.time = self.names.index("time") if "time" in self.names else None
        found = self._columns()
        self.is_read = found is not None
        if found is not None:
            self._read(found, vocabulary)

    @property
    def problems(self) -> list[Problem]:
        return [*self.begun.problems.problems(), *self.faults.problems()]

    def refused(self) -> Iterator[tuple[Any, ...]]:
        """The rows kept out, as they stand in the file, each with its number and the reasons."""
        asked = self.con.execute(
            "select n.* exclude (row), n.row, r.reasons from numbered as n join (select row,"
            " string_agg(distinct reason, '; ' order by reason) as reasons from refusal"
            " group by row) as r on r.row = n.row order by n.row"
        )
        while rows := asked.fetchmany(10_000):
            yield from rows

    def _say(self, what: str, since: float, until: float) -> None:
        self._tell(what, since, until, self.con.query_progress)

    def _columns(self) -> Columns | None:
        """Where the columns stand; nothing, and the faults noted, where one is missing."""
        sheet = self.begun.sheet
        header = [
            name
            if name == "start" and ours(heading) not in map(ours, self.mapped.columns.values())
            else heading
            for name, heading in zip(self.names, sheet.header, strict=True)
        ]
        rows = sheet.rows
        if self.time is not None:
            header[self.time] = ""
            rows = [Row(n, [*c[: self.time], "", *c[self.time + 1 :]]) for n, c in rows]
        shown = replace(sheet, header=header, rows=[*rows, *self._oddly_written()])
        ends = {} if "end" in self.names else {"end": CALENDAR_DAY}
        mapped = self.mapped.model_copy(update={"constants": self.mapped.constants | ends})
        found = columns(shown, "activity", mapped, self.faults)
        if found:
            for name in sorted(LEFT_OUT & set(found.places.values())):
                self.faults.add(_left_out(name), severity="warning")
        return found

    def _oddly_written(self) -> list[Row]:
        """Rows beyond the first ones whose numbers may tell how the column writes decimals."""
        self._say("reading the file", 0.0, 0.45)
        staged: Staged = stage(self.con, self.begun)
        self.digest = staged.digest
        places = [at for at, name in enumerate(self.names) if name == "quantity"]
        if len(places) != 1:
            return []
        plain = PLAIN.format(f"c{places[0]}")
        (self.odd,) = self.con.execute(
            f"select count(*) from line where not coalesce({plain}, false)"
        ).fetchone() or (0,)
        if not self.odd and not self.begun.sheet.is_local:
            return []
        written = f"c{places[0]}"
        # The shape of a number decides how it can be read: its signs, and where digits stand.
        found = self.con.execute(
            f"select min(rowid), any_value({written}) from line"
            f" group by regexp_replace(regexp_replace({written}, '[1-9]', '9'), '[0-9]', '9', 'g')"
            " order by 1 limit 1000"
        ).fetchall()
        blank = [""] * len(self.names)
        return [
            Row(0, [*blank[: places[0]], number or "", *blank[places[0] + 1 :]])
            for _, number in found
        ]

    def _read(self, found: Columns, vocabulary: Vocabulary) -> None:
        """Understand words, times and numbers, then judge the order of each meter's intervals."""
        con = self.con
        con.execute("create or replace temp table refusal (row integer, reason varchar)")
        self._say("understanding it", 0.45, 0.55)
        at = {name: f"c{place}" for place, name in found.places.items() if name in READ}
        keys = self._understand_words(found, vocabulary, at)
        start = at["start"] if self.time is None else f"{at['start']} || ' ' || c{self.time}"
        stamps = Stamps(found.labels["start"], self.mapped)
        texts = {"start": start} | ({"end": at["end"]} if "end" in at else {})
        moments = self._understand_times(texts, found, stamps)
        self._understand_numbers(at["quantity"], found)
        self._say("checking every interval", 0.55, 0.75)
        self._join(at, texts, any(each.again_s is not None for each in moments))
        self._calendar(stamps)
        named = {number: key[1] or key[0] for key, number in keys.items()}
        check_order(con, named, "end" in at, self.faults, self._cells)
        self._warn({number: key[2] for key, number in keys.items()})
        (count,) = con.execute("select count(*) from reading_new").fetchone() or (0,)
        self.readings = Readings(
            {number: key for key, number in keys.items()}, self.mapped.time_zone, count
        )

    def _understand_words(
        self, found: Columns, vocabulary: Vocabulary, at: dict[str, str]
    ) -> dict[tuple[str, str, str, str], int]:
        """`who`: each combination of names as written, with the key, unit and quality it means."""
        con, width = self.con, len(self.names)
        plain = self.mapped.model_copy(
            update={"date_format": "", "end_is_exclusive": False, "register_digits": None}
        )
        rows = ActivityRows(vocabulary, found, plain, self.today, self.faults)
        written = [at[name] for name in NAMING if name in at]
        listed = ", ".join([*written, "min(row) as row", "count(*) as count"])
        grouped = f"group by {', '.join(written)}" if written else ""
        con.execute(
            "create or replace temp table who as select cast(row_number() over () as integer) as"
            f" who_no, * from (select {listed} from numbered {grouped})"
        )
        asked = con.execute("select * from who order by row").fetchall()
        self.joined = " and ".join(
            f"w.{each} is not distinct from n.{each}" for each in _telling(written, asked)
        )
        shown = {
            row: [each or "" for each in cells]
            for row, *cells in con.execute(
                "select * from numbered where row in (select row from who)"
            ).fetchall()
        }
        keys: dict[tuple[str, str, str, str], int] = {}
        known, bad = [], []
        for who_no, *texts, row, count in asked:
            cells: list[Any] = [""] * width
            for name, said in zip(written, texts, strict=True):
                cells[int(name[1:])] = said or ""
            if written and not any(map(words.text, cells)) and self._is_blank(who_no):
                continue
            translated = found.translated(cells) if found.words else cells
            if translated is None:
                continue
            picked = dict(
                zip(found.layout.columns, found.pick([*translated, *found.tail]), strict=True)
            )
            picked |= {"start": CALENDAR_DAY, "end": CALENDAR_DAY, "quantity": "0"}
            picked |= dict.fromkeys(("month", "year", "evidence", "note", "uncertainty"), "")
            self.faults.rows = count
            meant = rows.understood(row, picked.values(), shown[row])
            self.faults.rows = 1
            if meant is None:
                bad.append((who_no, "; ".join(self.faults.refused.get(row, ()))))
                continue
            key = (meant.site, meant.meter, meant.activity, meant.detail)
            number = keys.setdefault(key, len(keys) + 1)
            known.append((who_no, number, meant.unit, RANKS.index(meant.quality)))
        self.unit_table = rows.units
        insert(
            con,
            "who_known",
            known,
            who_no="integer",
            key_no="integer",
            unit="varchar",
            quality="tinyint",
        )
        insert(con, "who_refused", bad, who_no="integer", reason="varchar")
        if bad:
            con.execute(
                "insert into refusal select n.row, r.reason from numbered as n join who as w on"
                f" {self.joined or 'true'} join who_refused as r on r.who_no = w.who_no"
            )
        return keys

    def _is_blank(self, who_no: int) -> bool:
        """Whether all rows without any name are blank altogether; then they are no rows."""
        every = ", ".join(f"n.c{at}" for at in range(len(self.names)))
        (filled,) = self.con.execute(
            f"select count(*) from numbered as n join who as w on {self.joined or 'true'}"
            f" where w.who_no = ? and trim(concat({every})) <> ''",
            [who_no],
        ).fetchone() or (0,)
        return not filled

    def _understand_times(
        self, texts: dict[str, str], found: Columns, stamps: Stamps
    ) -> list[Moment]:
        """`moment`: each distinct time as written, with its instant."""
        good: dict[str, Moment] = {}
        for name, written in texts.items():
            stamps.label = found.labels[name]
            bad = []
            asked = self.con.execute(
                f"select {written}, min(row), count(*) from numbered group by 1 order by 2"
            )
            for said, row, count in asked.fetchall():
                if said in good:
                    continue
                try:
                    good[said] = stamps.moment(said or "")
                except CarbonError as fault:
                    bad.append((said, self._noted(fault, row, count)))
            self._refuse(written, bad)
        columns = {"said": "varchar", "at_s": "bigint", "again_s": "bigint"}
        columns |= {"day": "integer", "month": "integer"}
        insert(self.con, "moment", list(good.values()), **columns)
        return list(good.values())

    def _understand_numbers(self, written: str, found: Columns) -> None:
        """`number`: each quantity that is not written plainly, with the value it has."""
        decimals, label = found.decimals.get("quantity", ""), found.labels["quantity"]
        self.plain = PLAIN.format(f"n.{written}") if self.odd else "true"
        if decimals not in ("", "."):
            self.plain = f"coalesce(regexp_full_match(n.{written}, '[0-9]{{1,11}}'), false)"
        asked = self.con.execute(
            f"select n.{written}, min(n.row), count(*) from numbered as n"
            f" where not coalesce({self.plain}, false) group by 1 order by 2"
        )
        good, bad = [], []
        for said, row, count in asked.fetchall():
            try:
                value = words.number(self._typed(said or ""), label, decimals)
                good.append((said, format(value, "f")))
            except CarbonError as fault:
                bad.append((said, self._noted(fault, row, count)))
        insert(self.con, "number", good, said="varchar", value="varchar")
        self._refuse(f"n.{written}", bad, f"where not coalesce({self.plain}, false)")

    def _noted(self, fault: CarbonError, row: int, count: int) -> str:
        """Notes a fault of as many rows, unless they are blank altogether; gives the reason."""
        cells = self._cells(row)
        if cells and not any(map(words.text, cells)):
            return ""
        self.faults.add(fault, row, cells, rows=count)
        return f"{fault.code}: {fault.message}"

    def _refuse(self, written: str, bad: list[tuple[Any, str]], where: str = "") -> None:
        """Keep the rows out whose text is bad, with the reason."""
        if bad:
            insert(self.con, "text_refused", bad, said="varchar", reason="varchar")
            self.con.execute(
                "insert into refusal select n.row, r.reason from numbered as n"
                " join text_refused as r on r.reason <> ''"
                f" and r.said is not distinct from {written} {where}"
            )

    def _typed(self, said: str) -> words.Cell:
        """A number of a Parquet column as the number it is there, whatever its exponent."""
        return float(said) if not self.begun.delimiter and "e" in said else said

    def _join(self, at: dict[str, str], texts: dict[str, str], comes_twice: bool) -> None:
        """`reading_sorted`: the rows of which everything is understood, by key and instant."""
        has_ends = "end" in texts
        quantity = f"n.{at['quantity']}"
        value = f"cast({quantity} as decimal(17, 6))"
        numbers, given = "", "true"
        if self.plain != "true":
            numbers = f"left join number as v on v.said = {quantity}"
            value = f"case when {self.plain} then try_{value} else v.value::decimal(17, 6) end"
            given = f"({self.plain}) or v.value is not null"
        select = f"""
            select
                n.row, w.who_no, w.key_no, s.at_s, {"s.again_s," if comes_twice else ""} s.day,
                {"cast(e.at_s - s.at_s as integer)" if has_ends else "0"} as length_s,
                {value} as quantity
            from numbered as n
            join who_meant as w on {self.joined or "true"}
            join moment as s on s.said = {texts["start"]}
            {f"join moment as e on e.said = {texts['end']}" if has_ends else ""}
            {numbers}
            where {given}
        """
        con = self.con
        con.execute(
            "create or replace temp table who_meant as select w.*, cast(k.key_no as smallint) as"
            " key_no from who as w join who_known as k on k.who_no = w.who_no"
        )
        if comes_twice:
            con.execute(f"create or replace temp table reading_raw as {select}")
            con.execute(
                "update reading_raw set at_s = again_s where row in (select row from (select row,"
                " row_number() over (partition by key_no, at_s order by row) as turn"
                " from reading_raw where again_s is not null) where turn = 2)"
            )
            select = "select * exclude (again_s) from reading_raw"
        con.execute(
            f"create or replace temp table reading_sorted as {select} order by key_no, at_s, row"
        )

    def _calendar(self, stamps: Stamps) -> None:
        """`reading_calendar`: how long each day is."""
        days = self.con.execute("select distinct day, month from moment").fetchall()
        rows = [(day, month, stamps.length(day)) for day, month in days]
        columns = {"day": "integer", "month": "integer", "day_s": "integer"}
        insert(self.con, "reading_calendar", rows, **columns)

    def _warn(self, activities: dict[int, str]) -> None:
        """What is understood and surprising: negative, or ahead of today."""
        asked = self.con.execute(
            "select key_no, count(*) filter (quantity < 0), min(row) filter (quantity < 0),"
            " count(*) filter (day > $today), min(row) filter (day > $today)"
            " from reading_new group by 1 having min(quantity) < 0 or max(day) > $today order by 1",
            {"today": self.today.toordinal()},
        )
        for key_no, negative, row, ahead, ahead_row in asked.fetchall():
            if negative:
                fault = _negative(activities[key_no])
                self.faults.add(fault, row, self._cells(row), "warning", negative)
            if ahead:
                fault = future(self.today)
                self.faults.add(fault, ahead_row, self._cells(ahead_row), "warning", ahead)

    def _cells(self, row: int) -> Sequence[Any]:
        """The cells of a row of the file; of the first that are asked for, no more are shown."""
        self._looked_up += 1
        if self._looked_up > LOOKED_UP:
            return ()
        found = self.con.execute(
            "select * exclude (row) from numbered where row = ?", [row]
        ).fetchone()
        return [each or "" for each in found or ()]


def _telling(written: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Sequence[str]:
    """The one column that tells all combinations apart, where there is one; else all of them."""
    for at, name in enumerate(written, start=1):
        if len({row[at] for row in rows}) == len(rows):
            return [name]
    return written


def _left_out(name: str) -> CarbonError:
    return CarbonError(
        "column-left-out",
        f"{name} is not kept of single readings",
        remedy=f"where a month needs it, carbon correct the entry of the month with its {name}",
    )


def _negative(activity: str) -> CarbonError:
    return CarbonError(
        "negative-quantity",
        f"a quantity of {activity} is negative",
        looked_for="readings from 0 up; energy fed in is pv_export",
        remedy="leave it where the meter corrects itself; else correct it",
    )
