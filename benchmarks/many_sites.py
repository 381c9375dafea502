"""A book of many sites with its scenarios, written through the front door: files in, as people do.

Sites lie in five regions, three of them in China. All buy electricity, three of five burn gas,
every fourth has PV with an export meter and every fifth a diesel generator, with a bill for each
month of three years.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from carbon.book import Book

TODAY = date(2026, 11, 1)
YEARS = (2021, 2022, 2023)
BASE = YEARS[-1]
REGIONS = ("CN-SH", "CN-GD", "CN-ZJ", "IN", "BR")
SUN = (53, 60, 77, 89, 104, 95, 121, 116, 89, 81, 60, 55)  # thousandths of a year by month

SCENARIO = """
name = "{name}"
base_year = {base}
horizon = {horizon}

[[measure]]
name = "growth"
area = "production and product"
stage = "growth"
kind = "growth"
rate = {growth}
source = "assumption"

[[measure]]
name = "growth of gas"
area = "production and product"
stage = "growth"
kind = "growth"
activity = "natural_gas"
path = {{ {mid} = 1.05, {horizon} = 0.8 }}
source = "assumption"

[[measure]]
name = "chillers"
area = "production and product"
stage = "reduction"
kind = "efficiency"
site = {few}
activity = "electricity"
sub_load = "chillers"
share = 0.25
gain = 0.20
start = "{next}-04"
ramp_months = 24
source = "assumption"

[[measure]]
name = "pumps"
area = "production and product"
stage = "reduction"
kind = "efficiency"
activity = "electricity"
sub_load = "pumps"
share = 0.05
cut = 0.{cut}
start = "{next}-01"
life_years = 15
source = "assumption"

[[measure]]
name = "data centre"
area = "new infrastructure"
stage = "reduction"
kind = "pue"
site = "site-000"
from = 1.45
to = 1.20
start = "{next}-07"
ramp_months = 12
source = "assumption"

[[measure]]
name = "lights"
area = "buildings"
stage = "reduction"
kind = "saving"
site = "site-002"
activity = "electricity"
saving = "166.6 MWh"
start = "{next}-03"
source = "assumption"

[[measure]]
name = "certificates"
area = "daily operation"
stage = "neutralisation"
kind = "certificates"
instrument = "GEC"
market = "CN"
energy_mwh = {{ {energy} }}
source = "assumption"

[[measure]]
name = "credits"
area = "daily operation"
stage = "neutralisation"
kind = "credits"
standard = "CCER"
credit_kind = "avoidance"
mass_t = "rest"
years = [{horizon}]
source = "assumption"

[[grid]]
region = "CN"
annual_change = -0.0{grid}
source = "assumption"

[[grid]]
region = "IN"
g_per_kwh = {{ {mid} = 500, {horizon} = 300 }}
source = "assumption"
"""

PV = """
[[measure]]
name = "PV of {site}"
area = "production and product"
stage = "reduction"
kind = "pv"
site = "{site}"
capacity = "{capacity} kW"
specific_yield_kwh_per_kw = 1101.2
monthly_share = [{shares}]
self_use = 0.9
degradation = 0.005
start = "{start}-01"
life_years = 20
source = "assumption"
"""


def name(number: int) -> str:
    return f"site-{number:03d}"


def region(number: int) -> str:
    return REGIONS[number % len(REGIONS)]


def written(folder: Path, sites: int, scenarios: int, years: int) -> Book:
    """A book of so many sites, with scenarios that go on for so many years."""
    book = Book.init(folder / "book", "Many sites", "CN", TODAY)
    places = (f'[[site]]\nname = "{name(n)}"\nregion = "{region(n)}"\n' for n in range(sites))
    head = '[organisation]\nname = "Many sites"\n'
    (book.folder / "carbon.toml").write_text(head + "\n".join(places), encoding="utf-8")
    with open(folder / "bills.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["site", "activity", "month", "quantity", "unit", "quality"])
        rows.writerows(bills(sites))
    [report] = book.import_files([folder / "bills.csv"])
    if report.problems:
        raise SystemExit(f"the bills are refused: {report.problems[0]}")
    (book.folder / "scenarios").mkdir(exist_ok=True)
    for each in range(scenarios):
        text = scenario(each, sites, years)
        (book.folder / "scenarios" / f"plan-{each:02d}.toml").write_text(text, encoding="utf-8")
    return book


def bills(sites: int) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Every bill of every site."""
    for n in range(sites):
        for year in YEARS:
            for month in range(1, 13):
                when, some = f"{year}-{month:02}", (n * 37 + year * 11 + month * 7) % 100
                yield name(n), "electricity", when, f"{1000 + some}.{some:03}", "MWh", "billed"
                if n % 5 < 3:
                    yield name(n), "natural_gas", when, f"{20000 + some}.5", "m3", "billed"
                if n % 4 == 0:
                    made = f"{SUN[month - 1] * 4 + some / 100:.2f}"
                    yield name(n), "pv_generation", when, made, "MWh", "metered"
                    yield name(n), "pv_export", when, f"{SUN[month - 1] / 2}", "MWh", "metered"
                if n % 5 == 4:
                    yield name(n), "diesel", when, f"{some}.25", "kg", "billed"


def scenario(number: int, sites: int, years: int) -> str:
    """The text of a scenario; each has other numbers."""
    last = BASE + years
    energy = (
        f"{year} = {(year - BASE) * 1000 + number * 500}" for year in range(BASE + 1, last + 1)
    )
    text = SCENARIO.format(
        name=f"plan-{number:02d}",
        base=BASE,
        horizon=last,
        growth=f"0.0{number % 5 + 1}",
        mid=BASE + 7,
        next=BASE + 1,
        few=[name(n) for n in range(0, sites, 2)],
        cut=number % 5 + 10,
        energy=", ".join(energy),
        grid=number % 5 + 1,
    )
    shares = ", ".join(f"0.{each:03}" for each in SUN)
    return text + "".join(
        PV.format(
            site=name(n), capacity=100 * (number + n + 1), shares=shares, start=BASE + 1 + n % 5
        )
        for n in range(0, sites, 5)
    )
