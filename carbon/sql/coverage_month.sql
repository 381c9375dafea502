-- One row per key that runs all year round and month it should have a figure for; covered or not.
-- From the key's first month to the last month anything was recorded, while its site is inside.
with span as (
    select
        e.key_id,
        min(e.month) as first_month
    from entry_current_month as e
    group by e.key_id
),
edge as (
    select
        min(m.reporting_year) as first_year,
        max(m.reporting_year) as last_year
    from entry_current_month as e
    join month as m on m.month = e.month
),
recorded as (
    select distinct
        key_id,
        month
    from entry_current_month
),
running as (
    select distinct
        activity
    from method
    where is_continuous
)
select
    k.key_id,
    k.site,
    k.meter,
    k.activity,
    k.detail,
    m.month,
    m.reporting_year,
    case when r.month is null then 0 else 1 end as covered
from activity_key as k
join running as c on c.activity = k.activity
join span as b on b.key_id = k.key_id
cross join edge as d
join month as m
    on m.month >= b.first_month
    and m.reporting_year >= d.first_year
    and m.reporting_year <= d.last_year
join site as s
    on s.site = k.site
    and m.month >= s.first_month
    and m.month < s.left_month
left join recorded as r
    on r.key_id = k.key_id
    and r.month = m.month
