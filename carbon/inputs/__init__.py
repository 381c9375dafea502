"""What the calculation reads: settings, library, ledger and scenarios as rows.

Each function gives the rows of one input relation of `schema.INPUT`, in the order of its columns.
Options become rows here, so that no number is ever spliced into the SQL.
"""

from carbon.inputs.blends import blends_at, fuel_part
from carbon.inputs.boundary import (
    is_share_stated,
    share_in,
    standings,
    treatment,
)
from carbon.inputs.calendar import (
    calendar,
    count_of,
    dashed,
    factor_month,
    later,
    month,
    month_list,
    months_between,
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
    loss_share,
    topics,
)
from carbon.inputs.fills import fills, kept_fills
from carbon.inputs.hours import hour_share
from carbon.inputs.instruments import (
    instrument_allocation,
    instrument_criterion,
    instrument_input,
    matching_month,
)
from carbon.inputs.mains import meter_part, meter_term
from carbon.inputs.metering import metered_bill
from carbon.inputs.places import expected_key, meter, meter_area, region_path, roles, site
from carbon.inputs.policies import declared_series, method, policy, policy_class, serving_sets
from carbon.inputs.pv import own_yields, plants_of, pv_term
from carbon.inputs.refrigerants import refrigerants
from carbon.inputs.travel import ABROAD, WITHOUT, country_path, spot, topic_taken
from carbon.inputs.views import View, Views
from carbon.inputs.words import ACTUAL, DEFAULT_SERIES, DIRECT_LINE, DRAFT

__all__ = [
    "ABROAD",
    "ACTUAL",
    "DEFAULT_SERIES",
    "DIRECT_LINE",
    "DRAFT",
    "WITHOUT",
    "ClosedSet",
    "Need",
    "Supposed",
    "View",
    "Views",
    "blends_at",
    "calendar",
    "closed_choice",
    "closed_sets",
    "coefficient_rows",
    "count_of",
    "country_path",
    "dashed",
    "declared_series",
    "expected_key",
    "factor_month",
    "factor_printed",
    "factor_set",
    "fills",
    "fuel_part",
    "hour_share",
    "instrument_allocation",
    "instrument_criterion",
    "instrument_input",
    "is_share_stated",
    "kept_fills",
    "later",
    "loss_share",
    "matching_month",
    "meter",
    "meter_area",
    "meter_part",
    "meter_term",
    "metered_bill",
    "method",
    "month",
    "month_list",
    "months_between",
    "months_in",
    "own_yields",
    "plants_of",
    "policy",
    "policy_class",
    "pv_term",
    "refrigerants",
    "region_path",
    "reporting_year",
    "roles",
    "run_option",
    "serving_sets",
    "share_in",
    "site",
    "spot",
    "standings",
    "topic_taken",
    "topics",
    "treatment",
]
