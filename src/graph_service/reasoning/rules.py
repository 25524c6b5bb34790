"""Rules: reading the table that closure, contradictions, proofs and checker share.

The notation is that of the W3C tables and is explained at the head of `owl2rl.rules`; a publisher's own rules
are written the same way, with `PREFIX name: <IRI>` lines before them. A rule over a list stands for one clause for
each length of the list and each choice of members: `Rule.clauses(n)` writes those out, so that nothing behind
this module knows lists or subscripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import NamedTuple, TypeAlias

from graph_service.errors import Location, SourceError
from graph_service.reasoning import vocabulary as v
from graph_service.terms import Term, Triple

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


class Each(NamedTuple):
    """`A1 & ... & An`: an atom that is repeated for each member of the list."""

    first: Triple


Part: TypeAlias = Triple | Condition | Members | Each


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
    subscripts = {_subscript(term)[1] for triple in triples for term in triple}
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
        elif isinstance(part, Each):
            body += [_numbered(part.first, {"1": k, "2": k + 1}) for k in range(1, length + 1)]
        elif isinstance(part, Condition):
            conditions.append(part)
        else:
            body.append(_numbered(part, numbers))
    sentence = {language: _numbered_text(text, numbers) for language, text in rule.sentence.items()}
    for head in rule.heads or (None,):
        yield Clause(rule.name, tuple(body), tuple(conditions), head and _numbered(head, numbers), sentence)


def list_triples(members: Members, length: int) -> list[Triple]:
    """The triples of an RDF list (RDF 1.1 Schema, section 5.2) of `length` members."""
    nodes = [members.head, *(f"{members.head}/{k}" for k in range(2, length + 1)), v.NIL]
    triples = []
    for k in range(length):
        triples.append(Triple(nodes[k], v.FIRST, f"?{members.letter}{k + 1}"))
        triples.append(Triple(nodes[k], v.REST, nodes[k + 1]))
    return triples


def list_axioms(rule: Rule, length: int) -> tuple[Triple, ...]:
    """The body up to and with the list; empty for a rule without one."""
    return (*rule.before_list, *list_triples(rule.members, length)) if rule.members else ()


_VARIABLE = re.compile(r"(\?[a-z])(n\+1|\d+|[ijn])?")


def _subscript(term: str) -> tuple[str, str]:
    match = _VARIABLE.fullmatch(term)
    return (match[1], match[2] or "") if match else (term, "")


def has_subscript(variable: str) -> bool:
    """Whether a variable of a rule with a list stands for one of several: `?ci`, `?un+1`."""
    return bool(_subscript(variable)[1])


def _numbered(triple: Triple, numbers: Mapping[str, int]) -> Triple:
    if not numbers:
        return triple

    def number(term: str) -> str:
        stem, subscript = _subscript(term)
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


@cache
def owl2rl() -> tuple[Rule, ...]:
    """The rules of OWL 2 RL/RDF."""
    table = files(__package__) / "owl2rl.rules"
    return tuple(parse(table.read_text(encoding="utf-8"), Path(table.name)))


def load(path: Path) -> tuple[Rule, ...]:
    """The rules of a publisher's own file, in the same notation.

    Raises:
        SourceError: a line is no rule; the error names it.
    """
    return tuple(parse(path.read_text(encoding="utf-8"), path))


def parse(text: str, path: Path) -> Iterator[Rule]:
    """Read a table of rules; `path` is for error messages.

    Raises:
        SourceError: a line is no rule.
    """
    prefixes = dict(v.PREFIXES)
    rule: Rule | None = None
    for number, line in enumerate(text.splitlines(), 1):
        try:
            if not line.strip() or line.startswith("#"):
                continue
            if line.startswith("PREFIX "):
                name, iri = line.split()[1:]
                prefixes[name.removesuffix(":")] = iri.strip("<>")
            elif line.startswith(" ") and rule:
                language, sentence = line.strip().split(": ", 1)
                rule = Rule(rule.name, rule.parts, rule.heads, {**rule.sentence, language: sentence})
            else:
                if rule:
                    yield rule
                rule = _rule(line, prefixes)
        except (ValueError, KeyError, StopIteration) as error:
            raise SourceError(
                f"This is no rule ({error}).", where=Location(path, number), mend="Write it as: name: body => head"
            ) from error
    if rule:
        yield rule


def _rule(line: str, prefixes: Mapping[str, str]) -> Rule:
    name, _, rest = line.partition(": ")
    body, arrow, head = rest.partition("=>")
    if not arrow or not head.strip():
        raise ValueError("there is no '=>' with a head behind it")
    heads = [] if head.strip() == "false" else [_triple(atom, prefixes) for atom in head.split(" & ")]
    atoms = [] if body.strip() == "true" else [atom.strip() for atom in body.split(" & ")]
    rule = Rule(name.strip(), tuple(_parts(atoms, prefixes)), tuple(heads))
    _check_bound(rule)
    return rule


def _parts(atoms: list[str], prefixes: Mapping[str, str]) -> Iterator[Part]:
    position = 0
    while position < len(atoms):
        atom = atoms[position]
        if position + 2 < len(atoms) and atoms[position + 1] == "...":
            yield Each(_triple(atom, prefixes))
            position += 2
        elif atom.endswith("]"):
            yield _bracketed(atom)
        else:
            yield _triple(atom, prefixes)
        position += 1


def _bracketed(atom: str) -> Members | Condition:
    name, _, inside = atom.removesuffix("]").partition("[")
    arguments = tuple(argument.strip() for argument in inside.split(","))
    if name == "LIST":
        return Members(arguments[0], _subscript(arguments[1])[0].removeprefix("?"))
    return Condition(name, arguments)


def _triple(atom: str, prefixes: Mapping[str, str]) -> Triple:
    terms = atom.split()
    if len(terms) != 3:
        raise ValueError(f"{atom.strip()!r} has {len(terms)} terms, not three")
    return Triple(*(_term(term, prefixes) for term in terms))


def _term(text: str, prefixes: Mapping[str, str]) -> Term:
    if text == "a":
        return v.TYPE
    if text.startswith(("?", "<")):
        return text
    if text.startswith('"'):
        lexical, _, datatype = text.partition("^^")
        return f"{lexical}^^{_term(datatype, prefixes)}" if datatype else lexical
    prefix, colon, local = text.partition(":")
    if not colon or prefix not in prefixes:
        raise ValueError(f"{text!r} is neither variable, IRI, literal nor prefixed name")
    return f"<{prefixes[prefix]}{local}>"


def _check_bound(rule: Rule) -> None:
    """Every variable of the head must occur in the body: OWL 2 RL makes up no new nodes."""
    for clause in rule.clauses(2):
        bound = {term for triple in clause.body for term in triple}
        bound.update(term for condition in clause.conditions for term in condition.arguments)
        loose = [term for term in clause.head or () if is_variable(term) and term not in bound]
        if loose:
            raise ValueError(f"{loose[0]} stands in the head only")
