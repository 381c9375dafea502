-- One row per cut-off and entry that no longer counts at it: corrected, or taken back.
-- In a chain of corrections the latest batch wins; a withdrawal ends the whole chain.
with every as (
    select distinct cut_off from month
),
chain as (
    select
        o.cut_off,
        e.chain_id,
        max(e.batch_id) as last_batch,
        max(case when e.kind = 'withdrawal' then 1 else 0 end) as withdrawals
    from entry as e
    cross join every as o
    where e.supersedes <> 0
        and e.batch_id <= o.cut_off
    group by o.cut_off, e.chain_id
)
select
    c.cut_off,
    e.entry_id
from entry as e
join chain as c on c.chain_id = e.chain_id
where e.batch_id < c.last_batch
    or c.withdrawals > 0
