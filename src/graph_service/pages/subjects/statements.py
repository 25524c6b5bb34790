"""The page of all statements about a resource: by property, stated and inferred, with named graphs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from graph_service.http.protocol.negotiation import HTML
from graph_service.http.web import addresses
from graph_service.pages.parts import part_of
from graph_service.pages.shown import DisplayValue, Show
from graph_service.pages.subjects.neighbourhood import map_of, ties_of
from graph_service.pages.visit import PageContent, Visit
from graph_service.rdf.alphabet import sort_key
from graph_service.rdf.answers import Row, iris
from graph_service.rdf.namespaces import RDF, Names
from graph_service.views.changes.tombstones import Removal, tombstone
from graph_service.views.descriptions import Description

_TYPE = f"{RDF}type"
_Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
# A subject and a property of it.
_Of: TypeAlias = tuple[ox.NamedNode | ox.BlankNode | ox.Triple, ox.NamedNode]
# Resources with a fragment at a time, and values of a property.
_FEW, _MOST_VALUES = 8, 100
# Uses of each on the page, one less than the query file asks for.
_MOST_USES = 20
_USES = "SELECT * WHERE {{ {{ ?subject ?predicate <{0}> }} UNION {{ ?subject <{0}> ?object }} }}"


@dataclass(frozen=True)
class PropertyValue:
    """One value of a property.

    Attributes:
        value: what is said.
        inferred: whether it follows from others.
        graphs: IRIs of those where it stands.
        explain: address of its proof.
    """

    value: DisplayValue
    inferred: bool
    graphs: Sequence[str]
    explain: str


@dataclass(frozen=True)
class Property:
    """A property with its values: how many more there are than these, and the address of all."""

    name: DisplayValue
    values: Sequence[PropertyValue]
    further: int
    address: str


@dataclass(frozen=True)
class Section:
    """One subject with its properties.

    Attributes:
        subject: as it is shown.
        properties: with their values.
        name: its fragment, where it has one below the IRI of the page.
    """

    subject: DisplayValue
    properties: Sequence[Property]
    name: str


async def statements(visit: Visit, iri: str) -> PageContent:
    """The page: the resource, those that have its IRI and a fragment, a few at a time, and nodes that belong to them.

    Args:
        visit: asks.
        iri: of the resource.

    Raises:
        QueryError: the store did not answer.
    """
    descriptions, ask = visit.edition.descriptions, visit.questions.asked_by(visit.client)
    part = part_of(visit, await descriptions.parts(iri, ask), _FEW)
    description = await descriptions.describe(iri, ask, part.entries)
    quads, cut = _first_values(_for_readers(description, (iri, *part.entries), visit.show.names))
    of_subject: dict[str, list[ox.Quad]] = {}
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode):
            of_subject.setdefault(quad.subject.value, []).append(quad)
    shown = of_subject.keys()
    asked = (iri, *(one for one in part.entries if one not in shown))
    found = {one: await descriptions.uses(one, ask) for one in asked}
    often = [one for one, rows in found.items() if len(rows) > _MOST_USES]
    uses = [row for one in asked for row in _uses(one, found[one][:_MOST_USES], shown, visit.show.names)]
    nodes = (node for quad in quads for node in (quad.subject, quad.predicate, quad.object, quad.graph_name))
    await visit.label({iri, *iris(uses), *part.entries, *(n.value for n in nodes if isinstance(n, ox.NamedNode))})
    listed = [[visit.show.binding(row[name]) for name in ("subject", "predicate", "object")] for row in uses]
    main = (iri, *part.entries)
    others = [one for one in description.subjects if one in shown and one not in main]
    facts = {
        "sections": [_section(one, iri, of_subject.get(one, ()), cut, visit.show) for one in (*main, *others)],
        "maps": {one: map_of(one, ties_of(one, quads, uses), visit.show) for one in main},
        "part": part,
        "path": addresses.document(visit.show.names, iri, HTML).partition("?")[0],
        "uses": sorted(listed, key=lambda use: [sort_key(one.text) for one in (use[2], use[1], use[0])]),
        "most_uses": _MOST_USES,
        "further_uses": [visit.show.page("/sparql", query=_USES.format(one)) for one in often],
        "tombstone": tombstone(_removals(description)),
        "is_graph": visit.edition.dataset.has_graph(iri),
    }
    return PageContent("resource", facts)


def _uses(iri: str, rows: Iterable[Row], shown: Collection[str], names: Names) -> list[Row]:
    """Uses that stand nowhere else on the page; those by nodes that have no name only where there are no others."""
    found = [row for row in rows if row["subject"]["value"] not in shown]
    named = [row for row in found if not names.skolemised(row["subject"]["value"])]
    return named or (found if iri not in shown else [])


def _removals(description: Description) -> Iterator[Removal]:
    """What is said of the thing itself."""
    node = ox.NamedNode(description.iri)
    for quad in description.quads:
        value = quad.object
        if quad.subject == node and isinstance(value, ox.NamedNode | ox.Literal):
            language = value.language or "" if isinstance(value, ox.Literal) else ""
            yield Removal(quad.predicate.value, value.value, language)


def _section(subject: str, iri: str, quads: Iterable[ox.Quad], cut: Mapping[_Of, int], show: Show) -> Section:
    node = ox.NamedNode(subject)
    found: dict[str, dict[ox.NamedNode | ox.Literal, list[str]]] = {}
    for quad in quads:
        graph, value = quad.graph_name, quad.object
        if isinstance(graph, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            found.setdefault(quad.predicate.value, {}).setdefault(value, []).append(graph.value)
    rows = []
    for predicate, values in found.items():
        stated = [_statement((subject, predicate), value, graphs, show) for value, graphs in values.items()]
        stated.sort(key=lambda one: (one.inferred, one.value.language, one.value.text))
        further = cut.get((node, ox.NamedNode(predicate)), 0)
        query = f"SELECT ?value WHERE {{ <{subject}> <{predicate}> ?value }}" if further else ""
        rows.append(Property(show.iri(predicate), stated, further, show.page("/sparql", query=query)))
    # What a thing is comes first, then its properties by name.
    rows.sort(key=lambda row: (row.name.title != _TYPE, sort_key(row.name.text), row.name.title))
    name = subject.removeprefix(f"{iri}#")
    return Section(show.iri(subject), rows, name if name != subject else "")


def _for_readers(description: Description, resources: Iterable[str], names: Names) -> list[ox.Quad]:
    """The statements about resources and the nodes that belong to them, without those that only rules need.

    These put something into a class without a name, or follow from such a class: an ontology in OWL has hundreds.
    """
    of_subject: dict[str, list[ox.Quad]] = {}
    for quad in description.quads:
        if isinstance(quad.subject, ox.NamedNode):
            of_subject.setdefault(quad.subject.value, []).append(quad)
    found: list[ox.Quad] = []
    waiting = [*resources]
    done = set(waiting)
    for one in waiting:
        for quad in of_subject.get(one, ()):
            value = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
            nameless = names.skolemised(value) is not None
            if nameless and (quad.predicate.value == _TYPE or _is_inferred(quad, names)):
                continue
            found.append(quad)
            if value in of_subject and value not in done:
                done.add(value)
                waiting.append(value)
    return found


def _first_values(quads: Sequence[ox.Quad]) -> tuple[Sequence[ox.Quad], Mapping[_Of, int]]:
    """The statements without those of a property's values that are too many for a page, and how many these are."""
    values: dict[_Of, set[_Term]] = {}
    for quad in quads:
        values.setdefault((quad.subject, quad.predicate), set()).add(quad.object)
    kept = {of: set(sorted(found, key=str)[:_MOST_VALUES]) for of, found in values.items() if len(found) > _MOST_VALUES}
    if not kept:
        return quads, {}
    first = [q for q in quads if (of := (q.subject, q.predicate)) not in kept or q.object in kept[of]]
    return first, {of: len(values[of]) - _MOST_VALUES for of in kept}


def _is_inferred(quad: ox.Quad, names: Names) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value == names.inferred_graph[1:-1]


def _statement(
    of: tuple[str, str], value: ox.NamedNode | ox.Literal, graphs: Sequence[str], show: Show
) -> PropertyValue:
    subject, predicate = of
    return PropertyValue(
        show.value(value),
        list(graphs) == [show.names.inferred_graph[1:-1]],
        sorted(set(graphs)),
        show.page("/explain", s=f"<{subject}>", p=f"<{predicate}>", o=str(value)),
    )
