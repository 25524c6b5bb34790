"""The lexer: nothing lost, nothing hidden, no text that makes it slow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.rdf.lexer import Token, TokenKind, significant, tokens

from .growth import TIMES, growth

PIECES = [
    "SELECT", "?x", "$y", "ex:", "ex:a.b", ":", ":a", "_:b.c", "<http://a/b>", "<", ">", "{", "}", "(", ")", ".", "..",
    '"a"', "'b'", '"""c"c"""', "'''d\n'd'''", '"', "'", '"""', "'''", "\\", "\\u0041", '"\\u0041"', '"\\q"', "@en-GB",
    "^^", "1", "1.5", "1e5", ".5", "1.", "#c", "\n", " ", "\t", "\r\n", "ä", "\x00", "\ud800", "\U0001f600", "a-b",
    "%41", "<<(", "{|", "a.b.c", "SERVICE", "service", "\\-", "&&", "!=", "~",
]  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join))


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind.name, token.text) for token in significant(tokens(text))]


@given(TEXTS)
def test_the_tokens_are_the_text(text: str) -> None:
    assert "".join(token.text for token in tokens(text)) == text


@given(TEXTS)
def test_each_token_knows_its_place(text: str) -> None:
    for token in tokens(text):
        before = text[: token.start]
        assert text[token.start : token.end] == token.text != ""
        assert (token.line, token.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))


@given(st.lists(st.sampled_from(PIECES)))
def test_a_keyword_between_spaces_is_found(pieces: list[str]) -> None:
    """Whatever stands before it, unless that has opened a string or a comment."""
    before = "".join(piece for piece in pieces if not {"'", '"', "#"} & set(piece))
    assert TokenKind.WORD in [token.kind for token in tokens(f"{before} SERVICE ") if token.text == "SERVICE"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT*{?x?y $z}", ["WORD", "PUNCTUATION", "PUNCTUATION", "VAR", "VAR", "VAR", "PUNCTUATION"]),
        ("ex:a.b.", ["PNAME_LN", "PUNCTUATION"]),
        ("ex:a.. ex: :b :", ["PNAME_LN", "PUNCTUATION", "PUNCTUATION", "PNAME_NS", "PNAME_LN", "PNAME_NS"]),
        ("ex:a\\-b%20c:d\\.", ["PNAME_LN"]),
        ("a.:b", ["WORD", "PUNCTUATION", "PNAME_LN"]),
        ("a.b:c", ["PNAME_LN"]),
        ("_:a.b. _:1", ["BLANK_NODE_LABEL", "PUNCTUATION", "BLANK_NODE_LABEL"]),
        ("?a<?b", ["VAR", "PUNCTUATION", "VAR"]),
        ("<a\\u0041>", ["IRIREF"]),
        ("<a b>", ["PUNCTUATION", "WORD", "WORD", "PUNCTUATION"]),
        ("1 1.5 .5 1e3 1.e3 1.", ["NUMBER"] * 6 + ["PUNCTUATION"]),
        ("1SERVICE", ["NUMBER", "WORD"]),
        ("true.SERVICE", ["WORD", "PUNCTUATION", "WORD"]),
        ('"a"@en-GB "b"@ar--rtl', ["STRING", "LANGTAG", "STRING", "LANGTAG"]),
        ('"" \'\' """"a""" \'\'\'a\nb\'\'\'', ["STRING"] * 4),
        ('"a\\"b" "\\u00e4"', ["STRING", "STRING"]),
        ('"a\nSELECT', ["ERROR", "WORD"]),
        ('"""a\nSELECT', ["ERROR"]),
        ("\\u0053ERVICE", ["ERROR", "WORD"]),
        ("S\\u0045RVICE", ["WORD", "ERROR", "WORD"]),
        ("überSERVICE", ["ERROR"]),
        ("# SERVICE\n?x", ["VAR"]),
        ("<<( ?a )>> {| |} << >>", ["PUNCTUATION", "VAR"] + ["PUNCTUATION"] * 5),
    ],
)
def test_terminals(text: str, expected: list[str]) -> None:
    assert [kind for kind, _ in kinds(text)] == expected


def test_a_token_has_line_and_column_in_code_points() -> None:
    last = list(tokens('"""ä\nö""" 😀 ?x'))[-1]
    assert last == Token(TokenKind.VAR, "?x", 12, 2, 8)
    assert (last.end, last.keyword, next(tokens("select")).keyword) == (14, "", "SELECT")


def test_it_is_lazy() -> None:
    assert next(tokens("SELECT " + '"' * 50_000_000)).text == "SELECT"


@pytest.mark.parametrize(
    "piece",
    [
        "a.",
        '"""a',
        "'",
        "<a",
        "a:b..",
        "a-",
        ":",
        "\\",
        "<#>",
        '"\n',
        "ä",
        "a:.",
        "{|",
        ".",
        "a:%",
        "_:a.",
        "1e",
        "1.",
        "'''",
    ],
)
def test_no_repetition_makes_it_slow(piece: str) -> None:
    def read(text: str) -> None:
        assert sum(len(token.text) for token in tokens(text)) == len(text)

    assert growth(read, lambda size: piece * (size // len(piece))) < 3 * TIMES
