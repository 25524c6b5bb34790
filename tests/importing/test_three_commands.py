"""A sheet with a new actor, a document and a new proposition: from file to SPARQL answer with three commands."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service.commands.cli import main
from graph_service.importing import sheet_columns

from ..conftest import ROOT


def commands() -> list[list[str]]:
    """The three commands as docs/importing.md shows them."""
    page = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    block = page.split("## Three commands", 1)[1].split("```sh\n", 1)[1].split("```", 1)[0]
    return [line.split() for line in re.sub(r"\\\n\s*", "", block).splitlines()]


def test_from_sheet_to_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("data", "docs/templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GRAPH_SERVICE_DATA", "data")
    run = CliRunner()
    shown = commands()
    assert len(shown) == 3
    answers = []
    for program, *arguments in shown:
        assert program == "graph-service"
        result = run.invoke(main, arguments)
        assert result.exit_code == 0, result.output
        answers.append(result.stdout)
    assert "added: proposition night-shelter" in answers[0]
    assert "Shelters should open to everyone at night, tolerated persons included." in answers[2]


def test_page_explains_every_column() -> None:
    page = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    assert {column for table in sheet_columns.TABLES.values() for column in table} - named == set()
