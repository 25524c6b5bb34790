"""Kernels: each compiled clause as one Python set comprehension.

A clause such as `?x :partOf ?y & ?y :partOf ?z => ?x :partOf ?z` becomes, for new pairs of its first atom,

    {(v0, v2) for v0, v1 in new for v2 in r1(v1, ())}

where `r1` looks up an index. The text holds no term of the data: relations and constants come in as arguments, so
clauses of one shape share one function, and a large ontology compiles to some forty of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from graph_service.rdf.terms import Triple
from graph_service.reasoning.program import Key
from graph_service.reasoning.rules import Clause, is_variable
from graph_service.reasoning.vocabulary import SAME_AS

Access: TypeAlias = Literal["all", "has", "by_subject", "by_object"]


class AtomUse(NamedTuple):
    """How a kernel reads a relation: whole, by membership, or by an index."""

    key: Key
    access: Access


@dataclass(frozen=True)
class Kernel:
    """A clause, ready to run on new rows of one of its atoms.

    Attributes:
        run: takes the new rows, then what `uses` and `constants` name; gives the set of derived rows.
        uses: the relations it reads besides.
        constants: the terms it compares with or puts out.
        tests: the conditions it calls.
    """

    run: Callable[..., set[Any]]
    uses: tuple[AtomUse, ...]
    constants: tuple[str, ...]
    tests: tuple[str, ...]


class _Writer:
    """Writes the comprehension of a clause, atom by atom."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.bound: set[str] = set()
        self.text: list[str] = []
        self.uses: list[AtomUse] = []
        self.constants: list[str] = []

    def name(self, term: str) -> str:
        """The Python name of a variable or constant."""
        if term not in self.names:
            if is_variable(term):
                self.names[term] = f"v{len(self.names)}"
            else:
                self.names[term] = f"k{len(self.constants)}"
                self.constants.append(term)
                self.bound.add(term)
        return self.names[term]

    def loop(self, terms: Sequence[str], rows: str) -> None:
        """`for … in rows`, and what must be equal among the terms."""
        targets, checks = [], []
        for place, term in enumerate(terms):
            name = self.name(term)
            if term in self.bound:
                fresh = f"w{len(self.text)}_{place}"
                targets.append(fresh)
                checks.append(f"if {fresh} == {name}")
            else:
                targets.append(name)
                self.bound.add(term)
        self.text += [f"for {', '.join(targets)} in {rows}", *checks]

    def use(self, key: Key, access: Access) -> str:
        """The argument through which a relation is read."""
        self.uses.append(AtomUse(key, access))
        return f"r{len(self.uses) - 1}"

    def atom(self, key: Key, atom: Triple) -> None:
        """One more atom, joined with what is bound already."""
        for term in (atom.subject, atom.object):
            if not is_variable(term):
                self.name(term)
        subject, value = atom.subject in self.bound, atom.object in self.bound
        if key.value:
            if subject:
                self.text.append(f"if {self.name(atom.subject)} in {self.use(key, 'has')}")
            else:
                self.loop([atom.subject], self.use(key, "all"))
        elif subject and value:
            pair = f"({self.name(atom.subject)}, {self.name(atom.object)})"
            self.text.append(f"if {pair} in {self.use(key, 'has')}")
        elif subject:
            self.loop([atom.object], f"{self.use(key, 'by_subject')}({self.name(atom.subject)}, ())")
        elif value:
            self.loop([atom.subject], f"{self.use(key, 'by_object')}({self.name(atom.object)}, ())")
        else:
            self.loop([atom.subject, atom.object], self.use(key, "all"))


@lru_cache(maxsize=4096)
def kernel(clause: Clause, keys: tuple[Key, ...], first: int, output: tuple[str, ...]) -> Kernel:
    """The kernel of a clause that is driven by new rows of its atom number `first`.

    `keys` are the relations of the body's atoms, `output` the variables or terms of a result row.
    """
    writer = _Writer()
    atom, key = clause.body[first], keys[first]
    writer.loop([atom.subject] if key.value else [atom.subject, atom.object], "new")
    left = [k for k in range(len(clause.body)) if k != first]
    while left:
        following = max(left, key=lambda k: _boundness(clause.body[k], keys[k], writer.bound))
        left.remove(following)
        writer.atom(keys[following], clause.body[following])
    for number, condition in enumerate(clause.conditions):
        arguments = ", ".join(writer.name(argument) for argument in condition.arguments)
        writer.text.append(f"if c{number}({arguments})")
    if clause.head and clause.head.predicate == SAME_AS:
        writer.text.append(f"if {writer.name(output[0])} != {writer.name(output[1])}")
    row = ", ".join(writer.name(term) for term in output)
    row = f"({row})" if len(output) != 1 else row
    parameters = [f"r{n}" for n in range(len(writer.uses))]
    parameters += [f"k{n}" for n in range(len(writer.constants))]
    parameters += [f"c{n}" for n in range(len(clause.conditions))]
    run = _function(", ".join(["new", *parameters]), f"{{{row} {' '.join(writer.text)}}}")
    tests = tuple(condition.name for condition in clause.conditions)
    return Kernel(run, tuple(writer.uses), tuple(writer.constants), tests)


def _boundness(atom: Triple, key: Key, bound: set[str]) -> tuple[int, int]:
    terms = [atom.subject] if key.value else [atom.subject, atom.object]
    known = sum(term in bound or not is_variable(term) for term in terms)
    return known - len(terms), known


@cache
def _function(parameters: str, comprehension: str) -> Callable[..., set[Any]]:
    """The function of a comprehension; both texts are made of the names above and of nothing else."""
    if comprehension in ("{v0 for v0 in new}", "{(v0, v1) for v0, v1 in new}"):
        return _copy
    return eval(f"lambda {parameters}: {comprehension}")  # type: ignore[no-any-return]  # noqa: S307


def _copy(new: set[Any], *_: object) -> set[Any]:
    return new
