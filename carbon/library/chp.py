"""Reference efficiencies for combined heat and power, and the faults of their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from carbon.errors import Problem
from carbon.library.rows import NUMBER, Known, Row, fault, number, repeated, word
from carbon.library.words import CONFIDENCES


@dataclass(frozen=True, slots=True)
class Efficiencies:
    """What heat and power would take of fuel, each made for itself."""

    name: str
    heat: Fraction  # heat per energy of the fuel [1]
    power: Fraction
    source: str  # publisher, title and place
    confidence: str


def efficiencies(
    rows: Iterable[Mapping[str, str]], titles: Mapping[str, str]
) -> dict[str, Efficiencies]:
    """Reference efficiencies by name.

    titles : publisher and title by source_id.
    """
    return {
        row["efficiencies"]: Efficiencies(
            row["efficiencies"],
            Fraction(row["heat_efficiency"]),
            Fraction(row["power_efficiency"]),
            f"{titles[row['source_id']]}, {row['locator']}",
            row["confidence"],
        )
        for row in rows
    }


def lint_efficiencies(rows: list[Row], known: Known) -> list[Problem]:
    """Faults of reference efficiencies: shares of the fuel, above 0 and at most 1."""
    faults: list[Problem] = []
    for row in rows:
        faults += word(row, "source_id", known.sources, "unknown-source")
        faults += word(row, "confidence", CONFIDENCES, "unknown-confidence")
        for column in ("heat_efficiency", "power_efficiency"):
            faults += number(row, column)
            said = row[column]
            if NUMBER.fullmatch(said) and not 0 < Fraction(said) <= 1:
                message = f"{column} lies above 0 and is at most 1, unlike {said}"
                faults.append(fault("bad-value", message, row, fix="write 35 % as 0.35"))
    return faults + repeated(rows, "efficiencies")
