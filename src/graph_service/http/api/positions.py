"""Positions, cells and references as JSON with labels, and as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.http.web.call import Call
from graph_service.rdf.answers import Value
from graph_service.views.comparing.coded_positions import Position
from graph_service.views.comparing.comparison import Cell
from graph_service.views.labels import Labels

CELL_COLUMNS = (
    "actor", "actor_label", "proposition", "proposition_label", "status", "agreement", "count", "positions",
    "from", "to", "date_as_given",
)  # fmt: skip
POSITION_COLUMNS = (
    "from", "to", "date_as_given", "position", "agreement", "actor", "actor_label", "proposition", "proposition_label",
    "document", "document_label", "source_kind", "source_kind_label", "text", "cautions",
)  # fmt: skip

DAYS = frozenset({"from", "to"})


def referred(iri: str, labels: Labels, call: Call) -> dict[str, str]:
    """An IRI with its label."""
    return {"id": iri, "label": labels.text(iri, call.language)}


def shown_by(positions: Sequence[Position]) -> set[str]:
    """The IRIs that an answer shows for positions."""
    return {
        iri
        for position in positions
        for iri in (
            position.actor,
            position.proposition,
            position.document,
            position.verb,
            position.source_kind,
            *position.kinds,
            *position.cautions,
            *position.passages,
        )
        if iri
    }


def position_json(position: Position, labels: Labels, call: Call) -> dict[str, Any]:
    """A position as JSON, with labels."""
    described = position.as_json(call.language)
    for name in ("verb", "document", "source_kind"):
        described[name] = referred(described[name], labels, call) if described[name] else None
    for name in ("kinds", "passages", "cautions"):
        described[name] = [referred(iri, labels, call) for iri in described[name]]
    return described


def cell_json(cell: Cell, labels: Labels, call: Call) -> dict[str, Any]:
    """A cell as JSON, with its positions."""
    return {
        "actor": cell.actor,
        "status": cell.status,
        "agreement": cell.agreement,
        "positions": [position_json(position, labels, call) for position in cell.positions],
        "left_out": [{"id": position.iri, "reason": reason} for reason, position in cell.left_out],
        "searched": [referred(document, labels, call) for document in cell.searched],
    }


def cell_row(cell: Cell, labels: Labels, call: Call) -> list[Value]:
    """A cell as a row of `CELL_COLUMNS`."""
    return [
        cell.actor,
        labels.text(cell.actor, call.language),
        cell.proposition,
        labels.text(cell.proposition, call.language),
        cell.status.value,
        cell.agreement,
        len(cell.positions),
        " | ".join(position.iri for position in cell.positions) or None,
        min((position.since for position in cell.positions if position.since), default=None),
        max((position.until for position in cell.positions if position.until), default=None),
        " | ".join(dict.fromkeys(position.as_given for position in cell.positions if position.as_given)) or None,
    ]


def position_row(position: Position, labels: Labels, call: Call) -> list[Value]:
    """A position as a row of `POSITION_COLUMNS`."""
    described = position.as_json(call.language)
    named = (position.actor, position.proposition, position.document, position.source_kind)
    labelled = [cell for iri in named for cell in (iri or None, labels.text(iri, call.language) if iri else None)]
    cautions = " | ".join(labels.text(iri, call.language) for iri in sorted(position.cautions)) or None
    return [
        described["from"],
        described["to"],
        described["date_as_given"],
        position.iri,
        position.agreement,
        *labelled,
        described["text"],
        cautions,
    ]
