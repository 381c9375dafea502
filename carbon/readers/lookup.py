"""Words of a file against the words of a book: sites, meters, activities, details, kinds.

A word is found as it is written in the book, else in any case; what is not found is refused with
the nearest word. `Remembered` keeps the answer for each distinct cell, for a column of a hundred
thousand rows holds a handful of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from carbon import units
from carbon.errors import CarbonError, UnitError, nearest
from carbon.readers.faults import Faults
from carbon.readers.words import Cell, Decimals, number, text
from carbon.records import ActivityWord

_BLEND = re.compile(r"[BE]\d{1,3}", re.IGNORECASE)  # B7, E85
MANY = 12  # words listed in a message
USUAL = ("kWh", "MWh", "10^4 kWh", "m3", "10^4 m3", "Nm3", "L", "kg", "t", "GJ", "MJ", "km", "pkm")


class Names:
    """Words that may be written, each with the name it stands for."""

    def __init__(self, what: str, code: str, pairs: Iterable[tuple[str, str]], remedy: str) -> None:
        """what : as a message calls such a word; remedy : what to do about an unknown one."""
        self.what, self.code, self.remedy = what, code, remedy
        self.exact: dict[str, str] = {}
        self.folded: dict[str, set[str]] = {}
        for written, name in pairs:
            if written:
                self.exact.setdefault(name, name)
                self.folded.setdefault(_folded(written), set()).add(name)

    def find(self, cell: Cell, label: str) -> str:
        """The name a cell stands for."""
        written = text(cell)
        if not written:
            raise blank(label)
        if written in self.exact:
            return written
        found = self.folded.get(_folded(written), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise CarbonError(
                f"ambiguous-{self.code}",
                f"{label} {written!r} may mean {' or '.join(sorted(found))}",
                remedy="write one of these",
            )
        raise CarbonError(
            f"unknown-{self.code}",
            f"no {self.what} is called {written[:60]!r}",
            looked_for=listed(self.exact),
            nearest=self._nearest(written),
            remedy=self.remedy,
        )

    def _nearest(self, written: str) -> str:
        near = nearest(written[:60], self.folded)
        return min(self.folded[near]) if near else ""


def _folded(written: str) -> str:
    return " ".join(written.casefold().split())


def listed(known: Iterable[str]) -> str:
    """Words for a message: all of them, or the first few and how many more."""
    words = sorted(known)
    if not words:
        return "a list that is empty"
    more = f" and {len(words) - MANY} more" if len(words) > MANY else ""
    return ", ".join(words[:MANY]) + more


def blank(label: str) -> CarbonError:
    """The fault of a cell that must not be blank."""
    return CarbonError("blank-cell", f"{label} is blank", remedy=f"fill in {label}")


def required(cell: Cell, label: str) -> str:
    """A text that must not be blank."""
    written = text(cell)
    if not written:
        raise blank(label)
    return written


class Remembered(dict[Any, Any]):
    """Answers by cell. A fault is an answer too, so that it is worked out once."""

    def __init__(self, find: Callable[[Any], Any]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, cell: Any) -> Any:
        try:
            answer = self.find(cell)
        except CarbonError as fault:
            answer = fault
        self[cell] = answer
        return answer


class RowFaults:
    """The faults of the row at hand. `take` gives an answer, or notes the fault and gives None."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.row = 0
        self.cells: Sequence[Cell] = ()
        self.is_good = True

    def begin(self, row: int, cells: Sequence[Cell]) -> None:
        """Turns to the next row."""
        self.row, self.cells, self.is_good = row, cells, True

    def take(self, answer: Any) -> Any:
        if isinstance(answer, CarbonError):
            self.is_good = False
            self.faults.add(answer, self.row, self.cells)
            return None
        return answer

    def attempt(self, find: Callable[..., Any], *parts: Any) -> Any:
        """The result of a function, or None and its fault noted."""
        try:
            return find(*parts)
        except CarbonError as fault:
            return self.take(fault)

    def warn(self, fault: CarbonError) -> None:
        """Notes what is surprising but understood."""
        self.faults.add(fault, self.row, self.cells, severity="warning")


def with_heating_value(word: ActivityWord, written: str, site: str) -> str:
    """A unit of energy with its heating value, where factors are printed for gross energy."""
    if "MJ_gross" not in word.units:
        return written
    try:
        found = units.unit(written)
    except UnitError:
        return written  # refused as any unit is
    if found.dimension != "energy" or found.name.endswith("(net)") or word.heating == "net":
        return written
    if word.heating == "gross":
        return f"{written} (gross)"
    both = "MJ" in word.units
    gross = f"{found.name} (gross), as on most bills of gas"
    if not word.is_served:
        why = f"no factor of {site} is known that would tell: the two are 5 to 10 % apart"
    else:
        kinds = "both, 5 to 10 % apart" if both else "gross energy alone"
        why = f"the factors of {site} are printed for {kinds}"
    raise CarbonError(
        "net-or-gross",
        f"{written!r} of {word.activity} says neither net nor gross, and {why}",
        looked_for=f"{gross}, or {found.name} (net)" if both else gross,
        remedy="write one of them; or say it once for the book: fuel_energy = 'gross' under"
        " [policy] in carbon.toml",
    )


def blend_of(word: ActivityWord, written: str) -> str:
    """The blend that a detail names, '' where it names none.

    Raises CarbonError for what looks like a blend and is none of the activity's at the site: it
    would count as the unblended fuel, unnoticed.
    """
    for name in word.blends:
        if name.casefold() == written.casefold():
            return name
    if word.blends and _BLEND.fullmatch(written):
        raise CarbonError(
            "unknown-blend",
            f"{written} is no blend of {word.activity} whose parts are known",
            looked_for=listed(word.blends),
            nearest=nearest(written, word.blends),
            remedy="say what it holds in carbon.toml: [[fuel_blend]] with name, fuel, parts and"
            " source",
        )
    return ""


def unit_of(word: ActivityWord, written: str) -> tuple[str, Fraction]:
    """The canonical unit of an activity that a text is counted in, and the factor to it."""
    try:
        return units.conversion(written, word.units)
    except UnitError as fault:
        if fault.code == "wrong-dimension":
            raise _of_activity(word, written, fault) from None
        raise


def unit_choices(word: ActivityWord, site: str) -> list[str]:
    """Every unit that a row of an activity may be in at a site, those of most bills first."""
    names = [each.name for each in units.known_units()]
    if "MJ_gross" in word.units:
        energies = [each.name for each in units.known_units() if each.dimension == "energy"]
        names += [f"{each} ({basis})" for basis in ("gross", "net") for each in energies]
    found = [name for name in names if _is_read(word, name, site)]
    usual = {name: at for at, name in enumerate(USUAL)}
    return sorted(found, key=lambda each: usual.get(each.partition(" (")[0], len(usual)))


def _is_read(word: ActivityWord, name: str, site: str) -> bool:
    """Whether a unit is read in a row of an activity."""
    try:
        _, factor = unit_of(word, with_heating_value(word, name, site))
        units.decimal_factor(factor)
    except CarbonError:
        return False
    return True


def _of_activity(word: ActivityWord, written: str, fault: UnitError) -> CarbonError:
    """A unit of the wrong dimension, said of the activity."""
    is_volume = units.unit(written).dimension in ("volume", "normal volume")
    if not (is_volume and "kg" in word.units):
        code, remedy = fault.code, fault.remedy
    else:
        code = "no-density"
        remedy = "write the mass (kg, t), which the delivery note often states beside the volume"
    return CarbonError(
        code,
        f"{word.activity}: {fault.message}",
        looked_for=fault.looked_for,
        nearest=fault.nearest,
        remedy=remedy,
    )


def amount(
    cell: Cell, unit_cell: Cell, canonical: str, labels: tuple[str, str], decimals: Decimals = ""
) -> Fraction:
    """A quantity of zero or more in a canonical unit, exactly."""
    quantity = number(cell, labels[0], decimals)
    if quantity < 0:
        raise CarbonError(
            "negative-quantity",
            f"{labels[0]} {text(cell)!r} is negative",
            looked_for="a number from 0 up",
            remedy="correct it; to take back what was recorded, withdraw it",
        )
    _, factor = units.conversion(required(unit_cell, labels[1]), (canonical,))
    return Fraction(quantity) * factor


def future(today: date) -> CarbonError:
    """The finding that a row lies ahead of the day it is read."""
    return CarbonError(
        "future-date",
        f"the row reaches beyond today, {today}",
        remedy="check the year; plans belong in a scenario",
    )
