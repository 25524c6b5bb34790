"""The sentences of two editions of a paper: which of them are in both, and where one goes on in the other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from graph_service.reading.paper import Paper
from graph_service.reading.passages import Ranges

Run = tuple[int, int]
"""Sentences that follow each other, by index, half-open."""


class Sentences:
    """The sentences of one edition.

    Attributes:
        paper: the edition.
        keys: each sentence with single blanks.
    """

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self._starts = [one.start for one in paper.sentences]
        self._ends = [one.end for one in paper.sentences]
        self.keys = [" ".join(paper.text[one.start : one.end].split()) for one in paper.sentences]
        self._where: defaultdict[str, list[int]] = defaultdict(list)
        for number, key in enumerate(self.keys):
            self._where[key].append(number)

    def run_of(self, ranges: Ranges) -> Run:
        """The sentences that a passage has characters of; an empty run if it stands outside of all."""
        first = bisect_right(self._ends, min(start for start, _ in ranges))
        last = bisect_left(self._starts, max(end for _, end in ranges))
        return first, max(first, last)

    def place(self, run: Run) -> tuple[int, int]:
        """The characters from the first to the last sentence of a run that is not empty."""
        return self._starts[run[0]], self._ends[run[1] - 1]

    def text(self, run: Run) -> str:
        """These characters."""
        start, end = self.place(run)
        return self.paper.text[start:end]

    def has(self, key: str) -> bool:
        """Whether a sentence of these words is there."""
        return key in self._where

    def occurrences(self, keys: list[str]) -> list[int]:
        """Where sentences of these words follow each other, by the first one."""
        candidates = self._where.get(keys[0], []) if keys else []
        return [one for one in candidates if self.keys[one : one + len(keys)] == keys]


@dataclass(frozen=True)
class EditionSentences:
    """The sentences of both editions.

    Attributes:
        old: those of the older edition.
        new: those of the newer one.
        aligned: pairs of equal sentences in the order of both: their longest common subsequence.
    """

    old: Sentences
    new: Sentences
    aligned: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, old: Paper, new: Paper) -> EditionSentences:
        """Align two editions."""
        ours, theirs = Sentences(old), Sentences(new)
        pairs: list[tuple[int, int]] = []
        for step in Indel.opcodes(ours.keys, theirs.keys):
            if step.tag == "equal":
                pairs += zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True)
        return cls(ours, theirs, tuple(pairs))

    def same_run(self, run: Run) -> Run | None:
        """The same sentences in the newer edition, if nothing else there can be meant.

        A run that an edition has twice is recognised by the sentence before and the one behind it.
        """
        for around in (0, 1):
            first, last = max(0, run[0] - around), run[1] + around
            keys = self.old.keys[first:last]
            there = self.new.occurrences(keys)
            if len(there) == 1 and len(self.old.occurrences(keys)) == 1:
                start = there[0] + run[0] - first
                return start, start + run[1] - run[0]
        return None

    def in_order(self, run: Run, start: int, end: int) -> bool:
        """Whether characters of the newer edition stand between the sentences that were around a run before."""
        before = bisect_left(self.aligned, run[0], key=lambda pair: pair[0])
        behind = bisect_left(self.aligned, run[1], key=lambda pair: pair[0])
        earliest = self._place(before - 1)[1] if before else 0
        latest = self._place(behind)[0] if behind < len(self.aligned) else len(self.new.paper.text)
        return earliest <= start and end <= latest

    def _place(self, pair: int) -> tuple[int, int]:
        number = self.aligned[pair][1]
        return self.new.place((number, number + 1))
