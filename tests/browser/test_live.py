"""`serve --live` in a browser: what is saved is on the page, what is broken is said there, a killed workshop heals."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from graph_service.building.inputs import query_files
from graph_service.errors import SettingsError
from graph_service.serving.live import Live
from graph_service.settings import BuildSettings, ServeSettings
from tests.browser.chromium import WIDE, Visitor
from tests.http.processes import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ONTOLOGY = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://data.example/Thing> a <http://www.w3.org/2002/07/owl#Class> ; rdfs:label "Thing"@en .
"""
DATA = """
<http://data.example/id/thing/a> a <http://data.example/Thing> ; <http://www.w3.org/2000/01/rdf-schema#label> "{}"@en .
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "model.ttl").write_text(ONTOLOGY, encoding="utf-8")
    (tmp_path / "things.ttl").write_text(DATA.format("First"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def live(directory: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], Path]]:
    """Address, process and log of a service."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "graph_service", "serve", "--live", "--port", str(port), "--workers", "1"]
    command += ["--base", "http://data.example/", "--ontology", str(directory / "model.ttl")]
    command += ["--data", str(directory / "things.ttl"), "--snapshots", str(directory / "snapshots")]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log)
    try:
        said = directory / "log"
        assert wait_until(lambda: "http://127.0.0.1" in said.read_text()), said.read_text()
        yield f"http://127.0.0.1:{port}", process, directory / "log"
    finally:
        process.terminate()
        process.wait(30)


def children(pid: int) -> list[int]:
    """The children of a process."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_what_is_saved_is_on_the_page(
    browser: Browser, directory: Path, live: tuple[str, subprocess.Popen[bytes], Path]
) -> None:
    url, process, log = live
    things = directory / "things.ttl"
    with browser.new_context(viewport=WIDE) as context:  # type: ignore[arg-type]
        visitor = Visitor(context.new_page(), url)
        page = visitor.visit("/page/thing/a?lang=en")
        heading, notice = page.locator("h1"), page.locator("pre.refused")
        assert "First" in heading.inner_text()

        things.write_text(DATA.format("Second"), encoding="utf-8")
        page.locator("h1", has_text="Second").wait_for()

        things.write_text(DATA.format("Third") + "broken", encoding="utf-8")
        notice.wait_for()
        assert "things.ttl:3" in notice.inner_text()
        assert "things.ttl:3" in log.read_text()
        assert "Second" in heading.inner_text(), "the last good edition"
        page.reload()
        notice.wait_for()

        workshop = children(process.pid)[0]
        os.kill(workshop, signal.SIGKILL)
        assert "Second" in httpx2.get(f"{url}/page/thing/a?lang=en").text
        things.write_text(DATA.format("Third"), encoding="utf-8")
        page.locator("h1", has_text="Third").wait_for(timeout=60_000)
        assert not notice.count()
        assert workshop not in children(process.pid)
        assert not visitor.complaints
        assert not visitor.strangers
    current = (directory / "snapshots" / "current").readlink().name
    process.terminate()
    assert process.wait(30) in (0, -signal.SIGTERM)
    whole = [sys.executable, "-m", "graph_service", "build", "--base", "http://data.example/"]
    whole += ["--ontology", str(directory / "model.ttl"), "--data", str(things)]
    whole += ["--snapshots", str(directory / "whole")]
    assert subprocess.run(whole, check=True, capture_output=True, text=True).stdout.strip().endswith(current)


def test_only_the_loopback_is_live(directory: Path) -> None:
    build = BuildSettings(snapshots=directory)
    with pytest.raises(SettingsError, match=r"does not listen on 0\.0\.0\.0"):
        Live.of(ServeSettings(host="0.0.0.0"), build, query_files(build), print)
