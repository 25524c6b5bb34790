"""`paper export` and `paper load` on the command line, over the shipped graph."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph_service.coding import draft_file
from graph_service.coding.paper_draft import PaperDraft
from graph_service.commands.cli import main
from graph_service.reading.shelf import Shelf
from tests.coding.exchange.papers import a_draft, a_paper


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "papers")
    paper = a_paper()
    shelf.write(paper)
    for coder in ("coder-1", "coder-2"):
        draft = a_draft(paper, [((12, 40),)], coder)
        shelf.path(paper.name, f"{coder}.json").write_text(draft.model_dump_json())
    return shelf


def run(shelf: Shelf, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["paper", *map(str, arguments), "--papers", str(shelf.directory)])


def _draft(shelf: Shelf, coder: str) -> PaperDraft:
    return draft_file.read(shelf, a_paper(), coder)


@pytest.mark.parametrize(("form", "extension"), [("qdpx", "qdpx"), ("annotations", "jsonld"), ("csv", "csv")])
def test_a_draft_goes_out_and_comes_in(shelf: Shelf, tmp_path: Path, form: str, extension: str) -> None:
    file = tmp_path / f"out.{extension}"
    done = run(shelf, "export", "a-paper", "--format", form, "-o", file)
    assert done.exit_code == 0, done.output
    several = run(shelf, "load", "a-paper", file, "--coder", "coder-3")
    assert several.exit_code == 1
    assert "--user: coder-1, coder-2" in several.output
    assert draft_file.coders(shelf, "a-paper") == ["coder-1", "coder-2"]
    loaded = run(shelf, "load", "a-paper", file, "--coder", "coder-3", "--user", "coder-2")
    assert (loaded.exit_code, loaded.output.splitlines()[0]) == (0, "1 new, 0 changed, 0 unchanged, 0 refused")
    assert _draft(shelf, "coder-3").positions[0].codes == _draft(shelf, "coder-2").positions[0].codes
    again = run(shelf, "load", "a-paper", file, "--coder", "coder-2", "--user", "coder-2")
    assert again.output.splitlines()[0] == "0 new, 0 changed, 1 unchanged, 0 refused"
    assert _draft(shelf, "coder-2").revision == 1


def test_a_second_coder_gets_the_codes_and_no_positions(shelf: Shelf, tmp_path: Path) -> None:
    file = tmp_path / "blank.qdpx"
    done = run(shelf, "export", "a-paper", "--format", "qdpx", "--blank", "--coder", "coder-4", "-o", file)
    assert "wrote 0 positions" in done.output
    with zipfile.ZipFile(file) as parts:
        project = parts.read("project.qde").decode()
    assert 'name="coder-4"' in project
    assert "proposition: church-asylum" in project
    assert "PlainTextSelection" not in project


def test_unknown_coders_and_formats_are_errors(shelf: Shelf, tmp_path: Path) -> None:
    missing = run(shelf, "export", "a-paper", "--format", "csv", "--coder", "nobody")
    assert "There is no draft of nobody" in missing.output
    (tmp_path / "x.doc").write_text("x")
    assert "Give --format" in run(shelf, "load", "a-paper", tmp_path / "x.doc").output
    absent = run(shelf, "load", "a-paper", tmp_path / "absent.qdpx")
    assert (absent.exit_code, "cannot be read" in absent.output) == (1, True)
