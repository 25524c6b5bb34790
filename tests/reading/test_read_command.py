"""`graph-service paper read`, from a file to the shelf."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph_service.coding import draft_file, paper_draft
from graph_service.commands.cli import main
from graph_service.reading import passages
from graph_service.reading.shelf import Shelf
from tests.reading import making
from tests.reading.making import Item

PAPER = [
    Item("h1", "Wohnen"),
    Item("p", "Wir fordern mehr Wohnungen. Die Länder müssen sie bauen."),
    Item("li", "Jetzt"),
]


def read(tmp_path: Path, file: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["paper", "read", str(file), "--papers", str(tmp_path / "papers"), *options])


@pytest.mark.parametrize("make", [making.pdf, making.word, making.page], ids=["PDF", "Word", "HTML"])
def test_a_file_is_put_on_the_shelf(tmp_path: Path, make: making.Make) -> None:
    names = {making.pdf: "Köln 2024.pdf", making.word: "Köln 2024.docx", making.page: "Köln 2024.html"}
    done = read(tmp_path, make(tmp_path / names[make], PAPER))
    assert done.exit_code == 0, done.output
    assert "papers/koeln-2024: read." in done.stdout
    paper = Shelf(tmp_path / "papers").read("koeln-2024")
    assert paper.title == "Wohnen"
    assert [paper.text[s.start : s.end] for s in paper.sentences] == [
        "Wohnen", "Wir fordern mehr Wohnungen.", "Die Länder müssen sie bauen.", "Jetzt",
    ]  # fmt: skip
    assert passages.source_text(tmp_path / "papers" / "koeln-2024" / "text.txt") == paper.text


def test_what_was_taken_out_is_counted_and_listed(tmp_path: Path) -> None:
    file = making.page(tmp_path / "a.html", PAPER)
    assert "Taken out: " in read(tmp_path, file).stdout
    listed = json.loads(read(tmp_path, file, "--json").stdout)
    assert {"kind": "navigation", "text": "Presse", "page": 0, "count": 2} in listed["removed"]
    assert "text" not in listed


def test_reading_a_file_again_changes_nothing(tmp_path: Path) -> None:
    file = making.pdf(tmp_path / "a.pdf", PAPER)
    read(tmp_path, file)
    before = {path: path.read_bytes() for path in (tmp_path / "papers").rglob("*.*")}
    assert "unchanged" in read(tmp_path, file).stdout
    assert {path: path.read_bytes() for path in (tmp_path / "papers").rglob("*.*")} == before


def test_a_changed_file_does_not_replace_a_text_that_drafts_rest_on(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "papers")
    read(tmp_path, making.pdf(tmp_path / "a.pdf", PAPER))
    changed = making.pdf(tmp_path / "a.pdf", PAPER[:2])
    assert "replaced" in read(tmp_path, changed).stdout
    paper = shelf.read("a")
    draft_file.change(shelf, paper, "coder-1", lambda _: paper_draft.empty(paper, "coder-1"))
    assert "unchanged" in read(tmp_path, changed).stdout
    refused = read(tmp_path, making.pdf(tmp_path / "a.pdf", PAPER))
    assert refused.exit_code == 1
    assert "papers/a has drafts that rest on another text: coder-1." in refused.stderr
    assert "under another --name" in refused.stderr
    assert shelf.read("a") == paper
    assert read(tmp_path, tmp_path / "a.pdf", "--name", "a-2").exit_code == 0


def test_a_name_that_is_none_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    done = read(tmp_path, tmp_path / "absent.pdf", "--name", "../up")
    assert done.exit_code == 1
    assert "is not a short name" in done.stderr


def test_a_text_that_was_changed_by_hand_is_made_anew(tmp_path: Path) -> None:
    file = making.pdf(tmp_path / "a.pdf", PAPER)
    read(tmp_path, file)
    (tmp_path / "papers" / "a" / "text.txt").write_text("Anders", encoding="utf-8")
    assert "replaced" in read(tmp_path, file).stdout
    assert Shelf(tmp_path / "papers").read("a").text.startswith("Wohnen")


def test_neither_the_command_line_nor_the_service_loads_the_libraries() -> None:
    script = "import sys, graph_service.commands.cli, graph_service.serving.service, graph_service.building.evidence;"
    shown = subprocess.run([sys.executable, "-c", f"{script} print(*sys.modules)"], capture_output=True, check=True)
    libraries = {"docx", "pypdfium2", "rapidfuzz", "sentencex", "trafilatura", "lxml"}
    assert not libraries & set(shown.stdout.decode().split())
