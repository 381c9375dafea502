-- One row per key whose activity no method knows.
select
    k.key_id,
    k.site,
    k.meter,
    k.activity
from activity_key as k
left join method as m on m.activity = k.activity
where m.activity is null
