"""Many clients at once, some of them hostile: what they ask, and how long the others wait.

Those who mean well are threads, which keep the time. The hostile ones are processes of low priority, as they would be
other machines: what they read and write must not hold up the threads, and takes the processor last.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import os
import random
import socket
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from urllib.parse import quote, urlencode

from graph_service.rdf.terms import iri_value
from graph_service.snapshots.snapshot import Snapshot
from tests.http.metering import KEPT
from tests.http.processes import Served
from tests.http.server.test_process import HOSTILE

CLIENTS = 64
HOSTILE_CLIENTS = CLIENTS // 20
# Texts of a megabyte that are slow to read, and are refused only at their end.
GUARD_TEXTS = ("#\n" * 500_000 + "ASK {}", "ASK { FILTER(" + "?a<" * 330_000 + "1) } #SERVICE")
PIECES = [
    b"GET /sparql HTTP/1.1\r\nHost",
    b"\x16\x03\x01rubbish\r\n\r\n",
    b"GET /sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK",
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
]
COSTLIEST = [
    *json.loads(KEPT.read_text(encoding="utf-8")).values(),
    "/api/networks/actors?window=1&unit=days",
    "/api/networks/propositions?window=2999&unit=days&step=1&all=true&duplicates=include",
    "/compare?" + urlencode([("actor", f"a{number}") for number in range(900)]),
]


class Soak:
    """What all clients did and met.

    Attributes:
        good: answers of those who mean well, by status.
        failures: what they got instead of an answer.
        hostile: requests of the others.
        seconds: how long those who mean well waited, by what they asked.
    """

    def __init__(self, service: Served, resources: list[str], seconds: float) -> None:
        self.service = service
        self.end = time.monotonic() + seconds
        self.good = Counter[int]()
        self.failures: list[str] = []
        self.hostile = 0
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self._resources = resources

    def run(self, hostile: int = HOSTILE_CLIENTS) -> None:
        """Let them all ask until the time is over."""
        threads = [threading.Thread(target=self._benign, args=(n,)) for n in range(CLIENTS - hostile)]
        with ProcessPoolExecutor(max(hostile, 1), multiprocessing.get_context("spawn")) as strangers:
            attacks = [strangers.submit(attack, self.service.port, n, self.end) for n in range(hostile)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.hostile = sum(attack.result() for attack in attacks)

    def _benign(self, number: int) -> None:
        """An analyst: asks, reads, thinks; from an address of its own."""
        chance = random.Random(number)
        address = (f"127.0.1.{number + 1}", 0)
        while time.monotonic() < self.end:
            connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=30, source_address=address)
            try:
                for _ in range(chance.randrange(1, 5)):
                    self._ask(connection, chance)
                    time.sleep(chance.uniform(0.1, 0.5))
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
            finally:
                connection.close()

    def _ask(self, connection: http.client.HTTPConnection, chance: random.Random) -> None:
        resource = f"<{chance.choice(self._resources)}>"
        query = chance.choice(
            [
                f"SELECT * WHERE {{ {resource} ?p ?o }}",
                f"ASK {{ {resource} a ?kind }}",
                f"SELECT * WHERE {{ {resource} ?p ?n . ?n ?q ?o }} LIMIT 50",
                f"CONSTRUCT WHERE {{ {resource} ?p ?o }}",
                f"SELECT * WHERE {{ ?s a ?kind }} LIMIT {chance.randrange(1, 500)}",
            ]
        )
        small = "/sparql?" + urlencode({"query": query})
        kind, address = chance.choice([("query", small), ("query", small), ("health", "/health"), ("page", "/actors")])
        began = time.monotonic()
        connection.request("GET", address)
        response = connection.getresponse()
        body = response.read()
        self.seconds[kind].append(time.monotonic() - began)
        self.good[response.status] += 1
        if response.status != 200:
            self.failures.append(f"{response.status} {address[:80]} {body[:300]!r}")


def attack(port: int, number: int, end: float) -> int:
    """A stranger who tries everything, over and over; gives the number of its requests."""
    os.nice(10)
    chance = random.Random(number)
    texts = [*(text for text, _ in HOSTILE.values()), *GUARD_TEXTS]
    requests = 0
    while time.monotonic() < end:
        kind = chance.randrange(3)
        if kind == 0:
            request, patience = _post(chance.choice(texts)), chance.uniform(0.1, 2.0)
        elif kind == 1:
            request, patience = _get(chance.choice(COSTLIEST), chance), chance.uniform(0.1, 2.0)
        else:
            request, patience = chance.choice(PIECES), chance.uniform(0.05, 0.5)
        _send(port, request, patience, f"127.0.2.{number + 1}")
        requests += 1
    return requests


def _send(port: int, request: bytes, patience: float, source: str) -> None:
    """Send, and read what comes until it comes no more for a while; a hostile client keeps none of it."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=patience, source_address=(source, 0)) as connection:
            connection.sendall(request)
            while connection.recv(65536):
                pass
    except OSError:
        pass


def _post(text: str) -> bytes:
    body = urlencode({"query": text}).encode()
    head = (
        "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _get(address: str, chance: random.Random) -> bytes:
    """With a host name that nobody used before, so that no cache answers."""
    address = quote(address, safe="/?&=%:+,;@-._~")
    return f"GET {address} HTTP/1.1\r\nHost: h{chance.randrange(10**9)}.example\r\n\r\n".encode()


def described(snapshot: Snapshot) -> list[str]:
    """IRIs that a snapshot describes."""
    subjects = {quad.subject for quad in snapshot.quads()}
    return sorted(iri_value(one) for one in subjects if one.startswith(f"<{snapshot.manifest.base}id/"))
