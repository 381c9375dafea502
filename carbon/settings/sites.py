"""Sites: their stay within the boundary, their sources, meters and plants."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from carbon import metering
from carbon.clearsky import Plane
from carbon.errors import nearest
from carbon.fields import Lease, Name, stated
from carbon.schema import FOREVER
from carbon.settings.kinds import FIRST, Month, Months, Part, Series, Table, months_after
from carbon.settings.pv import PVPlant

Role = Literal[
    "grid_import",
    "pv_generation",
    "pv_export",
    "it_load",
    "sub_meter",
    "charger",
    "chp",
    "offsite_generation",
]
Reason = Literal["acquired", "divested", "built", "closed", "outsourced", "insourced", "omitted"]
State = Literal["reported", "zero", "not applicable", "not disclosed", "excluded"]


class Source(Table):
    """What a site says of one of its emission sources."""

    state: State = Field(
        description='What is said of the source; alone, `boilers = "zero"` will do.'
    )
    reason: str = Field("", description="Why it is excluded, or not disclosed.")
    estimated_t: Annotated[Decimal, Field(ge=0)] | None = Field(
        None, description="What an excluded source would add in a year. [t CO2e]"
    )


class Meter(Table):
    """A meter, a sub-meter of another, or a virtual one, which is computed and never recorded."""

    name: Name = Field(
        description=(
            "What it is called, unlike any other meter or site; entries name it as theirs."
        )
    )
    role: Role = Field(
        "grid_import",
        description=(
            "What it measures. `chp` is a plant of heat and power, `sub_meter` a part of the one"
            " bill or grid meter of its site, `offsite_generation` what an instrument stands for."
        ),
    )
    of: str = Field("", description="The meter of the site it measures a part of.")
    plus: Series = Field(
        [],
        description=(
            "The meters that a virtual meter adds. One with `plus` is computed, never recorded."
        ),
    )
    minus: Series = Field([], description="The meters that a virtual meter takes off.")
    since: Month = Field(
        FIRST,
        description=(
            "Its first month; without it from the beginning. From then on every month is expected."
        ),
    )
    until: Month | None = Field(None, description="Its first month no longer there.")
    calibrated_on: date | None = Field(None, description="The day of its last calibration.")
    calibration_due: date | None = Field(None, description="The day its next calibration is due.")
    calibration_every: Months | None = Field(
        None,
        description=(
            "How long a calibration holds from `calibrated_on`, instead of `calibration_due`."
        ),
    )
    note: str = Field("", description="Whatever an auditor should know.")

    @property
    def is_virtual(self) -> bool:
        """Whether its months are computed."""
        return bool(self.plus)

    @property
    def due_on(self) -> date | None:
        """The day its calibration is due, None where nobody says."""
        if self.calibration_due or not (self.calibrated_on and self.calibration_every):
            return self.calibration_due
        return months_after(self.calibrated_on, self.calibration_every)

    def stands(self, month: int) -> bool:
        """Whether it is there in a month."""
        return self.since <= month < (self.until or FOREVER)

    @model_validator(mode="after")
    def _calibration_hangs_together(self) -> Meter:
        if self.calibration_every and not self.calibrated_on:
            raise ValueError(
                f"meter {self.name!r} says calibration_every and not calibrated_on, from which it"
                " runs"
            )
        if self.calibration_every and self.calibration_due:
            raise ValueError(
                f"meter {self.name!r} says calibration_every and calibration_due: keep one"
            )
        if self.calibrated_on and self.due_on and self.due_on <= self.calibrated_on:
            raise ValueError(f"the calibration of meter {self.name!r} is due before it was done")
        if self.is_virtual and (self.calibrated_on or self.calibration_due):
            raise ValueError(f"meter {self.name!r} is computed, and has nothing to calibrate")
        if self.is_virtual and "role" in self.model_fields_set:
            raise ValueError(f"meter {self.name!r} is computed of others, which have the roles")
        return self


class Site(Table):
    """A site, and its stay within the boundary."""

    name: Name = Field(description="What it is called; entries name it as their site.")
    title: str = Field("", description="What it is called in reports, where that is longer.")
    region: str = Field(
        description=(
            "Where it is, which decides its factors: `CN-ZJ`, `DE`, a grid such as `HK-CLP`."
        )
    )
    latitude: Annotated[Decimal, Field(ge=-90, le=90)] | None = Field(
        None,
        description=(
            "Where it lies, north of the equator above 0, for the clear sky over its PV. [degree]"
        ),
    )
    longitude: Annotated[Decimal, Field(ge=-180, le=180)] | None = Field(
        None, description="Where it lies, east of Greenwich above 0. [degree]"
    )
    altitude_m: Annotated[Decimal, Field(ge=-500, le=9000)] | None = Field(
        None, description="How high it lies; without it that of pvlib's map. [m]"
    )
    kind: Literal["office", "plant", "data centre", "warehouse", "shop", "other"] = Field(
        "other", description="What it is, which decides the sources it is asked for."
    )
    entity: str = Field(
        "", description="The entity it belongs to; without it the organisation itself."
    )
    share: Part = Field(
        Decimal(1),
        description="The part of it that counts by equity share, where it names no entity. [1]",
    )
    lease: Lease | None = Field(
        None,
        description=(
            "The lease it stands under, which decides between Scope 1 and 2, and Scope 3."
        ),
    )
    lease_exception: str = Field(
        "", description="Why an operating lease goes against the rule of operational control."
    )
    exists_since: Month | None = Field(
        None,
        description="Its first month anywhere, where that is before it joined.",
    )
    is_reported_elsewhere: bool = Field(
        False,
        description=(
            "What was out- or insourced stays in Scope 2 or 3; the base year stays as it was."
        ),
    )
    joined: Month = Field(
        FIRST, description="Its first month inside the boundary; without it from the beginning."
    )
    joined_because: Reason = Field(
        "built", description="Why it joined. What was built leaves the base year as it was."
    )
    left: Month | None = Field(None, description="Its first month outside the boundary.")
    left_because: Reason | None = Field(
        None, description="Why it left. What was closed leaves the base year as it was."
    )
    in_boundary: bool = Field(
        True, description="`false` keeps a site in the book whose entries count nowhere."
    )
    electricity: Series = Field(
        [],
        description=(
            "Its grid series in order of preference, instead of the policy's, or one set as"
            " `set:ID`."
        ),
    )
    pv: list[PVPlant] = Field([], description="Its PV plants.")
    pv_certificates: Literal["kept", "sold"] = Field(
        "kept",
        description="Of books without `[[site.pv]]`: who has the certificates of its one plant.",
    )
    pv_capacity_kw: Decimal | None = Field(
        None, description="Of books without `[[site.pv]]`: the capacity of its one plant. [kW]"
    )
    sources: dict[str, Annotated[Source, BeforeValidator(stated)]] = Field(
        {}, description="What it says of each emission source of the checklist."
    )
    meter: list[Meter] = Field([], description="Its meters.")
    note: str = Field("", description="Whatever an auditor should know.")

    @model_validator(mode="after")
    def _lies_at_a_point(self) -> Site:
        if (self.latitude is None) != (self.longitude is None):
            said, lacks = "latitude", "longitude"
            if self.latitude is None:
                said, lacks = lacks, said
            raise ValueError(f"site {self.name!r} says its {said} and not its {lacks}")
        if self.altitude_m is not None and self.latitude is None:
            raise ValueError(f"site {self.name!r} says its altitude_m and not where it lies")
        return self

    @model_validator(mode="after")
    def _meters_are_a_tree(self) -> Site:
        metering.check(self.name, self.meter)
        return self

    @model_validator(mode="after")
    def _plants_are_told_once(self) -> Site:
        for key in ("pv_certificates", "pv_capacity_kw"):
            if self.pv and key in self.model_fields_set:
                raise ValueError(f"site {self.name!r} has both {key} and [[site.pv]]: keep one")
        roles = {each.name: each.role for each in self.meter}
        for number, plant in enumerate(self.pv):
            for name in plant.meter:
                if roles.get(name) != "pv_generation":
                    close = nearest(name, [key for key in roles if roles[key] == "pv_generation"])
                    hint = f"; nearest: {close}" if close else ""
                    raise ValueError(
                        f"a PV plant of site {self.name!r} names {name!r}, which is no meter of"
                        f" the site with the role pv_generation{hint}"
                    )
            if any(plant.contradicts(other) for other in self.pv[:number]):
                raise ValueError(
                    f"two PV plants of site {self.name!r} share their months, and differ in owner"
                    " or certificates: name the meters of each"
                )
        return self

    def plants(self) -> list[PVPlant]:
        """Its PV plants; of the keys of older books one, for ever."""
        said = {"capacity_kw": self.pv_capacity_kw, "certificates": self.pv_certificates}
        return self.pv or [PVPlant.model_validate(said)]

    def plane(self, plant: PVPlant) -> Plane | None:
        """Where the panels of a plant stand and how they face; None where the site lies nowhere."""
        if self.latitude is None or self.longitude is None:
            return None
        point = (self.latitude, self.longitude, self.altitude_m)
        return Plane(*point, plant.tilt_deg, plant.azimuth_deg, plant.tracking)


def check_standing(site: Site) -> None:
    """What a site says of its share and its lease goes together."""
    if site.entity and "share" in site.model_fields_set:
        raise ValueError(
            f"site {site.name!r} has an entity, from which its share follows, and a share of its"
            " own: take one of them out"
        )
    if site.exists_since and site.exists_since > site.joined:
        raise ValueError(f"site {site.name!r} joined before it exists: see its exists_since")
    if site.lease_exception and site.lease not in ("operating leased", "leased out operating"):
        raise ValueError(
            f"site {site.name!r} has a lease_exception, which only 'operating leased' and 'leased"
            " out operating' know"
        )
