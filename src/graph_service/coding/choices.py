"""What a coder can choose from in a sheet: the codebook of the graph, and what the draft itself brings along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_service.coding import codebook
from graph_service.coding.codebook import Codebook
from graph_service.coding.paper_draft import PaperDraft
from graph_service.importing import ImportTarget

# The tables and lists of a sheet under the names that the codebook has for them.
_LISTS = {"actors": "Actor", "propositions": "Proposition", "instruments": "Instrument"}
_NAMING = ("label_de", "label_en", "text_de", "text_en", "name_de", "name_en")


@dataclass(frozen=True)
class Choices:
    """The values of each column.

    Attributes:
        known: the codes of the graph.
        own: rows that the draft brings along, by list of the codebook and short name.
        language: of the texts of propositions.
    """

    known: Codebook
    own: Mapping[str, Mapping[str, Mapping[str, str]]]
    language: str

    def of(self, column: str) -> Sequence[str]:
        """What a drop-down list of a column offers; nothing for a column of free text."""
        names = {code.name for code in self.known.codes(column)} | self._own(column).keys()
        return sorted(self.shown(column, name) for name in names)

    def shown(self, column: str, value: str) -> str:
        """A value as a sheet shows it: a proposition by its text, unless another has the same."""
        if codebook.LISTS.get(column) != "Proposition":
            return value
        code, cells = self.known.code(column, value), self._own(column).get(value, {})
        label = cells.get(f"text_{self.language}") or (code.label(self.language) if code else "")
        return label if label and self.short(column, label) == value else value

    def short(self, column: str, name: str) -> str:
        """The short name of what a cell names; the cell itself if nothing is known by it."""
        wanted = name.strip().casefold()
        for short, cells in self._own(column).items():
            if wanted in (short, *(cells.get(part, "").casefold() for part in _NAMING)):
                return short
        return self.known.find(column, name) or name.strip()

    def _own(self, column: str) -> Mapping[str, Mapping[str, str]]:
        return self.own.get(codebook.LISTS.get(column, ""), {})


def of(graph: ImportTarget, draft: PaperDraft, language: str) -> Choices:
    """The choices for a draft.

    Raises:
        SourceError: a file of the graph cannot be read.
    """
    own: dict[str, dict[str, dict[str, str]]] = {}
    for table, rows in draft.tables.items():
        for cells in rows:
            name = cells.get("scheme", table)
            own.setdefault(_LISTS.get(name, name), {})[cells.get("id", "")] = cells
    return Choices(codebook.read(graph), own, language)
