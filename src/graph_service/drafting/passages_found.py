"""How many coded passages a draft proposes, and how many quotations are found again, on texts that are at hand."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from graph_service.building.evidence import CitedPassage
from graph_service.drafting import proposing
from graph_service.drafting.corpus import Corpus, short
from graph_service.drafting.hits import fold_of
from graph_service.drafting.suggesting import Suggester
from graph_service.reading import file_kinds, passages
from graph_service.reading.paper import Paper
from graph_service.reading.passages import Ranges
from graph_service.reading.quotations import Found, Quotations

_FOLDS = 5
_PAGE = 3_000
"""Characters of a page, for texts that have no pages."""


@dataclass(frozen=True)
class DocumentFound:
    """What a draft of a document proposes.

    Attributes:
        file: of its text.
        coded: coded passages.
        found: those of which proposals cover at least half.
        proposed: passages proposed.
        right: those of which at least half is coded.
        again: quotations found where they stand, found nowhere or in several places, and found elsewhere.
        pages: of the text.
        seconds: of CPU for reading it and proposing.
    """

    file: str
    coded: int
    found: int
    proposed: int
    right: int
    again: tuple[int, int, int]
    pages: int
    seconds: float


def measure(corpus: Corpus, cited: Iterable[CitedPassage], sources: Path, language: str) -> Iterator[DocumentFound]:
    """Draft each document that has coded passages, by what was learnt from others.

    Raises:
        SourceError: a text cannot be read.
    """
    documents = {text.position: text.document for text in corpus.texts}
    by_file: dict[str, list[CitedPassage]] = {}
    for passage in cited:
        if any(short(name) in documents for name in passage.supports) and (sources / passage.file).is_file():
            by_file.setdefault(passage.file, []).append(passage)
    folds: dict[int, list[str]] = {}
    for file in sorted(by_file):
        folds.setdefault(fold_of(file, _FOLDS), []).append(file)
    for fold in folds.values():
        left_out = _documents([passage for file in fold for passage in by_file[file]], documents)
        texts = tuple(text for text in corpus.texts if text.document not in left_out)
        suggester = Suggester(replace(corpus, texts=texts), language)
        for file in fold:
            yield _document(file, by_file[file], sources, suggester)


def _documents(cited: Iterable[CitedPassage], documents: Mapping[str, str]) -> frozenset[str]:
    names = [short(name) for passage in cited for name in passage.supports]
    return frozenset(documents[name] for name in names if name in documents) - {""}


def _document(file: str, cited: Sequence[CitedPassage], sources: Path, suggester: Suggester) -> DocumentFound:
    begin = time.process_time()
    paper = file_kinds.read(sources / file, "a-paper", "de")
    proposed = [(one.start, one.end) for one in proposing.propose(paper, suggester).within]
    seconds = time.process_time() - begin
    standing = [one.ranges for one in cited if passages.digest(paper.cut(one.ranges)) == one.sha256]
    coded = [place for ranges in standing for place in ranges]
    return DocumentFound(
        file=file,
        coded=len(standing),
        found=sum(_covered(ranges, proposed) >= 0.5 for ranges in standing),
        proposed=len(proposed),
        right=sum(_covered((place,), coded) >= 0.5 for place in proposed),
        again=_again(paper, standing),
        pages=len(paper.pages) or 1 + len(paper.text) // _PAGE,
        seconds=seconds,
    )


def _covered(ranges: Ranges, by: Iterable[tuple[int, int]]) -> float:
    """Which share of a passage others cover."""
    shared = {at for start, end in ranges for low, high in by for at in range(max(start, low), min(end, high))}
    return len(shared) / sum(end - start for start, end in ranges)


def _again(paper: Paper, coded: Sequence[Ranges]) -> tuple[int, int, int]:
    """Looks for each passage as one would quote it, in one line and without hyphens at line ends."""
    quotations = Quotations(paper.text)
    right = nowhere = 0
    for ranges in coded:
        quoted = re.sub(r"\s+", " ", re.sub(r"(?<=\w)-\n(?=[a-zäöü])", "", paper.cut(ranges)))
        answer = quotations.find(quoted)
        if isinstance(answer, Found):
            right += _covered(ranges, answer.ranges) >= 0.9
        else:
            nowhere += 1
    return right, nowhere, len(coded) - right - nowhere
