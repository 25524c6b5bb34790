"""All pages on one router."""

from __future__ import annotations

from fastapi import APIRouter

from graph_service.catalogue.queries import Catalogue
from graph_service.http.api.explaining import terms
from graph_service.pages import classes, docs, lists, proof, start
from graph_service.pages.asking import finding, query_editor, searching
from graph_service.pages.asking.questions import add_questions
from graph_service.pages.briefs import brief, brief_files
from graph_service.pages.charts.routes import add_charts
from graph_service.pages.comparison import comparing, matrix
from graph_service.pages.dataset import changes, coverage, dumps, editions
from graph_service.pages.dataset.feed import add_feed
from graph_service.pages.network_page import network
from graph_service.pages.network_page.network_files import add_network_files
from graph_service.pages.notices import Notices, add_notices
from graph_service.pages.page_routes import add_page, pages_router
from graph_service.pages.stances import position_list
from graph_service.pages.stances.votes import votes
from graph_service.pages.subjects import issues
from graph_service.pages.subjects.resource import add_resources
from graph_service.settings import ServeSettings


def all_pages(catalogue: Catalogue, notices: Notices, settings: ServeSettings, *, of_model: bool) -> APIRouter:
    """The router.

    Args:
        catalogue: the questions that pages show.
        notices: the publisher's own texts.
        settings: the limits of a query, which the editor shows.
        of_model: whether the data are in the shipped model, which has pages of its own.
    """
    routes = pages_router()
    add_page(routes, "/", start.start)
    add_questions(routes, catalogue)
    add_page(routes, classes.PATH, classes.things, classes.PARAMS)
    add_page(routes, proof.PATH, proof.proof, terms(of_model=of_model))
    add_page(
        routes,
        changes.PATH,
        changes.changes(of_model=of_model),
        changes.PARAMS if of_model else changes.PARAMS_OF_OTHERS,
    )
    add_feed(routes, of_model=of_model)
    add_page(routes, editions.PATH, editions.editions, editions.PARAMS)
    add_page(routes, dumps.PATH, dumps.dumps)
    if of_model:
        _add_model(routes)
    else:
        add_page(routes, searching.PATH, finding.search, finding.PARAMS)
    add_notices(routes, notices)
    add_page(routes, query_editor.PATH, query_editor.editor(catalogue, settings), query_editor.PARAMS, listed=False)
    add_page(routes, docs.PATH, docs.docs if of_model else docs.docs_of_others, listed=False)
    add_resources(routes)
    return routes


def _add_model(routes: APIRouter) -> None:
    """Add the pages that tell of things of the shipped model."""
    add_page(routes, "/actors", lists.actors, lists.ACTORS)
    add_page(routes, "/propositions", issues.propositions, issues.PARAMS)
    add_page(routes, "/issues", issues.all_issues)
    add_page(routes, "/documents", lists.documents, lists.DOCUMENTS)
    add_page(routes, position_list.PATH, position_list.positions, position_list.PARAMS)
    add_page(routes, "/votes", votes)
    add_page(routes, searching.PATH, searching.search, searching.PARAMS)
    add_page(routes, "/compare", comparing.compare, comparing.COMPARE_PARAMS)
    add_page(routes, "/matrix", matrix.matrix, matrix.PARAMS)
    add_page(routes, "/timeline", comparing.timeline, comparing.TIMELINE_PARAMS)
    add_page(routes, brief.PATH, brief.brief, brief.PARAMS, listed=False, files=brief_files.FILES)
    add_page(routes, "/coverage", coverage.coverage, coverage.PARAMS)
    add_page(routes, "/network", network.network, network.PARAMS)
    add_network_files(routes)
    add_page(routes, "/network/edge", network.edge, network.EDGE_PARAMS)
    add_charts(routes)
