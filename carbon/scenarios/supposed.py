"""What is supposed and may turn out otherwise: how far, and the same with another value.

Measures and grids are `Supposed`. For whoever varies assumptions:

    numbers(measure)                -> {"gain": Decimal("0.2"), "delivery": Decimal(1)}
    spread(measure)                 -> {"gain": (Decimal("0.15"), Decimal("0.22"))}, as stated
    changed(measure, "gain", value) -> the same measure with that value, checked again

`numbers` names every single number that may be varied: those a measure states (of an amount such
as "5.4 MW" its number, in the unit it is written in), and always `delivery`, the share of what is
stated that comes about: 0.8 of a cut of 0.10 cuts 0.08, of certificates of 100 MWh come 80. Paths
and amounts by year have no single number, and are varied by their delivery. `spread` gives the
bounds an author expects a number within in 95 of 100 cases. A grid has `annual_change` and
`delivery`, by the same three functions.
"""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationError

from carbon.errors import SettingsError, UnitError
from carbon.scenarios.amounts import parts
from carbon.scenarios.fields import SOURCED, Bounds, number, said
from carbon.settings import Table

DELIVERY = "delivery"
S = TypeVar("S", bound="Supposed")


class Supposed(Table):
    """Something a scenario supposes."""

    delivery: Annotated[Decimal, Field(ge=0, le=2)] = number(
        "Share of what is stated that comes about. [1]", Decimal(1)
    )
    spread: Bounds = said(
        "By number: the bounds within which its author expects it in 95 of 100 cases.", {}
    )

    @property
    def who(self) -> str:
        """How a message calls it."""
        raise NotImplementedError

    def stated(self) -> set[str]:
        """The fields its file states, by the names they have there."""
        fields = type(self).model_fields
        return {fields[name].alias or name for name in self.model_fields_set}

    def check_spread(self) -> None:
        """Raises ValueError for bounds of no number, the wrong way round, or that cannot be."""
        known = numbers(self) if self.spread else {}
        for name, (low, high) in self.spread.items():
            if name not in known:
                raise ValueError(
                    f"{self.who}: a spread of {name!r}, which is no single number of it: "
                    + ", ".join(known)
                )
            if not low <= known[name] <= high:
                raise ValueError(
                    f"{self.who}: the spread of {name} must hold its {known[name]}, "
                    f"and {low} to {high} does not"
                )
            for bound in (low, high):
                try:
                    changed(self, name, bound)
                except SettingsError as fault:
                    raise ValueError(
                        f"{self.who}: the spread of {name} reaches {bound}: {fault.looked_for}"
                    ) from None


def numbers(supposed: Supposed) -> dict[str, Decimal]:
    """The single numbers that may turn out otherwise, and `delivery`."""
    found = {}
    for name, value in _stated(supposed).items():
        if isinstance(value, str):
            with suppress(UnitError):  # a name, not an amount
                found[name] = parts(value)[0]
        elif isinstance(value, Decimal):
            found[name] = value
    return found | {DELIVERY: supposed.delivery}


def spread(supposed: Supposed) -> dict[str, tuple[Decimal, Decimal]]:
    """The bounds stated for its numbers."""
    return dict(supposed.spread)


def changed(supposed: S, name: str, value: Decimal) -> S:
    """The same with another value of one number, in the unit its file states it in.

    Raises SettingsError for a number it does not have, and for a value it cannot have.
    """
    known = numbers(supposed)
    if name not in known:
        raise SettingsError(
            "scenario",
            f"{supposed.who} has no number {name!r} to change",
            looked_for=", ".join(known),
        )
    fields = type(supposed).model_fields
    said = {
        fields[key].alias or key: getattr(supposed, key)
        for key in supposed.model_fields_set
        if key != "spread"
    }
    was = said.get(name)
    said[name] = f"{value:f} {parts(was)[1]}" if isinstance(was, str) else value
    if name not in supposed.stated() and isinstance(said["source"], dict):
        said["source"] = {name: "supposed", **said["source"]}
    try:
        found = type(supposed).model_validate(said)
    except ValidationError as fault:
        raise SettingsError(
            "scenario",
            f"{supposed.who} cannot have {name} = {value}",
            looked_for=fault.errors()[0]["msg"].removeprefix("Value error, "),
        ) from None
    if supposed.__pydantic_private__:
        object.__setattr__(found, "__pydantic_private__", dict(supposed.__pydantic_private__))
    return found


def _stated(supposed: Supposed) -> dict[str, Any]:
    """The numbers it states, by the names they have in its file."""
    fields = type(supposed).model_fields
    return {
        fields[key].alias or key: getattr(supposed, key)
        for key in fields
        if key in supposed.model_fields_set and fields[key].json_schema_extra == SOURCED
    }
