"""`carbon meters` and `carbon areas` on a screen of 80 columns, from a file of readings."""

from __future__ import annotations

import pytest

from carbon.cli import run

SETTINGS = """
[organisation]
name = "Acme"
[[site]]
name = "hq"
region = "CN-ZJ"
[[site.meter]]
name = "main"
calibrated_on = 2025-01-01
calibration_every = "99 years"
[[site.meter]]
name = "paint"
of = "main"
calibration_due = 2024-03-01
[[area]]
name = "making"
holds = "hq"
[[area]]
name = "paint shop"
part_of = "making"
holds = "hq/paint"
"""
READINGS = """meter,date,reading,multiplier,activity,unit
main,2022-12-31,1000,100,electricity,kWh
main,2023-12-31,1400,100,electricity,kWh
paint,2022-12-31,500,1,electricity,kWh
paint,2023-12-31,10500,1,electricity,kWh
"""
METERS = """
Meters, 2023 ───────────────────────────────────────────────────────────────────

  Meter      Activity       Read    Rest  Unit  Area        Calibration
  hq
    main     electricity  40,000  30,000  kWh   making      due 2124-01-01
      paint  electricity  10,000          kWh   paint shop  overdue since
                                                            2024-03-01

  · Rest is what a meter read without its sub-meters. A sub-meter counts in its
    main; a virtual one is computed, and never counts by itself.
"""
AREAS = """
Energy by area ─────────────────────────────────────────────────────────────────

  MWh           2023  Share
                          %
  making        40.0  100.0
    paint shop  10.0   25.0
    other       30.0   75.0
  unassigned     0.0    0.0
  organisation  40.0  100.0
"""


@pytest.fixture
def screen(tmp_path, capsys, monkeypatch):
    """What a verb prints, in a book with a file of readings."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    assert run(["init", "b", "--name", "Acme", "--region", "CN-ZJ"]) == 0
    (tmp_path / "b" / "carbon.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "r.csv").write_text(READINGS, encoding="utf-8")
    assert run(["-C", "b", "import", "r.csv"]) == 0
    assert "r.csv: 2 recorded" in capsys.readouterr().out

    def printed(*words: str) -> str:
        assert run(["-C", "b", *words]) == 0
        return "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines()) + "\n"

    return printed


def test_meters_prints_the_tree(screen):
    assert screen("meters").rstrip() == METERS.rstrip()


def test_areas_prints_departments_with_their_key_areas(screen):
    assert screen("areas").startswith(AREAS)


def test_areas_of_a_year_prints_two_half_years(screen):
    told = screen("areas", "2023")
    assert "  MWh           Jan  Feb  Mar  Apr  May  Jun\n" in told
    # 40,000 kWh by days: 31 of 365 in January, 28 in February
    assert "  organisation  3.4  3.1  3.4  3.3  3.4  3.3\n" in told


def test_machines_get_names_without_indents(screen):
    lines = screen("meters", "--format", "csv").splitlines()
    assert lines[2].startswith("hq,paint,main,grid_import,electricity,10000,,kWh,12,in its main,")
    assert screen("areas", "--format", "csv").splitlines()[2] == "2023,making,paint shop,10,0.25"


def test_a_year_without_energy_is_exit_code_1(screen):
    assert run(["-C", "b", "areas", "2020"]) == 1
    assert run(["-C", "b", "areas", "last"]) == 2
