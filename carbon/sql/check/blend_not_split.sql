-- One row per site, meter, activity, blend and unit whose quantity is not split, because the shares
-- of the blend are of another unit: it counts whole, as the fuel the activity names.
with blend as (
    select distinct
        site,
        activity,
        detail,
        first_month,
        left_month
    from fuel_part
)
select
    a.site,
    a.meter,
    a.activity,
    a.detail,
    a.unit,
    min(a.month) as first_month,
    max(a.month) as last_month,
    cast(sum(a.quantity) as decimal(17, 6)) as quantity
from activity_month as a
join blend as b
    on b.site = a.site
    and b.activity = a.activity
    and b.detail = a.detail
    and a.month >= b.first_month
    and a.month < b.left_month
left join fuel_part as p
    on p.site = a.site
    and p.activity = a.activity
    and p.detail = a.detail
    and p.unit = a.unit
    and p.first_month = b.first_month
where p.site is null
    and a.scenario = 'actual'
group by a.site, a.meter, a.activity, a.detail, a.unit
