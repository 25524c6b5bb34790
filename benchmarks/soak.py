"""How long small queries, pages and `/health` wait, without hostile clients and with them, in one run.

python benchmarks/soak.py       writes benchmarks/soak.md
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from tests.http.processes import served
from tests.http.soaking import CLIENTS, HOSTILE_CLIENTS, Soak, described

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import current_or_build
from graph_service.settings import BuildSettings

RESULT = Path(__file__).with_name("soak.md")
SECONDS = 30


def main() -> None:
    """Run both, and write the table."""
    with tempfile.TemporaryDirectory() as directory:
        snapshot = current_or_build(find_inputs(BuildSettings(snapshots=Path(directory))))
        resources = described(snapshot)
        with served(snapshot.path, log=Path(directory) / "log", seconds=1.0, memory_mb=256) as service:
            Soak(service, resources, 5).run(hostile=0)
            soaks = [Soak(service, resources, SECONDS) for _ in range(2)]
            for soak, hostile in zip(soaks, (0, HOSTILE_CLIENTS), strict=True):
                soak.end += 0 if not hostile else SECONDS
                soak.run(hostile)
    lines = [
        "# Waiting beside hostile clients",
        "",
        f"`make bench-soak`; {CLIENTS} clients for {SECONDS} s, without and with {HOSTILE_CLIENTS} hostile ones, which "
        f"sent {soaks[1].hostile} requests. Milliseconds from the request to the whole answer, clients on the same "
        f"machine. Failures: {len(soaks[0].failures)} and {len(soaks[1].failures)}.",
        "",
        "| asked | median without | with | 95th percentile without | with | ratio |",
        "|---|---|---|---|---|---|",
    ]
    for kind in ("health", "query", "page"):
        medians = [statistics.median(soak.seconds[kind]) * 1000 for soak in soaks]
        high = [statistics.quantiles(soak.seconds[kind], n=20)[-1] * 1000 for soak in soaks]
        figures = (*medians, *high, high[1] / high[0])
        lines.append(f"| {kind} | {' | '.join(f'{figure:.1f}' for figure in figures)} |")
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
