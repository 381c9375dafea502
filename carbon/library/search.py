"""Finding factor sets by words, in Chinese or English, with a slip of the hand allowed.

`Index` knows every word a set may be called by: its topic and the activities that take it, its
place and series, its publisher. Each word of a query must be met; a word nobody uses stands for
those that are spelt like it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carbon.library.model import FactorSet, Library, Withheld

SHORTEST = 4  # letters from which a slip is allowed, of Chinese three signs
LONG = 6  # letters from which two slips are allowed
# Traditional signs of places and activities, as the names of the library have them.
SIMPLIFIED = str.maketrans(
    "臺灣韓國門廣東蘇陝遼寧內貴雲慶龍電網氣熱發機車煙無鉛轉爐製劑飛鐵華聯歐亞馬羅爾蘭購戶負載淨煉廠",
    "台湾韩国门广东苏陕辽宁内贵云庆龙电网气热发机车烟无铅转炉制剂飞铁华联欧亚马罗尔兰购户负载净炼厂",
)
_BREAK = re.compile(r"[\s/,;()\[\]:_-]+")


class Index:
    """Words to the names of sets, those withheld by their licence among them."""

    def __init__(self, library: Library) -> None:
        self.words: dict[str, set[str]] = defaultdict(set)
        self.order: dict[str, tuple[int, int, str]] = {}
        called = _names_of_topics(library)
        for set_id, each in library.sets.items():
            self._add(set_id, each, [each.region], library, called)
        for name, kept in library.withheld.items():
            self._add(name, kept, kept.regions, library, called)

    def find(self, text: str, among: Iterable[str]) -> list[str]:
        """Names that answer to every word: those that say it exactly, then the plainest topic,
        then the newest."""
        found, exact = set(among), defaultdict(int)
        for word in _words([text]):
            served: set[str] = set()
            for known, weight in self._meant(word):
                served |= self.words[known]
                for name in self.words[known]:
                    exact[name] += weight
            found &= served
        return sorted(found, key=lambda name: (-exact[name], *self.order[name]))

    def _add(
        self,
        name: str,
        each: FactorSet | Withheld,
        regions: Iterable[str],
        library: Library,
        called: Mapping[str, list[str]],
    ) -> None:
        source = library.sources[each.source_id]
        said = [name, each.topic, each.series, source.publisher, source.title, *regions]
        said += [getattr(each, "edition", "withheld")]
        for region in regions:
            place = library.regions.get(region)
            said += [place.name, place.name_zh, place.name.replace(" ", "")] if place else []
        stem = each.topic
        while stem:
            said += called.get(stem, ())
            stem = stem.rpartition("/")[0]
        said += called.get("fuel/" + each.topic.partition("/")[2], ())
        for word in _words(said):
            self.words[word].add(name)
        self.order[name] = (len(_BREAK.split(each.topic)), -each.last_year, name)

    def _meant(self, word: str) -> list[tuple[str, int]]:
        """Known words that are or hold a word; where none does, those spelt like it."""
        if word in self.words:
            return [(word, 2), *((known, 0) for known in self.words if word in known != word)]
        holding = [(known, 1) for known in self.words if word in known]
        if holding or len(word) < (SHORTEST if word.isascii() else SHORTEST - 1):
            return holding
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near = process.extract(
            word,
            list(self.words),
            scorer=OSA.distance,
            score_cutoff=1 if len(word) < LONG else 2,
            limit=5,
        )
        return [(known, 0) for known, _, _ in near]


def _words(texts: Iterable[str]) -> set[str]:
    """The words of some texts, in small letters and of Chinese in simplified signs."""
    plain = (text.lower().translate(SIMPLIFIED) for text in texts)
    return {word for text in plain for word in _BREAK.split(text) if word}


def _names_of_topics(library: Library) -> Mapping[str, list[str]]:
    """What people call a topic: the activities that take it, by all their names."""
    called: dict[str, list[str]] = defaultdict(list)
    for method in library.methods.values():
        called[method.topic] += [method.activity, *method.names]
    return called
