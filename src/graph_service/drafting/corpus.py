"""What drafting learns from: coded passages, wordings of propositions, names and cues, in one language.

All of it is asked of a snapshot by the query files of `queries/papers/`. Texts of passages are other people's works;
they take part only where their files are at hand, and so do the accepted positions of the papers on a shelf.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from graph_service.building import evidence
from graph_service.building.evidence import CitedPassage
from graph_service.catalogue.queries import QueryFile
from graph_service.catalogue.query_files import QueryFiles
from graph_service.coding import draft_file
from graph_service.coding.paper_draft import PaperDraft, Status
from graph_service.errors import SourceError
from graph_service.reading import passages
from graph_service.reading.paper import Paper
from graph_service.reading.shelf import Shelf

Row = Mapping[str, str]
Ask = Callable[[str], Iterable[Row]]
"""Asks a store: the rows of a SELECT as plain values by variable, such as `EmbeddedStore.rows`."""
Codes = Mapping[str, tuple[str, ...]]
"""Values by column of the coding sheet."""


@dataclass(frozen=True)
class CodedText:
    """A text with codes.

    Attributes:
        text: words of a passage, a paraphrase, or the wording of a proposition.
        language: such as `de`.
        codes: values by column of the coding sheet, as short names.
        position: short name of the position that it belongs to, empty for the wording of a proposition.
        document: short name of its document.
        is_quoted: whether it is the words of a source.
    """

    text: str
    language: str
    codes: Codes
    position: str = ""
    document: str = ""
    is_quoted: bool = False


@dataclass(frozen=True)
class Name:
    """A name of something that a passage may be about, and the column and code that it stands for."""

    text: str
    language: str
    column: str
    code: str


@dataclass(frozen=True)
class Cue:
    """Words that speak for a code; `in_heading` if they do so in the heading above a passage."""

    text: str
    language: str
    column: str
    code: str
    in_heading: bool


@dataclass(frozen=True)
class Corpus:
    """What drafting learns from, in all languages."""

    texts: tuple[CodedText, ...]
    names: tuple[Name, ...]
    cues: tuple[Cue, ...]

    def languages(self) -> list[str]:
        """Those in which there are cues, sorted."""
        return sorted({cue.language for cue in self.cues})


def read(
    ask: Ask,
    queries: QueryFiles,
    sources: Path | None = None,
    shelf: Shelf | None = None,
    *,
    blind_to: str,
    note: Callable[[str], object] = lambda _: None,
) -> Corpus:
    """Ask a store for what it knows.

    Args:
        ask: asks the store.
        queries: the query files.
        sources: directory of source texts, so that the words of their coded passages take part.
        shelf: the curator's papers, so that their accepted positions take part.
        blind_to: short name of a paper whose codings take no part, so that nobody who codes it sees those of others.
        note: is told of a paper or draft on the shelf that cannot be read; it takes no part.

    Raises:
        SettingsError: the directory of sources does not exist.
        SourceError: a source cannot be read.
    """
    evidence.require(sources)

    def rows(name: str) -> Iterable[Row]:
        return ask(QueryFile(queries.file(name)).text)

    codes = _codes(rows("papers/codes"))
    paraphrases = list(rows("papers/paraphrases"))
    texts = [*_wordings(rows("papers/propositions")), *_paraphrases(paraphrases, codes)]
    if sources:
        texts += _passages(evidence.passages(rows("evidence/passages")), paraphrases, codes, sources)
    if shelf:
        texts += _accepted(shelf, blind_to, note)
    texts = [text for text in texts if not text.document or text.document != blind_to]
    names = [Name(row["label"], row["language"], row["column"], short(row["code"])) for row in rows("papers/labels")]
    cues = [
        Cue(row["cue"], row["language"], row["column"], short(row["code"]), row["place"] == "heading")
        for row in rows("papers/cues")
    ]
    return Corpus(tuple(texts), tuple(names), tuple(cues))


def short(iri: str) -> str:
    """The short name at the end of an IRI; a plain value as it is."""
    return iri.rpartition("/")[2]


def _codes(rows: Iterable[Row]) -> dict[str, Codes]:
    """Codes by IRI of the position."""
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row["position"]][row["column"]].append(short(row["code"]))
    return {position: {column: tuple(codes) for column, codes in by.items()} for position, by in found.items()}


def _wordings(rows: Iterable[Row]) -> Iterator[CodedText]:
    for row in rows:
        yield CodedText(row["text"], row["language"], {"proposition": (short(row["proposition"]),)})


def _paraphrases(rows: Iterable[Row], codes: Mapping[str, Codes]) -> Iterator[CodedText]:
    for row in rows:
        position, document = row["position"], row["document"]
        yield CodedText(row["text"], row["language"], codes.get(position, {}), short(position), short(document))


def _passages(
    cited: Iterable[CitedPassage], paraphrases: Iterable[Row], codes: Mapping[str, Codes], directory: Path
) -> Iterator[CodedText]:
    """The words of passages whose source is there as it was coded."""
    places = {row["position"]: (short(row["document"]), row["written_in"]) for row in paraphrases}
    for file, found in groupby(sorted(cited, key=lambda one: one.file), key=lambda one: one.file):
        if (source := evidence.text_below(directory, file)) is None:
            continue
        for passage in found:
            words = passages.cut(source, passage.ranges)
            if passages.digest(words) == passage.sha256:
                for position in sorted(places.keys() & set(passage.supports)):
                    document, language = places[position]
                    yield CodedText(words, language, codes[position], short(position), document, True)


def _accepted(shelf: Shelf, blind_to: str, note: Callable[[str], object]) -> Iterator[CodedText]:
    """Passages of the other papers on the shelf that a coder has accepted."""
    for name in shelf.names():
        if name == blind_to:
            continue
        for paper, draft in _drafts(shelf, name, note):
            for position in draft.positions:
                if position.status is Status.ACCEPTED:
                    text = passages.cut(paper.text, position.ranges)
                    yield CodedText(text, paper.language, position.codes, f"{name}-{position.id}", name, True)


def _drafts(shelf: Shelf, name: str, note: Callable[[str], object]) -> Iterator[tuple[Paper, PaperDraft]]:
    """The drafts of a paper that can be read: one that is broken is no reason to draft nothing of another paper."""
    try:
        paper = shelf.read(name)
    except SourceError as error:
        note(f"Nothing is learnt from the paper {name}: {error}")
        return
    for coder in draft_file.coders(shelf, name):
        try:
            yield paper, draft_file.read(shelf, paper, coder)
        except SourceError as error:
            note(f"Nothing is learnt from a draft of {name}: {error}")
