"""Fuels blended by the organisation itself, and plants that make heat and power of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from carbon.fields import Name
from carbon.settings.kinds import Table


class FuelBlend(Table):
    """What a fuel of the organisation's own is blended of, in percent. Entries name it as detail.

    One of the same name and fuel as a blend of the library stands instead of it.
    """

    name: Name = Field(description="What it is called; entries name it as their detail.")
    fuel: str = Field(description="What it is sold as: `diesel`, `gasoline`, `natural_gas` ...")
    basis: Literal["volume", "mass", "energy"] = Field(
        "volume", description="What the percentages are of."
    )
    parts: dict[str, Annotated[Decimal, Field(gt=0, le=100)]] = Field(
        description="What it is made of: fuel = percent, 100 together. [%]"
    )
    source: str = Field(min_length=1, description="Who says so: a delivery note, an analysis.")

    @model_validator(mode="after")
    def _is_whole(self) -> FuelBlend:
        whole = sum(self.parts.values(), Decimal(0))
        if whole != 100:
            raise ValueError(f"the parts of {self.name!r} add up to {whole} %, not 100 %")
        return self


class Chp(Table):
    """A plant that makes heat and power: the meter its fuel and output are recorded on, and how its
    emissions are shared out to them."""

    plant: Name = Field(description="The meter its fuel and output are recorded on.")
    method: Literal["efficiency", "2:1", "energy"] = Field(
        "efficiency",
        description=(
            "How emissions are shared out: by the fuel that each would take, a kilowatt-hour of"
            " power as two of heat, or all alike."
        ),
    )
    efficiencies: str = Field(
        "", description="Reference efficiencies of the library by name: `US`, `UK`."
    )
    heat_efficiency: Annotated[Decimal, Field(gt=0, le=1)] | None = Field(
        None, description="Own reference efficiency of heat, instead. [1]"
    )
    power_efficiency: Annotated[Decimal, Field(gt=0, le=1)] | None = Field(
        None, description="Own reference efficiency of power, instead. [1]"
    )
    note: str = Field("", description="Whatever an auditor should know.")

    @model_validator(mode="after")
    def _has_what_its_method_needs(self) -> Chp:
        own = (self.heat_efficiency, self.power_efficiency)
        if self.method == "efficiency":
            if (None in own) == (not self.efficiencies) or (self.efficiencies and any(own)):
                raise ValueError(
                    f"the efficiency method of {self.plant!r} needs efficiencies = 'US' or 'UK', or"
                    " both heat_efficiency and power_efficiency"
                )
        elif self.efficiencies or any(own):
            raise ValueError(f"the method {self.method!r} of {self.plant!r} takes no efficiency")
        return self
