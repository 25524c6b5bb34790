"""The process that reads a paper for `bounded_reading`, and writes it as JSON."""

from __future__ import annotations

import sys
from pathlib import Path

from graph_service import processes
from graph_service.reading import file_kinds


def main(path: str, name: str, language: str, pictures: str) -> None:
    """Read a file and write the paper on standard output."""
    paper = file_kinds.read(Path(path), name, language, file_kinds.Pictures(pictures))
    sys.stdout.buffer.write(paper.model_dump_json().encode())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    processes.report(lambda: main(*sys.argv[1:]))
