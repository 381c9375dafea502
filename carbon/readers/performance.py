"""The layouts of what is kept beside emissions: figures of indicators, and goals."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from carbon import units
from carbon.errors import CarbonError, UnitError
from carbon.performance import ORGANISATION, Indicator
from carbon.readers import words
from carbon.readers.activities import quality_names
from carbon.readers.lookup import Names, blank
from carbon.readers.small import Understood, period, without_co2
from carbon.records import Goal, IndicatorFigure, Vocabulary


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
            raise _of(of.name, fault) from None
    return written


def goal(cells: Any, read: Understood) -> Goal:
    """An energy goal, in the unit as entered."""
    known = read.vocabulary
    node, metric = ORGANISATION, None
    if words.text(cells.node):
        node = read.row.attempt(_node, words.text(cells.node), read)
    pairs = [(each, each) for each in known.goal_units]
    pairs += [(other, each.activity) for each in known.activities.values() for other in each.names]
    metrics = Names("metric", "metric", pairs, "write one of these")
    metric = read.row.attempt(metrics.find, cells.metric, read.labels["metric"])
    return Goal(
        metric,
        read.row.attempt(period, cells, read),
        from_zero_up(cells, read, "goal"),
        read.row.attempt(_goal_unit, metric, words.text(cells.unit), read),
        node,
        read.text(cells, "evidence"),
        read.text(cells, "note"),
        read.row.row,
    )


def _node(written: str, read: Understood) -> str:
    """A node by its name, a site by its title too."""
    nodes = read.vocabulary.nodes
    if nodes.count(written) > 1:
        raise CarbonError(
            "ambiguous-node",
            f"{written!r} is a site and an area of the book",
            remedy="give one of them another name in carbon.toml",
        )
    pairs = [(each, each) for each in nodes]
    pairs += [(title, name) for name, title in read.vocabulary.sites.items()]
    remedy = "correct the name, or add the site or [[area]] to carbon.toml"
    return Names("site, department or key area", "node", pairs, remedy).find(
        written, read.labels["node"]
    )


def _goal_unit(metric: str | None, written: str, read: Understood) -> str:
    """The unit as entered, of the kind that the metric is counted in."""
    if not written:
        raise blank(read.labels["unit"])
    plain = without_co2(written)
    if metric is not None:
        try:
            units.conversion(plain, read.vocabulary.goal_units[metric])
        except UnitError as fault:
            raise _of(metric, fault) from None
    return plain


def _of(name: str, fault: UnitError) -> CarbonError:
    return CarbonError(
        fault.code,
        f"{name}: {fault.message}",
        looked_for=fault.looked_for,
        nearest=fault.nearest,
        remedy=fault.remedy,
    )


PERFORMANCE: dict[str, Callable[[Any, Understood], Any]] = {"indicator": indicator, "goal": goal}
