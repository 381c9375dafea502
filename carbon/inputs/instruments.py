"""Contractual instruments as rows: what each holds, where it may go, which criteria it meets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from carbon.certificates import allocation
from carbon.engine import Row
from carbon.inputs.calendar import calendar
from carbon.inputs.criteria import judged, period
from carbon.inputs.views import Views
from carbon.inputs.words import DRAFT
from carbon.library import Library
from carbon.records import Instrument

Instruments = Mapping[str, Sequence[Instrument]]  # by scenario


def instrument_input(views: Views, library: Library, instruments: Instruments) -> list[Row]:
    """Instruments of each scenario, better kinds first.

    Source: GHG Protocol Scope 2 Guidance (2015), table 6.3.
    """
    return [
        (
            scenario,
            each.instrument_id,
            library.instruments[each.kind].order,
            each.site,
            each.market,
            each.energy_kwh,
            each.claim_year,
            period(views.of(each.claim_year), each),
            each.generation_meter,
        )
        for scenario, several in instruments.items()
        for each in several
    ]


def instrument_criterion(views: Views, library: Library, instruments: Instruments) -> list[Row]:
    """Every criterion that an instrument must meet, and whether it does.

    Source: GHG Protocol Scope 2 Guidance (2015), table 7.1, quality criteria.
    """
    turns = {each.criterion: each.order for each in library.criteria}
    return [
        (scenario, instrument_id, criterion, turns[criterion], *judgement)
        for scenario, several in instruments.items()
        for instrument_id, said in judged(views, library, scenario, several).items()
        for criterion, judgement in said.items()
    ]


def instrument_allocation(instruments: Instruments) -> list[Row]:
    """The sites that instruments of the organisation are meant for, with their shares."""
    return [
        (scenario, each.instrument_id, each.allocation, turn, part.site, part.share or Decimal(0))
        for scenario, several in instruments.items()
        for each in several
        for turn, part in enumerate(allocation(each.allocation), start=1)
    ]


def matching_month(views: Views) -> Iterator[Row]:
    """The period in which instruments are matched: a reporting year, in the draft a month."""
    for month, year in calendar(views.now.settings):
        is_draft = views.of(year).settings.policy.scope2_rules == DRAFT
        yield (month, month if is_draft else year)
