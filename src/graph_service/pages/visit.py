"""A request for a page: its queries, its content, and its HTML.

Validators, cache and content coding are those of the layer in front, as for the API. A page asks query files in
`queries/pages/`, never the engine, so it works over any store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from starlette.responses import Response

from graph_service.http import web
from graph_service.http.protocol.cache import Recent
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import Fields
from graph_service.http.protocol.request import Request
from graph_service.http.web import addresses
from graph_service.http.web.call import language_of, respond
from graph_service.http.web.edition import Edition
from graph_service.http.web.parameters import Texts
from graph_service.pages.citation import cite
from graph_service.pages.shown import Show
from graph_service.pages.things import RecordedThing, read
from graph_service.rdf.alphabet import sort_key
from graph_service.rdf.answers import Row
from graph_service.rdf.formats import Format

_CARDS = 4000  # about a kilobyte each
# Lists that every visit of a page reads in whole are kept up to so many things: a few megabytes.
_LISTS, _MOST_THINGS = 8, 5000


@dataclass(frozen=True)
class PageContent:
    """What is to be rendered.

    Attributes:
        template: name of the template.
        facts: what it shows.
        shows: IRIs whose labels it needs.
        fields: header fields that go with it.
    """

    template: str
    facts: Mapping[str, Any]
    shows: Collection[str] = ()
    fields: Fields = ()


class PageFile(NamedTuple):
    """A page as a file to download: its name without extension, and its content."""

    name: str
    body: bytes


class _Memory:
    """What is kept for a data set: the HTML of the last positions that were shown, and whole lists."""

    def __init__(self) -> None:
        self.cards: Recent[tuple[object, ...], str] = Recent(_CARDS)
        self.lists: Recent[tuple[str, str], dict[str, RecordedThing]] = Recent(_LISTS)


class Visit:
    """One request for a page.

    Args:
        edition: what it is answered from.
        request: as it came.
        arguments: of the page.
        asked: the language that the address names; None where it names none.

    Attributes:
        show: terms in the language of the page.
        questions: asks the store, knows labels.
    """

    def __init__(self, edition: Edition, request: Request, arguments: Texts, asked: str | None) -> None:
        self.edition = edition
        self.request = request
        self.arguments = arguments
        self.asked = asked or ""
        self.questions = edition.questions
        language = language_of(request, asked)
        self.show = Show(edition.names, self.questions.labels, language, self.root, language if asked else "")

    @property
    def root(self) -> str:
        """The path below which a proxy serves us."""
        return str(self.request.scope.get("root_path", ""))

    @property
    def client(self) -> str:
        """The address of the client."""
        return self.request.client

    def one(self, name: str) -> str:
        """The value of a parameter that comes at most once; empty if it was not given."""
        return self.arguments.one(name)

    def flag(self, name: str) -> bool:
        """Whether a boolean parameter is true."""
        return self.arguments.flag(name)

    @property
    def language(self) -> str:
        """Language of the page."""
        return self.show.language

    async def things(self, file: str, /, **arguments: Iterable[str]) -> dict[str, RecordedThing]:
        """The things that a query file describes, by IRI; it has the columns `item`, `field` and `value`.

        Args:
            file: name of the query file.
            arguments: values of its parameters: IRIs, CURIEs or names relative to the base. If one of
                them is empty, the store is not asked.

        Raises:
            QueryError: it was not answered.
        """
        arguments = {name: list(values) for name, values in arguments.items()}
        if not all(arguments.values()):
            return {}
        return read(await self.rows(file, **arguments))

    async def whole(self, file: str, scheme: str = "") -> Mapping[str, RecordedThing]:
        """All things of a kind, or all concepts of a scheme, as of `things`; asked for once if they are few.

        Raises:
            QueryError: it was not answered.
        """
        lists = self._memory.lists
        if (kept := lists.get((file, scheme))) is not None:
            return kept
        found = await (self.things(file, scheme=[scheme]) if scheme else self.things(file))
        if len(found) <= _MOST_THINGS:
            lists.put((file, scheme), found)
        return found

    async def rows(self, file: str, /, **arguments: Iterable[str]) -> list[Row]:
        """The rows of any query file; arguments and errors as of `things`."""
        return await self.questions.rows(self._bound(file, arguments), self.client)

    async def label(self, iris: Iterable[str]) -> None:
        """Fetch the labels of what the page shows."""
        await self.questions.label([], self.client, also=iris)
        # Labels of another data set may have taken the place of those that were known before.
        self.show.know(self.questions.labels)

    def by_name(self, iris: Iterable[str]) -> list[str]:
        """IRIs in the order of their labels, which must be known."""
        return sorted(iris, key=lambda iri: (sort_key(self.show.labels.text(iri, self.language)), iri))

    def matching(self, iris: Iterable[str], text: str) -> list[str]:
        """Those of these IRIs whose label, in the language of the page, holds all words of a text, by name."""
        words = text.casefold().split()
        named = ((iri, self.show.labels.text(iri, self.language).casefold()) for iri in self.by_name(iris))
        return [iri for iri, name in named if all(word in name for word in words)]

    async def response(self, page: PageContent) -> Response:
        """The page as HTML, once all labels are there."""
        await self.label(page.shows)
        body = web.render(page.template, self.language, **self._frame(), **page.facts)
        fields = ((b"content-language", self.language.encode()), *page.fields)
        return respond(body, HTML.content_type, fields)

    def file(self, format_: Format, file: PageFile) -> Response:
        """The page as a file to download (RFC 6266)."""
        disposition = f'attachment; filename="{file.name}.{format_.extension}"'
        fields = ((b"content-language", self.language.encode()), (b"content-disposition", disposition.encode()))
        return respond(file.body, format_.content_type, fields)

    @property
    def _memory(self) -> _Memory:
        return self.edition.remembered("visits", _Memory)

    def _bound(self, file: str, arguments: Mapping[str, Iterable[str]]) -> str:
        return self.edition.page_file(file).bind(
            {name: list(values) for name, values in arguments.items()}, self.show.names
        )

    def _frame(self) -> Mapping[str, Any]:
        """What every page shows around its content."""
        edition = self.edition
        return {
            "show": self.show,
            "cards": self._memory.cards,
            "root": self.show.root,
            "keep": self.show.page("")[len(self.show.root) :],
            "here": addresses.translations(self.request.parameters(), web.LANGUAGES),
            "absent": self.asked if self.asked.partition("-")[0] not in ("", *web.LANGUAGES) else "",
            "digest": edition.digest,
            "feed": edition.feed,
            "live": edition.live,
            "licence": edition.licence,
            "cited": partial(cite, self.request, edition.digest, edition.publisher, self.language),
        }
