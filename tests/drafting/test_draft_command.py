"""`paper draft` on the shipped graph: the draft that was read, what is refused, and what a large paper costs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph_service.commands.cli import main
from graph_service.drafting import proposing
from graph_service.drafting.suggesting import Suggester
from graph_service.reading.paper import Paper
from graph_service.reading.shelf import Shelf
from graph_service.snapshots.snapshot import Snapshot
from tests.drafting.papers import CORPUS, paper

GOLDEN = Path(__file__).parent / "golden"
GERMAN = paper(
    "# Wer wir sind",
    "Unser Verein wurde vor zwanzig Jahren gegründet.|Er hat seinen Sitz in einer kleinen Stadt.",
    "# Unsere Forderungen",
    "Wir fordern vom Land:",
    "- überall unabhängige Beratung für Menschen im Asylverfahren",
    "- dass Geduldete vom ersten Tag an arbeiten dürfen",
    "# Zum Schluss",
    "Die Bezahlkarte für Asylsuchende lehnen wir entschieden ab.|Der Familiennachzug zu subsidiär Geschützten muss "
    "wieder möglich werden.|Für Rückfragen steht die Geschäftsstelle bereit.",
    name="german-paper",
)
ENGLISH = paper(
    "# Our demands",
    "- Independent counselling for everyone in an asylum procedure",
    "We reject payment cards for asylum seekers.|Our office is open on Mondays.",
    language="en",
    name="english-paper",
)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "papers")


def draft(shelf: Shelf, a_paper: Paper, snapshot: Snapshot) -> Result:
    shelf.write(a_paper)
    arguments = ["--papers", str(shelf.directory), "--snapshots", str(snapshot.path.parent)]
    return CliRunner().invoke(main, ["paper", "draft", a_paper.name, *arguments])


def told(shelf: Shelf, a_paper: Paper) -> str:
    """A draft as lines: each passage, and the best code of each column, which a new position seldom changes."""
    draft = json.loads((shelf.directory / a_paper.name / "coder-1.json").read_bytes())
    lines = []
    for position in draft["positions"]:
        lines.append(a_paper.cut(tuple(map(tuple, position["ranges"]))))
        for column, found in position["suggestions"].items():
            lines.append(f"  {column}: {found[0]['code']}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("a_paper", [GERMAN, ENGLISH], ids=["german", "english"])
def test_draft_is_the_one_that_was_read(a_paper: Paper, shelf: Shelf, shipped_snapshot: Snapshot) -> None:
    result = draft(shelf, a_paper, shipped_snapshot)
    assert result.exit_code == 0, result.output
    assert told(shelf, a_paper) == (GOLDEN / f"{a_paper.name}.txt").read_text(encoding="utf-8")


def test_drafting_again_changes_nothing(shelf: Shelf, shipped_snapshot: Snapshot) -> None:
    draft(shelf, GERMAN, shipped_snapshot)
    file = shelf.directory / GERMAN.name / "coder-1.json"
    before = file.read_bytes()
    draft(shelf, GERMAN, shipped_snapshot)
    assert file.read_bytes() == before


def test_what_is_broken_on_the_shelf_stops_no_other_paper(shelf: Shelf, shipped_snapshot: Snapshot) -> None:
    for name in ("broken-draft", "broken-paper"):
        shelf.write(GERMAN.model_copy(update={"name": name}))
    (shelf.directory / "broken-draft" / "coder-1.json").write_text("{")
    (shelf.directory / "broken-paper" / "text.txt").write_text("another text")
    result = draft(shelf, ENGLISH, shipped_snapshot)
    assert result.exit_code == 0, result.output
    for said in ("Nothing is learnt from a draft of broken-draft", "Nothing is learnt from the paper broken-paper"):
        assert said in result.output


def test_a_language_without_cues_is_refused(shelf: Shelf, shipped_snapshot: Snapshot) -> None:
    result = draft(shelf, paper("Nous demandons plus.", language="fr", name="french"), shipped_snapshot)
    assert result.exit_code == 1
    assert "No cues are known for papers in the language 'fr'. There are cues for: de, en." in result.stderr
    result = draft(shelf, paper("Xyzzy plugh.", language="", name="unknown"), shipped_snapshot)
    assert "--language de" in result.stderr
    assert not (shelf.directory / "french" / "coder-1.json").exists()


def test_an_empty_paper_has_an_empty_draft(shelf: Shelf, shipped_snapshot: Snapshot) -> None:
    result = draft(shelf, paper(name="empty"), shipped_snapshot)
    assert result.output.startswith("0 passages proposed")


def test_a_paper_of_a_megabyte_is_drafted_within_limits() -> None:
    """What grows with the paper is bounded: units looked at, proposals made, codes suggested for each."""
    sentence = "Das Land muss unabhängige Beratung für Asylsuchende zahlen."
    large = paper(*["|".join([sentence] * 10)] * 1_700)
    assert len(large.text) > 1_000_000
    found = proposing.propose(large, Suggester(CORPUS, "de"))
    assert len(found.within) == proposing.MOST_PROPOSALS
    assert found.beyond > 1_000
    assert all(len(one.suggestions["proposition"]) <= 10 for one in found.within)


def test_a_sentence_of_a_megabyte_costs_no_more_than_its_beginning() -> None:
    endless = "Das Land muss " + "Beratung und " * 80_000
    found = Suggester(CORPUS, "de").suggestions(endless)
    assert found == Suggester(CORPUS, "de").suggestions(endless[:3_000])
