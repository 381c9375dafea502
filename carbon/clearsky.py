"""The most that sun and a plane of panels could give: yield under a sky without clouds, by pvlib.

`ceiling` gives a plane's kWh per kW and day for each month of the year, offline: the clear sky of
Ineichen and Perez with the monthly turbidity that pvlib carries, turned onto the plane by Hay and
Davies over ground of albedo 0.25, and taken at the rated efficiency, without any loss. No weather
is in it, so it bounds what a plant can have made and is never a forecast. It needs the extra
`carbon[pv]`, and is read only where a site says where it lies.

Sources: Ineichen and Perez (2002), clear sky and Linke turbidity; Hay and Davies (1980); pvlib.
"""

from __future__ import annotations

from calendar import monthrange
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple

from carbon.errors import UsageError

Tracking = Literal["none", "one axis", "two axes"]
EXTRA = "pip install 'carbon[pv]'"
YEAR = 2023  # whose days the sun is followed through; another year differs by less than 0.1 %
STEP_MINUTES = 30  # beside steps of five minutes a month differs by less than 0.1 %
ALBEDO = 0.25
SHARE_PLACES = 4  # so that another version of pvlib changes no plan
NOWHERE = Decimal(0)


class Plane(NamedTuple):
    """Where panels stand and how they face. A stated plane says so for itself."""

    latitude: Decimal  # north is above 0 [degree]
    longitude: Decimal  # east is above 0 [degree]
    altitude_m: Decimal | None = None  # without it that of pvlib's map
    tilt_deg: Decimal | None = None  # from the horizontal; without it the latitude
    azimuth_deg: Decimal | None = None  # from north by east; without it towards the equator
    tracking: Tracking = "none"

    @property
    def tilt(self) -> Decimal:
        """From the horizontal. [degree]"""
        return round(abs(self.latitude)) if self.tilt_deg is None else self.tilt_deg

    @property
    def azimuth(self) -> Decimal:
        """From north by east. [degree]"""
        towards = Decimal(180 if self.latitude >= 0 else 0)
        return towards if self.azimuth_deg is None else self.azimuth_deg

    def __str__(self) -> str:
        where = f"{_side(self.latitude, 'NS')} {_side(self.longitude, 'EW')}"
        if self.tracking != "none":
            return f"{where}, tracking the sun on {self.tracking}"
        is_assumed = self.tilt_deg is None or self.azimuth_deg is None
        faced = f"tilt {self.tilt}°, azimuth {self.azimuth}°{' (assumed)' if is_assumed else ''}"
        return f"{where}, {faced}"


def _side(degrees: Decimal, sides: str) -> str:
    return f"{abs(degrees)}°{sides[degrees < 0]}"


def is_installed() -> bool:
    """Whether pvlib is there; nothing of it is read for the answer."""
    return find_spec("pvlib") is not None


def pvlib() -> Any:
    """The library of the sun. Raises UsageError where it is not installed."""
    try:
        import pvlib
    except ModuleNotFoundError as fault:
        raise UsageError(
            "missing-extra",
            f"the clear-sky ceiling of PV needs {fault.name}, which is not installed",
            remedy=EXTRA,
        ) from None
    return pvlib


@cache
def ceiling(plane: Plane) -> tuple[Decimal, ...]:
    """The clear-sky yield of the twelve months, at 3 places. [kWh/kW a day]

    Months are those of the sun at the longitude, so that no time zone is asked for.
    """
    import pandas

    sun = pvlib()
    latitude, longitude = float(plane.latitude), float(plane.longitude)
    altitude_m = sun.location.lookup_altitude(latitude, longitude)
    if plane.altitude_m is not None:
        altitude_m = float(plane.altitude_m)
    steps = pandas.date_range(
        f"{YEAR}-01-01", f"{YEAR + 1}-01-01", freq=f"{STEP_MINUTES}min", inclusive="left"
    ) + pandas.Timedelta(minutes=STEP_MINUTES / 2)
    times = (steps - pandas.Timedelta(hours=longitude / 15)).tz_localize("UTC")
    place = sun.location.Location(latitude, longitude, altitude=altitude_m)
    at = place.get_solarposition(times)
    sky = place.get_clearsky(times, model="ineichen", solar_position=at)
    irradiance = on_plane(times, *faced(plane, at), at, sky)
    kwh = irradiance.groupby(steps.month).sum() * STEP_MINUTES / 60 / 1000  # per m2, and per kW
    return tuple(
        Decimal(f"{kwh[month] / monthrange(YEAR, month)[1]:.3f}") for month in range(1, 13)
    )


def on_plane(times: Any, tilt: Any, azimuth: Any, at: Any, sky: Any) -> Any:
    """Irradiance on a plane at each time, of that of the sky. [W/m2]"""
    irradiance = pvlib().irradiance
    return irradiance.get_total_irradiance(
        tilt,
        azimuth,
        at["apparent_zenith"],
        at["azimuth"],
        sky["dni"],
        sky["ghi"],
        sky["dhi"],
        dni_extra=irradiance.get_extra_radiation(times),
        albedo=ALBEDO,
        model="haydavies",
    )["poa_global"].fillna(0.0)


def faced(plane: Plane, at: Any) -> tuple[Any, Any]:
    """Tilt and azimuth of the panels, at each time where they follow the sun."""
    zenith = at["apparent_zenith"]
    if plane.tracking == "two axes":
        return zenith.clip(upper=90.0), at["azimuth"]
    if plane.tracking == "one axis":
        turned = pvlib().tracking.singleaxis(
            zenith, at["azimuth"], axis_tilt=0, axis_azimuth=180, max_angle=90, backtrack=False
        )
        return turned["surface_tilt"].fillna(0.0), turned["surface_azimuth"].fillna(0.0)
    return float(plane.tilt), float(plane.azimuth)


def yield_in(plane: Plane, month: int) -> Decimal:
    """The clear-sky yield of a month, such as 202307. [kWh/kW]"""
    year, of_year = divmod(month, 100)
    return ceiling(plane)[of_year - 1] * monthrange(year, of_year)[1]


@cache
def shares(plane: Plane) -> tuple[Fraction, ...]:
    """The shares of the months in a year of clear sky, at 4 places; they add up to 1."""
    months = [yield_in(plane, YEAR * 100 + month) for month in range(1, 13)]
    found = [round(Fraction(each) / Fraction(sum(months)), SHARE_PLACES) for each in months]
    found[found.index(max(found))] += 1 - sum(found)
    return tuple(found)
