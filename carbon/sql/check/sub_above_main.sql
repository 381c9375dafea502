-- One row per site, main meter, activity, month and unit whose sub-meters read more than 2 % above it:
-- two meters of class 2 may differ by so much. PV used on site flows to sub-meters as well, and
-- past the meter of what is bought.
with below as (
    select
        p.site,
        p.main,
        p.main_activity,
        m.month,
        m.unit,
        count(*) as meters,
        count(case when m.activity = 'it_load' then 1 end) as it_meters,
        cast(sum(m.quantity) as decimal(17, 6)) as quantity
    from meter_part as p
    join meter_month as m
        on m.site = p.site
        and m.meter = p.meter
        and m.activity = p.activity
        and m.month >= p.first_month
        and m.month < p.left_month
    where p.distance = 1
    group by p.site, p.main, p.main_activity, m.month, m.unit
)
select
    b.site,
    b.main,
    b.main_activity,
    b.month,
    b.unit,
    b.meters,
    b.it_meters,
    b.quantity as below,
    m.quantity as above,
    cast(case
        when v.self_used_kwh is not null and b.main_activity = 'electricity' then v.self_used_kwh
        else cast(0 as decimal(17, 6))
    end as decimal(17, 6)) as pv_kwh
from below as b
join meter_month as m
    on m.site = b.site
    and m.meter = b.main
    and m.activity = b.main_activity
    and m.month = b.month
    and m.unit = b.unit
left join pv_month as v
    on v.scenario = 'actual'
    and v.site = b.site
    and v.month = b.month
where b.quantity > m.quantity * cast('1.02' as decimal(3, 2))
    + case
        when v.self_used_kwh is not null and b.main_activity = 'electricity' then v.self_used_kwh
        else cast(0 as decimal(17, 6))
    end
