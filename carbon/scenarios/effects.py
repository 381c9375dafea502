"""How far a measure acts: on which loads, from which month, and what it multiplies them with.

Measures and the loads of the ledger go in, exact fractions come out. Measures on the whole load
multiply; those on different sub-loads act each on its own share, so that two halves saved are never
more than the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from carbon.scenarios.model import Measure, Scenario, mistake

PURCHASED = ("electricity", "electricity_including_pv")
PHOTOVOLTAIC = (
    *("pv_generation", "pv_export", "pv_self_used", "pv_curtailed", "pv_potential"),
    *("storage_charge", "storage_discharge", "storage_change"),
)


class Load(NamedTuple):
    """A key of the ledger as a measure sees it; role '' is an unmetered bill."""

    site: str
    meter: str
    activity: str
    detail: str
    role: str

    @property
    def is_bill(self) -> bool:
        """True for electricity bought: sub-meters and chargers measure parts of it."""
        return self.activity in PURCHASED and self.role in ("", "grid_import")


def acts_on(measure: Measure, load: Load) -> bool:
    """True where a measure multiplies a load. A PUE acts on bills, growth never on PV by itself."""
    if measure.kind not in ("growth", "efficiency", "pue"):
        return False
    if measure.kind == "pue" and not load.is_bill:
        return False
    if measure.kind == "growth" and not measure.activity and load.activity in PHOTOVOLTAIC:
        return False
    return all(
        not wanted or found in wanted
        for wanted, found in (
            (measure.site, load.site),
            (measure.meter, load.meter),
            (measure.activity, load.activity),
            (measure.detail, load.detail),
        )
    )


def month_index(month: int) -> int:
    return month // 100 * 12 + month % 100 - 1


def level_in(measure: Measure, month: int) -> Fraction:
    """How far a measure is in force in a month, 0 to 1: ramped up by equal steps, until its end."""
    since = month_index(month) - month_index(measure.start)
    if since < 0 or (measure.life_years and since >= measure.life_years * 12):
        return Fraction(0)
    if measure.ramp_months == 0:
        return Fraction(1)
    return min(Fraction(since + 1, measure.ramp_months), Fraction(1))


def interpolated(points: Mapping[int, Decimal | Fraction], year: int) -> Fraction:
    """The value of a path in a year: linear between its years, level before and after them.

    >>> interpolated({2022: Decimal(1), 2024: Decimal(3)}, 2023)
    Fraction(2, 1)
    """
    before = max((known for known in points if known <= year), default=min(points))
    after = min((known for known in points if known >= year), default=max(points))
    low, high = Fraction(points[before]), Fraction(points[after])
    if before == after:
        return low
    return low + (high - low) * Fraction(year - before, after - before)


def effect_of(measure: Measure, base_year: int, month: int, year: int) -> Fraction:
    """What a measure multiplies its load with in a month of a reporting year."""
    if measure.kind == "growth":
        if measure.start and month < measure.start:
            return Fraction(1)
        if measure.path:
            return interpolated({base_year: Decimal(1)} | measure.path, max(year, base_year))
        begun = measure.start // 100 - 1 if measure.start else base_year
        return (1 + Fraction(measure.rate)) ** max(year - begun, 0)
    if measure.kind == "pue":
        was = Fraction(measure.from_)
        if measure.path:
            points = {base_year: measure.from_} | measure.path
            return interpolated(points, max(year, base_year)) / was
        return (was + level_in(measure, month) * (Fraction(measure.to) - was)) / was
    full = 1 / (1 + Fraction(measure.gain)) if measure.gain else 1 - Fraction(measure.cut)
    return 1 + level_in(measure, month) * (full - 1)


def together(measures: Sequence[Measure], effect: Callable[[Measure], Fraction]) -> Fraction:
    """What measures do to one load: products on the whole and within a sub-load, sums across."""
    whole = Fraction(1)
    parts: dict[str, Fraction] = {}
    shares: dict[str, Fraction] = {}
    for measure in measures:
        if measure.sub_load:
            shares[measure.sub_load] = Fraction(measure.share)
            parts[measure.sub_load] = parts.get(measure.sub_load, Fraction(1)) * effect(measure)
        else:
            whole *= effect(measure)
    return whole * (1 + sum(shares[name] * (part - 1) for name, part in parts.items()))


def check_shares(scenario: Scenario, load: Load, measures: Sequence[Measure]) -> None:
    """The sub-loads of one load: one share each, and no more than the load together."""
    shares: dict[str, Decimal] = {}
    for measure in measures:
        if not measure.sub_load:
            continue
        if shares.setdefault(measure.sub_load, measure.share) != measure.share:
            raise mistake(
                scenario.name,
                scenario.file,
                f"gives the sub-load {measure.sub_load!r} at {load.site} two shares, "
                f"{shares[measure.sub_load]} and {measure.share}",
                "share",
                (),
            )
    if sum(shares.values()) > 1:
        raise mistake(
            scenario.name,
            scenario.file,
            f"gives sub-loads at {load.site} that are more than the whole: "
            + ", ".join(f"{name} {share}" for name, share in shares.items()),
            "share",
            (),
        )
