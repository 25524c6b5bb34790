"""Triple patterns as SPARQL: many of them in one SELECT, each with the named graphs its triples stand in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from graph_service.rdf import answers
from graph_service.rdf.terms import Quad, Term, Triple, is_literal
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.compilation import schema_terms
from graph_service.reasoning.noise import LISTS


class Pattern(NamedTuple):
    """A triple pattern; None stands for any term."""

    subject: Term | None
    predicate: Term | None
    object: Term | None

    @property
    def is_triple(self) -> bool:
        """Whether no place is open."""
        return None not in self

    def of(self, row: dict[str, Term]) -> Quad:
        """The quad of a row that answers the pattern."""
        subject, predicate, value = (term or row[name] for term, name in zip(self, "spo", strict=True))
        return Quad(subject, predicate, value, row["g"])


def select(patterns: Sequence[Pattern], limit: int) -> str:
    """The query for the quads of all patterns; of one with open places at most `limit`.

    Each pattern is a sub-SELECT with a LIMIT of its own; `?n` is the pattern's number. Triples without open places
    share one VALUES block: there are at most as many answers as named graphs that state them.
    """
    ground = [f"({number} {' '.join(map(str, p))})" for number, p in enumerate(patterns) if p.is_triple]
    parts = [_sub_select(number, p, limit) for number, p in enumerate(patterns) if not p.is_triple]
    if ground:
        parts.append(f"{{ VALUES (?n ?s ?p ?o) {{ {' '.join(ground)} }} GRAPH ?g {{ ?s ?p ?o }} }}")
    return f"SELECT ?n ?s ?p ?o ?g WHERE {{ {' UNION '.join(parts)} }}"


def _sub_select(number: int, pattern: Pattern, limit: int) -> str:
    terms = [term or f"?{name}" for term, name in zip(pattern, "spo", strict=True)]
    opened = " ".join(term for term in terms if term.startswith("?"))
    return f"{{ SELECT ({number} AS ?n) {opened} ?g WHERE {{ GRAPH ?g {{ {' '.join(terms)} }} }} LIMIT {limit} }}"


def read(answer: bytes, patterns: Sequence[Pattern]) -> dict[Pattern, list[Quad]]:
    """The quads of each pattern in an answer to `select`."""
    found: dict[Pattern, list[Quad]] = {pattern: [] for pattern in patterns}
    for row in answers.terms(answer):
        # `"12"^^<…#integer>`
        pattern = patterns[int(row["n"][1 : row["n"].index('"', 1)])]
        found[pattern].append(pattern.of(row))
    return found


def is_possible(pattern: Pattern) -> bool:
    """Whether a triple can match: no literal is a subject or a predicate (RDF 1.1 Concepts, section 3.1)."""
    return not any(term is not None and is_literal(term) for term in pattern[:2])


def is_schema(pattern: Pattern) -> bool:
    """Whether all triples of the pattern are axioms or parts of lists, by which axioms are written."""
    _, predicate, value = pattern
    term = value if predicate == v.TYPE else predicate
    return term is not None and (term in schema_terms() or term in LISTS)


def select_schema(limit: int) -> str:
    """The query for all axioms and lists, stated and inferred."""
    named = sorted(schema_terms() | LISTS)
    return (
        f"SELECT ?s ?p ?o ?g WHERE {{ {{ {_values('?p', named)} GRAPH ?g {{ ?s ?p ?o }} }} UNION "
        f"{{ {_values('?o', named)} GRAPH ?g {{ ?s {v.TYPE} ?o }} }} }} LIMIT {limit}"
    )


def read_schema(answer: bytes) -> list[Quad]:
    """The quads of an answer to `select_schema`."""
    return [Pattern(None, row.get("p", v.TYPE), None).of(row) for row in answers.terms(answer)]


def select_used(predicates: Sequence[Term]) -> str:
    """The query for those predicates that triples have."""
    parts = [f"{{ SELECT ({p} AS ?p) WHERE {{ GRAPH ?g {{ ?s {p} ?o }} }} LIMIT 1 }}" for p in predicates]
    return f"SELECT ?p WHERE {{ {' UNION '.join(parts)} }}"


def read_used(answer: bytes) -> set[Term]:
    """The predicates of an answer to `select_used`."""
    return {row["p"] for row in answers.terms(answer)}


def _values(variable: str, terms: Iterable[Term]) -> str:
    return f"VALUES {variable} {{ {' '.join(terms)} }}"


def select_spellings(triple: Triple, limit: int) -> str:
    """The query for the literals that the data have in place of the triple's object and that have its value."""
    value = triple.object
    return (
        f"SELECT DISTINCT ?o WHERE {{ GRAPH ?g {{ {triple.subject} {triple.predicate} ?o }} "
        f"FILTER(isLiteral(?o) && DATATYPE(?o) = DATATYPE({value}) && (sameTerm(?o, {value}) || ?o = {value})) }} "
        f"LIMIT {limit}"
    )
