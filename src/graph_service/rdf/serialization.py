"""Statements as bytes, in every serialisation of RDF, with the prefixes that they use.

JSON-LD 1.1 with a context of prefixes (sections 4.1.5 and 8.1): readable as JSON, and the same triples when read back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from graph_service.rdf import xml_documents
from graph_service.rdf.formats import DATASETS, Format
from graph_service.rdf.namespaces import RDF, XSD, Names

_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_TYPE = f"{RDF}type"
_WITH_PREFIXES = ("turtle", "trig", "rdfxml")


def write(quads: Iterable[ox.Quad], format_: Format, names: Names) -> bytes:
    """Statements in one of `formats.GRAPHS` or `formats.DATASETS`; only the latter tell their graphs.

    Args:
        quads: the statements; in formats without graphs each triple is written once.
        format_: the serialisation.
        names: for prefixes.

    Raises:
        NotWritable: the format cannot hold a statement, such as a property that ends in no name in RDF/XML.
    """
    if format_ in DATASETS:
        ordered = sorted(set(quads), key=str)
        return serialised(ordered, format_, used(ordered, names))
    triples = sorted({quad.triple for quad in quads}, key=str)
    if format_.name == "jsonld":
        return _json_ld(triples, used(triples, names))
    return serialised(triples, format_, used(triples, names))


def used(statements: Collection[ox.Quad | ox.Triple], names: Names) -> Mapping[str, str]:
    """The prefixes that these statements need, without one that an IRI in them has for a scheme."""
    iris: set[str] = set()
    for statement in statements:
        iris.update(term.value for term in statement if isinstance(term, ox.NamedNode))
        if isinstance(statement.object, ox.Literal):
            iris.add(statement.object.datatype.value)
    schemes = {iri.partition(":")[0] for iri in iris}
    return {
        prefix: namespace
        for prefix, namespace in names.prefixes.items()
        if prefix not in schemes and any(iri.startswith(namespace) for iri in iris)
    }


def serialised(
    statements: Iterable[ox.Quad] | Iterable[ox.Triple], format_: Format, prefixes: Mapping[str, str]
) -> bytes:
    """Statements in the order in which they come; prefixes are left out of formats that have none.

    Raises:
        NotWritable: as in `write`.
    """
    kind = ox.RdfFormat.from_extension(format_.extension)
    named = dict(prefixes) if format_.name in _WITH_PREFIXES else None
    if format_.name != "rdfxml":
        return ox.serialize(statements, format=kind, prefixes=named) or b""
    triples = [ox.Triple(one.subject, one.predicate, one.object) for one in statements]
    xml_documents.refuse_unwritable(triples)
    return xml_documents.unbroken_lines(ox.serialize(triples, format=kind, prefixes=named) or b"")


def nodes(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> list[dict[str, Any]]:
    """The node objects of JSON-LD (JSON-LD 1.1, section 3.3), one for each subject.

    Args:
        triples: each once.
        prefixes: those of the context that the document has; names they do not cover are written out.
    """
    found: dict[str, dict[str, Any]] = {}
    for triple in triples:
        subject = _identifier(triple.subject)
        node = found.setdefault(subject, {"@id": subject})
        if triple.predicate.value == _TYPE and not isinstance(triple.object, ox.Literal):
            node.setdefault("@type", []).append(_identifier(triple.object))
        else:
            node.setdefault(_key(triple.predicate.value, prefixes), []).append(_value(triple.object))
    return list(found.values())


def _json_ld(triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> bytes:
    document = {"@context": dict(prefixes), "@graph": nodes(triples, prefixes)}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _identifier(term: Any) -> str:
    return str(term) if isinstance(term, ox.BlankNode) else str(term.value)


def _key(iri: str, prefixes: Mapping[str, str]) -> str:
    for prefix, namespace in prefixes.items():
        local = iri.removeprefix(namespace)
        if local != iri and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return iri


def _value(term: Any) -> Any:
    if not isinstance(term, ox.Literal):
        return {"@id": _identifier(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == f"{XSD}string":
        return term.value
    return {"@value": term.value, "@type": term.datatype.value}
