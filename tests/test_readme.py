"""The README's own commands, run as they stand against a server of their own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_service.snapshots.snapshot import Snapshot
from tests.conftest import ROOT

SHOWN = "http://127.0.0.1:8000"
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Blocks marked `sh` are run; unmarked ones are shown (make serve would not return).
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def environment(snapshots: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "GRAPH_SERVICE_SNAPSHOTS": str(snapshots)}


@pytest.fixture(scope="module")
def snapshots(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for snapshots as whoever has served the graph before has it."""
    directory = tmp_path_factory.mktemp("readme") / "snapshots"
    shutil.copytree(shipped_snapshot.path.parent, directory, symlinks=True)
    return directory


@pytest.fixture(scope="module")
def served(snapshots: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "graph_service", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(snapshots), stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"{address}/health", server)
            yield address
        finally:
            server.terminate()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within two minutes")


def test_the_readme_has_commands() -> None:
    assert len(BLOCKS) >= 3
    assert all(SHOWN in block or "graph-service" in block for block in BLOCKS)


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS)
def test_a_command_of_the_readme_works(block: str, served: str, snapshots: Path) -> None:
    script = "set -e\n" + block.replace(SHOWN, served).replace("--snapshots snapshots", "")
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment(snapshots), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 1 or "build" in block
    assert '"status"' not in done.stdout


def test_the_start_page_is_what_the_readme_says(served: str) -> None:
    def read(path: str) -> str:
        with urllib.request.urlopen(f"{served}{path}", timeout=10) as page:
            return str(page.read().decode())

    assert "/questions?lang=en" in read("/?lang=en")
    assert "goals-of-a-document" in read("/questions?lang=en")


def test_every_file_that_the_readme_names_exists() -> None:
    for name in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_every_file_that_a_page_of_the_documentation_links_to_exists(page: Path) -> None:
    for name in re.findall(r"\]\((?!http|mailto:)([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / name).exists(), name


def test_the_index_leads_to_every_page_of_the_documentation() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "index.md" or f"({page.name})" in index, page.name


def test_every_module_that_developers_are_told_of_exists() -> None:
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("docs/architecture.md", "CONTRIBUTING.md"))
    package = ROOT / "src" / "graph_service"
    named = re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.(?:py|rules))`", text)
    assert len(named) > 40
    for name in named:
        assert (package / name).exists() or (ROOT / name).exists(), name


def test_the_readme_says_what_each_library_is_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (one for extra in project["optional-dependencies"].values() for one in extra)
    required = {re.split(r"[\[<>=]", one)[0].lower() for one in (*project["dependencies"], *extras)}
    _, _, rest = README.partition("| library | what it does here |\n")
    rows = rest.partition("\n\n")[0].splitlines()[1:]
    told = {name for row in rows for name in re.split(r",? | \(.*", row.split("|")[1].strip().lower())}
    assert required <= told
