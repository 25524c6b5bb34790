"""From election to election: what the texts for each legislature say, of one actor or on one proposition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TypeAlias

from markupsafe import Markup, escape

from graph_service.pages.shown import Show
from graph_service.pages.stances.passages import anchor
from graph_service.pages.stances.positions import STANCES
from graph_service.pages.stances.standings import SIGNS
from graph_service.pages.visit import Visit
from graph_service.rdf.answers import Row

_LINK = Markup('<a class="stance" data-stance="%s" href="%s">%s<span class="hidden"> %s%s</span></a>')


@dataclass(frozen=True)
class ElectionEntry:
    """What a text says: a position, or nothing.

    Attributes:
        document: IRI of the text.
        stance: `for`, `mixed`, `against`; `none` where it was searched and nothing found.
        is_partial: whether it meets the proposition only in part.
        anchor: of its passage on the page of the document, empty where no passage is known.
        position: IRI, empty where nothing was found.
    """

    document: str
    stance: str
    is_partial: bool = False
    anchor: str = ""
    position: str = ""

    def html(self, show: Show, words: Mapping[str, str], kept: dict[str, Markup]) -> Markup:
        """Its sign, linked, in parentheses where it meets the proposition in part; `kept` has those written before."""
        key = self.position or self.document
        if key not in kept:
            kept[key] = self._written(show, words)
        return kept[key]

    def _written(self, show: Show, words: Mapping[str, str]) -> Markup:
        sign = f"({SIGNS[self.stance]})" if self.is_partial else SIGNS[self.stance]
        partly = f", {words['elections.partial']}" if self.is_partial else ""
        return _LINK % (self.stance, self.address(show), sign, words[f"stance.{self.stance}"], partly)

    def address(self, show: Show) -> str:
        """Of its passage on the page of the document, of the position where that has none, or of the document."""
        if self.anchor:
            return f"{show.href(self.document)}#{self.anchor}"
        return show.href(self.position or self.document)


# Entries by proposition or actor and by legislature.
_Rows: TypeAlias = dict[str, dict[str, list[ElectionEntry]]]


@dataclass
class ElectionTable:
    """Texts by legislature.

    Attributes:
        legislatures: in the order of time.
        rows: entries by proposition or actor, in the order of names, and by legislature; only those that say something
            somewhere.
    """

    legislatures: Sequence[str] = ()
    rows: _Rows = field(default_factory=dict)

    def cells(self, row: str, show: Show, words: Mapping[str, str]) -> Markup:
        """The cells of a row, as HTML: a table has a few hundred, for which a template takes four times as long."""
        found, kept = self.rows[row], show.kept("elections")
        written = [
            f'<td data-head="{head}">{"".join([entry.html(show, words, kept) for entry in found.get(one, ())])}</td>'
            for one, head in self._heads
        ]
        return Markup("".join(written))  # noqa: S704 - each part is escaped

    @cached_property
    def _heads(self) -> list[tuple[str, Markup]]:
        return [(one, escape(one)) for one in self.legislatures]


class _Memory:
    """What is kept for a data set: what its texts for legislatures say, by actor and by proposition."""

    def __init__(self) -> None:
        self.by: dict[str, dict[str, _Rows]] | None = None


async def elections(visit: Visit, by: str, iri: str) -> ElectionTable:
    """The table; empty where there are texts for fewer than two legislatures.

    Args:
        visit: asks.
        by: what its rows are, `actor` or `proposition`.
        iri: of the other.

    Raises:
        QueryError: the store did not answer.
    """
    memory = visit.edition.remembered("elections", _Memory)
    if memory.by is None:
        memory.by = _read(await visit.rows("elections"), visit.show)
    found = memory.by[by].get(iri, {})
    spoken = [one for one, cells in found.items() if any(entry.position for entry in chain(*cells.values()))]
    legislatures = sorted({legislature for one in spoken for legislature in found[one]})
    if len(legislatures) < 2:
        return ElectionTable()
    await visit.label(spoken)
    return ElectionTable(legislatures, {one: found[one] for one in visit.by_name(spoken)})


def _read(rows: Iterable[Row], show: Show) -> dict[str, dict[str, _Rows]]:
    entries: dict[tuple[str, str, str, str], ElectionEntry] = {}
    for row in rows:
        actor, proposition, legislature = (row[name]["value"] for name in ("actor", "proposition", "legislature"))
        entry = _entry(row, show)
        # A position in two passages is one.
        entries[actor, proposition, legislature, entry.position or entry.document] = entry
    found: dict[str, dict[str, _Rows]] = {"actor": {}, "proposition": {}}
    for (actor, proposition, legislature, _), entry in sorted(entries.items()):
        for by, one, other in (("actor", proposition, actor), ("proposition", actor, proposition)):
            found[by].setdefault(one, {}).setdefault(other, {}).setdefault(legislature, []).append(entry)
    return found


def _entry(row: Row, show: Show) -> ElectionEntry:
    cells = {name: binding["value"] for name, binding in row.items()}
    if "position" not in cells:
        return ElectionEntry(cells["document"], "none")
    stance = STANCES[cells["agreement"]]
    is_partial = cells["reason"] == "partial"
    place = anchor(show, cells["passage"]) if "passage" in cells else ""
    return ElectionEntry(cells["document"], stance, is_partial, place, cells["position"])
