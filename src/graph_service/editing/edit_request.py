"""A request to edit, as it goes from the process that serves to the one that edits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Deed(StrEnum):
    """What is asked for."""

    READ = "read"
    PUT = "put"
    DELETE = "delete"
    SHEET_TAG = "sheet-tag"
    SHEET = "sheet"
    DRAFT_TAG = "draft-tag"
    DRAFT = "draft"
    UNDO = "undo"


@dataclass(frozen=True)
class EditRequest:
    """A request to edit, or to read what is to be edited.

    Attributes:
        deed: what is asked for.
        name: of the file, of the sheet, or of the edit that is taken back; of a draft `PAPER/CODER`.
        editor: who asks.
        files: patterns of the files that the editor may write.
        reason: why; published.
        if_match: field of the request, empty if it is absent.
        if_none_match: likewise.
        dry_run: whether nothing is to be changed.
        accept_new: whether a sheet may add what the graph does not know.
        most_bytes: that a file may have which is read.
    """

    deed: Deed
    name: str
    editor: str
    files: tuple[str, ...]
    reason: str = ""
    if_match: str = ""
    if_none_match: str = ""
    dry_run: bool = False
    accept_new: bool = False
    most_bytes: int = 10 << 20

    def encode(self, length: int) -> bytes:
        """As one line; a body of that length follows."""
        return json.dumps({**asdict(self), "length": length}).encode() + b"\n"

    @classmethod
    def decode(cls, line: bytes) -> tuple[EditRequest, int]:
        """What `encode` wrote, and how many bytes of body follow."""
        content: dict[str, Any] = json.loads(line)
        length = content.pop("length")
        return cls(**_typed(content)), length


def _typed(content: Mapping[str, Any]) -> dict[str, Any]:
    return {**content, "deed": Deed(content["deed"]), "files": tuple(content["files"])}
