-- One row per scenario, accepted instrument and way it goes: to a site it is bound to, by its share
-- to each of several, down a list of sites, or (with neither site nor list) to the whole market.
-- One that is matched by the hour goes each way once for every hour.
-- Shares telescope, so that the parts of an instrument add up to it.
with accepted as (
    select
        i.scenario,
        i.instrument_id,
        i.kind_order,
        i.site,
        i.market,
        case when h.period is null then i.period else h.period end as period,
        case when h.energy_kwh is null then i.energy_kwh else h.energy_kwh end as energy_kwh
    from instrument_input as i
    left join instrument_hour as h
        on h.scenario = i.scenario
        and h.instrument_id = i.instrument_id
    left join instrument_refusal as r
        on r.scenario = i.scenario
        and r.instrument_id = i.instrument_id
    where r.instrument_id is null
),
shared as (
    select
        scenario,
        instrument_id,
        site,
        share,
        cast(sum(share) over (
            partition by scenario, instrument_id
            order by turn
            rows between unbounded preceding and current row
        ) as decimal(13, 12)) as share_until
    from instrument_allocation
    where share > 0
),
allocated as (
    select
        scenario,
        instrument_id,
        max(share) as largest_share,
        max(list) as list
    from instrument_allocation
    group by scenario, instrument_id
)
select
    a.scenario,
    a.instrument_id,
    a.kind_order,
    s.site,
    '' as list,
    a.market,
    a.period,
    cast(
        cast(round(a.energy_kwh * s.share_until, 6) as decimal(17, 6))
        - cast(round(a.energy_kwh * cast(s.share_until - s.share as decimal(13, 12)), 6) as decimal(17, 6))
        as decimal(17, 6)
    ) as energy_kwh
from accepted as a
join shared as s
    on s.scenario = a.scenario
    and s.instrument_id = a.instrument_id
union all
select
    a.scenario,
    a.instrument_id,
    a.kind_order,
    a.site,
    case when l.list is null then '' else l.list end as list,
    a.market,
    a.period,
    a.energy_kwh
from accepted as a
left join allocated as l
    on l.scenario = a.scenario
    and l.instrument_id = a.instrument_id
where l.instrument_id is null
    or l.largest_share = 0
