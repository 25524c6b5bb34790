"""Terms that a sheet brings along: written with both labels and a definition, used by the same sheet, never doubled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from graph_service.building import sources
from graph_service.commands.cli import main
from graph_service.importing import ImportOptions, ImportRefused, ImportTarget, known
from graph_service.rdf.namespaces import Names
from tests.conftest import ROOT
from tests.importing.sheets import NEW, imported, written

TEMPLATE = ROOT / "docs" / "templates" / "terms.csv"


def term(scheme: str, identifier: str, **cells: str) -> dict[str, str]:
    """A row of the table `terms` with all that must be there."""
    name = identifier.replace("-", " ")
    texts = {"label_de": f"{name} de", "label_en": f"{name} en", "definition_de": "Etwas.", "definition_en": "A thing."}
    return {"scheme": scheme, "id": identifier, **texts, **cells}


def import_terms(into: Path, *rows: dict[str, str], options: ImportOptions = NEW, **tables: Any) -> Any:
    return imported(json.dumps({"terms": rows, **tables}), into, "sheet.json", options)


def findings(into: Path, *rows: dict[str, str], options: ImportOptions = NEW) -> str:
    with pytest.raises(ImportRefused) as caught:
        import_terms(into, *rows, options=options)
    assert not list(into.rglob("*.*"))
    return "\n".join(caught.value.findings)


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_the_template_adds_a_concept_and_an_instrument(into: Path) -> None:
    report = imported(TEMPLATE.read_bytes(), into, "terms.csv")
    assert [(added.kind, added.id) for added in report.added] == [
        ("instrument", "skilled-immigration-act-2019"),
        ("target-group", "care-workers"),
    ]
    assert report.counts["terms"] == 2
    text = written(into)["vocabularies/terms.ttl"]
    assert "skos:broader target-group:migrant-workers" in text
    assert 'skos:altLabel "Pflegende"@de ,\n        "Pflegepersonal"@de ,\n        "nurses"@en' in text
    assert "a mp:Instrument ;\n    dcterms:type instrument-kind:act" in text
    assert imported(TEMPLATE.read_bytes(), into, "terms.csv").written == ()


def test_new_terms_are_proposed_with_what_resembles_them(into: Path) -> None:
    text = findings(into, term("target-groups", "migrant-worker"), options=ImportOptions())
    assert "new target-group migrant-worker, “migrant worker de”. Similar: " in text
    assert "migrant-workers" in text


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([term("verbs", "doubts")], "row 1, column scheme: “verbs” is not a list that a sheet adds to. Choose"),
        ([term("target-groups", "nurses", label_en="")], "column label_en: is missing"),
        ([term("target-groups", "nurses", definition_de="")], "column definition_de: is missing"),
        ([term("target-groups", "nurses", label_de="Frauen")], "“Frauen” is a name of women in target-groups"),
        ([term("levels", "planet", alternatives_en="EU; Earth")], "is a name of eu in levels already"),
        ([term("issues", "nurses", broader="borders")], "broader: “borders” is not in the list. Similar: border"),
        ([term("instruments", "an-act")], "column broader: is missing. The list instrument-kinds has act"),
        ([term("target-groups", "refugees")], "“refugees de” is no name of refugees, which the graph has already"),
        (
            [term("issues", "one", broader="two"), term("issues", "two", broader="one")],
            "column broader: “two” leads back to one. Leave broader empty where the circle should begin.",
        ),
        (
            [term("issues", "one", label_de="Pflege"), term("issues", "two", alternatives_de="Pflege")],
            "column alternatives_de: “Pflege” is a name of one in issues already",
        ),
        ([term("issues", "Pflege!")], "“Pflege!” is not a short name"),
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_is_a_finding(rows: list[dict[str, str]], says: str, into: Path) -> None:
    assert says in findings(into, *rows)


def test_a_known_term_is_passed_over(into: Path) -> None:
    row = term("target-groups", "refugees", label_de="Geflüchtete", label_en="refugees")
    assert import_terms(into, row).written == ()


def test_terms_with_the_same_id_in_two_lists_are_two(into: Path) -> None:
    report = import_terms(into, term("issues", "nursing"), term("target-groups", "nursing"))
    assert [added.kind for added in report.added] == ["issue", "target-group"]


CLAIM = {
    "id": "beispiel-1", "document": "beispiel", "actor": "beispielbund", "agreement": "1", "stance": "demands",
    "kind": "demand",
    "proposition": "training-toleration", "target_group": "nurses", "instrument": "FEG", "addressee": "bund",
    "paraphrase_de": "Wer in der Pflege lernt, soll bleiben.", "paraphrase_en": "Those who learn care should stay.",
    "locator_heading": "Pflege", "coder": "coder-1",
}  # fmt: skip
ACTOR = {"id": "beispielbund", "name_de": "Beispielbund", "name_en": "Example union", "type": "guild", "level": "works"}
DOCUMENT = {"id": "beispiel", "title": "Beispiel", "date": "2024", "language": "de", "source_kind": "primary"}
TERMS = [
    term("target-groups", "nurses", label_de="Pflegekräfte", broader="migrant-workers"),
    term("actor-kinds", "guild", label_de="Zunft"),
    term("levels", "works", label_de="Betrieb"),
    term("instrument-kinds", "plan", label_de="Plan"),
    term("instruments", "feg-plan", label_de="FEG", broader="plan"),
]


def test_terms_of_a_sheet_are_used_by_its_rows_and_validate(into: Path) -> None:
    report = import_terms(into, *TERMS, claims=[CLAIM], actors=[ACTOR], documents=[DOCUMENT])
    assert "vocabularies/sheet.ttl" in report.written
    directories = ["--data", str(ROOT / "data"), "--data", str(into), "--snapshots", str(into.parent / "snapshots")]
    query = ["query", "demands-on-a-target-group", "-p", "group=id/target-group/migrant-workers"]
    answer = CliRunner().invoke(main, [*query, *directories])
    assert "Those who learn care should stay." in answer.output, answer.output


@pytest.fixture(scope="module")
def graph() -> known.KnownResources:
    target = ImportTarget([ROOT / "ontology"], [ROOT / "data"])
    names = Names(target.base)
    return known.read(sources.discover(target.ontology, target.data, names), names)


@pytest.mark.parametrize(
    ("scheme", "names"),
    [
        (
            "actor-kinds",
            "Gewerkschaft, trade union, Arbeitgeberverband, employers' association, Kirche, UN, company",
        ),
        ("levels", "Bund, Länder, Kommunen, EU, UN, United Nations"),
        ("target-groups", "migrant workers, Arbeitsmigranten, Flüchtlinge, Asylbewerber, Auszubildende, Ortskräfte"),
        ("target-groups", "UMA, refugee women, family members, Dublin-Fälle, Straftäter, Ausländer, LSBTIQ"),
        ("actors", "Gewerkschaften, Arbeitgeber, Wirtschaft, UN, UNHCR, BAMF, Jobcenter, Bundesländer, Schulen"),
        ("actors", "Europäisches Parlament, Mitgliedstaaten, Wohlfahrtsverbände, Polizei, migrant organisations"),
    ],
)
def test_the_graph_knows_the_words_of_a_german_debate(scheme: str, names: str, graph: known.KnownResources) -> None:
    lexicon = graph.actors if scheme == "actors" else graph.concepts(scheme)
    assert [name for name in names.split(", ") if lexicon.find(name) is None] == []
