-- One row per scenario, site and month inside the boundary: what all its flows of the month share.
-- A month of a closed year takes the factors the year was closed with.
with every as (
    select month from entry_current_month
    union all
    select month from filled_month
    union all
    select month from service_event
    union all
    select month from refrigerant_month
    union all
    select month from plan_index
    union all
    select month from plan_addition
),
used as (
    select distinct month from every
),
seen as (
    select
        sc.scenario,
        m.month,
        m.reporting_year,
        case when sc.fixed_month = 0 then m.closed else '' end as closed,
        case when sc.fixed_month = 0 then m.month else sc.fixed_month end as factors_of
    from used as u
    join month as m on m.month = u.month
    cross join scenario as sc
)
select
    n.scenario,
    s.site,
    n.month,
    n.reporting_year,
    s.market,
    s.treatment,
    s.share,
    case when n.closed <> '' then n.closed else s.policy end as policy,
    f.factor_year
from seen as n
join site as s
    on n.month >= s.first_month
    and n.month < s.left_month
join factor_month as f
    on f.calendar = s.calendar
    and f.month = n.factors_of
