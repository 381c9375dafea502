"""A run: one computation of a book, fixed by value, with its relations ready to be asked.

`carry_out` takes a ledger and the texts of a settings version, writes down what fixes the run
(cut-off, settings, library, own factors, code, date of knowledge) and derives every relation.
The same values give the same bytes years later: `carbon.toml` as it stands today plays no part.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from carbon import __version__, inputs, library, pipeline, scenarios, settings
from carbon.coefficient import coefficients, in_scopes, rounded
from carbon.engine import Duck, Row
from carbon.errors import CarbonError, SettingsError, UsageError, nearest
from carbon.inputs import ACTUAL, ClosedSet, Need, Supposed, View, Views
from carbon.ledger import Closing, Ledger
from carbon.ledger.closings import MARK
from carbon.library import Library
from carbon.library.completion import completed
from carbon.records import Credit, Instrument
from carbon.scenarios import Recorded, Scenario
from carbon.schema import FOREVER
from carbon.settings import PVPlant, Settings

CONSTANT = "@constant factors"  # ends the name of a shadow scenario


@dataclass(frozen=True)
class Run:
    """A carried-out computation. The relations of `schema.CALCULATED` stand in `engine`."""

    engine: Duck
    ledger: Ledger
    views: Views
    library: Library
    run_id: str
    setting_id: int
    cut_off: int
    last_actual_year: int  # the last complete reporting year, 0 where there is none
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    instruments: Mapping[str, Sequence[Instrument]] = field(default_factory=dict)  # by scenario
    credits: Mapping[str, Sequence[Credit]] = field(default_factory=dict)  # by scenario
    supposed: Sequence[Supposed] = ()
    loads: Mapping[int, Row] = field(default_factory=dict)  # what a measure sees, leaks below 0
    # By scenario, PV measure and month: what the site could not use of it up to its share. [kWh]
    surplus: Mapping[str, Mapping[str, Mapping[int, Fraction]]] = field(default_factory=dict)
    closings: Mapping[int, Closing] = field(default_factory=dict)  # by reporting year
    closed: Sequence[ClosedSet] = ()  # the factor sets closed years keep

    @property
    def settings(self) -> Settings:
        """The settings of today, or of the run that is repeated."""
        return self.views.now.settings

    @property
    def known_on(self) -> date:
        """The day up to which editions and claims are known."""
        return self.views.now.known_on

    def claimed_on(self, year: int) -> date:
        """The day a year's claims rest on; a closed year's is the one it was closed with."""
        return self.views.of(year).claimed_on(year)

    def gwp_set(self, year: int) -> str:
        """The GWP set a year is told in."""
        closing = self.closings.get(year)
        return closing.gwp_set if closing else self.settings.policy.gwp

    def rows(self, sql: str) -> list[Row]:
        """The rows of a query on this run's relations."""
        return self.engine.rows(sql)


def carry_out(
    ledger: Ledger,
    files: Mapping[str, str],
    *,
    by: str,
    today: date,
    names: Sequence[str] = (),
    constant_factors: bool = False,
    where_complete: bool = False,
    known: Library | None = None,
    open_years: Collection[int] | None = (),
    is_trial: bool = False,
    instead: Callable[[Row], Row | None] | None = None,
    as_if: Callable[[Settings], Settings] = lambda said: said,
) -> Run:
    """Compute a book as it stands now.

    files : text by path: carbon.toml, factors/*.csv, scenarios/*.toml, weather/*.
    names : scenarios to compute beside the actual years.
    constant_factors : compute each scenario once more with the factors of the last actual year.
    where_complete : leave the scenarios out where no year is complete to start from.
    known : another library than the one that came with the program and the book.
    open_years : closed years to compute anew; None for all of them.
    is_trial : a supposition, which is not written down among the runs.
    instead : of a trial, what is computed instead of each key that was recorded; None for nothing.
    as_if : what a trial supposes of the settings.
    """
    said = as_if(settings.read(files["carbon.toml"]))
    known = known or library.load(own=own_factors(files))
    setting_id = ledger.settings_version(files, by=by)
    cut_off = ledger.last_batch
    known_on = said.policy.known_on or today
    fixed = (cut_off, setting_id, known.digest, known.own_digest, code_version(), known_on)
    run_id = "" if is_trial else ledger.run(*fixed)
    closings = {
        year: each
        for year, each in ledger.closings(cut_off).items()
        if open_years is not None and year not in open_years
    }
    return _computed(
        ledger,
        files,
        run_id,
        setting_id,
        cut_off,
        known_on,
        names,
        constant_factors,
        said,
        known,
        closings,
        instead,
        where_complete,
    )


def repeat(ledger: Ledger, run_id: str, names: Sequence[str] = ()) -> Run:
    """Compute an earlier run again from what it wrote down, not from today's settings.

    Raises CarbonError where the factor library or the program is no longer the one it used.
    """
    row = ledger.run_row(run_id)
    files = ledger.settings_files(row["setting_id"])
    known = library.load(own=own_factors(files))
    for name, then, now in (
        ("factor library", row["library_digest"], known.digest),
        ("program", row["code_version"], code_version()),
    ):
        if then != now:
            raise CarbonError(
                "run-moved-on",
                f"run {run_id[:12]} used another {name} than the one installed",
                looked_for=f"{name} {then[:12]}, found {now[:12]}",
                remedy="install the version it used, or make a new run and compare the two",
            )
    return _computed(
        ledger,
        files,
        run_id,
        row["setting_id"],
        row["cut_off"],
        row["known_on"],
        names,
        False,
        settings.read(files["carbon.toml"]),
        known,
        ledger.closings(row["cut_off"]),
    )


@cache
def code_version() -> str:
    """The version of the program, with a digest of the code that makes figures."""
    here = Path(__file__).parent
    folders = ("library", "inputs")
    parts = [*here.glob("sql/**/*.sql"), here / "units.csv"]
    parts += [each for folder in folders for each in here.glob(f"{folder}/*.py")]
    parts += [here / f"{name}.py" for name in ("certificates", "coefficient", "pipeline", "run")]
    digest = hashlib.sha256()
    for part in sorted(parts):
        digest.update(part.relative_to(here).as_posix().encode() + b"\0" + part.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def own_factors(files: Mapping[str, str]) -> dict[str, str]:
    """The book's own editions among its files."""
    return _under(files, "factors/", ".csv")


def scenario_files(files: Mapping[str, str]) -> dict[str, str]:
    """The scenarios among a book's files."""
    return _under(files, "scenarios/", ".toml")


def _under(files: Mapping[str, str], folder: str, ending: str) -> dict[str, str]:
    return {
        path.removeprefix(folder): text
        for path, text in files.items()
        if path.startswith(folder) and path.endswith(ending)
    }


def _computed(
    ledger: Ledger,
    files: Mapping[str, str],
    run_id: str,
    setting_id: int,
    cut_off: int,
    known_on: date,
    names: Sequence[str],
    constant_factors: bool,
    said: Settings,
    known: Library,
    closings: Mapping[int, Closing],
    instead: Callable[[Row], Row | None] | None = None,
    where_complete: bool = False,
) -> Run:
    """Derive every relation: first what the ledger says, then the plans that start from it."""
    known = completed(known, said.policy.non_co2, known_on)
    engine = Duck(ledger.con)
    keys = ledger.con.execute("select * from entry_key order by key_id").fetchall()
    if instead:
        keys = [other for other in map(instead, keys) if other]
    claimed = itemgetter("claim_year")
    instruments = {
        ACTUAL: [
            _instrument(row) for row in _current(ledger, "instrument", cut_off, closings, claimed)
        ]
    }
    credits = {
        ACTUAL: [credit_of(row) for row in _current(ledger, "credit", cut_off, closings, claimed)]
    }
    closed = [
        each
        for closing in closings.values()
        for each in inputs.closed_sets(closing, ledger.kept_choices(closing))
    ]
    views = _views(ledger, View(said, known_on), closings)
    sites = inputs.site(views, known)
    parts = inputs.fuel_part(views, known, keys)
    recorded = {
        "run_option": inputs.run_option(said, cut_off, known_on),
        "month": inputs.month(said, cut_off, closings),
        "factor_month": inputs.factor_month(said, {row[4] for row in sites}),
        "matching_month": inputs.matching_month(views),
        "closed_choice": inputs.closed_choice(closed),
        "closed_total": _kept_totals(ledger, closings),
        "closed_loss": [
            (closing.policy, *row.values())
            for closing in closings.values()
            for row in ledger.kept_losses(closing)
        ],
        "loss_share": inputs.loss_share(known),
        "site": sites,
        "meter": inputs.meter(views),
        "meter_area": inputs.meter_area(said),
        "meter_part": inputs.meter_part(views, keys),
        "meter_term": inputs.meter_term(views, keys),
        "pv_term": inputs.pv_term(views),
        "method": inputs.method(known),
        "fuel_part": parts,
        "region_path": inputs.region_path(views, known) + inputs.country_path(known, keys),
        "policy": inputs.policy(views, known),
        "activity_key": keys,
        "metered_bill": inputs.metered_bill(ledger, cut_off),
        "expected_key": inputs.expected_key(said, known, keys),
        **inputs.refrigerants(ledger, views, known, cut_off, closings),
    }
    every, kept = instruments[ACTUAL], _kept_coefficients(ledger, closings)
    leaking = _refrigerants(recorded)
    pipeline.read_ledger(engine, recorded, lambda: _fills(engine, ledger, said, known_on, closings))
    pipeline.compute(
        engine,
        {
            "scenario": _scenario_rows((), 0),
            "topic_taken": inputs.topic_taken(views, known, keys),
            "plan_load": (),
            "plan_index": (),
            "plan_addition": (),
            "plan_leak": (),
            "factor_set": inputs.factor_set(
                said, known, every, (), closed, inputs.topics(known, keys, leaking, parts)
            ),
            **_instrument_rows(views, known, instruments),
            "hour_share": inputs.hour_share(ledger, views, cut_off, closings, instruments),
        },
        inputs.coefficient_rows(known, said.policy.gwp, every, (), kept),
    )
    run = Run(
        engine=engine,
        ledger=ledger,
        views=views,
        library=known,
        run_id=run_id,
        setting_id=setting_id,
        cut_off=cut_off,
        last_actual_year=last_complete_year(engine),
        instruments=instruments,
        credits=credits,
        closings=closings,
        closed=closed,
    )
    if not names or (where_complete and not run.last_actual_year):
        return run
    wanted = {each.name: each for each in _wanted(files, names)}
    return _planned(replace(run, scenarios=wanted), keys, constant_factors)


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
    return _planned(bare, keys, False)


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
            **_instrument_rows(run.views, run.library, instruments),
        },
        inputs.coefficient_rows(
            run.library,
            run.settings.policy.gwp,
            every,
            supposed,
            _kept_coefficients(run.ledger, run.closings),
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


def _instrument_rows(
    views: Views, known: Library, instruments: Mapping[str, Sequence[Instrument]]
) -> dict[str, list[Row]]:
    """What the calculation reads of instruments."""
    return {
        "instrument_input": inputs.instrument_input(views, known, instruments),
        "instrument_criterion": inputs.instrument_criterion(views, known, instruments),
        "instrument_allocation": inputs.instrument_allocation(instruments),
    }


def view_of(ledger: Ledger, closing: Closing, now: View) -> View:
    """The settings and the day of knowledge a year was closed with.

    Settings of an earlier program that this one cannot read give way to today's: what a closed
    year comes to is kept by value, and told to have moved where it has.
    """
    row = ledger.run_row(closing.run_id)
    try:
        then = settings.read(ledger.settings_files(row["setting_id"])["carbon.toml"])
    except SettingsError:
        then = now.settings
    return View(then, row["known_on"])


def _views(ledger: Ledger, now: View, closings: Mapping[int, Closing]) -> Views:
    """Today's view, and that of each closed year.

    Raises SettingsError where years would begin in another month than a closed one did: some
    months would count in two years.
    """
    closed = {year: view_of(ledger, each, now) for year, each in closings.items()}
    starts = now.settings.organisation.reporting_year_starts
    for year, view in sorted(closed.items()):
        kept = view.settings.organisation.reporting_year_starts
        if kept != starts:
            raise SettingsError(
                "year-start-moved",
                f"{year} was closed with reporting years that start in month {kept}, and now they"
                f" would start in month {starts}",
                where="carbon.toml, organisation, reporting_year_starts",
                looked_for=str(kept),
                remedy=f"write {kept} again; another start of the year needs a book of its own",
            )
    return Views(now, closed)


def _fills(
    engine: Duck,
    ledger: Ledger,
    said: Settings,
    known_on: date,
    closings: Mapping[int, Closing],
) -> dict[str, list[Row]]:
    """The gaps that are filled: in open years as the settings ask, in closed ones as they kept."""
    kept = [row for each in closings.values() for row in inputs.kept_fills(ledger.kept_fills(each))]
    told, terms = [each[0] for each in kept], []
    if said.fill:
        gaps = engine.rows(
            "select c.site, c.meter, c.activity, c.month from coverage_month as c"
            " join month as m on m.month = c.month where c.covered = 0 and m.closed = ''"
        )
        recorded = engine.rows(
            "select k.site, k.meter, k.activity, e.key_id, e.month, e.unit, e.quantity"
            " from entry_current_month as e join activity_key as k on k.key_id = e.key_id"
            " order by all"
        )
        years = dict(inputs.calendar(said))
        made, terms = inputs.fills(said.fill, gaps, recorded, years, known_on)
        told += made
    return {"fill": told, "fill_term": terms, "closed_fill": [each[1] for each in kept]}


def _refrigerants(recorded: Mapping[str, Any]) -> set[str]:
    """The refrigerants that appliances and stocks hold."""
    return {row[2] for row in recorded["appliance"]} | {row[1] for row in recorded["stock_count"]}


def _kept_totals(ledger: Ledger, closings: Mapping[int, Closing]) -> list[Row]:
    """The figures of closed years."""
    return [
        (year, *row.values())
        for year, closing in closings.items()
        for row in ledger.kept_totals(closing.closing_id)
    ]


def _current(
    ledger: Ledger,
    table: str,
    cut_off: int,
    closings: Mapping[int, Closing],
    year_of: Callable[[Mapping[str, Any]], int],
) -> list[dict[str, Any]]:
    """What is recorded of each id: in a closed year as it stood at its closing."""
    rows = [row for row in ledger.current(table, cut_off) if year_of(row) not in closings]
    for year, closing in closings.items():
        rows += [row for row in ledger.current(table, closing.cut_off) if year_of(row) == year]
    return rows


def _kept_coefficients(ledger: Ledger, closings: Mapping[int, Closing]) -> dict[Need, list[Row]]:
    """What closed years keep: (set, unit, share, part) -> (gas, mass, CO2e, in scopes). [g]"""
    found: dict[Need, list[Row]] = {}
    for closing in closings.values():
        for row in ledger.kept_coefficients(closing):
            key = (closing.kept(row["set_id"]), row["unit"], row["share"], row["part"])
            found.setdefault(key, []).append(
                (row["gas"], row["mass_g"], row["co2e_g"], row["is_in_scopes"])
            )
    return found


def _planned(run: Run, keys: Sequence[Row], constant_factors: bool) -> Run:
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
    additions: list[Row] = []
    index: list[Row] = []
    multiplied: list[Row] = []
    supposed: list[Supposed] = []
    grid, factor_years = _grid_of(run, base_year)
    instruments = dict(run.instruments)
    leaks = _leaks(run, base_year)
    leaking: list[Row] = []
    surplus: dict[str, dict[str, dict[int, Fraction]]] = {}
    for each in wanted:
        alike, measures = scenarios.plan_loads(each, loads)
        multiplied += alike
        index += scenarios.plan_index(each, measures, base_year, months)
        leaking += scenarios.plan_leaks(each, leaks, base_year, months)
        added: dict[scenarios.Place, dict[tuple[int, str], Decimal]] = {}
        for name, place, month, unit, quantity in scenarios.plan_additions(
            each, loads, base_year, months, recorded, stays, surplus.setdefault(each.name, {})
        ):
            added.setdefault(place, {})[month, unit] = quantity
            _refuse_unknown_refrigerant(run.library, each, place)
            if place not in ids:
                ids[place] = max(ids.values(), default=0) + 1
            additions.append((name, ids[place], month, unit, quantity))
        for guess in scenarios.grid_sets(each, base_year, grid):
            ahead = guess.year - base_year
            supposed.append(Supposed(*guess._replace(year=factor_years[guess.region] + ahead)))
        bought = scenarios.Bought(each, loads, base_year, months, recorded, added)
        instruments[each.name] = [
            _stated(run.library, each.file, planned)
            for planned in scenarios.plan_instruments(each, base_year, bought.in_year)
        ]
    places = [(key_id, *place) for place, key_id in ids.items()]
    plan = {
        "scenario": _scenario_rows(wanted, last_month if constant_factors else 0),
        "plan_load": multiplied,
        "plan_index": index,
        "plan_addition": additions,
        "plan_leak": leaking,
    }
    _derive(run, places, plan, instruments, supposed)
    _refuse_below_zero(run, wanted)
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


def _refuse_unknown_refrigerant(known: Library, planned: Scenario, place: scenarios.Place) -> None:
    """A plan may not leak what the library has no factor of. Raises SettingsError."""
    if place.activity == "refrigerant" and f"refrigerant/{place.detail}" not in known.topics:
        names = [each.partition("/")[2] for each in known.topics if each.startswith("refrigerant/")]
        raise SettingsError(
            "scenario",
            f"scenario {planned.name!r} has a measure with refrigerant {place.detail!r}, which the"
            " library does not know",
            where=planned.file,
            nearest=nearest(place.detail, names),
            remedy="write it like R-32, or add a set of it to the book's factors",
        )


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


def _refuse_below_zero(run: Run, wanted: Sequence[Scenario]) -> None:
    """A plan may not save more electricity than a site buys. Raises SettingsError."""
    files = {each.name: each.file for each in wanted}
    for scenario, site, year, _, energy_kwh in sorted(
        pipeline.check(run.engine, "negative_import")
    ):
        if scenario in files:
            raise SettingsError(
                "plan-below-zero",
                f"scenario {scenario} leaves {site} with less than no electricity in {year}",
                where=f"{files[scenario]}: {energy_kwh:,.0f} kWh in its months below zero",
                remedy="take back savings or self-used PV of its measures at that site",
            )


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
    kept = _kept_coefficients(run.ledger, run.closings)
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


def last_complete_year(engine: Duck) -> int:
    """The last reporting year in which no running key misses a month and every flow is counted,
    0 where there is none."""
    lost = set(uncounted(engine))
    rows = engine.rows(
        "select reporting_year from coverage_month group by reporting_year"
        " having min(covered) = 1 order by reporting_year desc"
    )
    return next((year for (year,) in rows if year not in lost), 0)


def uncounted(engine: Duck, wanted: str = ACTUAL) -> dict[int, list[str]]:
    """What is recorded in a reporting year and reaches none of its totals, in words."""
    found: dict[int, list[str]] = {}
    for scenario, year, line, accounting, topic, place, unit, quantity in sorted(
        pipeline.check(engine, "flow_not_counted")
    ):
        if scenario == wanted and line != "energy":
            told = found.setdefault(year, [])
            said = f"{quantity.normalize():,f} {unit} of {topic} {inputs.spot(place)}"
            if accounting != "market":
                told.append(said)
            elif said not in told:  # counted location-based, and lost here alone
                told.append(f"{said}, market-based")
    return found


def _wanted(files: Mapping[str, str], names: Sequence[str]) -> list[Scenario]:
    """The scenarios named. Raises CarbonError for one that the book does not hold."""
    held = {each.name: each for each in scenarios.resolve(scenario_files(files))}
    for name in names:
        if name not in held:
            raise UsageError(
                "unknown-scenario",
                f"there is no scenario {name!r}",
                looked_for=", ".join(f"scenarios/{each}.toml" for each in held) or "scenarios/",
                nearest=nearest(name, held),
                remedy="name one of them, or write a new file under scenarios/",
            )
    return [held[name] for name in names]


def _scenario_rows(wanted: Sequence[Scenario], fixed_month: int) -> list[Row]:
    """The actual years, each scenario, and where asked each once more at constant factors."""
    rows: list[Row] = [(ACTUAL, "", True, 0)]
    rows += [(each.name, each.name, False, 0) for each in wanted]
    if fixed_month:
        rows.append((ACTUAL + CONSTANT, "", True, fixed_month))
        rows += [(each.name + CONSTANT, each.name, False, fixed_month) for each in wanted]
    return rows


def _instrument(row: Mapping[str, Any]) -> Instrument:
    return Instrument(**{name: row[name] for name in Instrument.__slots__})


def credit_of(row: Mapping[str, Any]) -> Credit:
    """A credit from its row of the ledger."""
    return Credit(**{name: row[name] for name in Credit.__slots__})
