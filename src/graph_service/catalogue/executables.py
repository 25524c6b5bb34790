"""Query files as linked data: SPARQL executables (SHACL Advanced Features, section 5), which SPARQL editors read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

import pyoxigraph as ox

from graph_service.catalogue.queries import QueryFile
from graph_service.rdf.formats import Form, Format
from graph_service.rdf.guard import inspect
from graph_service.rdf.lexer import TokenKind, significant, tokens
from graph_service.rdf.namespaces import PREFIXES, RDF, RDFS, SH, XSD
from graph_service.rdf.serialization import serialised

_SCHEMA = PREFIXES["schema"]
_DCTERMS = PREFIXES["dcterms"]
_TYPE = ox.NamedNode(f"{RDF}type")
_CLASSES = {
    Form.SELECT: ("SPARQLSelectExecutable", "select"),
    Form.ASK: ("SPARQLAskExecutable", "ask"),
    Form.CONSTRUCT: ("SPARQLConstructExecutable", "construct"),
}
_PREFIXES = {"sh": SH, "rdfs": RDFS, "schema": _SCHEMA, "dcterms": _DCTERMS}


def columns(query: QueryFile) -> tuple[str, ...]:
    """The variables that a SELECT answers with, in order; none of any other form.

    Args:
        query: one that the guard has let through, for its text is run, on no data.
    """
    found = ox.Store().query(query.text)
    return tuple(variable.value for variable in found.variables) if isinstance(found, ox.QuerySolutions) else ()


def describe(queries: Iterable[QueryFile], address: str, endpoint: str, format_: Format) -> bytes:
    """The queries in RDF.

    Args:
        queries: what is described, with the examples of its parameters bound by nobody: as it stands.
        address: where the operations are; each query's IRI is its address below.
        endpoint: where the texts can be run.
        format_: one of `formats.GRAPHS`.

    Raises:
        NotWritable: a query has a character that RDF/XML cannot hold.
    """
    triples = (triple for query in queries for triple in _triples(query, address, endpoint))
    return serialised(triples, format_, _PREFIXES)


def _triples(query: QueryFile, address: str, endpoint: str) -> Iterator[ox.Triple]:
    subject = ox.NamedNode(f"{address}/{quote(query.name)}")
    form = inspect(query.text).form
    prefixes, body = apart(query.text)
    yield ox.Triple(subject, _TYPE, _sh("SPARQLExecutable"))
    if form in _CLASSES:
        name, text = _CLASSES[form]
        yield ox.Triple(subject, _TYPE, _sh(name))
        yield ox.Triple(subject, _sh(text), ox.Literal(body))
    for language, title in query.header.title.items():
        yield ox.Triple(subject, ox.NamedNode(f"{RDFS}label"), ox.Literal(title, language=language))
    for language, text in query.header.description.items():
        yield ox.Triple(subject, ox.NamedNode(f"{RDFS}comment"), ox.Literal(text, language=language))
    for tag in query.header.tags:
        yield ox.Triple(subject, ox.NamedNode(f"{_SCHEMA}keywords"), ox.Literal(tag))
    yield ox.Triple(subject, ox.NamedNode(f"{_SCHEMA}target"), ox.NamedNode(endpoint))
    declarations = ox.NamedNode(f"{subject.value}#prefixes")
    yield ox.Triple(subject, _sh("prefixes"), declarations)
    for prefix, namespace in prefixes.items():
        declaration = ox.NamedNode(f"{subject.value}#prefix-{quote(prefix)}")
        yield ox.Triple(declarations, _sh("declare"), declaration)
        yield ox.Triple(declaration, _sh("prefix"), ox.Literal(prefix))
        any_uri = ox.NamedNode(f"{XSD}anyURI")
        yield ox.Triple(declaration, _sh("namespace"), ox.Literal(namespace, datatype=any_uri))


def apart(text: str) -> tuple[dict[str, str], str]:
    """The prefixes that a query declares, and the query from its form on."""
    prefixes: dict[str, str] = {}
    stream = significant(tokens(text))
    for token in stream:
        if token.keyword == "PREFIX":
            name, namespace = next(stream, token), next(stream, token)
            prefixes[name.text.removesuffix(":")] = namespace.text[1:-1]
        elif token.kind is TokenKind.WORD and any(token.keyword.startswith(form) for form in Form):
            return prefixes, text[token.start :]
    return prefixes, text


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)
