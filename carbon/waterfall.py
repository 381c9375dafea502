"""What covers the electricity of each site, and what becomes of each instrument.

`instruments` gives three tables: the waterfall from import to uncovered rest, by site and year;
what each instrument held, where it was used and what was refused; and every criterion judged. All
are read off `carbon/sql/waterfall.sql` and the relations of a `Run`, in MWh.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from carbon import basis, pipeline
from carbon.engine import sql_text
from carbon.errors import CarbonError
from carbon.inputs import ACTUAL, DRAFT
from carbon.ledger.closings import MARK
from carbon.run import Run
from carbon.tables import Column, Table, tonnes

TIERS = {1: "certificate", 2: "contract", 3: "supplier rate"}  # in their order
ZERO = Decimal(0)
PART_OWNED = "share < 1 and treatment = ''"

WATERFALL = (
    Column("year", "Year"),
    Column("site", "Site"),
    Column("step", "Step"),
    Column("energy_mwh", "Energy", "MWh", "number", 3),
    Column("market_t", "Market-based", "t CO2e", "mass"),
    Column("by", "By"),
    Column("remark", "Remark"),
)
INSTRUMENTS = (
    Column("year", "Year"),
    Column("instrument_id", "Instrument"),
    Column("kind", "Kind"),
    Column("energy_mwh", "In", "MWh", "number", 3),
    Column("used_mwh", "Used", "MWh", "number", 3),
    Column("refused_mwh", "Refused", "MWh", "number", 3),
    Column("used_at", "Used at"),
    Column("matched_by", "Matched by"),
    Column("why_not_hourly", "Not by the hour because"),
    Column("reason", "Refused because"),
)
CRITERIA = (
    Column("year", "Year"),
    Column("instrument_id", "Instrument"),
    Column("criterion", "Criterion"),
    Column("state", "State"),
    Column("reason", "Because"),
    Column("source", "Source"),
)


def instruments(run: Run, year: int = 0) -> list[Table]:
    """Waterfall, instruments and criteria of one reporting year, or of all.

    Raises CarbonError for a year in which no electricity was bought and nothing claimed.
    """
    tables = [_waterfall(run, year), _instruments(run, year), _criteria(run, year)]
    if year and not any(table.rows for table in tables):
        known = sorted({row["year"] for row in _waterfall(run, 0).rows})
        raise CarbonError(
            "no-figure",
            f"no electricity is recorded for {year} and no instrument claimed for it",
            looked_for=f"reporting year {year}",
            nearest=", ".join(map(str, known)),
            remedy="carbon import FILE... or carbon log for that year",
        )
    return tables


def _waterfall(run: Run, year: int) -> Table:
    rows = []
    for of, site, turn, step, name, set_id, fit, series, energy_kwh, grams in run.rows(
        "select reporting_year, site, turn, step, name, set_id, fit, series, energy_kwh, co2e_g"
        f" from ({sql_text('waterfall')}) as w where scenario = '{ACTUAL}'"
        " order by reporting_year, site, turn, name, set_id"
    ):
        if year and of != year:
            continue
        by, remark = _took(run, step, name, set_id, series, fit)
        rows.append(
            {
                "year": of,
                "site": site,
                "step": TIERS[_order(run, name)] if name else step,
                "energy_mwh": energy_kwh.scaleb(-3),
                "market_t": None if grams is None else tonnes(grams),
                "by": by,
                "remark": remark,
                "turn": turn,
                "order": _order(run, name),
            }
        )
    rows.sort(key=lambda row: (row["year"], row["site"], row["turn"], row["order"], row["by"]))
    shown = [{column.key: row[column.key] for column in WATERFALL} for row in rows]
    title = "Electricity covered by instruments" + (f", {year}" if year else "")
    return Table("waterfall", title, WATERFALL, shown, _notes(run, year), missing="")


def _order(run: Run, instrument_id: str) -> int:
    kinds = {each.instrument_id: each.kind for each in run.instruments[ACTUAL]}
    return run.library.instruments[kinds[instrument_id]].order if instrument_id in kinds else 0


def _took(run: Run, step: str, name: str, set_id: str, series: str, fit: str) -> tuple[str, str]:
    """What a step took, and what is to be said of it."""
    if step == "imported":
        return "", ""
    if name:
        each = next(held for held in run.instruments[ACTUAL] if held.instrument_id == name)
        return name, f"{each.kind}, {each.factor_g_per_kwh.normalize():f} g CO2e/kWh"
    if not set_id:
        return "no factor", "not counted: carbon check tells why"
    if "residual" in series:
        said = "residual mix"
    elif series in ("own", "supplier") or fit == "own factor":
        said = "the supplier's or the book's own factor"
    else:
        said = "grid average, no residual mix"
    return set_id.partition(MARK)[0], said


def _notes(run: Run, year: int) -> list[str]:
    gaps = pipeline.check(run.engine, "instrument_balance")
    closes = (
        "Imported less covered and uncovered is 0 at every site in every year, and so is every"
        " instrument less used and refused."
        if not gaps
        else f"{len(gaps)} balances do not close to zero: carbon check tells which."
    )
    said = [basis.rules_note(run), closes, _shares(run), *_above(run, year)]
    return [each for each in said if each]


def _shares(run: Run) -> str:
    """That of part-owned sites the boundary's share is matched."""
    sites = [row[0] for row in run.rows(f"select distinct site from site where {PART_OWNED}")]
    if not sites:
        return ""
    return f"Of {', '.join(sorted(sites))} energy is the share that the boundary counts."


def _above(run: Run, year: int) -> list[str]:
    """Sites and years whose market-based figure exceeds the location-based one, and why."""
    rows = run.rows(
        "select reporting_year, site, sum(case when accounting = 'location' then co2e_g else 0 end)"
        ", sum(case when accounting = 'market' then co2e_g else 0 end) from total"
        f" where scenario = '{ACTUAL}' and line = 'scope2' group by 1, 2 order by 1, 2"
    )
    above = [
        f"{site} {of} ({tonnes(market):,.1f} t and {tonnes(location):,.1f} t)"
        for of, site, location, market in rows
        if market > location and year in (0, of)
    ]
    if not above:
        return []
    more = f" and {len(above) - 3} more" if len(above) > 3 else ""
    return [f"Market-based exceeds location-based at {', '.join(above[:3])}{more}. {basis.EXCEEDS}"]


def _instruments(run: Run, year: int) -> Table:
    uses: dict[str, list[Mapping[str, Any]]] = {}
    names = ("instrument_id", "site", "used_kwh", "refused_kwh", "reason")
    for row in run.rows(
        f"select {', '.join(names)} from instrument_use where scenario = '{ACTUAL}'"
        " order by instrument_id, used_kwh desc, site"
    ):
        uses.setdefault(row[0], []).append(dict(zip(names, row, strict=True)))
    held = sorted(
        run.instruments[ACTUAL],
        key=lambda each: (each.claim_year, _order(run, each.instrument_id), each.instrument_id),
    )
    grains = _grains(run)
    rows = []
    for each in held:
        if year and each.claim_year != year:
            continue
        use = uses.get(each.instrument_id, [])
        used = [row for row in use if row["used_kwh"]]
        rows.append(
            {
                "year": each.claim_year,
                "instrument_id": each.instrument_id,
                "kind": each.kind,
                "energy_mwh": each.energy_kwh.scaleb(-3),
                "used_mwh": sum((row["used_kwh"] for row in use), ZERO).scaleb(-3),
                "refused_mwh": sum((row["refused_kwh"] for row in use), ZERO).scaleb(-3),
                "used_at": ", ".join(
                    f"{row['site']} {row['used_kwh'].scaleb(-3):,.3f}" for row in used
                ),
                "matched_by": grains[each.instrument_id][0],
                "why_not_hourly": grains[each.instrument_id][1],
                "reason": next((row["reason"] for row in use if row["reason"]), ""),
            }
        )
    title = "Instruments claimed" + (f" for {year}" if year else "")
    return Table("instrument", title, INSTRUMENTS, rows, missing="")


def _grains(run: Run) -> dict[str, tuple[str, str]]:
    """By which periods each instrument is matched (hour, month or year), and why not by hours."""
    lacking = dict(
        run.rows(f"select instrument_id, lacking from instrument_grain where scenario = '{ACTUAL}'")
    )
    found = {}
    for each in run.instruments[ACTUAL]:
        by, meter = "month", each.generation_meter
        why = f"{lacking.get(each.instrument_id, meter)} is not read by the hour"
        if run.views.of(each.claim_year).settings.policy.scope2_rules != DRAFT:
            by, why = "year", ""
        elif not meter:
            why = "no meter of its generation is named"
        elif lacking.get(each.instrument_id) == "":
            by, why = "hour", ""
        found[each.instrument_id] = (by, why)
    return found


def _criteria(run: Run, year: int) -> Table:
    known = {each.criterion: each for each in run.library.criteria}
    years = {each.instrument_id: each.claim_year for each in run.instruments[ACTUAL]}
    rows, grains = [], _grains(run)
    for instrument_id, criterion, state, reason in run.rows(
        "select instrument_id, criterion, state, reason from instrument_criterion"
        f" where scenario = '{ACTUAL}' order by instrument_id, turn"
    ):
        of = years[instrument_id]
        if year in (0, of):
            each = known[criterion]
            if criterion == "matched" and state == "passed":
                reason = f"{reason}; matched by the {grains[instrument_id][0]}"
            source = run.library.sources[each.source_id]
            rows.append(
                {
                    "year": of,
                    "instrument_id": instrument_id,
                    "criterion": each.name,
                    "state": state,
                    "reason": reason,
                    "source": f"{source.title} ({source.published_on:%Y}), {each.locator}",
                }
            )
    rows.sort(key=lambda row: row["year"])
    title = "Quality criteria" + (f", {year}" if year else "")
    return Table("criterion", title, CRITERIA, rows, missing="")


def not_passed(criteria: Table) -> Table:
    """The criteria a person should look at: failed or not stated; the others counted."""
    rows = [row for row in criteria.rows if row["state"] != "passed"]
    columns = [column for column in criteria.columns if column.key != "source"]
    passed = len(criteria.rows) - len(rows)
    notes = [f"{passed:,} more are passed: --format csv or json tells all, each with its source."]
    return replace(
        criteria,
        title=criteria.title.replace("criteria", "criteria failed or not stated"),
        columns=columns,
        rows=rows,
        notes=notes if passed else (),
    )


def shown(tables: Sequence[Table]) -> list[Table]:
    """The tables as they go on a screen: those without rows only where nothing else is there."""
    first, held, criteria = tables
    below = [_with_grain(held), not_passed(criteria)] if held.rows else []
    return [_without_year(table) for table in (_without_remark(first), *below)]


def _with_grain(table: Table) -> Table:
    """The instruments with what is not matched by the hour in a note; where the rules know years
    alone there is nothing to say."""
    reasons: dict[str, list[str]] = {}
    for row in table.rows:
        if row["why_not_hourly"]:
            reasons.setdefault(row["why_not_hourly"], []).append(row["instrument_id"])
    notes = [
        f"By the month, since {why}: {', '.join(names[:3])}"
        + (f" and {len(names) - 3} more." if len(names) > 3 else ".")
        for why, names in sorted(reasons.items())
    ]
    is_yearly = all(row["matched_by"] == "year" for row in table.rows)
    hidden = ("why_not_hourly", "matched_by") if is_yearly else ("why_not_hourly",)
    columns = [column for column in table.columns if column.key not in hidden]
    return replace(table, columns=columns, notes=[*table.notes, *notes])


def _without_remark(table: Table) -> Table:
    """The waterfall with what is to be said of a step beside its name, and tenths of MWh."""
    rows = [
        row | {"step": f"{row['step']}, {row['remark']}" if row["remark"] else row["step"]}
        for row in table.rows
    ]
    columns = [
        replace(column, decimals=1) if column.key == "energy_mwh" else column
        for column in table.columns
        if column.key != "remark"
    ]
    return replace(table, columns=columns, rows=rows)


def _without_year(table: Table) -> Table:
    """A table of one year, which its title tells."""
    if not re.search(r"[0-9]{4}$", table.title):
        return table
    return replace(table, columns=[column for column in table.columns if column.key != "year"])
