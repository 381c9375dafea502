-- One row per carrier, place, policy, factor year and loss set: what serves for the losses of the
-- network, and how. Losses printed per unit delivered are a factor of their own; a share of losses
-- is a part of what the carrier itself emits. Where nothing is published there is no row: missing,
-- not 0. Losses of transmission and of distribution, printed apart, serve where no whole does and
-- both are there: one alone would pass for all.
-- A closed year keeps what it was closed with. Places beyond the regions of all such sets are left
-- out before their months are looked at.
with told as (
    select distinct
        r.place
    from factor_set as f
    join region_path as r on r.ancestor = f.region
    where f.family = 'grid_loss'
        and r.level <> 'world'
),
need as (
    select distinct
        d.carrier,
        d.place,
        s.policy,
        s.factor_year
    from told as t
    join delivered_month as d on d.place = t.place
    join site_month as s
        on s.scenario = d.scenario
        and s.site = d.site
        and s.month = d.month
),
asked as (
    select carrier, place, policy, factor_year, 'grid_loss/' || carrier as topic, 1 as is_whole from need
    union all
    select carrier, place, policy, factor_year, 'grid_loss/' || carrier || '/transmission', 0 from need
    union all
    select carrier, place, policy, factor_year, 'grid_loss/' || carrier || '/distribution', 0 from need
),
ranked as (
    select
        a.carrier,
        a.place,
        a.policy,
        a.factor_year,
        a.topic,
        a.is_whole,
        f.set_id,
        case when a.factor_year <= f.last_year then 0 else a.factor_year - f.last_year end as age,
        row_number() over (
            partition by a.carrier, a.place, a.policy, a.factor_year, a.topic
            order by
                p.preference,
                r.distance,
                case when a.factor_year <= f.last_year then 0 else a.factor_year - f.last_year end,
                f.published_on desc,
                f.set_id
        ) as turn
    from asked as a
    join factor_set as f on f.topic = a.topic
    join region_path as r
        on r.place = a.place
        and r.ancestor = f.region
    join policy as p
        on p.policy = a.policy
        and p.family = 'grid_loss'
        and p.accounting = 'location'
    cross join run_option as o
    where f.published_on <= o.known_on
        and f.scenario = ''
        and (p.series = '' or p.series = f.series)
        and r.level <> 'world'
        and r.above <= p.max_above
        and a.factor_year >= f.first_year
        and case when a.factor_year <= f.last_year then 0 else a.factor_year - f.last_year end
            <= p.max_factor_age
),
whole as (
    select carrier, place, policy, factor_year
    from ranked
    where turn = 1
        and is_whole = 1
),
pair as (
    select carrier, place, policy, factor_year
    from ranked
    where turn = 1
        and is_whole = 0
    group by carrier, place, policy, factor_year
    having count(*) = 2
)
select
    k.carrier,
    k.place,
    k.policy,
    k.factor_year,
    k.set_id,
    case when l.set_id is null then k.topic else k.carrier end as topic,
    case when l.set_id is null then 'grid_loss' else k.carrier end as family,
    case when l.set_id is null then cast(1 as decimal(13, 12)) else l.part end as part,
    k.age
from ranked as k
left join loss_share as l on l.set_id = k.set_id
left join whole as w
    on w.carrier = k.carrier
    and w.place = k.place
    and w.policy = k.policy
    and w.factor_year = k.factor_year
left join pair as b
    on b.carrier = k.carrier
    and b.place = k.place
    and b.policy = k.policy
    and b.factor_year = k.factor_year
where k.turn = 1
    and (
        k.is_whole = 1
        or (w.carrier is null and b.carrier is not null)
    )
union all
select
    carrier,
    place,
    policy,
    factor_year,
    set_id,
    topic,
    family,
    part,
    0 as age
from closed_loss
