"""A description as a page: statements by property, stated and inferred told apart, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox

from graph_service import web
from graph_service.descriptions import Description
from graph_service.http import addresses
from graph_service.labels import Labels
from graph_service.namespaces import RDF, Names

_TYPE = f"{RDF}type"


@dataclass(frozen=True)
class Shown:
    """An IRI or a text as a page shows it: `href` is empty where no link is safe, `language` where it has none."""

    text: str
    language: str = ""
    href: str = ""
    title: str = ""


@dataclass(frozen=True)
class Statement:
    """One value of a property.

    Attributes:
        value: what is said.
        inferred: whether it follows from others.
        graphs: where it stands.
        explain: address of its proof.
    """

    value: Shown
    inferred: bool
    graphs: Sequence[Shown]
    explain: str


@dataclass(frozen=True)
class Section:
    """One subject with its properties."""

    subject: Shown
    properties: Sequence[tuple[Shown, Sequence[Statement]]]


class Pages:
    """Makes pages.

    Args:
        names: for the base.
        inferred: IRI of the graph of inferred triples.
    """

    def __init__(self, names: Names, inferred: str) -> None:
        self._names = names
        self._inferred = inferred

    def resource(self, description: Description, labels: Labels, language: str, root: str) -> bytes:
        """The page of a resource."""
        shown = _Show(self._names, labels, language, root)
        sections = [self._section(subject, description.quads, shown) for subject in description.subjects]
        documents = [
            (format_, root + addresses.document(self._names.base, description.iri, format_))
            for format_ in addresses.DATA
        ]
        facts = {"iri": description.iri, "sections": sections, "documents": documents, "root": root}
        return web.render("resource", language, **facts).encode("utf-8", "replace")

    def _section(self, subject: str, quads: Iterable[ox.Quad], shown: _Show) -> Section:
        node = ox.NamedNode(subject)
        found: dict[str, dict[ox.NamedNode | ox.Literal, list[str]]] = {}
        for quad in quads:
            graph, value = quad.graph_name, quad.object
            if quad.subject != node or not isinstance(graph, ox.NamedNode):
                continue
            if isinstance(value, ox.NamedNode | ox.Literal) and not self._is_expression(quad):
                found.setdefault(quad.predicate.value, {}).setdefault(value, []).append(graph.value)
        rows = []
        for predicate, values in found.items():
            statements = [self._statement(subject, predicate, v, graphs, shown) for v, graphs in values.items()]
            statements.sort(key=lambda one: (one.inferred, one.value.language, one.value.text))
            rows.append((shown.iri(predicate), statements))
        # What a thing is comes first, then its properties by name.
        rows.sort(key=lambda row: (row[0].title != _TYPE, row[0].text.casefold(), row[0].title))
        return Section(shown.iri(subject), rows)

    def _is_expression(self, quad: ox.Quad) -> bool:
        """Whether it says of which class without a name a thing is: rules need that, nobody reads it."""
        start = f"{self._names.base}.well-known/"
        return (
            quad.predicate.value == _TYPE and isinstance(v := quad.object, ox.NamedNode) and v.value.startswith(start)
        )

    def _statement(
        self, subject: str, predicate: str, value: ox.NamedNode | ox.Literal, graphs: Sequence[str], shown: _Show
    ) -> Statement:
        triple = {"s": f"<{subject}>", "p": f"<{predicate}>", "o": str(value)}
        query = urlencode({**triple, "format": "text", "lang": shown.language})
        return Statement(
            shown.value(value),
            list(graphs) == [self._inferred],
            [shown.iri(graph) for graph in sorted(set(graphs))],
            f"{shown.root}/api/explain?{query}",
        )


class _Show:
    """Terms as they are shown in one language."""

    def __init__(self, names: Names, labels: Labels, language: str, root: str) -> None:
        self._names = names
        self._labels = labels
        self.language = language
        self.root = root

    def iri(self, iri: str) -> Shown:
        label = self._labels.label(iri, self.language)
        return Shown(label.text, label.language, addresses.link(self._names.base, self.root, iri), iri)

    def value(self, value: ox.NamedNode | ox.Literal) -> Shown:
        if isinstance(value, ox.NamedNode):
            return self.iri(value.value)
        title = "" if value.language else self._names.shorten(value.datatype.value)
        return Shown(value.value, value.language or "", "", title)
