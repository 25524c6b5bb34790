"""Mistakes with variables that the engine reports without naming one (SPARQL 1.1, sections 11.4, 18.2.1 and 18.2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph_service.errors import Location, QuerySyntaxError
from graph_service.rdf.guard import shown
from graph_service.rdf.lexer import Token, TokenKind, significant, tokens

_AGGREGATES = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"))
_ENDS_OF_GROUP = frozenset(("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))


@dataclass
class _Select:
    """One SELECT, with the variables of its clauses.

    Attributes:
        depth: braces around it.
        plain: those that it lists, and those of its expressions outside of aggregates.
        names: those behind AS.
        body: those of its pattern.
        keys: those of GROUP BY.
        grouped: whether it has GROUP BY or an aggregate.
    """

    depth: int
    plain: list[Token] = field(default_factory=list)
    names: list[Token] = field(default_factory=list)
    body: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    grouped: bool = False


def variable_mistake(text: str) -> QuerySyntaxError | None:
    """The first mistake with a variable in a query that is well-formed otherwise; None if none is found."""
    found = list(significant(tokens(text)))
    if any(sum(t.text == a for t in found) != sum(t.text == b for t in found) for a, b in ("{}", "()")):
        return None
    return _bound_twice(found) or next((e for select in _selects(found) if (e := _mistake_of(select))), None)


def _mistake_of(select: _Select) -> QuerySyntaxError | None:
    named: set[str] = set()
    for name in select.names:
        if name.text[1:] in named:
            return _error(name, "names two columns.", "Give each column a name of its own.")
        if name.text[1:] in select.body:
            return _error(name, "has a value in the pattern already.", "Choose another name behind AS.")
        named.add(name.text[1:])
    for one in select.plain if select.grouped else ():
        if one.text[1:] not in select.keys | named:
            hint = f"Add it to GROUP BY, or put it into an aggregate: (SAMPLE({shown(one.text)}) AS ?one)"
            return _error(one, "is selected, but the query does not group by it.", hint)
    return None


def _bound_twice(found: Sequence[Token]) -> QuerySyntaxError | None:
    """The first BIND whose variable stands before it already."""
    used: set[str] = set()
    binding = False
    for last, token in pairwise(found):
        binding = (binding or last.keyword == "BIND") and last.text not in "{}"
        if token.kind is TokenKind.VAR:
            if binding and last.keyword == "AS" and token.text[1:] in used:
                return _error(token, "has a value before this BIND already.", "Choose another name behind AS.")
            used.add(token.text[1:])
    return None


def _error(token: Token, what: str, hint: str) -> QuerySyntaxError:
    return QuerySyntaxError(
        f"{shown(token.text)} {what}", where=Location(line=token.line, column=token.column), hint=hint
    )


def _selects(found: Sequence[Token]) -> Sequence[_Select]:
    reading = _Reading()
    for token in found:
        reading.read(token)
    return reading.found


class _Reading:
    """Reads a query token by token and keeps the SELECT that each of them belongs to."""

    def __init__(self) -> None:
        self.found: list[_Select] = []
        self._open: list[_Select] = []
        self._clause = ""
        self._braces = 0
        # For each open bracket, whether it is within the call of an aggregate.
        self._brackets: list[bool] = []
        self._before = ""

    def read(self, token: Token) -> None:
        """Take the next token."""
        word = token.keyword
        if token.text in "{}":
            self._brace(token.text)
        elif token.text == "(":
            within = bool(self._brackets and self._brackets[-1])
            self._brackets.append(within or self._before in _AGGREGATES)
        elif token.text == ")" and self._brackets:
            self._brackets.pop()
        elif word == "SELECT":
            self._open.append(_Select(self._braces))
            self.found.append(self._open[-1])
            self._clause = "select"
        elif self._open:
            self._part(token, word)
        self._before = word

    def _brace(self, text: str) -> None:
        self._braces += 1 if text == "{" else -1
        self._clause = ""
        while self._open and self._braces < self._open[-1].depth:
            self._open.pop()

    def _part(self, token: Token, word: str) -> None:
        select = self._open[-1]
        if word in _AGGREGATES and self._clause == "select":
            select.grouped = True
        elif word == "BY" and self._before == "GROUP" and self._braces == select.depth:
            self._clause, select.grouped = "group", True
        elif word in _ENDS_OF_GROUP:
            self._clause = ""
        elif token.kind is TokenKind.VAR:
            self._variable(select, token)

    def _variable(self, select: _Select, token: Token) -> None:
        if self._clause == "select" and self._before == "AS":
            select.names.append(token)
        elif self._clause == "select" and not (self._brackets and self._brackets[-1]):
            select.plain.append(token)
        elif self._clause == "group" and (not self._brackets or self._before == "AS"):
            select.keys.add(token.text[1:])
        elif self._braces > select.depth:
            select.body.add(token.text[1:])
