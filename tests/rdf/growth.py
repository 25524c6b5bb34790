"""How the cost of a function grows with the size of what it reads."""

from __future__ import annotations

import time
from collections.abc import Callable

TIMES = 8


def growth(read: Callable[[str], object], make: Callable[[int], str], size: int = 8_000) -> float:
    """How many times as long a text of eight times the size takes: 8 for linear work, 64 for quadratic work.

    Both are measured in turn, in CPU time of this process; the least of several counts.
    """
    texts = make(size), make(size * TIMES)
    least = [float("inf"), float("inf")]
    for _ in range(3):
        for which, text in enumerate(texts):
            started = time.process_time()
            read(text)
            least[which] = min(least[which], time.process_time() - started)
    # What takes less than the clock can tell apart cannot be compared.
    return least[1] / max(least[0], 1e-3)
