"""Who gets into the review page: whoever has its token, from this machine alone."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from graph_service.coding import draft_file
from tests.reviewing.processes import Reviewing, change


def test_only_the_address_with_its_token_opens_the_page(review: Reviewing) -> None:
    with httpx2.Client(base_url=review.root) as stranger:
        for path in ("/", "/paper", "/draft", "/static/main.js", "/site/site.css", "/?token=guessed", "/draft?token=x"):
            assert stranger.get(path).status_code == 403, path
        answer = stranger.get(review.address)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert stranger.get("/").status_code == 200


def test_it_listens_on_the_loopback_alone(review: Reviewing) -> None:
    assert urlsplit(review.root).hostname == "127.0.0.1"
    port = urlsplit(review.root).port
    sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    listening = [socket[1] for socket in sockets if socket[3] == "0A"]
    assert [address for address in listening if int(address.split(":")[1], 16) == port] == [f"0100007F:{port:04X}"]


def test_a_name_that_points_here_is_no_way_in(review: Reviewing) -> None:
    """DNS rebinding: the browser asks another host's name, which leads to this machine."""
    with review.client() as client:
        for host in ("evil.example", f"evil.example:{urlsplit(review.root).port}", "127.0.0.1"):
            assert client.get("/draft", headers={"host": host}).status_code == 421, host
        assert client.get("/draft", headers={"host": f"localhost:{urlsplit(review.root).port}"}).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_page_changes_nothing(review: Reviewing, fields: dict[str, str]) -> None:
    with review.client() as client:
        assert client.put("/positions/p9", json=change(review), headers=fields).status_code == 403
        client.headers.pop("origin")
        assert client.put("/positions/p9", json=change(review)).status_code == 403
    assert review.draft().position("p9") is None


def test_a_body_is_json_and_small(review: Reviewing) -> None:
    with review.client() as client:
        text = json.dumps(change(review))
        assert client.put("/positions/p9", content=text, headers={"content-type": "text/plain"}).status_code == 415
        large = client.put("/positions/p9", json={"note": "x" * 1_000_001})
        assert large.status_code == 413

        def pieces() -> Any:
            yield text.encode()

        unmeasured = client.put("/positions/p9", content=pieces(), headers={"content-type": "application/json"})
        assert unmeasured.status_code == 411


def test_answers_carry_the_policy(review: Reviewing) -> None:
    with review.client() as client:
        for path in ("/", "/draft", "/static/main.js"):
            fields = client.get(path).headers
            assert "script-src 'self'" in fields["content-security-policy"]
            assert "unsafe" not in fields["content-security-policy"]
            assert fields["cross-origin-resource-policy"] == "same-origin"
            assert fields["x-content-type-options"] == "nosniff"
            assert "access-control-allow-origin" not in fields


def test_the_token_is_the_curators_alone(review: Reviewing) -> None:
    kept = review.shelf.path(review.paper.name, ".coder-1.review")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert draft_file.coders(review.shelf, review.paper.name) == ["coder-1"]
