"""Every error a user of this package can meet, as one tree.

    GraphServiceError
    ├── SettingsError          a setting is missing or contradicts another
    ├── SourceError            a file cannot be read as RDF
    ├── ValidationError        the data break a shape or a violation query
    ├── InconsistencyError     the reasoner derived false
    ├── EvidenceError          a passage does not match its source text
    ├── importing.findings.ImportRefused   a row of a sheet is wrong; nothing was written
    ├── SnapshotError          a snapshot is absent, incomplete or altered
    ├── ExportError            what is to be written cannot be had
    ├── ProcessError           a child process failed or went beyond a limit
    ├── NotEntailed            a triple that was to be explained does not follow
    └── QueryError             a query was not answered
        ├── QueryNotFound      no query file has this name
        ├── QueryFileError     a query file's header is wrong
        ├── ParameterError     a parameter is missing, unknown or of the wrong type
        ├── QuerySyntaxError   the text is not SPARQL
        ├── NotWritable        the format that was asked for cannot hold the answer
        ├── QueryRefused       SERVICE, LOAD, updates: understood, never run
        ├── QueryTimeout       the time limit ended it
        ├── LimitExceeded      memory, rows, bytes or nesting beyond the limit
        ├── StoreBusy          no worker was free in time
        ├── WorkerLost         the worker died while it ran the query
        └── EndpointError      the remote store is out of reach, keeps us out, or is not a SPARQL endpoint

Each error says what is wrong, where, and how to repair it; its text is one line. The command line prints
it, the HTTP layer wraps it into problem details (RFC 9457), so neither writes sentences of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Location:
    """Where in a text something stands.

    `line` and `column` count from 1, columns in code points; 0 means not known. `path` is None for a text
    without a file (a query that was sent).
    """

    path: Path | None = None
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [str(self.path) if self.path else "", str(self.line or ""), str(self.column or "")]
        if self.path is None:
            named = [f"{name} {n}" for name, n in (("line", self.line), ("column", self.column)) if n]
            return ", ".join(named)
        return ":".join(part for part in parts if part)


@dataclass(frozen=True)
class Finding:
    """One finding with its parts, as far as they are known.

    Attributes:
        text: all of it on one line.
        where: the place.
        subject: what it is about.
        rule: the shape or query that found it.
        message: what is wrong, and how to repair it.
    """

    text: str
    where: Location | None = None
    subject: str = ""
    rule: str = ""
    message: str = ""


class GraphServiceError(Exception):
    """Base of all errors of this package.

    Args:
        message: what is wrong, one sentence.
        where: the place, where there is one.
        hint: how to repair it, one sentence.
    """

    def __init__(self, message: str, *, where: Location | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = str(self.where) if self.where else ""
        text = f"{place}: {self.message}" if place else self.message
        return " ".join(f"{text} {self.hint}".split())


class SettingsError(GraphServiceError):
    """A setting is missing, unusable or contradicts another."""


class SourceError(GraphServiceError):
    """A file of ontology or data cannot be read."""


class SnapshotError(GraphServiceError):
    """A snapshot is absent, incomplete or altered."""


class ProcessError(GraphServiceError):
    """A child process failed, or went beyond a limit of time, memory or output."""


class ExportError(GraphServiceError):
    """What is to be written cannot be had."""


class NotEntailed(GraphServiceError):
    """The triple neither stands in the data nor follows from it."""


class FindingsError(GraphServiceError):
    """An error that carries one finding per thing to hint.

    `findings` are single-line sentences, in a stable order; `str()` gives the headline only. `details` are the same
    with their parts.
    """

    def __init__(
        self, message: str, findings: Sequence[str], *, hint: str = "", details: Sequence[Finding] = ()
    ) -> None:
        super().__init__(message, hint=hint)
        self.findings = tuple(findings)
        self.details = tuple(details) or tuple(map(Finding, findings))


class ValidationError(FindingsError):
    """The data break a SHACL shape or a violation query."""


class InconsistencyError(FindingsError):
    """The reasoner derived false from ontology and data."""


class EvidenceError(FindingsError):
    """At least one passage does not match its source text."""


class QueryError(GraphServiceError):
    """A query was not answered."""


class QueryNotFound(QueryError):
    """No query file has this name."""


class QueryFileError(QueryError):
    """The header of a query file is wrong."""


class ParameterError(QueryError):
    """A query parameter is missing, unknown or of the wrong type.

    Args:
        nearest: the known names or values that are spelled most like the wrong one.
    """

    def __init__(
        self, message: str, *, where: Location | None = None, hint: str = "", nearest: Sequence[str] = ()
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.nearest = tuple(nearest)


class QuerySyntaxError(QueryError):
    """The text is not a SPARQL query; `where` has line and column.

    Attributes:
        line_text: the line that it stands in; empty if nobody has looked.
        declaration: what declares the prefix that is missing; empty if nothing does.
    """

    line_text = ""
    declaration = ""


class QueryRefused(QueryError):
    """The query asks for something this service never does (SERVICE, LOAD, update)."""


class NotWritable(QueryError):
    """The format that was asked for cannot hold the answer."""


class QueryTimeout(QueryError):
    """The time limit ended the query."""


class LimitExceeded(QueryError):
    """The query needs more memory, rows, bytes or nesting than the limit allows."""


class StoreBusy(QueryError):
    """No worker was free in time."""


class WorkerLost(QueryError):
    """The worker died while it ran the query; the store is well, the query may not be."""


class EndpointError(QueryError):
    """The remote store is out of reach, does not let us in, or answers what is no SPARQL."""
