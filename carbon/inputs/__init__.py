"""What the calculation reads: settings, library, ledger and scenarios as rows.

Each function gives the rows of one input relation of `schema.INPUT`, in the order of its columns.
Options become rows here, so that no number is ever spliced into the SQL.
"""

from carbon.inputs.boundary import (
    is_share_stated,
    rounded_share,
    share_in,
    standings,
    treatment,
)
from carbon.inputs.calendar import (
    calendar,
    factor_month,
    month,
    months_in,
    reporting_year,
    run_option,
)
from carbon.inputs.factors import (
    ClosedSet,
    Need,
    Supposed,
    closed_choice,
    closed_sets,
    coefficient_rows,
    factor_printed,
    factor_set,
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
    "is_share_stated",
    "meter",
    "method",
    "month",
    "months_in",
    "policy",
    "policy_class",
    "region_path",
    "reporting_year",
    "rounded_share",
    "run_option",
    "service_event",
    "serving_sets",
    "share_in",
    "site",
    "standings",
    "topics",
    "treatment",
]
