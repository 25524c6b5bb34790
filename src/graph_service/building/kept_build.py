"""What a build keeps for the next one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from graph_service.building import sources
from graph_service.building.kept_validation import KeptValidation
from graph_service.building.sources import Role, SourceFile
from graph_service.building.statements import Statements
from graph_service.rdf.namespaces import Names
from graph_service.rdf.terms import Quad, Term, Triple
from graph_service.reasoning.continuation import Continuation
from graph_service.snapshots.lines import SortedLines
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.loading import LoadedDataset

FileKey: TypeAlias = tuple[Role, str]


class ReadFile:
    """A file as it was at one moment.

    Args:
        file: with its content in memory.
        names: of the build.

    Attributes:
        sha256: digest of its content, hexadecimal.
    """

    def __init__(self, file: SourceFile, names: Names) -> None:
        self.sha256 = file.sha256()
        self._file = file
        self._names = names

    @cached_property
    def quads(self) -> tuple[Quad, ...]:
        """Its quads, each once; read when they are first asked for.

        Raises:
            SourceError: as of `sources.read`.
        """
        file, self._file = self._file, replace(self._file, memory=b"")
        return tuple(set(sources.read(file, self._names)))

    @property
    def graphs(self) -> Collection[Term]:
        """The graphs that they stand in; of most formats that is known without reading. Raises as `quads`."""
        return {quad.graph for quad in self.quads} if self._file.may_name_graphs else (self._file.graph,)


@dataclass
class Kept:
    """What stays from build to build.

    Attributes:
        files: those that were read.
        statements: what they state.
        inferred: what follows.
        lines: both, as a snapshot holds them.
        continuation: goes on from the closure; None if the next one starts anew.
        validation: what the shapes find; None without validation.
        dataset: both, loaded; None before it was needed.
        snapshot: the last one that was built.
        unanswered: digest of the violation queries that have no answer there.
    """

    files: Mapping[FileKey, ReadFile] = field(default_factory=dict)
    statements: Statements = field(default_factory=Statements)
    inferred: set[Triple] = field(default_factory=set)
    lines: SortedLines = field(default_factory=lambda: SortedLines([]))
    continuation: Continuation | None = None
    validation: KeptValidation | None = None
    dataset: LoadedDataset | None = None
    snapshot: Snapshot | None = None
    unanswered: str = ""
