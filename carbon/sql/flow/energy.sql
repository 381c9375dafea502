-- One row per scenario, site, meter and month of electricity used, for the energy sheet:
-- what was imported, PV of others bought behind the meter, and own PV used on site where the policy
-- counts it as energy.
with used as (
    select
        i.scenario, i.site, i.meter, i.activity, i.month,
        'electricity bought' as category, i.energy_kwh
    from import_month as i
    union all
    select
        u.scenario, u.site, u.meter, 'pv_generation' as activity, u.month,
        case when u.owner = '' then 'PV used on site' else 'PV bought on site' end as category,
        u.used_kwh as energy_kwh
    from pv_use_month as u
    where u.is_in_energy
        or u.owner <> ''
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
    false as is_own_share,
    energy_kwh as quantity
from used
