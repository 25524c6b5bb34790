"""Editions: each data set that was ever in use, once, with what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from graph_service.snapshots import register, retention


@dataclass(frozen=True)
class KnownEdition:
    """A data set that was in use; times are RFC 3339 in UTC, empty where no register tells them.

    Attributes:
        digest: SHA-256 of the data set, hexadecimal.
        triples: triples of its default graph.
        first: when it was put into use for the first time.
        since: when for the last time.
        until: when another one took its place after that; empty if none has.
        directory: of a snapshot of it; None if none is kept.
    """

    digest: str
    triples: int
    first: str = ""
    since: str = ""
    until: str = ""
    directory: Path | None = None


def known(root: Path) -> list[KnownEdition]:
    """All editions that the register tells of, the one that was last put into use first."""
    entries = register.read(root)
    first = {entry.digest: entry.since for entry in reversed(entries)}
    last = {entry.digest: entry for entry in entries}
    ends = {old.digest: new.since for old, new in pairwise(entries) if old.digest != new.digest}
    if entries:
        ends.pop(entries[-1].digest, None)
    # Of two snapshots with the same data the one that was used last.
    kept = {path.name.partition(".")[0]: path for path in reversed(retention.kept(root))}
    found = [
        KnownEdition(digest, entry.triples, first[digest], entry.since, ends.get(digest, ""), kept.get(digest))
        for digest, entry in last.items()
    ]
    return sorted(found, key=lambda one: one.since, reverse=True)
