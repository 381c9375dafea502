"""Contractual instruments as rows, each with the quality criterion it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from carbon.engine import Row
from carbon.inputs.views import View, Views
from carbon.inputs.words import ACTUAL
from carbon.library import Library
from carbon.records import Instrument


def instrument_input(
    views: Views, library: Library, instruments: Mapping[str, Sequence[Instrument]]
) -> list[Row]:
    """Instruments of each scenario, better kinds first, with the criterion each one fails.

    Source: GHG Protocol Scope 2 Guidance (2015), table 7.1, quality criteria.
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
            _refusal(views.of(each.claim_year), library, each, scenario),
        )
        for scenario, several in instruments.items()
        for each in several
    ]


def _refusal(view: View, library: Library, each: Instrument, scenario: str) -> str:
    """Why an instrument cannot be used, or ''. A planned one is taken as retired in time."""
    places = view.settings.sites()
    if scenario == ACTUAL and each.retired_on is None:
        return "not retired"
    claimed_on = view.claimed_on(each.claim_year)
    if each.retired_on and each.retired_on > claimed_on:
        return f"retired on {each.retired_on}, after the claim of {claimed_on}"
    markets = library.instruments[each.kind].markets
    if markets and each.market not in markets:
        return f"a {each.kind} is no instrument of the market {each.market}"
    if each.vintage_year > each.claim_year:
        return f"generated in {each.vintage_year}, after {each.claim_year}"
    if each.claim_year - each.vintage_year > 1:
        return f"its vintage {each.vintage_year} is not near {each.claim_year}"
    if each.retired_on and each.retired_on.year < each.vintage_year:
        return f"retired in {each.retired_on.year}, before it was generated"
    if each.beneficiary and each.beneficiary != view.settings.organisation.name:
        return f"retired for {each.beneficiary}"
    if each.site and each.site not in places:
        return f"no site {each.site}"
    if each.site and library.country(places[each.site].region) != each.market:
        return f"the site is outside its market {each.market}"
    return ""
