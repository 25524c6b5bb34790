"""The edits made over HTTP, as `/changes?by=edit` lists them: when, who, why, and which files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from graph_service.http.protocol.cache import Recent
from graph_service.pages.visit import Visit
from graph_service.rdf.answers import Row

# Lists that are kept, one for each file that was asked for.
_KEPT = 4


@dataclass(frozen=True)
class Edit:
    """An edit.

    Attributes:
        iri: its name.
        started: when the request came, RFC 3339 in UTC.
        editor: who did it, as the record says.
        reason: why.
        undoes: the edit that it takes back; empty if none.
        undone_by: the first edit that took it back; empty if none did.
    """

    iri: str
    started: str
    editor: str
    reason: str
    undoes: str
    undone_by: str

    @property
    def day(self) -> str:
        """The day in UTC, such as 2026-11-30."""
        return self.started[:10]

    @property
    def anchor(self) -> str:
        """What it is called within the page."""
        return f"edit-{self.iri.rpartition('/')[2]}"


@dataclass(frozen=True)
class EditedFile:
    """A file that an edit changed.

    Attributes:
        name: its path below the directory of data.
        how: `came`, `changed` or `went`.
        graph: the named graph of the file; empty where the data have none any more.
        documents: IRIs of the documents that it is about now.
    """

    name: str
    how: str
    graph: str
    documents: Sequence[str]


class _Memory:
    """What is kept for a data set: the last few lists."""

    def __init__(self) -> None:
        self.lists: Recent[tuple[str, ...], Sequence[Edit]] = Recent(_KEPT)


async def edits_of(visit: Visit, files: Iterable[str] = ()) -> Sequence[Edit]:
    """The edits, the latest first.

    Args:
        visit: asks.
        files: only those that changed one of these; without any, all.

    Raises:
        QueryError: the store did not answer.
    """
    lists, names = visit.edition.remembered("edits", _Memory).lists, tuple(sorted(files))
    found = lists.get(names)
    if found is None:
        found = [*_edits(await visit.rows("edits", file=names))]
        lists.put(names, found)
    return found


async def edited_files(visit: Visit, edits: Iterable[Edit]) -> Mapping[str, Sequence[EditedFile]]:
    """The files that each of these edits changed, by the IRI of the edit.

    Raises:
        QueryError: the store did not answer.
    """
    if not (iris := [edit.iri for edit in edits]):
        return {}
    found: dict[str, list[EditedFile]] = {}
    for (item, name, how, graph), rows in groupby(await visit.rows("edited-files", item=iris), key=_file):
        documents = [row["document"]["value"] for row in rows if "document" in row]
        found.setdefault(item, []).append(EditedFile(name, how, graph, documents))
    return found


def _edits(rows: Iterable[Row]) -> Iterator[Edit]:
    for iri, (row, *_) in ((iri, list(same)) for iri, same in groupby(rows, key=lambda row: row["edit"]["value"])):
        names = ("started", "editor", "reason", "undoes", "undone_by")
        yield Edit(iri, *(row[name]["value"] if name in row else "" for name in names))


def _file(row: Row) -> tuple[str, str, str, str]:
    graph = row["graph"]["value"] if "graph" in row else ""
    return row["item"]["value"], row["file"]["value"], row["how"]["value"], graph
