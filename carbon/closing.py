"""Closing a reporting year: what it used and came to, kept by value.

`close` takes a run in which the year is open and keeps its factor sets, coefficients and totals in
the ledger, beside the settings version and the cut-off of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbon import basis
from carbon.coefficient import coefficients, rounded
from carbon.engine import Row
from carbon.errors import CarbonError
from carbon.inventory import year_states
from carbon.ledger import Kept
from carbon.run import Run


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
        "select distinct set_id, unit, share, part from emission"
        " where scenario = 'actual' and reporting_year = $year order by all",
        asked,
    )
    losses = _rows(
        run,
        "select distinct l.carrier, l.place, l.factor_year, l.set_id, l.topic, l.family, l.part"
        " from loss_choice as l join delivered_month as d on d.carrier = l.carrier"
        " and d.place = l.place join site_month as s on s.scenario = d.scenario"
        " and s.site = d.site and s.month = d.month and s.policy = l.policy"
        " and s.factor_year = l.factor_year"
        " where d.scenario = 'actual' and s.reporting_year = $year order by all",
        asked,
    )
    fills = _rows(
        run,
        "select f.key_id, f.month, f.unit, f.quantity, h.method, h.told from filled_month as f"
        " join fill as h on h.key_id = f.key_id and h.month = f.month and h.unit = f.unit"
        " join month as m on m.month = f.month where m.reporting_year = $year order by all",
        asked,
    )
    return Kept(choices, _coefficients(run, used), basis.figures(run, year), losses, fills)


def _coefficients(run: Run, used: Iterable[Row]) -> list[Row]:
    """The coefficients behind a year, each also for the whole, with equation and source."""
    found: dict[Row, None] = {}
    whole = (Decimal(1), Decimal(1))
    for set_id, unit, *shares in used:
        for share, part in dict.fromkeys([tuple(shares), whole]):
            for row in _of_set(run, set_id, unit, share, part):
                source = run.library.citation(set_id, row[0])
                found[set_id, unit, share, part, *row, source] = None
    return list(found)


def _of_set(run: Run, set_id: str, unit: str, share: Decimal, part: Decimal) -> list[Row]:
    """Gas, mass, CO2e, whether it is in the scopes, and equation of a set. [g]"""
    if set_id not in run.library.sets:
        rows = run.engine.con.execute(
            "select gas, mass_g, co2e_g, is_in_scopes from coefficient"
            " where set_id = ? and unit = ? and share = ? and part = ?",
            [set_id, unit, share, part],
        ).fetchall()
        return [(*row, basis.stated(set_id)) for row in rows]
    made = coefficients(run.library.sets[set_id], unit, run.settings.policy.gwp, run.library)
    counted = Fraction(share) * Fraction(part)
    return [
        (
            each.gas,
            rounded(each.mass_g * counted),
            rounded(each.co2e_g * counted),
            each.is_in_scopes,
            each.equation,
        )
        for each in made
    ]


def _rows(run: Run, sql: str, asked: Mapping[str, Any]) -> list[Row]:
    return run.engine.con.execute(sql, dict(asked)).fetchall()
