"""Which recorded years are whole, and what is recorded and reaches no total."""

from __future__ import annotations

from carbon import inputs, pipeline
from carbon.engine import Duck
from carbon.inputs import ACTUAL


def last_complete_year(engine: Duck) -> int:
    """The last reporting year in which no running key misses a month and every flow is counted,
    0 where there is none."""
    lost = set(uncounted(engine))
    rows = engine.rows(
        "select reporting_year from coverage_month group by reporting_year"
        " having min(covered) = 1 order by reporting_year desc"
    )
    return next((year for (year,) in rows if year not in lost), 0)


def uncounted(engine: Duck, wanted: str = ACTUAL) -> dict[int, list[str]]:
    """What is recorded in a reporting year and reaches none of its totals, in words."""
    found: dict[int, list[str]] = {}
    for scenario, year, line, accounting, topic, place, unit, quantity in sorted(
        pipeline.check(engine, "flow_not_counted")
    ):
        if scenario == wanted and line != "energy":
            told = found.setdefault(year, [])
            said = f"{quantity.normalize():,f} {unit} of {topic} {inputs.spot(place)}"
            if accounting != "market":
                told.append(said)
            elif said not in told:  # counted location-based, and lost here alone
                told.append(f"{said}, market-based")
    return found
