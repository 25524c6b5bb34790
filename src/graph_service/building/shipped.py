"""The directories of the shipped ontology, data and queries: inside the wheel, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

from graph_service.errors import SettingsError


def directory(name: str) -> Path:
    """The directory of `ontology`, `data` or `queries`.

    Raises:
        SettingsError: neither a wheel nor a checkout has it.
    """
    package = Path(__file__).parents[1]
    for candidate in (package / "shipped" / name, package.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise SettingsError(f"the shipped {name} is not installed.", hint=f"Name a directory with --{name}.")
