"""The checker: whether a proof is valid, independent of the code that found it.

It knows nothing of how closures are computed or proofs are found. It reads the rule table, and accepts a proof if
every leaf is a stated triple, every inference is an instance of the rule it names, every premise is a leaf or was
concluded before it is used (so nothing rests on itself), and the last word is the conclusion.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from graph_service.errors import GraphServiceError
from graph_service.rdf.datatypes import same
from graph_service.rdf.terms import Term, Triple
from graph_service.reasoning.conditions import holds
from graph_service.reasoning.notation import owl2rl
from graph_service.reasoning.rules import Clause, Rule


class ProofRejected(GraphServiceError):
    """A proof does not prove what it says."""


class CheckedInference(Protocol):
    """One use of a rule; the conclusion None is false."""

    @property
    def rule(self) -> str:
        """Its W3C name."""

    @property
    def premises(self) -> tuple[Triple, ...]:
        """The triples of its body, in the order of the table."""

    @property
    def conclusion(self) -> Triple | None:
        """What follows."""


class CheckedProof(Protocol):
    """What is checked."""

    @property
    def conclusion(self) -> Triple | None:
        """What is proved."""

    @property
    def inferences(self) -> Sequence[CheckedInference]:
        """The uses of rules, each after those that prove its premises."""

    @property
    def stated(self) -> Mapping[Triple, Collection[Term]]:
        """The leaves, with the graphs that the proof names for them."""


def check(
    proof: CheckedProof, graphs: Callable[[Triple], Collection[Term]], rules: Iterable[Rule] | None = None
) -> None:
    """Accept a proof by returning.

    Args:
        proof: what is checked.
        graphs: the named graphs in which a triple is stated; none if it is not.
        rules: the rules that may be used; OWL 2 RL if not given.

    Raises:
        ProofRejected: it says which leaf or inference is wrong.
    """
    table: dict[str, list[Rule]] = {}
    for rule in owl2rl() if rules is None else rules:
        table.setdefault(rule.name, []).append(rule)
    known: set[Triple | None] = set()
    for leaf, claimed in proof.stated.items():
        if not claimed or not set(claimed) <= set(graphs(leaf)):
            raise ProofRejected(f"This leaf is not stated where the proof says: {leaf}")
        known.add(leaf)
    for inference in proof.inferences:
        for premise in inference.premises:
            if premise not in known:
                raise ProofRejected(f"This premise is used before it is proved: {premise}")
        if not any(_permits(rule, inference) for rule in table.get(inference.rule, ())):
            raise ProofRejected(f"{inference.rule} does not permit to conclude: {inference.conclusion}")
        known.add(inference.conclusion)
    if proof.conclusion not in known:
        raise ProofRejected(f"The proof ends without proving: {proof.conclusion}")


def _permits(rule: Rule, inference: CheckedInference) -> bool:
    """Whether the inference is an instance of the rule, for some length of its list."""
    lengths = range(1, len(inference.premises) // 2 + 1) if rule.members else [0]
    return any(
        _is_instance(clause, inference)
        for length in lengths
        for clause in rule.clauses(length)
        if len(clause.body) == len(inference.premises)
    )


def _is_instance(clause: Clause, inference: CheckedInference) -> bool:
    if (clause.head is None) != (inference.conclusion is None):
        return False
    patterns, triples = list(clause.body), list(inference.premises)
    if clause.head is not None and inference.conclusion is not None:
        patterns.append(clause.head)
        triples.append(inference.conclusion)
    binding: dict[str, Term] = {}
    for pattern, triple in zip(patterns, triples, strict=True):
        for wanted, found in zip(pattern, triple, strict=True):
            if wanted.startswith("?"):
                if binding.setdefault(wanted, found) != found:
                    return False
            elif wanted != found and not _same_value(wanted, found):
                return False
    return all(holds(condition, binding) for condition in clause.conditions)


def _same_value(wanted: Term, found: Term) -> bool:
    """Whether a literal of the table is written in another spelling of its value (`dt-eq`)."""
    return wanted.startswith('"') and found.startswith('"') and same(wanted, found)


class _Step(NamedTuple):
    rule: str
    premises: tuple[Triple, ...]
    conclusion: Triple | None


class Document(NamedTuple):
    """A proof read back from its published JSON."""

    conclusion: Triple | None
    inferences: tuple[_Step, ...]
    stated: dict[Triple, tuple[Term, ...]]


def read(document: Mapping[str, Any]) -> Document:
    """The proof in a JSON document, as `rendering.as_json` writes it.

    Raises:
        ProofRejected: the document has another shape.
    """
    try:
        nodes = {node["id"]: _triple(node["triple"]) for node in document["nodes"]}
        steps = tuple(
            _Step(str(node["rule"]), tuple(_known(nodes[k]) for k in node["premises"]), nodes[node["id"]])
            for node in document["nodes"]
            if "rule" in node
        )
        leaves = {_known(nodes[n["id"]]): tuple(map(str, n["graphs"])) for n in document["nodes"] if "graphs" in n}
        return Document(nodes[document["conclusion"]], steps, leaves)
    except (KeyError, TypeError, ValueError) as error:
        raise ProofRejected(f"The document is not a proof: {error!r}.") from error


def _triple(terms: Mapping[str, str] | None) -> Triple | None:
    if terms is None:
        return None
    triple = Triple(terms["s"], terms["p"], terms["o"])
    if not all(isinstance(term, str) for term in triple):
        raise ValueError("a term is a text")
    return triple


def _known(triple: Triple | None) -> Triple:
    if triple is None:
        raise ValueError("false is not a premise")
    return triple
