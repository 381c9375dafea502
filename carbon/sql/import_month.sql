-- One row per scenario, site, meter and month: electricity taken from the grid.
-- Sub-meters, IT meters and chargers measure parts of it and are never added.
-- A total that includes PV loses the self-used PV here, once.
with total as (
    select
        a.scenario,
        a.site,
        a.month,
        a.reporting_year,
        cast(sum(a.quantity) as decimal(17, 6)) as energy_kwh
    from activity_month as a
    where a.activity = 'electricity_including_pv'
        and a.role = 'grid_import'
    group by a.scenario, a.site, a.month, a.reporting_year
)
select
    a.scenario,
    a.site,
    a.meter,
    a.activity,
    a.month,
    cast(sum(a.quantity) as decimal(17, 6)) as energy_kwh,
    a.reporting_year
from activity_month as a
where a.activity = 'electricity'
    and a.role = 'grid_import'
group by a.scenario, a.site, a.meter, a.activity, a.month, a.reporting_year
union all
select
    t.scenario,
    t.site,
    '' as meter,
    'electricity_including_pv' as activity,
    t.month,
    cast(t.energy_kwh - case when p.self_used_kwh is null then cast(0 as decimal(17, 6)) else p.self_used_kwh end
        as decimal(17, 6)) as energy_kwh,
    t.reporting_year
from total as t
left join pv_month as p
    on p.scenario = t.scenario
    and p.site = t.site
    and p.month = t.month
