"""Sites: their stay within the boundary, their sources, meters and plants."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from carbon import metering
from carbon.errors import nearest
from carbon.fields import Lease, Name, stated
from carbon.schema import FOREVER
from carbon.settings.kinds import FIRST, Month, Months, Series, Table, months_after
from carbon.settings.pv import PVPlant

Role = Literal[
    "grid_import", "pv_generation", "pv_export", "it_load", "sub_meter", "charger", "chp"
]
Reason = Literal["acquired", "divested", "built", "closed", "outsourced", "insourced", "omitted"]
State = Literal["reported", "zero", "not applicable", "not disclosed", "excluded"]


class Source(Table):
    """What a site says of one of its emission sources."""

    state: State
    reason: str = ""
    estimated_t: Annotated[Decimal, Field(ge=0)] | None = None  # a year, as it would count [t CO2e]


class Meter(Table):
    """A meter, a sub-meter of another, or a virtual one, which is computed and never recorded."""

    name: Name
    role: Role = "grid_import"
    of: str = ""  # the meter of the site it measures a part of
    plus: Series = []  # of a virtual meter: what is added
    minus: Series = []  # and what is taken off
    since: Month = FIRST  # its first month
    until: Month | None = None  # its first month no longer there
    calibrated_on: date | None = None
    calibration_due: date | None = None
    calibration_every: Months | None = None  # instead of the day it is due
    note: str = ""

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

    name: Name
    title: str = ""
    region: str
    kind: Literal["office", "plant", "data centre", "warehouse", "shop", "other"] = "other"
    entity: str = ""  # that it belongs to; '' the organisation itself
    share: Annotated[Decimal, Field(ge=0, le=1)] = Decimal(1)  # by equity share, without an entity
    lease: Lease | None = None
    lease_exception: str = ""  # why an operating lease goes against the rule of operational control
    exists_since: Month | None = None  # its first month anywhere, also before it joined
    is_reported_elsewhere: bool = False  # what was out- or insourced stays in Scope 2 or 3
    joined: Month = FIRST
    joined_because: Reason = "built"
    left: Month | None = None  # its first month outside
    left_because: Reason | None = None
    in_boundary: bool = True
    electricity: Series = []  # declared grid series, instead of the policy's
    pv: list[PVPlant] = []
    pv_certificates: Literal["kept", "sold"] = "kept"  # of books without [[site.pv]]
    pv_capacity_kw: Decimal | None = None  # likewise
    sources: dict[str, Annotated[Source, BeforeValidator(stated)]] = {}  # checklist
    meter: list[Meter] = []
    note: str = ""

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
