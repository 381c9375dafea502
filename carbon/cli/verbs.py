"""The verbs: each reads its arguments, asks the book and prints the answer.

Every verb calls the method of `Book` of the same name (`import` calls `import_files`). An answer is
a table, JSON or CSV, on the screen or in a file. A verb gives its exit code where it is not 0.
Everything of ours is imported where it is used: `carbon VERB --help` needs none of it.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Group, Parameter

from carbon import __version__
from carbon.errors import CarbonError, UsageError, visible

if TYPE_CHECKING:
    from rich.console import Console

    from carbon.book import Book, ImportReport
    from carbon.tables import Report, Table

FILE_WIDTH = 100  # of a table written to a file [characters]

START = Group.create_ordered("Start")
RECORD = Group.create_ordered("Record")
LOOK = Group.create_ordered("Look")
AHEAD = Group.create_ordered("Look ahead")
LIBRARY = Group.create_ordered("Factors and data")
FIELDS = Group.create_ordered("Fields")
OPTIONS = Group.create_ordered("Options")

app = App(
    name="carbon",
    help="A carbon ledger: from activity data to inventories, projections and targets.",
    version=__version__,
    help_format="plaintext",
    default_parameter=Parameter(negative=(), show_default=False),
    group_parameters=OPTIONS,
    suppress_keyboard_interrupt=False,
)
app["--help"].group = app["--version"].group = OPTIONS

Folder = Annotated[
    Path | None,
    Parameter(name="-C", help="The book's folder; by default the nearest carbon.toml upward."),
]


@Parameter(name="*", group=OPTIONS)
@dataclass(frozen=True)
class Output:
    """How an answer is written.

    Parameters
    ----------
    format
        table, json (docs/json.md) or csv; by default what the name of --out says, else a table.
    out
        Write into this file instead of the screen.
    """

    format: Literal["table", "json", "csv"] | None = None
    out: Path | None = None


SCREEN = Output()


# Start.


@app.command(group=START, sort_key=1)
def demo(
    name: Literal["ai", "maker", "undisclosed"] = "ai",
    /,
    *,
    to: Path | None = None,
    output: Output = SCREEN,
) -> None:
    """Write a sample book and print its report.

    Parameters
    ----------
    name
        ai (a firm with a data centre), maker (plants and PV), undisclosed (most figures missing).
    to
        The folder to write it into; by default carbon-demo-NAME.
    """
    from carbon.book import Book

    folder = to or Path(f"carbon-demo-{name}")
    is_there = (folder / "carbon.toml").exists() and (folder / "ledger.duckdb").exists()
    with _working(f"{'opening' if is_there else 'writing'} {folder}"):
        book = Book.open(folder) if is_there else Book.demo(name, folder)
        report = book.report()
    _put_report(report, output)
    if not output.out and _form(output) == "table":
        program = _program()
        print(f"The book is in {folder}{' (it was there already)' if is_there else ''}. Try next:")
        for line in NEXT[name]:
            print(f"  {program} -C {folder} {line}")


NEXT = {
    "ai": ("explain scope2-location 2022", "targets", "check"),
    "maker": ("explain scope2-location 2023", "inventory 2023 --by site", "check"),
    "undisclosed": ("check", "entries", "factors search electricity --region CN"),
}


@app.command(group=START, sort_key=2)
def init(folder: Path, /, *, name: str = "", region: str = "") -> None:
    """Start a new book.

    Parameters
    ----------
    folder
        The folder of the new book.
    name
        The name of the organisation. Asked for on a terminal.
    region
        Where its first site is: CN, CN-SH, DE ... Asked for on a terminal.
    """
    from carbon.book import Book

    name = name or _asked("Name of the organisation", "--name")
    region = region or _asked("Region of its first site (CN, CN-SH, DE ...)", "--region")
    Book.init(folder, name=name, region=region)
    print(f"A new book is in {folder}. Its settings are in {folder / 'carbon.toml'}. Next:")
    print(f"  {_program()} -C {folder} import FILE...")


# Record.

log = App(
    name="log",
    help="Record one entry; also a certificate, credit, denominator, appliance or service.",
    group=RECORD,
    group_commands=Group("Other things to record"),
)
app.command(log)
log["--help"].group = OPTIONS

Again = Annotated[
    bool, Parameter(help="Record it although the same is recorded already.", group=OPTIONS)
]


@Parameter(name="*", group=FIELDS)
@dataclass(frozen=True, kw_only=True)
class ActivityFields:
    """What an entry says.

    Parameters
    ----------
    site
        A site of the book.
    activity
        electricity, natural_gas, diesel ...
    quantity
        How much, in --unit.
    unit
        kWh, MWh, m3, L, kg ...
    month
        The month it belongs to (2023-07); or give --year, or --start and --end.
    year
        The year it belongs to.
    start
        The first day (2023-07-01).
    end
        The last day, inclusive.
    meter
        A meter of the site.
    detail
        What the activity needs: refrigerant, fuel grade, route, class.
    quality
        metered, billed, estimated or calculated.
    evidence
        Where the figure stands: a bill, a photo, a file.
    note
        Anything else.
    """

    site: str
    activity: str
    quantity: str
    unit: str
    month: str = ""
    year: str = ""
    start: str = ""
    end: str = ""
    meter: str = ""
    detail: str = ""
    quality: str = ""
    evidence: str = ""
    note: str = ""


@log.default
def log_activity(fields: ActivityFields, *, again: Again = False, folder: Folder = None) -> int:
    """Record one entry: carbon log --site X --activity electricity --month 2023-07 ..."""
    return _log("activity", fields, again, folder)


@Parameter(name="*", group=FIELDS)
@dataclass(frozen=True, kw_only=True)
class InstrumentFields:
    """What a contractual instrument says.

    Parameters
    ----------
    instrument_id
        Its number or name.
    kind
        GEC, GO, REC, I-REC, PPA ...
    market
        The country whose market it is of: CN, DE ...
    energy
        How much energy, in --unit.
    unit
        kWh, MWh ...
    vintage
        The year its energy was generated.
    claim_year
        The reporting year it is claimed for.
    site
        The site it serves; by default the whole organisation.
    retired_on
        The day it was retired (2023-12-20).
    beneficiary
        For whom it was retired.
    factor
        Its own emission factor, where the contract states one. [g CO2e/kWh]
    evidence
        Where this stands.
    note
        Anything else.
    """

    instrument_id: str
    kind: str
    market: str
    energy: str
    unit: str
    vintage: str
    claim_year: str = ""
    site: str = ""
    retired_on: str = ""
    beneficiary: str = ""
    factor: str = ""
    evidence: str = ""
    note: str = ""


@log.command(name="instrument")
def log_instrument(fields: InstrumentFields, *, again: Again = False, folder: Folder = None) -> int:
    """Record a certificate, contract or supplier rate."""
    return _log("instrument", fields, again, folder)


@Parameter(name="*", group=FIELDS)
@dataclass(frozen=True, kw_only=True)
class CreditFields:
    """What a carbon credit says.

    Parameters
    ----------
    credit_id
        Its number or name.
    standard
        CCER, VCS, Gold Standard ...
    kind
        avoidance or removal.
    vintage
        The year it was generated.
    claim_year
        The reporting year it is claimed for.
    mass
        How much, in --unit.
    unit
        t, kg ...
    project
        The project it comes from.
    retired_on
        The day it was retired (2023-12-20).
    evidence
        Where this stands.
    note
        Anything else.
    """

    credit_id: str
    standard: str
    kind: str
    vintage: str
    mass: str
    unit: str
    claim_year: str = ""
    project: str = ""
    retired_on: str = ""
    evidence: str = ""
    note: str = ""


@log.command(name="credit")
def log_credit(fields: CreditFields, *, again: Again = False, folder: Folder = None) -> int:
    """Record a purchase of carbon credits."""
    return _log("credit", fields, again, folder)


@Parameter(name="*", group=FIELDS)
@dataclass(frozen=True, kw_only=True)
class DenominatorFields:
    """What an intensity divides by.

    Parameters
    ----------
    metric
        revenue, people, floor_area, it_energy or output.
    period
        A reporting year (2023) or a month (2023-07).
    quantity
        How much, in --unit.
    unit
        RMB, million RMB, person, m2 ...
    site
        The site it is of; by default the whole organisation.
    evidence
        Where this stands.
    note
        Anything else.
    """

    metric: str
    period: str
    quantity: str
    unit: str
    site: str = ""
    evidence: str = ""
    note: str = ""


@log.command(name="denominator")
def log_denominator(
    fields: DenominatorFields, *, again: Again = False, folder: Folder = None
) -> int:
    """Record revenue, people, floor area or output."""
    return _log("denominator", fields, again, folder)


@Parameter(name="*", group=FIELDS)
@dataclass(frozen=True, kw_only=True)
class EquipmentFields:
    """What an appliance holds.

    Parameters
    ----------
    equipment_id
        Its number or name.
    site
        The site it stands on.
    kind
        chiller, packaged unit, switchgear ...
    refrigerant
        R-134a, R-410A, SF6 ...
    charge
        How much it holds, in --unit.
    unit
        kg, g ...
    installed_on
        The day it was installed (2019-04-01).
    retired_on
        The day it went out of use.
    note
        Anything else.
    """

    equipment_id: str
    site: str
    kind: str
    refrigerant: str
    charge: str
    unit: str
    installed_on: str
    retired_on: str = ""
    note: str = ""


@log.command(name="equipment")
def log_equipment(fields: EquipmentFields, *, again: Again = False, folder: Folder = None) -> int:
    """Record an appliance that holds a refrigerant or SF6."""
    return _log("equipment", fields, again, folder)


@Parameter(name="*", group=FIELDS)
@dataclass(frozen=True, kw_only=True)
class ServiceFields:
    """What was done to an appliance.

    Parameters
    ----------
    service_id
        Its number or name.
    equipment_id
        The appliance.
    event
        top-up, install, recover or dispose.
    serviced_on
        The day (2023-07-18).
    mass
        How much went in or came out, in --unit.
    unit
        kg, g ...
    evidence
        Where this stands.
    note
        Anything else.
    """

    service_id: str
    equipment_id: str
    event: str
    serviced_on: str
    mass: str
    unit: str
    evidence: str = ""
    note: str = ""


@log.command(name="service")
def log_service(fields: ServiceFields, *, again: Again = False, folder: Folder = None) -> int:
    """Record a service event: a top-up, a recovery ..."""
    return _log("service", fields, again, folder)


@app.command(name="import", group=RECORD, sort_key=3)
def import_files(
    files: list[Path],
    /,
    *,
    map: str = "",
    accept_good: bool = False,
    accept_corrections: bool = False,
    folder: Folder = None,
) -> int:
    """Record many entries from CSV, XLSX or Parquet files.

    Parameters
    ----------
    files
        The files.
    map
        The column map [import.NAME] of carbon.toml that the files follow.
    accept_good
        Record the good rows of a file with faults; the others are written out with reasons.
    accept_corrections
        Let rows with another quantity for a known period supersede what is recorded.
    """
    book = _book(folder)
    code = 0
    for file in files:
        try:
            with _working(f"importing {file}"):
                (told,) = book.import_files(
                    [file],
                    column_map=map or None,
                    accept_good=accept_good,
                    accept_corrections=accept_corrections,
                )
            code = max(code, _told_import(told))
        except UsageError:
            raise
        except CarbonError as fault:  # the other files are none the worse for it
            print(fault, file=sys.stderr)
            code = 1
    return code


@app.command(group=RECORD, sort_key=4)
def correct(
    entry_id: int,
    /,
    *,
    quantity: str = "",
    unit: str = "",
    note: str = "",
    folder: Folder = None,
) -> None:
    """Supersede an entry by one with another quantity or unit.

    Parameters
    ----------
    entry_id
        The entry, as `carbon entries` lists it.
    quantity
        The right quantity.
    unit
        The right unit.
    note
        Why.
    """
    if not quantity and not unit:
        raise _wrong("a correction needs --quantity, --unit or both", "carbon correct --help")
    print(_book(folder).correct(entry_id, quantity=quantity or None, unit=unit or None, note=note))


@app.command(group=RECORD, sort_key=5)
def withdraw(name: str, /, *, note: str = "", folder: Folder = None) -> None:
    """Take an entry, certificate, credit, appliance or service back; it stays and counts no longer.

    Parameters
    ----------
    name
        The number of an entry, as `carbon entries` lists it; or the id of another record.
    note
        Why.
    """
    print(_book(folder).withdraw(name, note=note))


# Look.


@app.command(group=LOOK, sort_key=6)
def report(*scenarios: str, folder: Folder = None, output: Output = SCREEN) -> int:
    """The whole picture: inventory, targets, projection, sites, gaps.

    Parameters
    ----------
    scenarios
        The scenarios to look ahead with; by default all of the book.
    """
    book = _book(folder)
    with _working("computing the report"):
        answer = book.report(scenarios)
    _put_report(answer, output)
    return int(answer.inventory.is_blocked)


@app.command(group=LOOK, sort_key=7)
def inventory(
    period: str = "",
    /,
    *,
    by: list[Literal["site", "category", "activity", "gas", "month"]] | None = None,
    folder: Folder = None,
    output: Output = SCREEN,
) -> int:
    """Totals by scope: location-based, market-based, after credits.

    Parameters
    ----------
    period
        A reporting year; by default all of them.
    by
        What to split by; may be given more than once.
    """
    book = _book(folder)
    with _working("computing the inventory"):
        table = book.inventory(period, by=tuple(by or ()))
    _put(table, output)
    return int(table.is_blocked)


@app.command(group=LOOK, sort_key=8)
def explain(*figure: str, folder: Folder = None, output: Output = SCREEN) -> None:
    """One figure down to its bills.

    Parameters
    ----------
    figure
        What to explain: scope2-location 2022, scope1 2022 SITE, entry 17 ...
    """
    if not figure:
        raise _wrong("no figure is named", "carbon explain scope2-location 2022")
    book = _book(folder)
    with _working("tracing"):
        answer = book.explain(" ".join(figure))
    if _form(output) == "table":
        _emit(output, lambda console: _terminal().print_lines(answer.lines(), console))
    else:
        _put(answer.table(), output)


@app.command(group=LOOK, sort_key=9)
def entries(
    *,
    site: str = "",
    activity: str = "",
    meter: str = "",
    since: str = "",
    until: str = "",
    everything: bool = False,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """What the ledger holds.

    Parameters
    ----------
    site
        Only of this site.
    activity
        Only of this activity.
    meter
        Only of this meter.
    since
        Only from this month or day on.
    until
        Only up to this month or day.
    everything
        Superseded and withdrawn entries too.
    """
    table = _book(folder).entries(
        site=site, activity=activity, meter=meter, since=since, until=until, everything=everything
    )
    _put(table, output)


@app.command(group=LOOK, sort_key=10)
def check(*, folder: Folder = None, output: Output = SCREEN) -> int:
    """Every finding on the data, with the command that mends it."""
    from carbon.render.output import problem_table

    book = _book(folder)
    with _working("checking"):
        problems = book.check()
    if _form(output) == "table":
        _emit(output, lambda console: _terminal().print_problems(problems, console))
    else:
        _put(problem_table(problems), output)
    return int(any(problem.severity == "error" for problem in problems))


# Look ahead.


@app.command(group=AHEAD, sort_key=11)
def project(*scenarios: str, folder: Folder = None, output: Output = SCREEN) -> None:
    """The years ahead under each scenario, side by side.

    Parameters
    ----------
    scenarios
        The scenarios; by default all of the book.
    """
    book = _book(folder)
    with _working("projecting"):
        table = book.project(*scenarios)
    _put(table, output)


@app.command(group=AHEAD, sort_key=12)
def targets(*scenarios: str, folder: Folder = None, output: Output = SCREEN) -> None:
    """The verdict on each target: margin, gap and the pace still needed.

    Parameters
    ----------
    scenarios
        The scenarios; by default all of the book.
    """
    from carbon.render.output import verdict_table

    book = _book(folder)
    with _working("judging the targets"):
        verdicts = book.targets(*scenarios)
    if _form(output) == "table":
        _emit(output, lambda console: _terminal().print_verdicts(verdicts, console))
    else:
        _put(verdict_table(verdicts), output)


# Factors and data.

factors = App(name="factors", help="The library of emission factors.", group=LIBRARY)
app.command(factors)
factors["--help"].group = OPTIONS


@factors.command(name="search")
def factors_search(
    *text: str,
    region: str = "",
    year: int = 0,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """Sets of factors whose name, topic or source holds these words.

    Parameters
    ----------
    text
        The words.
    region
        Only of this region, and of those above it.
    year
        Only valid in this year.
    """
    _put(_book(folder).factors_search(" ".join(text), region=region, year=year), output)


@factors.command(name="show")
def factors_show(set_id: str, /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """One set: every value as printed, with its source.

    Parameters
    ----------
    set_id
        The set, as `carbon factors search` lists it.
    """
    _put(_book(folder).factors_show(set_id), output)


@app.command(group=LIBRARY, sort_key=13)
def sql(query: str, /, *, folder: Folder = None, output: Output = SCREEN) -> None:
    """A read-only query against the book.

    Parameters
    ----------
    query
        SQL text, in quotes.
    """
    book = _book(folder)
    with _working("asking"):
        table = book.sql(query)
    _put(table, output)


# What the verbs share.


def _book(folder: Path | None) -> Book:
    from carbon.book import Book

    return Book.open(folder)


def _log(
    layout: str,
    fields: ActivityFields
    | InstrumentFields
    | CreditFields
    | DenominatorFields
    | EquipmentFields
    | ServiceFields,
    again: bool,
    folder: Path | None,
) -> int:
    said = {name: value for name, value in asdict(fields).items() if value}
    return _told_import(_book(folder).log(layout, said, again=again))


def _told_import(report: ImportReport) -> int:
    """Prints what became of a file, or of a line; 1 where a fault kept something out."""
    counts = [(report.recorded, "recorded"), (report.known, "already known")]
    counts.append((report.corrected, "corrected"))
    said = ", ".join(f"{count:,} {word}" for count, word in counts if count) or "nothing recorded"
    print(visible(f"{report.file}: {said}") if report.file else said.capitalize())
    if report.offered:
        count = len(report.offered)
        print(f"  {count:,} row{'s' * (count > 1)} would correct what is recorded:")
        for offer in report.offered:
            print(visible(f"    {offer}"))
        how = _how_to_correct(report)
        print(f"  To record {'them as corrections' if count > 1 else 'it as a correction'}: {how}")
    if report.known and not report.file:
        print("  To record it once more: repeat the command with --again")
    if report.refused_file:
        print(f"  The refused rows are in {report.refused_file}")
    for problem in report.problems:
        print(problem, file=sys.stderr)
    kept_out = any(problem.severity == "error" for problem in report.problems)
    return int(kept_out or bool(report.offered and not report.file))


def _how_to_correct(report: ImportReport) -> str:
    """How an offered change is recorded: a file again, an entry by its number, else by --again."""
    if report.file:
        return "repeat the command with --accept-corrections"
    entry_id = getattr(report.offered[0], "entry_id", 0)
    if entry_id:
        return f"carbon correct {entry_id} --quantity ..."
    return "repeat the command with --again"


def _terminal() -> ModuleType:
    from carbon.render import terminal

    return terminal


def _form(output: Output) -> str:
    """The form of an answer: as asked, else what the file's name says, else a table."""
    ending = output.out.suffix.lower().removeprefix(".") if output.out else ""
    return output.format or (ending if ending in ("json", "csv") else "table")


def _put(table: Table, output: Output) -> None:
    from carbon.render import output as machine

    form = _form(output)
    if form == "table":
        _emit(output, lambda console: _terminal().print_table(table, console))
    else:
        _write(output, machine.as_json(table) if form == "json" else machine.as_csv(table))


def _put_report(report: Report, output: Output) -> None:
    from carbon.render import output as machine

    form = _form(output)
    if form == "table":
        _emit(output, lambda console: _terminal().print_report(report, console))
    else:
        text = machine.report_as_json if form == "json" else machine.report_as_csv
        _write(output, text(report))


def _emit(output: Output, draw: Callable[[Console], None]) -> None:
    """Draws on the screen, or into a file."""
    if not output.out:
        draw(_terminal().console())
        return
    held = io.StringIO()
    draw(_terminal().console(held, FILE_WIDTH))
    _write(output, held.getvalue())


def _write(output: Output, text: str) -> None:
    from carbon.render import output as machine

    if output.out:
        machine.write(output.out, text)
    else:
        sys.stdout.write(text)


@contextmanager
def _working(what: str) -> Iterator[None]:
    """Says on a terminal that work is going on, and takes it back."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status(Text(what)):
        yield


def _asked(question: str, option: str) -> str:
    """An answer from the terminal. Raises UsageError where there is none to ask."""
    if not sys.stdin.isatty():
        raise _wrong(f"{option} is missing", f"add {option} ...")
    answer = ""
    while not answer:
        answer = input(f"{question}: ").strip()
    return answer


def _program() -> str:
    """How this program can be called from here: by its name where the shell finds it."""
    found = shutil.which("carbon")
    is_same = found is not None and Path(found).resolve() == Path(sys.argv[0]).resolve()
    return "carbon" if is_same or not Path(sys.argv[0]).exists() else sys.argv[0]


def _wrong(message: str, remedy: str) -> UsageError:
    return UsageError("usage", message, remedy=remedy)
