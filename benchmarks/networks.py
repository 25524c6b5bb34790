"""Discourse networks: the sparse products beside a plain reference loop, up to a million statements.

    python benchmarks/networks.py            writes benchmarks/networks.md

Each measurement runs in a process of its own: CPU seconds (user and system) from the loaded table to the finished
network, duplicates removed, and the peak memory of the whole process. Of several runs the fastest counts. Statements
are drawn evenly over actors and concepts, which is the worst case: nearly every pair of actors shares something.
"""

from __future__ import annotations

import argparse
import datetime
import json
import platform
import random
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Actors, propositions, statements; the loop does the first three.
SIZES = ((20, 50, 1_000), (60, 100, 5_000), (150, 150, 20_000), (1_000, 300, 100_000), (10_000, 1_000, 1_000_000))
LOOP_SIZES = SIZES[:3]
CHOICES = (("ignore", "no"), ("congruence", "average"), ("subtract", "cosine"), ("congruence", "jaccard"))
RUNS = 3


def drawn(actors: int, concepts: int, statements: int) -> list[tuple[str, str, float, str, datetime.date]]:
    """Actor, concept, level, document and date of each statement; three levels, as agreements have."""
    chance = random.Random(1)
    start = datetime.date(2005, 1, 1)
    documents = [
        (f"d{number}", start + datetime.timedelta(number % 7000)) for number in range(max(statements // 50, 1))
    ]
    levels = chance.choices((-1.0, 0.0, 1.0), (30, 10, 60), k=statements)
    named = [f"a{number}" for number in range(actors)], [f"c{number}" for number in range(concepts)]
    return [(chance.choice(named[0]), chance.choice(named[1]), level, *chance.choice(documents)) for level in levels]


def module(size: tuple[int, int, int], measure: str, normalisation: str) -> Callable[[], int]:
    """The package: a table is loaded, and what is returned computes the network and says how many edges it has."""
    from graph_service.networks import Measure, Mode, Normalisation, Specification, Statements, network

    rows = drawn(*size)
    columns = {
        "actor": [row[0] for row in rows],
        "concept": [row[1] for row in rows],
        "level": [repr(row[2]) for row in rows],
        "document": [row[3] for row in rows],
        "date": [row[4].isoformat() for row in rows],
    }
    start = cpu()
    table = Statements.from_columns(columns)
    print(f"loaded in {cpu() - start:.1f} s", file=sys.stderr)
    specification = Specification(Mode.ACTORS, Measure(measure), Normalisation(normalisation))
    return lambda: network(table, specification).edge_count


def loop(size: tuple[int, int, int], measure: str, normalisation: str) -> Callable[[], int]:
    """The formulas as written, over all pairs."""
    sys.path.insert(0, str(ROOT))
    from tests.networks import reference

    rows = [
        reference.Row(actor, concept, level, document, 0, date)
        for actor, concept, level, document, date in drawn(*size)
    ]

    def compute() -> int:
        kept = reference.without_duplicates(rows, "document", measure)
        return len(reference.one_mode(kept, [-1.0, 0.0, 1.0], measure, normalisation))

    return compute


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure_here(kind: str, place: int, measure: str, normalisation: str) -> None:
    """One measurement in this process, printed as JSON."""
    compute = {"module": module, "loop": loop}[kind](SIZES[place], measure, normalisation)
    start = cpu()
    edges = compute()
    seconds = cpu() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "edges": edges, "mb": peak}))


def measured(kind: str, place: int, measure: str, normalisation: str, runs: int) -> dict[str, float]:
    """The fastest of several measurements, each in a new process."""
    command = [sys.executable, __file__, "--measure", kind, str(place), measure, normalisation]
    found = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(runs)
    ]
    best: dict[str, float] = min(found, key=lambda one: one["seconds"])
    return best


def table() -> str:
    lines = [
        "# Discourse networks: sparse products beside a plain loop",
        "",
        f"CPU seconds after loading, best of {RUNS} (the loop once), on a machine shared with other work;"
        f" {platform.machine()}, Python"
        f" {platform.python_version()}. Written by `make bench-networks`.",
        "",
        "| actors × propositions | statements | measure, normalisation | edges | loop, s | module, s | peak MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for place, (actors, concepts, statements) in enumerate(SIZES):
        for measure, normalisation in CHOICES:
            ours = measured("module", place, measure, normalisation, RUNS)
            theirs = "–"
            if (actors, concepts, statements) in LOOP_SIZES:
                looped = measured("loop", place, measure, normalisation, 1)
                if looped["edges"] != ours["edges"]:
                    raise SystemExit(f"Module and loop differ: {ours['edges']} and {looped['edges']} edges.")
                theirs = f"{looped['seconds']:.2f}"
            lines.append(
                f"| {actors:,} × {concepts:,} | {statements:,} | {measure}, {normalisation} | {ours['edges']:,} |"
                f" {theirs} | {ours['seconds']:.3f} | {ours['mb']:,.0f} |"
            )
            print(lines[-1], flush=True)
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", nargs=4, metavar=("KIND", "SIZE", "MEASURE", "NORMALISATION"), help="one figure")
    given = parser.parse_args()
    if given.measure:
        kind, place, measure, normalisation = given.measure
        measure_here(kind, int(place), measure, normalisation)
        return
    Path(__file__).with_suffix(".md").write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main()
