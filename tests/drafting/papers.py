"""Papers and a corpus made by hand, so that a test shows what goes in and what comes out."""

from __future__ import annotations

from graph_service.drafting.corpus import CodedText, Corpus, Cue, Name
from graph_service.reading import passages
from graph_service.reading.paper import Block, BlockKind, Paper, PaperFile, Sentence

SIGNS = {"# ": BlockKind.HEADING, "- ": BlockKind.LIST_ITEM, "^ ": BlockKind.FOOTNOTE}


def paper(*lines: str, language: str = "de", name: str = "a-paper") -> Paper:
    """A paper with one block a line: `# ` heading, `- ` item, `^ ` footnote, else a paragraph; `|` ends a sentence."""
    text, blocks, sentences = "", [], []
    for line in lines:
        kind = SIGNS.get(line[:2], BlockKind.PARAGRAPH)
        words = line if kind is BlockKind.PARAGRAPH else line[2:]
        start = len(text) + (1 if text else 0)
        text += ("\n" if text else "") + words.replace("|", " ")
        blocks.append(Block(kind=kind, start=start, end=len(text)))
        place = start
        for sentence in words.split("|"):
            if sentence:
                sentences.append(Sentence(start=place, end=place + len(sentence), block=len(blocks) - 1))
            place += len(sentence) + 1
    return Paper(
        name=name,
        file=PaperFile(name="a.txt", media_type="text/plain", size=1, sha256="0" * 64),
        language=language,
        text=text,
        sha256=passages.digest(text),
        normaliser="test 1",
        blocks=tuple(blocks),
        sentences=tuple(sentences),
    )


def coded(text: str, language: str, position: str = "", **codes: str) -> CodedText:
    return CodedText(text, language, {column: (code,) for column, code in codes.items()}, position, "old-paper")


CORPUS = Corpus(
    texts=(
        coded("Asylsuchende sollen Zugang zu unabhängiger Beratung haben.", "de", proposition="counselling"),
        coded("Geduldete sollen arbeiten dürfen.", "de", proposition="work"),
        coded("Die Residenzpflicht soll abgeschafft werden.", "de", proposition="free-movement"),
        coded("Für Asylsuchende wird eine behördenunabhängige Beratung verlangt.", "de", "p-counselling",
              proposition="counselling", stance="demands", target_group="asylum-seekers", agreement="1"),
        coded("Arbeitsverbote für Geduldete gehören abgeschafft.", "de", "p-work",
              proposition="work", stance="demands", target_group="tolerated", agreement="1"),
        coded("Abgelehnt wird eine Aufhebung der Residenzpflicht.", "de", "p-movement",
              proposition="free-movement", stance="opposes", agreement="-1"),
        coded("Asylum seekers should have access to independent counselling.", "en", proposition="counselling"),
        coded("Tolerated persons should be allowed to work.", "en", proposition="work"),
        coded("Work bans on tolerated persons are to be abolished.", "en", "p-work",
              proposition="work", stance="demands", target_group="tolerated", agreement="1"),
    ),
    names=(
        Name("Asylsuchende", "de", "target_group", "asylum-seekers"),
        Name("Geduldete", "de", "target_group", "tolerated"),
        Name("Junge Geduldete", "de", "target_group", "young-tolerated"),
        Name("Land", "de", "addressee", "land"),
        Name("asylum seekers", "en", "target_group", "asylum-seekers"),
        Name("tolerated persons", "en", "target_group", "tolerated"),
        Name("Land government", "en", "addressee", "land"),
    ),
    cues=(
        Cue("muss", "de", "stance", "demands", in_heading=False),
        Cue("forder*", "de", "stance", "demands", in_heading=False),
        Cue("lehn* … ab", "de", "stance", "opposes", in_heading=False),
        Cue("muss", "de", "strength", "imperative", in_heading=False),
        Cue("*forderung*", "de", "kind", "demand", in_heading=True),
        Cue("must", "en", "stance", "demands", in_heading=False),
        Cue("call* … for", "en", "stance", "demands", in_heading=False),
        Cue("*demand*", "en", "kind", "demand", in_heading=True),
    ),
)  # fmt: skip
