"""The errors of what was recorded and of factors, as the years ahead carry them on.

A year ahead is the base year's months carried on, so a part of it has the errors of the same key in
the base year: the quantity's, and that of the factor which served it. What the base year does not
know has none, but for electricity the error of the factor that serves its site.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from carbon.sensitivity.projected import Part, Sites
from carbon.sensitivity.response import EXACT, Errors
from carbon.uncertainty import HALF_RANGE, Model, Source, normals

if TYPE_CHECKING:
    import numpy

LINES = {"scope1": ("scope1", "all"), "location": ("scope2", "location")}
MARKET = ("scope2", "market")


def errors_of(parts: Iterable[Part], found: Model, base_year: int) -> Errors:
    """The sources of every part, with the share of it that each reaches."""
    known: dict[tuple[tuple[str, str], tuple[str, ...], str], list[tuple[str, str, float]]] = {}
    at_site: dict[tuple[tuple[str, str], str], str] = {}
    for part in found.parts:
        if part.year == base_year and part.co2e_t:
            line = (part.line, part.accounting)
            for gas in (part.gas, ""):
                spot = (line, part.key, gas)
                known.setdefault(spot, []).append((part.quantity, part.factor, part.co2e_t))
            at_site.setdefault((line, part.key[0]), part.factor)
    of = {}
    for part in parts:
        lines = (LINES.get(part.account, MARKET), LINES["location"])
        sources = next(
            (known[spot] for line in lines if (spot := (line, part.key, part.gas)) in known), None
        )
        if sources:
            whole = sum(mass for _, _, mass in sources)
            shares: dict[tuple[str, str], float] = {}
            for quantity, factor, mass in sources:
                spot = (quantity, factor)
                shares[spot] = shares.get(spot, 0.0) + mass / whole
            of[part] = [(*spot, share) for spot, share in shares.items()]
        elif part.account != "scope1":
            factor = next((at_site[s] for line in lines if (s := (line, part.site)) in at_site), "")
            of[part] = [(EXACT, factor, 1.0)]
    return Errors(of)


def shared(source: Source) -> str:
    return source.shared or source.name


def drawn(found: Model, names: Sequence[str], draws: int, seed: int) -> numpy.ndarray:
    """What each source multiplies its parts with, one column a source; of mean 1.

    Sources that are one error, in years that are older and younger, share their draws.
    """
    import numpy

    every = sorted({shared(found.sources[name]) for name in names if name})
    normal = dict(zip(every, normals(every, draws, seed).T, strict=True))
    columns = numpy.ones((draws, len(names)))
    for place, name in enumerate(names):
        if name:
            source = found.sources[name]
            each = source.sigma * normal[shared(source)] - source.sigma**2 / 2
            columns[:, place] = numpy.exp(each)
    return columns


def apart(found: Model, names: Sequence[str]) -> tuple[list[Source], numpy.ndarray]:
    """Each error alone at the ends of its 95 % range: two rows an error, lower and upper end."""
    import numpy

    every: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if name and found.sources[name].sigma:
            every.setdefault(shared(found.sources[name]), []).append(place)
    rows = numpy.ones((2 * len(every), len(names)))
    told = []
    for number, places in enumerate(every.values()):
        widest = max(places, key=lambda place: found.sources[names[place]].sigma)
        told.append(found.sources[names[widest]])
        for place in places:
            reach = numpy.exp(HALF_RANGE * found.sources[names[place]].sigma)
            rows[2 * number, place], rows[2 * number + 1, place] = 1 / reach, reach
    return told, rows


class Recorded:
    """The actual years as a function of errors. [t CO2e]"""

    def __init__(self, found: Model, boundaries: Sequence[Sites]) -> None:
        import numpy

        self.years = tuple(found.years())
        parts = list(found.parts)
        self.sources = [EXACT, *sorted({n for p in parts for n in (p.quantity, p.factor)})]
        index = {name: n for n, name in enumerate(self.sources)}
        self._quantity = numpy.array([index[p.quantity] for p in parts], int)
        self._factor = numpy.array([index[p.factor] for p in parts], int)
        self._masses: dict[tuple[Sites, str], numpy.ndarray] = {}
        wanted: Mapping[str, tuple[tuple[str, str], ...]] = {
            "location": (LINES["scope1"], LINES["location"]),
            "market": (LINES["scope1"], MARKET),
        }
        for sites in boundaries:
            for line, accounts in wanted.items():
                masses = numpy.zeros((len(parts), len(self.years)))
                for n, part in enumerate(parts):
                    is_in = not sites or part.key[0] in sites
                    if is_in and (part.line, part.accounting) in accounts:
                        masses[n, self.years.index(part.year)] = part.co2e_t
                self._masses[sites, line] = masses

    def totals(self, errors: numpy.ndarray, spot: tuple[Sites, str]) -> numpy.ndarray:
        """Courses of the actual years of a boundary and line, shape (courses, years).

        errors : what each of `sources` multiplies its parts with, shape (courses, sources)
        """
        return (errors[:, self._quantity] * errors[:, self._factor]) @ self._masses[spot]
