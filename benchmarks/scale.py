"""What a graph of a given size costs on one machine: preparing, first answer, going over to memory, memory, latency.

    python benchmarks/scale.py [TRIPLES …] [--write FILE]

The graph is generated (`benchmarks/store.py`): positions in fifty documents, one triple in five inferred; it is
written as a snapshot, not built, since reasoning has a benchmark of its own. Memory is the proportional set size of all
processes of the service with two workers. Latencies are medians over HTTP, none from the cache.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.http.processes import Served, served, wait_until, write_snapshot

from store import BASE, PREFIX, lines

POINT = f"{PREFIX} SELECT ?l {{ <{BASE}id/position/p%07d> rdfs:label ?l }}"
ROWS = f"{PREFIX} SELECT ?p ?l {{ ?p o:holder <{BASE}id/actor/a%d> ; rdfs:label ?l }} LIMIT %d"
HEAD = "| triples | store on disk s | first answer s | in memory s | PSS MB on disk | PSS MB in memory "
HEAD += "| a label ms, disk / memory | 10 rows ms | 100 rows ms |"


def latency(client: httpx2.Client, query: str) -> float:
    """Median of 40, in ms."""
    times = []
    for number in range(40):
        text = query.replace("%07d", f"{number * 7:07}").replace("%d", str(number), 1)
        started = time.perf_counter()
        client.get("/sparql", params={"query": f"{text} # {time.monotonic_ns()}"}).raise_for_status()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def memory(service: Served) -> int:
    """Bytes of service, keeper and workers in proportion to sharing; `/metrics` knows keeper and workers."""
    own = Path(f"/proc/{service.process.pid}/smaps_rollup").read_text().partition("Pss:")[2].split()[0]
    metrics = httpx2.get(f"{service.url}metrics").text
    below = metrics.partition("\ngraph_service_store_memory_bytes ")[2].split()[0]
    return int(own) * 1024 + int(float(below))


def latencies(client: httpx2.Client) -> tuple[float, ...]:
    queries = (POINT, ROWS.replace("LIMIT %d", "LIMIT 10"), ROWS.replace("LIMIT %d", "LIMIT 100"))
    return tuple(latency(client, query) for query in queries)


@contextmanager
def started(directory: Path, log: Path, data_mb: int) -> Iterator[tuple[Served, float]]:
    """The service, and seconds from its start to its first answer."""
    begun = time.perf_counter()
    with served(directory, log=log, data_mb=data_mb) as service:
        with service.client() as client:
            client.get("/sparql", params={"query": POINT % 7}).raise_for_status()
        yield service, time.perf_counter() - begun


def measure(triples: int, directory: Path) -> str:
    """One row of the table."""
    write_snapshot(directory, (line.rstrip("\n") for line in lines(triples)))
    _say_inferred(directory)
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", _PREPARE, str(directory)], check=True)
    preparing = time.perf_counter() - begun
    log = directory / "log"
    with started(directory, log, 1) as (service, first), service.client() as client:
        slow = latencies(client)
        on_disk = memory(service) / 1e6
    begun = time.perf_counter()
    with started(directory, log, 0) as (service, _), service.client() as client:
        moved = wait_until(lambda: "moved to memory" in log.read_text(), 240)
        loading = time.perf_counter() - begun
        time.sleep(3)
        fast = latencies(client)
        in_memory = memory(service) / 1e6
    loaded = (f"{loading:.1f}", f"{in_memory:.0f}") if moved else ("stays on disk", "–")
    pairs = " | ".join(f"{one:.1f} / {other:.1f}" for one, other in zip(slow, fast, strict=True))
    size = f"{triples:,}"
    return f"| {size} | {preparing:.1f} | {first:.2f} | {loaded[0]} | {on_disk:.0f} | {loaded[1]} | {pairs} |"


_PREPARE = "import sys; from pathlib import Path; from graph_service.store import disk; disk.prepare(Path(sys.argv[1]))"


def _say_inferred(directory: Path) -> None:
    path = directory / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "inferred_graph": f"{BASE}graph/inferred", "base": BASE}))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("triples", nargs="*", type=int, default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    table = [HEAD, "|---" * 9 + "|"]
    for triples in given.triples:
        with tempfile.TemporaryDirectory() as directory:
            table.append(measure(triples, Path(directory)))
            print(table[-1], flush=True)
    if given.write:
        load = os.getloadavg()[0]
        host = f"{os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}, load average {load:.1f} at the end"
        given.write.write_text(f"# Scale\n\n`make bench-scale`: {host}.\n\n" + "\n".join(table) + "\n")


if __name__ == "__main__":
    main()
