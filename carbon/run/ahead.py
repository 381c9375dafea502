"""The years ahead computed: an inventory of a future ledger, by the steps of a recorded one.

Measures become rows of the relations whose name begins with `plan_`, supposed grids become factor
sets, purchases become instruments and credits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import count

from carbon import inputs, pipeline, scenarios
from carbon.coefficient import coefficients, in_scopes, rounded
from carbon.engine import Row
from carbon.errors import CarbonError, SettingsError, nearest
from carbon.inputs import ACTUAL, Need, Supposed, Views
from carbon.ledger.closings import MARK
from carbon.library import Library
from carbon.records import Instrument
from carbon.run.kept import kept_coefficients
from carbon.run.model import CONSTANT, Run
from carbon.run.refusals import (
    refuse_below_zero,
    refuse_less_than_nothing,
    refuse_unknown_activity,
    refuse_unknown_meter,
    refuse_unknown_refrigerant,
    refuse_unknown_site,
)
from carbon.scenarios import Recorded, Scenario
from carbon.schema import FOREVER
from carbon.settings import PVPlant

TOGETHER = 16  # scenarios that are best computed in one pass, where many are


def supposing(run: Run, wanted: Sequence[Scenario]) -> Run:
    """The same run with other scenarios than it was carried out with; its relations are replaced by
    theirs, and nothing is written down."""
    keys = run.ledger.con.execute("select * from entry_key order by key_id").fetchall()
    bare = replace(
        run,
        scenarios={each.name: each for each in wanted},
        instruments={ACTUAL: run.instruments[ACTUAL]},
        credits={ACTUAL: run.credits[ACTUAL]},
        supposed=(),
    )
    return planned(bare, keys, False)


def _derive(
    run: Run,
    places: Sequence[Row],
    plan: Mapping[str, Sequence[Row]],
    instruments: Mapping[str, Sequence[Instrument]],
    supposed: Sequence[Supposed],
) -> None:
    """Derive the relations anew, with planned months beside the recorded ones.

    places : every key, the planned ones too.
    plan : the rows of `scenario` and of the relations whose name begins with `plan_`.
    """
    held = {each.instrument_id: each for several in instruments.values() for each in several}
    every = list(held.values())
    parts = inputs.fuel_part(run.views, run.library, places)
    known = [row[0] for row in run.rows("select distinct refrigerant from refrigerant_balance")]
    pipeline.compute(
        run.engine,
        {
            **plan,
            "activity_key": places,
            "fuel_part": parts,
            "topic_taken": inputs.topic_taken(run.views, run.library, places),
            "factor_set": inputs.factor_set(
                run.settings,
                run.library,
                every,
                supposed,
                run.closed,
                inputs.topics(run.library, places, known, parts),
            ),
            **instrument_rows(run.views, run.library, instruments),
        },
        inputs.coefficient_rows(
            run.library,
            run.settings.policy.gwp,
            every,
            supposed,
            kept_coefficients(run.ledger, run.closings),
        ),
    )


def expecting(
    run: Run, years: Mapping[str, int], index: Sequence[Row], additions: Sequence[Row]
) -> Run:
    """The same run with suppositions of whole years beside the actual ones, each with the
    instruments of its year; nothing is written down.

    years : the reporting year of each supposition, by name.
    index, additions : its months, as rows of `plan_index` and `plan_addition`; every load is of
        measure set 1.
    """
    keys = run.ledger.con.execute("select * from entry_key order by key_id").fetchall()
    loads = [(name, row[0], 1) for name in years for row in keys]
    instruments = {ACTUAL: run.instruments[ACTUAL]}
    for name, year in years.items():
        instruments[name] = [each for each in run.instruments[ACTUAL] if each.claim_year == year]
    plan = {
        "scenario": [(ACTUAL, "", True, 0), *((name, name, False, 0) for name in years)],
        "plan_load": loads,
        "plan_index": index,
        "plan_addition": additions,
        "plan_leak": (),
    }
    _derive(run, keys, plan, instruments, ())
    return replace(run, instruments=instruments)


def instrument_rows(
    views: Views, known: Library, instruments: Mapping[str, Sequence[Instrument]]
) -> dict[str, list[Row]]:
    """What the calculation reads of instruments."""
    return {
        "instrument_input": inputs.instrument_input(views, known, instruments),
        "instrument_criterion": inputs.instrument_criterion(views, known, instruments),
        "instrument_allocation": inputs.instrument_allocation(instruments),
    }


def planned(run: Run, keys: Sequence[Row], constant_factors: bool) -> Run:
    """The run with its scenarios: an inventory of a future ledger, by the same steps."""
    base_year = run.last_actual_year
    if not base_year:
        raise CarbonError(
            "no-base-year",
            "there is no complete reporting year to project from",
            looked_for="a year in which every running meter and bill has all its months",
            remedy="`carbon check` names the months that are missing",
        )
    roles = inputs.roles(run.settings, keys, *inputs.months_in(run.settings, base_year))
    in_base = {
        row[0]
        for row in run.rows(
            "select distinct e.key_id from entry_current_month as e"
            " join month as m on m.month = e.month"
            f" where m.reporting_year = {int(base_year)}"
        )
    }
    loads = {row[0]: (*row[1:], roles[row[0]]) for row in keys if row[0] in in_base}
    base_months = [month for month, year in inputs.calendar(run.settings) if year == base_year]
    recorded = cache(lambda: recorded_months(run, base_year))
    stays = {each.name: (each.joined, each.left or FOREVER) for each in run.settings.site}
    wanted = [
        scenarios.as_verified(
            scenarios.lit(each, _sun(run, base_year)), loads, base_year, base_months, recorded
        )
        for each in run.scenarios.values()
    ]
    last = max(each.horizon for each in wanted)
    months = {
        month: year for month, year in inputs.calendar(run.settings) if base_year <= year <= last
    }
    last_month = max(base_months)
    ids = {tuple(row[1:]): row[0] for row in keys}
    unused = count(max(ids.values(), default=0) + 1)
    additions: list[Row] = []
    index: list[Row] = []
    multiplied: list[Row] = []
    supposed: list[Supposed] = []
    grid, factor_years = _grid_of(run, base_year)
    instruments = dict(run.instruments)
    leaks = _leaks(run, base_year)
    leaking: list[Row] = []
    surplus: dict[str, dict[str, dict[int, Fraction]]] = {}
    counted: dict[str, list[tuple[int, int, Decimal]]] = {}
    for site, *stay in run.rows("select site, first_month, left_month, share from site"):
        counted.setdefault(site, []).append(tuple(stay))
    meters = [(site.name, meter) for meter, (site, _) in run.settings.meters().items()]
    meters += [(row[1], row[2]) for row in keys]
    meters += run.rows("select site, equipment_id from appliance")  # of a leak
    for each in wanted:
        refuse_unknown_site(each, stays)
        refuse_unknown_activity(each, run.library.methods)
        refuse_unknown_meter(each, meters)
        alike, measures = scenarios.plan_loads(each, loads)
        multiplied += alike
        known: scenarios.Index = {}
        index += scenarios.plan_index(each, measures, base_year, months, known)
        leaking += scenarios.plan_leaks(each, leaks, base_year, months)
        added = scenarios.plan_additions(
            each,
            loads,
            base_year,
            months,
            recorded,
            stays,
            surplus.setdefault(each.name, {}),
            known,
        )
        for place, at in added.items():
            refuse_unknown_refrigerant(run.library, each, place)
            if place not in ids:
                ids[place] = next(unused)
            key_id = ids[place]
            additions += [(each.name, key_id, *moment, more) for moment, more in at.items()]
        for guess in scenarios.grid_sets(each, base_year, grid):
            ahead = guess.year - base_year
            supposed.append(Supposed(*guess._replace(year=factor_years[guess.region] + ahead)))
        bought = scenarios.Bought(each, loads, base_year, months, recorded, added, counted, known)
        instruments[each.name] = [
            _stated(run.library, each.file, planned)
            for planned in scenarios.plan_instruments(each, base_year, bought.in_year)
        ]
    places = [(key_id, *place) for place, key_id in ids.items()]
    place_of = {key_id: scenarios.Place(*place) for place, key_id in ids.items()}
    plan = {
        "scenario": scenario_rows(wanted, last_month if constant_factors else 0),
        "plan_load": multiplied,
        "plan_index": index,
        "plan_addition": additions,
        "plan_leak": leaking,
    }
    _derive(run, places, plan, instruments, supposed)
    refuse_below_zero(run, wanted)
    lowered = {
        (name, place_of[key].site, place_of[key].activity)
        for name, key, _, _, quantity in additions
        if quantity < 0 and place_of[key].activity not in scenarios.PURCHASED
    }
    refuse_less_than_nothing(run, wanted, lowered)
    credits = dict(run.credits)
    for each in wanted:
        credits[each.name] = scenarios.plan_credits(each, base_year, _residual(run, each.name))
    return replace(
        run,
        scenarios={each.name: each for each in wanted},
        instruments=instruments,
        credits=credits,
        supposed=supposed,
        surplus=surplus,
        loads=loads | {-number: leak for number, leak in enumerate(leaks, start=1)},
    )


def _sun(run: Run, last: int) -> scenarios.Sun:
    """What the book knows of the sun at its sites, up to a reporting year."""
    places = run.settings.sites()
    points = {name: place.plane(PVPlant()) for name, place in places.items()}

    def history(site: str) -> Sequence[Fraction] | None:
        months = run.rows(
            "select site, reporting_year, month, generated_kwh from pv_month"
            f" where scenario = 'actual' and reporting_year <= {int(last)} order by 1, 2, 3"
        )
        return inputs.own_yields(places[site], [row[1:] for row in months if row[0] == site])

    def weather(file: str) -> str | None:
        return run.ledger.settings_files(run.setting_id).get(file)

    return scenarios.Sun({name: each for name, each in points.items() if each}, history, weather)


def _leaks(run: Run, year: int) -> list[scenarios.Load]:
    """What leaks by the register in a reporting year, as measures see it: by appliance, or of a
    mass balance by site."""
    rows = run.rows(
        "select distinct r.site, r.equipment_id, r.refrigerant from refrigerant_month as r"
        f" join month as m on m.month = r.month where m.reporting_year = {int(year)} order by all"
    )
    return [scenarios.Load(site, unit, "refrigerant", of, "") for site, unit, of in rows]


def recorded_months(run: Run, year: int) -> Recorded:
    """What is recorded of each key in the months of a reporting year, by unit."""
    found: dict[int, dict[int, dict[str, Decimal]]] = {}
    for key_id, month, unit, quantity in run.rows(
        "select e.key_id, e.month, e.unit, sum(e.quantity) from entry_current_month as e"
        f" join month as m on m.month = e.month where m.reporting_year = {int(year)}"
        " group by 1, 2, 3 order by 1, 2, 3"
    ):
        found.setdefault(key_id, {}).setdefault(month, {})[unit] = quantity
    return found


def _stated(known: Library, file: str, planned: Instrument) -> Instrument:
    """A planned instrument with the factor of its kind. Raises SettingsError where it has none."""
    kind = known.instruments.get(planned.kind)
    factor = kind.factor_g_per_kwh if kind else None
    if kind and factor is None and planned.conveys_attribute:  # a contract, which states its own
        return planned
    if factor is None:
        usable = [name for name, each in known.instruments.items() if each.factor_g_per_kwh == 0]
        raise SettingsError(
            "planned-instrument",
            f"{planned.kind!r} cannot be planned: "
            + ("its factor stands in each contract" if kind else "there is no such kind"),
            where=file,
            looked_for=", ".join(usable),
            nearest=nearest(planned.kind, usable),
            remedy="plan certificates of a kind that conveys a factor of its own",
        )
    return replace(planned, factor_g_per_kwh=factor)


def _grid_of(run: Run, base_year: int) -> tuple[dict[tuple[str, str], Decimal], dict[str, int]]:
    """What served each region's electricity at the end of a reporting year, and the factor year it
    served. ((region, accounting) -> [g CO2e/kWh], region -> factor year)

    Raises CarbonError where sites of one region declare different series: one path cannot
    suppose both.
    """
    rows = run.rows(
        "select distinct s.region, c.accounting, c.set_id, c.factor_year from factor_choice as c"
        " join factor_set as s on s.set_id = c.set_id"
        " join year_flow as f"
        " on f.topic = c.topic and f.place = c.place and f.accounting = c.accounting"
        " and f.factor_year = c.factor_year and f.policy = c.policy and f.scenario = c.scenario"
        f" where c.topic = 'electricity' and f.reporting_year = {int(base_year)} order by 1, 2, 3"
    )
    years: dict[str, int] = {}
    for region, _, _, factor_year in rows:
        years[region] = max(factor_year, years.get(region, 0))
    found: dict[tuple[str, str], Decimal] = {}
    kept = kept_coefficients(run.ledger, run.closings)
    for region, accounting, set_id, factor_year in rows:
        if factor_year < years[region]:
            continue
        value = _co2e_per_kwh(run, set_id, kept)
        if found.setdefault((region, accounting), value) != value:
            raise CarbonError(
                "two-grid-series",
                f"sites in {region} use different grid series in {base_year}, "
                "and one path cannot suppose both",
                looked_for=f"one factor for {region}, {accounting}-based",
                remedy="declare one series for the region under [policy.electricity]",
            )
    return found, years


def _co2e_per_kwh(run: Run, set_id: str, kept: Mapping[Need, Sequence[Row]]) -> Decimal:
    """What a kilowatt-hour emits in the scopes by a set, of the library or of a closed year.
    [g CO2e]"""
    if MARK in set_id:
        every = kept[set_id, "kWh", Decimal(1), Decimal(1)]
        return sum((co2e_g for _, _, co2e_g, is_in_scopes in every if is_in_scopes), Decimal(0))
    parts = coefficients(run.library.sets[set_id], "kWh", run.settings.policy.gwp, run.library)
    return rounded(in_scopes(parts))


def _residual(run: Run, scenario: str) -> dict[int, Decimal]:
    """Scope 1 and market-based Scope 2 of each planned year. [t CO2e]"""
    rows = run.engine.con.execute(
        "select reporting_year, sum(co2e_g) from total where scenario = ?"
        " and (line = 'scope1' or (line = 'scope2' and accounting = 'market')) group by 1",
        [scenario],
    ).fetchall()
    return {year: grams.scaleb(-6) for year, grams in rows}


def scenario_rows(wanted: Sequence[Scenario], fixed_month: int) -> list[Row]:
    """The actual years, each scenario, and where asked each once more at constant factors."""
    rows: list[Row] = [(ACTUAL, "", True, 0)]
    rows += [(each.name, each.name, False, 0) for each in wanted]
    if fixed_month:
        rows.append((ACTUAL + CONSTANT, "", True, fixed_month))
        rows += [(each.name + CONSTANT, each.name, False, fixed_month) for each in wanted]
    return rows
