"""Verbs that record: log, template, import, correct, withdraw."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import MISSING, asdict, field, make_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Group, Parameter

from carbon.cli.verbs.shared import (
    FIELDS,
    OPTIONS,
    RECORD,
    SCREEN,
    Folder,
    Output,
    app,
    book_in,
    complain,
    progressing,
    put,
    terminal,
    worked_out,
    wrong,
)
from carbon.errors import CarbonError, UsageError, counted, nearest, visible
from carbon.layouts import LAYOUTS, Layout

if TYPE_CHECKING:
    from carbon.book import Book, ImportReport
    from carbon.tables import Table

log = App(
    name="log",
    help=LAYOUTS["activity"].about,
    group=RECORD,
    group_commands=Group("Other things to record"),
)
app.command(log)
log["--help"].group = OPTIONS

Again = Annotated[
    bool, Parameter(help="Record it although the same is recorded already.", group=OPTIONS)
]


def _options(layout: Layout) -> type:
    """The columns of a layout as options, those of its periods none of them required."""
    options: list[tuple[str, Any, Any]] = []
    for name, says in layout.says.items():
        kind = bool if name in layout.flags else str
        named = Parameter(name=f"--{name.replace('_', '-')}", help=says)
        blank = field(default=MISSING if name in layout.required else kind())
        options.append((f"{name}_", Annotated[kind, named], blank))
    here = {"__module__": __name__}  # else it passes for a type of Python's own
    made = make_dataclass(f"{layout.name}_fields", options, kw_only=True, namespace=here)
    return Parameter(name="*", group=FIELDS)(made)


def _log_verb(layout: Layout) -> Callable[..., int]:
    """The verb that records one line of a layout."""

    def verb(fields: Any, *, again: Again = False, folder: Folder = None) -> int:
        said = {
            name.removesuffix("_"): "yes" if value is True else value
            for name, value in asdict(fields).items()
            if value
        }
        return _told_import(book_in(folder).log(layout.name, said, again=again))

    verb.__name__, verb.__doc__ = f"log_{layout.name}", layout.about
    verb.__annotations__["fields"] = _options(layout)
    return verb


for each in LAYOUTS.values():
    if each.name == "activity":
        log.default(_log_verb(each))
    elif not each.is_of_several_lines:
        log.command(_log_verb(each), name=each.name.replace("_", "-"))


@app.command(name="import", group=RECORD, sort_key=3)
def import_files(
    files: list[Path],
    /,
    *,
    map: str = "",
    yes: bool = False,
    accept_good: bool = False,
    accept_corrections: bool = False,
    folder: Folder = None,
) -> int:
    """Record many entries from CSV, Excel, ODS, Parquet or Green Button files.

    Parameters
    ----------
    files
        The files.
    map
        The column map [import.NAME] of carbon.toml that the files follow; one that is not there
        is proposed by looking at the first file, and kept once you say so.
    yes
        Keep a proposed column map without asking.
    accept_good
        Record the good rows of a file with faults; the others are written out with reasons.
    accept_corrections
        Let rows with another quantity for a known period supersede what is recorded.
    """
    book = book_in(folder)
    code = 0
    for file in files:
        options = {"accept_good": accept_good, "accept_corrections": accept_corrections}
        try:
            with progressing(f"importing {file}") as tell:
                told = _imported(book, file, map, **options, tell=tell)
            if told is None:
                if not _kept(book, file, map, yes):
                    return 1
                told = _imported(book, file, map, **options)
            code = max(code, _told_import(told))
        except UsageError:
            raise
        except CarbonError as fault:  # the other files are none the worse for it
            complain(fault)
            code = 1
    return code


@app.command(group=RECORD, sort_key=2)
def template(
    file: Path,
    /,
    *,
    year: str = "",
    site: list[str] | None = None,
    sheet: list[str] | None = None,
    folder: Folder = None,
    output: Output = SCREEN,
) -> None:
    """Write a workbook for others to fill in; carbon import reads it back as it is.

    Parameters
    ----------
    file
        The workbook to write: bills-2025.xlsx.
    year
        The reporting year it is for; by default that of last month.
    site
        A site it is for; may be given several times. By default all of them.
    sheet
        A sheet of it, whether the book calls for it or not; may be given several times:
        electricity, pv, fuels, refrigerants, appliances, service, stock, trips, commuting, other,
        denominators, indicators, certificates, credits, claims.
    """

    def made(book: Book) -> Table:
        return book.template(file, year, site or (), sheet or ())

    put(worked_out(folder, f"writing {file}", made), output)


@app.command(group=RECORD, sort_key=3)
def estimate(
    *,
    site: str,
    area: str,
    period: str,
    area_unit: str = "m2",
    benchmark: str = "",
    statistic: str = "mean",
    activity: str = "electricity",
    quantity: str = "",
    unit: str = "",
    of_area: str = "",
    occupied: str = "1",
    again: Again = False,
    folder: Folder = None,
) -> int:
    """Record what an unmetered space is estimated to use, by its floor area.

    Either by --benchmark, or by the --quantity its building of --of-area used.

    Parameters
    ----------
    site
        The site the space belongs to.
    area
        Its floor area, in --area-unit.
    period
        A year or a month: 2023, 2023-07.
    area_unit
        m2 or ft2.
    benchmark
        A benchmark: carbon factors search benchmark lists them.
    statistic
        Which figure of it: mean, lower_quartile, median, upper_quartile.
    activity
        What the building used: electricity, natural_gas ...
    quantity
        How much the building used in the period, in --unit.
    unit
        kWh, MWh, m3 ...
    of_area
        The floor area of the building, in --area-unit.
    occupied
        The share of the building that is let.
    """
    is_share = bool(quantity and unit and of_area)
    if bool(benchmark) == is_share:
        raise wrong(
            "an estimate needs --benchmark, or --quantity, --unit and --of-area",
            "carbon estimate --help",
        )
    report = book_in(folder).estimate(
        site,
        area,
        period,
        area_unit=area_unit,
        benchmark=benchmark,
        statistic=statistic,
        activity=activity,
        quantity=quantity,
        unit=unit,
        of_area=of_area,
        occupied=occupied,
        again=again,
    )
    return _told_import(report)


@app.command(group=RECORD, sort_key=4)
def correct(
    entry_id: int,
    /,
    *,
    quantity: str = "",
    unit: str = "",
    quality: str = "",
    evidence: str = "",
    note: str = "",
    folder: Folder = None,
) -> None:
    """Supersede an entry by one that says something else; what is not given stays.

    Parameters
    ----------
    entry_id
        The entry, as `carbon entries` lists it.
    quantity
        The right quantity.
    unit
        The right unit.
    quality
        How it was come by: metered, billed, estimated or calculated.
    evidence
        Where it stands: a bill, a photo, a file.
    note
        Why.
    """
    given = {"quantity": quantity, "unit": unit, "quality": quality, "evidence": evidence}
    said = {name: text for name, text in given.items() if text}
    if not said:
        raise wrong(
            "a correction needs --quantity, --unit, --quality or --evidence",
            "carbon correct --help",
        )
    print(book_in(folder).correct(entry_id, note=note or None, **said))


@app.command(group=RECORD, sort_key=5)
def withdraw(name: str, /, *, note: str = "", folder: Folder = None) -> None:
    """Take an entry, certificate, credit, claim or appliance back; it stays and counts no longer.

    Parameters
    ----------
    name
        The number of an entry, as `carbon entries` lists it; the id of another record, or what
        names it ('people 2023', 'packaging cartons 2021').
    note
        Why.
    """
    print(book_in(folder).withdraw(name, note=note))


def _imported(book: Book, file: Path, map: str, **options: Any) -> ImportReport | None:
    """What became of a file; nothing where the book has no such column map yet."""
    try:
        (told,) = book.import_files([file], column_map=map or None, **options)
    except UsageError as fault:
        if fault.code != "unknown-map":
            raise
        return None
    return told


def _kept(book: Book, file: Path, name: str, yes: bool) -> bool:
    """Shows a proposed column map with the first rows read by it, and keeps it if that is right."""
    proposal = book.propose_map(file, name)
    near = nearest(name, book.settings.column_map)
    print(f"There is no column map {name!r} yet" + (f" (but one {near!r})." if near else "."))
    print(visible(f"Proposed for {proposal.file}, to stand at the end of carbon.toml:\n"))
    print(visible(proposal.toml))
    for problem in proposal.read.problems:
        complain(problem)
    if not proposal.read.records:
        print("Nothing can be read this way, so nothing was kept. Mend the above, or write the map")
        print("yourself into carbon.toml, starting from these lines.")
        return False
    terminal().print_table(proposal.table(), terminal().console())
    if any(problem.severity == "error" for problem in proposal.read.problems):
        print("Other rows cannot be read yet, and a file is recorded whole or not at all.")
    if not yes and not _agreed("Keep this column map and import?"):
        print("Nothing was kept. To keep it and import: repeat the command with --yes")
        return False
    book.keep_map(proposal)
    print(f"Kept as [import.{name}].")
    return True


def _agreed(question: str) -> bool:
    """Whether somebody at a terminal says yes."""
    if not sys.stdin.isatty():
        return False
    return input(f"{question} [y/N] ").strip().casefold() in ("y", "yes", "是")


def _told_import(report: ImportReport) -> int:
    """Prints what became of a file, or of a line; 1 where a fault kept something out."""
    what = f"readings recorded in {counted(report.entries, 'entry', 'entries')}"
    counts = [(report.recorded, what if report.entries else "recorded")]
    counts.append((report.known, "already known"))
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
    if report.refused_files:
        print(f"  The refused rows are in {', '.join(map(str, report.refused_files))}")
    for problem in report.problems:
        complain(problem)
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
