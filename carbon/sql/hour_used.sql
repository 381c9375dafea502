-- One row per scenario, site and month in which hours were matched: what instruments used in them.
-- Instruments of months come after those of hours, and find this much less.
with used as (
    select scenario, instrument_id, site, period, used_kwh from instrument_site
    union all
    select scenario, instrument_id, site, period, used_kwh from instrument_listed
    union all
    select scenario, instrument_id, site, period, used_kwh from instrument_market
)
select
    u.scenario,
    u.site,
    h.month,
    cast(sum(u.used_kwh) as decimal(17, 6)) as used_kwh
from used as u
join instrument_hour as h
    on h.scenario = u.scenario
    and h.instrument_id = u.instrument_id
    and h.period = u.period
where u.used_kwh > 0
group by u.scenario, u.site, h.month
