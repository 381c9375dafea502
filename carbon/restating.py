"""Restating a closed year: the same year computed anew beside it, and why the two differ.

`restatement` sets the two side by side, line by line. Under it stands what the year rests on and
is another now: factor sets and their values, GWP, settings, what was recorded since, the program.
Nothing changes by that alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from carbon import basis
from carbon.closing import kept_of
from carbon.engine import Row
from carbon.errors import counted
from carbon.inputs import ACTUAL, months_between, reporting_year
from carbon.ledger import Closing, Kept
from carbon.run import Run, code_version, credit_of, view_of
from carbon.settings import LaterStake, Settings
from carbon.tables import Column, Table, tonnes
from carbon.targets import credit_use

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
# Settings that the figures of a year depend on.
OF_ORGANISATION = ("name", "consolidation", "reporting_year_starts")
OF_SITE = (
    *("region", "entity", "share", "lease", "lease_exception", "joined", "left", "in_boundary"),
    *("electricity", "pv", "pv_certificates"),
)
OF_ENTITY = ("held_by", "is_investment")
OF_METER = ("role", "since", "until", "of", "plus", "minus")
APART_FROM_FIGURES = {"approval_needed", "peak_tolerance", "base_year", "base_year_threshold"}
APART_FROM_FIGURES |= {"materiality", "uncertainty", "evidence", "control_tolerance"}
APART_FROM_FIGURES |= {"goal_threshold", "goal_effect_months"}
OF_BLEND = ("fuel", "basis", "parts")
BOOKKEEPING = ("batch_id", "row", "file", "recorded_at", "recorded_by", "identity", "supersedes")


def restatement(run: Run, closing: Closing) -> Table:
    """A closed year beside the same year as a run with it open has it."""
    year = closing.reporting_year
    before = run.ledger.kept_totals(closing.closing_id)
    names = ("site", "accounting", "line", "category", "gas", "mass_g", "co2e_g")
    after = [dict(zip(names, row, strict=True)) for row in basis.figures(run, year)]
    lines = [
        (title, *(_sum(totals, line, accounting) for totals in (before, after)))
        for title, line, accounting in LINES
    ]
    lines.append(("Credits retired", _credits_then(run, closing), _credits_now(run, year)))
    rows = []
    for title, old, new in lines:
        if not old and not new:
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
            row["accounting"] == accounting
            or (line in ("scope3", "outside") and row["accounting"] != "market")
        )
    ]
    return tonnes(sum(found, Decimal(0))) if found else None


def _credits_then(run: Run, closing: Closing) -> Decimal | None:
    """The credits a year was closed with. [t CO2e]"""
    year = closing.reporting_year
    rows = run.ledger.current("credit", closing.cut_off)
    by = view_of(run.ledger, closing, run.views.now).claimed_on(year)
    return credit_use(map(credit_of, rows), year, by).retired_t or None


def _credits_now(run: Run, year: int) -> Decimal | None:
    return credit_use(run.credits[ACTUAL], year, run.claimed_on(year)).retired_t or None


def _reasons(run: Run, closing: Closing) -> list[str]:
    """What is another than at the closing: factors, GWP, settings, records, program."""
    now = kept_of(run, closing.reporting_year)
    reasons = [
        *_other_sets(run, closing, now),
        *_other_values(run, closing, now),
        *_other_losses(run, closing, now),
    ]
    if closing.gwp_set != run.settings.policy.gwp:
        reasons.append(f"GWP: {closing.gwp_set} as closed, {run.settings.policy.gwp} now.")
    then = view_of(run.ledger, closing, run.views.now).settings
    reasons += _other_fills(run, closing)
    reasons += _other_settings(then, run.settings, closing.reporting_year)
    reasons += [f"{each} after the closing." for each in late(run, closing)]
    version = run.ledger.run_row(closing.run_id)["code_version"]
    if version != code_version():
        reasons.append(f"The program: {version} as closed, {code_version()} now.")
    return reasons or ["Nothing that it rests on has changed since."]


def _other_fills(run: Run, closing: Closing) -> list[str]:
    """Gaps that the year filled, and the bills or other estimates that stand there now."""
    reasons = []
    kept = {
        (row["key_id"], row["month"], row["unit"]): row["quantity"]
        for row in run.ledger.kept_fills(closing)
    }
    asked = {"year": closing.reporting_year}
    now = {
        tuple(row[:3]): row[3]
        for row in _rows(
            run,
            "select f.key_id, f.month, f.unit, f.quantity from filled_month as f"
            " join month as m on m.month = f.month where m.reporting_year = $year",
            asked,
        )
    }
    for key in sorted({*kept, *now}):
        if kept.get(key) == now.get(key):
            continue
        key_id, month, unit = key
        was, stands = (
            f"filled with {_plain(each[key])} {unit}" if key in each else "" for each in (kept, now)
        )
        what = f"{_key_name(run, key_id)}, {months_between(month, month)}"
        after = stands or _bills(run, key_id, month)
        reasons.append(f"{what}: {was or 'missing'} as closed, {after} now.")
    return reasons


def _bills(run: Run, key_id: int, month: int) -> str:
    """The entries that a month of a key rests on, with file and row."""
    rows = _rows(
        run,
        "select e.entry_id, em.quantity, em.unit, b.file, e.row from entry_month as em"
        " join entry as e on e.entry_id = em.entry_id join batch as b on b.batch_id = e.batch_id"
        " join month as m on m.month = em.month left join superseded_entry as s"
        " on s.entry_id = em.entry_id and s.cut_off = m.cut_off"
        " where em.key_id = $key_id and em.month = $month and em.batch_id <= m.cut_off"
        " and s.entry_id is null order by 1",
        {"key_id": key_id, "month": month},
    )
    told = [
        f"{_plain(quantity)} {unit} by entry {entry_id}" + (f" ({file}, row {row})" if file else "")
        for entry_id, quantity, unit, file, row in rows
    ]
    return " and ".join(told) or "missing"


def _key_name(run: Run, key_id: int) -> str:
    [(site, meter, activity)] = _rows(
        run,
        "select site, meter, activity from activity_key where key_id = $key_id",
        {"key_id": key_id},
    )
    return f"{activity} of {meter or site}"


def _plain(quantity: Decimal) -> str:
    return f"{quantity.normalize():,f}"


def _other_sets(run: Run, closing: Closing, now: Kept) -> list[str]:
    key = ("topic", "place", "factor_year", "accounting")
    before = {
        tuple(row[name] for name in key): row["set_id"] for row in run.ledger.kept_choices(closing)
    }
    after = {tuple(row[:4]): row[4] for row in now.choices}
    pairs = [
        (asked[0], before.get(asked, "none"), after.get(asked, "none"))
        for asked in sorted({*before, *after})
    ]
    told = [
        f"Factor set of {topic}: {old} as closed, {new} now."
        for topic, old, new in pairs
        if old != new
    ]
    return list(dict.fromkeys(told))


def _other_values(run: Run, closing: Closing, now: Kept) -> list[str]:
    """Sets of the same name that say another thing. [g]"""
    before = {
        (row["set_id"], row["unit"], row["gas"]): (row["mass_g"], row["co2e_g"])
        for row in run.ledger.kept_coefficients(closing)
        if row["share"] == row["part"] == 1
    }
    after = {
        (row[0], row[1], row[4]): (row[5], row[6])
        for row in now.coefficients
        if row[2] == row[3] == 1
    }
    is_same_gwp = closing.gwp_set == run.settings.policy.gwp
    told = []
    for key in sorted({*before} & {*after}):
        (old_mass, old), (new_mass, new) = before[key], after[key]
        set_id, unit, gas = key
        if old_mass != new_mass:
            told.append(
                f"Value of {set_id}: {_n(old_mass)} g {gas} per {unit} as closed,"
                f" {_n(new_mass)} g now."
            )
        elif old != new and is_same_gwp:
            told.append(
                f"Warming potential of {gas}: {_n(old)} g CO2e per {unit} of {set_id} as closed,"
                f" {_n(new)} g now."
            )
    return told


def _other_losses(run: Run, closing: Closing, now: Kept) -> list[str]:
    """Sets of the network's losses that serve no more, or with another share."""
    old, new = (
        {(row[0], row[3]): row[6] for row in rows}
        for rows in ((tuple(row.values()) for row in run.ledger.kept_losses(closing)), now.losses)
    )
    return [
        f"Losses of the network of {carrier}, {set_id}: {_part(old.get((carrier, set_id)))} as"
        f" closed, {_part(new.get((carrier, set_id)))} now."
        for carrier, set_id in sorted({*old} | {*new})
        if old.get((carrier, set_id)) != new.get((carrier, set_id))
    ]


def _part(part: Decimal | None) -> str:
    return "none" if part is None else "in full" if part == 1 else f"{_n(part * 100)} %"


def _n(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _other_settings(then: Settings, now: Settings, year: int) -> list[str]:
    """What carbon.toml says otherwise that a year's figures depend on."""
    before, after = _said(then, year), _said(now, year)
    return [
        f"carbon.toml, {name}: {before.get(name, 'nothing')} as closed,"
        f" {after.get(name, 'nothing')} now."
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]


def _said(settings: Settings, year: int) -> dict[str, str]:
    """The settings that figures depend on, each under its name."""
    found = {f"organisation, {key}": getattr(settings.organisation, key) for key in OF_ORGANISATION}
    policy = settings.policy.model_dump(exclude=APART_FROM_FIGURES)
    found |= {f"policy, {key}": value for key, value in policy.items() if key != "gwp"}
    for entity in settings.entity:
        found |= {f"entity {entity.name}, {key}": getattr(entity, key) for key in OF_ENTITY}
        for stake in (entity, *entity.stake):
            since = (
                f" since {months_between(stake.since, stake.since)}"
                if isinstance(stake, LaterStake)
                else ""
            )
            found[f"entity {entity.name}, owned{since}"] = stake.owned
            found[f"entity {entity.name}, control{since}"] = " and ".join(stake.control)
    for place in settings.site:
        found |= {f"site {place.name}, {key}": getattr(place, key) for key in OF_SITE}
        for each in place.meter:
            found |= {f"meter {each.name}, {key}": getattr(each, key) for key in OF_METER}
    for number, each in enumerate(settings.fill, 1):
        found[f"fill {number}"] = each.model_dump(exclude_defaults=True)
    for blend in settings.fuel_blend:
        found |= {f"fuel_blend {blend.name}, {key}": getattr(blend, key) for key in OF_BLEND}
    statement = settings.statements().get(year)
    if statement is not None and statement.on:
        found[f"statement {year}, on"] = statement.on
    return {name: str(value) for name, value in found.items() if value not in (None, [], {}, "")}


def late(run: Run, closing: Closing) -> list[str]:
    """What was recorded of a closed year after its closing, in words. It counts once restated."""
    year, cut_off = closing.reporting_year, closing.cut_off
    acts = dict(
        _rows(
            run,
            "with act as (select entry_id, entry_id as made_by, kind from entry"
            " where batch_id > $cut_off union all select supersedes, entry_id, kind from entry"
            " where batch_id > $cut_off and supersedes <> 0)"
            " select a.kind, count(distinct a.made_by) from act as a"
            " join entry_month as e on e.entry_id = a.entry_id join month as m on m.month = e.month"
            " where m.reporting_year = $year group by 1",
            {"year": year, "cut_off": cut_off},
        )
    )
    found = [
        counted(acts[kind], *words)
        for kind, words in (
            ("record", ("entry recorded", "entries recorded")),
            ("correction", ("entry corrected", "entries corrected")),
            ("withdrawal", ("entry withdrawn", "entries withdrawn")),
        )
        if kind in acts
    ]
    for table, (words, falls_in) in LATE.items():
        count = len(_changed(run, table, cut_off, lambda row, of=falls_in: of(run, row, year)))
        if count:
            found.append(counted(count, *words))
    return found


def late_entries(run: Run, closing: Closing) -> list[int]:
    """The entries of a closed year that were recorded after its closing."""
    rows = _rows(
        run,
        "select distinct e.entry_id from entry_month as e join month as m on m.month = e.month"
        " where m.reporting_year = $year and e.batch_id > $cut_off order by 1",
        {"year": closing.reporting_year, "cut_off": closing.cut_off},
    )
    return [row[0] for row in rows]


def _changed(
    run: Run, table: str, cut_off: int, counts: Callable[[Mapping[str, Any]], bool]
) -> set[str]:
    """Records that came, changed or went after a cut-off, by what they say."""
    then, now = (
        {str({name: row[name] for name in row if name not in BOOKKEEPING}) for row in rows}
        for rows in (
            [row for row in run.ledger.current(table, at) if counts(row)] for at in (cut_off, None)
        )
    )
    return then ^ now


def _is_claimed(_: Run, row: Mapping[str, Any], year: int) -> bool:
    return row["claim_year"] == year


def _has_happened(run: Run, row: Mapping[str, Any], year: int) -> bool:
    return _year_of(run, row["serviced_on"] if "serviced_on" in row else row["happened_on"]) == year


def _is_in_use(run: Run, row: Mapping[str, Any], year: int) -> bool:
    came, went = row["installed_on"], row["retired_on"]
    is_here = came is None or _year_of(run, came) <= year
    return is_here and (went is None or _year_of(run, went) >= year)


def _year_of(run: Run, day: date) -> int:
    starts = run.settings.organisation.reporting_year_starts
    return reporting_year(day.year * 100 + day.month, starts)


LATE = {  # table -> what to call it, and whether a row counts in a year
    "instrument": (("certificate changed", "certificates changed"), _is_claimed),
    "credit": (("credit changed", "credits changed"), _is_claimed),
    "service": (("service event changed", "service events changed"), _has_happened),
    "refrigerant_stock": (("stock record changed", "stock records changed"), _has_happened),
    "equipment": (("appliance changed", "appliances changed"), _is_in_use),
}


def _rows(run: Run, sql: str, asked: Mapping[str, Any]) -> list[Row]:
    return run.engine.con.execute(sql, dict(asked)).fetchall()
