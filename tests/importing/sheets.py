"""Coding sheets made of the template, and what becomes of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from graph_service import importing
from graph_service.importing import ImportOptions, ImportRefused, ImportTarget, Report
from tests.conftest import ROOT

Rows = list[dict[str, str]]

TEMPLATE = ROOT / "docs" / "templates" / "coding-sheet.csv"
GRAPH = ImportTarget([ROOT / "ontology"], [ROOT / "data"])
NEW = ImportOptions(accept_new=True)


def as_csv(rows: Sequence[dict[str, str]], delimiter: str = ",", end: str = "\n") -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def imported(content: bytes | str, into: Path, name: str = "sheet.csv", options: ImportOptions = NEW) -> Report:
    file = into.parent / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return importing.run("coding-sheet", file, into, GRAPH, options)


def written(into: Path) -> dict[str, str]:
    """Each file without its marker line."""
    return {
        path.relative_to(into).as_posix(): path.read_text(encoding="utf-8").split("\n", 1)[1]
        for path in sorted(into.rglob("*.ttl"))
    }


def refused(rows: Rows, into: Path, options: ImportOptions = NEW) -> str:
    with pytest.raises(ImportRefused) as caught:
        imported(as_csv(rows), into, options=options)
    assert not list(into.rglob("*.*")), "nothing is written unless all is valid"
    return "\n".join(caught.value.findings)


def as_xlsx(rows: Rows) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([int(v) if k == "agreement" else v or None for k, v in row.items()])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
