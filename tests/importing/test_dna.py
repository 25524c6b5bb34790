"""Statements of the Discourse Network Analyzer become positions; persons and source texts do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service import importing
from graph_service.errors import SettingsError
from graph_service.importing import Corpus, ImportOptions, ImportRefused, ImportTarget, Report

from ..conftest import ROOT

GRAPH = ImportTarget([ROOT / "ontology"], [ROOT / "data"])
CORPUS = Corpus("de", "press-report", coder="coder-1")
EXPORT = """\
"statement_id";"start";"stop";"time";"document_id";"document_title";"document_source";"person";"organization";"concept";"agreement";"text"
"1";"10";"52";"2024-05-17 00:00:00";"7";"Streit um die Karte";"dpa";"Erika Beispiel";"PRO ASYL";"benefits-by-card";"0";"Die Karte ist Unsinn"
"2";"80";"99";"2024-05-17 00:00:00";"7";"Streit um die Karte";"dpa";"";"Deutscher Landkreistag";"benefits-by-card";"1";""
"3";"5";"9";"2024-06-01 00:00:00";"9";"Nur eine Person";"dpa";"Max Beispiel";"";"avb";"1";""
"""  # noqa: E501


def imported(text: str, into: Path, corpus: Corpus = CORPUS, names: Path | None = None) -> Report:
    file = into.parent / "export.csv"
    file.write_text(text, encoding="utf-8")
    return importing.run("dna", file, into, GRAPH, ImportOptions(names is not None, names=names, corpus=corpus))


def test_statements_become_positions(tmp_path: Path) -> None:
    report = imported(EXPORT, tmp_path / "data")
    text = (tmp_path / "data" / "documents" / "export-7.ttl").read_text(encoding="utf-8")
    assert report.counts["claims"] == 2
    assert "mp:heldBy actor:proasyl ;" in text
    assert "mp:agreement -1 ;" in text
    assert '"2024-05-17"^^xsd:date' in text
    assert "oa:start 10 ;" in text
    assert "verification:not-checked" in text


def test_persons_and_texts_are_left_out_and_counted(tmp_path: Path) -> None:
    report = imported(EXPORT, tmp_path / "data")
    text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "data").rglob("*.ttl"))
    assert "Beispiel" not in text
    assert "Unsinn" not in text
    assert "2 statements name a person" in report.notes[0]
    assert "rows 4" in report.notes[1]


def test_unknown_organisation_and_concept_are_refused(tmp_path: Path) -> None:
    text = EXPORT.replace("PRO ASYL", "Neuer Verband").replace('"benefits-by-card";"1"', '"Karte";"1"')
    with pytest.raises(ImportRefused) as caught:
        imported(text, tmp_path / "data")
    found = "\n".join(caught.value.findings)
    assert "row 2, column actor: “Neuer Verband” is no known actor" in found
    assert "row 3, column proposition: “Karte” is no known proposition" in found
    assert not (tmp_path / "data" / "documents").exists()


def test_a_table_of_names_brings_them_along(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("id,name_de,name_en,type\nneu,Neuer Verband,New Association,ngo\n", encoding="utf-8")
    report = imported(EXPORT.replace("PRO ASYL", "Neuer Verband"), tmp_path / "data", names=names)
    assert [proposal.id for proposal in report.added] == ["neu"]


@pytest.mark.parametrize(("value", "expected"), [("-2", "-1"), ("0", "0"), ("1,5", "1")])
def test_of_a_scale_the_sign_counts(value: str, expected: str, tmp_path: Path) -> None:
    text = EXPORT.replace('"benefits-by-card";"0"', f'"benefits-by-card";"{value}"')
    imported(text, tmp_path / "data", Corpus("de", "press-report", scale=True, coder="coder-1"))
    assert f"mp:agreement {expected} ;" in (tmp_path / "data/documents/export-7.ttl").read_text(encoding="utf-8")


def test_scale_is_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as caught:
        imported(EXPORT.replace('"benefits-by-card";"0"', '"benefits-by-card";"-1"'), tmp_path / "data")
    assert "column agreement: “-1” is neither 0 nor 1. If it is a scale, give --scale." in caught.value.findings[0]


def test_what_the_export_does_not_say_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--document-language"):
        imported(EXPORT, tmp_path / "data", Corpus("", ""))


def test_a_table_of_names_brings_propositions_along_by_name(tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("id,text_de,text_en,issue\nneu,Karte für alle,Card for all,asylum-counselling\n", encoding="utf-8")
    report = imported(EXPORT.replace('"benefits-by-card";"1"', '"Karte für alle";"1"'), tmp_path / "data", names=names)
    assert [(proposal.kind, proposal.id) for proposal in report.added] == [("proposition", "neu")]
    text = (tmp_path / "data" / "documents" / "export-7.ttl").read_text(encoding="utf-8")
    assert "mp:onProposition proposition:neu ;" in text


def test_authors_stay_out_and_odd_agreement_is_a_finding(tmp_path: Path) -> None:
    text = EXPORT.replace('"document_source"', '"document_source";"document_author"')
    text = text.replace('"dpa"', '"dpa";"E. Muster"')
    imported(text, tmp_path / "data")
    assert "Muster" not in (tmp_path / "data" / "documents" / "export-7.ttl").read_text(encoding="utf-8")
    with pytest.raises(ImportRefused, match="finding"):
        imported(EXPORT.replace('"benefits-by-card";"0"', '"benefits-by-card";"nan"'), tmp_path / "data")
    with pytest.raises(ImportRefused) as caught:
        imported(EXPORT.replace("2024-05-17 00:00:00", "2024-05-17 (ca.)"), tmp_path / "data")
    assert "column document_date: “2024-05-17 (ca.)” is not a date" in caught.value.findings[0]
