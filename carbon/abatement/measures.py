"""The measures of a scenario as tables: each alone and in its order, what they lose together,
where they stand by area and stage, and how many of their tonnes rest on ideas."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, get_args

from carbon.abatement.interaction import Effect, Level, Together
from carbon.claims import APART
from carbon.scenarios import Area, Measure, Stage, rivals
from carbon.tables import Column, Table, shown

KEYS = {
    "location": "location_t",
    "market": "market_t",
    "scope 1": "scope1_t",
    "net": "net_t",
    "electricity": "electricity_mwh",
}
MASSES = (
    Column("location_t", "Location-based", "t CO2e", "mass"),
    Column("market_t", "Market-based", "t CO2e", "mass"),
    Column("scope1_t", "Scope 1", "t CO2e", "mass"),
    Column("net_t", "After credits", "t CO2e", "mass"),
)
POWER = Column("electricity_mwh", "Electricity bought", "MWh", "mass")
STATUSES = get_args(Measure.model_fields["status"].annotation)
STAGES = [each for each in get_args(Stage) if each != "growth"]


def measure_tables(known: Together) -> list[Table]:
    """All that is told of the measures of a scenario in a year."""
    told = [_measures(known), _effects(known), _closing(known), _way(known), _matrix(known)]
    return [*told, _status(known), *([_claims(known)] if known.claims else [])]


def _measures(known: Together) -> Table:
    """One row a measure, growth included, in the order of the file."""
    columns = [
        Column("measure", "Measure"),
        Column("area", "Area"),
        Column("stage", "Stage"),
        Column("kind", "Kind"),
        Column("status", "Status"),
        Column("start", "From"),
    ]
    rows = []
    for each in known.scenario.measures:
        start = f"{each.start // 100}-{each.start % 100:02d}" if each.start else _first(each)
        row = {"measure": each.name, "area": each.area, "stage": each.stage, "kind": each.kind}
        rows.append(row | {"status": each.status, "start": start})
    notes = [
        f"{one} and {other} stand instead of one another, and both are done."
        for one, other in rivals(known.scenario)
    ]
    return Table("measure", f"Measures of {known.scenario.name}", columns, rows, notes, "-")


def _first(measure: Measure) -> str | None:
    """The first year of a path or purchase."""
    years = [*getattr(measure, "path", ()), *measure.amounts, *measure.rest_in]
    return str(min(years)) if years else None


def _effects(known: Together) -> Table:
    """One row a measure that changes a total: what it takes off alone, and in its order."""
    columns = [
        Column("measure", "Measure"),
        Column("alone_location_t", "Location alone", "t CO2e", "mass"),
        Column("location_t", "Location in order", "t CO2e", "mass"),
        Column("alone_market_t", "Market alone", "t CO2e", "mass"),
        Column("market_t", "Market in order", "t CO2e", "mass"),
        Column("alone_scope1_t", "Scope 1 alone", "t CO2e", "mass"),
        Column("scope1_t", "Scope 1 in order", "t CO2e", "mass"),
        Column("credits_t", "Credits", "t CO2e", "mass"),
    ]
    rows = [_effect(each) for each in known.effects]
    notes = [
        "Alone: beside growth, at the grid of the year. In order: after those above it, first those"
        " that reduce as the file states them, then what is bought."
    ]
    idle = [each.measure.name for each in known.effects if not any(map(shown, _every(each)))]
    notes += [f"Changes nothing in {known.year}: {', '.join(idle)}."] if idle else []
    title = f"What each takes off in {known.year}"
    return Table("measure_effect", title, columns, rows, notes, "-")


def _every(each: Effect) -> list[Decimal]:
    """Whatever a measure takes off, alone or in its order."""
    return [*each.alone.values(), *each.after.values()]


def _effect(each: Effect) -> dict[str, Any]:
    row: dict[str, Any] = {"measure": each.measure.name}
    for line in ("location", "market", "scope 1"):
        row[f"alone_{KEYS[line]}"], row[KEYS[line]] = each.alone[line], each.after[line]
    credits = each.after["net"] - each.after["market"]
    return row | {"credits_t": credits if each.measure.BUYS == "credits" else None}


def _telescoped(levels: Sequence[Decimal]) -> list[Decimal]:
    """The steps between levels, as they add up when each level is printed."""
    return [shown(after) - shown(before) for before, after in pairwise(levels)]


def _closing(known: Together) -> Table:
    """The sum of what each does alone, what is lost of it and why, and the joint effect."""
    lines = ("location", "market", "scope 1")
    steps = {}
    for line in lines:
        alone, at_grid = known.alone_before(line), known.alone(line)
        levels = [alone, at_grid, at_grid - known.lost_to_measures(line), known.joint(line)]
        steps[line] = [shown(alone), *_telescoped(levels), shown(known.joint(line))]
    names = (
        f"each alone, added up, at the grid of {known.base_year}",
        f"a cleaner grid leaves less to save in {known.year}",
        "measures take from one another",
        "certificates and contracts find less to cover",
        "all together",
    )
    rows = [
        {"part": name} | {KEYS[line]: steps[line][n] for line in lines}
        for n, name in enumerate(names)
    ]
    columns = [Column("part", "Taken off"), *MASSES[:3]]
    notes = [f"On one load: {each}." for each in known.groups]
    if not known.groups and any(shown(known.lost_to_measures(line)) for line in lines):
        notes.append("No two measures multiply one load: they meet in one supply or site.")
    notes.append("Credits take nothing off these lines.")
    return Table("measure_interaction", f"Alone and together, {known.year}", columns, rows, notes)


def _way(known: Together) -> Table:
    """From the base year to the year of the scenario: growth, grid, measures, purchases."""
    steps: list[tuple[str, Level]] = [(f"{known.base_year} carried on", known.base)]
    level = known.base
    for each in known.growth:
        level = {line: level[line] - each.after[line] for line in level}
        steps.append((f"growth: {each.measure.name}", level))
    steps.append(("the grid of the scenario", known.at_grid))
    steps.append(("measures that reduce", known.reduced))
    for kind in dict.fromkeys(each.measure.kind for each in known.bought):
        level = steps[-1][1]
        for each in known.bought:
            if each.measure.kind == kind:
                level = {line: level[line] - each.after[line] for line in level}
        steps.append((kind, level))
    rows = [{"step": steps[0][0]} | _row({line: shown(v) for line, v in known.base.items()})]
    for (_, before), (name, after) in pairwise(steps):
        rows.append(
            {"step": name}
            | _row({line: shown(after[line]) - shown(before[line]) for line in after})
        )
    ends = {line: shown(value) for line, value in known.end.items()}
    rows.append({"step": f"{known.scenario.name} in {known.year}"} | _row(ends))
    title = f"The way from {known.base_year} to {known.year}"
    note = "A step is the difference of two printed levels, so that the way adds up as printed."
    return Table("measure_way", title, [Column("step", "Step"), POWER, *MASSES], rows, [note])


def _row(level: Level) -> dict[str, Any]:
    return {KEYS[line]: value for line, value in level.items()}


def _matrix(known: Together) -> Table:
    """One row an area: how many measures of each stage, and what they take off after credits."""
    columns = [Column("area", "Area")]
    for stage in (*STAGES, "all"):
        columns.append(Column(f"{stage}_measures", "n", kind="count"))
        columns.append(Column(f"{stage}_t", stage.capitalize(), "t CO2e", "mass"))
    rows = []
    for area in (*get_args(Area), "all"):
        row: dict[str, Any] = {"area": area}
        for stage in (*STAGES, "all"):
            cell = [
                each
                for each in known.effects
                if area in ("all", each.measure.area) and stage in ("all", each.measure.stage)
            ]
            row[f"{stage}_measures"] = len(cell)
            row[f"{stage}_t"] = _net(cell) if cell else None
        rows.append(row)
    note = (
        "Measures (n) and what they take off in their order, after credits; growth is of no stage."
    )
    title = f"Area by stage, {known.year}"
    return Table("measure_matrix", title, columns, rows, [note], "-")


def _net(effects: Sequence[Effect]) -> Decimal:
    return sum((each.after["net"] for each in effects), Decimal(0))


def _status(known: Together) -> Table:
    """One row a status: how many measures have it, and how many tonnes rest on them."""
    columns = [
        Column("status", "Status"),
        Column("measures", "Measures", kind="count"),
        Column("capex_rmb", "Capital stated", "RMB", "number", 0),
        Column("electricity_mwh", "Less bought", "MWh", "mass"),
        Column("location_t", "Location-based", "t CO2e", "mass"),
        Column("net_t", "After credits", "t CO2e", "mass"),
        Column("share", "Of it", "%", "share"),
    ]
    whole, rows = _net(known.effects), []
    for status in STATUSES:
        of = [each for each in known.effects if each.measure.status == status]
        location = sum((each.after["location"] for each in of), Decimal(0))
        share = _net(of) / whole if whole else None
        stated = [e.measure.capex_rmb for e in of if e.measure.capex_rmb is not None]
        row = {"status": status, "measures": len(of), "location_t": location}
        row |= {"capex_rmb": sum(stated, Decimal(0)) if stated else None}
        row |= {"electricity_mwh": sum((each.after["electricity"] for each in of), Decimal(0))}
        rows.append(row | {"net_t": _net(of), "share": share})
    ideas = rows[0]
    note = (
        f"{ideas['net_t']:,.1f} t of the {whole:,.1f} t taken off rest on ideas alone,"
        f" {ideas['location_t']:,.1f} t of the {known.joint('location'):,.1f} t location-based."
    )
    return Table("measure_status", f"What rests on what, {known.year}", columns, rows, [note], "-")


def _claims(known: Together) -> Table:
    """One row a claim: what is said to be avoided, in no line and no target."""
    columns = [
        Column("measure", "Measure"),
        Column("area", "Area"),
        Column("status", "Status"),
        Column("claimed_t", "Claimed", "t CO2e", "mass"),
        Column("baseline", "Beside"),
    ]
    rows = [
        {
            "measure": each.name,
            "area": each.area,
            "status": each.status,
            "claimed_t": each.claims_t.get(known.year),
            "baseline": each.baseline,
        }
        for each in known.claims
    ]
    return Table("measure_claim", f"Claimed beside it, {known.year}", columns, rows, [APART], "-")
