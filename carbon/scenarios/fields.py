"""Kinds of values that a scenario states, and the fields that hold them.

`number` makes the field of a number, which needs a source; `said` any other. Both say what the
field means, the unit of a number in brackets at its end, and the page of the scenario file is
written from that.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from carbon.fields import Written

NEEDED: Any = ...
SOURCED = {"sourced": True}


def number(meaning: str, default: Any = None) -> Any:
    """The field of a number that a source must be named for."""
    return _field(meaning, default, json_schema_extra=SOURCED)


def said(meaning: str, default: Any = None) -> Any:
    """The field of what needs no source."""
    return _field(meaning, default)


def _field(meaning: str, default: Any, **more: Any) -> Any:
    if isinstance(default, dict):
        return Field(default_factory=dict, description=meaning, **more)
    return Field(default, description=meaning, **more)


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _sources(value: object) -> object:
    return {"other": value} if isinstance(value, str) else value


def _pair(value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError(f"bounds are written like [0.15, 0.22], not {value!r}")
    return value


def _not_below_0(value: str) -> str:
    if value.strip().startswith(("-", "−")):
        raise ValueError(f"an amount is not below 0, unlike {value!r}")
    return value


Amount = Annotated[str, AfterValidator(_not_below_0), Written('amount, `"5.4 MW"`')]
Words = Annotated[
    tuple[str, ...], BeforeValidator(_listed), Field(min_length=1), Written("text, or list")
]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Part = Annotated[Decimal, Field(gt=0, le=1)]
Positive = Annotated[Decimal, Field(gt=0)]
Path = Annotated[dict[int, Positive], Field(min_length=1), Written("year = number")]
Price = Annotated[
    Positive | Annotated[dict[int, Positive], Field(min_length=1)],
    Written("number, or year = number"),
]
Monthly = Annotated[
    tuple[Share, ...], Field(min_length=12, max_length=12), Written("list of 12 shares")
]
Sources = Annotated[
    dict[str, Annotated[str, Field(min_length=3)]],
    BeforeValidator(_sources),
    Field(min_length=1),
    Written("text, or number = text"),
]
Bounds = Annotated[
    dict[str, Annotated[tuple[Decimal, Decimal], BeforeValidator(_pair)]],
    Written("number = [low, high]"),
]
