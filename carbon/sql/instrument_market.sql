-- One row per scenario, instrument of the whole organisation, and site it reaches: energy used.
-- What the sites' own instruments left open is shared in proportion; the shares telescope to the
-- whole, so no kilowatt hour is covered twice and none is lost.
with taken as (
    select
        scenario,
        site,
        reporting_year,
        cast(sum(used_kwh) as decimal(17, 6)) as used_kwh
    from instrument_site
    group by scenario, site, reporting_year
),
open_site as (
    select
        y.scenario,
        y.market,
        y.reporting_year,
        y.site,
        cast(y.energy_kwh - case when t.used_kwh is null then cast(0 as decimal(17, 6)) else t.used_kwh end
            as decimal(17, 6)) as open_kwh
    from import_year as y
    left join taken as t
        on t.scenario = y.scenario
        and t.site = y.site
        and t.reporting_year = y.reporting_year
),
ladder as (
    select
        o.scenario,
        o.market,
        o.reporting_year,
        o.site,
        o.open_kwh,
        cast(sum(o.open_kwh) over (
            partition by o.scenario, o.market, o.reporting_year
            order by o.site
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh,
        cast(sum(o.open_kwh) over (partition by o.scenario, o.market, o.reporting_year)
            as decimal(17, 6)) as total_kwh
    from open_site as o
),
queue as (
    select
        i.scenario,
        i.instrument_id,
        i.market,
        i.claim_year,
        i.energy_kwh,
        cast(sum(i.energy_kwh) over (
            partition by i.scenario, i.market, i.claim_year
            order by i.kind_order, i.instrument_id
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from instrument_input as i
    where i.refusal = ''
        and i.site = ''
),
demand as (
    select distinct
        scenario,
        market,
        reporting_year,
        total_kwh
    from ladder
),
part as (
    select
        q.scenario,
        q.instrument_id,
        q.market,
        q.claim_year,
        d.total_kwh,
        cast(case
            when d.total_kwh >= q.until_kwh then q.energy_kwh
            when d.total_kwh > q.until_kwh - q.energy_kwh then d.total_kwh - (q.until_kwh - q.energy_kwh)
            else cast(0 as decimal(17, 6))
        end as decimal(17, 6)) as used_kwh
    from queue as q
    join demand as d
        on d.scenario = q.scenario
        and d.market = q.market
        and d.reporting_year = q.claim_year
),
-- The covered share of the demand, until this instrument and before it, as one ladder of totals.
filled as (
    select
        p.scenario,
        p.instrument_id,
        p.market,
        p.claim_year,
        p.total_kwh,
        p.used_kwh,
        cast(floor(cast(p.used_kwh as double) / cast(p.total_kwh as double) * 1000000000000000 + 0.5) as bigint)
            as parts
    from part as p
    where p.used_kwh > 0
),
step as (
    select
        f.scenario,
        f.instrument_id,
        l.site,
        f.claim_year as reporting_year,
        case
            when l.until_kwh = l.total_kwh then f.used_kwh
            else cast(round(l.until_kwh * cast(cast(f.parts as decimal(16, 0)) * cast('0.000000000000001' as decimal(15, 15)) as decimal(16, 15)), 6) as decimal(17, 6))
        end as until_kwh,
        case
            when l.until_kwh - l.open_kwh = l.total_kwh then f.used_kwh
            else cast(round(cast(l.until_kwh - l.open_kwh as decimal(17, 6)) * cast(cast(f.parts as decimal(16, 0)) * cast('0.000000000000001' as decimal(15, 15)) as decimal(16, 15)), 6) as decimal(17, 6))
        end as before_kwh
    from filled as f
    join ladder as l
        on l.scenario = f.scenario
        and l.market = f.market
        and l.reporting_year = f.claim_year
)
select
    scenario,
    instrument_id,
    site,
    reporting_year,
    cast(until_kwh - before_kwh as decimal(17, 6)) as used_kwh
from step
