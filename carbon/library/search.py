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
    from carbon.library.model import FactorSet, Library

LONG = 6  # letters from which two slips are allowed, below it one
_BREAK = re.compile(r"[\s/,;()\[\]:_-]+")


class Index:
    """Words to sets."""

    def __init__(self, library: Library) -> None:
        self.sets = library.sets
        self.words: dict[str, set[str]] = defaultdict(set)
        called = _names_of_topics(library)
        for each in library.sets.values():
            for word in _words(_said(each, library, called)):
                self.words[word].add(each.set_id)

    def find(self, text: str, among: Iterable[str]) -> list[FactorSet]:
        """Sets that answer to every word, those that say it exactly and the newest first."""
        found, exact = set(among), defaultdict(int)
        for word in _words([text]):
            served: set[str] = set()
            for known, weight in self._meant(word):
                served |= self.words[known]
                for set_id in self.words[known]:
                    exact[set_id] = exact[set_id] + weight
            found &= served
        order = sorted(
            found, key=lambda key: (-exact[key], -self.sets[key].last_year, self.sets[key].set_id)
        )
        return [self.sets[key] for key in order]

    def _meant(self, word: str) -> list[tuple[str, int]]:
        """Known words that are or hold a word; where none does, those spelt like it."""
        if word in self.words:
            return [(word, 2), *((known, 0) for known in self.words if word in known != word)]
        holding = [(known, 1) for known in self.words if word in known]
        if holding or len(word) < 3:
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
    return {word for text in texts for word in _BREAK.split(text.lower()) if word}


def _names_of_topics(library: Library) -> Mapping[str, list[str]]:
    """What people call a topic: the activities that take it, by all their names."""
    called: dict[str, list[str]] = defaultdict(list)
    for method in library.methods.values():
        called[method.topic] += [method.activity, *method.names]
    return called


def _said(each: FactorSet, library: Library, called: Mapping[str, list[str]]) -> list[str]:
    """Every text that speaks of a set."""
    place, source = library.regions.get(each.region), library.sources[each.source_id]
    said = [each.set_id, each.topic, each.series, each.region, each.edition]
    said += [source.publisher, source.title]
    said += [place.name, place.name_zh] if place else []
    stem = each.topic
    while stem:
        said += called.get(stem, ())
        stem = stem.rpartition("/")[0]
    return said + list(called.get("fuel/" + each.topic.partition("/")[2], ()))
