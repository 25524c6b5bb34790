"""The guard: refuses by tokens, and is not led astray by how the engine reads."""

from __future__ import annotations

from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import QueryError, QueryRefused, QuerySyntaxError
from graph_service.rdf.formats import Form
from graph_service.rdf.guard import Inspection, inspect, may_name_graphs, shown
from graph_service.rdf.query_limits import LimitReached

from .growth import TIMES, growth

PREFIXES = "PREFIX : <http://e/> PREFIX ex: <http://e/> PREFIX SERVICEex: <http://e/> "


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", Form.SELECT),
        ("ask {}", Form.ASK),
        ("ASKWHERE{}", Form.ASK),
        ("SELECTDISTINCT?x{}", Form.SELECT),
        ("# INSERT\nPREFIX load: <http://insert> BASE <http://select/> CoNsTrUcT WHERE {}", Form.CONSTRUCT),
        ('VERSION "1.2" DESCRIBE <a>', Form.DESCRIBE),
    ],
)
def test_form(text: str, form: Form) -> None:
    assert inspect(text) == Inspection(form)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p \"SERVICE\", '''LOAD\nSERVICE <http://e> {}''' }",
        "SELECT * { <http://e/SERVICE#a> <urn:LOAD> ?o }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://e/> {}",
        "PREFIX SERVICE: <http://e/> SELECT * { ?s SERVICE:a SERVICE:b }",
        "PREFIX e: <http://e/> SELECT * { ?s e:SERVICE e:LOAD }",
        "PREFIX SERVICE: <http://e/> SELECT * { GRAPH SERVICE:a { ?s ?p ?o } }",
        "SELECT ?SERVICE { ?SERVICE ?load _:SERVICE }",
        'SELECT * { ?s ?p "a"@SERVICE }',
        'SELECT * { ?s ?p "\\u0053ERVICE \\u0022" }',
    ],
)
def test_a_forbidden_word_may_be_spoken_of(text: str) -> None:
    inspect(text)
    ox.Store().query(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "SELECT*{{}UNION{SERVICE#\n<http://e/>{}}}",
        "SELECT*{SERVICESILENT<http://e/>{}}",
        "SELECT*{?s?p 1SERVICE<http://e/>{}}",
        "SELECT*{?s?p true.SERVICE<http://e/>{}}",
        PREFIXES + "SELECT*{SERVICE:a{}}",
        PREFIXES + "SELECT*{SERVICEex:a{}}",
        PREFIXES + "SELECT*{SERVICESILENT:a{}}",
        PREFIXES + "SELECT*{?s?p 1SERVICEex:a{}}",
        "SELECT*{?a?p?b FILTER(?a<?b)SERVICE#>\n?x{}}",
        "SELECT*{?a?p?b FILTER(?a<'>')SERVICE ?x {}#'\n}",
        'SELECT*{?a?p?b FILTER(?a<?b#>"""\n)SERVICE ?x{} #"""\n}',
        "SELECT*{FILTER EXISTS{SERVICE<http://e/>{}}}",
    ],
)
def test_service_is_refused_however_it_is_written(text: str) -> None:
    """All of these are SERVICE to the engine; a longest-match lexer alone would miss the last of them."""
    ox.Store().query(text)
    with pytest.raises(QueryRefused):
        inspect(text)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a> <b> <c> }",
        "INSERTDATA{}",
        "PREFIX a: <http://a> DELETE WHERE { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "load silent <http://e/> into graph <http://e/>",
        "CLEAR ALL",
        "DROP SILENT DEFAULT",
        "CREATE GRAPH <http://e/>",
        "COPY DEFAULT TO <http://e/>",
        "MOVE <http://e/> TO DEFAULT",
        "ADD <http://e/> TO <http://f/>",
        "WITH <http://e/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match="is an update"):
        inspect(text)


def test_a_refusal_says_where() -> None:
    with pytest.raises(QueryRefused, match=r"^line 2, column 3: SERVICE is not run here.*VALUES"):
        inspect("SELECT * {\n  SERVICE <http://e/> {} }")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", (1, 1)),
        ("# nothing", (1, 1)),
        ("\n HELLO", (2, 2)),
        ("\\u0053ELECT * {}", (1, 1)),
        ("SELECT * { ?s\n \\u0053ERVICE ?x {} }", (2, 2)),
        ("SELECT *\n\ud800", (2, 1)),
        ("SELECT * FROMe:a {}", (1, 10)),
        ("\x00\x01\x02", (1, 1)),
    ],
)
def test_what_is_no_query_says_where(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        inspect(text)
    assert caught.value.where is not None
    assert (caught.value.where.line, caught.value.where.column) == place


def test_a_service_that_shows_when_escapes_are_replaced_is_refused() -> None:
    with pytest.raises(QueryRefused):
        inspect('SELECT * { ?s ?p "\\u0022. SERVICE <http://e/> {} #" }')


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        ("SELECT * FROM <http://e/a> FROM NAMED <http://e/b> {}", ["http://e/a"], ["http://e/b"]),
        ("BASE <http://e/x> PREFIX y: <y/> ASK FROM <a> FROMNAMED<b>FROM y:\\~c {}", ["http://e/a", "http://e/y/~c"],
         ["http://e/b"]),
        ("CONSTRUCT { ?s ?p ?o } FROM <http://e/a> WHERE {}", ["http://e/a"], []),
        ("DESCRIBE <http://e/b> FROM <http://e/\\u0061>", ["http://e/a"], []),
        ('SELECT * { ?from ?p "FROM <http://e/a>" }', None, None),
    ],
)  # fmt: skip
def test_own_data_set(text: str, default: list[str] | None, named: list[str] | None) -> None:
    inspected = inspect(text)
    if default is not None and named is not None:
        assert (inspected.default_graphs, inspected.named_graphs) == (tuple(default), tuple(named))


def test_size_limit() -> None:
    assert inspect("ASK {}#ä", query_bytes=9).form is Form.ASK
    with pytest.raises(LimitReached, match="10 bytes; the limit is 9"):
        inspect("ASK {}#aä", query_bytes=9)


def test_nesting_limit() -> None:
    assert Form.ASK is inspect("ASK " + "{" * 50 + "}" * 50, nesting=50).form
    assert Form.ASK is inspect("ASK {" + "{}" * 100 + "}", nesting=50).form
    with pytest.raises(LimitReached, match="More than 50 brackets"):
        inspect("ASK " + "{" * 51 + "}" * 51, nesting=50)


@given(st.text(), st.sampled_from(["", "SELECT ", "SELECT * { SERVICE ", "PREFIX "]))
def test_anything_is_answered_or_refused(text: str, before: str) -> None:
    with suppress(QueryError):
        inspect(before + text)


WORDS = ["SERVICE", "SILENT", "?x", ":a", "ex:a", "<http://e/>", "{", "}", "1", "true", ".", " ", "\n", "#", "'", '"',
         "<", ">", "?a", "FILTER(", ")", "SERVICEex:a", "\\u0053", "GRAPH", "'''", "a", "_:b", "@en"]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_no_text_hides_service_from_the_guard(words: list[str]) -> None:
    """What passes the guard has, for the engine too, no SERVICE: replacing the word makes no difference to it."""
    text = f"{PREFIXES} SELECT * {{ ?a ?p ?b {''.join(words)} }}"
    try:
        inspect(text)
    except QueryError:
        return
    assert _parses(text) <= _parses(text.replace("SERVICE", "SXRVICE").replace("SXRVICEex:", "SERVICEex:"))


def _parses(text: str) -> bool:
    try:
        ox.Store().query(text)
    except SyntaxError:
        return False
    except OSError:  # it has begun to run
        return True
    return True


def test_shown_text_is_short_and_printable() -> None:
    assert shown("a\x1b[31m\n\u202e") == "a\\u001b[31m\\u000a\\u202e"
    assert len(shown("x" * 1000)) == 41


@pytest.mark.parametrize("head", ["", "ASK {", "ASK { # service\n", "ASK { FILTER(1 # from\n"])
@pytest.mark.parametrize(
    "piece",
    ["#\n", "?a<", "?a <#> ", ";<#>", "a<#>", "<a", "a.", "a.:", "a.1.", "é:a ", "é", "{}", "(", "{|", "SERVICE:a ",
     "SERVICE:a{", "from ", "FROM <a> ", "FROM a:b ", "GRAPH ", "PREFIX a: <b>", "BASE <a/> ", '"a\\q"\n', '"', "'''a",
     "\\u0041", '"\\u0022" ', "1e", "_:a.", "@a-", ":%41", "<\\u0041", " ", "a-", "<<("],
)  # fmt: skip
def test_its_cost_grows_with_the_length_of_the_text_alone(head: str, piece: str) -> None:
    def read(text: str) -> None:
        with suppress(QueryError):
            inspect(text, base="http://e/")

    assert growth(read, lambda size: head + piece * (size // len(piece)) + "ASK {}} #SERVICE") < 3 * TIMES


def test_prefixes_and_bases_cannot_make_long_iris_of_short_texts() -> None:
    for text in (
        "BASE <a/> " * 10_000 + "ASK FROM <a> {}",
        f"PREFIX a: <{'x' * 8_000}> ASK {'FROM a:b ' * 1_000} {{}}",
    ):
        with pytest.raises(LimitReached, match=r"8192 characters|FROM are too long"):
            inspect(text, base="http://e/")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("SELECT * FROM <http://g> WHERE {}", True),
        ("SELECT *from<http://g> WHERE {}", True),
        ("DESCRIBE <http://a>FROM NAMED :g", True),
        ("SELECT ?from $from WHERE { ?s ?p ?from }", False),
        ("SELECT * WHERE { ?s mp:datedFrom ?day }", False),
        ("ASK { ?document <http://schema.org/validFrom> ?day }", False),
        ("#+ title: from here\n  # from there\r\nASK { ?s ?p ?o }", False),
        ("# title\nSELECT * FROM <http://g> WHERE {}", True),
        ('SELECT (""" \n# """ AS ?a) FROM <http://g> WHERE {}', True),
        ('# a\nSELECT ("""\n# """ AS ?a)\n#\nFROM <http://g> WHERE {}', True),
        ("# FROM <http://g> ASK {}", False),
        ("# a\rASK FROM <http://g> {}", True),
        ('SELECT * WHERE { VALUES ?text { "from a page"@en "words from" } }', False),
        ("ASK FROM:g {}", True),
        ("ASK FROM\n a.b:g {}", True),
        ("ASK FROM# a comment\n<http://g> {}", True),
        ("ASK FROM \\u003Chttp://g> {}", True),
        ("ASK FROM \\u0061:g {}", True),
        ("ASK fromNAMED<http://g> {}", True),
    ],
)
def test_a_glance_tells_whether_a_query_could_name_graphs(text: str, *, named: bool) -> None:
    assert may_name_graphs(text) is named
