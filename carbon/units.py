"""Units: what a unit typed by a person means, and what one of it is worth, exactly.

Text goes in, a `Unit` comes out, or a `UnitError` that says what to write instead. The vocabulary
is closed: a name is looked up in the table `units.csv` and never parsed, since pint's own registry
reads `ton` as a short ton, `kt` as a knot and `mwh` as milliwatt-hours. The sizes come from the
pint definitions file `units.txt`: `docs/list_units.py` works the table's factors out with pint,
so that reading a unit needs no import of pint, and a test does it again and compares.

Case, blanks, hyphens and underscores do not matter, except in the names of `AMBIGUOUS`: `mwh` and
`MWH` are megawatt-hours as in every energy bill, but `mWh`, spelt with care, says milliwatt-hours.

An energy may say by which heating value it is meant: `kWh (gross)`, `MMBtu HHV`, `GJ (net)`.
Gross energy is a kind of its own; energy that says nothing, or net, is energy as such.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from carbon.errors import UnitError, nearest

TABLE = Path(__file__).with_name("units.csv")
DEFINITIONS = Path(__file__).with_name("units.txt")
MJ_PER_KWH = Fraction(18, 5)

# How many of the dimension's base unit one canonical unit is. The base is the one with a 1.
CANONICAL = {
    "MJ": ("energy", Fraction(1)),
    "kWh": ("energy", Fraction(18, 5)),
    "MJ_gross": ("gross energy", Fraction(1)),
    "kg": ("mass", Fraction(1)),
    "m3": ("volume", Fraction(1)),
    "L": ("volume", Fraction(1, 1000)),
    "Nm3": ("normal volume", Fraction(1)),
    "tce": ("standard coal", Fraction(1)),
    "km": ("distance", Fraction(1)),
    "pkm": ("passenger distance", Fraction(1)),
    "tkm": ("freight distance", Fraction(1)),
    "room_night": ("room nights", Fraction(1)),
    "m2": ("area", Fraction(1)),
    "kW": ("power", Fraction(1)),
    "person": ("people", Fraction(1)),
    "person_day": ("person days", Fraction(1)),
    "person_hour": ("person hours", Fraction(1)),
    "h": ("time", Fraction(1)),
    "RMB": ("money in RMB", Fraction(1)),
    "USD": ("money in USD", Fraction(1)),
}

# What a unit measures, as a sentence says it.
KIND = {
    "energy": "an energy",
    "gross energy": "an energy by gross heating value",
    "mass": "a mass",
    "volume": "a volume",
    "normal volume": "a gas volume at normal conditions",
    "standard coal": "an amount of standard coal",
    "distance": "a distance",
    "passenger distance": "a distance travelled by passengers",
    "freight distance": "a distance travelled by freight",
    "room nights": "a number of room-nights",
    "area": "an area",
    "power": "a power",
    "people": "a number of people",
    "person days": "a number of person-days",
    "person hours": "a number of hours worked",
    "time": "a time",
    "money in RMB": "an amount of RMB",
    "money in USD": "an amount of US dollars",
}

# Why one kind does not become another by itself: (is, wanted) -> reason.
REASON = {
    ("area", "power"): "a PV plant's size is its capacity, and an area becomes a capacity only "
    "with a stated W/m2",
    ("area", "energy"): "an area says nothing of the energy used on it",
    ("volume", "mass"): "a volume becomes a mass only with a density",
    ("volume", "energy"): "a volume becomes an energy only with a heating value",
    ("volume", "normal volume"): "m3 becomes Nm3 only with a stated temperature and pressure",
    ("normal volume", "volume"): "Nm3 becomes m3 only with a stated temperature and pressure",
    ("normal volume", "mass"): "a gas volume becomes a mass only with a density",
    ("normal volume", "energy"): "a gas volume becomes an energy only with a heating value",
    ("gross energy", "energy"): "net is some 5 to 10 % less than gross, by the fuel and its water",
    ("energy", "gross energy"): "gross is some 5 to 10 % more than net, by the fuel and its water",
    ("mass", "volume"): "a mass becomes a volume only with a density",
    ("mass", "energy"): "a mass becomes an energy only with a heating value",
    ("mass", "standard coal"): "a mass of fuel becomes standard coal only with its coefficient",
    ("energy", "mass"): "an energy becomes a mass only with a heating value",
    ("energy", "volume"): "an energy becomes a volume only with a heating value",
    ("energy", "standard coal"): "standard coal is worth what an edition of GB/T 2589 says",
    ("standard coal", "energy"): "standard coal is worth what an edition of GB/T 2589 says",
    ("standard coal", "mass"): "a tonne of standard coal is a measure of energy, not fuel weighed",
    ("energy", "power"): "an energy becomes a power only with the hours it took",
    ("power", "energy"): "a power becomes an energy only with the hours it ran",
    ("distance", "passenger distance"): "a distance needs the number of passengers",
    ("passenger distance", "distance"): "a passenger-km is not a vehicle's km",
    ("distance", "freight distance"): "a distance needs the tonnes carried",
    ("money in USD", "money in RMB"): "an amount needs a stated rate of exchange",
    ("money in RMB", "money in USD"): "an amount needs a stated rate of exchange",
}
GROSS = "gross_heat"  # its name in units.txt
_BASIS = re.compile(
    r"(?P<unit>.+?)[\s(\[,]*"
    r"(?:(?P<gross>gross(?:cv)?|gcv|hhv|高位(?:发热量|热值)?)|net(?:cv)?|ncv|lhv|低位(?:发热量|热值)?)"
    r"[)\]]*",
    re.IGNORECASE,
)
LIQUID = "litres measure a liquid, m3 here a gas as billed, and a liquefied gas is not the gas"

# Names with more than one reading: (names, what they may mean, what to write instead). A name in
# lower case stands for every case of it, a name with a capital for exactly that spelling.
AMBIGUOUS = (
    (
        ("ton", "tons", "tn"),
        "a metric ton (1000 kg), a US short ton (2000 lb) or a UK long ton (2240 lb)",
        "t, short_ton or long_ton",
    ),
    (("ton-km", "ton.km"), "metric or short tons carried", "tkm for tonnes"),
    (
        ("ton-mile", "ton.mile", "ton-miles"),
        "short or metric tons carried",
        "short_ton_mile, or tkm for tonnes",
    ),
    (("mt", "mts"), "a metric ton or a megatonne", "t for a metric ton, 10^6 t for a megatonne"),
    (
        ("gallon", "gallons", "gal", "gals", "加仑"),
        "a US gallon (3.785411784 L) or a UK gallon (4.54609 L)",
        "gal_us or gal_uk",
    ),
    (
        ("barrel", "barrels", "bbl", "bbls", "桶"),
        "an oil barrel (42 US gallons) or another of the dozen barrels and drums",
        "oil_barrel, or L",
    ),
    (
        ("cf",),
        "cubic feet as metered or standard cubic feet",
        "ft3 or scf, ccf for hundreds of them, Mcf for thousands",
    ),
    (
        ("mbtu", "mbh"),
        "a thousand Btu (M as in mille) or a million",
        "kBtu or MMBtu",
    ),
    (
        ("cwt", "hundredweight"),
        "a US hundredweight (100 lb) or a UK one (112 lb)",
        "lb, or kg",
    ),
    (
        ("unit", "units"),
        "a kilowatt-hour, as on some electricity bills, or a piece of anything",
        "kWh for electricity",
    ),
    (("c",), "a coulomb, degrees Celsius or a hundred", "the unit in full, such as ccf"),
    (("m",), "a metre, a million or mega", "m for metres, or the unit in full, such as MWh"),
    (("g",), "a gram or giga", "g for grams, or the unit in full, such as GJ"),
    (("mg",), "a milligram or a megagram", "t for a megagram, kg or g for less"),
    (("ml",), "a megalitre or a millilitre", "mL for a millilitre, kL for 1000 L"),
    (
        ("mWh", "mW.h"),
        "a milliwatt-hour as spelt, or a megawatt-hour as on every bill",
        "MWh, or Wh",
    ),
    (("mW", "mWp"), "a milliwatt as spelt, or a megawatt", "MW, or W"),
    (("mJ",), "a millijoule as spelt, or a megajoule", "MJ, or J"),
    (("cal", "cals", "卡"), "a calorie or a kilocalorie, both called so", "kcal, or kJ"),
    (
        ("sm3", "scm", "标准立方米", "标准立方", "万标准立方米"),
        "gas at 15 or at 20 degrees C, or normal cubic metres (0 degrees C)",
        "Nm3 for 0 degrees C, or m3 as billed with a factor set for that state",
    ),
    (
        ("toe", "ktoe", "吨标准油", "吨标油", "吨油当量"),
        "tonnes of oil equivalent, which publishers define differently",
        "GJ, or the mass or volume of the fuel itself",
    ),
    (
        ("rt", "tr", "冷吨", "ton of refrigeration", "tons of refrigeration"),
        "a US or a Japanese ton of refrigeration",
        "kW of cooling",
    ),
    (("¥", "$", "dollar", "dollars"), "the money of several countries", "RMB or USD"),
    (("tons of standard coal", "ton of standard coal"), "metric or other tons", "tce"),
    (("hp", "马力"), "a metric or an imperial horsepower", "kW"),
    (("里",), "a Chinese li or a mile", "km"),
)

_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SIGNS = str.maketrans("‐‑‒–—−*·⋅•∙・", "------" + "......")
_NUMBER = r"[+-]?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,3})?"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the vocabulary: one of it is `factor` of `canonical`."""

    name: str
    dimension: str
    canonical: str
    factor: Fraction
    names: tuple[str, ...] = field(default=(), compare=False, repr=False)  # others people write


def unit(text: str) -> Unit:
    """The unit a text names. Raises UnitError: unknown-unit, ambiguous-unit.

    >>> unit("万kWh").canonical, unit("万kWh").factor
    ('kWh', Fraction(10000, 1))
    """
    found = _found(text)
    if found is None:
        raise _unknown(text, known_units(), "a unit listed in docs/units.md, such as kWh, kg or m3")
    return found


def conversion(text: str, allowed: Sequence[str]) -> tuple[str, Fraction]:
    """The canonical unit a text is counted in, and the exact factor to it.

    allowed : canonical units, in order of preference; the first that fits is taken.

    A unit of gas (m3) becomes L only where L is allowed and m3 is not: then it is a liquid.
    Raises UnitError: unknown-unit, ambiguous-unit, wrong-dimension.

    >>> conversion("MWh", ("MJ", "kWh"))
    ('MJ', Fraction(3600, 1))
    """
    kinds = [_canonical(name)[0] for name in allowed]
    found = _found(text)
    if found is None:
        fitting = [each for each in known_units() if _target(each, allowed)]
        choice = f"one of {', '.join(each.name for each in fitting)}"
        raise _unknown(text, fitting, choice)
    target = _target(found, allowed)
    if not target:
        raise _wrong_dimension(text, found, allowed, kinds)
    return target, found.factor * _canonical(found.canonical)[1] / _canonical(target)[1]


def convert(quantity: Fraction | Decimal | int | str, from_text: str, to_text: str) -> Fraction:
    """A quantity in another unit, exactly. Also ratios: '0.5703 kg/kWh' is as much in t/MWh.

    A plain unit is looked up in the table; of a ratio each side is looked up and pint divides,
    in a registry that knows `units.txt` and nothing else.
    Raises UnitError: unknown-unit, ambiguous-unit, wrong-dimension, not-a-number.

    >>> convert("1.5", "MWh", "GJ")
    Fraction(27, 5)
    """
    number = _exact(quantity)
    sides = [_sides(from_text), _sides(to_text)]
    if any(len(side) > 1 for side in sides):
        return number * _ratio(sides, from_text, to_text)
    source, wanted = sides[0][0], sides[1][0]
    if source.dimension != wanted.dimension:
        allowed = [wanted.canonical]
        raise _wrong_dimension(from_text, source, allowed, [wanted.dimension])
    return number * _in_base(source) / _in_base(wanted)


def decimal_factor(factor: Fraction) -> Decimal:
    """A conversion factor as the ledger stores it: twelve places, half away from zero.

    Raises UnitError (unit-out-of-scale) where it has more than eight digits before the point, or
    where the rounding would be felt: a relative error above 1e-9, as for J counted in kWh.

    >>> decimal_factor(Fraction(5, 18))
    Decimal('0.277777777778')
    """
    scaled = abs(factor) * 10**12
    steps = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    if steps >= 10**20 or abs(steps - scaled) * 10**9 > scaled:
        size = "large" if steps >= 10**20 else "small"
        fix = "smaller, such as 万kWh or MWh" if size == "large" else "larger, such as kWh or MJ"
        raise UnitError(
            "unit-out-of-scale",
            f"the unit is too {size} for the ledger: one of it is {float(factor):.6g} of the "
            "unit it is counted in",
            looked_for="a factor below 100000000 that twelve decimals hold",
            remedy=f"write the quantity in a unit that is {fix}",
        )
    return Decimal(steps if factor >= 0 else -steps).scaleb(-12)


def known_units() -> list[Unit]:
    """Every unit of the vocabulary, in the order of the table."""
    return list(_vocabulary().units)


# The vocabulary


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    units: tuple[Unit, ...]
    spelt: Mapping[str, Unit]  # by a name with its case
    folded: Mapping[str, Unit]  # by a name without
    ambiguous: Mapping[str, tuple[str, str]]  # name -> what it may mean, what to write


@cache
def _vocabulary() -> _Vocabulary:
    """The table, read once."""
    units = tuple(_unit_of(row) for row in table_rows())
    spelt = {_squeezed(name): each for each in units for name in (each.name, *each.names)}
    ambiguous = {
        _squeezed(name): (meaning, write) for names, meaning, write in AMBIGUOUS for name in names
    }
    folded = {name.lower(): each for name, each in spelt.items()}
    return _Vocabulary(units, spelt, folded, ambiguous)


def table_rows() -> list[dict[str, str]]:
    """The rows of units.csv, without its comment."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _unit_of(row: Mapping[str, str]) -> Unit:
    factor = Fraction(row["factor"]) / _canonical(row["canonical"])[1]
    names = tuple(row["names"].split(";")) if row["names"] else ()
    return Unit(row["unit"], row["dimension"], row["canonical"], factor, names)


def _squeezed(text: str) -> str:
    """A name without what does not change it: width, blanks, hyphens, the way a power is set."""
    raised = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda found: "^" + found[0].translate(_LOWERED), text)
    plain = unicodedata.normalize("NFKC", raised).replace("**", "^").translate(_SIGNS)
    plain = re.sub(r"[\s\u200b\ufeff]+", "", plain)
    plain = re.sub(r"(?<=[^\W\d_])\^(?=[23](?!\d))", "", plain)  # m^3 is m3, 10^3 is not 103
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)  # 10,000 m3
    plain = re.sub(r"(?<=[^\W\d_])[-_]+(?=[^\W\d_])", "", plain)  # never the sign of 1e-4
    return plain.rstrip(".")


@lru_cache(maxsize=4096)
def _found(text: str) -> Unit | None:
    """The unit of a text, None where there is none. Raises UnitError (ambiguous-unit)."""
    vocabulary = _vocabulary()
    name = _squeezed(text)
    if name in vocabulary.spelt:
        return vocabulary.spelt[name]
    for key in (name, name.lower()):
        if key in vocabulary.ambiguous:
            meaning, write = vocabulary.ambiguous[key]
            raise UnitError(
                "ambiguous-unit", f"{text!r} may mean {meaning}", remedy=f"write {write}"
            )
    return vocabulary.folded.get(name.lower()) or _by_heating_value(name)


def _by_heating_value(name: str) -> Unit | None:
    """An energy that says whether it is gross or net."""
    said = _BASIS.fullmatch(name)
    energy = _found(said["unit"]) if said else None
    if said is None or energy is None or energy.dimension != "energy":
        return None
    if not said["gross"]:
        return replace(energy, name=f"{energy.name} (net)")
    return Unit(f"{energy.name} (gross)", "gross energy", "MJ_gross", _in_base(energy))


def _canonical(name: str) -> tuple[str, Fraction]:
    """Dimension and size of a canonical unit."""
    if name not in CANONICAL:
        raise UnitError(
            "not-canonical",
            f"{name!r} is not a canonical unit",
            looked_for=f"one of {', '.join(CANONICAL)}",
            nearest=nearest(name, CANONICAL),
            remedy="name canonical units only where units are allowed",
        )
    return CANONICAL[name]


def _in_base(each: Unit) -> Fraction:
    """One of a unit, in the base unit of its dimension."""
    return each.factor * _canonical(each.canonical)[1]


def _target(found: Unit, allowed: Sequence[str]) -> str:
    """The first allowed unit it may be counted in, '' where there is none."""
    fitting = [name for name in allowed if _canonical(name)[0] == found.dimension]
    if found.dimension == "volume":
        if found.canonical in fitting:
            return found.canonical
        return "L" if found.canonical == "m3" and "L" in fitting else ""
    return fitting[0] if fitting else ""


# Refusals


def _unknown(text: str, known: Iterable[Unit], choice: str) -> UnitError:
    shown = text if len(text) <= 40 else text[:40] + "..."
    near = _behind_a_number(text)
    if near:
        choice = f"{near}, and put the number with the quantity"
    elif any(sign.isalpha() for sign in text):  # a column of numbers is not compared, row by row
        names = [name for each in known for name in (each.name, *each.names)]
        near = nearest(" ".join(text[:40].split()), names)
    return UnitError(
        "unknown-unit",
        f"{shown!r} is not a unit known here" if text.strip() else "the unit is missing",
        looked_for="every name in docs/units.md",
        nearest=near,
        remedy=f"write {choice}",
    )


def _behind_a_number(text: str) -> str:
    """The unit of a text such as '5 kWh' that should not hold a number, or nothing."""
    number = re.match(r"[+-]?\d[\d.,^eE+-]*", text.strip())
    try:
        found = _found(text.strip()[number.end() :]) if number else None
    except UnitError:
        return ""
    return found.name if found else ""


def _wrong_dimension(
    text: str, found: Unit, allowed: Sequence[str], kinds: Sequence[str]
) -> UnitError:
    wanted = " or ".join(f"{_kind(name)} ({name})" for name in allowed)
    reasons = [REASON[found.dimension, kind] for kind in kinds if (found.dimension, kind) in REASON]
    if found.canonical == "L" and "volume" in kinds:
        reasons.insert(0, LIQUID)
    because = "".join(f"; {reason}" for reason in dict.fromkeys(reasons))
    names = [each.name for each in known_units() if _target(each, allowed)]
    return UnitError(
        "wrong-dimension",
        f"{text!r} is {_kind(found.canonical)}, wanted is {wanted}{because}",
        remedy=f"write one of {', '.join(names)}",
    )


def _kind(canonical: str) -> str:
    """What a canonical unit measures, as a sentence says it."""
    return "a volume of liquid" if canonical == "L" else KIND[_canonical(canonical)[0]]


def _exact(quantity: Fraction | Decimal | int | str) -> Fraction:
    """A quantity as a fraction, never by way of a float."""
    if isinstance(quantity, Fraction | int):
        return Fraction(quantity)
    if isinstance(quantity, Decimal | str) and re.fullmatch(
        _NUMBER, str(quantity).strip(), re.ASCII
    ):
        return Fraction(str(quantity).strip())
    raise UnitError(
        "not-a-number",
        f"{str(quantity)[:40]!r} is not an exact number",
        remedy="give an int, a Decimal, a Fraction or plain digits, such as '1234.5'",
    )


# Ratios of units, by pint


@cache
def registry() -> Any:
    """A pint registry that knows units.txt and nothing else, exact in fractions."""
    import pint

    return pint.UnitRegistry(str(DEFINITIONS), non_int_type=Fraction)


@cache
def _definitions() -> dict[str, str]:
    plain = {row["unit"]: row["definition"] for row in table_rows()}
    energies = [row["unit"] for row in table_rows() if row["dimension"] == "energy"]
    return plain | {f"{name} (gross)": f"{plain[name]} * {GROSS}" for name in energies}


def _sides(text: str) -> list[Unit]:
    """The unit of a text, or the units above and below the line of a ratio."""
    return [unit(part) for part in re.split(r"/|\bper\b", text, maxsplit=1)]


def _ratio(sides: Sequence[Sequence[Unit]], from_text: str, to_text: str) -> Fraction:
    """How much of the second ratio one of the first is. Raises UnitError (wrong-dimension)."""
    one, other = (_quantity(side) for side in sides)
    if one.dimensionality != other.dimensionality:
        raise UnitError(
            "wrong-dimension",
            f"{from_text!r} and {to_text!r} do not measure the same",
            remedy="give a ratio of the same kinds, such as kg/kWh and t/MWh",
        )
    return Fraction((one / other).to_base_units().magnitude)


def _quantity(side: Sequence[Unit]) -> Any:
    """One of a unit or ratio, as a quantity of pint."""
    above, *below = (registry().Quantity(Fraction(1), _definitions()[each.name]) for each in side)
    for each in below:
        above = above / each
    return above
