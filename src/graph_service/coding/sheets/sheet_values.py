"""What the cells of a sheet hold: codes by their short names, but propositions by their texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph_service.coding import codes
from graph_service.coding.codebook import LISTS, Codebook
from graph_service.coding.paper_draft import PaperDraft
from graph_service.importing import ImportTarget


@dataclass(frozen=True)
class SheetValues:
    """The values of each column.

    Attributes:
        known: the codes of the graph and of the draft.
        language: of the texts of propositions.
    """

    known: Codebook
    language: str

    def of(self, column: str) -> Sequence[str]:
        """What a drop-down list of a column offers; nothing for a column of free text."""
        return sorted(self.shown(column, code.name) for code in self.known.codes(column))

    def shown(self, column: str, value: str) -> str:
        """A value as a sheet shows it: a proposition by its text, unless another has the same."""
        code = self.known.code(column, value) if LISTS.get(column) == "propositions" else None
        label = code.label(self.language) if code else value
        return label if self.short(column, label) == value else value

    def short(self, column: str, name: str) -> str:
        """The short name of what a cell names; the cell itself if nothing is known by it."""
        return self.known.find(column, name) or name.strip()


def of(graph: ImportTarget, draft: PaperDraft, language: str) -> SheetValues:
    """The values for a draft.

    Raises:
        SourceError: a file of the graph cannot be read.
    """
    return SheetValues(Codebook(codes.together(codes.read(graph), draft)), language)
