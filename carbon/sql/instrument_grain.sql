-- One row per scenario and instrument whose meter tells the hours of its generation: whether all sites
-- that it may serve, and that bought electricity in its month, are told by the hour too. Then it is
-- matched by the hour, else by the month. Only the draft rules give an instrument a month.
with told as (
    select distinct
        meter,
        month
    from hour_share
    where activity = 'offsite_generation'
),
named as (
    select
        i.scenario,
        i.instrument_id,
        i.site,
        i.market,
        i.period
    from instrument_input as i
    join told as t
        on t.meter = i.generation_meter
        and t.month = i.period
),
listed as (
    select distinct
        scenario,
        instrument_id
    from instrument_allocation
),
named_month as (
    select distinct
        scenario,
        period
    from named
),
bought as (
    select
        c.scenario,
        c.site,
        c.market,
        c.month
    from named_month as n
    join coverable_month as c
        on c.scenario = n.scenario
        and c.month = n.period
    group by c.scenario, c.site, c.market, c.month
    having sum(c.energy_kwh) > 0
),
served as (
    select n.scenario, n.instrument_id, b.site, b.month
    from named as n
    join bought as b
        on b.scenario = n.scenario
        and b.site = n.site
        and b.month = n.period
    union all
    select n.scenario, n.instrument_id, b.site, b.month
    from named as n
    join instrument_allocation as a
        on a.scenario = n.scenario
        and a.instrument_id = n.instrument_id
    join bought as b
        on b.scenario = n.scenario
        and b.site = a.site
        and b.month = n.period
    union all
    select n.scenario, n.instrument_id, b.site, b.month
    from named as n
    join bought as b
        on b.scenario = n.scenario
        and b.market = n.market
        and b.month = n.period
    left join listed as l
        on l.scenario = n.scenario
        and l.instrument_id = n.instrument_id
    where n.site = ''
        and l.instrument_id is null
),
hourly as (
    select distinct
        scenario,
        site,
        month
    from import_hour
)
select
    n.scenario,
    n.instrument_id,
    max(case when s.site is not null and h.site is null then s.site else '' end) as lacking
from named as n
left join served as s
    on s.scenario = n.scenario
    and s.instrument_id = n.instrument_id
left join hourly as h
    on h.scenario = s.scenario
    and h.site = s.site
    and h.month = s.month
group by n.scenario, n.instrument_id
