"""Documents about resources and the ontology, as operations: negotiated, tagged, cached and coded as the API is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import pyoxigraph as ox

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.http.linked_data.suffixes import asking
from graph_service.http.operations.operation import Call, DeferredAnswer, Operation, RenderedAnswer
from graph_service.http.operations.questions import Questions
from graph_service.http.pages.kinds import teller_of
from graph_service.http.pages.ontology import Ontology
from graph_service.http.pages.schema_org import Outlines
from graph_service.http.pages.statements import statements
from graph_service.http.pages.visit import PageContent, Pages, Visit
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.problems import Fields, RequestError
from graph_service.http.web import addresses
from graph_service.rdf.formats import Format
from graph_service.rdf.serialization import write
from graph_service.views.descriptions import Description, Descriptions

_PATH = Parameter(type=Type.STRING, required=True, example="actor/paritaet-sachsen")
_IRI = Parameter(type=Type.STRING, required=True, example="http://eurovoc.europa.eu/2509")
_VIEW = Parameter(type=Type.ENUM, values=("statements",))


class Documents:
    """Makes the documents.

    Args:
        questions: asks the store, knows labels.
        descriptions: finds what is said.
        pages: makes pages.
    """

    def __init__(self, questions: Questions, descriptions: Descriptions, pages: Pages) -> None:
        self._questions = questions
        self._descriptions = descriptions
        self._names = questions.names
        self._pages = pages
        self._outlines = Outlines()
        self._ontology = Ontology()

    def operations(self) -> Iterator[Operation]:
        """All of them."""
        yield self._pages.operation("/page/{path}", self._page, {"view": _VIEW}, {"path": _PATH})
        yield self._pages.operation("/page", self._page, {"view": _VIEW, "iri": _IRI})
        yield _operation("/data/{path}", addresses.DATA, lambda call: DeferredAnswer(lambda: self._data(call)))
        yield _operation("/data", addresses.DATA, lambda call: DeferredAnswer(lambda: self._data(call)), {"iri": _IRI})
        yield self._pages.operation(addresses.ontology(HTML), self._ontology_page)
        for format_ in addresses.DATA:
            yield _operation(
                addresses.ontology(format_), (format_,), lambda call: DeferredAnswer(lambda: self._terms(call))
            )

    async def _page(self, visit: Visit) -> PageContent:
        """The page of what the path stands for: that of its kind, or with `view=statements` all that is said of it."""
        call = visit.call
        iri = await self._known(call)
        outline = await self._outlines.of(visit, iri)
        teller = teller_of(outline.kinds, self._names) if not call.one("view") else None
        if teller is not None:
            page = await teller(visit, iri)
        else:
            description = await self._descriptions.describe(iri, asking(self._questions, call.request.client))
            page = await statements(visit, description)
        documents = [(one, visit.show.data(iri, one)) for one in addresses.DATA]
        facts = {"iri": iri, "documents": documents, "json_ld": partial(outline.json_ld, visit.show), **page.facts}
        shows = {*page.shows, *outline.shows}
        return replace(page, facts=facts, shows=shows, fields=self._fields(call, iri, {"lang": visit.language}))

    async def _data(self, call: Call) -> RenderedAnswer:
        description = await self._describe(call)
        body = await asyncio.to_thread(self._written, [*description.quads, *description.names], call.format)
        return RenderedAnswer(body, self._fields(call, description.iri, {}))

    async def _describe(self, call: Call) -> Description:
        """The description of what the path stands for; errors as of `_known`."""
        return await self._descriptions.describe(await self._known(call), asking(self._questions, call.request.client))

    async def _known(self, call: Call) -> str:
        """The IRI that the path stands for.

        Raises:
            RequestError: 404.
        """
        ask = asking(self._questions, call.request.client)
        known = await self._descriptions.known(self._candidates(call), ask)
        if known is None or known.is_version:
            raise RequestError(404, "Nothing of this name is known here.", hint="/sitemap.xml lists what is.")
        return known.iri

    def _candidates(self, call: Call) -> list[str]:
        """The IRIs that the address may stand for: the one it names, or by its path."""
        named = call.one("iri")
        if named:
            return [named]
        raw, decoded = addresses.below(call.request)
        return addresses.iris(self._names, (raw.partition("/")[2], decoded.partition("/")[2]), document=True)

    async def _ontology_page(self, visit: Visit) -> PageContent:
        page = await self._ontology.page(visit)
        return replace(page, fields=self._links(visit.call, addresses.ontology, {"lang": visit.language}))

    async def _terms(self, call: Call) -> RenderedAnswer:
        quads = await self._descriptions.ontology(asking(self._questions, call.request.client))
        body = await asyncio.to_thread(self._written, quads, call.format)
        return RenderedAnswer(body, self._links(call, addresses.ontology, {}))

    def _written(self, quads: Sequence[ox.Quad], format_: Format) -> bytes:
        try:
            return write(quads, format_, self._names)
        except ValueError as error:
            raise RequestError(406, f"This cannot be written as {format_.name}: {error}.") from None

    def _fields(self, call: Call, iri: str, query: dict[str, str]) -> Fields:
        describes = (b"link", f'<{_ascii(iri)}>; rel="describes"'.encode())
        own = self._links(call, lambda format_: addresses.document(self._names, iri, format_), query)
        return (*own, describes)

    def _links(self, call: Call, path: Callable[[Format], str], query: dict[str, str]) -> Fields:
        root = call.request.scope.get("root_path", "")
        place = addresses.with_query(f"{root}{path(call.format)}", query)
        paths = ((format_, path(format_)) for format_ in addresses.ALL)
        return ((b"content-location", place.encode()), *addresses.links(call.request, paths, call.format))


def _operation(
    path: str,
    formats: tuple[Format, ...],
    answer: Callable[[Call], DeferredAnswer],
    params: Mapping[str, Parameter] | None = None,
) -> Operation:
    path_params = {"path": _PATH} if "{path}" in path else {}
    text = {"en": "A document about a resource", "de": "Ein Dokument über eine Ressource"}
    return Operation(path, path, text, text, "linked-data", formats, answer, params or {}, path_params=path_params)


def _ascii(iri: str) -> str:
    """An IRI as a URI (RFC 3987, section 3.1), for a header field."""
    return "".join(c if ord(c) < 128 else "".join(f"%{byte:02X}" for byte in c.encode()) for c in iri)
