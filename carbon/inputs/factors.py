"""Factor sets as rows, published, supposed and kept by closed years, and their coefficients."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from carbon.coefficient import GASES, coefficients, rounded, unsplit
from carbon.engine import Row
from carbon.errors import FactorError
from carbon.inputs import travel
from carbon.inputs.policies import declared_series
from carbon.inputs.words import ALWAYS, DIRECT_LINE
from carbon.ledger.closings import MARK, Closing
from carbon.library import FactorSet, Library
from carbon.library.completion import completions, left_to
from carbon.records import Instrument
from carbon.settings import Settings

Need = tuple[str, str, Decimal, Decimal]  # a row of `coefficient_need`


@dataclass(frozen=True)
class Supposed:
    """A grid factor that a scenario supposes for a year. [g CO2/kWh]"""

    scenario: str
    region: str
    accounting: str
    year: int
    g_per_kwh: Decimal
    source: str

    @property
    def set_id(self) -> str:
        return f"scenario/{self.scenario}/{self.region}/{self.accounting}/{self.year}"


@dataclass(frozen=True)
class ClosedSet:
    """A set as a closed year keeps it."""

    choice: Row  # a row of `closed_choice`
    factor_set: Row  # a row of `factor_set`, which no need but its own can meet


def closed_sets(closing: Closing, choices: Iterable[Mapping[str, Any]]) -> Iterator[ClosedSet]:
    """The sets of a closed year, under names that no other year takes."""
    for row in choices:
        kept = closing.kept(row["set_id"])
        asked = (row["topic"], row["place"], closing.policy, row["factor_year"], row["accounting"])
        fitted = (row["fit"], row["age"], row["distance"], row["level"], row["preference"])
        known = (row["region"], row["series"], row["accounting"])
        valid = (row["first_year"], row["last_year"], row["published_on"], False)
        named = (kept, f"{MARK}{closing.policy}", row["topic"], row["family"])
        yield ClosedSet((*asked, kept, *fitted), (*named, *known, *valid))


def topics(
    library: Library,
    keys: Iterable[Row],
    refrigerants: Iterable[str],
    parts: Iterable[Row] = (),
) -> set[str]:
    """The factor topics that recorded or planned keys, and service events, may ask for.

    parts : rows of `fuel_part`.
    """
    keys = list(keys)
    found = {"electricity", "standard_coal/electricity"}
    found |= {f"refrigerant/{each}" for each in refrigerants}
    found |= {each for each in library.topics if each.startswith("grid_loss/")}
    for *_, activity, detail in keys:
        method = library.methods.get(activity)
        if method is not None and method.topic:
            found.add(f"{method.topic}/{detail}" if method.is_detailed else method.topic)
            found.add("standard_coal/" + (method.topic.partition("/")[2] or method.topic))
    blended = {(row[-2], row[-1]) for row in keys}
    found |= {row[4] for row in parts if (row[1], row[2]) in blended}
    return found | travel.topics(library, keys)


def factor_printed(library: Library) -> Iterator[Row]:
    """Every printed value with its source."""
    for each in library.sets.values():
        source = library.sources[each.source_id]
        head = (each.set_id, each.edition, each.topic, each.region, each.series)
        head += (each.first_year, each.last_year, each.accounting)
        cited = (source.publisher, source.title, source.published_on, source.licence)
        for part in each.printed:
            said = (part.locator, part.confidence, part.note)
            yield (*head, part.quantity, part.value, part.unit, *cited, *said)


def loss_share(library: Library) -> Iterator[Row]:
    """Loss sets that print a share, as what is lost for each unit delivered.

    A share of what was fed into the network is turned into one of what came out of it.

    Source: US EPA, eGRID technical guide: consumption is divided by one less the grid gross loss;
    WRI/WBCSD, Technical Guidance for Calculating Scope 3 Emissions (2013), formula of activity C:
    consumption times loss rate.
    """
    for each in library.sets.values():
        if each.family == "grid_loss" and not set(GASES) & set(each.values):
            if "loss_share" in each.values:
                printed = each.values["loss_share"]
                fed = printed.number * printed.measure.amount
                yield each.set_id, rounded(fed / (1 - fed))
            elif "loss_rate" in each.values:
                printed = each.values["loss_rate"]
                yield each.set_id, rounded(printed.number * printed.measure.amount)


def factor_set(
    settings: Settings,
    library: Library,
    instruments: Iterable[Instrument],
    supposed: Iterable[Supposed],
    closed: Iterable[ClosedSet] = (),
    topics: Collection[str] | None = None,
) -> list[Row]:
    """Every set that may be chosen. One of low confidence only where the settings name it.

    topics : only sets of these; None for all.
    closed : sets that closed years keep; they serve those years alone.
    """
    named, fuller = declared_series(settings), completions(library)
    rows: list[Row] = [
        (
            each.set_id,
            "",
            each.topic,
            each.family,
            each.region,
            each.series,
            each.accounting,
            each.first_year,
            left_to(each, fuller.get(each.set_id, ())),
            each.published_on,
            each.is_prescribed,
        )
        for each in library.sets.values()
        if (topics is None or each.topic in topics)
        and left_to(each, fuller.get(each.set_id, ())) >= each.first_year
        and (each.confidence != "low" or {each.series, f"set:{each.set_id}"} & named)
    ]
    direct = (DIRECT_LINE, "", DIRECT_LINE, DIRECT_LINE.partition("/")[0], "WORLD", "", "all")
    rows.append((*direct, 0, 9999, ALWAYS, False))
    for certificate in {each.instrument_id for each in instruments}:
        topic = f"instrument/{certificate}"
        rows.append((topic, "", topic, "instrument", "WORLD", "", "market", 0, 9999, ALWAYS, False))
    for guess in supposed:
        rows.append(
            (
                guess.set_id,
                guess.scenario,
                "electricity",
                "electricity",
                guess.region,
                "",
                guess.accounting,
                guess.year,
                guess.year,
                ALWAYS,
                False,
            )
        )
    return rows + list(dict.fromkeys(each.factor_set for each in closed))


def closed_choice(closed: Iterable[ClosedSet]) -> list[Row]:
    """The factor sets that closed years keep, by what asked for them."""
    return [each.choice for each in closed]


def coefficient_rows(
    library: Library,
    gwp_set: str,
    instruments: Iterable[Instrument],
    supposed: Iterable[Supposed],
    kept: Mapping[Need, Sequence[Row]] = MappingProxyType({}),
) -> Callable[[Sequence[Row]], list[Row]]:
    """A function that works out the coefficients a run needs, once per set, unit, share and part.

    kept : what closed years keep: (set, unit, share, part) -> (gas, mass, CO2e, in the scopes). [g]

    A set that cannot serve a unit gives no row; the check `flow_without_coefficient` tells.
    """
    stated = {f"instrument/{each.instrument_id}": each.factor_g_per_kwh for each in instruments}
    guessed = {each.set_id: each.g_per_kwh for each in supposed}
    guessed[DIRECT_LINE] = Decimal(0)  # a PV plant burns no fuel

    def rows(needed: Sequence[Row]) -> list[Row]:
        found: list[Row] = []
        for need in needed:
            set_id, unit, share, part = need
            if MARK in set_id:
                found += [(*need, *each) for each in kept.get(need, ())]
                continue
            if set_id in stated or set_id in guessed:
                gas_name = unsplit("") if set_id in stated else "CO2"
                grams = Fraction(stated.get(set_id, guessed.get(set_id, Decimal(0))))
                masses = [(gas_name, grams, grams, True)]
            else:
                masses = _masses(library.sets[set_id], unit, gwp_set, library)
            counted = Fraction(share) * Fraction(part)
            found += [
                (*need, name, rounded(mass * counted), rounded(co2e * counted), is_in_scopes)
                for name, mass, co2e, is_in_scopes in masses
            ]
        return found

    return rows


def _masses(
    factors: FactorSet, unit: str, gwp_set: str, library: Library
) -> list[tuple[str, Fraction, Fraction, bool]]:
    """Gas, mass, CO2e and whether it is in the scopes; empty where the set cannot serve."""
    try:
        return [
            (each.gas, each.mass_g, each.co2e_g, each.is_in_scopes)
            for each in coefficients(factors, unit, gwp_set, library)
        ]
    except FactorError:
        return []
