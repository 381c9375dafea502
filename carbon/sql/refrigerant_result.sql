-- One row per site, refrigerant and reporting year: the three results in grams of CO2e, of gases in
-- the scopes and of those outside, beside their masses. Asked afterwards, by whoever compares.
with warming as (
    select
        n.site,
        n.refrigerant,
        n.reporting_year,
        cast(sum(case when k.is_in_scopes then k.co2e_g else cast(0 as decimal(20, 12)) end)
            as decimal(20, 12)) as scopes_g,
        cast(sum(case when k.is_in_scopes then cast(0 as decimal(20, 12)) else k.co2e_g end)
            as decimal(20, 12)) as outside_g
    from refrigerant_need as n
    join factor_choice as c
        on c.scenario = n.scenario
        and c.topic = n.topic
        and c.place = n.place
        and c.policy = n.policy
        and c.factor_year = n.factor_year
        and c.accounting = n.accounting
    join coefficient as k
        on k.set_id = c.set_id
        and k.share = n.share
    where k.unit = 'kg'
        and k.part = 1
    group by n.site, n.refrigerant, n.reporting_year
)
select
    b.site,
    b.refrigerant,
    b.reporting_year,
    b.method as used,
    b.mass_balance_kg,
    b.simplified_kg,
    b.screening_kg,
    b.is_mass_balance,
    b.is_simplified,
    b.is_screening,
    b.months,
    b.appliances,
    b.services,
    b.openings,
    b.closings,
    b.unsaid,
    b.uncharged,
    b.undisposed,
    b.unrated,
    w.site is not null as is_served,
    cast(b.mass_balance_kg * w.scopes_g as decimal(38, 18)) as mass_balance_g,
    cast(b.simplified_kg * w.scopes_g as decimal(38, 18)) as simplified_g,
    cast(b.screening_kg * w.scopes_g as decimal(38, 18)) as screening_g,
    cast(b.mass_balance_kg * w.outside_g as decimal(38, 18)) as mass_balance_outside_g,
    cast(b.simplified_kg * w.outside_g as decimal(38, 18)) as simplified_outside_g,
    cast(b.screening_kg * w.outside_g as decimal(38, 18)) as screening_outside_g
from refrigerant_balance as b
left join warming as w
    on w.site = b.site
    and w.refrigerant = b.refrigerant
    and w.reporting_year = b.reporting_year
