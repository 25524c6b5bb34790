"""All pages put together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from graph_service.http.api.operations import Operation
from graph_service.http.api.questions import Questions
from graph_service.http.pages.start import questions as questions_page
from graph_service.http.pages.start import start
from graph_service.http.pages.visit import Pages
from graph_service.queries import Catalogue, QueryFile
from graph_service.snapshot import Manifest


def pages(questions: Questions, directory: Path) -> Pages:
    """What makes pages.

    Args:
        questions: asks the store.
        directory: of the query files of pages.
    """
    return Pages(questions, cache(lambda name: QueryFile(directory / f"{name}.rq")))


def operations(made: Pages, manifest: Manifest, catalogue: Catalogue) -> Iterator[Operation]:
    """The pages that are not those of single resources.

    Args:
        made: makes them.
        manifest: of the snapshot.
        catalogue: the questions it answers.
    """
    yield made.operation("/", start(manifest))
    yield made.operation("/questions", questions_page(catalogue))
