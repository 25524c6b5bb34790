"""Exports of INCEpTION: spans in UTF-16 units over the text in the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from graph_service.coding.exchange import merging, web_annotations
from graph_service.coding.paper_draft import PaperDraft, empty
from graph_service.errors import SourceError
from graph_service.reading.paper import Paper
from graph_service.reading.passages import Ranges
from tests.coding.exchange.papers import BASE, a_book, a_paper, papers_with_ranges

TOKEN = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _document(text: str, *spans: dict[str, Any]) -> dict[str, Any]:
    sofa = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "sofaString": text}
    of_the_program = [
        {"%ID": 2, "%TYPE": "uima.tcas.DocumentAnnotation", "@sofa": 1, "begin": 0, "end": 5, "language": "de"},
        {"%ID": 3, "%TYPE": TOKEN, "@sofa": 1, "begin": 0, "end": 3, "order": 0},
    ]
    own = [{"%ID": n, "%TYPE": "webanno.custom.Position", "@sofa": 1, **span} for n, span in enumerate(spans, 4)]
    return {"%TYPES": {}, "%FEATURE_STRUCTURES": [sofa, *of_the_program, *own], "%VIEWS": {}}


def _read(path: Path, document: Any, paper: Paper) -> tuple[PaperDraft, merging.Merged, tuple[str, ...]]:
    path.write_text(json.dumps(document))
    received = web_annotations.read(path, paper, [], a_book())
    draft, report = merging.merge(empty(paper, "coder-1"), paper, received.highlights, "web-annotation")
    return draft, report, received.unread


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=papers_with_ranges())
def test_spans_are_at_their_places(tmp_path: Path, ends: str, case: tuple[Paper, list[Ranges]]) -> None:
    paper, ranges = case

    def count(place: int) -> int:
        return _units(paper.text[:place].replace("\n", ends))

    spans = [{"begin": count(start), "end": count(end)} for ((start, end), *_) in ranges]
    draft, report, unread = _read(tmp_path / "x.json", _document(paper.text.replace("\n", ends), *spans), paper)
    assert (report.refused, report.moved, unread) == ([], [], ())
    assert {p.ranges for p in draft.positions} == {place[:1] for place in ranges}


def test_features_are_codes(tmp_path: Path) -> None:
    paper = a_paper()
    start = _units(paper.text[: paper.text.index("Das Land")])
    features = {
        "proposition": f"{BASE}id/proposition/more-advice",
        "label": "lehnt ab",
        "target_group": ["families"],
        "note": "eine Anmerkung",
        "other": "ganz eigen",
        "score": 7,
    }
    draft, report, _ = _read(
        tmp_path / "x.json", _document(paper.text, {"begin": start, "end": start + 32, **features}), paper
    )
    assert draft.positions[0].codes == {
        "proposition": ("more-advice",),
        "stance": ("opposes",),
        "target_group": ("families",),
        "note": ("eine Anmerkung; ganz eigen",),
    }
    assert dict(report.unknown) == {"ganz eigen": 1}


def test_ranges_outside_of_the_text_are_reported(tmp_path: Path) -> None:
    paper = a_paper()
    inside_the_family = _units(paper.text[: paper.text.index("👪")]) + 1
    spans = ({"begin": -1, "end": 4}, {"begin": 0, "end": 9_999}, {"begin": 0, "end": inside_the_family})
    draft, _, unread = _read(tmp_path / "x.json", _document(paper.text, *spans), paper)
    assert draft.positions == ()
    assert len(unread) == 3


@pytest.mark.parametrize(
    "structures", [[], {}, [None, 7], [{"sofaString": "a"}, {"sofaString": "b"}], [{"sofaString": 7}]]
)
def test_a_document_without_one_text_is_refused(tmp_path: Path, structures: Any) -> None:
    with pytest.raises(SourceError, match="texts; one is needed"):
        _read(tmp_path / "x.json", {"%FEATURE_STRUCTURES": structures}, a_paper())
