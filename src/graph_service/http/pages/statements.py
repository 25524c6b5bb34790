"""The page of all statements about a resource: by property, stated and inferred, with named graphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph_service.http.pages.shown import DisplayValue, Show
from graph_service.http.pages.visit import PageContent, Visit
from graph_service.rdf.alphabet import sort_key
from graph_service.rdf.namespaces import RDF
from graph_service.views.descriptions import Description
from graph_service.views.tombstones import Removal, tombstone

_TYPE = f"{RDF}type"


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
    """One subject with its properties."""

    subject: DisplayValue
    properties: Sequence[tuple[DisplayValue, Sequence[PropertyValue]]]


async def statements(visit: Visit, description: Description) -> PageContent:
    """The page.

    Args:
        visit: for labels.
        description: what is said.
    """
    quads = description.quads
    nodes = (node for quad in quads for node in (quad.subject, quad.predicate, quad.object, quad.graph_name))
    await visit.label({node.value for node in nodes if isinstance(node, ox.NamedNode)})
    sections = [_section(subject, quads, visit.show) for subject in description.subjects]
    return PageContent("resource", {"sections": sections, "tombstone": tombstone(_removals(description))})


def _removals(description: Description) -> Iterator[Removal]:
    """What is said of the thing itself."""
    node = ox.NamedNode(description.iri)
    for quad in description.quads:
        value = quad.object
        if quad.subject == node and isinstance(value, ox.NamedNode | ox.Literal):
            language = value.language or "" if isinstance(value, ox.Literal) else ""
            yield Removal(quad.predicate.value, value.value, language)


def _section(subject: str, quads: Iterable[ox.Quad], show: Show) -> Section:
    node = ox.NamedNode(subject)
    found: dict[str, dict[ox.NamedNode | ox.Literal, list[str]]] = {}
    for quad in quads:
        graph, value = quad.graph_name, quad.object
        if quad.subject != node or not isinstance(graph, ox.NamedNode):
            continue
        if isinstance(value, ox.NamedNode | ox.Literal) and not _is_expression(quad, show):
            found.setdefault(quad.predicate.value, {}).setdefault(value, []).append(graph.value)
    rows = []
    for predicate, values in found.items():
        stated = [_statement((subject, predicate), value, graphs, show) for value, graphs in values.items()]
        stated.sort(key=lambda one: (one.inferred, one.value.language, one.value.text))
        rows.append((show.iri(predicate), stated))
    # What a thing is comes first, then its properties by name.
    rows.sort(key=lambda row: (row[0].title != _TYPE, sort_key(row[0].text), row[0].title))
    return Section(show.iri(subject), rows)


def _is_expression(quad: ox.Quad, show: Show) -> bool:
    """Whether it puts a thing into a class without a name: rules need that, readers do not."""
    start = f"{show.names.base}.well-known/"
    return quad.predicate.value == _TYPE and isinstance(v := quad.object, ox.NamedNode) and v.value.startswith(start)


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
