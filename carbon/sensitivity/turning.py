"""At which value of an assumption a target is just met, found on the engine itself.

Every assumption that can turn a target is followed between a value where the target holds and one
where it does not, all of them in one pass of the engine, until the two are next to each other. So
the answer is two projections, not an estimate: at `holds` the target is kept, at `fails` it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from carbon.sensitivity.assumptions import PLACES, Assumption

STEP = {
    "rate": Decimal("0.00001"),
    "share": Decimal("0.00005"),
    "months": Decimal(1),
    "number": Decimal("0.00001"),  # of what it can be
}
FINE = Decimal("0.000001")  # of an amount
FINEST = Decimal(1).scaleb(-PLACES)
NEARER = 1000  # the two values asked at are this much nearer to each other than those before
ROUNDS = 60  # at least every third leaves a third
Spot = tuple[str, str]  # a target and an assumption
Gaps = Mapping[str, float | None]  # by target; None where there is no projection
Ask = Callable[[Sequence[tuple[Assumption, Decimal]]], Sequence[Gaps]]


@dataclass(frozen=True)
class Turn:
    """Where an assumption turns a target. Both None: no value from `least` to `most` does."""

    target: str
    assumption: Assumption
    holds: Decimal | None
    fails: Decimal | None
    gap: float | None = None  # at `holds` [t CO2e]


@dataclass
class _Search:
    target: str
    assumption: Assumption
    keeps: Callable[[float], bool]
    known: dict[Decimal, float] = field(default_factory=dict)
    rounds: int = 0

    def note(self, value: Decimal, gap: float | None) -> None:
        if gap is not None:
            self.known[value] = gap

    def bracket(self) -> tuple[Decimal, Decimal] | None:
        """The two neighbours nearest to the plan of which one holds and one fails."""
        values, planned = sorted(self.known), self.assumption.planned
        pairs = [
            (one, two)
            for one, two in pairwise(values)
            if self.keeps(self.known[one]) != self.keeps(self.known[two])
        ]
        return min(pairs, key=lambda p: abs(p[0] + p[1] - 2 * planned), default=None)

    @property
    def step(self) -> Decimal:
        each = self.assumption
        if each.unit == "number":
            return round((each.most - each.least) * STEP["number"], PLACES) or FINEST
        return FINE if each.amounts else STEP[each.unit]

    def is_done(self) -> bool:
        pair = self.bracket()
        return pair is not None and pair[1] - pair[0] <= self.step

    def next(self) -> list[Decimal]:
        """The values to ask at: on both sides of where the target seems to be met, ever nearer to
        it; and by turns at the thirds, lest a bend in the line holds it up, as always where a gap
        of nothing says no more than that the target is met somewhere beyond."""
        pair = self.bracket()
        if pair is None:
            return []
        (low, high), step = pair, self.step
        self.rounds += 1
        is_level = 0 in (self.known[low], self.known[high])
        by_thirds = is_level or self.rounds % 3 == 0
        at = (low + high) / 2 if by_thirds else self._met(low, high)
        count = ((at - low) / step).to_integral_value("ROUND_FLOOR")
        nearer = 6 if by_thirds else NEARER  # from the middle to a third
        apart = ((high - low) / step / nearer).to_integral_value("ROUND_FLOOR")
        near = [self.assumption.whole(low + step * n) for n in (count - apart, count + 1 + apart)]
        fresh = [each for each in near if low < each < high and each not in self.known]
        return fresh or [self.assumption.whole((low + high) / 2)]

    def _met(self, low: Decimal, high: Decimal) -> Decimal:
        """Where the parabola through the two and the value next to them meets the target, or the
        straight line through the two."""
        first, last = self.known[low], self.known[high]
        straight = low + (high - low) * Decimal(repr(first / (first - last)))
        others = [each for each in self.known if each not in (low, high)]
        if not others:
            return straight
        third = min(others, key=lambda each: abs(each - straight))
        gap = self.known[third]
        if len({first, last, gap}) < 3:
            return straight
        inverse = (  # of gaps: a parabola in the gap gives the value at 0 at once
            float(low) * last * gap / ((first - last) * (first - gap))
            + float(high) * first * gap / ((last - first) * (last - gap))
            + float(third) * first * last / ((gap - first) * (gap - last))
        )
        return Decimal(repr(inverse)) if low < inverse < high else straight


def turns(
    spots: Iterable[tuple[str, Assumption, Callable[[float], bool]]],
    known: Mapping[Spot, Mapping[Decimal, float | None]],
    ask: Ask,
) -> list[Turn]:
    """The turning points of targets.

    spots : target, assumption, and which gaps keep the target.
    known : gaps of values that were projected already.
    ask : projects each assumption at a value and gives the gaps of every target.
    """
    searches = []
    for target, assumption, keeps in spots:
        search = _Search(target, assumption, keeps)
        for value, gap in known[target, assumption.name].items():
            search.note(value, gap)
        searches.append(search)
    outside = [each for each in searches if each.bracket() is None]
    _asked(outside, lambda each: [each.assumption.least, each.assumption.most], ask)
    for _ in range(ROUNDS):
        going = [each for each in searches if each.bracket() and not each.is_done()]
        if not going:
            break
        _asked(going, _Search.next, ask)
    return [_turn(each) for each in searches]


def _asked(
    searches: Sequence[_Search], values: Callable[[_Search], Sequence[Decimal]], ask: Ask
) -> None:
    """Ask the engine once for all, and once only for what several targets want."""
    wanted = {
        (each.assumption.name, value): (each.assumption, value)
        for each in searches
        for value in values(each)
    }
    found = dict(zip(wanted, ask(list(wanted.values())), strict=True)) if wanted else {}
    for each in searches:
        for (name, value), gaps in found.items():
            if name == each.assumption.name:
                each.note(value, gaps[each.target])


def _turn(search: _Search) -> Turn:
    pair = search.bracket()
    if pair is None:
        return Turn(search.target, search.assumption, None, None)
    low, high = pair
    holds, fails = (low, high) if search.keeps(search.known[low]) else (high, low)
    return Turn(search.target, search.assumption, holds, fails, search.known[holds])
