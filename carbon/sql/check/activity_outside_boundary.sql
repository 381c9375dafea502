-- One row per key, appliance or stock with recorded months that no stay of its site in the boundary
-- holds, or that the calendar does not know.
with recorded as (
    select
        k.key_id,
        k.site,
        k.meter,
        k.activity,
        e.month
    from entry_current_month as e
    join activity_key as k on k.key_id = e.key_id
    union all
    select distinct
        0 as key_id,
        site,
        equipment_id as meter,
        'service' as activity,
        month
    from service_event
    where event <> 'install'
    union all
    select distinct
        0 as key_id,
        site,
        '' as meter,
        'refrigerant stock' as activity,
        month
    from stock_event
)
select
    r.key_id,
    r.site,
    r.meter,
    r.activity,
    min(r.month) as first_month,
    max(r.month) as last_month,
    count(*) as months
from recorded as r
left join month as m on m.month = r.month
left join site as s
    on s.site = r.site
    and r.month >= s.first_month
    and r.month < s.left_month
where s.site is null
    or m.month is null
group by r.key_id, r.site, r.meter, r.activity
