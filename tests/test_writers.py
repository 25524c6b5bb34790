"""No writer emits a broken document: each takes every character of Unicode, and a parser reads back what it wrote.

A format that cannot hold a text has U+FFFD in the place of what it cannot hold, or refuses it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graph_service.errors import NotWritable
from graph_service.http import web
from graph_service.http.linked_data.crawlers import sitemap_xml
from graph_service.http.pages.feed import ATOM, FeedEntry, FeedHead
from graph_service.http.pages.feed import written as feed
from graph_service.http.protocol.problems import Problem
from graph_service.networks import FORMATS, Specification, Statements, network
from graph_service.networks import write as write_network
from graph_service.rdf import answers, serialization, terms
from graph_service.rdf.csv_cells import PLAIN
from graph_service.rdf.formats import BOOLEANS, DATASETS, GRAPHS, RESULTS, Form, Format
from graph_service.rdf.namespaces import Names
from graph_service.snapshots import dumps
from graph_service.snapshots.draft import Draft, lines_of
from graph_service.snapshots.snapshot import Manifest
from graph_service.store import Query
from graph_service.store.counting import CountingWriter
from graph_service.store.writing import write
from graph_service.views import tables
from graph_service.views.tables import Table

NAMES = Names("https://example.org/")
SUBJECT, PREDICATE, GRAPH = (ox.NamedNode(f"https://example.org/{name}") for name in "spg")
ALL = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
NETWORKS = [one.name for one in FORMATS]
BLOCKS = ["".join(ALL[start : start + 4096]) for start in range(0, len(ALL), 4096)]
ANY = st.text(st.characters(exclude_categories=["Cs"]))
HOSTILE = (
    *("\x0b", "\x00", "a\rb\r\n", "\ufffe\uffff", "\x85\u2028"),
    *("]]>", "</script><!--<script>", "&#11;&amp;", "'\"`", '"},{"'),
)


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
    document = web.render("problem", "en", problem=problem, here={}, **facts)
    assert document == legal(document)
    found = "".join(_Page(document).texts)
    return found[found.index("[[") + 2 : found.rindex("]]")]


def from_script(text: str) -> str:
    """Linked data in a script element of a page."""
    problem = Problem(404, "about:blank", "x", "y")
    facts = dict.fromkeys(("heading", "advice", "address", "name", "root", "keep", "digest"), "")
    document = web.render("problem", "en", problem=problem, here={}, json_ld=lambda: {"name": text}, **facts)
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
unhurried = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def hostile(test: Callable[..., None]) -> Callable[..., None]:
    for text in HOSTILE:
        test = example(text=text)(test)
    return test


def check_refused(writer: Callable[[str], str], text: str) -> None:
    if legal(text) == text:
        assert writer(text) == text
    else:
        with pytest.raises(NotWritable, match=r"U\+[0-9A-F]{4}"):
            writer(text)


@pytest.mark.parametrize("writer", EXACT)
@unhurried
@hostile
@given(text=ANY)
def test_any_text_comes_back(writer: str, text: str) -> None:
    assert EXACT[writer](text) == text


@pytest.mark.parametrize("writer", REPLACED)
@unhurried
@hostile
@given(text=ANY)
def test_what_xml_excludes_is_replaced(writer: str, text: str) -> None:
    assert REPLACED[writer](text) == legal(text)


@pytest.mark.parametrize("writer", REFUSED)
@unhurried
@hostile
@given(text=ANY)
def test_what_rdf_xml_cannot_hold_is_named(writer: str, text: str) -> None:
    check_refused(REFUSED[writer], text)


@pytest.mark.slow
@pytest.mark.parametrize("writer", [*EXACT, *REPLACED])
def test_all_of_unicode(writer: str) -> None:
    for block in BLOCKS:
        assert (EXACT | REPLACED)[writer](block) == (legal(block) if writer in REPLACED else block)


@pytest.mark.slow
@pytest.mark.parametrize("writer", REFUSED)
def test_all_of_unicode_as_rdf_xml(writer: str) -> None:
    for block in BLOCKS:
        check_refused(REFUSED[writer], block)


@unhurried
@given(ANY.filter(bool), ANY)
def test_any_property_is_rdf_xml_or_refused(name: str, text: str) -> None:
    """Names of elements are checked by a parser of XML that knows the letters of its fourth edition."""
    try:
        predicate = ox.NamedNode(f"https://example.org/{name}")
    except ValueError:
        return
    value = ox.Literal(legal(text))
    triple, quad = ox.Triple(SUBJECT, predicate, value), ox.Quad(SUBJECT, predicate, value, ox.DefaultGraph())
    query = Query("", Form.CONSTRUCT, RDF_XML)
    writers: list[Callable[[], bytes]] = [
        lambda: written([triple], query),
        lambda: serialization.write([quad], RDF_XML, NAMES),
    ]
    for write_it in writers:
        try:
            document = write_it()
        except NotWritable:
            assert not name[-1].isalpha() or not name[-1].isascii()
        else:
            assert list(ox.parse(document, format=ox.RdfFormat.RDF_XML)) == [quad]
            if name.isascii():
                ElementTree.fromstring(document)


@pytest.mark.parametrize("predicate", ["p/1", "p#", "%20", "p/"])
def test_a_property_without_a_name_is_no_rdf_xml(predicate: str) -> None:
    triple = ox.Triple(SUBJECT, ox.NamedNode(f"https://example.org/{predicate}"), SUBJECT)
    with pytest.raises(NotWritable, match=predicate):
        written([triple], Query("", Form.CONSTRUCT, RDF_XML))


@unhurried
@given(st.lists(ANY, max_size=3))
def test_a_sitemap_lists_any_iri(names: list[str]) -> None:
    places = []
    for name in names:
        try:
            places.append(ox.NamedNode(f"https://example.org/{name}").value)
        except ValueError:
            continue
    root = ElementTree.fromstring(sitemap_xml("urlset", "url", places))
    assert [found.text for found in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")] == places


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_characters_are_replaced_across_pieces(size: int) -> None:
    from graph_service.rdf.xml_documents import LegalWriter

    output = io.BytesIO()
    writer = LegalWriter(output)
    for piece in pieces("<a>\x0b\ufffe\ufffdä\uffff\r</a>".encode(), size):
        writer.write(piece)
    assert output.getvalue().decode() == "<a>\ufffd\ufffd\ufffdä\ufffd&#13;</a>"


def test_every_format_is_tried() -> None:
    tried = {*EXACT, *REPLACED}
    assert {f"results {one.name}" for one in (*RESULTS, *BOOLEANS)} <= tried
    assert {f"network {name}" for name in NETWORKS} <= tried


def test_a_snapshot_that_has_control_characters_is_dumped(tmp_path: Path) -> None:
    """One of an older version, or another's."""
    quads = [terms.Quad(str(SUBJECT), str(PREDICATE), terms.literal(block), str(GRAPH)) for block in BLOCKS[:2]]
    with Draft(tmp_path, lines_of(quads), {}) as draft:
        draft.describe(Manifest(draft.digest, "f" * 64, NAMES.base, f"{NAMES.base}inferred", {}, 2, (), "none", "0"))
        snapshot = draft.publish()
    for form, kind in (("jsonld", ox.RdfFormat.JSON_LD), ("nquads", ox.RdfFormat.N_QUADS)):
        read = ox.parse(b"".join(dumps.pieces(snapshot, form)), format=kind)
        assert {quad.object.value for quad in read} == set(BLOCKS[:2])
