"""Whether a data set fits into memory."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from graph_service.snapshots.snapshot import QUADS
from graph_service.workers.limits import MIB

# Bytes of memory for a byte of quads.nq, the engine's indexes included (measured at 1M triples of 140 to 210 bytes).
FACTOR = 3.0
_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUP = Path("/proc/self/cgroup")


def fits(snapshot: Path, data_mb: int) -> bool:
    """Whether the data of a snapshot take no more than `data_mb` MiB; for 0, than half of the memory there is."""
    room = data_mb * MIB or memory() // 2
    return (snapshot / QUADS).stat().st_size * FACTOR <= room


def memory(own_group: Path = _OWN_GROUP, groups: Path = _GROUPS) -> int:
    """Bytes that this process may have: the machine's, or what a container or unit allows (Linux, cgroup v2).

    Args:
        own_group: the file that names the control group of this process.
        groups: the directory of all control groups.
    """
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *_limits(own_group, groups)])


def _limits(own_group: Path, groups: Path) -> Iterator[int]:
    """What the group of this process and those around it allow, in bytes."""
    with contextlib.suppress(OSError):
        for line in own_group.read_text().splitlines():
            if line.startswith("0::"):
                group = groups / line.removeprefix("0::").lstrip("/")
                for place in (group, *group.parents):
                    # `max` stands for no limit; the outermost group has no such file.
                    with contextlib.suppress(OSError, ValueError):
                        yield int((place / "memory.max").read_text())
