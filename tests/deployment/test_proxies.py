"""Behind a real proxy with our example file, all that the service promises holds below `/graph/`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx2
import pytest

from tests.deployment.conftest import Site

HTML = {"accept": "text/html,*/*;q=0.8"}
LINKS = re.compile(r'\b(?:href|src|action)="([^"#]+)')


@pytest.fixture
def client(site: Site) -> Iterator[httpx2.Client]:
    with site.client() as client:
        yield client


def _inner_links(client: httpx2.Client, path: str) -> set[str]:
    page = client.get(path, headers=HTML)
    assert page.status_code == 200
    return {link.replace("&amp;", "&") for link in LINKS.findall(page.text) if link.startswith("/")}


def test_all_links_of_pages_lead_below_the_root_path(client: httpx2.Client) -> None:
    links = _inner_links(client, "/graph/") | _inner_links(client, "/graph/page/actor/spd")
    assert len(links) > 30
    assert {link for link in links if not link.startswith("/graph/")} == set()
    for link in sorted(links)[::8]:
        answer = client.get(link, headers=HTML)
        assert answer.status_code in (200, 303), link
    assert client.get("/graph").headers["location"].endswith("/graph/")
    assert client.get("/.well-known/void", follow_redirects=True).status_code == 200


def test_a_thing_leads_to_its_page_and_data(client: httpx2.Client) -> None:
    to_page = client.get("/graph/id/actor/spd", headers=HTML)
    assert (to_page.status_code, to_page.headers["location"]) == (303, "/graph/page/actor/spd")
    to_data = client.get("/graph/id/actor/spd", headers={"accept": "text/turtle"})
    data = client.get(to_data.headers["location"])
    assert data.headers["content-type"].startswith("text/turtle")
    # A name that begins as the root path does.
    graph = client.get("/graph/graph/document/programme-afd-2025", headers={"accept": "text/turtle"})
    assert graph.status_code == 303
    assert client.get(graph.headers["location"]).status_code == 200
    # A name that the proxy must hand on as it is written.
    assert client.get("/graph/id/x%2F..%2Factor%2Fspd", headers=HTML).status_code == 404


def test_absolute_addresses_name_the_site(site: Site, client: httpx2.Client) -> None:
    catalogue = client.get("/graph/catalogue", headers={"accept": "text/turtle"}).text
    assert f"{site.address}/graph/dump/" in catalogue
    assert f":{site.service.port}/" not in catalogue


def test_sparql_validators_and_head(client: httpx2.Client) -> None:
    query = {"query": "ASK { <https://w3id.org/migration-policy/id/actor/spd> ?p ?o }", "format": "json"}
    answer = client.get("/graph/sparql", params=query)
    assert answer.status_code == 200
    assert answer.json()["boolean"] is True
    tag = answer.headers["etag"]
    assert not tag.startswith("W/")
    again = client.get("/graph/sparql", params=query, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    head = client.head("/graph/sparql", params=query)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    packed = client.get("/graph/sparql", params=query, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in packed.headers, "the service compresses what pays, the proxy nothing"
    assert not packed.headers["etag"].startswith("W/")
    page = client.get("/graph/", headers={**HTML, "accept-encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"


def test_what_is_too_large_is_a_413_and_a_long_address_is_none(site: Site, client: httpx2.Client) -> None:
    long = f"ASK {{ ?s ?p '{'x' * 50_000}' }}"
    assert client.get("/graph/sparql", params={"query": long}).status_code == 200
    of_service = client.post("/graph/sparql", data={"query": f"ASK {{}} #{'x' * 1_100_000}"})
    assert of_service.status_code == 413
    assert of_service.headers["content-type"] == "application/problem+json"
    # Caddy passes on what it has of a body before it knows how long that is, and may find that the service hung up.
    refusals = {413} if site.proxy == "nginx" else {413, 502}
    assert client.post("/graph/sparql", data={"query": "x" * 4_000_000}).status_code in refusals


def test_metrics_are_for_the_host_itself(site: Site, client: httpx2.Client) -> None:
    assert client.get("/graph/health").status_code == 200
    assert client.get("/graph/metrics").status_code == 404
    assert httpx2.get(f"{site.service.url}metrics").status_code == 200


# Caddy has no such limit without a module of others.
@pytest.mark.parametrize("site", ["nginx"], indirect=True)
def test_who_asks_too_much_has_to_wait(site: Site) -> None:
    with site.client("127.0.0.4") as hasty, site.client("127.0.0.5") as other:
        assert 429 in {hasty.get("/graph/health").status_code for _ in range(200)}
        assert other.get("/graph/health").status_code == 200
