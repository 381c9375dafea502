"""What goes beyond a quota, and what lacks the evidence that the book asks for.

A quota is what somebody allows: so much of an activity, or so many tonnes, in a month or a year. It
changes no figure and is no target: a target is judged over years, a quota in its own period.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from shlex import quote

from carbon.errors import About, Problem, UnitError, counted, nearest
from carbon.inputs import ACTUAL, month_list, months_in, reporting_year
from carbon.run import Run
from carbon.settings import EMITTED, Quota
from carbon.units import conversion


def quotas(run: Run) -> Iterator[Problem]:
    """Quotas that are exceeded, one finding a quota and reporting year; and quotas of no unit."""
    for quota in run.settings.quota:
        try:
            unit, limit, periods = quota_use(run, quota)
        except UnitError as fault:
            yield Problem(
                "quota-unit",
                "error",
                f"quota {quota.name!r} holds nothing to account: {fault.message}",
                where="carbon.toml, quota",
                looked_for=fault.looked_for,
                nearest=fault.nearest,
                remedy=f"write a unit of {quota.activity}, or its right name, in [[quota]]",
            )
            continue
        beyond = {period: each - limit for period, each in periods.items() if each > limit}
        for year, found in groupby(sorted(beyond), lambda period: _year_of(run, period)):
            yield _exceeded(run, quota, unit, year, {p: beyond[p] for p in found}, periods)


def quota_use(
    run: Run, quota: Quota, scenario: str = ACTUAL
) -> tuple[str, Decimal, dict[int, Decimal]]:
    """The unit a quota is judged in, how much it allows, and what each of its months or years used.

    Raises UnitError where its unit is none of the activity's.
    """
    unit, factor = (EMITTED, Decimal(1)) if not quota.activity else _unit(run, quota)
    emitted = unit == EMITTED
    used = _emitted(run, quota, scenario) if emitted else _used(run, quota, unit, scenario)
    return unit, quota.quantity * factor, used if quota.per == "month" else _years(run, used)


def _exceeded(
    run: Run,
    quota: Quota,
    unit: str,
    year: int,
    beyond: Mapping[int, Decimal],
    used: Mapping[int, Decimal],
) -> Problem:
    excess = sum(beyond.values(), Decimal(0))
    when = month_list(list(beyond)) if quota.per == "month" else str(year)
    where = ", ".join([*quota.meter, *quota.site]) or "the organisation"
    what = f"{_n(sum((used[each] for each in beyond), Decimal(0)))} {unit}"
    site = quota.site[0] if len(quota.site) == 1 else ""
    is_of = f" --site {quote(site)}" if site else ""
    return Problem(
        "quota-exceeded",
        "warning",
        f"quota {quota.name!r} of {_n(quota.quantity)} {quota.unit} a {quota.per} is exceeded in"
        f" {when}: {what}{f' of {quota.activity}' if quota.activity else ''}, {_n(excess)} {unit}"
        " beyond it",
        where=where + (f", set by {quota.source}" if quota.source else ""),
        remedy=f"carbon inventory {year} --by site --by month shows where"
        if unit == EMITTED
        else f"carbon entries{is_of} --activity {quota.activity} --since {_first(run, year)}, then"
        " carbon correct what is wrong",
        mass_t=excess if unit == EMITTED else None,
        about=() if unit == EMITTED else [About(site, "", quota.activity, quantity=excess)],
    )


def _unit(run: Run, quota: Quota) -> tuple[str, Decimal]:
    """The canonical unit of a quota, and the factor to it. Raises UnitError."""
    method = run.library.methods.get(quota.activity)
    if method is None:
        raise UnitError(
            "unknown-activity",
            f"no activity is called {quota.activity!r}",
            nearest=nearest(quota.activity, run.library.methods),
        )
    unit, factor = conversion(quota.unit, method.units)
    return unit, Decimal(factor.numerator) / Decimal(factor.denominator)


def _used(run: Run, quota: Quota, unit: str, scenario: str) -> dict[int, Decimal]:
    """What was used in each month that the quota holds in. A quota of a site, or of all of them,
    is of what counts there; one of meters is of what they read, sub-meters and virtual ones too."""
    rows = run.engine.con.execute(
        "select month, sum(quantity) from metered_month"
        " where scenario = $scenario and activity = $activity and unit = $unit"
        " and (len($sites) = 0 or list_contains($sites, site))"
        " and case when len($meters) > 0 then list_contains($meters, meter)"
        " else not is_part and (activity <> 'electricity' or role = 'grid_import') end"
        " group by month order by month",
        {
            "scenario": scenario,
            "activity": quota.activity,
            "unit": unit,
            "sites": [*quota.site],
            "meters": [*quota.meter],
        },
    ).fetchall()
    return {month: quantity for month, quantity in rows if quota.holds(month)}


def _emitted(run: Run, quota: Quota, scenario: str) -> dict[int, Decimal]:
    """Scope 1+2 location-based of each month that the quota holds in. [t CO2e]"""
    found: dict[int, Decimal] = {}
    for site, month, grams in run.engine.con.execute(
        "select site, month, sum(co2e_g) from emission where scenario = ? and (line ="
        " 'scope1' or (line = 'scope2' and accounting = 'location')) group by 1, 2 order by 1, 2",
        [scenario],
    ).fetchall():
        if (not quota.site or site in quota.site) and quota.holds(month):
            found[month] = found.get(month, Decimal(0)) + grams.scaleb(-6)
    return found


def _years(run: Run, months: Mapping[int, Decimal]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for month, quantity in months.items():
        year = _year_of(run, month)
        found[year] = found.get(year, Decimal(0)) + quantity
    return found


def without_evidence(run: Run) -> Iterator[Problem]:
    """Entries of a quality that needs evidence, and name none: one finding a site and activity."""
    asked = run.settings.policy.evidence
    rows = run.engine.con.execute(
        "select k.site, k.activity, e.entry_id, b.file, e.row, e.quality from entry as e"
        " join batch as b on b.batch_id = e.batch_id join entry_key as k on k.key_id = e.key_id"
        " cross join run_option as o"
        " left join superseded_entry as s on s.entry_id = e.entry_id and s.cut_off = o.cut_off"
        " where s.entry_id is null and e.kind <> 'withdrawal' and e.batch_id <= o.cut_off"
        " and e.evidence = '' and list_contains($asked, e.quality) order by 1, 2, 3",
        {"asked": asked},
    ).fetchall()
    for (site, activity), several in groupby(rows, key=lambda row: row[:2]):
        found = list(several)
        entry_id, file, row = found[0][2:5]
        said = sorted({each[5] for each in found})
        yield Problem(
            "evidence-missing",
            "warning",
            f"{counted(len(found), 'entry', 'entries')} of {activity} at {site},"
            f" {' or '.join(said)}, without evidence",
            looked_for=f"evidence of what is {', '.join(asked)}, as [policy] evidence asks",
            remedy=f"carbon correct {entry_id} --evidence '...', or import them again with it",
            entry_id=entry_id,
            file=file,
            row=row,
            more=len(found) - 1,
            about=[About(entry_id=each[2]) for each in found],
        )


def _year_of(run: Run, period: int) -> int:
    """The reporting year of a month; of a year itself."""
    if period < 10_000:
        return period
    return reporting_year(period, run.settings.organisation.reporting_year_starts)


def _first(run: Run, year: int) -> str:
    return month_list(list(months_in(run.settings, year))[:1])


def _n(quantity: Decimal) -> str:
    return f"{quantity:,.1f}".removesuffix(".0")
