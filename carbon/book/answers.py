"""Answers: what is recorded, what it comes to, where it leads, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from carbon import (
    base_year,
    boundary,
    chp,
    completeness,
    energy,
    inputs,
    inventory,
    leakage,
    meters,
    outlook,
    pue,
    settings,
    solar,
    waterfall,
)
from carbon.base_year import Comparison
from carbon.book.folder import Folder, user, year_of
from carbon.errors import CarbonError, Problem, UsageError, nearest
from carbon.explain import Explanation, explain
from carbon.findings import findings
from carbon.records import Acknowledgement
from carbon.run import Run
from carbon.schema import FOREVER
from carbon.tables import Column, Report, Table

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


class Answers(Folder):
    """What a book answers."""

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

    def check(self, everything: bool = False) -> list[Problem]:
        """Every open finding on the data and the scenarios, the gravest first.

        everything : those too that somebody has acknowledged.
        """
        with self._looking_ahead() as run:
            return [each for each in findings(run) if everything or not each.acknowledged]

    def acknowledge(self, finding_id: str, reason: str) -> str:
        """Let a warning or note stand, with the reason, on the record; says what was done.

        It stays acknowledged until its figures change, or until it is withdrawn by its id.
        Raises UsageError for a blank reason, an error, and a finding there is none of.
        """
        if not reason.strip():
            raise UsageError(
                "no-reason",
                "a finding is not acknowledged without a reason",
                remedy=f"carbon acknowledge {finding_id} --reason 'the plant stood still'",
            )
        with self._looking_ahead() as run:
            known = {each.finding_id: each for each in findings(run)}
            found = known.get(finding_id)
            if found is None or found.severity == "error":
                raise _not_to_acknowledge(finding_id, found, known)
            row = Acknowledgement(finding_id, found.code, found.message, reason)
            run.ledger.record(
                "acknowledgement", [row], by=user(), kind="log", accept_corrections=True
            )
        return f"{finding_id} is acknowledged: {found.message}."

    def inventory(self, period: str = "", by: Sequence[str] = (), approach: str = "") -> Table:
        """Totals by year, or of one year broken down.

        approach : another consolidation approach than the book's, from the same ledger.
        """
        years = [year_of(period, "carbon inventory 2023")] if period else []
        with self._under(approach) as run:
            table = (
                inventory.inventory_by(run, years, by) if by else inventory.inventory_by_year(run)
            )
            table = boundary.told(table, run, self.settings) if approach else table
        if by:
            return table
        rows = [row for row in table.rows if not years or row["year"] in years]
        if years and not rows:
            raise _nothing_recorded(period, [row["year"] for row in table.rows])
        return replace(table, rows=rows)

    def uncertainty(self, period: str = "", draws: int = 0, seed: int = -1) -> tuple[Table, Table]:
        """The 95 % range of every total, and what makes the last of the years unsure.

        draws, seed : of the Monte Carlo simulation; by default 10,000 and always the same.
        """
        from carbon import uncertainty

        years = [year_of(period, "carbon uncertainty 2023")] if period else []
        with self.run() as run:
            table = uncertainty.ranges(
                run,
                years,
                draws or uncertainty.DRAWS,
                uncertainty.SEED if seed < 0 else seed,
            )
            if not table.rows:
                raise _no_range(period or "any year")
            return table, uncertainty.ranking(run, table.rows[-1]["year"])

    def coverage(self, period: str = "") -> Table:
        """The days of a reporting year by bill and meter: read, billed, estimated, missing; by
        default of the last year anything was recorded for."""
        from carbon.coverage import coverage

        with self.run() as run:
            recorded = [row["year"] for row in inventory.inventory_by_year(run).rows]
            year = year_of(period, "carbon coverage 2023") if period else max(recorded, default=0)
            table = coverage(run, year)
        if not table.rows:
            raise _nothing_recorded(period or "any year", recorded)
        return table

    def energy(self, period: str = "", by_site: bool = False) -> list[Table]:
        """The energy sheet: carriers in MWh and tce, and where electricity came from."""
        with self.run() as run:
            return energy.sheet(run, _year(period, "carbon energy 2023"), by_site)

    def meters(self, period: str = "") -> Table:
        """The tree of meters with what each read in a reporting year, by default the last one with
        figures: what its sub-meters leave, its area, its calibration."""
        with self.run() as run:
            recorded = [row["year"] for row in inventory.inventory_by_year(run).rows]
            year = year_of(period, "carbon meters 2023") if period else max(recorded, default=0)
            return meters.tree(run, year or self.today.year, self.today)

    def areas(self, period: str = "") -> Table:
        """Energy by department and key area, by year or by the months of one."""
        with self.run() as run:
            return meters.areas(run, _year(period, "carbon areas 2023"))

    def pue(self, period: str = "") -> Table:
        """The power usage effectiveness of data centres, by year or by the months of one."""
        with self.run() as run:
            return pue.pue(run, _year(period, "carbon pue 2023"))

    def pv(self, period: str = "") -> Table:
        """What PV yielded beside the clear sky, by site and year, or by plant and month of one."""
        with self.run() as run:
            return solar.pv(run, _year(period, "carbon pv 2023"))

    def instruments(self, period: str = "") -> list[Table]:
        """What covers the electricity of each site, what becomes of each instrument, and which
        criteria it meets: of one reporting year, or of all."""
        year = year_of(period, "carbon instruments 2023") if period else 0
        with self.run() as run:
            return waterfall.instruments(run, year)

    def chp(self, period: str) -> Table:
        """What heat and power of each combined plant carry of its emissions in a year."""
        with self.run() as run:
            return chp.allocation(run, year_of(period, "carbon chp 2023"))

    def refrigerants(self, period: str = "") -> Table:
        """What leaked of each refrigerant by three methods, and which is counted."""
        year = year_of(period, "carbon refrigerants 2023") if period else 0
        with self.run() as run:
            return leakage.table(run, year)

    @contextmanager
    def _under(self, approach: str) -> Iterator[Run]:
        """The book computed as it stands, or as a trial under another approach."""
        own = self.settings
        if not approach or approach == own.organisation.consolidation:
            with self.run() as run:
                yield run
            return
        other = boundary.under(own, approach)
        with self._trial(as_if=lambda _: other) as run:
            yield run

    def boundary(self) -> list[Table]:
        """Entities and sites: what share counts under each approach, since when and why."""
        return boundary.tables(self.settings)

    def base_year(self, period: str = "") -> list[Table]:
        """The base year and the years since, as reported and recalculated for structure.

        period : another base year than the policy's, to try it.
        """
        asked = year_of(period, "carbon base-year 2021") if period else 0
        return base_year.tables(
            self._compared(lambda _: base_year.base_years(self.settings, asked))
        )

    def _compared(self, base_of: Callable[[base_year.Gross], Mapping[str, int]]) -> Comparison:
        """The reported series beside the same recalculated from a base year on."""
        with self.run() as run:
            said, reported, closed = run.settings, base_year.gross(run), frozenset(run.closings)
        base = base_of(reported)
        base_year.refuse_empty(reported, base)
        last = max(year for _, year in reported.grams)
        first_month, _ = inputs.months_in(said, min(base.values()))
        _, last_month = inputs.months_in(said, last)
        found = base_year.moves(said, first_month, last_month)
        always = base_year.as_if_always(said, found, last_month)
        with self._trial(as_if=lambda _: always) as trial:
            anew = base_year.gross(trial)
        return Comparison(said, base, last, found, reported, anew, closed)

    def _like_for_like(self) -> Comparison | None:
        """The whole series recalculated, where a target compares years that structure moved."""
        said = self.settings
        moved = any(
            base_year.is_recalculated(said, each) for each in base_year.moves(said, 0, FOREVER)
        )
        if not said.target or not moved:
            return None
        try:
            return self._compared(base_year.first_years)
        except CarbonError as fault:
            if fault.code != "no-figure":
                raise
            return None

    def checklist(self, period: str = "") -> Table:
        """What each site says of each emission source in a year, and whether its entries agree."""
        asked = year_of(period, "carbon checklist 2023") if period else 0
        with self.run() as run:
            return completeness.checklist(run, completeness.year_in(run, asked))

    def explain(self, figure: str) -> Explanation:
        """One figure down to its bills."""
        with self.run(self._scenarios_in(figure)) as run:
            return explain(figure, run)

    def sql(self, query: str) -> Table:
        """The rows of a read-only query on the ledger and every relation of a run.

        `factor_printed` holds every printed value of the library.

        Raises CarbonError for a query that DuckDB does not understand, or that would write.
        """
        import duckdb

        with self.run() as run:
            con = run.engine.con
            if "factor_printed" in query.lower():
                run.engine.load("factor_printed", inputs.factor_printed(run.library))
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
                names = _apart([column[0] for column in found.description])
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

    def project(self, *scenarios: str) -> Table:
        """The actual years and each scenario's, side by side; all scenarios where none is named."""
        with self.run(scenarios or self.scenarios) as run:
            return outlook.projection(run)

    def nowcast(self, period: str = "", until: str = "", backtest: bool = False) -> list[Table]:
        """The running year to its end: what is known, what is expected, and how sure that is.

        period : a reporting year; by default the running one.
        until : the last month that counts as known, to see a past year as it stood then.
        backtest : how good it was in the years before as well.
        """
        from carbon.nowcast import nowcast

        year = year_of(period, "carbon nowcast 2023") if period else 0
        with self.run() as run:
            return nowcast(run, self.today, year, _month(until, 0), backtest)

    def neutrality(self, period: str = "", *scenarios: str) -> list[Table]:
        """Gross, covered, offset and rest of a year, by default of all from the neutrality target's
        on: which units count, which are missing, and what is really reduced."""
        from carbon.neutrality import neutrality

        year = year_of(period, "carbon neutrality 2030 path") if period else 0
        alike = self._like_for_like()
        with self._looking_ahead(scenarios) as run:
            return neutrality(run, self.today, year, alike)

    def report(self, scenarios: Sequence[str] = ()) -> Report:
        """The whole picture."""
        alike = self._like_for_like()
        with self._looking_ahead(scenarios) as run:
            return outlook.report(run, self.today, alike)


def _not_to_acknowledge(
    finding_id: str, found: Problem | None, known: Mapping[str, Problem]
) -> UsageError:
    if found is not None:
        return UsageError(
            "error-stands",
            f"{finding_id} is an error: {found.message}",
            looked_for="a warning or a note",
            remedy=found.remedy or "mend it",
        )
    return UsageError(
        "no-finding",
        f"there is no finding {finding_id!r} now",
        looked_for=", ".join(list(known)[:8]),
        nearest=nearest(finding_id, known),
        remedy="carbon check names every finding with its id",
    )


def _no_range(period: str) -> CarbonError:
    return CarbonError(
        "no-figure",
        f"nothing of {period} counts in Scope 1 or 2, so no total has a range",
        looked_for=f"emissions in Scope 1 or 2 of {period}",
        remedy="carbon inventory shows what is recorded, carbon check what is missing",
    )


def _nothing_recorded(period: str, known: Sequence[int]) -> CarbonError:
    return CarbonError(
        "no-figure",
        f"nothing is recorded for {period}: it is not disclosed, which is not 0",
        looked_for=f"reporting year {period}",
        nearest=", ".join(str(year) for year in known),
        remedy="carbon import FILE... or carbon log for that year",
    )


def _apart(names: Sequence[str]) -> list[str]:
    """Names of columns, each once: a second `month` is `month_2`.

    >>> _apart(["month", "month", "month_2", "month"])
    ['month', 'month_3', 'month_2', 'month_4']
    """
    taken, found = set(names), []
    for name in names:
        free = name
        number = 2
        while free in found or (free != name and free in taken):
            free, number = f"{name}_{number}", number + 1
        found.append(free)
    return found


def _year(period: str, example: str) -> int:
    return year_of(period, example) if period else 0


def _month(text: str, default: int) -> int:
    if not text:
        return default
    try:
        return settings.month_number(text)
    except ValueError as fault:
        raise UsageError("not-a-month", str(fault), remedy="write it like 2023-07") from None


def _period(start_on: date, end_on: date) -> str:
    """A whole month or year, or one day, as people write it, else its first and last day."""
    if start_on == end_on:
        return f"{start_on}"
    after = end_on + timedelta(days=1)
    if start_on.day == after.day == 1:
        if (after.year - start_on.year) * 12 + after.month - start_on.month == 1:
            return f"{start_on:%Y-%m}"
        if start_on.month == after.month == 1 and after.year == start_on.year + 1:
            return f"{start_on:%Y}"
    return f"{start_on} to {end_on}"
