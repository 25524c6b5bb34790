"""Files that an import writes: marked as imported, put into place together, unchanged ones left alone.

The first line of such a file names its sheet and the SHA-256 of what follows. A file without that line is kept by hand,
a file whose digest differs was edited since: neither is ever overwritten.

`placing` puts them into their places.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from graph_service.importing.placing import CHOSEN, placed

_MARKER = re.compile(r"# Written by graph-service import from (?P<sheet>.+); digest (?P<digest>[0-9a-f]{64})\.\n")
_ADVICE = "# Change the sheet and import again; an edit here would be refused, not kept.\n\n"


class State(StrEnum):
    """What stands at a place that an import wants to write."""

    ABSENT = "absent"
    OWN = "own"
    EDITED = "edited"
    FOREIGN = "foreign"
    BY_HAND = "by hand"


_TAKEN = {
    State.BY_HAND: "is kept by hand. Rename the sheet or its document.",
    State.FOREIGN: "was imported from another sheet. Describe the document in one of them.",
    State.EDITED: "was edited after its import. Take the edit over into the sheet and delete the file.",
}


def state(path: Path, sheet: str) -> State:
    """Whose file it is, as seen by the import of a sheet."""
    if not path.exists():
        return State.ABSENT
    marker = _marker(path)
    if marker is None:
        return State.BY_HAND
    if marker["sheet"] != sheet:
        return State.FOREIGN
    with path.open(encoding="utf-8", newline="") as lines:
        next(lines)
        digest = hashlib.sha256()
        for line in lines:
            digest.update(line.encode())
    return State.OWN if digest.hexdigest() == marker["digest"] else State.EDITED


def sheet_of(path: Path) -> str:
    """The sheet that a file was imported from, empty for a file kept by hand."""
    marker = _marker(path) if path.suffix == ".ttl" else None
    return marker["sheet"] if marker else ""


def own_files(into: Path, sheet: str) -> Iterator[Path]:
    """The files below a directory that were imported from a sheet."""
    yield from (path for path in sorted(into.glob("[!.]*/**/*.ttl")) if sheet_of(path) == sheet)


def _marker(path: Path) -> re.Match[str] | None:
    with path.open("rb") as content:
        return _MARKER.match(content.readline(1000).decode("utf-8", "replace"))


@dataclass
class Batch:
    """Files that are written together.

    Attributes:
        into: the directory they belong in.
        workplace: a directory on the same file system, where they wait.
        sheet: name of the sheet they come from.
    """

    into: Path
    workplace: Path
    sheet: str
    names: list[str] = field(default_factory=list)

    def obstacle(self, name: str) -> str:
        """What keeps a file from being written and what to do, a sentence; empty if its place is free or its own."""
        taken = _TAKEN.get(state(self.into / name, self.sheet))
        return f"{name} {taken}" if taken else ""

    def add(self, name: str, prefixes: str, parts: Iterable[str]) -> None:
        """Prepare a file from its prefix lines and its blocks."""
        body = self.workplace / "body"
        digest = hashlib.sha256()
        with body.open("w", encoding="utf-8", newline="\n") as out:
            for part in (_ADVICE, prefixes, *parts):
                digest.update(part.encode())
                out.write(part)
        waiting = self.workplace / "new" / name
        waiting.parent.mkdir(parents=True, exist_ok=True)
        with waiting.open("w", encoding="utf-8", newline="\n") as out, body.open(encoding="utf-8", newline="") as rest:
            out.write(f"# Written by graph-service import from {self.sheet}; digest {digest.hexdigest()}.\n")
            shutil.copyfileobj(rest, out)
        body.unlink()
        self.names.append(name)

    def changed(self) -> list[str]:
        """The names of files that are new or would differ from what stands there."""
        return [name for name in self.names if not self._same(name)]

    def write(self, names: Iterable[str]) -> None:
        """Publish files: all at once for a build, and if one cannot be moved to its place, none.

        Raises:
            OSError: a file cannot be moved; everything is as it was.
        """
        wanted = sorted(names)
        if not wanted:
            return
        for name in wanted:
            (self.workplace / CHOSEN / name).parent.mkdir(parents=True, exist_ok=True)
            (self.workplace / "new" / name).replace(self.workplace / CHOSEN / name)
        with placed(self.into, self.workplace):
            pass

    def _same(self, name: str) -> bool:
        target = self.into / name
        return target.exists() and target.read_bytes() == (self.workplace / "new" / name).read_bytes()
