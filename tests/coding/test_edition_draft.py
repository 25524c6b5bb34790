"""`paper compare` on the command line: what it reports, and the draft that it begins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service.coding import draft_file
from graph_service.coding.new_edition import coded_passages as editions
from graph_service.coding.new_edition import edition_draft
from graph_service.coding.paper_draft import PaperDraft, Status, empty
from graph_service.commands.paper_compare import compare
from graph_service.errors import SettingsError
from graph_service.reading import passages
from graph_service.reading.shelf import Shelf
from graph_service.snapshots.snapshot import Snapshot
from tests.coding.papers import SENTENCES, a_draft, a_paper, a_position, put
from tests.conftest import ROOT

OLD = a_paper()
CHANGED = "Wir lehnen alle Kürzungen bei den Sprachkursen ab."
ADDED = "Ein Landesamt hilft bei <allen> Anträgen."
NEW = a_paper((CHANGED, SENTENCES[2], ADDED, *SENTENCES[4:], SENTENCES[0]), "newer")


def old_draft() -> PaperDraft:
    positions = [a_position(OLD, f"p{n}", n, proposition=f"proposition-{n}", agreement="1") for n in range(5)]
    rejected = a_position(OLD, "p5", 5, Status.REJECTED)
    draft = a_draft(OLD, "coder-1", *positions, rejected)
    return draft.model_copy(update={"document": {"actors": "club", "date": "2020", "title": "Papier 2020"}})


def begun(before: PaperDraft | None = None, **given: bool) -> PaperDraft:
    found = editions.compare(OLD, NEW, old_draft().positions[:5])
    options = {"document": True, **given}
    return edition_draft.begin(found, old_draft(), before or empty(NEW, "coder-1"), {"a-paper-coder-1-p0"}, **options)


def test_codes_go_where_the_passages_are_now() -> None:
    draft = begun()
    told = [(NEW.cut(one.ranges), one.code("proposition"), one.status, one.origin) for one in draft.positions]
    assert told == [
        (CHANGED, "proposition-1", "proposed", "edition"),
        (SENTENCES[2], "proposition-2", "proposed", "edition"),
        (SENTENCES[4], "proposition-4", "proposed", "edition"),
        (SENTENCES[0], "proposition-0", "proposed", "edition"),
    ]
    assert all(one.sha256 == passages.digest(NEW.cut(one.ranges)) for one in draft.positions)


def test_a_change_is_shown_beside_the_code_that_it_puts_in_question() -> None:
    changed, stands, *_ = begun().positions
    (shown,) = changed.suggestions["proposition"]
    assert shown.code == "proposition-1"
    assert shown.score < 1
    assert shown.resembles[0].text == "Wir lehnen {+alle+} Kürzungen bei den Sprachkursen ab."
    assert stands.suggestions == {}


def test_what_the_graph_knows_gets_a_successor() -> None:
    draft = begun()
    assert [one.codes.get("replaces") for one in draft.positions] == [None, None, None, ("a-paper-coder-1-p0",)]
    assert draft.document == {"actors": "club", "replaces": "a-paper"}
    assert begun(document=False).document == {"actors": "club"}


def test_what_is_gone_is_listed_with_the_run() -> None:
    (run,) = begun().runs
    assert run.details == {
        "paper": "a-paper",
        "coder": "coder-1",
        "stands": "2",
        "moved": "1",
        "changed": "1",
        "ambiguous": "",
        "gone": "p3",
    }
    assert {one.run for one in begun().positions} == {run.id}


def test_what_stands_in_the_draft_is_left_alone() -> None:
    once = begun()
    accepted = once.positions[0].model_copy(update={"status": Status.ACCEPTED})
    before = once.with_positions([accepted, *once.positions[1:]])
    assert begun(before) == before


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    shelf = Shelf(tmp_path / "papers")
    put(shelf, OLD, old_draft())
    put(shelf, NEW)
    return shelf.directory


def run(papers: Path, *arguments: str) -> str:
    data = ["--ontology", str(ROOT / "ontology"), "--data", str(ROOT / "data")]
    command = ["a-paper", "newer", "--papers", str(papers), *arguments, *data]
    return CliRunner().invoke(compare, command, catch_exceptions=False).stdout


def test_the_report_names_all_but_what_stands(papers: Path) -> None:
    assert run(papers).splitlines() == [
        "5 passages of a-paper in newer: stands 2, moved 1, changed 1, ambiguous 0, gone 1",
        "changed    p1, page 1: Wir lehnen {+alle+} Kürzungen bei den Sprachkursen ab.",
        f"gone       p3, was on page 1: {SENTENCES[3]}",
        f"moved      p0, page 1: {SENTENCES[0]}",
        f"new        page 1: {ADDED}",
    ]


def test_what_is_likely_is_what_a_draft_would_propose(papers: Path, shipped_snapshot: Snapshot) -> None:
    asked = a_paper((*NEW.text.splitlines(), "Der Familiennachzug muss wieder möglich sein.", "Danke."), "newer")
    put(Shelf(papers), asked)
    snapshots = ["--snapshots", str(shipped_snapshot.path.parent)]
    told = [line for line in run(papers, "--likely", *snapshots).splitlines() if line.startswith("new ")]
    assert "new        page 1: Der Familiennachzug muss wieder möglich sein." in told
    assert not [line for line in told if line.endswith("Danke.")]


def test_json_has_the_ranges_of_both_texts(papers: Path) -> None:
    found = json.loads(run(papers, "--json"))
    assert found["counts"] == {"stands": 2, "moved": 1, "changed": 1, "ambiguous": 0, "gone": 1}
    for one in found["passages"]:
        if one["fate"] in ("stands", "moved"):
            texts = [OLD.text[slice(*one["old_ranges"][0])], NEW.text[slice(*one["new_ranges"][0])]]
            assert texts[0] == texts[1]
    assert [one["text"] for one in found["new_sentences"]] == [ADDED]


def test_html_marks_words_and_escapes_the_text(papers: Path, tmp_path: Path) -> None:
    run(papers, "--html", str(tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Wir lehnen <ins>alle</ins> Kürzungen" in page
    assert "hilft bei &lt;allen&gt; Anträgen" in page
    assert f'<dd lang="de">{SENTENCES[3]}</dd>' in page


def test_the_draft_of_the_new_edition_is_begun(papers: Path) -> None:
    before = draft_file.path_of(Shelf(papers), "a-paper", "coder-1").read_bytes()
    assert "4 positions proposed: graph-service paper review newer --coder coder-1" in run(papers, "--into-draft")
    assert "0 positions proposed" in run(papers, "--into-draft")
    draft = draft_file.read(Shelf(papers), NEW, "coder-1")
    assert len(draft.positions) == 4
    assert "replaces" not in draft.document  # the shipped graph does not know the paper
    assert draft_file.path_of(Shelf(papers), "a-paper", "coder-1").read_bytes() == before


def test_a_coder_without_positions_has_nothing_to_find(papers: Path) -> None:
    with pytest.raises(SettingsError, match="coder-2 has no positions on a-paper"):
        run(papers, "--coder", "coder-2")
    with pytest.raises(SettingsError, match="is both editions"):
        CliRunner().invoke(compare, ["newer", "newer", "--papers", str(papers)], catch_exceptions=False)
