"""Where things are: sites and their stay, meters, what each should report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbon.areas import UNASSIGNED
from carbon.coefficient import rounded
from carbon.engine import Row
from carbon.inputs.boundary import Standing, standings
from carbon.inputs.calendar import factor_calendar
from carbon.inputs.mains import counted_parts, parts
from carbon.inputs.policies import policy_class
from carbon.inputs.views import Views
from carbon.inputs.words import METERED, NOT_ASKED, PURCHASED
from carbon.library import Library
from carbon.schema import FOREVER
from carbon.settings import Meter, Settings, Site


def site(views: Views, library: Library) -> list[Row]:
    """Sites and their stay in the boundary; one outside it, or of which nothing counts, has no
    row."""
    rows, places = [], views.places()
    for span in views.spans():
        said = span.view.settings
        for place, standing in _standing(said):
            stay = span.clipped(standing.first_month, standing.left_month)
            if stay is None or not standing.share:
                continue
            rows.append(
                (
                    place.name,
                    place.region,
                    library.country(place.region),
                    policy_class(views.now.settings, library, places[place.name]),
                    factor_calendar(said, library, place),
                    standing.treatment,
                    rounded(standing.share),
                    *stay,
                )
            )
    return rows


def _standing(settings: Settings) -> Iterator[tuple[Site, Standing]]:
    """Every site with each of its standings."""
    for place in settings.site:
        for each in standings(settings, place):
            yield place, each


def meter(views: Views) -> list[Row]:
    """Meters and what they measure, by span of months."""
    return [
        (each.name, place.name, _role(each), span.first_month, span.left_month)
        for span in views.spans()
        for place in span.view.settings.site
        for each in place.meter
    ]


def _role(each: Meter) -> str:
    """What a meter measures by itself; that it measures a part of another is `meter_part`'s."""
    if each.is_virtual:
        return "virtual"
    return "grid_import" if each.role == "sub_meter" else each.role


def roles(settings: Settings, keys: Sequence[Row], first: int, last: int) -> dict[int, str]:
    """The role of each key in a span of months, '' for bills: a part of another is a sub_meter."""
    meters, counted = settings.meters(), counted_parts(parts(settings, keys))
    found = {}
    for key_id, site, meter, activity, _ in keys:
        said = meters.get(meter)
        spans = counted.get((site, meter, activity), ())
        is_part = any(begun <= last and first < left for begun, left in spans)
        found[key_id] = "sub_meter" if is_part else _role(said[1]) if said else ""
    return found


def meter_area(settings: Settings) -> list[Row]:
    """Where the bills ('') and meters of each site stand in today's tree of areas, for all months:
    a department is a way to look at the energy of any year, and no part of what was closed."""
    known = settings.standings()
    return [
        (place.name, name, *known.get((place.name, name), UNASSIGNED))
        for place in settings.site
        for name in ("", *(each.name for each in place.meter))
    ]


def region_path(views: Views, library: Library) -> list[Row]:
    """Every meter and site, and the regions above it."""
    places = views.places()
    parents = {name: place.region for name, place in places.items()}
    parents |= {each.name: place.name for place in places.values() for each in place.meter}
    return [tuple(row) for row in library.region_path(parents)]


def expected_key(settings: Settings, library: Library, keys: Sequence[Row]) -> list[Row]:
    """Bills and meters that should have a figure every month: those recorded once, and those the
    settings declare. Meters that measure a part are no gap in the whole."""
    meters, sites = settings.meters(), settings.sites()
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for _, site_name, meter_name, activity, _ in keys:
        known = library.methods.get(activity)
        if known is None or not known.is_continuous or site_name not in sites:
            continue
        said = meters[meter_name][1] if meter_name in meters else Meter(name="bill")
        if said.is_virtual or (activity in PURCHASED and _role(said) != "grid_import"):
            continue
        found[site_name, meter_name, activity] = (said.since, said.until or FOREVER)
    recorded = {row[2] for row in keys if row[2]}
    bought = {row[1] for row in keys if row[3] in PURCHASED}
    for place in settings.site:
        for each in place.meter:
            is_asked = each.role in METERED and not each.is_virtual and not each.of
            if is_asked and each.name not in recorded:
                span = (each.since, each.until or FOREVER)
                found[place.name, each.name, METERED[each.role]] = span
        said = place.sources.get("electricity")
        is_asked = said is None or said.state not in NOT_ASKED
        has_meter = any(each.role == "grid_import" for each in place.meter)
        if place.name not in bought and not has_meter and is_asked:
            found[place.name, "", "electricity"] = (190001, FOREVER)
    counted = counted_parts(parts(settings, keys))
    return [
        (*key, *rest)
        for key, span in found.items()
        for rest in _without(span, sorted(counted.get(key, ())))
    ]


def _without(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What is left of a span of months without others, which follow one another."""
    first, left = span
    for begun, ended in taken:
        if first < min(begun, left):
            yield first, min(begun, left)
        first = max(first, ended)
    if first < left:
        yield first, left
