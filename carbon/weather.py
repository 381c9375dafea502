"""What a month would have used in other weather: a degree-day regression.

Average use a day is fitted by ordinary least squares as a base and a slope for heating and for
cooling degree days a day. Of the models without a slope below zero the one with the highest
adjusted R2 is taken; one that explains nothing is none. It takes a year of months. R2 and CV(RMSE)
tell how well it fits; where to draw the line is left to who reads them.

Sources: the degree-day model of PRISM (Fels, 1986); adjusted baseline as in IPMVP, option C;
CV(RMSE) with n - p as in ASHRAE Guideline 14.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

FEWEST = 12  # months of a fit
NOTHING = 1e-9  # below it a sum of squares, or an adjusted R2, is none


class Month(NamedTuple):
    """A month of weather: its days, and its degree days by kind."""

    days: int
    degree_days: Mapping[str, float]


@dataclass(frozen=True)
class Fit:
    """Use as a base a day and slopes by kind of degree day, and how well that fits."""

    base: float  # a day
    slopes: Mapping[str, float]  # a degree day
    months: int
    r2: float
    adjusted_r2: float
    cv_rmse: float  # share of the mean
    highest: Mapping[str, float]  # degree days a day in any month of the fit

    def use(self, month: Month) -> float:
        """What the model makes of a month."""
        return self.base * month.days + sum(
            slope * month.degree_days[kind] for kind, slope in self.slopes.items()
        )

    def is_beyond(self, month: Month) -> bool:
        """Whether a month had more weather than any the model was fitted on."""
        return any(
            month.degree_days[kind] / month.days > self.highest[kind] + NOTHING
            for kind in self.slopes
        )


def fitted(months: Sequence[Month], used: Sequence[float]) -> Fit | None:
    """The model that fits a year of months best, None where weather explains nothing.

    months, used : of the same months. Raises ValueError for fewer than `FEWEST`.
    """
    if len(months) < FEWEST:
        raise ValueError(f"a fit takes {FEWEST} months, not {len(months)}")
    daily = [quantity / month.days for quantity, month in zip(used, months, strict=True)]
    kinds = {
        kind: [month.degree_days[kind] / month.days for month in months]
        for kind in months[0].degree_days
    }
    kinds = {kind: values for kind, values in kinds.items() if max(values) - min(values) > NOTHING}
    candidates = [
        fit
        for size in range(1, len(kinds) + 1)
        for names in combinations(kinds, size)
        if (fit := _model(daily, {name: kinds[name] for name in names}))
    ]
    found = max(candidates, key=lambda fit: fit.adjusted_r2, default=None)
    return found if found and found.adjusted_r2 > NOTHING else None


def _model(daily: Sequence[float], kinds: Mapping[str, Sequence[float]]) -> Fit | None:
    """One model by least squares, None where a slope is below zero or nothing can be told apart."""
    import numpy

    design = numpy.column_stack([numpy.ones(len(daily)), *kinds.values()])
    use = numpy.array(daily)
    found, _, rank, _ = numpy.linalg.lstsq(design, use, rcond=None)
    if rank < design.shape[1] or (found[1:] < 0).any():
        return None
    n, p = design.shape
    mean = float(use.mean())
    left = float(((use - design @ found) ** 2).sum())
    total = float(((use - mean) ** 2).sum())
    if total <= NOTHING * max(mean * mean, NOTHING) or mean <= 0:
        return None
    r2 = 1 - left / total
    return Fit(
        float(found[0]),
        {kind: float(slope) for kind, slope in zip(kinds, found[1:], strict=True)},
        n,
        r2,
        1 - (1 - r2) * (n - 1) / (n - p),
        math.sqrt(left / (n - p)) / mean,
        {kind: max(values) for kind, values in kinds.items()},
    )
