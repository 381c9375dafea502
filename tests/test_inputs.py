"""What the calculation reads: factor years, policies and views, as rows."""

from __future__ import annotations

from datetime import date

import pytest

from carbon import inputs
from carbon.errors import SettingsError
from carbon.library import load
from carbon.settings import Settings, read

BOOK = """
[organisation]
name = "Acme"
reporting_year_starts = {starts}
[policy]
factor_year = "{rule}"
[[site]]
name = "works"
region = "{region}"
"""
TODAY = date(2026, 11, 20)


def settings(text: str) -> inputs.Views:
    return inputs.Views(inputs.View(read(text), TODAY))


def years_of(region: str, starts: int, rule: str = "reporting year") -> dict[int, int]:
    """The factor year of every month at a site."""
    views = settings(BOOK.format(region=region, starts=starts, rule=rule))
    [row] = inputs.site(views, load())
    return {month: year for _, month, year in inputs.factor_month(views.now.settings, [row[4]])}


# A reporting year takes the factor year that holds most of its months. China's factor years are
# calendar years, India's begin in April and Australia's in July; each is named after its beginning.


@pytest.mark.parametrize(
    ("region", "starts", "first", "last", "factor_year"),
    [
        ("CN", 1, 202401, 202412, 2024),
        ("CN", 4, 202404, 202503, 2024),  # nine of twelve months
        ("CN", 7, 202407, 202506, 2025),  # six and six: the later
        ("CN", 10, 202410, 202509, 2025),
        ("IN", 4, 202404, 202503, 2024),
        ("IN", 1, 202401, 202412, 2024),  # nine of twelve months
        ("IN", 7, 202407, 202506, 2024),  # nine of twelve months
        ("AU", 7, 202407, 202506, 2024),
        ("AU", 1, 202401, 202412, 2024),  # six and six: the later
        ("AU", 4, 202404, 202503, 2024),  # nine of twelve months
    ],
)
def test_a_reporting_year_takes_the_factor_year_of_most_of_its_months(
    region, starts, first, last, factor_year
):
    found = years_of(region, starts)
    assert {found[month] for month in found if first <= month <= last} == {factor_year}


def test_by_financial_years_each_month_takes_its_own():
    found = years_of("AU", 1, "financial year")
    assert (found[202406], found[202407]) == (2023, 2024)


def test_by_calendar_years_each_month_takes_its_own():
    found = years_of("AU", 7, "calendar year")
    assert (found[202412], found[202501]) == (2024, 2025)


# policy


def electricity(said: str, region: str = "CN-GD") -> list[str]:
    """What market-based electricity takes, in order."""
    site = f'[[site]]\nname = "works"\nregion = "{region}"\n'
    rows = inputs.policy(settings(f'[organisation]\nname = "Acme"\n{said}\n{site}'), load())
    return [row[4] for row in rows if row[1:3] == ("electricity", "market")]


def test_each_series_is_followed_by_nothing_but_its_own_residual_mix():
    said = '[policy.electricity]\nCN = ["provincial-statistic", "national-statistic"]'
    assert electricity(said) == [
        "own",
        "supplier",
        "residual-mix",
        "provincial-statistic-residual",
        "provincial-statistic",
        "national-statistic-residual",
        "national-statistic",
    ]


@pytest.mark.parametrize(
    ("key", "near"), [("cn", "CN"), ("UK", "GB"), ("CN-GD", "CN"), ("EU27", "")]
)
@pytest.mark.parametrize("family", ["electricity", "fuel", "fuel_energy"])
def test_a_policy_of_no_country_is_refused(family, key, near):
    value = "gross" if family == "fuel_energy" else "national-statistic"
    with pytest.raises(SettingsError, match=f"the policy for '{key}' would serve no site") as told:
        electricity(f'[policy.{family}]\n"{key}" = "{value}"')
    assert near in told.value.nearest


def test_a_policy_of_a_country_the_library_has_nothing_of_may_stand_where_a_site_is_there():
    assert electricity('[policy.electricity]\nNG = "grid-average"', region="NG-LA")


# factor_set


def offered(known, said: Settings) -> set[str]:
    return {row[0] for row in inputs.factor_set(said, known, (), ())}


OWN = (
    "set_id,topic,region,series,first_year,last_year,accounting,quantity,value,unit,source_id,"
    "locator,confidence,note\n"
    "guess,electricity,works,,2023,2023,location,CO2,0.4,kgCO2/kWh,our guess,p. 1,low,\n"
)


def test_an_own_set_of_low_confidence_serves_only_where_it_is_named():
    known = load(own={"guess.csv": OWN})
    head = '[organisation]\nname = "Acme"\n'
    named = '[[site]]\nname = "works"\nregion = "CN"\nelectricity = "set:guess"\n'
    assert "guess" not in offered(known, read(head))
    assert "guess" in offered(known, read(head + named))


# views


def test_the_months_of_a_closed_year_are_seen_through_its_own_settings():
    now = read('[organisation]\nname = "Acme"\n')
    then = read('[organisation]\nname = "Before"\n')
    closed = inputs.View(then, date(2024, 3, 1))
    views = inputs.Views(inputs.View(now, TODAY), {2023: closed})
    told = [
        (span.view.settings.organisation.name, span.first_month, span.left_month)
        for span in views.spans()
    ]
    assert told == [
        ("Acme", 190001, 202301),
        ("Before", 202301, 202401),
        ("Acme", 202401, 999912),
    ]
