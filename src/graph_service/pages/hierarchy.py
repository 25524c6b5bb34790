"""A hierarchy as a tree for a page, although it need not be one: things with two broader ones, and circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_DEEPEST = 24


@dataclass(frozen=True)
class Branch:
    """A thing in a tree.

    Attributes:
        iri: of the thing.
        is_first: whether this is the place with what stands below it; false where it stands again.
        below: the branches below it.
    """

    iri: str
    is_first: bool
    below: Sequence[Branch]


def tree(children: Mapping[str, Sequence[str]], every: Iterable[str]) -> list[Branch]:
    """The branches at the top. Each thing has one place with what is below it, so a tree is as long as its hierarchy.

    What stands in circles only, or too deep for a page, stands at the top, behind the others.

    Args:
        children: the IRIs right below each; those at the top below the empty string.
        every: all IRIs, in the order of the page.
    """
    placed: set[str] = set()

    def branch(iri: str, depth: int) -> Branch:
        if iri in placed or depth == _DEEPEST:
            return Branch(iri, False, ())
        placed.add(iri)
        return Branch(iri, True, [branch(one, depth + 1) for one in children.get(iri, ())])

    tops = [branch(iri, 0) for iri in children.get("", ())]
    return tops + [branch(iri, 0) for iri in every if iri not in placed]
