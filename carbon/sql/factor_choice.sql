-- One row per need that some set serves: the published set, and how closely it fits.
-- A set is chosen whole, so every gas of one entry comes from the same source and edition.
-- What a scenario supposes comes first; then the policy's order of series, the nearest place, for
-- market-based the sets made for it, the youngest year, the newest edition known at the run's date,
-- and the set_id: no tie is left open.
-- Electricity is never served by a world average. A closed year keeps the sets it was closed with.
-- What a policy allows is worked out once, then met with places and years: `distinct` keeps an
-- engine from first pairing every need with every set of its topic, wherever in the world it holds.
with topic_need as (
    select distinct
        topic,
        family,
        policy,
        accounting
    from factor_need
),
allowed as (
    select distinct
        n.topic,
        n.family,
        n.policy,
        n.accounting,
        s.set_id,
        s.region,
        s.scenario as supposed_by,
        s.first_year,
        s.last_year,
        s.published_on,
        s.series,
        s.is_prescribed,
        s.accounting as said_for,
        p.set_id as declared,
        p.preference,
        p.max_above,
        p.max_factor_age
    from topic_need as n
    join policy as p
        on p.policy = n.policy
        and p.family = n.family
        and p.accounting = n.accounting
    join factor_set as s
        on s.topic = n.topic
    cross join run_option as o
    where s.published_on <= o.known_on
        and not (s.accounting = 'market' and n.accounting = 'location')
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
-- A published set serves all scenarios alike, and is chosen once for them.
common_need as (
    select distinct
        topic,
        family,
        place,
        policy,
        factor_year,
        accounting
    from factor_need
),
published as (
    select
        n.topic,
        n.place,
        n.policy,
        n.factor_year,
        n.accounting,
        a.set_id,
        a.series,
        a.is_prescribed,
        a.declared,
        a.preference,
        r.distance,
        r.above,
        r.level,
        case when a.declared <> '' or n.factor_year <= a.last_year then 0 else n.factor_year - a.last_year end
            as age,
        a.max_factor_age,
        a.published_on,
        case when a.said_for = 'location' and n.accounting = 'market' then 1 else 0 end as is_of_the_other
    from common_need as n
    join allowed as a
        on a.topic = n.topic
        and a.family = n.family
        and a.policy = n.policy
        and a.accounting = n.accounting
        and a.supposed_by = ''
    join region_path as r
        on r.place = n.place
        and r.ancestor = a.region
    where r.above <= a.max_above
        and not (n.family = 'electricity' and r.level = 'world')
        and (a.declared <> '' or n.factor_year >= a.first_year)
),
ranked as (
    select
        c.topic,
        c.place,
        c.policy,
        c.factor_year,
        c.accounting,
        c.set_id,
        c.series,
        c.is_prescribed,
        c.declared,
        c.preference,
        c.distance,
        c.above,
        c.level,
        c.age,
        row_number() over (
            partition by c.topic, c.place, c.policy, c.factor_year, c.accounting
            order by c.preference, c.distance, c.is_of_the_other, c.age, c.published_on desc, c.set_id
        ) as turn
    from published as c
    where c.age <= c.max_factor_age
),
supposed as (
    select
        n.scenario,
        n.topic,
        n.place,
        n.policy,
        n.factor_year,
        n.accounting,
        a.set_id,
        a.preference,
        r.distance,
        r.level,
        row_number() over (
            partition by n.scenario, n.topic, n.place, n.policy, n.factor_year, n.accounting
            order by a.preference, r.distance, a.published_on desc, a.set_id
        ) as turn
    from factor_need as n
    join allowed as a
        on a.topic = n.topic
        and a.family = n.family
        and a.policy = n.policy
        and a.accounting = n.accounting
        and a.supposed_by = n.scenario
        and n.factor_year >= a.first_year
        and n.factor_year <= a.last_year
    join region_path as r
        on r.place = n.place
        and r.ancestor = a.region
    where r.above <= a.max_above
        and not (n.family = 'electricity' and r.level = 'world')
)
select
    scenario,
    topic,
    place,
    policy,
    factor_year,
    accounting,
    set_id,
    'supposed by the scenario' as fit,
    0 as age,
    distance,
    level,
    preference
from supposed
where turn = 1
union all
select
    n.scenario,
    n.topic,
    n.place,
    n.policy,
    n.factor_year,
    n.accounting,
    k.set_id,
    case
        when k.declared <> '' then 'declared for all years'
        when k.level in ('site', 'meter') or k.series = 'own' then 'own factor'
        when k.age > 0 and k.above > 0 then 'older year of a wider region'
        when k.age > 0 then 'older year'
        when k.is_prescribed then 'prescribed'
        when k.above > 0 then 'wider region'
        else 'exact'
    end as fit,
    k.age,
    k.distance,
    k.level,
    k.preference
from factor_need as n
join ranked as k
    on k.topic = n.topic
    and k.place = n.place
    and k.policy = n.policy
    and k.factor_year = n.factor_year
    and k.accounting = n.accounting
    and k.turn = 1
left join supposed as s
    on s.scenario = n.scenario
    and s.topic = n.topic
    and s.place = n.place
    and s.policy = n.policy
    and s.factor_year = n.factor_year
    and s.accounting = n.accounting
    and s.turn = 1
where s.scenario is null
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
