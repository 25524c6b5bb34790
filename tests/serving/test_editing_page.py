"""The blocks of docs/editing.md run as they stand, one after the other, against the shipped data."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import pytest

from graph_service import importing
from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.coding import draft_file, draft_rows
from graph_service.importing import GivenRows, ImportOptions, ImportTarget
from graph_service.reading.shelf import Shelf
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from tests.commands.test_paper_to_page import coded_paper
from tests.conftest import ROOT
from tests.http.processes import free_port, wait_until

PAGE = (ROOT / "docs" / "editing.md").read_text(encoding="utf-8")
STANDS = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def directory(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A curator's directory, with tokens made as the page says."""
    place = tmp_path_factory.mktemp("curator")
    shutil.copytree(ROOT / "data", place / "data")
    (place / "docs").symlink_to(ROOT / "docs")
    shutil.copytree(shipped_snapshot.path.parent, place / "snapshots", symlinks=True)
    shell(place, blocks("sh")[0])
    return place


@pytest.fixture(scope="module")
def url(directory: Path) -> Iterator[str]:
    (serve,) = re.findall(r"^graph-service (serve .*)$", PAGE, re.MULTILINE)
    port = free_port()
    command = [sys.executable, "-m", "graph_service", *serve.split(), "--port", str(port), "--data", "data"]
    with (directory / "log").open("w") as log:
        process = subprocess.Popen([*command, "--workers", "1"], cwd=directory, stderr=log)
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return httpx2.get(f"{address}/health").status_code == 200
        except httpx2.TransportError:
            return False

    try:
        assert wait_until(answers, 120), (directory / "log").read_text()
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def shell(directory: Path, text: str) -> list[str]:
    """What the commands print, a line each."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "-euo", "pipefail", "-c", text]
    done = subprocess.run(
        command, cwd=directory, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_commands(directory: Path, url: str) -> None:
    paper = directory / "data" / "documents" / "li-pa.ttl"
    before = paper.read_bytes()
    said = "\n".join(shell(directory, "\necho\n".join(blocks("sh")[1:]).replace(STANDS, url)))
    dry, undone, sheet = (json.loads(line) for line in said.splitlines() if line.startswith("{"))
    done = json.loads((directory / "edit.json").read_text())
    assert dry["difference"]["added"] == dry["difference"]["removed"] > 0
    assert (dry["edit"], done["report"]) == ("", [])
    assert len({done["edition"], undone["edition"], sheet["edition"]}) == 3
    assert [one["name"] for one in undone["files"]] == ["documents/li-pa.ttl"]
    assert paper.read_bytes() == before
    assert any("musterpapier" in one["name"] for one in sheet["files"])
    (query,) = blocks("sparql")
    asked = httpx2.get(f"{url}/sparql", params={"query": query, "format": "csv"}, timeout=120).text
    assert "documents/li-pa.ttl,https://w3id.org/migration-policy/id/editor/editor-1,Wording of the paper" in asked
    check_list_of_edits(url, said, done, undone)
    check_pages(url)
    page = httpx2.get(f"{url}/page/edit/{done['edit']}", params={"lang": "de"}, timeout=120)
    assert "Bearbeitung von documents/li-pa.ttl" in page.text
    for edit in (done, undone):
        for lang in ("de", "en"):
            text = httpx2.get(f"{url}/page/edit/{edit['edit']}", params={"lang": lang}, timeout=120).text
            assert not re.search(r">\s*(prov|dcterms|schema|rdfs):\w+", text), "each term has a label"


def check_list_of_edits(url: str, said: str, done: dict[str, Any], undone: dict[str, Any]) -> None:
    """The list has both edits of the paper, and each names the other."""
    (file,) = done["files"]
    name = "https://w3id.org/migration-policy/id/edit/"
    rows = [line.split(",") for line in said.splitlines() if line.startswith(name)]
    assert [row[0].removeprefix(name) for row in rows] == [undone["edit"], done["edit"]]
    listed = httpx2.get(f"{url}/api/edits", timeout=120).json()["edits"]
    assert [one["started"] for one in listed] == sorted((one["started"] for one in listed), reverse=True)
    by_id = {one["id"].removeprefix(name): one for one in listed}
    first, second = by_id[done["edit"]], by_id[undone["edit"]]
    assert first["files"] == [{"file": file["name"], "before": file["before"], "after": file["after"]}]
    assert second["files"] == [{"file": file["name"], "before": file["after"], "after": file["before"]}]
    assert (first["editor"], first["reason"]) == ("editor-1", "Wording of the paper")
    assert (first["undone_by"], second["undoes"]) == (second["id"], first["id"])
    assert (first["undoes"], second["undone_by"]) == (None, None)
    sheet = next(one for one in listed if one["reason"] == "First paper")
    assert all(one["before"] is None and one["after"] for one in sheet["files"]), "they are new"
    day = first["started"][:10]
    for query, number in {f"since={day}": 3, f"until={day}": 3, "until=2020-01-01": 0, "editor=editor-1": 3}.items():
        assert len(httpx2.get(f"{url}/api/edits?{query}", timeout=120).json()["edits"]) == number, query
    assert httpx2.get(f"{url}/api/edits?file=documents/li-paa.ttl", timeout=120).status_code == 422


def check_pages(url: str) -> None:
    """The page of the paper leads to its edits, and these lead to the paper."""
    with httpx2.Client(base_url=url, timeout=120, headers={"accept": "text/html"}) as client:
        paper = client.get("/page/document/li-pa?lang=en").text
        link = "/changes?by=edit&amp;file=documents/li-pa.ttl&amp;lang=en"
        assert paper.count(f'href="{link}"') == 1
        listed = client.get(unescape(link)).text
        assert listed.count('<p id="edit-') == 2
        assert listed.count('href="/page/document/li-pa?lang=en"') == 2
        assert "by=edit" not in client.get("/page/document/paritaet-sachsen-migration-2019").text
        every = client.get("/changes?by=edit&lang=en").text
        assert every.count('<p id="edit-') == 3
        for one in ("First paper", "/page/document/musterpapier?lang=en"):
            assert one in every


def test_a_draft_goes_in_as_by_paper_import(
    directory: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    coded_paper()
    known: dict[str, Any] = {}
    exec(compile(blocks("python")[0], "editing.md", "exec"), known)
    put = (url, (directory / "token").read_text().strip(), "papers", "haende", "coder-1")
    settings = BuildSettings(data=(directory / "data",), snapshots=tmp_path / "snapshots")
    shelf = Shelf(Path("papers"))
    paper = shelf.read("haende")
    draft = draft_file.read(shelf, paper, "coder-1")
    rows = GivenRows(draft_rows.name_of(draft), draft_rows.rows(draft, paper))
    imported = tmp_path / "imported"
    report = importing.run("coding-sheet", rows, imported, ImportTarget.of(settings), ImportOptions(accept_new=True))
    done = known["put_draft"](*put, "Erste Kodierung")
    assert sorted(one["name"] for one in done["files"]) == list(report.written), done
    for name in report.written:
        assert (directory / "data" / name).read_bytes() == (imported / name).read_bytes()
    again = known["put_draft"](*put, "Noch einmal")
    assert (again["edit"], again["files"]) == ("", [])
    text = (tmp_path / "papers" / "haende" / "text.txt").read_text()
    with_other_text = Path("papers", "haende", "text.txt")
    with_other_text.write_text(text + "x")
    assert known["put_draft"](*put, "Anderer Text")["status"] == 422
    full = build(find_inputs(settings))
    assert httpx2.get(f"{url}/health", timeout=120).json()["digest"] == full.digest
