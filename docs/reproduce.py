"""Do published inventories come out? Writes `docs/reproduction.md`.

`published.csv` holds the tables as printed, `reproduction.csv` says how each figure is worked out
again: from which printed figures, on which factor series, and how near it should come. Factors
come from the library, as coefficients of the same making as every inventory's. What rests on an
inference, or restates a year, stands in a table of its own, never among the reproductions.

    python docs/reproduce.py
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from carbon import coefficient, library, units

HERE = Path(__file__).parent
APART = ("inference", "restated")  # promises that are no reproduction
HEAD = """# Published inventories, recomputed

Written by `python docs/reproduce.py`; do not edit. Reported figures and their places are in
[published.csv](published.csv), the way each is recomputed in [reproduction.csv](reproduction.csv).
"Printed digit" means equal at the digits printed; sums may differ by half a digit for each of
their parts. Where a figure does not come out, the difference stands as it falls out.
"""


@dataclass(frozen=True)
class Line:
    """A figure of a report: how it is worked out again, and what comes out."""

    company: str
    year: int
    table: str
    metric: str
    recipe: str  # scope1, scope2, standard_coal, sum, ratio, none
    inputs: str
    basis: str  # a factor series, or one set as 'set:ID'
    promise: str
    reading: str
    reported: str  # as printed
    unit: str
    recomputed: Fraction | None

    @property
    def difference(self) -> Fraction | None:
        """Recomputed less reported."""
        return None if self.recomputed is None else self.recomputed - Fraction(self.reported)

    @property
    def digits(self) -> int:
        """Decimals printed."""
        return len(self.reported.partition(".")[2])

    @property
    def is_kept(self) -> bool:
        """Whether it comes as near as promised."""
        if self.difference is None:
            return self.promise == "not reproducible"
        apart = abs(self.difference)
        if self.promise == "within 0.8 %":
            return apart <= Fraction(8, 1000) * Fraction(self.reported)
        if self.promise in ("within 0.6 tce", "inference"):
            return apart <= Fraction(6, 10)
        parts = 1 + len(_terms(self.inputs)) if self.recipe == "sum" else 1
        is_equal = apart <= parts * Fraction(1, 2 * 10**self.digits)
        return {"printed digit": is_equal, "misprint": not is_equal}.get(self.promise, True)


def lines() -> list[Line]:
    """Every figure of the plan, recomputed."""
    printed = {
        (row["company"], int(row["year"]), f"{row['table']}/{row['metric']}"): row
        for row in _rows("published.csv")
    }
    known = library.load()
    found = []
    for plan in _rows("reproduction.csv"):
        year = int(plan.pop("year"))
        report = printed[plan["company"], year, f"{plan['table']}/{plan['metric']}"]
        figures = Figures(plan["company"], year, printed)
        result = recomputed(plan["recipe"], plan["inputs"], plan["basis"], figures, known)
        found.append(
            Line(
                **plan,
                year=year,
                reported=report["value"],
                unit=report["unit"],
                recomputed=result,
            )
        )
    return found


@dataclass(frozen=True)
class Figures:
    """The printed figures of a company and year."""

    company: str
    year: int
    printed: Mapping[tuple[str, int, str], Mapping[str, str]]

    def quantity(self, key: str, year: int = 0) -> Fraction:
        """A printed figure in its printed unit; one printed as a dash counts nothing."""
        year = year or self.year
        if (self.company, year, key) in self.printed:
            return Fraction(self.printed[self.company, year, key]["value"] or 0)
        growth = self.quantity(f"{key}_growth", year + 1) / 100  # printed in the next report
        return self.quantity(key, year + 1) / (1 + growth)

    def unit(self, key: str) -> str:
        return self.printed[self.company, self.year, key]["unit"]


def recomputed(
    recipe: str, inputs: str, basis: str, figures: Figures, known: library.Library
) -> Fraction | None:
    """A figure worked out again in its printed unit. [t, tce, MWh, or per denominator]"""
    if recipe == "none":
        return None
    if recipe == "ratio":
        above, below = inputs.split(" / ")
        return figures.quantity(above) / figures.quantity(below)
    if recipe == "sum":
        return sum(sign * figures.quantity(key) for sign, key in _terms(inputs))
    total = Fraction(0)
    for sign, key in _terms(inputs):
        constant = re.fullmatch(r"([\d.]+) (\w+)", key)
        quantity, unit = (
            (Fraction(constant[1]), constant[2])
            if constant
            else (figures.quantity(key), figures.unit(key))
        )
        carrier = key.rpartition("/")[2]
        carrier = carrier if carrier in ("gasoline", "diesel", "natural_gas") else "electricity"
        total += sign * quantity * _tonnes_per(unit, recipe, carrier, basis, known)
    return total


def _tonnes_per(
    unit: str, recipe: str, carrier: str, basis: str, known: library.Library
) -> Fraction:
    """Tonnes (of CO2, or of standard coal) that one `unit` of an energy carrier stands for."""
    topic = {"scope1": f"fuel/{carrier}", "scope2": "electricity"}.get(
        recipe, f"standard_coal/{carrier}"
    )
    chosen = _set(known, topic, basis)
    canonical, factor = units.conversion(unit, known.methods[carrier].units)
    grams = coefficient.coefficients(chosen, canonical, "AR6", known)
    masses = [each.mass_g if recipe == "standard_coal" else each.co2e_g for each in grams]
    return factor * sum(masses) / 1_000_000


def _set(known: library.Library, topic: str, basis: str) -> library.FactorSet:
    """The set a basis means for a topic; what a standard coal variant leaves out is GB/T 2589's."""
    if basis.startswith("set:"):
        return known.sets[basis.removeprefix("set:")]
    for series in (basis, "gbt2589"):
        found = [
            each for each in known.sets.values() if each.topic == topic and each.series == series
        ]
        if found:
            return max(found, key=lambda each: each.last_year)
    raise LookupError(f"no set for {topic} in series {basis}")


def _terms(inputs: str) -> list[tuple[int, str]]:
    """Keys of a sum with their signs."""
    parts = re.split(r" ([+-]) ", inputs)
    signs = [1, *(1 if sign == "+" else -1 for sign in parts[1::2])]
    return list(zip(signs, parts[::2], strict=True))


def page(found: Iterable[Line]) -> str:
    """The whole of `reproduction.md`."""
    found = list(found)
    text = [HEAD]
    for company in dict.fromkeys(each.company for each in found):
        mine = [each for each in found if each.company == company]
        main = [each for each in mine if each.promise not in APART]
        apart = [each for each in mine if each.promise in APART]
        text += [f"\n## {company}\n", _table(main)]
        if apart:
            text += ["\nNo reproductions: inferences and restatements.\n", _table(apart)]
    return "\n".join(text) + "\n"


def _table(rows: Iterable[Line]) -> str:
    columns = "year figure unit reported recomputed difference % promise basis reading"
    head = "| " + " | ".join(columns.split()) + " |"
    rule = "|---|---|---|---:|---:|---:|---:|---|---|---|"
    return "\n".join([head, rule, *(_row(each) for each in rows)])


def _row(each: Line) -> str:
    cells = [str(each.year), f"{each.table}: {each.metric}".replace("_", " "), each.unit or "-"]
    if each.recomputed is None or each.difference is None:
        cells += [each.reported or "-", "-", "-", "-"]
    else:
        digits = max(each.digits, 1) if each.recipe != "ratio" else each.digits + 2
        share = 100 * each.difference / Fraction(each.reported)
        cells += [
            _number(Fraction(each.reported), each.digits),
            _number(each.recomputed, digits),
            _number(each.difference, digits, "+"),
            _number(share, 3, "+"),
        ]
    cells += [each.promise, each.basis.removeprefix("set:") or "-", each.reading]
    return "| " + " | ".join(cells) + " |"


def _number(number: Fraction, digits: int, sign: str = "") -> str:
    """Half away from zero, as every figure that is printed."""
    scaled = abs(number) * 10**digits
    whole = (2 * scaled.numerator // scaled.denominator + 1) // 2
    units_, rest = divmod(whole, 10**digits)
    text = f"{units_:,}" + (f".{rest:0{digits}}" if digits else "")
    before = "-" if number < 0 and whole else sign if whole else ""
    return before + text


def _rows(file: str) -> list[dict[str, str]]:
    with (HERE / file).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def main() -> None:
    (HERE / "reproduction.md").write_text(page(lines()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
