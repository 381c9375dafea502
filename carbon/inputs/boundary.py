"""The organisational boundary: what share of a site counts, under which approach, and where.

Shares are worked out as exact fractions down the tree of entities; a leased site stands in Scope 1
and 2 or in Scope 3, depending on the lease and on the approach.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from carbon.fields import Approach
from carbon.schema import FOREVER
from carbon.settings import Settings, Site, Stake

WHOLE, NOTHING = Fraction(1), Fraction(0)
UPSTREAM, DOWNSTREAM = "upstream leased assets", "downstream leased assets"
INVESTMENTS = "investments"


class Standing(NamedTuple):
    """How a site stands in a span of months."""

    first_month: int
    left_month: int
    share: Fraction | None  # None where the book does not say it under this approach
    treatment: str  # '' for Scope 1 and 2, else the category of Scope 3


def share_in(settings: Settings, entity: str, approach: Approach, month: int) -> Fraction:
    """The share of an entity's emissions that counts in a month; all of it without an entity.

    Equity shares multiply down the chain. Financial control counts the whole of what is
    controlled, and the owned share of what is controlled jointly; operational control all or
    nothing. An entity counts no more than its holder does.

    Source: WRI/WBCSD, GHG Protocol Corporate Standard, revised edition (2004), chapter 3.
    """
    known, share = settings.entities(), WHOLE
    while entity:
        each = known[entity]
        share *= NOTHING if each.is_investment else _step(each.stake_in(month), approach)
        entity = each.held_by
    return share


def _step(stake: Stake, approach: Approach) -> Fraction:
    """The share of an entity that its holder counts."""
    if approach == "equity share":
        return stake.owned
    said = set(stake.control)
    if approach == "operational control":
        return WHOLE if said & {"operational", "both"} else NOTHING
    if said & {"financial", "both"}:
        return WHOLE
    return stake.owned if "joint" in said else NOTHING


def treatment(place: Site, approach: Approach) -> str:
    """'' where a site counts in Scope 1 and 2, else the category of Scope 3 its lease leads to.

    Source: WRI/WBCSD, Corporate Value Chain (Scope 3) Standard (2011), appendix A, tables A.1, A.2.
    """
    is_operational = approach == "operational control"
    is_other = is_operational and bool(place.lease_exception)
    if place.lease == "operating leased":
        return "" if is_operational and not is_other else UPSTREAM
    if place.lease == "leased out finance":
        return DOWNSTREAM
    if place.lease == "leased out operating":
        return DOWNSTREAM if is_operational and not is_other else ""
    return ""


def standings(settings: Settings, place: Site) -> Iterator[Standing]:
    """How a site stands from its joining to its leaving, parted where a stake changes."""
    if not place.in_boundary:
        return
    approach, until = settings.organisation.consolidation, place.left or FOREVER
    cuts = [place.joined, *_changes(settings, place), until]
    months = sorted({month for month in cuts if place.joined <= month <= until})
    for first, left in pairwise(months):
        share, where = _share_at(settings, place, first), treatment(place, approach)
        if share == 0 and place.entity and settings.policy.count_investments:
            share, where = share_in(settings, place.entity, "equity share", first), INVESTMENTS
        yield Standing(first, left, share, where)


def _changes(settings: Settings, place: Site) -> Iterator[int]:
    """The months in which a stake above a site changes."""
    known, entity = settings.entities(), place.entity
    while entity:
        yield from (each.since for each in known[entity].stake)
        entity = known[entity].held_by


def _share_at(settings: Settings, place: Site, month: int) -> Fraction | None:
    approach = settings.organisation.consolidation
    if place.entity:
        return share_in(settings, place.entity, approach, month)
    if approach == "equity share" or place.share == 1:
        return Fraction(place.share)
    return None


def is_share_stated(settings: Settings, place: Site) -> bool:
    """Whether the book says what a site counts under its approach: a bare share does not."""
    return all(each.share is not None for each in standings(settings, place))
