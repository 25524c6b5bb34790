"""Papers, drafts and a small codebook for the tests of exchange."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from hypothesis import strategies as st

from graph_service.coding.codebook import Codebook
from graph_service.coding.codes import Code
from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Status, empty
from graph_service.reading import passages
from graph_service.reading.paper import Paper, PaperFile
from graph_service.reading.passages import Ranges

BASE = "https://example.org/"
TIME = "2026-11-30T12:00:00Z"
TEXT = (
    "Forderungen\nWir fordern mehr Beratung für alle 👪 Familien.\nDas Land soll die Kosten tragen.\n"
    "Abschiebungen in den Winter lehnen wir ab. Das Land soll die Kosten tragen."
)


def a_paper(text: str = TEXT) -> Paper:
    text = passages.normalise(text)
    file = PaperFile(name="a.txt", media_type="text/plain", size=1, sha256="0" * 64)
    return Paper(name="a-paper", file=file, text=text, sha256=passages.digest(text), normaliser="test 1")


def a_book() -> Codebook:
    def code(kind: str, name: str, german: str, english: str) -> Code:
        labels = {"de": german, "en": english}
        definitions = {"de": f"Was {german} heißt."}
        return Code(name, f"{BASE}id/{kind}/{name}", labels, definitions)

    advice = code("proposition", "more-advice", "Es soll mehr Beratung geben.", "There should be more advice.")
    winter = code("proposition", "winter-stop", "Im Winter soll nicht abgeschoben werden.", "No removals in winter.")
    agreements = [Code(value, "", {"en": label}) for value, label in (("1", "agrees"), ("0", "mixed"), ("-1", "no"))]
    return Codebook(
        {
            "propositions": (advice, winter),
            "agreements": tuple(agreements),
            "target-groups": (code("target-group", "families", "Familien", "families"),),
            "verbs": (code("verb", "demands", "fordert", "demands"), code("verb", "opposes", "lehnt ab", "opposes")),
            "actors": (code("actor", "land", "Das Land", "the state"), code("actor", "we", "Wir", "we")),
        }
    )


CODES: dict[str, tuple[str, ...]] = {
    "proposition": ("more-advice",),
    "agreement": ("1",),
    "stance": ("demands",),
    "target_group": ("families", "not-in-the-graph"),
    "addressee": ("land",),
    "paraphrase_de": ("=Wir wollen, dass Familien beraten werden; & <alle>.",),
    "note": ("zweimal; lesen",),
}


def a_draft(paper: Paper, ranges: Iterable[Ranges], coder: str = "coder-1") -> PaperDraft:
    """A draft with one position for each place, the first with codes."""
    positions = []
    for number, place in enumerate(ranges, 1):
        digest = passages.digest(paper.cut(place))
        codes = CODES if number == 1 else {}
        positions.append(DraftPosition(id=f"p{number}", ranges=place, sha256=digest, codes=codes))
    return empty(paper, coder).with_positions(positions)


def rejected(draft: PaperDraft, name: str, reason: str) -> PaperDraft:
    changed = {"status": Status.REJECTED, "reason": reason}
    return draft.with_positions(p.model_copy(update=changed) if p.id == name else p for p in draft.positions)


# Letters, a family that is one picture of five code points, combining marks, an astral letter, line ends of all kinds.
PIECES = [
    "Wir",
    " fordern ",
    "ä",
    "a\u0308",
    "e\u0301\u0323",
    "👪",
    "👨\u200d👩\u200d👧",
    "𝒜",
    "\r\n",
    "\n",
    "\r",
    "“",
    ",",
    "'=",
    "\u00a0",
]
texts = st.lists(st.sampled_from(PIECES), min_size=4, max_size=40).map("".join)


@st.composite
def papers_with_ranges(draw: st.DrawFn) -> tuple[Paper, list[Ranges]]:
    """A paper, and places in it with one or two ranges, none of blanks alone."""
    paper = a_paper(draw(texts))
    length = len(paper.text)
    places: list[Ranges] = []
    for _ in range(draw(st.integers(1, 4))):
        ends = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=4)))
        pairs = list(zip(ends[::2], ends[1::2], strict=False))
        if all(paper.text[start:end].strip() for start, end in pairs) and pairs:
            places.append(tuple(pairs))
    return paper, places


def qdpx(path: Path, source: bytes, selections: str, *, rest: str = "", name: str = "a-paper") -> Path:
    """A project as another program writes it."""
    document = (
        '<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="Other 1">'
        '<Users><User guid="AA000000-0000-0000-0000-000000000001" name="Kim"/></Users>'
        '<CodeBook><Codes><Code guid="CC000000-0000-0000-0000-000000000001" name="proposition" isCodable="false">'
        '<Code guid="CC000000-0000-0000-0000-000000000002" name="Es soll mehr Beratung geben." isCodable="true"/>'
        "</Code>"
        '<Code guid="CC000000-0000-0000-0000-000000000003" name="eigener Code" isCodable="true"/></Codes></CodeBook>'
        f'<Sources><TextSource guid="DD000000-0000-0000-0000-000000000001" name="{name}" '
        f'plainTextPath="internal://one.TXT">{selections}</TextSource></Sources>{rest}</Project>'
    )
    return archive(path, {"project.qde": document.encode(), "sources/One.txt": source})


def selection(start: int, end: int, name: str = "", code: int = 2, number: int = 1, inside: str = "") -> str:
    guid = f"EE000000-0000-0000-0000-{number:012d}"
    return (
        f'<PlainTextSelection guid="{guid}" name="{name}" startPosition="{start}" endPosition="{end}">{inside}'
        f'<Coding guid="{{FF000000-0000-0000-0000-{number:012d}}}" creatingUser="aa000000-0000-0000-0000-000000000001">'
        f'<CodeRef targetGUID="{{cc000000-0000-0000-0000-{code:012d}}}"/></Coding></PlainTextSelection>'
    )


def archive(path: Path, parts: dict[str, bytes]) -> Path:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as written:
        for name, part in parts.items():
            written.writestr(name, part)
    path.write_bytes(content.getvalue())
    return path


def edited(path: Path, old: str, new: str) -> None:
    """Change the document of a project that lies there."""
    with zipfile.ZipFile(path) as parts:
        content = {name: parts.read(name) for name in parts.namelist()}
    document = content["project.qde"].decode()
    assert old in document
    archive(path, content | {"project.qde": document.replace(old, new).encode()})
