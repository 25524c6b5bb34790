"""Terms as nodes of rdflib and back, with their spelling.

rdflib's parsers rewrite numbers and dates (`"01"^^xsd:integer` becomes `1`). Nodes that are made here keep the
spelling, with one exception: rdflib itself collapses white space in `xsd:token` and `xsd:normalizedString`.

Import this module where it is used: it loads rdflib, which takes 0.1 s.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import rdflib
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.term import Node

from graph_service.rdf import terms
from graph_service.rdf.terms import Quad, Term


@contextmanager
def without_warnings() -> Iterator[None]:
    """Without rdflib's warnings, each with a traceback, about ill-typed literals: shapes and reasoners report them."""
    logger = logging.getLogger("rdflib.term")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def node(term: Term) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    """The node of a term."""
    if term.startswith("_:"):
        return rdflib.BNode(term[2:])
    if not terms.is_literal(term):
        return rdflib.URIRef(terms.iri_value(term))
    tail = term[term.rindex('"') + 1 :]
    language = tail[1:] if tail.startswith("@") else None
    datatype = rdflib.URIRef(tail[3:-1]) if tail.startswith("^^") else None
    return rdflib.Literal(terms.text(term), lang=language, datatype=datatype, normalize=False)


def dataset(quads: Iterable[Quad]) -> rdflib.Dataset:
    """The quads as a data set: named graphs keep their names, the default graph is the union of them all."""
    dataset = rdflib.Dataset(default_union=True)
    graphs: dict[Term, rdflib.Graph] = {}
    with without_warnings():
        for quad in quads:
            if (graph := graphs.get(quad.graph)) is None:
                graph = graphs[quad.graph] = dataset.graph(rdflib.URIRef(terms.iri_value(quad.graph)))
            graph.add((node(quad.subject), node(quad.predicate), node(quad.object)))
    return dataset


def nquads(graph: rdflib.Graph) -> bytes:
    """A graph or data set as N-Quads (RDF 1.1 N-Quads), sorted, each line once.

    The graph of a data set that is the default one, and a graph that no IRI names, stand in the default graph.
    Blank nodes are numbered in the order of their labels.

    Raises:
        ValueError: it holds what is no RDF 1.1, such as a relative IRI or a formula of N3; names the triple.
    """
    found = [(*triple, name) for part, name in _graphs(graph) for triple in part]
    blank = sorted({one for quad in found for one in quad if isinstance(one, rdflib.BNode)})
    labels = {one: f"_:b{number}" for number, one in enumerate(blank)}
    return "".join(sorted({_line(quad, labels) for quad in found})).encode()


def _graphs(graph: rdflib.Graph) -> Iterator[tuple[rdflib.Graph, Node | None]]:
    """The graphs of a data set, or the graph itself, each with its name; the default graph has none."""
    if isinstance(graph, rdflib.Dataset):
        for part in graph.graphs():
            yield part, None if part.identifier == DATASET_DEFAULT_GRAPH_ID else part.identifier
    elif graph.context_aware:
        raise ValueError("a ConjunctiveGraph does not say which graph a triple is in; use rdflib.Dataset(graph.store)")
    else:
        yield graph, graph.identifier if isinstance(graph.identifier, rdflib.URIRef) else None


def _line(quad: tuple[Node | None, ...], labels: dict[rdflib.BNode, Term]) -> str:
    subject, predicate, value = quad[:3]
    resource, iri = (rdflib.URIRef, rdflib.BNode), rdflib.URIRef
    if isinstance(subject, resource) and isinstance(predicate, iri) and isinstance(value, (*resource, rdflib.Literal)):
        try:
            return f"{' '.join(_term(one, labels) for one in quad if one is not None)} .\n"
        except ValueError as error:
            raise ValueError(f"the triple {subject} {predicate} {value} is not RDF 1.1: {error}") from error
    raise ValueError(f"the triple {subject} {predicate} {value} is not RDF 1.1")


def _term(one: Node, labels: dict[rdflib.BNode, Term]) -> Term:
    if isinstance(one, rdflib.BNode):
        return labels[one]
    if isinstance(one, rdflib.Literal):
        return terms.literal(str(one), language=one.language, datatype=one.datatype and str(one.datatype))
    return terms.iri(str(one))
