"""The wheel carries everything: unpacked far from the checkout, the program still answers."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = {  # in the checkout, and where the wheel holds it
    "emission_factors": "carbon/data/emission_factors",
    "scenarios": "carbon/data/scenarios",
    "carbon/sql": "carbon/sql",
    "carbon/demo": "carbon/demo",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with the unpacked wheel: what an installer puts into site-packages."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*build, str(folder)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("carbon-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site-packages")
    return folder / "site-packages"


@pytest.mark.parametrize("source", SHIPPED)
def test_the_wheel_carries_every_file_of(installed, source):
    def files(folder: Path) -> set[str]:
        every = (each.relative_to(folder) for each in folder.rglob("*") if each.is_file())
        return {each.as_posix() for each in every if "__pycache__" not in each.parts}

    assert files(installed / SHIPPED[source]) == files(ROOT / source) != set()


def test_the_wheel_names_the_program(installed):
    (named,) = installed.glob("carbon-*.dist-info/entry_points.txt")
    assert "carbon = carbon.cli:main" in named.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", ["LICENSE", "NOTICE"])
def test_the_wheel_carries_the_terms(installed, name):
    (carried,) = installed.glob(f"carbon-*.dist-info/licenses/{name}")
    assert carried.read_bytes() == (ROOT / name).read_bytes()


def test_the_unpacked_wheel_reports_on_a_sample_away_from_the_checkout(installed, tmp_path):
    """30,573.6 t of 2022 is the published total of the sample: docs/published.csv."""
    program = (
        "import carbon, sys; from carbon.cli import run;"
        "print(carbon.__file__, file=sys.stderr); sys.exit(run(['demo']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(str(installed))
    assert "30,573.6" in done.stdout
