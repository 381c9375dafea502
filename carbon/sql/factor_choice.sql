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
candidate as (
    select
        n.scenario,
        n.topic,
        n.place,
        n.policy,
        n.factor_year,
        n.accounting,
        a.set_id,
        a.supposed_by,
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
    from factor_need as n
    join allowed as a
        on a.topic = n.topic
        and a.family = n.family
        and a.policy = n.policy
        and a.accounting = n.accounting
    join region_path as r
        on r.place = n.place
        and r.ancestor = a.region
    where r.above <= a.max_above
        and not (n.family = 'electricity' and r.level = 'world')
        and (
            (
                a.supposed_by = ''
                and (a.declared <> '' or n.factor_year >= a.first_year)
            )
            or (
                a.supposed_by = n.scenario
                and n.factor_year >= a.first_year
                and n.factor_year <= a.last_year
            )
        )
),
ranked as (
    select
        c.scenario,
        c.topic,
        c.place,
        c.policy,
        c.factor_year,
        c.accounting,
        c.set_id,
        c.supposed_by,
        c.series,
        c.is_prescribed,
        c.declared,
        c.preference,
        c.distance,
        c.above,
        c.level,
        c.age,
        row_number() over (
            partition by c.scenario, c.topic, c.place, c.policy, c.factor_year, c.accounting
            order by
                case when c.supposed_by = '' then 1 else 0 end,
                c.preference,
                c.distance,
                c.is_of_the_other,
                c.age,
                c.published_on desc,
                c.set_id
        ) as turn
    from candidate as c
    where c.age <= c.max_factor_age
)
select
    scenario,
    topic,
    place,
    policy,
    factor_year,
    accounting,
    set_id,
    case
        when supposed_by <> '' then 'supposed by the scenario'
        when declared <> '' then 'declared for all years'
        when level in ('site', 'meter') or series = 'own' then 'own factor'
        when age > 0 and above > 0 then 'older year of a wider region'
        when age > 0 then 'older year'
        when is_prescribed then 'prescribed'
        when above > 0 then 'wider region'
        else 'exact'
    end as fit,
    age,
    distance,
    level,
    preference
from ranked
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
