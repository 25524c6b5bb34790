"""Where query files lie: a publisher's own over the shipped ones.

A file of one's own replaces the shipped file of the same name and folder; all others stay. So a directory with a single
query is enough, and no command fails for a file that only another model needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SUFFIX = ".rq"


@dataclass(frozen=True)
class QueryFiles:
    """Query files of several directories, seen as one.

    Attributes:
        directories: those that come first go before those that follow.
    """

    directories: tuple[Path, ...]

    def file(self, name: str) -> Path:
        """Where a file lies.

        Args:
            name: below the directories, without extension, such as `api/labels`.

        Returns:
            the first file of this name; where there is none, the place at which the last directory should have it.
        """
        places = [directory / f"{name}{_SUFFIX}" for directory in self.directories]
        return next((place for place in places if place.is_file()), places[-1])

    def below(self, folder: str) -> QueryFiles:
        """The files of a folder, such as `api`."""
        return QueryFiles(tuple(directory / folder for directory in self.directories))

    def __iter__(self) -> Iterator[Path]:
        """The files of the directories themselves, not of their folders, sorted by name."""
        found = {path.name: path for directory in reversed(self.directories) for path in directory.glob(f"*{_SUFFIX}")}
        return (found[name] for name in sorted(found))

    def all(self) -> dict[str, Path]:
        """All files, by name below the directories, sorted."""
        found = {
            path.relative_to(directory).as_posix(): path
            for directory in reversed(self.directories)
            for path in directory.rglob(f"*{_SUFFIX}")
        }
        return dict(sorted(found.items()))
