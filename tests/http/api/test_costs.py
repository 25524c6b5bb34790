"""The costliest requests that were found cost the serving process little, and stay within the limits of a worker.

`benchmarks/costliest.py` looks for them. They are asked again here, with others that once stopped the service.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from graph_service.snapshots.snapshot import Snapshot
from tests.http.metering import KEPT, SECONDS, Meter
from tests.http.processes import Served, served

pytestmark = pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="CPU is read from /proc")

COSTLIEST = sorted(json.loads(KEPT.read_text(encoding="utf-8")).items())
# Requests that held the serving process for many seconds before routes had workers.
KNOWN = (
    "/api/networks/actors?window=1&unit=days",
    "/api/networks/actors?window=1&unit=days&format=gexf",
    "/api/networks/propositions?window=2999&unit=days&step=1&all=true&duplicates=include",
    "/compare?" + urlencode([("actor", f"a{number}") for number in range(900)]),
    "/api/compare?" + urlencode([("actor", f"a{number}") for number in range(900)]),
    "/network?since=1900-01-01&until=2100-01-01&measure=subtract",
    "/search?q=" + quote("Aufenthaltsrecht " * 400),
    "/reconcile?" + urlencode({"queries": json.dumps({n: {"query": f"Bundesverbnad {n} " * 24} for n in range(50)})}),
    "/matrix",
    "/sitemap.xml",
    "/.well-known/void",
)
SERVING_SECONDS = 0.05
# What is answered, or says which limit it met and how to ask for less.
STATUSES = {200, 400, 404, 414, 422, 503, 504}


@pytest.fixture(scope="module")
def service(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("costs") / "log"
    with served(shipped_snapshot.path, log=log, seconds=SECONDS, cache_mb=0) as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("address", [*KNOWN, *(address for _, address in COSTLIEST)], ids=lambda one: one[:60])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_the_serving_process_hardly_notices(service: Served, address: str, coding: str) -> None:
    """CPU time and not time by the clock; the least of three, since a busy machine makes caches cold."""
    meter = Meter(service)
    costs = []
    for _ in range(3):
        costs.append(meter.cost(address, **{"accept-encoding": coding}))
        if costs[-1].serving < SERVING_SECONDS:
            break
    assert {cost.status for cost in costs} <= STATUSES
    assert min(cost.serving for cost in costs) < SERVING_SECONDS, costs
    assert min(cost.working for cost in costs) < SECONDS * 2, costs


def test_every_operation_was_searched(service: Served) -> None:
    paths = {path for path in Meter(service).get("/openapi.json")["paths"] if path.startswith("/api/")}
    assert paths == {path for path, _ in COSTLIEST}
