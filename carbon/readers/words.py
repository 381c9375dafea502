"""What one cell means: a number, a day, a month, a year, or text.

A cell comes in as text or as the typed value of a workbook or Parquet column, and comes out as an
exact value; a `CarbonError` tells what is wrong with it. Text becomes a decimal without passing
through a float, and a cell that can be read in two ways is refused: a guess would be wrong for
half of the people who write it so.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from carbon.errors import CarbonError

Cell: TypeAlias = str | int | float | Decimal | date | datetime  # blank is ''

MICRO = Decimal("0.000001")  # the last decimal of a recorded quantity
LIMIT = Decimal(10) ** 11  # the first quantity too large for decimal(17, 6)
FIRST_YEAR, LAST_YEAR = 1990, 2060  # the calendar of the calculation

# Only digits and signs: normalising the whole text would turn 10² into 102.
WIDE = str.maketrans("０１２３４５６７８９．，－＋−／：", "0123456789.,-+-/:")
# Blanks and apostrophes part thousands wherever decimals are written with a comma or a point.
BLANKS = "\u00a0\u2009\u202f\u3000"
THIN = str.maketrans(BLANKS + "’", " " * len(BLANKS) + "'")
PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
STYLES = {
    point: (
        re.compile(rf"[+-]?(?:[0-9]+(?:\{point}[0-9]*)?|\{point}[0-9]+)"),
        re.compile(
            rf"[+-]?[1-9][0-9]{{0,2}}([{group} '])[0-9]{{3}}(?:\1[0-9]{{3}})*(?:\{point}[0-9]+)?"
        ),
    )
    for point, group in ((".", ","), (",", "."))
}
POINTS = {".": "point", ",": "comma"}
Decimals: TypeAlias = str  # how a column writes them: "." or ",", "" unstated, "?" undecided

CLOCK = r"(?:[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.0+)?)?)?"
DAYS = tuple(
    re.compile(form + CLOCK)
    for form in (
        r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})",
        r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})",
        r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})",
        r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日",
        r"([0-9]{4})([0-9]{2})([0-9]{2})",
    )
)
NAMES = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
NAMED_DAY = re.compile(  # 1 Jul 2023, Jul 1, 2023
    r"(?:([0-9]{1,2})[- ]([A-Za-z]{3,9})\.?[-, ]{1,2}|([A-Za-z]{3,9})\.? ([0-9]{1,2}),? )([0-9]{4})"
)
NAMED_MONTH = re.compile(r"([A-Za-z]{3,9})\.?(?:[-, ]{1,2}([0-9]{4}))?")
DAY_OR_MONTH_FIRST = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1(?:[0-9]{4}|[0-9]{2})(?:[ T].*)?")
MONTH = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{1,2})|年([0-9]{1,2})月|([0-9]{2}))")
MONTH_OF_YEAR = re.compile(r"([0-9]{1,2})月?")
YEAR = re.compile(r"([0-9]{4})年?")


def text(cell: Cell) -> str:
    """A cell as text, without blanks at its ends; 2023.0 of a workbook is 2023 as people see it."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return format(cell, ".15g")
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time.min else cell.date().isoformat()
    return str(cell)


def number(cell: Cell, label: str, decimals: Decimals = "") -> Decimal:
    """A quantity with six decimals, exactly as written; `decimals` says how its column does.

    A float of a workbook or Parquet column is read at 15 significant digits, what Excel shows.
    """
    written = text(cell).translate(WIDE)
    if not written:
        raise CarbonError(
            "blank-quantity",
            f"{label} is blank",
            looked_for="a number",
            remedy="write the quantity, 0 where nothing was used, or take the row out",
        )
    value = _decimal(cell, written, label, decimals)
    if abs(value) >= LIMIT:
        raise CarbonError(
            "number-too-large",
            f"{label} {_shown(cell)!r} is too large",
            looked_for="a number below 100,000,000,000",
            remedy="write it in a larger unit, such as MWh instead of kWh",
        )
    recorded = value.quantize(MICRO)
    if recorded != value:
        raise CarbonError(
            "too-many-decimals",
            f"{label} {_shown(cell)!r} has more than six decimals",
            looked_for="at most six decimals",
            remedy="round it yourself, so that the ledger holds what you wrote: "
            "=ROUND(x, 6) in Excel",
        )
    return recorded + 0  # no negative zero


def _decimal(cell: Cell, written: str, label: str, decimals: Decimals) -> Decimal:
    """The exact value of a cell, however large or fine."""
    if isinstance(cell, int | float | Decimal):
        value = Decimal(written)
        if value.is_finite():
            return value
    elif decimals in ("", ".") and PLAIN.fullmatch(written):
        return Decimal(written)
    else:
        found = readings(written)
        if decimals in found:
            return found[decimals]
        if decimals in STYLES and found:
            raise CarbonError(
                "other-decimals",
                f"{label} {_shown(cell)!r} is not written with a decimal {POINTS[decimals]}",
                looked_for=f"a decimal {POINTS[decimals]}, as in the rest of the column",
                remedy="write it like the others, or say decimal = ... in the column map",
            )
        if len(set(found.values())) == 1:
            return next(iter(found.values()))
        if found:
            raise CarbonError(
                "ambiguous-number",
                f"{label} {_shown(cell)!r} can be read in two ways",
                looked_for="a number without a comma, such as 1234.5"
                if "," in written
                else "a number that can be read in one way, such as 1234.5",
                remedy=f"write {found['.']:f} or {found[',']:f}, or say decimal = "
                '"." or "," in a column map',
            )
    raise CarbonError(
        "not-a-number",
        f"{label} {_shown(cell)!r} is not a number",
        looked_for="digits with a decimal point, such as 1234.5",
        remedy=_number_remedy(written),
    )


def readings(written: str) -> dict[Decimals, Decimal]:
    """What a text may be as a number, by the sign its decimals are written with.

    >>> readings("1.234"), readings("1 234,5")
    ({'.': Decimal('1.234'), ',': Decimal('1234')}, {',': Decimal('1234.5')})
    """
    thin = written.translate(WIDE).translate(THIN)
    found = {}
    for point, (plain, grouped) in STYLES.items():
        if plain.fullmatch(thin) or grouped.fullmatch(thin):
            digits = re.sub(f"[^0-9{point}+-]", "", thin)
            found[point] = Decimal(digits.replace(point, "."))
    return found


def _number_remedy(written: str) -> str:
    """What to write instead of a text that is no number."""
    if re.fullmatch(r"[+-]?[0-9.]+[eE][+-]?[0-9]+", written):
        return "write all digits; Excel shortens long numbers when it saves CSV"
    if re.match(r"[+-]?[0-9.,]+\s*[^0-9.,\s_]+$", written):
        return "write the number alone; its unit, 万 included, belongs in the unit column"
    return "write the number alone, or take the row out"


def rounded(value: Fraction) -> Decimal:
    """A fraction at six decimals, half away from zero: the rounding of a recorded quantity."""
    scaled, rest = divmod(abs(value.numerator) * 10**6, value.denominator)
    digits = scaled + (2 * rest >= value.denominator)
    return Decimal(-digits if value < 0 else digits).scaleb(-6)


def day(cell: Cell, label: str, date_format: str = "") -> date:
    """A calendar day."""
    found = moment(cell, label, date_format)
    if found.time() != time.min:
        raise CarbonError(
            "time-of-day",
            f"{label} {_shown(cell)!r} has a time of day",
            looked_for="a day, such as 2023-07-31",
            remedy="write days, or map the file in carbon.toml with end_is_exclusive = true "
            "where its times are those of readings",
        )
    return found.date()


def moment(cell: Cell, label: str, date_format: str = "") -> datetime:
    """A day with its time where one is written; `date_format` is that of the column map."""
    found = cell if isinstance(cell, date) else _moment_of(text(cell), label, date_format)
    if not isinstance(found, datetime):
        found = datetime.combine(found, time.min)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _impossible(text(cell), label, f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def _moment_of(written: str, label: str, date_format: str) -> datetime:
    if not written:
        raise CarbonError(
            "not-a-date",
            f"{label} is blank",
            looked_for="a day, such as 2023-07-31",
            remedy=f"fill in {label}",
        )
    if "%d" in date_format:
        return _formatted(written, label, date_format)
    plain = written.translate(WIDE)
    found = next((match for form in DAYS if (match := form.fullmatch(plain))), None)
    if found:
        try:
            return datetime(*(int(part or 0) for part in found.groups()))
        except ValueError:
            raise _impossible(written, label, "a day of the calendar") from None
    named = NAMED_DAY.fullmatch(plain)
    if named and (named[2] or named[3]).lower() in NAMES:
        of_year = NAMES[(named[2] or named[3]).lower()]
        try:
            return datetime(int(named[5]), of_year, int(named[1] or named[4]))
        except ValueError:
            raise _impossible(written, label, "a day of the calendar") from None
    if DAY_OR_MONTH_FIRST.fullmatch(plain):
        raise CarbonError(
            "ambiguous-date",
            f"{label} {written!r} does not say which is the day and which the month",
            looked_for="a day written year first, such as 2023-07-31",
            remedy="write the year first, or map the file in carbon.toml with "
            'date_format = "%d/%m/%Y" (or "%m/%d/%Y")',
        )
    raise _not_a_date(written, label, "a day, such as 2023-07-31")


def _formatted(written: str, label: str, date_format: str) -> datetime:
    try:
        return datetime.strptime(written, date_format)
    except (ValueError, re.error):
        raise _not_a_date(
            written, label, f"a date written as {date_format}, as the column map says"
        ) from None


def _not_a_date(written: str, label: str, looked_for: str) -> CarbonError:
    return CarbonError(
        "not-a-date",
        f"{label} {_shown(written)!r} is not a date",
        looked_for=looked_for,
        remedy="write it like 2023-07-31; in Excel give the column a date format",
    )


def _impossible(written: str, label: str, looked_for: str) -> CarbonError:
    return CarbonError(
        "impossible-date",
        f"{label} {_shown(written)!r} does not exist"
        if "calendar" in looked_for
        else f"{label} {_shown(written)!r} is out of range",
        looked_for=looked_for,
        remedy="correct the date",
    )


def month(cell: Cell, label: str, date_format: str = "", year_cell: Cell = "") -> int:
    """A month as 202307; a month of the year, such as 7 or 7月, with its year from `year_cell`."""
    written = text(cell).translate(WIDE)
    if date_format and "%d" not in date_format and isinstance(cell, str):
        return _month_of(_formatted(written, label, date_format).date())
    named = NAMED_MONTH.fullmatch(written)
    if named and named[1].lower() in NAMES:
        of = int(named[2]) if named[2] else _year_beside(cell, label, year_cell)
        return _checked_month(of, NAMES[named[1].lower()], cell, label)
    alone = MONTH_OF_YEAR.fullmatch(written)
    if alone:
        return _checked_month(_year_beside(cell, label, year_cell), int(alone[1]), cell, label)
    found = MONTH.fullmatch(written)
    if found:
        of_year = int(found[2] or found[3] or found[4])
        return _checked_month(int(found[1]), of_year, cell, label)
    first = day(cell, label, date_format)
    if first.day != 1:
        raise _not_a_date(written, label, "a month, such as 2023-07")
    return _month_of(first)


def month_heading(heading: str) -> tuple[int, int] | None:
    """Year and month a heading names, the year 0 where it does not say it.

    >>> month_heading("2023年1月"), month_heading("Jan"), month_heading("January 2023")
    ((2023, 1), (0, 1), (2023, 1))
    """
    written = heading.strip().translate(WIDE)
    alone = re.fullmatch(r"([0-9]{1,2})月(?:份)?", written)
    found = MONTH.fullmatch(written.removesuffix("份"))
    named = NAMED_MONTH.fullmatch(written)
    first = re.fullmatch(r"([0-9]{4})-([0-9]{2})-01", written)
    if named and named[1].lower() in NAMES:
        year, month_of_year = int(named[2] or 0), NAMES[named[1].lower()]
    elif first or found:
        parts = [part for part in (first or found).groups() if part]
        year, month_of_year = int(parts[0]), int(parts[1])
    elif alone:
        year, month_of_year = 0, int(alone[1])
    else:
        return None
    is_right = 1 <= month_of_year <= 12 and (not year or FIRST_YEAR <= year <= LAST_YEAR)
    return (year, month_of_year) if is_right else None


def _year_beside(cell: Cell, label: str, year_cell: Cell) -> int:
    if text(year_cell):
        return year(year_cell, "year")
    raise CarbonError(
        "not-a-date",
        f"{label} {_shown(cell)!r} does not say its year",
        looked_for="a month, such as 2023-07, or a year beside it",
        remedy="write the month like 2023-07, or add a year column",
    )


def _checked_month(of: int, month_of_year: int, cell: Cell, label: str) -> int:
    if not 1 <= month_of_year <= 12:
        raise _impossible(text(cell), label, "a month of the calendar")
    if not FIRST_YEAR <= of <= LAST_YEAR:
        raise _impossible(text(cell), label, f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return of * 100 + month_of_year


def _month_of(of: date) -> int:
    return of.year * 100 + of.month


def year(cell: Cell, label: str) -> int:
    """A year as 2023."""
    written = text(cell).translate(WIDE)
    found = YEAR.fullmatch(written)
    if not found:
        raise CarbonError(
            "not-a-date",
            f"{label} {_shown(cell)!r} is not a year" if written else f"{label} is blank",
            looked_for="a year, such as 2023",
            remedy="write four digits",
        )
    if not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise _impossible(written, label, f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return int(found[1])


def span(period: int) -> tuple[date, date]:
    """First and last day of a month (202307) or a year (2023).

    >>> span(202402)
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    if period < 10000:
        return date(period, 1, 1), date(period, 12, 31)
    of, month_of_year = divmod(period, 100)
    following = date(of + month_of_year // 12, month_of_year % 12 + 1, 1)
    return date(of, month_of_year, 1), following - timedelta(days=1)


def _shown(cell: Cell) -> str:
    """A cell short enough for a message."""
    written = text(cell)
    return written if len(written) <= 60 else written[:59] + "…"
