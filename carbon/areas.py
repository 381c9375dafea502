"""Departments and key areas: a tree below the organisation, and the meters that stand in it.

The organisation has departments, a department key areas: three levels. An area holds sites, or
meters as 'site/meter'. What is said of a meter goes before what is said of its main meter, and that
before what is said of its site, so that a department may hold a site but for one meter. Whatever no
area holds is unassigned, and told so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from carbon.errors import nearest

RESERVED = ("organisation", "unassigned")  # lines of their own wherever areas are listed


class Area(Protocol):
    """What the tree asks of an area."""

    @property
    def name(self) -> str: ...
    @property
    def part_of(self) -> str: ...
    @property
    def holds(self) -> Sequence[str]: ...


class Standing(NamedTuple):
    """Where a meter stands: its department, and its key area below that; '' for none."""

    department: str
    area: str


UNASSIGNED = Standing("", "")


def standings(
    areas: Sequence[Area], meters: Mapping[str, Mapping[str, str]]
) -> dict[tuple[str, str], Standing]:
    """Where each site (meter '') and meter stands, of those that stand in an area.

    meters : of each site, with the meter each is part of ('' for none).

    Raises ValueError for a tree that does not hang together, for a site or meter there is none of,
    and for one that two areas of one level hold.
    """
    _check_tree(areas)
    stated: dict[tuple[str, str], Standing] = {}
    for each in areas:
        stands = Standing(each.part_of or each.name, each.name if each.part_of else "")
        for held in each.holds:
            spot = _spot(each, held, meters)
            stated[spot] = _joined(stated.get(spot), stands, held)
    found = {}
    for site, names in meters.items():
        for name in ("", *names):
            here = name
            while here and (site, here) not in stated:
                here = names[here]
            if (site, here) in stated:
                found[site, name] = stated[site, here]
    return found


def _check_tree(areas: Sequence[Area]) -> None:
    above = {each.name: each.part_of for each in areas}
    if len(above) < len(areas):
        names = [each.name for each in areas]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"area {twice!r} is there twice")
    for name, part_of in above.items():
        if name in RESERVED:
            raise ValueError(f"no area can be called {name!r}: that line is there already")
        if part_of and part_of not in above:
            hint = _hint(part_of, above)
            raise ValueError(f"area {name!r} is part of {part_of!r}, which is no area{hint}")
    for name in above:
        passed = [name]
        while above[passed[-1]]:
            passed.append(above[passed[-1]])
            if passed[-1] in passed[:-1]:
                raise ValueError(f"area {name!r} is part of itself: {' in '.join(passed)}")
        if len(passed) > 2:
            raise ValueError(
                f"area {name!r} stands too deep: {' in '.join(passed)} in the organisation; there"
                " are departments, and key areas in them"
            )


def _spot(area: Area, held: str, meters: Mapping[str, Collection[str]]) -> tuple[str, str]:
    """The site and meter ('' for all of the site) that an area holds."""
    site, _, meter = held.partition("/")
    if site not in meters:
        of = [name for name, names in meters.items() if held in names]
        hint = f"; write {of[0]}/{held}" if of else _hint(site, meters)
        raise ValueError(f"area {area.name!r} holds {held!r}, and there is no site {site!r}{hint}")
    if "/" in held and meter not in meters[site]:
        hint = _hint(meter, meters[site])
        raise ValueError(
            f"area {area.name!r} holds {held!r}, and site {site!r} has no meter {meter!r}{hint};"
            " a virtual one stands in an area where it is `of` another"
        )
    return site, meter


def _joined(one: Standing | None, other: Standing, held: str) -> Standing:
    """What a department and a key area of it say of the same meter: the key area."""
    if one is None:
        return other
    if one.department != other.department:
        raise ValueError(
            f"{held!r} stands in two departments, {one.department!r} and {other.department!r}"
        )
    if one.area and other.area:
        raise ValueError(
            f"{held!r} stands in two key areas, {one.area!r} and {other.area!r}"
            if one != other
            else f"area {one.area!r} holds {held!r} twice"
        )
    if one == other:
        raise ValueError(f"area {one.department!r} holds {held!r} twice")
    return one if one.area else other


def _hint(word: str, known: Collection[str]) -> str:
    close = nearest(word, known)
    return f"; nearest: {close}" if close else ""
