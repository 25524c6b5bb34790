"""A minute of 64 clients, one in twenty of them hostile: no benign request fails, and memory returns to its level."""

from __future__ import annotations

import http.client
import os
import random
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.http.processes import E, Served, people, served, wait_until, write_snapshot
from tests.http.server.test_process import HOSTILE

pytestmark = pytest.mark.alone

CLIENTS = 64
SECONDS = float(os.environ.get("SOAK_SECONDS", "60" if os.environ.get("CI") else "10"))
ROOM = 64 * 1024 * 1024
PIECES = [
    b"GET /sparql HTTP/1.1\r\nHost",
    b"\x16\x03\x01rubbish\r\n\r\n",
    b"GET /sparql?query=SELECT+*+%7B+%3Fs+%3Fp+%3Fo+%7D HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK",
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
]


class Soak:
    """What all clients did and met."""

    def __init__(self, service: Served) -> None:
        self.service = service
        self.end = time.monotonic() + SECONDS
        self.good = Counter[int]()
        self.failures: list[str] = []
        self.hostile = 0

    def benign(self, number: int) -> None:
        """An analyst: asks, reads, thinks; from an address of its own."""
        chance = random.Random(number)
        address = (f"127.0.1.{number + 1}", 0)
        while time.monotonic() < self.end:
            connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=30, source_address=address)
            try:
                for _ in range(chance.randrange(1, 5)):
                    self.ask(connection, chance)
                    time.sleep(chance.uniform(0.1, 0.5))
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
            finally:
                connection.close()

    def ask(self, connection: http.client.HTTPConnection, chance: random.Random) -> None:
        person = f"<{E}p{chance.randrange(5000):06}>"
        query = chance.choice(
            [
                f"SELECT * WHERE {{ {person} ?p ?o }}",
                f"ASK {{ {person} <{E}name> ?name }}",
                f"SELECT * WHERE {{ {person} <{E}knows>/<{E}knows> ?o }}",
                f"CONSTRUCT WHERE {{ {person} <{E}knows> ?o }}",
                f"SELECT * WHERE {{ ?s <{E}name> ?name }} LIMIT {chance.randrange(1, 500)}",
            ]
        )
        connection.request("GET", "/sparql?" + urlencode({"query": query}))
        response = connection.getresponse()
        body = response.read()
        self.good[response.status] += 1
        if response.status != 200:
            self.failures.append(f"{response.status} {body[:300]!r}")

    def attack(self, number: int) -> None:
        """A stranger who tries everything, over and over."""
        chance = random.Random(number)
        address = f"127.0.2.{number + 1}"
        texts = [text for text, _ in HOSTILE.values()]
        while time.monotonic() < self.end:
            if chance.random() < 0.5:
                body = urlencode({"query": chance.choice(texts)}).encode()
                head = (
                    "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n"
                )
                self.service.raw(head.encode() + body, seconds=chance.uniform(0.1, 2.0), source=address)
            else:
                self.service.raw(chance.choice(PIECES), seconds=chance.uniform(0.05, 0.5), source=address)
            self.hostile += 1


def test_soak(tmp_path: Path) -> None:
    directory = write_snapshot(tmp_path, people(5000))
    with served(directory, seconds=1.0, memory_mb=256) as service:
        with service.client() as client:
            for number in range(50):
                client.get("/sparql", params={"query": f"SELECT * WHERE {{ ?s ?p ?o }} LIMIT {number}"})
        before = service.memory()
        soak = Soak(service)
        hostile = CLIENTS // 20
        threads = [threading.Thread(target=soak.benign, args=(n,)) for n in range(CLIENTS - hostile)]
        threads += [threading.Thread(target=soak.attack, args=(n,)) for n in range(hostile)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert soak.failures == []
        assert soak.good[200] > 10 * SECONDS
        assert soak.hostile > SECONDS
        assert service.process.poll() is None

        assert wait_until(lambda: service.memory() < before + ROOM, 15), (before, service.memory())
        with service.client() as client:
            assert client.get("/ready").json() == {"ready": True}


@pytest.fixture(autouse=True)
def _linux_only() -> None:
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("memory is read from /proc")
