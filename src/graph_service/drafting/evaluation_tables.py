"""The figures of an evaluation as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_service.drafting.hits import AT, Hits
from graph_service.drafting.passages_found import DocumentFound


def of_hits(measured: Mapping[str, Hits]) -> str:
    """A table with two rows for each collection."""
    heads = ["collection", "passages", "documents", "propositions", "by", *(f"hit@{at}" for at in AT), "CPU ms"]
    rows = []
    for name, hits in measured.items():
        counts = [name, str(hits.passages), str(hits.documents), str(hits.propositions)]
        rows.append([*counts, "most frequent", *map(_share, hits.most_frequent), ""])
        rows.append(["", "", "", "", "suggested", *map(_share, hits.suggested), f"{hits.milliseconds:.1f}"])
    return _table(heads, rows)


def of_passages(documents: Sequence[DocumentFound]) -> str:
    """A table of the documents that cues and limits were tuned on, of the others, and of all."""
    ordered = sorted(documents, key=lambda one: one.file)
    parts = {"tuned on": ordered[1::2], "not tuned on": ordered[::2], "all": ordered}
    heads = [
        "documents",
        "number",
        "coded",
        "found",
        "recall",
        "proposed",
        "precision",
        "again",
        "not",
        "wrong",
        "s a page",
    ]
    return _table(heads, [_row(name, part) for name, part in parts.items() if part])


def _row(name: str, part: Sequence[DocumentFound]) -> list[str]:
    coded, found = sum(one.coded for one in part), sum(one.found for one in part)
    proposed, right = sum(one.proposed for one in part), sum(one.right for one in part)
    again = [sum(one.again[number] for one in part) for number in range(3)]
    seconds = sum(one.seconds for one in part) / sum(one.pages for one in part)
    counts = [str(len(part)), str(coded), str(found), _share(found / max(1, coded))]
    return [name, *counts, str(proposed), _share(right / max(1, proposed)), *map(str, again), f"{seconds:.3f}"]


def _share(share: float) -> str:
    return f"{share:.3f}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
