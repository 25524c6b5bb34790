"""Behind a real proxy with our example file, all that the service promises holds below `/graph/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx2
import pytest

from graph_service.snapshots.snapshot import Snapshot
from tests.deployment.proxies import PROXIES, is_installed, running_proxy
from tests.http.processes import Served, served, wait_until

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 80000"
HTML = {"accept": "text/html,*/*;q=0.8"}
LINKS = re.compile(r'\b(?:href|src|action)="([^"#]+)')


@dataclass
class Site:
    """A proxy and the service behind it."""

    proxy: str
    address: str
    service: Served

    def client(self, source: str = "127.0.0.2") -> httpx2.Client:
        """A client with an address of its own, which is no trusted proxy's."""
        transport = httpx2.HTTPTransport(local_address=source)
        fields = {"accept-encoding": "identity"}
        return httpx2.Client(transport=transport, base_url=self.address, timeout=30, headers=fields)

    def running(self) -> float:
        """Queries that workers are at."""
        return self.service.metric("store_running")


@pytest.fixture(scope="module")
def service(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("service") / "log"
    proxies, path = ["127.0.0.1"], "/graph"
    with served(
        shipped_snapshot.path, log=log, root_path=path, trusted_proxies=proxies, workers=1, seconds=3.0
    ) as service:
        yield service


@pytest.fixture(scope="module", params=PROXIES)
def site(request: pytest.FixtureRequest, service: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if not is_installed(request.param):
        pytest.skip(f"{request.param} is not installed")
    at = tmp_path_factory.mktemp(request.param)
    with running_proxy(request.param, at, f"127.0.0.1:{service.port}") as address:
        yield Site(request.param, address, service)


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


@pytest.mark.alone
def test_answers_stream_and_who_leaves_ends_his_query(site: Site) -> None:
    assert wait_until(lambda: site.running() == 0)
    with site.client() as client, client.stream("GET", "/graph/sparql", params={"query": LARGE}) as answer:
        assert answer.status_code == 200
        pieces = answer.iter_raw()
        next(pieces)
        assert not wait_until(lambda: site.running() == 0, 1.5), "the proxy takes no more of it, since nobody reads"
    assert wait_until(lambda: site.running() == 0, 20), "long before the time limit for slow readers"


@pytest.mark.alone
def test_the_client_behind_the_proxy_gets_his_fair_share(site: Site) -> None:
    def ask(number: int) -> int:
        fields = {"x-forwarded-for": f"198.51.100.{number}"}
        query = {"query": f"{ENDLESS} # {site.proxy} {number}"}
        with site.client("127.0.0.2") as client:
            return client.get("/graph/sparql", params=query, headers=fields).status_code

    with ThreadPoolExecutor(3) as pool, site.client("127.0.0.3") as other:
        jobs = [pool.submit(ask, number) for number in range(3)]
        assert wait_until(lambda: site.running() == 1 and site.service.metric("store_waiting") == 2)
        assert other.get("/graph/sparql", params={"query": f"ASK {{}} # {site.proxy}"}).status_code == 200
        assert not all(job.done() for job in jobs), "one client, whatever it claims, holds no more than its share"
        for job in jobs:
            assert job.result() == 504


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
