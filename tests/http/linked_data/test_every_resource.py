"""Every name of the shipped graph leads somewhere, and nothing it points to is without a label."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import urljoin, urlsplit

import httpx2
import pyoxigraph as ox
import pytest

from graph_service.rdf.terms import iri_value
from graph_service.snapshots.snapshot import Snapshot

SAMPLE = 3
LABELS = {
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://purl.org/dc/terms/title",
    "https://schema.org/name",
    "http://xmlns.com/foaf/0.1/name",
}


def _by_kind(snapshot: Snapshot) -> dict[str, list[str]]:
    base = snapshot.manifest.base
    kinds: dict[str, list[str]] = defaultdict(list)
    for subject in sorted({quad.subject for quad in snapshot.quads()}):
        iri = iri_value(subject)
        if iri.startswith(f"{base}id/"):
            kinds[iri.removeprefix(base).split("/")[1]].append(iri)
    return kinds


def _sample(snapshot: Snapshot) -> list[str]:
    return [iri for iris in _by_kind(snapshot).values() for iri in iris[:: max(1, len(iris) // SAMPLE)][:SAMPLE]]


def test_every_kind_answers(client: httpx2.Client, shipped_snapshot: Snapshot) -> None:
    base = shipped_snapshot.manifest.base
    sample = _sample(shipped_snapshot)
    assert len(_by_kind(shipped_snapshot)) > 25
    for iri in sample:
        path = f"/{iri.removeprefix(base)}"
        for accept in ("text/html", "text/turtle"):
            answer = client.get(path, headers={"accept": accept})
            assert answer.status_code == 303, path
            document = client.get(answer.headers["location"])
            assert document.status_code == 200, answer.headers["location"]
            assert document.headers["content-type"].startswith(accept)


@pytest.mark.slow
def test_every_name_is_found(client: httpx2.Client, shipped_snapshot: Snapshot) -> None:
    base = shipped_snapshot.manifest.base
    iris = [iri for found in _by_kind(shipped_snapshot).values() for iri in found]
    for iri in iris:
        assert client.get(f"/{iri.removeprefix(base)}").status_code == 303, iri


def test_labels_of_what_is_pointed_to(client: httpx2.Client, shipped_snapshot: Snapshot) -> None:
    base = shipped_snapshot.manifest.base
    named = {quad.subject for quad in shipped_snapshot.quads() if iri_value(quad.predicate) in LABELS}
    for iri in _sample(shipped_snapshot):
        path = f"/data/{iri.removeprefix(f'{base}id/')}.nt"
        triples = [quad.triple for quad in ox.parse(client.get(path).content, format=ox.RdfFormat.N_TRIPLES)]
        labelled = {str(t.subject) for t in triples if t.predicate.value in LABELS}
        for triple in triples:
            if str(triple.object) in named:
                assert str(triple.object) in labelled, (iri, triple)


def test_a_description_is_complete(client: httpx2.Client, shipped_snapshot: Snapshot) -> None:
    base = shipped_snapshot.manifest.base
    sample = set(_sample(shipped_snapshot))
    wanted: dict[str, set[str]] = defaultdict(set)
    for quad in shipped_snapshot.quads():
        if iri_value(quad.subject) in sample:
            wanted[iri_value(quad.subject)].add(str(quad))
    for iri in sorted(sample):
        path = f"/data/{iri.removeprefix(f'{base}id/')}.nq"
        found = {f"{quad} ." for quad in ox.parse(client.get(path).content, format=ox.RdfFormat.N_QUADS)}
        assert wanted[iri] <= found, iri


def test_parts_belong_to_a_description(client: httpx2.Client) -> None:
    text = client.get("/data/passage/paritaet-sachsen-migration-2019-activities-lead-in.nt").text
    assert "http://www.w3.org/ns/oa#start" in text
    actor = client.get("/data/actor/awo.nt").text
    assert "ontology#membershipIn" in actor


def test_pages_tell_inferred_from_stated_and_lead_on(client: httpx2.Client) -> None:
    from html.parser import HTMLParser

    class Links(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found += [value for name, value in attrs if name in ("href", "src") and value]

    page = client.get("/page/position/afd-2025-avb?view=statements&lang=en")
    assert "<strong>inferred</strong>" in page.text
    assert "stated in" in page.text
    parser = Links()
    parser.feed(page.text)
    local = {urljoin("/page/position/afd-2025-avb", link) for link in parser.found if not link.startswith("http")}
    assert any(link.startswith("/explain?") for link in local)
    for link in sorted(local):
        assert client.get(link).status_code in (200, 303), urlsplit(link)
