"""Pages of the shipped graph, so that what is shown can be held against what is answered."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest

from graph_service.catalogue.queries import Catalogue
from graph_service.catalogue.query_files import QueryFiles
from tests.http.linked_data.conftest import own, own_server, own_snapshot
from tests.snapshot_servers import QUERIES

__all__ = ["own", "own_server", "own_snapshot"]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The named queries."""
    return Catalogue(QueryFiles((QUERIES,)))


def whole(client: httpx2.Client, path: str, **given: Any) -> str:
    """The HTML of all pages of a list in English, found by their links."""
    found = [page(client, path, **given)]
    while further := re.findall(r'<a rel="next" href="([^"]+)"', found[-1]):
        found.append(client.get(html.unescape(further[0])).text)
    return "\n".join(found)


def page(client: httpx2.Client, path: str, **given: Any) -> str:
    """The HTML of a page in English."""
    answer = client.get(path, params={"lang": "en", **given})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def names(entry: str, thing: Mapping[str, Any], text: str) -> bool:
    """Whether a part of a page names a thing, by its label or by the number under which the page names it once."""
    path = thing["id"].rpartition("/id/")[2]
    notes = (
        f'id="note-{number}"><b>{number}</b> <a href="/page/{path}?' for number in re.findall("#note-([0-9]+)", entry)
    )
    return html.escape(thing["label"]) in entry or any(note in text for note in notes)
