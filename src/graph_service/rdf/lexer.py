"""A lexer for the terminals that SPARQL and Turtle share.

Whoever changes or checks a text by its words needs to know which of them are words: `SERVICE` in a string, an IRI,
a comment or a prefixed name is none. This lexer knows the terminals of SPARQL 1.1 (Query Language, section 19.8,
productions 139-173), which are also those of Turtle (RDF 1.1 Turtle, section 6.5), and the brackets and the base
direction that RDF 1.2 adds. It never fails: what is no terminal becomes a token of the kind `ERROR`. The texts of
all tokens, one after the other, are the text again.

Codepoint escapes (`\\u0041`, SPARQL 1.1 section 19.2) are read where the grammar of Turtle and every engine known
to us reads them: in strings and IRIs. Anywhere else the backslash is an `ERROR`, so an escaped letter can neither
form a keyword nor hide one.

It runs in linear time: no character is looked at more often than a fixed number of times, whatever the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from typing import NamedTuple


class TokenKind(StrEnum):
    """What a token is; the names are those of the grammar where it has one."""

    WHITESPACE = "whitespace"
    COMMENT = "comment"
    IRIREF = "iri"
    STRING = "string"
    BLANK_NODE_LABEL = "blank_node"
    VAR = "variable"
    LANGTAG = "language"
    NUMBER = "number"
    PNAME_NS = "prefix"
    PNAME_LN = "name"
    WORD = "word"
    PUNCTUATION = "punctuation"
    ERROR = "error"


class Token(NamedTuple):
    """One token.

    Attributes:
        kind: what it is. A `WORD` is a keyword, the name of a built-in function, `a`, `true` or `false`.
        text: as it stands, with quotes, brackets, `?` and escapes. The sign of a number is a token of its own.
        start: offset of its first code point.
        line, column: the same place, counted from 1 in code points; only LF begins a line.
    """

    kind: TokenKind
    text: str
    start: int
    line: int
    column: int

    @property
    def end(self) -> int:
        """Offset behind its last code point."""
        return self.start + len(self.text)

    @property
    def keyword(self) -> str:
        """The text in upper case if it is a `WORD`, else nothing: keywords are not case-sensitive."""
        return self.text.upper() if self.kind is TokenKind.WORD else ""


# The possessive quantifiers (`++`, `*+`) keep every pattern from going back over what it has matched.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_VARIABLE = f"{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040"
CHARS = f"{_VARIABLE}\\-"
_ESCAPED = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_IN_STRING = rf"\\[tbnrf\"'\\]|{_ESCAPED}"
_LOCAL_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
LOCAL = rf"(?:[{_BASE}_:0-9]|{_LOCAL_ESCAPE})(?:[{CHARS}:]++|{_LOCAL_ESCAPE}|\.++(?=[{CHARS}:]|{_LOCAL_ESCAPE}))*+"

TERMINALS = {
    TokenKind.WHITESPACE: r"[ \t\r\n]++",
    TokenKind.COMMENT: r"#[^\n\r]*+",
    TokenKind.VAR: rf"[?$][{_BASE}_0-9][{_VARIABLE}]*+",
    TokenKind.IRIREF: rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]++|{_ESCAPED})*+>",
    TokenKind.STRING: (
        rf'"""(?:[^"\\]++|{_IN_STRING}|"{{1,2}}+(?!"))*+"""'
        rf"|'''(?:[^'\\]++|{_IN_STRING}|'{{1,2}}+(?!'))*+'''"
        rf'|"(?!"")(?:[^"\\\n\r]++|{_IN_STRING})*+"'
        rf"|'(?!'')(?:[^'\\\n\r]++|{_IN_STRING})*+'"
    ),
    TokenKind.BLANK_NODE_LABEL: rf"_:[{_BASE}_0-9](?:[{CHARS}]++|\.++(?=[{CHARS}]))*+",
    TokenKind.LANGTAG: r"@[A-Za-z]++(?:--?[A-Za-z0-9]++)*+",
    TokenKind.NUMBER: r"(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++",
    TokenKind.PUNCTUATION: r"<<\(?|\)?>>|\{\||\|\}|\^\^|&&|\|\||[!<>]=|[{}()\[\],;.=<>!|/^*+\-?~]",
    # Strings that do not end: a long one takes the rest of the text with it, a short one the rest of the line.
    # A word with a letter outside of ASCII is no keyword.
    TokenKind.ERROR: rf'"""[\s\S]*+|\'\'\'[\s\S]*+|["\'][^\n\r]*+|[{_BASE}][{CHARS}]*+|[\s\S]',
}
_KINDS = {kind.name: kind for kind in TokenKind}
_MAY_SPAN_LINES = frozenset((TokenKind.WHITESPACE, TokenKind.STRING, TokenKind.ERROR))
_TRIVIA = frozenset((TokenKind.WHITESPACE, TokenKind.COMMENT))


def tokens(text: str) -> Iterator[Token]:
    """All tokens of a SPARQL or Turtle text in order, white space and comments among them."""
    line, line_start = 1, 0
    for kind, start, end in _spans(text):
        yield Token(kind, text[start:end], start, line, start - line_start + 1)
        if kind in _MAY_SPAN_LINES:
            breaks = text.count("\n", start, end)
            if breaks:
                line += breaks
                line_start = text.rindex("\n", start, end) + 1


def significant(stream: Iterable[Token]) -> Iterator[Token]:
    """The tokens without white space and comments."""
    return (token for token in stream if token.kind not in _TRIVIA)


def _spans(text: str) -> Iterator[tuple[TokenKind, int, int]]:
    """Kind, start and end of each token."""
    position, bare_until, length = 0, 0, len(text)
    while position < length:
        kind, end, bare_until = terminal(text, position, bare_until)
        yield kind, position, end
        position = end


def terminal(text: str, position: int, bare_until: int) -> tuple[TokenKind, int, int]:
    """The terminal at a position.

    A run of name characters is read once to see whether a colon ends it (then it is a prefix). If not, it holds
    words, numbers and dots, and up to its end no prefix needs to be looked for again: this is what keeps `a.a.a.a…`
    linear.

    Args:
        text: the whole text.
        position: where a terminal begins, before the end of the text.
        bare_until: up to where no prefix can begin; 0 at first, then what the last call returned.

    Returns:
        Its kind, its end, and the new `bare_until`.
    """
    patterns = _patterns()
    match = (patterns.bare if position < bare_until else patterns.any).match(text, position)
    if match is not None and match.lastgroup == "PREFIX":
        end = match.end()
        name = patterns.after_prefix.match(text, end) if text[end - 1] != "." else None
        if name is not None:
            return (TokenKind.PNAME_LN if name["local"] else TokenKind.PNAME_NS), name.end(), bare_until
        bare_until = end
        match = patterns.bare.match(text, position)
    if match is None or match.lastgroup is None:
        raise AssertionError("The last alternative takes any character.")
    return _KINDS[match.lastgroup], match.end(), bare_until


class _Patterns(NamedTuple):
    """What the lexer matches at a position: any terminal, one that begins with no prefix, and what follows a prefix."""

    any: re.Pattern[str]
    bare: re.Pattern[str]
    after_prefix: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """The patterns; compiling them takes 50 ms, which a process that reads no tokens does not pay."""
    others = [f"(?P<{kind.name}>{pattern})" for kind, pattern in TERMINALS.items()]
    prefix, name = rf"(?P<PREFIX>[{_BASE}](?:[{CHARS}.]*+))", rf"(?P<PNAME_LN>:{LOCAL})|(?P<PNAME_NS>:)"
    word = r"(?P<WORD>[A-Za-z][A-Za-z0-9_]*+)"
    return _Patterns(
        re.compile("|".join((prefix, name, *others))),
        re.compile("|".join((word, *others))),
        re.compile(rf":(?P<local>{LOCAL})?+"),
    )
