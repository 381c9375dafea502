"""Recording: files and lines read against the words of the book, and entered in the ledger."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from carbon import floor_area, library, readers, settings, units
from carbon.book.folder import SETTINGS, Folder, user
from carbon.book.parts import Part, recorded, understood
from carbon.book.reported import ImportReport, Proposal
from carbon.coefficient import serves
from carbon.errors import FactorError, Problem, UsageError, nearest
from carbon.inputs import blends_at, serving_sets
from carbon.ledger import Ledger
from carbon.performance import ORGANISATION, TOTALS
from carbon.records import ActivityWord, Vocabulary


class Recording(Folder):
    """What a book does to record."""

    def import_files(
        self,
        paths: Sequence[Path | str],
        column_map: str | None = None,
        accept_good: bool = False,
        accept_corrections: bool = False,
        tell: readers.Tell = lambda what, since, until, asked: None,
    ) -> list[ImportReport]:
        """Record files of any layout; each file is all or nothing unless `accept_good`.

        tell : is told what is being done to millions of readings.

        Raises CarbonError for a column map that the settings do not have.
        """
        mapped = self._column_map(column_map)
        reports = []
        for path in paths:
            begun = readers.recognised(Path(path), mapped)
            if begun is not None:
                how = (accept_good, accept_corrections, tell)
                reports.append(self._import_readings(begun, mapped, *how))
                continue
            sheets = readers.read_all(Path(path), mapped)
            reports.append(self._import(sheets, mapped, accept_good, accept_corrections, False))
        return reports

    def propose_map(self, path: Path | str, name: str) -> Proposal:
        """A column map for somebody else's file, and how its first rows would be read by it."""
        first, *others = readers.read_all(Path(path))
        sheets = [first, *(each for each in others if each.header == first.header)]
        with self._ledger() as ledger:
            words = self._vocabulary(ledger)
            proposed = readers.propose(sheets[0], words)
            read = readers.together(
                [readers.understand("activity", each, words, proposed) for each in sheets]
            )
        return Proposal(sheets[0].file, name, proposed, readers.as_toml(name, proposed), read)

    def keep_map(self, proposal: Proposal) -> None:
        """Write a proposed column map at the end of carbon.toml, the rest of which stays as it is.

        Raises SettingsError where the file would no longer be understood.
        """
        path = self.folder / SETTINGS
        text = f"{self._files()[SETTINGS].rstrip()}\n\n{proposal.toml}"
        settings.read(text, str(path))
        scratch = path.with_suffix(".part")
        scratch.write_text(text, encoding="utf-8")
        os.replace(scratch, path)

    def log(self, layout: str, fields: Mapping[str, str], again: bool = False) -> ImportReport:
        """Record one line of a layout, its fields named as in a file."""
        return self._import([readers.one_row(fields)], None, False, False, again, layout)

    def estimate(
        self,
        site: str,
        area: str,
        period: str,
        *,
        area_unit: str = "m2",
        benchmark: str = "",
        statistic: str = "mean",
        activity: str = "electricity",
        quantity: str = "",
        unit: str = "",
        of_area: str = "",
        occupied: str = "1",
        again: bool = False,
    ) -> ImportReport:
        """Record what an unmetered space is estimated to use, by its floor area.

        From a benchmark of the library (`benchmark`), or from the `quantity` its building of
        `of_area` used. The note of the entry says how.
        """
        first, last, of = _period(period)
        days = (last - first).days + 1
        if benchmark:
            found = floor_area.by_benchmark(
                self.library, area, area_unit, benchmark, statistic, days, of
            )
        else:
            found = floor_area.by_share(
                activity, quantity, unit, area, of_area, area_unit, occupied
            )
        said = {"site": site, "activity": found.activity, "start": str(first), "end": str(last)}
        said |= {"quantity": format(found.quantity, "f"), "unit": found.unit}
        report = self.log("activity", said | {"quality": "estimated", "note": found.note}, again)
        told = [Problem("estimated", "note", f"{found.quantity:,f} {found.unit}: {found.note}")]
        told = told if report.recorded else []
        return replace(report, problems=[*report.problems, *told, *self._foreign(site, found)])

    def _foreign(self, site: str, found: floor_area.Estimate) -> list[Problem]:
        """A warning where a benchmark is of another country than the site's."""
        place = self.settings.sites().get(site)
        if place is None or not found.region:
            return []
        there, here = (self.library.country(each) for each in (found.region, place.region))
        if there == here:
            return []
        said = f"the benchmark is of {found.region}, and {site} lies in {place.region}"
        remedy = "say why it fits, or use one of the country"
        return [Problem("foreign-benchmark", "warning", said, remedy=remedy)]

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
                remedy=f"write [import.{name}] in {SETTINGS}, or have it proposed:"
                f" carbon import FILE --map {name}",
            )
        return maps[name]

    def _vocabulary(self, ledger: Ledger) -> Vocabulary:
        """Every word a row of this book may use."""
        said, known = self.settings, self.library
        return Vocabulary(
            activities={
                name: ActivityWord(
                    name,
                    method.units,
                    method.names,
                    known.details(name),
                    is_travel=method.family == "travel",
                )
                for name, method in known.methods.items()
            },
            sites={place.name: place.title for place in said.site},
            is_country=lambda code: known.country(code) == code,
            site_countries={place.name: known.country(place.region) for place in said.site},
            meters={
                meter: site.name
                for meter, (site, each) in said.meters().items()
                if not each.is_virtual
            },
            virtual=frozenset(
                meter for meter, (_, each) in said.meters().items() if each.is_virtual
            ),
            countries=frozenset(
                name for name, region in known.regions.items() if region.level == "country"
            ),
            instrument_kinds={
                name: each.factor_g_per_kwh for name, each in known.instruments.items()
            },
            instrument_names={
                other: name for name, each in known.instruments.items() for other in each.names
            },
            generation_meters=[
                meter
                for meter, (_, each) in said.meters().items()
                if each.role == "offsite_generation" and not each.is_virtual
            ],
            refrigerants=frozenset(known.details("refrigerant")),
            equipment={
                row["equipment_id"]: row["refrigerant"] for row in ledger.current("equipment")
            },
            nodes=(ORGANISATION, *(each.name for each in said.site), *said.areas()),
            goal_units={name: (units.unit(unit).canonical,) for name, unit in TOTALS.items()}
            | {name: each.units for name, each in known.methods.items()},
            indicators=said.indicators(),
            at=partial(_word_at, said, known, {}),
        )

    def _import(
        self,
        sheets: Sequence[readers.Sheet],
        mapped: settings.ColumnMap | None,
        accept_good: bool,
        accept_corrections: bool,
        again: bool,
        layout: str = "",
    ) -> ImportReport:
        """Read the sheets of a file against the book's words and record them in one batch."""
        file, digest = sheets[0].file, sheets[0].digest
        with self._ledger() as ledger:
            parts = understood(sheets, self._vocabulary(ledger), mapped, layout)
            problems = [each for part in parts for each in part.read.problems]
            told = ImportReport(file, ", ".join(each.layout for each in parts), problems=problems)
            faults = [each for each in problems if each.severity == "error"]
            if faults and not accept_good:
                return told
            refused = self._refused(parts) if faults else ()
            who = {"by": user(), "kind": "import" if file else "log"}
            who |= {"file": file, "digest": digest}
            with ledger.one_batch():
                for part in parts:
                    accepted = accept_corrections or (again and part.layout not in readers.ROWS)
                    outcome = recorded(ledger, part, again, accept_corrections=accepted, **who)
                    told = replace(
                        told,
                        recorded=told.recorded + outcome.recorded,
                        known=told.known + outcome.known,
                        corrected=told.corrected + outcome.corrected,
                        offered=[*told.offered, *outcome.offered],
                        entry_ids=[*told.entry_ids, *outcome.entry_ids],
                    )
        return replace(told, refused_files=refused)

    def _import_readings(
        self,
        begun: readers.Beginning,
        mapped: settings.ColumnMap | None,
        accept_good: bool,
        accept_corrections: bool,
        tell: readers.Tell,
    ) -> ImportReport:
        """Read a file of readings in the ledger's own connection, and record it in one batch."""
        file = begun.sheet.file
        with self._ledger() as ledger:
            words = self._vocabulary(ledger)
            read = readers.Intervals(ledger.con, begun, words, mapped, self.today, tell)
            problems = read.problems
            faults = [each for each in problems if each.severity == "error"]
            if faults and not (accept_good and read.is_read):
                return ImportReport(file, "activity", problems=problems)
            refused = [self._refused_readings(begun, read)] if faults else []
            outcome = ledger.append_readings(
                read.readings,
                read.unit_table,
                by=user(),
                file=file,
                digest=read.digest,
                accept_corrections=accept_corrections,
                tell=tell,
            )
        return ImportReport(
            file,
            "activity",
            outcome.recorded,
            outcome.known,
            outcome.corrected,
            outcome.offered,
            problems,
            refused,
            outcome.entry_ids,
            len(outcome.entry_ids),
        )

    def _refused_readings(self, begun: readers.Beginning, read: readers.Intervals) -> Path:
        """Write the refused rows of a file of readings out with their reasons."""
        header = [*begun.sheet.header, "row", "reason"]
        return self._written_out(Path(begun.sheet.file).stem, chain([header], read.refused()))

    def _written_out(self, name: str, rows: Iterable[Sequence[Any]]) -> Path:
        """A file of refused rows in the book's folder, whole or not at all."""
        path = self.folder / f"refused-{name}.csv"
        scratch = path.with_suffix(".part")
        with scratch.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        os.replace(scratch, path)
        return path

    def _refused(self, parts: Sequence[Part]) -> Sequence[Path]:
        """Write the refused rows out with their reasons, so that nothing entered is lost: a file
        for each layout that has any."""
        files = []
        for part in parts:
            if not any(read.refused for read in part.reads):
                continue
            ending = f"-{part.layout}" if len(parts) > 1 else ""
            stem = Path(part.sheets[0].file).stem
            files.append(self._written_out(f"{stem}{ending}", part.refused()))
        return files


def _word_at(
    said: settings.Settings,
    known: library.Library,
    remembered: dict[tuple[str, str], ActivityWord],
    site: str,
    activity: str,
) -> ActivityWord:
    """An activity at a site: in units that a factor set there can serve, where there is any set."""
    if (site, activity) not in remembered:
        method, place = known.methods[activity], said.sites()[site]
        sets = []
        if not method.is_detailed:
            with suppress(FactorError):  # an unknown region is told when figures are asked for
                sets = serving_sets(said, known, place, method.family, method.topic)
        servable = tuple(
            unit
            for unit in method.units
            if not sets or any(serves(each, unit, said.policy.gwp, known) for each in sets)
        )
        blends = {each.name: each.units for each in blends_at(said, known, place, activity)}
        basis = said.policy.fuel_energy
        heating = basis.get(known.country(place.region)) or basis.get("default", "")
        remembered[site, activity] = ActivityWord(
            activity,
            servable,
            method.names,
            known.details(activity),
            blends,
            heating,
            bool(sets),
        )
    return remembered[site, activity]


def _period(text: str) -> tuple[date, date, int]:
    """First and last day of a year or month, and the days of its year.

    >>> _period("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29), 366)
    """
    year, _, month = text.partition("-")
    try:
        first = date(int(year), int(month or 1), 1)
    except ValueError:
        raise UsageError(
            "bad-period", f"{text!r} is no year or month", remedy="write 2023 or 2023-07"
        ) from None
    months = 1 if month else 12
    after = date(first.year + (first.month + months > 12), (first.month + months - 1) % 12 + 1, 1)
    days = (date(first.year + 1, 1, 1) - date(first.year, 1, 1)).days
    return first, after - timedelta(days=1), days
