-- One row per scenario, site and month whose metered PV does not add up: generation is self-use,
-- export, storage loss and change in store; potential is generation and what was curtailed.
select
    scenario,
    site,
    reporting_year,
    month,
    generated_kwh,
    cast(self_used_kwh - storage_loss_kwh - unexplained_kwh as decimal(17, 6)) as metered_kwh,
    exported_kwh,
    storage_loss_kwh,
    store_change_kwh,
    unexplained_kwh,
    potential_kwh,
    curtailed_kwh,
    uncurtailed_kwh
from pv_month
where unexplained_kwh <> 0
    or uncurtailed_kwh <> 0
    or curtailed_kwh < 0
