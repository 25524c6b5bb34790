"""Papers made for tests: a small one of two pages in our own words, and one as big as a programme."""

from __future__ import annotations

import re

from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Resemblance, Run, Suggestion, empty, passage
from graph_service.reading import passages
from graph_service.reading.paper import Block, BlockKind, Page, Paper, PaperFile, Sentence

# Lines of a page: `# ` is a heading, `* ` a list item, others are paragraphs.
PAGES = (
    (
        "# Teilhabe beginnt vor Ort",
        "Der Verein Musterhilfe berät seit vielen Jahren Menschen, die neu in die Stadt kommen. 🌍 Zugewanderte "
        "brauchen früh einen Platz im Sprachkurs. Das Land soll die Sprachmittlung in Ämtern bezahlen.",
        "# Forderungen",
        "* Wir fordern eine unabhängige Beratung für alle Asylsuchenden.",
        "* Die Ausbildungsduldung muss großzügig erteilt werden.",
        "* Geflüchtete sollen ab dem ersten Tag arbeiten dürfen.",
        "* Ausländische Abschlüsse müssen schneller anerkannt werden.",
    ),
    (
        "# Unterbringung",
        "Kleine Wohnungen sind besser als große Lager. Wir lehnen Arbeitsverbote ab. Familien sollen zusammen leben.",
        "* Die Kommunen brauchen verlässliches Geld vom Bund.",
        "* Bezahlkarten lehnen wir ab.",
        "* Vereine von Zugewanderten sollen dauerhaft gefördert werden.",
        "* Wer hier lebt, soll auf kommunaler Ebene wählen dürfen.",
        "# Schluss",
        "Der Verein wird selbst eine Lotsenstelle 👩‍👩‍👧 einrichten. Danach ziehen wir Bilanz.",
    ),
)


def paper_of(pages: tuple[tuple[str, ...], ...], name: str = "musterpapier") -> Paper:
    """A paper of these pages."""
    text, numbered = "", []
    blocks: list[Block] = []
    sentences: list[tuple[int, int, int]] = []
    for number, page in enumerate(pages, 1):
        start = len(text)
        for line in page:
            kind, words = _line(line)
            block = Block(kind=kind, start=len(text), end=len(text) + len(words), level=int(kind != "paragraph"))
            found = re.finditer(r"\S.*?[.!?](?=\s|$)", words)
            sentences.extend((len(text) + one.start(), len(text) + one.end(), len(blocks)) for one in found)
            blocks.append(block)
            text += words + "\n"
        numbered.append(Page(number=number, start=start, end=len(text)))
    return Paper(
        name=name,
        file=PaperFile(name=f"{name}.pdf", media_type="application/pdf", size=3, sha256="0" * 64),
        title="Teilhabe beginnt vor Ort",
        language="de",
        text=text,
        sha256=passages.digest(text),
        normaliser="test 1",
        pages=tuple(numbered),
        blocks=tuple(blocks),
        sentences=tuple(Sentence(start=start, end=end, block=block) for start, end, block in sentences),
    )


def _line(line: str) -> tuple[BlockKind, str]:
    kinds = {"# ": BlockKind.HEADING, "* ": BlockKind.LIST_ITEM}
    kind = kinds.get(line[:2])
    return (kind, line[2:]) if kind else (BlockKind.PARAGRAPH, line)


def place(paper: Paper, words: str) -> tuple[int, int]:
    """The range of words in a paper."""
    start = paper.text.index(words)
    return start, start + len(words)


def proposed(paper: Paper, number: int, words: str, proposition: str, score: float = 0.62) -> DraftPosition:
    """A position as a run proposes it."""
    alike = Resemblance(
        position="spd-2025-avb", document="programme-spd-2025", text="Eine ähnliche Stelle.", score=score
    )
    suggested = (
        Suggestion(code=proposition, score=score, resembles=(alike,)),
        Suggestion(code="work-access", score=round(score / 2, 2)),
    )
    further = (Suggestion(code="demands", score=0.9),)
    position = passage(paper, (place(paper, words),), f"p{number}", origin="rules")
    found = {"proposition": suggested, "stance": further, "strength": (Suggestion(code="imperative", score=0.7),)}
    return position.model_copy(update={"run": "run-1", "suggestions": found})


def drafted(paper: Paper, coder: str = "coder-1") -> PaperDraft:
    """A draft with three proposed positions, two of which overlap."""
    return empty(paper, coder).model_copy(
        update={
            "runs": (Run(id="run-1", program="rules 1", time="2026-11-30T12:00:00Z"),),
            "positions": (
                proposed(paper, 1, "Das Land soll die Sprachmittlung in Ämtern bezahlen.", "language-mediation"),
                proposed(paper, 2, "Wir fordern eine unabhängige Beratung für alle Asylsuchenden.", "avb"),
                proposed(paper, 3, "unabhängige Beratung für alle", "avb"),
            ),
        }
    )


def big_paper(pages: int) -> Paper:
    """A paper of so many full pages."""
    sentence = (
        "Das Land soll die Vorhaben Nummer {} auf Seite {} in diesem Jahr mit eigenem Geld und festen Stellen fördern."
    )
    return paper_of(
        tuple(
            (
                f"# Kapitel {page}",
                *(" ".join(sentence.format(3 * row + n, page) for n in range(3)) for row in range(10)),
            )
            for page in range(pages)
        ),
        name="grosses-papier",
    )


def big_draft(paper: Paper, positions: int) -> PaperDraft:
    """So many proposed positions over the paper, each with suggestions."""
    step = len(paper.sentences) // positions
    chosen = [paper.sentences[number * step] for number in range(positions)]
    example = proposed(paper, 1, paper.text[chosen[0].start : chosen[0].end], "avb")
    made = (
        passage(paper, ((one.start, one.end),), f"p{number}", origin="rules").model_copy(
            update={"run": "run-1", "suggestions": example.suggestions}
        )
        for number, one in enumerate(chosen, 1)
    )
    return empty(paper, "coder-1").with_positions(made)
