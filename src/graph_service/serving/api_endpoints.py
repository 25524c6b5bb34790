"""The operations of the API, put together over one catalogue and one store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graph_service.building import shipped
from graph_service.catalogue.queries import Catalogue
from graph_service.errors import SettingsError
from graph_service.explaining.proving import Prover
from graph_service.http.api import catalogue as queries
from graph_service.http.api import comparing, explaining, networks, resources, searching
from graph_service.http.api.searching import Index
from graph_service.http.operations.dispatch import API
from graph_service.http.operations.operation import Operation
from graph_service.http.operations.questions import Questions
from graph_service.http.pages import docs
from graph_service.http.protocol.answers import Answers
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import iri, iri_value
from graph_service.serving.page_endpoints import pages
from graph_service.settings import BASE, ServeSettings

# Of the shipped data.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def build(
    answers: Answers,
    catalogue: Catalogue,
    names: Names,
    *,
    prover: Prover | None = None,
    licence: str,
    index: Index | None = None,
) -> API:
    """The API.

    Args:
        answers: runs queries, keeps answers.
        catalogue: the named queries; files of resources and of the API lie below its directory, else the shipped
            ones are taken.
        names: for CURIEs and the base.
        prover: explains statements; without it nothing does.
        licence: IRI of the licence of the data, empty for none.
        index: of texts; without it one is made.

    Raises:
        QueryFileError: a file of the API or of a resource is wrong.
    """
    questions = Questions(answers.store, directory_of(catalogue, "api"), names)
    close = prover.close if prover is not None else None
    operations = list(_operations(answers, catalogue, questions, prover, index or Index(questions)))
    page = pages(questions, directory_of(catalogue, "pages")).operation(docs.PATH, docs.documentation(operations))
    return API(answers, [*operations, page], names, licence, close)


def licence_of(settings: ServeSettings, base: str) -> str:
    """IRI of the licence of the data below a base: what the settings say, else what is known; empty for unknown.

    Raises:
        SettingsError: what the settings say is no absolute IRI.
    """
    if not settings.licence:
        return LICENCE if base == BASE else ""
    try:
        return iri_value(iri(settings.licence))
    except ValueError:
        hint = "For example: https://creativecommons.org/licenses/by/4.0/"
        raise SettingsError(f"The licence {settings.licence[:80]!r} is no IRI.", hint=hint) from None


def directory_of(catalogue: Catalogue, name: str) -> Path:
    """The directory of this name below the catalogue's, or the shipped one where a publisher has none of its own.

    Raises:
        SettingsError: nor is one shipped.
    """
    own = catalogue.directory / name
    return own if own.is_dir() else shipped.directory("queries") / name


def _operations(
    answers: Answers, catalogue: Catalogue, questions: Questions, prover: Prover | None, index: Index
) -> Iterator[Operation]:
    yield from resources.operations(directory_of(catalogue, "resources"), questions, index)
    yield from comparing.operations(questions)
    yield from networks.operations(questions)
    yield searching.operation(questions, index)
    if prover is not None:
        yield explaining.operation(prover)
    yield from queries.operations(catalogue, answers, questions)
