"""A small data set that is edited: things that have at most one size, and some of whose parts contradict each other."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.editing.edit_request import Deed, EditRequest
from graph_service.editing.editor import Editor
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import current
from tests.reasoning.turtle import PREFIXES

MODEL = ":partOf a owl:TransitiveProperty . :Part owl:disjointWith :Person ."
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
:PartShape sh:targetClass :Part ; sh:property :SizeShape .
:SizeShape sh:path :size ; sh:maxCount 1 ; sh:message "It has two sizes. Give one."@en .
"""
FIRST = ":a a :Part ; :partOf :b . :b :partOf :c ."


def written(body: str) -> bytes:
    """A file of Turtle."""
    return f"{PREFIXES}{body}\n".encode()


def directory(root: Path) -> BuildSettings:
    """Ontology, shapes and one document; where and what is built."""
    for name, body in {
        "ontology/model.ttl": MODEL,
        "ontology/shapes.ttl": SHAPES,
        "data/documents/a.ttl": FIRST,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(written(body))
    return below(root)


def below(root: Path) -> BuildSettings:
    """What is built of a directory that is there."""
    return BuildSettings(
        ontology=(root / "ontology",), data=(root / "data",), base="http://example.org/", snapshots=root / "snapshots"
    )


def files(settings: BuildSettings) -> dict[str, bytes]:
    """The files of the data by name, records of edits and what edits keep left out."""
    root = settings.data[0]
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if not name.startswith((".edits/", "edits/"))}


def tag(content: bytes) -> str:
    """As If-Match names it."""
    return f'"{hashlib.sha256(content).hexdigest()}"'


def ask(editor: Editor, deed: Deed, name: str, body: bytes = b"", **given: Any) -> dict[str, Any]:
    """What an editor answers to somebody who may write everything."""
    return editor.answer(EditRequest(deed, name, "editor-1", ("*",), **{"reason": "Seite 4 gelesen", **given}), body)


def check(settings: BuildSettings, elsewhere: Path) -> None:
    """The edition in use is what a plain build of the files gives."""
    full = build(find_inputs(BuildSettings(settings.ontology, settings.data, None, settings.base, snapshots=elsewhere)))
    present = current(settings.snapshots)
    assert present is not None
    assert present.path.name == full.path.name
    assert not list(present.damaged())
