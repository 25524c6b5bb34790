"""The prologue of a query: prefixes and base, up to the keyword of its form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from graph_service.errors import Location, QueryRefused, QuerySyntaxError
from graph_service.rdf.formats import Form
from graph_service.rdf.lexer import Token, TokenKind
from graph_service.rdf.query_limits import LimitReached
from graph_service.rdf.skimming import GAP

IRI_LENGTH = 8_192
NAMES = frozenset((TokenKind.PNAME_LN, TokenKind.PNAME_NS))

UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
_READ_ONLY = "This service answers SELECT, ASK, CONSTRUCT and DESCRIBE, and changes nothing."
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LOCAL_ESCAPE = re.compile(r"\\(.)")
_SHOWN = 40


def shown(text: str) -> str:
    """A piece of a query as an error message may quote it: short, on one line, without control characters."""
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in short)


class Prologue:
    """The declarations in front of the query form (SPARQL 1.1, section 4.1).

    Args:
        base: what relative IRIs are resolved against, unless the query has a base of its own.
        resolved: whether IRIs are asked for; if not, only names of prefixes are kept.
    """

    def __init__(self, base: str, *, resolved: bool = True) -> None:
        self.prefixes: dict[str, str] = {}
        self._base = base
        self._resolved = resolved

    def read(self, stream: Iterator[Token]) -> Form:
        """Take in all up to the query form."""
        for token in stream:
            word = token.keyword
            if word in ("PREFIX", "BASE", "VERSION"):
                self._declare(word, stream)
                continue
            for form in Form:
                # The engine also reads `SELECTDISTINCT` and `ASKWHERE`.
                if word.startswith(form.value):
                    return form
            raise _no_form(token)
        raise QuerySyntaxError("The text contains no query.", where=Location(line=1, column=1), hint=_READ_ONLY)

    def iri(self, token: Token) -> str | None:
        """The IRI that a token stands for, if it is the name of one.

        Raises:
            LimitReached: it is longer than `IRI_LENGTH`. Each relative base can make the next one longer, so without
                this limit a short text could stand for IRIs of any size.
        """
        iri = self._expand(token)
        if iri is not None and len(iri) > IRI_LENGTH:
            raise LimitReached(
                f"An IRI has more than {IRI_LENGTH} characters.",
                where=place(token),
                reason="query_bytes",
                limit=IRI_LENGTH,
                hint="Shorten the base or the prefix.",
            )
        return iri

    def _expand(self, token: Token) -> str | None:
        if token.kind is TokenKind.IRIREF:
            iri = unescaped(token.text[1:-1])
            return urljoin(self._base, iri) if self._base else iri
        if token.kind in NAMES:
            prefix, _, local = token.text.partition(":")
            return self.prefixes.get(prefix, "") + _LOCAL_ESCAPE.sub(r"\1", local)
        return None

    def _declare(self, word: str, stream: Iterator[Token]) -> None:
        """Take in what follows the word; if something is wrong with it, the engine says so."""
        name = next(stream, GAP) if word == "PREFIX" else None
        value = next(stream, GAP)
        if value.kind is not TokenKind.IRIREF:
            return
        iri = (self.iri(value) or "") if self._resolved else ""
        if name is None:
            self._base = iri
        else:
            self.prefixes[name.text.removesuffix(":")] = iri


def unescaped(text: str) -> str:
    """A text with its codepoint escapes replaced (SPARQL 1.1, section 19.2)."""
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else match[0]


def _no_form(token: Token) -> QueryRefused | QuerySyntaxError:
    if token.keyword.startswith(UPDATES):
        return QueryRefused(f"{shown(token.keyword)} is an update.", where=place(token), hint=_READ_ONLY)
    return QuerySyntaxError(
        f"A query form was expected, not {shown(token.text)} here.", where=place(token), hint=_READ_ONLY
    )


def place(token: Token) -> Location:
    """Where a token stands."""
    return Location(line=token.line, column=token.column)
