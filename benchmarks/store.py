"""What a store of a given size costs: loading, memory, and a query through a worker against a direct call.

    python benchmarks/store.py [TRIPLES]

One triple in five is inferred. Times are medians of many; CPU is that of all processes together.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from graph_service.rdf import guard
from graph_service.rdf.formats import offered
from graph_service.store import Query
from graph_service.store.engine import Engine
from graph_service.store.forked import ForkedStore
from graph_service.workers.limits import Limits

BASE = "https://w3id.org/migration-policy/"
PREFIX = f"PREFIX o: <{BASE}ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
JOIN = "?p o:holder ?h ; rdfs:label ?l ; o:about ?i ; o:agreement 1"
QUERIES = {
    "10 rows": f"{PREFIX} SELECT ?p ?l ?i {{ {JOIN} }} LIMIT 10",
    "1,000 rows": f"{PREFIX} SELECT ?p ?l ?i {{ {JOIN} }} LIMIT 1000",
    "count of a join": f"{PREFIX} SELECT (COUNT(*) AS ?n) {{ ?p o:holder ?h ; o:agreement ?a }}",
}


def lines(triples: int) -> Iterator[str]:
    """N-Quads of positions in fifty documents."""
    onto, rdfs = f"{BASE}ontology#", "http://www.w3.org/2000/01/rdf-schema#"
    for number in range(triples // 5):
        subject, graph = f"<{BASE}id/position/p{number:07}>", f"<{BASE}graph/document/d{number % 50}>"
        yield f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{onto}Position> {graph} .\n"
        yield f"{subject} <{onto}holder> <{BASE}id/actor/a{number % 997}> {graph} .\n"
        yield f'{subject} <{onto}agreement> "{number % 3 - 1}"^^<http://www.w3.org/2001/XMLSchema#integer> {graph} .\n'
        yield f'{subject} <{rdfs}label> "Position number {number} about migration policy"@en {graph} .\n'
        yield f"{subject} <{onto}about> <{BASE}id/issue/i{number % 101}> <{BASE}graph/inferred> .\n"


def write(directory: Path, triples: int) -> None:
    """Write a snapshot."""
    content = "".join(sorted(lines(triples))).encode()
    (directory / "quads.nq").write_bytes(content)
    manifest = {"digest": hashlib.sha256(content).hexdigest(), "inferred_graph": f"{BASE}graph/inferred"}
    (directory / "manifest.json").write_text(json.dumps(manifest))


class Nowhere:
    """Takes bytes and forgets them."""

    def write(self, data: bytes, /) -> int:
        return len(data)


def query(text: str, *, inferred: bool = True) -> Query:
    """A query for JSON."""
    form = guard.inspect(text).form
    return Query(text, form, offered(form)[0], inferred)


def cpu(store: ForkedStore) -> float:
    """CPU seconds of this process, the keeper, its workers and those that have ended."""
    numbers = store.statistics()
    ticks = 0
    for pid in (os.getpid(), numbers.keeper_pid, *numbers.worker_pids):
        with contextlib.suppress(FileNotFoundError):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += sum(map(int, fields[11:15] if pid == numbers.keeper_pid else fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def direct(engine: Engine, one: Query) -> float:
    """CPU milliseconds of a direct call."""
    count = 1000 if "LIMIT 10 " in f"{one.text} " else 20
    began = time.process_time()
    for _ in range(count):
        engine.evaluate(one, Nowhere(), rows=10**6, size=10**9)
    return (time.process_time() - began) / count * 1000


async def through(store: ForkedStore, one: Query) -> tuple[float, float]:
    """Median of the time and mean of the CPU of a query through a worker, in milliseconds."""
    count = 2000 if "LIMIT 10 " in f"{one.text} " else 20
    times = []
    before = cpu(store)
    for _ in range(count):
        began = time.perf_counter()
        async for _piece in await store.query(one):
            pass
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000, (cpu(store) - before) / count * 1000


async def replaced(store: ForkedStore) -> float:
    """Milliseconds from the end of a worker in mid-query until there is another one."""
    endless = query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    task = asyncio.create_task(store.query(endless))
    await asyncio.sleep(0.2)
    restarts = store.statistics().worker_restarts
    began = time.perf_counter()
    task.cancel()
    while store.statistics().worker_restarts == restarts:  # noqa: ASYNC110 - it happens in other processes
        await asyncio.sleep(0.0005)
    return (time.perf_counter() - began) * 1000


def report_memory(store: ForkedStore, when: str) -> None:
    """Print the memory of all processes of the store."""
    memory = store.statistics().memory()
    total = sum(pss for _, pss in memory.values())
    print(f"  PSS of keeper and {len(memory) - 1} workers {when}: {total / 1e6:.0f} MB")


async def measure(triples: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        write(directory, triples)
        began = time.perf_counter()
        store = await ForkedStore.open(directory, Limits(workers=2, seconds=60))
        print(f"{triples} triples: open in {time.perf_counter() - began:.2f} s")
        await asyncio.sleep(0.5)
        report_memory(store, "at the beginning")
        for label, text in QUERIES.items():
            wall, spent = await through(store, query(text))
            _, stated = await through(store, query(text.replace("o:about ?i ;", ""), inferred=False))
            print(f"  {label}: through a worker {wall:.3f} ms, CPU {spent:.3f} ms (inferred=false {stated:.3f})")
        await asyncio.sleep(0.5)
        report_memory(store, f"after {store.statistics().queries} queries")
        print(f"  workers replaced to give memory back: {store.statistics().worker_restarts}")
        print(
            f"  fork {store.statistics().fork_seconds * 1000:.1f} ms, worker replaced in {await replaced(store):.1f} ms"
        )
        await store.close()
        engine = Engine.load(directory)
        for label, text in QUERIES.items():
            less = query(text.replace("o:about ?i ;", ""), inferred=False)
            full, stated = direct(engine, query(text)), direct(engine, less)
            print(f"  {label}: direct call, CPU {full:.3f} ms (inferred=false {stated:.3f})")


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
