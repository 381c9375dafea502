-- One row per scenario, instrument for a list of sites, and site on it: energy used.
-- A list is filled in its own order: each site takes what it has open, the next what is left. Where
-- lists overlap, a site takes no more than it has open, better kinds first.
with taken as (
    select
        scenario,
        site,
        period,
        cast(sum(used_kwh) as decimal(17, 6)) as used_kwh
    from instrument_site
    group by scenario, site, period
),
open_site as (
    select
        y.scenario,
        y.period,
        y.site,
        cast(y.energy_kwh - case when t.used_kwh is null then cast(0 as decimal(17, 6)) else t.used_kwh end
            as decimal(17, 6)) as open_kwh
    from import_period as y
    left join taken as t
        on t.scenario = y.scenario
        and t.site = y.site
        and t.period = y.period
),
queue as (
    select
        scenario,
        instrument_id,
        kind_order,
        list,
        period,
        energy_kwh,
        cast(sum(energy_kwh) over (
            partition by scenario, list, period
            order by kind_order, instrument_id
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from instrument_part
    where list <> ''
),
listed as (
    select distinct
        scenario,
        list,
        turn,
        site
    from instrument_allocation
    where share = 0
),
room as (
    select
        l.scenario,
        l.list,
        l.site,
        o.period,
        o.open_kwh,
        cast(sum(o.open_kwh) over (
            partition by l.scenario, l.list, o.period
            order by l.turn
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from listed as l
    join open_site as o
        on o.scenario = l.scenario
        and o.site = l.site
    where o.open_kwh > 0
),
-- Where an instrument's stretch of the queue and a site's room overlap.
stretch as (
    select
        q.scenario,
        q.instrument_id,
        q.kind_order,
        q.period,
        r.site,
        r.open_kwh,
        case when q.until_kwh < r.until_kwh then q.until_kwh else r.until_kwh end as end_kwh,
        case
            when q.until_kwh - q.energy_kwh > r.until_kwh - r.open_kwh then q.until_kwh - q.energy_kwh
            else r.until_kwh - r.open_kwh
        end as start_kwh
    from queue as q
    join room as r
        on r.scenario = q.scenario
        and r.list = q.list
        and r.period = q.period
),
wanted as (
    select
        scenario,
        instrument_id,
        period,
        site,
        open_kwh,
        cast(end_kwh - start_kwh as decimal(17, 6)) as wanted_kwh,
        cast(sum(end_kwh - start_kwh) over (
            partition by scenario, site, period
            order by kind_order, instrument_id
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from stretch
    where end_kwh > start_kwh
)
select
    scenario,
    instrument_id,
    site,
    period,
    cast(case
        when open_kwh >= until_kwh then wanted_kwh
        else open_kwh - (until_kwh - wanted_kwh)
    end as decimal(17, 6)) as used_kwh
from wanted
where open_kwh > until_kwh - wanted_kwh
