"""Validation of the data by shapes (W3C SHACL Core) and by violation queries.

Shapes are checked on the stated triples before reasoning, so that a slip is found where it was written; violation
queries are asked of the reasoned graph, since circles and contradicting relations show only there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from pyshacl_turbo import CompiledShapes
from pyshacl_turbo.rdf import Input
from rdflib import Graph, Namespace
from rdflib.term import Identifier
from rdflib.term import Literal as RdflibLiteral

from graph_service.building import shares
from graph_service.building.shape_reach import Level, reach_of
from graph_service.building.shape_shares import Shares
from graph_service.building.sorted_quads import SortedQuads
from graph_service.errors import Finding
from graph_service.rdf import answers
from graph_service.rdf.formats import TSV, Form
from graph_service.rdf.namespaces import SH, Names
from graph_service.rdf.rdflib_nodes import node, without_warnings
from graph_service.rdf.terms import Quad, Term, Triple, iri_value, is_iri, text
from graph_service.snapshots.provenance import Provenance
from graph_service.store import Query, disk
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.engine import Engine
from graph_service.store.loading import StoreManifest, merged

if TYPE_CHECKING:
    from graph_service.catalogue.queries import Header, QueryFile

    ViolationQuery: TypeAlias = "QueryFile | KnownQuery"

_SH = Namespace(SH)
# Read in a query's lines, those left out that are comments from their beginning: errs to this side only.
_NAMES_GRAPHS = re.compile(r"graph|(?<![\w?$])from|\\u", re.IGNORECASE)

# Bytes of quads.nq that are loaded for violation queries: some 900 MB then, and answers in an eighth of the time.
_FITS = 800_000_000


@dataclass(frozen=True)
class Violation:
    """One finding.

    Attributes:
        check: the shape or violation query that found it, as a CURIE, IRI or file name.
        subject: the term it is about.
        message: what is wrong and how to repair it, by language tag.
        path: the property it is about, an IRI term, or empty.
        value: the value that breaks the shape, a term, or empty.
        severity: `Violation`, or of a shape `Warning` or `Info`, which let the data pass (SHACL, section 2.1.4).
    """

    check: str
    subject: Term
    message: Mapping[str, str]
    path: Term = ""
    value: Term = ""
    severity: str = "Violation"

    def finding(self, language: str, names: Names, provenance: Provenance) -> Finding:
        """The finding; on one line: place, subject, message, and the value at fault."""
        place = provenance.locate(self.subject) if is_iri(self.subject) else None
        message = self.message.get(language) or next(iter(self.message.values()), "breaks a shape.")
        subject = _short(self.subject, names)
        about = ", ".join(_short(term, names) for term in (self.path, self.value) if term)
        detail = f" [{about}]" if about else ""
        text = f"{place}: {subject}: {message}{detail}" if place else f"{subject}: {message}{detail}"
        return Finding(text, place, subject, self.check, message)


def check_shapes(stated: Collection[Quad], shapes: Iterable[bytes], names: Names) -> list[Violation]:
    """Validate the merge of the stated triples against shapes in Turtle.

    An ill-typed literal is one finding: comparing it with the bounds of a range says nothing more.

    Returns:
        All findings in the order of subject, path, value; see `Violation.severity`.
    """
    all_shapes = [compiled(text_of_shapes) for text_of_shapes in shapes]
    reaches = [reach_of(shapes.graph) for shapes in all_shapes]
    found: Findings = {}
    apart = []
    is_large = isinstance(stated, SortedQuads) and len(stated) >= shares.WORTHWHILE and not stated.blank_nodes
    for ready, reach in zip(all_shapes, reaches, strict=True):
        if is_large and reach is not None:
            apart.append((ready, reach))
        else:
            found |= validated(ready, (quad.triple for quad in stated), names)
    if isinstance(stated, SortedQuads) and apart:
        found |= _validated_in_shares(apart, stated, names)
    return in_order(found)


def compiled(shapes: bytes) -> CompiledShapes:
    """Shapes in Turtle, ready to be run.

    Raises:
        pyshacl_turbo.ValidationFailure: they are no well-formed shapes.
    """
    with without_warnings():
        return CompiledShapes(shapes, shacl_graph_format="turtle")  # type: ignore[no-untyped-call]


def _validated_in_shares(
    shapes: Sequence[tuple[CompiledShapes, Sequence[Level]]], stated: SortedQuads, names: Names
) -> Findings:
    """What compiled shapes, of which the reach is known, find in documents, some at a time and in several processes.

    Raises:
        ProcessError: one of the processes ended before its work was done.
    """
    named = [target.n3() for ready, _ in shapes for target in ready.graph.objects(None, _SH.targetNode)]
    with TemporaryDirectory(dir=stated.directory) as directory:
        documents = Shares(stated, Path(directory), [reach for _, reach in shapes], named)

        def work(number: int) -> Findings:
            share = documents[number]
            text, focus = "".join(share.triples), focus_nodes(share.things)
            found = {key: finding for ready, _ in shapes for key, finding in _found(ready, text, names).items()}
            return {key: finding for key, finding in found.items() if key[0] in focus}

        done = shares.in_shares(work, len(documents), shares.processes_for(len(stated)))
    return {key: finding for found in done for key, finding in found.items()}


def validated_about(
    things: Collection[Term], shapes: CompiledShapes, triples: Iterable[Triple], names: Names
) -> Findings:
    """What compiled shapes find on some things, in triples among which are all that they read of these."""
    found, focus = validated(shapes, triples, names, _nameable(things, shapes)), focus_nodes(things)
    return {key: finding for key, finding in found.items() if key[0] in focus}


def focus_nodes(things: Iterable[Term]) -> set[Term]:
    """Things as findings name them."""
    with without_warnings():
        return {term if is_iri(term) else node(term).n3() for term in things}


def validated(
    shapes: CompiledShapes, triples: Iterable[Triple], names: Names, focus: Sequence[str] | None = None
) -> Findings:
    """What compiled shapes find in triples; with `focus`, only on things of these IRIs."""
    return _found(shapes, "".join(f"{triple}\n" for triple in triples), names, focus)


def _found(shapes: CompiledShapes, triples: str, names: Names, focus: Sequence[str] | None = None) -> Findings:
    # As text for the engine's own parser: bytes would become an rdflib graph first, in three quarters of the time.
    data = Input(triples, "nt", None, {})
    found: Findings = {}
    with without_warnings():
        run = shapes.validate(  # type: ignore[no-untyped-call]
            data, allow_warnings=True, focus_nodes=focus, _normalize_report_literals=True
        )
        report = run[1]
        for result in report.objects(None, _SH.result):
            found |= _finding(report, result, names)
    return found


def _nameable(things: Iterable[Term], shapes: CompiledShapes) -> list[str] | None:
    """Things as the engine takes the names of focus nodes; None if it takes one otherwise, as literals and CURIEs."""
    prefixes = {f"{prefix}:" for prefix, _ in shapes.graph.namespaces()}
    names = [iri_value(term) for term in things if is_iri(term)]
    if len(names) < len(set(things)) or any(name.partition(":")[0] + ":" in prefixes for name in names):
        return None
    return names


def in_order(found: Findings) -> list[Violation]:
    """Findings in the order of subject, path, value, without what an ill-typed literal breaks besides."""
    ill_typed = {key[:3] for key in found if key[3] == _SH.DatatypeConstraintComponent.n3()}
    return [found[key] for key in sorted(found) if key[3] not in _BOUNDS or key[:3] not in ill_typed]


class KnownQuery:
    """A violation query that a build before has read; `QueryFile` checks it, which takes longer than asking it.

    Args:
        path: where it lies.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = path.stem
        self.text = path.read_text(encoding="utf-8-sig")

    @property
    def header(self) -> Header:
        """What it says of itself."""
        from graph_service.catalogue.queries import QueryFile

        return QueryFile(self._path).header


def asked_of(queries: Iterable[ViolationQuery], snapshot: Path, lines: Iterable[bytes] | None = None) -> Engine:
    """What violation queries are asked of: the default graph alone in memory, where that is enough and fits in.

    Args:
        queries: the queries; if one of them names another graph, all have all graphs.
        snapshot: the directory of the snapshot; its store on disk is taken for what does not fit, if it has one.
        lines: those of the snapshot, in blocks, for who has them in memory.
    """
    names_graphs = any(
        _NAMES_GRAPHS.search(line) for query in queries for line in query.text.splitlines() if line[:1] != "#"
    )
    fits = not names_graphs and (snapshot / "quads.nq").stat().st_size <= _FITS
    if disk.is_prepared(snapshot) and not fits:
        return Engine.open_on_disk(snapshot)
    if names_graphs:
        return Engine.load(snapshot)
    return Engine(merged(_blocks(snapshot) if lines is None else lines, StoreManifest.read(snapshot)))


def _blocks(snapshot: Path) -> Iterator[bytes]:
    with (snapshot / "quads.nq").open("rb") as file:
        while lines := file.readlines(1 << 20):
            yield b"".join(lines)


def check_queries(
    store: EmbeddedStore, queries: Iterable[ViolationQuery], names: Names, many: int = 1
) -> list[Violation]:
    """Ask each violation query; every row it returns is a violation.

    The placeholders of the query's messages are filled from the row, IRIs as CURIEs.

    Args:
        store: what is asked; no thread may use it meanwhile if there are several processes.
        queries: the queries.
        names: for the messages.
        many: processes that share the queries.

    Raises:
        ProcessError: one of them ended before its work was done.
    """
    asked = list(queries)

    def work(number: int) -> list[Violation]:
        return _broken(asked[number], store, names)

    return [violation for found in shares.in_shares(work, len(asked), many) for violation in found]


def _broken(query: ViolationQuery, store: EmbeddedStore, names: Names) -> list[Violation]:
    """What one query finds."""
    found = []
    # Each asks for rows, and comes from the publisher: the guard, which is for others, takes 50 ms to load.
    for row in answers.terms(store.answer(Query(query.text, Form.SELECT, TSV))):
        values = {name: _readable(term, names) for name, term in row.items()}
        message = {language: sentence.format_map(values) for language, sentence in query.header.message.items()}
        found.append(Violation(query.name, row["subject"], message))
    return found


# Focus node, path, value, constraint component, severity, messages and source shape of a result. The shape is last,
# since it is mostly a blank node, whose name differs from run to run, and findings are shown in the order of keys.
_Key: TypeAlias = tuple[Term, Term, Term, Term, Term, tuple[tuple[str, str], ...], Term]
Findings: TypeAlias = dict[_Key, Violation]
_PARTS = ("focusNode", "resultPath", "value", "sourceConstraintComponent", "resultSeverity", "sourceShape")
_BOUNDS = frozenset(
    _SH[f"{bound}ConstraintComponent"].n3()
    for bound in ("MinInclusive", "MaxInclusive", "MinExclusive", "MaxExclusive")
)


def _finding(report: Graph, result: Identifier, names: Names) -> Findings:
    """A result by what tells it from others; what is absent is empty."""
    nodes = (report.value(result, _SH[part]) for part in _PARTS)
    subject, path, value, component, severity, shape = ("" if node is None else node.n3() for node in nodes)
    messages = _messages(report, result)
    key = (subject, path, value, component, severity, tuple(sorted(messages.items())), shape)
    local = iri_value(severity).removeprefix(SH) if severity else "Violation"
    return {key: Violation(_short(shape, names), subject, messages, path, value, local)}


def _messages(report: Graph, result: Identifier) -> dict[str, str]:
    found = (m for m in report.objects(result, _SH.resultMessage) if isinstance(m, RdflibLiteral))
    return {message.language or "en": str(message) for message in sorted(found)}


def _short(term: Term, names: Names) -> str:
    return names.shorten(iri_value(term)) if is_iri(term) else term


def _readable(term: Term, names: Names) -> str:
    """A term for a sentence: CURIE of an IRI, text of a literal."""
    return _short(term, names) if is_iri(term) else text(term)
