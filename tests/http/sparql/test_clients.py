"""Clients as people use them: SPARQLWrapper and rdflib's SPARQLStore."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from tests.http.servers import Running

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from SPARQLWrapper import SPARQLExceptions, SPARQLWrapper, Wrapper

SELECT = "SELECT DISTINCT ?s ?o WHERE { ?s <http://example.org/knows> ?o } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT WHERE { ?s <http://example.org/knows> ?o }"
pytestmark = [
    # Both are the clients' own: a class that is to go, and responses that they leave to the garbage collector.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def asked(server: Running, query: str, kind: str, method: str) -> Any:
    endpoint = SPARQLWrapper(f"{server.url}/sparql")
    endpoint.setMethod(method)
    endpoint.setReturnFormat(kind)
    endpoint.setQuery(query)
    endpoint.setTimeout(10)
    return endpoint.query()


@pytest.mark.parametrize("method", [Wrapper.GET, Wrapper.POST])
@pytest.mark.parametrize("kind", [Wrapper.JSON, Wrapper.XML, Wrapper.CSV, Wrapper.TSV])
def test_wrapper_select(server: Running, kind: str, method: str) -> None:
    result = asked(server, SELECT, kind, method)
    if kind == Wrapper.JSON:
        assert len(result.convert()["results"]["bindings"]) == 2
    elif kind == Wrapper.XML:
        assert len(result.convert().getElementsByTagName("result")) == 2
    else:
        assert len(result.convert().decode().splitlines()) == 3


@pytest.mark.parametrize("method", [Wrapper.GET, Wrapper.POST])
@pytest.mark.parametrize("kind", [Wrapper.TURTLE, Wrapper.RDFXML, Wrapper.JSONLD, Wrapper.XML, Wrapper.N3])
def test_wrapper_construct(server: Running, kind: str, method: str) -> None:
    converted = asked(server, CONSTRUCT, kind, method).convert()
    graph = rdflib.Graph().parse(data=converted, format="turtle") if isinstance(converted, bytes) else converted
    assert len(graph) == 2


def test_wrapper_ask_and_post_directly(server: Running) -> None:
    endpoint = SPARQLWrapper(f"{server.url}/sparql")
    endpoint.setMethod(Wrapper.POST)
    endpoint.setRequestMethod(Wrapper.POSTDIRECTLY)
    endpoint.setReturnFormat(Wrapper.JSON)
    endpoint.setQuery("ASK { ?s ?p ?o }")
    answer: Any = endpoint.query().convert()
    assert answer["boolean"] is True


def test_wrapper_bad_query(server: Running) -> None:
    with pytest.raises(SPARQLExceptions.QueryBadFormed):
        asked(server, "SELECT nonsense", Wrapper.JSON, Wrapper.GET)


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("kind", ["xml", "json", "csv", "tsv"])
def test_rdflib_select(server: Running, kind: str, method: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{server.url}/sparql", method=method, returnFormat=kind))
    assert len(list(graph.query(SELECT))) == 2


def test_rdflib_pattern_and_construct(server: Running) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{server.url}/sparql"))
    assert (rdflib.URIRef("http://example.org/a"), None, None) in graph
    constructed = graph.query(CONSTRUCT)
    assert constructed.graph is not None
    assert len(constructed.graph) == 2
    assert graph.query("ASK { ?s ?p ?o }").askAnswer is True


def test_rdflib_named_graph(server: Running) -> None:
    store = SPARQLStore(f"{server.url}/sparql", context_aware=True)
    graph = rdflib.Graph(store, identifier=rdflib.URIRef("http://example.org/one"))
    assert len(list(graph.triples((None, None, None)))) == 2
