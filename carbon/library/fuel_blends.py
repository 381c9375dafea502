"""Fuel blends: which fuels a blend of a known name is made of, and by what it is measured.

`fuel_blends` makes `FuelBlend`s of the rows of `fuel_blends.csv`, `lint_fuel_blends` tells the
faults of those rows. A name stands here only where a document says what it holds: a fuel sold as
"up to" a share has no share that a name could tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from carbon.errors import Problem
from carbon.library.rows import NUMBER, Known, Row, fault, number, repeated, word
from carbon.library.words import CONFIDENCES

# What a share is of, and the canonical units it can be taken of.
BASES = {
    "volume": ("L", "m3", "Nm3"),
    "mass": ("kg",),
    "energy": ("MJ", "MJ_gross"),
}


@dataclass(frozen=True, slots=True)
class FuelBlend:
    """A fuel made of several, by shares of its volume, mass or energy."""

    name: str  # B20
    fuel: str  # the fuel it is sold as: diesel
    country: str  # '' for any
    basis: str  # volume, mass, energy
    parts: tuple[tuple[str, Fraction], ...]  # component, share
    source: str  # who says so

    @property
    def units(self) -> tuple[str, ...]:
        """Canonical units its shares can be taken of."""
        return BASES[self.basis]

    def told(self) -> str:
        """As a person says it: '20 % biodiesel, 80 % diesel by volume'."""
        shares = (f"{_percent(share)} % {name}" for name, share in self.parts)
        return f"{', '.join(shares)} by {self.basis}"


def _percent(share: Fraction) -> str:
    percent = share * 100
    return str(percent) if percent.denominator == 1 else f"{float(percent):g}"


def fuel_blends(rows: Iterable[Mapping[str, str]], titles: Mapping[str, str]) -> list[FuelBlend]:
    """Blends from the rows of `fuel_blends.csv`, in their order.

    titles : publisher and title by source_id.
    """
    grouped: dict[tuple[str, str, str], list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        grouped[row["blend"], row["fuel"], row["country"]].append(row)
    return [
        FuelBlend(
            *key,
            several[0]["basis"],
            tuple((row["component"], Fraction(row["percent"]) / 100) for row in several),
            f"{titles[several[0]['source_id']]}, {several[0]['locator']}",
        )
        for key, several in grouped.items()
    ]


def lint_fuel_blends(rows: list[Row], known: Known, topics: Iterable[str]) -> list[Problem]:
    """Faults of blends: unknown words, shares that are no whole, fuels nobody has a factor for."""
    fuels = [topic.removeprefix("fuel/") for topic in topics if topic.startswith("fuel/")]
    faults: list[Problem] = []
    wholes: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for row in rows:
        faults += word(row, "source_id", known.sources, "unknown-source")
        faults += word(row, "confidence", CONFIDENCES, "unknown-confidence")
        faults += word(row, "basis", BASES, "unknown-basis")
        faults += number(row, "percent")
        for column in ("fuel", "component"):
            faults += word(row, column, frozenset(fuels), "unknown-fuel")
        if row["country"] and known.regions is not None:
            faults += word(row, "country", known.regions, "unknown-region")
        if NUMBER.fullmatch(row["percent"]):
            wholes[row["blend"], row["fuel"], row["country"]] += Fraction(row["percent"])
    firsts = {(row["blend"], row["fuel"], row["country"]): row for row in reversed(rows)}
    for key, whole in wholes.items():
        if whole != 100:
            message = f"the parts of {key[0]} add up to {float(whole):g} %, not 100 %"
            faults.append(fault("incomplete-set", message, firsts[key]))
        bases = {row["basis"] for row in rows if (row["blend"], row["fuel"], row["country"]) == key}
        if len(bases) > 1:
            message = f"the parts of {key[0]} are measured by {' and by '.join(sorted(bases))}"
            faults.append(fault("uneven-set", message, firsts[key]))
    return faults + repeated(rows, "blend", "fuel", "country", "component")
