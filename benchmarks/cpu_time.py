"""CPU time of a server with all its processes, from the books of the kernel."""

from __future__ import annotations

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(root: int) -> float:
    """User and system time so far of a process and all below it, children that have ended included."""
    return sum(map(_cpu, _family(root)))


def serving_seconds(root: int) -> float:
    """Of them, what the processes took that accept connections: the first, and its siblings."""
    return sum(_cpu(pid, ended=False) for pid in _family(root) if pid == root or _is_sibling(pid))


def _is_sibling(pid: int) -> bool:
    try:
        return b"sibling_process" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _family(root: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _cpu(pid: int, *, ended: bool = True) -> float:
    """User and system time, from the scheduler's own books where the kernel keeps them: ticks are too coarse.

    That of children which have ended is with their parent, in ticks: a worker ends when it has much memory of its own.
    """
    try:
        total = sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir())
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        own, below = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
        return (total / 1e9 or own / TICK) + ended * below / TICK
    except (OSError, ValueError):
        return 0.0
