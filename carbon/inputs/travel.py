"""Trips: with or without radiative forcing, and in which country they were made.

A detail such as `national@FR` or `@FR` names the country whose factor a trip takes, where that is
not the site's own; after `#` stands its route or group. `topic_taken` says of every such detail,
and of every flight that the policy of a year counts without radiative forcing, where it leads.
"""

from __future__ import annotations

from collections.abc import Iterable

from carbon.engine import Row
from carbon.inputs.views import Views
from carbon.library import Library, Method

ABROAD = "@"  # begins the country in a detail, and the name of the country as a place
GROUP = "#"  # begins the route or group in a detail, which no factor depends on
WITHOUT = "/without-rf"  # ends the topic of a flight that leaves radiative forcing out


def led(
    library: Library, method: Method, detail: str, radiative_forcing: bool = True
) -> tuple[str, str]:
    """The topic a detail leads to, and the country it names, '' for none."""
    said = detail.partition(GROUP)[0]
    stem, _, country = said.partition(ABROAD)
    if country and library.country(country) != country:
        stem, country = said, ""  # a word of somebody's own, of before countries were understood
    topic = f"{method.topic}/{stem}" if method.is_detailed else method.topic
    if not radiative_forcing and topic + WITHOUT in library.topics:
        topic += WITHOUT
    return topic, country


def spot(place: str) -> str:
    """Where a factor is taken, in words: at a site or meter, or in the country of a trip."""
    is_abroad = place.startswith(ABROAD)
    return f"in {place.removeprefix(ABROAD)}" if is_abroad else f"at {place}"


def topic_taken(views: Views, library: Library, keys: Iterable[Row]) -> list[Row]:
    """Details of trips that lead elsewhere than their names say, by span of months.

    keys : recorded or planned (key_id, site, meter, activity, detail).
    """
    rows: dict[Row, None] = {}
    spans = [
        (span.view.settings.policy.radiative_forcing, span.first_month, span.left_month)
        for span in views.spans()
    ]
    for *_, activity, detail in keys:
        method = library.methods.get(activity)
        if method is None or method.family != "travel":
            continue
        plain = f"{method.topic}/{detail}" if method.is_detailed else method.topic
        for radiative_forcing, first_month, left_month in spans:
            topic, country = led(library, method, detail, radiative_forcing)
            if topic != plain or country:
                place = ABROAD + country if country else ""
                rows[(method.topic, detail, first_month, left_month, topic, place)] = None
    return list(rows)


def topics(library: Library, keys: Iterable[Row]) -> set[str]:
    """The factor topics that trips may ask for, under any policy."""
    methods = [(library.methods.get(activity), detail) for *_, activity, detail in keys]
    return {
        led(library, method, detail, radiative_forcing)[0]
        for method, detail in methods
        if method is not None and method.family == "travel"
        for radiative_forcing in (True, False)
    }


def country_path(library: Library, keys: Iterable[Row]) -> list[Row]:
    """Each country that details name, and the regions above it, as rows of `region_path`."""
    methods = [(library.methods.get(activity), detail) for *_, activity, detail in keys]
    named = {
        led(library, method, detail)[1]
        for method, detail in methods
        if method is not None and method.family == "travel"
    }
    return [
        (ABROAD + country, ancestor, above, above, level)
        for country in sorted(named - {""})
        for ancestor, above, level in library.lying_in(country, country)
    ]
