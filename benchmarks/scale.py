"""What a graph of a given size costs on one machine: build, proofs, dumps, start, first answer, memory, latency.

    python benchmarks/scale.py [TRIPLES …] [--write FILE] [--only building|validating|serving]

Three graphs are generated. One is built from so many stated triples of `benchmarks/reasoning_graphs.py`, of which half
as many again follow; without shapes and violation queries. Of each step the CPU seconds count, so that the work of
others does not. The second is the shipped graph with copies of its programmes (`benchmarks/rebuilding.py`): commands
build it with shapes, violation queries and store on disk, build it again after a changed document, explain a statement
and compute a network; a command that fails says so in its cell. The third graph is served (`benchmarks/store.py`):
positions in fifty documents, one triple in five inferred, written as a snapshot. Peaks are resident memory
(`ru_maxrss`) of the largest process; what the service takes is the proportional set size of all its processes with
two workers. Latencies are medians over HTTP, none from the cache. At the end it says which goals are missed
(`scale_goals`).
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
from typing import NamedTuple

import httpx2

sys.path.insert(0, str(Path(__file__).parents[1]))

import reasoning_graphs
import rebuilding
import scale_goals
from tests.http.processes import Served, served, wait_until, write_snapshot

from graph_service.catalogue.queries import QueryFile
from graph_service.explaining.explanation import Explainer
from graph_service.snapshots.snapshot import open_snapshot
from store import BASE, PREFIX, lines

POINT = f"{PREFIX} SELECT ?l {{ <{BASE}id/position/p%07d> rdfs:label ?l }}"
ROWS = f"{PREFIX} SELECT ?p ?l {{ ?p o:holder <{BASE}id/actor/a%d> ; rdfs:label ?l }} LIMIT %d"
# Statements of the shipped graph, and of the programmes in it, which are copied.
OF_ONE, OF_COPY = 43_120, 26_256
GOALS = {"building": (scale_goals.BUILDING, 2), "validating": (scale_goals.VALIDATING, 3)}
PROVED = ("id/actor/spd", "rdf:type", "mp:Actor")
BUILDING = "| stated triples | build: CPU s | µs a triple | peak MB | store on disk: CPU s | peak MB "
BUILDING += "| figures and dumps: CPU s | peak MB | first proof: CPU s | another, ms | peak MB |"
VALIDATING = "| stated triples | build, all of it: CPU s | peak MB | µs a triple | again: CPU s | peak MB "
VALIDATING += "| explain: CPU s | peak MB | network: CPU s | peak MB |"
HEAD = "| triples | store on disk s | peak MB | MB on disk "
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


class Cost(NamedTuple):
    """Seconds by the clock and of CPU, and peak MB."""

    seconds: float
    cpu: float
    peak: float

    def __str__(self) -> str:
        return f"{self.cpu:.1f} | {self.peak:.0f}"


def apart(program: str, *arguments: str) -> Cost:
    """The cost of a process of its own.

    Raises:
        AssertionError: it failed.
    """
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program, *arguments])
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert not status, f"{program.strip().splitlines()[-1]} has failed"
    return Cost(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6)


def building(triples: int, directory: Path) -> str:
    """One row of the table of builds."""
    apart(_GENERATE, str(directory), str(triples))
    build = apart(_BUILD, str(directory))
    at = str((directory / "snapshots" / "current").resolve())
    store = apart(_PREPARE, at)
    published = apart(_PUBLISH, at)
    proofs = apart(_EXPLAIN, at)
    first, others = json.loads((Path(at) / "proofs.json").read_text())
    head = f"| {triples:,} | {build.cpu:.1f} | {build.cpu / triples * 1e6:.1f} | {build.peak:.0f} | {store}"
    return f"{head} | {published} | {first:.1f} | {others * 1000:.1f} | {proofs.peak:.0f} |"


def validating(triples: int, directory: Path) -> str:
    """One row of the table of commands on copies of the shipped graph."""
    apart(_GROW, str(directory), str(max(1, round((triples - OF_ONE) / OF_COPY) + 1)))
    places = ("--data", str(directory / "data"), "--snapshots", str(directory / "snapshots"))
    full = apart(_COMMAND, "build", *places)
    stated = open_snapshot((directory / "snapshots" / "current").resolve()).manifest.stated
    document = directory / "data" / "documents" / "programme-spd-2025.ttl"
    document.write_text(document.read_text(encoding="utf-8").replace('"@en', ' "@en', 1), encoding="utf-8")
    cells = [f"{stated:,}", str(full), f"{full.cpu / stated * 1e6:.1f}"]
    for command in (("build",), ("explain", *PROVED), ("network",)):
        try:
            cells.append(str(apart(_COMMAND, *command, *places)))
        except AssertionError:
            cells.append("failed | –")
    return f"| {' | '.join(cells)} |"


def serving(triples: int, directory: Path) -> str:
    """One row of the table of services."""
    # Apart from this process too: a child begins with the peak of its parent.
    apart(_WRITE, str(directory), str(triples))
    prepared = apart(_PREPARE, str(directory))
    preparing = f"{prepared.seconds:.1f} | {prepared.peak:.0f}"
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
    head = f"| {triples:,} | {preparing} | {size_on_disk:.0f}"
    return f"{head} | {first:.2f} | {loaded[0]} | {on_disk:.0f} | {loaded[1]} | {pairs} |"


_PREPARE = "import sys; from pathlib import Path; from graph_service.store import disk; disk.prepare(Path(sys.argv[1]))"
_WRITE = f"import sys; sys.path[:0] = {sys.path!r}; import scale; scale.write(*sys.argv[1:])"
_GROW = f"import sys; sys.path[:0] = {sys.path!r}; import scale; scale.grow(*sys.argv[1:])"
_COMMAND = """
import os, sys
sys.stdout = open(os.devnull, "w")
from graph_service.commands.cli import main
main()
"""
_GENERATE = f"import sys; sys.path[:0] = {sys.path!r}; import scale; scale.generate(*sys.argv[1:])"
_PUBLISH = """
import sys
from pathlib import Path
from graph_service.snapshots import publication, snapshot
at = Path(sys.argv[1])
publication.publish(snapshot.open_snapshot(at), at / "dumps")
"""
_EXPLAIN = f"import sys; sys.path[:0] = {sys.path!r}; import scale; scale.explain(sys.argv[1])"
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
        out.writelines(f"{quad}\n" for quad in reasoning_graphs.stated(int(stated)))


def grow(directory: str, copies: str) -> None:
    """Copy the shipped data and, so many times, its programmes."""
    shutil.copytree(rebuilding.DATA, Path(directory, "data"))
    rebuilding.grow(Path(directory, "data"), int(copies))


def explain(directory: str) -> None:
    """Prove inferred statements all over the data set; notes CPU seconds of the first proof, and the median."""
    made = open_snapshot(Path(directory))
    explainer = Explainer(made, QueryFile(Path(__file__).parents[1] / "queries/evidence/places.rq"))
    times = []
    for goal in _goals(made.path / "quads.nq", f" <{made.manifest.inferred_graph}> .\n"):
        started = time.process_time()
        explainer.text(explainer.explain(*goal))
        times.append(time.process_time() - started)
    (made.path / "proofs.json").write_text(json.dumps((times[0], statistics.median(times[1:]))))


def _goals(path: Path, inferred: str) -> Iterator[tuple[str, str, str]]:
    """The first inferred statement behind each of forty places in a file."""
    size = path.stat().st_size
    with path.open(encoding="utf-8") as lines:
        for place in range(0, size, size // 40):
            lines.seek(place)
            lines.readline()
            if line := next((line for line in lines if line.endswith(inferred)), ""):
                subject, predicate, value = line.removesuffix(inferred).split(" ", 2)
                yield subject[1:-1], predicate[1:-1], value if value[0] == '"' else value[1:-1]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("triples", nargs="*", type=int, default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--write", type=Path)
    parser.add_argument("--only", choices=("building", "validating", "serving"))
    given = parser.parse_args()
    load = os.getloadavg()[0]
    tables: list[list[str]] = []
    misses: list[str] = []
    for name, head, measure in (
        ("building", BUILDING, building),
        ("validating", VALIDATING, validating),
        ("serving", HEAD, serving),
    ):
        if given.only in (None, name):
            tables.append([head, "|---" * (head.count("|") - 1) + "|"])
            for triples in given.triples:
                with tempfile.TemporaryDirectory() as directory:
                    tables[-1].append(measure(triples, Path(directory)))
                    print(tables[-1][-1], flush=True)
            if name in GOALS:
                misses += scale_goals.missed(tables[-1][2:], *GOALS[name])
    notes = [f"Missed: {miss}." for miss in misses] or [scale_goals.met(given.triples)]
    print(*notes, sep="\n", flush=True)
    if given.write:
        host = f"{os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}, load average {load:.1f} at the beginning"
        host += f" and {os.getloadavg()[0]:.1f} at the end"
        given.write.write_text(
            "\n\n".join(["# Scale", f"`make bench-scale`: {host}.", *map("\n".join, tables), *notes]) + "\n"
        )


if __name__ == "__main__":
    main()
