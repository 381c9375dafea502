-- One row per site, refrigerant and reporting year: what leaked by three methods side by side, what
-- evidence each has and lacks, and which is used: the first of the policy's order that has its own.
-- A result below zero is carried as it is. A mass balance is of a whole year: where the site is
-- inside the boundary for a part of it alone, counts and purchases of the year tell of more.
with year_span as (
    select
        site,
        reporting_year,
        min(month) as first_month,
        max(month) as last_month,
        count(*) as months
    from recorded_month
    group by site, reporting_year
),
-- Appliances that hold their charge in a year, with what the year asks of them.
held as (
    select
        a.site,
        a.refrigerant,
        y.reporting_year,
        1 as appliances,
        case when a.installed_month >= y.first_month and a.charged = '' then 1 else 0 end as unsaid,
        case
            when a.installed_month >= y.first_month and a.charged = 'site' and a.charged_month = 0 then 1
            else 0
        end as uncharged,
        case
            when a.retired_month <= y.last_month and not a.is_disposal_recorded then 1
            else 0
        end as undisposed,
        case
            when not a.has_annual_leak then 1
            when a.installed_month >= y.first_month and a.charged = 'site' and not a.has_installation_leak then 1
            when a.retired_month <= y.last_month and not a.has_disposal_leak then 1
            else 0
        end as unrated
    from appliance as a
    join year_span as y
        on y.site = a.site
        and a.installed_month <= y.last_month
        and a.retired_month >= y.first_month
        and y.first_month >= a.first_month
        and y.first_month < a.end_month
),
every as (
    select
        site, refrigerant, reporting_year, appliances, unsaid, uncharged, undisposed, unrated,
        0 as services, 0 as openings, 0 as closings,
        cast(0 as decimal(17, 6)) as mass_balance_kg,
        cast(0 as decimal(17, 6)) as simplified_kg,
        cast(0 as decimal(17, 6)) as screening_kg
    from held
    union all
    select
        site, refrigerant, reporting_year, 0, 0, 0, 0, 0,
        case
            when method = 'simplified' and term in ('top-up', 'install', 'recover', 'dispose') then records
            else 0
        end,
        case when term = 'opening stock' then 1 else 0 end,
        case when term = 'closing stock' then 1 else 0 end,
        case when method = 'mass balance' then mass_kg else cast(0 as decimal(17, 6)) end,
        case when method = 'simplified' then mass_kg else cast(0 as decimal(17, 6)) end,
        case when method = 'screening' then mass_kg else cast(0 as decimal(17, 6)) end
    from refrigerant_term
),
summed as (
    select
        site,
        refrigerant,
        reporting_year,
        count(case when appliances = 1 then 1 end) as appliances,
        cast(sum(services) as decimal(17, 0)) as services,
        count(case when openings = 1 then 1 end) as openings,
        count(case when closings = 1 then 1 end) as closings,
        count(case when unsaid = 1 then 1 end) as unsaid,
        count(case when uncharged = 1 then 1 end) as uncharged,
        count(case when undisposed = 1 then 1 end) as undisposed,
        count(case when unrated = 1 then 1 end) as unrated,
        cast(sum(mass_balance_kg) as decimal(17, 6)) as mass_balance_kg,
        cast(sum(simplified_kg) as decimal(17, 6)) as simplified_kg,
        cast(sum(screening_kg) as decimal(17, 6)) as screening_kg
    from every
    group by site, refrigerant, reporting_year
),
judged as (
    select
        s.*,
        y.months,
        y.months = 12 and s.openings > 0 and s.closings > 0 and s.unsaid = 0 as is_mass_balance,
        s.services > 0 as is_simplified,
        s.appliances > 0 and s.unrated = 0 as is_screening
    from summed as s
    join year_span as y
        on y.site = s.site
        and y.reporting_year = s.reporting_year
),
ranked as (
    select
        j.site,
        j.refrigerant,
        j.reporting_year,
        p.method,
        row_number() over (
            partition by j.site, j.refrigerant, j.reporting_year
            order by p.preference, p.method
        ) as place
    from judged as j
    join refrigerant_policy as p on p.reporting_year = j.reporting_year
    where (p.method = 'mass balance' and j.is_mass_balance)
        or (p.method = 'simplified' and j.is_simplified)
        or (p.method = 'screening' and j.is_screening)
)
select
    j.site,
    j.refrigerant,
    j.reporting_year,
    j.mass_balance_kg,
    j.simplified_kg,
    j.screening_kg,
    j.is_mass_balance,
    j.is_simplified,
    j.is_screening,
    j.months,
    case when r.method is null then '' else r.method end as method,
    j.appliances,
    j.services,
    j.openings,
    j.closings,
    j.unsaid,
    j.uncharged,
    j.undisposed,
    j.unrated
from judged as j
left join ranked as r
    on r.site = j.site
    and r.refrigerant = j.refrigerant
    and r.reporting_year = j.reporting_year
    and r.place = 1
