"""Where query files lie: a publisher's own over the shipped ones.

A file of one's own replaces the shipped file of the same name and folder; all others stay. So a directory with a single
query is enough, and no command fails for a file that only another model needs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SUFFIX = ".rq"
_WORDS = "words.yaml"


@dataclass(frozen=True)
class QueryFiles:
    """Query files of several directories, seen as one.

    Attributes:
        directories: those that come first go before those that follow.
        folders: further ones, behind them, of which only the files in folders count: the named queries of another model
            are no questions to these data.
    """

    directories: tuple[Path, ...]
    folders: tuple[Path, ...] = ()

    @property
    def layers(self) -> tuple[Path, ...]:
        """All directories, the first above the others."""
        return (*self.directories, *self.folders)

    def file(self, name: str) -> Path:
        """Where a file lies.

        Args:
            name: below the directories, without extension, such as `api/labels`.

        Returns:
            the first file of this name; where there is none, the place at which the last directory should have it.
        """
        directories = self.layers if "/" in name else self.directories or self.folders
        places = [directory / f"{name}{_SUFFIX}" for directory in directories]
        return next((place for place in places if place.is_file()), places[-1])

    def below(self, folder: str) -> QueryFiles:
        """The files of a folder, such as `api`."""
        return QueryFiles(tuple(directory / folder for directory in self.layers))

    def own(self, folder: str) -> QueryFiles:
        """The files of a folder, without those of another model."""
        return QueryFiles(tuple(directory / folder for directory in self.directories))

    @property
    def of_model(self) -> bool:
        """Whether the shipped questions are questions to these data: whether the data are in the shipped model."""
        return not self.folders

    def __iter__(self) -> Iterator[Path]:
        """The files of the directories themselves, not of their folders, sorted by name."""
        found = {path.name: path for directory in reversed(self.directories) for path in directory.glob(f"*{_SUFFIX}")}
        return (found[name] for name in sorted(found))

    def all(self) -> dict[str, Path]:
        """All files, by name below the directories, sorted."""
        found: dict[str, Path] = {}
        for directory in reversed(self.layers):
            pattern = f"*/**/*{_SUFFIX}" if directory in self.folders else f"**/*{_SUFFIX}"
            found |= {path.relative_to(directory).as_posix(): path for path in directory.glob(pattern)}
        return dict(sorted(found.items()))

    @property
    def words(self) -> list[Path]:
        """The files that say what columns and values of answers are called, those of the first directory first."""
        places = (directory / _WORDS for directory in self.layers)
        return [place for place in places if place.is_file()]

    @property
    def digest(self) -> str:
        """SHA-256 of all files and their names, hexadecimal; of what answers are called, too."""
        files = [*self.all().items(), *((_WORDS, path) for path in self.words)]
        named = [(name, hashlib.sha256(path.read_bytes()).hexdigest()) for name, path in files]
        return hashlib.sha256(json.dumps(named).encode()).hexdigest()
