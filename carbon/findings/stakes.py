"""What is at stake in a finding: the emissions of the months, entries or quantities it is about.

A finding says what it is `About`; here alone is it weighed, by the emissions as calculated: Scope
1, Scope 2 location-based and Scope 3 of the activity itself. A quantity that reaches no total is
weighed by what the same activity emits per unit elsewhere in the book; a missing month by the mean
of its meter. What no figure of the book tells stays untold, which is not 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import NamedTuple

from carbon.engine import Row
from carbon.errors import About, Problem
from carbon.run import Run

KILOGRAM = Decimal("0.001")  # of a tonne: nearer is no stake told
APART = ("fuel- and energy-related activities", "energy supplied to others")  # told by themselves


class Weight(NamedTuple):
    """Emissions and quantity of a key in a month. [g CO2e], [canonical unit]"""

    site: str
    meter: str
    activity: str
    month: int
    set_id: str
    co2e_g: Decimal
    quantity: Decimal


class Stakes:
    """The emissions of a run, as findings are weighed by them. Read once, and only if asked."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._rates: dict[About, tuple[Decimal, Decimal] | None] = {}

    def weighed(self, problem: Problem) -> Problem:
        """The finding with its tonnes, where they can be told."""
        if problem.mass_t is not None:
            return replace(problem, mass_t=rounded(problem.mass_t))
        grams = [found for each in problem.about if (found := self._grams(each)) is not None]
        if not grams:
            return problem
        return replace(problem, mass_t=rounded(sum(map(abs, grams), Decimal(0)).scaleb(-6)))

    def _grams(self, about: About) -> Decimal | None:
        if about.entry_id:
            return self._of_entry(about.entry_id)
        if about.quantity is not None:
            return self._priced(about, about.quantity)
        return {"counted": self._counted, "recorded": self._recorded, "missing": self._missing}[
            about.how
        ](about)

    def _counted(self, about: About) -> Decimal | None:
        """What its months emit."""
        found = [each.co2e_g for each in self._weights if _is_meant(each, about)]
        return sum(found, Decimal(0)) if found else None

    def _recorded(self, about: About) -> Decimal | None:
        """What is recorded in its months and counts nowhere, as the activity emits elsewhere."""
        found = [
            self._priced(replace(about, activity=activity), quantity)
            for site, meter, activity, month, quantity in self._entered
            if _is_meant(Weight(site, meter, activity, month, "", Decimal(0), quantity), about)
        ]
        known = [each for each in found if each is not None]
        return sum(known, Decimal(0)) if known else None

    def _missing(self, about: About) -> Decimal | None:
        """What its months would usually emit; what fills them, where something does."""
        emitted: dict[int, Decimal] = {}
        for each in self._weights:
            if _is_meant(each, replace(about, months=frozenset(), first=0, last=0)):
                emitted[each.month] = emitted.get(each.month, Decimal(0)) + each.co2e_g
        if not emitted:
            return None
        usual = sum(emitted.values(), Decimal(0)) / len(emitted)
        return sum((emitted.get(month, usual) for month in about.months), Decimal(0))

    def _of_entry(self, entry_id: int) -> Decimal | None:
        """What an entry emits, by the rate of its own months."""
        parts = [
            self._priced(About(site, meter, activity, months=frozenset([month])), quantity)
            for site, meter, activity, month, quantity in self._entry_months.get(entry_id, ())
        ]
        known = [each for each in parts if each is not None]
        return sum(map(abs, known), Decimal(0)) if known else None

    def _priced(self, about: About, quantity: Decimal) -> Decimal | None:
        """A quantity times what a unit of the activity emits: there and then, there, anywhere."""
        key = replace(about, quantity=None)
        if key not in self._rates:
            self._rates[key] = self._rate(about)
        rate = self._rates[key]
        return None if rate is None else quantity * rate[0] / rate[1]

    def _rate(self, about: About) -> tuple[Decimal, Decimal] | None:
        """The emissions and the quantity that a rate is of."""
        alike = self._by_activity.get(about.activity, [])
        tests: list[tuple[Sequence[Weight], Callable[[Weight], bool]]] = [
            (alike if about.activity else self._weights, lambda each: _is_meant(each, about)),
            (alike, lambda each: each.site == about.site),
            (alike, lambda each: True),
            # electricity_including_pv
            (self._weights, lambda each: each.activity.startswith(about.activity)),
        ]
        for weights, test in tests:
            found = [each for each in weights if test(each)]
            total = sum((each.quantity for each in found), Decimal(0))
            if total > 0:
                return sum((each.co2e_g for each in found), Decimal(0)), total
        return None

    @cached_property
    def _weights(self) -> list[Weight]:
        parts = ", ".join(f"'{each}'" for each in APART)
        return [
            Weight(*row)
            for row in self._run.rows(
                "with part as (select site, meter, activity, month, detail, set_id, unit,"
                " sum(co2e_g) as co2e_g, max(quantity) as quantity from emission"
                " where scenario = 'actual' and accounting <> 'market'"
                f" and line in ('scope1', 'scope2', 'scope3') and category not in ({parts})"
                " group by all)"
                " select site, meter, activity, month, set_id, sum(co2e_g), sum(quantity) from part"
                " group by all order by all"
            )
        ]

    @cached_property
    def _by_activity(self) -> dict[str, list[Weight]]:
        found: dict[str, list[Weight]] = {}
        for each in self._weights:
            found.setdefault(each.activity, []).append(each)
        return found

    @cached_property
    def _entry_months(self) -> dict[int, list[Row]]:
        """Site, meter, activity, month and quantity of every entry."""
        found: dict[int, list[Row]] = {}
        for entry_id, *rest in self._run.rows(
            "select e.entry_id, k.site, k.meter, k.activity, e.month, e.quantity"
            " from entry_month as e join activity_key as k on k.key_id = e.key_id order by all"
        ):
            found.setdefault(entry_id, []).append(tuple(rest))
        return found

    @cached_property
    def _entered(self) -> list[Row]:
        return self._run.rows(
            "select k.site, k.meter, k.activity, e.month, sum(e.quantity)"
            " from entry_current_month as e join activity_key as k on k.key_id = e.key_id"
            " group by all order by all"
        )


def _is_meant(each: Weight, about: About) -> bool:
    """Whether a key and month is among what a finding is about."""
    return (
        (not about.site or each.site == about.site)
        and (not about.meter or each.meter == about.meter)
        and (not about.activity or each.activity == about.activity)
        and (not about.set_id or each.set_id == about.set_id)
        and (not about.months or each.month in about.months)
        and (not about.first or about.first <= each.month <= about.last)
    )


def rounded(mass_t: Decimal) -> Decimal:
    """Tonnes to the kilogram."""
    return mass_t.quantize(KILOGRAM, ROUND_HALF_UP)


def every(site: str, activities: Iterable[str], **more: int) -> tuple[About, ...]:
    """Several activities of a site."""
    return tuple(About(site, activity=activity, **more) for activity in activities)
