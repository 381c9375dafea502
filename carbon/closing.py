"""Closing a reporting year: what it used and came to, kept by value; and what would change it.

`close` takes a run in which the year is open and keeps its factor sets, coefficients and totals in
the ledger. `restatement` sets a closed year beside the same year computed anew, line by line, with
the factor sets that differ and the entries recorded since; nothing changes by that alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbon.coefficient import coefficients, rounded
from carbon.engine import Row
from carbon.errors import CarbonError
from carbon.inventory import year_states
from carbon.ledger import Closing, Kept
from carbon.run import Run
from carbon.tables import Column, Table, tonnes

LINES = (  # what is compared: heading, line, accounting
    ("Scope 1", "scope1", "all"),
    ("Scope 2, location-based", "scope2", "location"),
    ("Scope 2, market-based", "scope2", "market"),
    ("Scope 3", "scope3", "all"),
    ("Outside of scopes", "outside", "all"),
)
RESTATEMENT = (
    Column("line", "Line"),
    Column("closed_t", "As closed", "t CO2e", "mass"),
    Column("anew_t", "Computed anew", "t CO2e", "mass"),
    Column("change_t", "Change", "t CO2e", "mass"),
    Column("change_share", "Change", "%", "share"),
)


def close(run: Run, year: int, *, by: str, note: str, is_part_allowed: bool) -> int:
    """Keep a year as this run has it; gives the number of the closing.

    Raises CarbonError for a year without figures, with figures that are not counted, or (unless
    `is_part_allowed`) with months missing.
    """
    kept = kept_of(run, year)
    state = year_states(run).get(year)
    if not kept.totals:
        years = [row[0] for row in run.rows("select distinct reporting_year from total order by 1")]
        raise CarbonError(
            "no-figure",
            f"nothing is recorded for {year}, so there is nothing to close",
            nearest=", ".join(map(str, years)),
            remedy="carbon inventory lists the years that have figures",
        )
    if state is not None and state.uncounted:
        raise CarbonError(
            "not-counted",
            f"{year} cannot be closed: what is recorded is not all counted",
            where="\n".join(state.uncounted[:5]),
            remedy="carbon check tells why and what mends it",
        )
    if state is not None and not state.is_complete and not is_part_allowed:
        raise CarbonError(
            "not-complete",
            f"{year} is not complete: {state.covered} of {state.expected} months have a figure",
            where="\n".join(state.missing[:5]),
            remedy="record what is missing, or close it as it is with --incomplete",
        )
    return run.ledger.close(
        year,
        kept,
        run_id=run.run_id,
        cut_off=run.cut_off,
        gwp_set=run.settings.policy.gwp,
        by=by,
        note=note,
    )


def kept_of(run: Run, year: int) -> Kept:
    """What a closing of a year would keep."""
    asked = {"year": year}
    choices = _rows(
        run,
        "select distinct c.topic, c.place, c.factor_year, c.accounting, c.set_id, f.family,"
        " s.region, s.series, s.first_year, s.last_year, s.published_on, c.fit, c.age,"
        " c.distance, c.level, c.preference"
        " from flow as f join factor_choice as c on c.scenario = f.scenario and c.topic = f.topic"
        " and c.place = f.place and c.policy = f.policy and c.factor_year = f.factor_year"
        " and c.accounting = f.accounting join factor_set as s on s.set_id = c.set_id"
        " where f.scenario = 'actual' and f.reporting_year = $year order by all",
        asked,
    )
    used = _rows(
        run,
        "select distinct set_id, unit, share from emission"
        " where scenario = 'actual' and reporting_year = $year order by all",
        asked,
    )
    return Kept(choices, _coefficients(run, used), totals_of(run, year))


def totals_of(run: Run, year: int) -> list[Row]:
    """The figures of a year: (site, accounting, line, category, gas, mass, CO2e). [g]"""
    return _rows(
        run,
        "select site, accounting, line, category, gas, mass_g, co2e_g from total"
        " where scenario = 'actual' and reporting_year = $year order by all",
        {"year": year},
    )


def _coefficients(run: Run, used: Iterable[Row]) -> list[Row]:
    """The coefficients behind a year, each also for a share of 1, with equation and source."""
    found: dict[Row, None] = {}
    for set_id, unit, share in used:
        source = run.library.citation(set_id)
        for part in dict.fromkeys([share, Decimal(1)]):
            for gas, mass_g, co2e_g, equation in _of_set(run, set_id, unit, part):
                found[set_id, unit, part, gas, mass_g, co2e_g, equation, source] = None
    return list(found)


def _of_set(run: Run, set_id: str, unit: str, share: Decimal) -> list[Row]:
    """Gas, mass, CO2e and equation of a set. [g]"""
    if set_id not in run.library.sets:
        rows = run.engine.con.execute(
            "select gas, mass_g, co2e_g from coefficient"
            " where set_id = ? and unit = ? and share = ?",
            [set_id, unit, share],
        ).fetchall()
        return [(*row, "stated by the instrument itself") for row in rows]
    made = coefficients(run.library.sets[set_id], unit, run.settings.policy.gwp, run.library)
    return [
        (
            each.gas,
            rounded(each.mass_g * Fraction(share)),
            rounded(each.co2e_g * Fraction(share)),
            each.equation,
        )
        for each in made
    ]


def restatement(run: Run, closing: Closing) -> Table:
    """A closed year beside the same year as a run with it open has it."""
    year = closing.reporting_year
    before = run.ledger.kept_totals(closing.closing_id)
    names = ("site", "accounting", "line", "category", "gas", "mass_g", "co2e_g")
    after = [dict(zip(names, row, strict=True)) for row in totals_of(run, year)]
    rows = []
    for title, line, accounting in LINES:
        old, new = (_sum(totals, line, accounting) for totals in (before, after))
        if old is None and new is None:
            continue
        change = (new or Decimal(0)) - (old or Decimal(0))
        rows.append(
            {
                "line": title,
                "closed_t": old,
                "anew_t": new,
                "change_t": change,
                "change_share": change / old if old else None,
            }
        )
    return Table(
        "restatement",
        f"{year}: as closed on {closing.recorded_at:%Y-%m-%d}, and computed anew",
        RESTATEMENT,
        rows,
        _reasons(run, closing),
    )


def _sum(totals: Sequence[Mapping[str, Any]], line: str, accounting: str) -> Decimal | None:
    """A line of the totals, None where it has no row. [t CO2e]"""
    found = [
        row["co2e_g"]
        for row in totals
        if row["line"] == line
        and (
            row["accounting"] == accounting or (line == "outside" and row["accounting"] != "market")
        )
    ]
    return tonnes(sum(found, Decimal(0))) if found else None


def _reasons(run: Run, closing: Closing) -> list[str]:
    """What is another than at the closing: sets, GWP, entries."""
    key = ("topic", "place", "factor_year", "accounting")
    before = {
        tuple(row[name] for name in key): row["set_id"] for row in run.ledger.kept_choices(closing)
    }
    after = {tuple(row[:4]): row[4] for row in kept_of(run, closing.reporting_year).choices}
    moved: dict[str, None] = {}
    for asked in sorted({*before, *after}):
        old, new = before.get(asked, "none"), after.get(asked, "none")
        if old != new:
            moved[f"{asked[0]}: {old} as closed, {new} now."] = None
    reasons = [f"Factor set of {each}" for each in moved]
    if closing.gwp_set != run.settings.policy.gwp:
        reasons.append(f"GWP: {closing.gwp_set} as closed, {run.settings.policy.gwp} now.")
    late = late_entries(run, closing)
    if late:
        reasons.append(f"{late:,} entr{'ies' if late > 1 else 'y'} recorded after the closing.")
    return reasons or ["Nothing that it rests on has changed since."]


def late_entries(run: Run, closing: Closing) -> int:
    """Entries recorded after a closing that fall in its year. They count once it is restated."""
    return _rows(
        run,
        "select count(distinct e.entry_id) from entry_month as e"
        " join month as m on m.month = e.month"
        " where m.reporting_year = $year and e.batch_id > $cut_off",
        {"year": closing.reporting_year, "cut_off": closing.cut_off},
    )[0][0]


def has_moved(run: Run, closing: Closing) -> bool:
    """Whether a closed year, with all it keeps, no longer comes to what it was closed with."""
    return Kept((), (), totals_of(run, closing.reporting_year)).digest != closing.digest


def _rows(run: Run, sql: str, asked: Mapping[str, Any]) -> list[Row]:
    return run.engine.con.execute(sql, dict(asked)).fetchall()
