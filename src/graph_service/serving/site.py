"""The published side of the service put together: resources, their documents, the ontology, the data set as a whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from graph_service.catalogue.queries import Catalogue
from graph_service.explaining.proving import Prover
from graph_service.http import web
from graph_service.http.api.searching import Index
from graph_service.http.linked_data.publishing import DatasetPublication
from graph_service.http.linked_data.suffixes import LinkedData, Suffixes
from graph_service.http.operations.dispatch import API
from graph_service.http.operations.questions import Questions
from graph_service.http.pages import comparisons, editor
from graph_service.http.pages.notices import Notices
from graph_service.http.pages.notices import operations as about_publisher
from graph_service.http.pages.resource_documents import Documents
from graph_service.http.protocol.answers import Answers
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.protocol.request import ASGIApp
from graph_service.http.sparql.description import DatasetFacts
from graph_service.http.web import addresses
from graph_service.http.web import static_files as static
from graph_service.serving.api_endpoints import directory_of, licence_of
from graph_service.serving.page_endpoints import operations, pages
from graph_service.settings import ServeSettings
from graph_service.snapshots.publication import Publication
from graph_service.snapshots.snapshot import Snapshot
from graph_service.views.descriptions import Descriptions


@dataclass(frozen=True)
class Site:
    """What is published.

    Attributes:
        routes: what answers at which path; one that ends in a slash stands for all below it.
        editor: what browsers get of `/sparql`.
        names: answers every path that nothing else does, since any may be the name of a resource.
        close: called once, when the service stops.
        pages: addresses of the pages that are not those of single things and need no parameters.
    """

    routes: Mapping[str, ASGIApp]
    editor: ASGIApp
    names: ASGIApp
    close: Callable[[], Awaitable[None]]
    pages: Sequence[str]


def build(
    answers: Answers,
    catalogue: Catalogue,
    snapshot: Snapshot,
    dataset: DatasetFacts,
    *,
    settings: ServeSettings,
    prover: Prover | None = None,
    notices: Notices | None = None,
    index: Index | None = None,
    publication: Publication | None = None,
    queried: bool = True,
    feed: bool = False,
) -> Site:
    """Put it together.

    Args:
        answers: runs queries, keeps answers.
        catalogue: the query files; those of publication lie below its directory, else the shipped ones are taken.
        snapshot: whose dumps and figures are published.
        dataset: for the named graphs.
        settings: the limits of a query, which the editor tells, the licence and the publisher.
        prover: explains statements, without it nothing does; it is closed with the site.
        notices: what the publisher says about himself.
        index: what the API searches.
        publication: files and figures of the snapshot, if there are any made already.
        queried: whether the description of the data set names a SPARQL endpoint.
        feed: whether there is a feed of changes, which pages then name.

    Raises:
        QueryFileError: a file of publication is wrong.
    """
    manifest = snapshot.manifest
    licence = licence_of(settings, manifest.base)
    questions = Questions(answers.store, directory_of(catalogue, "api"), manifest.names)
    descriptions = Descriptions(directory_of(catalogue, "publication"), manifest.names)
    directory = directory_of(catalogue, "pages")
    made = pages(questions, directory, feed=feed, licence=licence, publisher=settings.publisher)
    documents = Documents(questions, descriptions, made)
    said = about_publisher(made, notices or Notices(), descriptions)
    across = comparisons.operations(made, questions, index)
    told = operations(made, manifest, catalogue, prover, licence=licence, publisher=settings.publisher)
    others = [*told, *across, *said]
    named = LinkedData(questions, descriptions, dataset)
    asked = made.operation(editor.PATH, editor.editor(catalogue, settings), editor.PARAMS)
    described = Suffixes(API(answers, [*documents.operations(), *others, asked], manifest.names, licence))
    publication = publication or Publication(snapshot)
    ontology = {addresses.ontology(format_): described for format_ in (HTML, *addresses.DATA)}
    routes: dict[str, ASGIApp] = {
        "/id/": named,
        "/page": described,
        "/page/": described,
        "/data": described,
        "/data/": described,
        **ontology,
    }
    routes |= {operation.path: described for operation in others} | {static.PATH: static.Static(web.STATIC)}
    routes |= DatasetPublication(publication, licence, queried=queried).routes
    plain = [one.path for one in others if not any(about.required for about in one.params.values())]

    async def close() -> None:
        await publication.close()
        if prover is not None:
            await prover.close()

    return Site(routes, editor.lenient(described, asked.params), named, close, plain)
