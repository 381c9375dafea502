"""The layouts of what is kept beside emissions: figures of indicators."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from carbon.errors import CarbonError, UnitError
from carbon.performance import Indicator
from carbon.readers import words
from carbon.readers.activities import quality_names
from carbon.readers.lookup import Names, blank
from carbon.readers.small import Understood, period
from carbon.records import IndicatorFigure, Vocabulary


def indicator(cells: Any, read: Understood) -> IndicatorFigure:
    """A figure of an indicator, in the unit as entered."""
    known = read.vocabulary.indicators
    names = indicator_names(read.vocabulary)
    name = read.row.attempt(names.find, cells.indicator, read.labels["indicator"])
    quality = "unstated"
    if words.text(cells.quality):
        quality = read.row.attempt(quality_names().find, cells.quality, read.labels["quality"])
    return IndicatorFigure(
        name,
        read.row.attempt(period, cells, read),
        from_zero_up(cells, read, "quantity"),
        read.row.attempt(_unit, known.get(name), words.text(cells.unit), read.labels["unit"]),
        read.site_if_any(cells),
        read.text(cells, "part"),
        quality,
        read.text(cells, "coverage"),
        read.text(cells, "evidence"),
        read.text(cells, "note"),
        read.row.row,
    )


def indicator_names(vocabulary: Vocabulary) -> Names:
    """The indicators of a book, by every name they have."""
    pairs = [
        (written, each.name)
        for each in vocabulary.indicators.values()
        for written in (each.name, each.title, *each.names)
    ]
    remedy = "write one of these, or add [[indicator]] name and unit to carbon.toml"
    return Names("indicator", "indicator", pairs, remedy)


def from_zero_up(cells: Any, read: Understood, column: str) -> Decimal | None:
    """A number that must be there and is not negative."""
    number = read.number(cells, column)
    if number is not None and number < 0:
        read.row.take(
            CarbonError(
                "negative-quantity",
                f"{read.labels[column]} {words.text(getattr(cells, column))!r} is negative",
                looked_for="a number from 0 up",
                remedy="correct it; to take back what was recorded, withdraw it",
            )
        )
    return number


def _unit(of: Indicator | None, written: str, label: str) -> str:
    """The unit as entered, of the kind that the indicator is counted in."""
    if not written:
        raise blank(label)
    if of is not None:
        try:
            of.amount(1, written)
        except UnitError as fault:
            raise CarbonError(
                fault.code,
                f"{of.name}: {fault.message}",
                looked_for=fault.looked_for,
                nearest=fault.nearest,
                remedy=fault.remedy,
            ) from None
    return written


PERFORMANCE: dict[str, Callable[[Any, Understood], Any]] = {"indicator": indicator}
