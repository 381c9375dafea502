"""What a policy allows: methods, the series of each family, and the sets that may serve."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from carbon.engine import Row
from carbon.errors import SettingsError, nearest
from carbon.inputs.views import Views
from carbon.inputs.words import ANY, DEFAULT_SERIES, NO_AGE, OPEN_FAMILIES
from carbon.library import FactorSet, Library
from carbon.library.completion import completions
from carbon.settings import Settings, Site

BY_COUNTRY = ("electricity", "fuel", "standard_coal", "fuel_energy", "leak")  # policies by country
COAL = ("fuel", "heat", "electricity")  # families whose energy is counted in standard coal


def method(library: Library) -> list[Row]:
    """Activities and where their emissions stand; fuels once more for their standard coal."""
    rows: list[Row] = []
    topics = {factors.topic for factors in library.sets.values()}
    for each in library.methods.values():
        rows.append(
            (
                each.activity,
                each.method,
                each.line,
                each.category,
                each.family,
                each.topic,
                each.is_detailed,
                each.is_continuous,
            )
        )
        coal = "standard_coal/" + (each.topic.partition("/")[2] or each.topic)
        if each.method == "direct" and each.family in COAL and coal in topics:
            rows.append(
                (
                    each.activity,
                    "direct",
                    "energy",
                    each.category,
                    "standard_coal",
                    coal,
                    False,
                    False,
                )
            )
    return rows


def policy_class(settings: Settings, library: Library, place: Site) -> str:
    """The class of sites that share one set of policies: their country and declared grid series."""
    country = library.country(place.region)
    declared = series_of(settings, library, "electricity", country, place.electricity)
    return f"{country}: {', '.join(declared)}"


def policy(views: Views, library: Library) -> list[Row]:
    """The series each class of sites may use, in order of preference."""
    rows: dict[Row, None] = {}
    settings = views.now.settings
    _refuse_unknown_countries(settings, library)
    limit, fuller = settings.policy.max_factor_age, completions(library)
    for place in views.places().values():
        name, country = policy_class(settings, library, place), library.country(place.region)
        declared = series_of(settings, library, "electricity", country, place.electricity)
        series_of(settings, library, "leak", country)  # refuses one that nothing carries
        lists = {
            ("electricity", "location"): ["own", *declared],
            ("electricity", "market"): ["own", "supplier", "residual-mix", *_residual(declared)],
            ("fuel", "all"): [
                "own",
                *_completed(series_of(settings, library, "fuel", country), fuller),
            ],
            ("standard_coal", "all"): [
                "own",
                *series_of(settings, library, "standard_coal", country),
            ],
            ("refrigerant", "all"): ["own", *DEFAULT_SERIES["refrigerant"]["default"]],
        }
        lists |= {key: [""] for key in OPEN_FAMILIES}
        for (family, accounting), series in lists.items():
            age = NO_AGE if limit is None else limit
            above = 0 if family == "electricity" and not settings.policy.region_fallback else ANY
            for preference, each in enumerate(series, start=1):
                set_id = each.removeprefix("set:") if each.startswith("set:") else ""
                named = "" if set_id else each
                rows[(name, family, accounting, preference, named, set_id, above, age)] = None
    return list(rows)


def _refuse_unknown_countries(settings: Settings, library: Library) -> None:
    """A policy of a country that nobody has heard of would be ignored. Raises SettingsError."""
    known = {each.region for each in library.regions.values() if each.level == "country"}
    known |= {library.country(place.region) for place in settings.site} | {"default"}
    for family in BY_COUNTRY:
        for country in getattr(settings.policy, family):
            if country not in known:
                close = (
                    library.meant(country) or library.country(country) or nearest(country, known)
                )
                raise SettingsError(
                    "unknown-country",
                    f"the policy for {country!r} would serve no site",
                    where=f"carbon.toml, policy, {family}",
                    looked_for="the two letters of a country, or default",
                    nearest=close,
                    remedy=f"write {close}" if close else "take it out",
                )


def _completed(declared: Sequence[str], fuller: Mapping[str, Sequence[FactorSet]]) -> list[str]:
    """Series as they are; a set declared for all years after those that complete it."""
    found: list[str] = []
    for series in declared:
        both = fuller.get(series.removeprefix("set:"), ())
        found += [*(f"set:{each.set_id}" for each in both), series]
    return found


def _residual(declared: Sequence[str]) -> list[str]:
    """What uncovered electricity takes: of each series its own residual mix, else its average.

    Source: GHG Protocol Scope 2 Guidance (2015), table 6.3.
    """
    found = []
    for series in declared:
        found += [series] if series.startswith("set:") else [f"{series}-residual", series]
    return found


def declared_series(settings: Settings) -> set[str]:
    """Every series, or set as 'set:ID', that the settings themselves name."""
    said = settings.policy
    lists = [place.electricity for place in settings.site]
    for family in (said.electricity, said.fuel, said.standard_coal, said.leak):
        lists += family.values()
    return {series for several in lists for series in several}


def serving_sets(
    settings: Settings, library: Library, place: Site, family: str, topic: str
) -> list[FactorSet]:
    """The sets of a topic that the policy lets serve at a site, of any year."""
    above = {row[1] for row in library.region_path({place.name: place.region})}
    above |= {meter.name for meter in place.meter}
    country = library.country(place.region)
    named: Collection[str] | None = None
    if family in DEFAULT_SERIES and family != "electricity":
        named = {"own", *series_of(settings, library, family, country)}
    return [
        each
        for each in library.topics.get(topic, ())
        if each.region in above
        and (named is None or each.series in named or f"set:{each.set_id}" in named)
    ]


def series_of(
    settings: Settings, library: Library, family: str, country: str, own: Sequence[str] = ()
) -> Sequence[str]:
    """The declared series of a family: the site's, the policy's for its country, the default.

    Raises SettingsError for one that no set of the library or the book carries.
    """
    said: Mapping[str, list[str]] = getattr(settings.policy, family) if family in BY_COUNTRY else {}
    built_in = DEFAULT_SERIES[family]
    declared = own or said.get(country) or said.get("default") or []
    known = library.series_of(family) if declared else set()
    for word in declared:
        if word not in known:
            close = nearest(word, known)
            raise SettingsError(
                "unknown-series",
                f"no factor set of {family} has the series {word!r}",
                where=f"carbon.toml, policy, {family}",
                nearest=close,
                remedy=f"write {close!r}" if close else f"carbon factors search {family}",
            )
    return declared or built_in.get(country) or built_in["default"]
