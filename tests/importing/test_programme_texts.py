"""Passages of election programmes and coalition agreements stand in their texts, and nothing copies these at length."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.building import evidence
from graph_service.building.evidence import CitedPassage, PassageCheck
from graph_service.catalogue.queries import QueryFile
from graph_service.reading import wording
from graph_service.reading.passages import digest, normalise
from graph_service.store.embedded import EmbeddedStore
from tests.conftest import ROOT
from tests.importing.research_files import Table

QUERIES = ROOT / "queries"


@pytest.fixture(scope="module")
def sources(shared: Path) -> Path:
    return shared / "sources"


@pytest.fixture(scope="module")
def passages(store: EmbeddedStore) -> list[CitedPassage]:
    query = QueryFile(QUERIES / "evidence" / "passages.rq")
    found = evidence.passages(store.rows(query.text))
    return [one for one in found if one.file.startswith("programmes/")]


def test_every_text_has_the_digest_of_its_document(decided: dict[str, Table], sources: Path) -> None:
    for document in decided["documents"].values():
        text = normalise((sources / document["source_file"]).read_text(encoding="utf-8"))
        assert digest(text) == document["source_sha256"]


def test_every_passage_verifies_by_digest(
    passages: list[CitedPassage], sources: Path, decided: dict[str, Table]
) -> None:
    findings = evidence.check(passages, sources)
    assert {finding.outcome for finding in findings} == {PassageCheck.MATCHES}
    resting = {iri.rpartition("/")[2] for finding in findings for iri in finding.passage.supports}
    assert decided["claims"].keys() <= resting
    # Six positions of the older coding have nothing like them in the new one, and are cited from the same texts.
    assert resting - decided["claims"].keys() == {"afd-04", "bsw-01", "bsw-05", "fdp-04", "fdp-10", "gruene-14"}


@pytest.mark.parametrize("text", ["spd-2025", "koav-2013"])
def test_one_changed_character_breaks_exactly_the_passages_over_it(
    text: str, passages: list[CitedPassage], sources: Path, tmp_path: Path
) -> None:
    here = [one for one in passages if one.file == f"programmes/{text}.txt"]
    content = normalise((sources / here[0].file).read_text(encoding="utf-8"))
    (tmp_path / "programmes").mkdir()
    starts = sorted(one.ranges[0][0] for one in here)
    for place in (starts[0], starts[len(starts) // 2] + 5, starts[-1] + 1, starts[0] - 1):
        changed = f"{content[:place]}#{content[place + 1 :]}"
        (tmp_path / here[0].file).write_text(changed, encoding="utf-8")
        broken = {f.passage.iri for f in evidence.check(here, tmp_path) if f.outcome is not PassageCheck.MATCHES}
        assert broken == {one.iri for one in here if any(start <= place < end for start, end in one.ranges)}


def test_no_paraphrase_copies_nine_words_of_any_text(store: EmbeddedStore, sources: Path) -> None:
    query = QueryFile(QUERIES / "evidence" / "paraphrases.rq")
    assert wording.copies(store.rows(query.text), sources) == []


def test_no_heading_or_note_copies_nine_words_of_any_text(decided: dict[str, Table], sources: Path) -> None:
    told = (
        {"position": identifier, "text": claim[name]}
        for identifier, claim in decided["claims"].items()
        for name in ("locator_heading", "locator_first_words", "note", "resolved") if name in claim
    )  # fmt: skip
    assert wording.copies(told, sources) == []
