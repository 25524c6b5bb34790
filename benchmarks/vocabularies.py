"""What a page of data that are not ours costs: W3C's vocabularies and a thesaurus of 20,000 concepts, as they are.

As in `pages.py`, but each page fresh only, and the service at rest: it answers large data from disk at first and loads
them into memory meanwhile, which is no cost of a page. The goal: at most 15 ms. A search in more texts than an index
holds scans them and has no goal.

    PYTHONPATH=. python benchmarks/vocabularies.py          writes benchmarks/vocabularies.md
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path

from api import Server, serving
from tests.housing import thesaurus, vocabularies

RESULT = Path(__file__).with_name("vocabularies.md")
CONCEPTS = 20_000
ROUNDS, FRESH, MOST_MS = 5, 10, 15
SCANS = "/search?q=kaborfi"
PAGES = (
    "/",
    "/things",
    "/page?iri=http://www.w3.org/ns/org%23",
    "/page/prov",
    "/page/dcat",
    "/page/ns/www.w3.org/2004/02/skos/core",
    "/page/ns/www.w3.org/2004/02/skos/core?view=statements",
    "/page?iri=http://www.w3.org/ns/org%23originalOrganization",
    "/page?iri=http://www.w3.org/ns/prov%23wasDerivedFrom",
    "/page?iri=http://www.w3.org/ns/dcat%23Dataset",
)
OF_A_THESAURUS = (
    "/things",
    "/things?class=skos:Concept",
    f"/page?iri={thesaurus.BASE}",
    f"/page/ns/thesaurus.example/c/{thesaurus.WIDE}",
    "/page/ns/thesaurus.example/c/3",
    "/page/ns/thesaurus.example/c/200",
    "/page/ns/thesaurus.example/c/19999?view=statements",
    SCANS,
)


def _fresh(server: Server, path: str) -> float:
    numbers = iter(range(10**9))
    sign = "&" if "?" in path else "?"

    def work() -> int:
        for _ in range(FRESH):
            server.get(f"{path}{sign}lang=en-x{next(numbers)}", accept="text/html")
        return FRESH

    return statistics.median([server.cpu(work) for _ in range(ROUNDS + 1)][1:])


def main() -> None:
    if not vocabularies.THERE:
        raise SystemExit("make assets fetches the vocabularies")
    lines = [
        "# What a page costs of other data",
        "",
        "Written by `make bench-vocabularies`: ORG, SKOS, PROV and DCAT of W3C, then a made-up thesaurus of",
        f"{CONCEPTS:,} concepts, then both together; Python {platform.python_version()}, {os.cpu_count()} cores;",
        f"CPU milliseconds of all processes for a page that is not cached, median of {ROUNDS} rounds. The goal: at",
        f"most {MOST_MS} ms.",
        "",
        "| page | fresh | |",
        "|---|---:|---|",
    ]
    failed = False
    both = (CONCEPTS, vocabularies.FILES, (*PAGES, *OF_A_THESAURUS))
    for concepts, files, paths in ((1, vocabularies.FILES, PAGES), (CONCEPTS, (), OF_A_THESAURUS), both):
        with tempfile.TemporaryDirectory() as directory:
            project = vocabularies.make(Path(directory) / "project", concepts=concepts, files=files)
            with serving("--settings", str(project / "graph-service.toml")) as server:
                server.settle()
                for path in paths:
                    cost = _fresh(server, path)
                    verdict = "scans" if path == SCANS else "met" if cost <= MOST_MS else "missed"
                    failed |= verdict == "missed"
                    lines.append(f"| `{path}` | {cost:.1f} | {verdict} |")
                    print(lines[-1], flush=True)
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(failed)


if __name__ == "__main__":
    main()
