"""A table as an assistant gets it: short names, no label twice, and behind each row what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.http.mcp.answers import Answer
from graph_service.http.mcp.evidence import evidence, grounds
from graph_service.http.mcp.inquiry import Inquiry
from graph_service.rdf.answers import Value
from graph_service.views.tables import Table

# Ends the name of a column that has the labels of another one.
_LABEL = "_label"


async def table_answer(
    inquiry: Inquiry,
    link: str,
    table: Table,
    start: int,
    total: int,
    facts: dict[str, Any],
    *,
    is_cut: bool = False,
) -> Answer:
    """Rows of a query, each with the evidence of the positions, relations and passages in it.

    Args:
        inquiry: asks for the evidence.
        link: to the same answer.
        table: the rows that are shown.
        start: how many stand before them.
        total: how many there are.
        facts: what is said of the answer as a whole.
        is_cut: whether there are more than `total`.
    """
    table, names = _without_repeats(table), inquiry.edition.names
    owned = [[cell for cell in row if isinstance(cell, str) and names.owns(cell)] for row in table.rows]
    found = await evidence(inquiry, (iri for row in owned for iri in row))
    short = {iri: inquiry.short(iri) for row in owned for iri in row}
    written = []
    for row, iris in zip(table.rows, owned, strict=True):
        named = [iri for iri in dict.fromkeys(iris) if iri in found] or iris[:1]
        cells = [short[cell] if cell in iris else cell for cell in row]
        written.append([*cells, [{"of": short[iri], **grounds(iri, found, inquiry)} for iri in named]])
    words = inquiry.words
    caveats = [words["mcp.silence"], words["mcp.labels"]] if total else [words["mcp.nothing"]]
    caveats += [words["mcp.without-passages"]] if table.rows and not found else []
    facts = {**facts, "total": total, "columns": [*table.columns, "evidence"]}
    more = words["mcp.offset"]
    return Answer(link, written, "quoted_rows", total, is_cut, more, start, caveats, facts)


def _without_repeats(table: Table) -> Table:
    """The table without columns of labels that repeat another column, and without labels that were there before."""
    places = range(len(table.columns))
    labels = [place for place in places if table.columns[place].endswith(_LABEL)]
    repeated = {
        place
        for place in labels
        if any(all(row[place] == row[other] for row in table.rows) for other in places if other not in labels)
    }
    kept = [place for place in places if place not in repeated]
    seen: set[Value] = set()
    rows: list[Sequence[Value]] = []
    for row in table.rows:
        rows.append([None if place in labels and row[place] in seen else row[place] for place in kept])
        seen |= {row[place] for place in labels}
    return Table(tuple(table.columns[place] for place in kept), rows)
