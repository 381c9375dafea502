"""The book's settings: what `carbon.toml` may say, and what it means when it says nothing.

`read` takes the text of a `carbon.toml` and gives a `Settings`; every mistake names file, table,
key, what was found, what is allowed and the nearest valid word. Unknown keys are refused, so a
misspelt policy can never be silently ignored.
"""

from __future__ import annotations

from carbon.fields import Name
from carbon.settings.column_map import ColumnMap, Encoding, Zone, time_zone
from carbon.settings.fuels import Chp, FuelBlend
from carbon.settings.kinds import (
    DEGREE_DAYS,
    FIRST,
    METRICS,
    QUALITIES,
    Month,
    Months,
    Qualities,
    Quality,
    Series,
    Table,
    month_number,
    months_after,
    months_of,
)
from carbon.settings.management import EMITTED, Area, Fill, FillMethod, FillMethods, Quota
from carbon.settings.model import Settings
from carbon.settings.organisation import Entity, LaterStake, Organisation, Stake
from carbon.settings.policy import Basis, Leaks, Percent, Policy, Preference, Uncertainty
from carbon.settings.pv import OWN, CertificateSpan, PVPlant
from carbon.settings.reading import checked, read
from carbon.settings.sites import Meter, Reason, Role, Site, Source, State
from carbon.settings.targets import Published, Statement, Target

__all__ = [
    "DEGREE_DAYS",
    "EMITTED",
    "FIRST",
    "METRICS",
    "OWN",
    "QUALITIES",
    "Area",
    "Basis",
    "CertificateSpan",
    "Chp",
    "ColumnMap",
    "Encoding",
    "Entity",
    "Fill",
    "FillMethod",
    "FillMethods",
    "FuelBlend",
    "LaterStake",
    "Leaks",
    "Meter",
    "Month",
    "Months",
    "Name",
    "Organisation",
    "PVPlant",
    "Percent",
    "Policy",
    "Preference",
    "Published",
    "Qualities",
    "Quality",
    "Quota",
    "Reason",
    "Role",
    "Series",
    "Settings",
    "Site",
    "Source",
    "Stake",
    "State",
    "Statement",
    "Table",
    "Target",
    "Uncertainty",
    "Zone",
    "checked",
    "month_number",
    "months_after",
    "months_of",
    "read",
    "time_zone",
]
