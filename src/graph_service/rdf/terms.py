"""RDF terms, triples and quads, as the whole build passes them on.

A term is a `str`: its canonical N-Triples spelling (RDF 1.1 N-Triples, section 4), as in `<https://example.org/a>`
or `"Dresden"@de`. Strings hash and compare fast, keep literals bit for bit (`"01"^^xsd:integer` stays `01`), sort into
the order the digest is made of, and are what snapshots hold. Reading gives blank nodes names (RDF 1.1 Concepts, section
3.5), unless a build without a reasoner is told to keep them: then a term may be `_:label`.
"""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

Term: TypeAlias = str

# ECHAR and UCHAR of RDF 1.1 Turtle, section 6.4; any other sign behind a backslash is caught as an error.
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.?))", re.DOTALL)
_SIGNS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


class Triple(NamedTuple):
    """Subject, predicate, object; subject and predicate are IRIs in angle brackets."""

    subject: Term
    predicate: Term
    object: Term

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} ."


class Quad(NamedTuple):
    """A triple and the named graph it stands in."""

    subject: Term
    predicate: Term
    object: Term
    graph: Term

    @property
    def triple(self) -> Triple:
        """The triple without its graph."""
        return Triple(self.subject, self.predicate, self.object)

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} {self.graph} ."


def iri(value: str) -> Term:
    """The term of an absolute IRI.

    Raises:
        ValueError: `value` is not an absolute IRI (RFC 3987).
    """
    return str(ox.NamedNode(value))


def literal(value: str, *, language: str | None = None, datatype: str | None = None) -> Term:
    """The term of a literal; without language and datatype it is an `xsd:string`."""
    kind = ox.NamedNode(datatype) if datatype else None
    return str(ox.Literal(value, language=language, datatype=kind))


def is_iri(term: Term) -> bool:
    """Whether the term is an IRI."""
    return term.startswith("<")


def is_literal(term: Term) -> bool:
    """Whether the term is a literal."""
    return term.startswith('"')


def is_typed(term: Term) -> bool:
    """Whether the term is a literal with a datatype of its own: neither a plain string nor one of a language."""
    return term[0] == '"' and term[-1] == ">"


def iri_value(term: Term) -> str:
    """The IRI of an IRI term, without its brackets."""
    return term[1:-1]


def text(term: Term) -> str:
    """The lexical form of a literal term, without its quotes, language and datatype."""
    return unescape(term[1 : term.rindex(term[0])])


def unescape(text: str) -> str:
    """A text without the escapes of Turtle, N-Triples and SPARQL results (RDF 1.1 Turtle, section 6.4).

    Raises:
        ValueError: a backslash begins no escape, or the escape names no Unicode character.
    """
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    short, long, sign = escape.groups()
    if sign is None:
        number = int(short or long, 16)
        if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF:
            return chr(number)
    elif sign in _SIGNS:
        return _SIGNS[sign]
    raise ValueError(f"{escape[0]!r} is not an escape of a Unicode character (RDF 1.1 Turtle, section 6.4).")


def parse_quad(line: str) -> Quad:
    """Read back one canonical N-Quads line, as `str(quad)` writes it.

    Splitting suffices: in canonical spelling no IRI holds a space, so the graph is what follows the last one.
    """
    subject, predicate, rest = line.removesuffix("\n").removesuffix(" .").split(" ", 2)
    value, _, graph = rest.rpartition(" ")
    return Quad(subject, predicate, value, graph)


def parse_triple(line: str) -> Triple:
    """Read back one canonical N-Triples line, as `str(triple)` writes it."""
    return Triple(*line.removesuffix("\n").removesuffix(" .").split(" ", 2))
