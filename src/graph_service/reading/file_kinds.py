"""Which kinds of file are read, how a kind is told, and how a file becomes a paper."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

from graph_service.errors import Location, SourceError
from graph_service.reading.file_content import Content
from graph_service.reading.paper import BlockKind, Paper, PaperFile
from graph_service.reading.passages import digest

MAX_BYTES = 100 << 20
MAX_CHARACTERS = 20_000_000
READABLE = "PDF, Word (.docx), HTML, Markdown (.md) and plain text (.txt)"
_HEAD = 4096
# What old Office files begin with, and new ones that are encrypted (MS-CFB).
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Pictures(StrEnum):
    """What becomes of pages that are pictures: they are refused, read by tesseract, or left out."""

    REFUSE = "refuse"
    READ = "read"
    SKIP = "skip"


@dataclass(frozen=True)
class Format:
    """A kind of file: its media type, and the module of this room that reads it."""

    media_type: str
    module: str


PDF = Format("application/pdf", "pdf")
DOCX = Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
HTML = Format("text/html", "html")
MARKDOWN = Format("text/markdown", "markdown")
TEXT = Format("text/plain", "plain_text")
_BY_SUFFIX = {".html": HTML, ".htm": HTML, ".xhtml": HTML, ".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": TEXT}
_TAG = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)


def format_of(path: Path) -> Format:
    """The kind of a file, by what it begins with, else by its name.

    Raises:
        SourceError: it cannot be read, is empty, too large or of another kind.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror}).", where=Location(path)) from None
    if not head:
        raise SourceError("is empty.", where=Location(path))
    if size > MAX_BYTES:
        message = f"has {size >> 20} MB; at most {MAX_BYTES >> 20} MB are read."
        raise SourceError(message, where=Location(path), hint="Divide it, or take pictures out of it.")
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK") and _is_docx(path):
        return DOCX
    suffix = path.suffix.lower()
    is_text = b"\0" not in head or head[:2] in (b"\xff\xfe", b"\xfe\xff")
    if is_text and _TAG.match(head.removeprefix(b"\xef\xbb\xbf")):
        return HTML
    if is_text and (suffix in _BY_SUFFIX or not suffix):
        return _BY_SUFFIX.get(suffix, TEXT)
    if head.startswith(_OLE):
        hint = "Save it as .docx without a password."
        raise SourceError("is an old or an encrypted Office file.", where=Location(path), hint=hint)
    message = f"is no paper: what can be read is {READABLE}."
    raise SourceError(message, where=Location(path), hint="Save it as one of these.")


def read(path: Path, name: str, language: str = "", pictures: Pictures = Pictures.REFUSE) -> Paper:
    """The paper in a file. Call it in a process of its own (`bounded_reading`): files come from anywhere.

    Args:
        path: of the file.
        name: short name of the paper.
        language: of its text, such as `de`; empty takes what the file says.
        pictures: what becomes of pages of a PDF that are pictures.

    Raises:
        SourceError: the file cannot be read, is of another kind, or too large.
    """
    from graph_service.reading import sentences

    kind = format_of(path)
    module: Any = import_module(f"graph_service.reading.{kind.module}")
    content = _content(module.read, path, kind, language, pictures)
    if len(content.text) > MAX_CHARACTERS:
        message = f"has {len(content.text)} characters; at most {MAX_CHARACTERS} are read."
        raise SourceError(message, where=Location(path), hint="Divide it.")
    if not content.blocks:
        raise SourceError("has no text.", where=Location(path))
    language = language or content.language
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Paper(
        name=name,
        file=PaperFile(name=path.name, media_type=kind.media_type, size=path.stat().st_size, sha256=sha256),
        title=content.title or _first_heading(content),
        language=language,
        text=content.text,
        sha256=digest(content.text),
        normaliser=module.NORMALISER,
        pages=content.pages,
        blocks=content.blocks,
        sentences=sentences.of_blocks(content.text, content.blocks, language),
        removed=content.removed,
    )


def short_name(path: Path) -> str:
    """A short name made of a file's name: `Positionspapier Köln.pdf` becomes `positionspapier-koeln`."""
    stem = path.stem.casefold().translate({0xE4: "ae", 0xF6: "oe", 0xFC: "ue"})
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _content(read: Callable[..., Content], path: Path, kind: Format, language: str, pictures: Pictures) -> Content:
    if kind is not PDF or pictures is Pictures.REFUSE:
        return read(path)
    if pictures is Pictures.SKIP:
        return read(path, import_module("graph_service.reading.pdf").skip)
    return read(path, import_module("graph_service.reading.ocr").scan_reader(language))


def _first_heading(content: Content) -> str:
    headings = (content.text[b.start : b.end] for b in content.blocks if b.kind is BlockKind.HEADING)
    return next(headings, "").strip()


def _is_docx(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as package:
            return "word/document.xml" in package.namelist()
    except (zipfile.BadZipFile, OSError):
        # A broken one is told by its name, so that the error says what it is.
        return path.suffix.lower() == ".docx"
