"""What `docs/publishing.md` says is so: every address in its table answers as it says."""

from __future__ import annotations

import re

import httpx2
import pytest

from graph_service.http.protocol.negotiation import HTML
from graph_service.rdf.formats import DATASETS, GRAPHS
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`/[^|]*) \|[^|]*\| (\d{3})", TEXT, re.MULTILINE)
ADDRESSES = [
    (address, int(status))
    for cell, status in ROWS
    for address in re.findall(r"`([^`]+)`", cell)
    if address.startswith("/")
]


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_addresses(client: httpx2.Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


def test_formats() -> None:
    assert len(ADDRESSES) > 10
    for offer in (*GRAPHS, *DATASETS, HTML):
        assert f"| `.{offer.extension}` | `{offer.name}` | `{offer.media_type}`" in TEXT
