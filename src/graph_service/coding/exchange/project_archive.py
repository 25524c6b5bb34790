"""The archive of a REFI-QDA project (`.qdpx`): read within limits, without unpacking anything to disk.

The file may come from anyone: sizes are counted while they are read, names are only compared and never opened as
paths, and an XML document with a document type is refused, so that it can neither expand entities nor name files.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from graph_service.errors import Location, SourceError

PROJECT, SOURCES = "project.qde", "Sources"
LARGEST_XML = 32 << 20
LARGEST_TEXT = 32 << 20
LARGEST_TOTAL = 256 << 20
_LARGEST_READ = 4 << 20
MOST_ENTRIES = 20_000
_MOST_ELEMENTS = 1_000_000
_DEEPEST = 100
_INTERNAL = "internal://"
_DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


class ProjectArchive:
    """An archive, open until its context ends.

    Raises:
        SourceError: the file is no archive, or has too many parts.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = _BoundedFile(path)
        except OSError as error:
            raise SourceError(f"cannot be read ({error.strerror}).", where=Location(path)) from None
        try:
            self._archive = zipfile.ZipFile(self._file)
        except _DAMAGED as error:
            self._file.close()
            hint = "Export the project as REFI-QDA (.qdpx)."
            raise SourceError(f"is no archive: {error}.", where=Location(path), hint=hint) from None
        entries = self._archive.infolist()
        if len(entries) > MOST_ENTRIES:
            self._file.close()
            raise SourceError(f"has more than {MOST_ENTRIES} parts.", where=Location(path))
        self._left = LARGEST_TOTAL
        self._entries = {entry.filename.replace("\\", "/").casefold(): entry for entry in entries}

    def __enter__(self) -> ProjectArchive:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()
        self._file.close()

    def project(self) -> ElementTree.Element:
        """The root of the project's XML document.

        Raises:
            SourceError: it is not there, not well-formed, or beyond a limit.
        """
        names = [name for name in self._entries if name.rpartition("/")[2].endswith(".qde")]
        name = PROJECT if PROJECT in names else next(iter(names), PROJECT)
        content = self._read(name, LARGEST_XML)
        try:
            return parsed(content)
        except (expat.ExpatError, ValueError) as error:
            raise SourceError(f"{name} cannot be read: {error}.", where=Location(self._path)) from None

    def text(self, path: str) -> str:
        """The text of a source, with its byte order mark if it has one.

        Args:
            path: as the project states it, such as `internal://GUID.txt`.

        Raises:
            SourceError: it is not in the archive, or not UTF-8.
        """
        if not path.casefold().startswith(_INTERNAL):
            hint = "Export the project with its sources inside."
            raise SourceError(f"has a source outside of it: {path[:80]}.", where=Location(self._path), hint=hint)
        name = path[len(_INTERNAL) :].replace("\\", "/").rpartition("/")[2]
        content = self._read(f"{SOURCES}/{name}".casefold(), LARGEST_TEXT)
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            message = f"{name} is not UTF-8 at byte {error.start}, which the standard asks for."
            raise SourceError(message, where=Location(self._path)) from None

    def _read(self, name: str, limit: int) -> bytes:
        entry = self._entries.get(name)
        if entry is None:
            raise SourceError(f"has no part {name}.", where=Location(self._path), hint="Export the project again.")
        limit = min(limit, self._left)
        try:
            content = bytearray()
            with self._archive.open(entry) as part:
                while len(content) <= limit and (piece := part.read(_LARGEST_READ // 4)):
                    content += piece
        except _DAMAGED as error:
            raise SourceError(f"its part {name} cannot be read: {error}.", where=Location(self._path)) from None
        if len(content) > limit:
            message = f"its part {name} is larger than the {limit >> 20} MiB that it may have."
            raise SourceError(message, where=Location(self._path))
        self._left -= len(content)
        return bytes(content)


class _BoundedFile(io.FileIO):
    """A file that gives no more at once than a directory of `MOST_ENTRIES` needs.

    `zipfile` reads the directory in one piece, however large the file says it is, and makes an object of each entry.
    """

    def read(self, size: int | None = -1) -> bytes:
        at = self.tell()
        left = max(self.seek(0, io.SEEK_END) - at, 0)
        self.seek(at)
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > _LARGEST_READ:
            raise ValueError(f"its directory has more than {_LARGEST_READ >> 20} MiB")
        return super().read(wanted)


def parsed(content: bytes) -> ElementTree.Element:
    """The root element of an XML document without document type.

    Raises:
        ExpatError: it is not well-formed.
        ValueError: it has a document type, or too many elements, or they nest too deeply.
    """
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _DEEPEST or count > _MOST_ELEMENTS:
            raise ValueError(f"it has more than {_MOST_ELEMENTS} elements or more than {_DEEPEST} levels")
        builder.start(name.rpartition("}")[2], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name.rpartition("}")[2])

    def refuse(*_: object) -> None:
        raise ValueError("it has a document type, which such a project never needs")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(content, True)
    return builder.close()
