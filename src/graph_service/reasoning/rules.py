"""Rules: what closure, contradictions, proofs and checker share.

A rule over a list stands for one clause for each length of the list and each choice of members: `Rule.clauses(n)`
writes those out, so that nothing behind this module knows lists or subscripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations
from typing import NamedTuple, TypeAlias

from graph_service.rdf.terms import Term, Triple
from graph_service.reasoning import vocabulary as v

Binding: TypeAlias = Mapping[str, Term]


class Condition(NamedTuple):
    """A test of terms that no triple states, such as `NOT-VALUE[?l, ?d]`."""

    name: str
    arguments: tuple[str, ...]

    def bound(self, binding: Binding) -> Condition:
        """The condition with its bound variables replaced."""
        return Condition(self.name, tuple(binding.get(term, term) for term in self.arguments))


class Members(NamedTuple):
    """`LIST[?x, ?c1, ..., ?cn]`: the list node and the letter of its members."""

    head: str
    letter: str


class RepeatedAtom(NamedTuple):
    """`A1 & ... & An`: an atom that is repeated for each member of the list."""

    first: Triple


Part: TypeAlias = Triple | Condition | Members | RepeatedAtom


@dataclass(frozen=True)
class Clause:
    """A rule with its lists written out: a Horn clause over triples.

    Variables are strings that begin with `?`, everything else is a term.

    Attributes:
        rule: the W3C name.
        body: the triples that must hold, in the order of the table.
        conditions: the tests that must hold of their terms.
        head: what follows; None means false.
        sentence: what contradicts what, by language, where the head is None; `{x}` stands for `?x`.
    """

    rule: str
    body: tuple[Triple, ...]
    conditions: tuple[Condition, ...]
    head: Triple | None
    sentence: Mapping[str, str] = field(default_factory=dict, compare=False)


_SHORT = 8


@dataclass(frozen=True)
class Rule:
    """One line of the table.

    Attributes:
        name: the W3C name.
        parts: the body.
        heads: what follows, several at once or none (false).
        sentence: for a contradiction, by language; `{x}` stands for the variable `?x`.
    """

    name: str
    parts: tuple[Part, ...]
    heads: tuple[Triple, ...]
    sentence: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)

    @cached_property
    def members(self) -> Members | None:
        """The list that the rule is about, if it is about one."""
        return next((part for part in self.parts if isinstance(part, Members)), None)

    @cached_property
    def before_list(self) -> tuple[Triple, ...]:
        """The atoms that lead to the list: what must hold before its length is known."""
        return tuple(part for part in self.parts[: self._behind()] if isinstance(part, Triple))

    def clauses(self, length: int = 0) -> Iterable[Clause]:
        """The clauses for a list of this length; a rule without a list has the same ones for any."""
        if not self.members:
            return self._only
        return _written_out(self, self.parts, length)

    def clauses_behind_list(self, length: int) -> Iterable[Clause]:
        """The same, their bodies cut to what stands behind the list: the rest, once the list is read."""
        if not self.members:
            return self._only
        if length not in self._short and length <= _SHORT:
            self._short[length] = tuple(_written_out(self, self.parts[self._behind() :], length))
        return self._short.get(length) or _written_out(self, self.parts[self._behind() :], length)

    @cached_property
    def _only(self) -> tuple[Clause, ...]:
        return tuple(_written_out(self, self.parts, 0))

    @cached_property
    def _short(self) -> dict[int, tuple[Clause, ...]]:
        """Clauses for the lengths that occur again and again."""
        return {}

    def _behind(self) -> int:
        """Where the part after the list stands; without a list, all parts count as such."""
        return self.parts.index(self.members) + 1 if self.members else 0


def _choices(rule: Rule, length: int) -> Iterable[dict[str, int]]:
    """What the subscripts i and j stand for: nothing, each member, or each pair of members."""
    if not rule.members:
        return [{}]
    triples = [part for part in rule.parts if isinstance(part, Triple)] + list(rule.heads)
    subscripts = {stem_and_subscript(term)[1] for triple in triples for term in triple}
    numbers = range(1, length + 1)
    if "j" in subscripts:
        return [{"i": i, "j": j} for i, j in combinations(numbers, 2)]
    return [{"i": i} for i in numbers] if "i" in subscripts else [{}]


def _written_out(rule: Rule, parts: Sequence[Part], length: int) -> Iterator[Clause]:
    """The clauses of these parts of a rule, for each choice of members."""
    for chosen in _choices(rule, length):
        yield from _chosen(rule, parts, length, chosen)


def _chosen(rule: Rule, parts: Sequence[Part], length: int, chosen: dict[str, int]) -> Iterator[Clause]:
    numbers = {**chosen, "n": length, "n+1": length + 1} if rule.members else {}
    body: list[Triple] = []
    conditions = []
    for part in parts:
        if isinstance(part, Members):
            body += list_triples(part, length)
        elif isinstance(part, RepeatedAtom):
            body += [_numbered(part.first, {"1": k, "2": k + 1}) for k in range(1, length + 1)]
        elif isinstance(part, Condition):
            conditions.append(part)
        else:
            body.append(_numbered(part, numbers))
    sentence = {language: _numbered_text(text, numbers) for language, text in rule.sentence.items()}
    for head in rule.heads or (None,):
        yield Clause(rule.name, tuple(body), tuple(conditions), head and _numbered(head, numbers), sentence)


@lru_cache(256)
def list_triples(members: Members, length: int) -> tuple[Triple, ...]:
    """The triples of an RDF list (RDF 1.1 Schema, section 5.2) of `length` members."""
    nodes = [members.head, *(f"{members.head}/{k}" for k in range(2, length + 1)), v.NIL]
    triples = []
    for k in range(length):
        triples.append(Triple(nodes[k], v.FIRST, f"?{members.letter}{k + 1}"))
        triples.append(Triple(nodes[k], v.REST, nodes[k + 1]))
    return tuple(triples)


def list_axioms(rule: Rule, length: int) -> tuple[Triple, ...]:
    """The body up to and with the list; empty for a rule without one."""
    return (*rule.before_list, *list_triples(rule.members, length)) if rule.members else ()


_VARIABLE = re.compile(r"(\?[a-z])(n\+1|\d+|[ijn])?")


def stem_and_subscript(term: str) -> tuple[str, str]:
    """`?un+1` as `?u` and `n+1`; a term without subscript as itself and nothing."""
    match = _VARIABLE.fullmatch(term)
    return (match[1], match[2] or "") if match else (term, "")


def has_subscript(variable: str) -> bool:
    """Whether a variable of a rule with a list stands for one of several: `?ci`, `?un+1`."""
    return bool(stem_and_subscript(variable)[1])


def _numbered(triple: Triple, numbers: Mapping[str, int]) -> Triple:
    if not numbers:
        return triple

    def number(term: str) -> str:
        stem, subscript = stem_and_subscript(term)
        return f"{stem}{numbers[subscript]}" if subscript in numbers else term

    return Triple(*map(number, triple))


def _numbered_text(text: str, numbers: Mapping[str, int]) -> str:
    """The sentence of a clause: `{ci}` becomes `{c2}`."""
    for subscript, number in numbers.items():
        text = re.sub(rf"\{{([a-z]){re.escape(subscript)}\}}", rf"{{\g<1>{number}}}", text)
    return text


def is_variable(term: str) -> bool:
    """Whether a term of a rule is a variable."""
    return term[0] == "?"


def substitute(pattern: Triple, binding: Binding) -> Triple:
    """The pattern with its bound variables replaced."""
    s, p, o = pattern
    return Triple(binding.get(s, s), binding.get(p, p), binding.get(o, o))
