"""Accounts of neutrality as tables: years, the account line by line, its units, and what of them is
missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from carbon import basis
from carbon.inputs import ACTUAL
from carbon.neutrality.account import Account, booked
from carbon.neutrality.missing import RETIRE, UNPLANNED, Unit, missing
from carbon.records import Instrument
from carbon.run import Run
from carbon.tables import Column, Table
from carbon.targets.words import mass, percent

ZERO = Decimal(0)
SEEN = Decimal("0.05")  # of a mass with one decimal [t]
YEARS = (
    Column("scenario", "Scenario"),
    Column("year", "Year"),
    Column("gross_t", "Gross", "t CO2e", "mass"),
    Column("covered_t", "Covered", "t CO2e", "mass"),
    Column("market_t", "Market-based", "t CO2e", "mass"),
    Column("avoidance_t", "Avoidance", "t CO2e", "mass"),
    Column("removal_t", "Removals", "t CO2e", "mass"),
    Column("rest_t", "Rest", "t CO2e", "mass"),
    Column("bought_share", "Bought", "%", "share"),
    Column("base_year", "Base year"),
    Column("real_reduction_t", "Real reduction", "t CO2e", "mass"),
    Column("real_reduction_share", "Real reduction", "%", "share"),
    Column("own_reduction_t", "By own measures", "t CO2e", "mass"),
    Column("grid_reduction_t", "By the grid", "t CO2e", "mass"),
    Column("net_zero_t", "Net zero leaves", "t CO2e", "mass"),
    Column("net_zero_removals_t", "Removals that count for it", "t CO2e", "mass"),
    Column("missing_rmb", "Missing", "RMB", "number", 0),
    Column("unpriced", "Without price", kind="count"),
)
LINES = (
    Column("scenario", "Scenario"),
    Column("year", "Year"),
    Column("line", "Line"),
    Column("what", "Of"),
    Column("state", "State"),
    Column("energy_mwh", "Electricity", "MWh", "number", 1),
    Column("mass_t", "Mass", "t CO2e", "mass"),
)
UNITS = (
    Column("scenario", "Scenario"),
    Column("year", "Year"),
    Column("unit_id", "Unit"),
    Column("kind", "Kind"),
    Column("vintage", "Vintage"),
    Column("amount", "Amount", kind="exact"),
    Column("counted", "Counted", kind="exact"),
    Column("unit", "In"),
    Column("state", "State"),
    Column("reason", "Because"),
    Column("recorded", "Recorded"),
)
MISSING = (
    Column("scenario", "Scenario"),
    Column("year", "Year"),
    Column("what", "What"),
    Column("state", "To do"),
    Column("amount", "Amount", kind="number", decimals=1),
    Column("unit", "In"),
    Column("mass_t", "Takes off", "t CO2e", "mass"),
    Column("by_on", "By"),
    Column("price_rmb", "Price", "RMB", "number", 2),
    Column("cost_rmb", "Cost", "RMB", "number", 0),
    Column("cost_rmb_per_t", "A tonne", "RMB/t", "number", 2),
    Column("source", "By measure"),
    Column("remark", "Remark"),
)


def tables(run: Run, found: Sequence[Account], today: date) -> list[Table]:
    """The four tables of some accounts."""
    lacking = {(each.scenario, each.year): missing(run, each) for each in found}
    units = [unit for each in found for unit in lacking[each.scenario, each.year]]
    years = [_year(each, lacking[each.scenario, each.year]) for each in found]
    lines = [row for each in found for row in _lines(each)]
    held = [row for each in found for row in _units(run, each)]
    span = sorted({each.year for each in found})
    when = f"{span[0]}" if len(span) == 1 else f"{span[0]} to {span[-1]}"
    return [
        Table(
            "neutrality_year", f"Neutrality, {when}", YEARS, years, list(_notes(run, found)), "-"
        ),
        Table("neutrality", f"The account, {when}", LINES, lines, (), ""),
        Table("neutrality_unit", f"Units, {when}", UNITS, held, (), ""),
        Table(
            "neutrality_missing",
            f"Units missing, {when}",
            MISSING,
            [_missing(each, today) for each in units],
            list(_prices(found, units)),
            "",
        ),
    ]


def shown(found: Sequence[Table], is_one_year: bool) -> list[Table]:
    """The tables as they go on a screen: of one year the account of each scenario, of several the
    years alone."""
    years, lines, units, lacking = found
    facts = {"market_t", "base_year", "own_reduction_t", "grid_reduction_t", "net_zero_t"}
    facts |= {"net_zero_removals_t"}
    facts |= {"unpriced"} if not _any(years.rows, "unpriced") else set()
    if not is_one_year:
        more = "carbon neutrality YEAR tells the account of a year, its units and what is missing."
        facts |= {"avoidance_t", "removal_t", "real_reduction_t", "unpriced"}
        return [replace(_without(years, facts), notes=[*years.notes, more])]
    facts |= {"year", "gross_t", "covered_t", "avoidance_t", "removal_t"}
    names = list(dict.fromkeys(row["scenario"] for row in lines.rows))
    said = {name: [each for each in years.notes if each.startswith(f"{name}: ")] for name in names}
    common = [each for each in years.notes if not any(each in said[name] for name in names)]
    told = [replace(_without(years, facts), notes=common)]
    for name in names:
        notes = [each.removeprefix(f"{name}: ") for each in said[name]]
        told += _of_scenario(name, [replace(lines, notes=notes), lacking, units])
    return told


def _of_scenario(name: str, tables: Sequence[Table]) -> Iterator[Table]:
    """The tables of a scenario; plainly planned units stand in what is missing already."""
    for table in tables:
        rows = [row for row in table.rows if row["scenario"] == name]
        if table.name == "neutrality":  # a difference of rounding is none to look at
            rows = [row for row in rows if row["line"] != "difference" or abs(row["mass_t"]) > SEEN]
        if table.name == "neutrality_unit":
            rows = [row for row in rows if row["state"] != "planned" or row["reason"]]
        if not rows:
            continue
        hidden = {"scenario", "year", "source", "price_rmb"}
        hidden |= {key for key in ("reason", "remark", "recorded", "state") if not _any(rows, key)}
        title = f"{table.title}, {name}"
        yield replace(_without(table, hidden), title=title, rows=rows)


def _any(rows: Sequence[Mapping[str, Any]], key: str) -> bool:
    return any(row.get(key) for row in rows)


def _without(table: Table, keys: set[str]) -> Table:
    return replace(table, columns=[each for each in table.columns if each.key not in keys])


def _year(each: Account, lacking: Sequence[Unit]) -> dict[str, Any]:
    facts, gross = each.facts, each.gross_t
    # Ways to cover a rest that are not compared are alternatives, and not added.
    costs = [unit.cost_rmb for unit in lacking if not _is_alternative(unit)]
    return {
        "scenario": each.scenario,
        "year": each.year,
        "gross_t": gross,
        "covered_t": each.covered_t,
        "market_t": gross - each.covered_t + each.own_t + each.mix_t,
        "avoidance_t": each.credits_t("avoidance"),
        "removal_t": each.credits_t("removal"),
        "rest_t": each.rest_t,
        "bought_share": (each.covered_t + each.credits_t()) / gross if gross else None,
        "base_year": facts["base_year"],
        "real_reduction_t": facts["real_reduction_t"],
        "real_reduction_share": facts["real_reduction_share"],
        "own_reduction_t": facts.get("own_reduction_t"),
        "grid_reduction_t": facts.get("grid_reduction_t"),
        "net_zero_t": each.net_zero_t,
        "net_zero_removals_t": each.removals_t,
        "missing_rmb": sum((cost for cost in costs if cost is not None), ZERO)
        if any(cost is not None for cost in costs)
        else None,
        "unpriced": sum(cost is None for cost in costs),
    }


def _is_alternative(unit: Unit) -> bool:
    return unit.state == UNPLANNED and "one way or the other" in unit.note


def _lines(each: Account) -> Iterator[dict[str, Any]]:
    """The account: what is emitted, what is covered and offset, and the sums between."""

    def line(name: str, mass_t: Decimal, what: str = "", state: str = "", energy: Any = None):
        return {
            "scenario": each.scenario,
            "year": each.year,
            "line": name,
            "what": what,
            "state": state,
            "energy_mwh": energy,
            "mass_t": mass_t,
        }

    yield line("emitted", each.scope1_t, "Scope 1")
    yield line("emitted", each.location_t, "Scope 2, location-based")
    yield line("gross", each.gross_t)
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for cover in each.covers:
        if cover.used_mwh:
            of = sums.setdefault((cover.instrument.kind, cover.state), [ZERO, ZERO])
            of[0] += cover.used_mwh
            of[1] -= cover.covered_t
    for (kind, state), (energy, mass_t) in sorted(sums.items()):
        yield line("covered", mass_t, kind, state, energy)
    if each.own_t:
        yield line("conveyed", each.own_t, "factors of the instruments")
    if each.mix_t:
        yield line("difference", each.mix_t, "uncovered at market-based factors")
    market_t = each.gross_t - each.covered_t + each.own_t + each.mix_t
    yield line("residual", market_t, "market-based")
    offset: dict[tuple[str, str], Decimal] = {}
    for held in each.counted:
        credit = held.credit
        key = (f"{credit.standard}, {credit.kind}, {credit.vintage_year}", held.state)
        offset[key] = offset.get(key, ZERO) - credit.mass_t
    for (what, state), mass_t in sorted(offset.items()):
        yield line("credits", mass_t, what, state)
    yield line("rest", each.rest_t, "above zero" if each.rest_t > 0 else "at or below zero")


def _units(run: Run, each: Account) -> Iterator[dict[str, Any]]:
    """Every instrument and credit of the year, those of a plan beside what is recorded already."""
    places = _recorded(run)

    def unit(name: str, kind: str, vintage: int, amount: Any, counted: Any, *rest: str):
        row = {"scenario": each.scenario, "year": each.year, "unit_id": name, "kind": kind}
        row |= {"vintage": vintage, "amount": amount, "counted": counted}
        row |= dict(zip(("unit", "state", "reason"), rest, strict=True))
        return row | {"recorded": places.get(name, "")}

    for cover in each.covers:
        held = cover.instrument
        amount = held.energy_kwh.scaleb(-3)
        kind = f"{held.kind} of {held.market}"
        reason = cover.reason if cover.refused_mwh else ""
        yield unit(
            *(held.instrument_id, kind, held.vintage_year, amount, cover.used_mwh),
            *("MWh", cover.state, reason),
        )
    for state in each.credits:
        credit = state.credit
        counted = credit.mass_t if state in each.counted else ZERO
        kind = f"{credit.standard}, {credit.kind}"
        yield unit(
            *(credit.credit_id, kind, credit.vintage_year, credit.mass_t, counted),
            *("t", state.state, state.reason),
        )
    for other in booked(run, each.year) if not each.is_actual else ():
        if isinstance(other, Instrument):
            kind, amount = f"{other.kind} of {other.market}", other.energy_kwh.scaleb(-3)
            state = "retired" if other.retired_on else "bought"
            row = unit(
                *(other.instrument_id, kind, other.vintage_year, amount, None),
                *("MWh", state, "recorded for the year already; the plan counts its own"),
            )
        else:
            credit = other.credit
            row = unit(
                *(credit.credit_id, f"{credit.standard}, {credit.kind}", credit.vintage_year),
                *(credit.mass_t, None, "t", other.state),
                other.reason or "recorded for the year already; the plan counts its own",
            )
        yield row


def _recorded(run: Run) -> dict[str, str]:
    """Where each instrument and credit stands in the ledger."""
    found = {}
    for table, key in (("instrument", "instrument_id"), ("credit", "credit_id")):
        for row in run.ledger.current(table, run.cut_off):
            spot = f"{row['file']}, row {row['row']}" if row["file"] else "logged by hand"
            found[row[key]] = f"{spot}, batch {row['batch_id']}"
    return found


def _missing(unit: Unit, today: date) -> dict[str, Any]:
    return {
        "scenario": unit.account.scenario,
        "year": unit.account.year,
        "what": unit.what,
        "state": unit.state,
        "amount": unit.amount,
        "unit": unit.unit,
        "mass_t": unit.mass_t,
        "by_on": unit.by_on,
        "price_rmb": unit.price_rmb,
        "cost_rmb": unit.cost_rmb,
        "cost_rmb_per_t": unit.rmb_per_t,
        "source": unit.source,
        "remark": "; ".join(_remarks(unit, today)),
    }


def _remarks(unit: Unit, today: date) -> Iterator[str]:
    if unit.note:
        yield unit.note
    if unit.price_rmb is None and unit.state != RETIRE:
        yield "no price stated"
    if unit.by_on < today:
        yield "the day has passed"


def _notes(run: Run, found: Sequence[Account]) -> Iterator[str]:
    yield "Operational (Scope 1+2), self-declared. Credits never change Scope 1 or 2."
    gaps = [each for each in found if each.open_t]
    if gaps:
        names = ", ".join(f"{each.scenario} {each.year} by {each.open_t} t" for each in gaps)
        yield f"Accounts that do not close to zero: {names}."
        for year in sorted({each.year for each in gaps if each.is_actual} & {*basis.moved(run)}):
            yield (
                f"{year} is closed and keeps its totals, but would no longer come to them:"
                f" carbon restate {year} shows what moved."
            )
    else:
        yield (
            "Gross less covered, plus what instruments convey and uncovered electricity differs by,"
            " less credits and rest is 0 in every account."
        )
    for each in found:
        if not each.figure.is_complete:
            lacks = each.figure.missing or "something recorded or planned has no factor"
            yield f"{each.scenario}: {each.year} is incomplete ({lacks})."
    if len({each.year for each in found}) == 1:
        for each in found:
            yield f"{each.scenario}: {each.real}"
            if any(target.kind == "net zero" for target in run.settings.target):
                yield f"{each.scenario}: {_net_zero(each)}"


def _net_zero(each: Account) -> str:
    """What removals count for net zero."""
    base, share = each.facts["base_year"], percent(each.net_zero_share)
    if each.gross_t > each.net_zero_t:
        held = each.credits_t("removal")
        none = f"the {mass(held)} of removals count nothing for it" if held else "no removal counts"
        return (
            f"For net zero {none} yet: {mass(each.gross_t)} gross stands above the"
            f" {mass(each.net_zero_t)} that {share} less than {base} leaves."
        )
    return (
        f"For net zero {mass(each.removals_t)} of removals count against the"
        f" {mass(each.gross_t)} that are left; avoidance counts nothing."
    )


def _prices(found: Sequence[Account], units: Sequence[Unit]) -> Iterator[str]:
    if not units:
        yield "Nothing is missing."
        return
    yield "The cheapest a tonne first; what nobody plans last."
    if any(unit.by_on and not unit.account.claimed_on for unit in units):
        yield "By the end of the year, where no claim of it is dated yet."
    if any(each.scenario == ACTUAL for each in found) and any(
        unit.price_rmb is None for unit in units
    ):
        yield "Prices are those of a scenario's measures (price_rmb_per_mwh, price_rmb_per_t)."
