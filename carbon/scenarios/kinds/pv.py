"""Photovoltaics of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, ClassVar, Literal

from pydantic import Field, PrivateAttr

from carbon.clearsky import Plane, Tracking
from carbon.errors import SettingsError
from carbon.fields import Written
from carbon.scenarios.amounts import amount, rounded
from carbon.scenarios.fields import Amount, Monthly, Positive, Share, Words, number, said
from carbon.scenarios.kinds.base import NONE, Added, Ahead, AtOneSite
from carbon.scenarios.loads import Ground, Place
from carbon.scenarios.times import month_index
from carbon.settings import Month

Shape = Annotated[Monthly | Literal["clear sky"], Written('list of 12 shares, or `"clear sky"`')]


@lru_cache(maxsize=4096)
def _capacity_kw(capacity: str, power_density_w_per_m2: Decimal | None) -> Fraction:
    if power_density_w_per_m2 is None:
        return amount(capacity, ("kW",))[1]
    return amount(capacity, ("m2",))[1] * Fraction(power_density_w_per_m2) / 1000


@lru_cache(maxsize=4096)
def _stated(
    capacity: str, density: Decimal | None, yearly: Decimal | None, of_year: Decimal
) -> Fraction:
    """A month of a new plant whose yield is stated. [kWh]"""
    return _capacity_kw(capacity, density) * Fraction(yearly or 1) * Fraction(of_year)


@lru_cache(maxsize=4096)
def _left(degradation: Decimal, curtailed: Decimal, age: int) -> Fraction:
    """What age and curtailment leave of a month."""
    return (1 - Fraction(degradation)) ** age * (1 - Fraction(curtailed))


@lru_cache(maxsize=2**15)
def _aged(
    capacity: str,
    density: Decimal | None,
    yearly: Decimal | None,
    of_year: Decimal,
    degradation: Decimal,
    curtailed: Decimal,
    age: int,
) -> Fraction:
    """The same month of it years later; scenarios share most of their plants. [kWh]"""
    return _stated(capacity, density, yearly, of_year) * _left(degradation, curtailed, age)


class PV(AtOneSite):
    """A plant of one's own: generation, what of it is exported, and the self-used rest taken off
    the site's bill; a bill that includes PV is left alone, for its import is derived from it.

    Its yield is stated, that of the site's own plants, or made of a weather file. On site it is
    used up to `self_use`, and never more than the site still buys in the month, after all other
    measures and the PV before it; what is left over is exported, or curtailed."""

    ONE_OF: ClassVar = (("specific_yield_kwh_per_kw", "yield_", "weather"),)
    IS_LAST: ClassVar[bool] = True
    BRINGS_METER: ClassVar[bool] = True

    EXAMPLE: ClassVar[str] = """\
site = "plant"
capacity = "1.2 MW"
specific_yield_kwh_per_kw = 1000
monthly_share = [0.05, 0.06, 0.08, 0.09, 0.10, 0.10, 0.12, 0.11, 0.09, 0.08, 0.06, 0.06]
self_use = 0.75
start = "2024-01"
"""
    WORKED: ClassVar[str] = (
        "1,200 kW x 1,000 kWh/kW x 0.05 = 60,000 kWh are generated in January, a quarter of "
        "it, 15,000, exported, and 45,000 kWh less bought. A site that buys 40,000 kWh in January "
        "uses these 40,000 and exports 20,000. With `curtailed = 0.10` it is 54,000 kWh that are "
        "generated, and 6,000 curtailed."
    )

    kind: Literal["pv"] = said("Its kind.", ...)
    site: Words = said("Its one site.", ...)
    start: Month = said("The first month it is at work in.", ...)
    meter: Words = said("The meter of its generation.", ())
    capacity: Amount = number(
        "Its capacity, as `5.4 MW`; an area such as `27000 m2` only with its power density. [kW]",
        ...,
    )
    power_density_w_per_m2: Positive | None = number("Capacity of an area. [W/m2]")
    specific_yield_kwh_per_kw: Positive | None = number("Generation a year when new. [kWh/kW]")
    yield_: Literal["own history"] | None = Field(
        None,
        alias="yield",
        description=(
            "That of the site's recorded plants, by month, in the mean of up to three whole years."
        ),
    )
    weather: str | None = said("A weather file in the book's folder `weather/`: EPW or TMY3.")
    losses: Share | None = number(
        "With weather: what is lost behind the modules, by soiling, wires, inverter. [1]"
    )
    monthly_share: Shape | None = number(
        "Of a stated yield: share of each month in a year, January first; or that of a clear sky"
        " where the site lies. [1]"
    )
    tilt_deg: Annotated[Decimal, Field(ge=0, le=90)] | None = said(
        "How far it leans from the horizontal; without it the latitude. [degree]"
    )
    azimuth_deg: Annotated[Decimal, Field(ge=0, lt=360)] | None = said(
        "Where it faces, 180 the south; without it the equator. [degree]"
    )
    tracking: Tracking = said("Whether its panels follow the sun.", "none")
    self_use: Share = number("Share that is used on site, at most. [1]", Decimal(1))
    surplus: Literal["export", "curtail"] = said(
        "What becomes of what the site cannot use up to that share.", "export"
    )
    curtailed: Share = number("Share of what it could generate that is curtailed. [1]", Decimal(0))
    degradation: Share = number("What is lost each year. [1/a]", Decimal(0))

    _sun: tuple[Fraction, ...] | None = PrivateAttr(None)  # by month, of the history or the sky

    def check(self) -> None:
        self.check_place()
        is_stated = self.specific_yield_kwh_per_kw is not None
        if is_stated != (self.monthly_share is not None):
            raise ValueError(
                f"{self.who}: a stated yield needs its monthly_share, and no other has one"
            )
        if (self.weather is None) != (self.losses is None):
            raise ValueError(f"{self.who}: weather needs the losses, and only weather has them")
        shares = self.monthly_share
        if isinstance(shares, tuple) and sum(shares) != 1:
            raise ValueError(f"{self.who}: monthly_share adds up to {sum(shares)}, not 1")
        if self.tracking != "none" and (self.tilt_deg, self.azimuth_deg) != (None, None):
            raise ValueError(
                f"{self.who} follows the sun, and has neither tilt_deg nor azimuth_deg"
            )

    @property
    def capacity_kw(self) -> Fraction:
        """Its capacity. [kW]

        An area counts only with a stated power density; without one its dimension is wrong.
        """
        return _capacity_kw(self.capacity, self.power_density_w_per_m2)

    def check_amounts(self) -> None:
        for text in (*self.verified.values(),):
            self.verified_amount(text)
        _ = self.capacity_kw

    def verified_amount(self, text: str) -> tuple[str, Fraction]:
        return amount(text, ("kWh",))

    # --- the sun ---

    @property
    def needs_sun(self) -> bool:
        """Whether its months follow from the history, the sky or the weather of its site."""
        return not isinstance(self.monthly_share, tuple)

    def plane(self, point: Plane) -> Plane:
        """How its panels face where its site lies."""
        return point._replace(
            tilt_deg=self.tilt_deg, azimuth_deg=self.azimuth_deg, tracking=self.tracking
        )

    def under(self, sun: Sequence[Fraction]) -> PV:
        """The same plant with its twelve months: the shares of a clear sky, or the yield of a
        history or of the weather before losses. [kWh/kW]"""
        found = self.model_copy()
        private = {**(self.__pydantic_private__ or {}), "_sun": tuple(sun)}
        object.__setattr__(found, "__pydantic_private__", private)
        return found

    def yield_in(self, month: int) -> Fraction:
        """What a kW that is new could generate in a month, by the sun of its site. [kWh/kW]"""
        if self._sun is None:
            raise SettingsError("scenario", f"{self.who} has months of a site that is not known")
        stated = Fraction(self.specific_yield_kwh_per_kw or 1)
        return stated * self._sun[month % 100 - 1] * (1 - Fraction(self.losses or 0))

    def _made(self, month: int, age: int) -> Fraction:
        """What it generates in a month at an age in years. [kWh]"""
        if not isinstance(self.monthly_share, tuple):
            new = self.capacity_kw * self.yield_in(month)
            return new * _left(self.degradation, self.curtailed, age)
        return _aged(
            self.capacity,
            self.power_density_w_per_m2,
            self.specific_yield_kwh_per_kw,
            self.monthly_share[month % 100 - 1],
            self.degradation,
            self.curtailed,
            age,
        )

    # --- the months ---

    def in_month(self, month: int) -> Fraction:
        """Generation of a month. [kWh]"""
        level = self.level_in(month)
        if level == 0:
            return Fraction(0)
        age = (month_index(month) - month_index(self.start)) // 12
        made = self._made(month, age)
        return made if level == 1 else made * level

    def added(self, ahead: Ahead, base_year: int, ground: Ground) -> Added:
        site = self.site[0]
        meter = self.meter[0] if self.meter else ""
        bill = ground.bill(site, self.name)
        generation, export, curtailment = (
            Place(site, meter, activity, "")
            for activity in ("pv_generation", "pv_export", "pv_curtailed")
        )
        self_use, lost = Fraction(self.self_use), Fraction(self.curtailed)
        if lost == 1:
            whole = self.model_copy(update={"curtailed": Decimal(0)})
            for month, could in whole.more_in(ahead, base_year):
                yield curtailment, month, "kWh", rounded(could, 6)
            return
        curtailed_of_made = lost / (1 - lost)
        for month, made in self.more_in(ahead, base_year):
            used, held = made if self_use == 1 else made * self_use, NONE
            if ground.bought and made > 0:
                room = max(ground.bought(site, month), NONE)
                if used > room:
                    ground.surplus.setdefault(self.name, {})[month] = used - room
                    held = used - room if self.surplus == "curtail" else NONE
                    used = room
            fed = made - held if held else made
            generated, exported = rounded(fed, 6), rounded(fed - used, 6)
            yield generation, month, "kWh", generated
            if exported:
                yield export, month, "kWh", exported
            if held or curtailed_of_made:
                yield curtailment, month, "kWh", rounded(held + made * curtailed_of_made, 6)
            if bill.activity == "electricity":
                yield bill, month, "kWh", exported - generated
