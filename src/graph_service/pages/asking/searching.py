"""The search page: hits by kind, and for each proposition who is for and against it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http.api.searching import KINDS
from graph_service.pages.stances.positions import STANCES
from graph_service.pages.stances.standings import KEYS, Standings, standings
from graph_service.pages.things import RecordedThing, iris_of
from graph_service.pages.visit import PageContent, Visit
from graph_service.views.searching.search import Excerpt, SearchHit

PATH = "/search"
PARAMS = {
    "q": Parameter(type=Type.STRING, title={"en": "What is looked for", "de": "Was gesucht wird"}),
    "kind": Parameter(type=Type.ENUM, values=KINDS, title={"en": "Only these", "de": "Nur diese"}),
}
# Propositions answer "who is for it?", so they come first; what leads elsewhere follows.
_ORDER = ("propositions", "actors", "positions", "documents", "issues", "instruments", "bodies", "relations", "votes")
_MAIN = ("propositions", "actors", "positions", "documents")
# The name of a kind, its hits, and how many more there are.
_Grouped: TypeAlias = tuple[str, Sequence[SearchHit], int]
HITS = 60
_SHOWN = 6
_RELAXED = 3
# Around the first word that was found, in code points.
_BEFORE, _LONGEST = 90, 260


@dataclass(frozen=True)
class SearchResult:
    """A hit and the facts on its line.

    Attributes:
        thing: what the graph says of it.
        sides: of a proposition: who stands how.
        text: in which words were found.
        field: what that is of the thing: `label` or `text`.
        pieces: an excerpt of it, cut where it is marked: pairs of text and whether it was looked for.
        language: of the excerpt.
    """

    thing: RecordedThing
    sides: Mapping[str, Sequence[str]]
    text: str = ""
    field: str = ""
    pieces: Sequence[tuple[str, bool]] = ()
    language: str = ""

    @property
    def stance(self) -> str:
        """Of a position: `for`, `mixed` or `against`."""
        return STANCES.get(self.thing.one("agreement"), "")


@dataclass
class Group:
    """The hits of a kind, the best first, and how many more there are; `relaxed` ones have only some of the words."""

    kind: str
    hits: list[SearchResult] = field(default_factory=list)
    more: int = 0
    relaxed: bool = False


async def search(visit: Visit) -> PageContent:
    """The page; it searches the index that the API searches, too."""
    words, kind = visit.one("q").strip(), visit.one("kind")
    hits: Sequence[SearchHit] = []
    if words:
        hits = await visit.edition.index.find(words, kind=kind, language=visit.language, limit=HITS)
    groups = _grouped(hits, kind)
    relaxed = await _relaxed(visit, words, {name for name, *_ in groups}) if hits and not kind else []
    found = [hit.item for _, shown, _ in (*groups, *relaxed) for hit in shown]
    recorded = await visit.things("found", item=found)
    known = await standings(visit)
    listed = [
        Group(name, [_found(hit, recorded, known) for hit in shown], more, not complete)
        for some, complete in ((groups, True), (relaxed, False))
        for name, shown, more in some
    ]
    speaking = {actor for one in listed for hit in one.hits for actors in hit.sides.values() for actor in actors}
    facts = {"words": words, "kind": kind, "kinds": _ORDER, "groups": listed}
    return PageContent("search", facts, {*found} | iris_of(list(recorded.values())) | speaking)


def _grouped(hits: Sequence[SearchHit], kind: str) -> list[_Grouped]:
    """Hits by kind; of a thing that stands in several lists the first counts. Only one kind is shown whole."""
    found: dict[str, list[SearchHit]] = {}
    for hit in hits:
        found.setdefault(kind or next(one for one in _ORDER if one in hit.kinds), []).append(hit)
    most = HITS if kind else _SHOWN
    return [(name, found[name][:most], max(0, len(found[name]) - most)) for name in _ORDER if name in found]


async def _relaxed(visit: Visit, words: str, present: Collection[str]) -> list[_Grouped]:
    """Of the main kinds without a hit for all words, the best for some of them."""
    found: list[_Grouped] = []
    for name in _MAIN:
        if name not in present:
            hits = await visit.edition.index.find(words, kind=name, language=visit.language, limit=_RELAXED)
            found += [(name, hits, 0)] if hits else []
    return found


def _found(hit: SearchHit, recorded: dict[str, RecordedThing], known: Standings) -> SearchResult:
    thing = recorded.get(hit.item, RecordedThing(hit.item))
    sides: dict[str, list[str]] = {}
    for cell in known.on(hit.item):
        sides.setdefault(KEYS[cell.status], []).append(cell.actor)
    return result(hit, thing, sides)


def result(hit: SearchHit, thing: RecordedThing | None = None, sides: Mapping[str, Sequence[str]] = {}) -> SearchResult:
    """A hit with its excerpt, cut where it is marked.

    Args:
        hit: as the index found it.
        thing: what the graph says of it.
        sides: as of `SearchResult`.
    """
    thing = thing or RecordedThing(hit.item)
    # The label stands above the excerpt anyway; where only that was hit, it is what is marked.
    excerpt = next((one for one in hit.excerpts if one.field == "text"), next(iter(hit.excerpts), None))
    if excerpt is None:
        return SearchResult(thing, sides)
    return SearchResult(thing, sides, excerpt.text, excerpt.field, list(_pieces(excerpt)), excerpt.language)


def _pieces(excerpt: Excerpt) -> Iterator[tuple[str, bool]]:
    """The excerpt around its first mark, cut at the marks."""
    text, marks = excerpt.text, excerpt.highlights
    begin = max(0, marks[0][0] - _BEFORE)
    begin = text.find(" ", begin) + 1 if begin else 0
    end = min(len(text), begin + _LONGEST)
    place = begin
    if begin:
        yield "… ", False
    for start, stop in marks:
        if begin <= start and stop <= end:
            yield text[place:start], False
            yield text[start:stop], True
            place = stop
    yield text[place:end], False
    if end < len(text):
        yield " …", False
