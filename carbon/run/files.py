"""What of a book's files and of the program goes into a run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from carbon import __version__

FIGURES = ("certificates", "clearsky", "coefficient", "connection", "engine", "pipeline", "pvwatts")


@cache
def code_version() -> str:
    """The version of the program, with a digest of the code that makes figures."""
    here = Path(__file__).parents[1]
    folders = ("library", "inputs", "run", "scenarios", "scenarios/kinds")
    parts = [*here.glob("sql/**/*.sql"), here / "units.csv"]
    parts += [each for folder in folders for each in here.glob(f"{folder}/*.py")]
    parts += [here / f"{name}.py" for name in FIGURES]
    digest = hashlib.sha256()
    for part in sorted(parts):
        digest.update(part.relative_to(here).as_posix().encode() + b"\0" + part.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def own_factors(files: Mapping[str, str]) -> dict[str, str]:
    """The book's own editions among its files, by name."""
    folder = "factors/"
    return {path.removeprefix(folder): text for path, text in _under(files, folder, ".csv")}


def scenario_files(files: Mapping[str, str]) -> dict[str, str]:
    """The scenarios among a book's files, by path."""
    return dict(_under(files, "scenarios/", ".toml"))


def _under(files: Mapping[str, str], folder: str, ending: str) -> list[tuple[str, str]]:
    return [
        (path, text)
        for path, text in files.items()
        if path.startswith(folder) and path.endswith(ending)
    ]
