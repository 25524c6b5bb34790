"""Drafts on disk: whole or as before, one revision after another, never of another text."""

from __future__ import annotations

from multiprocessing import get_context
from pathlib import Path

import pytest

from graph_service.coding import draft_file, paper_draft
from graph_service.coding.draft_file import DraftChanged
from graph_service.coding.paper_draft import PaperDraft
from graph_service.errors import SettingsError, SourceError
from graph_service.reading import passages
from graph_service.reading.paper import Block, BlockKind, Page, Paper, PaperFile, Sentence
from graph_service.reading.shelf import TEXT, Shelf

TEXT_OF_PAPER = "Forderungen\nWir wollen mehr Beratung.\nDas Land soll zahlen."


def a_paper(text: str = TEXT_OF_PAPER) -> Paper:
    return Paper(
        name="a-paper",
        file=PaperFile(name="a.pdf", media_type="application/pdf", size=3, sha256="0" * 64),
        text=text,
        sha256=passages.digest(text),
        normaliser="test 1",
        pages=(Page(number=1, start=0, end=37), Page(number=2, start=38, end=len(text))),
        blocks=(
            Block(kind=BlockKind.HEADING, start=0, end=11, level=1),
            Block(kind=BlockKind.PARAGRAPH, start=12, end=37),
        ),
        sentences=(Sentence(start=12, end=37, block=1),),
    )


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "papers")
    shelf.write(a_paper())
    return shelf


def test_a_paper_comes_back_as_it_was(shelf: Shelf) -> None:
    assert shelf.read("a-paper") == a_paper()
    assert shelf.names() == ["a-paper"]


def test_places_have_page_and_heading() -> None:
    paper = a_paper()
    assert [paper.page_of(place) for place in (0, 37, 38)] == [1, 1, 2]
    assert paper.heading_of(20) == "Forderungen"


def test_an_edited_text_is_refused(shelf: Shelf) -> None:
    shelf.path("a-paper", TEXT).write_text(TEXT_OF_PAPER.replace("mehr", "viel"))
    with pytest.raises(SourceError, match="was changed since it was read"):
        shelf.read("a-paper")


@pytest.mark.parametrize("name", ["../a", "A", "a b", "", "-a"])
def test_names_stay_in_the_directory(shelf: Shelf, name: str) -> None:
    with pytest.raises(SettingsError):
        shelf.read(name)


def _add(draft: PaperDraft) -> PaperDraft:
    new = paper_draft.passage(a_paper(), ((12, 37),), draft.next_id())
    return draft.with_positions([*draft.positions, new])


def test_a_change_from_an_old_revision_is_refused(shelf: Shelf) -> None:
    paper = shelf.read("a-paper")
    first = draft_file.change(shelf, paper, "coder-1", _add, revision=1)
    with pytest.raises(DraftChanged, match="Revision 1"):
        draft_file.change(shelf, paper, "coder-1", _add, revision=1)
    assert draft_file.read(shelf, paper, "coder-1") == first
    assert draft_file.coders(shelf, "a-paper") == ["coder-1"]


def test_an_edit_that_fails_changes_nothing(shelf: Shelf) -> None:
    paper = shelf.read("a-paper")
    before = draft_file.change(shelf, paper, "coder-1", _add)

    def fail(_: PaperDraft) -> PaperDraft:
        raise SourceError("no")

    with pytest.raises(SourceError):
        draft_file.change(shelf, paper, "coder-1", fail)
    assert draft_file.read(shelf, paper, "coder-1") == before


def test_the_draft_of_another_text_is_refused(shelf: Shelf) -> None:
    draft_file.change(shelf, shelf.read("a-paper"), "coder-1", _add)
    with pytest.raises(SourceError, match="another text"):
        draft_file.read(shelf, a_paper(TEXT_OF_PAPER + "!"), "coder-1")


def _add_ten(directory: Path) -> None:
    shelf = Shelf(directory)
    for _ in range(10):
        draft_file.change(shelf, shelf.read("a-paper"), "coder-1", _add)


def test_changes_of_several_processes_are_all_kept(shelf: Shelf) -> None:
    context = get_context("spawn")
    children = [context.Process(target=_add_ten, args=(shelf.directory,)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    draft = draft_file.read(shelf, shelf.read("a-paper"), "coder-1")
    assert len({position.id for position in draft.positions}) == 30
    assert draft.revision == 31
