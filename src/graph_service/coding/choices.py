"""What a coder can choose from: the short names of each column, and the texts of propositions.

The vocabularies of the graph, and what the draft itself brings along.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_service.building import sources
from graph_service.coding.paper_draft import PaperDraft
from graph_service.importing import ImportTarget, known
from graph_service.importing.known import Lexicon, slug
from graph_service.rdf.namespaces import Names

_AGREEMENTS = ("1", "0", "-1")
# The list or the kind of thing that the values of a column belong to.
_LISTS = {
    "issue": "issues", "fit": "fits", "stance": "verbs", "kind": "position-kinds", "strength": "strengths",
    "target_group": "target-groups", "source_kind": "source-kinds", "caution": "cautions",
}  # fmt: skip
_THINGS = {
    "actor": "actors", "addressee": "actors", "proposition": "propositions", "nearest_proposition": "propositions",
    "instrument": "instruments",
}  # fmt: skip
_NAMING = ("label_de", "label_en", "text_de", "text_en", "name_de", "name_en")


@dataclass(frozen=True)
class Choices:
    """The values of each column.

    Attributes:
        values: short names in order, by list or kind of thing.
        names: short name by any name in any case, by list or kind of thing; ambiguous names are absent.
        texts: text of a proposition in the language of the sheet, by short name.
    """

    values: Mapping[str, Sequence[str]]
    names: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, str]

    def of(self, column: str) -> Sequence[str]:
        """What a drop-down list of a column offers; nothing for a column of free text."""
        if column == "agreement":
            return _AGREEMENTS
        kind = _kind(column)
        if kind == "propositions":
            return sorted(self.shown(column, value) for value in self.values[kind])
        return self.values.get(kind, ())

    def shown(self, column: str, value: str) -> str:
        """A value as a sheet shows it: a proposition by its text, unless another has the same."""
        text = self.texts.get(value, "") if _kind(column) == "propositions" else ""
        return text if text and self.short(column, text) == value else value

    def short(self, column: str, name: str) -> str:
        """The short name of what a cell names; the cell itself if nothing is known by it."""
        return self.names.get(_kind(column), {}).get(name.strip().casefold(), name.strip())


def of(graph: ImportTarget, draft: PaperDraft, language: str) -> Choices:
    """The choices for a draft.

    Raises:
        SourceError: a file of the graph cannot be read.
    """
    names = Names(graph.base)
    found = known.read(sources.discover(graph.ontology, graph.data, names), names)
    things = {"actors": found.actors, "propositions": found.propositions, "instruments": found.instruments}
    lexicons = {scheme: found.concepts(scheme) for scheme in _LISTS.values()} | things
    by_name = {kind: _unambiguous(lexicon) for kind, lexicon in lexicons.items()}
    members = {kind: set().union(*lexicon.names.values()) for kind, lexicon in lexicons.items()}
    values = {kind: {slug(term) for term in terms} for kind, terms in members.items()}
    labels = {slug(term): found.labels.get(term, {}) for term in members["propositions"]}
    texts = {name: label.get(language) or next(iter(label.values()), "") for name, label in labels.items()}
    for table, rows in draft.tables.items():
        for cells in rows:
            kind, name = cells.get("scheme", table), cells.get("id", "")
            values.setdefault(kind, set()).add(name)
            own = {cells[column].strip().casefold(): name for column in _NAMING if cells.get(column)}
            by_name.setdefault(kind, {}).update({name: name} | own)
            if table == "propositions":
                texts[name] = cells.get(f"text_{language}") or cells.get("text_de") or cells.get("text_en") or ""
    return Choices({kind: sorted(found) for kind, found in values.items()}, by_name, texts)


def _kind(column: str) -> str:
    return _LISTS.get(column) or _THINGS.get(column, "")


def _unambiguous(lexicon: Lexicon) -> dict[str, str]:
    return {name: slug(next(iter(terms))) for name, terms in lexicon.names.items() if len(terms) == 1}
