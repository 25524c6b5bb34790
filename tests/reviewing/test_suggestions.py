"""What the review page suggests, finds as somebody types, and makes anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.coding import draft_file
from graph_service.coding.paper_draft import PaperDraft, Status, passage
from graph_service.snapshots.snapshot import Snapshot
from tests.reviewing.papers import PAGES, drafted, paper_of, place
from tests.reviewing.processes import DEMAND, Reviewing, change, on_shelf, reviewing


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
