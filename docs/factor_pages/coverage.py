"""The coverage of the library: electricity by country and year, in text and as a picture."""

from __future__ import annotations

import io
from calendar import month_name
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from carbon.library import WORLD, FactorSet, Library
from carbon.library.words import FAMILIES
from factor_pages.words import MADE_BY, places_text, table, taken, years_of

FIRST_COLUMN, LAST_COLUMN = 2010, 2026
PARTIAL = ("fossil-only", "industrial-users", "residential-users")  # of a part of the electricity
MARKS = {
    "●": "the average of the country, taken by default",
    "○": "an average of the country, taken where the policy names its series",
    "◐": "averages of parts of the country only",
    "·": "none printed for the year",
}
BESIDE = {
    "■": "and a residual mix or other market-based factor",
    "w": "and a market-based factor that its licence withholds",
}


class Cell(NamedTuple):
    """What there is of a country and a year."""

    mark: str  # one of MARKS
    beside: str  # of BESIDE, or ''
    below: int  # provinces, states, grids and utilities that have an average of the year


def coverage(known: Library) -> dict[str, dict[int, Cell]]:
    """Electricity factors by country and year; of a year only what is printed for it."""
    held: dict[tuple[str, int], list[FactorSet]] = defaultdict(list)
    kept: set[tuple[str, int]] = set()
    columns = range(FIRST_COLUMN, LAST_COLUMN + 1)
    for each in known.topics["electricity"]:
        for year in columns:
            if each.first_year <= year <= each.last_year and each.series not in PARTIAL:
                held[known.country(each.region) or each.region, year].append(each)
    for each in known.withheld.values():
        for year in columns:
            if each.topic == "electricity" and each.first_year <= year <= each.last_year:
                kept |= {(region, year) for region in each.regions if region != WORLD}
    countries = sorted(
        {country for country, _ in [*held, *kept]}, key=lambda code: known.regions[code].name
    )
    return {
        country: {
            year: _covered(known, country, held[country, year], (country, year) in kept)
            for year in columns
        }
        for country in countries
    }


def _covered(known: Library, country: str, sets: Iterable[FactorSet], is_kept: bool) -> Cell:
    averages = [each for each in sets if each.accounting != "market"]
    is_market = any(
        each.accounting == "market" and taken(known, each) == "default" for each in sets
    )
    national = [each for each in averages if each.region == country]
    below = {each.region for each in averages if each.region != country}
    if any(taken(known, each) == "default" for each in national):
        mark = "●"
    else:
        mark = "○" if national else "◐" if below else "·"
    return Cell(mark, "■" if is_market else "w" if is_kept else "", len(below))


def coverage_page(known: Library) -> str:
    """The page: the map as text, and the other families."""
    legend = "\n".join(f"- `{mark}` {said}" for mark, said in (MARKS | BESIDE).items())
    return (
        f"# Coverage\n\n{MADE_BY}\n\n## Electricity for Scope 2\n\n{legend}\n\n"
        "A number below a country counts its provinces, states, grids and utilities that have\n"
        "an average of the year. A mark stands for what is printed for that year; where there is\n"
        "none, the newest year before it serves on, its age is counted, and `max_factor_age`\n"
        "limits it. Factors of a part of the electricity (fossil plants, one class of users) have\n"
        "no mark.\n\n"
        f"```text\n{_map(known)}```\n\n{_remarks(known)}\n"
        "![Electricity factors by country and year](coverage.svg)\n\n"
        "## Other families\n\n"
        "`standard_coal` is energy, not a gas. Margins and life-cycle intensities (`margin`,"
        " `lifecycle`),\nCH4 and N2O of fuels without their CO2 (`non_co2`) and reference figures"
        " (`leak`, `benchmark`, `chiller`,\n`uncertainty`) are taken by no inventory.\n\n"
        + _families(known)
    )


def _map(known: Library) -> str:
    """The map in plain text, a line a country."""
    columns = range(FIRST_COLUMN, LAST_COLUMN + 1)
    lines = [f"{'':28}" + " ".join(f"{year % 100:02}" for year in columns)]
    for country, cells in coverage(known).items():
        name = known.regions[country].name
        name = name if len(name) <= 22 else name[:21] + "…"
        marks = " ".join(f"{cells[year].mark}{cells[year].beside:1}" for year in columns)
        lines.append(f"{country:4} {name:23}{marks}".rstrip())
        if any(cell.below for cell in cells.values()):
            counts = " ".join(f"{cells[year].below or '':<2}" for year in columns)
            lines.append(f"{'':5}{'  parts of it':23}{counts}".rstrip())
    return "\n".join(lines) + "\n"


def _remarks(known: Library) -> str:
    """What the marks cannot say."""
    map_of = coverage(known)
    weak = sorted(
        {
            f"{each.region} {years_of([each])} (`{each.series}`)"
            for each in known.topics["electricity"]
            if each.confidence == "low" and each.region == known.country(each.region)
        }
        | {
            f"parts of {known.country(each.region)} {years_of([each])} (`{each.series}`)"
            for each in known.topics["electricity"]
            if each.confidence == "low" and each.region != known.country(each.region)
        }
    )
    bare = sorted(
        each.region
        for each in known.regions.values()
        if each.level == "country" and each.region not in map_of
    )
    begins = sorted(
        f"{each.name} in {month_name[each.year_starts]}"
        for each in known.regions.values()
        if each.year_starts != 1
    )
    world = [
        f"`{each.withheld_id}`"
        for each in known.withheld.values()
        if WORLD in each.regions and each.topic == "electricity"
    ]
    return (
        f"- Of low confidence, and so by name only: {', '.join(weak)}.\n"
        f"- Not every year begins in January: {'; '.join(begins)}. Each stands under the year it"
        " begins in.\n"
        f"- Known places without an electricity factor: {', '.join(bare)}.\n"
        f"- Withheld for every country, and without a mark: {', '.join(world)}.\n"
        "- The average of the European Union serves no country.\n"
    )


def _families(known: Library) -> str:
    """Families other than electricity: places and years."""
    groups: dict[tuple[str, str], list[FactorSet]] = defaultdict(list)
    for each in known.sets.values():
        if each.family != "electricity":
            groups[each.family, known.country(each.region) or each.region].append(each)
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (family, country), sets in groups.items():
        alike[family, years_of(sets)].append(country)
    rows = []
    for (family, years), countries in sorted(
        alike.items(), key=lambda item: (FAMILIES.index(item[0][0]), item[1])
    ):
        sets = [each for country in countries for each in groups[family, country]]
        rows.append(
            (
                f"`{family}`",
                places_text(known, {each.region for each in sets}),
                years,
                len({each.topic for each in sets}),
                len(sets),
                sum(len(each.printed) for each in sets),
            )
        )
    return table("family|places|years|topics#|sets#|values#", rows)


COLOURS = {"●": "#1f6f8b", "○": "#9ecae1", "◐": "#e9a23b", "·": "#e9e9e5"}
INK = {"●": "white", "○": "#222222", "◐": "#222222", "·": "#222222"}
REMARKS = (  # what stands in the cells, and how far right it is told
    (0, "12  parts of the country with an average"),
    (6.2, "■  a market-based factor, too"),
    (11, "w  one that its licence withholds"),
)


def coverage_lines(known: Library) -> list[str]:
    """What the picture is drawn from, a line a cell that holds anything; it carries them, too."""
    return [
        f"{country} {year} {cell.mark}{cell.beside} {cell.below}"
        for country, cells in coverage(known).items()
        for year, cell in cells.items()
        if cell != Cell("·", "", 0)
    ]


def coverage_picture(known: Library) -> bytes:
    """The map as SVG, the same bytes for the same library and version of matplotlib."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    cells = coverage(known)
    fixed = {"svg.hashsalt": "carbon", "svg.fonttype": "none", "font.family": "sans-serif"}
    with rc_context(fixed):
        figure = Figure(figsize=(10, 0.24 * len(cells) + 1.6))
        axes = figure.subplots()
        for row, years in enumerate(cells.values()):
            for column, year in enumerate(years):
                _draw(axes, years[year], column, row)
        names = [known.regions[country].name for country in cells]
        _frame(axes, names, [str(year) for year in range(FIRST_COLUMN, LAST_COLUMN + 1)])
        figure.subplots_adjust(left=0.21, right=0.99, top=0.97, bottom=0.07)
        out = io.BytesIO()
        said = {"Date": None, "Creator": None, "Description": "\n".join(coverage_lines(known))}
        figure.savefig(out, format="svg", metadata=said, facecolor="white")
    return out.getvalue()


def _draw(axes: Any, cell: Cell, column: int, row: int) -> None:
    """One cell: its colour, the number of parts, what stands beside."""
    from matplotlib.patches import Rectangle

    if cell.mark != "·":
        axes.add_patch(Rectangle((column, row), 1, 1, facecolor=COLOURS[cell.mark], linewidth=0))
    said = " ".join([str(cell.below)] * bool(cell.below) + [cell.beside] * bool(cell.beside))
    if said:
        place = (column + 0.5, row + 0.5)
        style = {"fontsize": 7.5, "color": INK[cell.mark], "zorder": 3}
        axes.text(*place, said, ha="center", va="center_baseline", **style)


def _frame(axes: Any, countries: list[str], years: list[str]) -> None:
    """Names of rows and columns, the lines between them, the legend."""
    from matplotlib.patches import Patch

    wide, high = len(years), len(countries)
    axes.set_facecolor(COLOURS["·"])
    axes.set_xlim(0, wide)
    axes.set_ylim(high, 0)
    axes.vlines(range(wide + 1), 0, high, colors="white", linewidth=2)
    axes.hlines(range(high + 1), 0, wide, colors="white", linewidth=2)
    axes.set_xticks([place + 0.5 for place in range(wide)], years, fontsize=8)
    axes.set_yticks([place + 0.5 for place in range(high)], countries, fontsize=8)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.legend(
        handles=[Patch(facecolor=COLOURS[mark], label=said) for mark, said in MARKS.items()],
        loc="upper left",
        bbox_to_anchor=(0, -0.008),
        borderaxespad=0.4,
        borderpad=0,
        ncols=2,
        frameon=False,
        fontsize=8,
    )
    for place, said in REMARKS:
        axes.text(place + 0.1, high + 2.4, said, fontsize=8, va="top")
