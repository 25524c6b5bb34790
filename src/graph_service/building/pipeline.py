"""The build: read, validate, reason, write. A source that fails a step leaves the snapshot in use untouched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from graph_service.building import provenance, shares, sources
from graph_service.building.inputs import Inputs
from graph_service.building.provenance import Provenance
from graph_service.building.sources import Role, SourceFile
from graph_service.errors import (
    InconsistencyError,
    Location,
    SettingsError,
    SnapshotError,
    SourceError,
    ValidationError,
)
from graph_service.rdf.terms import Quad, Term, Triple, iri_value
from graph_service.reasoning import Contradiction, NoReasoner, Reasoner, select
from graph_service.snapshots import retention, snapshot
from graph_service.snapshots.draft import Draft
from graph_service.snapshots.lines import lines_of
from graph_service.snapshots.snapshot import Manifest, Snapshot, SourceRecord
from graph_service.store import disk
from graph_service.store.embedded import EmbeddedStore
from graph_service.version import __version__

if TYPE_CHECKING:
    from graph_service.building.validation import Violation

Progress = Callable[[str], None]
# Entered with a snapshot that is complete and not yet in use; left when it is in use, or cannot be put into use.
Accept = Callable[[Path], AbstractContextManager[object]]


def build(inputs: Inputs, progress: Progress = lambda _: None, accept: Accept = nullcontext) -> Snapshot:
    """Build a snapshot and put it into use; raises what `draft` and `accept` raise."""
    retention.tidy(inputs.settings.snapshots)
    with draft(inputs, progress) as draft_made, accept(draft_made.path):
        made = draft_made.publish()
    retention.tidy(inputs.settings.snapshots, inputs.settings.keep)
    return made


def current_or_build(inputs: Inputs, progress: Progress = lambda _: None) -> Snapshot:
    """The snapshot in use if it was made from these inputs as they are now, else a new one."""
    present = snapshot.current(inputs.settings.snapshots)
    if present and present.manifest.fingerprint == inputs.fingerprint:
        return present
    return build(inputs, progress)


def in_use(root: Path) -> Snapshot:
    """The snapshot in use, whatever its sources are now.

    Raises:
        SnapshotError: there is none.
    """
    if (present := snapshot.current(root)) is None:
        raise SnapshotError(f"No snapshot in {root} is in use.", hint="Put one into use: graph-service publish DIGEST.")
    return present


@contextmanager
def draft(inputs: Inputs, progress: Progress = lambda _: None) -> Iterator[Draft]:
    """Read, validate, reason and write, without putting into use.

    Args:
        inputs: what is built.
        progress: told in a few words what is being done.

    Raises:
        SettingsError: there is no such reasoner, or it cannot work with blank nodes.
        SourceError: a file cannot be read, or has in the graph of inferred statements what does not follow.
        ValidationError: shapes or violation queries found something.
        InconsistencyError: ontology and data contradict each other.
    """
    # Imported on demand: a start that finds its snapshot built needs no SHACL engine, which takes 0.3 s to load.
    from graph_service.building.validation import check_queries, check_shapes

    names, settings = inputs.names, inputs.settings
    reasoner = select(settings.reasoner)
    if settings.blank_nodes and not isinstance(reasoner, NoReasoner):
        hint = "Add --reasoner none, or leave out --blank-nodes."
        raise SettingsError("What follows of a blank node could not be explained, as it has no name.", hint=hint)
    places = provenance.of_sources(inputs.files, names)

    progress(f"reading {len(inputs.files)} files")
    stated, said_to_follow = read(inputs)
    if isinstance(reasoner, NoReasoner):
        stated |= {Quad(*triple, file.graph) for triple, file in said_to_follow.items()}
        said_to_follow = {}
    if settings.validation:
        progress(f"checking shapes on {len(stated)} statements")
        shapes = [file.document() for file in inputs.files if file.role is Role.SHAPES]
        findings = check_shapes(stated, shapes, names)
        pass_or_refuse(findings, inputs, places, progress)

    progress(f"reasoning ({settings.reasoner})")
    inferred = _close(stated, reasoner, inputs, places)
    _refuse_underived(said_to_follow, stated | inferred)
    quads = stated | inferred
    with Draft(settings.snapshots, lines_of(quads), copies(inputs.files)) as made:
        graphs = Counter(quad.graph for quad in quads)
        made.describe(manifest_of(made.digest, graphs, len({quad.triple for quad in quads}), inputs))
        if (made.path / "quads.nq").stat().st_size >= disk.WORTHWHILE:
            progress("preparing the store on disk")
            disk.prepare(made.path)
        if settings.validation:
            progress("asking the violation queries")
            store = EmbeddedStore.open(made.path)
            many = shares.processes_for(len(quads))
            refuse(check_queries(store, inputs.violation_queries(), names, many), inputs, places)
        progress(f"{len(stated)} stated and {len(inferred)} inferred statements, digest {made.digest[:12]}")
        yield made


def read(inputs: Inputs) -> tuple[set[Quad], dict[Triple, SourceFile]]:
    """What is stated; and what data put into the graph of the inferred, as a dump of this software does, with its file.

    A reasoner derives that anew; without one it counts as stated in the graph of its file.
    """
    stated: set[Quad] = set()
    said_to_follow: dict[Triple, SourceFile] = {}
    inferred_graph = inputs.names.inferred_graph
    for file in inputs.files:
        if file.role is not Role.SHAPES:
            for quad in sources.read(file, inputs.names, blank_nodes=inputs.settings.blank_nodes):
                if quad.graph == inferred_graph:
                    said_to_follow[quad.triple] = file
                else:
                    stated.add(quad)
    return stated, said_to_follow


def _refuse_underived(said_to_follow: Mapping[Triple, SourceFile], quads: Collection[Quad]) -> None:
    """Refuse data that lie in the graph of the inferred and do not follow: they would be lost, or taken for derived.

    Raises:
        SourceError: there are some.
    """
    known = {quad.triple for quad in quads} if said_to_follow else set()
    for triple, file in said_to_follow.items():
        if triple not in known:
            hint = "State it in another graph, or build with the ontology and the reasoner that derive it."
            message = f"has in the graph of inferred statements one that does not follow: {triple}"
            raise SourceError(message, where=Location(file.path), hint=hint)


# Findings of these severities let the data pass and are shown.
_PASSING = ("Warning", "Info")


def pass_or_refuse(findings: Collection[Violation], inputs: Inputs, places: Provenance, progress: Progress) -> None:
    """Show the findings that let data pass.

    Raises:
        ValidationError: there are others.
    """
    refuse([finding for finding in findings if finding.severity not in _PASSING], inputs, places)
    for finding in findings:
        progress(f"{finding.severity.lower()}: {finding.finding(inputs.settings.language, inputs.names, places).text}")


def refuse(violations: Collection[Violation], inputs: Inputs, places: Provenance) -> None:
    """Refuse what shapes or violation queries found.

    Raises:
        ValidationError: they found something.
    """
    if violations:
        details = [v.finding(inputs.settings.language, inputs.names, places) for v in violations]
        findings = [one.text for one in details]
        raise ValidationError(f"the data break {_count(findings, 'rule')}.", findings, details=details)


def _close(stated: Collection[Quad], reasoner: Reasoner, inputs: Inputs, places: Provenance) -> set[Quad]:
    """The inferred quads; stated wins, so none of their triples is stated."""
    triples = {quad.triple for quad in stated}
    closure = reasoner.close(triples)
    refuse_contradictions(closure.contradictions, stated, inputs, places)
    graph = inputs.names.inferred_graph
    return {Quad(*triple, graph) for triple in closure.inferred if triple not in triples}


def refuse_contradictions(
    found: Collection[Contradiction], stated: Iterable[Quad], inputs: Inputs, places: Provenance
) -> None:
    """Refuse what contradicts itself.

    Raises:
        InconsistencyError: there is something.
    """
    if found:
        graphs = {quad.triple: quad.graph for quad in stated}
        findings = [_contradiction(one, graphs, inputs, places) for one in found]
        raise InconsistencyError(f"ontology and data have {_count(findings, 'contradiction')}.", findings)


def _contradiction(found: Contradiction, graphs: Mapping[Triple, Term], inputs: Inputs, places: Provenance) -> str:
    """One line: where the stated premises stand, the W3C name of the rule, and what contradicts what."""
    located = (places.locate(triple.subject, graphs[triple]) for triple in found.stated if triple in graphs)
    where = ", ".join(dict.fromkeys(str(place) for place in located if place))
    return ": ".join(filter(None, (where, found.rule, found.sentence[inputs.settings.language])))


def manifest_of(digest: str, graphs: Mapping[Term, int], triples: int, inputs: Inputs) -> Manifest:
    """The manifest of a data set with so many statements in each graph."""
    return Manifest(
        digest=digest,
        fingerprint=inputs.fingerprint,
        base=inputs.settings.base,
        namespaces=inputs.names.others,
        inferred_graph=iri_value(inputs.names.inferred_graph),
        graphs={iri_value(graph): number for graph, number in sorted(graphs.items())},
        triples=triples,
        sources=tuple(map(record_of, inputs.files)),
        reasoner=inputs.settings.reasoner,
        software=__version__,
        blank_nodes=inputs.settings.blank_nodes,
    )


def copies(files: Iterable[SourceFile]) -> dict[SourceRecord, bytes]:
    """The files as a snapshot keeps them, so that what it says can be traced to a line."""
    in_memory = (file if file.memory is not None else replace(file, memory=file.content()) for file in files)
    return {record_of(file): file.content() for file in in_memory}


def record_of(file: SourceFile) -> SourceRecord:
    """A file as the manifest remembers it."""
    return SourceRecord(file.role, file.name, iri_value(file.graph), file.sha256())


def _count(findings: Collection[str], what: str) -> str:
    return f"{len(findings)} {what}{'' if len(findings) == 1 else 's'}"
