"""What rows rest on: place and digest of the passage, stated or inferred, and the page that stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from graph_service.http.mcp.inquiry import Inquiry

# Things that one answer asks evidence for: more rows than fit into it.
MOST = 200


@dataclass
class Evidence:
    """What one thing rests on.

    Attributes:
        passages: each with its digest, its document and its place there.
        is_inferred: whether its holder, proposition or agreement is.
    """

    passages: list[dict[str, Any]] = field(default_factory=list)
    is_inferred: bool = False


async def evidence(inquiry: Inquiry, iris: Iterable[str]) -> dict[str, Evidence]:
    """The evidence of those that are positions, relations or passages."""
    wanted = list(dict.fromkeys(iris))[:MOST]
    rows = await inquiry.rows("evidence", item=wanted) if wanted else []
    shown = {row[name]["value"] for row in rows for name in ("passage", "document") if name in row}
    labels = await inquiry.labels(shown)
    inferred = inquiry.edition.names.inferred_graph[1:-1]
    found: dict[str, Evidence] = {}
    for row in sorted(rows, key=lambda row: row["passage"]["value"] if "passage" in row else ""):
        one = found.setdefault(row["item"]["value"], Evidence())
        one.is_inferred = one.is_inferred or row["graph"]["value"] == inferred
        if "passage" in row:
            place, document = row["passage"]["value"], row["document"]["value"]
            quoted = {name: labels.text(iri, inquiry.language) for name, iri in (("place", place), ("in", document))}
            passage = {"sha256": row["sha256"]["value"] if "sha256" in row else None, "quoted": quoted}
            # One row for each graph.
            one.passages += [passage] if passage not in one.passages else []
    return found


def grounds(iri: str, found: dict[str, Evidence], inquiry: Inquiry) -> dict[str, Any]:
    """The fields of a row that say what it rests on."""
    one = found.get(iri, Evidence())
    basis = {"basis": "inferred" if one.is_inferred else "stated"} if iri in found else {}
    link = {"permalink": page} if (page := inquiry.page(iri)) else {}
    return {**basis, "passages": one.passages, **link}


def without_passage(iris: Collection[str], found: dict[str, Evidence], inquiry: Inquiry) -> list[str]:
    """A caveat that counts the positions whose place nobody recorded."""
    number = sum(1 for iri in iris if not found.get(iri, Evidence()).passages)
    return [inquiry.words["mcp.placeless"].format(number=number, total=len(iris))] if number else []
