-- One row per scenario, site, meter and month: heat bought and supplied to others.
-- No more of it in a month than was bought in it: `supplied_beyond_purchase` tells the rest.
with bought as (
    select
        a.scenario,
        a.site,
        a.month,
        cast(sum(a.quantity) as decimal(17, 6)) as quantity
    from activity_month as a
    join method as m on m.activity = a.activity
    where m.method = 'direct'
        and m.line = 'scope2'
        and m.family = 'heat'
    group by a.scenario, a.site, a.month
),
supplied as (
    select
        scenario,
        site,
        meter,
        month,
        unit,
        cast(sum(quantity) as decimal(17, 6)) as quantity
    from activity_month
    where activity = 'heat_supplied_to_others'
    group by scenario, site, meter, month, unit
),
queue as (
    select
        scenario,
        site,
        meter,
        month,
        unit,
        quantity,
        cast(sum(quantity) over (
            partition by scenario, site, month
            order by meter
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_here
    from supplied
)
select
    q.scenario,
    q.site,
    q.meter,
    q.month,
    q.unit,
    cast(case
        when b.quantity >= q.until_here then q.quantity
        else b.quantity - (q.until_here - q.quantity)
    end as decimal(17, 6)) as quantity
from queue as q
join bought as b
    on b.scenario = q.scenario
    and b.site = q.site
    and b.month = q.month
where b.quantity > q.until_here - q.quantity
