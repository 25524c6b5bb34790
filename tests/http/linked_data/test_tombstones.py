"""What was withdrawn or corrected: from the data through build and service to pages, data, lists, networks and feed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx2
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.commands.cli import main
from graph_service.http.web import addresses
from graph_service.settings import BASE, BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from tests.conftest import ROOT
from tests.http.processes import served

PREFIXES = """
@base <https://w3id.org/migration-policy/id/> .
@prefix mp: <https://w3id.org/migration-policy/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<coder/reader> a prov:Agent ; skos:prefLabel "Lesung"@de , "reading"@en .
"""


def actor(name: str) -> str:
    label = f"skos:prefLabel '{name}'@de , '{name}'@en"
    return f"<actor/{name}> a mp:Organisation ; dcterms:type <actor-kind/ngo> ; {label} .\n"


def document(holder: str) -> str:
    return f"""<document/{holder}> a mp:Document ; dcterms:type <document-kind/statement> ; dcterms:language "de" ;
    dcterms:title "Papier {holder}"@de , "Paper {holder}"@en ; dcterms:creator <actor/{holder}> ;
    mp:sourceKind <source-kind/primary> ; mp:coverage <coverage/whole-text> ;
    mp:datedFrom "2020-05-01"^^xsd:date ; mp:datedTo "2020-05-01"^^xsd:date .
"""


def proposition(name: str) -> str:
    return f"""<proposition/{name}> a mp:Proposition ; dcterms:identifier "{name}" ; mp:underIssue <issue/asylum> ;
    skos:prefLabel "Satz {name}."@de , "Sentence {name}."@en .
"""


def position(name: str, holder: str, on: str, agreement: int, more: str = "") -> str:
    return f"""<passage/{name}> a mp:Passage ;
    oa:hasSource <document/{holder}> ; skos:prefLabel "{name}"@de , "{name}"@en .
<position/{name}> a mp:Position ; mp:heldBy <actor/{holder}> ; dcterms:type <position-kind/demand> ;
    mp:onProposition <proposition/{on}> ; mp:agreement {agreement} ; mp:fit <fit/full> ; mp:usesVerb <verb/demands> ;
    mp:inPassage <passage/{name}> ; mp:codedBy <coder/reader> ; mp:verification <verification/verified> ;
    mp:paraphrase "Fordert Zimtschnecken, {name}."@de , "Demands cinnamon, {name}."@en {more}.
"""


def tombstone(iri: str, more: str = "") -> str:
    return f"""<{iri}> a prov:Entity ; prov:invalidatedAtTime "2026-11-25T12:00:00Z"^^xsd:dateTime ;
    skos:changeNote "Die Stelle ist ein Zitat."@de , "The passage is a quotation."@en {more}.
"""


STAYS = "".join(
    (
        PREFIXES,
        *(make(name) for make in (actor, document) for name in "ab"),
        *(make(name) for make in (proposition, lambda on: position(f"a-{on}", "a", on, 1)) for name in "xy"),
    )
)
BEFORE = (
    STAYS
    + actor("nobody")
    + position("b-wrong", "b", "x", 1)
    + position("b-misread", "b", "y", 1)
    + proposition("joined")
)
AFTER = "".join(
    (
        STAYS,
        tombstone("actor/nobody"),
        tombstone("position/b-wrong"),
        tombstone("proposition/joined", "; dcterms:isReplacedBy <proposition/x> , <proposition/y>"),
        tombstone("position/b-misread", "; dcterms:isReplacedBy <position/b-read>"),
        position("b-read", "b", "y", -1, "; dcterms:replaces <position/b-misread>"),
    )
)


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Snapshot]:
    """What was published at first, and after it was corrected; both pass every check."""
    root = tmp_path_factory.mktemp("tombstones")
    settings = BuildSettings(data=(root / "data.ttl",), snapshots=root / "snapshots")
    made = []
    for text in (BEFORE, AFTER):
        (root / "data.ttl").write_text(text, encoding="utf-8")
        made.append(build(find_inputs(settings)))
    return made[0], made[1]


@pytest.fixture(scope="module")
def client(editions: tuple[Snapshot, Snapshot]) -> Iterator[httpx2.Client]:
    """The service as it runs, with the edition before at `/edition/…`."""
    with served(editions[1].path, follow=True) as service, service.client() as client:
        yield client


@pytest.fixture(scope="module")
def before(editions: tuple[Snapshot, Snapshot]) -> str:
    """The address of the edition before."""
    return f"/edition/{editions[0].digest}"


def get(client: httpx2.Client, path: str, **params: str) -> Any:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_names_lead_to_the_tombstone(client: httpx2.Client) -> None:
    # Who cited what was corrected reads that it was, before being led on.
    for name in ("actor/nobody", "position/b-wrong", "position/b-misread"):
        answer = client.get(f"/id/{name}", headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/page/{name}")


@pytest.mark.parametrize(
    ("language", "withdrawn", "corrected", "why"),
    [
        ("de", "Zurückgezogen am", "Korrigiert am", "Die Stelle ist ein Zitat."),
        ("en", "Withdrawn on", "Corrected on", "The passage is a quotation."),
    ],
)
def test_pages_say_since_when_why_and_for_what(
    client: httpx2.Client, language: str, withdrawn: str, corrected: str, why: str
) -> None:
    for name, how in (("position/b-wrong", withdrawn), ("actor/nobody", withdrawn), ("position/b-misread", corrected)):
        page = client.get(f"/page/{name}", params={"lang": language})
        notice = page.text.partition("<table")[0]
        assert page.status_code == 200
        assert f'{how} <time datetime="2026-11-25">' in notice
        assert why in notice
        assert "noindex" in notice
        assert ("/page/position/b-read" in notice) == (how == corrected)
    assert "noindex" not in client.get("/page/position/b-read").text


def test_what_was_divided_leads_to_both_halves(
    client: httpx2.Client, editions: tuple[Snapshot, Snapshot], tmp_path: Path
) -> None:
    both = [f"{BASE}id/proposition/x", f"{BASE}id/proposition/y"]
    notice = client.get("/page/proposition/joined", params={"lang": "en"}).text.partition("<table")[0]
    gone = client.get("/api/propositions/joined", params={"lang": "en"})
    assert gone.status_code == 410
    for half in both:
        assert half.removeprefix(f"{BASE}id/") in notice
        assert half in gone.json()["detail"]
    command = ["diff", *(str(edition.path) for edition in editions), "--snapshots", str(tmp_path), "--format", "json"]
    kinds = json.loads(CliRunner().invoke(main, command).output)["kinds"]
    (corrected,) = (one for kind in kinds for one in kind["corrected"] if one["iri"].endswith("/joined"))
    assert corrected["successors"] == both


@pytest.mark.parametrize("form", addresses.DATA, ids=lambda one: one.name)
def test_every_form_of_the_data_holds_the_tombstone_and_nothing_else(client: httpx2.Client, form: Any) -> None:
    answer = client.get(f"/data/position/b-misread.{form.extension}")
    assert answer.status_code == 200
    kind = ox.RdfFormat.from_media_type(form.media_type)
    assert kind is not None
    said = {q for q in ox.parse(answer.content, format=kind) if q.subject.value == f"{BASE}id/position/b-misread"}
    told = sorted({quad.predicate.value.rpartition("#")[2].rpartition("/")[2] for quad in said})
    assert told == ["changeNote", "invalidatedAtTime", "isReplacedBy", "type"]
    assert len({quad.triple for quad in said}) == 5


def ids(found: dict[str, Any]) -> set[str]:
    return {one["id"].removeprefix(f"{BASE}id/") for one in found["items"]}


def test_lists_count_none_of_them(client: httpx2.Client, before: str) -> None:
    stay = {"position/a-x", "position/a-y"}
    old = get(client, f"{before}/api/positions")
    assert ids(old) == stay | {"position/b-wrong", "position/b-misread"}
    assert ids(get(client, "/api/positions")) == stay | {"position/b-read"}
    assert ids(get(client, f"{before}/api/actors")) == {"actor/a", "actor/b", "actor/nobody"}
    assert ids(get(client, "/api/actors")) == {"actor/a", "actor/b"}
    assert "nobody" in client.get(f"{before}/actors").text
    assert "nobody" not in client.get("/actors").text
    assert "b-wrong" in client.get(f"{before}/page/proposition/x").text
    assert "b-wrong" not in client.get("/page/proposition/x").text


def test_items_are_gone_and_say_why(client: httpx2.Client, before: str) -> None:
    assert get(client, f"{before}/api/positions/b-wrong")["id"] == f"{BASE}id/position/b-wrong"
    gone = client.get("/api/positions/b-wrong", params={"lang": "de"})
    assert gone.status_code == 410
    assert "withdrawn on 2026-11-25. Die Stelle ist ein Zitat." in gone.json()["detail"]
    corrected = client.get("/api/positions/b-misread", params={"lang": "en"})
    assert corrected.status_code == 410
    assert f"{BASE}id/position/b-read" in corrected.json()["detail"]
    assert client.get("/api/positions/never").status_code == 404


def test_search_finds_none_of_them(client: httpx2.Client, before: str) -> None:
    def found(root: str, words: str) -> set[str]:
        hits = get(client, f"{root}/api/search", q=words, lang="en")["hits"]
        return {hit["id"].rpartition("/")[2] for hit in hits}

    assert found(before, "cinnamon") == {"a-x", "a-y", "b-wrong", "b-misread"}
    assert found("", "cinnamon") == {"a-x", "a-y", "b-read"}
    assert found(before, "nobody") == {"nobody"}
    assert found("", "nobody") == set()
    assert found("", "quotation") == set()


def test_networks_join_nobody_over_them(client: httpx2.Client, before: str) -> None:
    def congruence(root: str) -> list[float]:
        return [edge["weight"] for edge in get(client, f"{root}/api/networks/actors", measure="congruence")["edges"]]

    assert congruence(before)
    assert congruence("") == []


def test_no_query_tells_of_them(editions: tuple[Snapshot, Snapshot]) -> None:
    queries = ROOT / "queries"
    files = [path for name in (".", "api", "pages", "resources", "evidence") for path in (queries / name).glob("*.rq")]
    # These tell of whatever is named to them: what was withdrawn, where a term of any vocabulary is used, what a single
    # thing is and what is said of it, what is of a class or a scheme, and what has a name at all.
    asked_for = (
        "withdrawn",
        "examples",
        "ontology-at",
        "things-of-a-class",
        "outline",
        "said-of-a-thing",
        "known-names",
        "things",
    )
    texts = [path.read_text(encoding="utf-8") for path in files if path.stem not in asked_for]
    assert len(texts) > 80

    def told(edition: Snapshot) -> set[str]:
        store = EmbeddedStore.open(edition.path)
        answers = b"".join(store.query(text) for text in texts)
        return {name for name in ("nobody", "b-wrong", "b-misread") if f"/{name}".encode() in answers}

    assert told(editions[0]) == {"nobody", "b-wrong", "b-misread"}
    assert told(editions[1]) == set()


def test_diff_and_feed_name_them(client: httpx2.Client, editions: tuple[Snapshot, Snapshot], tmp_path: Path) -> None:
    command = ["diff", *(str(edition.path) for edition in editions), "--snapshots", str(tmp_path), "--language", "en"]
    words = CliRunner().invoke(main, command).output
    told = [line.strip() for line in words.splitlines() if "b-" in line or "nobody" in line]
    why = "(2026-11-25: The passage is a quotation.)"
    assert told == [
        f"withdrawn: nobody  <{BASE}id/actor/nobody>  {why}",
        f"new: Demands cinnamon, b-read.  <{BASE}id/position/b-read>",
        f"corrected: Demands cinnamon, b-misread.  <{BASE}id/position/b-misread> → <{BASE}id/position/b-read>  {why}",
        f"withdrawn: Demands cinnamon, b-wrong.  <{BASE}id/position/b-wrong>  {why}",
    ]
    kinds = json.loads(CliRunner().invoke(main, [*command, "--format", "json"]).output)["kinds"]
    (positions,) = (kind for kind in kinds if kind["kind"] == "positions")
    assert positions["went"] == []
    assert positions["corrected"][0]["successors"] == [f"{BASE}id/position/b-read"]
    assert positions["withdrawn"][0]["since"] == "2026-11-25"
    feed = ElementTree.fromstring(client.get("/changes.atom", params={"lang": "de"}).content)
    content = re.sub(r"<[^>]+>", "", str(feed.findtext("{*}entry/{*}content")))
    assert "1 Akteur zurückgezogen: nobody. Grund: Die Stelle ist ein Zitat." in content
    assert "b: 1 Position korrigiert, aus Papier b (2020-05-01). Grund: Die Stelle ist ein Zitat." in content
    assert "Fordert Zimtschnecken, b-misread, ersetzt durch Fordert Zimtschnecken, b-read" in content
