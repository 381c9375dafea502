-- One row per scenario, instrument of the whole organisation, and site it reaches: energy used.
-- What the sites' own and listed instruments left open is shared in proportion, rounded down; the
-- crumbs are laid on the sites one after another, so that no kWh is covered twice and none is lost.
with narrower as (
    select scenario, site, period, used_kwh from instrument_site
    union all
    select scenario, site, period, used_kwh from instrument_listed
),
taken as (
    select
        scenario,
        site,
        period,
        cast(sum(used_kwh) as decimal(17, 6)) as used_kwh
    from narrower
    group by scenario, site, period
),
open_site as (
    select
        y.scenario,
        y.market,
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
demand as (
    select
        scenario,
        market,
        period,
        cast(sum(open_kwh) as decimal(17, 6)) as total_kwh
    from open_site
    where open_kwh > 0
    group by scenario, market, period
),
queue as (
    select
        i.scenario,
        i.instrument_id,
        i.market,
        i.period,
        i.energy_kwh,
        cast(sum(i.energy_kwh) over (
            partition by i.scenario, i.market, i.period
            order by i.kind_order, i.instrument_id
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from instrument_part as i
    where i.site = ''
        and i.list = ''
),
part as (
    select
        q.scenario,
        q.instrument_id,
        q.market,
        q.period,
        d.total_kwh,
        cast(case
            when d.total_kwh >= q.until_kwh then q.energy_kwh
            else d.total_kwh - (q.until_kwh - q.energy_kwh)
        end as decimal(17, 6)) as used_kwh
    from queue as q
    join demand as d
        on d.scenario = q.scenario
        and d.market = q.market
        and d.period = q.period
    where d.total_kwh > q.until_kwh - q.energy_kwh
),
-- Whole millionths become doubles alike on every engine; decimals of this width do not.
sized as (
    select
        scenario,
        instrument_id,
        market,
        period,
        used_kwh,
        floor(
            cast(cast(cast(used_kwh as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
            / cast(cast(cast(total_kwh as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
            * 1000000000000
        ) as parts
    from part
    where used_kwh > 0
),
-- One part less than the quotient, since the double may have been rounded up.
shared as (
    select
        scenario,
        instrument_id,
        market,
        period,
        used_kwh,
        cast(
            cast(case when parts > 0 then parts - 1 else 0 end as decimal(13, 0))
            * cast('0.000000000001' as decimal(13, 12))
            as decimal(13, 12)
        ) as share
    from sized
),
even as (
    select
        f.scenario,
        f.instrument_id,
        f.market,
        f.period,
        f.used_kwh,
        o.site,
        o.open_kwh,
        cast(case
            when o.open_kwh * f.share > cast('0.000001' as decimal(17, 6))
                then round(o.open_kwh * f.share, 6) - cast('0.000001' as decimal(17, 6))
            else cast(0 as decimal(17, 6))
        end as decimal(17, 6)) as even_kwh
    from shared as f
    join open_site as o
        on o.scenario = f.scenario
        and o.market = f.market
        and o.period = f.period
    where o.open_kwh > 0
),
left_of_instrument as (
    select
        scenario,
        instrument_id,
        market,
        period,
        cast(used_kwh - sum(even_kwh) as decimal(17, 6)) as crumb_kwh
    from even
    group by scenario, instrument_id, market, period, used_kwh
),
left_at_site as (
    select
        scenario,
        market,
        period,
        site,
        cast(open_kwh - sum(even_kwh) as decimal(17, 6)) as room_kwh
    from even
    group by scenario, market, period, site, open_kwh
),
crumb as (
    select
        scenario,
        instrument_id,
        period,
        crumb_kwh,
        cast(sum(crumb_kwh) over (
            partition by scenario, market, period
            order by instrument_id
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from left_of_instrument
),
room as (
    select
        scenario,
        period,
        site,
        room_kwh,
        cast(sum(room_kwh) over (
            partition by scenario, market, period
            order by site
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from left_at_site
),
-- Where a crumb's stretch of the ladder and a site's room overlap.
overlap as (
    select
        e.scenario,
        e.instrument_id,
        e.site,
        e.period,
        e.even_kwh,
        case when c.until_kwh < r.until_kwh then c.until_kwh else r.until_kwh end as end_kwh,
        case
            when c.until_kwh - c.crumb_kwh > r.until_kwh - r.room_kwh then c.until_kwh - c.crumb_kwh
            else r.until_kwh - r.room_kwh
        end as start_kwh
    from even as e
    join crumb as c
        on c.scenario = e.scenario
        and c.instrument_id = e.instrument_id
        and c.period = e.period
    join room as r
        on r.scenario = e.scenario
        and r.period = e.period
        and r.site = e.site
)
select
    scenario,
    instrument_id,
    site,
    period,
    cast(even_kwh + case when end_kwh > start_kwh then end_kwh - start_kwh else cast(0 as decimal(17, 6)) end
        as decimal(17, 6)) as used_kwh
from overlap
