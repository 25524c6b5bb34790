"""The W3C's SPARQL test suites as data: manifests, and expected and actual results made comparable.

Formats: the manifest vocabulary of the Data Access Working Group, SPARQL Query Results XML, JSON, CSV and TSV, and the
older result sets in RDF. Numbers, booleans and times are compared by value: the engine keeps them so.
"""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeAlias

from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, RDFS, XSD
from rdflib.term import Node

from tests.w3c_suites import SUITES

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
SRX = "{http://www.w3.org/2005/sparql-results#}"
_NUMBERS = {str(XSD[name]) for name in ("integer", "decimal", "double", "float", "int", "long", "short", "byte")}

# A term as something that can be compared: (kind, value, datatype or language).
Term: TypeAlias = tuple[str, str, str]
Row: TypeAlias = frozenset[tuple[str, Term]]


@dataclass(frozen=True)
class Case:
    """One entry of a manifest."""

    name: str
    kind: str
    query: Path
    data: tuple[Path, ...]
    graphs: tuple[tuple[str, Path], ...]
    result: Path | None


def cases(manifest: str) -> list[Case]:
    """All tests of a manifest and of those it includes; none where the suites are absent."""
    path = SUITES / manifest
    return list(_cases(path)) if path.exists() else []


def _cases(path: Path) -> Iterator[Case]:
    graph = Graph().parse(path, publicID=path.as_uri(), format="turtle")
    for included in graph.objects(None, MF.include):
        for one in Collection(graph, included):
            yield from _cases(_path(one))
    for entries in graph.objects(None, MF.entries):
        for entry in Collection(graph, entries):
            kinds = [str(kind).partition("#")[2] for kind in graph.objects(entry, RDF.type)]
            yield _case(graph, entry, next((kind for kind in kinds if kind), "QueryEvaluationTest"), path.parent)


def _case(graph: Graph, entry: Node, kind: str, directory: Path) -> Case:
    action = graph.value(entry, MF.action)
    query = graph.value(action, QT.query) or action
    graphs = []
    for one in graph.objects(action, QT.graphData):
        file = graph.value(one, QT.graph) or one
        graphs.append((str(graph.value(one, RDFS.label) or file), _path(file)))
    result = graph.value(entry, MF.result)
    name = f"{directory.parent.name}/{directory.name}/{str(entry).partition('#')[2]}"
    data = tuple(_path(file) for file in graph.objects(action, QT.data))
    return Case(name, kind, _path(query), data, tuple(graphs), _path(result) if result else None)


def _path(node: object) -> Path:
    return Path(str(node).removeprefix("file://"))


def same_graph(one: Graph, other: Graph) -> bool:
    """Whether two graphs are the same but for the names of blank nodes."""
    return isomorphic(_by_value(one), _by_value(other))


def _by_value(graph: Graph) -> Graph:
    copy = Graph()
    for subject, predicate, value in graph:
        copy.add((subject, predicate, _node(_term(value))))
    return copy


def same_rows(expected: list[Row], actual: list[Row], *, ordered: bool) -> bool:
    """Whether two tables are the same but for the names of blank nodes (and, unless `ordered`, the order)."""
    blank = [row for row in expected + actual if any(term[0] == "bnode" for _, term in row)]
    if not blank:
        return expected == actual if ordered else Counter(expected) == Counter(actual)
    return len(expected) == len(actual) and isomorphic(_as_graph(expected), _as_graph(actual))


def _as_graph(rows: list[Row]) -> Graph:
    graph = Graph()
    for row, count in Counter(rows).items():
        subject = BNode()
        graph.add((subject, RS["index"], Literal(count)))
        for name, term in row:
            graph.add((subject, URIRef(f"urn:var:{name}"), _node(term)))
    return graph


def _node(term: Term) -> Node:
    kind, value, more = term
    if kind == "uri":
        return URIRef(value)
    return BNode(value) if kind == "bnode" else Literal(f"{more} {value}")


def _term(node: object) -> Term:
    if isinstance(node, Literal):
        return literal(str(node), node.language or "", str(node.datatype or ""))
    return ("bnode" if isinstance(node, BNode) else "uri", str(node), "")


def literal(value: str, language: str, datatype: str) -> Term:
    """A literal; numbers, booleans and times by value."""
    if language:
        return ("literal", value, language.lower())
    if datatype == str(XSD.boolean):
        value = {"1": "true", "0": "false"}.get(value, value)
    elif datatype in (str(XSD.date), str(XSD.dateTime), str(XSD.time)):
        value = value.replace("+00:00", "Z")
    elif datatype in _NUMBERS:
        try:
            number = (
                Decimal(value) if datatype not in (str(XSD.double), str(XSD.float)) else Decimal(repr(float(value)))
            )
            value = str(number.normalize() + 0)
        except (InvalidOperation, ValueError):
            pass
    return ("literal", value, "" if datatype == str(XSD.string) else datatype)


def read_result(path: Path) -> bool | list[Row] | Graph:
    """An expected result: a boolean, a table or a graph."""
    if path.suffix == ".srx":
        return _read_xml(path.read_text("utf-8"))
    if path.suffix == ".srj":
        return read_json(path.read_bytes())
    graph = Graph().parse(path, publicID=path.as_uri(), format="xml" if path.suffix == ".rdf" else "turtle")
    answer = graph.value(None, RS.boolean)
    for found in graph.objects(None, RS.boolean):
        answer = found
    if answer is not None:
        return bool(answer.toPython()) if isinstance(answer, Literal) else False
    table = graph.value(None, RDF.type, RS.ResultSet)
    return graph if table is None else _read_rdf(graph, table)


def _read_rdf(graph: Graph, table: Node) -> list[Row]:
    rows: list[tuple[int, Row]] = []
    for solution in graph.objects(table, RS.solution):
        index = graph.value(solution, RS["index"])
        bindings = graph.objects(solution, RS.binding)
        row = frozenset((str(graph.value(one, RS.variable)), _term(graph.value(one, RS.value))) for one in bindings)
        rows.append((int(str(index)) if index is not None else 0, row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def _read_xml(text: str) -> bool | list[Row]:
    root = ET.fromstring(text)
    boolean = root.find(f"{SRX}boolean")
    if boolean is not None:
        return (boolean.text or "").strip() == "true"
    return [
        frozenset((str(one.get("name")), _xml_term(one[0])) for one in result.iter(f"{SRX}binding"))
        for result in root.iter(f"{SRX}result")
    ]


def _xml_term(element: ET.Element) -> Term:
    kind, value = element.tag.removeprefix(SRX), element.text or ""
    if kind != "literal":
        return (kind, value, "")
    return literal(value, element.get("{http://www.w3.org/XML/1998/namespace}lang", ""), element.get("datatype", ""))


def read_json(data: bytes) -> bool | list[Row]:
    """SPARQL 1.1 Query Results JSON."""
    content = json.loads(data)
    if "boolean" in content:
        return bool(content["boolean"])
    rows: list[Mapping[str, dict[str, Any]]] = content["results"]["bindings"]
    return [frozenset((name, _json_term(term)) for name, term in row.items()) for row in rows]


def _json_term(term: dict[str, Any]) -> Term:
    if term["type"] in ("literal", "typed-literal"):
        return literal(term["value"], term.get("xml:lang", ""), term.get("datatype", ""))
    return (term["type"], term["value"], "")


def read_lines(data: bytes, suffix: str) -> Counter[frozenset[tuple[str, str]]]:
    """Rows of CSV or TSV as cells with their columns, with all blank nodes made one: `SELECT *` has no order."""
    text = io.StringIO(data.decode(), newline="")
    rows = csv.reader(text) if suffix == ".csv" else csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
    head = next(rows)
    return Counter(frozenset(zip(head, map(_cell, row), strict=True)) for row in rows if row)


def _cell(cell: str) -> str:
    if cell.startswith("_:"):
        return "_:"
    try:
        return str(float(cell))
    except ValueError:
        return cell
