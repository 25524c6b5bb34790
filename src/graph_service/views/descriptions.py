"""Descriptions of resources: the statements about a thing, their named graphs, and labels of the things they refer to.

A concise bounded description with the labels of its neighbours (W3C Member Submission "CBD", 2005), except that the
nodes that belong to a thing are those that the query file `publication/description` says, and nodes without a name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.catalogue.queries import QueryFile
from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import QueryError
from graph_service.rdf.answers import Binding, Row, truth
from graph_service.rdf.namespaces import RDF, Names

# Nodes without a name hang off others this deep at most: lists are the deepest, one node for each member.
_DEEPEST = 50
_BATCH = 2000
_TYPE = ox.NamedNode(f"{RDF}type")

Ask = Callable[[str], Awaitable[list[Row]]]
# The subjects of the data that begin so.
Subjects = Callable[[str], Iterator[str]]


@dataclass(frozen=True)
class KnownResource:
    """What an IRI is: described, used, or only the name of a version of an ontology; and what replaced it.

    `version_of` is the IRI of that ontology, empty for all others.
    """

    iri: str
    version_of: str
    replacement: str


@dataclass(frozen=True)
class Description:
    """The statements about a resource.

    Attributes:
        iri: the resource.
        quads: statements about it and about the nodes that belong to it, each with its graph.
    """

    iri: str
    quads: Sequence[ox.Quad]

    @property
    def subjects(self) -> list[str]:
        """The resource, and the nodes that belong to it, in a stable order."""
        found = sorted({quad.subject.value for quad in self.quads if isinstance(quad.subject, ox.NamedNode)})
        return sorted(found, key=lambda subject: subject != self.iri)


class Descriptions:
    """Asks for descriptions.

    Args:
        files: those of the folder `publication`.
        names: for the base.
        subjects: finds the resources that are described, by the beginning of their IRIs.
    """

    def __init__(self, files: QueryFiles, names: Names, subjects: Subjects) -> None:
        self._names = names
        self._subjects = subjects
        self._undescribed: list[str] | None = None
        asked = ("known", "description", "names", "ontology", "undescribed", "uses")
        self._files = {name: QueryFile(files.file(name)) for name in asked}

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
                ontology = "" if truth(row, "described") else row.get("ontology", {}).get("value", "")
                found[iri] = KnownResource(iri, ontology, replacement)
        for iri in wanted if not found else ():
            if await self.parts(iri, ask):
                return KnownResource(iri, "", "")
        return next((found[iri] for iri in wanted if iri in found), None)

    async def parts(self, iri: str, ask: Ask) -> list[str]:
        """The resources whose IRIs are this one and a fragment, sorted: its document is theirs, too.

        A client asks for a document and keeps the fragment to itself (RFC 3986, section 3.5).

        Args:
            iri: absolute; the ontology has a document of its own.
            ask: answers a SELECT.
        """
        if "#" in iri or not self._names.owns(iri) or iri == f"{self._names.base}ontology":
            return []
        used = (one for one in await self.undescribed(ask) if one.startswith(f"{iri}#"))
        return sorted({*self._subjects(f"{iri}#"), *used})

    async def undescribed(self, ask: Ask) -> list[str]:
        """IRIs with a fragment that are used and not described; asked for once, none where there are too many."""
        if self._undescribed is None:
            below = [f"<{space}>" for space in (self._names.base, *self._names.others)]
            given = {"below": below, "ontology": [f"<{self._names.base}ontology#>"]}
            try:
                rows = await ask(self._files["undescribed"].bind(given, self._names))
            except QueryError:
                rows = []
            self._undescribed = [row["resource"]["value"] for row in rows]
        return self._undescribed

    async def uses(self, iri: str, ask: Ask) -> list[Row]:
        """Some of the statements that a resource is the property or the value of: subject, predicate and object."""
        return await ask(self._bound("uses", "resource", [iri]))

    async def describe(self, iri: str, ask: Ask, parts: Sequence[str] = ()) -> Description:
        """The description of a resource; without statements if there are none.

        Args:
            iri: absolute.
            ask: answers a SELECT.
            parts: resources that are described with it, as of `parts`.
        """
        quads: list[ox.Quad] = []
        waiting, done = [iri, *parts], {iri, *parts}
        for _ in range(_DEEPEST):
            if not waiting:
                break
            found = [
                _quad(row)
                for start in range(0, len(waiting), _BATCH)
                for row in await ask(self._bound("description", "resource", waiting[start : start + _BATCH]))
            ]
            quads += found
            done |= {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}
            waiting = sorted(self._nameless(found) - done)
            done.update(waiting)
        return Description(iri, quads)

    async def ontology(self, ask: Ask) -> list[ox.Quad]:
        """Everything that the graph of the ontology says."""
        graph = self._names.ontology_graph
        return [_quad(row) for row in await ask(self._bound("ontology", "graph", [graph[1:-1]]))]

    def _nameless(self, quads: Iterable[ox.Quad]) -> set[str]:
        """Nodes without a name that these point to; a class without a name is no part of its instances."""
        start = f"{self._names.base}.well-known/genid/"
        values = (quad.object for quad in quads if quad.predicate != _TYPE)
        return {value.value for value in values if isinstance(value, ox.NamedNode) and value.value.startswith(start)}

    async def names_in(self, quads: Sequence[ox.Quad], ask: Ask) -> list[ox.Quad]:
        """The statements that name what some statements point to and do not describe."""
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
