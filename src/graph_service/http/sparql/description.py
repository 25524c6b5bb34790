"""The service's description of itself (SPARQL 1.1 Service Description), made from what the snapshot's manifest says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from graph_service.rdf.formats import GRAPHS, RESULTS, Format
from graph_service.rdf.namespaces import FORMATS, PREFIXES, RDF, XSD
from graph_service.rdf.serialization import serialised
from graph_service.snapshots.snapshot import Manifest

SD, VOID = PREFIXES["sd"], PREFIXES["void"]
RDF_TYPE, INTEGER = ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{XSD}integer")

REGIME = ox.NamedNode("http://www.w3.org/ns/entailment/OWL-RDF-Based")
SIMPLE = ox.NamedNode("http://www.w3.org/ns/entailment/Simple")
PROFILE = ox.NamedNode("http://www.w3.org/ns/owl-profile/RL")


@dataclass(frozen=True)
class DatasetFacts:
    """What the service says of its data, as the snapshot's manifest has it.

    Attributes:
        digest: SHA-256 of the data set, hexadecimal.
        graphs: IRI and number of triples of each named graph.
        triples: triples of the default graph, each counted once.
        reasoned: whether a reasoner ran, so that answers follow OWL 2 RL.
        base: IRI that relative ones of a query are resolved against; empty if they are errors.
    """

    digest: str
    graphs: tuple[tuple[str, int], ...]
    triples: int
    reasoned: bool = True
    base: str = ""

    @classmethod
    def of(cls, manifest: Manifest) -> DatasetFacts:
        """What a manifest says."""
        graphs = tuple(sorted(manifest.graphs.items()))
        return cls(manifest.digest, graphs, manifest.triples, manifest.reasoner != "none", manifest.base)

    def has_graph(self, iri: str) -> bool:
        """Whether there is a named graph of this IRI."""
        return any(name == iri for name, _ in self.graphs)


@lru_cache(maxsize=16)
def describe(dataset: DatasetFacts, endpoint: str, format_: Format) -> bytes:
    """The description in one of `formats.GRAPHS`.

    Args:
        dataset: what is served.
        endpoint: the IRI that the client reached the endpoint by.
        format_: the serialisation.
    """
    return serialised(_triples(dataset, endpoint), format_, {"sd": SD, "void": VOID, "formats": FORMATS})


def _triples(dataset: DatasetFacts, endpoint: str) -> Iterator[ox.Triple]:
    service, data, default = (ox.NamedNode(f"{endpoint}#{name}") for name in ("service", "dataset", "default-graph"))
    yield ox.Triple(service, RDF_TYPE, _sd("Service"))
    yield ox.Triple(service, _sd("endpoint"), ox.NamedNode(endpoint))
    yield ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    for format_ in (*RESULTS, *GRAPHS):
        yield ox.Triple(service, _sd("resultFormat"), ox.NamedNode(format_.iri))
    yield from _entailment(service, dataset, "default")
    yield ox.Triple(service, _sd("defaultDataset"), data)
    yield ox.Triple(data, RDF_TYPE, _sd("Dataset"))
    yield ox.Triple(data, _sd("defaultGraph"), default)
    yield ox.Triple(default, RDF_TYPE, _sd("Graph"))
    yield _count(default, dataset.triples)
    nodes = [ox.NamedNode(f"{endpoint}#named-graph-{number}") for number, _ in enumerate(dataset.graphs, 1)]
    for node in nodes:
        yield ox.Triple(data, _sd("namedGraph"), node)
    for node, (name, triples) in zip(nodes, dataset.graphs, strict=True):
        yield from _named_graph(node, name, triples)


def _entailment(service: ox.NamedNode, dataset: DatasetFacts, prefix: str) -> Iterator[ox.Triple]:
    """OWL 2 RL by rules is the RDF-based semantics cut to a profile (SPARQL 1.1 Entailment Regimes, section 5)."""
    yield ox.Triple(service, _sd(f"{prefix}EntailmentRegime"), REGIME if dataset.reasoned else SIMPLE)
    if dataset.reasoned:
        yield ox.Triple(service, _sd(f"{prefix}SupportedEntailmentProfile"), PROFILE)


def _named_graph(node: ox.NamedNode, name: str, triples: int) -> Iterator[ox.Triple]:
    """A named graph holds what is written in it and nothing derived, but for the graph of inferred triples itself."""
    graph = ox.NamedNode(node.value.replace("#named-graph-", "#graph-"))
    yield ox.Triple(node, RDF_TYPE, _sd("NamedGraph"))
    yield ox.Triple(node, _sd("name"), ox.NamedNode(name))
    yield ox.Triple(node, _sd("entailmentRegime"), SIMPLE)
    yield ox.Triple(node, _sd("graph"), graph)
    yield ox.Triple(graph, RDF_TYPE, _sd("Graph"))
    yield _count(graph, triples)


def _count(graph: ox.NamedNode, triples: int) -> ox.Triple:
    return ox.Triple(graph, ox.NamedNode(VOID + "triples"), ox.Literal(str(triples), datatype=INTEGER))


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)
