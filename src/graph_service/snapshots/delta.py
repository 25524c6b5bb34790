"""What differs between two data sets, quad by quad, stated and inferred.

Both files of quads are sorted, so one pass over the two finds it, with one line of each in memory. It is written as
JSON lines, or as an RDF patch, which makes the one data set the other (RDF Patch, Apache Jena: rows `A` and `D` within
a transaction, below the headers `id` and `prev` of a patch log, which name the data sets by their digests).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from graph_service.rdf.terms import parse_quad
from graph_service.snapshots.snapshot import Snapshot, name_of

# Characters that are handed out at a time.
_PIECE = 1 << 16


def changes(old: Iterable[str], new: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """What is in one of two sorted sequences only, in order; `True` stands for the new one."""
    ours, theirs = iter(old), iter(new)
    before, after = next(ours, None), next(theirs, None)
    while before is not None or after is not None:
        if before == after:
            before, after = next(ours, None), next(theirs, None)
        elif before is not None and (after is None or before < after):
            yield False, before
            before = next(ours, None)
        elif after is not None:
            yield True, after
            after = next(theirs, None)


def json_lines(old: Snapshot, new: Snapshot) -> Iterator[str]:
    """A JSON object for each quad that was added or removed; terms are spelled as in N-Quads.

    Raises:
        SnapshotError: one of the two was altered; no line is handed out.
    """
    for is_added, line in changes(old.lines(), new.lines()):
        quad = parse_quad(line)
        graph = (new if is_added else old).manifest.inferred_graph
        change = {
            "change": "added" if is_added else "removed",
            "origin": "inferred" if quad.graph == f"<{graph}>" else "stated",
            **quad._asdict(),
        }
        yield json.dumps(change, ensure_ascii=False) + "\n"


def rdf_patch(old: Snapshot, new: Snapshot) -> Iterator[str]:
    """The rows of the patch that makes the old data set the new one; raises as `json_lines`."""
    rows = (f"{'A' if is_added else 'D'} {line}" for is_added, line in changes(old.lines(), new.lines()))
    head = f"H id <{name_of(new.digest)}> .\nH prev <{name_of(old.digest)}> .\nTX .\n"
    # The first row first: whether the data sets are whole is known before anything is handed out.
    first = next(rows, "")
    yield head + first
    yield from chain(rows, ("TC .\n",))


WRITERS: dict[str, Callable[[Snapshot, Snapshot], Iterator[str]]] = {"ndjson": json_lines, "rdfp": rdf_patch}


def pieces(old: Snapshot, new: Snapshot, form: str) -> Iterator[bytes]:
    """The differences in one of the forms `ndjson` and `rdfp`, in pieces of some 64 kB; raises as `json_lines`."""
    gathered: list[str] = []
    size = 0
    for row in WRITERS[form](old, new):
        gathered.append(row)
        size += len(row)
        if size >= _PIECE:
            yield "".join(gathered).encode()
            gathered, size = [], 0
    yield "".join(gathered).encode()
