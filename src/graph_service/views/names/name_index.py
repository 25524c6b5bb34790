"""The names of things, found by what somebody wrote: misspelled, abbreviated, or not typed to its end.

The index lives in memory beside the full text index, and does not use it: a search there takes 1 to 11 ms, since it
looks into paraphrases and takes compounds apart. Here the rarest groups of three letters lead to a few dozen names, and
only these are compared.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from heapq import nlargest
from itertools import chain, islice, takewhile
from math import log
from typing import NamedTuple

from graph_service.views.labels import pick
from graph_service.views.names.name_scores import agreement
from graph_service.views.names.name_words import (
    Words,
    abbreviations,
    bracketed,
    spellings,
    typed,
    without_brackets,
    words_of,
)

# What was written and is longer is no name: the longest in the shipped data has 330 characters.
LONGEST = 500
# Of what was written so many groups of letters are looked up; so many places of theirs are counted, which takes 2 ms;
# and so many names are compared.
_GROUPS = 24
_COUNTED = 10_000
_COMPARED = 40
# Without its brackets `DIE LINKE (Fraktion)` is the party, but rather it is a group.
_WITHOUT_BRACKETS = 0.9
# What stands in brackets is a short form or a place; alone it never tells for sure.
_IN_BRACKETS = 0.8
# Names have one pair of brackets, hardly two.
_BRACKETS = 3
# Endings are no parts of a compound.
_SHORTEST_PART = 3
# A name of a time, or for a place such as a list of roll calls, comes after one that always holds.
_DATED = 0.95

PREFERRED, OTHER, DATED, CODE = "preferred", "other", "dated", "code"


class Name(NamedTuple):
    """One name of a thing; `language` may be empty.

    `use` is `preferred`, `other`, `hidden` (for searching only), `dated` or `code`.
    """

    item: str
    text: str
    language: str
    use: str


class FoundName(NamedTuple):
    """A thing that a name led to, with how well the name agrees, from 0 to 1."""

    item: str
    agreement: float


class NameIndex:
    """The names of a data set.

    Args:
        names: all of them.
        kinds: the lists that a thing stands in, best one first; a name of anything else is left out.
    """

    def __init__(self, names: Iterable[Name], kinds: Mapping[str, tuple[str, ...]]) -> None:
        self.kinds = kinds
        self._labels: dict[str, dict[str, str]] = defaultdict(dict)
        self._others: dict[str, list[str]] = defaultdict(list)
        self._spellings: list[tuple[Words, str, str]] = []
        self._groups: dict[str, list[int]] = defaultdict(list)
        occurring: dict[str, set[str]] = defaultdict(set)
        begun: set[tuple[str, str]] = set()
        within: set[tuple[str, str]] = set()
        for name in names:
            if name.item not in kinds:
                continue
            if name.use == PREFERRED:
                self._labels[name.item][name.language] = name.text
            elif name.use in (OTHER, DATED):
                self._others[name.item].append(name.text)
            for words in spellings(name.text):
                for group in _groups(words):
                    self._groups[group].append(len(self._spellings))
                self._spellings.append((words, name.item, name.use))
                for word in words:
                    occurring[word].add(name.item)
            whole = typed(name.text)
            begun.add((whole, name.item))
            within.update((beginning, name.item) for beginning in _later_words(whole))
        self._beginnings = sorted(begun), sorted(within)
        self._weights = {word: log(1 + len(kinds) / len(items)) for word, items in occurring.items()}
        # A word that no name has says as much as the rarest.
        self._unknown = log(1 + len(kinds))

    def label(self, item: str, language: str) -> str:
        """What a thing is called, by the fixed fallback of languages."""
        label = pick(self._labels.get(item, {}), language)
        return label.text if label else item

    def others(self, item: str) -> list[str]:
        """The other names of a thing that are meant to be shown, in alphabetical order."""
        return sorted(set(self._others.get(item, ())))

    def find(self, written: str, kinds: Collection[str] = ()) -> list[FoundName]:
        """The things whose names agree with what was written, best first.

        Args:
            written: a name, or an IRI of a thing.
            kinds: only things of these lists; of all without any.
        """
        if written in self.kinds:
            return [FoundName(written, 1.0)] if self._is_wanted(written, kinds) else []
        if len(written) > LONGEST:
            return []
        short = abbreviations(written)
        best: dict[str, float] = {}
        for words, factor in self._readings(written):
            for number in self._near(words, kinds):
                spelling, item, use = self._spellings[number]
                if use == CODE and spelling != words:
                    continue
                agreed = agreement(words, spelling, self._weight, short) * factor
                best[item] = max(best.get(item, 0.0), agreed * (_DATED if use == DATED else 1.0))
        found = [FoundName(item, agreed) for item, agreed in best.items() if agreed]
        return sorted(found, key=lambda one: (-one.agreement, one.item))

    def beginning_with(self, text: str, kinds: Collection[str] = ()) -> Iterator[str]:
        """The things that have a name with a word that begins like this, those first whose name itself does."""
        if len(text) > LONGEST:
            return
        seen: set[str] = set()
        for item in chain([text] if text in self.kinds else [], self._beginning_with(typed(text))):
            if item not in seen and self._is_wanted(item, kinds):
                seen.add(item)
                yield item

    def _beginning_with(self, start: str) -> Iterator[str]:
        for beginnings in self._beginnings:
            place = bisect_left(beginnings, (start, ""))
            following = islice(beginnings, place, None)
            yield from (item for _, item in takewhile(lambda one: one[0].startswith(start), following))

    def _is_wanted(self, item: str, kinds: Collection[str]) -> bool:
        return not kinds or not set(kinds).isdisjoint(self.kinds[item])

    def _weight(self, word: str) -> float:
        return self._weights.get(word, self._unknown)

    def _readings(self, written: str) -> Iterator[tuple[Words, float]]:
        """How what was written may be meant, and what each reading is worth."""
        yield self._read(written), 1.0
        if inside := bracketed(written):
            yield self._read(without_brackets(written)), _WITHOUT_BRACKETS
            yield from ((self._read(one), _IN_BRACKETS) for one in inside[:_BRACKETS])

    def _read(self, written: str) -> Words:
        """The words; two that are one in the names are joined: `Caritas Verband`."""
        parts = typed(written).split()
        joined: list[str] = []
        for part in parts:
            if joined and self._is_one_word(joined[-1], part):
                joined[-1] += part
            else:
                joined.append(part)
        return words_of(" ".join(joined) if len(joined) < len(parts) else written)

    def _is_one_word(self, first: str, second: str) -> bool:
        if min(len(first), len(second)) < _SHORTEST_PART:
            return False
        words = words_of(first + second)
        return len(words) == 1 and words[0] in self._weights

    def _near(self, words: Words, kinds: Collection[str]) -> list[int]:
        """Numbers of the spellings that share most of the rarest groups of letters."""
        known = [numbers for group in _groups(words) if (numbers := self._groups.get(group))]
        counts: Counter[int] = Counter()
        left = _COUNTED
        for numbers in sorted(known, key=len)[:_GROUPS]:
            counts.update(islice(numbers, left))
            left = max(left - len(numbers), 0)
        near = (number for number in counts if self._is_wanted(self._spellings[number][1], kinds))
        return nlargest(_COMPARED, near, key=counts.__getitem__)


def _groups(words: Words) -> set[str]:
    text = f" {' '.join(words)} "
    return {text[start : start + 3] for start in range(len(text) - 2)}


def _later_words(text: str) -> Iterator[str]:
    """A text from its second word on, from its third, and so on."""
    while text := text.partition(" ")[2]:
        yield text
