"""The recorded years computed, as the book stands now or as an earlier run wrote it down."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import itemgetter
from typing import Any

from carbon import inputs, library, pipeline, scenarios, settings
from carbon.engine import Duck, Row
from carbon.errors import CarbonError, UsageError, nearest
from carbon.inputs import ACTUAL, View
from carbon.ledger import Closing, Ledger
from carbon.library import Library
from carbon.library.completion import completed
from carbon.run.ahead import instrument_rows, planned, scenario_rows
from carbon.run.files import code_version, own_factors, scenario_files
from carbon.run.kept import (
    credit_of,
    current,
    instrument_of,
    kept_coefficients,
    kept_totals,
    views_of,
)
from carbon.run.model import Run
from carbon.run.state import last_complete_year
from carbon.scenarios import Scenario
from carbon.settings import Settings


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
            instrument_of(row) for row in current(ledger, "instrument", cut_off, closings, claimed)
        ]
    }
    credits = {
        ACTUAL: [credit_of(row) for row in current(ledger, "credit", cut_off, closings, claimed)]
    }
    closed = [
        each
        for closing in closings.values()
        for each in inputs.closed_sets(closing, ledger.kept_choices(closing))
    ]
    views = views_of(ledger, View(said, known_on), closings)
    sites = inputs.site(views, known)
    parts = inputs.fuel_part(views, known, keys)
    recorded = {
        "run_option": inputs.run_option(said, cut_off, known_on),
        "month": inputs.month(said, cut_off, closings),
        "factor_month": inputs.factor_month(said, {row[4] for row in sites}),
        "matching_month": inputs.matching_month(views),
        "closed_choice": inputs.closed_choice(closed),
        "closed_total": kept_totals(ledger, closings),
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
    every, kept = instruments[ACTUAL], kept_coefficients(ledger, closings)
    leaking = _refrigerants(recorded)
    pipeline.read_ledger(engine, recorded, lambda: _fills(engine, ledger, said, known_on, closings))
    pipeline.compute(
        engine,
        {
            "scenario": scenario_rows((), 0),
            "topic_taken": inputs.topic_taken(views, known, keys),
            "plan_load": (),
            "plan_index": (),
            "plan_addition": (),
            "plan_leak": (),
            "factor_set": inputs.factor_set(
                said, known, every, (), closed, inputs.topics(known, keys, leaking, parts)
            ),
            **instrument_rows(views, known, instruments),
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
    return planned(replace(run, scenarios=wanted), keys, constant_factors)


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
