-- One row per site, meter that counts, activity, month, unit and area: energy used, as recorded. A
-- sub-meter of another area takes its use along from its main's area to its own, so that the areas
-- of a site add up to what counts there, and nothing stands twice. It moves only where all mains above
-- it have a figure that month, in the same unit.
-- A total that includes PV counts without meter; here it stands with its meters again.
with counted as (
    select
        site,
        meter,
        activity,
        month,
        unit,
        cast(sum(quantity) as decimal(17, 6)) as quantity
    from flow
    where scenario = 'actual'
        and line = 'energy'
    group by site, meter, activity, month, unit
),
including_pv as (
    select
        site,
        meter,
        activity,
        month,
        unit,
        cast(sum(quantity) as decimal(17, 6)) as quantity
    from activity_month
    where scenario = 'actual'
        and activity = 'electricity_including_pv'
        and role = 'grid_import'
        and meter <> ''
    group by site, meter, activity, month, unit
),
base as (
    select site, meter, activity, month, unit, quantity
    from counted
    union all
    select i.site, i.meter, i.activity, i.month, i.unit, i.quantity
    from including_pv as i
    join counted as c
        on c.site = i.site
        and c.activity = i.activity
        and c.month = i.month
        and c.meter = ''
    union all
    select i.site, '' as meter, i.activity, i.month, i.unit, cast(-i.quantity as decimal(17, 6)) as quantity
    from including_pv as i
    join counted as c
        on c.site = i.site
        and c.activity = i.activity
        and c.month = i.month
        and c.meter = ''
),
counts as (
    select distinct site, meter, activity, month, unit
    from base
),
above as (
    select
        m.site,
        m.meter,
        m.activity,
        m.month,
        m.unit,
        m.quantity,
        p.main,
        p.main_activity,
        p.distance,
        p.depth
    from meter_month as m
    join meter_part as p
        on p.site = m.site
        and p.meter = m.meter
        and p.activity = m.activity
        and m.month >= p.first_month
        and m.month < p.left_month
),
standing as (
    select
        a.site,
        a.meter,
        a.activity,
        a.month,
        a.unit,
        count(*) as mains
    from above as a
    join meter_month as m
        on m.site = a.site
        and m.meter = a.main
        and m.activity = a.main_activity
        and m.month = a.month
        and m.unit = a.unit
    group by a.site, a.meter, a.activity, a.month, a.unit
),
moved as (
    select
        n.site,
        n.meter,
        n.main,
        r.main as root,
        r.main_activity as root_activity,
        n.month,
        n.unit,
        n.quantity
    from above as n
    join standing as s
        on s.site = n.site
        and s.meter = n.meter
        and s.activity = n.activity
        and s.month = n.month
        and s.unit = n.unit
        and s.mains = n.depth
    join above as r
        on r.site = n.site
        and r.meter = n.meter
        and r.activity = n.activity
        and r.month = n.month
        and r.unit = n.unit
        and r.distance = r.depth
    join counts as c
        on c.site = n.site
        and c.meter = r.main
        and c.activity = r.main_activity
        and c.month = n.month
        and c.unit = n.unit
    where n.distance = 1
),
placed as (
    select site, meter as stands_at, meter, activity, month, unit, quantity
    from base
    union all
    select site, meter as stands_at, root as meter, root_activity as activity, month, unit, quantity
    from moved
    union all
    select
        site, main as stands_at, root as meter, root_activity as activity, month, unit,
        cast(-quantity as decimal(17, 6)) as quantity
    from moved
)
select
    p.site,
    p.meter,
    p.activity,
    p.month,
    p.unit,
    case when a.department is null then '' else a.department end as department,
    case when a.area is null then '' else a.area end as area,
    cast(sum(p.quantity) as decimal(17, 6)) as quantity
from placed as p
left join meter_area as a
    on a.site = p.site
    and a.meter = p.stands_at
group by p.site, p.meter, p.activity, p.month, p.unit, a.department, a.area
