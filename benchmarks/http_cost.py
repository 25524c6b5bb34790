"""What a request costs: this service, `oxigraph serve-read-only`, rdflib-endpoint; same data, same clients, one run.

CPU is user and system time of all processes of a server, from the kernel's own books, divided by the requests; latency
is what a client sees while others ask too. The servers take turns, several rounds of it, since the machine is shared
with whatever else runs on it: a ratio is taken within each round, and the median of the rounds counts. A connection for
each request is how SPARQLWrapper, rdflib's SPARQLStore and curl ask; connections that are kept are how browsers and
dashboards do.

    python benchmarks/http_cost.py            writes benchmarks/http.md
    python benchmarks/http_cost.py --serve DIRECTORY PORT
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from http_servers import Client, Round, Server, servers, started

from graph_service.building.inputs import query_files
from graph_service.serving import app
from graph_service.settings import BuildSettings, ServeSettings
from graph_service.snapshots.snapshot import Manifest, open_snapshot

E = "http://example.org/"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
RESULT = Path(__file__).with_name("http.md")
PEOPLE = 20_000  # of five triples each
ROUNDS = 7
CLIENTS = 4


# The data


def triples() -> Iterator[str]:
    """100,000 triples: people with name, birth, a group of 10 and a town of 1,000."""
    chance = random.Random(1)
    for number in range(PEOPLE):
        person = f"<{E}person/{number:05}>"
        yield f'{person} <{LABEL}> "Person number {number}"@en'
        yield f'{person} <{E}age> "{chance.randrange(100)}"^^<http://www.w3.org/2001/XMLSchema#integer>'
        yield f"{person} <{E}knows> <{E}person/{chance.randrange(PEOPLE):05}>"
        yield f"{person} <{E}group> <{E}group/{number // 10}>"
        yield f"{person} <{E}town> <{E}town/{number // 1000}>"


def write_data(directory: Path) -> None:
    """The same triples as a snapshot of ours, in ten graphs, and as N-Triples for the others."""
    lines = [f"{triple} <{E}graph/{position % 10}> .\n" for position, triple in enumerate(triples())]
    quads = "".join(sorted(lines)).encode()
    (directory / "quads.nq").write_bytes(quads)
    graphs = {f"{E}graph/{number}": PEOPLE // 2 for number in range(10)}
    digest = hashlib.sha256(quads).hexdigest()
    manifest = asdict(Manifest(digest, "", E, f"{E}graph/inferred", graphs, PEOPLE * 5, (), "none", ""))
    (directory / "manifest.json").write_text(json.dumps(manifest))
    (directory / "data.nt").write_text("".join(f"{triple} .\n" for triple in triples()))


def ten_rows(number: int) -> str:
    return _about("group", number % (PEOPLE // 10), number)


def thousand_rows(number: int) -> str:
    return _about("town", number % (PEOPLE // 1000), number)


def _about(kind: str, place: int, number: int) -> str:
    """The comment makes each query one that was not asked before."""
    where = f"?person <{E}{kind}> <{E}{kind}/{place}> ; <{LABEL}> ?name ; <{E}age> ?age"
    return f"SELECT ?person ?name ?age WHERE {{ {where} }} # {number}"


# The clients


def measure(server: Server, case: Case, requests: int, first: int) -> Round:
    """Ask so often, by several clients, and check that the answers are whole."""
    query = case.query
    clients = [Client(server, case.keep) for _ in range(CLIENTS)]
    for client in clients:
        _, body = client.ask(query(first))
        assert len(json.loads(body)["results"]["bindings"]) == case.rows
    share = max(1, requests // CLIENTS)

    def work(position: int) -> list[float]:
        numbers = range(first + 1 + position * share, first + 1 + (position + 1) * share)
        return [clients[position].ask(query(number))[0] for number in numbers]

    before = server.cpu()
    with ThreadPoolExecutor(CLIENTS) as pool:
        latencies = [value for values in pool.map(work, range(CLIENTS)) for value in values]
    return Round((server.cpu() - before) / len(latencies) * 1000, latencies)


# The run


@dataclass(frozen=True)
class Case:
    """A way of asking."""

    name: str
    query: Callable[[int], str]
    rows: int
    requests: int
    keep: bool = False


TEN = Case("10 rows", ten_rows, 10, 1200)
THOUSAND = Case("1,000 rows", thousand_rows, 1000, 120)
TEN_AGAIN = Case("10 rows, asked again", lambda _: ten_rows(7), 10, 1200)
THOUSAND_AGAIN = Case("1,000 rows, asked again", lambda _: thousand_rows(7), 1000, 120)
FRESH = (TEN, THOUSAND, TEN_AGAIN, THOUSAND_AGAIN)
CASES = (*FRESH, *(replace(case, name=f"{case.name}; connection kept", keep=True) for case in FRESH))


def compare(directory: Path) -> list[Server]:
    """All servers run all the time, and are asked in turns."""
    compared = servers()
    first = 0
    with started(compared[0], directory), started(compared[1], directory), started(compared[2], directory):
        for _ in range(ROUNDS):
            for case in CASES:
                for server in compared:
                    count = max(CLIENTS, int(case.requests * server.patience))
                    # Each round asks what was not asked before, but for the cases that ask again.
                    server.rounds.setdefault(case.name, []).append(measure(server, case, count, first))
                first += 10_000
    return compared


def table(compared: Sequence[Server]) -> str:
    lines = [
        "| case | server | CPU ms a request | × oxigraph | median ms | 95 % ms | 99 % ms |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for name in (case.name for case in CASES):
        for server in compared:
            latencies = sorted(value for measured in server.rounds[name] for value in measured.latencies)
            spread = [latencies[int(len(latencies) * share)] for share in (0.5, 0.95, 0.99)]
            cpu = cpu_of(server, name)
            share = statistics.median(ratios(server, compared[1], name))
            figures = " | ".join(f"{value:.2f}" for value in (cpu, share, *spread))
            lines.append(f"| {name} | {server.name} | {figures} |")
    return "\n".join(lines)


def cpu_of(server: Server, case: str) -> float:
    """The median round."""
    return statistics.median(measured.cpu for measured in server.rounds[case])


def ratios(server: Server, other: Server, case: str) -> list[float]:
    """What one server takes as a share of the other, in each round, in ascending order."""
    pairs = zip(server.rounds[case], other.rounds[case], strict=True)
    return sorted(ours.cpu / theirs.cpu for ours, theirs in pairs)


def verdict(compared: Sequence[Server]) -> str:
    ours, oxigraph, rdflib = compared
    targets = (
        ("10 rows: at most 1.6 × oxigraph", TEN, oxigraph, 1.6),
        ("1,000 rows: at most 0.3 × oxigraph", THOUSAND, oxigraph, 0.3),
        ("10 rows from the cache: at most 0.5 × oxigraph", TEN_AGAIN, oxigraph, 0.5),
        ("1,000 rows: at most 0.1 × rdflib-endpoint", THOUSAND, rdflib, 0.1),
    )
    lines = ["| target | a connection each | | connection kept | |", "|---|---:|---|---:|---|"]
    for text, case, other, limit in targets:
        cells = []
        for name in (case.name, f"{case.name}; connection kept"):
            found = ratios(ours, other, name)
            value = statistics.median(found)
            told = f"{value:.2f} × ({found[0]:.2f} to {found[-1]:.2f})"
            cells.append(f"{told} | {'met' if value <= limit else 'missed'}")
        lines.append(f"| {text} | {' | '.join(cells)} |")
    return "\n".join(lines)


def report(compared: Sequence[Server]) -> str:
    return (
        "# What a request costs\n\n"
        f"Written by `make bench-http`: {PEOPLE * 5:,} triples, {CLIENTS} clients, "
        f"{ROUNDS} rounds in turns, SPARQL JSON without content coding, {os.cpu_count()} cores, "
        f"Python {sys.version.split()[0]}. CPU is that of all processes of a server, in the median round; ratios are "
        "taken within each round, and their median counts (in brackets the least and the largest); latencies are of "
        'all rounds. "Asked again" is one query over and over: this service answers it from its cache.\n\n'
        f"{table(compared)}\n\n{verdict(compared)}\n"
    )


def serve(directory: Path, port: int) -> None:
    """Serve the snapshot as `graph-service serve` runs it."""
    app.serve(ServeSettings(port=port), open_snapshot(directory), query_files(BuildSettings()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", nargs=2, metavar=("DIRECTORY", "PORT"))
    chosen = parser.parse_args().serve
    if chosen:
        serve(Path(chosen[0]), int(chosen[1]))
        return
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        write_data(directory)
        text = report(compare(directory))
    RESULT.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
