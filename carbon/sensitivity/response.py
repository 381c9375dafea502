"""What the years ahead do when several assumptions are off at once, out of what each does alone.

The engine projects the plan and every assumption at two other values; here lies what becomes of a
part in between. Effects on one part multiply: the logarithm of its ratio to the plan is a parabola
through the three values, and the logarithms of several assumptions add up. A delay, and whatever
the plan or a value leaves at nothing, adds straight lines instead. The errors of
recorded quantities and of factors multiply parts by name, and certificates cover no more than the
electricity that is left. How near this comes is measured: `odds` lets the engine project some of
the draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbon.sensitivity.assumptions import Assumption
from carbon.sensitivity.projected import Part, Parts, Projection, Sites

if TYPE_CHECKING:
    import numpy

Slopes = tuple[Any, Any]  # of the steps that count: which, and what a step adds by year
CHUNK = 500  # courses at a time, so that they stay near the processor
EXACT = ""  # the source of what has no error
NEXT_TO_NOTHING = 1e-9  # of a path or amount
ROUND = 10  # digits to which responses are the same


@dataclass(frozen=True)
class Errors:
    """Which errors a part has: sources of quantity and factor with the share of it they reach."""

    of: Mapping[Part, Sequence[tuple[str, str, float]]]


@dataclass(frozen=True)
class Bucket:
    """Parts that are added up: an account, where certificates for it come from, and the boundaries
    its site lies in."""

    account: str
    market: str
    site: str  # of certificates that a site keeps to itself, else ''
    inside: tuple[int, ...]


@dataclass(frozen=True)
class Ahead:
    """Courses of the years ahead. totals : by boundary and line, shape (courses, years).
    [t CO2e]"""

    totals: Mapping[tuple[Sites, str], numpy.ndarray]
    credits_t: numpy.ndarray


class Response:
    """The years ahead of a scenario as a function of its assumptions and of errors."""

    def __init__(
        self,
        years: Sequence[int],
        known: Sequence[Assumption],
        plan: Projection,
        asked: Mapping[tuple[str, int], Projection | None],
        credits_t: Mapping[tuple[str, int] | None, Sequence[float]],
        errors: Errors,
        boundaries: Sequence[Sites],
    ) -> None:
        """asked : by assumption and probe (0, 1), with parts as those of the plan.
        credits_t : of the plan (None) and each probe, by year."""

        self.years, self.known, self.boundaries = tuple(years), tuple(known), tuple(boundaries)
        self._parts(plan, asked, errors)
        self._purchases(plan, asked, credits_t)

    def _parts(
        self,
        plan: Projection,
        asked: Mapping[tuple[str, int], Projection | None],
        errors: Errors,
    ) -> None:
        import numpy

        parts = sorted({*plan.parts, *(p for each in asked.values() if each for p in each.parts)})
        kept = {site for _, site, _ in plan.certificates if site}
        middle = _array(plan.parts, parts, self.years)
        ends = {
            spot: each and _array(each.parts, parts, self.years) for spot, each in asked.items()
        }
        logs, sums = self._slopes(middle, ends)
        self._cells(parts, middle, numpy.round(logs, ROUND), sums, errors, kept)

    def _slopes(
        self, middle: numpy.ndarray, ends: Mapping[tuple[str, int], numpy.ndarray | None]
    ) -> tuple[numpy.ndarray, numpy.ndarray]:
        """What the steps of every assumption do to some amounts: to their logarithms; of a delay,
        and where an amount is nothing as planned or at an end, to themselves.

        An amount is (planned + steps @ sums) x exp(steps @ logs).
        """
        import numpy

        logs = numpy.zeros((2 * len(self.known), *middle.shape))
        sums = numpy.zeros_like(logs)
        for number, each in enumerate(self.known):
            rows = slice(2 * number, 2 * number + 2)
            found = [ends.get((each.name, probe)) for probe in (0, 1)]
            is_positive = (middle > 0) & (not each.is_late)
            for array in found:
                if array is not None:
                    is_positive = is_positive & (array > 0)
            ratios = [a if a is None else _log_ratio(a, middle, is_positive) for a in found]
            apart = [a if a is None else numpy.where(is_positive, 0, a - middle) for a in found]
            logs[rows] = _coefficients(each, ratios, middle.shape)
            sums[rows] = _coefficients(each, apart, middle.shape)
        return logs, sums

    def _cells(
        self,
        parts: Sequence[Part],
        middle: numpy.ndarray,
        logs: numpy.ndarray,
        sums: numpy.ndarray,
        errors: Errors,
        kept: set[str],
    ) -> None:
        """Sort the parts by what they respond to and what they are added to."""
        import numpy

        groups: dict[bytes, int] = {}
        columns, cells = [], {}
        terms: list[tuple[str, str, float, int]] = []  # quantity, factor, share, part
        self.sources: list[str] = [EXACT]
        self._added: list[tuple[int, Bucket, int, numpy.ndarray, Slopes]] = []
        inside = {
            part.site: tuple(
                n for n, sites in enumerate(self.boundaries) if not sites or part.site in sites
            )
            for part in parts
        }
        for place, part in enumerate(parts):
            bucket = Bucket(
                part.account,
                part.market,
                part.site if part.site in kept else "",
                inside[part.site],
            )
            shape = logs[:, place, :]
            group = groups.setdefault(shape.tobytes(), len(groups))
            if group == len(columns):
                columns.append(shape)
            is_added = bool(sums[:, place, :].any())
            for quantity, factor, share in errors.of.get(part) or [(EXACT, EXACT, 1.0)]:
                if part.account == "energy":
                    factor = EXACT
                term = len(terms)
                terms.append((quantity, factor, share, place))
                if is_added:
                    rows = numpy.flatnonzero(sums[:, place, :].any(axis=1))
                    slopes = (rows, sums[rows, place, :] * share)
                    self._added.append((group, bucket, term, middle[place] * share, slopes))
                else:
                    cells.setdefault((group, bucket), []).append(term)
        self.sources += sorted({name for each in terms for name in each[:2]} - {EXACT})
        index = {name: n for n, name in enumerate(self.sources)}
        self._quantity = numpy.array([index[each[0]] for each in terms], int)
        self._factor = numpy.array([index[each[1]] for each in terms], int)
        self.cells = [
            (group, bucket, numpy.array(of), _masses(terms, of, middle))
            for (group, bucket), of in cells.items()
        ]
        self._logs = (
            numpy.stack(columns, axis=1)
            if columns
            else numpy.zeros((2 * len(self.known), 0, len(self.years)))
        )

    def _purchases(
        self,
        plan: Projection,
        asked: Mapping[tuple[str, int], Projection | None],
        credits_t: Mapping[tuple[str, int] | None, Sequence[float]],
    ) -> None:
        """Certificates and credits, whose amounts are added, never multiplied."""
        import numpy

        def bought(projection: Projection, spot: tuple[str, str]) -> numpy.ndarray:
            return numpy.array([projection.certificates.get((*spot, y), 0.0) for y in self.years])

        every = [plan, *(each for each in asked.values() if each)]
        spots = {(market, site) for each in every for market, site, _ in each.certificates}
        self._bought = {}
        for spot in sorted(spots):
            middle = bought(plan, spot)
            ends = {at: each and bought(each, spot) for at, each in asked.items()}
            self._bought[spot] = (middle, *self._slopes(middle, ends))
        planned_t = numpy.array(credits_t[None], float)
        ends = {at: each and numpy.array(credits_t[at], float) for at, each in asked.items()}
        self._credits = (planned_t, *self._slopes(planned_t, ends))

    def steps(self, values: numpy.ndarray) -> numpy.ndarray:
        """How far assumptions are off, as the response counts it. shape (courses, 2 x assumptions)

        values : of the assumptions, shape (courses, assumptions)
        """
        import numpy

        found = numpy.empty((len(values), 2 * len(self.known)))
        for number, each in enumerate(self.known):
            away = _away(each, values[:, number])
            if each.is_late:
                half = float(each.probes[0])
                found[:, 2 * number] = numpy.minimum(away, half)
                found[:, 2 * number + 1] = numpy.maximum(away - half, 0)
            else:
                found[:, 2 * number], found[:, 2 * number + 1] = away, away**2
        return found

    def ahead(self, values: numpy.ndarray, errors: numpy.ndarray) -> Ahead:
        """Courses of the years ahead.

        values : of the assumptions, shape (courses, assumptions)
        errors : what each of `sources` multiplies its parts with, shape (courses, sources)
        """
        import numpy

        found = [
            self._some(values[n : n + CHUNK], errors[n : n + CHUNK])
            for n in range(0, len(values), CHUNK)
        ]
        return Ahead(
            {
                spot: numpy.concatenate([each.totals[spot] for each in found])
                for spot in found[0].totals
            },
            numpy.concatenate([each.credits_t for each in found]),
        )

    def _some(self, values: numpy.ndarray, errors: numpy.ndarray) -> Ahead:
        import numpy

        steps, count = self.steps(values), len(self.years)
        flat = self._logs.reshape(len(steps[0]), -1)
        ratios = numpy.exp(steps @ flat).reshape(len(steps), -1, count)
        each_error = errors[:, self._quantity] * errors[:, self._factor]
        sums: dict[Bucket, numpy.ndarray] = {}
        for group, bucket, of, masses in self.cells:
            held = sums.setdefault(bucket, numpy.zeros((len(steps), count)))
            held += ratios[:, group] * (each_error[:, of] @ masses)
        for group, bucket, term, middle, (rows, slopes) in self._added:
            held = sums.setdefault(bucket, numpy.zeros((len(steps), count)))
            moved = (middle + steps[:, rows] @ slopes) * ratios[:, group]
            held += moved * each_error[:, term, None]
        credits = _amounts(steps, *self._credits)
        return Ahead(self._totals(sums, self._uncovered(sums, steps)), credits)

    def _uncovered(
        self, sums: Mapping[Bucket, numpy.ndarray], steps: numpy.ndarray
    ) -> dict[tuple[str, str], numpy.ndarray]:
        """What certificates leave of the electricity they could cover, by market and site. [1]

        Those of a site come first, those of the market then cover the same share everywhere.
        """
        import numpy

        energy: dict[tuple[str, str], numpy.ndarray] = {}
        for bucket, value in sums.items():
            if bucket.account == "energy":
                spot = (bucket.market, bucket.site)
                energy[spot] = energy.get(spot, 0) + value
        left = {}
        for spot, value in energy.items():
            bought = self._certified(spot, steps) if spot[1] else 0
            left[spot] = numpy.maximum(value - bought, 0)
        found = {}
        for spot, value in energy.items():
            whole = sum(each for (market, _), each in left.items() if market == spot[0])
            bought = self._certified((spot[0], ""), steps)
            share = numpy.divide(bought, whole, out=numpy.ones_like(whole), where=whole > bought)
            kept = numpy.divide(left[spot], value, out=numpy.zeros_like(value), where=value > 0)
            found[spot] = kept * (1 - share)
        return found

    def _certified(self, spot: tuple[str, str], steps: numpy.ndarray) -> numpy.ndarray:
        """Certificates of a market, or of a site in it. [MWh]"""
        import numpy

        if spot not in self._bought:
            return numpy.zeros((len(steps), len(self.years)))
        return _amounts(steps, *self._bought[spot])

    def _totals(
        self,
        sums: Mapping[Bucket, numpy.ndarray],
        uncovered: Mapping[tuple[str, str], numpy.ndarray],
    ) -> dict[tuple[Sites, str], numpy.ndarray]:
        found: dict[tuple[Sites, str], numpy.ndarray] = {}
        for bucket, value in sums.items():
            lines = ("location", "market") if bucket.account == "scope1" else (bucket.account,)
            if bucket.account == "energy":
                continue
            if bucket.account == "coverable":
                lines = ("market",)
                value = value * uncovered.get((bucket.market, bucket.site), 1)
            for line in lines:
                for place in bucket.inside:
                    spot = (self.boundaries[place], line)
                    found[spot] = found.get(spot, 0) + value
        return found


def _array(of: Parts, parts: Sequence[Part], years: Sequence[int]) -> numpy.ndarray:
    import numpy

    none: dict[int, float] = {}
    return numpy.array([[of.get(p, none).get(y, 0.0) for y in years] for p in parts]).reshape(
        len(parts), len(years)
    )


def _masses(
    terms: Sequence[tuple[str, str, float, int]], of: Sequence[int], middle: numpy.ndarray
) -> numpy.ndarray:
    import numpy

    return numpy.array([middle[terms[term][3]] * terms[term][2] for term in of])


def _away(each: Assumption, value: float | numpy.ndarray) -> numpy.ndarray:
    """How far from the plan a value is: of what multiplies its years, the logarithm of that, so
    that an effect that is a power of it meets every value exactly."""
    import numpy

    planned = float(each.planned)
    if each.unit == "rate":
        return numpy.log1p(value) - numpy.log1p(planned)
    if each.is_power and each.low > 0:
        return numpy.log(numpy.maximum(value, NEXT_TO_NOTHING) / planned)
    return numpy.asarray(value - planned)


def _log_ratio(
    array: numpy.ndarray, middle: numpy.ndarray, is_positive: numpy.ndarray
) -> numpy.ndarray:
    import numpy

    return numpy.log(numpy.divide(array, middle, out=numpy.ones_like(middle), where=is_positive))


def _amounts(
    steps: numpy.ndarray, middle: numpy.ndarray, logs: numpy.ndarray, sums: numpy.ndarray
) -> numpy.ndarray:
    """Amounts by course and year; nothing less than nothing is bought."""
    import numpy

    return numpy.maximum(middle + steps @ sums, 0) * numpy.exp(steps @ logs)


def _coefficients(
    each: Assumption, ends: Sequence[numpy.ndarray | None], shape: tuple[int, ...]
) -> numpy.ndarray:
    """What an assumption's two steps are multiplied with, to meet the two values it was asked at.

    A value the engine could not be asked at leaves a straight line through the other one.
    """
    import numpy

    first, second = (float(_away(each, float(probe))) for probe in each.probes)
    found = numpy.zeros((2, *shape))
    low, high = ends
    if low is None or not first or first == second:
        first, low = 0.0, None
    if high is None or not second:
        second, high = 0.0, None
    if low is None and high is None:
        return found
    if low is None or high is None:
        slope = high / second if low is None else low / first
        found[0] = slope
        found[1] = slope if each.is_late else 0
    elif each.is_late:
        found[0], found[1] = low / first, (high - low) / (second - first)
    else:
        found[1] = (high / second - low / first) / (second - first)
        found[0] = low / first - found[1] * first
    return found
