"""The page of all statements about a resource: by property, stated and inferred, with named graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.http.pages.parts import part_of
from graph_service.http.pages.shown import DisplayValue, Show
from graph_service.http.pages.visit import PageContent, Visit
from graph_service.http.protocol.negotiation import HTML
from graph_service.http.web import addresses
from graph_service.rdf.alphabet import sort_key
from graph_service.rdf.answers import iris
from graph_service.rdf.namespaces import RDF, Names
from graph_service.views.descriptions import Description
from graph_service.views.tombstones import Removal, tombstone

_TYPE = f"{RDF}type"
# Resources with a fragment at a time.
_FEW = 8


@dataclass(frozen=True)
class PropertyValue:
    """One value of a property.

    Attributes:
        value: what is said.
        inferred: whether it follows from others.
        graphs: where it stands.
        explain: address of its proof.
    """

    value: DisplayValue
    inferred: bool
    graphs: Sequence[DisplayValue]
    explain: str


@dataclass(frozen=True)
class Section:
    """One subject with its properties; `name` is its fragment, where it has one below the IRI of the page."""

    subject: DisplayValue
    properties: Sequence[tuple[DisplayValue, Sequence[PropertyValue]]]
    name: str = ""


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
    quads = _for_readers(description, (iri, *part.entries), visit.show.names)
    shown, uses = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}, []
    for one in (iri, *(one for one in part.entries if one not in shown)):
        found = await descriptions.uses(one, ask)
        # Of a node without a name there is nothing to read, unless it is all that there is.
        named = [row for row in found if not visit.show.names.skolemised(row["subject"]["value"])]
        uses += [row for row in named or (found if one not in shown else ()) if row["subject"]["value"] not in shown]
    nodes = (node for quad in quads for node in (quad.subject, quad.predicate, quad.object, quad.graph_name))
    await visit.label({iri, *iris(uses), *part.entries, *(n.value for n in nodes if isinstance(n, ox.NamedNode))})
    others = [one for one in description.subjects if one in shown and one not in (iri, *part.entries)]
    facts = {
        "sections": [_section(subject, iri, quads, visit.show) for subject in (iri, *part.entries, *others)],
        "part": part,
        "path": addresses.document(visit.show.names, iri, HTML).partition("?")[0],
        "uses": [[visit.show.binding(row[name]) for name in ("subject", "predicate", "object")] for row in uses],
        "tombstone": tombstone(_removals(description)),
        "is_graph": visit.edition.dataset.has_graph(iri),
    }
    return PageContent("resource", facts)


def _removals(description: Description) -> Iterator[Removal]:
    """What is said of the thing itself."""
    node = ox.NamedNode(description.iri)
    for quad in description.quads:
        value = quad.object
        if quad.subject == node and isinstance(value, ox.NamedNode | ox.Literal):
            language = value.language or "" if isinstance(value, ox.Literal) else ""
            yield Removal(quad.predicate.value, value.value, language)


def _section(subject: str, iri: str, quads: Iterable[ox.Quad], show: Show) -> Section:
    node = ox.NamedNode(subject)
    found: dict[str, dict[ox.NamedNode | ox.Literal, list[str]]] = {}
    for quad in quads:
        graph, value = quad.graph_name, quad.object
        if quad.subject != node or not isinstance(graph, ox.NamedNode):
            continue
        if isinstance(value, ox.NamedNode | ox.Literal):
            found.setdefault(quad.predicate.value, {}).setdefault(value, []).append(graph.value)
    rows = []
    for predicate, values in found.items():
        stated = [_statement((subject, predicate), value, graphs, show) for value, graphs in values.items()]
        stated.sort(key=lambda one: (one.inferred, one.value.language, one.value.text))
        rows.append((show.iri(predicate), stated))
    # What a thing is comes first, then its properties by name.
    rows.sort(key=lambda row: (row[0].title != _TYPE, sort_key(row[0].text), row[0].title))
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


def _is_inferred(quad: ox.Quad, names: Names) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value == names.inferred_graph[1:-1]


def _statement(
    of: tuple[str, str], value: ox.NamedNode | ox.Literal, graphs: Sequence[str], show: Show
) -> PropertyValue:
    subject, predicate = of
    return PropertyValue(
        show.value(value),
        list(graphs) == [show.names.inferred_graph[1:-1]],
        [show.iri(graph) for graph in sorted(set(graphs))],
        show.page("/explain", s=f"<{subject}>", p=f"<{predicate}>", o=str(value)),
    )
