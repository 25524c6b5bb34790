"""The one reader of answers to SELECT, which come as SPARQL 1.1 Query Results TSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from graph_service.rdf.namespaces import XSD
from graph_service.rdf.terms import Term, literal, unescape

# One solution as SPARQL 1.1 Query Results JSON has it: variable to `type`, `value`, `datatype`, `xml:lang`.
Binding: TypeAlias = dict[str, str]
Row: TypeAlias = dict[str, Binding]
Value: TypeAlias = str | int | float | bool | None

_WHOLE = frozenset(XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger"))
_FRACTIONS = frozenset(XSD + name for name in ("decimal", "double", "float"))
_BOOLEAN = f"{XSD}boolean"
# The other spelling of each truth value, which some stores write (XML Schema 1.1 Part 2, section 3.3.2.2).
_TRUTHS = {"1": "true", "0": "false"}


def lines(answer: bytes) -> tuple[tuple[str, ...], Iterator[str]]:
    """The variables of an answer, and its lines: one cell for each variable, between tabs, empty where unbound."""
    head, *rest = answer.decode().split("\n")
    return tuple(name[1:] for name in head.rstrip("\r").split("\t")), (line.rstrip("\r") for line in rest[:-1])


def solutions(answer: bytes) -> tuple[tuple[str, ...], list[Row]]:
    """The variables and rows of an answer; a term that comes twice is one object."""
    columns, written = lines(answer)
    known: dict[str, Binding] = {}
    rows: list[Row] = []
    for line in written:
        row: Row = {}
        for name, cell in zip(columns, line.split("\t"), strict=True):
            if cell:
                term = known.get(cell)
                if term is None:
                    term = known[cell] = binding(cell)
                row[name] = term
        rows.append(row)
    return columns, rows


def values(answer: bytes) -> list[dict[str, str]]:
    """The rows of an answer as plain values by variable (IRI or text of a literal), empty where unbound."""
    columns, rows = solutions(answer)
    return [{name: row[name]["value"] if name in row else "" for name in columns} for row in rows]


def terms(answer: bytes) -> list[dict[str, Term]]:
    """The rows of an answer as terms by variable, without what is unbound."""
    columns, written = lines(answer)
    cells = (zip(columns, line.split("\t"), strict=True) for line in written)
    return [{name: term(cell) for name, cell in row if cell} for row in cells]


def term(cell: str) -> Term:
    """The N-Triples spelling of a cell: TSV abbreviates numbers, and escapes other characters than N-Triples does."""
    if cell[0] in "<_" or (cell[0] == '"' and "\\" not in cell and cell.isprintable()):
        return cell
    found = binding(cell)
    return literal(found["value"], language=found.get("xml:lang"), datatype=found.get("datatype"))


def binding(term: str) -> Binding:
    """A term in the spelling of Turtle, as TSV has it (section 4), as the object that JSON results would have for it.

    Truth values are spelled `true` and `false`, whatever the store writes.

    Raises:
        ValueError: it holds a wrong escape.
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
