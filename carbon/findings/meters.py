"""What is wrong with meters: parts above their whole, calibrations, statements that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbon import pipeline
from carbon.errors import About, Problem, counted
from carbon.inputs import month_list, months_between
from carbon.meters import overdue
from carbon.run import Run


def sub_above_main(run: Run) -> Iterator[Problem]:
    """Sub-meters that read more than the meter they are a part of, and the PV used besides."""
    for site, main, activity, month, unit, meters, below, above, pv_kwh in sorted(
        pipeline.check(run.engine, "sub_above_main")
    ):
        excess = below - above - pv_kwh
        pv = f" and {pv_kwh:,.0f} of PV" if pv_kwh else ""
        yield Problem(
            "sub-above-main",
            "warning",
            f"{counted(meters, 'sub-meter')} of {main or site} read {below:,.0f} {unit} of"
            f" {activity}, {excess:,.0f} more than its {above:,.0f}{pv}",
            where=f"{site}, {month_list([month])}",
            remedy=f"carbon entries --site {site} --since {month_list([month])} --until"
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
                remedy=f"carbon entries --meter {meter}, then withdraw them; or take plus and minus"
                f" of {meter} out of carbon.toml",
                about=[About(site, meter, activity, how="recorded")],
            )


def calibration_overdue(run: Run) -> Iterator[Problem]:
    """Meters whose calibration has run out, with what was read on them since."""
    for place, each in overdue(run.settings.site, run.known_on):
        since = each.due_on.year * 100 + each.due_on.month if each.due_on else 0
        read = run.rows(
            "select activity, unit, sum(quantity), min(month), max(month) from metered_month"
            f" where scenario = 'actual' and meter = '{_quoted(each.name)}' and month > {since}"
            " group by all order by all"
        )
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
        meter = f" --meter {said['meter']}" if said["meter"] else ""
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
            remedy=f"carbon entries --site {said['site']}{meter} --activity {said['activity']}"
            f" --since {month_list([first])} --until {month_list([last])}, and look for the bill"
            f" that is missing, twice or wrong; or carbon withdraw {said['control_id']}",
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
    """What current entries say of the days of a statement, by days, and how many they are. Those of
    sub-meters are left out, unless the statement is of one."""
    meter = _quoted(said["meter"])
    of_meter = f" and k.meter = '{meter}'" if meter else " and (p.is_counted is null)"
    rows = run.rows(
        "select e.entry_id, e.start_on, e.end_on, sum(m.quantity) from entry_month as m"
        " join entry as e on e.entry_id = m.entry_id join entry_key as k on k.key_id = m.key_id"
        " cross join run_option as o"
        " left join superseded_entry as s on s.entry_id = m.entry_id and s.cut_off = o.cut_off"
        " left join meter_part as p on p.site = k.site and p.meter = k.meter"
        " and p.activity = k.activity and p.distance = 1 and p.is_counted"
        " and m.month >= p.first_month and m.month < p.left_month"
        f" where s.entry_id is null and m.batch_id <= o.cut_off and m.unit = '{said['unit']}'"
        f" and k.site = '{_quoted(said['site'])}' and k.activity = '{_quoted(said['activity'])}'"
        f"{of_meter} and e.start_on <= date '{said['end_on']}'"
        f" and e.end_on >= date '{said['start_on']}' group by all"
    )
    found = sum(
        (
            Fraction(quantity)
            * _days(max(start, said["start_on"]), min(end, said["end_on"]))
            / _days(start, end)
            for _, start, end, quantity in rows
        ),
        Fraction(0),
    )
    return found, len(rows)


def _days(first: date, last: date) -> int:
    return (last - first).days + 1


def _quoted(word: str) -> str:
    """A name of the book within a query."""
    return word.replace("'", "''")
