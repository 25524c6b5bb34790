"""The editor: one edit at a time, from a request to files in their places and an edition in use, or to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from graph_service.building.locking import GONE
from graph_service.building.resident import ResidentBuilder
from graph_service.building.sources import ChangedFiles
from graph_service.building.watching import Look, look
from graph_service.editing import file_names, refusal
from graph_service.editing.edit_plan import BYTES, Plan, plan, tag_of
from graph_service.editing.edit_request import Deed, EditRequest
from graph_service.editing.record import EditRecord, FileChange, new_id
from graph_service.editing.refusal import EditRefused
from graph_service.editing.tokens import may_write
from graph_service.errors import GraphServiceError
from graph_service.importing import ImportTarget
from graph_service.importing.placing import CHOSEN, placed, workplace
from graph_service.rdf.namespaces import Names
from graph_service.reading.shelf import write_whole
from graph_service.settings import BuildSettings
from graph_service.snapshots import delta
from graph_service.snapshots.snapshot import Snapshot, current, open_snapshot
from graph_service.store.loading import LoadedDataset

# How often an edit begins anew because somebody else writes files.
_ATTEMPTS = 3
# Statements of a difference that are shown; files of one edit.
_SHOWN, _MOST_FILES = 200, 2000


class _Overtaken(Exception):
    """Somebody else has changed a file since the build began."""


class _Tried(Exception):
    """A dry run has come to its end; has the difference."""


class Editor:
    """Edits one directory of data.

    Args:
        settings: what is built, and where; the first directory of data is edited.

    Attributes:
        snapshot: the last one that was built.

    Raises:
        SettingsError: there is no directory of data that may be written.
    """

    def __init__(self, settings: BuildSettings) -> None:
        self._settings = settings
        self._target = ImportTarget.of(settings)
        self._root = self._target.directory()
        self._names = Names(settings.base)
        self._told: list[str] = []
        self._builder = ResidentBuilder(settings, self._told.append)
        self.snapshot: Snapshot | None = None

    @property
    def dataset(self) -> LoadedDataset | None:
        """The data set of the snapshot, loaded; None if it is not."""
        return self._builder.dataset

    def prepare(self) -> None:
        """Finish or sweep what a killed process left, and build once, so that edits build only what they change."""
        with workplace(self._root):
            pass
        self._built({}, Path(), {})

    def answer(self, request: EditRequest, body: bytes) -> dict[str, Any]:
        """What came of a request, as JSON; see `_edited`. An error has `refused`.

        The bytes of a file stand in `text`, what its ETag says in `tag`.
        """
        try:
            if request.deed is Deed.READ:
                return self._read(request)
            if request.deed in (Deed.SHEET_TAG, Deed.DRAFT_TAG):
                return {"tag": self._there(request)}
            return self._edit(request, body)
        except GraphServiceError as error:
            return {"refused": refusal.of(error, [self._root, *self._settings.data]).encode()}
        except OSError as error:
            hint = "Nothing was changed. The one who runs the service sees it in the log."
            return {"refused": EditRefused(507, f"The system refused: {error.strerror}.", hint).encode()}

    def _read(self, request: EditRequest) -> dict[str, Any]:
        self._allow(request, [request.name])
        tag = self._there(request)
        text = (self._root / request.name).read_bytes()
        if len(text) > request.most_bytes:
            hint = "Edit it where the data lie, or divide it."
            raise EditRefused(413, f"{request.name} has more than {request.most_bytes} bytes.", hint)
        return {"tag": tag, "text": text}

    def _there(self, request: EditRequest) -> str:
        if not (tag := tag_of(request, self._root)):
            raise EditRefused(404, f"There is nothing of {request.name}.", 'Put it with "If-None-Match: *".')
        return tag

    def _allow(self, request: EditRequest, files: list[str]) -> None:
        for name in files:
            if not may_write(request.files, name):
                hint = f"It may write {', '.join(request.files)}."
                raise EditRefused(403, f"The token of {request.editor} does not allow {name}.", hint)

    def _edit(self, request: EditRequest, body: bytes) -> dict[str, Any]:
        started = datetime.now(UTC)
        for _ in range(_ATTEMPTS):
            try:
                with workplace(self._root) as place:
                    return self._edited(request, body, place, started)
            except _Overtaken:
                continue
        hint = "Try again when the other one has finished."
        raise EditRefused(503, "Somebody else is writing files of the data.", hint)

    def _edited(self, request: EditRequest, body: bytes, place: Path, started: datetime) -> dict[str, Any]:
        """What came of a change: the edit, its files by name with digests before and after, the edition.

        Of a dry run `edit` is empty, and `difference` tells what would change.

        Raises:
            _Overtaken: somebody else wrote meanwhile.
        """
        if request.deed in (Deed.PUT, Deed.DELETE):
            # Before anything is told of the file.
            self._allow(request, [request.name])
        planned = plan(request, body, self._root, self._target, place)
        if len(planned.files) > _MOST_FILES:
            raise EditRefused(422, f"More than {_MOST_FILES} files come of it.", "Divide the sheet.")
        self._allow(request, [*planned.files])
        changes = self._changes(planned)
        done: dict[str, Any] = {
            "edit": "",
            "files": [{"name": one.name, "before": one.before, "after": one.after} for one in changes],
            "report": refusal.lines(planned.report),
        }
        files = {one.name: planned.files[one.name] for one in changes}
        if changes and not request.dry_run:
            id_, now = new_id(started), datetime.now(UTC)
            record = EditRecord(id_, request.editor, request.reason, started, now, changes, planned.undoes)
            files[record.name] = record.turtle(self._names)
            done |= {"edit": id_, "iri": f"{self._names.base}id/edit/{id_}"}
        self._told.clear()
        if changes:
            try:
                done |= self._built(files, place, {one.name: one.before for one in changes}, dry_run=request.dry_run)
            except _Tried as tried:
                done["difference"] = tried.args[0]
        done["warnings"] = refusal.lines([told for told in self._told if told.startswith(("warning: ", "info: "))])
        tagged = self._root / request.name if request.deed is Deed.PUT and not request.dry_run else None
        return {**done, "tag": file_names.digest_of(tagged) if tagged else ""}

    def _changes(self, planned: Plan) -> tuple[FileChange, ...]:
        found = []
        for name, content in planned.files.items():
            before = file_names.digest_of(file_names.file_in(self._root, name))
            after = file_names.digest(content) if content is not None else ""
            if before != after:
                found.append(FileChange(name, before, after))
        return tuple(found)

    def _built(
        self, files: Mapping[str, bytes | None], place: Path, before: Mapping[str, str], *, dry_run: bool = False
    ) -> dict[str, Any]:
        """Build with these files, and put them into their places as soon as the build is conformant.

        Args:
            files: content by name; None for one that is removed.
            place: where they wait.
            before: digests of what is replaced.
            dry_run: whether it ends there.
        """
        for name, content in files.items():
            waiting = place / CHOSEN / name if content is not None else place / CHOSEN / GONE / name
            write_whole(waiting, content or b"")
        seen = look(self._settings)

        @contextmanager
        def accept(draft: Path) -> Iterator[None]:
            if dry_run:
                raise _Tried(self._difference(draft))
            if not files:
                yield
                return
            with placed(self._root, place, lambda: self._ready(seen, before)):
                yield

        self.snapshot = self._builder.build(ChangedFiles(self._root, files), accept)
        return {"edition": self.snapshot.digest}

    def _ready(self, seen: Look, before: Mapping[str, str]) -> None:
        """See that what was built is what will be there, and keep what is replaced."""
        if look(self._settings) != seen:
            raise _Overtaken
        for name, digest in before.items():
            if file_names.digest_of(self._root / name) != digest:
                raise _Overtaken
            if digest:
                write_whole(self._root / BYTES / digest, (self._root / name).read_bytes())

    def _difference(self, draft: Path) -> dict[str, Any]:
        """What the data set of a draft has that the one in use has not, and the other way round."""
        present, new = current(self._settings.snapshots), open_snapshot(draft)
        found = list(delta.changes(present.lines() if present else (), new.lines()))
        added = [refusal.short(line.rstrip("\n")) for is_added, line in found if is_added]
        removed = [refusal.short(line.rstrip("\n")) for is_added, line in found if not is_added]
        return {
            "added": len(added),
            "removed": len(removed),
            "added_statements": list(islice(added, _SHOWN)),
            "removed_statements": list(islice(removed, _SHOWN)),
        }
