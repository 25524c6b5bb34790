"""Two coders by the command line: the second is blind to the first."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph_service.coding import draft_file
from graph_service.coding.paper_draft import PaperDraft
from graph_service.commands.cli import main
from graph_service.reading.shelf import Shelf
from graph_service.snapshots.snapshot import Snapshot
from tests.coding.papers import a_draft, a_paper, a_position, put

PAPER = a_paper()
DOCUMENT = {"title": "Papier", "date": "2020", "kind": "position-paper", "source_kind": "primary"}


def a_coding(coder: str, *agreements: str) -> PaperDraft:
    positions = [
        a_position(PAPER, f"p{n}", n, proposition="church-asylum", agreement=one, paraphrase_de=f"Eigene Worte, {n}.")
        for n, one in enumerate(agreements)
    ]
    return a_draft(PAPER, coder, *positions).model_copy(update={"document": DOCUMENT})


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    put(Shelf(tmp_path / "papers"), PAPER, a_coding("coder-1", "1", "-1", "1"))
    return tmp_path / "papers"


def run(papers: Path, verb: str, *arguments: str, snapshots: Path | None = None) -> Result:
    environment = {"GRAPH_SERVICE_PAPERS": str(papers)} | (
        {"GRAPH_SERVICE_SNAPSHOTS": str(snapshots)} if snapshots else {}
    )
    return CliRunner().invoke(main, ["paper", verb, "a-paper", *arguments], env=environment)


def test_a_draft_for_the_second_coder_knows_nothing_of_the_first(papers: Path, shipped_snapshot: Snapshot) -> None:
    result = run(papers, "draft", "--coder", "coder-2", snapshots=shipped_snapshot.path.parent)
    assert result.exit_code == 0, result.output
    draft = draft_file.read(Shelf(papers), PAPER, "coder-2")
    assert draft.positions
    found = [one for position in draft.positions for column in position.suggestions.values() for one in column]
    assert "a-paper" not in {resembled.document for one in found for resembled in one.resembles}
    assert "church-asylum" not in {one.code for one in found}
