"""Whether a data set fits into memory."""

from __future__ import annotations

import os
from pathlib import Path

from graph_service.store.limits import MIB
from graph_service.store.loading import QUADS

# Bytes of memory for a byte of quads.nq, the engine's indexes included (measured at 1M triples of 140 to 210 bytes).
FACTOR = 3.0


def fits(snapshot: Path, data_mb: int) -> bool:
    """Whether the data of a snapshot take no more than `data_mb` MiB; for 0, than half of the machine's memory."""
    room = data_mb * MIB or os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    return (snapshot / QUADS).stat().st_size * FACTOR <= room
