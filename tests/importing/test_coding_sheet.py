"""Coding sheets: what survives, and that nothing is written in halves."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from graph_service import importing
from graph_service.importing import ImportOptions, ImportRefused, ImportTarget
from tests.conftest import ROOT
from tests.importing.sheets import GRAPH, NEW, TEMPLATE, Rows, as_csv, as_xlsx, imported, refused, written


def test_template_becomes_an_actor_a_document_and_a_proposition(into: Path) -> None:
    report = importing.run("coding-sheet", TEMPLATE, into, GRAPH, NEW)
    assert list(written(into)) == [
        "actors/coding-sheet.ttl", "documents/musterpapier.ttl", "propositions/coding-sheet.ttl"
    ]  # fmt: skip
    assert [(p.kind, p.id) for p in report.added] == [("actor", "musterverein"), ("proposition", "night-shelter")]
    assert report.counts == {"actors": 1, "propositions": 1, "documents": 1, "claims": 2}


def test_new_things_are_proposed_and_not_added_silently(rows: Rows, into: Path) -> None:
    text = refused(rows, into, ImportOptions())
    assert "sheet claims, row 2: new actor musterverein, “Musterverein Leipzig”" in text
    assert "new proposition night-shelter" in text


def test_second_run_changes_nothing(rows: Rows, into: Path) -> None:
    first = imported(as_csv(rows), into)
    before = {path: path.stat().st_mtime_ns for path in into.rglob("*.ttl")}
    second = imported(as_csv(rows), into)
    assert second.written == ()
    assert second.unchanged == first.written
    assert {path: path.stat().st_mtime_ns for path in into.rglob("*.ttl")} == before


def test_order_of_rows_does_not_matter(rows: Rows, into: Path, tmp_path: Path) -> None:
    imported(as_csv(rows), into)
    rows[0], rows[1] = rows[1], rows[0]
    other = tmp_path / "other" / "data"
    other.parent.mkdir()
    imported(as_csv(rows), other)
    assert written(into) == written(other)


@pytest.mark.parametrize(
    ("name", "encode"),
    [
        ("sheet.csv", lambda rows: as_csv(rows, ";", "\r\n").encode("utf-8-sig")),
        ("sheet.csv", lambda rows: ("sep=;\r\n" + as_csv(rows, ";", "\r\n")).encode("utf-8-sig")),
        ("sheet.csv", lambda rows: as_csv(rows, "\t").encode("utf-16")),
        ("sheet.csv", lambda rows: as_csv(rows, ";", "\r\n").encode("cp1252")),
        ("sheet.xlsx", as_xlsx),
    ],
    ids=["BOM, semicolons, CRLF", "sep line", "UTF-16 with tabs", "Windows code page", "XLSX"],
)
def test_habits_of_excel_survive(
    name: str, encode: Callable[[Rows], bytes], rows: Rows, into: Path, tmp_path: Path
) -> None:
    rows[0]["paraphrase_de"] = 'Größe für Bürger*innen, Schüler:innen und Nachbar_innen: „so“ und "so",\nauch hier; ß'
    plain = tmp_path / "plain" / "data"
    plain.parent.mkdir()
    imported(as_csv(rows), plain)
    imported(encode(rows), into, name)
    assert written(into) == written(plain)
    assert '\\"so\\",\\nauch hier; ß"@de' in written(into)["documents/musterpapier.ttl"]


def test_page_digest_and_note_stand_at_position_and_passage(rows: Rows, into: Path) -> None:
    place = {"locator_page": "41", "locator_start": "3", "locator_end": "9", "passage_sha256": "AB" * 32}
    text = {"document_source_file": "programmes/a.txt", "document_source_sha256": "cd" * 32}
    imported(as_csv([{**rows[0], **place, **text, "note": "Said twice.", "resolved": "Read again."}]), into)
    turtle = "".join(written(into).values())
    assert f'schema:sha256 "{"ab" * 32}"' in turtle
    assert f'schema:sha256 "{"cd" * 32}"' in turtle
    assert 'mp:sourceFile "programmes/a.txt"' in turtle
    assert f'{rows[0]["locator_heading"]}, S. 41"@de' in turtle
    assert f'“{rows[0]["locator_heading"]}”, p. 41"@en' in turtle
    assert '"Said twice."@en' in turtle
    assert '"Read again."@en' in turtle


def test_actors_are_found_by_any_of_their_names(rows: Rows, into: Path) -> None:
    rows[1]["actor"] = "Sächsischer Flüchtlingsrat"
    imported(as_csv(rows), into)
    assert "mp:heldBy actor:saechsischer-fluechtlingsrat" in written(into)["documents/musterpapier.ttl"]


def test_hand_kept_and_edited_files_are_never_overwritten(rows: Rows, into: Path) -> None:
    imported(as_csv(rows), into)
    file = into / "documents" / "musterpapier.ttl"
    edited = file.read_text(encoding="utf-8") + "# a remark\n"
    file.write_text(edited, encoding="utf-8")
    with pytest.raises(ImportRefused) as caught:
        imported(as_csv(rows), into)
    assert "documents/musterpapier.ttl was edited after its import" in caught.value.findings[0]
    file.write_text("# kept by hand\n", encoding="utf-8")
    with pytest.raises(ImportRefused) as caught:
        imported(as_csv(rows), into)
    assert "documents/musterpapier.ttl is kept by hand" in caught.value.findings[0]
    assert file.read_text(encoding="utf-8") == "# kept by hand\n"


def test_failing_disk_leaves_everything_as_it_was(rows: Rows, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(as_csv(rows), into)
    before = written(into)
    rows[0]["paraphrase_en"], rows[0]["actor_name_en"] = "Something else.", "Another name"
    replace = Path.replace

    def fail(self: Path, target: Path) -> Path:
        if self.name == "musterpapier.ttl" and "new" in self.parts:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        imported(as_csv(rows), into)
    assert written(into) == before


def test_files_no_longer_given_are_named_and_left(rows: Rows, into: Path) -> None:
    imported(as_csv(rows), into)
    rows[0]["document"] = rows[1]["document"] = "zweites-papier"
    assert imported(as_csv(rows), into).stale == ("documents/musterpapier.ttl",)
    assert (into / "documents" / "musterpapier.ttl").exists()


def test_decisions_leave_out_set_and_add(rows: Rows, into: Path, tmp_path: Path) -> None:
    decided = tmp_path / "decisions.csv"
    decided.write_text(
        "table,id,field,value,reason\n"
        "claims,musterverein-2,,,not its own view\n"
        "claims,muster*,addressee,Bund,by competence\n"
        "claims,muster*,caution,+rests-on-notes,no text at hand\n",
        encoding="utf-8",
    )
    report = imported(as_csv(rows), into, options=ImportOptions(accept_new=True, decisions=decided))
    text = written(into)["documents/musterpapier.ttl"]
    assert [(out.id, out.reason) for out in report.left_out] == [("musterverein-2", "not its own view")]
    assert "position:musterverein-2" not in text
    assert "mp:codedAddressee actor:bund ;" in text
    assert "mp:caution caution:rests-on-notes" in text


def test_a_decision_moves_a_cell_to_another_column(rows: Rows, into: Path, tmp_path: Path) -> None:
    for row in rows:
        row["remark"], row["note"] = "of the coder", "first"
    assert "column remark" in refused(rows, into)
    decided = tmp_path / "decisions.csv"
    decided.write_text("table,id,field,value,reason\nclaims,*,remark,>note,its name here\n", encoding="utf-8")
    imported(as_csv(rows), into, options=ImportOptions(accept_new=True, decisions=decided))
    assert 'skos:editorialNote "first; of the coder"@en' in written(into)["documents/musterpapier.ttl"]


def test_a_document_says_on_which_propositions_nothing_was_found_and_when_it_is_for(rows: Rows, into: Path) -> None:
    for row in rows:
        row["document_coverage"] = "whole-text"
        row["document_searched_nothing_found"] = "avb; church-asylum"
        row["document_legislature"] = "Landtag 2024 - 2029"
        row["document_date_as_printed"] = "on the cover: spring"
    imported(as_csv(rows), into)
    text = " ".join(written(into)["documents/musterpapier.ttl"].split())
    assert "mp:foundNothingOn proposition:avb , proposition:church-asylum ." in text
    assert 'mp:forLegislature "Landtag 2024 - 2029" ;' in text
    assert 'mp:dateAsGiven "on the cover: spring" ;' in text
    rows[0]["document_searched_nothing_found"] = rows[1]["document_searched_nothing_found"] = (
        "avb; nothing-of-that-name"
    )
    assert "“nothing-of-that-name”, which is no known proposition" in refused(rows, into.parent / "other")


def test_claim_that_is_in_the_graph_gives_its_codes_only(rows: Rows, into: Path) -> None:
    known = {**rows[1], "id": "paritaet-sn-01", "actor": "paritaet-sn", "document": "par-migration-2019",
             "proposition": "avb", "agreement": "1"}  # fmt: skip
    data = into.parent / "copy"
    shutil.copytree(ROOT / "data", data)
    shutil.rmtree(data / "codings")
    file = into.parent / "sheet.csv"
    file.write_text(as_csv([known]), encoding="utf-8")
    report = importing.run("coding-sheet", file, into, ImportTarget([ROOT / "ontology"], [data]), NEW)
    assert report.known == ("paritaet-sn-01",)
    assert list(written(into)) == ["codings/sheet.ttl"]
    known["agreement"] = "-1"
    assert "differs from paritaet-sachsen-migration-2019-activity-2" in refused([known], into.parent / "fresh")


def test_a_claim_names_the_instruments_that_it_cites(rows: Rows, into: Path) -> None:
    rows[0]["instrument"] = "Ausbildungsduldung; weltoffenes-sachsen"
    rows[1]["instrument"] = ""
    imported(as_csv(rows), into)
    assert (
        "mp:citesInstrument instrument:ausbildungsduldung ,\n        instrument:weltoffenes-sachsen"
        in (written(into)["documents/musterpapier.ttl"])
    )
    rows[0]["instrument"] = "Ausbildungsduldungen"
    shutil.rmtree(into)
    assert "no known instrument. Similar: ausbildungsduldung. Describe it in the sheet terms." in refused(rows, into)


def test_a_passage_in_several_pieces_has_a_range_for_each(rows: Rows, into: Path) -> None:
    for row in rows:
        row |= {"locator_start": "", "locator_end": ""}
    rows[0] |= {"locator_start": "3; 40", "locator_end": "9;52"}
    imported(as_csv(rows), into)
    text = written(into)["documents/musterpapier.ttl"]
    assert "-1 a oa:TextPositionSelector ;\n    oa:start 3 ;\n    oa:end 9 ." in text
    assert "-2 a oa:TextPositionSelector ;\n    oa:start 40 ;\n    oa:end 52 ." in text


def test_only_accepted_rows_of_a_reviewed_sheet_are_imported(rows: Rows, into: Path) -> None:
    rows[0] |= {"status": "accepted", "passage_text": "Was dort steht.", "suggestions": "avb 0.5"}
    rows[1] |= {"status": "proposed", "passage_text": "", "suggestions": ""}
    rejected = {**rows[1], "id": "musterpapier-3", "status": "Rejected", "stance": "", "actor": ""}
    report = imported(as_csv([*rows, rejected]), into)
    assert report.notes == ("1 accepted, 1 rejected, 1 undecided",)
    assert report.counts["claims"] == 1
    assert "Was dort steht" not in "".join(written(into).values())
    shutil.rmtree(into)
    rows[1]["status"] = "perhaps"
    assert "“perhaps” is no status. Choose accepted, rejected, proposed." in refused(rows, into)


def test_a_paraphrase_in_one_language_is_enough(rows: Rows, into: Path) -> None:
    rows[0]["paraphrase_en"] = ""
    imported(as_csv(rows), into)
    text = written(into)["documents/musterpapier.ttl"]
    assert f'mp:paraphrase "{rows[0]["paraphrase_de"]}"@de .' in text
    shutil.rmtree(into)
    rows[0]["paraphrase_de"] = ""
    assert "column paraphrase_de: and paraphrase_en are both missing. Give one of them" in refused(rows, into)
