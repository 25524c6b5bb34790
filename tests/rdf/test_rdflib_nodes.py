"""Terms as nodes of rdflib and back: nothing is rewritten, nothing that is no RDF passes."""

from __future__ import annotations

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.namespace import XSD
from rdflib.term import Node

from graph_service.rdf import rdflib_nodes
from graph_service.rdf.terms import Quad, iri, literal, parse_quad

G, A, B, C = (rdflib.URIRef(f"https://example.org/{name}") for name in "gabc")

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
IRIS = st.text("abcäß日/-?=", min_size=1).map(lambda name: iri(f"https://example.org/{name}"))
LITERALS = st.builds(literal, TEXTS) | st.builds(literal, TEXTS, language=st.sampled_from(["de", "de-at", "en"]))


@given(st.sets(st.builds(Quad, IRIS, IRIS, IRIS | LITERALS, IRIS)))
def test_quads_come_back_from_a_dataset_as_they_went(quads: set[Quad]) -> None:
    lines = rdflib_nodes.nquads(rdflib_nodes.dataset(quads)).decode().split(" .\n")[:-1]
    assert {parse_quad(line) for line in lines} == quads
    assert lines == sorted(lines)


@pytest.mark.parametrize("kind", [XSD.integer, XSD.decimal, XSD.double, XSD.boolean, XSD.date, XSD.dateTime])
@pytest.mark.parametrize("text", ["01", "1.50", "1e3", "1", "2019-06-28Z", "not a number", "\t\n\\\"'\u0001"])
def test_a_literal_keeps_its_spelling(kind: rdflib.URIRef, text: str) -> None:
    term = literal(text, datatype=str(kind))
    (line,) = written(rdflib_nodes.node(term))
    assert line.endswith(f" {term} .")


def written(value: Node) -> list[str]:
    graph = rdflib.Graph()
    graph.add((A, B, value))
    return rdflib_nodes.nquads(graph).decode().splitlines()


def test_graphs_keep_their_names_and_the_default_graph_has_none() -> None:
    data = rdflib.Dataset()
    data.default_graph.add((A, B, C))
    data.graph(G).add((A, B, A))
    data.graph(rdflib.BNode("z")).add((A, B, rdflib.BNode("a")))
    assert rdflib_nodes.nquads(data).decode().splitlines() == [
        f"<{A}> <{B}> <{A}> <{G}> .",
        f"<{A}> <{B}> <{C}> .",
        f"<{A}> <{B}> _:b0 _:b1 .",
    ]


# rdflib 7.6 asks itself for what it calls deprecated.
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
def test_a_union_as_default_graph_does_not_repeat_the_named_ones() -> None:
    quad = Quad(*(iri(str(one)) for one in (A, B, C, G)))
    made = rdflib_nodes.dataset([quad])
    assert (A, B, C) in made
    assert rdflib_nodes.nquads(made).decode() == f"{quad}\n"


def test_a_graph_is_named_by_an_iri_only() -> None:
    named, unnamed = rdflib.Graph(identifier=G), rdflib.Graph()
    for graph in (named, unnamed):
        graph.add((A, B, C))
    assert rdflib_nodes.nquads(named).decode() == f"<{A}> <{B}> <{C}> <{G}> .\n"
    assert rdflib_nodes.nquads(unnamed).decode() == f"<{A}> <{B}> <{C}> .\n"


TEXT = rdflib.Literal("x")
NO_RDF: dict[str, tuple[Node, Node, Node]] = {
    "a literal as subject": (TEXT, B, C),
    "a literal as predicate": (A, TEXT, C),
    "a blank node as predicate": (A, rdflib.BNode(), C),
    "a variable": (A, B, rdflib.Variable("x")),
    "a relative IRI": (A, B, rdflib.URIRef("c")),
    "an IRI with a space": (A, B, rdflib.URIRef("https://example.org/a b")),
    "half a character": (A, B, rdflib.Literal("\ud800")),
}


@pytest.mark.parametrize("case", NO_RDF)
def test_what_is_no_rdf_is_refused_by_name(case: str) -> None:
    graph = rdflib.Graph()
    graph.add(NO_RDF[case])
    with pytest.raises(ValueError, match=r"is not RDF 1\.1"):
        rdflib_nodes.nquads(graph)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_graphs_are_not_merged_unnoticed() -> None:
    with pytest.raises(ValueError, match=r"use rdflib\.Dataset"):
        rdflib_nodes.nquads(rdflib.ConjunctiveGraph())
