"""What the years ahead do when several assumptions are off at once, out of what each does alone.

The engine projects the plan and every assumption at two other values; here lies what becomes of a
part in between. Effects on one part multiply: of a rate or an amount its power, whose logarithm is
a parabola through the three values; of all others the ratio to the plan, a parabola itself, of a
delay two straight lines. A delay and how much of the same measure comes act on one saving: what is
late is so much of what comes. What the plan leaves at nothing is added instead. The errors of
recorded quantities and of factors multiply parts by name, and certificates cover no more than the
electricity that is left. How near this comes is measured: `odds` lets the engine project some of
the draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from carbon.sensitivity.assumptions import Assumption
from carbon.sensitivity.projected import Part, Parts, Projection, Sites

if TYPE_CHECKING:
    import numpy

CHUNK = 500  # courses at a time, so that they stay near the processor
EXACT = ""  # the source of what has no error
NEXT_TO_NOTHING = 1e-9  # of a path or amount
NOTHING = 1e-12  # of a part or amount
ROUND = 10  # digits to which responses are the same


class Slopes(NamedTuple):
    """What a step of each assumption does, by part and year: to the logarithm of what a part is of
    its plan, to that ratio itself, and to the part where the plan leaves nothing of it."""

    logs: numpy.ndarray
    shares: numpy.ndarray
    sums: numpy.ndarray


class _Moves:
    """What groups of parts are of their plan, by what the steps of the assumptions do to them."""

    def __init__(self, known: Sequence[Assumption], slopes: Slopes) -> None:
        import numpy

        self._rows = numpy.flatnonzero(slopes.logs.any(axis=(1, 2)))
        self._logs = _by_group(slopes.logs[self._rows])
        of: dict[str, list[int]] = {}
        for number, each in enumerate(known):
            if slopes.shares[2 * number : 2 * number + 2].any():
                of.setdefault(each.of, []).extend((2 * number, 2 * number + 1))
        self._families = []  # of one measure: effects that add up, and multiply with all others
        for rows in of.values():
            groups = numpy.flatnonzero(slopes.shares[rows].any(axis=(0, 2)))
            shares = _by_group(slopes.shares[numpy.ix_(rows, groups)])
            self._families.append((rows, groups, shares))

    def ratios(self, steps: numpy.ndarray) -> numpy.ndarray:
        """shape (groups, courses, years)"""
        import numpy

        found = numpy.exp(steps[:, self._rows] @ self._logs)
        for rows, groups, shares in self._families:
            moved = steps[:, rows] @ shares
            moved += 1
            numpy.maximum(moved, 0, out=moved)
            for place, group in enumerate(groups):
                found[group] *= moved[place]
        return found


def _by_group(slopes: numpy.ndarray) -> numpy.ndarray:
    """Steps by group and year as groups by step and year, each group in one piece of memory."""
    return slopes.transpose(1, 0, 2).copy()


@dataclass(frozen=True)
class _Amounts:
    """Purchases by year. planned : [MWh or t]"""

    planned: numpy.ndarray
    moves: _Moves
    sums: numpy.ndarray

    def at(self, steps: numpy.ndarray) -> numpy.ndarray:
        """shape (courses, years); nothing less than nothing is bought"""
        import numpy

        return numpy.maximum(self.planned * self.moves.ratios(steps)[0] + steps @ self.sums, 0)


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
        shares = {each.of: n for n, each in enumerate(known) if each.is_delivery}
        self._late = {
            n: shares[each.of] for n, each in enumerate(known) if each.is_late and each.of in shares
        }
        self._parts(plan, asked, errors)
        self._purchases(plan, asked, credits_t)

    def _parts(
        self,
        plan: Projection,
        asked: Mapping[tuple[str, int], Projection | None],
        errors: Errors,
    ) -> None:

        parts = sorted({*plan.parts, *(p for each in asked.values() if each for p in each.parts)})
        kept = {site for _, site, _ in plan.certificates if site}
        middle = _array(plan.parts, parts, self.years)
        ends = {
            spot: each and _array(each.parts, parts, self.years) for spot, each in asked.items()
        }
        self._cells(parts, middle, self._slopes(middle, ends), errors, kept)

    def _slopes(
        self, middle: numpy.ndarray, ends: Mapping[tuple[str, int], numpy.ndarray | None]
    ) -> Slopes:
        """What the steps of every assumption do to some amounts."""
        import numpy

        shape = (2 * len(self.known), *middle.shape)
        found = Slopes(numpy.zeros(shape), numpy.zeros(shape), numpy.zeros(shape))
        is_there = middle > NOTHING
        whole = numpy.where(is_there, middle, 1.0)
        for number, each in enumerate(self.known):
            rows = slice(2 * number, 2 * number + 2)
            arrays = [ends.get((each.name, probe)) for probe in (0, 1)]
            is_power = is_there & each.is_power
            for array in arrays:
                if array is not None:
                    is_power = is_power & (array > NOTHING)
            for slopes, where, told in (
                (
                    found.logs,
                    is_power,
                    lambda a, where: numpy.log(numpy.where(where, a / whole, 1)),
                ),
                (found.shares, is_there & ~is_power, lambda a, _: a / whole - 1),
                (found.sums, ~is_there, lambda a, _: a - middle),
            ):
                if where.any():
                    there = [
                        a if a is None else numpy.where(where, told(a, where), 0) for a in arrays
                    ]
                    slopes[rows] = _coefficients(each, there, middle.shape)
        return Slopes(*(numpy.round(each, ROUND) for each in found))

    def _cells(
        self,
        parts: Sequence[Part],
        middle: numpy.ndarray,
        slopes: Slopes,
        errors: Errors,
        kept: set[str],
    ) -> None:
        """Sort the parts by what they respond to and what they are added to."""
        import numpy

        groups: dict[bytes, int] = {}
        first: list[int] = []  # part of each group
        cells: dict[tuple[int, Bucket], list[int]] = {}
        terms: list[tuple[str, str, float, int]] = []  # quantity, factor, share, part
        self.sources: list[str] = [EXACT]
        self._added: list[tuple[Bucket, int, numpy.ndarray, numpy.ndarray]] = []
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
            told = slopes.logs[:, place].tobytes() + slopes.shares[:, place].tobytes()
            group = groups.setdefault(told, len(groups))
            if group == len(first):
                first.append(place)
            rows = numpy.flatnonzero(slopes.sums[:, place].any(axis=1))
            for quantity, factor, share in errors.of.get(part) or [(EXACT, EXACT, 1.0)]:
                if part.account == "energy":
                    factor = EXACT
                term = len(terms)
                terms.append((quantity, factor, share, place))
                if rows.size:
                    self._added.append((bucket, term, rows, slopes.sums[rows, place] * share))
                cells.setdefault((group, bucket), []).append(term)
        self.sources += sorted({name for each in terms for name in each[:2]} - {EXACT})
        index = {name: n for n, name in enumerate(self.sources)}
        self._quantity = numpy.array([index[each[0]] for each in terms], int)
        self._factor = numpy.array([index[each[1]] for each in terms], int)
        self.cells = [
            (group, bucket, numpy.array(of), _masses(terms, of, middle))
            for (group, bucket), of in cells.items()
        ]
        self._moves = _Moves(self.known, Slopes(*(each[:, first] for each in slopes)))

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
            self._bought[spot] = self._moving(middle, ends)
        planned_t = numpy.array(credits_t[None], float)
        ends = {at: each and numpy.array(credits_t[at], float) for at, each in asked.items()}
        self._credits = self._moving(planned_t, ends)

    def _moving(
        self, middle: numpy.ndarray, ends: Mapping[tuple[str, int], numpy.ndarray | None]
    ) -> _Amounts:
        """Amounts by year that move with the assumptions."""
        spread = {at: each if each is None else each[None] for at, each in ends.items()}
        slopes = self._slopes(middle[None], spread)
        return _Amounts(middle, _Moves(self.known, slopes), slopes.sums[:, 0])

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
        for late, share in self._late.items():
            comes = values[:, share, None] / float(self.known[share].planned)
            found[:, 2 * late : 2 * late + 2] *= comes
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
        ratios = self._moves.ratios(steps)
        each_error = errors[:, self._quantity] * errors[:, self._factor]
        sums: dict[Bucket, numpy.ndarray] = {}
        for group, bucket, of, masses in self.cells:
            held = sums.setdefault(bucket, numpy.zeros((len(steps), count)))
            held += ratios[group] * (each_error[:, of] @ masses)
        for bucket, term, rows, slopes in self._added:
            held = sums.setdefault(bucket, numpy.zeros((len(steps), count)))
            held += (steps[:, rows] @ slopes) * each_error[:, term, None]
        credits = self._credits.at(steps)
        nothing = numpy.zeros((len(steps), count))
        return Ahead(self._totals(sums, self._uncovered(sums, steps), nothing), credits)

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
        return self._bought[spot].at(steps)

    def _totals(
        self,
        sums: Mapping[Bucket, numpy.ndarray],
        uncovered: Mapping[tuple[str, str], numpy.ndarray],
        nothing: numpy.ndarray,
    ) -> dict[tuple[Sites, str], numpy.ndarray]:
        found = dict.fromkeys(product(self.boundaries, ("location", "market")), nothing)
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
                    found[spot] = found[spot] + value
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
