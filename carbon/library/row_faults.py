"""Faults of a printed value by itself: its words, its years, its number, its unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from carbon.errors import Problem, UnitError, visible
from carbon.library.measure import GWP_SETS, Measure, measure
from carbon.library.rows import NUMBER, Known, Row, fault, number, word
from carbon.library.words import (
    ACCOUNTINGS,
    CONFIDENCES,
    FACTORS,
    FAMILIES,
    METHANE_AND_N2O,
    OF_HEAT,
    QUANTITIES,
    REFERENCE,
    TOTAL,
)
from carbon.units import unit

PROSE = ("locator", "note")  # may hold a tab or a blank of another width
YEAR = re.compile("[0-9]{4}")
# What the grams of a quantity may be said to be of. A unit that does not say it is taken at its
# word; a gas as CO2e needs the GWP set it was made with, or its mass cannot be told.
SPECIES = {
    "CO2": ("CO2", "CO2e"),
    "CO2_biogenic": ("CO2", "CO2e"),
    "CH4_fossil": ("CH4", "CO2e"),
    "CH4_biogenic": ("CH4", "CO2e"),
    "N2O": ("N2O", "CO2e"),
    "CO2e": ("CO2e",),
    "CO2e_outside": ("CO2e",),
    TOTAL: ("CO2e",),
    "carbon_content": ("C",),
    "standard_coal": ("ce",),
    "density": (),
}
MEANING = {"carbon_content": "the carbon alone, in C", "CO2e": "all gases together"}
SHARES = ("oxidised", "efficiency", "loss_share", "loss_rate", "uncertainty")
LEAST_G, LIMIT_G = Fraction(1, 10**12), 10**8  # of a value by canonical unit, as a column holds
GRID_LIMIT = 1500  # no grid emits more [g/kWh]
DENSITY_LIMIT = 25  # osmium, the densest element, has 22.6 [kg/L]
LITRES = {"L": 1, "m3": 1000, "Nm3": 1000}  # in the volumes a density may be stated for


def lint_row(row: Row, known: Known) -> list[Problem]:
    """Faults of a row of an edition."""
    family = row["topic"].partition("/")[0]
    faults = word(row, "quantity", _quantities(row, family, known), "unknown-quantity")
    faults += word(row, "source_id", known.sources, "unknown-source")
    faults += word(row, "confidence", CONFIDENCES, "unknown-confidence")
    faults += word(row, "accounting", ACCOUNTINGS, "unknown-accounting")
    if known.regions is not None:
        faults += word(row, "region", known.regions, "unknown-region")
    if family not in FAMILIES:
        message = f"{row['topic']!r} belongs to no family of topics"
        faults.append(fault("unknown-topic", message, row, ", ".join(FAMILIES)))
    faults += _signs(row)
    if not row["locator"].strip():
        message = f"{row['set_id']} does not say where in its source {row['quantity']} stands"
        faults.append(fault("no-locator", message, row))
    source = known.sources.get(row["source_id"])
    if source is not None and source["redistribution"] == "no":
        message = f"the licence of {row['source_id']} forbids to pass on its values"
        faults.append(
            fault(
                "not-redistributable",
                message,
                row,
                fix="take the value out, and say in withheld.csv where to get it",
            )
        )
    return faults + lint_years(row) + _value(row) + _unit(row, family)


def _signs(row: Row) -> list[Problem]:
    """A fault where a cell holds a sign that nobody sees, or a set has no name."""
    unseen = [
        name
        for name, cell in row.cells.items()
        if not cell.isprintable() and (name not in PROSE or visible(cell) != cell)
    ]
    faults = []
    if unseen:
        message = f"{', '.join(unseen)} holds a sign that cannot be printed"
        faults.append(fault("unprintable", message, row, fix="type the cell anew"))
    if "@" in row["set_id"]:
        message = f"{row['set_id']!r} holds an @, which parts a set from the year that keeps it"
        faults.append(fault("bad-name", message, row, fix="write another sign: _ or -"))
    if not row["set_id"].strip():
        faults.append(fault("no-name", "the set has no name", row, fix="fill in set_id"))
    return faults


def _quantities(row: Row, family: str, known: Known) -> Iterable[str]:
    """What a set of a family may print."""
    if row["series"] == "composition":
        return known.gases
    if family in REFERENCE and family not in FACTORS:
        return REFERENCE[family]
    if family == "non_co2":
        return (*METHANE_AND_N2O, "heating_value", "density")
    heat = OF_HEAT if family in ("heat", "cooling") else ()
    return (*QUANTITIES, *heat, *REFERENCE.get(family, ()))


def _value(row: Row) -> list[Problem]:
    """A fault where a value is no number, or out of the range of its quantity."""
    faults = number(row, "value")
    if not NUMBER.fullmatch(row["value"]):
        return faults
    value, quantity = Decimal(row["value"]), row["quantity"]
    if quantity == "oxidised" and value > 1:
        message = f"the oxidised share lies between 0 and 1, unlike {row['value']}"
        faults.append(fault("bad-value", message, row, fix="write 98 % as 0.98"))
    if quantity == "loss_share" and value >= (100 if row["unit"] == "%" else 1):
        message = f"a network cannot lose all that is fed into it, unlike {row['value']}"
        faults.append(fault("bad-value", message, row, fix="write 4.2 % as 0.042"))
    if quantity in ("heating_value", "density", "efficiency") and not value:
        message = f"{quantity} cannot be 0"
        faults.append(fault("bad-value", message, row))
    return faults


def lint_years(row: Row) -> list[Problem]:
    """A fault where the years of a row are not two in order."""
    first, last = row["first_year"], row["last_year"]
    if YEAR.fullmatch(first) and YEAR.fullmatch(last) and 1900 <= int(first) <= int(last) <= 2200:
        return []
    message = f"the years {first} to {last} are not two years in order"
    return [fault("bad-years", message, row, fix="write them like 2023 and 2025")]


def _unit(row: Row, family: str) -> list[Problem]:
    """A fault where a unit is unknown, none of its quantity, or makes a value beyond belief."""
    try:
        meant = measure(row["unit"])
    except UnitError as found:
        return [fault("unknown-unit", found.message, row, found.looked_for)]
    quantity = row["quantity"]
    if row["series"] == "composition" or quantity in SHARES:
        wanted: tuple[str, ...] = ("1",)
    elif quantity == "heating_value":
        wanted = ("MJ", "MJ_gross")
    elif family in REFERENCE and family not in FACTORS:
        wanted = (meant.of,)
    else:
        wanted = ("g",)
    is_below = meant.per in LITRES if quantity == "density" else _serves(family, meant)
    if meant.of not in wanted or not is_below:
        return [fault("wrong-unit", f"{row['unit']!r} is no unit of {quantity}", row)]
    return _species(row, meant) + (_implausible(row, meant, family) if _is_number(row) else [])


def _serves(family: str, meant: Measure) -> bool:
    """Whether what stands below the line can be counted: of electricity, energy alone."""
    if family != "electricity" or meant.of != "g":
        return True
    return bool(meant.per) and unit(meant.per).dimension == "energy"


def _species(row: Row, meant: Measure) -> list[Problem]:
    """A fault where a unit is of another gas than the quantity, or of CO2e of no GWP set."""
    quantity, written = row["quantity"], row["unit"]
    allowed = SPECIES.get(quantity)
    if allowed is None or not meant.species:
        return []
    if meant.species not in allowed:
        message = f"{written!r} is a mass of {meant.species}, and no unit of {quantity}"
        return [fault("wrong-unit", message, row, fix=_mending(row, meant.species))]
    if meant.species == "CO2e" and not meant.gwp_set and quantity in METHANE_AND_N2O:
        message = f"{written!r} does not say with which GWP set {quantity} was made CO2e"
        return [
            fault(
                "no-gwp-set",
                message,
                row,
                ", ".join(GWP_SETS),
                fix=f"name it: {written.replace('CO2e', 'CO2e(AR5)')}; where the publisher does not"
                " say it, write the gases together as one CO2e",
            )
        ]
    return []


def _mending(row: Row, species: str) -> str:
    """What to write where the unit is of another gas than the quantity."""
    quantity = row["quantity"]
    if species == "C" and quantity == "CO2" and row["topic"].startswith("fuel/"):
        return "call it carbon_content, and print the oxidised share beside it"
    if species == "CO2" and quantity in ("carbon_content", "CO2e"):
        return f"call it CO2; {quantity} is {MEANING[quantity]}"
    right = " or ".join(SPECIES[quantity]) or "no gas"
    return f"look at the publication: a unit of {quantity} is of {right}"


def _implausible(row: Row, meant: Measure, family: str) -> list[Problem]:
    """A fault where a value is beyond what there is."""
    grams = Fraction(row["value"]) * meant.amount
    if family == "electricity" and meant.per == "kWh" and grams > GRID_LIMIT:
        message = f"{row['value']} {row['unit']} is more than any grid emits"
        limit, fix = f"at most {GRID_LIMIT} g/kWh", "look at the unit: g or kg, kWh or MWh"
        return [fault("implausible-grid", message, row, limit, fix=fix)]
    if family in FACTORS and meant.of == "g" and not (grams == 0 or LEAST_G <= grams < LIMIT_G):
        message = f"{row['value']} {row['unit']} is beyond belief"
        limit = f"10^-12 g to {LIMIT_G // 10**6} t for one {meant.per}"
        return [fault("implausible-value", message, row, limit, fix="look at the unit: kg or t")]
    if row["quantity"] == "density" and grams / LITRES[meant.per] > DENSITY_LIMIT * 1000:
        message = f"nothing is as dense as {row['value']} {row['unit']}"
        limit, fix = f"at most {DENSITY_LIMIT} kg/L", "look at the unit: kg/m3 or kg/L"
        return [fault("implausible-density", message, row, limit, fix=fix)]
    return []


def _is_number(row: Row) -> bool:
    return bool(NUMBER.fullmatch(row["value"]))
