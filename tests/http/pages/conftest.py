"""Pages of the shipped graph, so that what is shown can be held against what is answered."""

from __future__ import annotations

from typing import Any

import httpx2

from tests.http.linked_data.conftest import own, own_server, own_snapshot

__all__ = ["own", "own_server", "own_snapshot"]


def page(client: httpx2.Client, path: str, **given: Any) -> str:
    """The HTML of a page in English."""
    answer = client.get(path, params={"lang": "en", **given})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text
