"""The sample books: three invented organisations whose totals are those of published inventories.

`write` puts a whole book into a folder and names the files to import, in order. What is stored
here is small: yearly amounts per site (`*/amounts/`), shares of the months (`profiles.csv`) and
the settings. Months are shared out by largest remainder, so they sum exactly to the years, and
the sites to the published totals. There is no clock and no chance in it: same bytes every time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from carbon.errors import UsageError, nearest

NAMES = ("ai", "maker", "undisclosed")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SERIES = "set:cn-mee-2023-notice"  # the declared Chinese grid series of the samples' settings
REGIONAL = "regional-2012"
HERE = Path(__file__).parent


def write(name: str, folder: Path | str) -> list[Path]:
    """A sample book in `folder`; the files of it to import, in order.

    Raises CarbonError for a name that is no sample, and for a folder that holds another book.
    """
    text = settings_text(name)
    folder = Path(folder)
    settings = folder / "carbon.toml"
    if settings.exists() and settings.read_text(encoding="utf-8") != text:
        raise UsageError(
            "book-exists",
            f"{folder} already holds another book",
            where=str(settings),
            remedy="name an empty folder",
        )
    _put(settings, text)
    for scenario in scenarios(name):
        _put(folder / "scenarios" / scenario.name, scenario.read_text(encoding="utf-8"))
    files = activity_files(name)
    for file, content in files.items():
        _put(folder / "activity" / file, content)
    return [folder / "activity" / file for file in files]


def settings_text(name: str, series: str = SERIES) -> str:
    """The `carbon.toml` of a sample, its Chinese grid series replaced by `series`.

    The maker's published years until 2022 follow 'regional-2012'; its settings declare one
    series for all years instead, since years on different series do not compare. Averages of
    2012 may then serve eleven years later, as they did in the reports.
    """
    text = (_sample(name) / "carbon.toml").read_text(encoding="utf-8")
    if series == REGIONAL:
        text = text.replace("[policy]\n", "[policy]\nmax_factor_age = 11\n")
    return text.replace(f'CN = "{SERIES}"', f'CN = "{series}"')


def activity_files(name: str) -> dict[str, str]:
    """Every file of a sample to import, by name: registers first, then activity by year."""
    sample = _sample(name)
    order = ("denominators", "equipment", "service", "instruments", "indicators", "goals")
    registers = sorted((sample / "activity").glob("*.csv"), key=lambda file: order.index(file.stem))
    files = {file.name: file.read_text(encoding="utf-8") for file in registers}
    for file in sorted((sample / "amounts").glob("*.csv")):
        amounts = _rows(file)
        for year in (key for key in amounts[0] if key.isdigit()):
            files |= _year_files(file.stem, year, amounts)
    return files


def scenarios(name: str) -> list[Path]:
    """The shipped scenarios of a sample: in an installed package, or in the source tree."""
    package = HERE.parent
    places = (package / "data" / "scenarios", package.parent / "scenarios")
    folder = next((place for place in places if place.is_dir()), places[0])
    return sorted((folder / name).glob("*.toml"))


def shared(quantity: Decimal, weights: Sequence[int], step: Decimal) -> list[Decimal]:
    """A quantity shared out by weight in whole steps that sum to it exactly.

    Steps left over go to the largest remainders, the earlier first.

    >>> [str(part) for part in shared(Decimal("1.0"), [1, 1, 1], Decimal("0.1"))]
    ['0.4', '0.3', '0.3']
    """
    steps = int(quantity / step)
    if steps * step != quantity:
        raise ValueError(f"{quantity} is not a whole number of steps of {step}")
    parts = [steps * weight // sum(weights) for weight in weights]
    remainders = [steps * weight % sum(weights) for weight in weights]
    places = sorted(range(len(weights)), key=lambda place: -remainders[place])
    for place in places[: steps - sum(parts)]:
        parts[place] += 1
    return [part * step for part in parts]


def _year_files(family: str, year: str, amounts: list[dict[str, str]]) -> dict[str, str]:
    """The activity files of one year: bills by month, and figures known for the year alone."""
    profiles = {row["profile"]: [int(row[month]) for month in MONTHS] for row in _profiles()}
    monthly, yearly = [], []
    for amount in (row for row in amounts if row[year]):
        quantity, step = Decimal(amount[year]), Decimal(amount["step"])
        if amount["profile"] == "year":
            yearly.append(_entry(amount, {"year": year}, quantity))
            continue
        weights = profiles[amount["profile"]]
        for number, part in enumerate(shared(quantity, weights, step), start=1):
            if weights[number - 1]:
                monthly.append(_entry(amount, {"month": f"{year}-{number:02}"}, part))
    files = {f"{family}-{year}.csv": monthly, f"{family}-{year}-yearly.csv": yearly}
    return {file: _csv(rows) for file, rows in files.items() if rows}


def _entry(amount: dict[str, str], period: dict[str, str], quantity: Decimal) -> dict[str, str]:
    """One row of an activity file."""
    split = amount["note"].startswith("inferred")
    year = next(iter(period.values()))[:4]
    return {
        "site": amount["site"],
        "meter": amount["meter"],
        "activity": amount["activity"],
        "detail": amount["detail"],
        **period,
        "quantity": str(quantity),
        "unit": amount["unit"],
        "quality": amount["quality"],
        "evidence": f"published total of {year}" if split else "demo",
        "note": amount["note"],
    }


def _sample(name: str) -> Path:
    if name not in NAMES:
        raise UsageError(
            "unknown-sample",
            f"there is no sample book {name!r}",
            looked_for=", ".join(NAMES),
            nearest=nearest(name, NAMES),
            remedy="carbon demo, carbon demo maker, or carbon demo undisclosed",
        )
    return HERE / name


def _profiles() -> list[dict[str, str]]:
    return _rows(HERE / "profiles.csv")


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
