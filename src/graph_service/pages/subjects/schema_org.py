"""The content of a page in terms of schema.org, as JSON-LD in its head, for search engines.

Which class and which property is close to which term of schema.org stands in the ontology (`skos:closeMatch`), so an
publisher's ontology that says so gets the same; a thing in no such class has no JSON-LD.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graph_service.http import web
from graph_service.http.protocol.cache import Recent
from graph_service.pages.shown import Show
from graph_service.pages.visit import Visit
from graph_service.rdf.answers import Binding, Row
from graph_service.rdf.namespaces import PREFIXES, RDF, XSD
from graph_service.snapshots.snapshot import Manifest

SCHEMA = PREFIXES["schema"]
JSON: TypeAlias = dict[str, Any]

_TYPE = f"{RDF}type"
_KINDS = (_TYPE, f"{PREFIXES['skos']}inScheme")
# Outlines that are kept, and the values that one of them may have.
_KEPT, _MOST_VALUES = 1000, 50


@dataclass(frozen=True)
class Outline:
    """What a thing is, and what is said of it in terms of schema.org.

    Attributes:
        iri: of the thing.
        kinds: its classes, and the schemes that a concept is in.
        types: its types of schema.org, by local name.
        said: values by local name of a property of schema.org.
    """

    iri: str
    kinds: frozenset[str]
    types: Sequence[str]
    values_by_name: Mapping[str, Sequence[Binding]] = field(default_factory=dict)

    @property
    def shows(self) -> set[str]:
        """The IRIs whose labels `json_ld` contains."""
        return {one["value"] for values in self.values_by_name.values() for one in values if one["type"] == "uri"}

    def json_ld(self, show: Show) -> JSON:
        """The thing as JSON-LD: texts in the language of the page; empty if it has no type of schema.org."""
        if not self.types:
            return {}
        node: JSON = {"@context": SCHEMA, "@id": self.iri, "@type": _one_or_all(self.types)}
        for name, values in sorted(self.values_by_name.items()):
            if written := _written(values, show):
                node[name] = _one_or_all(written)
        return node


class _Memory:
    """What is kept for a data set: the terms of the ontology that are close to those of schema.org, and outlines.

    The engine walks through all statements about a thing for its outline: 15 ms for a concept above 10,000 others.
    """

    def __init__(self) -> None:
        self.terms: Mapping[str, str] | None = None
        self.outlines: Recent[str, list[Row]] = Recent(_KEPT)


async def outline_of(visit: Visit, iri: str) -> Outline:
    """The outline of a thing.

    Raises:
        QueryError: the store did not answer.
    """
    terms = await _terms(visit)
    outlines = visit.edition.remembered("schema-org", _Memory).outlines
    rows = outlines.get(iri)
    if rows is None:
        rows = await visit.rows("outline", item=[iri], property=[*_KINDS, *terms])
        if len(rows) <= _MOST_VALUES:
            outlines.put(iri, rows)
    kinds: set[str] = set()
    values_by_name: dict[str, list[Binding]] = {}
    for row in rows:
        name, value = row["property"]["value"], row["value"]
        if name in _KINDS:
            kinds.add(value["value"])
        # Two properties may be close to the same one, and say the same.
        if name in terms and value not in values_by_name.setdefault(terms[name], []):
            values_by_name[terms[name]].append(value)
    return Outline(iri, frozenset(kinds), sorted({terms[kind] for kind in kinds if kind in terms}), values_by_name)


async def _terms(visit: Visit) -> Mapping[str, str]:
    """Local names of schema.org by the IRI of the term that is close to them."""
    memory = visit.edition.remembered("schema-org", _Memory)
    if memory.terms is None:
        rows = await visit.rows("schema-org")
        found = {row["term"]["value"]: row["close"]["value"].removeprefix(SCHEMA) for row in rows}
        memory.terms = dict(sorted(found.items()))
    return memory.terms


def _written(values: Sequence[Binding], show: Show) -> list[Any]:
    texts = [one for one in values if "xml:lang" in one]
    text = show.text(texts)
    # What is no link on a page, since a browser might run it, is none here.
    others = [one for one in values if "xml:lang" not in one and (one["type"] != "uri" or show.href(one["value"]))]
    written: list[Any] = []
    if text is not None:
        spoken = text.language == show.language
        written.append(text.text if spoken else {"@value": text.text, "@language": text.language})
    return written + [_value(one, show) for one in sorted(others, key=lambda one: one["value"])]


def _value(one: Binding, show: Show) -> Any:
    value = one["value"]
    if one["type"] == "uri":
        name = show.labels.text(value, show.language)
        return {"@id": value} if name == show.names.shorten(value) else {"@id": value, "name": name}
    if one.get("datatype") == f"{XSD}boolean":
        return value == "true"
    return value


def _one_or_all(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def dataset(manifest: Manifest, origin: str, language: str, *, licence: str, publisher: str) -> JSON:
    """The data set and the catalogue that it is in, as JSON-LD.

    Args:
        manifest: of the snapshot.
        origin: address of the service, without a slash at the end.
        language: of the words.
        licence: IRI of the licence of the data, empty for none.
        publisher: who publishes them; empty if unknown.
    """
    words = web.words(language)
    download = {
        "@type": "DataDownload",
        "contentUrl": f"{origin}/dump/graph.nq",
        "encodingFormat": "application/n-quads",
        "sha256": manifest.digest,
    }
    catalogue = {"@type": "DataCatalog", "@id": f"{manifest.base}catalogue", "name": words["title"]}
    node = {
        "@context": SCHEMA,
        "@type": "Dataset",
        "@id": f"{manifest.base}.well-known/void#dataset",
        "name": words["title"],
        "description": words["start.about"],
        "url": f"{origin}/",
        "version": manifest.digest,
        "license": licence,
        "publisher": {"name": publisher} if publisher else "",
        "includedInDataCatalog": catalogue,
        "distribution": download,
    }
    return {name: value for name, value in node.items() if value}
