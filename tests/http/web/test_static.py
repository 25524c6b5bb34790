"""The files of the pages, over HTTP."""

from __future__ import annotations

import gzip

import httpx2
import pytest

from graph_service.http import web

CSS = "/static/site.css"


@pytest.mark.parametrize(("path", "kind"), [(CSS, "text/css; charset=utf-8"), ("/static/icon.svg", "image/svg+xml")])
def test_files_have_types_validators_and_codings(client: httpx2.Client, path: str, kind: str) -> None:
    content = (web.STATIC / path.removeprefix("/static/")).read_bytes()
    plain = client.get(path)
    assert (plain.content, plain.headers["content-type"], plain.headers["cache-control"]) == (
        content,
        kind,
        "public, no-cache",
    )
    assert client.head(path).headers["etag"] == plain.headers["etag"]
    again = client.get(path, headers={"if-none-match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as coded:
        raw = b"".join(coded.iter_raw())
    if coded.headers.get("content-encoding") == "gzip":
        assert len(raw) < len(content) / 2
        raw = gzip.decompress(raw)
    assert raw == content


def test_scripts_with_a_version_are_kept(client: httpx2.Client) -> None:
    files = web.vendored().values()
    if not files:
        pytest.skip("no third-party script was fetched: make setup does")
    for name in files:
        assert "immutable" in client.head(f"/static/vendor/{name}").headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/static/", "/static/vendor", "/static/none.css", "/static/%2e%2e/__init__.py", "/static/%00"]
)
def test_nothing_else_is_there(client: httpx2.Client, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(CSS).status_code == 405
