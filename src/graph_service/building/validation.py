"""Validation: what the shapes (W3C SHACL, core) and the violation queries say against the data.

Shapes are checked on the stated triples before reasoning, so that a slip is found where it was written; violation
queries are asked of the reasoned graph, since circles and contradicting relations show only there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pyshacl_turbo
from rdflib import Graph, Namespace
from rdflib.term import Identifier
from rdflib.term import Literal as RdflibLiteral

from graph_service.building.provenance import Provenance
from graph_service.catalogue.queries import QueryFile
from graph_service.rdf import answers
from graph_service.rdf.namespaces import SH, Names
from graph_service.rdf.terms import Quad, Term, iri_value, is_iri, text
from graph_service.store.embedded import EmbeddedStore

_SH = Namespace(SH)


@dataclass(frozen=True)
class Violation:
    """One thing to hint.

    Attributes:
        check: the shape or violation query that found it, as a CURIE, IRI or file name.
        subject: the term it is about.
        message: what is wrong and how to repair it, by language tag.
        path: the property it is about, an IRI term, or empty.
        value: the value that breaks the shape, a term, or empty.
    """

    check: str
    subject: Term
    message: Mapping[str, str]
    path: Term = ""
    value: Term = ""

    def sentence(self, language: str, names: Names, provenance: Provenance) -> str:
        """The finding on one line: place, subject, message, and the value at fault."""
        place = provenance.locate(self.subject) if is_iri(self.subject) else None
        message = self.message.get(language) or next(iter(self.message.values()), "breaks a shape.")
        subject = _short(self.subject, names)
        about = ", ".join(_short(term, names) for term in (self.path, self.value) if term)
        detail = f" [{about}]" if about else ""
        return f"{place}: {subject}: {message}{detail}" if place else f"{subject}: {message}{detail}"


def check_shapes(stated: Collection[Quad], shapes: Iterable[bytes], names: Names) -> list[Violation]:
    """Validate the merge of the stated triples against shapes in Turtle.

    Only violations count; results of lower severity (`sh:Warning`, `sh:Info`) let the data pass.

    Returns:
        Violations in the order of subject, path, value.
    """
    triples = {f"{quad.triple}\n" for quad in stated}
    found: set[_Key] = set()
    messages: dict[_Key, Mapping[str, str]] = {}
    for shape_text in shapes:
        _, report, _ = pyshacl_turbo.validate(
            "".join(triples).encode(),
            data_graph_format="nt",
            shacl_graph=shape_text,
            shacl_graph_format="turtle",
            allow_warnings=True,
        )
        for result in report.objects(None, _SH.result):
            if report.value(result, _SH.resultSeverity) != _SH.Violation:
                continue
            key = _key(report, result)
            found.add(key)
            messages[key] = _messages(report, result)
    return [
        Violation(_short(shape, names), subject, messages[subject, path, value, shape], path, value)
        for subject, path, value, shape in sorted(found)
    ]


def check_queries(store: EmbeddedStore, queries: Iterable[QueryFile], names: Names) -> list[Violation]:
    """Ask each violation query; every row it returns is a violation.

    The placeholders of the query's messages are filled from the row, IRIs as CURIEs.
    """
    found = []
    for query in queries:
        for row in answers.terms(store.query(query.text)):
            values = {name: _readable(term, names) for name, term in row.items()}
            message = {language: sentence.format_map(values) for language, sentence in query.header.message.items()}
            found.append(Violation(query.name, row["subject"], message))
    return found


_Key = tuple[Term, Term, Term, Term]


def _key(report: Graph, result: Identifier) -> _Key:
    """Focus node, path, value and source shape of a result; what is absent is empty."""
    nodes = (
        report.value(result, predicate) for predicate in (_SH.focusNode, _SH.resultPath, _SH.value, _SH.sourceShape)
    )
    subject, path, value, shape = ("" if node is None else node.n3() for node in nodes)
    return subject, path, value, shape


def _messages(report: Graph, result: Identifier) -> dict[str, str]:
    found = (m for m in report.objects(result, _SH.resultMessage) if isinstance(m, RdflibLiteral))
    return {message.language or "en": str(message) for message in sorted(found)}


def _short(term: Term, names: Names) -> str:
    return names.shorten(iri_value(term)) if is_iri(term) else term


def _readable(term: Term, names: Names) -> str:
    """A term for a sentence: CURIE of an IRI, text of a literal."""
    return _short(term, names) if is_iri(term) else text(term)
