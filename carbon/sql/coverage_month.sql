-- One row per bill or meter that runs all year round and month it should have a figure for.
-- From the start of the reporting year of its first figure (or of the book's, where it has none at
-- all) to the last year anything was recorded, while it is there and its site inside, in Scope 1 and 2.
with figure as (
    select
        k.site,
        k.meter,
        k.activity,
        e.month
    from entry_current_month as e
    join activity_key as k on k.key_id = e.key_id
    group by k.site, k.meter, k.activity, e.month
),
edge as (
    select
        min(m.reporting_year) as first_year,
        max(m.reporting_year) as last_year
    from figure as f
    join month as m on m.month = f.month
),
begun as (
    select
        f.site,
        f.meter,
        f.activity,
        min(m.reporting_year) as first_year
    from figure as f
    join month as m on m.month = f.month
    group by f.site, f.meter, f.activity
)
select
    k.site,
    k.meter,
    k.activity,
    m.month,
    m.reporting_year,
    case when f.month is null then 0 else 1 end as covered
from expected_key as k
cross join edge as d
left join begun as b
    on b.site = k.site
    and b.meter = k.meter
    and b.activity = k.activity
join month as m
    on m.reporting_year >= case when b.first_year is null then d.first_year else b.first_year end
    and m.reporting_year <= d.last_year
    and m.month >= k.first_month
    and m.month < k.left_month
join site as s
    on s.site = k.site
    and m.month >= s.first_month
    and m.month < s.left_month
    and s.treatment = ''
left join figure as f
    on f.site = k.site
    and f.meter = k.meter
    and f.activity = k.activity
    and f.month = m.month
