"""The first paper against its source text, where that is on disk: nothing moved, copied or contradicted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph_service.building import evidence
from graph_service.building.evidence import CitedPassage, PassageCheck
from graph_service.catalogue.queries import QueryFile
from graph_service.rdf.namespaces import Names
from graph_service.reading.passages import cut, digest, normalise
from graph_service.store.embedded import EmbeddedStore

from .conftest import QUERIES, ROOT

SHARED = ROOT.parent / "shared"
SOURCE = SHARED / "sources" / "paritaet-sachsen-migration-2019.txt"
CODED = SHARED / "research" / "positions.json"
DIVIDED = SHARED / "research" / "positions_split.json"
needs_source = pytest.mark.skipif(not SOURCE.is_file(), reason=f"{SOURCE.name} is not on disk (see docs/model.md)")
needs_coded = pytest.mark.skipif(not CODED.is_file(), reason="the coded positions are not on disk")

WORDS_OF_A_SOURCE = 8
KEPT = ("ontology", "data", "queries", "docs", "tests", "src")


@pytest.fixture(scope="module")
def passages(shipped: EmbeddedStore) -> list[CitedPassage]:
    query = QueryFile(QUERIES / "evidence" / "passages.rq")
    found = evidence.passages(shipped.rows(query.text))
    return [passage for passage in found if passage.file == SOURCE.name]


@pytest.fixture(scope="module")
def coded() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(CODED.read_text(encoding="utf-8"))
    return read


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(of: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(of[i : i + length]) for i in range(len(of) - length + 1))


@needs_source
def test_every_passage_says_what_was_coded(passages: list[CitedPassage]) -> None:
    findings = evidence.check(passages, SOURCE.parent)
    assert len(findings) == 44
    assert {finding.outcome for finding in findings} == {PassageCheck.MATCHES}


@needs_source
def test_every_passage_begins_with_its_first_words(passages: list[CitedPassage]) -> None:
    text = normalise(SOURCE.read_text(encoding="utf-8"))
    for passage in passages:
        assert cut(text, passage.ranges).startswith(passage.first_words), passage.iri


@needs_source
def test_digest_of_the_whole_text_is_that_of_the_document(shipped: EmbeddedStore) -> None:
    (row,) = shipped.rows(
        """PREFIX mp: <https://w3id.org/migration-policy/ontology#> PREFIX schema: <https://schema.org/>
        SELECT ?sha256 WHERE { ?d mp:sourceFile "paritaet-sachsen-migration-2019.txt" ; schema:sha256 ?sha256 }"""
    )
    assert row["sha256"] == digest(normalise(SOURCE.read_text(encoding="utf-8")))


@needs_source
def test_page_footers_stand_in_no_passage_but_the_imprint(passages: list[CitedPassage]) -> None:
    text = normalise(SOURCE.read_text(encoding="utf-8"))
    torn = [p for p in passages if "Verantwortlich" in cut(text, p.ranges)]
    assert [p.iri.rpartition("-")[2] for p in torn] == ["imprint"]
    assert {p.iri.rpartition("2019-")[2] for p in passages if len(p.ranges) > 1} == {"goals", "body-7"}


@needs_source
@pytest.mark.parametrize("place", [70, 2000, 2700, 3000, 4120, 4300, 5080, 5400, 30])
def test_one_changed_character_breaks_exactly_the_passages_over_it(
    place: int, passages: list[CitedPassage], tmp_path: Path
) -> None:
    text = normalise(SOURCE.read_text(encoding="utf-8"))
    (tmp_path / SOURCE.name).write_text(f"{text[:place]}#{text[place + 1 :]}", encoding="utf-8")
    broken = {f.passage.iri for f in evidence.check(passages, tmp_path) if f.outcome is not PassageCheck.MATCHES}
    assert broken == {p.iri for p in passages if any(start <= place < end for start, end in p.ranges)}


@needs_source
def test_no_file_holds_more_than_eight_words_of_the_source() -> None:
    taken = set(runs(words(SOURCE.read_text(encoding="utf-8")), WORDS_OF_A_SOURCE + 1))
    files = [
        p
        for part in KEPT
        for p in (ROOT / part).rglob("*")
        if p.suffix in {".ttl", ".rq", ".md", ".csv", ".py", ".yaml"}
    ]
    files += list(ROOT.glob("*.md"))
    assert len(files) > 100
    for path in files:
        copied = taken.intersection(runs(words(path.read_text(encoding="utf-8")), WORDS_OF_A_SOURCE + 1))
        assert copied == set(), path


@needs_coded
def test_positions_agree_with_the_coded_ones_and_stand_there_once(
    coded: dict[str, Any], shipped: EmbeddedStore, names: Names
) -> None:
    text = """PREFIX mp: <https://w3id.org/migration-policy/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/>
    SELECT ?id ?proposition ?agreement ?verb ?fit ?verification WHERE {
      ?p a mp:Position ; dcterms:identifier ?id ; mp:onProposition ?proposition ; mp:agreement ?agreement ;
         mp:usesVerb ?verb ; mp:fit ?fit ; mp:verification ?verification ; mp:statedIn ?document .
      ?document dcterms:identifier "par-migration-2019" . }"""
    found = [
        {name: value.removeprefix(names.base).rpartition("/")[2] for name, value in row.items()}
        for row in shipped.rows(text)
    ]
    claims = [c for c in coded["claims"] if c["document"] == "par-migration-2019"]
    assert claims
    divided = json.loads(DIVIDED.read_text(encoding="utf-8"))["positions"]
    halves = {one["id"]: half for one in divided for half in one["halves"]}  # each of this paper is on one half
    assert sorted(found, key=lambda row: row["id"]) == [
        {
            "id": claim["id"],
            "proposition": halves.get(claim["id"], claim["proposition"]),
            "agreement": str(claim["agreement"]),
            "verb": claim["stance"],
            "fit": claim["fit"],
            "verification": claim["verification"]["status"],
        }
        for claim in claims
    ]


@needs_coded
def test_vocabularies_have_a_place_for_all_coded_values(coded: dict[str, Any], shipped: EmbeddedStore) -> None:
    text = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT ?c ?label WHERE { ?c a skos:Concept ; skos:prefLabel ?label FILTER(LANG(?label) = "en") }"""
    concepts = {tuple(row["c"].split("/")[-2:]): row["label"] for row in shipped.rows(text)}
    groups = {label for (kind, _), label in concepts.items() if kind == "target-group"}
    wanted = {
        *(("issue", p["issue"]) for p in coded["propositions"]),
        *(("verb", c["stance"]) for c in coded["claims"]),
        *(("verification", c["verification"]["status"]) for c in coded["claims"]),
        *(("fit", c["fit"]) for c in coded["claims"] if "fit" in c),
        *(("source-kind", d["source_kind"]) for d in coded["documents"]),
    }
    assert wanted - concepts.keys() == set()
    assert {g for c in coded["claims"] for g in c["target_group"].split(" and ")} - groups == set()
