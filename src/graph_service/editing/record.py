"""The record of an edit: who changed which files, when and why, in PROV-O, as a file of the data.

    data/edits/2026/20261130t215012z-3f9a2c.ttl      the named graph `graph/edits/2026/…`

Each edit is a graph of its own, so that no two edits write one file, and a document's graph holds nothing but the
document. Each version of a file is a `prov:specializationOf` the file's graph, which leads to what the file is about. A
record never changes: what takes an edit back is another edit.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from graph_service.building.sources import graph_slug
from graph_service.editing.file_names import RECORDS
from graph_service.importing.turtle import Writer
from graph_service.rdf.namespaces import PREFIXES, XSD, Names
from graph_service.rdf.terms import Term, iri, literal

_ID = re.compile(r"[0-9]{8}t[0-9]{6}z-[0-9a-f]{6}")
_PROV, _SHA256 = PREFIXES["prov"], f"{PREFIXES['schema']}sha256"


@dataclass(frozen=True)
class FileChange:
    """A file that an edit changed.

    Attributes:
        name: its path below the directory of data.
        before: SHA-256 of what was there, hexadecimal; empty if nothing was.
        after: of what is there now, likewise.
    """

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class EditRecord:
    """One edit.

    Attributes:
        id: its name; it begins with the second in which the request came.
        editor: who did it.
        reason: why.
        started: when the request came.
        ended: when all was ready to be validated.
        changes: at least one.
        undoes: the edit that it takes back; empty if none.
    """

    id: str
    editor: str
    reason: str
    started: datetime
    ended: datetime
    changes: tuple[FileChange, ...]
    undoes: str = ""

    @property
    def name(self) -> str:
        """Its file, below the directory of data."""
        return name_of(self.id)

    def turtle(self, names: Names) -> bytes:
        """The file."""
        writer = Writer(names)
        blocks = list(self._blocks(names, writer))
        head = "# The record of an edit. To take the edit back: POST /edit/undo/ID.\n\n"
        return "\n".join((head + writer.prefixes(), *blocks)).encode()

    def _blocks(self, names: Names, writer: Writer) -> Iterator[str]:
        edit, editor = _term(names, self.id), iri(f"{names.base}id/editor/{self.editor}")
        files = ", ".join(change.name for change in self.changes[:3]) + (" …" if len(self.changes) > 3 else "")
        used = [change for change in self.changes if change.before]
        made = [change for change in self.changes if change.after]
        gone = [change for change in self.changes if not change.after]
        yield writer.block(
            edit,
            "prov:Activity",
            [
                ("rdfs:label", _both(f"Bearbeitung von {files}", f"Edit of {files}")),
                ("dcterms:description", [literal(self.reason)]),
                ("prov:wasAssociatedWith", [editor]),
                ("prov:startedAtTime", [_time(self.started)]),
                ("prov:endedAtTime", [_time(self.ended)]),
                ("prov:wasInformedBy", [_term(names, self.undoes)] if self.undoes else []),
                ("prov:used", [self._version(names, change, "before") for change in used]),
                ("prov:generated", [self._version(names, change, "after") for change in made]),
                ("prov:invalidated", [self._version(names, change, "before") for change in gone]),
            ],
        )
        yield writer.block(editor, "prov:Agent", [("rdfs:label", [literal(self.editor)])])
        for change in self.changes:
            before, graph = self._version(names, change, "before"), names.graph(graph_slug(change.name))
            about = [("dcterms:identifier", [literal(change.name)]), ("prov:specializationOf", [graph])]
            if change.before:
                labels = _both(f"{change.name} vor der Bearbeitung", f"{change.name} before the edit")
                yield _version(writer, before, labels, about, change.before)
            if change.after:
                labels = _both(f"{change.name} nach der Bearbeitung", f"{change.name} after the edit")
                after = self._version(names, change, "after")
                yield _version(writer, after, labels, about, change.after, before if change.before else "")

    def _version(self, names: Names, change: FileChange, when: str) -> Term:
        return _term(names, f"{self.id}/{when}-{self.changes.index(change) + 1}")


def new_id(now: datetime) -> str:
    """The name of an edit that begins now."""
    return f"{now:%Y%m%dt%H%M%Sz}-{secrets.token_hex(3)}"


def iri_of(names: Names, id_: str) -> str:
    """The IRI of an edit."""
    return f"{names.base}id/edit/{id_}"


def name_of(id_: str) -> str:
    """The file of a record, below the directory of data."""
    return f"{RECORDS}/{id_[:4]}/{id_}.ttl"


def read(root: Path, id_: str, names: Names) -> EditRecord | None:
    """A record; None if there is none of this name.

    Args:
        root: the directory of data.
        id_: the name of the edit.
        names: those of the data set.
    """
    path = root / name_of(id_)
    if not _ID.fullmatch(id_) or not path.is_file():
        return None
    store = ox.Store()
    store.extend(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=names.base))

    def values(subject: object, predicate: str) -> list[ox.NamedNode | ox.Literal]:
        found = store.quads_for_pattern(subject, ox.NamedNode(predicate), None)  # type: ignore[arg-type]
        return [quad.object for quad in found]  # type: ignore[misc]

    edit = ox.NamedNode(_term(names, id_)[1:-1])
    digests: dict[str, dict[str, str]] = {"used": {}, "generated": {}}
    for role, by_name in digests.items():
        for version in values(edit, _PROV + role):
            (name,), (digest,) = values(version, f"{PREFIXES['dcterms']}identifier"), values(version, _SHA256)
            by_name[name.value] = digest.value
    changed = sorted({*digests["used"], *digests["generated"]})
    changes = tuple(FileChange(one, digests["used"].get(one, ""), digests["generated"].get(one, "")) for one in changed)
    (editor,), (reason,) = (
        values(edit, f"{_PROV}wasAssociatedWith"),
        values(edit, f"{PREFIXES['dcterms']}description"),
    )
    started, ended = (values(edit, _PROV + end)[0].value for end in ("startedAtTime", "endedAtTime"))
    return EditRecord(
        id_,
        editor.value.rpartition("/")[2],
        reason.value,
        datetime.fromisoformat(started),
        datetime.fromisoformat(ended),
        changes,
    )


def _term(names: Names, id_: str) -> Term:
    return iri(iri_of(names, id_))


def _version(
    writer: Writer,
    version: Term,
    labels: list[Term],
    about: list[tuple[str, list[Term]]],
    sha256: str,
    before: Term = "",
) -> str:
    return writer.block(
        version,
        "prov:Entity",
        [
            ("rdfs:label", labels),
            *about,
            ("schema:sha256", [literal(sha256)]),
            ("prov:wasRevisionOf", [before] if before else []),
        ],
    )


def _both(german: str, english: str) -> list[Term]:
    return [literal(german, language="de"), literal(english, language="en")]


def _time(moment: datetime) -> Term:
    # To the millisecond: several edits may come within a second, and are listed by time.
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return literal(f"{text}Z", datatype=f"{XSD}dateTime")
