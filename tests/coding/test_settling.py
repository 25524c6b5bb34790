"""Codings settled: what is alike is accepted, what differs is proposed with whose code is which."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_service.coding import draft_file
from graph_service.coding.coders import settling
from graph_service.coding.paper_draft import DraftPosition, PaperDraft, Status, empty
from graph_service.commands.paper_settle import settle
from graph_service.errors import SettingsError
from graph_service.reading import passages
from graph_service.reading.shelf import Shelf
from tests.coding.papers import a_draft, a_paper, a_position, put

PAPER = a_paper()


def two_coders() -> list[PaperDraft]:
    shorter = PAPER.sentences[0].end - 1  # without the full stop
    first = a_draft(
        PAPER,
        "coder-1",
        a_position(PAPER, "p1", 0, proposition="fsa-standards", agreement="1", paraphrase_en="Pay for advice."),
        a_position(PAPER, "p2", 1, proposition="work-access", agreement="1", addressee="bund;freistaat-sachsen"),
        a_position(PAPER, "p3", 2, proposition="right-to-stay", agreement="1"),
        a_position(PAPER, "p4", 3, proposition="municipal-finance", agreement="1"),
    )
    second = a_draft(
        PAPER,
        "coder-2",
        a_position(PAPER, "p1", 0, proposition="fsa-standards", agreement="1", fit="full").model_copy(
            update={"ranges": ((0, shorter),), "sha256": passages.digest(PAPER.text[:shorter])}
        ),
        a_position(PAPER, "p2", 1, proposition="work-access", agreement="0", addressee="bund"),
        a_position(PAPER, "p3", 2, proposition="work-access", agreement="-1"),
    ).model_copy(update={"document": {"title": "A"}, "tables": {"actors": ({"id": "x"}, {"name_de": "ohne Id"})}})
    return [first, second]


def settled() -> PaperDraft:
    return settling.settle(PAPER, two_coders(), empty(PAPER, settling.AGREED))


def codes(position: DraftPosition, *columns: str) -> list[tuple[str, ...] | None]:
    return [position.codes.get(column) for column in columns]


def test_what_all_have_alike_is_accepted() -> None:
    first = settled().positions[0]
    assert first.status is Status.ACCEPTED
    assert first.ranges == ((0, PAPER.sentences[0].end),)  # the wider one; a full stop is no difference
    assert first.sha256 == two_coders()[0].positions[0].sha256
    assert codes(first, "proposition", "agreement", "fit") == [("fsa-standards",), ("1",), ("full",)]
    assert codes(first, "paraphrase_en") == [("Pay for advice.",)]
    assert first.suggestions == {}


def test_a_difference_is_left_open_with_the_codes_of_each() -> None:
    second = settled().positions[1]
    assert second.status is Status.PROPOSED
    assert codes(second, "proposition", "agreement", "addressee") == [("work-access",), None, ("bund",)]
    offered = {one.code: (one.score, [r.document for r in one.resembles]) for one in second.suggestions["agreement"]}
    assert offered == {"1": (0.5, ["coder-1"]), "0": (0.5, ["coder-2"])}
    assert [(one.code, one.score) for one in second.suggestions["addressee"]] == [
        ("bund", 1),
        ("freistaat-sachsen", 0.5),
    ]


def test_agreement_on_different_propositions_is_open_too() -> None:
    third = settled().positions[2]
    assert codes(third, "proposition", "agreement", "fit") == [None, None, None]
    assert {one.code for one in third.suggestions["proposition"]} == {"right-to-stay", "work-access"}


def test_what_one_coder_has_is_proposed_with_its_codes() -> None:
    fourth = settled().positions[3]
    assert fourth.status is Status.PROPOSED
    assert codes(fourth, "proposition", "agreement") == [("municipal-finance",), ("1",)]
    assert [(one.coder, one.position) for one in fourth.codings] == [("coder-1", "p4"), ("coder-2", "")]


def test_document_and_tables_of_all_come_along() -> None:
    draft = settled()
    assert draft.document == {"title": "A"}
    assert draft.tables == {"actors": ({"id": "x"}, {"name_de": "ohne Id"})}
    assert draft.runs[0].details == {"coders": "coder-1; coder-2"}


def test_the_codes_of_each_coder_go_into_columns_of_their_own() -> None:
    first, second, third, fourth = settled().positions
    assert settling.coder_codes(first) == {
        "coder": "coder-1; coder-2",
        "codes_coder-1": "1",
        "codes_coder-2": "1",
    }
    assert settling.coder_codes(second.model_copy(update={"reason": "A condition."})) == {
        "coder": "coder-1; coder-2",
        "codes_coder-1": "1",
        "codes_coder-2": "0",
        "resolved": "A condition.",
    }
    # Settled on the proposition of coder-2: what coder-1 said of another proposition is no code of this one.
    now = third.model_copy(update={"codes": {**third.codes, "proposition": ("work-access",), "agreement": ("-1",)}})
    assert settling.coder_codes(now) == {"coder": "coder-1; coder-2", "codes_coder-2": "-1"}
    assert settling.coder_codes(fourth)["coder"] == "coder-1"
    assert settling.coder_codes(a_position(PAPER, "p1", 0)) == {}


def test_repeated_it_adds_what_is_new_and_leaves_alone_what_stands_there() -> None:
    before = settled()
    decided = before.positions[1].model_copy(update={"status": Status.REJECTED, "reason": "No position."})
    moved = before.positions[3].model_copy(update={"ranges": ((0, 9),), "suggestions": {}})  # as the page does
    before = before.with_positions([moved, *before.positions[:3]])
    before = before.with_positions([decided if one.id == decided.id else one for one in before.positions])
    first, second = two_coders()
    second = second.with_positions([*second.positions, a_position(PAPER, "p8", 5, proposition="schools")])
    after = settling.settle(PAPER, [first, second], before)
    assert after.positions[:4] == before.positions
    assert [(one.id, one.code("proposition")) for one in after.positions[4:]] == [("p5", "schools")]
    assert settling.settle(PAPER, [first, second], after) == after


def test_the_command_says_what_is_left_to_settle(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(shelf, PAPER, *two_coders())
    coders = {path.name: path.read_bytes() for path in tmp_path.glob("a-paper/coder-*")}

    def run(*names: str) -> str:
        command = ["a-paper", *names, "--papers", str(tmp_path)]
        return CliRunner().invoke(settle, command, catch_exceptions=False).output

    assert run().splitlines() == [
        "4 positions of coder-1, coder-2: 1 alike, 3 differ",
        "3 to settle, each with a reason: graph-service paper review a-paper --coder agreed",
    ]
    draft_file.change(shelf, PAPER, settling.AGREED, _accept_without_a_reason)
    again = run().splitlines()
    assert again[0] == "0 positions of coder-1, coder-2: 0 alike, 0 differ"
    assert again[2] == f"p2 was settled without a reason: “{PAPER.text.splitlines()[1]}”"
    assert {path.name: path.read_bytes() for path in tmp_path.glob("a-paper/coder-*")} == coders
    with pytest.raises(SettingsError, match="no coder"):
        run("coder-1", "agreed")


def _accept_without_a_reason(draft: PaperDraft) -> PaperDraft:
    accepted = draft.positions[1].model_copy(update={"status": Status.ACCEPTED})
    return draft.with_positions([accepted if one.id == accepted.id else one for one in draft.positions])
