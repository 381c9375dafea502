-- One row per scenario, site, month and generation meter that a plant names ('' for all others): PV
-- used on site and exported, with whose it is and who has its certificates. What a site uses and
-- exports is shared out by generation; each step of the ladder is cut to a millionth, so that the
-- parts add up to the whole.
with measured as (
    select
        a.scenario,
        a.site,
        a.month,
        case when t.meter is null then '' else t.meter end as meter,
        case when t.owner is null then w.owner else t.owner end as owner,
        case when t.owner is null then w.is_sold else t.is_sold end as is_sold,
        w.is_on_grid,
        w.is_in_energy,
        a.quantity
    from activity_month as a
    join pv_term as w
        on w.site = a.site
        and w.meter = ''
        and a.month >= w.first_month
        and a.month < w.left_month
    left join pv_term as t
        on t.site = a.site
        and t.meter = a.meter
        and t.meter <> ''
        and a.month >= t.first_month
        and a.month < t.left_month
    where a.activity = 'pv_generation'
),
generated as (
    select
        scenario,
        site,
        month,
        meter,
        owner,
        is_sold,
        is_on_grid,
        is_in_energy,
        cast(sum(quantity) as decimal(17, 6)) as generated_kwh
    from measured
    group by scenario, site, month, meter, owner, is_sold, is_on_grid, is_in_energy
),
-- A site none of whose meters a plant names has one row a month, and all that was used and exported.
several as (
    select distinct
        site
    from pv_term
    where meter <> ''
),
ladder as (
    select
        g.*,
        p.reporting_year,
        p.self_used_kwh,
        p.exported_kwh,
        p.generated_kwh as total_kwh,
        cast(sum(g.generated_kwh) over (
            partition by g.scenario, g.site, g.month
            order by g.meter
            rows between unbounded preceding and current row
        ) as decimal(17, 6)) as until_kwh
    from generated as g
    join several as s on s.site = g.site
    join pv_month as p
        on p.scenario = g.scenario
        and p.site = g.site
        and p.month = g.month
),
-- Whole millionths become doubles alike on every engine; decimals of this width do not.
reached as (
    select
        l.*,
        cast(case
            when total_kwh = 0 or until_kwh = total_kwh then self_used_kwh
            else cast(
                floor(
                    cast(cast(cast(self_used_kwh as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
                    * (
                        cast(cast(cast(until_kwh as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
                        / cast(cast(cast(total_kwh as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
                    )
                ) as decimal(18, 0)
            ) * cast('0.000001' as decimal(7, 6))
        end as decimal(17, 6)) as reached_kwh,
        cast(case
            when total_kwh = 0 or until_kwh = total_kwh then exported_kwh
            else cast(
                floor(
                    cast(cast(cast(exported_kwh as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
                    * (
                        cast(cast(cast(until_kwh as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
                        / cast(cast(cast(total_kwh as decimal(24, 6)) * 1000000 as decimal(18, 0)) as double)
                    )
                ) as decimal(18, 0)
            ) * cast('0.000001' as decimal(7, 6))
        end as decimal(17, 6)) as reached_export_kwh
    from ladder as l
),
numbered as (
    select
        r.*,
        row_number() over (
            partition by scenario, site, month order by meter
        ) as place
    from reached as r
)
select
    n.scenario,
    n.site,
    n.month,
    n.reporting_year,
    n.meter,
    n.owner,
    n.is_sold,
    n.is_on_grid,
    n.is_in_energy,
    n.generated_kwh,
    cast(n.reached_export_kwh
        - case when b.reached_export_kwh is null then cast(0 as decimal(17, 6)) else b.reached_export_kwh end
        as decimal(17, 6)) as exported_kwh,
    cast(n.reached_kwh - case when b.reached_kwh is null then cast(0 as decimal(17, 6)) else b.reached_kwh end
        as decimal(17, 6)) as used_kwh
from numbered as n
left join numbered as b
    on b.scenario = n.scenario
    and b.site = n.site
    and b.month = n.month
    and b.place = n.place - 1
union all
select
    g.scenario,
    g.site,
    g.month,
    p.reporting_year,
    g.meter,
    g.owner,
    g.is_sold,
    g.is_on_grid,
    g.is_in_energy,
    g.generated_kwh,
    p.exported_kwh,
    p.self_used_kwh as used_kwh
from generated as g
join pv_month as p
    on p.scenario = g.scenario
    and p.site = g.site
    and p.month = g.month
left join several as s on s.site = g.site
where s.site is null
