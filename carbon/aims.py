"""What a target says by its kind: the keys that mean something to it, and those it needs.

`check_aim` refuses a target that says too little, too much, or two things at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

# Science Based Targets initiative, Foundations of Science-based Target Setting, version 1.0 (April
# 2019), page 22: the least linear annual reduction of absolute contraction. [% of the base year/a]
SBTI_RATES = {"1.5C": Decimal("4.2"), "WB2C": Decimal("2.5")}

TAKES = {  # beside name, kind, year and note, which every target has
    "peak": ("line", "sites"),
    "neutral": ("line", "sites"),
    "net zero": ("line", "sites"),
    "reduction": ("line", "sites", "base_year", "percent", "rate", "pathway", "per"),
    "budget": ("line", "sites", "since", "budget_t", "yearly_t"),
    "ceiling": ("node", "metric"),
}
OF_EVERY_KIND = ("name", "kind", "year", "note")


class Aim(Protocol):
    """What is asked of a target here."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def line(self) -> str | None: ...
    @property
    def base_year(self) -> int | None: ...
    @property
    def percent(self) -> Decimal | None: ...
    @property
    def rate(self) -> str: ...
    @property
    def pathway(self) -> Mapping[int, Decimal]: ...
    @property
    def per(self) -> str: ...
    @property
    def since(self) -> int | None: ...
    @property
    def budget_t(self) -> Decimal | None: ...
    @property
    def yearly_t(self) -> Mapping[int, Decimal]: ...
    @property
    def metric(self) -> str: ...


def check_aim(aim: Aim, said: set[str]) -> None:
    """Raises ValueError for keys that mean nothing to a kind, and for what it lacks.

    said : the keys the file has.
    """
    for key in sorted(said - {*TAKES[aim.kind], *OF_EVERY_KIND}):
        kinds = " or ".join(kind for kind, keys in TAKES.items() if key in keys)
        raise ValueError(f"target {aim.name!r} is of kind {aim.kind!r}, and {key} is of {kinds}")
    if aim.line == "net" and aim.kind in ("reduction", "budget"):
        raise ValueError(
            f"target {aim.name!r} is a {aim.kind}, which credits do not change: its line is"
            " 'location' or 'market'"
        )
    if aim.kind == "reduction":
        _check_reduction(aim)
    elif aim.kind == "budget":
        _check_budget(aim)
    elif aim.kind == "ceiling" and not aim.metric:
        raise ValueError(
            f"target {aim.name!r} lacks metric: what its monthly goals are of, as electricity,"
            " energy or emissions"
        )


def _check_reduction(aim: Aim) -> None:
    ways = [key for key in ("percent", "rate", "pathway") if getattr(aim, key)]
    if len(ways) != 1:
        raise ValueError(
            f"target {aim.name!r} says how much by one of percent, rate or pathway, not by"
            f" {' and '.join(ways) or 'none'}"
        )
    if aim.rate and aim.per:
        raise ValueError(
            f"target {aim.name!r}: rate {aim.rate!r} is one of absolute emissions, and takes no per"
        )
    if aim.pathway and max(aim.pathway) != aim.year:
        raise ValueError(
            f"the pathway of target {aim.name!r} ends in {max(aim.pathway)}, not in its year"
            f" {aim.year}"
        )
    first = min(aim.pathway, default=aim.year)
    if aim.base_year and aim.base_year >= first:
        raise ValueError(
            f"target {aim.name!r} begins in {first}, not after its base year {aim.base_year}"
        )


def _check_budget(aim: Aim) -> None:
    if (aim.budget_t is None) == (not aim.yearly_t):
        raise ValueError(
            f"target {aim.name!r} says how much by one of budget_t, with since, or yearly_t"
        )
    if aim.yearly_t:
        years = list(range(min(aim.yearly_t), aim.year + 1))
        if aim.since or sorted(aim.yearly_t) != years:
            raise ValueError(
                f"yearly_t of target {aim.name!r} gives every year up to its year {aim.year}, and"
                " takes no since"
            )
    elif aim.since is None or aim.since > aim.year:
        raise ValueError(
            f"target {aim.name!r} lacks since: the first year of its budget, in or before"
            f" {aim.year}"
        )
