"""Resumption: a build in a new process goes on from the snapshot in use.

A snapshot holds what a build would have to remember: the files that it was made from, what they state, what follows.
Its fingerprint says whether settings, violation queries and software are the same, its digest whether it is whole. So
there is no second store that could be stale, and what is remembered is removed with the snapshots. If ontology or
shapes have changed, or if a file itself says in which graphs its triples are, everything is built anew.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from graph_service.building import sources
from graph_service.building.inputs import Inputs
from graph_service.building.kept_build import FileKey, Kept, ReadFile
from graph_service.building.kept_validation import KeptValidation
from graph_service.building.sources import Role, SourceFile
from graph_service.building.statements import Statements
from graph_service.errors import SnapshotError
from graph_service.rdf.terms import Quad, Triple, parse_quad
from graph_service.snapshots.lines import in_blocks
from graph_service.snapshots.snapshot import QUADS, Snapshot, SourceRecord, current


def resumed(inputs: Inputs) -> Kept | None:
    """What the snapshot in use tells; None if these inputs cannot go on from it.

    Args:
        inputs: files with their content in memory.
    """
    try:
        present = current(inputs.settings.snapshots)
        if present is None or not _is_from_alike(present, inputs):
            return None
        files = {key: ReadFile(file, inputs.names) for key, file in _files_of(present, inputs).items()}
        stated: list[Quad] = []
        inferred: set[Triple] = set()
        content = (present.path / QUADS).read_bytes()
    except (OSError, SnapshotError):
        # Damaged, or removed meanwhile.
        return None
    if hashlib.sha256(content).hexdigest() != present.digest:
        return None
    lines = content.splitlines(keepends=True)
    graph = inputs.names.inferred_graph
    for line in lines:
        quad = parse_quad(line.decode())
        if quad.graph == graph:
            inferred.add(quad.triple)
        else:
            stated.append(quad)
    statements = Statements.of(stated)
    shapes = [file.document() for file in inputs.files if file.role is Role.SHAPES]
    validation = None
    if inputs.settings.validation:
        validation = KeptValidation(shapes, statements.triples, inputs.names, valid=True)
    kept = Kept(files, statements, inferred, in_blocks(lines), validation=validation, snapshot=present)
    # It was built with validation if this build is, since its fingerprint tells so.
    kept.unanswered = inputs.violations.digest if inputs.settings.validation else ""
    return kept


def _is_from_alike(present: Snapshot, inputs: Inputs) -> bool:
    """Whether a snapshot was made from the same but for files of data, each of which has its graph for itself."""
    read = [file for file in inputs.files if file.role is not Role.SHAPES]
    inferred = inputs.names.inferred_graph
    if any(file.may_name_graphs or file.graph == inferred for file in read):
        return False
    records = present.manifest.sources
    if any(Path(record.name).suffix.lower() in sources.OF_GRAPHS for record in records):
        return False
    before = [(record.role, record.name, record.sha256) for record in records]
    now = [(file.role, file.name, file.sha256()) for file in inputs.files]
    if [one for one in before if one[0] != Role.DATA] != [one for one in now if one[0] != Role.DATA]:
        return False
    return present.manifest.fingerprint == inputs.fingerprint_with(sources.fingerprint_of(before))


def _files_of(present: Snapshot, inputs: Inputs) -> dict[FileKey, SourceFile]:
    """The files that a snapshot was made from; of one that is the same still, the one that is found now.

    Raises:
        SnapshotError: a copy is damaged.
    """
    now = {(str(file.role), file.name, file.sha256()): file for file in inputs.files}
    files: dict[FileKey, SourceFile] = {}
    for record in present.manifest.sources:
        if record.role != Role.SHAPES:
            same = now.get((record.role, record.name, record.sha256))
            files[Role(record.role), record.name] = same or _copy(present, record)
    return files


def _copy(present: Snapshot, record: SourceRecord) -> SourceFile:
    role, graph = Role(record.role), f"<{record.graph}>"
    return SourceFile(present.source(record), record.name, role, graph, memory=present.content(record))
