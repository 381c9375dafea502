"""Kinds of values that settings say of the boundary: shares, control, leases, base years; names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, PlainValidator

Approach = Literal["operational control", "financial control", "equity share"]
Control = Literal["financial", "joint", "operational", "both", "none"]
Lease = Literal["finance leased", "operating leased", "leased out finance", "leased out operating"]


def _name(value: str) -> str:
    if not value or value != value.strip() or "/" in value or "\n" in value:
        raise ValueError(f"a name has no slash and no blank at its ends, unlike {value!r}")
    return value


@dataclass(frozen=True)
class Written:
    """How a kind of value is written in the file, where its type does not say it."""

    words: str


APPROACHES: tuple[Approach, ...] = ("equity share", "financial control", "operational control")


def share_of(value: object) -> Fraction:
    """A share of 0 to 1, exactly: 0.83, or '1/3' where no decimal says it.

    >>> share_of("1/3"), share_of(Decimal("0.83"))
    (Fraction(1, 3), Fraction(83, 100))
    """
    if isinstance(value, str) and not re.fullmatch(r"\d+(\.\d+|/0*[1-9]\d*)?", value):
        raise ValueError(f"a share is written like 0.83 or '1/3', not {value!r}")
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | Fraction):
        raise ValueError(f"a share is written like 0.83 or '1/3', not {value!r}")
    share = Fraction(value)
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, unlike {value}: 83 % is 0.83")
    return share


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _agreeing(value: list[str]) -> list[str]:
    said = set(value)
    if (
        not said
        or len(said & {"financial", "joint", "both"}) > 1
        or ("none" in said and len(said) > 1)
    ):
        raise ValueError(
            f"control of {value} cannot be: none, or one of financial, joint and both,"
            " or joint with operational"
        )
    return value


def stated(value: object) -> object:
    """A source of which only the state is said."""
    return {"state": value} if isinstance(value, str) else value


def base_years(value: object) -> dict[str, int]:
    """One base year for both methods of Scope 2, or one for each."""
    said = value if isinstance(value, dict) else {"location": value, "market": value}
    for method, year in said.items():
        is_year = isinstance(year, int) and not isinstance(year, bool) and 1990 <= year <= 2060
        if method not in ("location", "market") or not is_year:
            raise ValueError(
                "a base year is written like 2021, or { location = 2021, market = 2022 }, from"
                f" 1990 to 2060, not {method} = {year!r}"
            )
    return said


Name = Annotated[str, AfterValidator(_name), Written("name without a slash")]
Share = Annotated[Fraction, PlainValidator(share_of), Written('0 to 1, or `"1/3"`')]
Controls = Annotated[list[Control], BeforeValidator(_listed), AfterValidator(_agreeing)]
BothMethods = Annotated[  # by method
    dict[str, int],
    PlainValidator(base_years),
    Written("year, or `{ location = 2021, market = 2022 }`"),
]
