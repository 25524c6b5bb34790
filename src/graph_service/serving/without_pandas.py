"""Workers do without pandas.

Where it is installed, pyarrow loads it with the first array: 0.2 s, and most of the memory that a worker may touch.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType


class _WithoutPandas(MetaPathFinder):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Refuse pandas, and leave all other modules to others."""
        if fullname == "pandas":
            raise ModuleNotFoundError("Workers do without pandas.", name=fullname)


def hide() -> None:
    """Keep pandas from being found in this process and its forks."""
    sys.meta_path.insert(0, _WithoutPandas())
