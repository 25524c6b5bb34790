"""Two coders of one paper: what matches, how far codes agree, what differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service.coding.coders import intercoder
from graph_service.coding.coders import same_positions as matching
from graph_service.coding.paper_draft import PaperDraft, Status
from graph_service.commands.paper_agreement import agreement
from graph_service.errors import GraphServiceError, SettingsError
from graph_service.reading.shelf import Shelf
from tests.coding.papers import a_draft, a_paper, a_position, put

PAPER = a_paper()
END = len(PAPER.text)


def two_coders() -> list[PaperDraft]:
    first = a_draft(
        PAPER,
        "coder-1",
        a_position(PAPER, "p1", 0, proposition="fsa-standards", agreement="1", addressee="freistaat-sachsen"),
        a_position(PAPER, "p2", 1, proposition="language-courses-expand", agreement="1", stance="opposes"),
        a_position(PAPER, "p3", 2, proposition="right-to-stay", agreement="1", target_group="refugees;migrants"),
        a_position(PAPER, "p4", 3, proposition="municipal-finance", agreement="1"),
        a_position(PAPER, "p5", 4, status=Status.PROPOSED),
    )
    second = a_draft(
        PAPER,
        "coder-2",
        a_position(PAPER, "p7", 0, proposition="fsa-standards", agreement="1", addressee="freistaat-sachsen"),
        a_position(PAPER, "p3", 1, proposition="language-courses-expand", agreement="0", stance="opposes"),
        a_position(PAPER, "p1", 2, proposition="work-access", agreement="-1", target_group="refugees"),
        a_position(PAPER, "p9", 5, issue="integration"),
    )
    return [first, second]


def test_positions_match_by_place_and_names_of_drafts_mean_nothing() -> None:
    found = matching.matches(two_coders())
    names = [{coder: position.id for coder, position in match.items()} for match in found]
    assert names == [
        {"coder-1": "p1", "coder-2": "p7"},
        {"coder-1": "p2", "coder-2": "p3"},
        {"coder-1": "p3", "coder-2": "p1"},
        {"coder-1": "p4"},
        {"coder-2": "p9"},
    ]


def test_two_positions_in_one_passage_match_by_proposition() -> None:
    ones = [a_position(PAPER, "p1", 0, proposition="a"), a_position(PAPER, "p2", 0, proposition="b")]
    narrow = PAPER.sentences[0].end - 3
    other = a_position(PAPER, "p1", 0, proposition="b").model_copy(update={"ranges": ((0, narrow),)})
    drafts = [a_draft(PAPER, "coder-1", *ones), a_draft(PAPER, "coder-2", other)]
    pairs = [{coder: one.id for coder, one in match.items()} for match in matching.matches(drafts)]
    assert {"coder-1": "p2", "coder-2": "p1"} in pairs
    assert matching.f1_of_passages(*drafts) == 1  # one passage each


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        (((0, 10),), ((0, 10),), 1),
        (((0, 10),), ((5, 15),), 1 / 3),
        (((0, 10), (20, 30)), ((0, 10),), 1 / 2),
        (((0, 10),), ((10, 20),), 0),
    ],
)
def test_overlap(one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...], share: float) -> None:
    assert matching.overlap(one, other) == matching.overlap(other, one) == pytest.approx(share)


def test_each_column_is_measured_where_it_can_be_compared() -> None:
    found = intercoder.compare(PAPER, two_coders())
    assert (found.positions, found.unfinished) == ({"coder-1": 4, "coder-2": 4}, {"coder-1": 1, "coder-2": 0})
    assert found.matched == 3
    assert found.f1 == pytest.approx(3 / 4)
    by_column = {one.column: one for one in found.variables}
    assert {name: (one.codes.units, len(one.codes.differing)) for name, one in by_column.items() if one.codes} == {
        "actor": (3, 0),
        "proposition": (3, 1),
        "issue": (3, 0),
        "agreement": (2, 1),  # of the third, the propositions differ
        "stance": (3, 0),
        "target_group": (3, 1),
        "addressee": (3, 0),
    }
    proposition = by_column["proposition"].codes
    # Three pairs, one of them differs: 2 of 6 values; by chance 26 of 30 pairs do.
    assert proposition is not None
    assert proposition.alpha == pytest.approx(1 - 2 / (26 / 5))
    assert by_column["target_group"].metric == "masi"
    assert by_column["proposition"].coded is not None
    assert by_column["agreement"].coded is None


def test_units_are_cut_where_passages_overlap() -> None:
    ranges = (((0, 10),), ((5, 20),), ((20, 30), (35, 40)))
    drafts = [
        a_draft(
            PAPER,
            coder,
            *(a_position(PAPER, f"p{i}", 0).model_copy(update={"ranges": one}) for i, one in enumerate(ranges)),
        )
        for coder in ("coder-1", "coder-2")
    ]
    assert intercoder.compare(PAPER, drafts).identified == 1


def test_differences_stand_side_by_side() -> None:
    found = intercoder.compare(PAPER, two_coders()).differences
    assert [(one.column, one.values) for one in found] == [
        ("agreement", {"coder-1": "1", "coder-2": "0"}),
        ("proposition", {"coder-1": "right-to-stay", "coder-2": "work-access"}),
        ("target_group", {"coder-1": "migrants; refugees", "coder-2": "refugees"}),
        ("position", {"coder-1": "paritaet-sachsen · municipal-finance · 1 · demands", "coder-2": ""}),
        ("position", {"coder-1": "", "coder-2": "paritaet-sachsen · integration · demands"}),
    ]
    assert found[0].page == 1
    assert found[0].text == PAPER.text[found[0].start :].splitlines()[0]


def test_too_many_positions_are_refused() -> None:
    many = [a_position(PAPER, f"p{i}", 0) for i in range(matching.MOST_POSITIONS + 1)]
    with pytest.raises(GraphServiceError, match="1001 positions"):
        matching.coded(a_draft(PAPER, "coder-1", *many))


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    shelf = Shelf(tmp_path / "papers")
    put(shelf, PAPER, *two_coders())
    return shelf.directory


def test_the_command_prints_tables(papers: Path) -> None:
    lines = CliRunner().invoke(agreement, ["a-paper", "--papers", str(papers)], catch_exceptions=False).output
    assert "2 coders on a-paper: coder-1 4 positions, coder-2 4 positions; 3 match" in lines
    assert "not counted, since neither accepted nor rejected yet: 1 of coder-1" in lines
    assert "F1 0.750" in lines
    assert f"| 1 | {PAPER.text.splitlines()[2]} | proposition | right-to-stay | work-access |" in lines
    table = [line for line in lines.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in table} == {9, 6}


def test_the_command_writes_json(papers: Path) -> None:
    result = CliRunner().invoke(agreement, ["a-paper", "--papers", str(papers), "--json"], catch_exceptions=False)
    found = json.loads(result.output)
    assert found["matched"] == 3
    assert found["variables"][1]["codes"]["differing"] == ["2"]


def test_one_coder_has_nobody_to_agree_with(papers: Path) -> None:
    with pytest.raises(SettingsError, match="agreement needs two"):
        CliRunner().invoke(agreement, ["a-paper", "coder-1", "--papers", str(papers)], catch_exceptions=False)
    with pytest.raises(SettingsError, match="coder-3 has no draft"):
        CliRunner().invoke(agreement, ["a-paper", "coder-3", "--papers", str(papers)], catch_exceptions=False)
