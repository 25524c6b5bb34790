"""Source files: each becomes a named graph, and its blank nodes get IRIs.

A file of TriG or N-Quads keeps its graph names; any other file becomes one graph, named after its path below the
directory that was given. Everything below an ontology path is one graph, shapes are kept apart.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, TypeAlias

import pyoxigraph as ox

from graph_service.building.locking import listing
from graph_service.errors import Location, SourceError
from graph_service.rdf import xml_limits
from graph_service.rdf.namespaces import Names
from graph_service.rdf.source_lines import line_of
from graph_service.rdf.terms import Quad, Term
from graph_service.rdf.xml_documents import illegal_character

_EXTENSIONS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


# Bytes that are read at a time.
_PIECE = 1 << 20
# Of these a file may say in which graphs its triples are.
OF_GRAPHS = frozenset((".nq", ".trig", ".jsonld"))

Stamp: TypeAlias = tuple[int, int]


class Role(StrEnum):
    """What a source file is for."""

    ONTOLOGY = "ontology"
    SHAPES = "shapes"
    DATA = "data"


@dataclass(frozen=True)
class SourceFile:
    """One file to be read.

    Attributes:
        path: where it lies; its suffix tells the format.
        name: its path below the directory that was given, with slashes; unique within a build.
        role: what it is for.
        graph: the named graph of its triples.
        stamp: what tells the file from one that replaces it; see `stamp_of`.
        memory: its bytes, if it lies in memory and not on disk.
        digest: SHA-256 of `memory`, hexadecimal, if it is known.
    """

    path: Path
    name: str
    role: Role
    graph: Term
    stamp: Stamp | None = field(default=None, compare=False)
    memory: bytes | None = field(default=None, repr=False)
    digest: str = field(default="", compare=False)

    @property
    def may_name_graphs(self) -> bool:
        """Whether its triples may be in other graphs than its own."""
        return self.path.suffix.lower() in OF_GRAPHS

    @property
    def slug(self) -> str:
        """The name without its extension, unique enough to name blank nodes by."""
        return f"{self.role}/{self.name.rpartition('.')[0]}"

    def content(self) -> bytes:
        """The bytes of the file.

        Raises:
            SourceError: the file cannot be opened, or an import replaced it since it was found.
        """
        return self.memory if self.memory is not None else b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the file, a piece at a time; raises as `content`."""
        try:
            with self.opened() as file:
                while piece := file.read(_PIECE):
                    yield piece
        except OSError as error:
            raise self.unreadable(error) from error

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The file, opened at its beginning.

        Raises:
            OSError: it cannot be opened.
            SourceError: an import replaced it since it was found.
        """
        if self.memory is not None:
            yield io.BytesIO(self.memory)
            return
        with self.path.open("rb") as file:
            if self.stamp and self.stamp != stamp_of(os.fstat(file.fileno())):
                message = "has been replaced since the build began."
                raise SourceError(message, where=Location(self.path), hint="Build again.")
            yield file

    def unreadable(self, error: OSError) -> SourceError:
        """What is told of a file that cannot be opened or read."""
        return SourceError(f"cannot be read ({error.strerror}).", where=Location(self.path))

    def sha256(self) -> str:
        """SHA-256 of the content, hexadecimal; raises as `content`."""
        digest = hashlib.sha256()
        for piece in () if self.digest else self.pieces():
            digest.update(piece)
        return self.digest or digest.hexdigest()

    def document(self) -> bytes:
        """The bytes to be parsed: the content without the byte order mark that some editors put in front."""
        return self.content().removeprefix(codecs.BOM_UTF8)


@dataclass(frozen=True)
class ChangedFiles:
    """Files that are read as if they lay in a directory already.

    Attributes:
        root: one of the directories of data.
        files: content by name; None for a file that counts as removed.
    """

    root: Path
    files: Mapping[str, bytes | None]


def stamp_of(status: os.stat_result) -> Stamp:
    """Device and inode: an import never writes into a file, it puts another one into its place."""
    return status.st_dev, status.st_ino


def discover(
    ontology: Sequence[Path], data: Sequence[Path], names: Names, changed: ChangedFiles | None = None
) -> list[SourceFile]:
    """All RDF files at the given paths, in a fixed order; changed ones as they will be.

    Raises:
        SourceError: a path does not exist or holds no RDF, or two files would share a name.
    """
    found = [_ontology_source(path, name, names) for path, name, _ in _files(ontology)]
    for path, name, stamp in _files(data, changed):
        memory = changed.files[name] if changed is not None and stamp is None else None
        found.append(SourceFile(path, name, Role.DATA, names.graph(graph_slug(name)), stamp, memory))
    by_slug: dict[str, SourceFile] = {}
    for source in found:
        other = by_slug.setdefault(source.slug, source)
        if other is not source:
            message = f"would become the same graph as {other.path}."
            raise SourceError(message, where=Location(source.path), hint="Rename one of them.")
    return found


def read(source: SourceFile, names: Names, *, blank_nodes: bool = False) -> Iterator[Quad]:
    """The quads of a file, in the order in which they stand there.

    Blank nodes become IRIs numbered by first appearance, so the same file always gives the same names; or, with
    `blank_nodes`, labels with these numbers. Names of graphs are always IRIs.

    Raises:
        SourceError: the file is not what its extension says, with line and column; or a literal holds a character
            that no XML document can hold, with the line of its subject.
    """
    numbers: dict[str, int] = {}

    # Unlike in any other file; a label holds no slash.
    label = hashlib.sha256(source.slug.encode()).hexdigest()[:16]

    def term(node: object, *, keep: bool = blank_nodes) -> Term:
        if isinstance(node, ox.BlankNode):
            number = numbers.setdefault(node.value, len(numbers) + 1)
            return f"_:f{label}n{number}" if keep else names.skolem(source.slug, number)
        if isinstance(node, ox.Triple):
            raise SourceError("holds a triple term, which RDF 1.1 does not have.", where=Location(source.path))
        return str(node)

    rdf_format = _EXTENSIONS[source.path.suffix.lower()]
    try:
        if rdf_format == ox.RdfFormat.RDF_XML:
            xml_limits.refuse_hostile(source.document())
        for quad in _parsed(source, rdf_format, names.base):
            named = not isinstance(quad.graph_name, ox.DefaultGraph)
            graph = term(quad.graph_name, keep=False) if named else source.graph
            value = term(quad.object)
            # Only what is escaped can be such a character, and only a literal has escapes.
            node = quad.object if "\\" in value else None
            if isinstance(node, ox.Literal) and (character := illegal_character(node.value)):
                raise _unreadable_character(source, quad, character, names)
            yield Quad(term(quad.subject), term(quad.predicate), value, graph)
    except (SyntaxError, ValueError) as error:
        raise _unreadable(source.path, error) from error
    except OSError as error:
        raise source.unreadable(error) from error


def _parsed(source: SourceFile, rdf_format: ox.RdfFormat, base: str) -> Iterator[ox.Quad]:
    with source.opened() as file:
        if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            file.seek(0)
        yield from ox.parse(file, format=rdf_format, base_iri=base)


def fingerprint(sources: Iterable[SourceFile]) -> str:
    """SHA-256 over roles, names and contents: tells whether anything to be read has changed."""
    return fingerprint_of((one.role, one.name, one.sha256()) for one in sources)


def fingerprint_of(files: Iterable[tuple[str, str, str]]) -> str:
    """The same of files of which role, name and the digest of the content are known."""
    total = hashlib.sha256()
    for role, name, content in files:
        total.update(f"{role} {name} {content}\n".encode())
    return total.hexdigest()


def _files(roots: Sequence[Path], changed: ChangedFiles | None = None) -> Iterator[tuple[Path, str, Stamp | None]]:
    """Each RDF file below the roots, with its name below its root and its stamp; changed ones have none."""
    for root in roots:
        if root.is_file() and root.suffix.lower() in _EXTENSIONS:
            yield root, root.name, stamp_of(root.stat())
            continue
        below: dict[str, tuple[Path, Stamp | None]] = dict(_below(root)) if root.is_dir() else {}
        if changed is not None and root == changed.root:
            below |= {name: (root / name, None) for name in changed.files}
            below = {name: one for name, one in below.items() if changed.files.get(name, b"") is not None}
        if not below:
            what = "holds no RDF file" if root.is_dir() else "is no RDF file" if root.exists() else "does not exist"
            raise SourceError(f"{what}.", where=Location(root), hint=f"RDF is read from {', '.join(_EXTENSIONS)}.")
        for name, (path, stamp) in sorted(below.items(), key=lambda item: item[0].split("/")):
            yield path, name, stamp


def _below(root: Path) -> dict[str, tuple[Path, Stamp]]:
    """The RDF files below a directory by name; accepted ones stand for those whose place they will take."""
    with listing(root) as files:
        found = {below.as_posix(): path for path, below in files}
        return {
            name: (path, stamp_of(path.stat())) for name, path in found.items() if path.suffix.lower() in _EXTENSIONS
        }


def _ontology_source(path: Path, name: str, names: Names) -> SourceFile:
    is_shapes = path.stem == "shapes" or path.stem.endswith(".shapes")
    return SourceFile(path, name, Role.SHAPES if is_shapes else Role.ONTOLOGY, names.ontology_graph)


def graph_slug(name: str) -> str:
    """The name of a data file's graph: `document/x` for `documents/x.ttl`, which is about one document."""
    slug = name.rpartition(".")[0]
    return f"document/{slug.removeprefix('documents/')}" if slug.startswith("documents/") else slug


def _unreadable(path: Path, error: SyntaxError | ValueError) -> SourceError:
    line, column = getattr(error, "lineno", None) or 0, getattr(error, "offset", None) or 0
    text = str(getattr(error, "msg", None) or error)
    return SourceError(f"{text.rstrip('.')}.", where=Location(path, line, column))


def _unreadable_character(source: SourceFile, quad: ox.Quad, character: str, names: Names) -> SourceError:
    """A control character would break every answer in XML, the feed among them, and no reader sees it."""
    subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""
    line = line_of(source.document().decode("utf-8", "replace"), subject, names) if subject else 0
    about = names.shorten(subject) if subject else "a blank node"
    message = f"{about}: its {names.shorten(quad.predicate.value)} holds the character {character}, which is no text."
    hint = f"Take {character} out, or put a space or a line end in its place."
    return SourceError(message, where=Location(source.path, line), hint=hint)
