"""The notebooks of docs/notebooks run from top to bottom against a real service; their figures are those of the API."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import nbformat
import pytest
import rdflib
from click.testing import CliRunner
from nbclient import NotebookClient

from graph_service.commands.cli import main
from graph_service.snapshots.snapshot import Snapshot
from tests.conftest import ROOT
from tests.http.processes import Served
from tests.http.servers import CLIENT_SECONDS

DIRECTORY = ROOT / "docs" / "notebooks"
ADDRESS = "http://localhost:8000"
CHOSEN = {"actor_kind": "party", "measure": "subtract", "normalisation": "average"}

pytestmark = pytest.mark.slow


def read(path: Path) -> nbformat.NotebookNode:
    text = path.read_text(encoding="utf-8")
    notebook: nbformat.NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def figures_of(name: str, service: Served, directory: Path) -> dict[str, Any]:
    """What the last cell of a notebook shows."""
    notebook = read(DIRECTORY / f"{name}.ipynb")
    for cell in notebook.cells:
        cell.source = cell.source.replace(ADDRESS, service.url.rstrip("/"))
    NotebookClient(
        notebook, timeout=CLIENT_SECONDS, kernel_name="python3", resources={"metadata": {"path": str(directory)}}
    ).execute()
    (shown,) = notebook.cells[-1].outputs
    figures: dict[str, Any] = ast.literal_eval(shown["data"]["text/plain"])
    return figures


def cited(visitor: httpx2.Client, source: str) -> httpx2.Response:
    """What the permanent address of a notebook answers."""
    digest = visitor.get("/health").json()["digest"]
    assert urlsplit(source).path.startswith(f"/edition/{digest}/")
    return visitor.get(source)


def test_they_are_stored_without_outputs() -> None:
    paths = sorted(DIRECTORY.glob("*.ipynb"))
    assert [path.stem for path in paths] == ["matrix", "network", "study"]
    for path in paths:
        notebook = read(path)
        nbformat.validate(notebook)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert not any(cell.outputs or cell.execution_count for cell in code)
        assert all(ADDRESS in cell.source for cell in code[:1])
        assert path.stat().st_size < 10_000


def test_the_matrix(service: Served, visitor: httpx2.Client, tmp_path: Path) -> None:
    figures = figures_of("matrix", service, tmp_path)
    matrix = cited(visitor, figures["source"]).json()
    counts = Counter(cell["status"] for cell in matrix["cells"])
    counts["not coded"] = len(matrix["actors"]) * len(matrix["propositions"]) - len(matrix["cells"])
    assert figures["statuses"] == counts
    camps = {one["id"]: (one["agrees"], one["disagrees"]) for one in matrix["propositions"]}
    assert figures["camps"] == {iri: camp for iri, camp in camps.items() if any(camp)}
    assert figures["most contested"] == max(map(min, camps.values())) > 1


def test_the_network_over_time(service: Served, visitor: httpx2.Client, tmp_path: Path) -> None:
    figures = figures_of("network", service, tmp_path)
    network = cited(visitor, figures.pop("source")).json()
    strongest = figures.pop("strongest")
    assert list(figures) == [window["midpoint"] for window in network["windows"]]
    for window in network["windows"]:
        weights = [edge["weight"] for edge in window["edges"]]
        shown = figures[window["midpoint"]]
        assert shown["parties"] == len(window["nodes"])
        assert shown["pairs that agree"] == sum(weight > 0 for weight in weights)
        assert shown["pairs that disagree"] == sum(weight < 0 for weight in weights)
    last = network["windows"][-1]
    a, b = (end.rpartition("/")[2] for end in strongest["ends"])
    days = {"since": last["since"], "until": last["until"]}
    reasons = visitor.get(f"/api/networks/actors/edges/{a}/{b}", params={**CHOSEN, **days}).json()
    assert strongest["weight"] == pytest.approx(reasons["weight"])
    assert strongest["sum of shares"] == pytest.approx(reasons["weight"])


def test_the_study(
    service: Served, visitor: httpx2.Client, tmp_path: Path, shipped_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = figures_of("study", service, tmp_path)
    positions = visitor.get("/api/positions?holder=spd&issue=asylum&limit=1000").json()["items"]
    assert figures["positions"] == len(positions) > 10
    assert figures["with a passage"] == len([one for one in positions if one["passage"]])
    assert figures["by agreement"] == Counter(one["agreement"] for one in positions)
    assert figures["by document"] == Counter(document["id"] for one in positions for document in one["document"])
    assert figures["edition"] == visitor.get("/health").json()["digest"]
    graph = rdflib.Graph().parse(data=cited(visitor, figures["source"]).content, format="turtle")
    assert len(set(graph.subjects(rdflib.RDF.type))) == len(positions)
    assert figures["certified triples"] == len(graph)
    # Verified as whoever has a copy of the edition does it, and found if something was changed.
    certificate = tmp_path / "study.certificate.json"
    monkeypatch.setenv("GRAPH_SERVICE_SNAPSHOTS", str(tmp_path / "none"))
    command = ["verify", str(certificate), "--snapshot", str(shipped_snapshot.path)]
    verified = CliRunner().invoke(main, command)
    assert (verified.exit_code, verified.output.splitlines()[0]) == (0, "equal"), verified.output
    content = json.loads(certificate.read_text())
    content["result"]["sha256"] = "0" * 64
    certificate.write_text(json.dumps(content))
    assert CliRunner().invoke(main, command).exit_code != 0


def test_the_readers_find_them() -> None:
    page = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
    for path in DIRECTORY.glob("*.ipynb"):
        assert re.search(rf"\]\(notebooks/{path.name}\)", page)
