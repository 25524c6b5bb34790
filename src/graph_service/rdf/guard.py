"""The guard: the form of a query and whether it may run, decided by tokens and never by substrings.

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

from graph_service.errors import QueryRefused, QuerySyntaxError
from graph_service.rdf.formats import Form
from graph_service.rdf.lexer import Token, TokenKind
from graph_service.rdf.prologue import NAMES, Prologue, place, unescaped
from graph_service.rdf.prologue import UPDATES as UPDATES
from graph_service.rdf.prologue import shown as shown
from graph_service.rdf.query_limits import NESTING, QUERY_BYTES, LimitReached, check_nesting, check_size
from graph_service.rdf.skimming import GAP, Skimmer, passing_over

# Characters of a text that may be read on the event loop, which takes 0.3 ms; longer ones are for a worker.
SHORT = 4096
_ELSEWHERE = "Ask the other endpoint yourself and bring its results along in VALUES."
# Escapes too: a reader that replaces them before it parses (SPARQL 1.1, section 19.2) could find a word behind them.
_WORTH_READING = re.compile(r"service|from|\\u", re.IGNORECASE)
# No clause FROM begins within a word, such as the property `datedFrom`, or in a variable. An IRI, a prefix, NAMED or a
# comment follows it, and no word as in a text. That classes come first makes it ten times as fast: every query is
# looked at.
_FROM = re.compile(
    r"[Ff][Rr][Oo][Mm](?<![\w?$].{4})(?=[ \t\r\n]*+(?:[#<]|[Nn][Aa][Mm][Ee][Dd]|[^ \t\r\n\"'<>(){}:\\]*+[:\\]))"
)
# Comments in front of everything, as query files have them; further on, `#` may stand in a string.
_COMMENTS_FIRST = re.compile(r"(?:[ \t\r\n]*+#[^\r\n]*+)*+")
# A text that begins with its form has no prologue.
_FORM_FIRST = re.compile(r"[ \t\r\n]*+(SELECT|ASK|CONSTRUCT|DESCRIBE)(?=[ \t\r\n{?$*(<])", re.IGNORECASE | re.ASCII)
# `scheme://` is never read as an operand, so only other IRIs can hide the start of a string or a comment.
_COULD_BE_LESS_THAN = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*://)[^>]*['#]")
_OPERANDS = NAMES | {TokenKind.VAR, TokenKind.STRING, TokenKind.LANGTAG, TokenKind.NUMBER, TokenKind.IRIREF}
_NAME_FOLLOWS = frozenset(("GRAPH", "FROM", "NAMED", "DESCRIBE"))
_IN_BODY = ("service", "from", "named")
_IN_BODY_WITH_SERVICE = ("service", *sorted(map(str.lower, _NAME_FOLLOWS)))
_HIDDEN = ("service",)


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


def inspect(text: str, *, query_bytes: int = QUERY_BYTES, nesting: int = NESTING, base: str = "") -> Inspection:
    """Find the form of a query and refuse what is never run, in time linear in the text.

    A text of some kB takes well below a millisecond, the worst of a megabyte about a second: an event loop gives
    longer ones to a thread or process.

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
    check_size(text, query_bytes)
    check_nesting(text, nesting)
    words = {word.lower() for word in _WORTH_READING.findall(text)}
    if not words and (first := _FORM_FIRST.match(text)):
        return Inspection(Form(first[1].upper()))
    reading = Skimmer(text)
    prologue = Prologue(base, resolved="from" in words)
    form = prologue.read(reading)
    if not words:
        return Inspection(form)
    strict = "service" in words
    landmarks = reading.landmarks(passing_over(_IN_BODY_WITH_SERVICE if strict else _IN_BODY, comparisons=strict))
    default, named = _read_body(landmarks, prologue, strict, query_bytes)
    if "\\u" in words:
        _check_behind_escapes(text)
    return Inspection(form, tuple(default), tuple(named)) if default or named else Inspection(form)


def may_name_graphs(text: str) -> bool:
    """Whether a query could hold FROM: a glance that costs a hundredth of `inspect`, and errs to this side only."""
    head = _COMMENTS_FIRST.match(text)
    return _FROM.search(text, head.end() if head else 0) is not None


def _read_body(landmarks: Iterator[Token], prologue: Prologue, strict: bool, size: int) -> tuple[list[str], list[str]]:
    """Read the rest of a query: refuse SERVICE, and collect the graphs of FROM and FROM NAMED.

    Their names may have `size` characters in all: each prefix is written once and stands for a long IRI many times.
    """
    default: list[str] = []
    named: list[str] = []
    before, last = GAP, GAP
    for token in landmarks:
        _check_token(before, last, token, prologue, strict)
        clause = _clause(before, last)
        iri = prologue.iri(token) if clause else None
        if iri is not None:
            size -= len(iri)
            if size < 0:
                raise LimitReached(
                    "The names of the graphs behind FROM are too long.",
                    where=place(token),
                    reason="query_bytes",
                    limit=QUERY_BYTES,
                    hint="Name fewer graphs.",
                )
            (named if clause == "NAMED" else default).append(iri)
        before, last = last, token
    return default, named


def _clause(before: Token, last: Token) -> str:
    """Whether the next token names a graph of the data set: after `FROM NAMED` or after `FROM`."""
    if last.keyword == "FROMNAMED" or (last.keyword, before.keyword) == ("NAMED", "FROM"):
        return "NAMED"
    return "FROM" if last.keyword == "FROM" else ""


def _check_token(before: Token, last: Token, token: Token, prologue: Prologue, strict: bool) -> None:
    """Refuse a token that is SERVICE, that the engine could read as SERVICE, or that is no SPARQL."""
    word = token.keyword
    if "SERVICE" in word:
        raise _service(token)
    if token.text == "{" and _hides_service(last) and before.keyword not in _NAME_FOLLOWS:
        raise _service(last)
    if token.kind is TokenKind.ERROR:
        raise QuerySyntaxError(f"This is not SPARQL: {shown(token.text)}", where=place(token))
    if (word.startswith("FROM") and word not in ("FROM", "FROMNAMED")) or _glued_from(token, prologue):
        raise QuerySyntaxError("A space is missing after FROM.", where=place(token))
    if strict and _ends_operand(last) and _COULD_BE_LESS_THAN.match(token.text):
        raise QueryRefused(
            f"{shown(token.text)} could be an IRI or a comparison, in a text that speaks of SERVICE.",
            where=place(token),
            hint="Write the IRI in full, from http: on, or a space behind the <.",
        )


def _hides_service(name: Token) -> bool:
    """A prefixed name such as `SERVICE:a`, which the engine also tries as `SERVICE :a`."""
    return name.kind in NAMES and "SERVICE" in name.text.partition(":")[0].upper()


def _ends_operand(token: Token) -> bool:
    """Whether a comparison could follow."""
    return token.kind in _OPERANDS or token.text == ")" or token.keyword in ("TRUE", "FALSE")


def _glued_from(token: Token, prologue: Prologue) -> bool:
    """`FROMex:a`, which the engine reads as `FROM ex:a`."""
    if token.kind not in NAMES or token.text[:4].upper() != "FROM":
        return False
    return token.text.partition(":")[0] not in prologue.prefixes


def _check_behind_escapes(text: str) -> None:
    """Refuse SERVICE that only shows once the escapes are replaced, wherever in the text they stand."""
    last = GAP
    for token in Skimmer(unescaped(text)).landmarks(passing_over(_HIDDEN, comparisons=False)):
        if "SERVICE" in token.keyword:
            raise _service(GAP)
        if token.text == "{" and _hides_service(last):
            raise _service(GAP)
        last = token


def _service(token: Token) -> QueryRefused:
    where = None if token is GAP else place(token)
    return QueryRefused("SERVICE is not run here: it would open a connection.", where=where, hint=_ELSEWHERE)
