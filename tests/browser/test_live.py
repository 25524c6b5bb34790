"""`serve --live` in a browser: what is saved is on the page, what is broken is said there, a killed workshop heals."""

from __future__ import annotations

import os
import re
import shutil
import signal
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
from tests.conftest import ROOT
from tests.http.live import LiveService, served_live

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ONTOLOGY = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://data.example/Thing> a <http://www.w3.org/2002/07/owl#Class> ; rdfs:label "Thing"@en .
"""
DATA = """
<http://data.example/id/thing/a> a <http://data.example/Thing> ; <http://www.w3.org/2000/01/rdf-schema#label> "{}"@en .
"""
PAGES = '[en]\ntitle = "{}"\n'


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "model.ttl").write_text(ONTOLOGY, encoding="utf-8")
    (tmp_path / "things.ttl").write_text(DATA.format("First"), encoding="utf-8")
    (tmp_path / "pages.toml").write_text(PAGES.format("Things"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def live(directory: Path) -> Iterator[LiveService]:
    options = ["--base", "http://data.example/", "--ontology", str(directory / "model.ttl")]
    options += ["--data", str(directory / "things.ttl"), "--pages", str(directory / "pages.toml")]
    with served_live(directory, options) as found:
        yield found


def test_what_is_saved_is_on_the_page(browser: Browser, directory: Path, live: LiveService) -> None:
    url, process, log = live.url, live.process, live.log
    things = directory / "things.ttl"
    with browser.new_context(viewport=WIDE) as context:  # type: ignore[arg-type]
        visitor = Visitor(context.new_page(), url)
        page = visitor.visit("/page/thing/a?lang=en")
        heading, notice = page.locator("h1"), page.locator("pre.refused")
        assert "First" in heading.inner_text()

        things.write_text(DATA.format("Second"), encoding="utf-8")
        page.locator("h1", has_text="Second").wait_for()

        # What pages are made with is watched, too: the data stay as they are.
        (directory / "pages.toml").write_text(PAGES.format("Things of ours"), encoding="utf-8")
        page.locator("header", has_text="Things of ours").wait_for()
        assert "Second" in heading.inner_text()
        (directory / "pages.toml").write_text('[en]\ntitel = "x"\n', encoding="utf-8")
        notice.wait_for()
        assert "Did you mean title" in notice.inner_text()
        (directory / "pages.toml").write_text(PAGES.format("Things of ours"), encoding="utf-8")
        notice.wait_for(state="detached")

        things.write_text(DATA.format("Third") + "broken", encoding="utf-8")
        notice.wait_for()
        assert "things.ttl:3" in notice.inner_text()
        assert "things.ttl:3" in log.read_text()
        assert "Second" in heading.inner_text(), "the last good edition"
        page.reload()
        notice.wait_for()

        workshop = live.below()[0]
        os.kill(workshop, signal.SIGKILL)
        assert "Second" in httpx2.get(f"{url}/page/thing/a?lang=en").text
        things.write_text(DATA.format("Third"), encoding="utf-8")
        page.locator("h1", has_text="Third").wait_for(timeout=60_000)
        assert not notice.count()
        assert workshop not in live.below()
        assert not visitor.complaints
        assert not visitor.strangers
    current = (directory / "snapshots" / "current").readlink().name
    process.terminate()
    assert process.wait(30) in (0, -signal.SIGTERM)
    whole = [sys.executable, "-m", "graph_service", "build", "--base", "http://data.example/"]
    whole += ["--ontology", str(directory / "model.ttl"), "--data", str(things)]
    whole += ["--snapshots", str(directory / "whole")]
    assert subprocess.run(whole, check=True, capture_output=True, text=True).stdout.strip().endswith(current)


def test_an_edit_of_the_shipped_graph_is_on_the_page(browser: Browser, tmp_path: Path) -> None:
    """`make bench-rebuilding` says how long that takes."""
    options: list[str] = []
    for name in ("data", "ontology", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
        options += [f"--{name}", str(tmp_path / name)]
    file = tmp_path / "data" / "documents" / "programme-spd-2025.ttl"
    text = file.read_text(encoding="utf-8")
    title = re.search(r'dcterms:title "([^"]+)"@de', text)
    assert title is not None
    with served_live(tmp_path, options) as live, browser.new_context(viewport=WIDE) as context:  # type: ignore[arg-type]
        visitor = Visitor(context.new_page(), live.url)
        page = visitor.visit("/page/document/programme-spd-2025?lang=de")
        for edited in ("Neuer Titel", "Noch einer"):
            file.write_text(text.replace(title[0], f'dcterms:title "{edited}"@de', 1), encoding="utf-8")
            page.locator("h1", has_text=edited).wait_for()
        # A statement about another thing, and then one that no shape lets pass.
        file.write_text(f'{text}\nactor:spd skos:altLabel "Die Rosen"@de .', encoding="utf-8")
        page.locator("h1", has_text=title[1]).wait_for()
        file.write_text(f"{text}\nactor:spd mp:unheardOf 1 .", encoding="utf-8")
        page.locator("pre.refused", has_text="mp:unheardOf").wait_for()
        assert "mp:unheardOf" in live.log.read_text()
        assert title[1] in page.locator("h1").inner_text()
        assert not visitor.complaints


def test_only_the_loopback_is_live(directory: Path) -> None:
    build = BuildSettings(snapshots=directory)
    with pytest.raises(SettingsError, match=r"does not listen on 0\.0\.0\.0"):
        Live.of(ServeSettings(host="0.0.0.0"), build, query_files(build), print)
