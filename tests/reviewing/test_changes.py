"""Changes sent to the review page, with drafts on disk: what is written, what is refused, what a crash leaves."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx2
import pytest

from graph_service.coding import draft_file
from graph_service.coding.paper_draft import PaperDraft, Status, passage
from graph_service.reading import passages
from tests.browser.test_html import PROGRAM, RULES
from tests.reviewing.papers import place
from tests.reviewing.processes import DEMAND, Reviewing, change


def test_a_new_passage_has_its_place_and_digest(review: Reviewing) -> None:
    """Code points, although an emoji of two UTF-16 units stands before them."""
    words = "Zugewanderte brauchen früh einen Platz im Sprachkurs."
    with review.client() as client:
        answer = client.put("/positions/p4", json=change(review, words, stance="demands")).json()
    assert {one["key"] for one in answer["position"]["obstacles"]} == {"no-actor", "no-proposition", "no-paraphrase"}
    position = review.draft().position("p4")
    assert position is not None
    assert review.paper.cut(position.ranges) == words
    assert position.sha256 == passages.digest(words)
    assert (position.origin, position.revision, position.codes) == ("coder", 1, {"stance": ("demands",)})


def test_a_change_that_was_made_is_not_made_again(review: Reviewing) -> None:
    with review.client() as client:
        first = client.put("/positions/p40", json=change(review)).json()
        again = client.put("/positions/p40", json=change(review))
        assert (again.status_code, again.json()) == (200, first)
        assert client.delete("/positions/p40", params={"revision": 1}).status_code == 200
        assert client.delete("/positions/p40", params={"revision": 1}).status_code == 200


def test_two_windows_do_not_overwrite_each_other(review: Reviewing) -> None:
    with review.client() as client:
        client.put("/positions/p4", json=change(review, stance="demands"))
        assert client.put("/positions/p4", json=change(review, revision=1, stance="opposes")).status_code == 200
        late = client.put("/positions/p4", json=change(review, revision=1, stance="asserts"))
        assert late.status_code == 409
        assert late.json()["position"]["codes"] == {"stance": ["opposes"]}
        assert client.put("/positions/p4", json=change(review)).status_code == 409
        assert client.delete("/positions/p4", params={"revision": 1}).status_code == 409
    position = review.draft().position("p4")
    assert position is not None
    assert position.codes == {"stance": ("opposes",)}


def test_what_another_program_writes_is_seen_and_kept(review: Reviewing) -> None:
    with review.client() as client:
        before = client.get("/revision").json()["revision"]
        draft_file.change(
            review.shelf, review.paper, "coder-1", lambda d: d.model_copy(update={"document": {"title": "Neu"}})
        )
        assert client.get("/revision").json()["revision"] == before + 1
        client.put("/positions/p4", json=change(review))
    assert review.draft().document == {"title": "Neu"}


def test_a_name_is_not_used_for_another_passage(review: Reviewing) -> None:
    with review.client() as client:
        client.put("/positions/p50", json=change(review))
        client.delete("/positions/p50", params={"revision": 1})
        assert client.get("/draft").json()["next"] == 51
        other = client.put("/positions/p50", json=change(review, "Bezahlkarten lehnen wir ab."))
        assert other.status_code == 409
        # What was taken back can be made again.
        assert client.put("/positions/p50", json=change(review)).status_code == 200


def test_a_proposed_position_is_rejected_and_not_removed(review: Reviewing) -> None:
    words = review.paper.cut(review.draft().positions[0].ranges)
    with review.client() as client:
        assert client.delete("/positions/p1", params={"revision": 1}).status_code == 422
        rejected = {**change(review, words, 1), "status": "rejected", "reason": "Kein Wille, nur Befund."}
        assert client.put("/positions/p1", json=rejected).status_code == 200
    position = review.draft().position("p1")
    assert position is not None
    assert (position.status, position.reason) == (Status.REJECTED, "Kein Wille, nur Befund.")
    assert position.origin == "rules"
    assert position.suggestions


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ranges": [[5, 5]]}, "no range"),
        ({"ranges": [[0, 99999]]}, "no range"),
        ({"ranges": [[5, 9], [7, 12]]}, "overlap"),
        ({"codes": {"agreement": ["2"]}}, "agreement is none"),
        ({"codes": {"colour": ["red"]}}, "colour is no code"),
        ({"codes": {"stance": ["demands", "opposes"]}}, "too many"),
        ({"codes": {"note": ["x" * 5001]}}, "too long"),
        ({"codes": {"note": ["\x00"]}}, "is no character of a text"),
        ({"reason": "\x0b"}, "is no character of a text"),
        ({"revision": -1}, "revision"),
    ],
)
def test_what_cannot_be_is_refused(review: Reviewing, wrong: dict[str, Any], said: str) -> None:
    with review.client() as client:
        answer = client.put("/positions/p4", json={**change(review), **wrong})
    assert answer.status_code == 422
    assert said in answer.json()["message"]
    assert review.draft().position("p4") is None


def test_half_of_an_emoji_is_refused(review: Reviewing) -> None:
    """A browser sends it where a field ends in the middle of a pair of UTF-16."""
    fields = {"content-type": "application/json"}
    half = json.dumps({**change(review), "codes": {"note": ["\ud83c"]}})
    fact = json.dumps({"title": {"before": "", "after": "\ud83c"}})
    row = json.dumps({"row": {"text_de": "\ud83c"}, "shown": []})
    with review.client() as client:
        for method, path, body in (
            ("PUT", "/positions/p4", half), ("PATCH", "/document", fact), ("POST", "/tables/propositions", row)
        ):  # fmt: skip
            answer = client.request(method, path, content=body, headers=fields)
            assert answer.status_code == 422, path
            assert answer.json()["message"]


@pytest.mark.parametrize("row", [{"text_de": "x" * 5001}, {"text_de": "Neu.", "id": "../x"}])
def test_a_row_that_no_import_takes_is_refused(review: Reviewing, row: dict[str, str]) -> None:
    with review.client() as client:
        assert client.post("/tables/propositions", json={"row": row, "shown": []}).status_code == 422
    assert "propositions" not in review.draft().tables


def test_facts_on_the_document(review: Reviewing) -> None:
    with review.client() as client:
        made = client.patch("/document", json={"title": {"before": "", "after": "Teilhabe"}}).json()
        assert [one["column"] for one in made["document_obstacles"]] == ["date", "source_kind"]
        late = client.patch("/document", json={"title": {"before": "", "after": "Anders"}})
        assert (late.status_code, late.json()["document"]) == (409, {"title": "Teilhabe"})
        written = client.patch("/document", json={"date": {"before": "", "after": "3. September"}}).json()
        assert [one["key"] for one in written["document_obstacles"]] == ["no-fact", "no-date"]
        undated = client.patch("/document", json={"date": {"before": "3. September", "after": "undated"}}).json()
        assert [one["column"] for one in undated["document_obstacles"]] == ["source_kind"]
        client.patch("/document", json={"date": {"before": "undated", "after": ""}})
        assert client.patch("/document", json={"title": {"before": "Teilhabe", "after": ""}}).json()["document"] == {}
        assert client.patch("/document", json={"colour": {"before": "", "after": "x"}}).status_code == 422


def test_a_crash_after_an_answer_loses_nothing(mortal: Reviewing, kills: int) -> None:
    """Killed after each change that was confirmed, it goes on at the same address with all of them."""
    words = [DEMAND, "Bezahlkarten lehnen wir ab."]
    address = mortal.address
    for number in range(kills):
        with mortal.client() as client:
            sent = change(mortal, words[number % 2], stance="demands", paraphrase_de=f"Satz {number}")
            answer = client.put(f"/positions/p{number + 10}", json=sent)
            mortal.kill()
            assert answer.status_code == 200
        codes = [mortal.draft().position(f"p{done + 10}") for done in range(number + 1)]
        assert [code.code("paraphrase_de") for code in codes if code] == [f"Satz {done}" for done in range(number + 1)]
        mortal.start()
        assert mortal.address == address


def test_the_page_is_valid_html(review: Reviewing, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not PROGRAM.exists():
        pytest.skip("node or html-validate is absent: make setup-dev fetches what it can")
    files = [tmp_path / f"{language}.html" for language in ("de", "en")]
    with review.client() as client:
        for file in files:
            file.write_text(client.get("/", params={"lang": file.stem}).text)
    command = [node, str(PROGRAM), "--config", str(RULES), *map(str, files)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert answer.returncode == 0, answer.stdout


def test_who_speaks_in_the_document_holds_its_positions(review: Reviewing) -> None:
    def lacks(client: httpx2.Client) -> bool:
        (first, *_) = client.get("/draft").json()["positions"]
        return any(one["key"] == "no-actor" for one in first["obstacles"])

    with review.client() as client:
        assert lacks(client)
        client.patch("/document", json={"actors": {"before": "", "after": "spd"}})
        assert not lacks(client)
        client.patch("/document", json={"actors": {"before": "spd", "after": "spd; gruene"}})
        assert lacks(client)
        client.patch("/document", json={"joint": {"before": "", "after": "yes"}})
        assert not lacks(client)


def test_a_position_of_another_program_keeps_its_ranges(review: Reviewing) -> None:
    """They may stand in another order than that of the text, as in a paper of two columns."""
    ranges = (place(review.paper, "Bezahlkarten lehnen wir ab."), place(review.paper, DEMAND))
    foreign = passage(review.paper, ranges, "p7", origin="refi-qda")

    def edit(draft: PaperDraft) -> PaperDraft:
        return draft.with_positions((*draft.positions, foreign))

    draft_file.change(review.shelf, review.paper, "coder-1", edit)
    with review.client() as client:
        sent = {"revision": 1, "ranges": ranges, "codes": {"stance": ["opposes"]}}
        assert client.put("/positions/p7", json=sent).status_code == 200
    position = review.draft().position("p7")
    assert position is not None
    assert (position.ranges, position.sha256) == (ranges, foreign.sha256)
