-- One row per scenario, instrument, site and reporting year: energy used; and one per instrument,
-- with an empty site, for what was refused and why. Used and refused add up to the instrument.
with tier as (
    select scenario, instrument_id, site, used_kwh from instrument_site
    union all
    select scenario, instrument_id, site, used_kwh from instrument_listed
    union all
    select scenario, instrument_id, site, used_kwh from instrument_market
),
used as (
    select
        scenario,
        instrument_id,
        site,
        cast(sum(used_kwh) as decimal(17, 6)) as used_kwh
    from tier
    group by scenario, instrument_id, site
),
spent as (
    select
        scenario,
        instrument_id,
        cast(sum(used_kwh) as decimal(17, 6)) as used_kwh
    from used
    group by scenario, instrument_id
),
allocated as (
    select distinct
        scenario,
        instrument_id
    from instrument_allocation
)
select
    u.scenario,
    u.instrument_id,
    u.site,
    i.claim_year as reporting_year,
    i.period,
    u.used_kwh,
    cast(0 as decimal(17, 6)) as refused_kwh,
    '' as reason
from used as u
join instrument_input as i
    on i.scenario = u.scenario
    and i.instrument_id = u.instrument_id
where u.used_kwh > 0
union all
select
    i.scenario,
    i.instrument_id,
    '' as site,
    i.claim_year as reporting_year,
    i.period,
    cast(0 as decimal(17, 6)) as used_kwh,
    cast(i.energy_kwh - case when s.used_kwh is null then cast(0 as decimal(17, 6)) else s.used_kwh end
        as decimal(17, 6)) as refused_kwh,
    case
        when r.reason is not null then r.reason
        else case
                when i.site = '' and a.instrument_id is null then 'more than the electricity '
                else 'more than was left to it of the electricity its sites '
            end
            || 'bought from the grid '
            || case
                when g.lacking = '' then 'in the hours of its generation'
                when i.period = i.claim_year then 'that year'
                else 'that month'
            end
    end as reason
from instrument_input as i
left join spent as s
    on s.scenario = i.scenario
    and s.instrument_id = i.instrument_id
left join instrument_refusal as r
    on r.scenario = i.scenario
    and r.instrument_id = i.instrument_id
left join allocated as a
    on a.scenario = i.scenario
    and a.instrument_id = i.instrument_id
left join instrument_grain as g
    on g.scenario = i.scenario
    and g.instrument_id = i.instrument_id
where i.energy_kwh > case when s.used_kwh is null then cast(0 as decimal(17, 6)) else s.used_kwh end
