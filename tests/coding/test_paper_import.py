"""From a draft to the page of a position: what is accepted, and only that, goes into the graph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph_service.coding import draft_file
from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Status
from graph_service.commands.cli import main
from graph_service.reading.shelf import Shelf

from ..conftest import ROOT
from .example import on_shelf


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    on_shelf(tmp_path / "papers")
    return tmp_path


def import_(*flags: str) -> Result:
    command = ["paper", "import", "pflegepapier", "--coder", "coder-7", "--into", "data", *flags]
    return CliRunner().invoke(main, command)


def change(work: Path, edit: Callable[[DraftPosition], DraftPosition]) -> None:
    """Edit each position of the draft."""
    shelf = Shelf(work / "papers")

    def all_of(draft: PaperDraft) -> PaperDraft:
        return draft.with_positions(map(edit, draft.positions))

    draft_file.change(shelf, shelf.read("pflegepapier"), "coder-7", all_of)


def test_what_is_new_is_named_first_and_nothing_is_written(work: Path) -> None:
    result = import_()
    assert result.exit_code == 1
    for new in ("new target-group nurses", "new actor pflegebund", "new coder coder-7"):
        assert new in result.output
    assert "places-published" not in result.output, "only a rejected position is on it"
    assert not list((work / "data").rglob("*.ttl"))


def test_accepted_positions_become_files_like_those_of_a_sheet(work: Path) -> None:
    result = import_("--accept-new")
    assert result.exit_code == 0, result.output
    assert "2 accepted, 1 rejected, 1 undecided" in result.output
    files = {path.relative_to(work / "data").as_posix() for path in (work / "data").rglob("*.ttl")}
    stem = "pflegepapier-coder-7"
    assert files == {
        "documents/pflegepapier.ttl", f"actors/{stem}.ttl", f"vocabularies/{stem}.ttl", f"coders/{stem}.ttl"
    }  # fmt: skip
    text = (work / "data" / "documents" / "pflegepapier.ttl").read_text(encoding="utf-8")
    assert text.startswith("# Written by graph-service import from pflegepapier.coder-7.draft; digest ")
    for said in (
        'mp:sourceFile "pflegepapier/text.txt"', 'mp:datedFrom "2024-05-02"^^xsd:date', "mp:heldBy actor:pflegebund",
        'mp:firstWords "Wer bei uns eine Pflegeausbildung beginnt, soll bis"', "position:pflegepapier-coder-7-p1",
        'skos:prefLabel "Kurse, S. 1"@de', "mp:codedGroup target-group:migrants ,",
    ):  # fmt: skip
        assert said in text
    assert text.count("a oa:TextPositionSelector") == 3, "one passage is in two pieces"
    assert "bleiben dürfen" not in text, "the words of the paper stay out of the graph"


def test_a_second_import_updates_its_files_and_keeps_what_was_edited_by_hand(work: Path) -> None:
    import_("--accept-new")
    assert "0 files written, 4 unchanged" in import_("--accept-new").output
    change(work, lambda p: p.model_copy(update={"status": Status.REJECTED}) if p.id == "p2" else p)
    assert "wrote documents/pflegepapier.ttl" in import_("--accept-new").output
    file = work / "data" / "documents" / "pflegepapier.ttl"
    file.write_text(file.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    result = import_("--accept-new")
    assert result.exit_code == 1
    assert "documents/pflegepapier.ttl was edited after its import." in result.output


@pytest.mark.parametrize(
    ("lacking", "says"),
    [
        ("stance", "position p1 (“Wer bei uns eine Pflegeausbildung beginnt, soll bis …”), column stance: is missing."),
        ("agreement", "column agreement: is not an agreement."),
        ("paraphrase_de", "column paraphrase_de: and paraphrase_en are both missing"),
    ],
)
def test_a_position_that_cannot_go_is_named_with_its_passage(lacking: str, says: str, work: Path) -> None:
    def without(position: DraftPosition) -> DraftPosition:
        codes = {column: values for column, values in position.codes.items() if column != lacking}
        return position.model_copy(update={"codes": codes}) if position.id == "p1" else position

    change(work, without)
    result = import_("--accept-new")
    assert result.exit_code == 1
    assert says in result.output
    assert not list((work / "data").rglob("*.ttl"))


def test_signs_that_nobody_sees_are_removed_and_those_that_nobody_can_read_are_refused(work: Path) -> None:
    """As in a file: a draft edited by hand can hold both."""

    def say(paraphrase: str) -> None:
        change(work, lambda p: p.model_copy(update={"codes": {**p.codes, "paraphrase_de": (paraphrase,)}}))

    say("Wer lernt,\x01 soll dableiben.")
    result = import_("--accept-new")
    assert result.exit_code == 1
    assert "4 findings" in result.output, "one for each position, and none that follows from it"
    assert "column paraphrase_de: “Wer lernt,\\x01 soll dableiben.” holds U+0001, a character" in result.output
    assert not list((work / "data").rglob("*.ttl"))
    say("Wer\u00a0lernt, soll da\u00adbleiben.")
    assert import_("--accept-new").exit_code == 0
    text = (work / "data" / "documents" / "pflegepapier.ttl").read_text(encoding="utf-8")
    assert '"Wer lernt, soll dableiben."@de' in text


def test_a_paraphrase_that_copies_the_paper_is_refused(work: Path) -> None:
    copied = "Es heißt, wer bei uns eine Pflegeausbildung beginnt, soll bis zu ihrem Ende bleiben dürfen."
    change(
        work, lambda p: p.model_copy(update={"codes": {**p.codes, "paraphrase_de": (copied,)}}) if p.id == "p1" else p
    )
    result = import_("--accept-new")
    assert result.exit_code == 1
    assert "copies more than 8 words of the paper (“wer bei uns eine" in result.output
    assert "position p1" in result.output
    assert not list((work / "data").rglob("*.ttl"))


def test_check_finds_every_passage_in_the_texts(work: Path) -> None:
    import_("--accept-new")
    data = ["--data", str(ROOT / "data"), "--data", "data", "--snapshots", "snapshots"]
    result = CliRunner().invoke(main, ["check", "--sources", "papers", *data])
    assert result.exit_code == 0, result.output
    assert "2 matches" in result.output
    assert "paraphrases in one language only: 1 in “de”" in result.output
    papers = work / "papers" / "pflegepapier" / "text.txt"
    papers.write_text(papers.read_text(encoding="utf-8").replace("Menschen", "Leute"))
    assert CliRunner().invoke(main, ["check", "--sources", "papers", *data]).exit_code == 1
