"""Whether an instrument meets the quality criteria of the rules, one judgement a criterion.

Which criteria there are, and which kinds must meet them, is data (`emission_factors/criteria.csv`).
Here stands how each is read off an instrument. What is not stated is not failed: it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from carbon.certificates import Span, allocation, common, spans
from carbon.inputs.calendar import reporting_year
from carbon.inputs.views import View, Views
from carbon.inputs.words import ACTUAL, DRAFT
from carbon.library import Library
from carbon.records import Instrument

PASSED, FAILED, UNSTATED = "passed", "failed", "not stated"


class Judgement(NamedTuple):
    """What a criterion says of an instrument, and why."""

    state: str
    reason: str


@dataclass(frozen=True)
class Case:
    """An instrument before its judges."""

    each: Instrument
    view: View
    library: Library
    scenario: str
    twin: str = ""  # what an earlier instrument holds of its serial numbers

    @property
    def is_planned(self) -> bool:
        return self.scenario != ACTUAL

    @property
    def sites(self) -> list[str]:
        """The sites it is bound or allocated to."""
        named = [part.site for part in allocation(self.each.allocation)]
        return [self.each.site] if self.each.site else named


def judged(
    views: Views, library: Library, scenario: str, instruments: Sequence[Instrument]
) -> dict[str, dict[str, Judgement]]:
    """The judgements on each instrument of a scenario, by criterion.

    Serial numbers that an instrument of a closed year holds are its own for good; else the earlier
    claim keeps them, then the id decides, so that the order of recording never does.
    """
    found: dict[str, dict[str, Judgement]] = {}
    claimed: list[tuple[Instrument, Sequence[Span]]] = []
    for each in sorted(
        instruments, key=lambda i: (i.claim_year not in views.closed, i.claim_year, i.instrument_id)
    ):
        case = Case(each, views.of(each.claim_year), library, scenario)
        said = _judge(case)
        held = spans(each.serials)
        if not any(judgement.state == FAILED for judgement in said.values()):
            twin = _twin(held, claimed)
            claimed.append((each, held))
            said = _judge(Case(each, case.view, library, scenario, twin)) if twin else said
        found[each.instrument_id] = said
    return found


def _judge(case: Case) -> dict[str, Judgement]:
    rules = case.view.settings.policy.scope2_rules
    return {
        each.criterion: JUDGES[each.criterion](case)
        for each in case.library.criteria
        if each.is_asked(rules, case.each.kind)
    }


def _twin(held: Sequence[Span], claimed: Sequence[tuple[Instrument, Sequence[Span]]]) -> str:
    """The first earlier instrument that holds one of these serial numbers, in words."""
    for other, theirs in claimed:
        number = common(held, theirs)
        if number:
            return f"its serial number {number} is used by {other.instrument_id} already"
    return ""


def _conveyed(case: Case) -> Judgement:
    kind, said = case.library.instruments[case.each.kind], case.each.conveys_attribute
    if said == "no":
        return Judgement(FAILED, "it does not convey the attributes of the generation")
    if said == "yes":
        return Judgement(PASSED, "stated")
    if kind.order == 1:
        return Judgement(PASSED, f"a {case.each.kind} does by its kind")
    return Judgement(UNSTATED, "whether it conveys the attributes is not stated")


def _sole_claim(case: Case) -> Judgement:
    if case.each.credit_id:
        return Judgement(
            FAILED,
            f"the same generation is credited as carbon credit {case.each.credit_id}: a MWh is"
            " one certificate or one credit",
        )
    if case.twin:
        return Judgement(FAILED, case.twin)
    if case.each.serials:
        return Judgement(PASSED, "its serial numbers stand in no other instrument used")
    return Judgement(UNSTATED, "no serial numbers are stated")


def _retired(case: Case) -> Judgement:
    each, said = case.each, case.view.settings
    claimed_on = case.view.claimed_on(each.claim_year)
    if each.retired_on is None:
        if case.is_planned:
            return Judgement(UNSTATED, "planned, and taken as retired in time")
        return Judgement(FAILED, "not retired")
    if each.retired_on > claimed_on:
        return Judgement(FAILED, f"retired on {each.retired_on}, after the claim of {claimed_on}")
    retired = each.retired_on.year * 100 + each.retired_on.month
    if retired < (each.vintage_month or each.vintage_year * 100):
        return Judgement(FAILED, f"retired in {_month(retired)}, before it was generated")
    if each.beneficiary and each.beneficiary != said.organisation.name:
        return Judgement(FAILED, f"retired for {each.beneficiary}")
    if not each.beneficiary:
        return Judgement(UNSTATED, f"retired on {each.retired_on}, for whom is not stated")
    return Judgement(PASSED, f"retired on {each.retired_on} for {each.beneficiary}")


def _vintage(case: Case) -> Judgement:
    """Near is the reporting year claimed, or the one before it."""
    each = case.each
    year, written = each.vintage_year, str(each.vintage_year)
    if each.vintage_month:
        year, written = _year_of(case), _month(each.vintage_month)
    if year > each.claim_year:
        return Judgement(FAILED, f"generated in {written}, after {each.claim_year}")
    if each.claim_year - year > 1:
        return Judgement(FAILED, f"its vintage {written} is not near {each.claim_year}")
    return Judgement(PASSED, f"generated in {written}")


def _year_of(case: Case) -> int:
    """The reporting year of the month of generation."""
    starts = case.view.settings.organisation.reporting_year_starts
    return reporting_year(case.each.vintage_month, starts)


def _month(number: int) -> str:
    return f"{number // 100}-{number % 100:02}"


def _matched(case: Case) -> Judgement:
    each = case.each
    if not each.vintage_month:
        return Judgement(FAILED, "it states no month of generation, which the draft rules ask for")
    written = _month(each.vintage_month)
    if _year_of(case) != each.claim_year:
        return Judgement(FAILED, f"generated in {written}, outside {each.claim_year}")
    return Judgement(PASSED, f"generated in {written}, and used in it")


def _market(case: Case) -> Judgement:
    each, library, places = case.each, case.library, case.view.settings.sites()
    kind = library.instruments[each.kind]
    markets = kind.markets
    if each.vintage_year > kind.until.get(each.market, each.vintage_year):
        last = kind.until[each.market]
        said = f"a {each.kind} of {each.market} is not recognised for generation after {last}"
        return Judgement(FAILED, said)
    if markets and each.market not in markets:
        return Judgement(FAILED, f"a {each.kind} is no instrument of the market {each.market}")
    for site in case.sites:
        if site not in places:
            return Judgement(FAILED, f"no site {site}")
        if library.country(places[site].region) != each.market:
            named = "the site" if each.site else f"site {site}"
            return Judgement(FAILED, f"{named} is outside its market {each.market}")
    return Judgement(PASSED, f"of {each.market}, used there alone")


def _supplier_net(case: Case) -> Judgement:
    if case.each.net_of_sold == "no":
        return Judgement(FAILED, "the rate counts generation whose attributes were sold to others")
    if case.each.net_of_sold == "yes":
        return Judgement(PASSED, "stated")
    return Judgement(UNSTATED, "whether the rate is net of attributes sold is not stated")


def _direct_claim(case: Case) -> Judgement:
    said = case.each.conveys_attribute
    if said == "yes":
        return Judgement(PASSED, "the contract conveys the attributes")
    return Judgement(UNSTATED, "whether the contract passes the claim on is not stated")


def _residual_mix(case: Case) -> Judgement:
    each = case.each
    has_one = any(
        "residual" in factors.series
        and case.library.country(factors.region) == each.market
        and factors.first_year <= each.claim_year
        for factors in case.library.topics.get("electricity", ())
    )
    said = "the market has one" if has_one else "the market has none at hand, and this is disclosed"
    return Judgement(PASSED, said)


JUDGES: Mapping[str, Callable[[Case], Judgement]] = {
    "conveyed": _conveyed,
    "sole_claim": _sole_claim,
    "retired": _retired,
    "vintage": _vintage,
    "matched": _matched,
    "market": _market,
    "supplier_net": _supplier_net,
    "direct_claim": _direct_claim,
    "residual_mix": _residual_mix,
}


def period(view: View, each: Instrument) -> int:
    """What an instrument is matched with: its claim year, or in the draft its month."""
    is_draft = view.settings.policy.scope2_rules == DRAFT
    return each.vintage_month if is_draft else each.claim_year
