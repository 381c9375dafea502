"""The whole of `carbon.toml`: its tables, and what holds between them."""

from __future__ import annotations

from pydantic import Field, model_validator

from carbon.areas import UNASSIGNED, Standing, standings
from carbon.errors import nearest
from carbon.performance import ORGANISATION, Indicator, indicators
from carbon.settings.column_map import ColumnMap
from carbon.settings.fuels import Chp, FuelBlend
from carbon.settings.kinds import Table
from carbon.settings.management import Area, Fill, Quota
from carbon.settings.organisation import Entity, Organisation
from carbon.settings.policy import Policy
from carbon.settings.sites import Meter, Site, check_standing
from carbon.settings.targets import Published, Statement, Target


class Settings(Table):
    """The whole of `carbon.toml`."""

    organisation: Organisation = Field(description="Who reports.")
    entity: list[Entity] = Field(
        [],
        description=(
            "Companies, joint ventures and holdings between the organisation and its sites."
        ),
    )
    site: list[Site] = Field([], description="Where things are bought, burned and generated.")
    policy: Policy = Field(Policy(), description="How figures are worked out.")
    target: list[Target] = Field([], description="What is to be reached.")
    published: list[Published] = Field([], description="Figures published elsewhere.")
    statement: list[Statement] = Field([], description="What became of each reporting year.")
    fuel_blend: list[FuelBlend] = Field([], description="Fuels of the organisation's own blending.")
    chp: list[Chp] = Field([], description="Plants that make heat and power.")
    area: list[Area] = Field([], description="Departments and key areas.")
    indicator: list[Indicator] = Field(
        [], description="Quantities beside emissions, beyond those every book has."
    )
    fill: list[Fill] = Field(
        [], description="Which gaps are filled with an estimate until the bills come."
    )
    quota: list[Quota] = Field([], description="What may be used, or emitted.")
    column_map: dict[str, ColumnMap] = Field(
        {},
        alias="import",
        description=(
            "Layouts of other people's files, by the name that `carbon import --map` is given."
        ),
    )

    @model_validator(mode="after")
    def _names_are_distinct(self) -> Settings:
        taken: dict[str, str] = {}
        named = [("site", site.name) for site in self.site]
        named += [("meter", meter.name) for site in self.site for meter in site.meter]
        for kind, name in named:
            if name in taken:
                raise ValueError(f"{kind} {name!r} has the name of another {taken[name]}")
            taken[name] = kind
        is_equity = self.organisation.consolidation == "equity share"
        for site in self.site:
            if site.share != 1 and not is_equity:
                raise ValueError(
                    f"site {site.name!r} has a share of {site.share}, which only consolidation ="
                    " 'equity share' knows"
                )
        for plant in self.chp:
            if plant.plant not in self.meters():
                close = nearest(plant.plant, self.meters())
                hint = f"; nearest: {close}" if close else ""
                raise ValueError(f"chp {plant.plant!r} is no meter of a site{hint}")
        named_in = [(f"target {each.name!r}", "site", each.sites) for each in self.target]
        limited = [(f"quota {each.name!r}", each) for each in self.quota]
        for what, each in (*(("fill", each) for each in self.fill), *limited):
            named_in += [(what, "site", each.site), (what, "meter", each.meter)]
        for where, kind, names in named_in:
            known = self.meters() if kind == "meter" else self.sites()
            for name in names:
                if name not in known:
                    close = nearest(name, known)
                    hint = f"; nearest: {close}" if close else ""
                    raise ValueError(f"{where} names no {kind} {name!r}{hint}")
        return self

    @model_validator(mode="after")
    def _targets_hang_together(self) -> Settings:
        nodes = (ORGANISATION, *self.sites(), *self.areas())
        for target in self.target:
            if target.node not in nodes:
                close = nearest(target.node, nodes)
                hint = f"; nearest: {close}" if close else ""
                raise ValueError(
                    f"target {target.name!r} names no site, department or key area"
                    f" {target.node!r}{hint}"
                )
            base = self.policy.base_year_of(target)
            first = min(target.pathway, default=target.year)
            if target.kind == "reduction" and not 0 < base < first:
                raise ValueError(
                    f"target {target.name!r} is a reduction and needs a base_year before {first},"
                    " its own or that of [policy]"
                )
        return self

    @model_validator(mode="after")
    def _entities_hang_together(self) -> Settings:
        held = {entity.name: entity.held_by for entity in self.entity}
        if len(held) < len(self.entity):
            raise ValueError("two entities have the same name")
        for what, name, above in (
            *(("entity", each.name, each.held_by) for each in self.entity),
            *(("site", each.name, each.entity) for each in self.site),
        ):
            if above and above not in held:
                close = nearest(above, held)
                hint = f"; nearest: {close}" if close else ""
                raise ValueError(f"{what} {name!r} names no entity {above!r}{hint}")
        for name in held:
            above, passed = held[name], {name}
            while above and above not in passed:
                passed.add(above)
                above = held[above]
            if above:
                raise ValueError(f"entity {name!r} holds itself: {', '.join(sorted(passed))}")
        for site in self.site:
            check_standing(site)
        return self

    @model_validator(mode="after")
    def _areas_hang_together(self) -> Settings:
        self.standings()
        return self

    def areas(self) -> dict[str, Area]:
        """Departments and key areas by name."""
        return {area.name: area for area in self.area}

    def standings(self) -> dict[tuple[str, str], Standing]:
        """Department and key area of every site (meter '': its bills) and meter that has one."""
        meters = {
            site.name: {each.name: each.of for each in site.meter if each.of or not each.is_virtual}
            for site in self.site
        }
        return standings(self.area, meters)

    def standing(self, site: str, meter: str = "") -> Standing:
        """Department and key area of a meter, or of a site's bills; '' where it has none."""
        return self.standings().get((site, meter), UNASSIGNED)

    @model_validator(mode="after")
    def _indicators_hang_together(self) -> Settings:
        self.indicators()
        return self

    def indicators(self) -> dict[str, Indicator]:
        """Indicators by name: those every book has, and its own."""
        return indicators(self.indicator)

    def entities(self) -> dict[str, Entity]:
        """Entities by name."""
        return {entity.name: entity for entity in self.entity}

    def sites(self) -> dict[str, Site]:
        """Sites by name."""
        return {site.name: site for site in self.site}

    def meters(self) -> dict[str, tuple[Site, Meter]]:
        """Meters by name, each with its site."""
        return {meter.name: (site, meter) for site in self.site for meter in site.meter}

    def statements(self) -> dict[int, Statement]:
        """The last statement made on each reporting year."""
        return {statement.year: statement for statement in self.statement}
