"""What the calculation reads, loaded as native tables."""

from __future__ import annotations

from carbon.schema.kinds import (
    BOOL,
    COEFFICIENT,
    DATE,
    INT,
    LONG,
    MULTIPLIER,
    PRODUCT,
    QUANTITY,
    SHARE,
    TEXT,
    relation,
)

INPUT = {
    each.name: each
    for each in (
        relation(
            "run_option",
            "one: the options of this run",
            cut_off=INT,
            known_on=DATE,
            gwp_set=TEXT,  # AR4, AR5, AR6
        ),
        relation(
            "month",
            "one per calendar month",
            month=INT,  # 202307
            reporting_year=INT,
            closed=TEXT,  # '' or the policy of its closed year, which holds the factors it had
            cut_off=INT,  # the newest batch that counts in it
        ),
        relation(
            "factor_month",
            "one per calendar of factor years and calendar month",
            calendar=TEXT,  # how factor years run, and the month they begin in
            month=INT,
            factor_year=INT,
        ),
        relation(
            "scenario",
            "one per scenario to compute; 'actual' is the ledger itself",
            scenario=TEXT,
            plan=TEXT,  # the plan whose months it takes, '' for none
            is_recorded=BOOL,  # takes the ledger's months
            fixed_month=INT,  # 0, or the month whose factors serve every month
        ),
        relation(
            "site",
            "one per site and stay in the boundary, parted where a closed year saw it otherwise",
            site=TEXT,
            region=TEXT,
            market=TEXT,  # country code of its certificate market
            policy=TEXT,  # its class in `policy`
            calendar=TEXT,  # of its factor years
            treatment=TEXT,  # '' or the category of Scope 3 it stands in instead of Scope 1 and 2
            share=SHARE,  # of the consolidation approach
            first_month=INT,
            left_month=INT,  # its first month outside
        ),
        relation(
            "activity_key",
            "one per site, meter, activity and detail, recorded or planned",
            key_id=INT,
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            detail=TEXT,
        ),
        relation(
            "metered_bill",
            "one per bill of a meter whose readings are recorded too",
            entry_id=LONG,
            batch_id=INT,
            key_id=INT,
            first_day=INT,  # the number of the day
            last_day=INT,
        ),
        relation(
            "expected_key",
            "one per bill or meter that should have a figure every month",
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            first_month=INT,
            left_month=INT,
        ),
        relation(
            "service_event",
            "one per service event, with what its appliance holds",
            equipment_id=TEXT,
            site=TEXT,
            refrigerant=TEXT,
            event=TEXT,
            month=INT,
            mass_kg=QUANTITY,
        ),
        relation(
            "appliance",
            "one per appliance and span of months, with what leaks of its charge by screening",
            equipment_id=TEXT,
            site=TEXT,
            refrigerant=TEXT,
            charge_kg=QUANTITY,
            charged=TEXT,  # factory, site, '' not said
            installed_month=INT,
            charged_month=INT,  # of its first `install` event, 0 for none
            retired_month=INT,
            whole_month=INT,  # the first month all of which it ran
            left_month=INT,  # the first month it ran no longer whole
            is_disposal_recorded=BOOL,
            installation_leak=SHARE,  # of the charge
            annual_leak=SHARE,
            disposal_leak=SHARE,
            has_installation_leak=BOOL,
            has_annual_leak=BOOL,
            has_disposal_leak=BOOL,
            leak_set_id=TEXT,  # the set of leak rates, '' for none
            first_month=INT,  # of the span, parted where a closed year saw it otherwise
            end_month=INT,  # the first month after the span
        ),
        relation(
            "stock_event",
            "one per movement into or out of a site's stock of a refrigerant",
            site=TEXT,
            refrigerant=TEXT,
            event=TEXT,  # purchase, sale, return
            month=INT,
            mass_kg=QUANTITY,
        ),
        relation(
            "stock_count",
            "one per site, refrigerant, reporting year and edge: what was counted nearest to it",
            site=TEXT,
            refrigerant=TEXT,
            reporting_year=INT,
            edge=TEXT,  # opening, closing
            mass_kg=QUANTITY,
            stock_id=TEXT,
        ),
        relation(
            "refrigerant_policy",
            "one per reporting year and method that may serve it, in order of preference",
            reporting_year=INT,
            method=TEXT,  # mass balance, simplified, screening
            preference=INT,  # 1 first
        ),
        relation(
            "even_share",
            "one per number of months and place among them: what each has of an even whole",
            months=INT,
            place=INT,
            share_before=SHARE,
            share_until=SHARE,
        ),
        relation(
            "meter",
            "one per meter and span of months, parted where a closed year saw it otherwise",
            meter=TEXT,
            site=TEXT,
            role=TEXT,
            first_month=INT,
            left_month=INT,
        ),
        relation(
            "meter_part",
            "one per site, meter, activity, main above it and span of months: what it is part of",
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            main=TEXT,  # '' for the site's bills
            main_activity=TEXT,  # that the main tells it by; '' where nobody can say which main
            distance=INT,  # 1 for its own main
            depth=INT,  # mains above it
            is_counted=BOOL,  # its use is in that of a main, and not counted again
            first_month=INT,
            left_month=INT,
        ),
        relation(
            "meter_term",
            "one per site, virtual meter, activity, meter it is computed of and span of months",
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            term=TEXT,
            term_activity=TEXT,
            times=INT,  # 1 for added, -1 for taken off
            terms=INT,  # there are of them
            first_month=INT,
            left_month=INT,
        ),
        relation(
            "meter_area",
            "one per site ('' its bills) and meter: where it stands in the tree of areas",
            site=TEXT,
            meter=TEXT,
            department=TEXT,  # '' for unassigned
            area=TEXT,  # key area, '' for the department itself
        ),
        relation(
            "pv_term",
            "one per site, generation meter and span of months: whose PV it is, on which terms",
            site=TEXT,
            meter=TEXT,  # '' for all that no plant names
            owner=TEXT,  # '' for the organisation, else the third party that sells the power
            is_sold=BOOL,  # others have its certificates
            is_on_grid=BOOL,  # sold, it takes the grid average location-based too
            is_in_energy=BOOL,  # own PV counts in the energy sheet
            first_month=INT,
            left_month=INT,
        ),
        relation(
            "method",
            "one per activity: where its emissions stand and which factor they take",
            activity=TEXT,
            method=TEXT,  # names the SQL: direct, electricity, pv, ...
            line=TEXT,  # scope1, scope2, scope3, outside, energy
            category=TEXT,
            family=TEXT,  # fuel, electricity, refrigerant, travel, ...
            topic=TEXT,
            is_detailed=BOOL,  # the topic continues with '/' and the entry's detail
            is_continuous=BOOL,  # a month without a figure is a gap
        ),
        relation(
            "fuel_part",
            "one per site, activity, blend, unit, component and span of months",
            site=TEXT,
            activity=TEXT,
            detail=TEXT,  # the blend, as entries name it
            unit=TEXT,  # canonical units its shares are of
            topic=TEXT,  # of the component
            part=SHARE,
            first_month=INT,
            left_month=INT,
        ),
        relation(
            "topic_taken",
            "one per topic, detail and span of months that lead elsewhere than their names say",
            topic=TEXT,  # of the activity
            detail=TEXT,  # as recorded
            first_month=INT,
            left_month=INT,
            taken=TEXT,  # the topic whose factor is taken
            place=TEXT,  # '' for the site or meter, else whose factor is taken
        ),
        relation(
            "region_path",
            "one per place (site, meter) and each region above it",
            place=TEXT,
            ancestor=TEXT,
            distance=INT,
            above=INT,  # steps above the site's own region, 0 for that and all below it
            level=TEXT,  # meter, site, utility, province, grid, country, world
        ),
        relation(
            "policy",
            "one per policy class, family, accounting and series allowed, in order of preference",
            policy=TEXT,
            family=TEXT,
            accounting=TEXT,
            preference=INT,  # 1 first
            series=TEXT,  # '' for any
            set_id=TEXT,  # '' or the one set declared for all years
            max_above=INT,  # steps above the site's own region a set may stand
            max_factor_age=INT,  # years [a]
        ),
        relation(
            "factor_set",
            "one per published set, chosen whole",
            set_id=TEXT,
            scenario=TEXT,  # '' for a published one, else the scenario or closing it belongs to
            topic=TEXT,
            family=TEXT,
            region=TEXT,
            series=TEXT,
            accounting=TEXT,  # all, location, market
            first_year=INT,
            last_year=INT,
            published_on=DATE,
            is_prescribed=BOOL,  # an authority prescribes it for the year, whatever its data
        ),
        relation(
            "factor_printed",
            "one per printed value of the library, for queries: no calculation reads it",
            set_id=TEXT,
            edition=TEXT,
            topic=TEXT,
            region=TEXT,
            series=TEXT,
            first_year=INT,
            last_year=INT,
            accounting=TEXT,
            quantity=TEXT,
            value=TEXT,  # as printed
            unit=TEXT,
            publisher=TEXT,
            title=TEXT,
            published_on=DATE,
            licence=TEXT,
            locator=TEXT,
            confidence=TEXT,
            note=TEXT,
        ),
        relation(
            "closed_choice",
            "one per factor key of a closed reporting year: the set it had",
            topic=TEXT,
            place=TEXT,
            policy=TEXT,  # of the closed year
            factor_year=INT,
            accounting=TEXT,
            set_id=TEXT,
            fit=TEXT,
            age=INT,
            distance=INT,
            level=TEXT,
            preference=INT,
        ),
        relation(
            "matching_month",
            "one per calendar month: the period in which instruments are matched",
            month=INT,
            period=INT,  # its reporting year, or the month itself
        ),
        relation(
            "loss_share",
            "one per loss set that prints a share: what is lost for each unit delivered",
            set_id=TEXT,
            part=SHARE,
        ),
        relation(
            "closed_loss",
            "one per carrier, place and loss set of a closed reporting year: what served there",
            policy=TEXT,  # of the closed year
            carrier=TEXT,
            place=TEXT,
            factor_year=INT,
            set_id=TEXT,
            topic=TEXT,
            family=TEXT,
            part=SHARE,
        ),
        relation(
            "instrument_input",
            "one per instrument and scenario",
            scenario=TEXT,
            instrument_id=TEXT,
            kind_order=INT,
            site=TEXT,
            market=TEXT,
            energy_kwh=QUANTITY,
            claim_year=INT,
            period=INT,  # in which it is matched
            generation_meter=TEXT,  # '' or the meter that tells the hours of its generation
        ),
        relation(
            "hour_share",
            "one per meter and month that it tells by the hour, and hour: its part of the month",
            site=TEXT,  # '' for generation elsewhere
            meter=TEXT,
            activity=TEXT,  # electricity, offsite_generation
            month=INT,
            period=INT,  # 202306013: the month, and the last three digits of the hours since 1970
            share_before=SHARE,
            share_until=SHARE,
        ),
        relation(
            "hour_taken",
            "one per scenario, site and month in which hours were matched: energy used by the hour",
            scenario=TEXT,
            site=TEXT,
            month=INT,
            used_kwh=QUANTITY,
        ),
        relation(
            "instrument_allocation",
            "one per scenario, instrument and site it is allocated to",
            scenario=TEXT,
            instrument_id=TEXT,
            list=TEXT,  # the whole allocation, one text for equal ones
            turn=INT,
            site=TEXT,
            share=SHARE,  # 0 where the sites are only listed
        ),
        relation(
            "instrument_criterion",
            "one per scenario, instrument and quality criterion that its kind must meet",
            scenario=TEXT,
            instrument_id=TEXT,
            criterion=TEXT,  # of criteria.csv
            turn=INT,
            state=TEXT,  # passed, failed, not stated
            reason=TEXT,
        ),
        relation(
            "fill",
            "one per key, month and unit of a gap that is filled: how",
            key_id=INT,
            month=INT,
            unit=TEXT,
            method=TEXT,  # trend, neighbours, profile
            told=TEXT,  # from which months, by which multiplier
            start_on=DATE,
            end_on=DATE,
        ),
        relation(
            "fill_term",
            "one per key, month and unit of a gap, and recorded month that its estimate rests on",
            key_id=INT,
            month=INT,
            unit=TEXT,
            base_month=INT,
            multiplier=COEFFICIENT,
        ),
        relation(
            "closed_fill",
            "one per key, month and unit of a gap that a closed year filled: its estimate",
            key_id=INT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
        ),
        relation(
            "plan_load",
            "one per scenario and key of the base year: which measures act on it",
            scenario=TEXT,
            key_id=INT,
            measure_set=INT,  # loads that the same measures act on have the same
        ),
        relation(
            "plan_index",
            "one per scenario, set of measures and future month: what the base month is multiplied"
            " with",
            scenario=TEXT,
            measure_set=INT,
            month=INT,
            base_month=INT,
            multiplier=MULTIPLIER,
        ),
        relation(
            "plan_addition",
            "one per scenario, key and future month: what is added, in the canonical unit",
            scenario=TEXT,
            key_id=INT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
        ),
        relation(
            "plan_leak",
            "one per scenario, appliance or site, refrigerant and future month whose leak changes:"
            " what the leak of the base month is multiplied with",
            scenario=TEXT,
            site=TEXT,
            equipment_id=TEXT,
            refrigerant=TEXT,
            month=INT,
            multiplier=COEFFICIENT,
        ),
        relation(
            "coefficient",
            "one per factor set, unit, share, part and gas",
            set_id=TEXT,
            unit=TEXT,
            share=SHARE,
            part=SHARE,
            gas=TEXT,
            mass_g=COEFFICIENT,  # gas per canonical unit [g]
            co2e_g=COEFFICIENT,  # [g CO2e]
            is_in_scopes=BOOL,  # false: reported outside the scopes (HCFC, CFC, biogenic CO2)
        ),
        relation(
            "closed_total",
            "one per closed reporting year, site, accounting, line, category and gas: its figures",
            reporting_year=INT,
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
