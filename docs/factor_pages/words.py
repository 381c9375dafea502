"""Words that the pages of the factor library share: years, places, what is taken, a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from carbon.inputs import DEFAULT_SERIES
from carbon.library import FIRST_YEAR, LAST_YEAR, WORLD, FactorSet, Library
from carbon.library.words import APART, FACTORS, REFERENCE

MADE_BY = (
    "Written by `python docs/list_factors.py` from `emission_factors/`; do not edit. A test holds"
    " it to them."
)
CODES = 12  # of countries in one cell, where they are many
FEW = 2  # parts of a country told by their codes
NONE = "not applicable"  # the licence of a definition, which nobody publishes
ANY = (FIRST_YEAR, LAST_YEAR)  # the years of a property that has none


def years_text(years: Iterable[int]) -> str:
    """Years as runs: '2012, 2015 to 2020'; 'any' for a property that has no year."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(_run(first, last) for first, last in runs)


def _run(first: int, last: int) -> str:
    if (first, last) == ANY:
        return "any"
    if last >= LAST_YEAR:
        return f"{first} on"
    return str(first) if first == last else f"{first} to {last}"


def years_of(sets: Iterable[FactorSet]) -> str:
    """The years some sets hold for; a property that has no year is told apart."""
    several = list(sets)
    dated = [each for each in several if (each.first_year, each.last_year) != ANY]
    years = {year for each in dated for year in range(each.first_year, each.last_year + 1)}
    return ", ".join(filter(None, [years_text(years), "any" * (len(dated) < len(several))]))


def places_text(known: Library, regions: Collection[str], whole: bool = True) -> str:
    """Places: countries by their code, what lies below them by its number.

    whole : every country by its code, however many they are.
    """
    below: dict[tuple[str, str], list[str]] = defaultdict(list)
    codes = []
    for region in sorted(regions):
        country = known.country(region)
        if country in ("", region):
            codes.append("world" if region == WORLD else region)
        else:
            below[country, known.regions[region].level].append(region)
    if len(codes) > CODES and not whole:
        codes = [f"{len(codes)} countries"]
    for (country, level), parts in below.items():
        many = {"utility": "utilities"}.get(level, f"{level}s")
        codes += [f"{len(parts)} {many} of {country}"] if len(parts) > FEW else parts
    return ", ".join(codes)


def taken(known: Library, each: FactorSet) -> str:
    """Whether a book that says nothing takes a set: default, by name, never, or by no activity."""
    if each.family in APART or (each.family in REFERENCE and each.family not in FACTORS):
        return "never in an inventory"
    if each.family == "refrigerant":
        return "default" if each.series == "composition" else "never: compositions are taken"
    if not _is_asked_for(known, each.topic):
        return "no activity takes it yet"
    if each.confidence == "low":
        return "by name"
    if each.family not in DEFAULT_SERIES:
        return "default"
    built_in = DEFAULT_SERIES[each.family]
    country = policy_key(known, each)
    series = built_in.get(country) or built_in["default"]
    if each.accounting == "market":
        residual = [f"{one}-residual" for one in series]
        series = [*series, "supplier", "residual-mix", *residual]
    if each.series not in series:
        return "by name"
    others = [name for name in built_in if name != "default"]
    is_elsewhere = country == "default" and each.region == WORLD and others
    return f"default, but in {', '.join(others)}" if is_elsewhere else "default"


def policy_key(known: Library, each: FactorSet) -> str:
    """The key under [policy.*] that a set is named for."""
    return known.country(each.region) or "default"


def _is_asked_for(known: Library, topic: str) -> bool:
    """Whether any activity takes its factor from a topic."""
    family, _, rest = topic.partition("/")
    if family == "grid_loss":  # of whatever is delivered through a network
        return True
    for method in known.methods.values():
        if family == "standard_coal":
            if rest in (method.topic, method.topic.partition("/")[2]) and method.topic:
                return True
        elif topic == method.topic or (method.is_detailed and topic.startswith(f"{method.topic}/")):
            return True
    return False


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def table(head: str, rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table. head : its columns, apart by |; one that ends in # is of numbers."""
    names = head.split("|")
    lines = [
        "| " + " | ".join(name.rstrip("#") for name in names) + " |",
        "|" + "|".join("---:" if name.endswith("#") else "---" for name in names) + "|",
    ]
    for row in rows:
        cells = [f"{each:,}" if isinstance(each, int) else _cell(str(each)) for each in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
