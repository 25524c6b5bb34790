"""What a store counts, for metrics."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Statistics:
    """Counters since the store was opened, and how things stand now.

    Attributes:
        queries: queries that were begun.
        running: queries that run now.
        waiting: queries that wait for a worker now.
        workers: workers that live now.
        kills: workers that were killed because of a limit or a client that went away.
        worker_restarts: workers that were forked in place of another.
        keeper_restarts: times that the keeper was lost and began anew.
        refusals: queries not answered, by reason: `busy`, `seconds`, `client_seconds`, `memory`, `rows`,
            `answer_bytes`, `nesting`, `lost` (the worker), `closed` (the client went away), or the name of the error.
        fork_seconds: how long the last fork took.
        worker_pids: process ids of the workers.
        keeper_pid: process id of the keeper; 0 while there is none.
    """

    queries: int = 0
    running: int = 0
    waiting: int = 0
    workers: int = 0
    kills: int = 0
    worker_restarts: int = 0
    keeper_restarts: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    fork_seconds: float = 0.0
    worker_pids: tuple[int, ...] = ()
    keeper_pid: int = 0

    def memory(self) -> dict[int, tuple[int, int]]:
        """Bytes resident and bytes in proportion to sharing (RSS and PSS) of keeper and workers, by process id.

        The kernel walks all pages for it: some milliseconds for each gigabyte. Empty where there is no `/proc`.
        """
        found = {}
        for pid in (self.keeper_pid, *self.worker_pids):
            try:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            except OSError:
                continue
            sizes = dict(line.split()[:2] for line in lines if line.startswith(("Rss:", "Pss:")))
            found[pid] = (int(sizes["Rss:"]) * 1024, int(sizes["Pss:"]) * 1024)
        return found
