"""The pages that look across things: search, comparison, matrix, time, coverage, network."""

from __future__ import annotations

from collections.abc import Iterator

from graph_service.http.api.network_kinds import NetworkBuilder
from graph_service.http.api.searching import Index
from graph_service.http.operations.operation import Operation
from graph_service.http.operations.questions import Questions
from graph_service.http.pages import comparing, network, searching
from graph_service.http.pages.choices import KnownNames
from graph_service.http.pages.visit import Pages


def operations(pages: Pages, questions: Questions, index: Index | None = None) -> Iterator[Operation]:
    """All of them.

    Args:
        pages: makes pages.
        questions: asks the store.
        index: that of the API, so that there is one; without it one of their own.
    """
    known = KnownNames()
    made = comparing.ComparisonPages(questions, known)
    networks = network.Networks(NetworkBuilder(questions), known)
    yield pages.operation(searching.PATH, searching.search(index or Index(questions)), searching.PARAMS)
    yield pages.operation("/compare", made.compare, comparing.COMPARE_PARAMS)
    yield pages.operation("/matrix", made.matrix, comparing.MATRIX_PARAMS)
    yield pages.operation("/timeline", made.timeline, comparing.TIMELINE_PARAMS)
    yield pages.operation("/coverage", made.coverage, comparing.COVERAGE_PARAMS)
    yield pages.operation("/network", networks.network, network.PARAMS)
    yield pages.operation("/network/edge", networks.edge, network.EDGE_PARAMS)
