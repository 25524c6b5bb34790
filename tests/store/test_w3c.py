"""The W3C's test suites of SPARQL 1.0 and 1.1: evaluation, result formats and syntax, against the real store."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from graph_service.errors import QueryError, QueryRefused, QuerySyntaxError
from graph_service.rdf.formats import GRAPHS, RESULTS
from graph_service.rdf.guard import inspect
from graph_service.store import Query
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.engine import Engine
from graph_service.store.forked import ForkedStore
from graph_service.store.loading import LoadedDataset
from graph_service.workers.limits import Limits
from tests.store.conftest import Loop
from tests.store.snapshots import write_snapshot
from tests.store.w3c import Case, cases, read_json, read_lines, read_result, same_graph, same_rows
from tests.w3c_suites import suites

MANIFESTS = (
    "sparql10/manifest-evaluation.ttl",
    "sparql10/manifest-syntax.ttl",
    "sparql11/manifest-sparql11-query.ttl",
    "sparql11/manifest-sparql11-results.ttl",
)
CASES = [case for manifest in MANIFESTS for case in cases(manifest)]
EVALUATION = [case for case in CASES if case.result]
SYNTAX = [case for case in CASES if "Syntax" in case.kind]
FEDERATION = [case for case in cases("sparql11/manifest-sparql11-fed.ttl") if "Syntax" in case.kind]

# What the engine does otherwise than the suite expects, and why. A test that passes although it is named here fails.
_BY_VALUE = "numbers are kept by value: 01 and 1 are one term to the engine"
_GRAPH = "the variable of GRAPH has its value inside of the group too, and not only behind it"
_ZERO = "a path of length zero does not hold for a term that is not in the data"
_LANGUAGE = "GROUP_CONCAT of strings of one language has that language"
KNOWN = {
    "sparql10/open-world/open-eq-01": _BY_VALUE,
    "sparql10/open-world/date-2": "a date without time zone differs from one with it, where the suite sees an error",
    "sparql10/graph/graph-variable-scope": _GRAPH,
    "sparql10/graph/graph-optional": _GRAPH,
    "sparql10/expr-builtin/dawg-str-1": _BY_VALUE,
    "sparql10/expr-builtin/dawg-str-2": _BY_VALUE,
    "sparql10/expr-builtin/sameTerm-simple": _BY_VALUE,
    "sparql10/expr-builtin/sameTerm-eq": _BY_VALUE,
    "sparql10/expr-builtin/sameTerm-not-eq": _BY_VALUE,
    "sparql10/expr-builtin/case-insensitive-booleans": "TRUE and False are not read as booleans",
    "sparql10/expr-equals/eq-graph-1": _BY_VALUE,
    "sparql10/expr-equals/eq-graph-2": _BY_VALUE,
    "sparql10/distinct/distinct-1": _BY_VALUE,
    "sparql10/distinct/distinct-9": _BY_VALUE,
    "sparql10/syntax-sparql3/syn-bad-26": "a comparison is read where the longest token would be an IRI",
    "sparql11/aggregates/agg-groupconcat-04": _LANGUAGE,
    "sparql11/aggregates/agg-groupconcat-06": _LANGUAGE,
    "sparql11/aggregates/agg-empty-group-count-graph": "a sub-SELECT in GRAPH ?g counts all graphs together",
    "sparql11/bindings/graph": "VALUES in GRAPH ?g gives a row for ?g unbound, and not one for each graph",
    "sparql11/functions/bnode01": "BNODE with a string gives one node for the query, and not one for each solution",
    "sparql11/negation/graph-minus": _GRAPH,
    "sparql11/property-path/zero_or_more_set_start": _ZERO,
    "sparql11/property-path/zero_or_more_set_end": _ZERO,
    "sparql11/property-path/zero_or_one_set_start": _ZERO,
    "sparql11/property-path/zero_or_one_set_end": _ZERO,
    "sparql11/csv-tsv-res/tsv03": "numbers of derived types become integers",
}

SAMPLE = [case for case in EVALUATION if case.name not in KNOWN][::45]
pytestmark = pytest.mark.w3c("sparql")
_DATA_FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}


def parametrised(found: list[Case]) -> pytest.MarkDecorator:
    marks = {name: pytest.mark.xfail(reason=reason, strict=True) for name, reason in KNOWN.items()}
    return pytest.mark.parametrize(
        "case", [pytest.param(one, id=one.name, marks=[marks[one.name]] if one.name in marks else []) for one in found]
    )


def text_of(case: Case) -> str:
    """The query, with its own address as base, as the suites expect."""
    return f"BASE <{case.query.as_uri()}> {case.query.read_text('utf-8')}"


def load(case: Case) -> ox.Store:
    """The data set: what the manifest names, and the files that FROM and FROM NAMED name."""
    store = ox.Store()
    for path in case.data:
        store.load(path=path, format=_DATA_FORMATS[path.suffix], base_iri=path.as_uri())
    inspected = inspect(text_of(case))
    named = {iri: Path(iri.removeprefix("file://")) for iri in (inspected.default_graphs or ())}
    named |= {iri: Path(iri.removeprefix("file://")) for iri in (inspected.named_graphs or ())}
    for iri, path in (*case.graphs, *named.items()):
        graph = ox.NamedNode(iri)
        store.load(path=path, format=_DATA_FORMATS[path.suffix], base_iri=path.as_uri(), to_graph=graph)
    return store


def query_of(case: Case) -> Query:
    form = inspect(text_of(case)).form
    names = {".csv": RESULTS[2], ".tsv": RESULTS[3]}
    usual = GRAPHS[1] if form.gives_graph else RESULTS[0]
    return Query(text_of(case), form, names.get(case.result.suffix, usual) if case.result else usual)


def check(case: Case, answer: bytes) -> None:
    assert case.result is not None
    form = inspect(text_of(case)).form
    if case.result.suffix in (".csv", ".tsv"):
        assert read_lines(answer, case.result.suffix) == read_lines(case.result.read_bytes(), case.result.suffix)
        return
    expected = read_result(case.result)
    if form.gives_graph:
        assert isinstance(expected, Graph)
        assert same_graph(expected, Graph().parse(data=answer, format="nt"))
        return
    actual = read_json(answer)
    if isinstance(expected, bool) or isinstance(actual, bool):
        assert actual is expected
    else:
        assert isinstance(expected, list)
        ordered = case.query.parent.name == "sort"
        if case.query.parent.name == "reduced":  # SPARQL 1.1, section 15.4: each row at least once
            expected, actual = list(set(expected)), list(set(actual))
        assert same_rows(expected, actual, ordered=ordered), (expected, actual)


@parametrised(EVALUATION)
def test_evaluation(case: Case) -> None:
    store = EmbeddedStore(Engine(LoadedDataset(load(case), separate=True)))
    check(case, store.answer(query_of(case)))


def _answer_or_miss_a_function(engine: EmbeddedStore, case: Case) -> None:
    """Some of the positive tests call functions of nobody: the text was understood then, which is the test."""
    try:
        engine.query(text_of(case))
    except QueryRefused as error:
        if not str(error).startswith("There is no function <http://example"):
            raise


@parametrised(SYNTAX)
def test_syntax(case: Case) -> None:
    engine = EmbeddedStore(Engine(LoadedDataset(ox.Store(), separate=True)))
    if "Positive" in case.kind:
        _answer_or_miss_a_function(engine, case)
        return
    with pytest.raises(QueryError) as caught:
        engine.query(text_of(case))
    assert isinstance(caught.value, QuerySyntaxError | QueryRefused)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in FEDERATION])
def test_federation_is_refused(case: Case) -> None:
    with pytest.raises(QueryRefused):
        inspect(text_of(case))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in SAMPLE])
def test_a_sample_through_workers(case: Case, loop: Loop, tmp_path: Path) -> None:
    lines = (load(case).dump(format=ox.RdfFormat.N_QUADS) or b"").decode().splitlines()
    directory = write_snapshot(tmp_path, lines)

    async def run() -> bytes:
        store = await ForkedStore.open(directory, Limits(workers=1), separate_default_graph=True)
        try:
            return b"".join([piece async for piece in await store.query(query_of(case))])
        finally:
            await store.close()

    check(case, loop.run(run()))


def test_the_suites_are_read_whole() -> None:
    assert (len(EVALUATION), len(SYNTAX), len(FEDERATION)) == (518, 302, 3)
    assert suites()["sparql"].cases == 518 + 302 + 3
    assert not set(KNOWN) - {case.name for case in CASES}
