"""What changed from edition to edition: found by processes beside the requests, told by pages and the feed.

A process compares two editions once, since no edition ever changes, and writes a file; workers read the files. The
serving process only knows which of them exist.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from graph_service import processes
from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import GraphServiceError
from graph_service.processes import ProcessLimits
from graph_service.snapshots import register, retention
from graph_service.snapshots.register import RegisteredSnapshot

_log = logging.getLogger("graph_service.http")
_MODULE = "graph_service.views.changes.news"
# Editions that are told of, and seconds that comparing one with the edition before may take.
MOST = 20
SECONDS = 60.0
_LIMITS = ProcessLimits(SECONDS, 4 << 30)
# Seconds that a request waits for what it still takes to find.
PATIENCE = 10.0


@dataclass(frozen=True, eq=False)
class Found:
    """What this process has found out for a route; the same object as long as nothing new is found.

    Attributes:
        content: as JSON has it.
        text: the same as JSON.
        state: another one for whatever makes another answer; where the files lie does not.
    """

    content: Mapping[str, Any]
    text: str
    state: str

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Found:
        """What is told by this content."""
        state = sha256(json.dumps({**content, "directory": ""}).encode()).hexdigest()
        return cls(content, json.dumps(content), state)


class Changes:
    """Comparisons of each of the last editions with the one before.

    Args:
        root: directory of the snapshots.
        queries: they choose what is reported.
    """

    def __init__(self, root: Path, queries: QueryFiles) -> None:
        self._root = root
        self._queries = queries
        self._directory: Path | None = None
        # By the directories of two snapshots; empty where no comparison could be made.
        self._files: dict[tuple[str, str], str] = {}
        self._work: asyncio.Task[None] | None = None
        # The last answer, and the state of the directory that it holds for.
        self._known: tuple[str, Found] | None = None

    async def found(self) -> Found:
        """What pages and feed need.

        Returns:
            `directory`, where the files lie, and `editions`, the last ones, the latest first: `digest`, `since`,
            `before` (digest of the one before; null where none is known or none is kept), `file` (name of the
            comparison; empty where none could be made, null while it is being made).
        """
        state = register.state(self._root)
        if self._known is not None and self._known[0] == state:
            return self._known[1]
        entries = register.read_by_data(self._root)[-MOST - 1 :]
        there = {path.name for path in await asyncio.to_thread(retention.kept, self._root)}
        before = {new.since: old for old, new in pairwise(entries) if {old.directory, new.directory} <= there}
        pairs = [(before[one.since].directory, one.directory) for one in entries if one.since in before]
        self._forget(set(self._files).difference(pairs))
        await self._wait(pairs)
        listed = [self._listed(one, before.get(one.since)) for one in reversed(entries[-MOST:])]
        found = Found.of({"directory": str(self._directory or ""), "editions": listed})
        if all(pair in self._files for pair in pairs):
            self._known = state, found
        return found

    def is_current(self, found: Found | None) -> bool:
        """Whether `found` would answer this again."""
        known = self._known
        return known is not None and known[1] is found and known[0] == register.state(self._root)

    async def close(self) -> None:
        """End what is being found, and remove the files."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait([self._work])
        if self._directory is not None:
            await asyncio.to_thread(shutil.rmtree, self._directory, ignore_errors=True)

    def _listed(self, one: RegisteredSnapshot, before: RegisteredSnapshot | None) -> dict[str, Any]:
        listed = {"digest": one.digest, "since": one.since, "before": None, "file": None}
        if before is not None:
            listed |= {"before": before.digest, "file": self._files.get((before.directory, one.directory))}
        return listed

    async def _wait(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Wait until all are compared, or for as long as a request may; the work goes on."""
        end = time.monotonic() + PATIENCE
        # The latest first: that is what most ask for.
        while missing := [pair for pair in reversed(pairs) if pair not in self._files]:
            if self._work is None or self._work.done():
                self._work = asyncio.create_task(self._compare(missing))
            done, _ = await asyncio.wait([self._work], timeout=max(0.0, end - time.monotonic()))
            if not done:
                return
            self._work.result()

    async def _compare(self, pairs: Sequence[tuple[str, str]]) -> None:
        if self._directory is None:
            self._directory = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="graph-service-"))
        files = json.dumps(
            [[str(path) for path in paths] for paths in (self._queries.directories, self._queries.folders)]
        )
        for old, new in pairs:
            name = f"{old}-{new}.json"
            arguments = (*(str(self._root / one) for one in (old, new)), str(self._directory / name))
            try:
                await processes.run(_MODULE, *arguments, files, limits=_LIMITS)
            except GraphServiceError as error:
                # Not tried again: it would take as long, and fail.
                _log.warning("no account of the changes", extra={"fields": {"reason": str(error)}})
                name = ""
            self._files[old, new] = name

    def _forget(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Remove what nobody asks for any more."""
        for pair in pairs:
            name = self._files.pop(pair)
            if name and self._directory is not None:
                (self._directory / name).unlink(missing_ok=True)
