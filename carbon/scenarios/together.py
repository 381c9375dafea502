"""What several measures do to one load.

Measures on the whole load multiply, in the order they are stated; those on different sub-loads act
each on its own share, so that two halves saved are never more than the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from carbon.scenarios.kinds import Measure
from carbon.scenarios.loads import Load
from carbon.scenarios.mistakes import mistake
from carbon.scenarios.model import Scenario


def together(measures: Sequence[Measure], effect: Callable[[Measure], Fraction]) -> Fraction:
    """What measures do to one load: products on the whole and within a sub-load, sums across."""
    whole = Fraction(1)
    parts: dict[str, Fraction] = {}
    shares: dict[str, Fraction] = {}
    for measure in measures:
        part = measure.part
        if part is None:
            whole *= effect(measure)
        else:
            name, shares[part[0]] = part
            parts[name] = parts.get(name, Fraction(1)) * effect(measure)
    return whole * (1 + sum(shares[name] * (part - 1) for name, part in parts.items()))


def check_shares(scenario: Scenario, load: Load, measures: Sequence[Measure]) -> None:
    """The sub-loads of one load: one share each, and no more than the load together."""
    shares: dict[str, Fraction] = {}
    for name, share in (each.part for each in measures if each.part):
        if shares.setdefault(name, share) != share:
            raise mistake(
                scenario.name,
                scenario.file,
                f"gives the sub-load {name!r} at {load.site} two shares, "
                f"{float(shares[name]):g} and {float(share):g}",
                "share",
                (),
            )
    if sum(shares.values()) > 1:
        raise mistake(
            scenario.name,
            scenario.file,
            f"gives sub-loads at {load.site} that are more than the whole: "
            + ", ".join(f"{name} {float(share):g}" for name, share in shares.items()),
            "share",
            (),
        )
