"""Reads the tokens of a SPARQL text that matter, and passes over the others in one step.

Whoever looks for a few words in a text must know which characters are words, so it has to be read from its beginning.
One regular expression passes over all tokens that cannot be of interest at the speed of the regular expression
engine; only the others become `Token` objects. The tokens are those of `lexer.tokens`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from graph_service.rdf.lexer import CHARS, LOCAL, TERMINALS, Token, TokenKind, terminal

_TRIVIA = rf"(?:{TERMINALS[TokenKind.WHITESPACE]}|{TERMINALS[TokenKind.COMMENT]})"
_TRIVIA_RUN = re.compile(f"{_TRIVIA}*+")
_IRIREF = TERMINALS[TokenKind.IRIREF]
_WORD = "[A-Za-z][A-Za-z0-9_]*+"
_NEVER_OF_INTEREST = (
    TokenKind.VAR,
    TokenKind.STRING,
    TokenKind.BLANK_NODE_LABEL,
    TokenKind.LANGTAG,
    TokenKind.NUMBER,
)
# No `#` or `'` in it, or `scheme://` in front: such an IRI cannot be read as a comparison.
_PLAIN_IRI = rf"(?=<(?:[A-Za-z][A-Za-z0-9+.-]*+://|[^<>'#]*+>)){_IRIREF}"
_STRING = TERMINALS[TokenKind.STRING]
_UNENDED = r'"""[\s\S]*+|\'\'\'[\s\S]*+|["\'][^\n\r]*+'
# Stands for tokens that are left out.
GAP = Token(TokenKind.WHITESPACE, "", 0, 1, 1)


class Skimmer:
    """One reading of a text, from its beginning to its end.

    As an iterator it gives each token but white space and comments; `landmarks` goes on from there with some of them.
    Both take time linear in the text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._bare_until = 0
        self._line, self._line_start, self._counted = 1, 0, 0

    def __iter__(self) -> Iterator[Token]:
        return self

    def __next__(self) -> Token:
        start = self._skip_trivia()
        if start >= len(self._text):
            raise StopIteration
        kind, self._position, self._bare_until = terminal(self._text, start, self._bare_until)
        self._count_lines(start)
        return Token(kind, self._text[start : self._position], start, self._line, start - self._line_start + 1)

    def landmarks(self, passed: re.Pattern[str]) -> Iterator[Token]:
        """The rest of the tokens, without those that `passed` (made by `passing_over`) matches.

        A token of interest comes with the one behind it, and an IRI also with the one in front of it. `GAP` stands for
        tokens that are left out.
        """
        behind_one = False
        while (start := self._skip_trivia()) < len(self._text):
            end = start
            if start >= self._bare_until and (match := passed.match(self._text, start)):
                end = match.end()
            if end == start or behind_one:
                behind_one = end == start
                yield next(self)
                continue
            yield GAP
            if self._text.startswith("<", end) and (last := self._last_before(end)):
                yield last
            self._position = end

    def _last_before(self, end: int) -> Token | None:
        last = None
        while self._skip_trivia() < end:
            last = next(self)
        return last

    def _skip_trivia(self) -> int:
        if match := _TRIVIA_RUN.match(self._text, self._position):
            self._position = match.end()
        return self._position

    def _count_lines(self, position: int) -> None:
        breaks = self._text.count("\n", self._counted, position)
        if breaks:
            self._line += breaks
            self._line_start = self._text.rindex("\n", self._counted, position) + 1
        self._counted = position


@cache
def passing_over(words: tuple[str, ...], *, comparisons: bool) -> re.Pattern[str]:
    """A pattern for `Skimmer.landmarks` that passes over every token that cannot be of interest.

    Of interest are what is no terminal, words and prefixes that contain one of `words`, and, where `comparisons` is
    set, an IRI that could be read as a comparison, unless it stands behind a bracket, a separator or an operator.
    Made once, when it is first asked for: that takes 30 ms.
    """
    iri = _PLAIN_IRI if comparisons else _IRIREF
    # Words with dots and dashes between them; whatever else follows a word without a space is left to the lexer.
    bare = rf"{_WORD}(?:[.\-]++{_WORD})*+(?!\.*+[:+{CHARS}])"
    name = rf"[A-Za-z][A-Za-z0-9_.\-]*+(?<!\.):(?:{LOCAL})?+"
    run = rf"(?![A-Za-z0-9_.\-]*?(?i:{'|'.join(words)}))(?:{name}|{bare})"
    punctuation = rf"(?!{_IRIREF})(?:{TERMINALS[TokenKind.PUNCTUATION]})(?:(?<!\)){_TRIVIA}*+(?:{_IRIREF})?+)?+"
    others = "|".join(TERMINALS[kind] for kind in _NEVER_OF_INTEREST)
    return re.compile(rf"(?:{_TRIVIA}|{run}|{iri}|{others}|:(?:{LOCAL})?+|{punctuation})*+")


@cache
def _bracket() -> re.Pattern[str]:
    """All up to a bracket, and the bracket; made when it is first asked for, as that takes 10 ms."""
    return re.compile(
        rf"""(?:[^()\[\]{{}}"'<:#]++|{_TRIVIA}|{_IRIREF}|{_STRING}|{_UNENDED}|:(?:{LOCAL})?+|<)*+([()\[\]{{}}]?)"""
    )


def too_deep(text: str, limit: int) -> int | None:
    """Where more than `limit` brackets are open for the first time, as an offset."""
    depth = 0
    for match in _bracket().finditer(text):
        if not match[1]:
            return None
        depth += 1 if match[1] in "([{" else -1
        if depth > limit:
            return match.start(1)
    return None
