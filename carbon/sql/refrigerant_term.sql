-- One row per method, site, refrigerant, appliance, reporting year, month and term: a mass of a
-- balance with its sign, of months that are recorded.
with site_year as (
    select distinct
        site,
        reporting_year
    from recorded_month
),
held as (
    select
        a.*,
        case when a.charged = 'site' then a.charged_month else 0 end as filled_month,
        case when a.is_disposal_recorded then a.retired_month else 0 end as disposed_month,
        case when a.charged = 'site' and a.has_installation_leak then a.installed_month else 0 end
            as installing_month,
        case when a.has_disposal_leak then a.retired_month else 0 end as disposing_month,
        cast(round(a.charge_kg * a.installation_leak, 6) as decimal(17, 6)) as installing_kg,
        cast(round(a.charge_kg * a.annual_leak, 6) as decimal(17, 6)) as operating_kg,
        cast(round(a.charge_kg * a.disposal_leak, 6) as decimal(17, 6)) as disposing_kg
    from appliance as a
),
-- What the register says of an appliance, once in the month that it happened.
registered as (
    select 'simplified' as method, 'capacity of new units' as term, equipment_id, site, refrigerant,
        filled_month as month, first_month, end_month, cast(-charge_kg as decimal(17, 6)) as mass_kg
    from held
    union all
    select 'simplified', 'capacity of disposed units', equipment_id, site, refrigerant,
        disposed_month, first_month, end_month, charge_kg
    from held
    union all
    select 'mass balance', 'capacity of new units', equipment_id, site, refrigerant,
        installed_month, first_month, end_month, cast(-charge_kg as decimal(17, 6))
    from held
    union all
    select 'mass balance', 'bought inside new units', equipment_id, site, refrigerant,
        installed_month, first_month, end_month, charge_kg
    from held
    where charged = 'factory'
    union all
    select 'mass balance', 'capacity of retired units', equipment_id, site, refrigerant,
        retired_month, first_month, end_month, charge_kg
    from held
    union all
    select 'screening', 'installing', equipment_id, site, refrigerant,
        installing_month, first_month, end_month, installing_kg
    from held
    union all
    select 'screening', 'disposal', equipment_id, site, refrigerant,
        disposing_month, first_month, end_month, disposing_kg
    from held
),
every as (
    select
        r.method, r.site, r.refrigerant, r.equipment_id, i.reporting_year, r.month, r.term, r.mass_kg
    from registered as r
    join recorded_month as i
        on i.site = r.site
        and i.month = r.month
    where r.month >= r.first_month
        and r.month < r.end_month
    union all
    select
        'screening', h.site, h.refrigerant, h.equipment_id, i.reporting_year, i.month, 'operating',
        cast(
            round(h.operating_kg * e.share_until, 6) - round(h.operating_kg * e.share_before, 6)
            as decimal(17, 6)
        )
    from held as h
    join recorded_month as i
        on i.site = h.site
        and i.month >= h.whole_month
        and i.month < h.left_month
        and i.month >= h.first_month
        and i.month < h.end_month
    join even_share as e
        on e.months = 12
        and e.place = i.place
    where h.has_annual_leak
    union all
    select
        'simplified', v.site, v.refrigerant, v.equipment_id, i.reporting_year, v.month, v.event,
        case when v.event in ('recover', 'dispose') then cast(-v.mass_kg as decimal(17, 6)) else v.mass_kg end
    from service_event as v
    join appliance as a
        on a.equipment_id = v.equipment_id
        and v.month >= a.first_month
        and v.month < a.end_month
    join recorded_month as i
        on i.site = v.site
        and i.month = v.month
    where v.event <> 'install'
        or a.charged = 'site'
    union all
    select
        'mass balance', k.site, k.refrigerant, '', k.reporting_year, 0, k.edge || ' stock',
        case when k.edge = 'closing' then cast(-k.mass_kg as decimal(17, 6)) else k.mass_kg end
    from stock_count as k
    join site_year as y
        on y.site = k.site
        and y.reporting_year = k.reporting_year
    union all
    select
        'mass balance', t.site, t.refrigerant, '', m.reporting_year, t.month, t.event,
        case when t.event = 'purchase' then t.mass_kg else cast(-t.mass_kg as decimal(17, 6)) end
    from stock_event as t
    join month as m on m.month = t.month
    join site_year as y
        on y.site = t.site
        and y.reporting_year = m.reporting_year
)
select
    method,
    site,
    refrigerant,
    equipment_id,
    reporting_year,
    month,
    term,
    count(*) as records,
    cast(sum(mass_kg) as decimal(17, 6)) as mass_kg
from every
group by method, site, refrigerant, equipment_id, reporting_year, month, term
