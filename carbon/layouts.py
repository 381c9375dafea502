"""What people hand in: the layouts of a line, and what each of their columns says.

The one place for it. Files are read by it (`readers.columns`), `carbon log` takes its options from
it (`cli.verbs.record`), and `docs/columns.md` lists it.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

REGISTER = ("opening", "closing", "multiplier")
TEMPLATE, TEMPLATE_VERSION = "carbon template", 1  # stands above the header of a sheet we laid out
NOT_READ = (
    "(not read)"  # ends the heading of a column, and the mark of a sheet, that people alone read
)
TARIFFS = ("sharp", "peak", "flat", "valley", "deep_valley")


@dataclass(frozen=True)
class Layout:
    """The columns of a line, in order. `key` is the one that no other layout has."""

    name: str
    about: str
    key: str
    required: tuple[str, ...]
    says: Mapping[str, str]  # column -> what it says
    periods: tuple[tuple[str, ...], ...] = ()  # any one of these groups
    parts: tuple[str, ...] = ()  # what a quantity may be worked out of
    flags: tuple[str, ...] = ()  # yes or nothing
    given: tuple[str, ...] = ()  # what a template fills in beforehand
    is_of_several_lines: bool = False  # one line alone says nothing, and cannot be logged

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column, each once."""
        return (*self.says, *self.parts)

    def is_whole(self, known: Set[str]) -> bool:
        """Whether nothing that a line needs is missing."""
        has_period = not self.periods or any(known >= {*group} for group in self.periods)
        return known >= {*self.required} and has_period

    @property
    def told(self) -> tuple[str, ...]:
        """The columns a message lists."""
        return tuple(self.says)


EVIDENCE = {"evidence": "Where it stands: a bill, a photo, a file."}
NOTE = {"note": "Anything else."}
MASS_UNIT = "kg, g ..."
QUALITY = {"quality": "metered, billed, estimated or calculated."}

LAYOUTS: Mapping[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            "activity",
            "Record one entry; also trips, a certificate, credit, claim, appliance ...",
            "activity",
            ("site", "activity", "quantity", "unit"),
            {
                "site": "A site of the book.",
                "activity": "electricity, natural_gas, diesel ...",
                "quantity": "How much, in its unit.",
                "unit": "kWh, MWh, m3, L, kg ...",
                "start": "The first day (2023-07-01); or give a month, or a year.",
                "end": "The last day, inclusive.",
                "month": "The month it belongs to (2023-07).",
                "year": "The year it belongs to.",
                "meter": "A meter of the site.",
                "detail": "What the activity needs: refrigerant, fuel grade, route, class.",
                **QUALITY,
                "uncertainty": "Half of its 95 % range, in % of the quantity, where it is known.",
                **EVIDENCE,
                **NOTE,
            },
            (("start", "end"), ("month",), ("year",)),
            (*REGISTER, *TARIFFS),
            given=("site", "activity", "unit", "start", "end", "month", "year", "meter", "detail"),
        ),
        Layout(
            "trip",
            "Record trips: a flight by its airports, others by their distance.",
            "travellers",
            ("travellers",),
            {
                "travellers": "How many people went.",
                "date": "The day they left (2023-07-18); or give start and end, a month or a year.",
                "start": "The first day.",
                "end": "The last day, inclusive.",
                "month": "The month they belong to.",
                "year": "The year they belong to.",
                "site": "The site they went for; a book of one site need not be told.",
                "purpose": "business (the default) or commuting.",
                "mode": "air (the default), rail, metro, bus, taxi, car, hire car, motorcycle or "
                "ferry.",
                "from": "The airport they left from: PVG, ZSPD, or a city with one airport.",
                "to": "The airport they went to.",
                "distance": "One way, in its unit; a flight may leave it out.",
                "unit": "km, mile ...",
                "class": "By air the cabin: economy, premium-economy, business, first. Else the "
                "detail of the mode: national, average/petrol ...",
                "return": "They came back the same way.",
                "trips": "How often; by default once.",
                "occupancy": "People in one vehicle.",
                "group": "What keeps trips of the same mode and day apart; by default their route.",
                **QUALITY,
                **EVIDENCE,
                **NOTE,
            },
            (("date",), ("start", "end"), ("month",), ("year",)),
            flags=("return",),
        ),
        Layout(
            "instrument",
            "Record a certificate, contract or supplier rate.",
            "instrument_id",
            ("instrument_id", "kind", "market", "energy", "unit", "vintage"),
            {
                "instrument_id": "Its number or name.",
                "kind": "GEC, GO, REC, I-REC, PPA ...",
                "market": "The country whose market it is of: CN, DE ...",
                "energy": "How much energy, in its unit.",
                "unit": "kWh, MWh ...",
                "vintage": "The year its energy was generated (2023), or the month (2023-07).",
                "claim_year": "The reporting year it is claimed for; by default its vintage.",
                "site": "The site it serves; by default the whole organisation.",
                "allocation": "Or the sites it serves: a list that is filled in its order "
                '("hq; plant"), or shares that add up to 1 ("hq: 0.4; plant: 0.6").',
                "retired_on": "The day it was retired (2023-12-20).",
                "beneficiary": "For whom it was retired.",
                "factor": "Its own emission factor, where the contract states one. [g CO2e/kWh]",
                "serials": 'Its serial numbers: "A-001 to A-400; B-7".',
                "conveys_attribute": "Whether it conveys the attributes of the generation: yes or "
                "no.",
                "credit_id": "The carbon credit that the same generation was credited as, if any.",
                "net_of_sold": "Of a supplier's rate, whether it leaves out attributes sold "
                "elsewhere: yes or no.",
                "generation_meter": "The meter whose readings tell the hours of its generation, "
                "by which draft rules match.",
                **EVIDENCE,
                **NOTE,
            },
        ),
        Layout(
            "credit",
            "Record a purchase of carbon credits.",
            "credit_id",
            ("credit_id", "standard", "kind", "vintage", "mass", "unit"),
            {
                "credit_id": "Its number or name.",
                "standard": "CCER, VCS, Gold Standard ...",
                "kind": "avoidance or removal.",
                "vintage": "The year it was generated.",
                "mass": "How much, in its unit.",
                "unit": "t, kg ...",
                "claim_year": "The reporting year it is claimed for; by default the year it was "
                "retired in, else its vintage.",
                "project": "The project it comes from.",
                "retired_on": "The day it was retired (2023-12-20).",
                **EVIDENCE,
                **NOTE,
            },
        ),
        Layout(
            "claim",
            "Record a claim of avoided emissions, which no figure of the inventory takes in.",
            "claim_id",
            ("claim_id", "kind", "year", "description", "mass", "unit"),
            {
                "claim_id": "Its number or name.",
                "kind": "substitution, avoided emissions, biogas certificate or other.",
                "year": "The reporting year it is claimed for.",
                "description": "What was done.",
                "mass": "How much is claimed, in its unit.",
                "unit": "t, kg ...",
                "baseline": "What it is compared with.",
                "method": "How it was worked out.",
                **EVIDENCE,
                **NOTE,
            },
        ),
        Layout(  # before denominator, which has a metric as well
            "goal",
            "Record what a site, department or the organisation means to stay within.",
            "goal",
            ("metric", "goal", "unit"),
            {
                "node": "A site, department or key area; by default the whole organisation.",
                "metric": "electricity, natural_gas ..., energy, standard_coal or emissions.",
                "goal": "How much at most, in its unit.",
                "unit": "kWh, MWh, tce, t ...",
                "period": "A month (2024-07); or a reporting year (2024), which is laid on its"
                " months as the year before ran.",
                "month": "Or the month.",
                "year": "Or the reporting year.",
                **EVIDENCE,
                **NOTE,
            },
            (("period",), ("month",), ("year",)),
        ),
        Layout(
            "denominator",
            "Record revenue, people, floor area or output.",
            "metric",
            ("metric", "quantity", "unit"),
            {
                "metric": "revenue, people, floor_area, it_energy, output, heating_degree_days or"
                " cooling_degree_days.",
                "quantity": "How much, in its unit.",
                "unit": "RMB, million RMB, person, m2 ...",
                "period": "A reporting year (2023) or a month (2023-07).",
                "month": "Or the month.",
                "year": "Or the reporting year.",
                "site": "The site it is of; by default the whole organisation.",
                **EVIDENCE,
                **NOTE,
            },
            (("period",), ("month",), ("year",)),
            given=("metric", "unit", "period", "month", "year", "site"),
        ),
        Layout(
            "indicator",
            "Record water, packaging, waste, exhaust and the like; no emission follows of it.",
            "indicator",
            ("indicator", "quantity", "unit"),
            {
                "indicator": "water_withdrawal, packaging, hazardous_waste, nox ... or one of the"
                " book's own.",
                "part": "The part of it that is meant: municipal, cartons ...; by default all.",
                "quantity": "How much, in its unit.",
                "unit": "m3, t, kg ...",
                "period": "A reporting year (2023) or a month (2023-07).",
                "month": "Or the month.",
                "year": "Or the reporting year.",
                "site": "The site it is of; by default the whole organisation.",
                "coverage": "What it covers, where that is not all: one tower, offices only.",
                **QUALITY,
                **EVIDENCE,
                **NOTE,
            },
            (("period",), ("month",), ("year",)),
            given=("indicator", "part", "unit", "period", "month", "year", "site", "coverage"),
        ),
        Layout(
            "service",
            "Record a service event: a top-up, a recovery ...",
            "service_id",
            ("service_id", "equipment_id", "event", "serviced_on", "mass", "unit"),
            {
                "service_id": "Its number or name.",
                "equipment_id": "The appliance.",
                "event": "top-up, install, recover or dispose.",
                "serviced_on": "The day (2023-07-18).",
                "mass": "How much went in, or what was recovered, in its unit; 0 where a visit "
                "found it full.",
                "unit": MASS_UNIT,
                **EVIDENCE,
                **NOTE,
            },
            given=("service_id", "equipment_id", "unit"),
        ),
        Layout(  # after service, which names its equipment as well
            "equipment",
            "Record an appliance that holds a refrigerant or SF6.",
            "equipment_id",
            ("equipment_id", "site", "kind", "refrigerant", "charge", "unit", "installed_on"),
            {
                "equipment_id": "Its number or name.",
                "site": "The site it stands on.",
                "kind": "chiller, packaged unit, switchgear ...",
                "refrigerant": "R-134a, R-410A, SF6 ...",
                "charge": "How much it holds, in its unit.",
                "unit": MASS_UNIT,
                "installed_on": "The day it was installed (2019-04-01).",
                "retired_on": "The day it went out of use.",
                "charged": "Where it got its charge: factory or site.",
                **NOTE,
            },
        ),
        Layout(
            "refrigerant_stock",
            "Record a count of a stock of refrigerant, or what came into it or left it.",
            "stock_id",
            ("stock_id", "site", "refrigerant", "event", "happened_on", "mass", "unit"),
            {
                "stock_id": "The number or name of the record.",
                "site": "The site that keeps it.",
                "refrigerant": "R-134a, R-410A, SF6 ...",
                "event": "count (what is there that day), purchase, sale or return.",
                "happened_on": "The day (2023-12-31); a count near the end of a year closes it and "
                "opens the next.",
                "mass": "How much, in its unit.",
                "unit": MASS_UNIT,
                **EVIDENCE,
                **NOTE,
            },
            given=("stock_id", "site", "refrigerant", "event", "happened_on", "unit"),
        ),
        Layout(
            "control_total",
            "Record what a utility's statement says of a period, to hold the entries against.",
            "control_id",
            ("control_id", "site", "activity", "quantity", "unit"),
            {
                "control_id": "The number or name of the statement.",
                "site": "The site it is of.",
                "activity": "electricity, natural_gas, heat ...",
                "quantity": "How much it states, in its unit.",
                "unit": "kWh, MWh, m3 ...",
                "start": "The first day (2023-01-01); or give a month, or a year.",
                "end": "The last day, inclusive.",
                "month": "The month it is of (2023-07).",
                "year": "The calendar year it is of.",
                "meter": "The meter it is of; by default all of the site that counts.",
                **EVIDENCE,
                **NOTE,
            },
            (("start", "end"), ("month",), ("year",)),
        ),
        Layout(
            "register_reading",
            "Readings of registers: what each went forward by between two of them is an entry.",
            "reading",
            ("meter", "reading", "activity", "unit"),
            {
                "meter": "The meter that was read.",
                "date": "The day it was read, at its end (2023-07-31).",
                "reading": "What the register showed.",
                "activity": "electricity, natural_gas ...",
                "unit": "kWh, m3 ...",
                "site": "The site of the meter; it need not be told.",
                "detail": "What the activity needs.",
                "multiplier": "The ratio of the current transformer; by default 1.",
                "event": "exchanged or reset, where the register began anew that day.",
                "new_start": "What the register showed after that.",
                **QUALITY,
                **EVIDENCE,
                **NOTE,
            },
            (("date",),),
            is_of_several_lines=True,
        ),
    )
}
