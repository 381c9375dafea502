-- One row per scenario, instrument, site, meter and month: electricity an instrument covers.
-- A year's use is shared over the months in proportion to the import; the shares telescope.
with used as (
    select
        scenario,
        instrument_id,
        site,
        reporting_year,
        used_kwh
    from instrument_use
    where used_kwh > 0
),
ladder as (
    select
        i.scenario,
        i.site,
        i.meter,
        i.activity,
        i.month,
        i.reporting_year,
        i.energy_kwh,
        cast(sum(i.energy_kwh) over (
            partition by i.scenario, i.site, i.reporting_year
            order by i.month, i.meter, i.activity
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh,
        row_number() over (
            partition by i.scenario, i.site, i.reporting_year
            order by i.month desc, i.meter desc, i.activity desc
        ) as place_from_end
    from import_month as i
),
step as (
    select
        u.scenario,
        u.instrument_id,
        l.site,
        l.meter,
        l.activity,
        l.month,
        case
            when l.place_from_end = 1 then u.used_kwh
            else cast(round(l.until_kwh * cast(cast(floor(cast(u.used_kwh as double) / cast(y.energy_kwh as double) * 1000000000000000 + 0.5) as decimal(16, 0)) * cast('0.000000000000001' as decimal(15, 15)) as decimal(16, 15)), 6) as decimal(17, 6))
        end as until_kwh,
        cast(round(cast(l.until_kwh - l.energy_kwh as decimal(17, 6)) * cast(cast(floor(cast(u.used_kwh as double) / cast(y.energy_kwh as double) * 1000000000000000 + 0.5) as decimal(16, 0)) * cast('0.000000000000001' as decimal(15, 15)) as decimal(16, 15)), 6) as decimal(17, 6)) as before_kwh
    from used as u
    join import_year as y
        on y.scenario = u.scenario
        and y.site = u.site
        and y.reporting_year = u.reporting_year
    join ladder as l
        on l.scenario = u.scenario
        and l.site = u.site
        and l.reporting_year = u.reporting_year
)
select
    scenario,
    instrument_id,
    site,
    meter,
    activity,
    month,
    cast(until_kwh - before_kwh as decimal(17, 6)) as covered_kwh
from step
