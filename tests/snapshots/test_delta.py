"""A delta of two editions makes the one the other: quad for quad, in both forms, to the digest."""

from __future__ import annotations

import hashlib
import json
import re
import tracemalloc
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import SnapshotError
from graph_service.rdf.terms import Quad
from graph_service.snapshots import delta
from graph_service.snapshots.snapshot import Snapshot, name_of
from tests.bits import flip
from tests.snapshots.test_snapshot import QUADS, SOME, manifest, write

ROW = re.compile(r"([AD]) (.+ \.\n)")


def of_lines(directory: Path, lines: Collection[str]) -> Snapshot:
    """A snapshot of no more than its file of quads."""
    directory.mkdir(exist_ok=True)
    content = "".join(sorted(lines)).encode()
    (directory / "quads.nq").write_bytes(content)
    return Snapshot(directory, manifest(hashlib.sha256(content).hexdigest(), "f" * 64))


def patched(lines: Iterable[str], patch: str) -> set[str]:
    """What an RDF patch makes of quads; each row must change something."""
    found = set(lines)
    rows = [f"{row}\n" for row in patch.split("\n")[:-1]]
    assert [row for row in rows if row[:2] not in ("A ", "D ")] == [*rows[:3], "TC .\n"]
    for row in rows[3:-1]:
        match = ROW.fullmatch(row)
        assert match, row
        assert (match[2] in found) == (match[1] == "D"), row
        (found.remove if match[1] == "D" else found.add)(match[2])
    return found


def followed(lines: Iterable[str], changes: str) -> set[str]:
    """What the JSON lines make of quads."""
    found = set(lines)
    for change in map(json.loads, changes.split("\n")[:-1]):
        line = f"{Quad(*(change[role] for role in Quad._fields))}\n"
        assert (line in found) == (change["change"] == "removed")
        (found.remove if change["change"] == "removed" else found.add)(line)
    return found


APPLY: dict[str, Callable[[Iterable[str], str], set[str]]] = {"rdfp": patched, "ndjson": followed}


def check(old: Snapshot, new: Snapshot) -> None:
    for form, apply in APPLY.items():
        text = b"".join(delta.pieces(old, new, form)).decode()
        made = "".join(sorted(apply(old.lines(), text)))
        assert hashlib.sha256(made.encode()).hexdigest() == new.digest


@given(st.sets(QUADS), st.sets(QUADS), st.sets(QUADS))
def test_applied_to_the_one_it_gives_the_other(
    tmp_path_factory: pytest.TempPathFactory, ours: set[Quad], theirs: set[Quad], both: set[Quad]
) -> None:
    root = tmp_path_factory.getbasetemp()
    old = of_lines(root / "old", [f"{quad}\n" for quad in ours | both])
    new = of_lines(root / "new", [f"{quad}\n" for quad in theirs | both])
    check(old, new)
    check(new, old)
    check(old, old)


def test_the_shipped_graph_changed_in_many_places(shipped_snapshot: Snapshot, tmp_path: Path) -> None:
    lines = list(shipped_snapshot.lines())
    more = [line.replace("/id/", "/id/x-") for line in lines[::97]]
    changed = of_lines(tmp_path / "changed", {*lines[5::7], *lines[:4000], *more})
    changed = replace(changed, manifest=replace(shipped_snapshot.manifest, digest=changed.digest))
    check(shipped_snapshot, changed)
    check(changed, shipped_snapshot)
    patch = b"".join(delta.pieces(shipped_snapshot, changed, "rdfp")).decode()
    head = [f"H id <{name_of(changed.digest)}> .", f"H prev <{name_of(shipped_snapshot.digest)}> .", "TX ."]
    assert patch.splitlines()[:3] == head
    origins = {(change["origin"], change["graph"]) for change in changes(shipped_snapshot, changed)}
    inferred = f"<{shipped_snapshot.manifest.inferred_graph}>"
    assert {graph for origin, graph in origins if origin == "inferred"} == {inferred}
    assert inferred not in {graph for origin, graph in origins if origin == "stated"}


def changes(old: Snapshot, new: Snapshot) -> list[dict[str, str]]:
    text = b"".join(delta.pieces(old, new, "ndjson")).decode()
    return [json.loads(line) for line in text.split("\n")[:-1]]


def test_each_side_says_what_is_inferred_in_it(tmp_path: Path) -> None:
    """After a change of base the inferred statements lie in another graph."""
    old, new = (of_lines(tmp_path / name, [f"<urn:s> <urn:p> <urn:o> <urn:{name}> .\n"]) for name in ("a", "b"))
    old = replace(old, manifest=replace(old.manifest, inferred_graph="urn:a"))
    told = [(change["change"], change["origin"]) for change in changes(old, new)]
    assert told == [("removed", "inferred"), ("added", "stated")]


@pytest.mark.parametrize("form", delta.WRITERS)
@pytest.mark.parametrize("which", [0, 1])
def test_of_an_altered_edition_nothing_is_handed_out(tmp_path: Path, form: str, which: int) -> None:
    pair = write(tmp_path, SOME[:4]), write(tmp_path, SOME[3:])
    flip(pair[which].path / "quads.nq", 12)
    with pytest.raises(SnapshotError, match="has the digest"):
        next(delta.pieces(*pair, form))


def test_memory_does_not_grow_with_the_difference(tmp_path: Path) -> None:
    old = of_lines(tmp_path / "old", [])
    lines = [f"<urn:s{n:07}> <urn:p> <urn:o> <urn:g> .\n" for n in range(200_000)]
    new = of_lines(tmp_path / "new", lines)
    del lines
    tracemalloc.start()
    try:
        assert sum(map(len, delta.pieces(old, new, "rdfp"))) > 6_000_000
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
