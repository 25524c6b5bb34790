"""Canonical forms of answers: one text for one answer, in whatever format and order it comes. Their digests certify it.

- A table is a line with its variables and a line for each row: terms in N-Triples spelling (RDF 1.1 N-Triples, section
  4) between tabs, nothing where a variable is unbound. The rows are sorted by code point. Where the query orders them,
  a second digest keeps their order.
- A boolean is `true` or `false`.
- A graph is canonical N-Quads (RDF Dataset Canonicalization, RDFC-1.0, section 5).

RDFC-1.0 also names the blank nodes of a table: a node for each row, a property for each column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from graph_service.rdf.formats import GRAPHS, Format
from graph_service.rdf.lexer import significant, tokens

_RDFC = ox.CanonicalizationAlgorithm.RDFC_1_0
_ROW, _COLUMN = "urn:x-row:", "urn:x-column:"
_BLANK_ROW = "_:x-row-"


@dataclass(frozen=True)
class CanonicalAnswer:
    """An answer in canonical form.

    Attributes:
        kind: `table`, `boolean`, `graph` or `json`.
        lines: its rows or triples.
        sha256: of the canonical form, hexadecimal.
        more: what else a certificate says of it.
    """

    kind: str
    lines: Sequence[str]
    sha256: str
    more: Mapping[str, object] = field(default_factory=dict)

    @property
    def result(self) -> dict[str, object]:
        """What a certificate says of it: kind, number of rows, digests."""
        return {"kind": self.kind, "rows": len(self.lines), "sha256": self.sha256, **self.more}


def table(variables: Iterable[str], rows: Iterable[Iterable[object]], *, is_ordered: bool) -> CanonicalAnswer:
    """The answer to a SELECT.

    Args:
        variables: without question mark, in the order of the columns.
        rows: a term for each column, None where it is unbound.
        is_ordered: whether the query puts the rows in order.
    """
    head = "\t".join(f"?{name}" for name in variables)
    lines = ["\t".join("" if term is None else str(term) for term in row) for row in rows]
    if any(cell.startswith(("_:", "<<")) for line in lines for cell in line.split("\t")):
        lines = _with_canonical_labels(lines, is_ordered=is_ordered)
    more = {"order": digest([head, *lines])} if is_ordered else {}
    return CanonicalAnswer("table", lines, digest([head, *sorted(lines)]), more)


def boolean(*, value: bool) -> CanonicalAnswer:
    """The answer to an ASK."""
    lines = ["true" if value else "false"]
    return CanonicalAnswer("boolean", lines, digest(lines), {"rows": None, "value": value})


def graph(triples: Iterable[ox.Triple]) -> CanonicalAnswer:
    """The answer to a CONSTRUCT or DESCRIBE."""
    found = ox.Dataset(ox.Quad(*triple) for triple in triples)
    found.canonicalize(_RDFC)
    lines = sorted(f"{quad} ." for quad in found)
    return CanonicalAnswer("graph", lines, digest(lines))


def read(body: bytes, format_: Format, *, is_ordered: bool = False) -> CanonicalAnswer:
    """An answer in one of the formats of SPARQL but CSV, which does not tell an IRI from a text.

    Raises:
        SyntaxError, ValueError: it is not of this format.
    """
    if format_ in GRAPHS:
        return graph(quad.triple for quad in ox.parse(body, ox.RdfFormat.from_extension(format_.extension)))
    results = ox.parse_query_results(body, ox.QueryResultsFormat.from_media_type(format_.media_type))
    if isinstance(results, ox.QueryBoolean):
        return boolean(value=bool(results))
    return table([variable.value for variable in results.variables], results, is_ordered=is_ordered)


def orders(text: str) -> bool:
    """Whether a SELECT puts its rows in order: one within a subquery orders nothing outside of it."""
    depth = 0
    for token in significant(tokens(text)) if "order" in text.lower() else ():
        depth += (token.text == "{") - (token.text == "}")
        # The engine takes `ORDERBY`, too.
        if depth == 0 and token.keyword.startswith("ORDER"):
            return True
    return False


def digest(lines: Iterable[str]) -> str:
    """SHA-256 of lines, each with its line feed, in UTF-8; hexadecimal."""
    found = hashlib.sha256()
    for line in lines:
        found.update(f"{line}\n".encode())
    return found.hexdigest()


def _with_canonical_labels(lines: Sequence[str], *, is_ordered: bool) -> list[str]:
    """The rows with names for blank nodes that depend on the rows alone, and on their order if it counts."""
    statements: list[str] = []
    for number, line in enumerate(lines):
        row = f"<{_ROW}{number}>" if is_ordered else f"{_BLANK_ROW}{number}"
        # A row in which nothing is bound is a row, too.
        statements.append(f"{row} <{_ROW}> <{_ROW}> .")
        statements += [f"{row} <{_COLUMN}{n}> {cell} ." for n, cell in enumerate(line.split("\t")) if cell]
    found = ox.Dataset(ox.parse("\n".join(statements), ox.RdfFormat.N_TRIPLES))
    found.canonicalize(_RDFC)
    width = lines[0].count("\t") + 1
    rows: dict[object, list[str]] = {}
    for quad in found:
        cells = rows.setdefault(quad.subject, [""] * width)
        if quad.predicate.value != _ROW:
            cells[int(quad.predicate.value.removeprefix(_COLUMN))] = str(quad.object)
    if not is_ordered:
        return ["\t".join(cells) for cells in rows.values()]
    return ["\t".join(rows[ox.NamedNode(f"{_ROW}{number}")]) for number in range(len(lines))]
