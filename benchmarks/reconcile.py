"""What a reconciliation query costs: CPU of all processes, for names as spreadsheets have them.

Batches are posted as OpenRefine posts them, ten queries each, and single queries. No batch is sent twice, so none is
answered from the cache: each has a number in its keys. The goal: at most 3 ms of CPU for a query of a batch.

    python benchmarks/reconcile.py            writes benchmarks/reconcile.md
"""

from __future__ import annotations

import csv
import json
import os
import platform
import statistics
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from api import Server, serving

RESULT = Path(__file__).with_name("reconcile.md")
NAMES = Path(__file__).parents[1] / "tests" / "http" / "reconciling"
ROUNDS, BATCHES, SIZE = 5, 30, 10
GOAL = 3.0
FORM = {"content-type": "application/x-www-form-urlencoded"}
_NUMBERS = count()


def written(name: str) -> list[str]:
    with (NAMES / f"names_{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row["written"] for row in csv.DictReader(file)]


def form(names: list[str], size: int, **more: object) -> str:
    """The next batch of these names, as a form."""
    number = next(_NUMBERS)
    chosen = [names[(number * size + place) % len(names)] for place in range(size)]
    batch = {f"q{number}.{place}": {"query": name, **more} for place, name in enumerate(chosen)}
    return urlencode({"queries": json.dumps(batch)})


def extension(number: int) -> str:
    ids = [f"https://w3id.org/migration-policy/id/actor/{one}" for one in ("spd", "cdu", "awo", "drk", "caritas")]
    fields = [{"id": one} for one in ("kind", "level", "member_of", "note")]
    return urlencode({"extend": json.dumps({"ids": [*ids, f"urn:x:{number}"], "properties": fields})})


def cost(server: Server, forms: Callable[[], str], each: int) -> float:
    """Milliseconds of CPU for one of the `each` things that a form asks for; the median of rounds."""

    def work() -> int:
        for _ in range(BATCHES):
            server.post("/reconcile/de", forms().encode(), FORM)
        return BATCHES * each

    work()
    return statistics.median(server.cpu(work) for _ in range(ROUNDS))


def main() -> None:
    known, unknown = written("known"), written("unknown")
    properties = [{"pid": "kind", "v": "Wohlfahrtsverband"}, {"pid": "level", "v": "Land"}]
    asked: dict[str, tuple[Callable[[], str], int]] = {
        "known names, actors, batches of ten": (lambda: form(known, SIZE, type="actors"), SIZE),
        "unknown names, actors, batches of ten": (lambda: form(unknown, SIZE, type="actors"), SIZE),
        "known names, any type, batches of ten": (lambda: form(known, SIZE), SIZE),
        "known names with two properties, batches of ten": (
            lambda: form(known, SIZE, type="actors", properties=properties),
            SIZE,
        ),
        "known names, actors, one a request": (lambda: form(known, 1, type="actors"), 1),
        "data extension: six actors, four properties, a request": (lambda: extension(next(_NUMBERS)), 1),
    }
    lines = [
        "# What a reconciliation query costs",
        "",
        f"Shipped data, Python {platform.python_version()}, {os.cpu_count()} cores; CPU milliseconds of all processes",
        f"for a query, median of {ROUNDS} rounds; nothing comes from the cache. The goal: {GOAL:g} ms for a query of",
        "a batch.",
        "",
        "| queries | ms |",
        "|---|---|",
    ]
    failed = False
    with serving() as server:
        for name, (forms, each) in asked.items():
            found = cost(server, forms, each)
            failed |= each == SIZE and found > GOAL
            lines.append(f"| {name} | **{found:.2f}** |")
            print(lines[-1], flush=True)
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(failed)


if __name__ == "__main__":
    main()
