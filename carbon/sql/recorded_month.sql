-- One row per site and month inside the boundary, from the start of the first recorded reporting year
-- to the last month that anything is recorded of: where a year is silent, it is missing, not ahead.
-- A year whose stock of a refrigerant was counted at both its edges is recorded as a whole.
with dated as (
    select month from entry_current_month
    union all
    select month from service_event
    union all
    select month from stock_event
    union all
    select m.month
    from stock_count as o
    join stock_count as c
        on c.site = o.site
        and c.refrigerant = o.refrigerant
        and c.reporting_year = o.reporting_year
    join month as m on m.reporting_year = o.reporting_year
    where o.edge = 'opening'
        and c.edge = 'closing'
),
extent as (
    select
        min(m.reporting_year) as first_year,
        max(m.month) as last_month
    from dated as d
    join month as m on m.month = d.month
),
placed as (
    select
        month,
        reporting_year,
        row_number() over (partition by reporting_year order by month) as place
    from month
)
select
    s.site,
    p.month,
    p.reporting_year,
    p.place
from placed as p
cross join extent as x
join site as s
    on p.month >= s.first_month
    and p.month < s.left_month
where p.reporting_year >= x.first_year
    and p.month <= x.last_month
