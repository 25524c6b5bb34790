"""All pages put together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from graph_service.catalogue.queries import Catalogue, QueryFile
from graph_service.explaining.proving import Prover
from graph_service.http.operations.operation import Operation
from graph_service.http.operations.questions import Questions
from graph_service.http.pages import issues, lists, proof
from graph_service.http.pages.start import questions as questions_page
from graph_service.http.pages.start import start
from graph_service.http.pages.visit import Pages
from graph_service.http.pages.votes import votes
from graph_service.snapshots.snapshot import Manifest


def pages(
    questions: Questions, directory: Path, *, feed: bool = False, licence: str = "", publisher: str = ""
) -> Pages:
    """What makes pages.

    Args:
        questions: asks the store.
        directory: of the query files of pages.
        feed: as of `Pages`.
        licence: as of `Pages`.
        publisher: as of `Pages`.
    """
    file = cache(lambda name: QueryFile(directory / f"{name}.rq"))
    return Pages(questions, file, feed=feed, licence=licence, publisher=publisher)


def operations(
    made: Pages,
    manifest: Manifest,
    catalogue: Catalogue,
    prover: Prover | None,
    *,
    licence: str,
    publisher: str,
) -> Iterator[Operation]:
    """The pages that are not those of single resources.

    Args:
        made: makes them.
        manifest: of the snapshot.
        catalogue: the questions it answers.
        prover: explains statements; without it nothing does.
        licence: IRI of the licence of the data, empty for none.
        publisher: who publishes them, empty where nobody says.
    """
    yield made.operation("/", start(manifest, licence, publisher))
    yield made.operation("/questions", questions_page(catalogue))
    yield made.operation("/actors", lists.actors, lists.ACTORS)
    yield made.operation("/propositions", issues.propositions, issues.PARAMS)
    yield made.operation("/issues", issues.tree)
    yield made.operation("/documents", lists.documents, lists.DOCUMENTS)
    yield made.operation("/positions", lists.positions, lists.POSITIONS)
    yield made.operation("/votes", votes)
    if prover is not None:
        yield made.operation(proof.PATH, proof.proof(prover), proof.PARAMS)
