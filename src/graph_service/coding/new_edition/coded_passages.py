"""A new edition of a paper: what became of each coded passage of the old one.

A passage is found again by its words or not at all: it stands, was moved, was changed, or is reported as gone. Where
several places may be meant, all are named and none is chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from graph_service.coding.new_edition.edition_sentences import EditionSentences, Run
from graph_service.coding.new_edition.rewording import Rewording
from graph_service.coding.new_edition.word_differences import Edit, counterpart, word_differences
from graph_service.coding.paper_draft import DraftPosition
from graph_service.reading.paper import BlockKind, Paper
from graph_service.reading.passages import Ranges
from graph_service.reading.quotations import Ambiguous, Found, Quotations

_WORD = re.compile(r"\S+")


class Fate(StrEnum):
    """What became of a passage. It stands or was moved if it has the same letters and digits in the same order."""

    STANDS = "stands"
    MOVED = "moved"
    CHANGED = "changed"
    AMBIGUOUS = "ambiguous"
    GONE = "gone"


@dataclass(frozen=True)
class ComparedPassage:
    """A coded passage of the old edition in the new one.

    Attributes:
        position: as coded in the old edition.
        fate: what became of it.
        ranges: in the new edition; empty if it is gone or ambiguous.
        places: those that may be meant where it is ambiguous.
        similarity: of a changed passage, 0 to 1.
        differences: of a changed passage, word by word; also where its letters stand and their case or punctuation
            is another.
    """

    position: DraftPosition
    fate: Fate
    ranges: Ranges = ()
    places: tuple[Ranges, ...] = ()
    similarity: float = 1.0
    differences: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class EditionComparison:
    """Two editions of a paper.

    Attributes:
        old: the older edition.
        new: the newer edition.
        passages: of the older edition, in the order of its text.
        new_sentences: of the newer edition, that are neither in the older one nor the counterpart of a coded passage.
    """

    old: Paper
    new: Paper
    passages: tuple[ComparedPassage, ...]
    new_sentences: tuple[Ranges, ...]

    def of(self, fate: Fate) -> list[ComparedPassage]:
        """The passages with this fate."""
        return [one for one in self.passages if one.fate is fate]

    def with_new_among(self, places: Iterable[tuple[int, int]]) -> EditionComparison:
        """The same with those new sentences only that have characters of places in the newer edition."""
        wanted = list(places)
        kept = (r for r in self.new_sentences if any(start < r[0][1] and r[0][0] < end for start, end in wanted))
        return replace(self, new_sentences=tuple(kept))


def compare(old: Paper, new: Paper, positions: Iterable[DraftPosition]) -> EditionComparison:
    """Find the passages of an old edition in a new one."""
    editions = _Editions(old, new)
    passages = tuple(editions.compared(position) for position in positions)
    taken = [one.ranges for one in passages if one.ranges]
    return EditionComparison(old, new, passages, tuple(editions.new_sentences(taken)))


class _Editions:
    def __init__(self, old: Paper, new: Paper) -> None:
        self._sentences = EditionSentences.of(old, new)
        self._rewording = Rewording(self._sentences)
        self._in_old, self._in_new = Quotations(old.text), Quotations(new.text)
        self._old, self._new = old, new

    def compared(self, position: DraftPosition) -> ComparedPassage:
        run = self._sentences.old.run_of(position.ranges)
        if ranges := self._within_same_sentences(position.ranges, run):
            return self._same_words(position, run, ranges)
        text = self._old.cut(position.ranges)
        here, there = self._in_old.find(text), self._in_new.find(text)
        if isinstance(there, Ambiguous):
            return ComparedPassage(position, Fate.AMBIGUOUS, places=there.places)
        if isinstance(there, Found) and self._has_words(there.ranges, text):
            if not isinstance(here, Found):  # one of several is left: which one?
                return ComparedPassage(position, Fate.AMBIGUOUS, places=(there.ranges,))
            return self._same_words(position, run, there.ranges)
        return self._reworded(position, run)

    def new_sentences(self, taken: Iterable[Ranges]) -> list[Ranges]:
        """Sentences of the new edition only, without headings and without those that hold passages taken."""
        new, blocks = self._sentences.new, self._new.blocks
        headings = [blocks[one.block].kind is BlockKind.HEADING for one in self._new.sentences]
        used = {number for ranges in taken for number in range(*new.run_of(ranges))}
        return [
            (new.place((number, number + 1)),)
            for number, key in enumerate(new.keys)
            if number not in used and not headings[number] and not self._sentences.old.has(key)
        ]

    def _within_same_sentences(self, ranges: Ranges, run: Run) -> Ranges:
        """The same characters of the same sentences in the new edition; empty if those are not there."""
        same = self._sentences.same_run(run) if run[0] < run[1] else None
        if same is None or self._sentences.old.text(run) != self._sentences.new.text(same):
            return ()
        by = self._sentences.new.place(same)[0] - self._sentences.old.place(run)[0]
        return tuple((start + by, end + by) for start, end in ranges)

    def _has_words(self, ranges: Ranges, text: str) -> bool:
        """Whether a place has all letters of a text, and begins and ends where words do."""
        start, end = ranges[0][0], ranges[-1][1]
        whole = not _is_within_word(self._new.text, start) and not _is_within_word(self._new.text, end)
        return whole and _letters(self._new.cut(ranges)) == _letters(text)

    def _same_words(self, position: DraftPosition, run: Run, ranges: Ranges) -> ComparedPassage:
        """A passage with the same words: changed all the same if the sentences around it are others now."""
        there = self._sentences.new.run_of(ranges)
        if run[0] < run[1] and there[0] < there[1]:
            before, after = self._sentences.old.text(run), self._sentences.new.text(there)
            if _letters(before) != _letters(after):
                found = self._rewording.counterparts(run)
                if len(found) != 1 or found[0].run[1] <= there[0] or there[1] <= found[0].run[0]:
                    return ComparedPassage(position, Fate.AMBIGUOUS, places=(ranges,))
                share = self._rewording.similarity(before, after)
                return ComparedPassage(
                    position, Fate.CHANGED, ranges, similarity=share, differences=word_differences(before, after)
                )
        fate = Fate.STANDS if self._sentences.in_order(run, ranges[0][0], ranges[-1][1]) else Fate.MOVED
        before, after = self._old.cut(position.ranges), self._new.cut(ranges)
        differences = word_differences(before, after) if before.split() != after.split() else ()
        return ComparedPassage(position, fate, ranges, differences=differences)

    def _reworded(self, position: DraftPosition, run: Run) -> ComparedPassage:
        found = self._rewording.counterparts(run)
        if len(found) > 1:
            places = tuple(dict.fromkeys((self._sentences.new.place(one.run),) for one in found))
            return ComparedPassage(position, Fate.AMBIGUOUS, places=places)
        ranges = self._part_of(position.ranges, run, found[0].run) if found else ()
        if not ranges:
            return ComparedPassage(position, Fate.GONE)
        before, after = self._old.cut(position.ranges), self._new.cut(ranges)
        return ComparedPassage(
            position,
            Fate.CHANGED,
            ranges,
            similarity=self._rewording.similarity(before, after),
            differences=word_differences(before, after),
        )

    def _part_of(self, ranges: Ranges, run: Run, there: Run) -> Ranges:
        """The part of sentences that a passage which is a part of their older wording became."""
        old_start, old_end = self._sentences.old.place(run)
        new_start, new_end = self._sentences.new.place(there)
        before = [(m.start(), m.end()) for m in _WORD.finditer(self._old.text, old_start, old_end)]
        after = [(m.start(), m.end()) for m in _WORD.finditer(self._new.text, new_start, new_end)]
        inside = [n for n, (a, b) in enumerate(before) if any(a < end and start < b for start, end in ranges)]
        if not inside:
            return ()
        words = [self._old.text[a:b] for a, b in before], [self._new.text[a:b] for a, b in after]
        first, last = counterpart(*words, inside[0], inside[-1] + 1)
        if first == last:
            return ()
        found = ((after[first][0], after[last - 1][1]),)
        return found if self._rewording.resemble(self._old.cut(ranges), self._new.cut(found)) else ()


def _is_within_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
