"""`/catalog.json`: all editions with their digests, for programs without RDF.

`/catalogue` describes the data set as it is now, in DCAT-AP. Both take dumps and their digests from the same place, the
published files of a snapshot. The dumps of the edition in use are made if they do not exist yet; of any other edition
those that exist are listed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from graph_service.errors import SnapshotError
from graph_service.http.protocol.cache import entity_tag
from graph_service.http.protocol.documents import is_read, send_document
from graph_service.http.protocol.request import Receive, Request, Scope, Send, without_body
from graph_service.http.web.edition import Release
from graph_service.http.web.media import JSON
from graph_service.snapshots import dumps, editions, publication, register
from graph_service.snapshots.dumps import Dump
from graph_service.snapshots.editions import KnownEdition
from graph_service.snapshots.snapshot import Manifest, Snapshot, name_of, open_snapshot

PATH = "/catalog.json"


class EditionCatalogue:
    """The list of editions.

    Args:
        root: directory of the snapshots; None where one snapshot is served that no register knows.
        release: what is in use now; None where nothing is published.
    """

    def __init__(self, root: Path | None, release: Callable[[], Release | None]) -> None:
        self._root = root
        self._release = release
        # What was read of a snapshot, by the name of its directory; an edition never changes.
        self._read: dict[str, tuple[Manifest, Sequence[Dump]]] = {}
        self._reading = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request.

        Raises:
            GraphServiceError: what becomes a problem document.
        """
        request = Request.of(scope, receive)
        scope["route"] = PATH
        if not await is_read(request, send):
            return
        body = json.dumps(await self.content(scope), indent=1, ensure_ascii=False).encode() + b"\n"
        await send_document(request, send, body, JSON, entity_tag("catalog", body.decode()))

    async def content(self, scope: Scope) -> dict[str, Any]:
        """The list, with the addresses that whoever sent this request reaches."""
        request = Request(scope, without_body())
        release = self._release()
        current = release.publication.snapshot if release is not None else None
        async with self._reading:
            if release is not None and current is not None:
                # Where its dumps cannot be made, the rest can be told.
                with contextlib.suppress(SnapshotError):
                    files = (await release.publication.figures()).dumps
                    self._read[current.path.name] = (current.manifest, files)
            found, damaged = await asyncio.to_thread(self._found, current)
        address = f"{request.site}{request.scope['editions']}" if "editions" in request.scope else ""
        return {
            "licence": (release.licence if release is not None else "") or None,
            "delta": f"{address}{{from}}/delta/{{to}}" if address else None,
            "damaged": damaged,
            "hint": register.HINT if damaged else None,
            "editions": [self._listed(one, current, address, request.origin) for one in found],
        }

    def _found(self, current: Snapshot | None) -> tuple[list[KnownEdition], list[str]]:
        """The editions, the latest first, and the lines of the register that are damaged; reads what is new."""
        found = editions.known(self._root) if self._root is not None else []
        if current is not None and current.digest not in {one.digest for one in found}:
            found.insert(0, KnownEdition(current.digest, current.manifest.triples, directory=current.path))
        kept = {one.directory.name: one.directory for one in found if one.directory is not None}
        self._read = {name: read for name, read in self._read.items() if name in kept}
        for name, path in kept.items():
            # A snapshot of which only its own file is known may have got its dumps meanwhile.
            if len(self._read.get(name, ((), ()))[1]) < 2 and (read := _read(path)):
                self._read[name] = read
        return found, register.damaged(self._root) if self._root is not None else []

    def _listed(self, one: KnownEdition, current: Snapshot | None, address: str, origin: str) -> dict[str, Any]:
        read = self._read.get(one.directory.name) if one.directory is not None else None
        is_used = current is not None and one.digest == current.digest
        state = "in use" if is_used else "gone" if one.directory is None else "kept" if read else "damaged"
        listed: dict[str, Any] = {
            "digest": one.digest,
            "name": name_of(one.digest),
            "state": state,
            "first": one.first or None,
            "since": one.since or None,
            "until": one.until or None,
            "triples": one.triples,
        }
        if read is None:
            return {**listed, "url": None, "dumps": []}
        manifest, files = read
        root = f"{address}{one.digest}" if address else origin
        return {
            **listed,
            "url": f"{root}/",
            "stated": manifest.stated,
            "inferred": manifest.inferred,
            "reasoner": manifest.reasoner,
            "software": manifest.software,
            "dumps": [dump.listed(root) for dump in files],
        }


def _read(directory: Path) -> tuple[Manifest, Sequence[Dump]] | None:
    """What a snapshot says of itself; None if it is damaged or was removed meanwhile."""
    try:
        snapshot = open_snapshot(directory)
        try:
            return snapshot.manifest, publication.read_figures(directory / publication.DIRECTORY).dumps
        except SnapshotError:
            return snapshot.manifest, (dumps.plain(snapshot),)
    except (SnapshotError, OSError):
        return None
