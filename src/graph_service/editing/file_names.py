"""Names that come from outside: those of files and of sheets, and the entity tags that go with them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from graph_service.editing.refusal import EditRefused

RECORDS = "edits"
"""Directory of the records of edits, below that of data."""
_PART = r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*"
_FILE = re.compile(rf"(?:{_PART}/){{0,4}}{_PART}\.ttl")
_SHEET = re.compile(rf"{_PART}\.(?:csv|tsv|xlsx|json)")
_LONGEST = 150


def file_in(root: Path, name: str) -> Path:
    """The place of a file that may be edited.

    Args:
        root: the directory of data.
        name: the path below it, with slashes.

    Raises:
        EditRefused: 404; there cannot be such a file.
    """
    path = root / name
    if not _FILE.fullmatch(name) or len(name) > _LONGEST:
        hint = "Name a Turtle file below the directory of data, such as documents/example.ttl."
        raise EditRefused(404, "There can be no file of this name.", hint)
    if name.startswith(f"{RECORDS}/") or name == "inferred.ttl":
        hint = "Records of edits stay as they are, and what follows is inferred."
        raise EditRefused(403, f"{name} is not written by hand.", hint)
    # Also what a link within the directory leads to.
    if path.is_symlink() or not path.resolve().is_relative_to(root.resolve()):
        raise EditRefused(403, f"{name} leads out of the directory of data.", "Replace the link by a file.")
    if any(above.exists() and not above.is_dir() for above in path.parents if above.is_relative_to(root)):
        raise EditRefused(404, f"{name} lies below a file.", "Choose another name.")
    if path.is_dir():
        raise EditRefused(404, f"{name} is a directory.", "Choose another name.")
    return path


def check_sheet(name: str) -> None:
    """Refuse what is no name of a sheet.

    Raises:
        EditRefused: 404.
    """
    if not _SHEET.fullmatch(name) or len(name) > _LONGEST:
        hint = "Give it the name of its file, such as coding-sheet.csv: .csv, .tsv, .xlsx or .json."
        raise EditRefused(404, "There can be no sheet of this name.", hint)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; empty if it does not exist."""
    return digest(path.read_bytes()) if path.is_file() else ""


def digest(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def check_precondition(tag: str, if_match: str, if_none_match: str) -> None:
    """Refuse to change what the client has not seen as it is (RFC 9110, section 13.1; RFC 6585, section 3).

    Args:
        tag: the digest of what is there, empty if nothing is.
        if_match: the field of the request, empty if it is absent.
        if_none_match: likewise.

    Raises:
        EditRefused: 428, no condition is given; 412, it does not hold.
    """
    if not if_match and if_none_match != "*":
        hint = 'Send If-Match with the ETag of what is there, or "If-None-Match: *" for what is new.'
        raise EditRefused(428, "A change needs to say what it changes.", hint)
    if if_none_match == "*" and tag:
        raise EditRefused(412, "It is there already.", "Get it, and send If-Match with its ETag.", etag=tag)
    if if_match:
        # Strong comparison: a weak tag never matches.
        wanted = [one.strip() for one in if_match.split(",")]
        if not tag:
            raise EditRefused(412, "It is not there.", 'Send "If-None-Match: *" to make it.')
        if "*" not in wanted and f'"{tag}"' not in wanted:
            hint = "Get it, repeat your change on what is there now, and send its ETag."
            raise EditRefused(412, "It was changed by somebody else.", hint, etag=tag)
