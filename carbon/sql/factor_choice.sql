-- One row per need that some set serves: the published set, and how closely it fits.
-- A set is chosen whole, so every gas of one entry comes from the same source and edition.
-- What a scenario supposes comes first; then the policy's order of series, the nearest place, for
-- market-based the sets made for it, the youngest year, the newest edition known at the run's date,
-- and the set_id: no tie is left open.
-- Electricity is never served by a world average. A closed year keeps the sets it was closed with.
-- What a policy allows is worked out once, then met with places and years: `distinct` keeps an
-- engine from first pairing every need with every set of its topic, wherever in the world it holds.
-- A spot is a need without scenario and year. Spots and sets are numbered, and what may serve a need
-- has its turn as one whole number, of which the least is chosen: nothing wide is sorted or joined.
with known_set as (
    select
        s.*,
        row_number() over (order by s.published_on desc, s.set_id) as newest
    from factor_set as s
    cross join run_option as o
    where s.published_on <= o.known_on
),
spot_named as (
    select distinct
        topic,
        family,
        place,
        policy,
        accounting
    from factor_need
),
spot as (
    select
        topic,
        family,
        place,
        policy,
        accounting,
        row_number() over (order by topic, family, place, policy, accounting) as spot
    from spot_named
),
topic_need as (
    select distinct
        topic,
        family,
        policy,
        accounting
    from spot_named
),
-- A set that the policy declares holds in all years; one that a scenario supposes grows no older.
allowed as (
    select distinct
        n.topic,
        n.family,
        n.policy,
        n.accounting,
        s.set_id,
        s.region,
        s.scenario as supposed_by,
        s.newest,
        s.series,
        s.is_prescribed,
        p.preference,
        p.max_above,
        s.scenario = '' and p.set_id <> '' as is_declared,
        case when s.scenario = '' and p.set_id <> '' then 0 else s.first_year end as first_year,
        case when s.scenario = '' and p.set_id <> '' then 9999 else s.last_year end as last_year,
        case when s.scenario = '' then p.max_factor_age else 0 end as max_factor_age,
        case when s.accounting = 'location' and n.accounting = 'market' then 1 else 0 end as is_of_the_other
    from topic_need as n
    join policy as p
        on p.policy = n.policy
        and p.family = n.family
        and p.accounting = n.accounting
    join known_set as s on s.topic = n.topic
    where not (s.accounting = 'market' and n.accounting = 'location')
        and (
            (
                s.scenario = ''
                and (p.series = '' or p.series = s.series)
                and (p.set_id = '' or p.set_id = s.set_id)
            )
            or (
                s.scenario <> ''
                and s.accounting = n.accounting
            )
        )
),
-- The turn by all but the age, which each year tells: its digits are left open.
candidate as (
    select
        s.spot,
        a.set_id,
        a.supposed_by,
        a.newest,
        a.series = 'own' or r.level in ('site', 'meter') as is_own,
        a.is_prescribed,
        a.is_declared,
        a.preference,
        a.first_year,
        a.last_year,
        a.last_year + a.max_factor_age as until_year,
        r.distance,
        r.above,
        r.level,
        cast(a.preference as decimal(3, 0)) * cast(100000000000000 as decimal(15, 0))
            + cast(r.distance as decimal(2, 0)) * cast(1000000000000 as decimal(13, 0))
            + cast(a.is_of_the_other as decimal(1, 0)) * cast(100000000000 as decimal(12, 0))
            + cast(a.newest as decimal(7, 0)) as turn
    from spot as s
    join allowed as a
        on a.topic = s.topic
        and a.family = s.family
        and a.policy = s.policy
        and a.accounting = s.accounting
    join region_path as r
        on r.place = s.place
        and r.ancestor = a.region
    where r.above <= a.max_above
        and not (s.family = 'electricity' and r.level = 'world')
),
need as (
    select
        n.scenario,
        n.topic,
        n.place,
        n.policy,
        n.factor_year,
        n.accounting,
        s.spot
    from factor_need as n
    join spot as s
        on s.topic = n.topic
        and s.family = n.family
        and s.place = n.place
        and s.policy = n.policy
        and s.accounting = n.accounting
),
-- A published set serves all scenarios alike, and is chosen once for them.
asked as (
    select distinct
        '' as supposed_by,
        spot,
        factor_year
    from need
    union all
    select
        scenario,
        spot,
        factor_year
    from need
),
offered as (
    select
        k.supposed_by,
        k.spot,
        k.factor_year,
        c.set_id,
        c.is_declared,
        c.is_own,
        c.is_prescribed,
        c.above,
        c.distance,
        c.level,
        c.preference,
        case when k.factor_year <= c.last_year then 0 else k.factor_year - c.last_year end as age,
        c.turn
            + cast(case when k.factor_year <= c.last_year then 0 else k.factor_year - c.last_year end as decimal(4, 0))
            * cast(10000000 as decimal(8, 0)) as turn
    from asked as k
    join candidate as c
        on c.spot = k.spot
        and c.supposed_by = k.supposed_by
        and k.factor_year >= c.first_year
        and k.factor_year <= c.until_year
),
first as (
    select
        supposed_by,
        spot,
        factor_year,
        min(turn) as turn
    from offered
    group by supposed_by, spot, factor_year
),
chosen as (
    select
        o.supposed_by,
        o.spot,
        o.factor_year,
        o.set_id,
        case
            when o.supposed_by <> '' then 'supposed by the scenario'
            when o.is_declared then 'declared for all years'
            when o.is_own then 'own factor'
            when o.age > 0 and o.above > 0 then 'older year of a wider region'
            when o.age > 0 then 'older year'
            when o.is_prescribed then 'prescribed'
            when o.above > 0 then 'wider region'
            else 'exact'
        end as fit,
        o.age,
        o.distance,
        o.level,
        o.preference
    from first as f
    join offered as o
        on o.supposed_by = f.supposed_by
        and o.spot = f.spot
        and o.factor_year = f.factor_year
        and o.turn = f.turn
)
select
    n.scenario,
    n.topic,
    n.place,
    n.policy,
    n.factor_year,
    n.accounting,
    case when s.set_id is null then p.set_id else s.set_id end as set_id,
    case when s.set_id is null then p.fit else s.fit end as fit,
    case when s.set_id is null then p.age else s.age end as age,
    case when s.set_id is null then p.distance else s.distance end as distance,
    case when s.set_id is null then p.level else s.level end as level,
    case when s.set_id is null then p.preference else s.preference end as preference
from need as n
left join chosen as s
    on s.supposed_by = n.scenario
    and s.spot = n.spot
    and s.factor_year = n.factor_year
left join chosen as p
    on p.supposed_by = ''
    and p.spot = n.spot
    and p.factor_year = n.factor_year
where s.set_id is not null
    or p.set_id is not null
union all
select
    n.scenario,
    n.topic,
    n.place,
    n.policy,
    n.factor_year,
    n.accounting,
    k.set_id,
    k.fit,
    k.age,
    k.distance,
    k.level,
    k.preference
from factor_need as n
join closed_choice as k
    on k.topic = n.topic
    and k.place = n.place
    and k.policy = n.policy
    and k.factor_year = n.factor_year
    and k.accounting = n.accounting
