"""The glossary: every relation, what one row is, and what each column means.

A relation is declared once here. The engines create their tables from it, the readers
and the tests check their rows against it, and `docs/pipeline.md` is held to it.
Column names carry their unit (`mass_g`, `energy_kwh`); keys end in `_id`, dates in `_on`,
truths begin with `is_`. No column of a calculated relation is NULL: '' and 0 say "none".
"""

from __future__ import annotations

from dataclasses import dataclass

TEXT = "varchar"
INT = "integer"
LONG = "bigint"
BOOL = "boolean"
DATE = "date"
TIME = "timestamp"
QUANTITY = "decimal(17, 6)"  # of the canonical unit: the first rounding
COEFFICIENT = "decimal(20, 12)"  # grams per canonical unit: the second rounding
SHARE = "decimal(13, 12)"  # 0 to 1
PRODUCT = "decimal(38, 18)"  # quantity times coefficient, and sums of it [g]

FOREVER = 999912  # the month of a site that has not left


@dataclass(frozen=True)
class Relation:
    """A relation: its name, what one row is, and its columns in order."""

    name: str
    grain: str
    columns: dict[str, str]


def _relation(name: str, grain: str, **columns: str) -> Relation:
    return Relation(name, grain, columns)


# Recorded in the ledger, append-only. Every table carries who and when through its batch.
LEDGER = {
    relation.name: relation
    for relation in (
        _relation(
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
        _relation(
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
        ),
        _relation(
            "entry_key",
            "one per site, meter, activity and detail",
            key_id=INT,
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            detail=TEXT,
        ),
        _relation(
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
        _relation(
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
            claim_year=INT,  # the reporting year it is claimed for
            retired_on=DATE,  # NULL while not retired
            beneficiary=TEXT,
            factor_g_per_kwh=COEFFICIENT,  # of the instrument itself
            evidence=TEXT,
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        _relation(
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
        _relation(
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
        _relation(
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
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        _relation(
            "service",
            "one per service event of an appliance",
            service_id=TEXT,
            batch_id=INT,
            row=INT,
            equipment_id=TEXT,
            event=TEXT,  # top-up, install, recover, dispose
            serviced_on=DATE,
            mass_kg=QUANTITY,
            evidence=TEXT,
            note=TEXT,
            supersedes=TEXT,
            is_withdrawn=BOOL,
            identity=TEXT,
        ),
        _relation(
            "setting",
            "one per version of the book's settings",
            setting_id=INT,
            batch_id=INT,
            digest=TEXT,  # over all files of the version
            supersedes=INT,  # the version before it, 0 for none
        ),
        _relation(
            "setting_file",
            "one per file of a settings version: carbon.toml, factors/*.csv, scenarios/*.toml",
            setting_id=INT,
            path=TEXT,
            text=TEXT,
        ),
        _relation(
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
        _relation(
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
        _relation(
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
        _relation(
            "closing_coefficient",
            "one per closing, set, unit, share and gas: what one unit emitted, and why",
            closing_id=INT,
            set_id=TEXT,
            unit=TEXT,
            share=SHARE,
            gas=TEXT,
            mass_g=COEFFICIENT,
            co2e_g=COEFFICIENT,
            is_in_scopes=BOOL,
            equation=TEXT,
            source=TEXT,  # publisher, document and place of the printed values
        ),
        _relation(
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

# What the calculation reads, loaded as native tables.
INPUT = {
    relation.name: relation
    for relation in (
        _relation(
            "run_option",
            "one: the options of this run",
            cut_off=INT,
            known_on=DATE,
            gwp_set=TEXT,  # AR4, AR5, AR6
            is_pv_in_energy=BOOL,  # self-used PV counts in the energy sheet
        ),
        _relation(
            "month",
            "one per calendar month",
            month=INT,  # 202307
            reporting_year=INT,
            closed=TEXT,  # '' or the policy of its closed year, which holds the factors it had
            cut_off=INT,  # the newest batch that counts in it
        ),
        _relation(
            "factor_month",
            "one per calendar of factor years and calendar month",
            calendar=TEXT,  # how factor years run, and the month they begin in
            month=INT,
            factor_year=INT,
        ),
        _relation(
            "scenario",
            "one per scenario to compute; 'actual' is the ledger itself",
            scenario=TEXT,
            plan=TEXT,  # the plan whose months it takes, '' for none
            is_recorded=BOOL,  # takes the ledger's months
            fixed_month=INT,  # 0, or the month whose factors serve every month
        ),
        _relation(
            "site",
            "one per site and stay in the boundary, parted where a closed year saw it otherwise",
            site=TEXT,
            region=TEXT,
            market=TEXT,  # country code of its certificate market
            policy=TEXT,  # its class in `policy`
            calendar=TEXT,  # of its factor years
            share=SHARE,  # of the consolidation approach
            first_month=INT,
            left_month=INT,  # its first month outside
            is_pv_certificate_sold=BOOL,
        ),
        _relation(
            "activity_key",
            "one per site, meter, activity and detail, recorded or planned",
            key_id=INT,
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            detail=TEXT,
        ),
        _relation(
            "expected_key",
            "one per bill or meter that should have a figure every month",
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            first_month=INT,
            left_month=INT,
        ),
        _relation(
            "service_event",
            "one per service event, with what its appliance holds",
            equipment_id=TEXT,
            site=TEXT,
            refrigerant=TEXT,
            event=TEXT,
            month=INT,
            mass_kg=QUANTITY,
        ),
        _relation(
            "meter",
            "one per meter and span of months, parted where a closed year saw it otherwise",
            meter=TEXT,
            site=TEXT,
            role=TEXT,
            first_month=INT,
            left_month=INT,
        ),
        _relation(
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
        _relation(
            "region_path",
            "one per place (site, meter) and each region above it",
            place=TEXT,
            ancestor=TEXT,
            distance=INT,
            above=INT,  # steps above the site's own region, 0 for that and all below it
            level=TEXT,  # meter, site, utility, province, grid, country, world
        ),
        _relation(
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
        _relation(
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
        _relation(
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
        _relation(
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
        _relation(
            "instrument_input",
            "one per instrument and scenario, as far as its criteria can be read off it",
            scenario=TEXT,
            instrument_id=TEXT,
            kind_order=INT,
            site=TEXT,
            market=TEXT,
            energy_kwh=QUANTITY,
            claim_year=INT,
            refusal=TEXT,  # '' or the criterion it fails
        ),
        _relation(
            "plan_index",
            "one per scenario, key and future month: what the base month is multiplied with",
            scenario=TEXT,
            key_id=INT,
            month=INT,
            base_month=INT,
            multiplier=COEFFICIENT,
        ),
        _relation(
            "plan_addition",
            "one per scenario, key and future month: what is added, in the canonical unit",
            scenario=TEXT,
            key_id=INT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
        ),
        _relation(
            "coefficient",
            "one per factor set, unit, share and gas",
            set_id=TEXT,
            unit=TEXT,
            share=SHARE,
            gas=TEXT,
            mass_g=COEFFICIENT,  # gas per canonical unit [g]
            co2e_g=COEFFICIENT,  # [g CO2e]
            is_in_scopes=BOOL,  # false: reported outside the scopes (HCFC, CFC, biogenic CO2)
        ),
        _relation(
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

# What the SQL in carbon/sql/ calculates.
CALCULATED = {
    relation.name: relation
    for relation in (
        _relation(
            "superseded_entry",
            "one per cut-off and entry that no longer counts at it",
            cut_off=INT,
            entry_id=LONG,
        ),
        _relation(
            "entry_current_month",
            "one per key, month and unit: what the ledger says at the cut-off",
            key_id=INT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
            estimated=QUANTITY,  # the part of it that rests on estimates
        ),
        _relation(
            "activity_month",
            "one per scenario, key, month and unit: recorded and planned, inside the boundary",
            scenario=TEXT,
            site=TEXT,
            meter=TEXT,
            role=TEXT,
            activity=TEXT,
            detail=TEXT,
            month=INT,
            unit=TEXT,
            quantity=QUANTITY,
            share=SHARE,
            policy=TEXT,
            factor_year=INT,
            reporting_year=INT,
        ),
        _relation(
            "pv_month",
            "one per scenario, site and month with PV generation",
            scenario=TEXT,
            site=TEXT,
            month=INT,
            share=SHARE,
            policy=TEXT,
            factor_year=INT,
            reporting_year=INT,
            generated_kwh=QUANTITY,
            exported_kwh=QUANTITY,
            self_used_kwh=QUANTITY,
            export_meters=INT,  # 0 where export is not metered
        ),
        _relation(
            "import_month",
            "one per scenario, site, meter and month: electricity taken from the grid",
            scenario=TEXT,
            site=TEXT,
            meter=TEXT,
            activity=TEXT,
            month=INT,
            energy_kwh=QUANTITY,
            share=SHARE,
            policy=TEXT,
            factor_year=INT,
            reporting_year=INT,
        ),
        _relation(
            "import_year",
            "one per scenario, site and reporting year: electricity that certificates may cover",
            scenario=TEXT,
            site=TEXT,
            market=TEXT,
            reporting_year=INT,
            energy_kwh=QUANTITY,
        ),
        _relation(
            "instrument_site",
            "one per scenario, instrument bound to a site, and year: what that site used of it",
            scenario=TEXT,
            instrument_id=TEXT,
            site=TEXT,
            reporting_year=INT,
            used_kwh=QUANTITY,
        ),
        _relation(
            "instrument_market",
            "one per scenario, instrument of the organisation, site and year: energy used",
            scenario=TEXT,
            instrument_id=TEXT,
            site=TEXT,
            reporting_year=INT,
            used_kwh=QUANTITY,
        ),
        _relation(
            "instrument_use",
            "one per scenario, instrument, site and year: energy used, or refused and why",
            scenario=TEXT,
            instrument_id=TEXT,
            site=TEXT,  # '' for what no site could use
            reporting_year=INT,
            used_kwh=QUANTITY,
            refused_kwh=QUANTITY,
            reason=TEXT,
        ),
        _relation(
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
        _relation(
            "flow",
            "one per scenario, site, meter, activity, detail, month, accounting, line, topic, unit",
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
            share=SHARE,
            quantity=QUANTITY,
        ),
        _relation(
            "factor_need",
            "one per distinct factor key of `flow`",
            scenario=TEXT,
            topic=TEXT,
            family=TEXT,
            place=TEXT,
            policy=TEXT,
            factor_year=INT,
            accounting=TEXT,
        ),
        _relation(
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
        _relation(
            "coefficient_need",
            "one per factor set, unit and share that the flows ask for",
            set_id=TEXT,
            unit=TEXT,
            share=SHARE,
        ),
        _relation(
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
            set_id=TEXT,
            gas=TEXT,
            quantity=QUANTITY,
            mass_g=PRODUCT,
            co2e_g=PRODUCT,
        ),
        _relation(
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
        _relation(
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

RELATIONS = LEDGER | INPUT | CALCULATED
