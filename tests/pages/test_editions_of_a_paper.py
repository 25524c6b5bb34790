"""A new edition of a paper: imported beside the old one, and each leads to the other."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from graph_service import importing
from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.importing import ImportOptions, ImportRefused, ImportTarget
from graph_service.settings import BuildSettings
from tests.conftest import ROOT
from tests.http.processes import served
from tests.pages.test_kinds_of_pages import facts

CODER = """<https://w3id.org/migration-policy/id/coder/coder-1> a <http://www.w3.org/ns/prov#Agent> ;
    <http://www.w3.org/2004/02/skos/core#prefLabel> "coder-1"@de , "coder-1"@en .
"""
OLD = {
    "id": "paper-2020-p1", "actor": "club", "actor_name_de": "Verein", "actor_name_en": "Club", "actor_type": "ngo",
    "document": "paper-2020", "document_title": "Papier 2020", "document_date": "2020", "document_language": "de",
    "document_source_kind": "primary", "proposition": "shelter", "proposition_text_de": "Türen bleiben offen.",
    "proposition_text_en": "Doors stay open.", "proposition_issue": "housing", "agreement": "1", "stance": "demands",
    "paraphrase_de": "Die Türen sollen offen bleiben.", "paraphrase_en": "The doors should stay open.",
    "locator_heading": "1. Absatz", "coder": "coder-1",
}  # fmt: skip
NEW = {name: value for name, value in OLD.items() if not name.startswith(("actor_", "proposition_"))} | {
    "id": "paper-2026-p4", "document": "paper-2026", "document_title": "Papier 2026", "document_date": "2026",
    "document_replaces": "paper-2020", "replaces": "paper-2020-p1",
    "paraphrase_en": "The doors should stay open at night.", "paraphrase_de": "Die Türen sollen nachts offen bleiben.",
}  # fmt: skip


def imported(data: Path, name: str, row: dict[str, str]) -> None:
    sheet = data.parent / f"{name}.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    graph = ImportTarget([ROOT / "ontology"], [data])
    importing.run("coding-sheet", sheet, data, graph, ImportOptions(accept_new=True))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("editions") / "data"
    data.mkdir()
    (data / "coders.ttl").write_text(CODER, encoding="utf-8")
    imported(data, "old", OLD)
    return data


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[httpx2.Client]:
    before = (data / "documents" / "paper-2020.ttl").read_bytes()
    imported(data, "new", NEW)
    assert (data / "documents" / "paper-2020.ttl").read_bytes() == before, "nothing is overwritten"
    snapshot = build(find_inputs(BuildSettings(data=(data,), snapshots=data.parent / "snapshots")))
    with served(snapshot.path) as service, service.client() as client:
        yield client


def test_what_an_edition_takes_the_place_of_must_be_in_the_graph(data: Path) -> None:
    with pytest.raises(ImportRefused) as caught:
        imported(data, "new", NEW | {"replaces": "paper-2020-p9", "document_replaces": "paper-2019"})
    told = "\n".join(caught.value.findings)
    assert "“paper-2020-p9”, which is no position of the graph. Import the older document first" in told
    assert "“paper-2019” is no known document" in told


@pytest.mark.parametrize(
    ("old", "new"),
    [("position/paper-2020-p1", "position/paper-2026-p4"), ("document/paper-2020", "document/paper-2026")],
)
def test_each_edition_leads_to_the_other(client: httpx2.Client, old: str, new: str) -> None:
    pages = {name: facts(client.get(f"/page/{name}", params={"lang": "en"}).text) for name in (old, new)}
    older, newer = "In the older version", "In the newer version"
    assert f"/page/{new}" in pages[old][newer]
    assert f"/page/{old}" in pages[new][older]
    assert older not in pages[old]
    assert newer not in pages[new]


def test_the_old_position_stays_what_it_is(client: httpx2.Client) -> None:
    answer = client.get("/id/position/paper-2020-p1", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/page/position/paper-2020-p1")
    found = client.get("/api/positions/paper-2020-p1", params={"lang": "en"}).json()
    assert found["text"] == OLD["paraphrase_en"]
