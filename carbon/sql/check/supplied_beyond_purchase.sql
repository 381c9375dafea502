-- One row per scenario, site, reporting year and carrier of which more was supplied to others in
-- some months than was bought in them.
with supplied as (
    select
        scenario,
        site,
        reporting_year,
        activity,
        month,
        cast(sum(quantity) as decimal(17, 6)) as quantity
    from activity_month
    where activity in ('supplied_to_others', 'heat_supplied_to_others')
    group by scenario, site, reporting_year, activity, month
),
taken as (
    select
        scenario,
        site,
        activity,
        month,
        cast(-sum(energy_kwh) as decimal(17, 6)) as quantity
    from import_month
    where activity = 'supplied_to_others'
    group by scenario, site, activity, month
    union all
    select
        scenario,
        site,
        'heat_supplied_to_others' as activity,
        month,
        cast(sum(quantity) as decimal(17, 6)) as quantity
    from heat_supplied_month
    group by scenario, site, month
),
beyond as (
    select
        s.scenario,
        s.site,
        s.reporting_year,
        s.activity,
        s.month,
        cast(s.quantity - case when t.quantity is null then cast(0 as decimal(17, 6)) else t.quantity end
            as decimal(17, 6)) as quantity
    from supplied as s
    left join taken as t
        on t.scenario = s.scenario
        and t.site = s.site
        and t.activity = s.activity
        and t.month = s.month
)
select
    scenario,
    site,
    reporting_year,
    activity,
    count(*) as months,
    cast(sum(quantity) as decimal(38, 6)) as quantity
from beyond
where quantity > 0
group by scenario, site, reporting_year, activity
