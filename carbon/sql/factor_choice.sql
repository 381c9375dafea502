-- One row per need that some set serves: the published set, and how closely it fits.
-- A set is chosen whole, so every gas of one entry comes from the same source and edition.
-- What a scenario supposes comes first; then the policy's order of series, the nearest place, the
-- youngest year, the newest edition known at the run's date, and the set_id: no tie is left open.
with candidate as (
    select
        n.scenario,
        n.topic,
        n.place,
        n.policy,
        n.factor_year,
        n.accounting,
        s.set_id,
        s.scenario as supposed_by,
        p.set_id as declared,
        p.preference,
        r.distance,
        r.level,
        case when p.set_id <> '' or n.factor_year <= s.last_year then 0 else n.factor_year - s.last_year end
            as age,
        p.max_factor_age,
        s.published_on
    from factor_need as n
    join policy as p
        on p.policy = n.policy
        and p.family = n.family
        and p.accounting = n.accounting
    join region_path as r
        on r.place = n.place
    join factor_set as s
        on s.topic = n.topic
        and s.region = r.ancestor
    cross join run_option as o
    where s.published_on <= o.known_on
        and (p.level = '' or p.level = r.level)
        and not (s.accounting = 'market' and n.accounting = 'location')
        and (
            (
                s.scenario = ''
                and (p.series = '' or p.series = s.series)
                and (p.set_id = '' or p.set_id = s.set_id)
                and (p.set_id <> '' or n.factor_year >= s.first_year)
            )
            or (
                s.scenario = n.scenario
                and s.accounting = n.accounting
                and n.factor_year >= s.first_year
                and n.factor_year <= s.last_year
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
        c.declared,
        c.preference,
        c.distance,
        c.level,
        c.age,
        row_number() over (
            partition by c.scenario, c.topic, c.place, c.policy, c.factor_year, c.accounting
            order by
                case when c.supposed_by = '' then 1 else 0 end,
                c.preference,
                c.distance,
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
        when age > 0 then 'older year'
        else 'exact'
    end as fit,
    age,
    distance,
    level,
    preference
from ranked
where turn = 1
