"""The outlook: projected years beside the actual ones, the verdicts, and the whole report.

It joins what the inventory says with what the scenarios suppose and hands yearly figures to
`targets`, which alone judges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from carbon import basis, catalogue, claims, goals, pledges, scenarios, uncertainty
from carbon.base_year import Comparison, is_recalculated, moves
from carbon.engine import sql_text
from carbon.findings import findings
from carbon.inputs import ACTUAL, months_in
from carbon.inventory import (
    INVENTORY,
    PER,
    change,
    coverage,
    intensity,
    inventory_by_year,
    inventory_row,
    outside,
    sites,
    year_states,
    year_totals,
)
from carbon.ledger.closings import MARK
from carbon.run import CONSTANT, Run, uncounted
from carbon.settings import Target
from carbon.tables import Column, Line, Report, Table, tonnes
from carbon.targets import MonthFigure, Verdict, YearFigure, credit_use, judge
from carbon.targets.figures import LINES
from carbon.targets.words import aim
from carbon.units import convert

GRAM = Decimal("0.000001")  # in a tonne
NOTHING = Decimal(0).quantize(GRAM)
Divisors = dict[int, tuple[Decimal, str]]  # by year, with its unit
BESIDE = ("published_t", "estimated_share", "status")  # what only an actual year has


def projection(run: Run) -> Table:
    """Years side by side: the actual ones, then each scenario's. [t CO2e]"""
    rows = []
    for (scenario, year), total in sorted(
        year_totals(run).items(), key=lambda item: (item[0][0] != ACTUAL, item[0])
    ):
        if "@" in scenario:
            continue
        use = credit_use(run.credits[scenario], year, run.claimed_on(year))
        counted = use.retired_t if scenario == ACTUAL else use.retired_t + use.planned_t
        rows.append({"scenario": scenario} | inventory_row(total, counted))
    columns = (
        Column("scenario", "Scenario"),
        *(column for column in INVENTORY if column.key not in BESIDE),
    )
    said = [note] if (note := basis.rules_note(run)) else []
    return Table("projection", "Actual and projected years", columns, rows, [*said, *_beside(run)])


def _beside(run: Run) -> list[str]:
    """What a projection does not show in a figure: measures that exclude each other, claims."""
    found = []
    for scenario in run.scenarios.values():
        if scenario.horizon <= run.last_actual_year:
            found.append(
                f"{scenario.name}: it ends in {scenario.horizon}, and {run.last_actual_year} is"
                " recorded: nothing of it is ahead."
            )
        found += [
            f"{scenario.name}: {one} and {other} stand instead of one another, and both are done."
            for one, other in scenarios.rivals(scenario)
        ]
        for measure in scenario.measures:
            told = ", ".join(
                f"{mass_t.normalize():,f} t in {year}"
                for year, mass_t in measure.claims_t.items()
                if run.last_actual_year < year <= scenario.horizon
            )
            if told:
                found.append(
                    f"{scenario.name}: {measure.name}, {told}, {measure.baseline}. {claims.APART}"
                )
    return found


def verdicts(run: Run, today: date, alike: Comparison | None = None) -> list[tuple[str, Verdict]]:
    """The verdict on every target under each scenario of a run, or on the actual years alone.

    alike : the actual years recalculated for structure, where it changed.
    """
    said, months, rules = pledges.pledges(run), ceilings(run), basis.rules_note(run)

    def judged(target: Target, scenario: str) -> Verdict:
        return judge(
            target,
            year_figures(run, scenario, target.sites, target.judged_on, target.per, alike),
            today=today,
            policy=run.settings.policy,
            scenario=scenario,
            months=months.get(target.name, ()),
        )

    found, names = [], [each.name for each in run.settings.target]
    for scenario in run.scenarios or (ACTUAL,):
        for target in run.settings.target:
            verdict = judged(target, scenario)
            beside = [
                _moved(pledge, target, judged(pledge.target, scenario).verdict)
                for pledge in pledges.of_target(target, said, names)
                if pledge.target.kind != "ceiling"  # goals keep versions of their own
            ]
            if verdict.line and target.judged_on != "location" and rules:
                beside.append(rules)
            found.append((scenario, replace(verdict, caveats=(*verdict.caveats, *beside))))
    return found


def _moved(pledge: pledges.Pledge, target: Target, word: str) -> str:
    """What a target said before, and how that stands."""
    when, then = f"{pledge.until:%Y-%m-%d}", aim(pledge.target)
    part = f" of {', '.join(pledge.target.sites)}" if pledge.target.sites else ""
    if pledge.target.judged_on != target.judged_on:
        part += f", {LINES[pledge.target.judged_on]}"
    if pledge.target.name != target.name:
        return f"taken out on {when}: {pledge.target.name} ({then}{part}), by which: {word}"
    return f"moved on {when}: it said {then}{part} before, by which: {word}"


def report(run: Run, today: date, alike: Comparison | None = None) -> Report:
    """The whole picture of a book."""
    inventory = inventory_by_year(run)
    years = [row["year"] for row in inventory.rows if row["location_t"] is not None]
    last = years[-1] if years else 0
    if last:
        ranges = uncertainty.sentence(run, inventory.rows[-1])
        inventory = replace(inventory, notes=[*inventory.notes, ranges])
    organisation = run.settings.organisation
    states = year_states(run)
    complete = [str(year) for year, state in states.items() if state.is_complete]
    partial = [str(year) for year, state in states.items() if not state.is_complete]
    status = [
        f"complete: {', '.join(complete) or 'no year'}"
        + (f"; incomplete: {', '.join(partial)}" if partial else ""),
        f"run {run.run_id[:12]}, settings version {run.setting_id}, ledger up to batch"
        f" {run.cut_off}, factors known on {run.known_on}",
    ]
    unapproved = [str(y) for y in years if y in states and not states[y].is_approved]
    if unapproved:
        status.append(f"DRAFT: {', '.join(unapproved)} not approved")
    status += [note] if (note := basis.rules_note(run)) else []
    return Report(
        organisation=organisation.name,
        sample=organisation.sample,
        boundary=f"{organisation.consolidation}; "
        + (organisation.boundary or "all sites of the book"),
        status=status,
        inventory=inventory,
        verdicts=verdicts(run, today, alike),
        lines=_lines(run) if len(years) > 1 or run.scenarios else (),
        target_years=[(each.year, each.name) for each in run.settings.target],
        sites=sites(run, last),
        change=change(run, last),
        outside=outside(run),
        intensity=intensity(run),
        coverage=coverage(run),
        problems=[each for each in findings(run) if not each.acknowledged],
        footnotes=[
            f"As published {each.year} {each.line}: {each.mass_t:,} t, {each.method}"
            for each in run.settings.published
        ]
        + claims.footnote(run)
        + _attributions(run),
    )


def _attributions(run: Run) -> list[str]:
    """What the licences of the factors behind the figures want to see beside them."""
    used = [row[0].partition(MARK)[0] for row in run.rows("select distinct set_id from emission")]
    return [f"Factors: {text}" for text in catalogue.attributions(run.library, used)]


def year_figures(
    run: Run,
    scenario: str,
    sites: Sequence[str] = (),
    line: str = "location",
    per: str = "",
    alike: Comparison | None = None,
) -> list[YearFigure]:
    """The years a target is judged on: the actual ones, then those the scenario projects.

    per : the denominator of an intensity.
    alike : the actual years recalculated for structure.
    """
    totals = year_totals(run, sites)
    states = year_states(run)
    series = _grid_series(run, "location" if line == "location" else "market")
    lost = uncounted(run.engine, scenario)
    covered = _certificates(run, (ACTUAL, scenario), sites)
    told, ahead = _divisors(run, scenario, per, sites) if per else ({}, {})
    figures = []
    for (name, year), total in sorted(totals.items(), key=lambda item: item[0][1]):
        actual = name == ACTUAL
        if not actual and (name != scenario or year <= run.last_actual_year):
            continue
        constant = totals.get((name + CONSTANT, year))
        state = states.get(year)
        divisor, divisor_unit = (told if actual else ahead).get(year, (None, ""))
        figures.append(
            YearFigure(
                year=year,
                kind="actual" if actual else "projected",
                location_t=tonnes(total.gross_location_g),
                market_t=tonnes(total.gross_market_g),
                credits=() if sites else tuple(run.credits[name]),  # none is allotted to a part
                claimed_on=run.claimed_on(year) if actual else None,
                is_complete=(state is not None and state.is_complete)
                if actual
                else year not in lost,
                is_approved=not actual or (state is not None and state.is_approved),
                constant_factor_t=tonnes(constant.gross_location_g) if constant else None,
                structure=_structure(run, year, sites),
                series=series.get(year, "") if actual else "",
                gwp_set=run.gwp_set(year) if actual else run.settings.policy.gwp,
                certificates_t=covered.get((name, year), NOTHING),
                missing="; ".join(state.missing) if actual and state else "",
                divisor=divisor,
                recalculated=alike.like_for_like(year, sites) if actual and alike else None,
                divisor_unit=divisor_unit,
            )
        )
    return figures


def _divisors(
    run: Run, scenario: str, metric: str, sites: Sequence[str]
) -> tuple[Divisors, Divisors]:
    """A denominator by year as told, and as the scenario supposes it, in the unit intensities are
    printed per: of the organisation, or of all sites of a part. A year that one of them says
    nothing of is not there."""
    told: dict[int, dict[str, Fraction]] = {}
    unit = PER.get(metric, "")
    for row in run.ledger.current("denominator", run.cut_off):
        if row["metric"] == metric and row["period"] < 10000:
            unit = unit or row["unit"]
            of_year = told.setdefault(row["period"], {})
            of_year[row["site"]] = Fraction(row["quantity"]) * convert(1, row["unit"], unit)
    ahead: dict[int, dict[str, Fraction]] = {}
    planned, last = run.scenarios.get(scenario), run.last_actual_year
    if planned and told:  # where nothing is told, no base year has an intensity
        ahead = scenarios.denominators_ahead(planned, metric, unit, last, told.get(last, {}))
    return _summed(told, sites, unit), _summed(ahead, sites, unit)


def _summed(
    known: Mapping[int, Mapping[str, Fraction]], sites: Sequence[str], unit: str
) -> Divisors:
    wanted = set(sites) or {""}
    sums = {
        year: sum((of_year[each] for each in wanted), Fraction(0))
        for year, of_year in known.items()
        if wanted <= set(of_year)
    }
    return {
        year: (Decimal(whole.numerator) / Decimal(whole.denominator), unit)
        for year, whole in sums.items()
    }


def ceilings(run: Run) -> dict[str, list[MonthFigure]]:
    """Every month of the year of each target that makes a ceiling of the goals of a node."""
    wanted = [each for each in run.settings.target if each.kind == "ceiling"]
    if not wanted:
        return {}
    found = goals.goal_lines(run)
    lines = {(each.node, each.metric, each.month): each for each in found.lines}
    return {
        target.name: [
            _month_figure(month, lines.get((target.node, target.metric, month)))
            for month, year in found.years.items()
            if year == target.year
        ]
        for target in wanted
    }


def _month_figure(month: int, line: goals.Line | None) -> MonthFigure:
    if line is None:
        return MonthFigure(month)
    ceiling, actual = (
        None if each is None else Decimal(each.numerator) / Decimal(each.denominator)
        for each in (line.goal, line.actual)
    )
    is_over = line.state == goals.OVER
    return MonthFigure(month, ceiling, actual, line.unit, is_over, ", ".join(line.lacking))


def _structure(run: Run, year: int, sites: Sequence[str]) -> str:
    """A label that changes when the boundary does, other than by building and closing."""
    _, last = months_in(run.settings, year)
    found = moves(run.settings, 0, last)
    moved = [
        each
        for each in found
        if is_recalculated(run.settings, each) and (not sites or set(each.sites) & set(sites))
    ]
    return ", ".join(sorted(f"{each.name} {each.reason}" for each in moved))


def _grid_series(run: Run, accounting: str) -> dict[int, str]:
    """The series that served each actual year's electricity, by country, as one label a year.

    Only countries that buy electricity in every actual year: a new country is no switch.
    """
    served: dict[int, dict[str, set[str]]] = {}
    for year, market, series in run.engine.con.execute(
        "select distinct e.reporting_year, k.market, s.series from emission as e"
        " join factor_set as s on s.set_id = e.set_id"
        " join (select distinct site, market from site) as k on k.site = e.site"
        " where e.scenario = 'actual' and e.topic = 'electricity' and e.accounting = ?",
        [accounting],
    ).fetchall():
        served.setdefault(year, {}).setdefault(market, set()).add(series)
    always = set.intersection(*(set(countries) for countries in served.values())) if served else ()
    return {
        year: "; ".join(f"{each}: {', '.join(sorted(countries[each]))}" for each in sorted(always))
        for year, countries in served.items()
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _lines(run: Run) -> list[Line]:
    """The series of the chart: actual, each scenario's three lines, and what was published."""
    table = projection(run)
    names = {"location_t": "location-based", "market_t": "market-based", "net_t": "after credits"}
    found = []
    last = {row["year"]: row for row in table.rows if row["scenario"] == ACTUAL}
    for scenario in dict.fromkeys(row["scenario"] for row in table.rows):
        rows = [row for row in table.rows if row["scenario"] == scenario]
        if scenario == ACTUAL:
            years = list(range(rows[0]["year"], rows[-1]["year"] + 1))
            by_year = {row["year"]: _number(row["location_t"]) for row in rows}
            found.append(Line("actual, location-based", years, [by_year.get(y) for y in years]))
            continue
        for key, name in names.items():
            ahead = [start, *rows] if (start := last.get(run.last_actual_year)) else rows
            found.append(
                Line(
                    f"{scenario}, {name}",
                    [row["year"] for row in ahead],
                    [_number(row[key]) for row in ahead],
                    "projected",
                )
            )
    return found


def _certificates(
    run: Run, scenarios: Sequence[str], sites: Sequence[str]
) -> dict[tuple[str, int], Decimal]:
    """Location-based emissions of the electricity that instruments cover, by scenario and year.
    [t CO2e]"""
    found: dict[tuple[str, int], Decimal] = {}
    for scenario, year, energy, used, grams in run.engine.con.execute(
        "select scenario, reporting_year, energy_kwh, used_kwh, co2e_g"
        f" from ({sql_text('certified')}) as c"
        " where list_contains($scenarios, scenario) and energy_kwh > 0"
        " and (len($sites) = 0 or list_contains($sites, site))"
        " order by scenario, reporting_year, site",
        {"scenarios": list(scenarios), "sites": list(sites)},
    ).fetchall():
        covered = tonnes(grams) * used / energy
        found[scenario, year] = found.get((scenario, year), Decimal(0)) + covered
    return {spot: covered.quantize(GRAM) for spot, covered in found.items()}
