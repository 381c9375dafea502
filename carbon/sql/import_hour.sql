-- One row per scenario, site and hour of the months that its meters tell by the hour: electricity that
-- instruments may cover. What a meter counts in a month is parted as its readings say, whether they or
-- a bill are counted. A month in which one meter of the site tells no hours has none, and neither has
-- one in which some was supplied to others.
with told as (
    select distinct
        site,
        meter,
        activity,
        month
    from hour_share
),
untold as (
    select distinct
        c.scenario,
        c.site,
        c.month
    from coverable_month as c
    left join told as t
        on t.site = c.site
        and t.meter = c.meter
        and t.activity = c.activity
        and t.month = c.month
    where c.energy_kwh < 0
        or (c.energy_kwh > 0 and t.month is null)
)
select
    c.scenario,
    c.site,
    c.market,
    c.reporting_year,
    c.month,
    h.period,
    cast(sum(
        cast(round(c.energy_kwh * h.share_until, 6) as decimal(17, 6))
        - cast(round(c.energy_kwh * h.share_before, 6) as decimal(17, 6))
    ) as decimal(17, 6)) as energy_kwh
from coverable_month as c
join hour_share as h
    on h.site = c.site
    and h.meter = c.meter
    and h.activity = c.activity
    and h.month = c.month
left join untold as u
    on u.scenario = c.scenario
    and u.site = c.site
    and u.month = c.month
where u.site is null
group by c.scenario, c.site, c.market, c.reporting_year, c.month, h.period
