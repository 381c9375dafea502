"""What is wrong in the data: gaps, overlaps, negative amounts, meters that disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from shlex import quote

from carbon import estimates, pipeline
from carbon.errors import About, Problem, counted, nearest
from carbon.findings.boundary import not_counted
from carbon.inputs import ACTUAL, month_list, months_between
from carbon.inventory import gaps, year_states
from carbon.run import Run


def unknown_activity(run: Run) -> Iterator[Problem]:
    for _, site, meter, activity in pipeline.check(run.engine, "activity_without_method"):
        yield Problem(
            "activity-without-method",
            "error",
            f"entries of {activity!r} at {meter or site} belong to no method and count nowhere",
            nearest=nearest(activity, run.library.methods),
            remedy=f"carbon entries --activity {quote(activity)}, then correct them",
            about=[About(site, meter, activity, how="recorded")],
        )


def outside_boundary(run: Run) -> Iterator[Problem]:
    places, meters = run.settings.sites(), run.settings.meters()
    for _, site, meter, activity, first, last, months in pipeline.check(
        run.engine, "activity_outside_boundary"
    ):
        what = f"{counted(months, 'month')} of {activity} at {meter or site}"
        about = [About(site, meter, activity, first=first, last=last, how="recorded")]
        if site not in places:
            close = nearest(site, places)
            yield Problem(
                "no-such-site",
                "error",
                f"{what} count nowhere: carbon.toml knows no site {site!r}",
                looked_for=", ".join(places),
                nearest=close,
                remedy=f"name the site {site!r} again in carbon.toml, or correct its entries",
                about=about,
            )
            continue
        meant = not_counted(run, places[site], what, first, last)
        if meant is not None:
            yield replace(meant, about=about)
            continue
        yield Problem(
            "outside-boundary",
            "warning",
            f"{what} lie outside the boundary and are not counted",
            where=f"{site}, {months_between(first, last)}",
            remedy=f"set in_boundary, joined or left of site {site!r} in carbon.toml if it belongs",
            about=about,
        )
    for site, meter in run.rows(
        "select distinct site, meter from activity_key where meter <> '' order by 1, 2"
    ):
        if meter not in meters and site in places:
            yield Problem(
                "no-such-meter",
                "error",
                f"meter {meter!r} at {site} counts nowhere: carbon.toml does not know it",
                nearest=nearest(meter, meters),
                remedy=f"name {meter!r} again under site {site!r}, or correct its entries",
                about=[About(site, meter)],
            )


def fuel_and_distance(run: Run) -> Iterator[Problem]:
    """The same gas of vehicles by fuel and by distance at one site in one month."""
    rows = run.rows(
        "select d.site, f.activity, count(distinct d.month), min(d.month), max(d.month)"
        " from emission as d join emission as f on f.site = d.site and f.month = d.month"
        " and f.scenario = d.scenario and f.line = d.line and f.category = d.category"
        " where d.scenario = 'actual' and d.category = 'mobile combustion' and d.co2e_g > 0"
        " and f.co2e_g > 0 and d.activity = 'vehicle_distance'"
        " and f.activity not in ('vehicle_distance', 'jet_kerosene', 'aviation_gasoline')"
        " and (f.gas = d.gas or starts_with(f.gas, 'CO2e') or starts_with(d.gas, 'CO2e'))"
        " group by 1, 2 order by 1, 2"
    )
    for site, activity, months, first, last in rows:
        yield Problem(
            "fuel-and-distance",
            "warning",
            f"{site} has {activity} and vehicle_distance in the same {counted(months, 'month')}:"
            " both count",
            where=months_between(first, last),
            remedy=f"carbon entries --site {quote(site)} --activity vehicle_distance, then carbon"
            " withdraw"
            " those of vehicles whose fuel is recorded",
            about=[About(site, activity="vehicle_distance", first=first, last=last)],
        )


def blends(run: Run) -> Iterator[Problem]:
    """Quantities of a blend in a unit that its shares are not of."""
    for site, meter, activity, blend, unit, first, last, quantity in sorted(
        pipeline.check(run.engine, "blend_not_split")
    ):
        yield Problem(
            "blend-not-split",
            "warning",
            f"{quantity.normalize():,f} {unit} of {blend} at {meter or site} count whole as"
            f" {activity}: the shares of {blend} are not of {unit}",
            where=months_between(first, last),
            remedy=f"carbon entries --site {quote(site)} --activity {activity}, then correct"
            " them; or say"
            " what it holds in that unit: [[fuel_blend]] in carbon.toml",
            about=[About(site, meter, activity, first=first, last=last)],
        )


def double_counts(run: Run) -> Iterator[Problem]:
    """The same electricity recorded in two ways."""
    for site, months, energy_kwh in run.rows(
        "select a.site, count(*), sum(a.energy_kwh) from import_month as a"
        " join (select distinct scenario, site, month, activity from import_month"
        " where meter <> '') as b on b.scenario = a.scenario and b.site = a.site"
        " and b.month = a.month and b.activity = a.activity"
        " where a.scenario = 'actual' and a.meter = ''"
        " and a.activity <> 'supplied_to_others' group by 1 order by 1"
    ):
        yield Problem(
            "bill-and-meter",
            "warning",
            f"{site} has a bill without a meter and metered electricity in the same"
            f" {counted(months, 'month')}: both count",
            remedy=f"carbon entries --site {quote(site)} --activity electricity, then withdraw"
            " one of the two, or give the meter the role sub_meter",
            about=[About(site, activity="electricity", quantity=energy_kwh)],
        )
    for site, months, energy_kwh in run.rows(
        "select a.site, count(distinct a.month), sum(a.energy_kwh) from import_month as a"
        " join import_month as b on b.scenario = a.scenario and b.site = a.site"
        " and b.month = a.month where a.scenario = 'actual' and a.activity = 'electricity'"
        " and b.activity = 'electricity_including_pv' group by 1 order by 1"
    ):
        yield Problem(
            "total-and-import",
            "error",
            f"{site} has electricity and electricity_including_pv in the same"
            f" {counted(months, 'month')}: the import is counted twice",
            remedy=f"carbon entries --site {quote(site)}, then withdraw one of the two",
            about=[About(site, activity="electricity", quantity=energy_kwh)],
        )


def facility_below_it(run: Run) -> Iterator[Problem]:
    for scenario, site, month, it_kwh, facility_kwh in pipeline.check(
        run.engine, "facility_below_it"
    ):
        yield Problem(
            "facility-below-it",
            "error" if scenario == ACTUAL else "warning",
            f"the IT meters of {site} read {it_kwh:,.0f} kWh, more than the {facility_kwh:,.0f} kWh"
            " of the whole facility",
            where=f"{month_list([month])}, scenario {scenario}",
            remedy=f"carbon entries --site {quote(site)} --since {month_list([month])}, then carbon"
            " correct what is wrong",
            about=[About(site, activity="electricity", quantity=it_kwh - facility_kwh)],
        )


# The unit that the newest entry of a bill or meter is in.
LAST_UNIT = """
    select k.site, k.meter, k.activity, max_by(e.unit, e.entry_id)
    from entry as e join entry_key as k on k.key_id = e.key_id
    where e.kind <> 'withdrawal' group by k.site, k.meter, k.activity
"""


def missing_months(run: Run) -> Iterator[Problem]:
    """Months of bills and meters that have no figure, one finding a bill or meter and year."""
    stands = {(*row[1:4], row[4]) for row in estimates.filled(run)}
    states = year_states(run)
    said = {row[:3]: row[3] for row in run.rows(LAST_UNIT)}
    for year, missing in gaps(run).items():
        abouts = {
            place: About(*place, months=frozenset(months), how="missing")
            for place, months in missing.items()
        }
        if not states[year].covered:
            yield Problem(
                "missing-year",
                "warning",
                f"nothing is recorded for {year}: it is a gap, and is not interpolated",
                where=f"{counted(len(missing), 'meter and bill', 'meters and bills')} run before"
                " and after it",
                remedy="carbon import FILE... with the figures of that year",
                about=list(abouts.values()),
            )
            continue
        for place, months in missing.items():
            site, meter, activity = place
            filled = [month for month in months if (*place, month) in stands]
            is_meter = f" --meter {quote(meter)}" if meter else ""
            yield Problem(
                "missing-months",
                "warning",
                f"{meter or site} has no {activity} for {month_list(months)}",
                where=f"reporting year {year} is not complete"
                + (f"\nfilled with an estimate: {month_list(filled)}" if filled else ""),
                remedy=f"carbon log --site {quote(site)}{is_meter} --activity {activity} --month"
                f" {month_list(months[:1])} --quantity ... --unit"
                f" {quote(said.get(place, run.library.methods[activity].units[0]))}",
                about=[abouts[place]],
            )


def negative_import(run: Run) -> Iterator[Problem]:
    for scenario, site, year, months, energy_kwh in pipeline.check(run.engine, "negative_import"):
        yield Problem(
            "negative-import",
            "error" if scenario == ACTUAL else "warning",
            f"{site} imports less than nothing in {counted(months, 'month')} of {year}:"
            f" {energy_kwh:,.0f} kWh",
            where=f"scenario {scenario}",
            remedy=f"carbon entries --site {quote(site)} --activity electricity; enter exported"
            " PV as"
            " pv_export, and credits of a bill against its own months",
            about=[About(site, activity="electricity", quantity=energy_kwh)],
        )


def only_parts_metered(run: Run) -> Iterator[Problem]:
    """What is recorded on meters that measure a part, where no whole is recorded."""
    rows = run.rows(
        "select a.site, a.meter, a.activity, a.unit, a.reporting_year, a.role,"
        " sum(a.quantity) from metered_month as a left join (select distinct scenario, site, month,"
        " case when activity = 'electricity_including_pv' then 'electricity' else activity end as"
        " activity from activity_month where role = 'grid_import' or activity not in"
        " ('electricity', 'electricity_including_pv')) as i on i.scenario = a.scenario"
        " and i.site = a.site and i.month = a.month and i.activity = case when a.activity ="
        " 'electricity_including_pv' then 'electricity' else a.activity end"
        " where a.scenario = 'actual' and a.role <> 'virtual' and i.site is null"
        " group by all order by all"
    )
    meters = run.settings.meters()
    for site, meter, activity, unit, year, role, quantity in rows:
        said = meters[meter][1] if meter in meters else None
        main = said.of if said else ""
        what = f"a sub-meter of {main}" if main else f"a {said.role if said else role} meter"
        lacks = f"{main} has no figure" if main else f"{site} has no bill or grid meter"
        mend = f"take 'of' of {meter} out" if main else f"give {meter} the role grid_import"
        place = f"{quote(site)} --meter {quote(main)}" if main else quote(site)
        yield Problem(
            "only-a-part-metered",
            "warning",
            f"{quantity:,.0f} {unit} of {activity} on {meter} in {year} count nowhere: it is"
            f" {what}, and {lacks} for those months",
            remedy=f"carbon log --site {place} --activity {activity} ... for the bill of"
            f" {main or site}, or {mend} in carbon.toml",
            about=[About(site, activity=activity, quantity=quantity)],
        )


def duplicates(run: Run) -> Iterator[Problem]:
    """Current entries of fuel, energy and gases that say the same of the same days twice. Trips may
    be alike: two people on one flight."""
    rows = run.rows(
        """
        with same as (
            select e.*, b.file, k.site, k.meter, k.activity,
                min(e.entry_id) over twin as first_id,
                row_number() over (twin order by e.entry_id) as place
            from entry as e
            join batch as b on b.batch_id = e.batch_id
            join entry_key as k on k.key_id = e.key_id
            join method as m on m.activity = k.activity and m.line in ('scope1', 'scope2')
            cross join run_option as o
            left join superseded_entry as s on s.entry_id = e.entry_id and s.cut_off = o.cut_off
            where s.entry_id is null and e.kind <> 'withdrawal' and e.batch_id <= o.cut_off
                and e.quantity <> 0
            window twin as (partition by e.key_id, e.start_on, e.end_on, e.quantity, e.unit)
        )
        select distinct site, meter, activity, entry_id, first_id, file, row, start_on, end_on,
            quantity, unit
        from same where place > 1 order by entry_id
        """
    )
    for site, meter, activity, entry_id, first_id, file, row, start, end, quantity, unit in rows:
        yield Problem(
            "duplicate",
            "warning",
            f"entry {entry_id} says the same as entry {first_id}: {quantity.normalize():,f} {unit}"
            f" of {activity} at {meter or site}, {start} to {end}",
            remedy=f"carbon withdraw {entry_id} --note '...' if it is there twice",
            about=[About(entry_id=entry_id)],
            entry_id=entry_id,
            file=file,
            row=row,
        )


def overlaps(run: Run) -> Iterator[Problem]:
    """Two current entries of one key that cover the same days; a shared reading day is none.

    A bill beside readings of its meter is none either: they are its shape (`entry_move`).
    """
    rows = run.rows(
        """
        with current as (
            select e.entry_id, e.key_id, e.start_on, e.end_on, e.row, b.file, e.quality,
                d.entry_id is not null as is_read,
                row_number() over (
                    partition by e.key_id, e.start_on, e.end_on, e.quantity, e.unit
                    order by e.entry_id
                ) as place
            from entry as e
            left join reading_set as d on d.entry_id = e.entry_id
            join batch as b on b.batch_id = e.batch_id
            cross join run_option as o
            left join superseded_entry as s on s.entry_id = e.entry_id and s.cut_off = o.cut_off
            where s.entry_id is null and e.kind <> 'withdrawal' and e.batch_id <= o.cut_off
                and e.quantity >= 0 -- a credit lies on its bill
        ),
        ordered as (
            select c.*,
                max(end_on) over (
                    partition by key_id order by start_on, end_on, entry_id
                    rows between unbounded preceding and 1 preceding
                ) as until_on
            from current as c
            where not is_read
            union all
            select e.*, r.end_on as until_on
            from current as e
            join current as r on r.key_id = e.key_id and r.is_read and e.end_on >= r.start_on
            where e.quality = 'estimated' and not e.is_read and e.start_on <= r.end_on
            qualify row_number() over (partition by e.entry_id order by r.entry_id) = 1
        )
        select k.site, k.meter, k.activity, o.entry_id, o.file, o.row, o.start_on, o.until_on
        from ordered as o
        join entry_key as k on k.key_id = o.key_id
        join method as m on m.activity = k.activity and m.is_continuous
        where o.start_on < o.until_on
            and o.place = 1  -- a duplicate is told as such
        order by o.entry_id
        """
    )
    for site, meter, activity, entry_id, file, row, start_on, until_on in rows:
        yield Problem(
            "overlap",
            "warning",
            f"entry {entry_id} ({activity} at {meter or site}) starts on {start_on}, before the"
            f" entry before it ends on {until_on}",
            remedy=f"carbon withdraw {entry_id} --note '...' if it is there twice",
            about=[About(entry_id=entry_id)],
            entry_id=entry_id,
            file=file,
            row=row,
        )


def negative_entries(run: Run) -> Iterator[Problem]:
    """Entries below nothing, but for credits that name a bill of their days that is no smaller."""
    rows = run.rows(
        """
        with current as (
            select e.*, k.site, k.activity, b.file
            from entry as e
            join batch as b on b.batch_id = e.batch_id
            join entry_key as k on k.key_id = e.key_id
            cross join run_option as o
            left join superseded_entry as s on s.entry_id = e.entry_id and s.cut_off = o.cut_off
            where s.entry_id is null and e.kind <> 'withdrawal' and e.batch_id <= o.cut_off
        )
        select n.entry_id, n.site, n.activity, n.quantity, n.unit, n.file, n.row,
            n.evidence || ' ' || n.note, list(c.evidence order by c.entry_id)
        from current as n
        left join current as c on c.key_id = n.key_id and c.quantity >= -n.quantity
            and c.unit = n.unit and c.start_on <= n.end_on and c.end_on >= n.start_on
            and c.evidence <> ''
        where n.quantity < 0 and n.activity <> 'storage_change'
        group by all order by 1
        """
    )
    for entry_id, site, activity, quantity, unit, file, row, told, bills in rows:
        if any(bill and _names(told, bill) for bill in bills):
            continue
        yield Problem(
            "negative-quantity",
            "warning",
            f"entry {entry_id}: {quantity.normalize():f} {unit} of {activity} at {site} is"
            " negative",
            remedy=f"carbon correct {entry_id} --quantity ...; a credit names the evidence of its"
            " bill in its own evidence or note",
            about=[About(entry_id=entry_id)],
            entry_id=entry_id,
            file=file,
            row=row,
        )


def _names(text: str, bill: str) -> bool:
    """Whether a text names a bill, as a word of its own."""
    return re.search(rf"(?<!\w){re.escape(bill)}(?!\w)", text) is not None


def service_without_equipment(run: Run) -> Iterator[Problem]:
    """Service events whose appliance was taken back: they count nowhere."""
    known = {each["equipment_id"] for each in run.ledger.current("equipment", run.cut_off)}
    for event in run.ledger.current("service", run.cut_off):
        if event["equipment_id"] not in known:
            yield Problem(
                "service-without-equipment",
                "error",
                f"service {event['service_id']} of {event['mass_kg'].normalize():f} kg counts"
                f" nowhere: there is no appliance {event['equipment_id']!r}",
                nearest=nearest(event["equipment_id"], known),
                remedy="carbon log equipment ... for it",
                file=event["file"],
                row=event["row"],
            )


def too_large(run: Run) -> Iterator[Problem]:
    for scenario, unit, count in pipeline.check(run.engine, "total_too_large"):
        yield Problem(
            "total-too-large",
            "error",
            f"{count:,} flows in {unit} ({scenario}) could exceed what is summed exactly",
            remedy="look for an entry in the wrong unit: carbon entries",
        )
