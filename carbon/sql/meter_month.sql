-- One row per site, meter, activity, month and unit of what is recorded: what each meter reads.
select
    site,
    meter,
    activity,
    month,
    unit,
    cast(sum(quantity) as decimal(17, 6)) as quantity
from metered_month
where scenario = 'actual'
group by site, meter, activity, month, unit
