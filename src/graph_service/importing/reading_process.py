"""The process that reads a table for `bounded_reading`: within its limits, and a line of JSON for each row."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from graph_service.errors import SourceError
from graph_service.importing import table_files


def _write(*content: Any) -> None:
    sys.stdout.buffer.write(json.dumps(content).encode() + b"\n")


def main(arguments: list[str]) -> None:
    """The child: write each row as a line of JSON, then `["end"]`."""
    memory, seconds, path, sheet, *sheets = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    try:
        for row in table_files.read_here(Path(path), sheet, frozenset(sheets), lambda text: _write("note", text)):
            _write("row", row.sheet, row.number, dict(row.cells))
        _write("end")
    except SourceError as error:
        _write("error", error.message, error.where.line if error.where else 0, error.hint)
    except MemoryError:
        pass
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
