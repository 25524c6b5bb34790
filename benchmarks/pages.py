"""What a page costs the server: CPU of all processes for one page of every type, fresh and from the cache.

A page that is not cached is had by a language tag that nobody asked for before: it is read as the language before the
hyphen, but is another page to the cache. The goals: at most 15 ms fresh and 2 ms cached, at most 150 kB compressed.

    PYTHONPATH=. python benchmarks/pages.py          writes benchmarks/pages.md
"""

from __future__ import annotations

import gzip
import os
import platform
import statistics
import sys
from pathlib import Path

from tests.browser.page_types import PAGE_TYPES, address

from api import Server, serving

RESULT = Path(__file__).with_name("pages.md")
ROUNDS = 5
FRESH = 20
CACHED = 500
MOST_MS, MOST_CACHED_MS, MOST_KB = 15, 2, 150
HTML = "text/html"


def measure(server: Server, path: str) -> tuple[float, float, float]:
    """CPU milliseconds of a fresh page and of a cached one, medians of rounds, and kB of the page compressed."""
    number = iter(range(10**9))
    cached = address(path, "en")

    def fresh() -> int:
        for _ in range(FRESH):
            server.get(address(path, f"en-x{next(number)}"), accept=HTML)
        return FRESH

    def again() -> int:
        for _ in range(CACHED):
            server.get(cached, accept=HTML)
        return CACHED

    fresh(), again()
    rounds = [(server.cpu(fresh), server.cpu(again)) for _ in range(ROUNDS)]
    size = len(gzip.compress(server.get(cached, accept=HTML))) / 1000
    return statistics.median(one for one, _ in rounds), statistics.median(one for _, one in rounds), size


def main() -> None:
    lines = [
        "# What a page costs",
        "",
        f"Written by `make bench-pages`: shipped data, Python {platform.python_version()}, {os.cpu_count()} cores; CPU",
        f"milliseconds of all processes, median of {ROUNDS} rounds, one client on a connection that is kept.",
        f"The goals: at most {MOST_MS} ms fresh, {MOST_CACHED_MS} ms cached, {MOST_KB} kB compressed.",
        "",
        "| page | fresh | cached | kB | |",
        "|---|---:|---:|---:|---|",
    ]
    failed = False
    with serving() as server:
        for path in PAGE_TYPES.values():
            fresh, cached, size = measure(server, path)
            met = fresh <= MOST_MS and cached <= MOST_CACHED_MS and size <= MOST_KB
            failed |= not met
            lines.append(f"| `{path}` | {fresh:.1f} | {cached:.2f} | {size:.1f} | {'met' if met else 'missed'} |")
            print(lines[-1], flush=True)
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(failed)


if __name__ == "__main__":
    main()
