"""Counters and gauges in the text format of Prometheus (exposition format 0.0.4), of one process or the sum of several.

Written by hand: the format is a page long, and the label sets are few and bounded (routes as they are declared, never
paths as they are asked for).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graph_service.workers.statistics import Statistics

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# A route that is a path by mistake must not fill the memory.
MOST_ROUTES = 200

Labels: TypeAlias = tuple[tuple[str, str], ...]
Gauges: TypeAlias = Callable[[], Mapping[str, float]]

_HELP = {
    "graph_service_requests_total": "Requests answered, by route, method and status.",
    "graph_service_request_duration_seconds": "Time from the first byte of a request to the last of its answer.",
    "graph_service_response_bytes_total": "Bytes of answer bodies, by route.",
    "graph_service_problems_total": "Requests that met an error, by its kind.",
    "graph_service_broken_answers_total": "Answers that failed in mid-stream and broke their connection.",
    "graph_service_disconnects_total": "Clients that went away before their answer was complete.",
    "graph_service_processes": "Processes that serve.",
    "graph_service_store_memory_bytes": "Memory of the keeper and its workers, shared pages counted once.",
    "graph_service_store_kills_total": "Workers killed because of a limit, or of a client that went away.",
    "graph_service_store_refusals_total": "Queries not answered, by reason.",
    "graph_service_unmodified_total": "Requests answered by 304, without running the query.",
}


@dataclass
class Counts:
    """What one process has counted, or several together.

    Attributes:
        counters: by name and labels.
        durations: for each route the requests in each of the buckets, above the last one, and the sum of seconds.
        gauges: by full name, with labels in braces.
    """

    counters: defaultdict[tuple[str, Labels], float] = field(default_factory=lambda: defaultdict(float))
    durations: dict[str, list[float]] = field(default_factory=dict)
    gauges: dict[str, float] = field(default_factory=dict)

    def add(self, other: Counts) -> None:
        """Add what another process has counted."""
        for key, value in other.counters.items():
            self.counters[key] += value
        for route, row in other.durations.items():
            known = self.durations.get(route, [0.0] * len(row))
            self.durations[route] = [one + more for one, more in zip(known, row, strict=True)]
        for name, value in other.gauges.items():
            self.gauges[name] = self.gauges.get(name, 0.0) + value

    def lasting(self) -> Counts:
        """What stays true of a process that has ended: all but the gauges of how things stand."""
        counted = {name: value for name, value in self.gauges.items() if _is_counter(name)}
        return Counts(self.counters, self.durations, counted)

    def encode(self) -> list[Any]:
        """As JSON has it."""
        return [[[*key, value] for key, value in self.counters.items()], self.durations, self.gauges]

    @classmethod
    def decode(cls, content: list[Any]) -> Counts:
        """What `encode` made."""
        counters, durations, gauges = content
        found = cls(durations=durations, gauges=gauges)
        for name, labels, value in counters:
            found.counters[name, tuple((label, text) for label, text in labels)] = value
        return found

    def exposition(self) -> str:
        """Everything, as Prometheus reads it."""
        lines: list[str] = []
        for name, samples in self._by_name().items():
            lines += _head(name, "counter")
            lines += [f"{name}{_braces(labels)} {_number(value)}" for labels, value in samples]
        lines += _head("graph_service_request_duration_seconds", "histogram")
        for route, row in sorted(self.durations.items()):
            lines += _histogram("graph_service_request_duration_seconds", route, row)
        for family, gauges in self._families().items():
            lines += _head(family, "counter" if _is_counter(family) else "gauge")
            lines += [f"{name} {_number(value)}" for name, value in gauges]
        return "\n".join(lines) + "\n"

    def _by_name(self) -> dict[str, list[tuple[Labels, float]]]:
        names: dict[str, list[tuple[Labels, float]]] = {}
        for (name, labels), value in sorted(self.counters.items()):
            names.setdefault(name, []).append((labels, value))
        return names

    def _families(self) -> dict[str, list[tuple[str, float]]]:
        families: dict[str, list[tuple[str, float]]] = {}
        for name, value in self.gauges.items():
            families.setdefault(name.partition("{")[0], []).append((name, value))
        return families


class Metrics:
    """Counters and histograms of one process, and gauges that are read when somebody looks."""

    def __init__(self) -> None:
        self._counted = Counts()
        self._counters = self._counted.counters
        self._durations = self._counted.durations
        self._gauges: list[Gauges] = []

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter; `name` without prefix and `_total`."""
        self._counters[f"graph_service_{name}_total", tuple(labels.items())] += amount

    def observe(self, route: str, method: str, status: int, seconds: float, size: int) -> None:
        """Count one request that came to its end."""
        if route not in self._durations and len(self._durations) >= MOST_ROUTES:
            route = "other"
        labels = (("route", route), ("method", method), ("status", str(status)))
        self._counters["graph_service_requests_total", labels] += 1
        self._counters["graph_service_response_bytes_total", (("route", route),)] += size
        row = self._durations.get(route)
        if row is None:
            row = self._durations[route] = [0.0] * (len(BUCKETS) + 2)
        row[bisect_left(BUCKETS, seconds)] += 1
        row[-1] += seconds

    def gauges(self, source: Gauges) -> None:
        """Add a source that is asked at each scrape.

        It gives full metric names, with labels in braces where they have any, and their values; samples of one
        metric follow each other, and `…_total` are counters.
        """
        self._gauges.append(source)

    def counts(self, gauges: Mapping[str, float]) -> Counts:
        """A copy of everything; `gauges` as `read_gauges` returns them."""
        copy = Counts(gauges=dict(gauges))
        copy.add(self._counted)
        return copy

    def read_gauges(self) -> dict[str, float]:
        """Ask all sources; some read what the kernel knows of other processes, so call it beside the event loop."""
        return {name: value for source in self._gauges for name, value in source().items()}


def of_store(statistics: Statistics) -> dict[str, float]:
    """What a store counts, as samples."""
    prefix = "graph_service_store_"
    memory = statistics.memory()
    samples: dict[str, float] = {
        f"{prefix}queries_total": statistics.queries,
        f"{prefix}kills_total": statistics.kills,
        f"{prefix}worker_restarts_total": statistics.worker_restarts,
        f"{prefix}keeper_restarts_total": statistics.keeper_restarts,
        f"{prefix}running": statistics.running,
        f"{prefix}waiting": statistics.waiting,
        f"{prefix}workers": statistics.workers,
        f"{prefix}fork_seconds": statistics.fork_seconds,
        f"{prefix}memory_bytes": sum(proportional for _, proportional in memory.values()),
    }
    for reason, number in sorted(statistics.refusals.items()):
        samples[f"{prefix}refusals_total{_braces((('reason', reason),))}"] = number
    return samples


def _is_counter(name: str) -> bool:
    return name.partition("{")[0].endswith("_total")


def _head(name: str, kind: str) -> Iterable[str]:
    if name in _HELP:
        yield f"# HELP {name} {_HELP[name]}"
    yield f"# TYPE {name} {kind}"


def _histogram(name: str, route: str, row: list[float]) -> Iterable[str]:
    total = 0.0
    for bound, count in zip((*map(str, BUCKETS), "+Inf"), row[:-1], strict=True):
        total += count
        yield f"{name}_bucket{_braces((('route', route), ('le', bound)))} {_number(total)}"
    yield f"{name}_sum{_braces((('route', route),))} {row[-1]:.6f}"
    yield f"{name}_count{_braces((('route', route),))} {_number(total)}"


def _braces(labels: Labels) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escape(value)}"' for name, value in labels) + "}"


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
