"""The page's application over HTTP, with drafts on disk: who comes in, what is written, and what a crash leaves."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from graph_service.coding import draft_file
from graph_service.coding.paper_draft import PaperDraft, Status, passage
from graph_service.reading import passages
from graph_service.snapshots.snapshot import Snapshot
from tests.browser.test_html import PROGRAM, RULES
from tests.reviewing.papers import PAGES, drafted, paper_of, place
from tests.reviewing.processes import Reviewing, on_shelf, reviewing

DEMAND = "Die Ausbildungsduldung muss großzügig erteilt werden."


def change(review: Reviewing, words: str = DEMAND, revision: int = 0, **codes: str) -> dict[str, Any]:
    """A position at these words."""
    ranges = [place(review.paper, words)]
    return {"revision": revision, "ranges": ranges, "codes": {column: [code] for column, code in codes.items()}}


def test_only_the_address_with_its_token_opens_the_page(review: Reviewing) -> None:
    with httpx2.Client(base_url=review.root) as stranger:
        for path in ("/", "/paper", "/draft", "/static/main.js", "/site/site.css", "/?token=guessed", "/draft?token=x"):
            assert stranger.get(path).status_code == 403, path
        answer = stranger.get(review.address)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert stranger.get("/").status_code == 200


def test_it_listens_on_the_loopback_alone(review: Reviewing) -> None:
    assert urlsplit(review.root).hostname == "127.0.0.1"
    port = urlsplit(review.root).port
    sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    listening = [socket[1] for socket in sockets if socket[3] == "0A"]
    assert [address for address in listening if int(address.split(":")[1], 16) == port] == [f"0100007F:{port:04X}"]


def test_a_name_that_points_here_is_no_way_in(review: Reviewing) -> None:
    """DNS rebinding: the browser asks another host's name, which leads to this machine."""
    with review.client() as client:
        for host in ("evil.example", f"evil.example:{urlsplit(review.root).port}", "127.0.0.1"):
            assert client.get("/draft", headers={"host": host}).status_code == 421, host
        assert client.get("/draft", headers={"host": f"localhost:{urlsplit(review.root).port}"}).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_page_changes_nothing(review: Reviewing, fields: dict[str, str]) -> None:
    with review.client() as client:
        assert client.put("/positions/p9", json=change(review), headers=fields).status_code == 403
        client.headers.pop("origin")
        assert client.put("/positions/p9", json=change(review)).status_code == 403
    assert review.draft().position("p9") is None


def test_a_body_is_json_and_small(review: Reviewing) -> None:
    with review.client() as client:
        text = json.dumps(change(review))
        assert client.put("/positions/p9", content=text, headers={"content-type": "text/plain"}).status_code == 415
        large = client.put("/positions/p9", json={"note": "x" * 1_000_001})
        assert large.status_code == 413

        def pieces() -> Any:
            yield text.encode()

        unmeasured = client.put("/positions/p9", content=pieces(), headers={"content-type": "application/json"})
        assert unmeasured.status_code == 411


def test_answers_carry_the_policy(review: Reviewing) -> None:
    with review.client() as client:
        for path in ("/", "/draft", "/static/main.js"):
            fields = client.get(path).headers
            assert "script-src 'self'" in fields["content-security-policy"]
            assert "unsafe" not in fields["content-security-policy"]
            assert fields["cross-origin-resource-policy"] == "same-origin"
            assert fields["x-content-type-options"] == "nosniff"
            assert "access-control-allow-origin" not in fields


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


def test_a_moved_passage_loses_the_suggestions_for_its_old_words(review: Reviewing) -> None:
    with review.client() as client:
        assert client.get("/suggestions/p1").json()["proposition"][0]["code"] == "language-mediation"
        client.put("/positions/p1", json=change(review, DEMAND, 1))
    position = review.draft().position("p1")
    assert position is not None
    assert not position.suggestions


def test_what_another_coder_has_accepted_is_not_suggested(review: Reviewing) -> None:
    """Else the second coder is not blind, and agreement measures nothing."""
    ranges = (place(review.paper, DEMAND),)
    coded = passage(review.paper, ranges, "p1").model_copy(
        update={"codes": {"proposition": ("church-asylum",)}, "status": Status.ACCEPTED}
    )
    draft_file.change(review.shelf, review.paper, "coder-2", lambda draft: draft.with_positions([coded]))
    with reviewing(review.shelf, review.snapshots, review.paper) as second, second.client() as client:
        client.put("/positions/p4", json=change(review))
        suggested = client.get("/suggestions/p4").json()["proposition"]
        typed = client.get("/search/propositions", params={"typed": DEMAND}).json()
    draft_file.path_of(review.shelf, review.paper.name, "coder-2").unlink()
    assert suggested
    assert "church-asylum" not in {one["code"] for one in suggested + typed}
    assert review.paper.name not in {r["document"] for one in suggested for r in one["resembles"]}


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


def test_something_new_is_made_after_the_similar_ones_were_shown(review: Reviewing) -> None:
    row = {
        "text_de": "Asylsuchende sollen eine unabhängige Asylverfahrensberatung haben.",
        "text_en": "Asylum seekers should have independent advice on the asylum procedure.",
        "issue": "asylum-counselling",
    }
    with review.client() as client:
        asked = client.post("/tables/propositions", json={"row": row, "shown": []})
        assert asked.status_code == 409
        codes = [one["code"] for one in asked.json()["similar"]]
        assert "avb" in codes
        assert "propositions" not in review.draft().tables
        made = client.post("/tables/propositions", json={"row": row, "shown": codes}).json()["row"]
        # Sent again by a page that got no answer, it is made once.
        assert client.post("/tables/propositions", json={"row": row, "shown": []}).json()["row"] == made
        client.put("/positions/p4", json=change(review, proposition=made["id"], agreement="1"))
        assert client.delete(f"/tables/propositions/{made['id']}").status_code == 422
    assert review.draft().tables["propositions"] == (made,)


def test_a_new_term_names_its_list(review: Reviewing) -> None:
    row = {
        "scheme": "target-groups",
        "label_de": "Zirkusleute",
        "label_en": "circus people",
        "definition_de": "Menschen, die im Zirkus arbeiten.",
        "definition_en": "People who work in a circus.",
    }
    with review.client() as client:
        shown = [one["code"] for one in client.post("/tables/terms", json={"row": row, "shown": []}).json()["similar"]]
        made = client.post("/tables/terms", json={"row": row, "shown": shown}).json()["row"]
        assert made == {**row, "id": "zirkusleute"}
        assert client.post("/tables/terms", json={"row": {**row, "scheme": "x"}, "shown": []}).status_code == 422
        known = client.put("/positions/p4", json=change(review, target_group="zirkusleute")).json()["position"]
        assert not [one for one in known["obstacles"] if one["key"] == "unknown"]
        strange = client.put("/positions/p5", json=change(review, target_group="martians")).json()["position"]
        assert [one["value"] for one in strange["obstacles"] if one["key"] == "unknown"] == ["martians"]
        assert client.delete("/tables/terms/zirkusleute").status_code == 422


@pytest.mark.parametrize(
    ("table", "row", "lacking"),
    [
        ("propositions", {"text_de": "Zwölf Zirkuszelte."}, ["text_en", "issue"]),
        ("actors", {"name_de": "Zirkusbund", "level": "land"}, ["name_en", "type"]),
        ("terms", {"scheme": "levels", "label_de": "Zirkus", "definition_de": "Z."}, ["label_en", "definition_en"]),
        ("terms", {"scheme": "instruments", "label_de": "Zirkusgesetz", "label_en": "Act on circuses",
                   "definition_de": "Z.", "definition_en": "C."}, ["broader"]),
    ],
)  # fmt: skip
def test_what_an_import_would_refuse_is_not_made(
    review: Reviewing, table: str, row: dict[str, str], lacking: list[str]
) -> None:
    with review.client() as client:
        refused = client.post(f"/tables/{table}", json={"row": row, "shown": []})
    assert (refused.status_code, refused.json()["lacking"]) == (422, lacking)
    assert table not in review.draft().tables


def test_words_are_found_as_they_are_typed(review: Reviewing) -> None:
    with review.client() as client:
        found = client.get("/search/propositions", params={"typed": "Asylverfahrnsberatung"}).json()
        assert found[0]["code"] == "avb"
        assert client.get("/search/propositions", params={"typed": "!"}).json() == []


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


def test_the_token_is_the_curators_alone(review: Reviewing) -> None:
    kept = review.shelf.path(review.paper.name, ".coder-1.review")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert draft_file.coders(review.shelf, review.paper.name) == ["coder-1"]


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


def test_nothing_is_learnt_from_another_coder_of_the_same_paper(mortal: Reviewing) -> None:
    """Whoever codes blind is not shown what others made of the passage."""
    words = "Die Ausbildungsduldung muss großzügig erteilt werden."

    def accept(draft: PaperDraft) -> PaperDraft:
        made = passage(mortal.paper, (place(mortal.paper, words),), "p9", origin="coder-2")
        codes = {"proposition": ("municipal-finance",), "agreement": ("1",), "stance": ("demands",)}
        made = made.model_copy(update={"codes": codes, "status": Status.ACCEPTED})
        return draft.with_positions([*draft.positions, made])

    mortal.kill()
    draft_file.change(mortal.shelf, mortal.paper, "coder-2", accept)
    mortal.start()
    with mortal.client() as client:
        client.put("/positions/p4", json=change(mortal))
        found = client.get("/suggestions/p4").json()["proposition"]
    assert found[0]["code"] == "training-toleration"
    assert "municipal-finance" not in [one["code"] for one in found]


def test_a_new_passage_gets_suggestions_that_rest_on_coded_ones(review: Reviewing) -> None:
    with review.client() as client:
        client.put("/positions/p4", json=change(review))
        found = client.get("/suggestions/p4").json()
        assert found["proposition"][0]["code"] == "training-toleration"
        assert found["proposition"][0]["resembles"]
        typed = client.get(
            "/search/propositions", params={"typed": "Zugewanderte in Ausbildung nicht abschieben"}
        ).json()
        assert typed[0]["score"] > 0


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


def test_without_suggestions_the_page_is_still_of_use(shipped_snapshot: Snapshot, tmp_path: Path) -> None:
    """No cues are known in the language of the paper: the command says so, and everything else works."""
    paper = paper_of(PAGES).model_copy(update={"language": "fr"})
    shelf = on_shelf(tmp_path, paper, drafted(paper))
    with reviewing(shelf, shipped_snapshot.path.parent, paper) as review:
        with review.client() as client:
            assert client.put("/positions/p4", json=change(review)).status_code == 200
            assert client.get("/suggestions/p4").json() == {}
            assert (
                client.get("/search/propositions", params={"typed": "Asylverfahrensberatung"}).json()[0]["code"]
                == "avb"
            )
        assert "Nothing is suggested: No cues are known" in (tmp_path / "log").read_text()
