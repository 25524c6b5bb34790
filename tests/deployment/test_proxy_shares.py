"""Behind a real proxy: who leaves frees his worker, and each client has a share of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.deployment.conftest import Site
from tests.http.processes import wait_until

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 80000"


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
