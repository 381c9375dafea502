"""Faults of a printed value by itself: its words, its years, its number, its unit."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from carbon.errors import Problem, UnitError
from carbon.library.measure import measure
from carbon.library.rows import NUMBER, Known, Row, fault, number, word
from carbon.library.words import (
    ACCOUNTINGS,
    CONFIDENCES,
    FACTORS,
    FAMILIES,
    QUANTITIES,
    REFERENCE,
)

GRID_LIMIT = 1500  # no grid emits more [g/kWh]


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


def _quantities(row: Row, family: str, known: Known) -> Iterable[str]:
    """What a set of a family may print."""
    if row["series"] == "composition":
        return known.gases
    if family in REFERENCE and family not in FACTORS:
        return REFERENCE[family]
    return (*QUANTITIES, *REFERENCE.get(family, ()))


def _value(row: Row) -> list[Problem]:
    """A fault where a value is no number, or out of the range of its quantity."""
    faults = number(row, "value")
    if not NUMBER.fullmatch(row["value"]):
        return faults
    value, quantity = Decimal(row["value"]), row["quantity"]
    if quantity == "oxidised" and value > 1:
        message = f"the oxidised share lies between 0 and 1, unlike {row['value']}"
        faults.append(fault("bad-value", message, row, fix="write 98 % as 0.98"))
    if quantity in ("heating_value", "density") and not value:
        message = f"{quantity} cannot be 0"
        faults.append(fault("bad-value", message, row))
    return faults


def lint_years(row: Row) -> list[Problem]:
    """A fault where the years of a row are not two in order."""
    first, last = row["first_year"], row["last_year"]
    if first.isdecimal() and last.isdecimal() and 1900 <= int(first) <= int(last) <= 2200:
        return []
    message = f"the years {first} to {last} are not two years in order"
    return [fault("bad-years", message, row, fix="write them like 2023 and 2025")]


def _unit(row: Row, family: str) -> list[Problem]:
    """A fault where a unit is unknown, or not one of its quantity; and a grid beyond belief."""
    try:
        meant = measure(row["unit"])
    except UnitError as found:
        return [fault("unknown-unit", found.message, row, found.looked_for)]
    quantity = row["quantity"]
    if row["series"] == "composition" or quantity in ("oxidised", "loss_share"):
        wanted: tuple[str, ...] = ("1",)
    elif quantity == "heating_value":
        wanted = ("MJ", "MJ_gross")
    elif family in REFERENCE and family not in FACTORS:
        wanted = (meant.of,)
    else:
        wanted = ("g",)
    if meant.of not in wanted:
        message = f"{row['unit']!r} is no unit of {quantity}"
        return [fault("wrong-unit", message, row)]
    is_grid = family == "electricity" and meant.per == "kWh" and NUMBER.fullmatch(row["value"])
    if is_grid and Fraction(row["value"]) * meant.amount > GRID_LIMIT:
        message = f"{row['value']} {row['unit']} is more than any grid emits"
        return [
            fault(
                "implausible-grid",
                message,
                row,
                f"at most {GRID_LIMIT} g/kWh",
                fix="look at the unit: g or kg, kWh or MWh",
            )
        ]
    return []
