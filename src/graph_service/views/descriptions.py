"""Descriptions of resources: the statements about a thing, their named graphs, and labels of the things they refer to.

A concise bounded description with the labels of its neighbours (W3C Member Submission "CBD", 2005), except that the
nodes that belong to a thing are those that the query file `publication/description` says, and nodes without a name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph_service.catalogue.queries import QueryFile
from graph_service.rdf.answers import Binding, Row, truth
from graph_service.rdf.namespaces import RDF, Names

# Nodes without a name hang off others this deep at most: lists are the deepest, one node for each member.
_DEEPEST = 50
_BATCH = 2000
_TYPE = ox.NamedNode(f"{RDF}type")

Ask = Callable[[str], Awaitable[list[Row]]]


@dataclass(frozen=True)
class KnownResource:
    """What an IRI is: described, or only the name of a version of the ontology; and what replaced it, if anything."""

    iri: str
    is_version: bool
    replacement: str


@dataclass(frozen=True)
class Description:
    """The statements about a resource.

    Attributes:
        iri: the resource.
        quads: statements about it and about the nodes that belong to it, each with its graph.
        names: statements that name what those point to.
    """

    iri: str
    quads: Sequence[ox.Quad]
    names: Sequence[ox.Quad]

    @property
    def subjects(self) -> list[str]:
        """The resource, and the nodes that belong to it, in a stable order."""
        found = sorted({quad.subject.value for quad in self.quads if isinstance(quad.subject, ox.NamedNode)})
        return sorted(found, key=lambda subject: subject != self.iri)


class Descriptions:
    """Asks for descriptions.

    Args:
        directory: of the query files `publication`.
        names: for the base.
    """

    def __init__(self, directory: Path, names: Names) -> None:
        self._names = names
        files = ("known", "description", "names", "ontology")
        self._files = {name: QueryFile(directory / f"{name}.rq") for name in files}

    async def known(self, candidates: Sequence[str], ask: Ask) -> KnownResource | None:
        """The first of several IRIs that the data know, None if they know none.

        Args:
            candidates: absolute IRIs, likeliest first; what cannot be an IRI is skipped.
            ask: answers a SELECT.
        """
        wanted = [iri for iri in candidates if _is_iri(iri)]
        rows = await ask(self._bound("known", "resource", wanted)) if wanted else []
        found: dict[str, KnownResource] = {}
        for row in rows:
            iri, replacement = row["resource"]["value"], row.get("replacement", {}).get("value", "")
            if iri not in found or replacement > found[iri].replacement:
                found[iri] = KnownResource(iri, not truth(row, "described"), replacement)
        return next((found[iri] for iri in wanted if iri in found), None)

    async def describe(self, iri: str, ask: Ask) -> Description:
        """The description of a resource; without statements if there are none.

        Args:
            iri: absolute.
            ask: answers a SELECT.
        """
        quads: list[ox.Quad] = []
        waiting, done = [iri], {iri}
        for _ in range(_DEEPEST):
            if not waiting:
                break
            found = [_quad(row) for row in await ask(self._bound("description", "resource", waiting))]
            quads += found
            done |= {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}
            waiting = sorted(self._nameless(found) - done)
            done.update(waiting)
        return Description(iri, quads, await self._named(quads, ask))

    async def ontology(self, ask: Ask) -> list[ox.Quad]:
        """Everything that the graph of the ontology says."""
        graph = self._names.ontology_graph
        return [_quad(row) for row in await ask(self._bound("ontology", "graph", [graph[1:-1]]))]

    def _nameless(self, quads: Iterable[ox.Quad]) -> set[str]:
        """Nodes without a name that these point to; a class without a name is no part of its instances."""
        start = f"{self._names.base}.well-known/genid/"
        values = (quad.object for quad in quads if quad.predicate != _TYPE)
        return {value.value for value in values if isinstance(value, ox.NamedNode) and value.value.startswith(start)}

    async def _named(self, quads: Sequence[ox.Quad], ask: Ask) -> list[ox.Quad]:
        described = {quad.subject for quad in quads}
        values = [quad.object for quad in quads if quad.object not in described]
        iris = sorted({value.value for value in values if isinstance(value, ox.NamedNode)})
        found: list[ox.Quad] = []
        for start in range(0, len(iris), _BATCH):
            rows = await ask(self._bound("names", "subject", iris[start : start + _BATCH]))
            found += [_quad(row) for row in rows]
        return found

    def _bound(self, file: str, name: str, iris: Iterable[str]) -> str:
        return self._files[file].bind({name: [f"<{iri}>" for iri in iris]}, self._names)


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _quad(row: Row) -> ox.Quad:
    graph = ox.NamedNode(row["graph"]["value"])
    predicate = ox.NamedNode(row["predicate"]["value"])
    return ox.Quad(_resource(row["subject"]), predicate, _term(row["object"]), graph)


def _resource(binding: Binding) -> ox.NamedNode | ox.BlankNode:
    value = binding["value"]
    return ox.BlankNode(value) if binding["type"] == "bnode" else ox.NamedNode(value)


def _term(binding: Binding) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if binding["type"] != "literal":
        return _resource(binding)
    if language := binding.get("xml:lang"):
        return ox.Literal(binding["value"], language=language)
    datatype = binding.get("datatype")
    return ox.Literal(binding["value"], datatype=ox.NamedNode(datatype) if datatype else None)
