"""How many requests a second one and more serving processes answer: small queries, and answers from the cache.

Services with 1, 2, … processes over the same data run all the time and are asked in turns, several rounds of it; a
ratio is taken within each round, and the median of the rounds counts. The load is one process with kept connections
that does little more than send and count, so that it leaves the cores to the services; what it takes itself stands in
the table.

    python benchmarks/processes.py                  writes benchmarks/processes.md
    python benchmarks/processes.py --processes 1 2 4 --requests 20000
"""

from __future__ import annotations

import argparse
import os
import select
import socket
import statistics
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from http_cost import PEOPLE, ten_rows, write_data
from http_servers import Server, started

RESULT = Path(__file__).with_name("processes.md")
CONNECTIONS = 32
ROUNDS = 7
SERVE = (
    "import sys; from pathlib import Path; from graph_service.building.inputs import query_files; "
    "from graph_service.serving import app; "
    "from graph_service.settings import BuildSettings, ServeSettings; "
    "from graph_service.snapshots.snapshot import open_snapshot; "
    "app.serve(ServeSettings(port=int(sys.argv[2]), processes=int(sys.argv[3])), open_snapshot(Path(sys.argv[1])), "
    "query_files(BuildSettings()))"
)


@dataclass(frozen=True)
class Case:
    """A way of asking: its name, the query of a number, and how many of the requests it gets."""

    name: str
    query: Callable[[int], str]
    share: float


CASES = (
    Case("10 rows, each asked for the first time", ten_rows, 0.25),
    Case("10 rows from the cache", lambda _: ten_rows(7), 1.0),
)


@dataclass(frozen=True)
class Round:
    """Requests a second; milliseconds of CPU for each: of the service, of its serving processes, of the load."""

    rate: float
    cpu: float
    serving: float
    load: float


@dataclass
class Measured:
    """A service with so many processes, and what was measured of it, by case."""

    server: Server
    rounds: dict[str, list[Round]] = field(default_factory=dict)


def service(processes: int) -> Server:
    name = f"{processes} process{'es' * (processes > 1)}"
    return Server(
        name, lambda data, port: [sys.executable, "-c", SERVE, str(data), str(port), str(processes)], "/sparql"
    )


def wait_for(processes: int, port: int) -> None:
    """Until all processes serve."""
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            if f"graph_service_processes {processes}\n" in answer.read().decode():
                return
        time.sleep(0.1)


def requests(query: Callable[[int], str], numbers: Iterator[int]) -> Iterator[bytes]:
    fields = "host: 127.0.0.1\r\naccept: application/sparql-results+json\r\n"
    for number in numbers:
        yield f"GET /sparql?{urlencode({'query': query(number)})} HTTP/1.1\r\n{fields}\r\n".encode()


def drive(port: int, asked: Iterator[bytes], number: int) -> None:
    """Ask so often over kept connections, each of which waits for its answer."""
    poll = select.epoll()
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    by_descriptor = {one.fileno(): one for one in connections}
    left = dict.fromkeys(by_descriptor, 0)
    for one in connections:
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(one.fileno(), select.EPOLLIN)
        one.sendall(next(asked))
    answered, sent = 0, CONNECTIONS
    while answered < number:
        for descriptor, _ in poll.poll():
            connection = by_descriptor[descriptor]
            data = connection.recv(65536)
            if not left[descriptor]:
                head = data.index(b"\r\n\r\n") + 4
                if not data.startswith(b"HTTP/1.1 200"):
                    raise RuntimeError(data.decode(errors="replace"))
                lowered = data[:head].lower()
                place = lowered.index(b"content-length: ") + 16
                left[descriptor] = head + int(lowered[place : lowered.index(b"\r", place)])
            left[descriptor] -= len(data)
            if not left[descriptor]:
                answered += 1
                if sent < number:
                    connection.sendall(next(asked))
                    sent += 1
    for one in connections:
        one.close()


def measure(server: Server, case: Case, number: int, numbers: Iterator[int]) -> Round:
    asked = requests(case.query, numbers)
    drive(server.port, asked, CONNECTIONS * 4)
    before, serving = server.cpu(), server.serving_cpu()
    own, began = time.process_time(), time.perf_counter()
    drive(server.port, asked, number)
    seconds = time.perf_counter() - began
    own = time.process_time() - own
    taken = (server.cpu() - before, server.serving_cpu() - serving, own)
    return Round(number / seconds, *(one / number * 1000 for one in taken))


def compare(directory: Path, processes: list[int], number: int) -> list[Measured]:
    compared, numbers = [Measured(service(one)) for one in processes], count(1)
    with ExitStack() as stack:
        for one, several in zip(compared, processes, strict=True):
            stack.enter_context(started(one.server, directory))
            wait_for(several, one.server.port)
        for _ in range(ROUNDS):
            for case in CASES:
                for one in compared:
                    found = measure(one.server, case, int(number * case.share), numbers)
                    one.rounds.setdefault(case.name, []).append(found)
    return compared


def table(compared: list[Measured]) -> str:
    lines = [
        f"| case | | requests a second | × {compared[0].server.name} "
        "| CPU ms of the service | of it serving processes | of the load |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for case in CASES:
        first = compared[0].rounds[case.name]
        for one in compared:
            rounds = one.rounds[case.name]
            rates = sorted(each.rate for each in rounds)
            ratios = sorted(each.rate / base.rate for each, base in zip(rounds, first, strict=True))
            told = f"{statistics.median(rates):,.0f} ({rates[0]:,.0f} to {rates[-1]:,.0f})"
            compared_with = f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
            names = ("cpu", "serving", "load")
            taken = [f"{statistics.median(getattr(each, name) for each in rounds):.3f}" for name in names]
            lines.append("| " + " | ".join((case.name, one.server.name, told, compared_with, *taken)) + " |")
    return "\n".join(lines)


def report(compared: list[Measured], busy: float) -> str:
    return (
        "# What further processes bring\n\n"
        f"Written by `make bench-processes`: {PEOPLE * 5:,} triples, {CONNECTIONS} kept connections of one client, "
        f"two workers, {ROUNDS} rounds in turns, {os.cpu_count()} cores, Python {sys.version.split()[0]}; load average "
        f"at the start {busy:.1f}. In brackets the least and the largest of the rounds. "
        "The load runs on the same cores.\n\n"
        f"{table(compared)}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--requests", type=int, default=20_000, help="from the cache, a round; of the others a quarter")
    given = parser.parse_args()
    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        write_data(directory)
        text = report(compare(directory, given.processes, given.requests), busy)
    RESULT.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
