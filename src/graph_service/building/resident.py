"""The resident builder: builds again and again, and pays for what has changed.

What it has read, validated, closed and loaded stays in memory, by the digests of the files that it came from. The first
build, and one after another ontology, settings or software, does everything. A build that fails leaves what is kept as
it was; a process that is killed leaves nothing to be mistrusted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from graph_service.building import kept_reach, manifests, pipeline
from graph_service.building.contents import Contents
from graph_service.building.inputs import Inputs, find_inputs
from graph_service.building.kept_build import FileKey, Kept, ReadFile
from graph_service.building.kept_validation import KeptValidation
from graph_service.building.pipeline import Accept, Progress
from graph_service.building.query_reach import Asked, Changed, QueryReach
from graph_service.building.query_slices import Slices
from graph_service.building.resumption import resumed
from graph_service.building.sources import ChangedFiles, Role
from graph_service.building.statements import Change
from graph_service.building.validation import KnownQuery, asked_of, check_queries
from graph_service.rdf.terms import Quad, Triple
from graph_service.reasoning import select
from graph_service.reasoning.compiled import CompiledReasoner, uncollected
from graph_service.reasoning.continuation import Difference
from graph_service.settings import BuildSettings
from graph_service.snapshots import retention
from graph_service.snapshots.draft import Draft
from graph_service.snapshots.lines import SortedLines
from graph_service.snapshots.provenance import Provenance
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store import loading
from graph_service.store.amending import Edition, amend
from graph_service.store.embedded import EmbeddedStore
from graph_service.store.engine import Engine
from graph_service.store.loading import LoadedDataset

if TYPE_CHECKING:
    from graph_service.building.validation import ViolationQuery


class ResidentBuilder:
    """Builds the snapshots of one directory.

    Args:
        settings: what is built, and where.
        progress: told in a few words what is being done.
        once: it builds a single time: it goes on from the snapshot in use, if it can, and keeps nothing.
    """

    def __init__(self, settings: BuildSettings, progress: Progress = lambda _: None, *, once: bool = False) -> None:
        self._settings = settings
        self._once = once
        self._progress = progress
        self._contents = Contents()
        self._shapes: Sequence[str] = ()
        self._queries: tuple[str, Mapping[ViolationQuery, QueryReach]] = ("", {})
        self._kept = Kept()

    @property
    def dataset(self) -> LoadedDataset | None:
        """The data set that was built last, loaded; None if it is not."""
        return self._kept.dataset

    def build(self, changed: ChangedFiles | None = None, accept: Accept = nullcontext) -> Snapshot:
        """Build a snapshot of the files as they are now, and put it into use.

        Args:
            changed: files that are read as if they lay in their places.
            accept: as of `pipeline.Accept`; what it raises leaves everything as it was.

        Raises:
            GraphServiceError: what `pipeline.draft` raises.
        """
        with uncollected():
            return self._built(changed, accept)

    def _built(self, changed: ChangedFiles | None, accept: Accept) -> Snapshot:
        found = find_inputs(self._settings, changed)
        # What is read, copied and put into the fingerprint is the same, whoever writes meanwhile.
        inputs = replace(found, files=self._contents.read(found.files))
        files = {} if self._settings.blank_nodes else self._read(inputs)
        graph = inputs.names.inferred_graph
        # Blank nodes have no name to be kept by; what a file says to follow has to be compared with what does.
        can_be_kept = not self._settings.blank_nodes and not any(graph in file.graphs for file in files.values())
        kept = resumed(inputs) if self._once and can_be_kept else None
        if not can_be_kept or (self._once and kept is None):
            self._kept = Kept()
            return pipeline.build(inputs, self._progress, accept)
        shapes = [file.digest for file in inputs.files if file.role is Role.SHAPES]
        if kept is not None:
            self._kept = kept
            files = self._read(inputs)
        elif shapes != self._shapes:
            self._shapes, self._kept = shapes, Kept()
        retention.tidy(self._settings.snapshots)
        made = self._build(inputs, files, accept)
        retention.tidy(self._settings.snapshots, self._settings.keep)
        return made

    def _read(self, inputs: Inputs) -> Mapping[FileKey, ReadFile]:
        """All files but shapes; only those are read that have changed."""
        files: dict[FileKey, ReadFile] = {}
        for file in inputs.files:
            if file.role is not Role.SHAPES:
                known = self._kept.files.get((file.role, file.name))
                is_known = known is not None and known.sha256 == file.digest
                files[file.role, file.name] = known if known and is_known else ReadFile(file, inputs.names)
        return files

    def _build(self, inputs: Inputs, files: Mapping[FileKey, ReadFile], accept: Accept) -> Snapshot:
        kept, settings = self._kept, self._settings
        before = {key: file for key, file in kept.files.items() if files.get(key) is not file}
        now = {key: file for key, file in files.items() if kept.files.get(key) is not file}
        added = [quad for file in now.values() for quad in file.quads]
        removed = [quad for file in before.values() for quad in file.quads]
        places = inputs.provenance()
        self._progress(f"{len(now)} of {len(inputs.files)} files are new, {len(before)} are gone")
        for unread in inputs.unread:
            self._progress(f"warning: {unread}")
        amended: list[tuple[LoadedDataset, Edition]] = []
        with ExitStack() as undo:
            # When all else has been taken back.
            undo.callback(self._amend_back, amended, inputs)
            change = kept.statements.exchange(added, removed)
            undo.callback(kept.statements.exchange, removed, added)
            if settings.validation:
                self._validate(change, inputs, places, undo)
            self._progress("reasoning")
            difference = self._close(change, inputs, places, undo)
            graph = inputs.names.inferred_graph
            new = [*change.added, *(Quad(*triple, graph) for triple in difference.added)]
            gone = [*change.removed, *(Quad(*triple, graph) for triple in difference.removed)]
            edition = self._edition(kept.lines.exchange(new, gone), inputs, new, gone)
            with Draft(settings.snapshots, edition.lines, manifests.copies(inputs.files), kept.snapshot) as made:
                triples = len(kept.statements.triples) + len(kept.inferred)
                made.describe(manifests.manifest_of(made.digest, edition.graphs, triples, inputs))
                dataset = None
                if self._once:
                    pipeline.prepare_store(made, self._progress)
                else:
                    dataset = self._load(made, edition, amended)
                if settings.validation:
                    self._progress("asking the violation queries")
                    if dataset is None:
                        queries = self._queries_about(change, difference, inputs, Slices(self._triples()).asked)
                        store = EmbeddedStore(asked_of(queries, made.path, edition.lines)) if queries else None
                    else:
                        whole = store = EmbeddedStore(Engine(dataset, made.digest))
                        queries = self._queries_about(change, difference, inputs, lambda *_: whole)
                    if store is not None:
                        pipeline.refuse(check_queries(store, queries, inputs.names), inputs, places)
                with accept(made.path):
                    snapshot = made.publish()
            undo.pop_all()
        kept.files, kept.lines, kept.dataset, kept.snapshot = files, edition.lines, dataset, snapshot
        kept.unanswered = self._queries[0]
        self._progress(f"{len(new)} statements are new and {len(gone)} are gone, digest {snapshot.digest[:12]}")
        return snapshot

    def _validate(self, change: Change, inputs: Inputs, places: Provenance, undo: ExitStack) -> None:
        kept = self._kept
        if kept.validation is None:
            self._progress(f"checking shapes on {len(kept.statements)} statements")
            shapes = [file.document() for file in inputs.files if file.role is Role.SHAPES]
            validation = KeptValidation(shapes, kept.statements.triples, inputs.names)
        else:
            self._progress(f"checking shapes on what {len(change.added) + len(change.removed)} statements change")
            validation = kept.validation
            validation.change(change.added_triples, change.removed_triples)
            undo.callback(validation.change, change.removed_triples, change.added_triples)
        pipeline.pass_or_refuse(validation.findings, inputs, places, self._progress)
        kept.validation = validation

    def _close(self, change: Change, inputs: Inputs, places: Provenance, undo: ExitStack) -> Difference:
        """How what follows has changed; all is closed again where there is nothing to go on from."""
        kept = self._kept
        difference, going_on = None, kept.continuation
        kept.continuation = None
        if going_on is not None:
            difference = going_on.change(change.added_triples, change.removed_triples)
        if difference is None:
            reasoner, stated = select(self._settings.reasoner), kept.statements.triples
            if isinstance(reasoner, CompiledReasoner) and not self._once:
                closure, going_on = reasoner.start(stated)
            else:
                closure, going_on = reasoner.close(stated), None
            pipeline.refuse_contradictions(closure.contradictions, kept.statements.quads(), inputs, places)
            inferred = {triple for triple in closure.inferred if triple not in stated}
            difference = Difference(inferred - kept.inferred, kept.inferred - inferred)
        kept.inferred -= difference.removed
        kept.inferred |= difference.added
        kept.continuation = going_on
        undo.callback(self._reopen, difference)
        return difference

    def _reopen(self, difference: Difference) -> None:
        """Take a closure back: the next one starts anew."""
        self._kept.continuation = None
        self._kept.inferred -= difference.added
        self._kept.inferred |= difference.removed

    def _queries_about(
        self, change: Change, difference: Difference, inputs: Inputs, asked: Asked
    ) -> Collection[ViolationQuery]:
        """The violation queries that may have an answer now; they are read again if one of them has changed."""
        digest = inputs.violations.digest
        if self._queries[0] != digest:
            # The snapshot that is gone on from was made with the same, so they need not be checked.
            queries = [*map(KnownQuery, inputs.violations)] if self._once else [*inputs.violation_queries()]
            reaches = kept_reach.reaches([query.text for query in queries], self._settings.snapshots)
            self._queries = digest, dict(zip(queries, reaches, strict=True))
        if self._kept.unanswered != digest:
            return self._queries[1].keys()
        changed = Changed(change.added_triples | change.removed_triples | difference.added | difference.removed)
        return [query for query, reach in self._queries[1].items() if reach.concerns(changed, asked)]

    def _triples(self) -> Iterator[Triple]:
        """All triples, each once."""
        return chain(self._kept.statements.triples, self._kept.inferred)

    def _edition(self, lines: SortedLines, inputs: Inputs, new: Collection[Quad], gone: Collection[Quad]) -> Edition:
        """The data set as it is now."""
        kept = self._kept
        graphs = Counter(kept.statements.graphs)
        if kept.inferred:
            graphs[inputs.names.inferred_graph] = len(kept.inferred)
        return Edition(lines, graphs, kept.statements.triples, kept.statements.shared, new, gone)

    def _load(self, made: Draft, edition: Edition, amended: list[tuple[LoadedDataset, Edition]]) -> LoadedDataset:
        """The draft as a loaded data set; noted among the amended if it was made from the one before."""
        kept = self._kept
        if kept.dataset is None:
            return loading.load(made.path)[1]
        before, kept.dataset = kept.dataset, None
        dataset = amend(before, edition)
        amended.append((dataset, edition))
        return dataset

    def _amend_back(self, amended: list[tuple[LoadedDataset, Edition]], inputs: Inputs) -> None:
        """Make of an amended data set again the one before, of which everything else is as it was."""
        for dataset, edition in amended:
            before = self._edition(self._kept.lines, inputs, edition.removed, edition.added)
            self._kept.dataset = amend(dataset, before)
