"""A page and one visit to it: what it asks the store, what it shows, and how it becomes HTML.

Every page is an operation like those of the API, so negotiation, language, validators, cache and content coding are
shared with them. A page asks query files in `queries/pages/`, never the engine, so it works over any store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from graph_service.catalogue.parameters import Parameter
from graph_service.catalogue.queries import QueryFile
from graph_service.http import web
from graph_service.http.operations.operation import LANG, Call, DeferredAnswer, Operation, RenderedAnswer
from graph_service.http.operations.questions import Questions
from graph_service.http.pages.citation import cite
from graph_service.http.pages.shown import Show
from graph_service.http.pages.things import RecordedThing, read
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import Fields
from graph_service.http.web import addresses
from graph_service.rdf.answers import Row


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


class Visit:
    """One request for a page.

    Args:
        call: what is asked for.
        questions: asks the store, knows labels.
        files: the query files of pages, by name.

    Attributes:
        show: terms in the language of the page.
    """

    def __init__(self, call: Call, questions: Questions, files: Callable[[str], QueryFile]) -> None:
        self.call = call
        self.questions = questions
        self._files = files
        asked = call.one("lang")
        root = call.request.scope.get("root_path", "")
        self.show = Show(questions.names, questions.labels, spoken(call), root, spoken(call) if asked else "")

    @property
    def language(self) -> str:
        """Language of the page."""
        return self.show.language

    async def things(self, file: str, **arguments: Iterable[str]) -> dict[str, RecordedThing]:
        """The things that a query file tells of, by IRI; it has the columns `item`, `field` and `value`.

        Args:
            file: name of the query file.
            arguments: values of its parameters: IRIs, CURIEs or names relative to the base. Of no things there is
                nothing to tell, so an empty one asks nothing.

        Raises:
            QueryError: it was not answered.
        """
        arguments = {name: list(values) for name, values in arguments.items()}
        if not all(arguments.values()):
            return {}
        return read(await self.rows(file, **arguments))

    async def rows(self, file: str, **arguments: Iterable[str]) -> list[Row]:
        """The rows of any query file; arguments and errors as of `things`."""
        return await self.questions.rows(self._bound(file, arguments), self._client)

    async def label(self, iris: Iterable[str]) -> None:
        """Learn the labels of what will be shown."""
        await self.questions.label([], self._client, also=iris)
        # Labels of another data set may have taken the place of those that were known before.
        self.show.know(self.questions.labels)

    def by_name(self, iris: Iterable[str]) -> list[str]:
        """IRIs in the order of their labels, which must be known."""
        return sorted(iris, key=lambda iri: (self.show.labels.text(iri, self.language).casefold(), iri))

    def matching(self, iris: Iterable[str], text: str) -> list[str]:
        """Those of these IRIs whose label, in the language of the page, holds all words of a text, by name."""
        words = text.casefold().split()
        named = ((iri, self.show.labels.text(iri, self.language).casefold()) for iri in self.by_name(iris))
        return [iri for iri, name in named if all(word in name for word in words)]

    async def render(self, page: PageContent, site: Mapping[str, Any]) -> RenderedAnswer:
        """The page as HTML, in a thread, once all labels are there; `site` are facts that all pages share."""
        await self.label(page.shows)
        body = await asyncio.to_thread(web.render, page.template, self.language, **site, **self._frame(), **page.facts)
        return RenderedAnswer(body.encode("utf-8", "replace"), page.fields)

    def _bound(self, file: str, arguments: Mapping[str, Iterable[str]]) -> str:
        return self._files(file).bind({name: list(values) for name, values in arguments.items()}, self.show.names)

    def _frame(self) -> Mapping[str, Any]:
        """What every page shows around its content."""
        return {
            "show": self.show,
            "root": self.show.root,
            "keep": self.show.page("")[len(self.show.root) :],
            "here": addresses.translations(self.call.request.parameters(), web.LANGUAGES),
            "digest": self.questions.store.digest,
        }

    @property
    def _client(self) -> str:
        return self.call.request.client


Answer: TypeAlias = Callable[[Visit], Awaitable[PageContent]]


class Pages:
    """Makes operations of pages.

    Args:
        questions: asks the store.
        file: finds a query file of pages by name.
        feed: whether there is a feed of changes, which pages then name.
        licence: IRI of the licence of the data, empty for none.
        publisher: whom citations name, empty for nobody.
    """

    def __init__(
        self,
        questions: Questions,
        file: Callable[[str], QueryFile],
        *,
        feed: bool = False,
        licence: str = "",
        publisher: str = "",
    ) -> None:
        self._questions = questions
        self._file = file
        self._shared = {"feed": feed, "licence": licence}
        self._publisher = publisher

    def operation(
        self,
        path: str,
        answer: Answer,
        params: Mapping[str, Parameter] | None = None,
        path_params: Mapping[str, Parameter] | None = None,
    ) -> Operation:
        """A page at an address.

        Args:
            path: below the root of the service.
            answer: says what is shown.
            params: what it takes beside `lang`.
            path_params: the parts of its address.
        """

        async def make(call: Call) -> RenderedAnswer:
            visit = Visit(call, self._questions, self._file)
            cited = partial(cite, call.request, self._questions.store.digest, self._publisher, visit.language)
            return await visit.render(await answer(visit), {**self._shared, "cited": cited})

        title = {"en": "A page", "de": "Eine Seite"}
        return Operation(
            path,
            path,
            title,
            title,
            "pages",
            (HTML,),
            lambda call: DeferredAnswer(lambda: make(call)),
            {**(params or {}), "lang": LANG},
            path_params=path_params or {},
        )


def spoken(call: Call) -> str:
    """The language of a page: the one that was negotiated, if pages are written in it."""
    return call.language if call.language in web.LANGUAGES else web.LANGUAGES[0]
