"""Passages of a normalised text: ranges of characters, and the digest by which they are known.

A passage is one or more ranges over the normalised text of a source, half-open, in code points (W3C Web Annotation,
TextPositionSelector), and the SHA-256 of its UTF-8. The parts of a passage that a page footer interrupts are joined by
one LF.
"""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

from graph_service.errors import Location, SourceError

Ranges = tuple[tuple[int, int], ...]


def normalise(text: str) -> str:
    """The text that ranges count in: Unicode NFC, line ends LF, nothing else changed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def source_text(path: Path) -> str:
    """The normalised text of a source file; a byte order mark in front is no part of it.

    Raises:
        SourceError: it is not UTF-8, or cannot be read.
    """
    try:
        return normalise(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SourceError("is not UTF-8.", where=Location(path), hint="Save it as UTF-8.") from error
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror}).", where=Location(path)) from error


def cut(text: str, ranges: Ranges) -> str:
    """The passage at these ranges of a normalised text."""
    return "\n".join(text[start:end] for start, end in ranges)


def digest(passage: str) -> str:
    """SHA-256 of a passage's UTF-8, lowercase hexadecimal."""
    return hashlib.sha256(passage.encode()).hexdigest()
