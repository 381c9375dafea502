"""What is wrong with meters: parts above their whole, calibrations, statements that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from shlex import quote
from typing import Any

from carbon import pipeline
from carbon.errors import About, Problem, counted
from carbon.inputs import ACTUAL, month_list, months_between
from carbon.meters import overdue
from carbon.run import Run

# What counts of each entry in a month, with the days of the month that it covers. A bill and
# readings beside it count once (`entry_move`).
RECORDED = """
with counted as (
    select entry_id, batch_id, key_id, month, unit, quantity from entry_month
    union all
    select entry_id, batch_id, key_id, month, unit, quantity from entry_move
),
part as (
    select c.entry_id,
        greatest(e.start_on, make_date(c.month // 100, c.month % 100, 1)) as first_on,
        least(e.end_on, last_day(make_date(c.month // 100, c.month % 100, 1))) as last_on,
        sum(c.quantity) as quantity
    from counted as c
    join entry as e on e.entry_id = c.entry_id
    join entry_key as k on k.key_id = c.key_id
    join month as m on m.month = c.month
    left join superseded_entry as s on s.entry_id = c.entry_id and s.cut_off = m.cut_off
    left join meter_part as p on p.site = k.site and p.meter = k.meter
        and p.activity = k.activity and p.distance = 1 and p.is_counted
        and c.month >= p.first_month and c.month < p.left_month
    where s.entry_id is null and c.batch_id <= m.cut_off and c.unit = $unit
        and k.site = $site and k.activity = $activity
        and case when $meter = '' then p.is_counted is null else k.meter = $meter end
    group by all
)
select * from part where first_on <= $last_on and last_on >= $first_on order by all
"""


def sub_above_main(run: Run) -> Iterator[Problem]:
    """Sub-meters that read more than the meter they are a part of, and the PV used besides. IT
    meters alone above the whole facility are told as such."""
    told = {
        (site, month)
        for scenario, site, month, *_ in pipeline.check(run.engine, "facility_below_it")
        if scenario == ACTUAL
    }
    for site, main, activity, month, unit, meters, it_meters, below, above, pv_kwh in sorted(
        pipeline.check(run.engine, "sub_above_main")
    ):
        if meters == it_meters and (site, month) in told:
            continue
        excess = below - above - pv_kwh
        pv = f" and {pv_kwh:,.0f} of PV" if pv_kwh else ""
        yield Problem(
            "sub-above-main",
            "warning",
            f"{counted(meters, 'sub-meter')} of {main or site} read {below:,.0f} {unit} of"
            f" {activity}, {excess:,.0f} more than its {above:,.0f}{pv}",
            where=f"{site}, {month_list([month])}",
            remedy=f"carbon entries --site {quote(site)} --since {month_list([month])} --until"
            f" {month_list([month])}, then correct the reading that is wrong; or the multiplier or"
            " the main (of) of a sub-meter in carbon.toml",
            about=[About(site, main, activity, first=month, last=month, quantity=excess)],
        )


def other_unit(run: Run) -> Iterator[Problem]:
    """Sub-meters in another unit than their main, whose part of it cannot be told."""
    rows = run.rows(
        "select p.site, p.meter, p.main, s.activity, s.unit, m.unit, min(s.month), max(s.month)"
        " from meter_part as p join metered_month as s on s.scenario = 'actual'"
        " and s.site = p.site and s.meter = p.meter and s.activity = p.activity"
        " and s.month >= p.first_month and s.month < p.left_month"
        " join metered_month as m on m.scenario = 'actual' and m.site = p.site"
        " and m.meter = p.main and m.activity = p.main_activity and m.month = s.month"
        " and m.unit <> s.unit where p.distance = 1 group by all order by all"
    )
    for site, meter, main, activity, unit, of_main, first, last in rows:
        yield Problem(
            "sub-in-other-unit",
            "warning",
            f"{meter} reads {activity} in {unit}, and its main {main or site} in {of_main}: its use"
            " is taken off no area, and no remainder knows it",
            where=f"{site}, {months_between(first, last)}",
            remedy=f"record {meter} in a unit that becomes {of_main}, or take its `of` out of"
            " carbon.toml if it is no part",
        )


def recorded_on_virtual(run: Run) -> Iterator[Problem]:
    """Entries on a meter that is computed since."""
    meters = run.settings.meters()
    for site, meter, activity in run.rows(
        "select distinct site, meter, activity from activity_key where meter <> '' order by all"
    ):
        if meter in meters and meters[meter][1].is_virtual:
            yield Problem(
                "virtual-meter-recorded",
                "error",
                f"{meter} is computed of others, and what is recorded on it of {activity} counts"
                " nowhere",
                where=site,
                remedy=f"carbon entries --meter {quote(meter)}, then withdraw them; or take plus"
                " and minus"
                f" of {meter} out of carbon.toml",
                about=[About(site, meter, activity, how="recorded")],
            )


def calibration_overdue(run: Run) -> Iterator[Problem]:
    """Meters whose calibration has run out, with what was read on them since."""
    for place, each in overdue(run.settings.site, run.known_on):
        since = each.due_on.year * 100 + each.due_on.month if each.due_on else 0
        read = run.engine.con.execute(
            "select activity, unit, sum(quantity), min(month), max(month) from metered_month"
            " where scenario = 'actual' and meter = $meter and month > $since"
            " group by all order by all",
            {"meter": each.name, "since": since},
        ).fetchall()
        told = [f"{quantity:,.0f} {unit} of {activity}" for activity, unit, quantity, *_ in read]
        yield Problem(
            "calibration-overdue",
            "warning",
            f"the calibration of {each.name} was due on {each.due_on}"
            + (f"; read on it since: {', '.join(told)}" if told else ""),
            where=place.name,
            remedy=f"have it calibrated, and write calibrated_on of {each.name} in carbon.toml",
            about=[
                About(place.name, each.name, activity, first=first, last=last, quantity=quantity)
                for activity, _, quantity, first, last in read
            ],
        )


def control_totals(run: Run) -> Iterator[Problem]:
    """Statements of a utility that the entries of their period do not add up to."""
    tolerance = Fraction(run.settings.policy.control_tolerance)
    for said in run.ledger.current("control_total", run.cut_off):
        found, count = _recorded(run, said)
        stated = Fraction(said["quantity"])
        gap = found - stated
        if abs(gap) <= tolerance * stated:
            continue
        where = f"{said['site']} {said['meter']}".strip()
        meter = f" --meter {quote(said['meter'])}" if said["meter"] else ""
        share = f" ({float(gap / stated):+.1%})" if stated else ""
        first, last = (day.year * 100 + day.month for day in (said["start_on"], said["end_on"]))
        quantity = Decimal(gap.numerator) / Decimal(gap.denominator)
        yield Problem(
            "control-total",
            "warning",
            f"statement {said['control_id']} says {said['quantity']:,.0f} {said['unit']} of"
            f" {said['activity']}, and {counted(count, 'entry', 'entries')} of its period"
            f" make{'s' * (count == 1)} {float(found):,.0f}: {quantity:+,.0f}{share}",
            where=f"{where}, {said['start_on']} to {said['end_on']}",
            remedy=f"carbon entries --site {quote(said['site'])}{meter} --activity"
            f" {said['activity']}"
            f" --since {month_list([first])} --until {month_list([last])}, and look for the bill"
            f" that is missing, twice or wrong; or carbon withdraw {quote(said['control_id'])}",
            file=said["file"],
            row=said["row"],
            about=[
                About(
                    *(said["site"], said["meter"], said["activity"]),
                    first=first,
                    last=last,
                    quantity=quantity,
                )
            ],
        )


def _recorded(run: Run, said: Mapping[str, Any]) -> tuple[Fraction, int]:
    """What counts of the days of a statement, a month that lies partly in it by its days; and how
    many entries it rests on. Those of sub-meters are left out, unless the statement is of one."""
    rows = run.engine.con.execute(
        RECORDED, {name: said[name] for name in ("site", "meter", "activity", "unit")} | _span(said)
    ).fetchall()
    found = sum(
        (
            Fraction(quantity)
            * _days(max(start, said["start_on"]), min(end, said["end_on"]))
            / _days(start, end)
            for _, start, end, quantity in rows
        ),
        Fraction(0),
    )
    return found, len({entry_id for entry_id, *_ in rows})


def _span(said: Mapping[str, Any]) -> dict[str, date]:
    return {"first_on": said["start_on"], "last_on": said["end_on"]}


def _days(first: date, last: date) -> int:
    return (last - first).days + 1
