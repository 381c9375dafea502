"""Lines as read and understood, before they are recorded: one class for each layout.

Readers make these rows, the ledger writes them. `Vocabulary` is what a book knows: rows are
understood against it and nothing else, so a reader needs neither the settings nor the library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from carbon.performance import Indicator, indicators


@dataclass(frozen=True, slots=True)
class Activity:
    """A quantity of something bought, burned, generated, leaked or travelled."""

    site: str
    activity: str
    start_on: date
    end_on: date  # inclusive
    quantity: Decimal  # in `unit`, at most six decimals
    unit: str  # as entered
    meter: str = ""
    detail: str = ""
    quality: str = "unstated"
    evidence: str = ""
    note: str = ""
    row: int = 0  # in its file
    uncertainty_pct: Decimal | None = None  # half of the 95 % range [% of the quantity]


@dataclass(frozen=True, slots=True)
class Instrument:
    """A contractual instrument: certificate, contract or supplier rate."""

    instrument_id: str
    kind: str  # of emission_factors/instruments.csv
    market: str  # country code
    energy_kwh: Decimal
    vintage_year: int
    claim_year: int
    site: str = ""  # '' for the whole organisation
    retired_on: date | None = None
    beneficiary: str = ""
    factor_g_per_kwh: Decimal = Decimal(0)  # stated by the kind, or by the contract
    evidence: str = ""
    note: str = ""
    row: int = 0
    vintage_month: int = 0  # 202307, 0 where only the year is stated
    allocation: str = ""  # sites it is meant for: 'hq; plant', 'hq: 0.4; plant: 0.6'
    serials: str = ""
    conveys_attribute: str = ""  # yes, no, '' where not stated
    credit_id: str = ""  # the carbon credit that its generation was credited as as well
    net_of_sold: str = ""  # of a supplier's rate: yes, no, ''
    generation_meter: str = ""  # whose readings tell the hours of its generation


@dataclass(frozen=True, slots=True)
class Credit:
    """A purchase of carbon credits."""

    credit_id: str
    standard: str
    kind: str  # avoidance, removal
    vintage_year: int
    claim_year: int
    mass_t: Decimal
    project: str = ""
    retired_on: date | None = None
    evidence: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """Emissions claimed to be avoided, or the like; beside the inventory and in none of it."""

    claim_id: str
    kind: str  # substitution, avoided emissions, biogas certificate, other
    year: int
    mass_t: Decimal
    description: str
    baseline: str = ""
    method: str = ""
    evidence: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Denominator:
    """What an intensity divides by: revenue, people, floor area, output."""

    metric: str
    period: int  # 2023 or 202307
    quantity: Decimal
    unit: str
    site: str = ""
    evidence: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class IndicatorFigure:
    """How much of an indicator there was: water, packaging, waste ... No emission follows of it."""

    indicator: str
    period: int  # 2023 or 202307
    quantity: Decimal
    unit: str  # as entered
    site: str = ""  # '' for the organisation
    part: str = ""  # of the indicator: municipal, cartons; '' for all of it
    quality: str = "unstated"
    coverage: str = ""  # what it covers, where that is not all of the site or organisation
    evidence: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Goal:
    """What a site, department, key area or the organisation means to stay within."""

    metric: str  # an activity, energy, standard_coal, emissions
    period: int  # 202307, or 2023: laid on its months by the year before
    quantity: Decimal
    unit: str  # as entered
    node: str = "organisation"
    evidence: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """What somebody did about an over-consumption."""

    case_id: str  # node/metric/first month
    number: int  # of the event within its case
    event: str  # open, update, close
    owner: str = ""  # '' where the event leaves it as it was; so of the others
    cause: str = ""
    action: str = ""
    due_on: date | None = None
    until: int = 0  # the last month over its goal that a closing covers
    figures: str = ""  # what was over when it was written
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Equipment:
    """An appliance that holds a refrigerant or SF6."""

    equipment_id: str
    site: str
    kind: str
    refrigerant: str
    charge_kg: Decimal
    installed_on: date
    retired_on: date | None = None
    note: str = ""
    row: int = 0
    charged: str = ""  # factory, site, or not said


@dataclass(frozen=True, slots=True)
class Service:
    """A service event of an appliance."""

    service_id: str
    equipment_id: str
    event: str  # top-up, install, recover, dispose
    serviced_on: date
    mass_kg: Decimal  # put in; taken out where it is recovered or disposed of
    evidence: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Stock:
    """A count of a site's stock of a refrigerant, or a movement into it or out of it."""

    stock_id: str
    site: str
    refrigerant: str
    event: str  # count, purchase, sale, return
    happened_on: date
    mass_kg: Decimal
    evidence: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Control:
    """What a utility's statement says of a whole period."""

    control_id: str
    site: str
    meter: str  # '' for all of the site that counts
    activity: str
    start_on: date
    end_on: date  # inclusive
    quantity: Decimal  # in the activity's canonical unit
    unit: str
    evidence: str = ""
    note: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A finding that somebody has looked at and lets stand."""

    finding_id: str
    code: str
    message: str
    reason: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class ActivityWord:
    """An activity a book may record: its names, and what its rows must say."""

    activity: str
    units: tuple[str, ...]  # canonical units it is counted in
    names: tuple[str, ...] = ()  # other names people write, in any language
    details: tuple[str, ...] = ()  # the details allowed; empty where none is needed
    blends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # blend -> units
    heating: str = ""  # net or gross: what energy that says neither means; '' where it must say
    is_served: bool = True  # whether any factor set serves it there
    is_travel: bool = False  # a detail may end in the country of the trip: economy@FR


@dataclass(frozen=True)
class Vocabulary:
    """Every word a row may use."""

    activities: Mapping[str, ActivityWord]
    sites: Mapping[str, str]  # name -> title
    meters: Mapping[str, str]  # name -> site
    virtual: frozenset[str] = frozenset()  # meters that are computed, and take no reading
    countries: frozenset[str] = frozenset()
    instrument_kinds: Mapping[str, Decimal | None] = field(default_factory=dict)  # [g CO2e/kWh]
    instrument_names: Mapping[str, str] = field(default_factory=dict)  # other name -> kind
    generation_meters: Sequence[str] = ()  # that read what instruments stand for
    site_countries: Mapping[str, str] = field(default_factory=dict)  # name -> country code
    is_country: Callable[[str], bool] = lambda code: False  # one the library has nothing of, too
    refrigerants: frozenset[str] = frozenset()
    equipment: Mapping[str, str] = field(default_factory=dict)  # equipment_id -> refrigerant
    nodes: Sequence[str] = ()  # the organisation, sites, departments and key areas
    goal_units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # metric -> units
    indicators: Mapping[str, Indicator] = field(default_factory=lambda: indicators(()))
    at: Callable[[str, str], ActivityWord] | None = None  # (site, activity) -> what it says there

    def word(self, site: str, activity: str) -> ActivityWord:
        """An activity as its factors at a site let it be counted."""
        return self.at(site, activity) if self.at and site else self.activities[activity]


# How a unit as entered becomes the activity's canonical unit: (activity, unit) -> (canonical unit,
# factor with at most twelve decimals). One row per distinct pair, never one per entry.
UnitTable = Mapping[tuple[str, str], tuple[str, Decimal]]


@dataclass(frozen=True)
class Readings:
    """The readings of a file, in temporary tables of a ledger's connection, each of them good.

    `reading_new` has one row per interval: row, key_no, unit, quality, at_s, length_s, day,
    month, quantity; `reading_calendar` one per local day: day, day_s.
    """

    keys: Mapping[int, tuple[str, str, str, str]]  # key_no -> site, meter, activity, detail
    zone: str  # of their days, '' for the clock of the file
    count: int


# Says what is being done, from which part of the whole to which, and whom to ask how far (in %).
Tell = Callable[[str, float, float, Callable[[], float]], None]
