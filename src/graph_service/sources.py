"""Reading: files of ontology and data become named graphs, blank nodes become names.

A file of TriG or N-Quads keeps its graph names; any other file becomes one graph, named after its path below the
directory that was given. Everything below an ontology path is one graph, shapes are kept apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pyoxigraph as ox

from graph_service.errors import Location, SourceError
from graph_service.lexer import Kind, Token, tokens
from graph_service.namespaces import Names
from graph_service.terms import Quad, Term

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


class Role(StrEnum):
    """What a source file is for."""

    ONTOLOGY = "ontology"
    SHAPES = "shapes"
    DATA = "data"


@dataclass(frozen=True)
class Source:
    """One file to be read.

    Attributes:
        path: where it lies.
        name: its path below the directory that was given, with slashes; unique within a build.
        role: what it is for.
        graph: the named graph of its triples.
    """

    path: Path
    name: str
    role: Role
    graph: Term

    @property
    def slug(self) -> str:
        """The name without its extension, unique enough to name blank nodes by."""
        return f"{self.role}/{self.name.rpartition('.')[0]}"

    def content(self) -> bytes:
        """The bytes of the file.

        Raises:
            SourceError: the file cannot be opened.
        """
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise SourceError(f"cannot be read ({error.strerror}).", where=Location(self.path)) from error


def discover(ontology: Sequence[Path], data: Sequence[Path], names: Names) -> list[Source]:
    """All RDF files at the given paths, in a fixed order.

    Raises:
        SourceError: a path does not exist or holds no RDF, or two files would share a name.
    """
    found = [_ontology_source(path, name, names) for path, name in _files(ontology)]
    for path, name in _files(data):
        found.append(Source(path, name, Role.DATA, names.graph(_graph_slug(name))))
    by_slug: dict[str, Source] = {}
    for source in found:
        other = by_slug.setdefault(source.slug, source)
        if other is not source:
            message = f"would become the same graph as {other.path}."
            raise SourceError(message, where=Location(source.path), mend="Rename one of them.")
    return found


def read(source: Source, names: Names) -> Iterator[Quad]:
    """The quads of a file, in the order in which they stand there.

    Blank nodes become IRIs numbered by first appearance, so the same file always gives the same names.

    Raises:
        SourceError: the file is not what its extension says; with line and column.
    """
    numbers: dict[str, int] = {}

    def term(node: object) -> Term:
        if isinstance(node, ox.BlankNode):
            return names.skolem(source.slug, numbers.setdefault(node.value, len(numbers) + 1))
        if isinstance(node, ox.Triple):
            raise SourceError("holds a triple term, which RDF 1.1 does not have.", where=Location(source.path))
        return str(node)

    content = source.content()
    try:
        for quad in ox.parse(content, format=_EXTENSIONS[source.path.suffix.lower()], base_iri=names.base):
            named = not isinstance(quad.graph_name, ox.DefaultGraph)
            graph = term(quad.graph_name) if named else source.graph
            yield Quad(term(quad.subject), term(quad.predicate), term(quad.object), graph)
    except (SyntaxError, ValueError) as error:
        raise _unreadable(source.path, error) from error


def fingerprint(sources: Iterable[Source]) -> str:
    """SHA-256 over roles, names and contents: tells whether anything to be read has changed."""
    total = hashlib.sha256()
    for source in sources:
        content = hashlib.sha256(source.content()).hexdigest()
        total.update(f"{source.role} {source.name} {content}\n".encode())
    return total.hexdigest()


def line_of(content: str, subject: str, names: Names) -> int:
    """The line of a Turtle or TriG text on which an IRI first stands, 0 if it stands nowhere.

    Raises nothing: a text that does not parse has no line for its subject.
    """
    prefixes: dict[str, str] = {}
    previous: list[Token] = []
    base = names.base
    for token in tokens(content):
        if token.kind in (Kind.SPACE, Kind.COMMENT):
            continue
        value = _meaning(token, prefixes, base)
        if _declares_prefix(previous, token):
            prefixes[previous[-1].text.removesuffix(":")] = value
        elif previous and previous[-1].text.lower() in ("@base", "base"):
            base = value
        elif value == subject:
            return token.line
        previous = [*previous[-1:], token]
    return 0


def _files(roots: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Each RDF file below the roots, with its name below its root."""
    for root in roots:
        if root.is_file() and root.suffix.lower() in _EXTENSIONS:
            yield root, root.name
            continue
        below = sorted(p for p in root.rglob("*") if p.suffix.lower() in _EXTENSIONS and p.is_file())
        if not below:
            what = "holds no RDF file" if root.is_dir() else "is no RDF file" if root.exists() else "does not exist"
            raise SourceError(f"{what}.", where=Location(root), mend=f"RDF is read from {', '.join(_EXTENSIONS)}.")
        for path in below:
            yield path, path.relative_to(root).as_posix()


def _ontology_source(path: Path, name: str, names: Names) -> Source:
    is_shapes = path.stem == "shapes" or path.stem.endswith(".shapes")
    return Source(path, name, Role.SHAPES if is_shapes else Role.ONTOLOGY, names.ontology_graph)


def _graph_slug(name: str) -> str:
    """`documents/x.ttl` is about one document: its graph is `graph/document/x`."""
    slug = name.rpartition(".")[0]
    return f"document/{slug.removeprefix('documents/')}" if slug.startswith("documents/") else slug


def _unreadable(path: Path, error: SyntaxError | ValueError) -> SourceError:
    line, column = getattr(error, "lineno", None) or 0, getattr(error, "offset", None) or 0
    text = str(getattr(error, "msg", None) or error)
    return SourceError(f"{text.rstrip('.')}.", where=Location(path, line, column))


def _declares_prefix(previous: Sequence[Token], token: Token) -> bool:
    return (
        len(previous) == 2
        and previous[0].text.lower() in ("@prefix", "prefix")
        and previous[1].kind is Kind.PNAME
        and token.kind is Kind.IRI
    )


def _meaning(token: Token, prefixes: dict[str, str], base: str) -> str:
    """The IRI that a token stands for, or nothing."""
    if token.kind is Kind.IRI:
        return Names(base).expand(token.text)
    if token.kind is Kind.PNAME:
        prefix, _, local = token.text.partition(":")
        return prefixes.get(prefix, "\0") + local.replace("\\", "")
    return ""
