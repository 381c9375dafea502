"""ESPI, the XML of Green Button, read as a stream: its entries, its intervals, its links.

A feed is followed element by element and never held as a tree. Entries find each other by their
links, in any order: a reading names its blocks and its type as `related`, a block its reading as
`up`. A document type, which could define entities or fetch other files, is refused unread.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from carbon.errors import CarbonError

DEEPEST = 100  # elements within elements
LONGEST = 100_000  # characters of one text


@dataclass
class Entry:
    """One entry of the feed, its links and the texts of its content, but for its intervals."""

    number: int = 0
    kind: str = ""
    title: str = ""
    self_link: str = ""
    up: str = ""
    related: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def integer(self, name: str, otherwise: int = 0) -> int:
        """A code of the entry. Raises CarbonError for a text that is none."""
        said = self.texts.get(name, "").strip()
        if not said:
            return otherwise
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", said):
            raise bad_value(name, said)
        return int(said)


# Reading the XML


class _Reader:
    """Follows the elements of a feed; gives each entry once it ends, or each interval."""

    def __init__(
        self,
        entry_ends: Callable[[Entry], Any] | None,
        interval_ends: Callable[[int, dict[str, str]], Any] | None,
    ) -> None:
        self.entry_ends, self.interval_ends = entry_ends, interval_ends
        self.path: list[str] = []
        self.entry = Entry()
        self.count = 0
        self.text: list[str] = []
        self.size = 0
        self.interval: dict[str, str] | None = None
        self.is_espi = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self.is_espi = self.is_espi or "naesb.org/espi" in name
        self.path.append(local)
        if len(self.path) > DEEPEST:
            raise _Stop("its elements lie too deep in each other")
        if local == "entry":
            self.count += 1
            self.entry = Entry(self.count)
        elif local == "link" and "content" not in self.path:
            self._link(attributes)
        elif local == "IntervalReading":
            self.interval = {}
        elif len(self.path) > 1 and self.path[-2] == "content" and not self.entry.kind:
            self.entry.kind = local
        self.text, self.size = [], 0

    def _link(self, attributes: dict[str, str]) -> None:
        rel, href = attributes.get("rel", ""), href_of(attributes.get("href", ""))
        if rel == "self":
            self.entry.self_link = href
        elif rel == "up":
            self.entry.up = href
        elif rel == "related" or rel.endswith("/related"):
            self.entry.related.append(href)

    def data(self, text: str) -> None:
        self.size += len(text)
        if self.size <= LONGEST:
            self.text.append(text)

    def end(self, name: str) -> None:
        local = self.path.pop()
        said = "".join(self.text).strip()
        self.text = []
        if self.interval is not None:
            if local == "IntervalReading":
                if self.interval_ends:
                    self.interval_ends(self.count, self.interval)
                self.interval = None
            elif said:
                self.interval[local] = said
        elif local == "entry":
            if self.entry_ends:
                self.entry_ends(self.entry)
        elif local == "title" and self.path[-1:] == ["entry"]:
            self.entry.title = said[:200]
        elif said and self.entry.kind:
            parent = self.path[-1] if self.path else ""
            key = f"{parent}.{local}" if parent == "ServiceCategory" else local
            self.entry.texts.setdefault(key, said[:200])


class _Stop(Exception):
    """XML that is not read any further."""


def parse(
    data: bytes,
    file: str,
    entry_ends: Callable[[Entry], Any] | None,
    interval_ends: Callable[[int, dict[str, str]], Any] | None,
) -> None:
    """Follows a feed; each entry, or each interval with its entry's number, is handed over."""
    reader = _Reader(entry_ends, interval_ends)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for at in range(0, len(data), 1 << 20):
            parser.Parse(data[at : at + (1 << 20)], False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as fault:
        raise CarbonError(
            "bad-xml",
            f"{file} is no well-formed XML: {fault}",
            where=file,
            looked_for="a whole Green Button file",
            remedy="download it again; a part of it may be missing",
        ) from None
    except _Stop as fault:
        raise CarbonError(
            "unsafe-xml",
            f"{file} is not read: {fault}",
            where=file,
            looked_for="a Green Button file, which needs neither",
            remedy="download it again from the utility",
        ) from None
    if not reader.is_espi:
        raise _not_green_button(file)


def _refuse_doctype(*_: object) -> None:
    raise _Stop("it has a document type, which may define entities or fetch other files")


def href_of(href: str) -> str:
    """A link as it is compared: without its server and the slash at its end."""
    return re.sub(r"^[a-zA-Z][\w+.-]*://[^/]*", "", href.strip()).rstrip("/")


# Who belongs to whom


def owner(entry: Entry, owners: list[Entry]) -> Entry | None:
    """The entry that another belongs to: by `up`, by the owner's `related`, by its own path."""
    if entry.up:
        for each in owners:
            if entry.up in each.related or entry.up == each.self_link:
                return each
    for each in owners:
        if entry.self_link and entry.self_link in each.related:
            return each
    within = [
        each
        for each in owners
        if each.self_link
        and any(link.startswith(each.self_link + "/") for link in (entry.self_link, entry.up))
    ]
    if within:
        return max(within, key=lambda each: len(each.self_link))
    return owners[0] if len(owners) == 1 else None


def type_of(reading: Entry, types: list[Entry]) -> Entry | None:
    """The reading type that a meter reading names."""
    for each in types:
        if each.self_link and each.self_link in reading.related:
            return each
    for each in types:
        if each.up and (each.up in reading.related or each.up == reading.self_link):
            return each
    return types[0] if len(types) == 1 else None


def unlinked(file: str, entry: Entry, what: str) -> CarbonError:
    """The fault of an entry that nothing leads to."""
    spot = entry.self_link or entry.title or f"entry {entry.number}"
    return CarbonError(
        "unlinked-entry",
        f"no {what} is linked with {spot}",
        where=file,
        looked_for="links of rel self, up and related",
        remedy="download the file again, whole",
    )


def bad_value(name: str, said: str) -> CarbonError:
    """The fault of a code or value that is no whole number."""
    return CarbonError(
        "bad-value",
        f"{name} {said[:60]!r} is no whole number in its range",
        looked_for="a whole number",
        remedy="download the file again, or ask the utility",
    )


def _not_green_button(file: str) -> CarbonError:
    return CarbonError(
        "not-a-table",
        f"{file} is XML, but not of Green Button (ESPI)",
        where=file,
        looked_for="elements of http://naesb.org/espi",
        remedy="export the table again as CSV (UTF-8) or .xlsx",
    )
