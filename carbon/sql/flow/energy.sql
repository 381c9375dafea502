-- One row per scenario, site, meter and month of electricity used, for the energy sheet: what was
-- imported, and what was generated and used on site where the policy counts it as energy.
with used as (
    select
        i.scenario, i.site, i.meter, i.activity, i.month,
        'electricity bought' as category, i.energy_kwh
    from import_month as i
    union all
    select
        p.scenario, p.site, '' as meter, 'pv_generation' as activity, p.month,
        'PV used on site' as category, p.self_used_kwh as energy_kwh
    from pv_month as p
    cross join run_option as o
    where o.is_pv_in_energy
)
select
    scenario,
    site,
    meter,
    activity,
    '' as detail,
    month,
    'all' as accounting,
    'energy' as line,
    category,
    'standard_coal' as family,
    'standard_coal/electricity' as topic,
    case when meter = '' then site else meter end as place,
    'kWh' as unit,
    cast(1 as decimal(13, 12)) as part,
    energy_kwh as quantity
from used
