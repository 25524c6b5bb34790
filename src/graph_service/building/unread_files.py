"""Files beside the sources that may hold RDF and are not read, so that a build can say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from graph_service.building.locking import listing

# By the end of the name: what makes such a file one that is read.
_HINTS = {
    ".n3": "Call it .ttl if it is Turtle.",
    ".turtle": "Call it .ttl.",
    ".json": "Call it .jsonld if it is JSON-LD.",
    **dict.fromkeys((".bz2", ".gz", ".xz", ".zip", ".zst"), "Unpack it."),
}


def unread_files(roots: Iterable[Path]) -> Iterator[str]:
    """Of each such file below the roots, where it lies and what to do about it.

    Raises:
        SourceError: a link leads back to a directory that it lies in.
    """
    for root in filter(Path.is_dir, roots):
        with listing(root) as files:
            for path, _ in files:
                if hint := _HINTS.get(path.suffix.lower()):
                    yield f"{path} is not read. {hint}"
