"""What the SQL in `carbon/sql/` calculates."""

from __future__ import annotations

from carbon.schema.kinds import (
    BOOL,
    COUNT,
    INT,
    LONG,
    PRODUCT,
    QUANTITY,
    SHARE,
    TEXT,
    relation,
)

# What the SQL of every method gives, before `flow` joins on what the month of a site says.
FLOW_PART = relation(
    "flow_part",
    "one per scenario, site, meter, activity, detail, month, accounting, line, topic, unit, part",
    scenario=TEXT,
    site=TEXT,
    meter=TEXT,
    activity=TEXT,
    detail=TEXT,
    month=INT,
    accounting=TEXT,  # all, location, market
    line=TEXT,
    category=TEXT,
    family=TEXT,
    topic=TEXT,
    place=TEXT,
    unit=TEXT,
    part=SHARE,  # of the quantity that takes this factor: of a blend, a loss
    is_own_share=BOOL,  # the quantity is the boundary's share of the site already
    quantity=QUANTITY,
)

CALCULATED = {
    each.name: each
    for each in (
        relation(
            "superseded_entry",
            "one per cut-off and entry that no longer counts at it",
            cut_off=INT,
            entry_id=LONG,
        ),
        relation(
            "bill_profile",
            "one per bill over several months that its meter's readings split, and month",
            entry_id=LONG,
            month=INT,
            share_before=SHARE,  # of what its meter read, before the month
            share_until=SHARE,
        ),
        relation(
            "entry_move",
            "one per entry and month that counts other than recorded, with what it counts more",
            entry_id=LONG,
            batch_id=INT,
            key_id=INT,
            month=INT,
            unit=TEXT,
            is_estimate=BOOL,
            quantity=QUANTITY,
        ),
        relation(
            "entry_current_month",
            "one per key, month and unit: what the ledger says at the cut-off",
            key_id=INT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
            estimated=QUANTITY,  # the part of it that rests on estimates
        ),
        relation(
            "filled_month",
            "one per key, month and unit of a gap that is filled: the estimate",
            key_id=INT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
        ),
        relation(
            "site_month",
            "one per scenario, site and month inside the boundary: what its flows share",
            scenario=TEXT,
            site=TEXT,
            month=INT,
            reporting_year=INT,
            market=TEXT,
            treatment=TEXT,
            share=SHARE,
            policy=TEXT,
            factor_year=INT,
        ),
        relation(
            "metered_month",
            "one per scenario, key, month and unit: recorded and planned, inside the boundary; and"
            " what virtual meters come to",
            scenario=TEXT,
            site=TEXT,
            meter=TEXT,
            role=TEXT,
            activity=TEXT,
            detail=TEXT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
            reporting_year=INT,
            is_part=BOOL,  # in the figure of another meter already
        ),
        relation(
            "meter_month",
            "one per site, meter, activity, month and unit of what is recorded",
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
        ),
        relation(
            "activity_month",
            "one per scenario, key, month and unit that counts: a part of another meter does not",
            scenario=TEXT,
            site=TEXT,
            meter=TEXT,
            role=TEXT,
            activity=TEXT,
            detail=TEXT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
            reporting_year=INT,
        ),
        relation(
            "pv_month",
            "one per scenario, site and month with PV generation",
            scenario=TEXT,
            site=TEXT,
            month=INT,
            reporting_year=INT,
            generated_kwh=QUANTITY,
            exported_kwh=QUANTITY,
            storage_loss_kwh=QUANTITY,  # charged less discharged less the change in store
            store_change_kwh=QUANTITY,
            self_used_kwh=QUANTITY,  # by the site, losses of its storage with it
            unexplained_kwh=QUANTITY,  # generation less what metered self-use leaves of it
            potential_kwh=QUANTITY,
            curtailed_kwh=QUANTITY,
            uncurtailed_kwh=QUANTITY,  # potential less generation less curtailment
            curtailment_meters=INT,  # 0 where nothing is told of potential or curtailment
            export_meters=INT,  # 0 where export is neither metered nor follows from self-use
        ),
        relation(
            "pv_use_month",
            "one per scenario, site, month and generation meter of a plant: PV used and exported",
            scenario=TEXT,
            site=TEXT,
            month=INT,
            reporting_year=INT,
            meter=TEXT,  # '' for all that no plant names
            owner=TEXT,
            is_sold=BOOL,
            is_on_grid=BOOL,
            is_in_energy=BOOL,
            generated_kwh=QUANTITY,
            exported_kwh=QUANTITY,
            used_kwh=QUANTITY,
        ),
        relation(
            "import_month",
            "one per scenario, site, meter, activity and month: electricity taken from the grid,"
            " and with a minus what of it was supplied to others",
            scenario=TEXT,
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            month=INT,
            energy_kwh=QUANTITY,
            reporting_year=INT,
        ),
        relation(
            "facility_month",
            "one per scenario, site with IT meters, and month: its electricity and that of its IT",
            scenario=TEXT,
            site=TEXT,
            month=INT,
            reporting_year=INT,
            facility_kwh=QUANTITY,  # imported, and PV used on site
            it_kwh=QUANTITY,
            facility_meters=INT,  # 0 where no import is recorded
            it_meters=INT,  # 0 where nothing is recorded of the IT
            missing=INT,  # expected bills and meters without a figure
        ),
        relation(
            "heat_supplied_month",
            "one per scenario, site, meter and month: heat bought and supplied to others",
            scenario=TEXT,
            site=TEXT,
            meter=TEXT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
        ),
        relation(
            "delivered_month",
            "one per scenario, site, meter, activity, detail, month and unit: energy that came"
            " through a network for own use",
            scenario=TEXT,
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            detail=TEXT,
            month=INT,
            carrier=TEXT,  # electricity, heat
            place=TEXT,
            unit=TEXT,
            quantity=QUANTITY,  # below 0 for what was supplied to others
        ),
        relation(
            "loss_choice",
            "one per carrier, place, policy, factor year and loss set: what serves for the losses",
            carrier=TEXT,
            place=TEXT,
            policy=TEXT,
            factor_year=INT,
            set_id=TEXT,
            topic=TEXT,  # of the factor: printed losses, or the carrier itself
            family=TEXT,
            part=SHARE,  # of the quantity delivered that takes the factor
            age=INT,  # years the set is older than the need [a]
        ),
        relation(
            "coverable_month",
            "one per scenario, site, meter and month: electricity that instruments may cover",
            scenario=TEXT,
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            month=INT,
            reporting_year=INT,
            period=INT,
            market=TEXT,
            energy_kwh=QUANTITY,  # the boundary's share; below 0 for what was supplied to others
        ),
        relation(
            "import_hour",
            "one per scenario, site and hour of the months that its meters tell by the hour:"
            " electricity that may be covered",
            scenario=TEXT,
            site=TEXT,
            market=TEXT,
            reporting_year=INT,
            month=INT,
            period=INT,
            energy_kwh=QUANTITY,
        ),
        relation(
            "import_period",
            "one per scenario, site and period of matching: electricity that may be covered",
            scenario=TEXT,
            site=TEXT,
            market=TEXT,
            reporting_year=INT,
            period=INT,  # 2023; by the draft rules 202307, and 202307013 for an hour of it
            energy_kwh=QUANTITY,
        ),
        relation(
            "instrument_grain",
            "one per scenario and instrument whose meter tells the hours of its generation: whether"
            " the sites it may serve are told by the hour too",
            scenario=TEXT,
            instrument_id=TEXT,
            lacking=TEXT,  # the last site that is not, '' where it is matched by the hour
        ),
        relation(
            "instrument_hour",
            "one per scenario, instrument that is matched by the hour, and hour: its energy",
            scenario=TEXT,
            instrument_id=TEXT,
            month=INT,
            period=INT,
            energy_kwh=QUANTITY,
        ),
        relation(
            "instrument_refusal",
            "one per scenario and refused instrument: the first criterion it fails",
            scenario=TEXT,
            instrument_id=TEXT,
            criterion=TEXT,
            reason=TEXT,
        ),
        relation(
            "instrument_part",
            "one per scenario, accepted instrument and way it goes: a site, a list, the market",
            scenario=TEXT,
            instrument_id=TEXT,
            kind_order=INT,
            site=TEXT,  # '' where no one site is meant
            list=TEXT,  # '' or the sites it may serve, in order
            market=TEXT,
            period=INT,
            energy_kwh=QUANTITY,
        ),
        relation(
            "instrument_site",
            "one per scenario, instrument bound to a site, and that site: what it used of it",
            scenario=TEXT,
            instrument_id=TEXT,
            site=TEXT,
            period=INT,
            used_kwh=QUANTITY,
        ),
        relation(
            "instrument_listed",
            "one per scenario, instrument for a list of sites, and site on it: energy used",
            scenario=TEXT,
            instrument_id=TEXT,
            site=TEXT,
            period=INT,
            used_kwh=QUANTITY,
        ),
        relation(
            "instrument_market",
            "one per scenario, instrument of the organisation, and site it reaches: energy used",
            scenario=TEXT,
            instrument_id=TEXT,
            site=TEXT,
            period=INT,
            used_kwh=QUANTITY,
        ),
        relation(
            "hour_used",
            "one per scenario, site and month in which hours were matched: energy used by the hour",
            scenario=TEXT,
            site=TEXT,
            month=INT,
            used_kwh=QUANTITY,
        ),
        relation(
            "instrument_use",
            "one per scenario, instrument, site and year: energy used, or refused and why",
            scenario=TEXT,
            instrument_id=TEXT,
            site=TEXT,  # '' for what no site could use
            reporting_year=INT,
            period=INT,
            used_kwh=QUANTITY,
            refused_kwh=QUANTITY,
            reason=TEXT,
        ),
        relation(
            "covered_month",
            "one per scenario, instrument, site, meter and month: electricity it covers",
            scenario=TEXT,
            instrument_id=TEXT,
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            month=INT,
            covered_kwh=QUANTITY,
        ),
        relation(
            "recorded_month",
            "one per site and month inside the boundary that lies within what is recorded",
            site=TEXT,
            month=INT,
            reporting_year=INT,
            place=LONG,  # of the month in its reporting year
        ),
        relation(
            "refrigerant_term",
            "one per method, site, refrigerant, appliance, reporting year, month and term of a"
            " balance",
            method=TEXT,  # mass balance, simplified, screening
            site=TEXT,
            refrigerant=TEXT,
            equipment_id=TEXT,  # '' for a stock
            reporting_year=INT,
            month=INT,  # 0 for the edges of a year
            term=TEXT,
            records=INT,  # how many records make it up
            mass_kg=QUANTITY,  # with its sign
        ),
        relation(
            "refrigerant_balance",
            "one per site, refrigerant and reporting year inside the boundary: three results, what"
            " they rest on, and which of them is used",
            site=TEXT,
            refrigerant=TEXT,
            reporting_year=INT,
            mass_balance_kg=QUANTITY,
            simplified_kg=QUANTITY,
            screening_kg=QUANTITY,
            is_mass_balance=BOOL,  # whether its evidence is there
            is_simplified=BOOL,
            is_screening=BOOL,
            months=INT,  # of the year, recorded and inside the boundary
            method=TEXT,  # the one used, '' for none
            appliances=INT,  # in use in the year
            services=COUNT,  # service records
            openings=INT,  # counts of stock at the beginning
            closings=INT,
            unsaid=INT,  # installed in the year, and not said where they were charged
            uncharged=INT,  # charged on site in the year, and no `install` record
            undisposed=INT,  # retired in the year, and nothing says what was recovered
            unrated=INT,  # of a kind for which a needed leak rate is missing
        ),
        relation(
            "refrigerant_month",
            "one per site, appliance, refrigerant and month: what leaked by the method used",
            site=TEXT,
            equipment_id=TEXT,  # '' for a balance of the site
            refrigerant=TEXT,
            month=INT,
            method=TEXT,
            mass_kg=QUANTITY,
        ),
        relation(
            "refrigerant_need",
            "one per site, refrigerant and reporting year of a balance: the factor its tonnes take",
            scenario=TEXT,
            site=TEXT,
            refrigerant=TEXT,
            reporting_year=INT,
            topic=TEXT,
            family=TEXT,
            place=TEXT,
            policy=TEXT,
            factor_year=INT,
            accounting=TEXT,
            share=SHARE,
        ),
        relation(
            "flow",
            "one per scenario, site, meter, activity, detail, month, accounting, line, topic, unit"
            " and part",
            scenario=TEXT,
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            detail=TEXT,
            month=INT,
            reporting_year=INT,
            accounting=TEXT,  # all, location, market
            line=TEXT,
            category=TEXT,
            family=TEXT,
            topic=TEXT,
            place=TEXT,
            policy=TEXT,
            factor_year=INT,
            unit=TEXT,
            share=SHARE,  # of the consolidation approach; 1 where the quantity is it already
            part=SHARE,  # of the quantity that takes this factor: of a blend, a loss
            quantity=QUANTITY,
        ),
        relation(
            "year_flow",
            "one per scenario, reporting year, site, accounting, line, category, factor key, unit,"
            " share and part: flows of a year that are multiplied alike",
            scenario=TEXT,
            reporting_year=INT,
            site=TEXT,
            accounting=TEXT,
            line=TEXT,
            category=TEXT,
            family=TEXT,
            topic=TEXT,
            place=TEXT,
            policy=TEXT,
            factor_year=INT,
            unit=TEXT,
            share=SHARE,
            part=SHARE,
            quantity=QUANTITY,
        ),
        relation(
            "factor_need",
            "one per distinct factor key of `flow`, and of balances of refrigerants",
            scenario=TEXT,
            topic=TEXT,
            family=TEXT,
            place=TEXT,
            policy=TEXT,
            factor_year=INT,
            accounting=TEXT,
        ),
        relation(
            "factor_choice",
            "one per need that some set serves: the set, and how it fitted",
            scenario=TEXT,
            topic=TEXT,
            place=TEXT,
            policy=TEXT,
            factor_year=INT,
            accounting=TEXT,
            set_id=TEXT,
            fit=TEXT,  # own factor, exact, wider region, older year, prescribed, declared ...
            age=INT,  # years the set is older than the need [a]
            distance=INT,
            level=TEXT,
            preference=INT,
        ),
        relation(
            "coefficient_need",
            "one per factor set, unit, share and part that the flows, or a balance, ask for",
            set_id=TEXT,
            unit=TEXT,
            share=SHARE,
            part=SHARE,
        ),
        relation(
            "emission",
            "one per flow and gas",
            scenario=TEXT,
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            detail=TEXT,
            month=INT,
            reporting_year=INT,
            accounting=TEXT,
            line=TEXT,
            category=TEXT,
            topic=TEXT,
            place=TEXT,
            policy=TEXT,
            factor_year=INT,
            unit=TEXT,
            share=SHARE,
            part=SHARE,
            set_id=TEXT,
            gas=TEXT,
            quantity=QUANTITY,
            mass_g=PRODUCT,
            co2e_g=PRODUCT,
        ),
        relation(
            "total",
            "one per scenario, reporting year, site, accounting, line, category and gas",
            scenario=TEXT,
            reporting_year=INT,
            site=TEXT,
            accounting=TEXT,
            line=TEXT,
            category=TEXT,
            gas=TEXT,
            mass_g=PRODUCT,
            co2e_g=PRODUCT,
        ),
        relation(
            "coverage_month",
            "one per bill or meter that runs all year round and month it should have a figure for",
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            month=INT,
            reporting_year=INT,
            covered=INT,  # 1 where a figure is recorded
        ),
    )
}
