"""Words and defaults that several inputs share."""

from __future__ import annotations

from datetime import date

ACTUAL = "actual"
DRAFT = "draft hourly 2025"  # rules of Scope 2 under consultation, not in force
ALWAYS = date(1900, 1, 1)
NO_AGE = 999  # no limit: a newest edition serves on, and its age is counted [a]
ANY = 99  # as far above a site's own region as there are regions

# What a policy means where the settings say nothing.
DEFAULT_SERIES: dict[str, dict[str, list[str]]] = {
    "electricity": {"CN": ["national-statistic"], "default": ["grid-average"]},
    "fuel": {
        "CN": ["ndrc-2015"],
        "GB": ["desnz"],
        "US": ["epa-hub"],
        "default": ["eu-mrr"],
    },
    "standard_coal": {"default": ["gbt2589"]},
    "refrigerant": {"default": ["composition"]},
    "leak": {
        "US": ["epa-screening", "epa-fire-suppression"],
        "default": ["defra-2019", "epa-fire-suppression"],
    },
}
PURCHASED = ("electricity", "electricity_including_pv")
PARTS = ("sub_meter", "it_load", "charger")  # roles that measure a part of what a site buys
METERED = {"grid_import": "electricity", "pv_generation": "pv_generation", "it_load": "it_load"}
NOT_ASKED = ("zero", "not applicable", "excluded")  # sources of a site that need no figure
OFFSITE = "offsite_generation"  # activity and role of what the meter of an instrument reads
DIRECT_LINE = "direct_line/pv"  # topic and set of PV bought behind the meter: its own rate
OPEN_FAMILIES = (  # served by any series
    ("direct_line", "location"),
    ("direct_line", "market"),
    ("heat", "location"),
    ("heat", "market"),
    ("cooling", "location"),
    ("cooling", "market"),
    ("grid_loss", "location"),
    ("travel", "all"),
    ("vehicle", "all"),
    ("homeworking", "all"),
    ("instrument", "market"),
)
