"""How sure the totals are: by error propagation and by Monte Carlo, and what makes them unsure.

Every emission is a quantity times a coefficient. The quantities of one site, meter, activity and
quality share one error (a meter that reads high does so every month), and all that one factor set
serves shares another, at every site and in every year. Both are log-normal around the value as
recorded or printed, so the total is a sum of products in which the errors are told apart by name.
`propagated` adds up their variances; `simulated` draws them. Neither changes a figure.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from carbon import leakage, pedigree
from carbon.engine import sql_text
from carbon.errors import SettingsError, nearest
from carbon.ledger.closings import MARK
from carbon.library import Library
from carbon.settings import Settings
from carbon.tables import Column, Table

if TYPE_CHECKING:
    import numpy

    from carbon.run import Run

DRAWS, SEED = 10_000, 2030
HALF_RANGE = 1.959964  # standard deviations of the logarithm in half of a 95 % range
RANKED = 10
NORMAL = NormalDist()
TOTALS = {
    "scope1": (("scope1", "all"),),
    "scope2_location": (("scope2", "location"),),
    "scope2_market": (("scope2", "market"),),
    "location": (("scope1", "all"), ("scope2", "location")),
    "market": (("scope1", "all"), ("scope2", "market")),
}
TITLES = {
    "scope1": "Scope 1",
    "scope2_location": "Scope 2 location",
    "scope2_market": "Scope 2 market",
    "location": "Scope 1+2 location",
    "market": "Scope 1+2 market",
}


@dataclass(frozen=True)
class Source:
    """An error that several emissions share: its name and how far it reaches.

    sigma : standard deviation of its logarithm. [1]
    why : where the spread comes from.
    shared : the name it has in every year; a factor that is older in another year is still the
        same number, so years that differ in nothing else do not change places by its error.
    """

    name: str
    sigma: float
    why: str
    shared: str = ""


@dataclass(frozen=True)
class Part:
    """Tonnes that rest on one recorded quantity and one factor."""

    year: int
    line: str
    accounting: str
    quantity: str  # names of sources
    factor: str
    co2e_t: float
    key: tuple[str, ...] = ()  # site, meter, activity, detail
    gas: str = ""


@dataclass(frozen=True)
class Interval:
    """A total and its 95 % range, as shares of it below and above. [t CO2e], [1]"""

    co2e_t: float
    below: float
    above: float

    def __str__(self) -> str:
        reach = f"-{100 * self.below:.1f} % to +{100 * self.above:.1f} %"
        return f"{self.co2e_t:,.1f} t, {reach} (95 %)"


@dataclass(frozen=True)
class Model:
    """What a run's totals are made of, and the errors of it."""

    parts: Sequence[Part]
    sources: Mapping[str, Source]

    def of(self, year: int, total: str) -> list[Part]:
        """The parts of one total of a year."""
        wanted = TOTALS[total]
        return [
            part
            for part in self.parts
            if part.year == year and (part.line, part.accounting) in wanted
        ]

    def years(self) -> list[int]:
        return sorted({part.year for part in self.parts})


def model(run: Run) -> Model:
    """The parts and the errors of the actual years of a run.

    Raises SettingsError for a pedigree matrix that the library does not carry.
    """
    matrix = _matrix(run.library, run.settings)
    sources: dict[str, Source] = {}
    weights = _weights(run)
    parts = []
    for row in _emissions(run):
        key = (row["reporting_year"], *(row[name] for name in KEY))
        shared = weights.get(key) or {(leakage.QUALITIES.get(row["activity"], ""), None): 1.0}
        factor = _factor(run, matrix, row)
        sources[factor.name] = max(factor, sources.get(factor.name, factor), key=_reach)
        for (quality, stated), share in shared.items():
            quantity = _quantity(run.settings, matrix, row, quality, stated)
            sources[quantity.name] = quantity
            parts.append(
                Part(
                    row["reporting_year"],
                    row["line"],
                    row["accounting"],
                    quantity.name,
                    factor.name,
                    row["co2e_t"] * share,
                    tuple(row[name] for name in KEY),
                    row["gas"],
                )
            )
    return Model(parts, sources)


def _reach(source: Source) -> float:
    return source.sigma


KEY = ("site", "meter", "activity", "detail")


def _emissions(run: Run) -> list[dict[str, Any]]:
    """Scope 1 and 2 of the actual years, by key, set and gas, with how the set fitted."""
    names = ("reporting_year", "line", "accounting", *KEY, "set_id", "gas", "topic")
    listed = ", ".join(f"e.{name}" for name in names)
    rows = run.rows(
        f"select {listed}, max(c.age), max(coalesce(r.above, 0)),"
        " cast(sum(e.co2e_g) as double) / 1e6"
        " from emission as e join factor_choice as c on c.scenario = e.scenario"
        " and c.topic = e.topic and c.place = e.place and c.policy = e.policy"
        " and c.factor_year = e.factor_year and c.accounting = e.accounting"
        " left join (select place, distance, level, max(above) as above from region_path"
        " group by all) as r on r.place = c.place and r.distance = c.distance and r.level = c.level"
        " where e.scenario = 'actual' and e.line in ('scope1', 'scope2')"
        f" group by {listed} order by {listed}"
    )
    return [dict(zip((*names, "age", "above", "co2e_t"), row, strict=True)) for row in rows]


def _weights(run: Run) -> dict[tuple[Any, ...], dict[tuple[str, Any], float]]:
    """What share of a key's year was recorded with which quality and stated uncertainty."""
    found: dict[tuple[Any, ...], dict[tuple[str, Any], float]] = {}
    for *key, quality, stated, weight in run.rows(
        f"select reporting_year, {', '.join(KEY)}, quality, uncertainty_pct,"
        " sum(abs(cast(entry_quantity as double))) from (select distinct reporting_year, month,"
        f" {', '.join(KEY)}, quality, uncertainty_pct, entry_id, entry_quantity"
        f" from ({sql_text('trace')}) as t where scenario = 'actual') as d"
        " group by all having sum(abs(cast(entry_quantity as double))) > 0 order by all"
    ):
        found.setdefault(tuple(key), {})[quality, stated] = weight
    return {
        key: {each: weight / sum(shares.values()) for each, weight in shares.items()}
        for key, shares in found.items()
    }


def _quantity(
    settings: Settings,
    matrix: pedigree.Pedigree,
    row: Mapping[str, Any],
    quality: str,
    stated: Any,
) -> Source:
    """The error of what was recorded: as stated with it, as the settings say, or by its quality."""
    where = " ".join(str(row[name]) for name in KEY if row[name])
    said = settings.policy.uncertainty.activity
    of_policy = next(
        (said[row[name]] for name in ("meter", "site", "activity") if row[name] in said), None
    )
    for percent, why in ((stated, "stated with the entry"), (of_policy, "stated in carbon.toml")):
        if percent is not None:
            return Source(f"{where}, ±{_plain(percent)} %", _sigma_of(percent), why)
    known = quality or "unstated"
    spread = matrix.spread(pedigree.OTHER_BASIC, reliability=pedigree.RELIABILITY[known])
    return Source(f"{where}, {known}", math.log(spread) / HALF_RANGE, f"pedigree: {known}")


def _factor(run: Run, matrix: pedigree.Pedigree, row: Mapping[str, Any]) -> Source:
    """The error of a factor set, for one gas where gases differ."""
    set_id = row["set_id"].partition(MARK)[0]
    topic, gas = row["topic"], row["gas"].partition("_")[0]
    said = run.settings.policy.uncertainty.factor
    of_policy = said.get(f"set:{set_id}", said.get(topic, said.get(topic.partition("/")[0])))
    if of_policy is not None:
        return Source(f"factor {set_id}", _sigma_of(of_policy), "stated in carbon.toml")
    known = run.library.sets.get(set_id)
    printed = known.values.get("uncertainty") if known else None
    if printed is not None:
        return Source(f"factor {set_id}", _sigma_of(printed.number), "printed with the factor")
    basic = pedigree.BASIC.get(gas, pedigree.OTHER_BASIC)
    area = pedigree.LARGER_AREA if row["above"] else pedigree.OWN_AREA
    spread = matrix.spread(
        basic,
        reliability=pedigree.PUBLISHED,
        temporal_correlation=pedigree.temporal(row["age"]),
        geographical_correlation=area,
    )
    older = f"{row['age']} a older" if row["age"] else ""
    shared = ", ".join(filter(None, [f"factor {set_id}", gas if gas in pedigree.BASIC else ""]))
    name = ", ".join(filter(None, [shared, older]))
    said = ", ".join(filter(None, ["wider region" if row["above"] else "", older]))
    return Source(name, math.log(spread) / HALF_RANGE, f"pedigree: {said or 'fits'}", shared)


def _sigma_of(percent: Any) -> float:
    """From half of a 95 % range in % to the spread of the logarithm."""
    return math.log(1 + float(percent) / 100) / HALF_RANGE


def _plain(percent: Any) -> str:
    return format(percent.normalize(), "f")


def _matrix(library: Library, settings: Settings) -> pedigree.Pedigree:
    series = settings.policy.uncertainty.pedigree
    known = pedigree.matrices(library)
    if series not in known:
        raise SettingsError(
            "unknown-pedigree",
            f"the library carries no pedigree matrix {series!r}",
            where="carbon.toml, policy, uncertainty, pedigree",
            looked_for=", ".join(known),
            nearest=nearest(series, known),
            remedy="write one of them",
        )
    return pedigree.pedigree(library, series)


def propagated(found: Model, parts: Sequence[Part]) -> Interval:
    """A total and its range by error propagation: variances of independent errors add up.

    Source: IPCC 2006 Guidelines, volume 1, chapter 3, approach 1, on logarithms, with the errors
    that parts share added before they are squared.
    """
    total = math.fsum(part.co2e_t for part in parts)
    if not total:
        return Interval(0.0, 0.0, 0.0)
    variance = math.fsum(_variances(found, parts).values())
    reach = math.exp(HALF_RANGE * math.sqrt(variance))
    return Interval(total, 1 - 1 / reach, reach - 1)


def _variances(found: Model, parts: Sequence[Part]) -> dict[str, float]:
    """What each error adds to the variance of a total, as a share of the total squared."""
    total = math.fsum(part.co2e_t for part in parts)
    if not total:
        return {}
    touched: dict[str, list[float]] = {}
    for part in parts:
        for name in (part.quantity, part.factor):
            touched.setdefault(name, []).append(part.co2e_t)
    return {
        name: (math.fsum(tonnes) / total * found.sources[name].sigma) ** 2
        for name, tonnes in touched.items()
    }


def simulated(
    found: Model, parts: Sequence[Part], draws: int = DRAWS, seed: int = SEED
) -> Interval:
    """A total and its range by Monte Carlo: the same seed gives the same range."""
    import numpy

    total = math.fsum(part.co2e_t for part in parts)
    if not total:
        return Interval(0.0, 0.0, 0.0)
    low, high = numpy.quantile(drawn(found, parts, draws, seed), (0.025, 0.975))
    return Interval(total, float(1 - low / total), float(high / total - 1))


def drawn(found: Model, parts: Sequence[Part], draws: int, seed: int) -> numpy.ndarray:
    """Totals, one a draw. [t CO2e], shape (draws,)

    Each error has draws of its own name, so that one meter more leaves all others as they were,
    and two totals that share an error share its draws.
    """
    import numpy

    quantities = sorted({part.quantity for part in parts})
    factors = sorted({part.factor for part in parts})
    masses = numpy.zeros((len(quantities), len(factors)))
    rows, columns = ({name: n for n, name in enumerate(each)} for each in (quantities, factors))
    for part in parts:
        masses[rows[part.quantity], columns[part.factor]] += part.co2e_t
    errors = _errors(found, quantities, draws, seed)
    return ((errors @ masses) * _errors(found, factors, draws, seed)).sum(axis=1)


def _errors(found: Model, names: Iterable[str], draws: int, seed: int) -> numpy.ndarray:
    """Draws of errors, one column an error. Their mean is 1, so that totals are not drawn off."""
    import numpy

    names = list(names)
    sigma = numpy.array([found.sources[name].sigma for name in names])
    return numpy.exp(sigma * normals(names, draws, seed) - sigma**2 / 2)


def normals(names: Sequence[str], draws: int, seed: int) -> numpy.ndarray:
    """Standard normal draws, one column a name, each from a stream of its own. [1]

    Source: McKay, Beckman and Conover (1979): a Latin hypercube, every error once in each of as
    many equal slices of its distribution as there are draws, in an order of its own.
    """
    import numpy

    slices = numpy.array([NORMAL.inv_cdf((n + 0.5) / draws) for n in range(draws)])
    found = numpy.empty((draws, len(names)))
    for column, name in enumerate(names):
        found[:, column] = numpy.random.default_rng(_key(name, seed)).permutation(slices)
    return found


def _key(name: str, seed: int) -> list[int]:
    digest = hashlib.sha256(name.encode()).digest()
    return [seed, *digest[:16]]


def sentence(run: Run, row: Mapping[str, Any]) -> str:
    """The 95 % ranges of a row of the inventory, as the report says them."""
    found, year = model(run), row["year"]
    said = []
    for total, title in (("location", "location-based"), ("market", "market-based")):
        added = propagated(found, found.of(year, total))
        told = Interval(float(row[f"{total}_t"]), added.below, added.above)
        said.append(f"{title} {told}")
    return f"{year}, Scope 1+2: {'; '.join(said)}; see carbon uncertainty."


COLUMNS = (
    Column("year", "Year", kind="text"),
    Column("total", "Total"),
    Column("co2e_t", "Value", "t CO2e", "mass"),
    Column("below_share", "Below", "%", "share"),
    Column("above_share", "Above", "%", "share"),
    Column("simulated_below_share", "Below, drawn", "%", "share"),
    Column("simulated_above_share", "Above, drawn", "%", "share"),
)
RANKING = (
    Column("source", "Quantity or factor"),
    Column("half_range_share", "Alone", "± %", "share"),
    Column("variance_share", "Part of variance", "%", "share"),
    Column("why", "From"),
)


def ranges(run: Run, years: Sequence[int], draws: int = DRAWS, seed: int = SEED) -> Table:
    """Every total of every year with its 95 % range by both ways."""
    found = model(run)
    rows = []
    for year in years or found.years():
        for total, title in TITLES.items():
            parts = found.of(year, total)
            if not parts:
                continue
            added, sampled = propagated(found, parts), simulated(found, parts, draws, seed)
            rows.append(
                {
                    "year": year,
                    "total": title,
                    "co2e_t": added.co2e_t,
                    "below_share": added.below,
                    "above_share": added.above,
                    "simulated_below_share": sampled.below,
                    "simulated_above_share": sampled.above,
                }
            )
    notes = [
        "95 % of the possible values lie from value - below to value + above: by error propagation,"
        f" and drawn {draws:,} times with seed {seed}.",
        "Where nobody stated a spread, it follows from data quality by the pedigree matrix"
        f" {run.settings.policy.uncertainty.pedigree}. Not in it: GWPs, and what was not recorded.",
    ]
    return Table("uncertainty", "Uncertainty of the totals (95 %)", COLUMNS, rows, notes)


def ranking(run: Run, year: int, total: str = "location", most: int = RANKED) -> Table:
    """The errors that make a total unsure, the largest first."""
    found = model(run)
    added = _variances(found, found.of(year, total))
    whole = math.fsum(added.values())
    largest = sorted(added, key=lambda name: (-added[name], name))[:most]
    rows = [
        {
            "source": name,
            "half_range_share": math.exp(HALF_RANGE * found.sources[name].sigma) - 1,
            "variance_share": added[name] / whole if whole else None,
            "why": found.sources[name].why,
        }
        for name in largest
    ]
    return Table("uncertainty_ranking", f"What makes {TITLES[total]} {year} unsure", RANKING, rows)
