"""What a query text is and whether it may run: decided by its tokens, never by a substring.

Refused are SERVICE (SPARQL 1.1 Federated Query), LOAD and every other form of SPARQL 1.1 Update. The words are free
to stand in strings, IRIs, comments and prefixed names.

The engine reads by trial (a parsing expression grammar) and not by the longest token: it takes `SERVICESILENT`,
`1SERVICE` and `SERVICE:a` for SERVICE, and a `<` for "less than" where an IRI could stand. So a text that holds the
word anywhere is read whole and strictly: a word that contains it, a name that the engine could take apart, an IRI
that it could read as a comparison is refused. Most texts do not hold it; of them only the prologue is read.

This is the first line of defence and gives the clear message. The second is that a worker can open no connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from graph_service.errors import LimitExceeded, Location, QueryRefused, QuerySyntaxError
from graph_service.rdf.formats import Form
from graph_service.rdf.lexer import Token, TokenKind, significant, tokens

QUERY_BYTES = 1024 * 1024
NESTING = 100_000

_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
_READ_ONLY = "This service answers SELECT, ASK, CONSTRUCT and DESCRIBE, and changes nothing."
_ELSEWHERE = "Ask the other endpoint yourself and bring its results along in VALUES."
# Escapes too: a reader that replaces them before it parses (SPARQL 1.1, section 19.2) could find a word behind them.
_WORTH_READING = re.compile(r"service|from|\\u", re.IGNORECASE)
# No clause FROM begins within a word, such as the property `datedFrom`.
_FROM = re.compile(r"(?<!\w)from", re.IGNORECASE)
# A text that begins with its form has no prologue.
_FORM_FIRST = re.compile(r"[ \t\r\n]*+(SELECT|ASK|CONSTRUCT|DESCRIBE)(?=[ \t\r\n{?$*(<])", re.IGNORECASE | re.ASCII)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LOCAL_ESCAPE = re.compile(r"\\(.)")
# `scheme://` is never read as an operand, so only other IRIs can hide the start of a string or a comment.
_COULD_BE_LESS_THAN = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*://)[^>]*['#]")
_NAMES = frozenset((TokenKind.PNAME_LN, TokenKind.PNAME_NS))
_OPERANDS = _NAMES | {TokenKind.VAR, TokenKind.STRING, TokenKind.LANGTAG, TokenKind.NUMBER, TokenKind.IRIREF}
_NAME_FOLLOWS = frozenset(("GRAPH", "FROM", "NAMED", "DESCRIBE"))
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_NOTHING = Token(TokenKind.WHITESPACE, "", 0, 1, 1)
_SHOWN = 40


class LimitReached(LimitExceeded):
    """A limit was met.

    Attributes:
        reason: which one: `memory`, `rows`, `answer_bytes`, `query_bytes` or `nesting`.
        limit: its value, in the unit of the limit.
    """

    def __init__(self, message: str, *, reason: str, limit: int, where: Location | None = None, hint: str = "") -> None:
        super().__init__(message, where=where, hint=hint)
        self.reason = reason
        self.limit = limit


@dataclass(frozen=True)
class Inspection:
    """What a query text says about itself.

    Attributes:
        form: its query form.
        default_graphs, named_graphs: the IRIs of its own FROM and FROM NAMED clauses (SPARQL 1.1, section 13.2),
            resolved against its own prefixes and base; both None where it has no such clause.
    """

    form: Form
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None

    @property
    def has_dataset(self) -> bool:
        """Whether the query says itself which graphs it asks."""
        return self.default_graphs is not None


def inspect(text: str, *, query_bytes: int = QUERY_BYTES, nesting: int = NESTING, base: str = "") -> Inspection:
    """Find the form of a query and refuse what is never run.

    Args:
        text: the query.
        query_bytes: size that its UTF-8 may have.
        nesting: how many brackets may be open at once.
        base: what relative IRIs are resolved against, unless the query has a base of its own.

    Raises:
        QueryRefused: it asks for SERVICE or is an update.
        LimitReached: it is too long or too deeply nested.
        QuerySyntaxError: it has no query form, or, where it was read whole, something in it is no SPARQL.
    """
    _check_size(text, query_bytes)
    _check_nesting(text, nesting)
    words = {word.lower() for word in _WORTH_READING.findall(text)}
    if not words and (first := _FORM_FIRST.match(text)):
        return Inspection(Form(first[1].upper()))
    stream = significant(tokens(text))
    prologue = _Prologue(base)
    form = prologue.read(stream)
    if not words:
        return Inspection(form)
    default, named = _read_body(stream, prologue, "service" in words)
    if "\\u" in words:
        _check_behind_escapes(text)
    return Inspection(form, tuple(default), tuple(named)) if default or named else Inspection(form)


def may_name_graphs(text: str) -> bool:
    """Whether a query could hold FROM: a glance that costs a hundredth of `inspect`, and errs to this side only."""
    return _FROM.search(text) is not None


def shown(text: str) -> str:
    """A piece of a query as an error message may quote it: short, on one line, without control characters."""
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in short)


def _check_size(text: str, limit: int) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        before = text[: error.start]
        place = Location(line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
        raise QuerySyntaxError("Half of a surrogate pair is no character.", where=place) from None
    if size > limit:
        raise LimitReached(
            f"The query text has {size} bytes; the limit is {limit}.",
            reason="query_bytes",
            limit=limit,
            hint="Ask in several queries, each with a part of the values.",
        )


def _check_nesting(text: str, limit: int) -> None:
    """Count open brackets, if the text has enough of them to reach the limit."""
    if sum(map(text.count, "([{")) <= limit:
        return
    depth = 0
    for token in significant(tokens(text)):
        if token.kind is TokenKind.PUNCTUATION:
            depth += (token.text[0] in _OPENING) - (token.text[0] in _CLOSING)
        if depth > limit:
            raise LimitReached(
                f"More than {limit} brackets are open at once.",
                where=_place(token),
                reason="nesting",
                limit=limit,
                hint="Nest less deeply.",
            )


class _Prologue:
    """The declarations in front of the query form (SPARQL 1.1, section 4.1)."""

    def __init__(self, base: str) -> None:
        self.prefixes: dict[str, str] = {}
        self._base = base

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
        raise QuerySyntaxError("The text holds no query.", where=Location(line=1, column=1), hint=_READ_ONLY)

    def iri(self, token: Token) -> str | None:
        """The IRI that a token stands for, if it is the name of one."""
        if token.kind is TokenKind.IRIREF:
            iri = _unescaped(token.text[1:-1])
            return urljoin(self._base, iri) if self._base else iri
        if token.kind in _NAMES:
            prefix, _, local = token.text.partition(":")
            return self.prefixes.get(prefix, "") + _LOCAL_ESCAPE.sub(r"\1", local)
        return None

    def _declare(self, word: str, stream: Iterator[Token]) -> None:
        """Take in what follows the word; if something is wrong with it, the engine says so."""
        name = next(stream, _NOTHING) if word == "PREFIX" else None
        value = next(stream, _NOTHING)
        if value.kind is not TokenKind.IRIREF:
            return
        iri = self.iri(value) or ""
        if name is None:
            self._base = iri
        else:
            self.prefixes[name.text.removesuffix(":")] = iri


def _read_body(stream: Iterator[Token], prologue: _Prologue, strict: bool) -> tuple[list[str], list[str]]:
    """Read the rest of a query: refuse SERVICE, and collect the graphs of FROM and FROM NAMED."""
    default: list[str] = []
    named: list[str] = []
    before, last = _NOTHING, _NOTHING
    for token in stream:
        _check_token(before, last, token, prologue, strict)
        clause = _clause(before, last)
        iri = prologue.iri(token) if clause else None
        if iri is not None:
            (named if clause == "NAMED" else default).append(iri)
        before, last = last, token
    return default, named


def _clause(before: Token, last: Token) -> str:
    """Whether the next token names a graph of the data set: after `FROM NAMED` or after `FROM`."""
    if last.keyword == "FROMNAMED" or (last.keyword, before.keyword) == ("NAMED", "FROM"):
        return "NAMED"
    return "FROM" if last.keyword == "FROM" else ""


def _check_token(before: Token, last: Token, token: Token, prologue: _Prologue, strict: bool) -> None:
    """Refuse a token that is SERVICE, that the engine could read as SERVICE, or that is no SPARQL."""
    word = token.keyword
    if "SERVICE" in word:
        raise _service(token)
    if token.text == "{" and _hides_service(last) and before.keyword not in _NAME_FOLLOWS:
        raise _service(last)
    if token.kind is TokenKind.ERROR:
        raise QuerySyntaxError(f"This is no SPARQL: {shown(token.text)}", where=_place(token))
    if (word.startswith("FROM") and word not in ("FROM", "FROMNAMED")) or _glued_from(token, prologue):
        raise QuerySyntaxError("A space is missing after FROM.", where=_place(token))
    if strict and _ends_operand(last) and _COULD_BE_LESS_THAN.match(token.text):
        raise QueryRefused(
            f"{shown(token.text)} could be an IRI or a comparison, in a text that speaks of SERVICE.",
            where=_place(token),
            hint="Write the IRI in full, from http: on, or a space behind the <.",
        )


def _hides_service(name: Token) -> bool:
    """A prefixed name such as `SERVICE:a`, which the engine also tries as `SERVICE :a`."""
    return name.kind in _NAMES and "SERVICE" in name.text.partition(":")[0].upper()


def _ends_operand(token: Token) -> bool:
    """Whether a comparison could follow."""
    return token.kind in _OPERANDS or token.text == ")" or token.keyword in ("TRUE", "FALSE")


def _glued_from(token: Token, prologue: _Prologue) -> bool:
    """`FROMex:a`, which the engine reads as `FROM ex:a`."""
    if token.kind not in _NAMES or token.text[:4].upper() != "FROM":
        return False
    return token.text.partition(":")[0] not in prologue.prefixes


def _check_behind_escapes(text: str) -> None:
    """Refuse SERVICE that only shows once the escapes are replaced, wherever in the text they stand."""
    last = _NOTHING
    for token in significant(tokens(_unescaped(text))):
        if "SERVICE" in token.keyword:
            raise _service(_NOTHING)
        if token.text == "{" and _hides_service(last):
            raise _service(_NOTHING)
        last = token


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else match[0]


def _no_form(token: Token) -> QueryRefused | QuerySyntaxError:
    if token.keyword.startswith(_UPDATES):
        return QueryRefused(f"{shown(token.keyword)} is an update.", where=_place(token), hint=_READ_ONLY)
    return QuerySyntaxError(
        f"A query form was expected, not {shown(token.text)} here.", where=_place(token), hint=_READ_ONLY
    )


def _service(token: Token) -> QueryRefused:
    where = None if token is _NOTHING else _place(token)
    return QueryRefused("SERVICE is not run here: it would open a connection.", where=where, hint=_ELSEWHERE)


def _place(token: Token) -> Location:
    return Location(line=token.line, column=token.column)
