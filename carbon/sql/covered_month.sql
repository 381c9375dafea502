-- One row per scenario, instrument, site, meter and month: electricity an instrument covers.
-- The use of a period is shared over its months in proportion to the import, rounded down; the crumbs are
-- laid on the months one after another. No month is covered beyond its import, none below zero: what a
-- month supplied to others, or gave back, is first taken off its meters, one after another.
with given as (
    select
        scenario,
        site,
        month,
        cast(-sum(energy_kwh) as decimal(17, 6)) as energy_kwh
    from coverable_month
    where energy_kwh < 0
    group by scenario, site, month
),
queue as (
    select
        i.scenario,
        i.site,
        i.meter,
        i.activity,
        i.month,
        i.period,
        i.energy_kwh,
        g.energy_kwh as given_kwh,
        cast(sum(i.energy_kwh) over (
            partition by i.scenario, i.site, i.month
            order by i.meter, i.activity
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from coverable_month as i
    join given as g
        on g.scenario = i.scenario
        and g.site = i.site
        and g.month = i.month
    where i.energy_kwh > 0
),
taken as (
    select
        i.scenario,
        i.site,
        i.meter,
        i.activity,
        i.month,
        i.period,
        i.energy_kwh
    from coverable_month as i
    left join given as g
        on g.scenario = i.scenario
        and g.site = i.site
        and g.month = i.month
    where i.energy_kwh > 0
        and g.scenario is null
    union all
    select
        scenario,
        site,
        meter,
        activity,
        month,
        period,
        cast(case
            when until_kwh - energy_kwh >= given_kwh then energy_kwh
            else until_kwh - given_kwh
        end as decimal(17, 6)) as energy_kwh
    from queue
    where until_kwh > given_kwh
),
taken_parted as (
    select
        t.*,
        cast(round(energy_kwh, 0) as decimal(12, 0)) as whole,
        cast((energy_kwh - round(energy_kwh, 0)) * 1000000 as decimal(6, 0)) as rest
    from taken as t
),
taken_period as (
    select
        scenario,
        site,
        period,
        cast(sum(energy_kwh) as decimal(17, 6)) as total_kwh
    from taken
    group by scenario, site, period
),
-- Whole millionths become doubles alike on every engine; decimals of this width do not.
sized as (
    select
        u.scenario,
        u.instrument_id,
        u.site,
        u.period,
        u.used_kwh,
        floor(
            cast(cast(cast(u.used_kwh as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
            / cast(cast(cast(y.total_kwh as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
            * 1000000000000
        ) as parts
    from instrument_use as u
    join taken_period as y
        on y.scenario = u.scenario
        and y.site = u.site
        and y.period = u.period
    where u.used_kwh > 0
),
-- One part less than the quotient, since the double may have been rounded up.
shared as (
    select
        scenario,
        instrument_id,
        site,
        period,
        used_kwh,
        cast(
            cast(case when parts > 0 then parts - 1 else 0 end as decimal(13, 0))
            * cast('0.000000000001' as decimal(13, 12))
            as decimal(13, 12)
        ) as share
    from sized
),
-- The product is rounded in parts that fit a word, as that of a planned month is (`metered_month`).
parted as (
    select
        scenario,
        instrument_id,
        site,
        period,
        used_kwh,
        cast(round(share, 6) as decimal(7, 6)) as whole,
        cast((share - round(share, 6)) * 1000000 as decimal(6, 6)) as rest
    from shared
),
product as (
    select
        f.scenario,
        f.instrument_id,
        f.site,
        f.period,
        f.used_kwh,
        t.meter,
        t.activity,
        t.month,
        t.energy_kwh,
        cast(t.whole * f.whole as decimal(17, 6)) as whole,
        cast(t.rest * f.whole + t.whole * f.rest as decimal(18, 6)) as millionths,
        cast(t.rest * f.rest * cast('0.000001' as decimal(6, 6)) as decimal(13, 12)) as rest
    from parted as f
    join taken_parted as t
        on t.scenario = f.scenario
        and t.site = f.site
        and t.period = f.period
),
rounded as (
    select
        scenario,
        instrument_id,
        site,
        period,
        used_kwh,
        meter,
        activity,
        month,
        energy_kwh,
        cast(whole
            + (
                cast(round(millionths, 0) as decimal(13, 0))
                + cast(round(cast(millionths - round(millionths, 0) as decimal(7, 6)) + rest + 1, 0) as decimal(2, 0))
                - 1
            ) * cast('0.000001' as decimal(6, 6))
            as decimal(17, 6)) as product_kwh
    from product
),
even as (
    select
        scenario,
        instrument_id,
        site,
        period,
        used_kwh,
        meter,
        activity,
        month,
        energy_kwh,
        cast(case
            when product_kwh > 0 then product_kwh - cast('0.000001' as decimal(7, 6))
            else 0
        end as decimal(17, 6)) as even_kwh
    from rounded
),
left_of_instrument as (
    select
        scenario,
        instrument_id,
        site,
        period,
        cast(used_kwh - sum(even_kwh) as decimal(17, 6)) as crumb_kwh
    from even
    group by scenario, instrument_id, site, period, used_kwh
),
left_in_month as (
    select
        scenario,
        site,
        period,
        meter,
        activity,
        month,
        cast(energy_kwh - sum(even_kwh) as decimal(17, 6)) as room_kwh
    from even
    group by scenario, site, period, meter, activity, month, energy_kwh
),
crumb as (
    select
        scenario,
        instrument_id,
        site,
        period,
        crumb_kwh,
        cast(sum(crumb_kwh) over (
            partition by scenario, site, period
            order by instrument_id
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from left_of_instrument
),
room as (
    select
        scenario,
        site,
        meter,
        activity,
        month,
        room_kwh,
        cast(sum(room_kwh) over (
            partition by scenario, site, period
            order by month, meter, activity
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from left_in_month
),
-- Where a crumb's stretch of the ladder and a month's room overlap.
overlap as (
    select
        e.scenario,
        e.instrument_id,
        e.site,
        e.meter,
        e.activity,
        e.month,
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
        and c.site = e.site
        and c.period = e.period
    join room as r
        on r.scenario = e.scenario
        and r.site = e.site
        and r.meter = e.meter
        and r.activity = e.activity
        and r.month = e.month
)
select
    scenario,
    instrument_id,
    site,
    meter,
    activity,
    month,
    cast(even_kwh + case when end_kwh > start_kwh then end_kwh - start_kwh else cast(0 as decimal(17, 6)) end
        as decimal(17, 6)) as covered_kwh
from overlap
where even_kwh > 0
    or end_kwh > start_kwh
