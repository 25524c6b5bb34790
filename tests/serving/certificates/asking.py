"""Asking for certificates, forging them, and verifying them by the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
from click.testing import CliRunner, Result

from graph_service.commands.cli import main
from graph_service.http.protocol.certificates import CERTIFICATE
from graph_service.snapshots import sealed

BASE = "https://w3id.org/migration-policy/"
SPD = f"<{BASE}id/actor/spd>"
PARTIES = f"SELECT ?party WHERE {{ ?party <http://purl.org/dc/terms/type> <{BASE}id/actor-kind/party> }}"
NOTHING = "SELECT ?s WHERE { ?s <urn:x-unknown> ?o }"


def certified(client: httpx2.Client, address: str, **params: str) -> dict[str, Any]:
    answer = client.get(address, params={**params, "certificate": ""})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == CERTIFICATE.media_type
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    found: dict[str, Any] = answer.json()
    return found


def resealed(certificate: dict[str, Any]) -> dict[str, Any]:
    """A forger knows how to seal."""
    content = {name: value for name, value in certificate.items() if name != "sha256"}
    found: dict[str, Any] = json.loads(sealed.sealed(content))
    return found


def run(tmp_path: Path, content: object, *options: str | Path) -> Result:
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(content))
    return CliRunner().invoke(main, ["verify", str(file), "--snapshots", str(tmp_path), *map(str, options)])
