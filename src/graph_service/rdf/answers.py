"""Answers to SELECT read back into rows (SPARQL 1.1 Query Results: TSV and JSON Formats)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import pyoxigraph as ox

from graph_service.rdf.namespaces import XSD
from graph_service.rdf.terms import Term, unescape

# One solution as SPARQL 1.1 Query Results JSON has it: variable to `type`, `value`, `datatype`, `xml:lang`.
Binding: TypeAlias = dict[str, str]
Row: TypeAlias = dict[str, Binding]
Value: TypeAlias = str | int | float | bool | None

_WHOLE = frozenset(XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger"))
_FRACTIONS = frozenset(XSD + name for name in ("decimal", "double", "float"))
_BOOLEAN = f"{XSD}boolean"
# The other spelling of each truth value, which some stores write (XML Schema 1.1 Part 2, section 3.3.2.2).
_TRUTHS = {"1": "true", "0": "false"}


def solutions(answer: bytes) -> tuple[tuple[str, ...], list[Row]]:
    """Variables and rows of an answer in SPARQL 1.1 Query Results TSV; a term that comes twice is one object."""
    head, *lines = answer.decode().split("\n")
    columns = tuple(name[1:] for name in head.rstrip("\r").split("\t"))
    known: dict[str, Binding] = {}
    rows: list[Row] = []
    for line in lines[:-1]:
        row: Row = {}
        for name, term in zip(columns, line.rstrip("\r").split("\t"), strict=True):
            if term:
                found = known.get(term)
                if found is None:
                    found = known[term] = binding(term)
                row[name] = found
        rows.append(row)
    return columns, rows


def binding(term: str) -> Binding:
    """A term as SPARQL 1.1 Query Results TSV writes it (section 4), which is Turtle's way, in the words of JSON.

    Truth values are spelled `true` and `false`, whatever the store writes.
    """
    if term.startswith("<"):
        return {"type": "uri", "value": unescape(term[1:-1])}
    if term.startswith("_:"):
        return {"type": "bnode", "value": term[2:]}
    quote = term[0]
    if quote not in "\"'":
        kind = "boolean" if term in ("true", "false") else "integer" if term.lstrip("+-").isdigit() else "decimal"
        kind = "double" if kind == "decimal" and "e" in term.lower() else kind
        return {"type": "literal", "value": term, "datatype": XSD + kind}
    end = term.rindex(quote)
    text = term[1:end]
    found = {"type": "literal", "value": unescape(text) if "\\" in text else text}
    if term[end + 1 : end + 2] == "@":
        found["xml:lang"] = term[end + 2 :]
    elif term[end + 1 :].startswith("^^"):
        found["datatype"] = term[end + 4 : -1]
        if found["datatype"] == _BOOLEAN:
            found["value"] = _TRUTHS.get(text, text)
    return found


def value(binding: Binding) -> Value:
    """The plain value of a term: numbers and booleans as such, IRIs and everything else as text."""
    text, datatype = binding["value"], binding.get("datatype")
    if datatype is None:
        return text
    try:
        if datatype in _WHOLE:
            return int(text)
        if datatype in _FRACTIONS:
            # A decimal without a fraction stays whole, so that its text stays what it was.
            return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text
    return text == "true" if datatype == _BOOLEAN and text in ("true", "false") else text


def truth(row: Row, name: str) -> bool:
    """Whether a variable is bound to the `xsd:boolean` that is true."""
    return name in row and row[name]["value"] == "true"


def iris(rows: Sequence[Row]) -> set[str]:
    """All IRIs that occur in the rows."""
    return {binding["value"] for row in rows for binding in row.values() if binding["type"] == "uri"}


def terms(answer: bytes) -> Iterator[dict[str, Term]]:
    """The rows of an answer in JSON: term by variable, without what is unbound."""
    solutions = _solutions(answer)
    names = [variable.value for variable in solutions.variables]
    for row in solutions:
        yield {name: str(row[name]) for name in names if row[name] is not None}


def values(answer: bytes) -> Iterator[dict[str, str]]:
    """The rows of an answer in JSON: plain value by variable (IRI or text of a literal), empty where unbound."""
    solutions = _solutions(answer)
    names = [variable.value for variable in solutions.variables]
    for row in solutions:
        yield {name: "" if row[name] is None else row[name].value for name in names}


def _solutions(answer: bytes) -> ox.QuerySolutions:
    parsed = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    if not isinstance(parsed, ox.QuerySolutions):
        raise TypeError("an answer to ASK has no rows")
    return parsed
