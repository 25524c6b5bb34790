"""A draft as a workbook: what a coder sees in it, what an import reads of it, and how edits come back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from graph_service.coding import draft_file
from graph_service.coding.paper_draft import PaperDraft, Resemblance, Status, Suggestion
from graph_service.commands.cli import main
from graph_service.reading.shelf import Shelf

from .example import TRAINING, on_shelf, ranges

Page = Any
SUGGESTED = Suggestion(
    code="training-toleration", score=0.53, resembles=(Resemblance(position="a", document="b", text="c", score=0.6),)
)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shelf, text, _ = on_shelf(tmp_path / "papers")

    def suggest(draft: PaperDraft) -> PaperDraft:
        suggestions = {"proposition": (SUGGESTED,)}
        return draft.with_positions(p.model_copy(update={"suggestions": suggestions}) for p in draft.positions)

    draft_file.change(shelf, text, "coder-7", suggest)
    return tmp_path


def sheet(*flags: str) -> Result:
    return CliRunner().invoke(main, ["paper", "sheet", "pflegepapier", "--coder", "coder-7", *flags])


def written(*flags: str) -> Page:
    result = sheet("-o", "sheet.xlsx", *flags)
    assert result.exit_code == 0, result.output
    return openpyxl.load_workbook("sheet.xlsx")


def draft_of(work: Path) -> PaperDraft:
    shelf = Shelf(work / "papers")
    return draft_file.read(shelf, shelf.read("pflegepapier"), "coder-7")


def cell(page: Page, row: int, column: str) -> Any:
    names = [one.value for one in page[1]]
    return page.cell(row, names.index(column) + 1)


def edited(edit: Callable[[Page], None]) -> Result:
    Path("sheet.xlsx").unlink(missing_ok=True)
    book = written()
    edit(book)
    book.save("sheet.xlsx")
    return sheet("--read", "sheet.xlsx")


def test_a_coder_sees_passage_texts_and_lists(work: Path) -> None:
    book = written("--language", "de")
    claims = book["claims"]
    assert claims.freeze_panes == "D2"
    assert cell(claims, 2, "passage_text").value == TRAINING
    assert cell(claims, 2, "proposition").value.startswith("Die Ausbildungsduldung")
    assert cell(claims, 2, "suggestions").value.endswith("(0.53)")
    assert "paraphrase" not in (cell(claims, 1, "agreement").comment.text)
    assert cell(claims, 1, "agreement").comment.text.startswith("1 agrees, 0 conditional")
    assert cell(claims, 2, "locator_start").protection.locked
    assert not cell(claims, 2, "proposition").protection.locked
    assert claims.protection.sheet
    assert book["lists"].sheet_state == "hidden"
    lists = {column[0].value: [one.value for one in column[1:] if one.value] for column in book["lists"].columns}
    assert lists["status"] == ["proposed", "accepted", "rejected"]
    assert {"migrants", "nurses"} <= set(lists["target_group"]), "what the draft brings along is on the list"
    assert "Die Zahl der Plätze soll öffentlich sein." in lists["proposition"]
    assert {str(rule.sqref).split(":")[0] for rule in claims.data_validations.dataValidation} >= {
        cell(claims, 2, column).coordinate for column in ("status", "proposition", "stance", "addressee")
    }


def test_an_import_reads_it_as_any_coding_sheet(work: Path) -> None:
    written()
    command = ["import", "coding-sheet", "sheet.xlsx", "--into", "by-sheet", "--accept-new"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    assert "2 accepted, 1 rejected, 1 undecided" in result.output
    assert "was not read" not in result.output
    direct = ["paper", "import", "pflegepapier", "--coder", "coder-7", "--into", "by-draft"]
    assert CliRunner().invoke(main, [*direct, "--accept-new"]).exit_code == 0
    name = "documents/pflegepapier.ttl"
    by_sheet, by_draft = ((work / way / name).read_text(encoding="utf-8") for way in ("by-sheet", "by-draft"))
    assert by_sheet.split("\n")[1:] == by_draft.split("\n")[1:]
    assert TRAINING not in by_sheet


@pytest.mark.parametrize("language", ["en", "de"])
def test_an_unedited_sheet_changes_nothing(language: str, work: Path) -> None:
    before = draft_of(work)
    written("--language", language)
    result = sheet("--read", "sheet.xlsx", "--language", language)
    assert result.output == "2 accepted, 1 rejected, 1 undecided\n"
    assert draft_of(work) == before.model_copy(update={"revision": before.revision + 1})


def test_edits_come_back_into_the_draft(work: Path) -> None:
    def edit(book: Page) -> None:
        claims = book["claims"]
        cell(claims, 5, "status").value = "rejected"
        cell(claims, 5, "status_reason").value = "says nothing"
        cell(claims, 2, "agreement").value = 0
        cell(claims, 2, "target_group").value = "nurses; Geflüchtete"
        cell(claims, 2, "proposition").value = "The number of places should be public."
        row = claims.max_row + 1
        ((start, end),) = ranges("Das gilt auch für Geduldete.")
        for column, value in (("stance", "asserts"), ("locator_start", start), ("locator_end", end)):
            cell(claims, row, column).value = value
        book["documents"].cell(
            2, [one.value for one in book["documents"][1]].index("url") + 1
        ).value = "https://example.org"

    result = edited(edit)
    assert result.output == "3 accepted, 2 rejected, 0 undecided\n"
    draft = draft_of(work)
    first, last, new = (draft.position(name) for name in ("p1", "p4", "p5"))
    assert first
    assert last
    assert new
    assert first.codes["agreement"] == ("0",)
    assert first.codes["target_group"] == ("nurses", "refugees")
    assert first.codes["proposition"] == ("places-published",)
    assert first.suggestions == {"proposition": (SUGGESTED,)}
    assert (first.revision, last.revision) == (2, 2)
    assert (last.status, last.reason) == (Status.REJECTED, "says nothing")
    assert new.ranges == ranges("Das gilt auch für Geduldete.")
    assert (new.codes, new.origin) == ({"stance": ("asserts",)}, "coder")
    assert draft.document["url"] == "https://example.org"


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("locator_start", "3", "passage_sha256: “"),
        ("locator_end", "999999", "or lie outside of the text"),
        ("locator_end", "9" * 5000, "and locator_end are not ranges"),
        ("locator_start", "²", "and locator_end are not ranges"),
        ("agreement", "2", "“2” is not an agreement. Write 1, 0 or -1."),
        ("locator_end", "soon", "and locator_end are not ranges"),
        ("status", "later", "“later” is no status. Choose proposed, accepted, rejected."),
        ("id", "pflegepapier-coder-7-p99", "is no position of the draft"),
        ("revision", "7", "is not that of the draft, which is 1. Write the sheet anew"),
    ],
)
def test_what_cannot_be_taken_over_is_a_finding_and_nothing_changes(
    column: str, value: str, says: str, work: Path
) -> None:
    def edit(book: Page) -> None:
        cell(book["claims"], 2, column).value = value

    before = draft_of(work)
    result = edited(edit)
    assert result.exit_code == 1
    assert says in result.output
    assert "sheet claims, row 2" in result.output
    assert draft_of(work) == before


def test_a_sheet_that_may_have_edits_is_not_written_over(work: Path) -> None:
    written()
    before = Path("sheet.xlsx").read_bytes()
    result = sheet("-o", "sheet.xlsx")
    assert result.exit_code == 1
    assert "sheet.xlsx is there already, and may have edits. Take its edits over with --read" in result.output
    assert Path("sheet.xlsx").read_bytes() == before
