"""What a kW of panels would generate in measured or typical weather: the PVWatts module model.

The text of a weather file goes in, hour by hour; twelve months come out, before losses. The sun is
turned onto the panels by Hay and Davies over ground of albedo 0.25, the cells are as warm as
Faiman's model has them, and a module loses 0.35 % of its rated power for each degree above 25.

Sources: Dobos, PVWatts Version 5 Manual (2014), module model; Faiman (2008), cell temperature;
pvlib.
"""

from __future__ import annotations

import io
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbon.clearsky import YEAR, Plane, faced, on_plane, pvlib
from carbon.errors import SettingsError

GAMMA = -0.0035  # of a module of crystalline silicon [1/K]
RATED = 1000  # W/m2
HOURS = 8760


def monthly(text: str, name: str, plane: Plane) -> tuple[Fraction, ...]:
    """The yield of the twelve months before losses, at 3 places. [kWh/kW]

    plane : how the panels face; where they stand is what the file says.

    Raises SettingsError for a file that is no weather file, or not of a whole year of hours.
    """
    weather, plane = _read(text, name, plane)
    sun = pvlib()
    place = sun.location.Location(float(plane.latitude), float(plane.longitude))
    at = place.get_solarposition(weather.index, temperature=weather["temp_air"])
    irradiance = on_plane(weather.index, *faced(plane, at), at, weather)
    warm = sun.temperature.faiman(irradiance, weather["temp_air"], weather["wind_speed"])
    power = sun.pvsystem.pvwatts_dc(irradiance, warm, 1.0, GAMMA).clip(lower=0.0)
    kwh = power.groupby(weather["of_year"]).sum()
    return tuple(Fraction(Decimal(f"{kwh[month]:.3f}")) for month in range(1, 13))


def _read(text: str, name: str, plane: Plane) -> tuple[Any, Plane]:
    """The hours of a file at their middles, and the plane where it was taken."""
    import pandas

    reads = pvlib().iotools
    is_epw = text.startswith("LOCATION,")
    try:
        read = reads.read_epw if is_epw else reads.read_tmy3
        data, said = read(io.StringIO(text), **({} if is_epw else {"map_variables": True}))
        latitude, longitude, zone = said["latitude"], said["longitude"], float(said["TZ"])
    except (KeyError, ValueError, IndexError, AttributeError, TypeError, StopIteration) as fault:
        raise _no_year(name, f"reading it failed ({type(fault).__name__})") from None
    if len(data) != HOURS:
        raise _no_year(name, f"it has {len(data):,} hours, not {HOURS:,}")
    lost = [key for key in ("ghi", "dni", "dhi", "temp_air", "wind_speed") if key not in data]
    if lost:
        raise _no_year(name, f"it lacks {', '.join(lost)}")
    # The hours of a typical year are of several years, told by their beginning or their end: they
    # are laid in their order into one year, each at its middle.
    data = data.copy()
    data.index = pandas.date_range(f"{YEAR}-01-01 00:30", periods=HOURS, freq="h", tz="UTC")
    data["of_year"] = data.index.month
    data.index -= pandas.Timedelta(hours=zone)
    here = plane._replace(latitude=Decimal(str(latitude)), longitude=Decimal(str(longitude)))
    return data, here


def _no_year(name: str, why: str) -> SettingsError:
    return SettingsError(
        "weather-file",
        f"{name} is no weather of a whole year: {why}",
        looked_for="EPW or TMY3, hour by hour",
        remedy="download the file anew in one of these forms",
    )
