"""Coding sheets: what is refused, and how it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service import importing
from graph_service.errors import SettingsError, SourceError
from graph_service.importing import ImportOptions, ImportRefused, ImportTarget
from tests.conftest import ROOT
from tests.importing.sheets import NEW, Rows, as_csv, imported, refused, written


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        (
            "agreement",
            "2",
            "row 2, column agreement: “2” is not an agreement. Write 1 (agrees), 0 (mixed) or -1 (disagrees).",
        ),
        (
            "stance",
            "fordert an",
            "column stance: “fordert an” is not in the list. Similar: fordert. The list verbs has",
        ),
        ("target_group", "martians", "column target_group: “martians” is not in the list"),
        ("addressee", "Freistaat/Mond", "column addressee: “Freistaat/Mond” holds “Mond”, which is no known actor"),
        ("document_date", "bald", "column document_date: “bald” is not a date. Write 2021-06-30"),
        ("document_language", "deutsch", "column document_language: “deutsch” is not a language"),
        ("document_url", "papier.pdf", "column document_url: “papier.pdf” is not a web address"),
        (
            "locator_first_words",
            "eins zwei drei vier fünf sechs sieben acht neun",
            "more than eight words of the source",
        ),
        ("locator_heading", "", "column locator_heading: is missing"),
        ("id", "Größe 1", "column id: “Größe 1” is not a short name. Write “groesse-1”"),
        ("id", "musterverein-2", "column id: “musterverein-2” occurs twice"),
        ("proposition_issue", "weather", "column proposition_issue: “weather” is not in the list"),
        ("verification_status", "perhaps", "column verification_status: “perhaps” is not in the list"),
        ("codes_coder-1", "5", "column codes_coder-1: “5” is not an agreement"),
    ],
)
def test_findings_name_row_column_value_and_mend(column: str, value: str, says: str, rows: Rows, into: Path) -> None:
    rows[0][column] = value
    text = refused(rows, into)
    assert says in text
    assert "sheet.csv, sheet" in text


def test_all_findings_come_at_once(rows: Rows, into: Path) -> None:
    rows[0]["agreement"], rows[1]["stance"] = "x", "y"
    assert len(refused(rows, into).splitlines()) == 2


def test_unknown_column_is_refused(rows: Rows, into: Path) -> None:
    text = refused([{**row, "agrement": "1"} for row in rows], into)
    assert "column agrement: “1” is in an unknown column" in text


def test_unknown_column_is_one_finding_however_many_rows(rows: Rows, into: Path) -> None:
    many = [{**rows[0], "id": f"claim-{n}", "agrement": "1"} for n in range(300)]
    assert len(refused(many, into).splitlines()) == 1


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"locator_page": "xli"}, "is not a page number"),
        ({"locator_start": "1", "locator_end": "2", "passage_sha256": "abc"}, "is not a SHA-256 digest"),
        ({"passage_sha256": "ab" * 32}, "stands without locator_start"),
        ({"locator_start": "1; 8", "locator_end": "5"}, "and locator_end are not a range"),
        ({"locator_start": "1; 4", "locator_end": "5; 9"}, "as many of both, in order"),
        ({"document_source_file": "../a.txt"}, "leads out of the source texts"),
        ({"document_source_sha256": "ab" * 32}, "stands without source_file"),
    ],
)
def test_a_place_that_nobody_could_check_is_refused(cells: dict[str, str], says: str, rows: Rows, into: Path) -> None:
    assert says in refused([{**rows[0], **cells}], into)


def test_contradicting_descriptions_are_refused(rows: Rows, into: Path) -> None:
    rows[1]["document_title"] = "Anderer Titel"
    assert "row 3, column document_title: “Anderer Titel” contradicts row 2" in refused(rows, into)


def test_unknown_actor_is_refused_with_similar_names(rows: Rows, into: Path) -> None:
    rows[1]["actor"] = "Sächsischer Flüchtlingsrad"
    text = refused(rows, into)
    assert "“Sächsischer Flüchtlingsrad” is no known actor. Similar: sächsischer flüchtlingsrat" in text


def test_why_a_proposition_is_one_thing_comes_in_both_languages_or_not_at_all(rows: Rows, into: Path) -> None:
    for row in rows:
        row["proposition_one_thing_because_de"] = "Ein Haus." if row["proposition_text_de"] else ""
    assert "column proposition_one_thing_because_en: is missing" in refused(rows, into)
    for row in rows:
        row["proposition_one_thing_because_en"] = "One house." if row["proposition_text_de"] else ""
    imported(as_csv(rows), into)
    written_there = " ".join(written(into)["propositions/sheet.ttl"].split())
    assert 'mp:oneThingBecause "Ein Haus."@de , "One house."@en' in written_there


def test_one_mistake_in_many_rows_is_one_finding(rows: Rows, into: Path) -> None:
    many = [{**rows[0], "id": f"many-{number}", "stance": "", "target_group": "nobody"} for number in range(2000)]
    text = refused(many, into)
    assert "sheet claims, row 2, column stance: is missing." in text
    assert "The same in rows 3, 4, 5, 6, 7 and 1994 more." in text
    assert len(text.splitlines()) == 2


def test_installed_package_is_not_imported_into(tmp_path: Path) -> None:
    shipped = Path(importing.__file__).parents[1] / "shipped" / "data"
    for data in (shipped, tmp_path / "one.ttl"):
        with pytest.raises(SettingsError, match="--into"):
            ImportTarget([], [data]).directory()
    assert ImportTarget([], [tmp_path]).directory() == tmp_path


@pytest.mark.parametrize("identifier", ["2024-03-01", "01-mar", "3. Mrz", "mar-24", "01.03.2024", "3/1/2024"])
def test_ids_that_a_spreadsheet_made_dates_are_refused(identifier: str, rows: Rows, into: Path) -> None:
    rows[0]["id"] = identifier
    assert f"row 2, column id: “{identifier}” is a date" in refused(rows, into)


def test_date_interval_with_something_behind_it_is_refused(rows: Rows, into: Path) -> None:
    for row in rows:
        row["document_date_interval"] = "2021-06-30/2021-07-02 (Entwurf)"
    assert "column document_date_interval: “2021-06-30/2021-07-02 (Entwurf)” is not a date" in refused(rows, into)


def test_ambiguous_actor_is_a_finding(rows: Rows, into: Path) -> None:
    data = into.parent / "data-of-two"
    data.mkdir()
    names = importing.ImportTarget([], []).base
    prefixes = f"@prefix mp: <{names}ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
    for one in ("one", "two"):
        text = f'{prefixes} <{names}id/actor/{one}> a mp:Organisation ; skos:prefLabel "Zwilling"@de .'
        (data / f"{one}.ttl").write_text(text, encoding="utf-8")
    rows[0]["actor"] = rows[0]["addressee"] = "Zwilling"
    file = into.parent / "sheet.csv"
    file.write_text(as_csv(rows), encoding="utf-8")
    with pytest.raises(ImportRefused) as caught:
        importing.run("coding-sheet", file, into, ImportTarget([ROOT / "ontology"], [ROOT / "data", data]), NEW)
    assert "column actor: “Zwilling” may be any of one, two" in "\n".join(caught.value.findings)


def test_decisions_that_match_nothing_are_named(rows: Rows, into: Path, tmp_path: Path) -> None:
    decided = tmp_path / "decisions.csv"
    decided.write_text("table,id,field,value,reason\nclaims,muster-verein*,,,typing error\n", encoding="utf-8")
    report = imported(as_csv(rows), into, options=ImportOptions(accept_new=True, decisions=decided))
    assert report.notes == ("decisions.csv, row 2: the decision on claims muster-verein* matches no row.",)
    decided.write_text("table,id,field,value,reason\nclaim,x,actor,spd,typing error\n", encoding="utf-8")
    with pytest.raises(SourceError, match="row 2 names the unknown table claim"):
        imported(as_csv(rows), into, options=ImportOptions(accept_new=True, decisions=decided))
