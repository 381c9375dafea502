"""What is written on a certificate: its serial numbers, and the sites it is meant for.

`spans` and `common` tell whether two certificates hold one serial number, `allocation` reads the
sites. Both raise CarbonError for what cannot be read, so that no number is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from carbon.errors import CarbonError

RANGE = re.compile(r"\s+(?:to|-)\s+|\s*(?:\.\.|[–~至])\s*")
NUMBERED = re.compile(r"(.*?)([0-9]+)", re.DOTALL)
SHARED = re.compile(r"(.+?)\s*[:：]\s*([0-9.]+\s*%?)")


class Span(NamedTuple):
    """Serial numbers from first to last that begin alike."""

    begins: str
    first: int
    last: int
    width: int  # digits the first is written with


class Part(NamedTuple):
    """A site that an instrument is allocated to. [share of it, None where only listed]"""

    site: str
    share: Decimal | None


def spans(serials: str) -> list[Span]:
    """The serial numbers of a text such as 'A-001 to A-400; B-7'.

    >>> spans("A-001 to A-400; B-7")
    [Span(begins='A-', first=1, last=400, width=3), Span(begins='B-', first=7, last=7, width=1)]
    """
    return [_span(each) for each in _parts(serials, "[;；,，\n]")]


def _span(written: str) -> Span:
    first, *rest = RANGE.split(written)
    begins, number, width = _number(first)
    if not rest:
        return Span(begins, number, number, width)
    end_begins, end, _ = _number(rest[-1])
    if len(rest) > 1 or end < number or end_begins not in ("", begins):
        raise CarbonError(
            "bad-serials",
            f"serials {written!r} are no range of serial numbers",
            looked_for="a range whose ends begin alike, such as A-001 to A-400",
            remedy="write ranges with 'to' and put ';' between them",
        )
    return Span(begins, number, end, width)


def _number(serial: str) -> tuple[str, int, int]:
    """What a serial number begins with, its number and digits; one without digits is a name."""
    found = NUMBERED.fullmatch(serial.strip())
    if not found:
        return serial.strip().upper(), 0, 0
    return found[1].upper(), int(found[2]), len(found[2])


def common(ours: Iterable[Span], theirs: Iterable[Span]) -> str:
    """A serial number that both hold, '' where there is none.

    >>> common(spans("A-001 to A-400"), spans("a-398 to a-500"))
    'A-398'
    """
    others = list(theirs)
    for each in ours:
        for other in others:
            start = max(each.first, other.first)
            if each.begins == other.begins and start <= min(each.last, other.last):
                return each.begins + (f"{start:0{each.width}}" if each.width else "")
    return ""


def allocation(written: str) -> list[Part]:
    """The sites of a text such as 'hq; plant' or 'hq: 0.4; plant: 60 %'.

    >>> [(part.site, str(part.share)) for part in allocation("hq: 0.4; plant: 60 %")]
    [('hq', '0.4'), ('plant', '0.60')]
    """
    parts = [_part(each) for each in _parts(written)]
    names = [part.site for part in parts]
    twice = next((name for name in names if names.count(name) > 1), "")
    shares = [part.share for part in parts if part.share is not None]
    fault = ""
    if twice:
        fault = f"names {twice} twice"
    elif shares and len(shares) < len(parts):
        fault = "gives some sites a share and others none"
    elif shares and sum(shares) != 1:
        fault = f"has shares that add up to {sum(shares)}, not to 1"
    if fault:
        raise _bad(written, fault)
    return parts


def _part(written: str) -> Part:
    found = SHARED.fullmatch(written)
    if not found:
        return Part(written, None)
    try:
        share = Decimal(found[2].rstrip("% "))
    except InvalidOperation:
        raise _bad(written, f"has a share {found[2]!r} that is no number") from None
    share = share.scaleb(-2) if found[2].endswith("%") else share
    if not 0 < share <= 1 or share.as_tuple().exponent < -12:
        raise _bad(written, f"has a share {found[2]!r}, which is not between 0 and 1")
    return Part(found[1], share)


def _bad(written: str, why: str) -> CarbonError:
    return CarbonError(
        "bad-allocation",
        f"allocation {written!r} {why}",
        looked_for="sites, such as hq; plant, or shares that add up to 1, such as hq: 0.4;"
        " plant: 0.6",
        remedy="name each site once, all with a share or none",
    )


def _parts(written: str, between: str = "[;；]") -> list[str]:
    return [part.strip() for part in re.split(between, written) if part.strip()]


def allocation_text(parts: Iterable[Part]) -> str:
    """An allocation in one form, alike for equal ones.

    >>> allocation_text(allocation("hq:40%;plant : 0.60"))
    'hq: 0.4; plant: 0.6'
    """
    return "; ".join(
        part.site if part.share is None else f"{part.site}: {part.share.normalize():f}"
        for part in parts
    )
