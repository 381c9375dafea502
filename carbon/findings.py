"""What is wrong or stands on sand in a book, each finding with the command that mends it.

`findings` asks every check of `carbon/sql/check/`, the coverage of the months, the ledger's own
rows and the policy, and gives `Problem`s: errors block an answer, warnings stand beside it,
notes inform. Nothing found here changes a figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from carbon import inputs, pipeline, scenarios
from carbon.coefficient import coefficients
from carbon.errors import FactorError, Problem, nearest
from carbon.inputs import ACTUAL
from carbon.inventory import claimed_on, month_list, months_between, year_states
from carbon.run import Run
from carbon.targets import credit_use

# Plausible yearly yield of a PV plant, an assumption wide enough for any site. [kWh/kW]
PV_YIELD = (Decimal(600), Decimal(2200))
SEVERITIES = ("error", "warning", "note")


def findings(run: Run) -> list[Problem]:
    """Every finding, the gravest first."""
    every = [
        *_unknown_activity(run),
        *_outside_boundary(run),
        *_double_counts(run),
        *_missing_factor(run),
        *_missing_conversion(run),
        *_too_large(run),
        *_facility_below_it(run),
        *_missing_months(run),
        *_negative_import(run),
        *_only_parts_metered(run),
        *_pv(run),
        *_pv_yield(run),
        *_overlaps(run),
        *_negative_entries(run),
        *_refused_instruments(run),
        *_refused_credits(run),
        *_factor_age(run),
        *_residual_mix(run),
        *_undisclosed_sources(run),
        *_unusual_years(run),
        *_measures(run),
        *_part_year_base(run),
        *_service_without_equipment(run),
    ]
    return sorted(
        every, key=lambda each: (SEVERITIES.index(each.severity), each.code, each.message)
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _unknown_activity(run: Run) -> Iterator[Problem]:
    for _, site, meter, activity in pipeline.check(run.engine, "activity_without_method"):
        yield Problem(
            "activity-without-method",
            "error",
            f"entries of {activity!r} at {meter or site} belong to no method and count nowhere",
            nearest=nearest(activity, run.library.methods),
            remedy=f"carbon entries --activity {activity}, then correct them",
        )


def _outside_boundary(run: Run) -> Iterator[Problem]:
    places, meters = run.settings.sites(), run.settings.meters()
    for _, site, meter, activity, first, last, months in pipeline.check(
        run.engine, "activity_outside_boundary"
    ):
        what = f"{_counted(months, 'month')} of {activity} at {meter or site}"
        if site not in places:
            close = nearest(site, places)
            yield Problem(
                "no-such-site",
                "error",
                f"{what} count nowhere: carbon.toml knows no site {site!r}",
                looked_for=", ".join(places),
                nearest=close,
                remedy=f"name the site {site!r} again in carbon.toml, or correct its entries",
            )
            continue
        yield Problem(
            "outside-boundary",
            "warning",
            f"{what} lie outside the boundary and are not counted",
            where=f"{site}, {months_between(first, last)}",
            remedy=f"set in_boundary, joined or left of site {site!r} in carbon.toml if it belongs",
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
            )


def _double_counts(run: Run) -> Iterator[Problem]:
    """The same electricity or refrigerant recorded in two ways."""
    for site, months in run.rows(
        "select a.site, count(distinct a.month) from import_month as a"
        " join import_month as b on b.scenario = a.scenario and b.site = a.site"
        " and b.month = a.month and b.activity = a.activity"
        " where a.scenario = 'actual' and a.meter = '' and b.meter <> '' group by 1 order by 1"
    ):
        yield Problem(
            "bill-and-meter",
            "warning",
            f"{site} has a bill without a meter and metered electricity in the same"
            f" {_counted(months, 'month')}: both count",
            remedy="withdraw one of them, or give the meter the role sub_meter",
        )
    for site, months in run.rows(
        "select a.site, count(distinct a.month) from import_month as a"
        " join import_month as b on b.scenario = a.scenario and b.site = a.site"
        " and b.month = a.month where a.scenario = 'actual' and a.activity = 'electricity'"
        " and b.activity = 'electricity_including_pv' group by 1 order by 1"
    ):
        yield Problem(
            "total-and-import",
            "error",
            f"{site} has electricity and electricity_including_pv in the same"
            f" {_counted(months, 'month')}: the import is counted twice",
            remedy=f"carbon entries --site {site}, then withdraw one of the two",
        )
    for site, refrigerant, month in run.rows(
        "select distinct e.site, e.refrigerant, e.month from service_event as e"
        " join activity_month as a on a.site = e.site and a.month = e.month"
        " and a.activity = 'refrigerant' and a.detail = e.refrigerant"
        " where e.event = 'top-up' and a.scenario = 'actual' order by 1, 2, 3"
    ):
        yield Problem(
            "service-and-entry",
            "warning",
            f"{refrigerant} at {site} is topped up by a service event and by an entry in"
            f" {month_list([month])}: both count",
            remedy=f"carbon entries --site {site} --activity refrigerant, then withdraw one",
        )


def _refused_credits(run: Run) -> Iterator[Problem]:
    """Credits that lower no net line, and why."""
    recorded = run.credits[ACTUAL]
    for year in sorted({each.claim_year for each in recorded}):
        use = credit_use(recorded, year, claimed_on(run, year))
        waiting = [f"{use.planned_t.normalize():,f} t not retired"] if use.planned_t else []
        for refusal in [*use.refused, *waiting]:
            yield Problem(
                "credit-refused",
                "warning",
                f"not deducted in {year}: {refusal}",
                remedy="record the retirement, or claim it for a year it may serve",
            )


def _missing_factor(run: Run) -> Iterator[Problem]:
    rows = pipeline.check(run.engine, "flow_without_factor")
    for scenario, line, topic, place, accounting, activity, first, last, unit, quantity in rows:
        region = {each.name: each.region for each in run.settings.site}
        region |= {name: site.region for name, (site, _) in run.settings.meters().items()}
        if place not in region:
            continue  # told as a meter that carbon.toml does not know
        close = run.library.nearest_sets(topic, region.get(place, ""), first)
        path = (
            [row[1] for row in run.library.region_path({place: region[place]})]
            if place in region
            else []
        )
        years = str(first) if first == last else f"{first} to {last}"
        file, row = _first_row(run, place, activity)
        yield Problem(
            "missing-factor",
            "note" if line == "energy" else "error",
            f"no factor for {topic} at {place}, {years}"
            + (f" ({accounting}-based)" if accounting != "all" else ""),
            where=f"{quantity.normalize():,f} {unit} of {activity} are not counted"
            + (f", scenario {scenario}" if scenario != ACTUAL else ""),
            looked_for=f"{', then '.join(path)}, valid in {years}, at most"
            f" {run.settings.policy.max_factor_age} years old",
            nearest="; ".join(
                f"{each.set_id} ({each.region}, {each.first_year} to {each.last_year})"
                for each in close
            ),
            remedy="name another series under [policy] in carbon.toml, or add an edition under"
            " factors/ of the book",
            file=file,
            row=row,
        )


def _first_row(run: Run, place: str, activity: str) -> tuple[str, int]:
    """The first file and row an activity of a site or meter came from."""
    found = run.engine.con.execute(
        "select b.file, e.row from entry as e join batch as b on b.batch_id = e.batch_id"
        " join entry_key as k on k.key_id = e.key_id"
        " where k.activity = $activity and (k.site = $place or k.meter = $place)"
        " order by e.entry_id limit 1",
        {"activity": activity, "place": place},
    ).fetchall()
    return found[0] if found else ("", 0)


def _missing_conversion(run: Run) -> Iterator[Problem]:
    for set_id, unit in pipeline.check(run.engine, "flow_without_coefficient"):
        try:
            coefficients(run.library.sets[set_id], unit, run.settings.policy.gwp, run.library)
        except FactorError as fault:
            is_energy = run.library.sets[set_id].family == "standard_coal"
            yield Problem(
                fault.code,
                "note" if is_energy else "error",
                fault.message,
                where=fault.where,
                looked_for=fault.looked_for,
                nearest=fault.nearest,
                remedy=fault.remedy,
            )


def _too_large(run: Run) -> Iterator[Problem]:
    for scenario, unit, count in pipeline.check(run.engine, "total_too_large"):
        yield Problem(
            "total-too-large",
            "error",
            f"{count:,} flows in {unit} ({scenario}) could exceed what is summed exactly",
            remedy="look for an entry in the wrong unit: carbon entries",
        )


def _facility_below_it(run: Run) -> Iterator[Problem]:
    for scenario, site, month, it_kwh, facility_kwh in pipeline.check(
        run.engine, "facility_below_it"
    ):
        yield Problem(
            "facility-below-it",
            "error" if scenario == ACTUAL else "warning",
            f"the IT meters of {site} read {it_kwh:,.0f} kWh, more than the {facility_kwh:,.0f} kWh"
            " of the whole facility",
            where=f"{month_list([month])}, scenario {scenario}",
            remedy=f"carbon entries --site {site} --since {month_list([month])}",
        )


def _missing_months(run: Run) -> Iterator[Problem]:
    for year, state in year_states(run).items():
        if not state.covered:
            yield Problem(
                "missing-year",
                "warning",
                f"nothing is recorded for {year}: it is a gap, and is not interpolated",
                where=f"{len(state.missing)} meters and bills run before and after it",
                remedy="carbon import FILE... with the figures of that year",
            )
            continue
        for gap in state.missing:
            place, _, rest = gap.partition(", ")
            activity, _, months = rest.partition(": ")
            meters = run.settings.meters()
            site = meters[place][0].name if place in meters else place
            meter = f" --meter {place}" if place in meters else ""
            first = months.split(",")[0].split(" to ")[0]
            yield Problem(
                "missing-months",
                "warning",
                f"{place} has no {activity} for {months}",
                where=f"reporting year {year} is not complete",
                remedy=f"carbon log --site {site}{meter} --activity {activity} --month {first}"
                " --quantity ... --unit ...",
            )


def _negative_import(run: Run) -> Iterator[Problem]:
    for scenario, site, year, months, energy_kwh in pipeline.check(run.engine, "negative_import"):
        yield Problem(
            "negative-import",
            "error" if scenario == ACTUAL else "warning",
            f"{site} imports less than nothing in {_counted(months, 'month')} of {year}:"
            f" {energy_kwh:,.0f} kWh",
            where=f"scenario {scenario}",
            remedy="enter exported PV as pv_export, and credits of a bill against its own months",
        )


def _only_parts_metered(run: Run) -> Iterator[Problem]:
    """Electricity recorded on meters that measure a part, where no whole is recorded."""
    rows = run.rows(
        "select a.site, a.meter, a.role, a.reporting_year, sum(a.quantity) from activity_month as a"
        " left join import_month as i on i.scenario = a.scenario and i.site = a.site"
        " and i.month = a.month"
        " where a.scenario = 'actual' and a.activity = 'electricity' and a.role <> 'grid_import'"
        " and i.site is null group by 1, 2, 3, 4 order by 1, 2, 3, 4"
    )
    for site, meter, role, year, energy_kwh in rows:
        yield Problem(
            "only-a-part-metered",
            "warning",
            f"{energy_kwh:,.0f} kWh on {meter} in {year} count nowhere: it is a {role} meter, and"
            f" {site} has no bill or grid meter for those months",
            remedy=f"record the bill of {site}, or give {meter} the role grid_import",
        )


def _pv(run: Run) -> Iterator[Problem]:
    for scenario, site, year, generated, beyond, meters in pipeline.check(run.engine, "pv_balance"):
        if scenario != ACTUAL:
            continue
        if not meters:
            yield Problem(
                "pv-without-export-meter",
                "warning",
                f"all {generated:,.0f} kWh of PV at {site} in {year} are taken as self-used:"
                " no export is metered",
                remedy=f"carbon log --site {site} --activity pv_export --month {year}-01"
                " --quantity ... --unit kWh",
            )
        if beyond:
            yield Problem(
                "pv-export-exceeds-generation",
                "error",
                f"{site} exported {beyond:,.0f} kWh more PV than it generated in {year}",
                remedy=f"carbon entries --site {site} --activity pv_export",
            )


def _pv_yield(run: Run) -> Iterator[Problem]:
    capacity = {each.name: each.pv_capacity_kw for each in run.settings.site if each.pv_capacity_kw}
    rows = run.rows(
        "select site, reporting_year, sum(generated_kwh), count(*) from pv_month"
        " where scenario = 'actual' group by 1, 2 having count(*) = 12 order by 1, 2"
    )
    for site, year, generated, _ in rows:
        if site not in capacity:
            continue
        specific = generated / capacity[site]
        if not PV_YIELD[0] <= specific <= PV_YIELD[1]:
            yield Problem(
                "pv-yield",
                "warning",
                f"PV at {site} yielded {specific:,.1f} kWh/kW in {year}",
                where=f"{generated:,.0f} kWh from {capacity[site]:,.0f} kW",
                looked_for=f"{PV_YIELD[0]} to {PV_YIELD[1]} kWh/kW a year (assumed plausible)",
                remedy=f"carbon entries --site {site} --activity pv_generation",
            )


def _overlaps(run: Run) -> Iterator[Problem]:
    """Two current entries of one key that cover the same days; a shared reading day is none."""
    rows = run.rows(
        """
        with current as (
            select e.entry_id, e.key_id, e.start_on, e.end_on, e.row, b.file
            from entry as e
            join batch as b on b.batch_id = e.batch_id
            cross join run_option as o
            left join superseded_entry as s on s.entry_id = e.entry_id and s.cut_off = o.cut_off
            where s.entry_id is null and e.kind <> 'withdrawal' and e.batch_id <= o.cut_off
        ),
        ordered as (
            select c.*,
                max(end_on) over (
                    partition by key_id order by start_on, end_on, entry_id
                    rows between unbounded preceding and 1 preceding
                ) as until_on
            from current as c
        )
        select k.site, k.meter, k.activity, o.entry_id, o.file, o.row, o.start_on, o.until_on
        from ordered as o
        join entry_key as k on k.key_id = o.key_id
        join method as m on m.activity = k.activity and m.is_continuous
        where o.start_on < o.until_on
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
            entry_id=entry_id,
            file=file,
            row=row,
        )


def _negative_entries(run: Run) -> Iterator[Problem]:
    rows = run.rows(
        "select e.entry_id, k.site, k.activity, e.quantity, e.unit, b.file, e.row"
        " from entry as e join batch as b on b.batch_id = e.batch_id"
        " join entry_key as k on k.key_id = e.key_id"
        " cross join run_option as o"
        " left join superseded_entry as s on s.entry_id = e.entry_id and s.cut_off = o.cut_off"
        " where e.quantity < 0 and s.entry_id is null and e.kind <> 'withdrawal'"
        " and e.batch_id <= o.cut_off order by 1"
    )
    for entry_id, site, activity, quantity, unit, file, row in rows:
        yield Problem(
            "negative-quantity",
            "warning",
            f"entry {entry_id}: {quantity.normalize():f} {unit} of {activity} at {site} is"
            " negative",
            remedy=f"carbon correct {entry_id} --quantity ... if it is not a credit of a bill",
            entry_id=entry_id,
            file=file,
            row=row,
        )


def _refused_instruments(run: Run) -> Iterator[Problem]:
    rows = run.rows(
        "select scenario, instrument_id, reporting_year, refused_kwh, reason from instrument_use"
        " where refused_kwh > 0 order by 1, 2, 3"
    )
    for scenario, instrument_id, year, refused, reason in rows:
        yield Problem(
            "instrument-refused",
            "warning" if scenario == ACTUAL else "note",
            f"{refused / 1000:,.1f} MWh of {instrument_id} are not used in {year}: {reason}",
            where=f"scenario {scenario}" if scenario != ACTUAL else "",
            remedy="carbon log instrument ... with the retirement or period that is missing",
        )


def _factor_age(run: Run) -> Iterator[Problem]:
    rows = run.rows(
        "select set_id, max(age), min(factor_year), max(factor_year) from factor_choice"
        " where scenario = 'actual' and age > 0 and topic <> '' group by 1 order by 1"
    )
    for set_id, age, first, last in rows:
        years = str(first) if first == last else f"{first} to {last}"
        yield Problem(
            "older-factor",
            "note",
            f"{set_id} serves {years}, up to {_counted(age, 'year')} after its own",
            remedy="nothing, if no newer edition exists; policy.max_factor_age limits it",
        )


def _residual_mix(run: Run) -> Iterator[Problem]:
    rows = run.rows(
        "select distinct c.set_id, s.series from factor_choice as c"
        " join factor_set as s on s.set_id = c.set_id"
        " where c.scenario = 'actual' and c.accounting = 'market' and c.topic = 'electricity'"
        " and s.series not like '%residual%' and s.series not in ('own', 'supplier') order by 1"
    )
    if rows:
        yield Problem(
            "no-residual-mix",
            "note",
            "uncovered electricity takes the grid average market-based, for want of a residual mix"
            " of the same series and year",
            where=", ".join(row[0] for row in rows[:6]) + (", ..." if len(rows) > 6 else ""),
            remedy="nothing, unless a residual mix is published; then add it under factors/",
        )


def _undisclosed_sources(run: Run) -> Iterator[Problem]:
    sources: dict[str, list[str]] = {}
    for place in run.settings.site:
        for source, state in place.sources.items():
            if state == "not disclosed" and place.in_boundary:
                sources.setdefault(source, []).append(place.name)
    for source, places in sorted(sources.items()):
        yield Problem(
            "not-disclosed",
            "note",
            f"{source}: not disclosed at {_counted(len(places), 'site')}, missing and not 0",
            where=", ".join(places[:4])
            + (f" and {len(places) - 4} more" if len(places) > 4 else ""),
            remedy=f"carbon log ... for {places[0]}, or state it as zero or excluded in"
            " carbon.toml",
        )


def _part_year_base(run: Run) -> Iterator[Problem]:
    """Sites a plan carries on from a part of a year."""
    starts, base = run.settings.organisation.reporting_year_starts, run.last_actual_year
    for place in run.settings.site if run.scenarios else ():
        first = min(month for month, year in inputs.calendar(run.settings) if year == base)
        if (
            place.in_boundary
            and first < place.joined
            and (inputs.reporting_year(place.joined, starts) == base)
        ):
            yield Problem(
                "part-year-base",
                "warning",
                f"{place.name} joined during {base}: the years ahead repeat only the months it was"
                " there",
                where=f"joined {months_between(place.joined, place.joined)}",
                remedy="add a growth measure for its full year to the scenario",
            )


def _service_without_equipment(run: Run) -> Iterator[Problem]:
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


def _measures(run: Run) -> Iterator[Problem]:
    """Measures of the scenarios that change nothing, or are taken as done already."""
    seen: set[str] = set()
    for scenario in run.scenarios.values():
        for each in scenarios.findings(scenario, run.loads, run.last_actual_year):
            if each.message not in seen:  # a scenario repeats the measures of its base
                seen.add(each.message)
                yield each
        for said in scenarios.interactions(scenario, run.loads):
            if said not in seen:
                seen.add(said)
                yield Problem(
                    "measures-interact",
                    "note",
                    said,
                    where=f"scenario {scenario.name}",
                    remedy="nothing: the projection multiplies them; do not add up single savings",
                )


def _unusual_years(run: Run) -> Iterator[Problem]:
    for statement in run.settings.statement:
        if statement.note:
            yield Problem(
                "unusual-year",
                "note",
                f"{statement.year}: {statement.note}",
                remedy="think twice before it becomes a base year",
            )
