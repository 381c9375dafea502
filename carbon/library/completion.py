"""Completion: CH4 and N2O of a fuel from a second set, where the policy names one.

`completed` takes a library and what a policy says of each fuel, and adds sets "S+T": all that S
prints, and the CH4 and N2O that T prints per energy. T reaches the unit of an entry by the heating
value of S, net or gross as printed; where S has none of that kind, the unit is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from carbon.errors import SettingsError, nearest
from carbon.library.model import FactorSet, Library, Printed
from carbon.library.words import CONFIDENCES

OTHERS = ("CH4_fossil", "CH4_biogenic", "N2O")
CO2 = ("CO2", "CO2_biogenic", "carbon_content")
ENERGY = ("MJ", "MJ_gross", "kWh")
EVERY = "default"  # the key of a policy for all fuels it does not name


def completed(library: Library, said: Mapping[str, str], known_on: date) -> Library:
    """The library with the completed sets that a policy asks for.

    said : fuel (or 'default') -> the series, or 'set:ID', whose CH4 and N2O are taken.
    known_on : sets published later complete nothing.

    Raises SettingsError for a fuel, a series or a set that is none.
    """
    if not said:
        return library
    _refuse_unknown(library, said)
    made = {}
    for each in library.sets.values():
        fuel = each.topic.removeprefix("fuel/")
        named = said.get(fuel) or said.get(EVERY, "")
        if each.family == "fuel" and named and has_co2_alone(each):
            seconds = _seconds(library, fuel, named, known_on)
            made |= {both.set_id: both for both in _joined(each, seconds)}
    return replace(library, sets=library.sets | made)


def has_co2_alone(factors: FactorSet) -> bool:
    """Whether a set prints CO2, and neither CH4, N2O nor CO2e."""
    have = factors.values.keys()
    return bool(have & {*CO2}) and not have & {*OTHERS, "CO2e", "CO2e_outside"}


def completions(library: Library) -> dict[str, list[FactorSet]]:
    """The sets that complete a set, newest first."""
    found: dict[str, list[FactorSet]] = defaultdict(list)
    for each in library.sets.values():
        if each.completes:
            found[each.completes].insert(0, each)
    return found


def left_to(factors: FactorSet, fuller: Sequence[FactorSet]) -> int:
    """The last year a set serves as it is: none after the first that a completed one serves."""
    return min([factors.last_year, *(each.first_year - 1 for each in fuller)])


def made_of(library: Library, set_id: str) -> tuple[str, ...]:
    """The printed sets behind a set: two where a policy completes one by another."""
    each = library.sets.get(set_id)
    return (each.completes, each.completed_by) if each and each.completes else (set_id,)


def _seconds(library: Library, fuel: str, named: str, known_on: date) -> list[FactorSet]:
    """The sets of a fuel that a policy names, by first year; of one year the newest edition."""
    found: dict[int, FactorSet] = {}
    topics = (f"non_co2/{fuel}", f"fuel/{fuel}")
    for each in (each for topic in topics for each in library.topics.get(topic, ())):
        is_named = named in (each.series, f"set:{each.set_id}")
        if is_named and each.published_on <= known_on and _others(each) and not each.completes:
            other = found.setdefault(each.first_year, each)
            if (each.published_on, each.set_id) > (other.published_on, other.set_id):
                found[each.first_year] = each
    return [found[year] for year in sorted(found)]


def _others(factors: FactorSet) -> tuple[Printed, ...]:
    """CH4 and N2O as a set prints them per energy."""
    return tuple(
        part for part in factors.printed if part.quantity in OTHERS and part.measure.per in ENERGY
    )


def _joined(first: FactorSet, seconds: Sequence[FactorSet]) -> list[FactorSet]:
    """A set completed by each of the others, which serves until the next one begins."""
    made = []
    for place, second in enumerate(seconds):
        following = seconds[place + 1].first_year - 1 if place + 1 < len(seconds) else 9999
        begins = max(first.first_year, second.first_year)
        ends = min(first.last_year, following)
        if begins <= ends:
            made.append(
                replace(
                    first,
                    set_id=f"{first.set_id}+{second.set_id}",
                    first_year=begins,
                    last_year=ends,
                    confidence=max(first.confidence, second.confidence, key=CONFIDENCES.index),
                    printed=(*first.printed, *_others(second)),
                    completes=first.set_id,
                    completed_by=second.set_id,
                )
            )
    return made


def _refuse_unknown(library: Library, said: Mapping[str, str]) -> None:
    """Raises SettingsError for a fuel nobody has a factor of, and for what names no CH4 or N2O."""
    second: dict[str, set[str]] = defaultdict(set)
    for each in library.sets.values():
        if each.family in ("fuel", "non_co2") and _others(each):
            names = {each.series, f"set:{each.set_id}"}
            second[each.topic.partition("/")[2]] |= names
            second[EVERY] |= names
    fuels = {topic.removeprefix("fuel/") for topic in library.topics if topic.startswith("fuel/")}
    for fuel, named in said.items():
        if fuel not in fuels and fuel != EVERY:
            raise _unknown("unknown-fuel", f"there is no fuel {fuel!r}", fuel, fuels)
        if named not in second[fuel]:
            message = f"{named!r} prints no CH4 or N2O of {fuel} per energy"
            raise _unknown("unknown-series", message, named, second[fuel])


def _unknown(code: str, message: str, said: str, known: Collection[str]) -> SettingsError:
    close = nearest(said, known)
    return SettingsError(
        code,
        message,
        where="carbon.toml, policy, non_co2",
        looked_for=", ".join(sorted(known)) if len(known) <= 8 else "",
        nearest=close,
        remedy=f"write {close!r}" if close else "carbon factors search fuel lists sets",
    )
