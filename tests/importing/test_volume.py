"""Memory stays flat: what an import keeps of a row is its document's name at most."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from graph_service import importing
from graph_service.importing import ImportTarget

from ..conftest import ROOT

HEAD = (
    "id,actor,document,document_title,document_date,document_language,document_source_kind,proposition,agreement,stance,"
    "paraphrase_de,paraphrase_en,locator_heading,coder\n"
)


def peak(rows: int, directory: Path) -> int:
    """Peak of traced memory of an import, in bytes."""
    directory.mkdir()
    sheet = directory / "sheet.csv"
    lines = (
        f"v-{n},spd,d-{n // 10},Titel {n // 10},2024,de,primary,avb,1,supports,"
        f"Satz {n},Sentence {n},Absatz {n % 7},coder-1\n"
        for n in range(rows)
    )
    sheet.write_text(HEAD + "".join(lines), encoding="utf-8")
    told: list[str] = []
    tracemalloc.start()
    importing.run(
        "coding-sheet", sheet, directory / "data", ImportTarget([ROOT / "ontology"], [ROOT / "data"]), None, told.append
    )
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(told) == 2 * (rows // 10_000)
    return most


@pytest.mark.slow
def test_memory_hardly_grows_with_the_sheet(tmp_path: Path) -> None:
    """Names of documents are kept, rows are not: less than a kilobyte for each of 9,000 further rows."""
    few, many = peak(1_000, tmp_path / "few"), peak(10_000, tmp_path / "many")
    assert many - few < 9_000 * 1_000
