"""From election to election: what the texts for each legislature say, of one actor or on one proposition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graph_service.http.pages.passages import anchor
from graph_service.http.pages.positions import STANCES
from graph_service.http.pages.shown import Show
from graph_service.http.pages.standings import SIGNS
from graph_service.http.pages.visit import Visit
from graph_service.rdf.answers import Row


@dataclass(frozen=True)
class ElectionEntry:
    """What a text says: a position, or nothing.

    Attributes:
        document: IRI of the text.
        stance: `for`, `mixed`, `against`; `none` where it was searched and nothing found.
        is_partial: whether it meets the proposition only in part.
        passage: IRI of the passage, empty where none is known.
        position: IRI, empty where nothing was found.
    """

    document: str
    stance: str
    is_partial: bool = False
    passage: str = ""
    position: str = ""

    @property
    def sign(self) -> str:
        """The sign of its stance."""
        return SIGNS[self.stance]

    def address(self, show: Show) -> str:
        """Of its passage on the page of the document, of the position where that has none, or of the document."""
        if self.passage:
            return f"{show.href(self.document)}#{anchor(show, self.passage)}"
        return show.href(self.position or self.document)


@dataclass
class ElectionTable:
    """Texts by legislature.

    Attributes:
        legislatures: in the order of time.
        rows: entries by proposition or actor, in the order of names, and by legislature; only those that say something
            somewhere.
    """

    legislatures: Sequence[str] = ()
    rows: Mapping[str, Mapping[str, Sequence[ElectionEntry]]] = field(default_factory=dict)


async def elections(visit: Visit, by: str, **given: str) -> ElectionTable:
    """The table; empty where there are texts for fewer than two legislatures.

    Args:
        visit: asks.
        by: what its rows are, `actor` or `proposition`.
        given: IRI of the other.

    Raises:
        QueryError: the store did not answer.
    """
    rows = await visit.rows("elections", **{name: [iri] for name, iri in given.items()})
    found: dict[str, dict[str, dict[str, ElectionEntry]]] = {}
    for row in rows:
        cells = found.setdefault(row[by]["value"], {})
        entry = _entry(row)
        cells.setdefault(row["legislature"]["value"], {})[entry.position or entry.document] = entry
    spoken = [
        iri
        for iri, cells in found.items()
        if any(one.position for entries in cells.values() for one in entries.values())
    ]
    legislatures = sorted({legislature for iri in spoken for legislature in found[iri]})
    if len(legislatures) < 2:
        return ElectionTable()
    await visit.label(spoken)
    return ElectionTable(legislatures, {iri: _in_order(found[iri]) for iri in visit.by_name(spoken)})


def _in_order(cells: Mapping[str, Mapping[str, ElectionEntry]]) -> dict[str, list[ElectionEntry]]:
    return {legislature: [entries[key] for key in sorted(entries)] for legislature, entries in cells.items()}


def _entry(row: Row) -> ElectionEntry:
    cells = {name: binding["value"] for name, binding in row.items()}
    if "position" not in cells:
        return ElectionEntry(cells["document"], "none")
    stance = STANCES[cells["agreement"]]
    is_partial = cells["reason"] == "partial"
    return ElectionEntry(cells["document"], stance, is_partial, cells.get("passage", ""), cells["position"])
