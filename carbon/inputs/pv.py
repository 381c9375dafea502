"""PV plants as rows: whose PV is read on which meter, who has its certificates, month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from carbon.engine import Row
from carbon.inputs.views import BEGINNING, Views
from carbon.schema import FOREVER
from carbon.settings import OWN, PVPlant, Site

HISTORY = 3  # years that tell what a plant usually yields
Terms = tuple[str, bool]  # the owner, '' for the organisation, and whether certificates are sold


def pv_term(views: Views) -> list[Row]:
    """The terms of each site's PV, of meters that a plant names and of all others ('')."""
    rows: list[Row] = []
    for span in views.spans():
        policy = span.view.settings.policy
        on_grid = policy.pv_sold_location == "grid average"
        for place in span.view.settings.site:
            for meter, terms, first, left in _spans(place):
                stay = span.clipped(first, left)
                if stay is not None:
                    rows.append((place.name, meter, *terms, on_grid, policy.pv_in_energy, *stay))
    return rows


def plants_of(place: Site, meter: str) -> list[PVPlant]:
    """The plants read on a meter: those that name it, else those that name none."""
    named = [each for each in place.plants() if meter in each.meter]
    return named or [each for each in place.plants() if each.is_rest]


def _spans(place: Site) -> Iterator[tuple[str, Terms, int, int]]:
    """Meter, terms, and the months they hold for."""
    named = {name for plant in place.plants() for name in plant.meter}
    for meter in ("", *sorted(named)):
        plants = plants_of(place, meter)
        turns = {BEGINNING, FOREVER}
        for plant in plants:
            turns |= {plant.commissioned, plant.retired or FOREVER}
            turns |= {each.since for each in plant.certificates}
            turns |= {each.until or FOREVER for each in plant.certificates}
        begun, before = BEGINNING, _terms(plants, BEGINNING)
        for month in sorted(turns)[1:]:
            now = _terms(plants, month) if month < FOREVER else None
            if now != before:
                yield meter, before, begun, month
                begun, before = month, now


def _terms(plants: Sequence[PVPlant], month: int) -> Terms:
    """The terms of a month; where no plant is running, those of the next, else of the last."""
    running = [each for each in plants if each.is_running(month)]
    later = sorted((each for each in plants if each.commissioned > month), key=_commissioned)
    earlier = sorted(plants, key=_commissioned, reverse=True)
    plant = next(iter([*running, *later, *earlier]), None)
    if plant is None:
        return "", False
    return "" if plant.owner == OWN else plant.owner, plant.is_sold(month)


def _commissioned(plant: PVPlant) -> int:
    return plant.commissioned


def own_yields(place: Site, months: Sequence[tuple[int, int, Decimal]]) -> list[Fraction] | None:
    """The yield of each month of a year, January first, in the mean of up to `HISTORY` whole years;
    None without one, or where a plant that ran states no capacity. [kWh/kW]

    months : (reporting year, month, PV generated [kWh]) of the site, in their order
    """
    years: dict[int, dict[int, Fraction]] = {}
    for year, month, energy in months:
        sizes = [each.capacity_kw for each in place.plants() if each.is_running(month)]
        if sizes and None not in sizes:
            size = Fraction(sum(sizes, Decimal(0)))
            years.setdefault(year, {})[month % 100] = Fraction(energy) / size
    whole = [known for _, known in sorted(years.items()) if len(known) == 12][-HISTORY:]
    if not whole:
        return None
    return [sum(known[each] for known in whole) / len(whole) for each in range(1, 13)]
