"""Units of printed values: what '0.5703 tCO2/MWh' or '44.3 TJ per Gg' is, exactly.

`measure` takes a unit as a publisher prints it and gives a `Measure`: so many grams or megajoules
for each canonical unit. Above the line stands a mass, an energy or a share of a fixed list, below
it any unit of `carbon.units`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from carbon.errors import UnitError
from carbon.units import conversion, unit

# What may stand above the line, in grams.
MASS_G = {
    "g": Fraction(1),
    "kg": Fraction(1000),
    "t": Fraction(10**6),
    "metric tons": Fraction(10**6),
    "Gg": Fraction(10**9),
    "lb": Fraction("453.59237"),
}
GWP_SETS = ("AR4", "AR5", "AR5-feedback", "AR6")
_MASS = re.compile(
    rf"({'|'.join(MASS_G)}) ?(CO2|CH4|N2O|C|ce|CO2e(?:\((AR4|AR5|AR5-feedback|AR6)\))?)?"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A printed unit, understood: one of it is `amount` of `of` for each `per`."""

    amount: Fraction
    of: str  # g, MJ, MJ_gross, 1
    per: str  # a canonical unit, '' where there is none
    species: str = ""  # what the printed grams are of: CO2, CO2e, C; '' where the unit does not say
    gwp_set: str = ""  # that grams of CO2e were made with, where the unit says so


# Units without a line, or of a line of their own.
WHOLE = {
    "1": Measure(Fraction(1), "1", ""),
    "%": Measure(Fraction(1, 100), "1", ""),
    "mass percent": Measure(Fraction(1, 100), "1", ""),
    "% of charge": Measure(Fraction(1, 100), "1", "charge"),
    "% of charge per year": Measure(Fraction(1, 100), "1", "charge a"),
    "% of remaining charge": Measure(Fraction(1, 100), "1", "remaining charge"),
    "kg": Measure(Fraction(1000), "g", ""),
    "kW per ton": Measure(Fraction(1), "kW", "ton of refrigeration"),
    "W per W": Measure(Fraction(1), "1", ""),
    "uncertainty factor": Measure(Fraction(1), "1", ""),
    "square of the geometric standard deviation": Measure(Fraction(1), "1", ""),
    "% of the value, half of the 5-95 % range": Measure(Fraction(1, 100), "1", ""),
    "% of the value, half of the 95 % range": Measure(Fraction(1, 100), "1", ""),
}


@lru_cache(maxsize=1024)
def measure(text: str) -> Measure:
    """What a printed factor unit means: 'GJ/10^4 Nm3' is 1000 MJ for every 10,000 Nm3.

    Raises UnitError for a unit outside the closed table.

    >>> measure("tCO2/MWh").amount, measure("kgCO2e(AR5)/kWh (Gross CV)").per
    (Fraction(1000, 1), 'MJ_gross')
    """
    if text in WHOLE:
        return WHOLE[text]
    above, _, below = text.partition(" per ") if " per " in text else text.partition("/")
    if not below:
        raise UnitError(
            "unknown-unit", f"{text!r} is no factor unit: nothing stands below the line"
        )
    entered = unit(below)
    per, count = entered.canonical, entered.factor
    mass = _MASS.fullmatch(above)
    if mass:
        species = (mass[2] or "").partition("(")[0]
        return Measure(MASS_G[mass[1]] / count, "g", per, species, mass[3] or "")
    try:
        of, amount = conversion(above, ("MJ", "MJ_gross"))
    except UnitError:
        raise UnitError(
            "unknown-unit",
            f"{text!r} is no factor unit: {above!r} is neither a mass nor an energy",
            looked_for=", ".join([*MASS_G, "MJ", "kWh", "GJ", "MMBtu (gross)"]),
        ) from None
    return Measure(amount / count, of, per)
