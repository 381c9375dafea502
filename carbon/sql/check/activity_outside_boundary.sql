-- One row per key with recorded months that no stay of its site in the boundary holds.
select
    k.key_id,
    k.site,
    k.meter,
    k.activity,
    min(e.month) as first_month,
    max(e.month) as last_month,
    count(*) as months
from entry_current_month as e
join activity_key as k on k.key_id = e.key_id
left join site as s
    on s.site = k.site
    and e.month >= s.first_month
    and e.month < s.left_month
where s.site is null
group by k.key_id, k.site, k.meter, k.activity
