-- One row per scenario, site with IT meters, and month: electricity of the whole facility, which is
-- what was imported and the PV used on site, beside that of its IT; and how many figures it lacks.
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
it_site as (
    select distinct
        scenario,
        site
    from it
),
spot as (
    select distinct
        a.scenario,
        a.site,
        a.month,
        a.reporting_year
    from activity_month as a
    join it_site as s
        on s.scenario = a.scenario
        and s.site = a.site
    where a.activity in ('it_load', 'electricity', 'electricity_including_pv', 'pv_generation')
),
imported as (
    select
        i.scenario,
        i.site,
        i.month,
        cast(sum(i.energy_kwh) as decimal(17, 6)) as import_kwh
    from import_month as i
    join it_site as s
        on s.scenario = i.scenario
        and s.site = i.site
    where i.activity <> 'supplied_to_others'
    group by i.scenario, i.site, i.month
),
gap as (
    select
        site,
        month,
        count(*) as missing
    from coverage_month
    where covered = 0
        and activity in ('it_load', 'electricity', 'electricity_including_pv', 'pv_generation')
    group by site, month
)
select
    s.scenario,
    s.site,
    s.month,
    s.reporting_year,
    cast(case when f.import_kwh is null then cast(0 as decimal(17, 6)) else f.import_kwh end
        + case when p.self_used_kwh is null then cast(0 as decimal(17, 6)) else p.self_used_kwh end
        as decimal(17, 6)) as facility_kwh,
    case when i.it_kwh is null then cast(0 as decimal(17, 6)) else i.it_kwh end as it_kwh,
    case when f.import_kwh is null then 0 else 1 end as facility_meters,
    case when i.it_kwh is null then 0 else 1 end as it_meters,
    case when g.missing is null then 0 else g.missing end as missing
from spot as s
left join it as i
    on i.scenario = s.scenario
    and i.site = s.site
    and i.month = s.month
left join imported as f
    on f.scenario = s.scenario
    and f.site = s.site
    and f.month = s.month
left join pv_month as p
    on p.scenario = s.scenario
    and p.site = s.site
    and p.month = s.month
left join gap as g
    on g.site = s.site
    and g.month = s.month
