"""The build: read, validate, reason, write. A source that fails a step leaves the snapshot in use untouched."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from graph_service.building import shares, sources
from graph_service.building.inputs import Inputs
from graph_service.building.manifests import LineCounts, copies, manifest_of
from graph_service.building.sorted_quads import SortedQuads
from graph_service.building.sources import Role, SourceFile
from graph_service.errors import (
    InconsistencyError,
    Location,
    SettingsError,
    SnapshotError,
    SourceError,
    ValidationError,
)
from graph_service.rdf.terms import Quad, Term, Triple, parse_quad
from graph_service.reasoning import Contradiction, NoReasoner, Reasoner, select
from graph_service.snapshots import retention, snapshot
from graph_service.snapshots.draft import Draft
from graph_service.snapshots.provenance import Provenance
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import disk
from graph_service.store.embedded import EmbeddedStore

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


def rebuild(inputs: Inputs, progress: Progress = lambda _: None) -> Snapshot:
    """Build from nothing, and tell if the snapshot in use was made from the same and holds something else.

    Raises:
        SnapshotError: it is damaged.
    """
    before = snapshot.current(inputs.settings.snapshots)
    made = build(inputs, progress)
    if before and before.manifest.fingerprint == made.manifest.fingerprint and before.digest != made.digest:
        progress(f"warning: the snapshot in use was another one, digest {before.digest[:12]}; it is not used any more")
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
    from graph_service.building.validation import asked_of, check_queries, check_shapes

    names, settings = inputs.names, inputs.settings
    reasoner = select(settings.reasoner)
    if settings.blank_nodes and not isinstance(reasoner, NoReasoner):
        hint = "Add --reasoner none, or leave out --blank-nodes."
        raise SettingsError("What follows of a blank node could not be explained, as it has no name.", hint=hint)
    places = inputs.provenance()

    with ExitStack() as undo:
        quads, said_to_follow = (
            undo.enter_context(SortedQuads(settings.snapshots, blank_nodes=settings.blank_nodes)) for _ in range(2)
        )
        progress(f"reading {len(inputs.files)} files")
        for unread in inputs.unread:
            progress(f"warning: {unread}")
        for file in inputs.files:
            if file.role is not Role.SHAPES:
                quads.add(_stated(file, inputs, said_to_follow))
        if settings.validation:
            progress(f"checking shapes on {len(quads)} statements")
            shapes = [file.document() for file in inputs.files if file.role is Role.SHAPES]
            findings = check_shapes(quads, shapes, names)
            pass_or_refuse(findings, inputs, places, progress)

        progress(f"reasoning ({settings.reasoner})")
        _close(quads, reasoner, inputs, places)
        _refuse_underived(said_to_follow, quads, inputs)
        progress("writing")
        counts = LineCounts()
        made = undo.enter_context(Draft(settings.snapshots, counts.of(quads.lines()), copies(inputs.files)))
        manifest = manifest_of(made.digest, counts.graphs, counts.triples, inputs)
        made.describe(manifest)
        prepare_store(made, progress)
        if settings.validation:
            progress("asking the violation queries")
            queries = tuple(inputs.violation_queries())
            many = shares.processes_for(len(quads))
            store = EmbeddedStore(asked_of(queries, made.path))
            refuse(check_queries(store, queries, names, many), inputs, places)
        counted = f"{manifest.stated} stated and {manifest.inferred} inferred statements"
        progress(f"{counted}, digest {made.digest[:12]}")
        yield made


def prepare_store(made: Draft, progress: Progress) -> None:
    """Make the store on disk, where a draft is too large to be loaded within a second."""
    if (made.path / "quads.nq").stat().st_size >= disk.WORTHWHILE:
        progress("preparing the store on disk")
        disk.prepare(made.path)


def _stated(file: SourceFile, inputs: Inputs, said_to_follow: SortedQuads) -> Iterator[Quad]:
    """What a file states; what it puts into the graph of the inferred, as a dump of this software does, goes apart.

    A reasoner derives that anew; without one it counts as stated in the graph of its file.
    """
    inferred_graph = inputs.names.inferred_graph
    for quad in sources.read(file, inputs.names, blank_nodes=inputs.settings.blank_nodes):
        if quad.graph != inferred_graph:
            yield quad
        elif inputs.settings.reasoner == NoReasoner.name:
            yield Quad(*quad.triple, file.graph)
        else:
            said_to_follow.add((quad,))


def _refuse_underived(said_to_follow: SortedQuads, quads: SortedQuads, inputs: Inputs) -> None:
    """Refuse data that lie in the graph of the inferred and do not follow: they would be lost, or taken for derived.

    Raises:
        SourceError: there are some.
    """
    if not said_to_follow:
        return
    # Both are sorted.
    triples = (parse_quad(line).triple for line in quads.lines())
    found = next(triples, None)
    for said in map(parse_quad, said_to_follow.lines()):
        while found is not None and found < said.triple:
            found = next(triples, None)
        if found != said.triple:
            files = (file for file in inputs.files if file.role is not Role.SHAPES)
            file = next(file for file in files if said in sources.read(file, inputs.names))
            hint = "State it in another graph, or build with the ontology and the reasoner that derive it."
            message = f"has in the graph of inferred statements one that does not follow: {said.triple}"
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


def _close(quads: SortedQuads, reasoner: Reasoner, inputs: Inputs, places: Provenance) -> None:
    """Add the inferred quads; stated wins, so none of their triples is stated."""
    closure = reasoner.close(quads.triples)
    refuse_contradictions(closure.contradictions, quads, inputs, places)
    graph = inputs.names.inferred_graph
    quads.add(Quad(*triple, graph) for triple in closure.inferred)


def refuse_contradictions(
    found: Collection[Contradiction], stated: Iterable[Quad], inputs: Inputs, places: Provenance
) -> None:
    """Refuse what contradicts itself.

    Raises:
        InconsistencyError: there is something.
    """
    if found:
        premises = {triple for one in found for triple in one.stated}
        # Of several graphs the first one in order, whatever the order of what is stated.
        quads = sorted((quad for quad in stated if quad.triple in premises), reverse=True)
        graphs = {quad.triple: quad.graph for quad in quads}
        findings = [_contradiction(one, graphs, inputs, places) for one in found]
        raise InconsistencyError(f"ontology and data have {_count(findings, 'contradiction')}.", findings)


def _contradiction(found: Contradiction, graphs: Mapping[Triple, Term], inputs: Inputs, places: Provenance) -> str:
    """One line: where the stated premises stand, the W3C name of the rule, and what contradicts what."""
    located = (places.locate(triple.subject, graphs[triple]) for triple in found.stated if triple in graphs)
    where = ", ".join(dict.fromkeys(str(place) for place in located if place))
    return ": ".join(filter(None, (where, found.rule, found.sentence[inputs.settings.language])))


def _count(findings: Collection[str], what: str) -> str:
    return f"{len(findings)} {what}{'' if len(findings) == 1 else 's'}"
