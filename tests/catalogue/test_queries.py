"""Query files: the header, and binding that lets no value become syntax."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.catalogue.parameters import Parameter, Type
from graph_service.catalogue.queries import Catalogue, QueryFile
from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import ParameterError, QueryFileError, QueryNotFound
from graph_service.rdf.namespaces import Names

NAMES = Names("https://example.org/")
HEADER = """\
#+ title: {en: Things, de: Dinge}
#+ description: {en: All things., de: Alle Dinge.}
#+ params:
#+   thing: {type: iri, repeatable: true}
#+   since: {type: date, example: 2019-06-28}
#+   word: {type: string}
"""
BODY = """\
# VALUES ?thing { in a comment is none }
SELECT ?thing ?since ?word WHERE {
  VALUES ?thing { UNDEF }
  VALUES ?since { UNDEF }
  values ?word { undef }
}
"""


def write(directory: Path, text: str, name: str = "things.rq") -> Path:
    path = directory / name
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> QueryFile:
    return QueryFile(write(tmp_path_factory.mktemp("queries"), HEADER + BODY))


def solutions(text: str) -> list[dict[str, str]]:
    found = ox.Store().query(text)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: str(row[name]) for name in names if row[name] is not None} for row in found]


def test_blocks_of_parameters_that_are_not_given_are_left_out(things: QueryFile) -> None:
    text = things.bind({}, NAMES)
    assert "undef" not in text.lower()
    assert len(text.splitlines()) == len(things.text.splitlines())
    assert solutions(text) == solutions(things.text) == [{}]


def test_a_parameter_is_known_in_each_of_its_blocks(tmp_path: Path) -> None:
    text = HEADER + BODY.rstrip().removesuffix("}") + "  { SELECT ?thing WHERE { VALUES ?thing { UNDEF } } }\n}\n"
    query = QueryFile(write(tmp_path, text))
    assert query.bind({"thing": ["a"]}, NAMES).count("VALUES ?thing { <https://example.org/a> }") == 2
    assert "UNDEF" not in query.bind({}, NAMES)


def test_given_values_become_terms(things: QueryFile) -> None:
    text = things.bind({"thing": ["id/a", "skos:b", "https://x.org/c"], "since": ["2019-06-28"]}, NAMES)
    date = '"2019-06-28"^^<http://www.w3.org/2001/XMLSchema#date>'
    assert solutions(text) == [
        {"thing": f"<{thing}>", "since": date}
        for thing in ("https://example.org/id/a", "http://www.w3.org/2004/02/skos/core#b", "https://x.org/c")
    ]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_becomes_syntax(things: QueryFile, word: str) -> None:
    ((row),) = solutions(things.bind({"word": [word]}, NAMES))
    assert row == {"word": str(ox.Literal(word))}


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_an_iri_is_an_iri_or_an_error(things: QueryFile, value: str) -> None:
    try:
        text = things.bind({"thing": [value]}, NAMES)
    except ParameterError:
        return
    ((row),) = solutions(text)
    assert row["thing"] == f"<{NAMES.expand(value)}>"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"unknown": ["x"]}, "no parameter 'unknown'. It takes thing, since, word."),
        ({"since": ["yesterday"]}, "is not of type date. For example: since=2019-06-28"),
        ({"since": ["2019-06-28", "2020-01-01"]}, "takes one since, 2 were given"),
        ({"thing": ["<a> } DROP ALL"]}, "is not of type iri"),
    ],
)
def test_wrong_arguments_are_explained(things: QueryFile, arguments: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        things.bind(arguments, NAMES)
    assert message in str(caught.value)


XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        (Type.INTEGER, "007", f'"7"^^<{XSD}integer>'),
        (Type.DECIMAL, "1.50", f'"1.50"^^<{XSD}decimal>'),
        (Type.DECIMAL, "1e2", f'"100"^^<{XSD}decimal>'),
        (Type.BOOLEAN, "true", f'"true"^^<{XSD}boolean>'),
        (Type.LANGUAGE, "de-AT", '"de-at"'),
        (Type.STRING, 'a "b" \\ \n', '"a \\"b\\" \\\\ \\n"'),
    ],
)
def test_each_type_has_its_term(kind: Type, value: str, term: str) -> None:
    assert Parameter(type=kind).term("p", value, NAMES) == term


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Type.INTEGER, "1.5"),
        (Type.INTEGER, ""),
        (Type.DECIMAL, "NaN"),
        (Type.DECIMAL, "1e999999999"),
        (Type.DATE, "2019-02-30"),
        (Type.BOOLEAN, "yes"),
        (Type.LANGUAGE, 'de" } #'),
        (Type.IRI, "https://example.org/a b"),
    ],
)
def test_what_is_not_of_the_type_is_refused(kind: Type, value: str) -> None:
    with pytest.raises(ParameterError, match="is not of type"):
        Parameter(type=kind).term("p", value, NAMES)


def test_an_enumeration_names_its_values() -> None:
    colour = Parameter(type=Type.ENUM, values=("red", "blue"))
    assert colour.term("colour", "red", NAMES) == '"red"'
    with pytest.raises(ParameterError, match="is not one of red, blue"):
        colour.term("colour", "green", NAMES)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "the header is wrong"),
        ("#+ title: {en: T\n", "things.rq:2: the header is not YAML"),
        ("#+ title: {en: T}\n", "wrong at description"),
        ("#+ title: {en: T}\n#+ description: {en: D}\n#+ colour: red\n", "wrong at colour"),
        ("#+ title: {en: T}\n#+ description: {en: D}\n#+ params: {a: {type: iri}}\n", "VALUES ?a { UNDEF }"),
        ("#+ title: {en: T}\n#+ description: {en: D}\n#+ params: {thing: {type: uri}}\n", "params.thing.type"),
        ("#+ title: {en: T}\n#+ description: {en: D}\n#+ params: {thing: {type: iri, required: true}}\n", "example"),
        ("#+ title: {en: T}\n#+ description: {en: D}\n#+ params: {thing: {type: enum}}\n", "lists its values"),
    ],
)
def test_a_wrong_header_is_named(tmp_path: Path, header: str, message: str) -> None:
    with pytest.raises(QueryFileError) as caught:
        QueryFile(write(tmp_path, header + BODY))
    assert message in str(caught.value)
    assert "things.rq" in str(caught.value)


def test_a_required_parameter_is_asked_for_with_its_example(tmp_path: Path) -> None:
    header = HEADER.replace("{type: date, ", "{type: date, required: true, ")
    query = QueryFile(write(tmp_path, header + BODY))
    assert query.examples == {"since": ["2019-06-28"]}
    with pytest.raises(ParameterError, match=r"needs the parameter since\. For example: since=2019-06-28"):
        query.bind({}, NAMES)


def test_the_catalogue_knows_its_files_by_name(tmp_path: Path) -> None:
    write(tmp_path, HEADER + BODY)
    catalogue = Catalogue(QueryFiles((tmp_path,)))
    assert [query.name for query in catalogue] == ["things"]
    with pytest.raises(QueryNotFound, match="there is no query named 'nothing'"):
        catalogue["nothing"]


def test_a_byte_order_mark_is_no_part_of_a_query(tmp_path: Path) -> None:
    marked = QueryFile(write(tmp_path, f"\ufeff{HEADER}{BODY}"))
    assert marked.header.title["en"] == "Things"
    assert marked.text == HEADER + BODY
