"""PV plants of a site: their size, whose they are, and who has their certificates."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from carbon.clearsky import Tracking
from carbon.fields import Written
from carbon.schema import FOREVER
from carbon.settings.kinds import FIRST, Month, Series, Table

OWN = "own"  # the owner of a PV plant that is the organisation's


def _for_ever(value: object) -> object:
    return [{"state": value}] if isinstance(value, str) else value


def _span(first: int, left: int | None) -> str:
    """The months of a span in words, nothing where it is for ever."""
    since = f" since {first}" if first > FIRST else ""
    return since + (f" until {left}" if left else "")


class CertificateSpan(Table):
    """Who has the certificates of a PV plant in a span of months: kept, or sold to others."""

    state: Literal["kept", "sold"] = Field(
        description="Whether the organisation keeps the certificates, or others have them."
    )
    since: Month = Field(
        FIRST, description="The first month of the span; without it from the beginning."
    )
    until: Month | None = Field(
        None, description="The first month no longer so; without it for ever."
    )

    def __str__(self) -> str:
        return f"{self.state}{_span(self.since, self.until)}"


CertificateSpans = Annotated[
    list[CertificateSpan], BeforeValidator(_for_ever), Written('`"kept"`, `"sold"`, or')
]


class PVPlant(Table):
    """A PV plant of a site: its size, whose it is, and who has its certificates."""

    meter: Series = Field(
        [],
        description=(
            "The generation meters it is read on; without one all that no other plant names."
        ),
    )
    capacity_kw: Annotated[Decimal, Field(gt=0)] | None = Field(
        None, description="Its capacity as stated. [kW]"
    )
    tilt_deg: Annotated[Decimal, Field(ge=0, le=90)] | None = Field(
        None,
        description="How far it leans from the horizontal; without it the latitude. [degree]",
    )
    azimuth_deg: Annotated[Decimal, Field(ge=0, lt=360)] | None = Field(
        None,
        description=(
            "Where it faces, 90 the east and 180 the south; without it the equator. [degree]"
        ),
    )
    tracking: Tracking = Field(
        "none", description="Whether its panels follow the sun; then they have no tilt of theirs."
    )
    commissioned: Month = Field(
        FIRST, description="The first month it runs; without it from the beginning."
    )
    retired: Month | None = Field(None, description="The first month out of use.")
    owner: str = Field(
        OWN, min_length=1, description="`own`, or the third party that sells its power to the site."
    )
    certificates: CertificateSpans = Field(
        [],
        description=(
            "One word for ever, or spans of months. Those of an own plant are kept where nothing"
            " is said; a third party's plant has to say."
        ),
    )
    note: str = Field("", description="Whatever an auditor should know.")

    def __str__(self) -> str:
        size = "unstated size" if self.capacity_kw is None else f"{self.capacity_kw} kW"
        told = [f"{size}{_span(self.commissioned, self.retired)}", f"owner {self.owner}"]
        told += [f"certificates {each}" for each in self.certificates]
        return f"({', '.join([*self.meter, *told])})"

    def __repr__(self) -> str:
        return str(self)

    @model_validator(mode="after")
    def _spans_follow_each_other(self) -> PVPlant:
        if self.retired is not None and self.retired <= self.commissioned:
            raise ValueError("a PV plant is retired after it was commissioned")
        if self.tracking != "none" and (self.tilt_deg, self.azimuth_deg) != (None, None):
            raise ValueError("a PV plant that follows the sun has neither tilt_deg nor azimuth_deg")
        if self.owner != OWN and not self.certificates:
            raise ValueError(
                f"the PV plant of {self.owner!r} does not say who has its certificates: write"
                " certificates = 'kept' if they come with the power, 'sold' if others have them"
            )
        before = 0
        for each in sorted(self.certificates, key=lambda span: span.since):
            if each.since < before or (each.until or FOREVER) <= each.since:
                raise ValueError("spans of certificates may neither overlap nor be empty")
            before = each.until or FOREVER
        return self

    def is_running(self, month: int) -> bool:
        """Whether it stands and is in use in a month."""
        return self.commissioned <= month < (self.retired or FOREVER)

    def is_sold(self, month: int) -> bool:
        """Whether others have its certificates of a month."""
        return any(
            each.state == "sold" and each.since <= month < (each.until or FOREVER)
            for each in self.certificates
        )

    def contradicts(self, other: PVPlant) -> bool:
        """Whether both are read on the same meters in the same months, and differ in terms."""
        first = max(self.commissioned, other.commissioned)
        left = min(self.retired or FOREVER, other.retired or FOREVER)
        is_shared = bool({*self.meter} & {*other.meter}) or (self.is_rest and other.is_rest)
        if first >= left or not is_shared:
            return False
        spans = [*self.certificates, *other.certificates]
        turns = {month for span in spans for month in (span.since, span.until or FOREVER)}
        months = [first, *(month for month in turns if first < month < left)]
        return self.owner != other.owner or any(
            self.is_sold(month) != other.is_sold(month) for month in months
        )

    @property
    def is_rest(self) -> bool:
        """Whether it is read on whatever meters no other plant names."""
        return not self.meter
