-- One row per scenario, site, meter, activity and month: electricity taken from the grid, and with
-- a minus what of it was supplied to others.
-- IT meters and chargers measure parts of it and are never added.
-- A total that includes PV loses the self-used PV here, once.
-- No more is taken off in a month than was bought in it: `supplied_beyond_purchase` tells the rest.
with including_pv as (
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
),
bought as (
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
    from including_pv as t
    left join pv_month as p
        on p.scenario = t.scenario
        and p.site = t.site
        and p.month = t.month
),
supplied as (
    select
        scenario,
        site,
        meter,
        month,
        reporting_year,
        cast(sum(quantity) as decimal(17, 6)) as energy_kwh
    from activity_month
    where activity = 'supplied_to_others'
    group by scenario, site, meter, month, reporting_year
),
queue as (
    select
        scenario,
        site,
        meter,
        month,
        reporting_year,
        energy_kwh,
        cast(sum(energy_kwh) over (
            partition by scenario, site, month
            order by meter
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from supplied
),
supplied_at as (
    select distinct
        scenario,
        site,
        month
    from supplied
),
bought_at as (
    select
        b.scenario,
        b.site,
        b.month,
        cast(sum(b.energy_kwh) as decimal(17, 6)) as energy_kwh
    from supplied_at as s
    join bought as b
        on b.scenario = s.scenario
        and b.site = s.site
        and b.month = s.month
    group by b.scenario, b.site, b.month
)
select
    scenario,
    site,
    meter,
    activity,
    month,
    energy_kwh,
    reporting_year
from bought
union all
select
    q.scenario,
    q.site,
    q.meter,
    'supplied_to_others' as activity,
    q.month,
    cast(-case
        when b.energy_kwh >= q.until_kwh then q.energy_kwh
        else b.energy_kwh - (q.until_kwh - q.energy_kwh)
    end as decimal(17, 6)) as energy_kwh,
    q.reporting_year
from queue as q
join bought_at as b
    on b.scenario = q.scenario
    and b.site = q.site
    and b.month = q.month
where b.energy_kwh > q.until_kwh - q.energy_kwh
    and b.energy_kwh > 0
