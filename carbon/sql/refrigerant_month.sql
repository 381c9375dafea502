-- One row per site, appliance, refrigerant and month: what leaked by the method that is used.
-- Service records and screening have months of their own. A mass balance knows a year alone, so it
-- is laid evenly on the months of the year, parts telescoping to the whole.
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
join recorded_month as p
    on p.site = b.site
    and p.reporting_year = b.reporting_year
join even_share as e
    on e.months = 12
    and e.place = p.place
where b.method = 'mass balance'
