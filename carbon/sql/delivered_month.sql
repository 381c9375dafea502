-- One row per scenario, site, meter, activity, detail, month and unit: electricity and heat that
-- came through a network for own use, what was supplied to others with a minus.
with delivered as (
    select
        scenario,
        site,
        meter,
        activity,
        '' as detail,
        month,
        'electricity' as carrier,
        'kWh' as unit,
        energy_kwh as quantity
    from import_month
    union all
    select
        a.scenario,
        a.site,
        a.meter,
        a.activity,
        a.detail,
        a.month,
        m.family as carrier,
        a.unit,
        a.quantity
    from activity_month as a
    join method as m on m.activity = a.activity
    where m.method = 'direct'
        and m.line = 'scope2'
        and m.family in ('electricity', 'heat')
    union all
    select
        scenario,
        site,
        meter,
        'heat_supplied_to_others' as activity,
        '' as detail,
        month,
        'heat' as carrier,
        unit,
        cast(-quantity as decimal(17, 6)) as quantity
    from heat_supplied_month
)
select
    scenario,
    site,
    meter,
    activity,
    detail,
    month,
    carrier,
    case when meter = '' then site else meter end as place,
    unit,
    quantity
from delivered
where quantity <> 0
