"""The blocks of docs/client.md run one after the other, and its tables are complete."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from graph_service import client
from graph_service.client.operations import Operations
from graph_service.client.requests import BaseRequest
from tests.conftest import ROOT
from tests.http.processes import Served

PAGE = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


# rdflib 7.6 uses what it calls deprecated itself.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_client_does_what_its_page_shows(service: Served, capsys: pytest.CaptureFixture[str]) -> None:
    known: dict[str, Any] = {}
    shown = []
    for text in BLOCKS:
        exec(compile(text.replace("http://localhost:8000", service.url.rstrip("/")), "client.md", "exec"), known)
        shown.append(capsys.readouterr().out)
    assert all(text.strip() for text in shown)
    digest = known["digest"]
    assert f"/edition/{digest}/api/positions?" in shown[3]
    assert "422 parameter A parameter is missing or wrong" in shown[5]
    assert "('spd', 'spd-sn')" in shown[5]
    known["client"].close()


def test_its_tables_name_every_method_and_every_exception() -> None:
    named = set(re.findall(r"\b(\w+)\b", " ".join(re.findall(r"`([^`\n]+)`", PAGE))))
    public = {
        name for kind in (Operations, BaseRequest) for name, _ in inspect.getmembers(kind) if not name.startswith("_")
    }
    assert public - named <= {"address", "follow"}
    exceptions = {
        name for name in client.__all__ if name.endswith(("Problem", "Large", "Missing", "Unreachable", "Error"))
    }
    assert exceptions <= named
