"""Proposes passages of a paper that look like positions.

A passage is a list item or one sentence, or a few sentences in a row that come nearest to the same proposition. It is
proposed if its words, its heading or the sentence that leads to its list take a stance and it is about something that
was coded before; or if it is so near to coded passages that it needs no such words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph_service.drafting.suggesting import Glance, Passage, Suggester, Suggestions
from graph_service.reading.paper import Block, BlockKind, Paper, Sentence

# Limits of a draft: what is read for it, and what is proposed.
MOST_UNITS = 20_000
MOST_PROPOSALS = 500
# A longer list item is proposed sentence by sentence.
_LONGEST_ITEM = 600
_MOST_SENTENCES = 3
_SHORTEST = 20
_WIDEST_GAP = 2
# What a passage needs: score of its nearest proposition, and relevance with and without words that take a stance. What
# the similarity with all coded texts counts in relevance, and how many passages before and behind count. Tuned on every
# second programme: benchmarks/papers.md.
LEAST_SCORE = 0.12
WITH_CUE, WITHOUT_CUE = 0.45, 0.55
_CLOSENESS = 5
_AROUND = 8


@dataclass(frozen=True)
class Proposal:
    """A passage that may be a position, and its suggested codes."""

    start: int
    end: int
    suggestions: Suggestions


@dataclass(frozen=True)
class Proposals:
    """Proposals within the limits, in the order of the text, how many are beyond them, and the language of all."""

    within: tuple[Proposal, ...]
    beyond: int
    language: str


@dataclass(frozen=True)
class _Unit:
    """A list item or a sentence, its block, and what stands above it."""

    start: int
    end: int
    block: int
    passage: Passage

    def passage_to(self, last: _Unit, paper: Paper) -> Passage:
        """From here to the end of another unit."""
        return replace(self.passage, text=paper.text[self.start : last.end])


@dataclass(frozen=True)
class _Seen:
    unit: _Unit
    glance: Glance
    relevance: float

    @property
    def is_wanted(self) -> bool:
        if self.glance.score < LEAST_SCORE:
            return False
        return self.relevance >= (WITH_CUE if self.glance.has_cue else WITHOUT_CUE)


def propose(paper: Paper, suggester: Suggester) -> Proposals:
    """Passages of a paper that look like positions; no two overlap."""
    units = list(_units(paper))
    looked_at = units[:MOST_UNITS]
    glances = list(suggester.glance([unit.passage for unit in looked_at]))
    seen = map(_Seen, looked_at, glances, _relevance(glances))
    runs = list(_runs([one for one in seen if one.is_wanted]))
    best = sorted(runs, key=lambda run: -max(seen.relevance for seen in run))[:MOST_PROPOSALS]
    kept = sorted(((run[0].unit, run[-1].unit) for run in best), key=lambda pair: pair[0].start)
    suggestions = suggester.suggest([first.passage_to(last, paper) for first, last in kept])
    within = [Proposal(first.start, last.end, own) for (first, last), own in zip(kept, suggestions, strict=True)]
    return Proposals(tuple(within), len(units) - len(looked_at) + len(runs) - len(best), suggester.language)


def _relevance(glances: Sequence[Glance]) -> list[float]:
    """How much each passage is about what was coded before, by itself and by those around it."""
    if not glances:
        return []
    scores = np.array([glance.score for glance in glances])
    window = np.ones(2 * _AROUND + 1)
    around = np.convolve(scores, window)[_AROUND:-_AROUND] / np.convolve(np.ones_like(scores), window)[_AROUND:-_AROUND]
    closeness = np.array([glance.closeness for glance in glances])
    return list(map(float, scores + _CLOSENESS * closeness + around))


def _units(paper: Paper) -> Iterator[_Unit]:
    sentences: dict[int, list[Sentence]] = {}
    for sentence in paper.sentences:
        sentences.setdefault(sentence.block, []).append(sentence)
    heading = lead = ""
    for number, block in enumerate(paper.blocks):
        text = paper.text[block.start : block.end]
        if block.kind is BlockKind.HEADING:
            heading, lead = text, ""
        elif block.kind is BlockKind.LIST_ITEM:
            yield from _of_item(paper, block, number, sentences.get(number, []), (heading, lead))
        elif block.kind is BlockKind.PARAGRAPH:
            own = sentences.get(number, [])
            leads = text.rstrip().endswith(":")
            lead = paper.text[own[-1].start : own[-1].end] if own and leads else ""
            yield from _of_sentences(paper, own[:-1] if leads else own, heading, "")


def _of_item(
    paper: Paper, block: Block, number: int, sentences: Sequence[Sentence], above: tuple[str, str]
) -> Iterator[_Unit]:
    if block.end - block.start > _LONGEST_ITEM and len(sentences) > 1:
        yield from _of_sentences(paper, sentences, *above)
    elif block.end - block.start >= _SHORTEST:
        yield _Unit(block.start, block.end, number, Passage(paper.text[block.start : block.end], *above))


def _of_sentences(paper: Paper, sentences: Sequence[Sentence], heading: str, lead: str) -> Iterator[_Unit]:
    for sentence in sentences:
        if sentence.end - sentence.start >= _SHORTEST:
            passage = Passage(paper.text[sentence.start : sentence.end], heading, lead)
            yield _Unit(sentence.start, sentence.end, sentence.block, passage)


def _runs(wanted: Sequence[_Seen]) -> Iterator[list[_Seen]]:
    """Units one after another in a block that come nearest to the same proposition."""
    run: list[_Seen] = []
    for seen in wanted:
        if run and not (len(run) < _MOST_SENTENCES and _goes_on(run[-1], seen)):
            yield run
            run = []
        run.append(seen)
    if run:
        yield run


def _goes_on(before: _Seen, after: _Seen) -> bool:
    # Between two sentences stands no more than a blank or a line end.
    one, other = before.unit, after.unit
    follows = one.block == other.block and other.start - one.end <= _WIDEST_GAP
    return follows and before.glance.nearest == after.glance.nearest
