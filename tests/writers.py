"""Every writer of the project as a function: a text goes into a document, and a parser reads it out again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

import pyoxigraph as ox

from graph_service.http import web
from graph_service.http.protocol.problems import Problem
from graph_service.networks import FORMATS, Specification, Statements, network
from graph_service.networks import write as write_network
from graph_service.pages.dataset.feed import ATOM, FeedEntry, FeedHead
from graph_service.pages.dataset.feed import written as feed
from graph_service.rdf import answers, serialization, terms
from graph_service.rdf.csv_cells import PLAIN
from graph_service.rdf.formats import DATASETS, GRAPHS, RESULTS, Form, Format
from graph_service.rdf.namespaces import Names
from graph_service.snapshots import dumps
from graph_service.store import Query
from graph_service.store.counting import CountingWriter
from graph_service.store.writing import write
from graph_service.views import tables
from graph_service.views.tables import Table

SUBJECT, PREDICATE, GRAPH = (ox.NamedNode(f"https://example.org/{name}") for name in "spg")
NAMES = Names("https://example.org/")
NETWORKS = [one.name for one in FORMATS]


def legal(text: str) -> str:
    """What of a text XML 1.0 can hold (section 2.2, Char)."""
    return "".join(c if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") else "\ufffd" for c in text)


def answered(text: str, format_: Format) -> bytes:
    """A table of one row, by the store's writer, in small pieces."""
    value = {"type": "literal", "value": text}
    document = {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": value}]}}
    found = ox.parse_query_results(json.dumps(document).encode(), ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QuerySolutions)
    return written(found, Query("", Form.SELECT, format_))


def constructed(text: str, format_: Format) -> bytes:
    return written([ox.Triple(SUBJECT, PREDICATE, ox.Literal(text))], Query("", Form.CONSTRUCT, format_))


def written(results: Any, query: Query) -> bytes:
    output = io.BytesIO()
    write(results, query, CountingWriter(output, query.format.name, rows=None, size=None))
    return output.getvalue()


def value_of(document: bytes, format_: Format) -> str:
    """The one value of a graph; RDF/XML is read by a parser of XML as well."""
    if format_.name == "rdfxml":
        expat.ParserCreate(namespace_separator=" ").Parse(document, True)
        (element,) = ElementTree.fromstring(document).iter(f"{{{NAMES.base}}}p")
        assert (element.text or "") == next(iter(ox.parse(document, format=ox.RdfFormat.RDF_XML))).object.value
    (quad,) = ox.parse(document, format=ox.RdfFormat.from_extension(format_.extension))
    return str(quad.object.value)


def from_results(text: str, format_: Format) -> str:
    document = answered(text, format_)
    if format_.name == "json":
        return str(json.loads(document)["results"]["bindings"][0]["x"]["value"])
    if format_.name == "xml":
        (literal,) = ElementTree.fromstring(document).iter("{http://www.w3.org/2005/sparql-results#}literal")
        return literal.text or ""
    if format_.name == "csv":
        return list(csv.reader(io.StringIO(document.decode(), newline="")))[1:][0][0] if text else ""
    _, (row,) = answers.solutions(document)
    return row["x"]["value"]


def from_graph(text: str, format_: Format) -> str:
    quad = ox.Quad(SUBJECT, PREDICATE, ox.Literal(text), GRAPH)
    return value_of(serialization.write([quad], format_, NAMES), format_)


def from_query(text: str, format_: Format) -> str:
    return value_of(constructed(text, format_), format_)


def from_dump(text: str, form: str) -> str:
    quad = terms.Quad(str(SUBJECT), str(PREDICATE), terms.literal(text), str(GRAPH))
    snapshot: Any = SimpleNamespace(quads=lambda: iter([quad]))
    document = b"".join(dumps.pieces(snapshot, form))
    return value_of(document, Format("", "", {"trig": "trig", "ntriples": "nt"}[form]))


def from_feed(text: str) -> str:
    where = "https://example.org/feed"
    head = FeedHead(where, "Feed", "Author", "2024-01-01T00:00:00Z", where, where, "de")
    document = feed(head, [FeedEntry("urn:x", "Entry", "2024-01-01T00:00:00Z", where, f"a{text}")])
    (content,) = ElementTree.fromstring(document).iter(f"{{{ATOM}}}content")
    return (content.text or "")[1:]


def from_network(text: str, name: str) -> str:
    rows = [{"actor": f"a{text}", "concept": "x", "level": "1", "document": "d"}]
    rows += [{"actor": "b", "concept": "x", "level": "1", "document": "d"}]
    one = network(Statements.from_rows(rows), Specification()).with_words("label", {f"a{text}": f"a{text}"})
    document = b"".join(write_network(one, name))
    if name == "json":
        return next(str(node["label"]) for node in json.loads(document)["nodes"] if node.get("label"))[1:]
    if name in ("graphml", "gexf"):
        root = ElementTree.fromstring(document)
        found = [element.get("label") or element.get("value") or element.text or "" for element in root.iter()]
        return next(one for one in found if one == f"a{legal(text)}")[1:]
    cells = [one for row in csv.reader(io.StringIO(document.decode(), newline="")) for one in row]
    return next(one for one in cells if one == f"a{text}")[1:]


def from_table(text: str, name: str) -> str:
    table = Table(("x", "y"), [(text, "z")])
    if name == "csv":
        document = tables.to_csv(table).decode()
        guarded = list(csv.reader(io.StringIO(document, newline="")))[1][0]
        return guarded.removeprefix("'") if guarded != text and guarded == PLAIN.cell(text) else guarded
    document = (tables.to_ndjson(table) if name == "ndjson" else tables.to_json(next(table.records()))).decode()
    return str(json.loads(document.rstrip("\n"))["x"])


class _Page(HTMLParser):
    """Texts of the elements of a page, and of its scripts."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.feed(document)
        self.close()

    def handle_data(self, data: str) -> None:
        (self.scripts if self.cdata_elem else self.texts).append(data)


def from_page(text: str) -> str:
    problem = Problem(404, "about:blank", "x", f"[[{text}]]")
    facts = dict.fromkeys(("heading", "advice", "address", "name", "root", "keep", "digest"), "")
    document = web.render("problem", "en", problem=problem, here={}, **facts).decode()
    assert document == legal(document)
    found = "".join(_Page(document).texts)
    return found[found.index("[[") + 2 : found.rindex("]]")]


def from_script(text: str) -> str:
    """Linked data in a script element of a page."""
    problem = Problem(404, "about:blank", "x", "y")
    facts = dict.fromkeys(("heading", "advice", "address", "name", "root", "keep", "digest"), "")
    document = web.render("problem", "en", problem=problem, here={}, json_ld=lambda: {"name": text}, **facts).decode()
    (script,) = (one for one in _Page(document).scripts if "name" in one)
    return str(json.loads(script)["name"])


Writer = Callable[[str], str]

_WRITERS: dict[str, Writer] = {
    **{f"results {one.name}": partial(from_results, format_=one) for one in RESULTS},
    **{f"graph {one.name}": partial(from_graph, format_=one) for one in (*GRAPHS, *DATASETS)},
    **{f"CONSTRUCT {one.name}": partial(from_query, format_=one) for one in GRAPHS},
    **{f"dump {form}": partial(from_dump, form=form) for form in ("trig", "ntriples")},
    **{f"network {name}": partial(from_network, name=name) for name in NETWORKS},
    **{f"table {name}": partial(from_table, name=name) for name in ("csv", "ndjson", "json")},
    "JSON-LD of schema.org": from_script,
    "feed": from_feed,
    "page": from_page,
}
_OF_XML = ("results xml", "feed", "network graphml", "network gexf", "page")
_OF_RDF_XML = ("graph rdfxml", "CONSTRUCT rdfxml")
REPLACED = {name: _WRITERS[name] for name in _OF_XML}
REFUSED = {name: _WRITERS[name] for name in _OF_RDF_XML}
EXACT = {name: writer for name, writer in _WRITERS.items() if name not in (*_OF_XML, *_OF_RDF_XML)}
RDF_XML = next(one for one in GRAPHS if one.name == "rdfxml")
