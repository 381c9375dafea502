"""The meters of a site as a tree: which measures a part of what another does, which are computed.

A sub-meter names its main as `of`. A virtual meter has no register: it is other meters added
(`plus`) and taken off (`minus`). `check` refuses what is no tree, and what would count twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from carbon.errors import nearest


class Meter(Protocol):
    """What the tree asks of a meter."""

    @property
    def name(self) -> str: ...
    @property
    def of(self) -> str: ...
    @property
    def plus(self) -> Sequence[str]: ...
    @property
    def minus(self) -> Sequence[str]: ...


def check(site: str, meters: Sequence[Meter]) -> None:
    """Raises ValueError where the meters of a site are no tree, or a virtual one cannot be."""
    known = {each.name: each for each in meters}
    for each in meters:
        for word, names in (("of", [each.of] * bool(each.of)), *_terms(each)):
            for name in names:
                if name not in known:
                    raise ValueError(
                        f"meter {each.name!r} names {name!r} as {word}, which is no meter of site"
                        f" {site!r}{_hint(name, known)}"
                    )
        named = [*each.plus, *each.minus]
        if len(set(named)) < len(named):
            raise ValueError(f"virtual meter {each.name!r} names a meter twice")
        if each.minus and not each.plus:
            raise ValueError(f"virtual meter {each.name!r} takes off, and has nothing as plus")
    for each in meters:
        _refuse_circle(each, known, "of", lambda meter: [meter.of] * bool(meter.of))
        _refuse_circle(each, known, "plus and minus", lambda meter: [*meter.plus, *meter.minus])
    for each in meters:
        if each.of and _root(each, known).plus:
            raise ValueError(
                f"meter {each.name!r} is part of a virtual meter that is part of no other: say of"
                " in that one too, the meter which the inventory counts"
            )
        _refuse_twice(each, meters, known)


def expanded(name: str, meters: Mapping[str, Meter]) -> dict[str, int]:
    """A meter as a sum of meters that have registers: how often each is added, or taken off."""
    each = meters[name]
    if not each.plus:
        return {name: 1}
    found: Counter[str] = Counter()
    for sign, terms in ((1, each.plus), (-1, each.minus)):
        for term in terms:
            for real, times in expanded(term, meters).items():
                found[real] += sign * times
    return {real: times for real, times in found.items() if times}


def _terms(each: Meter) -> tuple[tuple[str, Sequence[str]], tuple[str, Sequence[str]]]:
    return ("plus", each.plus), ("minus", each.minus)


def _root(each: Meter, known: Mapping[str, Meter]) -> Meter:
    while each.of:
        each = known[each.of]
    return each


def _refuse_circle(
    each: Meter, known: Mapping[str, Meter], word: str, above: Callable[[Meter], list[str]]
) -> None:
    """Raises ValueError where a meter comes back to itself."""
    seen: set[str] = set()
    heads = list(above(each))
    while heads:
        name = heads.pop()
        if name == each.name:
            raise ValueError(f"meter {each.name!r} is part of itself, by its {word}")
        if name not in seen:
            seen.add(name)
            heads += above(known[name])


def _refuse_twice(main: Meter, meters: Sequence[Meter], known: Mapping[str, Meter]) -> None:
    """What is left of a main meter has each register at most once: added, or taken off."""
    left: Counter[str] = Counter(expanded(main.name, known))
    for each in meters:
        if each.of == main.name:
            left.subtract(expanded(each.name, known))
    for name, times in left.items():
        if times > 1 or times < -1:
            raise ValueError(
                f"the sub-meters of {main.name!r} take {name!r} off {-times} times: a virtual"
                " meter and the meters it adds cannot both be of the same main"
                if times < 0
                else f"virtual meter {main.name!r} adds {name!r} {times} times"
            )


def _hint(word: str, known: Collection[str]) -> str:
    close = nearest(word, known)
    return f"; nearest: {close}" if close else ""
