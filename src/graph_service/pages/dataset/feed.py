"""`/changes.atom`: a feed with an entry for each of the last editions, of all or of one actor or issue (RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from fastapi import APIRouter

from graph_service.http import web
from graph_service.http.protocol.problems import RequestError
from graph_service.http.web import addresses
from graph_service.pages.dataset.changes import FILTER, PATH, lines_of, wanted_in
from graph_service.pages.dataset.news import NewEdition, Sentences, editions_of, found_in
from graph_service.pages.page_routes import add_file
from graph_service.pages.shown import Show
from graph_service.pages.visit import Visit
from graph_service.rdf.xml_documents import legal, unbroken_lines
from graph_service.snapshots.snapshot import name_of
from graph_service.views.changes.news import NewsLine

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
# Sentences of an entry.
_MOST = 100
_RETRY = 10
_NEVER = "1970-01-01T00:00:00Z"


@dataclass(frozen=True)
class FeedHead:
    """What a feed says of itself; `updated` is RFC 3339, `itself` and `page` are its address and that of its page."""

    iri: str
    title: str
    author: str
    updated: str
    itself: str
    page: str
    language: str


@dataclass(frozen=True)
class FeedEntry:
    """An entry; `address` is where it leads, `content` is HTML."""

    iri: str
    title: str
    updated: str
    address: str
    content: str


def add_feed(routes: APIRouter, *, of_model: bool) -> None:
    """Add the feed; data of another model have no actors and issues to choose from."""
    add_file(routes, addresses.FEED, MEDIA_TYPE, _feed, FILTER if of_model else {})


async def _feed(visit: Visit) -> bytes:
    found = found_in(visit)
    if found is None:
        raise RequestError(404, "No editions are kept here, so there is no feed.", hint=f"{PATH} tells by day.")
    editions, wanted = editions_of(visit, found), wanted_in(visit)
    if left := sum(one.is_pending for one in editions):
        fields = ((b"retry-after", str(_RETRY).encode()),)
        message = f"What changed is being found: {left} editions are left."
        raise RequestError(503, message, hint="Ask again in a moment.", fields=fields)
    lines: dict[NewEdition, list[NewsLine]] = {}
    for edition, line in lines_of(editions, wanted):
        lines.setdefault(edition, []).extend([line] if line else [])
    named = {iri for iris in wanted.values() for iri in iris}
    await visit.label(named | {iri for some in lines.values() for line in some[:_MOST] for iri in line.iris})
    words, origin = web.words(visit.language), visit.request.origin
    about = ", ".join(visit.show.labels.text(iri, visit.language) for iri in visit.by_name(named))
    given = [(name, visit.show.short(one)) for name, iris in wanted.items() for one in sorted(iris)]
    query = f"?{urlencode(given, safe='/:')}" if given else ""
    spoken = f"{'&' if query else '?'}lang={visit.language}"
    return written(
        FeedHead(
            iri=f"{origin}{addresses.FEED}{query}",
            title=f"{words['title']}: {about}" if about else words["title"],
            author=visit.edition.publisher or words["title"],
            updated=next((one.since for one in (*lines, *editions)), _NEVER),
            itself=f"{origin}{addresses.FEED}{query}{spoken}",
            page=f"{origin}{PATH}{query}{spoken}",
            language=visit.language,
        ),
        [_entry(visit, edition, some, given) for edition, some in lines.items()],
    )


def _entry(visit: Visit, edition: NewEdition, lines: Sequence[NewsLine], given: Sequence[tuple[str, str]]) -> FeedEntry:
    language, words = visit.language, web.words(visit.language)
    # Readers of feeds have no page that addresses could be relative to.
    show = Show(visit.edition.names, visit.show.labels, language, visit.request.origin, language)
    kept = f"{visit.request.site}{visit.request.scope['editions']}"
    sentences = Sentences(show, words, kept, edition)
    facts: dict[str, Any] = {
        "of": edition,
        "editions": kept,
        "show": show,
        "sentences": [sentences.of(line) for line in lines[:_MOST]],
        "left": max(0, len(lines) - _MOST),
    }
    return FeedEntry(
        iri=f"{name_of(edition.digest)}?{urlencode([('since', edition.since), *given], safe='/:+')}",
        title=words["news.edition"].format(day=edition.since[:10]),
        updated=edition.since,
        address=f"{kept}{edition.digest}/",
        content=web.render("feed-entry", language, **facts).decode(),
    )


def written(head: FeedHead, entries: Iterable[FeedEntry]) -> bytes:
    """A feed as XML, with U+FFFD for what XML excludes."""
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": head.language})
    _add(root, "id", head.iri)
    _add(root, "title", head.title)
    _add(root, "updated", head.updated)
    _add(ElementTree.SubElement(root, "author"), "name", head.author)
    ElementTree.SubElement(root, "link", {"rel": "self", "href": head.itself})
    ElementTree.SubElement(root, "link", {"rel": "alternate", "href": head.page})
    for entry in entries:
        node = ElementTree.SubElement(root, "entry")
        _add(node, "id", entry.iri)
        _add(node, "title", entry.title)
        _add(node, "updated", entry.updated)
        ElementTree.SubElement(node, "link", {"rel": "alternate", "href": entry.address})
        _add(node, "content", entry.content).set("type", "html")
    return unbroken_lines(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: ElementTree.Element, tag: str, text: str) -> ElementTree.Element:
    node = ElementTree.SubElement(parent, tag)
    node.text = legal(text)
    return node
