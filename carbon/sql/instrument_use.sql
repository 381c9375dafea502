-- One row per scenario, instrument, site and reporting year: energy used; and one per instrument,
-- with an empty site, for what was refused and why. Used and refused add up to the instrument.
with used as (
    select scenario, instrument_id, site, reporting_year, used_kwh from instrument_site
    union all
    select scenario, instrument_id, site, reporting_year, used_kwh from instrument_market
),
spent as (
    select
        scenario,
        instrument_id,
        cast(sum(used_kwh) as decimal(17, 6)) as used_kwh
    from used
    group by scenario, instrument_id
)
select
    scenario,
    instrument_id,
    site,
    reporting_year,
    used_kwh,
    cast(0 as decimal(17, 6)) as refused_kwh,
    '' as reason
from used
where used_kwh > 0
union all
select
    i.scenario,
    i.instrument_id,
    '' as site,
    i.claim_year as reporting_year,
    cast(0 as decimal(17, 6)) as used_kwh,
    cast(i.energy_kwh - case when s.used_kwh is null then cast(0 as decimal(17, 6)) else s.used_kwh end
        as decimal(17, 6)) as refused_kwh,
    case when i.refusal = '' then 'more than the electricity bought from the grid that year' else i.refusal end
        as reason
from instrument_input as i
left join spent as s
    on s.scenario = i.scenario
    and s.instrument_id = i.instrument_id
where i.energy_kwh > case when s.used_kwh is null then cast(0 as decimal(17, 6)) else s.used_kwh end
