"""What a request costs the processes of a service."""

from __future__ import annotations

import http.client
import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.http.processes import Served, family

# The costliest request of each operation, by path, which `benchmarks/costliest.py` found.
KEPT = Path(__file__).parent / "api" / "costliest.json"
# The limit of time of the services that are measured.
SECONDS = 2.0


@dataclass(frozen=True)
class Cost:
    """What one request cost.

    Attributes:
        status: of the answer.
        size: of its body, in bytes.
        serving: CPU seconds of the serving process.
        working: CPU seconds of the workers; those of one that was killed count as the limit of time.
    """

    status: int
    size: int
    serving: float
    working: float


class Meter:
    """Asks a service, and measures what it costs. Every request has a host name of its own, so none is cached."""

    def __init__(self, service: Served) -> None:
        self._service = service
        self._numbers = itertools.count()

    def cost(self, address: str, **fields: str) -> Cost:
        """What an address costs."""
        root, before = self._service.process.pid, self._seconds()
        connection = http.client.HTTPConnection("127.0.0.1", self._service.port, timeout=60)
        connection.request("GET", address, headers={"host": f"h{next(self._numbers)}.example", **fields})
        answer = connection.getresponse()
        size = len(answer.read())
        connection.close()
        after = self._seconds()
        working = sum(after[pid] - before.get(pid, 0.0) for pid in after if pid != root)
        killed = answer.status >= 500 and before.keys() - after.keys()
        return Cost(answer.status, size, after[root] - before[root], SECONDS if killed else working)

    def get(self, address: str) -> Any:
        """An answer in JSON; asked again where the limit of time, which is for costs, was met."""
        for _ in range(10):
            connection = http.client.HTTPConnection("127.0.0.1", self._service.port, timeout=60)
            connection.request("GET", address, headers={"accept": "application/json"})
            answer = connection.getresponse()
            body = answer.read()
            connection.close()
            if answer.status not in (503, 504):
                break
        assert answer.status == 200, body
        return json.loads(body)

    def _seconds(self) -> dict[int, float]:
        """CPU seconds by process (`/proc/PID/task/*/schedstat`, nanoseconds)."""
        found = {}
        for pid in family(self._service.process.pid):
            try:
                tasks = list(Path(f"/proc/{pid}/task").iterdir())
                found[pid] = sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
            except OSError:
                continue
        return found
