"""Reading a paper in a process of its own: a file may be made to crash a reader, or unfold to gigabytes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from graph_service import processes
from graph_service.errors import Location, ProcessError, SourceError
from graph_service.processes import ProcessLimits
from graph_service.reading.file_kinds import Pictures
from graph_service.reading.paper import Paper

LIMITS = ProcessLimits(seconds=300, memory_bytes=2 << 30, output_bytes=256 << 20)
# tesseract takes seconds for each page.
OCR_LIMITS = replace(LIMITS, seconds=3600)
_CHILD = "graph_service.reading.reading_process"


def read(
    path: Path,
    name: str,
    language: str = "",
    pictures: Pictures = Pictures.REFUSE,
    limits: ProcessLimits | None = None,
) -> Paper:
    """The paper in a file, read by a child within limits; the other arguments are those of `file_kinds.read`.

    Raises:
        SourceError: the file cannot be read, or not within the limits.
    """
    arguments = (str(path), name, language, pictures)
    limits = limits or (OCR_LIMITS if pictures is Pictures.READ else LIMITS)
    try:
        output = asyncio.run(processes.run(_CHILD, *arguments, limits=limits))
    except ProcessError as error:
        allowed = f"{limits.memory_bytes >> 20} MB of memory and {limits.seconds:g} s"
        hint = f"It may use {allowed}. Divide it, or save its text alone."
        raise SourceError(f"cannot be read: {error.message}", where=Location(path), hint=hint) from None
    return Paper.model_validate_json(output)
