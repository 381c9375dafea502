"""The boundary as tables: entities and sites, what counts of each under each approach, and why.

`tables` reads the settings alone; `under` gives the settings as they would be under another
approach, so that the same ledger can be asked without changing the book.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from carbon.coefficient import rounded
from carbon.errors import UsageError, nearest
from carbon.fields import APPROACHES, Approach
from carbon.inputs import is_share_stated, months_between, share_in, treatment
from carbon.run import Run
from carbon.schema import FOREVER
from carbon.settings import Entity, Settings, Site
from carbon.tables import Column, Table

STRUCTURAL = ("acquired", "divested", "outsourced", "insourced")
BEGINNING = 190001
NEWEST = FOREVER - 1  # of stakes, the last one
KEYS: dict[Approach, str] = {
    "equity share": "equity_share",
    "financial control": "financial_share",
    "operational control": "operational_share",
}
SHARES = (
    Column("equity_share", "Equity share", kind="share", decimals=2),
    Column("financial_share", "Financial control", kind="share", decimals=2),
    Column("operational_share", "Operational control", kind="share", decimals=2),
)
ENTITIES = (
    Column("entity", "Entity"),
    Column("held_by", "Held by"),
    Column("since", "Since"),
    Column("owned_share", "Owned", kind="share", decimals=2),
    Column("control", "Control"),
    *SHARES,
)
SITES = (
    Column("site", "Site"),
    Column("entity", "Entity"),
    *SHARES,
)
LEASES = (
    Column("site", "Site"),
    Column("lease", "Lease"),
    Column("by_ownership", "By equity or financial control"),
    Column("by_operation", "By operational control"),
    Column("exception", "Exception"),
)
STAYS = (
    Column("site", "Site"),
    Column("joined", "Joined"),
    Column("joined_because", "Because"),
    Column("left", "Left"),
    Column("left_because", "Because"),
    Column("consequence", "Consequence"),
)
OWN = "Scope 1 and 2"


def under(settings: Settings, approach: str) -> Settings:
    """The settings as they would be under another approach.

    Raises UsageError for what is no approach, and where a site says only its equity share.
    """
    if approach not in APPROACHES:
        raise UsageError(
            "unknown-approach",
            f"there is no approach {approach!r}",
            looked_for=", ".join(APPROACHES),
            nearest=nearest(approach, APPROACHES),
            remedy="name one of them",
        )
    organisation = settings.organisation.model_copy(update={"consolidation": approach})
    other = settings.model_copy(update={"organisation": organisation})
    bare = [place.name for place in other.site if not is_share_stated(other, place)]
    if bare:
        raise UsageError(
            "control-not-stated",
            f"what counts of {', '.join(bare)} under {approach} is not said",
            where="carbon.toml gives an equity share and no entity",
            looked_for="an entity, which says who controls it",
            remedy=f"write an [[entity]] with owned and control, and entity = ... at {bare[0]}",
        )
    return other


def told(table: Table, run: Run, own: Settings) -> Table:
    """A table with what it is under, beside what the book reports."""
    approach, reported = run.settings.organisation.consolidation, own.organisation.consolidation
    if approach == reported:
        return replace(table, title=f"{table.title}, {approach}")
    notes = [f"{approach.capitalize()}, from the same ledger. The book reports {reported}."]
    closed = sorted(run.ledger.closings(run.cut_off))
    if closed:
        years = ", ".join(map(str, closed))
        notes.append(f"Closed years keep their own figures, and are computed anew here: {years}.")
    return replace(table, title=f"{table.title}, {approach}", notes=[*notes, *table.notes])


def tables(settings: Settings) -> list[Table]:
    """Entities, sites, leases, and what came in or went out."""
    entities = [row for each in settings.entity for row in _entity_rows(settings, each)]
    sites = [_site_row(settings, place) for place in settings.site if place.in_boundary]
    leases = [_lease_row(place) for place in settings.site if place.lease]
    stays = [_stay_row(settings, place) for place in settings.site if _has_stay(place)]
    return [
        *([Table("entities", "Entities", ENTITIES, entities)] if entities else []),
        Table("sites", "Sites", SITES, sites, _site_notes(settings), "not stated"),
        *([Table("leases", "Leases", LEASES, leases)] if leases else []),
        *([Table("stays", "In and out", STAYS, stays)] if stays else []),
    ]


def _entity_rows(settings: Settings, each: Entity) -> Iterator[dict[str, Any]]:
    """One row for each stake."""
    for stake, month in ((each, BEGINNING), *((later, later.since) for later in each.stake)):
        yield {
            "entity": each.name,
            "held_by": each.held_by or settings.organisation.name,
            "since": "" if month == BEGINNING else months_between(month, month),
            "owned_share": rounded(stake.owned),
            "control": "investment" if each.is_investment else " and ".join(stake.control),
        } | {KEYS[name]: rounded(share_in(settings, each.name, name, month)) for name in APPROACHES}


def _site_row(settings: Settings, place: Site) -> dict[str, Any]:
    row: dict[str, Any] = {"site": place.name, "entity": place.entity}
    for name in APPROACHES:
        if place.entity:
            share = rounded(share_in(settings, place.entity, name, NEWEST))
        else:
            is_said = place.share == 1 or name == "equity share"
            share = place.share if is_said else None
        row[KEYS[name]] = share
    return row


def _lease_row(place: Site) -> dict[str, Any]:
    return {
        "site": place.name,
        "lease": place.lease,
        "by_ownership": _where(place, "equity share"),
        "by_operation": _where(place, "operational control"),
        "exception": place.lease_exception,
    }


def _where(place: Site, approach: Approach) -> str:
    """Where a leased site stands under an approach."""
    found = treatment(place, approach)
    return f"Scope 3, {found}" if found else OWN


def _site_notes(settings: Settings) -> list[str]:
    notes = [f"The book reports {settings.organisation.consolidation}."]
    if settings.entity:
        notes.append("Shares are exact fractions, rounded once to 12 places. Newest stakes shown.")
    if any(each.stake for each in settings.entity) and settings.policy.base_year:
        notes.append("A stake that changes is a change of structure: see carbon base-year.")
    if settings.policy.count_investments:
        notes.append("What control leaves out counts by equity share in Scope 3, investments.")
    return notes


def _has_stay(place: Site) -> bool:
    return not place.in_boundary or place.joined != BEGINNING or place.left is not None


def _stay_row(settings: Settings, place: Site) -> dict[str, Any]:
    is_new = place.joined != BEGINNING
    return {
        "site": place.name,
        "joined": months_between(place.joined, place.joined) if is_new else "",
        "joined_because": place.joined_because if is_new else "",
        "left": months_between(place.left, place.left) if place.left else "",
        "left_because": (place.left_because or "not stated") if place.left else "",
        "consequence": consequence(settings, place),
    }


def consequence(settings: Settings, place: Site) -> str:
    """What the stay of a site does to the years before and after it, in words."""
    if not place.in_boundary:
        return "outside the boundary: counts in no year"
    reasons = [place.joined_because] if place.joined != BEGINNING else []
    reasons += [place.left_because or "closed"] if place.left else []
    said = []
    if "omitted" in reasons:
        said.append("an error: every year under control is restated")
    if place.is_reported_elsewhere and {"outsourced", "insourced"} & {*reasons}:
        said.append("reported in Scope 2 or 3 all along: nothing is recalculated")
    elif set(STRUCTURAL) & set(reasons):
        limit = f"{settings.policy.base_year_threshold * 100:f}".rstrip("0").rstrip(".") + " %"
        said.append(f"base year and series recalculated above {limit}")
    if place.left and not place.left_because:
        said.append("no reason stated, taken as closed: nothing is recalculated")
    return "; ".join(said) or "organic: nothing is recalculated"
