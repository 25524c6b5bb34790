"""Snapshots and queries that the tests of the store share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from graph_service.rdf import guard
from graph_service.rdf.formats import offered
from graph_service.store import Query

E = "http://e/"
INFERRED = "http://e/graph/inferred"
Writer = Callable[[Iterable[str]], Path]


def ask(text: str, format_name: str = "", **more: object) -> Query:
    """A query as the HTTP layer makes it from a text."""
    form = guard.inspect(text).form
    formats = {format_.name: format_ for format_ in offered(form)}
    return Query(text, form, formats[format_name or next(iter(formats))], **more)  # type: ignore[arg-type]


def write_snapshot(directory: Path, lines: Iterable[str]) -> Path:
    """Write a snapshot of these N-Quads lines."""
    content = "".join(sorted(f"{line}\n" for line in lines)).encode()
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "quads.nq").write_bytes(content)
    manifest = {"digest": hashlib.sha256(content).hexdigest(), "inferred_graph": INFERRED}
    (directory / "manifest.json").write_text(json.dumps(manifest))
    return directory
