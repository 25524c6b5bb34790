"""Reading a table in a process of its own, so that a small file that unfolds to gigabytes harms nobody."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from graph_service import processes
from graph_service.errors import Location, SourceError
from graph_service.importing.findings import SheetRow

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 300
_CHILD = "graph_service.importing.reading_process"


def rows(path: Path, sheet: str, sheets: Iterable[str], note: Callable[[str], None]) -> Iterator[SheetRow]:
    """The rows of a table file, read by a child within limits of memory and processor time.

    Raises:
        SourceError: the file cannot be read, or not within the limits; with the last row that could be read.
    """
    limits = [str(MEMORY_BYTES), str(CPU_SECONDS)]
    command = processes.command(_CHILD, *limits, str(path), sheet, *sorted(sheets))
    quiet = subprocess.DEVNULL
    child = subprocess.Popen(command, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet)  # noqa: S603
    last, ended = "the beginning", False
    try:
        for line in child.stdout or ():
            kind, *content = json.loads(line)
            if kind == "row":
                table, number, cells = content
                last = f"row {number} of sheet {table}"
                yield SheetRow(path.name, table, number, cells)
            elif kind == "note":
                note(*content)
            elif kind == "error":
                message, line_number, hint = content
                raise SourceError(message, where=Location(path, line_number), hint=hint)
            ended = kind == "end"
    finally:
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()
    if not ended:
        message = f"needs more than {MEMORY_BYTES >> 20} MB or {CPU_SECONDS} s to be read, after {last}."
        raise SourceError(message, where=Location(path), hint="Split it, or save it as CSV.")
