"""A book: one folder an organisation, and every verb of the command line as a method.

`Book.open` finds the folder; its methods read files in, look at the ledger, compute, judge and
explain. Each call opens the ledger, does one thing under the lock and closes it again, so that
facility managers and reports take turns without noticing each other.
"""

from __future__ import annotations

import csv
import getpass
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from carbon import inventory, library, outlook, readers, settings
from carbon.coefficient import serves
from carbon.demo import write as write_demo
from carbon.errors import CarbonError, ImportRefused, LedgerError, Problem, UsageError, nearest
from carbon.explain import Explanation, explain
from carbon.findings import findings
from carbon.ledger import Ledger
from carbon.records import ActivityWord, Vocabulary
from carbon.run import Run, carry_out, own_factors, repeat, scenario_files
from carbon.scenarios import resolve
from carbon.settings import Settings
from carbon.tables import Column, Report, Table
from carbon.targets import Verdict

SETTINGS, LEDGER = "carbon.toml", "ledger.duckdb"
READERS: Mapping[str, Callable[..., readers.Read[Any]]] = {
    "activity": readers.activities,
    "instrument": readers.instruments,
    "credit": readers.credits,
    "denominator": readers.denominators,
    "equipment": readers.equipment,
    "service": readers.services,
}


@dataclass(frozen=True)
class ImportReport:
    """What became of one file, or of one logged line."""

    file: str
    layout: str
    recorded: int = 0
    known: int = 0
    corrected: int = 0
    offered: Sequence[Any] = ()
    problems: Sequence[Problem] = field(default_factory=list)
    refused_file: Path | None = None


class Book:
    """The book in a folder. `Book.open` finds one, `Book.init` and `Book.demo` make one."""

    def __init__(self, folder: Path | str, today: date | None = None) -> None:
        self.folder = Path(folder)
        self.today = today or date.today()

    # --- opening and making ------------------------------------------------------------------

    @classmethod
    def open(cls, folder: Path | str | None = None, today: date | None = None) -> Book:
        """The book in a folder, or in the nearest folder upward that holds a carbon.toml.

        Raises CarbonError where there is none.
        """
        start = Path(folder) if folder else Path.cwd()
        places = [start] if folder else [start, *start.resolve().parents]
        for place in places:
            if (place / SETTINGS).is_file():
                return cls(place, today)
        raise UsageError(
            "no-book",
            f"there is no {SETTINGS} in {start}" + ("" if folder else " or above it"),
            looked_for=f"{start / SETTINGS}",
            remedy="carbon init DIR makes a book, carbon demo writes a sample one,"
            " carbon -C DIR picks another folder",
        )

    @classmethod
    def init(cls, folder: Path | str, name: str, region: str, today: date | None = None) -> Book:
        """A new book with one site. Raises CarbonError where a book is already there."""
        folder = Path(folder)
        if (folder / SETTINGS).exists():
            raise UsageError(
                "book-exists",
                f"{folder} already holds a book",
                where=str(folder / SETTINGS),
                remedy="name another folder, or open this one with carbon -C",
            )
        known = library.load()
        if region not in known.regions and not known.is_elsewhere(region):
            raise UsageError(
                "unknown-region",
                f"{region!r} is no region of the factor library",
                nearest=nearest(region, known.regions),
                remedy="name a country such as CN or DE, or a province such as CN-SH",
            )
        text = FIRST_SETTINGS.format(name=_toml(name), region=_toml(region))
        settings.read(text)
        for part in ("factors", "scenarios"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / SETTINGS).write_text(text, encoding="utf-8")
        with Ledger.open(folder / LEDGER, create=True):
            return cls(folder, today)

    @classmethod
    def demo(
        cls, name: str = "ai", folder: Path | str | None = None, today: date | None = None
    ) -> Book:
        """A sample book: written, imported and ready."""
        folder = Path(folder or f"carbon-demo-{name}")
        files = write_demo(name, folder)
        with Ledger.open(folder / LEDGER, create=True):
            book = cls(folder, today)
        for report in book.import_files(files):
            blocking = [each for each in report.problems if each.severity == "error"]
            if blocking:
                raise ImportRefused(blocking, message=f"the sample {name!r} does not import")
        return book

    @property
    def settings(self) -> Settings:
        """The settings as `carbon.toml` says them now."""
        return settings.read(self._files()[SETTINGS], str(self.folder / SETTINGS))

    @property
    def library(self) -> library.Library:
        """The factor library with the book's own editions."""
        return library.load(own=own_factors(self._files()))

    @property
    def scenarios(self) -> list[str]:
        """The names of the book's scenarios, bases first."""
        return [each.name for each in resolve(scenario_files(self._files()))]

    # --- recording ---------------------------------------------------------------------------

    def import_files(
        self,
        paths: Sequence[Path | str],
        column_map: str | None = None,
        accept_good: bool = False,
        accept_corrections: bool = False,
    ) -> list[ImportReport]:
        """Record files of any layout; each file is all or nothing unless `accept_good`.

        Raises CarbonError for a column map that the settings do not have.
        """
        mapped = self._column_map(column_map)
        reports = []
        for path in paths:
            sheet = readers.read(Path(path), mapped)
            reports.append(self._import(sheet, mapped, accept_good, accept_corrections, False))
        return reports

    def log(self, layout: str, fields: Mapping[str, str], again: bool = False) -> ImportReport:
        """Record one line of a layout, its fields named as in a file."""
        sheet = _sheet(fields)
        return self._import(sheet, None, False, False, again, layout)

    def correct(
        self, entry_id: int, quantity: str | None = None, unit: str | None = None, note: str = ""
    ) -> str:
        """Supersede an entry by one with another quantity or unit; says what was done."""
        with self._ledger() as ledger:
            old = ledger.entry(entry_id)
            said = {
                name: str(old[name] if old[name] is not None else "")
                for name in ("site", "meter", "activity", "detail", "quality", "evidence")
            }
            said |= {
                "start": str(old["start_on"]),
                "end": str(old["end_on"]),
                "quantity": quantity or format(old["quantity"].normalize(), "f"),
                "unit": unit or old["unit"],
                "note": note or old["note"],
            }
            read = readers.activities(
                _sheet({name: text for name, text in said.items() if text}),
                self._vocabulary(ledger),
            )
            if not read.records:
                raise ImportRefused(
                    read.problems,
                    message=f"entry {entry_id} was not corrected",
                    remedy="mend the values given",
                )
            outcome = ledger.correct(
                entry_id, read.records[0], read.unit_table, by=_who(), note=note
            )
        return (
            f"Entry {entry_id} ({_amount(old)}) is superseded by entry {outcome.entry_ids[0]}"
            f" ({said['quantity']} {said['unit']})."
        )

    def withdraw(self, name: int | str, note: str = "") -> str:
        """Take back an entry by its number, or a certificate, credit, appliance or service by its
        id; says what was done. Raises LedgerError where there is none."""
        with self._ledger() as ledger:
            if str(name).isdigit():
                old = ledger.entry(int(name))
                ledger.withdraw(int(name), by=_who(), note=note)
                what = f"Entry {name} ({_amount(old)})"
            else:
                table = _table_of(ledger, str(name))
                ledger.withdraw_record(table, str(name), by=_who(), note=note)
                what = f"{table.capitalize()} {name}"
        return f"{what} is withdrawn: it stays, and counts no longer."

    # --- looking -----------------------------------------------------------------------------

    def entries(
        self,
        site: str = "",
        activity: str = "",
        meter: str = "",
        since: str = "",
        until: str = "",
        everything: bool = False,
    ) -> Table:
        """What the ledger holds, oldest entry first."""
        with self._ledger() as ledger:
            rows = ledger.entries(
                site=site,
                activity=activity,
                meter=meter,
                since=_month(since, 0),
                until=_month(until, 999912),
                all=everything,
            )
        for row in rows:
            row["period"] = _period(row["start_on"], row["end_on"])
            row["bill"] = f"{row['file']}, row {row['row']}" if row["file"] else "logged by hand"
        return Table("entries", "Entries", ENTRY_COLUMNS, rows, missing="")

    def check(self) -> list[Problem]:
        """Every finding on the data and the scenarios, the gravest first."""
        with self._looking_ahead() as run:
            return findings(run)

    def inventory(self, period: str = "", by: Sequence[str] = ()) -> Table:
        """Totals by year, or of one year broken down."""
        years = [_year(period)] if period else []
        with self.run() as run:
            if by:
                return inventory.inventory_by(run, years, by)
            table = inventory.inventory_by_year(run)
        rows = [row for row in table.rows if not years or row["year"] in years]
        if years and not rows:
            known = ", ".join(str(row["year"]) for row in table.rows)
            raise CarbonError(
                "no-figure",
                f"nothing is recorded for {period}: it is not disclosed, which is not 0",
                looked_for=f"reporting year {period}",
                nearest=known,
                remedy="carbon import FILE... or carbon log for that year",
            )
        return replace(table, rows=rows)

    def explain(self, figure: str) -> Explanation:
        """One figure down to its bills."""
        with self.run(self._scenarios_in(figure)) as run:
            return explain(figure, run)

    def sql(self, query: str) -> Table:
        """The rows of a read-only query on the ledger and every relation of a run.

        Raises CarbonError for a query that DuckDB does not understand, or that would write.
        """
        import duckdb

        with self.run() as run:
            con = run.engine.con
            try:
                statements = con.extract_statements(query)
                if len(statements) != 1 or statements[0].type.name != "SELECT":
                    raise UsageError(
                        "not-a-query",
                        "only one reading query is allowed, the ledger is never written this way",
                        looked_for="one select statement",
                        remedy="carbon log, correct and withdraw write to the ledger",
                    )
                found = con.execute(query)
                names = [column[0] for column in found.description]
                rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
            except duckdb.Error as fault:
                raise UsageError(
                    "query",
                    str(fault).splitlines()[0],
                    where=query,
                    remedy="carbon sql 'show tables' lists the relations",
                ) from None
        columns = [Column(name, name, kind="text") for name in names]
        return Table("query", "Query", columns, rows, missing="")

    def factors_search(self, text: str, region: str = "", year: int = 0) -> Table:
        """Factor sets that answer to every word."""
        found = self.library.search(text, region, year)
        rows = [
            {
                "set_id": each.set_id,
                "topic": each.topic,
                "region": each.region,
                "years": str(each.first_year)
                if each.first_year == each.last_year
                else f"{each.first_year}-{each.last_year}",
                "series": each.series,
                "values": "; ".join(f"{name} {value}" for name, value in each.values.items()),
                "confidence": each.confidence,
            }
            for each in found
        ]
        return Table("factors", f"Factor sets for {text!r}", FACTOR_COLUMNS, rows, missing="")

    def factors_show(self, set_id: str) -> Table:
        """One set as printed, with its source. Raises CarbonError where there is none."""
        known = self.library
        if set_id not in known.sets:
            raise UsageError(
                "unknown-set",
                f"there is no factor set {set_id!r}",
                nearest=nearest(set_id, known.sets),
                remedy=f"carbon factors search {set_id}",
            )
        each = known.sets[set_id]
        source = known.sources[each.source_id]
        rows = [
            {
                "quantity": name,
                "value": value.value,
                "unit": value.unit,
                "locator": value.locator,
                "confidence": value.confidence,
                "note": value.note,
            }
            for name, value in each.values.items()
        ]
        notes = [
            f"{each.topic} in {each.region}, {each.first_year} to {each.last_year},"
            f" series {each.series}, accounting {each.accounting}, edition {each.edition}",
            f"Source: {source.publisher}, {source.title},"
            f" published {source.published_as or 'undated'}",
            f"Licence: {source.licence}",
        ]
        return Table("factor_set", set_id, SET_COLUMNS, rows, notes, missing="")

    # --- looking ahead -----------------------------------------------------------------------

    def project(self, *scenarios: str) -> Table:
        """The actual years and each scenario's, side by side; all scenarios where none is named."""
        with self.run(scenarios or self.scenarios) as run:
            return outlook.projection(run)

    def targets(self, *scenarios: str) -> list[tuple[str, Verdict]]:
        """The verdict on every target under each scenario."""
        with self._looking_ahead(scenarios) as run:
            return outlook.verdicts(run, self.today)

    def report(self, scenarios: Sequence[str] = ()) -> Report:
        """The whole picture."""
        with self._looking_ahead(scenarios) as run:
            return outlook.report(run, self.today)

    @contextmanager
    def run(self, scenarios: Sequence[str] = (), constant_factors: bool = False) -> Iterator[Run]:
        """The book computed as it stands now; its relations can be asked until the block ends."""
        with self._ledger() as ledger:
            yield carry_out(
                ledger,
                self._files(),
                by=_who(),
                today=self.today,
                names=scenarios,
                constant_factors=constant_factors,
            )

    @contextmanager
    def repeat(self, run_id: str) -> Iterator[Run]:
        """An earlier run computed again from what it wrote down."""
        with self._ledger() as ledger:
            yield repeat(ledger, run_id)

    @contextmanager
    def _looking_ahead(self, scenarios: Sequence[str] = ()) -> Iterator[Run]:
        """The book with its scenarios; without them where no year is complete to start from."""
        with self.run() as run:
            starts = bool(run.last_actual_year)
        with self.run((scenarios or self.scenarios) if starts else (), starts) as run:
            yield run

    # --- private -----------------------------------------------------------------------------

    def _files(self) -> dict[str, str]:
        """Every file that makes up a version of the settings: text by path."""
        paths = [
            self.folder / SETTINGS,
            *sorted(self.folder.glob("factors/*.csv")),
            *sorted(self.folder.glob("scenarios/*.toml")),
        ]
        found = {}
        for path in paths:
            try:
                found[path.relative_to(self.folder).as_posix()] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as fault:
                raise CarbonError(
                    "unreadable", f"{path} cannot be read: {fault}", remedy="save it as UTF-8 text"
                ) from None
        return found

    def _ledger(self) -> Any:
        path = self.folder / LEDGER
        return Ledger.open(path, create=not path.exists())

    def _scenarios_in(self, figure: str) -> list[str]:
        words = set(figure.split())
        return [name for name in self.scenarios if name in words]

    def _column_map(self, name: str | None) -> settings.ColumnMap | None:
        maps = self.settings.column_map
        if name is None:
            return None
        if name not in maps:
            raise UsageError(
                "unknown-map",
                f"there is no column map {name!r}",
                looked_for=", ".join(f"[import.{each}]" for each in maps)
                or f"[import.{name}] in {SETTINGS}",
                nearest=nearest(name, maps),
                remedy=f"write [import.{name}] in {SETTINGS}",
            )
        return maps[name]

    def _vocabulary(self, ledger: Ledger) -> Vocabulary:
        """Every word a row of this book may use."""
        said, known = self.settings, self.library
        return Vocabulary(
            activities={
                name: ActivityWord(
                    name,
                    _servable(known, method, said.policy.gwp),
                    method.names,
                    known.details(name),
                )
                for name, method in known.methods.items()
            },
            sites={place.name: place.title for place in said.site},
            meters={meter: site.name for meter, (site, _) in said.meters().items()},
            countries=frozenset(
                name for name, region in known.regions.items() if region.level == "country"
            ),
            instrument_kinds={
                name: each.factor_g_per_kwh for name, each in known.instruments.items()
            },
            instrument_names={
                other: name for name, each in known.instruments.items() for other in each.names
            },
            refrigerants=frozenset(known.blends),
            equipment={
                row["equipment_id"]: row["refrigerant"] for row in ledger.current("equipment")
            },
        )

    def _import(
        self,
        sheet: readers.Sheet,
        mapped: settings.ColumnMap | None,
        accept_good: bool,
        accept_corrections: bool,
        again: bool,
        layout: str = "",
    ) -> ImportReport:
        """Read one sheet against the book's words and record it in one batch."""
        layout = layout or readers.layout(sheet.header, mapped, sheet.file)
        with self._ledger() as ledger:
            words = self._vocabulary(ledger)
            read = READERS[layout](sheet, words, mapped)
            faults = [each for each in read.problems if each.severity == "error"]
            if faults and not accept_good:
                return ImportReport(sheet.file, layout, problems=read.problems)
            refused = self._refused(sheet, layout, words, mapped, read) if faults else None
            who: dict[str, Any] = {
                "by": _who(),
                "kind": "import" if sheet.file else "log",
                "file": sheet.file,
                "digest": sheet.digest,
                "accept_corrections": accept_corrections or (again and layout != "activity"),
            }
            if layout == "activity":
                outcome = ledger.append(read.records, read.unit_table, again=again, **who)
            else:
                outcome = ledger.record(layout, read.records, **who)
        return ImportReport(
            sheet.file,
            layout,
            outcome.recorded,
            outcome.known,
            outcome.corrected,
            outcome.offered,
            read.problems,
            refused,
        )

    def _refused(
        self,
        sheet: readers.Sheet,
        layout: str,
        words: Vocabulary,
        mapped: settings.ColumnMap | None,
        read: readers.Read[Any],
    ) -> Path:
        """Write the refused rows out with their reasons, so that nothing entered is lost."""
        good = {record.row for record in read.records}
        reasons: dict[int, list[str]] = {}
        for row in sheet.rows:
            if row.number not in good:
                alone = replace(sheet, rows=[row])
                faults = READERS[layout](alone, words, mapped).problems
                said = [f"{fault.code}: {fault.message}" for fault in faults]
                reasons[row.number] = said or ["its name stands in the file already"]
        path = self.folder / f"refused-{Path(sheet.file).stem}.csv"
        scratch = path.with_suffix(".part")
        with scratch.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow([*sheet.header, "row", "reason"])
            for row in sheet.rows:
                if row.number in reasons:
                    out.writerow([*row.cells, row.number, "; ".join(reasons[row.number])])
        os.replace(scratch, path)
        return path


def _table_of(ledger: Ledger, name: str) -> str:
    """The table that holds a certificate, credit, appliance or service of this id."""
    known: dict[str, str] = {}
    for table in ("instrument", "credit", "equipment", "service"):
        known |= {row[f"{table}_id"]: table for row in ledger.current(table)}
    if name not in known:
        raise LedgerError(
            "no-record",
            f"nothing current has the id {name!r}",
            looked_for="certificates, credits, appliances and services",
            nearest=nearest(name, known),
            remedy="carbon entries lists the numbers of entries",
        )
    return known[name]


def _servable(known: library.Library, method: library.Method, gwp: str) -> tuple[str, ...]:
    """The units of an activity that some factor set can serve; litres need a density somewhere."""
    sets = [] if method.is_detailed else known.topics.get(method.topic, [])
    return tuple(
        unit
        for unit in method.units
        if not sets or any(serves(each, unit, gwp, known) for each in sets)
    )


def _sheet(fields: Mapping[str, str]) -> readers.Sheet:
    """One logged line as a sheet of one row, so that it is read like any other."""
    return readers.Sheet("", list(fields), [readers.Row(0, list(fields.values()))], "")


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _month(text: str, default: int) -> int:
    if not text:
        return default
    try:
        return settings.month_number(text)
    except ValueError as fault:
        raise UsageError("not-a-month", str(fault), remedy="write it like 2023-07") from None


def _year(text: str) -> int:
    if not (text.isdigit() and len(text) == 4):
        raise UsageError(
            "not-a-year",
            f"{text!r} is no reporting year",
            looked_for="a year such as 2023",
            remedy="carbon inventory 2023",
        )
    return int(text)


def _period(start_on: date, end_on: date) -> str:
    """A whole month or year as people write it, else its first and last day."""
    after = end_on + timedelta(days=1)
    if start_on.day == after.day == 1:
        if (after.year - start_on.year) * 12 + after.month - start_on.month == 1:
            return f"{start_on:%Y-%m}"
        if start_on.month == after.month == 1 and after.year == start_on.year + 1:
            return f"{start_on:%Y}"
    return f"{start_on} to {end_on}"


def _amount(entry: Mapping[str, Any]) -> str:
    quantity = f"{entry['quantity'].normalize():f} {entry['unit']}"
    return f"{quantity} of {entry['activity']} at {entry['site']}"


def _toml(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


FIRST_SETTINGS = """[organisation]
name = "{name}"

[[site]]
name = "head-office"
title = "Head office"
region = "{region}"
kind = "office"

# A meter says what it measures: grid_import, pv_generation, pv_export, it_load, sub_meter, charger.
[[site.meter]]
name = "head-office-grid"
role = "grid_import"

[[target]]
name = "peak by 2025"
kind = "peak"
year = 2025

[[target]]
name = "operational neutrality by 2030"
kind = "neutral"
year = 2030

[[target]]
name = "net zero by 2050"
kind = "net zero"
year = 2050
"""
ENTRY_COLUMNS = (
    Column("entry_id", "Entry", kind="count"),
    Column("period", "Period"),
    Column("site", "Site"),
    Column("activity", "Activity"),
    Column("quantity", "Quantity", kind="exact"),
    Column("unit", "Unit"),
    Column("quality", "Quality"),
    Column("state", "State"),
    Column("meter", "Meter"),
    Column("detail", "Detail"),
    Column("bill", "From"),
)
FACTOR_COLUMNS = (
    Column("set_id", "Set"),
    Column("topic", "Topic"),
    Column("region", "Region"),
    Column("years", "Years"),
    Column("series", "Series"),
    Column("values", "Values as printed"),
    Column("confidence", "Confidence"),
)
SET_COLUMNS = (
    Column("quantity", "Quantity"),
    Column("value", "Value as printed"),
    Column("unit", "Unit"),
    Column("locator", "Where"),
    Column("confidence", "Confidence"),
    Column("note", "Note"),
)
