"""Web Annotation: what we write is what the Recommendation says; what others write is found by its words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph_service.coding.exchange import highlight_table, merging, web_annotations
from graph_service.coding.exchange.highlights import Received
from graph_service.coding.paper_draft import PaperDraft, empty
from graph_service.errors import SourceError
from graph_service.reading.paper import Paper
from tests.coding.exchange.papers import BASE, TEXT, a_book, a_draft, a_paper

BOOK = a_book()


def _written(tmp_path: Path, content: Any) -> Path:
    path = tmp_path / "annotations.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def _merged(received: Received, paper: Paper) -> tuple[PaperDraft, merging.Merged]:
    return merging.merge(empty(paper, "coder-1"), paper, received.highlights, "web-annotation")


def _read(tmp_path: Path, content: Any, paper: Paper) -> tuple[PaperDraft, merging.Merged]:
    return _merged(web_annotations.read(_written(tmp_path, content), paper, [], BOOK), paper)


def test_an_annotation_has_both_selectors_and_the_iris_of_its_codes() -> None:
    paper = a_paper()
    page = json.loads(web_annotations.write(paper, [a_draft(paper, [((12, 40),)])], BOOK, BASE))
    (annotation,) = page["items"]
    (target,) = annotation["target"]
    position, quote = target["selector"]
    assert (page["@context"], page["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationPage")
    assert annotation["creator"]["id"] == "https://example.org/id/coder/coder-1"
    assert target["source"] == "https://example.org/id/document/a-paper"
    assert position == {"type": "TextPositionSelector", "start": 12, "end": 40}
    assert (quote["prefix"], quote["exact"]) == ("Forderungen\n", paper.text[12:40])
    assert paper.text.startswith(quote["suffix"], 40)
    sources = {body["source"] for body in annotation["body"] if "source" in body}
    assert f"{BASE}id/proposition/more-advice" in sources
    assert f"{BASE}id/target-group/families" in sources


def _hypothesis(exact: str, start: int, tags: list[str], **quote: str) -> dict[str, Any]:
    """An annotation as Hypothesis exports it, with positions in the page that it stood on."""
    selectors = [
        {"type": "RangeSelector", "startContainer": "/p[1]", "endContainer": "/p[1]", "startOffset": 0, "endOffset": 4},
        {"type": "TextPositionSelector", "start": start, "end": start + len(exact)},
        {"type": "TextQuoteSelector", "exact": exact, **quote},
    ]
    target = [{"source": "https://example.org/paper", "selector": selectors}]
    return {"id": "Xq9", "user": "acct:kim@example.org", "text": "eine Anmerkung", "tags": tags, "target": target}


def test_an_export_of_hypothesis_is_found_by_its_words(tmp_path: Path) -> None:
    paper = a_paper()
    export = {
        "export_date": "2026",
        "annotations": [_hypothesis("mehr Beratung", 4711, ["Familien", "neu", "stance: demands"])],
    }
    draft, report = _read(tmp_path, export, paper)
    (position,) = draft.positions
    assert paper.cut(position.ranges) == "mehr Beratung"
    assert position.codes == {"stance": ("demands",), "target_group": ("families",), "note": ("eine Anmerkung; neu",)}
    assert report.moved == ["annotation 1: now p1"]


def test_what_stands_twice_needs_its_context(tmp_path: Path) -> None:
    paper = a_paper()
    words = "Das Land soll die Kosten tragen."
    draft, report = _read(tmp_path, [_hypothesis(words, 3, [])], paper)
    assert draft.positions == ()
    assert "more than once" in report.refused[0]


def test_a_position_is_believed_only_with_its_words(tmp_path: Path) -> None:
    paper = a_paper()
    alone = {"target": {"selector": {"type": "TextPositionSelector", "start": 12, "end": 40}}}
    foreign = _hypothesis("words that are not there at all", 12, [])
    draft, report = _read(tmp_path, [alone, foreign], paper)
    assert draft.positions == ()
    assert [reason.partition(": ")[2][:20] for reason in report.refused] == [
        "has no quotation by ",
        "“words that are not ",
    ]


def test_positions_in_utf_16_do_no_harm(tmp_path: Path) -> None:
    paper = a_paper()
    start = paper.text.index("Familien")
    draft, _ = _read(tmp_path, [_hypothesis("Familien", start + 1, [], prefix="mehr Beratung für alle 👪 ")], paper)
    assert draft.positions[0].ranges == ((start, start + 8),)


def test_a_refined_selector_and_a_plain_body_are_read(tmp_path: Path) -> None:
    quote = {"type": "TextQuoteSelector", "exact": "mehr Beratung"}
    annotation = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "body": [
            f"{BASE}id/target-group/families",
            {"type": "TextualBody", "value": "eine Frage", "purpose": "commenting"},
        ],
        "target": {"source": "x", "selector": {"type": "FragmentSelector", "value": "page=2", "refinedBy": quote}},
    }
    draft, _ = _read(tmp_path, annotation, a_paper())
    assert draft.positions[0].codes == {"target_group": ("families",), "note": ("eine Frage",)}


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[" * 500 + "]" * 500, "no annotations"),
        ("{}", "no annotations"),
        ("[1, null]", "no annotations"),
    ],
)
def test_what_holds_no_annotations_is_refused(tmp_path: Path, content: str, match: str) -> None:
    with pytest.raises(SourceError, match=match):
        web_annotations.read(_written(tmp_path, content), a_paper(), [], BOOK)


@pytest.mark.parametrize("count", [(20_001, 1), (1, 50_001)])
def test_highlights_without_end_are_refused(tmp_path: Path, count: tuple[int, int]) -> None:
    annotations, parts = count
    content: list[object] = [{"target": [{}] * parts}] * annotations
    with pytest.raises(SourceError, match="has more than 20000 highlights or 50000 parts"):
        web_annotations.read(_written(tmp_path, content), a_paper(), [], BOOK)


@pytest.mark.parametrize(
    "target", [None, 7, "https://example.org/x", [], [7], {"selector": 7}, {"selector": [{"exact": 7}]}]
)
@pytest.mark.parametrize("body", [None, 7, [7, None], {"value": 7}, {"source": ["a"]}])
def test_annotations_of_any_form_are_refused_one_by_one(tmp_path: Path, target: Any, body: Any) -> None:
    odd = {"target": target, "body": body, "tags": body, "creator": body, "id": body}
    draft, report = _read(tmp_path, [odd, _hypothesis("mehr Beratung", 3, [])], a_paper())
    assert len(draft.positions) == 1
    assert len(report.refused) == 1


def test_a_table_needs_only_quotations(tmp_path: Path) -> None:
    path = tmp_path / "highlights.csv"
    path.write_text('Quotation;codes\n"mehr  Beratung";"Familien; demands"\nnie gesagt;\n', encoding="utf-8-sig")
    paper = a_paper()
    draft, report = _merged(highlight_table.read(path, paper, [], BOOK), paper)
    assert [paper.cut(p.ranges) for p in draft.positions] == ["mehr Beratung"]
    assert draft.positions[0].codes == {"stance": ("demands",), "target_group": ("families",)}
    assert report.refused == ["row 3: “nie gesagt” is not in the paper"]


def test_a_table_that_a_spreadsheet_saved_keeps_its_places(tmp_path: Path) -> None:
    paper = a_paper("Eins\u00a0und  zwei\nwollen wir. " + TEXT)
    path = tmp_path / "highlights.csv"
    table = highlight_table.write(paper, [a_draft(paper, [((0, 27),)])]).decode()
    path.write_text(table.replace("Eins\u00a0und  zwei\nwollen", "Eins und zwei wollen"), encoding="utf-8")
    draft, report = _merged(highlight_table.read(path, paper, [], BOOK), paper)
    assert draft.positions[0].ranges == ((0, 27),)
    assert report.moved == []


@pytest.mark.parametrize("content", ["", "start,end\n1,2\n", "quotation,quotation\na,b\n"])
def test_a_table_without_quotations_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "highlights.csv"
    path.write_text(content)
    with pytest.raises(SourceError, match=r"quotation|holds no"):
        highlight_table.read(path, a_paper(), [], BOOK)
