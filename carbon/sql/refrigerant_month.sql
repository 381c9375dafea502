-- One row per site, appliance, refrigerant and month: what leaked by the method that is used.
-- Service records and screening have months of their own. A mass balance knows a year alone, so it
-- is laid evenly on the year's months inside the boundary, parts telescoping to the whole.
with placed as (
    select
        s.site,
        m.month,
        m.reporting_year,
        row_number() over (partition by s.site, m.reporting_year order by m.month) as place
    from month as m
    join site as s
        on m.month >= s.first_month
        and m.month < s.left_month
),
counted as (
    select
        site,
        reporting_year,
        count(*) as months
    from placed
    group by site, reporting_year
)
select
    t.site,
    t.equipment_id,
    t.refrigerant,
    t.month,
    t.method,
    cast(sum(t.mass_kg) as decimal(17, 6)) as mass_kg
from refrigerant_term as t
join refrigerant_balance as b
    on b.site = t.site
    and b.refrigerant = t.refrigerant
    and b.reporting_year = t.reporting_year
    and b.method = t.method
where t.method <> 'mass balance'
group by t.site, t.equipment_id, t.refrigerant, t.month, t.method
union all
select
    b.site,
    '' as equipment_id,
    b.refrigerant,
    p.month,
    b.method,
    cast(
        round(b.mass_balance_kg * e.share_until, 6) - round(b.mass_balance_kg * e.share_before, 6)
        as decimal(17, 6)
    ) as mass_kg
from refrigerant_balance as b
join placed as p
    on p.site = b.site
    and p.reporting_year = b.reporting_year
join counted as c
    on c.site = b.site
    and c.reporting_year = b.reporting_year
join even_share as e
    on e.months = c.months
    and e.place = p.place
where b.method = 'mass balance'
