-- One row per scenario, key, month and unit: recorded, filled and planned quantities inside the
-- boundary, and what virtual meters come to in the months in which all that they rest on have a figure.
-- A planned month is a recorded month times its index, plus what the measures add.
-- A sub-meter's use is part of its main's where the tree says so of the month, and virtual meters
-- measure nothing of their own.
-- Engines are slow to round what is wider than a word, as the product of a planned month is. So both
-- its sides are parted: a quantity into the nearest whole and millionths, a multiplier, never below 0,
-- into the nearest millionth and millionths of that. What ends below a millionth is rounded alone, with
-- a unit of the quantity's sign beside it, so that a half goes away from 0 as it does in the product.
with base as (
    select
        key_id,
        month,
        unit,
        cast(round(quantity, 0) as decimal(12, 0)) as whole,
        cast((quantity - round(quantity, 0)) * 1000000 as decimal(6, 0)) as rest,
        cast(case when quantity < 0 then -1 else 1 end as decimal(1, 0)) as sign
    from entry_current_month
),
step as (
    select
        scenario,
        measure_set,
        month,
        base_month,
        cast(round(multiplier, 6) as decimal(12, 6)) as whole,
        cast((multiplier - round(multiplier, 6)) * 1000000 as decimal(6, 6)) as rest
    from plan_index
),
product as (
    select
        sc.scenario,
        l.key_id,
        p.month,
        e.unit,
        e.sign,
        e.whole * p.whole as whole,
        cast(e.rest * p.whole + e.whole * p.rest as decimal(18, 6)) as millionths,
        cast(e.rest * p.rest * cast('0.000001' as decimal(6, 6)) as decimal(13, 12)) as rest
    from step as p
    join plan_load as l
        on l.scenario = p.scenario
        and l.measure_set = p.measure_set
    join scenario as sc on sc.plan = p.scenario
    join base as e
        on e.key_id = l.key_id
        and e.month = p.base_month
),
planned as (
    select
        scenario,
        key_id,
        month,
        unit,
        cast(whole
            + (
                cast(round(millionths, 0) as decimal(13, 0))
                + cast(round(cast(millionths - round(millionths, 0) as decimal(7, 6)) + rest + sign, 0) as decimal(2, 0))
                - sign
            ) * cast('0.000001' as decimal(6, 6))
            as decimal(17, 6)) as quantity
    from product
),
every as (
    select
        sc.scenario,
        e.key_id,
        e.month,
        e.unit,
        e.quantity
    from entry_current_month as e
    cross join scenario as sc
    where sc.is_recorded
    union all
    select
        sc.scenario,
        f.key_id,
        f.month,
        f.unit,
        f.quantity
    from filled_month as f
    cross join scenario as sc
    where sc.is_recorded
    union all
    select
        scenario,
        key_id,
        month,
        unit,
        quantity
    from planned
    union all
    select
        sc.scenario,
        a.key_id,
        a.month,
        a.unit,
        a.quantity
    from plan_addition as a
    join scenario as sc on sc.plan = a.scenario
),
-- Summed by number, before the names of the key are joined on.
summed as (
    select
        scenario,
        key_id,
        month,
        unit,
        cast(sum(quantity) as decimal(17, 6)) as quantity
    from every
    group by scenario, key_id, month, unit
),
inside as (
    select
        ev.scenario,
        k.site,
        k.meter,
        case when mt.role is null then 'grid_import' else mt.role end as role,
        k.activity,
        k.detail,
        ev.month,
        ev.unit,
        ev.quantity,
        s.reporting_year
    from summed as ev
    join activity_key as k on k.key_id = ev.key_id
    join site_month as s
        on s.scenario = ev.scenario
        and s.site = k.site
        and s.month = ev.month
    left join meter as mt
        on mt.meter = k.meter
        and ev.month >= mt.first_month
        and ev.month < mt.left_month
),
term as (
    select
        i.scenario,
        t.site,
        t.meter,
        t.activity,
        t.term,
        t.times,
        t.terms,
        i.month,
        i.unit,
        cast(sum(i.quantity) as decimal(17, 6)) as quantity,
        i.reporting_year
    from meter_term as t
    join inside as i
        on i.site = t.site
        and i.meter = t.term
        and i.activity = t.term_activity
        and i.month >= t.first_month
        and i.month < t.left_month
    where i.role <> 'virtual'
    group by
        i.scenario, t.site, t.meter, t.activity, t.term, t.times, t.terms, i.month, i.unit, i.reporting_year
)
select
    i.scenario,
    i.site,
    i.meter,
    i.role,
    i.activity,
    i.detail,
    i.month,
    i.unit,
    i.quantity,
    i.reporting_year,
    case when p.is_counted is null then false else p.is_counted end as is_part
from inside as i
left join meter_part as p
    on p.site = i.site
    and p.meter = i.meter
    and p.activity = i.activity
    and p.distance = 1
    and i.month >= p.first_month
    and i.month < p.left_month
where i.role <> 'virtual'
union all
select
    scenario,
    site,
    meter,
    'virtual' as role,
    activity,
    '' as detail,
    month,
    unit,
    cast(sum(cast(quantity * cast(times as decimal(5, 0)) as decimal(17, 6))) as decimal(17, 6)) as quantity,
    reporting_year,
    true as is_part
from term
group by scenario, site, meter, activity, month, unit, reporting_year
having count(*) = max(terms)
