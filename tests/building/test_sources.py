"""Reading: names of graphs and blank nodes, places in files, and errors that name the place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph_service.building import sources
from graph_service.building.sources import Role, SourceFile
from graph_service.building.watching import look
from graph_service.errors import SourceError
from graph_service.rdf.namespaces import Names
from graph_service.rdf.source_lines import line_of
from graph_service.rdf.terms import Quad
from graph_service.settings import BuildSettings

NAMES = Names("https://example.org/")


def one(path: Path) -> SourceFile:
    (source,) = sources.discover([], [path], NAMES)
    return source


def read(path: Path) -> list[Quad]:
    return list(sources.read(one(path), NAMES))


def test_each_file_becomes_a_graph_named_after_its_path(tmp_path: Path) -> None:
    for name in ("documents/paper.ttl", "actors/saxony.ttl", "propositions.nt"):
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<https://example.org/a> <https://example.org/b> <https://example.org/c> .")
    graphs = {source.graph for source in sources.discover([], [tmp_path / "data"], NAMES)}
    assert graphs == {
        "<https://example.org/graph/document/paper>",
        "<https://example.org/graph/actors/saxony>",
        "<https://example.org/graph/propositions>",
    }


def test_everything_of_an_ontology_is_one_graph_and_shapes_are_apart(tmp_path: Path) -> None:
    (tmp_path / "vocabularies").mkdir()
    for name in ("o.ttl", "shapes.ttl", "vocabularies/issues.ttl"):
        (tmp_path / name).write_text("")
    found = {source.name: source.role for source in sources.discover([tmp_path], [], NAMES)}
    assert found == {"o.ttl": Role.ONTOLOGY, "shapes.ttl": Role.SHAPES, "vocabularies/issues.ttl": Role.ONTOLOGY}


def test_data_sets_keep_their_graph_names(tmp_path: Path) -> None:
    path = tmp_path / "set.trig"
    path.write_text("@prefix : <https://example.org/> . :a :b :c . :g { :d :e :f }")
    assert {quad.graph for quad in read(path)} == {"<https://example.org/graph/set>", "<https://example.org/g>"}


def test_blank_nodes_get_the_same_names_at_each_reading(tmp_path: Path) -> None:
    path = tmp_path / "blank.ttl"
    path.write_text("@prefix : <https://example.org/> . :a :b [ :c _:x ] . _:x :d ( :e ) .")
    first, second = read(path), read(path)
    assert first == second
    assert not any(term.startswith("_:") for quad in first for term in quad)
    assert "<https://example.org/.well-known/genid/data/blank/1>" in {term for quad in first for term in quad}


def test_literals_stay_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "literal.ttl"
    path.write_text('<https://example.org/a> <https://example.org/b> 01 , 1.0 , "A"@DE .')
    integer, decimal, text = (quad.object for quad in read(path))
    assert integer == '"01"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert decimal == '"1.0"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    assert text.lower() == '"a"@de'


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("bad.ttl", b"@prefix : <https://example.org/> .\n:a :b\n  ;; :c .\n", "bad.ttl:3"),
        ("bad.nt", b"<https://example.org/a> <https://example.org/b> .\n", "bad.nt:1"),
        ("prefix.ttl", b"\n\nex:a a ex:b .\n", "prefix.ttl:3"),
        ("bad.jsonld", b'{"@id": ', "bad.jsonld:1"),
        ("bad.rdf", b"<rdf:RDF", "bad.rdf"),
        ("latin.ttl", "<https://example.org/a> <https://example.org/b> 'ä' .".encode("latin-1"), "latin.ttl:1"),
    ],
)
def test_a_file_that_is_no_rdf_is_named_with_line_and_column(
    tmp_path: Path, name: str, content: bytes, place: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read(tmp_path / name)
    text = str(caught.value)
    assert place in text
    assert "\n" not in text


RDF_XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">{}</rdf:RDF>'
LAUGHS = "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
HOSTILE = {
    "laughs.rdf": f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">{LAUGHS}]>{RDF_XML.format("<e:a><e:b>&j;</e:b></e:a>")}',
    "long.rdf": f'<!DOCTYPE r [<!ENTITY a "{"a" * 100_000}">]>{RDF_XML.format("<e:a><e:b>&a;</e:b></e:a>")}',
    "outside.rdf": '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    + RDF_XML.format("<e:a><e:b>&a;</e:b></e:a>"),
    "deep.rdf": RDF_XML.format("<e:a><e:b>" * 100_000 + "</e:b></e:a>" * 100_000),
    "deep.jsonld": '{"@graph": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "remote.jsonld": '{"@context": "http://127.0.0.1:9/context", "name": "x"}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_nothing_outside_of_it_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(HOSTILE[name])
    with pytest.raises(SourceError) as caught:
        read(tmp_path / name)
    assert len(str(caught.value)) < 500


def test_entities_that_abbreviate_namespaces_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plain.rdf"
    content = RDF_XML.format('<rdf:Description rdf:about="&e;a"><e:b rdf:resource="&e;c"/></rdf:Description>')
    path.write_text(f'<!DOCTYPE r [<!ENTITY e "https://example.org/">]>{content}')
    assert [quad.object for quad in read(path)] == ["<https://example.org/c>"]


def test_paths_without_rdf_are_refused(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("no RDF")
    for path in (tmp_path, tmp_path / "absent", tmp_path / "readme.txt"):
        with pytest.raises(SourceError, match="RDF is read from"):
            sources.discover([], [path], NAMES)


def test_links_that_lead_back_are_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.ttl").write_text("<urn:a> a <urn:b> .", encoding="utf-8")
    (tmp_path / "data" / "elsewhere").symlink_to(tmp_path / "other")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "b.ttl").write_text("<urn:a> a <urn:b> .", encoding="utf-8")
    roots = [tmp_path / "data"]
    assert {source.name for source in sources.discover([], roots, NAMES)} == {"a.ttl", "elsewhere/b.ttl"}
    for link in ("one", "two"):
        (tmp_path / "other" / link).symlink_to(tmp_path / "data")
    for number in range(9):
        (tmp_path / "data" / f".#{number}.ttl").symlink_to("somebody@elsewhere")
    (tmp_path / "data" / "nowhere.ttl").symlink_to("somebody@elsewhere")
    seen = look(BuildSettings(data=tuple(roots)))
    assert sum(path.startswith(str(roots[0])) for path in seen) == 2 + 1, "what is hidden is no source"
    with pytest.raises(SourceError, match="leads back"):
        sources.discover([], roots, NAMES)


def test_two_files_never_share_a_graph_unnoticed(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.ttl").write_text("")
    with pytest.raises(SourceError, match="same graph"):
        sources.discover([], [tmp_path / "one", tmp_path / "two"], NAMES)


TURTLE = """\
@prefix ex: <https://example.org/> .
# ex:comment is only mentioned here
ex:a ex:says "ex:b is not here" ;
     ex:knows ex:b .

<c> ex:knows ex:a .
ex:b ex:knows ex:a .
"""


@pytest.mark.parametrize(
    ("subject", "line"), [("a", 3), ("b", 7), ("c", 6), ("says", 3), ("comment", 0), ("absent", 0)]
)
def test_the_line_of_a_subject_is_where_it_first_opens_a_statement(subject: str, line: int) -> None:
    assert line_of(TURTLE, f"https://example.org/{subject}", NAMES) == line


MARKED = {
    "a.ttl": "@prefix : <https://example.org/> . :a :b :c .",
    "a.nt": "<https://example.org/a> <https://example.org/b> <https://example.org/c> .",
    "a.nq": "<https://example.org/a> <https://example.org/b> <https://example.org/c> .",
    "a.trig": "@prefix : <https://example.org/> . :a :b :c .",
    "a.jsonld": '{"@id": "https://example.org/a", "https://example.org/b": {"@id": "https://example.org/c"}}',
    "a.rdf": RDF_XML.format(
        '<rdf:Description rdf:about="https://example.org/a"><e:b rdf:resource="https://example.org/c"/></rdf:Description>'
    ),
}


@pytest.mark.parametrize("name", MARKED)
def test_a_byte_order_mark_is_no_part_of_a_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(MARKED[name], encoding="utf-8-sig")
    assert [quad.object for quad in read(path)] == ["<https://example.org/c>"]
    # The snapshot keeps the bytes as they are, so that its digest of the file is the one of sha256sum.
    assert one(path).content() == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "text", "character"),
    [
        ("a.ttl", '@prefix e: <https://example.org/> .\n\ne:a e:name "Zeile\\u000BUmbruch"@de .', "U+000B"),
        ("b.ttl", '@prefix e: <https://example.org/> .\n\ne:a e:name "bell \x07" .', "U+0007"),
        (
            "c.nq",
            '\n\n<https://example.org/a> <https://example.org/name> "\\uFFFE" <https://example.org/g> .',
            "U+FFFE",
        ),
        ("d.ttl", '@prefix e: <https://example.org/> .\n\ne:a e:name "\\\\ \\b" .', "U+0008"),
    ],
)
def test_a_character_that_no_xml_can_hold_is_refused_with_its_place(
    name: str, text: str, character: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=re.escape(f"{path}:3: a: its name holds the character {character}")):
        read(path)


def test_line_ends_tabs_and_backslashes_are_text(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text('<https://example.org/a> <https://example.org/b> "\\t\\r\\n\\\\u000B \\u007F" .')
    assert len(read(path)) == 1
