"""What is wrong around delivered energy: losses, and energy supplied on."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from carbon import pipeline
from carbon.errors import About, Problem, counted
from carbon.inputs import ACTUAL
from carbon.run import Run

# What is weighed as the energy that was passed on.
BOUGHT = {"supplied_to_others": "electricity", "heat_supplied_to_others": "heat"}


def supplied_beyond_purchase(run: Run) -> Iterator[Problem]:
    """More energy supplied to others than was bought: only what was bought can be taken off."""
    for scenario, site, year, activity, months, quantity in pipeline.check(
        run.engine, "supplied_beyond_purchase"
    ):
        unit = run.library.methods[activity].units[0]
        yield Problem(
            "supplied-beyond-purchase",
            "warning",
            f"{site} supplied {quantity:,.0f} {unit} more to others than it bought in"
            f" {counted(months, 'month')} of {year}; only what was bought is taken off",
            where=f"scenario {scenario}" if scenario != ACTUAL else "",
            looked_for="energy bought from a network in the same months",
            remedy=f"carbon entries --site {quote(site)} --activity {activity}: what was made on"
            " site and"
            " passed on was never bought",
            about=[About(site, activity=BOUGHT.get(activity, activity), quantity=quantity)],
        )


def loss_not_available(run: Run) -> Iterator[Problem]:
    """Energy delivered for whose losses nothing is published: missing, not 0."""
    places: dict[tuple[str, str], list[int]] = {}
    for carrier, site, year in pipeline.check(run.engine, "delivery_without_loss"):
        places.setdefault((carrier, site), []).append(year)
    regions = {place.name: place.region for place in run.settings.site}
    for carrier in sorted({carrier for carrier, _ in places}):
        sites = sorted(site for each, site in places if each == carrier)
        years = [year for key, several in places.items() if key[0] == carrier for year in several]
        said = ", ".join(f"{site} ({regions.get(site, '')})" for site in sites[:4])
        yield Problem(
            "loss-not-available",
            "note",
            f"losses of the network of {carrier} are not available for"
            f" {counted(len(sites), 'site')}: missing from Scope 3, not 0",
            where=said + (f" and {len(sites) - 4} more" if len(sites) > 4 else ""),
            looked_for=f"grid_loss/{carrier}, valid in {_years(years)}",
            remedy="nothing, unless a figure is published; then add it under factors/",
        )


def loss_twice(run: Run) -> Iterator[Problem]:
    """Losses added to electricity whose factor is one of consumption, and has them in it."""
    rows = run.rows(
        "with twice as (select distinct l.site, s.set_id, l.reporting_year from flow as l"
        " join flow as f on f.scenario = l.scenario"
        " and f.site = l.site and f.meter = l.meter and f.month = l.month"
        " and f.activity = l.activity and f.line = 'scope2' and f.accounting = 'location'"
        " join factor_choice as c on c.scenario = f.scenario and c.topic = f.topic"
        " and c.place = f.place and c.policy = f.policy and c.factor_year = f.factor_year"
        " and c.accounting = f.accounting join factor_set as s on s.set_id = c.set_id"
        " where l.scenario = 'actual' and l.category = 'fuel- and energy-related activities'"
        " and s.series like 'consumption%')"
        " select w.site, w.set_id, sum(t.co2e_g) from twice as w join total as t"
        " on t.site = w.site and t.reporting_year = w.reporting_year and t.scenario = 'actual'"
        " and t.category = 'fuel- and energy-related activities' group by 1, 2 order by 1, 2"
    )
    for site, set_id, grams in rows:
        yield Problem(
            "loss-twice",
            "warning",
            f"{site} takes {set_id}, a factor of consumption: the losses in Scope 3 are in it"
            " already",
            remedy="name a series of generation under [policy.electricity], or leave the losses out"
            " of what is reported",
            mass_t=grams.scaleb(-6),
        )


def older_losses(run: Run) -> Iterator[Problem]:
    """Shares of losses that serve years after their own."""
    rows = run.rows(
        "select set_id, max(age), min(factor_year), max(factor_year) from loss_choice"
        " where age > 0 and family <> 'grid_loss' group by 1 order by 1"
    )
    for set_id, age, first, last in rows:
        yield Problem(
            "older-factor",
            "note",
            f"{set_id} serves the losses of {_years([first, last])}, up to"
            f" {counted(age, 'year')} after its own",
            remedy="nothing, if no newer edition exists",
        )


def _years(years: list[int]) -> str:
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first} to {last}"
