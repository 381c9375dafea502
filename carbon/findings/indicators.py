"""What does not add up among indicators: parts and their total, months and their year, sites and
the organisation, and what is by definition equal.

Printed figures are rounded, so a sum may be off by half a unit of the last place of each figure in
it; what is off by more is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from carbon import indicators
from carbon.errors import Problem, nearest
from carbon.indicators import Amount, Recorded
from carbon.inputs import month_list
from carbon.performance import told
from carbon.run import Run


def sums(run: Run) -> Iterator[Problem]:
    """Every sum of indicators that does not come out."""
    of = indicators.recorded(run)
    for site in dict.fromkeys(row["site"] for row in of.rows):
        yield from _parts(of, site)
        yield from _months(of, site)
        yield from _definitions(of, site)
    yield from _sites(of)
    yield from _forgotten(of)


def _parts(of: Recorded, site: str) -> Iterator[Problem]:
    """Parts that are not their total, in each period both are recorded for."""
    periods: dict[tuple[str, int], dict[str, Amount]] = {}
    for row in of.rows:
        if row["site"] == site:
            spot = periods.setdefault((row["indicator"], row["period"]), {})
            spot[row["part"]] = of.amount(row)
    for (name, period), found in periods.items():
        total, parts = found.get(""), [each for part, each in found.items() if part]
        if total and parts:
            said = f"the parts of {name} in {_when(period)}{_at(site)} add up to"
            yield from _off(of, name, "indicator-parts", said, indicators.added(parts), total)


def _months(of: Recorded, site: str) -> Iterator[Problem]:
    """Months that are not their year, where both are recorded."""
    years = {
        (row["indicator"], row["part"], row["period"]): row
        for row in of.rows
        if row["site"] == site and row["period"] < 10000
    }
    months: dict[tuple[str, str, int], list[Amount]] = {}
    for row in of.rows:
        if row["site"] == site and row["period"] >= 10000:
            key = (row["indicator"], row["part"], of.year(row))
            months.setdefault(key, []).append(of.amount(row))
    for key, parts in months.items():
        if key not in years:
            continue
        sum_of, total = indicators.added(parts), of.amount(years[key])
        if len(parts) == indicators.MONTHS or sum_of.value > total.value:
            said = f"the months of {_named(*key[:2])} in {key[2]}{_at(site)} add up to"
            yield from _off(of, key[0], "indicator-months", said, sum_of, total)


def _definitions(of: Recorded, site: str) -> Iterator[Problem]:
    """What is recorded of a year against what its definition makes of others."""
    stated = indicators.stated(of, site)
    for (name, part, year), amount in stated.items():
        known = of.known.get(name)
        if part or known is None or not amount.is_whole:
            continue
        made = indicators.combined(of, known.equals, known, year, stated, "")
        if made and made.is_whole:
            said = f"{name} in {year}{_at(site)} should be {told(known.equals)},"
            yield from _off(of, name, "indicator-definition", said, made, amount)


def _sites(of: Recorded) -> Iterator[Problem]:
    """Sites that together have more than their organisation."""
    stated = indicators.stated(of, "")
    for key, sum_of in indicators.of_sites(of).items():
        total = stated.get(key)
        if total and sum_of.value > total.value:
            said = f"the sites' {_named(*key[:2])} in {key[2]} add up to"
            yield from _off(of, key[0], "indicator-sites", said, sum_of, total)


def _forgotten(of: Recorded) -> Iterator[Problem]:
    """Indicators with figures that the settings know no longer."""
    for name in dict.fromkeys(row["indicator"] for row in of.rows):
        if name not in of.known:
            yield Problem(
                "indicator-unknown",
                "warning",
                f"figures are recorded of {name!r}, which is no indicator of this book",
                nearest=nearest(name, of.known),
                remedy=f"add [[indicator]] name = {name!r} to carbon.toml again",
            )


def _off(
    of: Recorded, name: str, code: str, said: str, sum_of: Amount, total: Amount
) -> Iterator[Problem]:
    """The finding that a sum is not what is recorded, beyond what rounding explains."""
    apart = sum_of.value - total.value
    if abs(apart) <= sum_of.slack + total.slack:
        return
    row = total.rows[0]
    unit = of.indicator(row).unit
    yield Problem(
        code,
        "warning",
        f"{said} {_n(sum_of.value)} {unit}, and {_n(total.value)} {unit} are recorded:"
        f" {_n(apart)} {unit} apart",
        looked_for="a difference that rounding explains, of at most"
        f" {_n(sum_of.slack + total.slack)} {unit}",
        remedy="correct the figure that is wrong, or record the part that is missing:"
        f" carbon log indicator --indicator {name} ... --again",
        file=row["file"],
        row=row["row"],
    )


def _named(name: str, part: str) -> str:
    return f"{name}, {part}," if part else name


def _when(period: int) -> str:
    return str(period) if period < 10000 else month_list([period])


def _at(site: str) -> str:
    return f" at {site}" if site else ""


def _n(value: Fraction) -> str:
    number = round(Decimal(value.numerator) / Decimal(value.denominator), 6).normalize()
    return f"{number:,f}"
