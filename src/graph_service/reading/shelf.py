"""The curator's directory of papers: one directory for each, with its text, its structure and the drafts of its coders.

    papers/NAME/text.txt        the normalised text, as `check --sources papers` reads it
    papers/NAME/paper.json      the paper without its text
    papers/NAME/CODER.json      the draft of one coder (`coding.draft_file`)

Texts are other people's works: nothing of this directory goes into a snapshot.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from graph_service.errors import Location, SettingsError, SourceError
from graph_service.reading.paper import Paper

TEXT, STRUCTURE = "text.txt", "paper.json"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Shelf:
    """A directory of papers; made when the first paper is put there."""

    directory: Path

    def names(self) -> list[str]:
        """Short names of the papers, sorted."""
        return sorted(path.parent.name for path in self.directory.glob(f"*/{STRUCTURE}"))

    def path(self, name: str, file: str) -> Path:
        """Where a file of a paper lies.

        Raises:
            SettingsError: the name is not a short name.
        """
        if not _NAME.fullmatch(name):
            raise SettingsError(f"{name!r} is not a short name.", hint="Use a to z, 0 to 9 and hyphens.")
        return self.directory / name / file

    def read(self, name: str) -> Paper:
        """A paper.

        Raises:
            SettingsError: there is no paper of this name.
            SourceError: its files cannot be read, or its text was changed.
        """
        path = self.path(name, STRUCTURE)
        if not path.is_file():
            known = ", ".join(self.names()) or "none yet"
            hint = f"Papers there: {known}. Read the file first: graph-service paper read FILE."
            raise SettingsError(f"{self.directory} has no paper {name!r}.", hint=hint)
        try:
            structure = Paper.model_validate_json(path.read_bytes())
        except ValidationError as error:
            what = f"is not the structure of a paper: {error.errors()[0]['msg']}."
            raise SourceError(what, where=Location(path), hint="Read the file again.") from None
        if structure.name != name:
            hint = f"Drafts would be mixed up. Read the file again: graph-service paper read FILE --name {name}."
            raise SourceError(f"is the structure of the paper {structure.name!r}.", where=Location(path), hint=hint)
        return structure.model_copy(update={"text": self.check_text(name, structure.sha256)})

    def check_text(self, name: str, sha256: str) -> str:
        """The text of a paper, if it has this digest.

        Raises:
            SourceError: it has another one, or is gone.
        """
        path = self.path(name, TEXT)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            raise SourceError("is missing.", where=Location(path), hint="Read the file again.") from None
        if hashlib.sha256(content).hexdigest() != sha256:
            hint = "Places in it would be wrong. Read the file again, or put the old text back."
            raise SourceError("was changed since it was read.", where=Location(path), hint=hint)
        return content.decode()

    def write(self, paper: Paper) -> Path:
        """Put a paper there, text first; returns its directory."""
        write_whole(self.path(paper.name, TEXT), paper.text.encode())
        structure = paper.model_copy(update={"text": ""}).model_dump_json(indent=1)
        write_whole(self.path(paper.name, STRUCTURE), structure.encode())
        return self.directory / paper.name


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there as a whole or as it was before, even if the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _beside(path) as (descriptor, beside):
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    _sync(path.parent)


def _sync(directory: Path) -> None:
    """Write the entries of a directory to disk: until then a power failure takes a new name back."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[tuple[int, Path]]:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        yield descriptor, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
