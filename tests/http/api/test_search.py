"""Search: inflection, compounds, umlauts, gender signs, two languages; ranks and highlights."""

from __future__ import annotations

import time

import httpx2
import pytest

from graph_service.views.german_words import constituents
from graph_service.views.search import Text, TextIndex


def find(client: httpx2.Client, words: str, **params: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get("/api/search", params={"q": words, **params}).json()["hits"]
    return found


@pytest.mark.parametrize(
    ("words", "kind", "slug"),
    [
        ("Asylverfahrensberatung", "propositions", "avb"),
        ("Asylberatung", "propositions", "avb"),
        ("Beratung Asyl", "propositions", "avb"),
        ("asylum counselling", "propositions", "avb"),
        ("counseling asylum-procedure", "issues", "asylum-counselling"),
        ("Flüchtlingsrat", "actors", "saechsischer-fluechtlingsrat"),
        ("Fluechtlingsrat", "actors", "saechsischer-fluechtlingsrat"),
        ("FLUCHTLINGSRAT", "actors", "saechsischer-fluechtlingsrat"),
        ("Flüchtlingsrates", "actors", "saechsischer-fluechtlingsrat"),
        ("Sprecherinnen", "actors", "migrationspolitische-sprecher-landtag"),
        ("Sprecher:innen", "actors", "migrationspolitische-sprecher-landtag"),
        ("Sprecher_innen", "actors", "migrationspolitische-sprecher-landtag"),
        ("SprecherInnen", "actors", "migrationspolitische-sprecher-landtag"),
        ("Bürger", "actors", "buergerinnen-und-buerger"),
        ("Migrantenorganisation Dachverband", "actors", "dsm"),
        ("Verbraucherschutz", "actors", "sms"),
        ("Sozialarbeit", "issues", "refugee-social-work"),
        ("sfr", "actors", "saechsischer-fluechtlingsrat"),
        ("Abschiebngen", "propositions", "deportation-faster"),
    ],
)
def test_found_among_the_first(client: httpx2.Client, words: str, kind: str, slug: str) -> None:
    hits = find(client, words, kind=kind, limit="5")
    assert slug in [str(hit["id"]).rpartition("/")[2] for hit in hits]


def test_the_best_comes_first_and_links_lead_somewhere(client: httpx2.Client) -> None:
    hits = find(client, "Kirchenasyl", limit="30")
    scores = [float(str(hit["score"])) for hit in hits]
    assert scores == sorted(scores, reverse=True)
    for hit in hits[:10]:
        assert client.get(str(hit["href"])).status_code == 200


def test_highlights_are_code_points_of_the_text(client: httpx2.Client) -> None:
    for hit in client.get("/api/search?q=Beratung&limit=20&lang=de").json()["hits"]:
        assert hit["excerpts"]
        for excerpt in hit["excerpts"]:
            for start, end in excerpt["highlights"]:
                marked = excerpt["text"][start:end].lower()
                assert "berat" in marked or "counsel" in marked or "advi" in marked


@pytest.mark.parametrize(
    "words", ["", " ", "***", "AND OR NOT", '"', "a:b", "kind:actors", "(" * 500, "der die das", "🙂"]
)
def test_odd_words_find_nothing_and_break_nothing(client: httpx2.Client, words: str) -> None:
    answer = client.get("/api/search", params={"q": words})
    assert answer.status_code == (200 if words else 422)


def test_long_words_cost_nothing(client: httpx2.Client) -> None:
    started = time.monotonic()
    assert find(client, "a" * 4000) == []
    find(client, "ab " * 1000)
    assert time.monotonic() - started < 2


def test_dictionary_comes_from_the_texts() -> None:
    words = constituents(["Die Verfahren und Beratungen zum Asyl.", "Asylverfahrensberatung", "Beratung"])
    assert {"verfahren", "verfahrens", "beratung", "asyl"} <= set(words)
    assert "asylverfahrensberatung" not in words


def test_a_text_without_language_is_found_in_both() -> None:
    index = TextIndex([Text("x", "documents", "label", "GEAS-Reform 2024", "")])
    assert [hit.item for hit in index.find("GEAS")] == ["x"]
    assert [hit.item for hit in index.find("Reformen", language="en")] == ["x"]


def test_an_empty_index_finds_nothing() -> None:
    assert TextIndex([]).find("something") == []
