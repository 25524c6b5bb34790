"""The shipped ontology, data and queries: inside the wheel, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

from graph_service.catalogue.query_files import QueryFiles
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


def query_files(own: Path | None = None, *, model: bool = True) -> QueryFiles:
    """The shipped query files, below those of a publisher's own directory.

    Args:
        own: the directory, None if there is none.
        model: whether the data have the shipped ontology; the shipped named queries ask for its terms.

    Raises:
        SettingsError: the directory does not exist, or no query files are shipped.
    """
    if own is not None and not own.is_dir():
        raise SettingsError(f"{own} is not a directory.", hint="Name the one that holds your query files.")
    mine, ours = (own,) if own else (), (directory("queries"),)
    return QueryFiles((*mine, *ours)) if model else QueryFiles(mine, ours)
