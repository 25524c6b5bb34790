"""Search: inflection, compounds, umlauts, gender signs, two languages; ranks and highlights."""

from __future__ import annotations

import asyncio
import csv
import time
from pathlib import Path

import httpx2
import pytest

from graph_service.catalogue.query_files import QueryFiles
from graph_service.errors import LimitExceeded
from graph_service.rdf.namespaces import Names
from graph_service.settings import BASE
from graph_service.store.embedded import EmbeddedStore
from graph_service.views.questions import Questions
from graph_service.views.searching import search_index
from graph_service.views.searching.german_words import constituents, spelled
from graph_service.views.searching.search import Text, TextIndex
from tests.snapshot_servers import QUERIES, ThreadedStore

# Half of them to tune by, half to measure only: whoever tunes by a kept one replaces it by another.
SEARCHES = Path(__file__).with_name("searches.csv")
MEASURED = 22


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


# What people type, and what of it has to be among the first three of all hits.
QUESTIONS = [
    ("Aussetzung des Familiennachzugs", ["document/bumf-25", "document/par-fam", "document/kir-25"]),
    ("suspension of family reunification", ["issue/family-reunification"]),
    ("Familienzusammenführung", ["issue/family-reunification"]),
    ("Familienzusammenfu\u0308hrung", ["issue/family-reunification"]),
    ("Familien\u00adzusammen\u00adführung", ["issue/family-reunification"]),
    ("familienzus", ["issue/family-reunification"]),
    ("Flüchtlingssozialarbeit Sachsen", ["actor/lafast"]),
    ("Flu\u0308chtlingssozialarbeit in Sachsen", ["actor/lafast"]),
    ("bezahl", ["proposition/benefits-by-card"]),
    ("Bezahlkarte", ["proposition/benefits-by-card"]),
    ("payment card", ["proposition/benefits-by-card"]),
    ("Bezahl-Karte", ["document/sfr-bargeld", "document/dstgb-24", "document/pa-bk"]),
    ("Bezahl\u2011Karte", ["document/sfr-bargeld", "document/dstgb-24", "document/pa-bk"]),
    ("Anti-Diskriminierung", ["issue/anti-discrimination"]),
    ("antidiscrimination", ["issue/anti-discrimination"]),
    ("Diskriminierungsschutz", ["issue/anti-discrimination"]),
    ("EU-Kommission", ["actor/ec"]),
    ("EU Kommission", ["actor/ec"]),
    ("the European Commission", ["actor/ec"]),
    ("Rechte der Kinder", ["position/proasyl-01", "position/awo-01"]),
    ("diak", ["actor/diakonie", "actor/diakonie-sachsen"]),
    ("der Flüchtlingsrat in Sachsen", ["actor/saechsischer-fluechtlingsrat"]),
    ("Saechsischer Fluechtlingsrat", ["actor/saechsischer-fluechtlingsrat"]),
    ("Kirchenasyl", ["proposition/church-asylum"]),
    ("das Kirchenasyl", ["proposition/church-asylum"]),
    ("sichere Herkunftsstaaten", ["proposition/safe-countries"]),
    ("labor migration", ["issue/labour-migration"]),
    ("labour market access", ["issue/labour-market"]),
    ("asylum advice", ["issue/asylum-counselling"]),
    ("counseling in the asylum procedure", ["issue/asylum-counselling", "proposition/avb"]),
    ("Dolmetscher", ["issue/language-mediation"]),
    ("Staatsbürgerschaft", ["issue/citizenship"]),
    ("kommunales Wahlrecht", ["proposition/local-voting", "document/bkmo-21"]),
    ("Wohlfahrtspflege", ["actor/liga-sachsen", "actor/bagfw"]),
]


def found_of(client: httpx2.Client, half: str) -> list[str]:
    """The queries of a half of the list that have what is wanted among the first three."""
    with SEARCHES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["half"] == half]
    assert len(rows) == 30
    answered = []
    for row in rows:
        first = {str(hit["id"]).partition("/id/")[2] for hit in find(client, row["query"], limit="3")}
        answered += [row["query"]] if first & {*row["wanted"].split()} else []
    return answered


def test_at_least_27_of_30_queries_are_answered_by_the_first_three_hits(client: httpx2.Client) -> None:
    """And of 30 others, by which nothing was tuned, as many as were measured (docs/decisions.md)."""
    assert len(found_of(client, "shown")) >= 27
    assert len(found_of(client, "kept")) >= MEASURED


@pytest.mark.parametrize(("words", "wanted"), QUESTIONS, ids=[words for words, _ in QUESTIONS])
def test_what_people_type(client: httpx2.Client, words: str, wanted: list[str]) -> None:
    first = [str(hit["id"]).partition("/id/")[2] for hit in find(client, words, limit="3")]
    assert set(first) & set(wanted), first


def test_few_hits_for_all_words_hide_none_for_some() -> None:
    texts = ["Recht und Kinder", "Kinder schützen", "Kindern helfen", "Steuern"]
    index = TextIndex([Text(text, "positions", "text", text, "de") for text in texts])
    first, *others = [hit.item for hit in index.find("Rechte der Kinder")]
    assert first == "Recht und Kinder"
    assert set(others) == {"Kinder schützen", "Kindern helfen"}


def test_synonyms_are_the_labels_of_one_concept() -> None:
    texts = [Text("ban", "positions", "text", "Arbeitsverbote für Geflüchtete", "de")]
    names = [Text("refugees", "", "label", text, "de") for text in ("Geflüchtete", "Flüchtlinge")]
    assert [hit.item for hit in TextIndex(texts, names=names).find("Flüchtling")] == ["ban"]
    assert TextIndex(texts).find("Flüchtling") == []


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Abschiebung", "Es soll abgeschoben werden."),
        ("abschaffen", "Das Gesetz wird abgeschafft."),
        ("Zurückweisungen", "An der Grenze zurückgewiesene Menschen"),
        ("Einbürgerung", "Wer eingebürgert wird"),
    ],
)
def test_participles_are_forms_of_their_verbs(words: str, text: str) -> None:
    index = TextIndex([Text("x", "positions", "text", text, "de")])
    [hit] = index.find(words)
    assert hit.excerpts[0].highlights


def test_who_said_something_and_when_is_found_and_not_marked() -> None:
    texts = [Text(one, "positions", "text", "Der Nachzug soll möglich sein.", "de") for one in ("a", "b")]
    around = [("a", "SPD"), ("a", "2025"), ("c", "SPD")]
    index = TextIndex(texts, [Text(item, "", "context", text, "de") for item, text in around])
    [hit] = index.find("SPD Nachzug 2025", limit=1)
    assert hit.item == "a"
    assert [excerpt.field for excerpt in hit.excerpts] == ["text"]
    assert [found.item for found in index.find("SPD")] == ["a"]


def test_hidden_labels_are_found_and_not_shown(client: httpx2.Client) -> None:
    first = find(client, "DPWV", lang="de")[0]
    assert str(first["id"]).endswith("/paritaet-gesamtverband")
    assert "DPWV" not in str(first["excerpts"])


def test_what_differs_in_one_letter_comes_before_what_differs_in_two() -> None:
    texts = [Text(word, "documents", "label", word, "de") for word in ("Bezahlkarten", "Bezahlkarte")]
    assert [hit.item for hit in TextIndex(texts).find("Bezahlkrate")] == ["Bezahlkarte", "Bezahlkarten"]


def test_a_word_that_is_not_typed_to_its_end_counts_as_much_as_a_whole_one() -> None:
    index = TextIndex(
        [
            Text("card", "documents", "label", "Die Bezahlkarte", "de"),
            Text("rescue", "positions", "text", "Rettung bezahlen", "de"),
        ]
    )
    assert [hit.item for hit in index.find("bezahl")] == ["card", "rescue"]


def test_an_article_finds_nothing_by_itself(client: httpx2.Client) -> None:
    """Der Paritätische is called with its article."""
    hits = find(client, "Rechte der Kinder", limit="200")
    assert not [hit["id"] for hit in hits if "/actor/paritaet" in str(hit["id"])]
    assert find(client, "der")


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


def test_long_words_cost_nothing() -> None:
    """In CPU time of this thread, which others on the machine do not lengthen."""
    index = TextIndex([Text(str(n), "documents", "label", f"Verfahren und Beratung {n}", "de") for n in range(1000)])
    started = time.thread_time()
    assert index.find("a" * 4000) == []
    index.find("ab " * 1000)
    assert time.thread_time() - started < 2


def test_long_words_find_nothing(client: httpx2.Client) -> None:
    assert find(client, "a" * 4000) == []


def test_dictionary_comes_from_the_texts() -> None:
    words = constituents(["Die Verfahren und Beratungen zum Asyl.", "Asylverfahrensberatung", "Beratung"])
    assert {"verfahren", "verfahrens", "beratung", "asyl"} <= set(words)
    assert "asylverfahrensberatung" not in words


def test_a_text_without_language_is_found_in_both() -> None:
    index = TextIndex([Text("x", "documents", "label", "GEAS-Reform 2024", "")])
    assert [hit.item for hit in index.find("GEAS")] == ["x"]
    assert [hit.item for hit in index.find("Reformen", language="en")] == ["x"]


@pytest.mark.parametrize("words", ["Fluchthilfe", "Flucht-Hilfe", "FluchtHilfe", "Flucht\u00adhilfe", "fluchth"])
@pytest.mark.parametrize("text", ["Fluchthilfe", "Flucht-Hilfe", "Flucht\u2010Hilfe", "Flucht\u00adhilfe"])
def test_hyphens_join_and_split(text: str, words: str) -> None:
    index = TextIndex([Text("x", "documents", "label", f"Die {text} für alle", "de")])
    (hit,) = index.find(words)
    assert [excerpt.text[start:end] for excerpt in hit.excerpts for start, end in excerpt.highlights] == [spelled(text)]


def test_a_composed_word_finds_a_decomposed_one_and_marks_it() -> None:
    index = TextIndex([Text("x", "documents", "label", "Für Gefl\u0075\u0308chtete", "de")])
    (hit,) = index.find("Geflüchtete")
    assert hit.excerpts[0].text == "Für Geflüchtete"
    assert hit.excerpts[0].highlights == ((4, 15),)


def test_a_short_name_is_found_whole() -> None:
    index = TextIndex([Text("x", "actors", "code", "spd", ""), Text("y", "positions", "code", "spd-01", "")])
    assert [hit.item for hit in index.find("SPD")] == ["x"]
    assert [hit.item for hit in index.find("spd-01")] == ["y"]


def test_more_texts_than_an_index_holds_are_refused(embedded: EmbeddedStore) -> None:
    store = ThreadedStore(embedded)
    index = search_index.Index(Questions(store, QueryFiles((QUERIES / "api",)), Names(BASE)), most=100)
    for _ in range(2):
        with pytest.raises(LimitExceeded, match="more than 100 texts"):
            asyncio.run(index.find("Asyl"))


def test_an_empty_index_finds_nothing() -> None:
    assert TextIndex([]).find("something") == []
