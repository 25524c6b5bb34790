"""What a graph of a given size costs on one machine: build, preparing, first answer, going over to memory, latency.

    python benchmarks/scale.py [TRIPLES …] [--write FILE]

Two graphs are generated. One is built: stated triples of `benchmarks/reasoning_graphs.py`, of which two in three of the
whole are stated and one is inferred; without validation, and without the store on disk, which the next columns are
about. The other is served (`benchmarks/store.py`): positions in fifty documents, one triple in five inferred, written
as a snapshot. Peaks are resident memory (`ru_maxrss`); what the service takes is the proportional set size of all its
processes with two workers. Latencies are medians over HTTP, none from the cache.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
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

import reasoning_graphs
from tests.http.processes import Served, served, wait_until, write_snapshot

from store import BASE, PREFIX, lines

POINT = f"{PREFIX} SELECT ?l {{ <{BASE}id/position/p%07d> rdfs:label ?l }}"
ROWS = f"{PREFIX} SELECT ?p ?l {{ ?p o:holder <{BASE}id/actor/a%d> ; rdfs:label ?l }} LIMIT %d"
HEAD = "| triples | build s | peak MB | store on disk s | peak MB | MB on disk "
HEAD += "| first answer s | in memory s | PSS MB on disk | PSS MB in memory "
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


def apart(program: str, *arguments: str) -> tuple[float, float] | None:
    """Seconds and peak MB of a process of its own; None if it failed, such as for want of memory."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program, *arguments])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return None if status else (time.perf_counter() - begun, used.ru_maxrss / 1000)


def built(triples: int, directory: Path) -> str:
    """Seconds and peak of a build of so many triples in all."""
    apart(_GENERATE, str(directory), str(triples * 2 // 3))
    found = apart(_BUILD, str(directory))
    shutil.rmtree(directory / "snapshots", ignore_errors=True)
    return f"{found[0]:.1f} | {found[1]:.0f}" if found else "failed | –"


def measure(triples: int, directory: Path) -> str:
    """One row of the table."""
    building = built(triples, directory)
    # Apart from this process too: a child begins with the peak of its parent.
    apart(_WRITE, str(directory), str(triples))
    prepared = apart(_PREPARE, str(directory))
    assert prepared is not None, "the store on disk could not be made"
    preparing = f"{prepared[0]:.1f} | {prepared[1]:.0f}"
    size_on_disk = sum(path.stat().st_size for path in (directory / "engine").iterdir()) / 1e6
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
    head = f"| {triples:,} | {building} | {preparing} | {size_on_disk:.0f}"
    return f"{head} | {first:.2f} | {loaded[0]} | {on_disk:.0f} | {loaded[1]} | {pairs} |"


_PREPARE = "import sys; from pathlib import Path; from graph_service.store import disk; disk.prepare(Path(sys.argv[1]))"
_WRITE = f"import sys; sys.path[:0] = {sys.path!r}; import scale; scale.write(*sys.argv[1:])"
_GENERATE = f"import sys; sys.path[:0] = {sys.path!r}; import scale; scale.generate(*sys.argv[1:])"
_BUILD = """
import sys
from pathlib import Path
from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.settings import BuildSettings
from graph_service.store import disk
at = Path(sys.argv[1])
disk.WORTHWHILE = 1 << 60
settings = BuildSettings((at / "ontology.ttl",), (at / "data.nq",), base="https://example.org/policy/",
    snapshots=at / "snapshots", validation=False)
build(find_inputs(settings))
"""


def write(directory: str, triples: str) -> None:
    """Write the snapshot that is served."""
    at = write_snapshot(Path(directory), (line.rstrip("\n") for line in lines(int(triples))))
    manifest = json.loads((at / "manifest.json").read_text())
    named = {"inferred_graph": f"{BASE}graph/inferred", "base": BASE}
    (at / "manifest.json").write_text(json.dumps({**manifest, **named}))


def generate(directory: str, stated: str) -> None:
    """Write the sources of the graph that is built."""
    at = Path(directory)
    (at / "ontology.ttl").write_text(reasoning_graphs.ONTOLOGY)
    with (at / "data.nq").open("w") as out:
        out.writelines(f"{quad}\n" for quad in reasoning_graphs.quads(int(stated)))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("triples", nargs="*", type=int, default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    table = [HEAD, "|---" * 13 + "|"]
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
