"""Violation queries that are asked about a change find something whenever the whole queries do."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.building.query_patterns import reach_of
from graph_service.building.query_reach import Changed, QueryReach
from graph_service.building.query_slices import Slices
from graph_service.rdf.terms import Triple
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.engine import Engine
from graph_service.store.loading import LoadedDataset
from tests.building.test_kept_validation import LINES, THINGS
from tests.conftest import ROOT
from tests.reasoning.turtle import triples

QUERIES = (
    "SELECT ?x WHERE { ?x a :A ; :p ?y . FILTER NOT EXISTS { ?y :q ?x } }",
    "SELECT ?x WHERE { ?x a :A . FILTER(NOT EXISTS { ?y :q ?z . ?z :r ?x } || EXISTS { ?x :p ?x }) }",
    "SELECT ?x WHERE { ?x :p ?y OPTIONAL { ?x :q ?z FILTER(?z != ?y) OPTIONAL { ?z :r ?w } } FILTER(!BOUND(?z)) }",
    "SELECT ?x WHERE { OPTIONAL { ?a :q ?x } ?y :p ?x MINUS { ?x :r ?z . ?y a :A } }",
    "SELECT ?x WHERE { ?a :p ?b MINUS { ?c :q ?x } ?y :r ?x }",
    "SELECT ?x WHERE { { ?x :p ?y } UNION { ?y :q ?x . ?x a :B } BIND(COALESCE(?y, ?x) AS ?z) ?z a :C }",
    "SELECT ?x WHERE { BIND(COALESCE(?y, :a) AS ?z) ?x :p ?y . ?x :q ?z }",
    "SELECT ?x WHERE { { SELECT ?x (COUNT(?y) AS ?n) WHERE { ?x :p ?y } GROUP BY ?x } ?x :q ?z FILTER(?n > 1) }",
    "SELECT ?x WHERE { { SELECT (COUNT(?y) AS ?n) WHERE { ?x :p ?y } } ?x :q ?z FILTER(?n = 2) }",
    "SELECT (SAMPLE(?y) AS ?x) ?p WHERE { ?y ?p ?z MINUS { ?p a ?any } FILTER(isIRI(?z)) } GROUP BY ?p",
    "SELECT ?x (COUNT(?y) AS ?n) WHERE { ?x :p ?y } GROUP BY ?x HAVING (COUNT(?y) > 2)",
    "SELECT ?x WHERE { ?x :p/^:q ?y . ?y (:r|:p)/:q ?x . ?x a ?c }",
    "SELECT ?x WHERE { ?x :p+ ?x ; a :A . FILTER NOT EXISTS { ?x :q* :b } }",
    "SELECT ?x WHERE { VALUES ?c { :A :B } ?x a ?c ; :r 1 . ?y :r ?v ; a ?c FILTER(?v = 1 && ?x != ?y) }",
    "SELECT ?x WHERE { VALUES (?p ?c) { (:p :A) (:q :B) } ?x ?p ?y . { SELECT ?y ?c WHERE { ?y a ?c } } ?x ?q ?y }",
    "SELECT ?x WHERE { VALUES (?p ?c) { (:p UNDEF) (:q :B) } ?x a ?c . VALUES ?r { :r } ?x ?p ?y MINUS { ?y ?r ?z } }",
    "SELECT ?x WHERE { ?x :p [ :q ?y ] . { SELECT DISTINCT ?y WHERE { ?y :r ?x } } }",
    "SELECT ?x WHERE { ?x :p ?y . { SELECT ?y WHERE { ?y :r ?z } ORDER BY ?z LIMIT 1 } }",
    "SELECT ?x WHERE { ?x :p ?y FILTER NOT EXISTS { ?y :q ?z FILTER NOT EXISTS { ?z :r ?x } } }",
    "SELECT ?x WHERE { ?x a :A FILTER NOT EXISTS { ?x :p ?y MINUS { ?y a :B } } }",
    "SELECT ?x WHERE { { SELECT ?x (MIN(?y) AS ?m) WHERE { ?x :p ?y MINUS { ?y a :B } } GROUP BY ?x } ?m a :C }",
    "SELECT ?x WHERE { ?x :p ?y BIND(EXISTS { ?y :q ?x } AS ?e) FILTER(!?e) }",
    "SELECT ?x WHERE { { ?x a :A } UNION { FILTER NOT EXISTS { ?s :p ?o } } }",
    "SELECT ?x (COUNT(?y) AS ?n) WHERE { ?x a :A OPTIONAL { ?x :p ?y } } GROUP BY ?x HAVING (COUNT(?y) < 1)",
    "SELECT ?x WHERE { ?x !(:p|:q) ?y . ?y a :A . ?x :p? ?z FILTER(?z != ?x) }",
)
SOURCES = [f"PREFIX : <http://example.org/>\n{query}" for query in QUERIES]
REACHES = [QueryReach(text, reach_of(text)) for text in SOURCES]
GRAPHS = st.sets(st.sampled_from(LINES), max_size=14)


def store_of(statements: set[Triple]) -> ox.Store:
    store = ox.Store()
    store.load("".join(f"{triple}\n" for triple in statements), ox.RdfFormat.N_TRIPLES)
    return store


def has_answer(store: ox.Store, text: str) -> bool:
    found = store.query(text)
    return isinstance(found, ox.QuerySolutions) and any(True for _ in found)


def asked(store: ox.Store) -> EmbeddedStore:
    return EmbeddedStore(Engine(LoadedDataset(store, separate=True)))


@settings(max_examples=120, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(graph=GRAPHS, edit=st.sets(st.sampled_from(LINES), min_size=1, max_size=3))
def test_any_change(graph: set[str], edit: set[str]) -> None:
    before, after = set(triples("\n".join(graph))), set(triples("\n".join(graph ^ edit)))
    stores = store_of(before), store_of(after)
    whole = asked(stores[1])
    for text, reach in zip(SOURCES, REACHES, strict=True):
        had, has = (has_answer(store, text) for store in stores)
        if has and not had:
            assert reach.concerns(Changed(before ^ after), lambda *_: whole), text
            assert reach.concerns(Changed(before ^ after), Slices(after).asked), text


def test_what_has_no_part_in_a_query_does_not_concern_it() -> None:
    after = set(triples("\n".join(f":{x} a :A ; :p :b . :b :q :{x} ." for x in THINGS) + ":x :other :y ."))
    store, reach = Slices(after).asked, REACHES[0]
    assert not asked(store_of(after)).rows(SOURCES[0])
    for change in (":x :other :y .", ":a :p :b .", ":a a :A .", ":b :q :a .", ":a a :B ."):
        assert not reach.concerns(Changed(set(triples(change))), store)
    assert REACHES[12].concerns(Changed(set(triples(":a :p :b ."))), store), "a path of any length"
    assert REACHES[17].concerns(Changed(set(triples(":x :other :y ."))), store), "some of the solutions"


def test_the_reach_of_the_shipped_queries_is_known() -> None:
    for query in (ROOT / "queries" / "violations").glob("*.rq"):
        reach = reach_of(query.read_text(encoding="utf-8"))
        assert reach, query.name
        assert any(pattern.given for pattern in reach.patterns) or "circle" in query.name
