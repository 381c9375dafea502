-- One row per scenario, site and month in which the IT meters read more than the whole facility.
with it as (
    select
        scenario,
        site,
        month,
        cast(sum(quantity) as decimal(17, 6)) as it_kwh
    from activity_month
    where activity = 'it_load'
    group by scenario, site, month
),
facility as (
    select
        scenario,
        site,
        month,
        cast(sum(energy_kwh) as decimal(17, 6)) as import_kwh
    from import_month
    where activity <> 'supplied_to_others'
    group by scenario, site, month
)
select
    i.scenario,
    i.site,
    i.month,
    i.it_kwh,
    case when f.import_kwh is null then cast(0 as decimal(17, 6)) else f.import_kwh end
        + case when p.self_used_kwh is null then cast(0 as decimal(17, 6)) else p.self_used_kwh end
        as facility_kwh
from it as i
left join facility as f
    on f.scenario = i.scenario
    and f.site = i.site
    and f.month = i.month
left join pv_month as p
    on p.scenario = i.scenario
    and p.site = i.site
    and p.month = i.month
where i.it_kwh > case when f.import_kwh is null then cast(0 as decimal(17, 6)) else f.import_kwh end
    + case when p.self_used_kwh is null then cast(0 as decimal(17, 6)) else p.self_used_kwh end
