-- One row per scenario, year, and site or instrument whose electricity does not close to zero: what
-- was imported is covered or takes a factor, what an instrument holds is used or refused. None can.
with entered as (
    select
        c.scenario, 'import' as balance, c.site as name, c.reporting_year,
        c.energy_kwh as open_kwh
    from coverable_month as c
    union all
    select
        f.scenario, 'import' as balance, f.site as name, f.reporting_year,
        0 - f.quantity as open_kwh
    from flow as f
    where f.accounting = 'market'
        and f.line = 'scope2'
        and (f.topic = 'electricity' or f.family = 'instrument')
        and f.activity not in ('pv_generation', 'public_charging')
    union all
    select
        u.scenario, 'cover' as balance, u.site as name, u.reporting_year,
        u.used_kwh as open_kwh
    from instrument_use as u
    union all
    select
        m.scenario, 'cover' as balance, m.site as name, c.reporting_year,
        0 - m.covered_kwh as open_kwh
    from covered_month as m
    join coverable_month as c
        on c.scenario = m.scenario
        and c.site = m.site
        and c.meter = m.meter
        and c.activity = m.activity
        and c.month = m.month
    union all
    select
        i.scenario, 'instrument' as balance, i.instrument_id as name, i.claim_year as reporting_year,
        i.energy_kwh as open_kwh
    from instrument_input as i
    union all
    select
        u.scenario, 'instrument' as balance, u.instrument_id as name, u.reporting_year,
        0 - u.used_kwh - u.refused_kwh as open_kwh
    from instrument_use as u
)
select
    scenario,
    balance,
    name,
    reporting_year,
    cast(sum(open_kwh) as decimal(17, 6)) as open_kwh
from entered
group by scenario, balance, name, reporting_year
having sum(open_kwh) <> 0
