"""Drafts on disk: read, and changed one revision after another.

Whoever changes a draft says which revision it was made from. If another has changed it since, nothing is written.
"""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import ValidationError

from graph_service.coding import draft_integrity
from graph_service.coding.paper_draft import PaperDraft, empty
from graph_service.errors import GraphServiceError, Location, SettingsError, SourceError
from graph_service.reading.paper import Paper
from graph_service.reading.shelf import STRUCTURE, Shelf, write_whole


class DraftChanged(GraphServiceError):
    """Another has changed the draft since it was read."""


def path_of(shelf: Shelf, paper: str, coder: str) -> Path:
    """Where the draft of a coder lies.

    Raises:
        SettingsError: the name of paper or coder is not a short name, or is that of another file of the paper.
    """
    shelf.path(coder, "")
    if f"{coder}.json" == STRUCTURE:
        raise SettingsError(f"{coder!r} cannot be the name of a coder.", hint="Choose another, such as coder-1.")
    return shelf.path(paper, f"{coder}.json")


def coders(shelf: Shelf, paper: str) -> list[str]:
    """Who has a draft on a paper, sorted."""
    return sorted(path.stem for path in shelf.path(paper, "").glob("*.json") if path.name != STRUCTURE)


def read(shelf: Shelf, paper: Paper, coder: str) -> PaperDraft:
    """The draft of a coder; one without positions if there is none yet.

    Raises:
        SourceError: the file is not a draft, or of another text, paper or coder, or names what the text does not have.
    """
    path = path_of(shelf, paper.name, coder)
    if not path.is_file():
        return empty(paper, coder)
    try:
        draft = PaperDraft.model_validate_json(path.read_bytes())
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"]))
        raise SourceError(f"is not a draft: {place}: {problem['msg']}.", where=Location(path)) from None
    if draft.text_sha256 != paper.sha256:
        hint = "Compare the two with graph-service paper compare."
        raise SourceError("is the draft of another text of this paper.", where=Location(path), hint=hint)
    if wrong := draft_integrity.problem(draft, paper, coder):
        raise SourceError(f"{wrong}.", where=Location(path), hint="Put back what was there before it was edited.")
    return draft


@contextlib.contextmanager
def held(shelf: Shelf, paper: str) -> Iterator[None]:
    """Nobody else changes a draft of a paper meanwhile, or reads the paper anew."""
    path = shelf.path(paper, ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def change(
    shelf: Shelf, paper: Paper, coder: str, edit: Callable[[PaperDraft], PaperDraft], revision: int | None = None
) -> PaperDraft:
    """Change a draft, whole or not at all; returns it as it is now.

    Args:
        shelf: the curator's directory.
        paper: what is coded.
        coder: whose draft.
        edit: makes the new draft from the one on disk; may raise to leave it as it is.
        revision: the one that the change was made from; None takes whatever is there.

    Raises:
        DraftChanged: the draft has another revision.
        SourceError: the file cannot be read, the paper was read anew, or the edit would break the draft.
    """
    path = path_of(shelf, paper.name, coder)
    with held(shelf, paper.name):
        shelf.check_text(paper.name, paper.sha256)
        before = read(shelf, paper, coder)
        if revision is not None and revision != before.revision:
            hint = "Load it again and repeat the change."
            raise DraftChanged(f"Revision {revision} of the draft was changed; it is {before.revision} now.", hint=hint)
        after = edit(before).after(before)
        if wrong := draft_integrity.problem(after, paper, coder):
            raise SourceError(f"stays as it is: the new draft {wrong}.", where=Location(path))
        write_whole(path, after.model_dump_json(indent=1).encode())
    return after
