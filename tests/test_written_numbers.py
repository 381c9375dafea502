"""Numbers of a settings or scenario file that are none, or that nothing can count with."""

from __future__ import annotations

import pytest

from carbon.errors import CarbonError
from carbon.scenarios import resolve

FILE = """name = "s"
base_year = 2023
horizon = 2025

[[measure]]
name = "roof"
area = "buildings"
stage = "reduction"
kind = "pv"
source = "assumption"
site = "hq"
start = "2024-01"
capacity = "5 MW"
specific_yield_kwh_per_kw = 1000
monthly_share = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05]
ramp_months = 0
self_use = 1
"""


def refused(stated: str, instead: str) -> CarbonError:
    assert stated in FILE
    with pytest.raises(CarbonError) as fault:
        resolve({"s.toml": FILE.replace(stated, instead)})
    return fault.value


@pytest.mark.parametrize(
    "number",
    ["1e99999999999999999999", "1e999999999", "1e101", "0e-999999999", "1" * 5000],
    ids=["no decimal", "days of counting", "just beyond", "nothing", "whole"],
)
def test_a_number_nothing_can_count_with_is_refused_with_its_line(number):
    fault = refused("= 1000", f"= {number}")
    assert fault.message == "s.toml has a number of more than 100 digits before or after its point"
    assert fault.where == "s.toml, line 14"


def test_an_amount_nothing_can_count_with_is_refused():
    fault = refused("5 MW", "1e999999999 MW")
    assert "'1e999999999 MW' is not a number and a unit" in fault.message


@pytest.mark.parametrize(
    ("stated", "instead", "says", "remedy"),
    [
        ("= 0\n", "= true\n", "ramp_months is a whole number, not true", "ramp_months = true"),
        ("= 0\n", "= 2.5\n", "ramp_months is a whole number, not 2.5", "ramp_months = 2.5"),
        ("= 1\n", '= "all"\n', "self_use is a number, without quotes", "self_use = 'all'"),
        ("= 1\n", "= 1.5\n", "self_use has to be less than or equal to 1", "self_use = 1.5"),
    ],
)
def test_a_value_is_told_as_the_file_writes_it(stated, instead, says, remedy):
    fault = refused(stated, instead)
    assert fault.message.startswith(says)
    assert fault.remedy == f"change {remedy}"


def test_a_list_that_is_too_short_is_told_by_its_key():
    fault = refused("[0.1, ", "[")
    assert fault.message.startswith("monthly_share has to have at least 12 items, and has 11")
    assert fault.where == "s.toml, measure 1, monthly_share"
