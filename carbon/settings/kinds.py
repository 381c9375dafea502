"""Kinds of values that several tables say: names of series, months, spans, qualities."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from carbon.fields import Written

Quality = Literal["metered", "billed", "estimated", "calculated", "unstated"]
QUALITIES: tuple[str, ...] = ("metered", "billed", "estimated", "calculated", "unstated")
DEGREE_DAYS = ("heating_degree_days", "cooling_degree_days")
METRICS = ("revenue", "people", "floor_area", "it_energy", "output", *DEGREE_DAYS)
FIRST = 190001  # the first month there is


def month_number(value: object) -> int:
    """202307 from '2023-07', or from itself."""
    pattern = r"(\d{4})(\d{2})" if isinstance(value, int) else r"(\d{4})-(\d{2})(?:-\d{2})?"
    found = re.fullmatch(pattern, str(value))
    month = int(found[1] + found[2]) if found else 0
    if month < FIRST or not 1 <= month % 100 <= 12:
        raise ValueError(f"a month is written like 2023-07, not {value!r}")
    return month


def months_of(value: object) -> int:
    """A span of time in months: 12 of '1 year' or '12 months'.

    >>> months_of("6 months"), months_of("2 years")
    (6, 24)
    """
    found = re.fullmatch(r"([1-9]\d?) (month|year)s?", str(value).strip())
    if not found:
        raise ValueError(f"a span of time is written like '6 months' or '2 years', not {value!r}")
    return int(found[1]) * (12 if found[2] == "year" else 1)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month.

    >>> months_after(date(2023, 8, 31), 6)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def listed(value: object) -> object:
    """One word as a list of it."""
    return [value] if isinstance(value, str) else value


def once(value: list[str]) -> list[str]:
    """Methods in order of preference, each named once."""
    if len(set(value)) < len(value):
        raise ValueError("a method is named once in the order of preference")
    return value


Month = Annotated[int, BeforeValidator(month_number), Written('month, `"2023-07"`')]
Months = Annotated[int, BeforeValidator(months_of), Written('`"6 months"`, `"2 years"`')]
Country = Annotated[str, Written("country")]
Year = Annotated[int, Written("year")]
Part = Annotated[Decimal, Field(ge=0, le=1)]
Series = Annotated[list[str], BeforeValidator(listed), Written("word, or list")]
Qualities = Annotated[list[Quality], BeforeValidator(listed)]


class Table(BaseModel):
    """A table of the file; a key it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)
