"""The order in which workers of pytest-xdist take files: what takes long is not left for the end."""

from __future__ import annotations

from collections import defaultdict

import pytest


def arrange(items: list[pytest.Item]) -> None:
    """Put files with tests marked `slow` first, those with tests marked `alone` last, large files before small ones.

    For `--dist loadfile --no-loadscope-reorder`. By itself pytest-xdist takes the files with the most tests first; the
    longest tests stand in short files, so one worker would run them at the end while the others have nothing to do.
    """
    files: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        files[item.nodeid.partition("::")[0]].append(item)

    def rank(file: str) -> tuple[bool, int, int]:
        alone = any(item.get_closest_marker("alone") for item in files[file])
        slow = sum(item.get_closest_marker("slow") is not None for item in files[file])
        return alone, -slow, -len(files[file])

    items[:] = [item for file in sorted(files, key=rank) for item in files[file]]
