"""Notation: reading the table of rules.

It is that of the W3C tables and is explained at the head of `owl2rl.rules`; a publisher's own rules are written the
same way, with `PREFIX name: <IRI>` lines before them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from graph_service.errors import Location, SourceError
from graph_service.rdf.terms import Term, Triple
from graph_service.reasoning import vocabulary as v
from graph_service.reasoning.rules import Condition, Members, Part, RepeatedAtom, Rule, is_variable, stem_and_subscript


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
    return tuple(parse(path.read_text(encoding="utf-8-sig"), path))


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
                f"This is not a rule ({error}).", where=Location(path, number), hint="Write it as: name: body => head"
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
            yield RepeatedAtom(_triple(atom, prefixes))
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
        return Members(arguments[0], stem_and_subscript(arguments[1])[0].removeprefix("?"))
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
