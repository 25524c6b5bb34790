"""The skimmer: the tokens of the lexer, and none of interest passed over."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.rdf.lexer import Token, TokenKind, significant, tokens
from graph_service.rdf.skimming import GAP, Skimmer, passing_over, too_deep

from .test_lexer import PIECES, TEXTS

WORDS = [("service", "from"), ("from",), ("service", "graph")]
NEAR = [
    *PIECES,
    "SERVICE:a",
    "SERVICEx:b",
    "FROM",
    "from",
    "true",
    "_",
    "-",
    "+",
    "1e",
    "e",
    "<a#b>",
    "<'>",
    "graph",
    "·",
]
NEAR_TEXTS = st.one_of(TEXTS, st.lists(st.sampled_from(NEAR)).map("".join))
NAMES = (TokenKind.PNAME_LN, TokenKind.PNAME_NS)
OPERANDS = (*NAMES, TokenKind.VAR, TokenKind.STRING, TokenKind.LANGTAG, TokenKind.NUMBER, TokenKind.IRIREF)
COMPARISON = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*://)[^>]*['#]")


@given(NEAR_TEXTS)
def test_without_landmarks_it_gives_the_tokens_of_the_lexer(text: str) -> None:
    assert list(Skimmer(text)) == list(significant(tokens(text)))


@settings(max_examples=500)
@given(NEAR_TEXTS, st.sampled_from(WORDS), st.booleans())
def test_no_token_of_interest_is_passed_over(text: str, words: tuple[str, ...], comparisons: bool) -> None:
    every = list(significant(tokens(text)))
    given_ = list(Skimmer(text).landmarks(passing_over(words, comparisons=comparisons)))
    assert [token for token in given_ if token is not GAP] == sorted(set(given_) & set(every), key=lambda t: t.start)
    for before, token, behind in zip([None, *every], every, [*every[1:], None], strict=False):
        if of_interest(token, words):
            assert token in given_
            assert behind is None or given_[given_.index(token) + 1] == behind
        if comparisons and before and ends_operand(before) and COMPARISON.match(token.text):
            assert given_[given_.index(token) - 1] == before


def of_interest(token: Token, words: tuple[str, ...]) -> bool:
    text = token.text.partition(":")[0] if token.kind in NAMES else token.text
    speaks = token.kind in (TokenKind.WORD, *NAMES) and any(word in text.lower() for word in words)
    return speaks or token.kind is TokenKind.ERROR


def ends_operand(token: Token) -> bool:
    return token.kind in OPERANDS or token.text == ")" or token.keyword in ("TRUE", "FALSE")


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("{{{", 2),
        ("{}{}{}{{", None),
        ('{"{" \'(\' """{""" # {\n <http://e/> {', None),
        ("{ :a\\( ex:b\\( {", None),
        ("{| {| |} |} {", None),
        ("{ ?a < ( {", 9),
        ('{ "not ended { {\n { {', 20),
    ],
)
def test_brackets_count_outside_of_strings_comments_and_iris(text: str, offset: int | None) -> None:
    assert too_deep(text, 2) == offset
