"""What the calculation reads: settings, library, ledger and scenarios as rows.

Each function gives the rows of one input relation of `schema.INPUT`, in the order of its columns.
Options become rows here, so that no number is ever spliced into the SQL.
"""

from carbon.inputs.calendar import calendar, factor_month, month, reporting_year, run_option
from carbon.inputs.factors import (
    ClosedSet,
    Need,
    Supposed,
    closed_choice,
    closed_sets,
    coefficient_rows,
    factor_printed,
    factor_set,
    loss_share,
    topics,
)
from carbon.inputs.instruments import instrument_input
from carbon.inputs.places import expected_key, meter, region_path, service_event, site
from carbon.inputs.policies import declared_series, method, policy, policy_class, serving_sets
from carbon.inputs.views import View, Views
from carbon.inputs.words import ACTUAL, DEFAULT_SERIES

__all__ = [
    "ACTUAL",
    "DEFAULT_SERIES",
    "ClosedSet",
    "Need",
    "Supposed",
    "View",
    "Views",
    "calendar",
    "closed_choice",
    "closed_sets",
    "coefficient_rows",
    "declared_series",
    "expected_key",
    "factor_month",
    "factor_printed",
    "factor_set",
    "instrument_input",
    "loss_share",
    "meter",
    "method",
    "month",
    "policy",
    "policy_class",
    "region_path",
    "reporting_year",
    "run_option",
    "service_event",
    "serving_sets",
    "site",
    "topics",
]
