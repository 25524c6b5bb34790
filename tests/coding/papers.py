"""A paper and drafts on it, made of sentences, for tests of codings."""

from __future__ import annotations

from functools import partial

from graph_service.coding import draft_file, paper_draft
from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Status
from graph_service.reading import passages
from graph_service.reading.paper import Block, BlockKind, Page, Paper, PaperFile, Sentence
from graph_service.reading.shelf import Shelf

SENTENCES = (
    "Das Land soll die Beratungsstellen dauerhaft bezahlen.",
    "Wir lehnen Kürzungen bei den Sprachkursen ab.",
    "Wer hier arbeitet, soll bleiben dürfen.",
    "Die Kommunen brauchen mehr Geld für Wohnungen.",
    "Abschlüsse aus dem Ausland werden schneller anerkannt.",
    "Kinder gehen vom ersten Tag an in die Schule.",
)


def a_paper(sentences: tuple[str, ...] = SENTENCES, name: str = "a-paper") -> Paper:
    """A paper of one page, each sentence a paragraph."""
    text = "\n".join(sentences)
    starts = [sum(len(one) + 1 for one in sentences[:i]) for i in range(len(sentences))]
    places = [(start, start + len(one)) for start, one in zip(starts, sentences, strict=True)]
    return Paper(
        name=name,
        file=PaperFile(name=f"{name}.txt", media_type="text/plain", size=len(text), sha256="0" * 64),
        language="de",
        text=text,
        sha256=passages.digest(text),
        normaliser="test 1",
        pages=(Page(number=1, start=0, end=len(text)),),
        blocks=tuple(Block(kind=BlockKind.PARAGRAPH, start=start, end=end) for start, end in places),
        sentences=tuple(Sentence(start=start, end=end, block=i) for i, (start, end) in enumerate(places)),
    )


def a_position(paper: Paper, name: str, sentence: int, status: Status = Status.ACCEPTED, **codes: str) -> DraftPosition:
    """A position on a sentence; several values of a column are divided by `;`."""
    place = paper.sentences[sentence]
    position = paper_draft.passage(paper, ((place.start, place.end),), name)
    values = {"stance": "demands", "actor": "paritaet-sachsen"} | codes
    return position.model_copy(
        update={"status": status, "codes": {column: tuple(value.split(";")) for column, value in values.items()}}
    )


def a_draft(paper: Paper, coder: str, *positions: DraftPosition) -> PaperDraft:
    """A draft with these positions."""
    return paper_draft.empty(paper, coder).with_positions(positions)


def put(shelf: Shelf, paper: Paper, *drafts: PaperDraft) -> None:
    """A paper and drafts on it, put on the shelf."""
    shelf.write(paper)
    for draft in drafts:
        draft_file.change(shelf, paper, draft.coder, partial(_instead, draft))


def _instead(draft: PaperDraft, _: PaperDraft) -> PaperDraft:
    return draft
