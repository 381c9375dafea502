"""Faults of the files of fuel blends and reference efficiencies, and names on both."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from carbon.library import data_folder, lint, load

BLENDS, CHP = "fuel_blends.csv", "chp.csv"


@pytest.mark.parametrize(
    ("code", "file", "old", "new"),
    [
        ("incomplete-set", BLENDS, "B20,diesel,,diesel,80", "B20,diesel,,diesel,75"),
        ("unknown-fuel", BLENDS, "B20,diesel,,biodiesel,", "B20,diesel,,biodeisel,"),
        ("unknown-basis", BLENDS, "biodiesel,20,volume", "biodiesel,20,weight"),
        ("uneven-set", BLENDS, "biodiesel,20,volume", "biodiesel,20,mass"),
        ("unknown-region", BLENDS, "B20,diesel,GB,diesel", "B20,diesel,UK,diesel"),
        ("unknown-source", BLENDS, "20,volume,afdc-biodiesel", "20,volume,afcd-biodiesel"),
        ("unknown-confidence", BLENDS, 'blends, E10",medium', 'blends, E10",sure'),
        ("bad-value", BLENDS, "biodiesel,20,volume", "biodiesel,0_2,volume"),
        ("repeated", BLENDS, "B5,diesel,,diesel,95", "B5,diesel,,biodiesel,95"),
        ("bad-value", CHP, "US,0.80,0.35", "US,80,0.35"),
        ("unknown-source", CHP, "ghgp-chp-2006", "ghgp-chp"),
        ("repeated", CHP, "UK,0.66", "US,0.66"),
    ],
)  # fmt: skip
def test_a_broken_row_is_found(tmp_path: Path, code, file, old, new):
    folder = tmp_path / "library"
    shutil.copytree(data_folder(), folder, ignore=shutil.ignore_patterns("editions"))
    shutil.copytree(data_folder() / "editions" / "us-epa", folder / "editions" / "us-epa")
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    found = {fault.code for fault in lint(folder) if fault.file == file}
    assert code in found


def test_every_blend_of_a_country_stands_for_one_that_holds_anywhere():
    anywhere = {(each.name, each.fuel) for each in load().fuel_blends if not each.country}
    assert {(each.name, each.fuel) for each in load().fuel_blends if each.country} <= anywhere


def test_a_blend_by_volume_is_counted_in_volumes():
    assert {each.units for each in load().fuel_blends} == {("L", "m3", "Nm3")}


def test_an_own_blend_takes_the_mineral_fuel_where_forecourt_fuel_holds_biofuel(worked):
    book = worked(
        "diesel,1000,L,B7",
        site='[[site]]\nname = "hq"\nregion = "GB"\n',
        settings='[[fuel_blend]]\nname = "B7"\nfuel = "diesel"\nbasis = "volume"\n'
        'parts = { biodiesel = 6.4, diesel = 93.6 }\nsource = "supplier"\n',
    )
    rows = book.sql("select distinct topic from emission where line in ('scope1', 'outside')").rows
    assert {row["topic"] for row in rows} == {"fuel/biodiesel_me", "fuel/diesel_mineral"}
