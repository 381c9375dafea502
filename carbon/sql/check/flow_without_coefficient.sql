-- One row per set and unit that the flows ask for and the set cannot serve.
select distinct
    n.set_id,
    n.unit
from coefficient_need as n
left join coefficient as k
    on k.set_id = n.set_id
    and k.unit = n.unit
    and k.share = n.share
where k.set_id is null
