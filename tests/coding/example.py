"""A short paper and its draft, as a reader and a coder leave them; the words are our own."""

from __future__ import annotations

import re
from pathlib import Path

from graph_service.coding import draft_file
from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Status
from graph_service.reading import passages
from graph_service.reading.paper import Block, BlockKind, Page, Paper, PaperFile
from graph_service.reading.shelf import Shelf

TEXT = """Pflege braucht Menschen

Wer bei uns eine Pflegeausbildung beginnt, soll bis zu ihrem Ende bleiben dürfen. Das gilt auch für Geduldete.

Kurse

Deutschkurse müssen allen offenstehen,
Fußzeile 1
die hier leben. Die Zahl der Plätze ist uns nicht bekannt.
"""
HEADINGS = ("Pflege braucht Menschen", "Kurse")
TRAINING = "Wer bei uns eine Pflegeausbildung beginnt, soll bis zu ihrem Ende bleiben dürfen."
COURSES = ("Deutschkurse müssen allen offenstehen,", "die hier leben.")
PLACES = "Die Zahl der Plätze ist uns nicht bekannt."


def ranges(*pieces: str) -> passages.Ranges:
    return tuple((TEXT.index(piece), TEXT.index(piece) + len(piece)) for piece in pieces)


def paper(name: str = "pflegepapier") -> Paper:
    lines = list(re.finditer(r"[^\n]+", TEXT))
    kinds = [BlockKind.HEADING if line[0] in HEADINGS else BlockKind.PARAGRAPH for line in lines]
    blocks = [Block(kind=kind, start=line.start(), end=line.end()) for kind, line in zip(kinds, lines, strict=True)]
    turn = TEXT.index("die hier")
    return Paper(
        name=name,
        file=PaperFile(name="papier.txt", media_type="text/plain", size=len(TEXT), sha256="ab" * 32),
        title="Pflege braucht Menschen",
        language="de",
        text=TEXT,
        sha256=passages.digest(TEXT),
        normaliser="test 1",
        pages=(Page(number=1, start=0, end=turn), Page(number=2, start=turn, end=len(TEXT))),
        blocks=tuple(blocks),
    )


def position(name: str, *pieces: str, status: str = "accepted", **codes: str) -> DraftPosition:
    return DraftPosition(
        id=name,
        ranges=ranges(*pieces),
        sha256=passages.digest("\n".join(pieces)),
        codes={column: tuple(text.split("; ")) for column, text in codes.items()},
        status=Status(status),
    )


CODED = {"stance": "demands", "kind": "demand", "agreement": "1"}


def draft(text: Paper) -> PaperDraft:
    """Two accepted positions, one rejected, one undecided; an actor, a proposition and a term that are new."""
    return PaperDraft(
        paper=text.name,
        text_sha256=text.sha256,
        coder="coder-7",
        document={"actors": "pflegebund", "date": "2024-05-02", "source_kind": "primary", "kind": "position-paper"},
        tables={
            "actors": ({"id": "pflegebund", "name_de": "Pflegebund", "name_en": "Care union", "type": "trade-union"},),
            "terms": (
                {
                    "scheme": "target-groups", "id": "nurses", "label_de": "Pflegekräfte", "label_en": "nurses",
                    "definition_de": "Menschen, die pflegen.", "definition_en": "People who care for others.",
                    "broader": "migrant-workers",
                },
            ),
            "propositions": (
                {
                    "id": "places-published", "text_de": "Die Zahl der Plätze soll öffentlich sein.",
                    "text_en": "The number of places should be public.", "issue": "housing",
                },
            ),
        },
        positions=(
            position("p1", TRAINING, proposition="training-toleration", target_group="nurses",
                     paraphrase_de="Wer Pflege lernt, soll die Ausbildung beenden können.", addressee="bund", **CODED),
            position("p2", *COURSES, proposition="language-courses-access", target_group="migrants; refugees",
                     paraphrase_de="Alle sollen Deutsch lernen können.", paraphrase_en="All should learn German.",
                     **CODED),
            position("p3", PLACES, status=Status.REJECTED, proposition="places-published", **CODED),
            position("p4", PLACES, status=Status.PROPOSED),
        ),
    )  # fmt: skip


def on_shelf(directory: Path) -> tuple[Shelf, Paper, PaperDraft]:
    """The paper and its draft, put into a directory of papers."""
    shelf, text = Shelf(directory), paper()
    shelf.write(text)
    return shelf, text, draft_file.change(shelf, text, "coder-7", lambda _: draft(text))
