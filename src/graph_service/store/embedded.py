"""Queries in the calling process, without workers: for the command line and for Python.

Nothing limits how long a query runs here, and a query that is nested thousands of levels deep needs the thread that
`answer` runs it on. For queries of strangers there is `ForkedStore`.
"""

from __future__ import annotations

import io
import threading
import traceback
from pathlib import Path

from graph_service.errors import QuerySyntaxError
from graph_service.rdf import answers, guard
from graph_service.rdf.formats import TSV, Form, Format, offered, writable
from graph_service.store import Query, disk
from graph_service.store.counting import Output
from graph_service.store.engine import Engine
from graph_service.workers.limits import MIB

STACK_BYTES = 512 * MIB


class EmbeddedStore:
    """A snapshot that answers queries in this process.

    Args:
        engine: the loaded data set.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, snapshot: Path, *, separate_default_graph: bool = False) -> EmbeddedStore:
        """Load a snapshot into memory.

        Raises:
            SnapshotError: it is absent, incomplete or altered.
        """
        return cls(Engine.load(snapshot, separate_default_graph=separate_default_graph))

    @classmethod
    def open_prepared(cls, snapshot: Path) -> EmbeddedStore:
        """Open the store on disk of a snapshot, or load it into memory where it has none; errors as of `open`."""
        return cls(Engine.open_on_disk(snapshot)) if disk.is_prepared(snapshot) else cls.open(snapshot)

    @property
    def digest(self) -> str:
        """SHA-256 of the data set, hexadecimal."""
        return self._engine.digest

    def query(self, text: str, format_: Format | None = None, *, inferred: bool = True) -> bytes:
        """Guard a query, run it, and return the whole answer.

        Args:
            text: SPARQL.
            format_: one that `formats.offered` names for its form; the first of them if None.
            inferred: whether inferred triples take part.

        Raises:
            QueryError: it is no SPARQL, is refused, or cannot be answered in this format.
        """
        form = guard.inspect(text).form
        return self.answer(Query(text, form, format_ or offered(form)[0], inferred))

    def rows(self, text: str) -> list[dict[str, str]]:
        """The rows of a SELECT as plain values by variable (IRI or text of a literal), empty where unbound.

        Raises:
            QueryError: as of `query`.
        """
        return answers.values(self.query(text, TSV))

    def answer(self, query: Query) -> bytes:
        """Run a query that was checked, and return the whole answer.

        Raises:
            QueryError: see `Engine.evaluate`.
        """
        output = io.BytesIO()
        self.evaluate(query, output)
        return output.getvalue()

    def evaluate(self, query: Query, output: Output) -> int:
        """Run a query that was checked and write the answer piece by piece; returns its rows.

        Raises:
            QueryError: see `Engine.evaluate`.
        """
        _check_format(query.form, query.format)
        task = _Task(self._engine, query, output)
        task.run_on(STACK_BYTES)
        if task.error is not None:
            raise task.error
        return task.rows


class _Task:
    """One evaluation on a thread with room for deep nesting; the default stack ends Python at about 1,000 levels."""

    def __init__(self, engine: Engine, query: Query, output: Output) -> None:
        self.rows = 0
        self.error: BaseException | None = None
        self._work = (engine, query, output)

    def run_on(self, stack_bytes: int) -> None:
        """Run to the end."""
        usual = threading.stack_size(stack_bytes)
        try:
            thread = threading.Thread(target=self._run, name="query")
            thread.start()
        finally:
            threading.stack_size(usual)
        thread.join()

    def _run(self) -> None:
        engine, query, output = self._work
        try:
            self.rows = engine.evaluate(query, output)
        except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that waits
            # The engine's results must be let go of in the thread that they were made in.
            for one in (error, error.__context__):
                traceback.clear_frames(one.__traceback__ if one else None)
            self.error = error


def _check_format(form: Form, format_: Format) -> None:
    if format_ not in writable(form):
        names = ", ".join(one.name for one in offered(form))
        raise QuerySyntaxError(
            f"A query of the form {form.value} has no answer as {format_.name}.", hint=f"Use {names}."
        )
