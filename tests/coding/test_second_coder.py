"""Two coders by the command line: blind to each other, and both in the graph once they are settled."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph_service.coding import draft_file
from graph_service.coding.coders import settling
from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Status
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


def test_both_codings_go_into_the_graph_once_they_are_settled(papers: Path) -> None:
    shelf = Shelf(papers)
    put(shelf, PAPER, a_coding("coder-2", "1", "0", "1"))
    assert "3 positions of coder-1, coder-2: 2 alike, 1 differ" in run(papers, "settle").output

    def settled(reason: str) -> Result:
        def decide(position: DraftPosition) -> DraftPosition:
            if position.id != "p2":
                return position
            codes = {**position.codes, "agreement": ("0",)}
            return position.model_copy(update={"codes": codes, "status": Status.ACCEPTED, "reason": reason})

        draft_file.change(shelf, PAPER, settling.AGREED, lambda d: d.with_positions(map(decide, d.positions)))
        into = ["--coder", "agreed", "--into", str(papers.parent / "data"), "--accept-new"]
        return run(papers, "import", *into)

    refused = settled("")
    assert refused.exit_code == 1
    assert "column resolved: is missing, and its coders differ. Give the reason in the review." in refused.output
    assert settled("It says “as long as”.").exit_code == 0
    text = (papers.parent / "data" / "documents" / "a-paper.ttl").read_text(encoding="utf-8")
    block = text.partition("position:a-paper-agreed-p2 a mp:Position")[2].partition("position:a-paper-agreed-p3 a")[0]
    assert "mp:agreement 0" in block
    assert 'skos:editorialNote "It says “as long as”."@en' in block
    for coder, agreement in (("coder-1", "-1"), ("coder-2", "0")):
        coding = block.partition(f"coding:a-paper-agreed-p2-by-{coder} a mp:Coding")[2].partition(" .\n")[0]
        assert f"mp:codingBy coder:{coder}" in coding
        assert f"mp:codedAgreement {agreement}" in coding
