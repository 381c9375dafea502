"""Verbs that record: log, import, correct, withdraw."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Group, Parameter

from carbon.cli.verbs.shared import (
    FIELDS,
    OPTIONS,
    RECORD,
    Folder,
    app,
    book_in,
    terminal,
    working,
    wrong,
)
from carbon.errors import CarbonError, UsageError, nearest, visible

if TYPE_CHECKING:
    from carbon.book import Book, ImportReport

log = App(
    name="log",
    help="Record one entry; also trips, a certificate, credit, claim, denominator, appliance ...",
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
    uncertainty
        Half of its 95 % range, in % of the quantity, where it is known.
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
    uncertainty: str = ""
    evidence: str = ""
    note: str = ""


@log.default
def log_activity(fields: ActivityFields, *, again: Again = False, folder: Folder = None) -> int:
    """Record one entry: carbon log --site X --activity electricity --month 2023-07 ..."""
    return _log("activity", fields, again, folder)


@Parameter(name="*", group=FIELDS)
@dataclass(frozen=True, kw_only=True)
class TripFields:
    """What a trip says.

    Parameters
    ----------
    travellers
        How many people went.
    site
        The site they went for; a book of one site need not be told.
    purpose
        business (the default) or commuting.
    mode
        air (the default), rail, metro, bus, taxi, car, hire car, motorcycle or ferry.
    from_
        The airport they left from: PVG, ZSPD, or a city with one airport.
    to
        The airport they went to.
    distance
        One way, in --unit; a flight may leave it out.
    unit
        km, mile ...
    class_
        By air the cabin: economy, premium-economy, business, first. Else the detail of the mode:
        national, average/petrol ...
    return_
        They came back the same way.
    trips
        How often; by default once.
    occupancy
        People in one vehicle.
    group
        What keeps trips of the same mode and day apart; by default their route.
    date
        The day they left (2023-07-18); or give --month or --year, or --start and --end.
    month
        The month they belong to.
    year
        The year they belong to.
    start
        The first day.
    end
        The last day, inclusive.
    quality
        metered, billed, estimated or calculated.
    evidence
        Where this stands.
    note
        Anything else.
    """

    travellers: str
    site: str = ""
    purpose: str = ""
    mode: str = ""
    from_: Annotated[str, Parameter(name="--from")] = ""
    to: str = ""
    distance: str = ""
    unit: str = ""
    class_: Annotated[str, Parameter(name="--class")] = ""
    return_: Annotated[bool, Parameter(name="--return")] = False
    trips: str = ""
    occupancy: str = ""
    group: str = ""
    date: str = ""
    month: str = ""
    year: str = ""
    start: str = ""
    end: str = ""
    quality: str = ""
    evidence: str = ""
    note: str = ""


@log.command(name="trip")
def log_trip(fields: TripFields, *, again: Again = False, folder: Folder = None) -> int:
    """Record trips: carbon log trip --from PVG --to FRA --date 2023-07-18 --travellers 2 ..."""
    return _log("trip", fields, again, folder)


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
        The year its energy was generated (2023), or the month (2023-07).
    claim_year
        The reporting year it is claimed for.
    site
        The site it serves; by default the whole organisation.
    allocation
        Or the sites it serves: a list that is filled in its order ("hq; plant"), or shares that
        add up to 1 ("hq: 0.4; plant: 0.6").
    retired_on
        The day it was retired (2023-12-20).
    beneficiary
        For whom it was retired.
    factor
        Its own emission factor, where the contract states one. [g CO2e/kWh]
    serials
        Its serial numbers: "A-001 to A-400; B-7".
    conveys_attribute
        Whether it conveys the attributes of the generation: yes or no.
    credit_id
        The carbon credit that the same generation was credited as, if any.
    net_of_sold
        Of a supplier's rate, whether it leaves out attributes sold elsewhere: yes or no.
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
    allocation: str = ""
    retired_on: str = ""
    beneficiary: str = ""
    factor: str = ""
    serials: str = ""
    conveys_attribute: str = ""
    credit_id: str = ""
    net_of_sold: str = ""
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
class ClaimFields:
    """What a claim beside the inventory says.

    Parameters
    ----------
    claim_id
        Its number or name.
    kind
        substitution, avoided emissions, biogas certificate or other.
    year
        The reporting year it is claimed for.
    description
        What was done.
    mass
        How much is claimed, in --unit.
    unit
        t, kg ...
    baseline
        What it is compared with.
    method
        How it was worked out.
    evidence
        Where this stands.
    note
        Anything else.
    """

    claim_id: str
    kind: str
    year: str
    description: str
    mass: str
    unit: str
    baseline: str = ""
    method: str = ""
    evidence: str = ""
    note: str = ""


@log.command(name="claim")
def log_claim(fields: ClaimFields, *, again: Again = False, folder: Folder = None) -> int:
    """Record a claim of avoided emissions, which no figure of the inventory takes in."""
    return _log("claim", fields, again, folder)


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
    charged
        Where it got its charge: factory or site.
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
    charged: str = ""
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
        How much went in, or what was recovered, in --unit; 0 where a visit found it full.
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


@Parameter(name="*", group=FIELDS)
@dataclass(frozen=True, kw_only=True)
class RefrigerantStockFields:
    """What a site has in bottles.

    Parameters
    ----------
    stock_id
        The number or name of the record.
    site
        The site that keeps it.
    refrigerant
        R-134a, R-410A, SF6 ...
    event
        count (what is there that day), purchase, sale or return.
    happened_on
        The day (2023-12-31); a count near the end of a year closes it and opens the next.
    mass
        How much, in --unit.
    unit
        kg, g ...
    evidence
        Where this stands.
    note
        Anything else.
    """

    stock_id: str
    site: str
    refrigerant: str
    event: str
    happened_on: str
    mass: str
    unit: str
    evidence: str = ""
    note: str = ""


@log.command(name="refrigerant-stock")
def log_refrigerant_stock(
    fields: RefrigerantStockFields, *, again: Again = False, folder: Folder = None
) -> int:
    """Record a count of a stock of refrigerant, or what came into it or left it."""
    return _log("refrigerant_stock", fields, again, folder)


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
            with working(f"importing {file}"):
                told = _imported(book, file, map, **options)
            if told is None:
                if not _kept(book, file, map, yes):
                    return 1
                told = _imported(book, file, map, **options)
            code = max(code, _told_import(told))
        except UsageError:
            raise
        except CarbonError as fault:  # the other files are none the worse for it
            print(fault, file=sys.stderr)
            code = 1
    return code


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
        raise wrong("a correction needs --quantity, --unit or both", "carbon correct --help")
    print(
        book_in(folder).correct(entry_id, quantity=quantity or None, unit=unit or None, note=note)
    )


@app.command(group=RECORD, sort_key=5)
def withdraw(name: str, /, *, note: str = "", folder: Folder = None) -> None:
    """Take an entry, certificate, credit, claim or appliance back; it stays and counts no longer.

    Parameters
    ----------
    name
        The number of an entry, as `carbon entries` lists it; or the id of another record.
    note
        Why.
    """
    print(book_in(folder).withdraw(name, note=note))


def _log(
    layout: str,
    fields: ActivityFields
    | TripFields
    | InstrumentFields
    | CreditFields
    | ClaimFields
    | DenominatorFields
    | EquipmentFields
    | ServiceFields
    | RefrigerantStockFields,
    again: bool,
    folder: Path | None,
) -> int:
    said = {
        name.rstrip("_"): "yes" if value is True else value
        for name, value in asdict(fields).items()
        if value
    }
    return _told_import(book_in(folder).log(layout, said, again=again))


def _imported(book: Book, file: Path, map: str, **options: bool) -> ImportReport | None:
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
        print(problem, file=sys.stderr)
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
