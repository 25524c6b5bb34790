"""Halves: what becomes of a claim on a proposition that joined two things."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph_service import importing
from graph_service.errors import SourceError
from graph_service.importing import ImportOptions, ImportTarget, Report

from ..conftest import ROOT

GRAPH = ImportTarget([ROOT / "ontology"], [ROOT / "data"])
DOCUMENT = {"id": "nachtpapier", "title": "Nachtpapier", "date": "2024", "language": "de", "source_kind": "primary"}
SPLITS = {
    "day-and-night": [
        {"id": "by-day", "text_de": "Bei Tag offen.", "text_en": "Open by day.", "issue": "housing"},
        {"id": "by-night", "text_de": "Bei Nacht offen.", "text_en": "Open by night.", "issue": "housing"},
    ]
}
DAY = {"by-day": {"agreement": 1, "fit": "partial", "codes": [1, 0]}}
NIGHT = {"by-night": {"agreement": -1, "fit": "full", "codes": [-1, -1]}}


def claim(identifier: str, **more: Any) -> dict[str, Any]:
    return {
        "id": identifier, "actor": "spd", "document": "nachtpapier", "proposition": "day-and-night", "agreement": 1,
        "stance": "demands", "paraphrase_de": "Offen.", "paraphrase_en": "Open.", "locator": {"heading": "Haus"},
        "coder": "coder-1", "codes": {"coder-1": 1}, **more,
    }  # fmt: skip


def divided(tmp_path: Path, claims: list[dict[str, Any]], halves: dict[str, Any], **more: Any) -> Report:
    joined = {"id": "day-and-night", "text_de": "Tag und Nacht.", "text_en": "Day and night.", "issue": "housing"}
    sheet, file = tmp_path / "sheet.json", tmp_path / "halves.json"
    sheet.write_text(json.dumps({"propositions": [joined], "documents": [DOCUMENT], "claims": claims}))
    positions = [{"id": name, "proposition": "day-and-night", "halves": of} for name, of in halves.items()]
    file.write_text(json.dumps({"splits": SPLITS, "positions": positions, **more}))
    return importing.run("coding-sheet", sheet, tmp_path / "data", GRAPH, ImportOptions(accept_new=True, halves=file))


def block(tmp_path: Path, name: str) -> str:
    text = (tmp_path / "data" / "documents" / "nachtpapier.ttl").read_text(encoding="utf-8")
    return text.partition(f"position:{name} a mp:Position ;")[2].partition(" .\n")[0]


def codes(tmp_path: Path, name: str) -> list[tuple[str, str]]:
    text = (tmp_path / "data" / "documents" / "nachtpapier.ttl").read_text(encoding="utf-8")
    found = [part.split(" .")[0] for part in text.split(f"mp:codingOf position:{name} ;")[1:]]
    return [(part.split("coder:")[1].split(" ;")[0], part.rpartition(" ")[2]) for part in found]


def test_claim_on_one_half_keeps_its_id(tmp_path: Path) -> None:
    divided(tmp_path, [claim("a-1")], {"a-1": DAY})
    text = block(tmp_path, "a-1")
    assert "mp:onProposition proposition:by-day ;" in text
    assert "mp:agreement 1 ;" in text
    assert "mp:fit fit:partial ;" in text
    assert "mp:codedBy coder:coder-1 , coder:halves-1 ;" in " ".join(text.split()).replace(" ,", " ,")
    assert codes(tmp_path, "a-1") == [("halves-1", "1"), ("halves-2", "0")]


def test_claim_on_both_halves_becomes_two(tmp_path: Path) -> None:
    report = divided(tmp_path, [claim("a-1")], {"a-1": DAY | NIGHT})
    assert report.counts["claims"] == 2
    assert not block(tmp_path, "a-1")
    assert "mp:onProposition proposition:by-day ;" in block(tmp_path, "a-1-by-day")
    assert "mp:agreement -1 ;" in block(tmp_path, "a-1-by-night")
    assert codes(tmp_path, "a-1-by-night") == [("halves-1", "-1"), ("halves-2", "-1")]


def test_claim_on_neither_half_keeps_its_issue_and_has_no_agreement(tmp_path: Path) -> None:
    divided(tmp_path, [claim("a-1")], {"a-1": {}})
    text = block(tmp_path, "a-1")
    assert "mp:underIssue issue:housing ;" in text
    assert not {"mp:onProposition", "mp:agreement", "mp:fit"} & set(text.split())
    assert not codes(tmp_path, "a-1")


def test_halves_take_the_place_of_the_proposition(tmp_path: Path) -> None:
    report = divided(tmp_path, [claim("a-1")], {"a-1": DAY})
    assert [one.id for one in report.added] == ["by-day", "by-night"]


def test_claim_that_nobody_divided_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="on which half of day-and-night the claim a-2 is"):
        divided(tmp_path, [claim("a-1"), claim("a-2")], {"a-1": DAY})
    assert not list((tmp_path / "data").rglob("*.ttl"))


def test_divided_claim_that_the_sheet_does_not_have_is_named(tmp_path: Path) -> None:
    report = divided(tmp_path, [claim("a-1")], {"a-1": DAY, "a-9": DAY})
    assert "halves.json: a-9 matches no claim on a divided proposition." in report.notes


@pytest.mark.parametrize(
    "wrong",
    [
        {"splits": {"day-and-night": [{"id": "by-day"}]}},
        {"positions": [{"id": "a-1", "proposition": "day-and-night", "halves": {"by-day": {"agreement": 1}}}]},
        {"positions": [{"id": "a-1", "proposition": "p", "halves": {"q": {"agreement": 1, "fit": "f", "codes": [1]}}}]},
        {"positions": ["a-1"]},
        {"splits": []},
    ],
)
def test_file_that_lacks_something_is_refused(wrong: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"halves\.json"):
        divided(tmp_path, [claim("a-1")], {"a-1": DAY}, **wrong)
