"""Writing readable Turtle: short names, one block for each subject, the same text for the same statements."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import pyoxigraph as ox

from graph_service.rdf.namespaces import XSD, Names, declarations
from graph_service.rdf.terms import Term, iri_value, is_iri, literal

_LOCAL = re.compile(r"[a-z0-9][a-zA-Z0-9_-]*")
_INTEGER = re.compile(rf'"(-?\d+)"\^\^<{re.escape(XSD)}integer>')
_DATE = re.compile(rf'("[^"]*")\^\^<{re.escape(XSD)}(\w+)>')

Pairs = Iterable[tuple[str, Iterable[Term]]]


class Writer:
    """Writes the blocks of one file and remembers which prefixes they need."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._used: set[str] = {"mp"}

    def block(self, subject: Term, kind: str, pairs: Pairs) -> str:
        """One subject with its type and its properties, in the order given; values of a property are sorted.

        Args:
            subject: an IRI term.
            kind: the CURIE of its class, empty for none.
            pairs: CURIE of the property, and its values; a property without values is left out.
        """
        lines = [f"a {self._curie(kind)}"] if kind else []
        for name, values in pairs:
            written = [self.term(value) for value in values if value]
            if len(written) > 1:
                written = sorted(set(written))
            if written:
                lines.append(f"{self._curie(name)} " + " ,\n        ".join(written))
        return f"{self.term(subject)} " + " ;\n    ".join(lines) + " .\n"

    def prefixes(self) -> str:
        """The prefix lines that the blocks written so far need."""
        kinds = {name: f"{self._names.base}id/{name}/" for name in self._used if name not in self._names.prefixes}
        known = {name: value for name, value in self._names.prefixes.items() if name in self._used}
        return declarations({**known, **kinds})

    def term(self, term: Term) -> str:
        """A term as Turtle writes it."""
        if is_iri(term):
            return self._name(term)
        if not term.endswith(">"):
            return term
        if integer := _INTEGER.fullmatch(term):
            return integer[1]
        if typed := _DATE.fullmatch(term):
            self._used.add("xsd")
            return f"{typed[1]}^^xsd:{typed[2]}"
        return term

    def _name(self, term: Term) -> str:
        kind, local = _parts(self._names.base, term)
        if not kind:
            return term
        self._used.add(kind)
        return f"{kind}:{local}"

    def _curie(self, name: str) -> str:
        self._used.add(name.partition(":")[0])
        return name


@lru_cache(maxsize=10_000)
def _parts(base: str, term: Term) -> tuple[str, str]:
    """Kind and local name of an IRI `id/KIND/NAME`, where both are plain."""
    value = iri_value(term)
    kind, slash, local = value.removeprefix(f"{base}id/").partition("/")
    named = slash and value.startswith(f"{base}id/") and _LOCAL.fullmatch(local)
    return (kind, local) if named else ("", "")


def text(value: str, language: str = "") -> Term:
    """The term of a text, with a language where there is one; nothing for nothing."""
    return literal(value, language=language or None) if value else ""


def link(value: str) -> Term:
    """The term of a web address.

    Raises:
        ValueError: it is none.
    """
    if not value.startswith(("http://", "https://")) or any(c in value for c in ' <>"{}|\\^`'):
        raise ValueError(value)
    return str(ox.NamedNode(value))
