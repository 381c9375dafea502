"""What the boundary asks for: sites once omitted, changes of structure since the base year."""

from __future__ import annotations

from collections.abc import Iterator

from carbon import base_year
from carbon.errors import About, Problem
from carbon.inputs import ACTUAL, months_between, months_in
from carbon.inventory import year_totals
from carbon.run import Run
from carbon.schema import FOREVER
from carbon.settings import Site


def not_counted(run: Run, place: Site, what: str, first: int, last: int) -> Problem | None:
    """What is recorded outside the boundary on purpose, None where it is not."""
    where = f"{place.name}, {months_between(first, last)}"
    if place.in_boundary and place.joined <= first and last < (place.left or FOREVER):
        approach = run.settings.organisation.consolidation
        return Problem(
            "outside-boundary",
            "note",
            f"{what} are not counted: nothing of {place.entity or place.name} counts then under"
            f" {approach}",
            where=where,
            remedy="nothing, if control is stated rightly: carbon boundary shows it",
        )
    if place.in_boundary and place.joined_because in base_year.CAME and last < place.joined:
        return Problem(
            "outside-boundary",
            "note",
            f"{what} lie before it was {place.joined_because}: only a recalculated base year"
            " counts them",
            where=where,
            remedy="nothing: carbon base-year shows them",
        )
    return None


def omitted_sites(run: Run) -> Iterator[Problem]:
    """Sites once left out by mistake, where closed years are still without them."""
    for place in run.settings.site:
        for year in sorted(run.closings) if place.joined_because == "omitted" else ():
            first, last = months_in(run.settings, year)
            is_there = place.joined <= last and (place.left or last + 1) > first
            then = run.views.of(year).settings.sites().get(place.name)
            if is_there and (then is None or not then.in_boundary or then.joined > last):
                yield Problem(
                    "omitted-site",
                    "warning",
                    f"{year} was closed without {place.name}, which was under control and omitted",
                    remedy=f"carbon restate {year} --reason '{place.name} was omitted'",
                    about=[About(place.name, first=first, last=last)],
                )


def moved_since_base(run: Run) -> Iterator[Problem]:
    """Changes of structure since the base year, which may ask for its recalculation."""
    years = [year for scenario, year in year_totals(run) if scenario == ACTUAL]
    if not run.settings.policy.base_year or not years:
        return
    first, _ = months_in(run.settings, min(run.settings.policy.base_year.values()))
    _, last = months_in(run.settings, max(years))
    found = base_year.moves(run.settings, first, last)
    moved = [each for each in found if base_year.is_recalculated(run.settings, each)]
    if moved:
        yield Problem(
            "structure-changed",
            "note",
            "the structure changed since the base year: "
            + ", ".join(f"{each.name} {each.reason}" for each in moved),
            remedy="carbon base-year shows the series recalculated, and whether it matters",
            about=[About(name) for name in sorted({each.name for each in moved})],
        )
