"""A store whose queries run in forked workers, so that no query can hurt the process that serves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from graph_service.rdf.formats import Form, Format, writable
from graph_service.store import Query, disk, updates
from graph_service.store.engine import Engine
from graph_service.store.loading import StoreManifest
from graph_service.workers.answer import WorkerAnswer
from graph_service.workers.coding import IDENTITY, CodedOutput, is_coded
from graph_service.workers.keeper_process import Launch, launch
from graph_service.workers.limits import QUERY, Limits
from graph_service.workers.pool import WorkerPool
from graph_service.workers.role import Role, Write
from graph_service.workers.statistics import Statistics

# Makes the role of queries and no other.
ROLES = "graph_service.store.forked:roles"
# How a request begins that is a text and not a query.
_TEXT = b'"'


class ForkedStore:
    """Answers queries over one snapshot.

    Args:
        pool: has workers of `query_role`.
        digest: SHA-256 of the data set that they answer for, hexadecimal.
    """

    def __init__(self, pool: WorkerPool, digest: str) -> None:
        self.pool = pool
        self.digest = digest

    @classmethod
    async def open(
        cls,
        snapshot: Path,
        limits: Limits | None = None,
        *,
        separate_default_graph: bool = False,
        on_disk: bool = False,
        roles: str = ROLES,
        more: Mapping[str, Any] | None = None,
        launch: Launch = launch,
    ) -> ForkedStore:
        """Load a snapshot and fork workers over it; returns when they are ready.

        Args:
            snapshot: directory of the snapshot.
            limits: of queries and queue.
            separate_default_graph: the default graph is what was loaded into it, not the merge of all.
            on_disk: ask the store on disk that was prepared with the snapshot; nothing is loaded.
            roles: makes the roles of the workers, the one of queries among them.
            more: arguments of `roles` beside those of `roles` in this module.
            launch: starts the keeper.

        Raises:
            SnapshotError: the snapshot is absent, incomplete or altered.
        """
        limits = limits or Limits()
        digest = StoreManifest.read(snapshot).digest
        arguments = {
            "snapshot": str(snapshot),
            "separate_default_graph": separate_default_graph,
            "on_disk": on_disk,
            "stack_bytes": limits.stack_bytes,
            "rows": limits.rows,
            "answer_bytes": limits.answer_bytes,
            **(more or {}),
        }
        return cls(await WorkerPool.open(roles, arguments, limits, launch), digest)

    @property
    def limits(self) -> Limits:
        """Of queries and queue."""
        return self.pool.limits

    @property
    def ready(self) -> bool:
        """Whether there are workers that queries can run on."""
        return self.pool.ready

    def statistics(self) -> Statistics:
        """A copy of what was counted, and how things stand."""
        return self.pool.statistics()

    async def query(self, query: Query, *, client: str = "") -> WorkerAnswer:
        """Begin to answer; returns when the first 64 kB are there, or the whole answer.

        Args:
            query: what is asked, checked by the guard.
            client: who asks, for a fair share of the workers.

        Raises:
            QueryError: as of `WorkerPool.ask` and `Engine.evaluate`.
        """
        answer = await self.pool.ask(QUERY, encode_query(query), client)
        if query.coding != IDENTITY and is_coded(answer.take_mark()):
            answer.coding = query.coding
        return answer

    async def close(self) -> None:
        """Turn away new queries, let running ones end for `limits.grace_seconds`, then end all processes."""
        await self.pool.close()


def engine(arguments: Mapping[str, Any]) -> Engine:
    """The data set that a keeper loads, by the arguments of `ForkedStore.open`.

    Raises:
        SnapshotError: it is absent, incomplete or altered.
    """
    directory = Path(arguments["snapshot"])
    if arguments["on_disk"]:
        return Engine.open_on_disk(directory)
    return Engine.load(directory, separate_default_graph=arguments["separate_default_graph"])


def query_role(engine: Engine, arguments: Mapping[str, Any]) -> Role:
    """The role that answers queries; its workers open nothing but the files of a store on disk."""
    rows, size = arguments["rows"], arguments["answer_bytes"]

    def work(request: bytes, write: Write) -> None:
        if request.startswith(_TEXT):
            inspect(request, write)
            return
        query = decode_query(request)
        if query.coding == IDENTITY:
            engine.evaluate(query, _Output(write), rows=rows, size=size)
            return
        output = CodedOutput(write, query.coding)
        engine.evaluate(query, output, rows=rows, size=size)
        output.end()

    readable = Path(arguments["snapshot"]) / disk.DIRECTORY if arguments["on_disk"] else None
    return Role(QUERY, work, arguments["stack_bytes"], readable=readable)


def roles(arguments: Mapping[str, Any]) -> Iterator[Role]:
    """The role of queries and no other."""
    yield query_role(engine(arguments), arguments)


class _Output:
    def __init__(self, write: Write) -> None:
        self._write = write

    def write(self, data: bytes, /) -> int:
        self._write(data)
        return len(data)


async def form_of(pool: WorkerPool, text: str, client: str = "") -> Form:
    """The form of a query, by the guard in a worker: a text of a megabyte takes it tenths of a second.

    Raises:
        QueryError: as of `updates.form_of` and `WorkerPool.ask`.
    """
    answer = await pool.ask(QUERY, _TEXT + _encoded(text), client)
    return Form(b"".join([piece async for piece in answer]).decode())


def inspect(request: bytes, write: Write) -> None:
    """In a worker: the answer to `form_of`."""
    write(updates.form_of(_decoded(request.removeprefix(_TEXT))).value.encode())


def encode_query(query: Query) -> bytes:
    """A query, for a worker: its text as it is behind a line of JSON, since escapes of a megabyte take long."""
    about = (
        query.form.value, query.format.name, query.inferred, query.default_graphs, query.named_graphs, query.coding
    )  # fmt: skip
    return json.dumps(about).encode() + b"\n" + _encoded(query.text)


def decode_query(data: bytes) -> Query:
    """The query of a request."""
    about, _, text = data.partition(b"\n")
    form, format_, inferred, default, named, coding = json.loads(about)
    return Query(
        _decoded(text),
        Form(form),
        _format(Form(form), format_),
        inferred,
        None if default is None else tuple(default),
        None if named is None else tuple(named),
        coding,
    )


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogatepass")


@cache
def _format(form: Form, name: str) -> Format:
    (found,) = (one for one in writable(form) if one.name == name)
    return found
