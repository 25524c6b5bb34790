"""What an edit makes of the files: their content as it will be, and what the client must have seen before."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pydantic import BaseModel, ConfigDict, ValidationError

from graph_service import importing
from graph_service.coding import draft_integrity, draft_rows
from graph_service.coding.paper_draft import PaperDraft
from graph_service.editing import file_names, record, refusal
from graph_service.editing.edit_request import Deed, EditRequest
from graph_service.editing.refusal import EditRefused
from graph_service.errors import GraphServiceError
from graph_service.importing import GivenRows, ImportOptions, ImportTarget
from graph_service.importing.written_files import Batch, own_files
from graph_service.rdf.namespaces import Names
from graph_service.reading.paper import Paper

BYTES = ".edits"
"""Hidden directory below that of data: what edits have replaced, each file named by its SHA-256."""
_SAME = "http://www.w3.org/2002/07/owl#sameAs"


@dataclass(frozen=True)
class Plan:
    """What an edit makes of the files.

    Attributes:
        files: content by name; None for a file that is removed.
        undoes: the edit that is taken back, empty if none is.
        report: what an import has to say.
    """

    files: Mapping[str, bytes | None]
    undoes: str = ""
    report: tuple[str, ...] = field(default=())


class SentDraft(BaseModel):
    """A paper with its text, and the draft of one coder; the text is read and not kept."""

    model_config = ConfigDict(extra="forbid")

    paper: Paper
    draft: PaperDraft


def plan(request: EditRequest, body: bytes, root: Path, target: ImportTarget, place: Path) -> Plan:
    """What a request makes of the files as they are now.

    Args:
        request: a change.
        body: what it brings.
        root: the directory of data.
        target: the graph that sheets are imported into.
        place: where a sheet lies while it is read; swept by the next edit if this process is killed.

    Raises:
        EditRefused: 403, 404, 409, 412, 422, 428.
        GraphServiceError: a sheet or draft cannot be imported.
    """
    if request.deed is Deed.UNDO:
        return _undone(request.name, root, Names(target.base))
    tag = tag_of(request, root)
    file_names.check_precondition(tag, request.if_match, request.if_none_match)
    if request.deed is Deed.SHEET:
        sheet = place / request.name
        sheet.write_bytes(body)
        try:
            return _imported(sheet, request, root, target)
        except GraphServiceError as error:
            raise refusal.of(error, [place]) from error
    if request.deed is Deed.DRAFT:
        return _imported(_draft(request.name, body), request, root, target)
    if request.deed is Deed.DELETE and not tag:
        raise EditRefused(404, f"There is no file {request.name}.")
    if request.deed is Deed.PUT:
        _refuse_records(request.name, body, Names(target.base))
    return Plan({request.name: body if request.deed is Deed.PUT else None})


def _refuse_records(name: str, body: bytes, names: Names) -> None:
    """Only a record says who edited what: a file that is put says nothing of edits.

    Raises:
        EditRefused: 403.
    """
    # What is no Turtle, the build tells.
    with suppress(SyntaxError, ValueError):
        for quad in ox.parse(body, format=ox.RdfFormat.TURTLE, base_iri=names.base):
            told = (quad.subject, quad.object) if quad.predicate.value == _SAME else (quad.subject,)
            if any(isinstance(one, ox.NamedNode) and one.value.startswith(record.iri_of(names, "")) for one in told):
                hint = "Leave out what it says of edits; the service records each."
                raise EditRefused(403, f"{name} describes an edit.", hint)


def tag_of(request: EditRequest, root: Path) -> str:
    """The digest of what a request is about, as it is now: of a file, or of all files of a sheet; empty if none is.

    Raises:
        EditRefused: 403, 404.
    """
    if request.deed in (Deed.READ, Deed.PUT, Deed.DELETE):
        return file_names.digest_of(file_names.file_in(root, request.name))
    sheet = request.name
    if request.deed in (Deed.DRAFT, Deed.DRAFT_TAG):
        sheet = f"{sheet.replace('/', '.')}.draft"
    else:
        file_names.check_sheet(sheet)
    own = [f"{path.relative_to(root)} {file_names.digest_of(path)}\n" for path in own_files(root, sheet)]
    return file_names.digest("".join(own).encode()) if own else ""


def _imported(sheet: Path | GivenRows, request: EditRequest, root: Path, target: ImportTarget) -> Plan:
    """As `graph-service import` would write it."""
    files: dict[str, bytes | None] = {}

    class Kept(Batch):
        def write(self, names: Any) -> None:
            files.update((name, (self.workplace / "new" / name).read_bytes()) for name in names)

    options = ImportOptions(accept_new=request.accept_new)
    report = importing.run("coding-sheet", sheet, root, target, options, writes=Kept)
    return Plan(files, report=tuple(report.lines()))


def _draft(name: str, body: bytes) -> GivenRows:
    """The accepted positions of a draft, checked as if it lay on a shelf.

    Raises:
        EditRefused: 422.
        ImportRefused: a position copies the paper.
    """
    try:
        sent = SentDraft.model_validate_json(body)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"]))
        raise EditRefused(422, f"The body is no draft with its paper: {place}: {problem['msg']}.") from None
    paper, draft = sent.paper, sent.draft
    name_of_paper, _, coder = name.partition("/")
    wrong = ""
    of_text = file_names.digest(paper.text.encode("utf-8", "surrogatepass"))
    if paper.name != name_of_paper:
        wrong = f"The paper is {paper.name!r}."
    elif not of_text == paper.sha256 == draft.text_sha256:
        wrong = "The text is not the one that the draft was made from."
    elif problem_of_draft := draft_integrity.problem(draft, paper, coder):
        wrong = f"The draft {problem_of_draft}."
    if wrong:
        raise EditRefused(422, wrong, "Send paper.json with its text.txt, and the draft that lies beside them.")
    return GivenRows(draft_rows.name_of(draft), draft_rows.rows(draft, paper))


def _undone(id_: str, root: Path, data_names: Names) -> Plan:
    """The files as they were before an edit.

    Raises:
        EditRefused: 404, there is no such edit; 409, a file was changed since; 410, what it replaced was not kept.
    """
    known = record.read(root, id_, data_names)
    if known is None:
        raise EditRefused(
            404, "There is no edit of this name.", "Its name is in the answer to the edit, and in the graph."
        )
    files: dict[str, bytes | None] = {}
    for change in known.changes:
        if file_names.digest_of(file_names.file_in(root, change.name)) != change.after:
            hint = "Take the later edit back first, or put the file as you want it."
            raise EditRefused(409, f"{change.name} was changed since this edit.", hint)
        kept = root / BYTES / change.before
        if change.before and file_names.digest_of(kept) != change.before:
            hint = (
                f"Put the file {kept.name} back into {BYTES} of the directory of data, or put what was there yourself."
            )
            raise EditRefused(410, f"What {change.name} was before is not kept.", hint)
        files[change.name] = kept.read_bytes() if change.before else None
    return Plan(files, undoes=known.id)
