"""Names of things: 303 by suffix, `?format=` and `Accept`, and the documents that they lead to."""

from __future__ import annotations

import re

import httpx2
import pyoxigraph as ox
import pytest

from graph_service.http.protocol.negotiation import HTML
from graph_service.rdf.formats import DATASETS, GRAPHS

THING = "/id/actor/paritaet-sachsen"
DATA, PAGE = "/data/actor/paritaet-sachsen", "/page/actor/paritaet-sachsen"
BASE = "https://w3id.org/migration-policy/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        (BROWSER, PAGE),
        ("text/html", PAGE),
        ("*/*", f"{DATA}.ttl"),
        ("text/turtle", f"{DATA}.ttl"),
        ("application/n-triples", f"{DATA}.nt"),
        ("application/ld+json", f"{DATA}.jsonld"),
        ("application/json", f"{DATA}.jsonld"),
        ("application/rdf+xml", f"{DATA}.rdf"),
        ("application/trig", f"{DATA}.trig"),
        ("application/n-quads", f"{DATA}.nq"),
        ("text/html;q=0.3, application/ld+json;q=0.7", f"{DATA}.jsonld"),
        ("text/turtle;q=0, */*;q=0.1", f"{DATA}.nt"),
        ("text/turtle;q=0.5, text/html;q=0.5, application/rdf+xml;q=0.4", f"{DATA}.ttl"),
    ],
)
def test_by_accept(client: httpx2.Client, accept: str, target: str) -> None:
    answer = client.get(THING, headers={"accept": accept})
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    assert "accept" in answer.headers["vary"].lower()
    assert answer.headers["access-control-allow-origin"] == "*"
    assert 'rel="describedby"' in answer.headers["link"]


@pytest.mark.parametrize("offer", [*GRAPHS, *DATASETS, HTML], ids=lambda offer: offer.name)
def test_suffix_and_parameter_before_accept(client: httpx2.Client, offer: object) -> None:
    assert hasattr(offer, "extension")
    assert hasattr(offer, "name")
    target = PAGE if offer is HTML else f"{DATA}.{offer.extension}"
    for url in (f"{THING}.{offer.extension}", f"{THING}?format={offer.name}"):
        answer = client.get(url, headers={"accept": "image/png"})
        assert (answer.status_code, answer.headers["location"]) == (303, target)


def test_what_is_not_offered_and_not_there(client: httpx2.Client) -> None:
    assert client.get(THING, headers={"accept": "image/png"}).status_code == 406
    assert client.get(DATA, headers={"accept": "text/html"}).status_code == 406
    for path in (
        "/id/actor/nobody",
        "/id/actor/nobody.ttl",
        "/page/actor/nobody",
        "/data/actor/nobody.ttl",
        "/id/",
        "/x",
    ):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/id/%3Cscript%3E").status_code == 404
    assert client.post(THING).status_code == 405
    assert client.options(THING).headers["allow"] == "GET, HEAD, OPTIONS"


def _quads(answer: httpx2.Response, kind: ox.RdfFormat | None) -> set[ox.Quad]:
    return set(ox.parse(answer.content, format=kind))


def test_every_format_says_the_same(client: httpx2.Client) -> None:
    wanted = _quads(client.get(f"{DATA}.nt"), ox.RdfFormat.N_TRIPLES)
    assert len(wanted) > 100
    for offer in GRAPHS:
        answer = client.get(f"{DATA}.{offer.extension}")
        assert answer.headers["content-type"] == offer.content_type
        assert answer.headers["content-location"] == f"{DATA}.{offer.extension}"
        assert _quads(answer, ox.RdfFormat.from_media_type(offer.media_type)) == wanted
        by_accept = client.get(DATA, headers={"accept": offer.media_type})
        assert by_accept.content == answer.content
        assert by_accept.headers["content-location"] == f"{DATA}.{offer.extension}"
    graphs = _quads(client.get(f"{DATA}.nq"), ox.RdfFormat.N_QUADS)
    assert graphs == _quads(client.get(f"{DATA}.trig"), ox.RdfFormat.TRIG)
    assert {quad.triple for quad in graphs} == {quad.triple for quad in wanted}
    assert ox.NamedNode(f"{BASE}graph/inferred") in {quad.graph_name for quad in graphs}


def test_json_ld_has_a_context(client: httpx2.Client) -> None:
    document = client.get(f"{DATA}.jsonld").json()
    assert document["@context"]["mp"] == f"{BASE}ontology#"
    node = next(node for node in document["@graph"] if node["@id"] == f"{BASE}id/actor/paritaet-sachsen")
    assert "mp:hasRelation" in node


@pytest.mark.parametrize("path", [f"{DATA}.ttl", f"{DATA}.jsonld", PAGE, "/ontology.ttl", "/ontology.html"])
def test_validators_head_and_links(client: httpx2.Client, path: str) -> None:
    full = client.get(path)
    assert full.status_code == 200
    again = client.get(path, headers={"if-none-match": full.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    # A browser puts the fields of a 304 in the place of those it has: a policy for data would undress a page.
    assert "content-security-policy" not in again.headers
    assert client.get(path, headers={"if-none-match": "*"}).status_code == 304
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(full.content))
    assert full.headers["access-control-allow-origin"] == "*"
    assert "accept" in full.headers["vary"].lower()
    assert full.headers["x-dataset-digest"]
    for relation in ("canonical", "alternate", "license"):
        assert f'rel="{relation}"' in full.headers["link"], relation
    assert client.head("/id/actor/nobody").status_code == 404


def test_codings(client: httpx2.Client) -> None:
    plain = client.get(f"{DATA}.ttl")
    coded = client.get(f"{DATA}.ttl", headers={"accept-encoding": "gzip"})
    assert coded.headers["content-encoding"] == "gzip"
    assert coded.content == plain.content
    assert coded.headers["etag"] != plain.headers["etag"]


def test_languages_of_a_page(client: httpx2.Client) -> None:
    german, english = (client.get(PAGE, headers={"accept-language": language}) for language in ("de", "en"))
    assert german.headers["content-language"] == "de"
    assert '<html lang="de">' in german.text
    assert "Der Paritätische Saxony" in english.text
    assert german.headers["etag"] != english.headers["etag"]
    asked = client.get(f"{PAGE}?lang=en", headers={"accept-language": "de"})
    assert asked.headers["content-language"] == "en"
    # Who asked for a language goes on in it; who did not is asked by each page anew.
    assert 'href="/page/actor/liga-sachsen?lang=en"' in asked.text
    assert 'href="/page/actor/liga-sachsen"' in english.text
    assert client.get(f"{THING}.html?lang=en").headers["location"] == f"{PAGE}?lang=en"


def test_ontology(client: httpx2.Client) -> None:
    for path in ("/ontology", "/ontology/0.2.0"):
        assert client.get(path, headers={"accept": BROWSER}).headers["location"] == "/ontology.html"
        assert client.get(path, headers={"accept": "text/turtle"}).headers["location"] == "/ontology.ttl"
    assert client.get("/ontology/0.2.0.rdf").headers["location"] == "/ontology.rdf"
    assert client.get("/ontology/9.9.9").status_code == 404
    terms = _quads(client.get("/ontology.ttl"), ox.RdfFormat.TURTLE)
    assert terms == _quads(client.get("/ontology.jsonld"), ox.RdfFormat.JSON_LD)
    for language, label in (("de", "Akteur"), ("en", "actor")):
        page = client.get(f"/ontology.html?lang={language}").text
        assert 'id="Actor"' in page
        assert f">{label}</span>" in page
    assert {quad.subject.value for quad in terms if isinstance(quad.subject, ox.NamedNode)} >= {f"{BASE}ontology#Actor"}


def test_what_the_prior_version_names_says_that_it_was_replaced(client: httpx2.Client) -> None:
    turtle = client.get("/ontology.ttl").text
    (prior,) = re.findall(r"owl:priorVersion <([^>]+)>", turtle)
    path = "/" + prior.removeprefix(BASE)
    led = client.get(path, headers={"accept": BROWSER})
    assert led.status_code == 303
    for language in ("de", "en"):
        answer = client.get(led.headers["location"], params={"lang": language})
        assert answer.status_code == 200
        notice = answer.text.partition("<table")[0]
        assert "0.2.0" in notice
        assert 'href="/ontology' in notice
    data = client.get(client.get(path, headers={"accept": "text/turtle"}).headers["location"])
    assert data.status_code == 200
    assert "dcterms:isReplacedBy" in data.text


def test_named_graphs(client: httpx2.Client) -> None:
    answer = client.get("/graph/document/programme-afd-2025")
    assert answer.status_code == 303
    assert client.get(answer.headers["location"]).status_code == 200
