"""Filling in: what is typed on a page, how it is judged, and how it is recorded.

Every confirmed line goes to the book at once, by the methods of `carbon log` and `carbon correct`,
so nothing that was confirmed is lost with the form. A line that is recorded already becomes a
correction, never a second entry; undoing is a withdrawal, or a correction back. What is typed stays
until it is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from shlex import quote
from typing import Any, NamedTuple, Protocol

from carbon import readers
from carbon.errors import ImportRefused, LedgerError, Problem, UsageError, counted
from carbon.findings.patterns import judged_if
from carbon.form.page import Key, Line, Page
from carbon.inputs import later, month_list
from carbon.ledger import MILLIONTH
from carbon.records import Activity

READINGS = ("opening", "closing", "multiplier")
MORE = ("quality", "evidence", "note")
MOVED_ON = ("superseded", "withdrawn")  # what cannot be undone any more
NOTE = "taken back in the form"


class Recorder(Protocol):
    """What the form asks of a book."""

    def log(self, layout: str, fields: Mapping[str, str]) -> Any: ...
    def correct(self, entry_id: int, **said: str) -> Any: ...
    def take_back(self, entry_id: int, before: int = 0, note: str = "") -> Any: ...
    def page(self, site: str = "", month: str = "") -> Page: ...


class Place(NamedTuple):
    """Where something is typed."""

    site: str
    month: int
    key: Key


class Done(NamedTuple):
    """What was recorded, so that it can be taken back."""

    entry_id: int
    before: int  # the entry that stood there, 0 where none did
    place: Place
    typed: Mapping[str, str]


@dataclass(frozen=True)
class Judgement:
    """What is to be said of a line as it is typed. An error keeps it from being recorded."""

    problems: Sequence[Problem] = ()
    record: Activity | None = None

    @property
    def is_refused(self) -> bool:
        return self.record is None or any(each.severity == "error" for each in self.problems)

    @property
    def warnings(self) -> list[Problem]:
        return [each for each in self.problems if each.severity == "warning"]


class Form:
    """The form of one book. What is typed is kept by site, month and line."""

    def __init__(self, book: Recorder, site: str = "", month: str = "") -> None:
        self.book = book
        self.page = book.page(site, month)
        self.typed: dict[Place, dict[str, str]] = {}
        self.added: list[tuple[str, Key]] = []
        self.done: list[Done] = []

    def turn(self, site: str = "", month: str = "") -> None:
        """Reads another page, or the same one anew. Raises CarbonError and stays where it was."""
        self.page = self.book.page(site or self.page.site, month or self.month)

    def earlier(self) -> None:
        self.turn(month=month_list([later(self.page.month, -1)]))

    def later(self) -> None:
        self.turn(month=month_list([later(self.page.month, 1)]))

    @property
    def month(self) -> str:
        return month_list([self.page.month])

    def lines(self, meter: str | None = None, activity: str = "") -> list[Line]:
        """The lines of the page; of one meter ('' for bills without one) or activity if wished."""
        known = {each.key for each in self.page.lines}
        added = [key for site, key in self.added if site == self.page.site and key not in known]
        return [
            each
            for each in (*self.page.lines, *map(self.page.line, added))
            if meter in (None, each.key.meter) and activity in ("", each.key.activity)
        ]

    def add(self, meter: str, activity: str, detail: str = "") -> Key:
        """A further line of the site. Raises UsageError where the activity needs a detail."""
        details = self.page.words.word(self.page.site, activity).details
        if details and detail not in details:
            raise UsageError(
                "missing-detail",
                f"{activity} needs a detail",
                looked_for=", ".join(details),
                remedy="choose one of the list",
            )
        key = Key(meter, activity, detail)
        if (self.page.site, key) not in self.added:
            self.added.append((self.page.site, key))
        return key

    def value(self, line: Line, name: str) -> str:
        """What a field of a line says: as typed, else what is taken for granted."""
        typed = self.typed.get(self.place(line), {})
        return typed.get(name, self._granted(line, name))

    def write(self, line: Line, name: str, text: str) -> None:
        """Takes what is typed into a field of a line."""
        place = self.place(line)
        typed = {**self.typed.get(place, {}), name: text}
        if text == self._granted(line, name):
            del typed[name]
        if typed:
            self.typed[place] = typed
        else:
            self.typed.pop(place, None)

    def clear(self, line: Line) -> None:
        """Forgets what is typed into a line."""
        self.typed.pop(self.place(line), None)

    def is_begun(self, line: Line) -> bool:
        """Whether anything is typed into a line that is not recorded yet."""
        return self.place(line) in self.typed

    def recorded(self, line: Line) -> int:
        """The entry that a figure of the month would correct; 0 where it would be the first, or
        where the month is made of other periods."""
        found = line.months.get(self.page.month)
        return found.entry_id if found and found.is_one_of(self.page.month) else 0

    def judge(self, line: Line) -> Judgement:
        """What is to be said of a line as it is typed: what a file would be told of such a row,
        and what `carbon check` would find in the month."""
        held = self._held(line)
        there = [self._there(line)] if self.recorded(line) else []
        if not self.is_begun(line):
            return Judgement([replace(held, severity="note")] if held else there)
        words, today = self.page.words, self.page.today
        read = readers.understand(
            "activity", readers.one_row(self.fields(line)), words, today=today
        )
        problems = [replace(each, where="") for each in read.problems]
        problems += [held] if held else there
        if not read.records:
            return Judgement(problems)
        record = read.records[0]
        canonical, factor = read.unit_table[record.activity, record.unit]
        if line.is_continuous and canonical == line.canonical:
            quantity = (record.quantity * factor).quantize(MILLIONTH)
            problems += [
                Problem(odd.code, "warning", odd.said)
                for odd in judged_if(line.series, self.page.month, quantity)
            ]
        if self.page.closed_year:
            problems.append(_closed(self.page.closed_year))
        return Judgement(problems, record)

    def question(self, line: Line, judged: Judgement) -> str:
        """What is asked before a line is recorded: nothing, where it is new and usual."""
        said = [f"{each.message}." for each in judged.warnings]
        entry_id = self.recorded(line)
        if entry_id and judged.record:
            old, new = line.months[self.page.month], judged.record
            before, after = (_told(each.quantity, each.unit) for each in (old, new))
            others = " and ".join(sorted(set(self._changed(line)) & {*MORE}))
            what = f"say {after}" if before != after else f"have another {others or 'note'}"
            said.append(f"Entry {entry_id} says {before}. Shall it {what} from now on?")
        elif said:
            said.append("Record it all the same?")
        return "\n".join(said)

    def fields(self, line: Line) -> dict[str, str]:
        """A line as `carbon log` takes it."""
        said = {"site": line.site, "month": self.month, **line.key._asdict()}
        said |= {name: self.value(line, name).strip() for name in ("quantity", "unit", *MORE)}
        if self.value(line, "closing").strip():
            said |= {name: self.value(line, name).strip() for name in READINGS}
        elif not said["quantity"] and self.recorded(line):
            said["quantity"] = _plain(line.months[self.page.month].quantity)
        return {name: text for name, text in said.items() if text or name == "quantity"}

    def record(self, line: Line) -> str:
        """Records a line as it is typed, or corrects what is recorded; says what was done.

        Raises CarbonError where the book refuses it; what was typed stays then.
        """
        place, typed = self.place(line), self.typed.get(self.place(line), {})
        judged = self.judge(line)
        if judged.is_refused or judged.record is None:
            raise ImportRefused(list(judged.problems), **REFUSED)
        old = self.recorded(line)
        entry_id, said = self._corrected(old, judged.record) if old else self._logged(line)
        self.done.append(Done(entry_id, old, place, typed))
        if self.typed.get(place) == typed:
            self.typed.pop(place, None)
        return said

    def undo(self) -> tuple[str, Place]:
        """Takes back the line recorded last, and puts what was typed back in its place; says what
        was done and where. Raises CarbonError where there is none, or the book refuses it."""
        if not self.done:
            raise UsageError(
                "nothing-to-undo",
                "nothing is left to take back that was recorded in this form",
                remedy="carbon withdraw ENTRY takes back what was recorded before",
            )
        entry_id, before, place, typed = self.done[-1]
        try:
            made = self.book.take_back(entry_id, before, NOTE)
        except LedgerError as fault:
            if fault.code in MOVED_ON:
                self.done.pop()
            raise
        self.done.pop()
        self.done = [  # what stands there now is another entry, which says the same
            each._replace(entry_id=made.entry_id) if each.entry_id == before else each
            for each in self.done
        ]
        self.typed.setdefault(place, dict(typed))
        return str(made), place

    def place(self, line: Line) -> Place:
        return Place(line.site, self.page.month, line.key)

    def _granted(self, line: Line, name: str) -> str:
        """What a field says before anything is typed into it."""
        old = line.months.get(self.page.month) if self.recorded(line) else None
        if name == "unit":
            return old.unit if old else line.unit
        if name in ("opening", "multiplier") and line.reading:
            return line.reading[name == "multiplier"]
        if name == "note":
            return readers.without_readings(old.note) if old else ""
        if name in MORE and old:
            return str(getattr(old, name)).removeprefix("unstated")
        return ""

    def _changed(self, line: Line) -> list[str]:
        return list(self.typed.get(self.place(line), {}))

    def _there(self, line: Line) -> Problem:
        """What is recorded of the month already."""
        found = line.months[self.page.month]
        said = f"entry {found.entry_id} says {_told(found.quantity, found.unit)}"
        more = ", ".join(filter(None, (found.quality.removeprefix("unstated"), found.evidence)))
        return Problem("recorded", "note", f"{said} ({more})" if more else said)

    def _held(self, line: Line) -> Problem | None:
        """Why a month cannot be said in one figure, where it is made of other periods."""
        found = line.months.get(self.page.month)
        if found is None or found.is_one_of(self.page.month):
            return None
        how = (
            f"{counted(found.entries, 'entry', 'entries')}"
            if found.entries > 1
            else f"entry {found.entry_id}, {found.start_on} to {found.end_on}"
        )
        return Problem(
            "other-period",
            "error",
            f"{self.month} of {line.key.name} is recorded already, by {how}",
            looked_for="no entry, or one of exactly this month",
            remedy=f"carbon entries --site {quote(line.site)} --since {self.month} --until"
            f" {self.month}"
            " lists it for carbon correct; carbon log adds what is missing",
        )

    def _corrected(self, entry_id: int, record: Activity) -> tuple[int, str]:
        made = self.book.correct(
            entry_id,
            quantity=_plain(record.quantity),
            unit=record.unit,
            quality=record.quality.removeprefix("unstated"),
            evidence=record.evidence,
            note=record.note,
        )
        return made.entry_id, str(made)

    def _logged(self, line: Line) -> tuple[int, str]:
        fields = self.fields(line)
        report = self.book.log("activity", fields)
        if report.offered or report.known:
            told = str(report.offered[0]).partition(": ")[2] if report.offered else "the same"
            raise LedgerError(
                "recorded-meanwhile",
                f"{self.month} of {line.key.name} was recorded meanwhile: {told}",
                remedy="look at it; recording this line now corrects it",
            )
        if not report.recorded:
            raise ImportRefused(list(report.problems), **REFUSED)
        (entry_id,) = report.entry_ids
        return entry_id, f"Entry {entry_id} recorded: {self.month} of {line.key.name}."


REFUSED = {"message": "nothing was recorded", "remedy": "mend what is typed; it is kept"}


def _closed(year: int) -> Problem:
    return Problem(
        "after-closing",
        "warning",
        f"{year} is closed: what is recorded now does not count in it until it is restated",
        remedy=f"carbon restate {year}",
    )


def _told(quantity: Decimal, unit: str) -> str:
    return f"{quantity.normalize():,f} {unit}"


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():f}"
