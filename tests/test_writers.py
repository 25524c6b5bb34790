"""No writer emits a broken document: each takes every character of Unicode, and a parser reads back what it wrote.

A format that cannot hold a text has U+FFFD in the place of what it cannot hold, or refuses it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graph_service.errors import NotWritable
from graph_service.http.linked_data.crawlers import sitemap_xml
from graph_service.rdf import serialization, terms
from graph_service.rdf.formats import BOOLEANS, RESULTS, Form
from graph_service.snapshots import dumps
from graph_service.snapshots.draft import Draft
from graph_service.snapshots.lines import lines_of
from graph_service.snapshots.snapshot import Manifest
from graph_service.store import Query
from tests.writers import EXACT, GRAPH, NAMES, NETWORKS, PREDICATE, RDF_XML, REFUSED, REPLACED, SUBJECT, legal, written

ALL = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
BLOCKS = ["".join(ALL[start : start + 4096]) for start in range(0, len(ALL), 4096)]
ANY = st.text(st.characters(exclude_categories=["Cs"]))
HOSTILE = (
    *("\x0b", "\x00", "a\rb\r\n", "\ufffe\uffff", "\x85\u2028"),
    *("]]>", "</script><!--<script>", "&#11;&amp;", "'\"`", '"},{"'),
)


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
