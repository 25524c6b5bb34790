"""The codebook: which codes each column of a coding sheet may hold."""

from __future__ import annotations

from collections.abc import Mapping

from graph_service.coding import codes
from graph_service.coding.codes import Code, Lists
from graph_service.importing import ImportTarget

# The list that a column of a position is chosen from; any other holds text.
LISTS: Mapping[str, str] = {
    "proposition": "propositions",
    "nearest_proposition": "propositions",
    "issue": "issues",
    "agreement": "agreements",
    "fit": "fits",
    "stance": "verbs",
    "kind": "position-kinds",
    "strength": "strengths",
    "target_group": "target-groups",
    "actor": "actors",
    "addressee": "actors",
    "instrument": "instruments",
    "source_kind": "source-kinds",
    "caution": "cautions",
}


class Codebook:
    """All codes by column and short name."""

    def __init__(self, lists: Lists) -> None:
        self._codes = {column: {code.name: code for code in lists.get(name, ())} for column, name in LISTS.items()}
        self._named: dict[str, dict[str, set[str]]] = {column: {} for column in LISTS}
        for column, members in self._codes.items():
            for code in members.values():
                for name in (code.name, *code.labels.values(), *code.further):
                    self._named[column].setdefault(name.strip().casefold(), set()).add(code.name)

    def codes(self, column: str) -> tuple[Code, ...]:
        """The codes of a column, by short name; none if it is not a column of codes."""
        return tuple(code for _, code in sorted(self._codes.get(column, {}).items()))

    def code(self, column: str, name: str) -> Code | None:
        """The code of a short name."""
        return self._codes.get(column, {}).get(name)

    def find(self, column: str, name: str) -> str:
        """The short name of the code that is called so, in any case; empty if there is none or more than one."""
        found = self._named.get(column, {}).get(name.strip().casefold(), set())
        return next(iter(found)) if len(found) == 1 else ""


def read(graph: ImportTarget) -> Codebook:
    """The codebook of a graph.

    Raises:
        SourceError: a file of ontology or data cannot be read.
    """
    return Codebook(codes.read(graph))
