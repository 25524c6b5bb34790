"""Reading a table in a process of its own, so that a small file that unfolds to gigabytes harms nobody."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from graph_service import processes
from graph_service.errors import Location, SourceError
from graph_service.importing.findings import SheetRow

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 300


def rows(path: Path, sheet: str, sheets: Iterable[str], note: Callable[[str], None]) -> Iterator[SheetRow]:
    """The rows of a table file, read by a child within limits of memory and processor time.

    Raises:
        SourceError: the file cannot be read, or not within the limits; with the last row that could be read.
    """
    limits = [str(MEMORY_BYTES), str(CPU_SECONDS)]
    command = processes.command(__name__, *limits, str(path), sheet, *sorted(sheets))
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


def _write(*content: Any) -> None:
    sys.stdout.buffer.write(json.dumps(content).encode() + b"\n")


def main(arguments: list[str]) -> None:
    """The child: write each row as a line of JSON, then `["end"]`."""
    from graph_service.importing import tables

    memory, seconds, path, sheet, *sheets = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    try:
        for row in tables.read_here(Path(path), sheet, frozenset(sheets), lambda text: _write("note", text)):
            _write("row", row.sheet, row.number, dict(row.cells))
        _write("end")
    except SourceError as error:
        _write("error", error.message, error.where.line if error.where else 0, error.hint)
    except MemoryError:
        pass
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
