"""What stands on sand among the factors: missing, old, withheld, of a closed year that moved."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from carbon import basis, pipeline, restating
from carbon.coefficient import coefficients
from carbon.errors import About, FactorError, Problem, counted, nearest
from carbon.inputs import ABROAD, ACTUAL, declared_series, spot
from carbon.ledger.closings import MARK
from carbon.library import WORLD
from carbon.run import Run

GROSS = (("scope1", "all"), ("scope2", "location"))
OLD = 3  # an older factor than that is a warning [a]


def missing_factor(run: Run) -> Iterator[Problem]:
    lacks: dict[tuple, tuple[list[str], Decimal]] = {}
    for *key, quantity in pipeline.check(run.engine, "flow_without_factor"):
        accounting = key.pop(4)
        said, most = lacks.get(tuple(key), ([], quantity))
        lacks[tuple(key)] = ([*said, accounting], max(most, quantity))
    for key, (accountings, quantity) in sorted(lacks.items()):
        scenario, line, topic, place, activity, first, last, unit = key
        region = {each.name: each.region for each in run.settings.site}
        region |= {name: site.region for name, (site, _) in run.settings.meters().items()}
        region |= {place: place.removeprefix(ABROAD)} if place.startswith(ABROAD) else {}
        if place not in region:
            continue  # told as a meter that carbon.toml does not know
        close = run.library.nearest_sets(topic, region.get(place, ""), first)
        path = [
            ancestor
            for _, ancestor, _, _, level in run.library.region_path({place: region[place]})
            if not (topic == "electricity" and level == "world")  # serves no place
            and not ancestor.startswith(ABROAD)
        ]
        years = str(first) if first == last else f"{first} to {last}"
        file, row = _first_row(run, place, activity)
        yield Problem(
            "missing-factor",
            "note" if line == "energy" else "error",
            f"no factor for {topic} {spot(place)}, {years}"
            + ("" if accountings == ["all"] else f" ({'- and '.join(sorted(accountings))}-based)"),
            where=f"{quantity.normalize():,f} {unit} of {activity} are not counted"
            + (f", scenario {scenario}" if scenario != ACTUAL else ""),
            looked_for=f"{', then '.join(path)}, valid in {years}{_limit(run)}",
            nearest="; ".join(
                f"{each.set_id} ({each.region}, {each.first_year} to {each.last_year})"
                for each in close
            ),
            remedy="name another series under [policy] in carbon.toml, or add an edition under"
            " factors/ of the book"
            + _published_by(run, topic, region[place], first, min(accountings)),
            file=file,
            row=row,
            about=[About(activity=activity, quantity=quantity)] if line != "energy" else (),
        )


def _published_by(run: Run, topic: str, region: str, year: int, accounting: str) -> str:
    """Who publishes a factor that its licence keeps out of the library."""
    found = run.library.withheld_for(topic, region, year, accounting)
    return f"; carbon factors show {found[0].withheld_id} tells of one" if found else ""


def _limit(run: Run) -> str:
    limit = run.settings.policy.max_factor_age
    return "" if limit is None else f", at most {counted(limit, 'year')} old"


def _first_row(run: Run, place: str, activity: str) -> tuple[str, int]:
    """The first file and row an activity of a site or meter came from."""
    found = run.engine.con.execute(
        "select b.file, e.row from entry as e join batch as b on b.batch_id = e.batch_id"
        " join entry_key as k on k.key_id = e.key_id"
        " where k.activity = $activity"
        " and (k.site = $place or k.meter = $place or ends_with(k.detail, $place))"
        " order by e.entry_id limit 1",
        {"activity": activity, "place": place},
    ).fetchall()
    return found[0] if found else ("", 0)


def missing_conversion(run: Run) -> Iterator[Problem]:
    for set_id, unit in pipeline.check(run.engine, "flow_without_coefficient"):
        if MARK in set_id:
            name, _, year = set_id.partition(MARK)
            each = run.library.sets.get(name)
            if each is not None and each.family == "standard_coal":
                continue  # told as long as the year was open; what moves a figure is told below
            yield Problem(
                "closed-year-moved",
                "error",
                f"{year} was closed with no coefficient of {name} for the unit or share now asked",
                where=f"unit {unit}",
                remedy=f"carbon restate {year} shows what would change",
            )
            continue
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


def factor_age(run: Run) -> Iterator[Problem]:
    rows = run.rows(
        "select set_id, max(age), min(factor_year), max(factor_year) from factor_choice"
        " where scenario = 'actual' and age > 0 and topic <> '' group by 1 order by 1"
    )
    for set_id, age, first, last in rows:
        years = str(first) if first == last else f"{first} to {last}"
        yield Problem(
            "older-factor",
            "warning" if age > OLD else "note",
            f"{set_id.partition(MARK)[0]} serves {years}, up to {counted(age, 'year')} after its"
            " own",
            remedy="nothing, if no newer edition exists; policy.max_factor_age sets a limit",
            about=[About(set_id=set_id)],
        )


def closed_years(run: Run) -> Iterator[Problem]:
    """Closed years that no longer come to what they were closed with, or wait for a restatement."""
    for year in basis.moved(run):
        each = run.closings[year]
        yield Problem(
            "closed-year-moved",
            "error",
            f"{year} would no longer come to what it was closed with on"
            f" {each.recorded_at:%Y-%m-%d}; the closed figures stand",
            where="its settings, factors and entries are kept, so the program changed",
            looked_for=f"totals {each.digest[:12]}",
            remedy=f"carbon restate {year} shows the difference",
            mass_t=_moved_t(run, year),
        )
    for year, each in sorted(run.closings.items()):
        late = restating.late(run, each)
        if late:
            yield Problem(
                "after-closing",
                "warning",
                f"after {year} was closed: {', '.join(late)}; that does not count in it",
                remedy=f"carbon restate {year} shows what it would change",
                about=[About(entry_id=entry_id) for entry_id in restating.late_entries(run, each)],
            )


def _moved_t(run: Run, year: int) -> Decimal:
    """How far Scope 1+2 location-based of a closed year moved. [t CO2e]"""
    kept = run.ledger.kept_totals(run.closings[year].closing_id)
    before = [(row["line"], row["accounting"], row["co2e_g"]) for row in kept]
    after = [(line, accounting, co2e) for _, accounting, line, *_, co2e in basis.figures(run, year)]
    was, now = (
        sum((co2e for line, how, co2e in rows if (line, how) in GROSS), Decimal(0))
        for rows in (before, after)
    )
    return abs(now - was).scaleb(-6)


def residual_mix(run: Run) -> Iterator[Problem]:
    rows = run.rows(
        "select distinct c.set_id, s.series from factor_choice as c"
        " join factor_set as s on s.set_id = c.set_id"
        " where c.scenario = 'actual' and c.accounting = 'market' and c.topic = 'electricity'"
        " and s.series not like '%residual%' and s.series not in ('own', 'supplier') order by 1"
    )
    is_draft = bool(basis.rules_note(run))
    told = set() if is_draft else {s for each in basis.withheld(run) for s in each.meanwhile}
    rows = [row for row in rows if row[0].partition(MARK)[0] not in told]
    names = list(dict.fromkeys(row[0].partition(MARK)[0] for row in rows))
    if names:
        yield Problem(
            "no-residual-mix",
            "note",
            "uncovered electricity takes the grid average market-based, for want of a residual mix"
            " of the same series and year"
            + ("; the draft rules would not allow that" if is_draft else ""),
            where=", ".join(names[:6]) + (", ..." if len(names) > 6 else ""),
            remedy="nothing, unless a residual mix is published; then add it under factors/",
            about=[About(set_id=row[0]) for row in rows],
        )


def own_factors_nowhere(run: Run) -> Iterator[Problem]:
    """Own sets that stand at no site, meter or region, so that they can serve nothing."""
    every = {*run.settings.sites(), *run.settings.meters(), *run.library.regions}
    named = declared_series(run.settings)
    for each in run.library.sets.values():
        if not each.edition.startswith("own/"):
            continue
        is_grid = each.family == "electricity"
        places = every - {WORLD} if is_grid else every
        if each.confidence == "low" and not {each.series, f"set:{each.set_id}"} & named:
            yield Problem(
                "own-factor-nowhere",
                "warning",
                f"{each.set_id} is of low confidence, so it serves only where it is named",
                where=f"factors/{each.edition.removeprefix('own/')}.csv",
                remedy=f"name 'set:{each.set_id}' under [policy] or at the site, or leave it out",
            )
        elif each.region not in places and not run.library.is_elsewhere(each.region):
            found = "no grid" if is_grid and each.region == WORLD else "no site, meter or region"
            yield Problem(
                "own-factor-nowhere",
                "warning",
                f"{each.set_id} is of {each.region!r}, {found}, so serves nothing",
                where=f"factors/{each.edition.removeprefix('own/')}.csv",
                nearest=nearest(each.region, places),
                remedy="correct its region",
            )


def withheld(run: Run) -> Iterator[Problem]:
    """Published factors that would serve and that a licence keeps out of the library."""
    for each in basis.withheld(run):
        yield Problem(
            "withheld-factor",
            "note",
            each.sentence.partition(" To bring it in")[0],
            where=each.withheld.where_to_get,
            remedy=f"carbon factors show {each.withheld.withheld_id} prints the file to make",
            about=[About(set_id=set_id) for set_id in each.meanwhile],
        )
