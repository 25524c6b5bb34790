"""Drafts on disk: whole or as before, one revision after another, never of another text."""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
from multiprocessing import get_context
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service.coding import draft_file, paper_draft
from graph_service.coding.draft_file import DraftChanged
from graph_service.coding.paper_draft import PaperDraft
from graph_service.commands.cli import main
from graph_service.errors import SettingsError, SourceError
from graph_service.reading import passages
from graph_service.reading.paper import Block, BlockKind, Page, Paper, PaperFile, Sentence
from graph_service.reading.shelf import TEXT, Shelf, write_whole
from tests.http.processes import wait_until

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


def test_a_change_and_a_new_reading_of_the_paper_wait_for_each_other(shelf: Shelf, tmp_path: Path) -> None:
    """Without that, a draft made meanwhile would rest on a text that is gone."""
    (tmp_path / "a.txt").write_text("Ein anderer Text.")
    arguments = ["paper", "read", str(tmp_path / "a.txt"), "--name", "a-paper", "--papers", str(shelf.directory)]
    told: list[str] = []
    reading = threading.Thread(target=lambda: told.append(CliRunner().invoke(main, arguments).output))

    def edit(draft: PaperDraft) -> PaperDraft:
        reading.start()
        inode = str((shelf.directory / "a-paper" / ".lock").stat().st_ino)
        waits = re.compile(rf"-> FLOCK .*:{inode} ")
        assert wait_until(lambda: not reading.is_alive() or waits.search(Path("/proc/locks").read_text()) is not None)
        return draft.model_copy(update={"document": {"language": "de"}})

    draft_file.change(shelf, a_paper(), "coder-1", edit)
    reading.join(60)
    assert "has drafts that rest on another text: coder-1" in told[0]
    (shelf.directory / "a-paper" / "coder-1.json").unlink()
    CliRunner().invoke(main, arguments)
    with pytest.raises(SourceError, match="was changed since it was read"):
        draft_file.change(shelf, a_paper(), "coder-2", lambda draft: draft)


def test_a_coder_is_not_called_like_another_file_of_the_paper(shelf: Shelf) -> None:
    with pytest.raises(SettingsError, match="cannot be the name of a coder"):
        draft_file.read(shelf, a_paper(), "paper")


def _coded(shelf: Shelf) -> Path:
    position = paper_draft.passage(a_paper(), ((12, 37),), "p1").model_copy(update={"codes": {"agreement": ("1",)}})
    draft_file.change(shelf, a_paper(), "coder-1", lambda draft: draft.with_positions([position]))
    return draft_file.path_of(shelf, "a-paper", "coder-1")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"coder": "coder-1"', '"coder": "coder-2"', "is the draft of 'coder-2' on 'a-paper'"),
        ('"paper": "a-paper"', '"paper": "b-paper"', "is the draft of 'coder-1' on 'b-paper'"),
        ('"id": "p1"', '"id": "../../p1"', "whose id is not p1, p2 and so on"),
        ('"id": "p1"', f'"id": "p{"9" * 5000}"', "whose id is not p1, p2 and so on"),
        (" 37\n", " 3700\n", "leave the text, which has 59 characters"),
        (" 12,", " -12,", "ranges are empty, overlap or leave the text"),
        (" 12,", " 37,", "ranges are empty, overlap or leave the text"),
        (" 12,", " 11,", "digest is not that of the text"),
        ('"1"', '"2"', "with the agreement '2'; it is 1, 0 or -1"),
        ('"1"', '"1", "-1"', "with several values of agreement"),
        ('"agreement"', '"colour"', "with a column 'colour', which is no code"),
    ],
)
def test_a_draft_edited_by_hand_is_refused_where_it_cannot_be(shelf: Shelf, before: str, after: str, said: str) -> None:
    path = _coded(shelf)
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    with pytest.raises(SourceError, match=r"coder-1\.json: ") as refused:
        draft_file.read(shelf, a_paper(), "coder-1")
    assert said in str(refused.value)


def test_a_position_without_a_place_and_one_that_is_there_twice_are_refused(shelf: Shelf) -> None:
    path = _coded(shelf)
    draft = json.loads(path.read_text())
    for positions, said in (
        ([{**draft["positions"][0], "ranges": []}], "ranges are empty"),
        (draft["positions"] * 2, "has two positions p1"),
    ):
        path.write_text(json.dumps({**draft, "positions": positions}))
        with pytest.raises(SourceError, match=said):
            draft_file.read(shelf, a_paper(), "coder-1")


def test_a_change_that_breaks_the_draft_is_not_written(shelf: Shelf) -> None:
    path = _coded(shelf)
    before = path.read_bytes()
    wrong = paper_draft.passage(a_paper(), ((12, 37),), "p1")
    with pytest.raises(SourceError, match="stays as it is"):
        draft_file.change(shelf, a_paper(), "coder-1", lambda draft: draft.with_positions([wrong, wrong]))
    assert path.read_bytes() == before


def test_the_id_of_a_position_that_was_removed_is_used_for_no_other(shelf: Shelf) -> None:
    """It may be in the graph already: another passage under its name would change what others cite."""
    _coded(shelf)
    removed = draft_file.change(shelf, a_paper(), "coder-1", lambda draft: draft.with_positions([]))
    assert removed.retired == {"p1": passages.digest(a_paper().cut(((12, 37),)))}
    assert draft_file.read(shelf, a_paper(), "coder-1").next_id() == "p2"


def test_a_copied_directory_is_no_paper_of_its_own(shelf: Shelf) -> None:
    shutil.copytree(shelf.directory / "a-paper", shelf.directory / "b-paper")
    with pytest.raises(SourceError, match="is the structure of the paper 'a-paper'"):
        shelf.read("b-paper")


@pytest.mark.parametrize("content", [b"\xff\xfe", TEXT_OF_PAPER.replace("\n", "\r\n").encode()])
def test_a_text_saved_in_another_way_is_refused(shelf: Shelf, content: bytes) -> None:
    shelf.path("a-paper", TEXT).write_bytes(content)
    with pytest.raises(SourceError, match="was changed since it was read"):
        shelf.read("a-paper")


def test_a_text_that_is_gone_is_said_to_be(shelf: Shelf) -> None:
    shelf.path("a-paper", TEXT).unlink()
    with pytest.raises(SourceError, match=r"text\.txt: is missing"):
        shelf.read("a-paper")


def test_the_new_name_of_a_file_is_on_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until its directory is written, a power failure takes the file of the last save back."""
    synced: list[str] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    write_whole(tmp_path / "a" / "draft.json", b"{}")
    assert synced[1:] == [str(tmp_path / "a")]
