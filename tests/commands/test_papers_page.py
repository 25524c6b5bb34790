"""The commands of docs/papers.md, run as they stand and one after the other."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from graph_service.snapshots.snapshot import Snapshot
from tests.conftest import ROOT
from tests.reading import making
from tests.reading.making import Item

PAGE = (ROOT / "docs" / "papers.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(?:sh)?\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
# They serve a page (tests/reviewing), ask a server (tests/drafting), need a scan (tests/reading) or another collection.
ELSEWHERE = re.compile(r"paper (review|ask-model|evaluate)\b|--ocr|--sources texts/|^export |──")
NAMES = {"my-paper-2020": "positionspapier", "my-paper-2026": "verein-2024", "NAME": "positionspapier"}
DEMANDS = (
    "Wir fordern eine unabhängige Beratung für alle Asylsuchenden.",
    "Bezahlkarten lehnen wir ab.",
    "Wer hier lebt, soll auf kommunaler Ebene wählen dürfen.",
)


def commands() -> Iterator[str]:
    """Each command of the page that this test runs, in the order of the page."""
    for line in "".join(BLOCKS).splitlines():
        command = line.partition(" #")[0].strip()
        if command and not ELSEWHERE.search(command):
            yield re.sub(r"\b(my-paper-2020|my-paper-2026|my-paper|NAME)\b(?!-)", _named, command)


def _named(found: re.Match[str]) -> str:
    return NAMES.get(found[0], "positionspapier")


@pytest.fixture
def directory(shipped_snapshot: Snapshot, tmp_path: Path) -> Path:
    """A coder's directory: two editions of a paper, data of their own, and snapshots."""
    items = [Item("h1", "Teilhabe beginnt vor Ort"), *(Item("p", demand) for demand in DEMANDS)]
    making.pdf(tmp_path / "Positionspapier.pdf", items)
    making.page(tmp_path / "seite.html", [*items[:2], Item("p", "Bezahlkarten lehnen wir immer ab."), items[3]])
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copytree(ROOT / "docs" / "templates", tmp_path / "docs" / "templates")
    shutil.copytree(shipped_snapshot.path.parent, tmp_path / "snapshots", symlinks=True)
    return tmp_path


def run(directory: Path, command: str) -> None:
    environment = {**os.environ, "GRAPH_SERVICE_DATA": str(directory / "data")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    # Without --accept-new, what is new is named and not written.
    names_only = "import coding-sheet" in command and "--accept-new" not in command
    assert done.returncode == (1 if names_only else 0), (command, done.stdout, done.stderr)
    assert not names_only or "brings along what the graph does not know" in done.stderr


def code(directory: Path, sheet: str) -> None:
    """What a coder does in the spreadsheet: accept every position."""
    book = openpyxl.load_workbook(directory / sheet)

    def put(table: str, row: int, **cells: str) -> None:
        names = [cell.value for cell in book[table][1]]
        for column, value in cells.items():
            book[table].cell(row, names.index(column) + 1).value = value

    put("documents", 2, date="2024-05-01", source_kind="primary", actors="paritaet-sachsen")
    for row in range(2, book["claims"].max_row + 1):
        if book["claims"].cell(row, 1).value:
            put("claims", row, status="accepted", proposition="avb", agreement="1", stance="demands",
                paraphrase_de="So steht es da.")  # fmt: skip
    book.save(directory / sheet)


@pytest.mark.slow
def test_the_commands_of_the_page_work_one_after_the_other(directory: Path) -> None:
    ran = []
    for command in commands():
        if command.startswith("graph-service paper agreement"):
            # The second coder and a third one have coded.
            for coder in ("coder-2", "coder-3"):
                run(directory, f"graph-service paper draft positionspapier --coder {coder}")
                run(directory, f"graph-service paper sheet positionspapier --coder {coder} -o {coder}.xlsx")
                code(directory, f"{coder}.xlsx")
                run(directory, f"graph-service paper sheet positionspapier --coder {coder} --read {coder}.xlsx")
        if command.startswith("graph-service paper load"):
            command = command.replace("project.qdpx", "positionspapier.qdpx")
            run(directory, "graph-service paper export positionspapier --format qdpx --coder coder-2")
        if "--read" in command:
            code(directory, "positionspapier.xlsx")
        run(directory, command)
        ran.append(command)
    verbs = {command.split()[2] for command in ran if command.startswith("graph-service paper ")}
    assert verbs >= {"read", "draft", "sheet", "import", "agreement", "settle", "compare", "export", "load"}
    assert (directory / "data" / "documents" / "positionspapier.ttl").is_file()
