"""Identifiers for other programs: the same for the same thing in every export (RFC 9562, section 5.5)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from graph_service.coding.paper_draft import DraftPosition, PaperDraft

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://w3id.org/migration-policy/exchange")


def of(*names: str) -> str:
    """The UUID of a thing by its kind and names."""
    return str(uuid.uuid5(_NAMESPACE, "\0".join(names)))


def of_position(draft: PaperDraft, position: DraftPosition) -> str:
    """The UUID of a position: paper, coder and its id, so that it stays when codes or ranges change."""
    return of("position", draft.paper, draft.coder, position.id)


def positions(drafts: Iterable[PaperDraft]) -> dict[str, str]:
    """The ids of positions by their UUIDs."""
    return {of_position(draft, position): position.id for draft in drafts for position in draft.positions}


def normal(guid: str) -> str:
    """A UUID as programs write it, with braces, in capitals or as an URN, in our spelling."""
    return guid.strip().strip("{}").casefold().removeprefix("urn:uuid:")
