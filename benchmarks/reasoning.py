"""The reasoning benchmark: CPU, memory and inferred triples of each reasoner on generated policy graphs.

    python benchmarks/reasoning.py [--sizes 1000 10000 100000 1000000] [--write benchmarks/reasoning.md]

Each measurement runs in a process of its own. CPU seconds are user and system time of it and of all its children,
from stated quads to inferred quads in hand, the compiling of the ontology included; peak memory is that of the whole
process, the stated quads included. Of several runs the fastest counts.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import reasoning_graphs

from graph_service.explaining import checker
from graph_service.rdf.terms import Quad
from graph_service.reasoning import select
from graph_service.reasoning.compiled import uncollected
from graph_service.reasoning.facts import MemoryFacts
from graph_service.reasoning.proofs import explain

LARGEST = {"compiled": 10**9, "owlrl": 10_000, "none": 10**9}
"""Above this, a reasoner takes minutes to hours and is left out."""
INFERRED = f"<{reasoning_graphs.BASE}graph/inferred>"


def cpu() -> float:
    """CPU seconds of this process and its children so far."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def peak() -> float:
    """Peak memory of this process and its largest child, in MB."""
    used = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used) / 1024


def measure_closure(reasoner: str, size: int) -> dict[str, Any]:
    """Close one graph, several times unless that takes minutes."""
    quads = reasoning_graphs.quads(size)
    chosen = select(reasoner)
    seconds = []
    for _ in range(1 if reasoner == "owlrl" else 3):
        started = cpu()
        with uncollected():
            closure = chosen.close([quad.triple for quad in quads])
            inferred = [Quad(*triple, INFERRED) for triple in closure.inferred]
        seconds.append(cpu() - started)
    assert not closure.contradictions
    return {"stated": len(quads), "inferred": len(inferred), "cpu": min(seconds), "peak": peak()}


def measure_proofs(size: int, number: int = 1000) -> dict[str, Any]:
    """Prove inferred triples that are drawn at random, and check each proof."""
    quads = reasoning_graphs.quads(size)
    inferred = sorted(select("compiled").close([quad.triple for quad in quads]).inferred)
    facts = MemoryFacts(quads, inferred)
    proving, checking, steps = [], [], []
    for triple in random.Random(7).sample(inferred, min(number, len(inferred))):
        started = time.process_time()
        proof = explain(triple, facts)
        proved = time.process_time()
        checker.check(proof, facts.stated)
        checking.append(time.process_time() - proved)
        proving.append(proved - started)
        steps.append(len(proof.inferences))
    last = int(len(proving) * 0.95)
    return {
        "stated": len(quads),
        "proofs": len(proving),
        "median": sorted(proving)[len(proving) // 2],
        "p95": sorted(proving)[last],
        "check": sorted(checking)[last],
        "steps": max(steps),
    }


def in_own_process(*arguments: str) -> dict[str, Any]:
    """What this script prints when it is run with these arguments."""
    command = [sys.executable, __file__, *arguments]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def table(sizes: list[int]) -> str:
    """The results as a page of Markdown; progress goes to standard error."""
    lines = [
        "# Reasoning benchmark",
        "",
        f"Python {platform.python_version()}, {platform.machine()}; `make bench-reasoning` writes this page anew.",
        "CPU from stated quads to inferred quads, compiling the ontology included, all processes counted.",
        "",
        "| reasoner | stated | inferred | CPU s | µs per stated triple | peak MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for reasoner, largest in LARGEST.items():
        for size in sizes:
            if size > largest:
                lines.append(f"| {reasoner} | {size} | | – | | |")
                continue
            print(f"{reasoner} {size} …", file=sys.stderr)
            got = in_own_process("--close", reasoner, str(size))
            each = got["cpu"] / got["stated"] * 1e6
            numbers = f"{got['cpu']:.3f} | {each:.1f} | {got['peak']:.0f}"
            lines.append(f"| {reasoner} | {got['stated']} | {got['inferred']} | {numbers} |")
    lines += ["", "| proofs of | median ms | 95th percentile ms | check, 95th percentile ms | most steps |"]
    lines.append("|---|---:|---:|---:|---:|")
    for size in (size for size in sizes if 10_000 <= size <= 100_000):
        print(f"proofs {size} …", file=sys.stderr)
        got = in_own_process("--prove", str(size))
        lines.append(
            f"| {got['proofs']} of {got['stated']} stated | {got['median'] * 1e3:.2f} | {got['p95'] * 1e3:.2f} "
            f"| {got['check'] * 1e3:.2f} | {got['steps']} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--write", type=Path)
    parser.add_argument("--close", nargs=2, metavar=("REASONER", "SIZE"), help=argparse.SUPPRESS)
    parser.add_argument("--prove", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.close:
        print(json.dumps(measure_closure(arguments.close[0], int(arguments.close[1]))))
    elif arguments.prove:
        print(json.dumps(measure_proofs(arguments.prove)))
    else:
        page = table(arguments.sizes)
        if arguments.write:
            arguments.write.write_text(page, encoding="utf-8")
        print(page)


if __name__ == "__main__":
    main()
