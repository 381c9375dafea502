"""What the ledger records, append-only. Every table carries who and when through its batch."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from carbon.schema.kinds import (
    BOOL,
    COEFFICIENT,
    DATE,
    INT,
    LONG,
    PRODUCT,
    QUANTITY,
    SHARE,
    TEXT,
    TIME,
    relation,
)

# Columns that a ledger of an earlier version lacks, and what its rows say there.
ADDED: dict[tuple[str, str], Any] = {
    ("closing_coefficient", "part"): Decimal(1),
    ("entry", "uncertainty_pct"): None,
    ("instrument", "vintage_month"): 0,
    ("instrument", "allocation"): "",
    ("instrument", "serials"): "",
    ("instrument", "conveys_attribute"): "",
    ("instrument", "credit_id"): "",
    ("instrument", "net_of_sold"): "",
    ("instrument", "generation_meter"): "",
    ("equipment", "charged"): "",
    ("setting_file", "same_as"): 0,
}

LEDGER = {
    each.name: each
    for each in (
        relation(
            "batch",
            "one per act of recording: a file imported, a line logged, a correction",
            batch_id=INT,
            kind=TEXT,  # import, log, correct, withdraw, settings, close
            file=TEXT,
            digest=TEXT,  # sha256 of the file's bytes, '' where there was no file
            recorded_at=TIME,  # UTC
            recorded_by=TEXT,
            note=TEXT,
        ),
        relation(
            "entry",
            "one per recorded line of activity, as it was first written down",
            entry_id=LONG,
            batch_id=INT,
            key_id=INT,
            row=INT,  # in the file, 0 where there was none
            kind=TEXT,  # record, correction, withdrawal
            supersedes=LONG,  # entry_id, 0 for none
            chain_id=LONG,  # entry_id of the first entry of the chain
            start_on=DATE,
            end_on=DATE,  # inclusive
            quantity=QUANTITY,  # in `unit`, as entered
            unit=TEXT,
            quality=TEXT,  # metered, billed, estimated, calculated, unstated
            evidence=TEXT,
            note=TEXT,
            identity=TEXT,  # digest of the content, with its count of repeats
            uncertainty_pct=QUANTITY,  # half of the 95 % range, NULL where none is stated [%]
        ),
        relation(
            "entry_key",
            "one per site, meter, activity and detail",
            key_id=INT,
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            detail=TEXT,
        ),
        relation(
            "entry_month",
            "one per entry and month, in the activity's canonical unit",
            entry_id=LONG,
            batch_id=INT,
            key_id=INT,
            month=INT,  # 202307
            unit=TEXT,
            quantity=QUANTITY,
            is_estimate=BOOL,  # entered as an estimate
            is_split=BOOL,  # the entry covers more than this month
        ),
        relation(
            "reading_set",
            "one per entry that was summed from the readings of a meter",
            entry_id=LONG,
            batch_id=INT,
            zone=TEXT,  # whose days and months they are, '' for the clock of the file
            readings=LONG,
            first_row=INT,  # in the file
            last_row=INT,
        ),
        relation(
            "reading",
            "one per interval of a meter, as it was first written down",
            entry_id=LONG,  # which says the meter and the unit
            row=INT,  # in the file
            start_at=TIME,  # UTC; the clock of the file where its set has no zone
            day=INT,  # the local day, its number as Python counts them
            length_s=INT,
            quantity=QUANTITY,  # in the unit of the entry, as entered
        ),
        relation(
            "reading_day",
            "one per entry and local day: its readings summed, in the activity's canonical unit",
            entry_id=LONG,
            batch_id=INT,
            key_id=INT,
            month=INT,  # 202307
            day=INT,  # its number
            quantity=QUANTITY,  # the days of an entry add up to its month
            covered_s=LONG,  # seconds of the day that readings cover
            day_s=INT,  # seconds the day has, 82,800 to 90,000
        ),
        relation(
            "instrument",
            "one per contractual instrument: certificate, contract, supplier rate",
            instrument_id=TEXT,
            batch_id=INT,
            row=INT,
            kind=TEXT,  # a kind of instruments.csv: gec, go, rec, irec, ppa, ...
            site=TEXT,  # '' for the whole organisation
            market=TEXT,  # country code
            energy_kwh=QUANTITY,
            vintage_year=INT,
            vintage_month=INT,  # 202307, 0 where only the year is stated
            claim_year=INT,  # the reporting year it is claimed for
            allocation=TEXT,  # '' or sites: 'hq; plant', 'hq: 0.4; plant: 0.6'
            serials=TEXT,  # 'A1 to A400; B7'
            conveys_attribute=TEXT,  # yes, no, '' where not stated
            credit_id=TEXT,  # the carbon credit its generation was credited as as well
            net_of_sold=TEXT,  # of a supplier's rate: yes, no, ''
            generation_meter=TEXT,  # whose readings tell the hours of its generation, or ''
            retired_on=DATE,  # NULL while not retired
            beneficiary=TEXT,
            factor_g_per_kwh=COEFFICIENT,  # of the instrument itself
            evidence=TEXT,
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "credit",
            "one per carbon credit purchase",
            credit_id=TEXT,
            batch_id=INT,
            row=INT,
            standard=TEXT,  # CCER, VCS, Gold Standard ...
            project=TEXT,
            kind=TEXT,  # avoidance, removal
            vintage_year=INT,
            claim_year=INT,
            mass_t=QUANTITY,
            retired_on=DATE,  # NULL while not retired
            evidence=TEXT,
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "claim",
            "one per claim beside the inventory: in no line, no total and no target",
            claim_id=TEXT,
            batch_id=INT,
            row=INT,
            kind=TEXT,  # substitution, avoided emissions, biogas certificate, other
            year=INT,  # the reporting year it is claimed for
            description=TEXT,
            baseline=TEXT,  # what it is compared with
            mass_t=QUANTITY,  # as claimed [t CO2e]
            method=TEXT,
            evidence=TEXT,
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "denominator",
            "one per site (or organisation), period and metric",
            batch_id=INT,
            row=INT,
            site=TEXT,  # '' for the organisation
            metric=TEXT,  # revenue, people, floor_area, it_energy, output
            period=INT,  # 2023 for a reporting year, 202307 for a month
            quantity=QUANTITY,
            unit=TEXT,
            evidence=TEXT,
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "indicator",
            "one per site (or organisation), period, indicator and part: no emission follows of it",
            batch_id=INT,
            row=INT,
            site=TEXT,  # '' for the organisation
            indicator=TEXT,  # water_withdrawal, packaging, hazardous_waste, nox ...
            part=TEXT,  # municipal, cartons ...; '' for all of it
            period=INT,  # 2023 for a reporting year, 202307 for a month
            quantity=QUANTITY,  # in `unit`, as entered
            unit=TEXT,
            quality=TEXT,  # metered, billed, estimated, calculated, unstated
            coverage=TEXT,  # what it covers, '' for all of the site or organisation
            evidence=TEXT,
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "goal",
            "one per node (organisation, site, department, key area), metric and period",
            batch_id=INT,
            row=INT,
            node=TEXT,
            metric=TEXT,  # an activity, energy, standard_coal, emissions
            period=INT,  # 202307 for a month, 2023 for a reporting year
            quantity=QUANTITY,  # in `unit`, as entered
            unit=TEXT,
            evidence=TEXT,
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "case_event",
            "one per event of an over-consumption case; its state follows of all of them",
            case_id=TEXT,  # node/metric/first month over its goal
            number=INT,  # of the event within its case
            batch_id=INT,
            row=INT,
            event=TEXT,  # open, update, close
            owner=TEXT,  # '' where the event leaves it as it was
            cause=TEXT,
            action=TEXT,
            due_on=DATE,  # NULL likewise
            until=INT,  # the last month over its goal that a closing covers, 0 for other events
            figures=TEXT,  # what was over when it was written
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "equipment",
            "one per appliance that holds a refrigerant or SF6",
            equipment_id=TEXT,
            batch_id=INT,
            row=INT,
            site=TEXT,
            kind=TEXT,
            refrigerant=TEXT,
            charge_kg=QUANTITY,
            installed_on=DATE,
            retired_on=DATE,  # NULL while in use
            charged=TEXT,  # where it got its charge: factory, site, '' not said
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "service",
            "one per service event of an appliance",
            service_id=TEXT,
            batch_id=INT,
            row=INT,
            equipment_id=TEXT,
            event=TEXT,  # top-up, install, recover, dispose
            serviced_on=DATE,
            mass_kg=QUANTITY,  # put in; taken out where it is recovered or disposed of
            evidence=TEXT,
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "refrigerant_stock",
            "one per count of a site's stock of a refrigerant, and per movement in or out",
            stock_id=TEXT,
            batch_id=INT,
            row=INT,
            site=TEXT,
            refrigerant=TEXT,
            event=TEXT,  # count, purchase, sale, return
            happened_on=DATE,
            mass_kg=QUANTITY,
            evidence=TEXT,
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "control_total",
            "one per statement of a utility on a whole period, to hold the entries against",
            control_id=TEXT,
            batch_id=INT,
            row=INT,
            site=TEXT,
            meter=TEXT,  # '' for all of the site that counts
            activity=TEXT,
            start_on=DATE,
            end_on=DATE,  # inclusive
            quantity=QUANTITY,  # in the activity's canonical unit
            unit=TEXT,
            evidence=TEXT,
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "acknowledgement",
            "one per finding that somebody has looked at and lets stand",
            finding_id=TEXT,
            batch_id=INT,
            row=INT,
            code=TEXT,
            message=TEXT,  # as it was acknowledged
            reason=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        relation(
            "setting",
            "one per version of the book's settings",
            setting_id=INT,
            batch_id=INT,
            digest=TEXT,  # over all files of the version
            supersedes=INT,  # the version before it, 0 for none
        ),
        relation(
            "setting_file",
            "one per file of a settings version: carbon.toml, factors/*.csv, scenarios/*.toml,"
            " weather/*",
            setting_id=INT,
            path=TEXT,
            text=TEXT,  # '' where an earlier version holds it
            same_as=INT,  # that version, 0 for none
        ),
        relation(
            "run",
            "one per computation: everything that fixes its result, by value",
            run_id=TEXT,  # digest of the columns below
            cut_off=INT,  # the newest batch that counts
            setting_id=INT,
            library_digest=TEXT,
            own_factors_digest=TEXT,
            code_version=TEXT,
            known_on=DATE,  # editions published later are not seen
            recorded_at=TIME,
        ),
        relation(
            "closing",
            "one per reporting year closed; closed again, it is restated",
            closing_id=INT,
            batch_id=INT,
            reporting_year=INT,
            run_id=TEXT,
            cut_off=INT,  # the newest batch that counts in the year
            gwp_set=TEXT,
            digest=TEXT,  # over its totals
            supersedes=INT,  # the closing it restates, 0 for the first
        ),
        relation(
            "closing_choice",
            "one per closing and factor key: the set it took, and how that fitted",
            closing_id=INT,
            topic=TEXT,
            place=TEXT,
            factor_year=INT,
            accounting=TEXT,
            set_id=TEXT,
            family=TEXT,
            region=TEXT,
            series=TEXT,
            first_year=INT,
            last_year=INT,
            published_on=DATE,
            fit=TEXT,
            age=INT,
            distance=INT,
            level=TEXT,
            preference=INT,
        ),
        relation(
            "closing_loss",
            "one per closing, carrier, place and loss set: what served for the losses there",
            closing_id=INT,
            carrier=TEXT,
            place=TEXT,
            factor_year=INT,
            set_id=TEXT,
            topic=TEXT,
            family=TEXT,
            part=SHARE,
        ),
        relation(
            "closing_fill",
            "one per closing, key, month and unit: the estimate that stood for a missing bill",
            closing_id=INT,
            key_id=INT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
            method=TEXT,
            told=TEXT,
        ),
        relation(
            "closing_coefficient",
            "one per closing, set, unit, share, part and gas: what one unit emitted, and why",
            closing_id=INT,
            set_id=TEXT,
            unit=TEXT,
            share=SHARE,
            part=SHARE,
            gas=TEXT,
            mass_g=COEFFICIENT,
            co2e_g=COEFFICIENT,
            is_in_scopes=BOOL,
            equation=TEXT,
            source=TEXT,  # publisher, document and place of the printed values
        ),
        relation(
            "closing_total",
            "one per closing, site, accounting, line, category and gas: its figures",
            closing_id=INT,
            site=TEXT,
            accounting=TEXT,
            line=TEXT,
            category=TEXT,
            gas=TEXT,
            mass_g=PRODUCT,
            co2e_g=PRODUCT,
        ),
    )
}
