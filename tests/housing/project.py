"""The housing project: made by `graph-service init`, then filled with data of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

HERE = Path(__file__).parent
BASE = "https://houses.example/"
OLD = "http://old.example/houses/"
TITLE, PUBLISHER = "Houses & homes", "The town & its homes"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 4 4 0l4 4v4H0z" fill="#7a1f4b"/></svg>'


def make(directory: Path) -> Path:
    """The project in a new directory; its settings are those of `init` and a second namespace."""
    command("init", str(directory), "--base", BASE, "--title", TITLE)
    for folder, own in (("data", "*.ttl"), ("ontology", "*.ttl"), ("queries", "*.rq")):
        for file in (directory / folder).glob(own):
            file.unlink()
        for file in (HERE / folder).glob(own):
            shutil.copy(file, directory / folder)
    (directory / "queries" / "pages" / "building.rq").unlink()
    shutil.copy(HERE / "queries" / "pages" / "house.rq", directory / "queries" / "pages")
    (directory / "templates" / "building.html").unlink()
    shutil.copy(HERE / "templates" / "house.html", directory / "templates")
    pages = directory / "pages.toml"
    pages.write_text(pages.read_text().replace('"def#Building" = "building"', '"def#House" = "house"'))
    with (directory / "graph-service.toml").open("a") as settings:
        settings.write(f'namespace = ["{OLD}"]\nlogo = "logo.svg"\npublisher = "{PUBLISHER}"\naccent = "#7a1f4b"\n')
    (directory / "logo.svg").write_text(LOGO)
    return directory


def command(*arguments: str, project: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What a command answers that is run in the directory of the project.

    Raises:
        AssertionError: it fails.
    """
    line = [sys.executable, "-m", "graph_service", *arguments]
    done = subprocess.run(line, cwd=project, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


@contextmanager
def served(project: Path, *options: str) -> Iterator[httpx2.Client]:
    """A client of the service that `graph-service serve` starts in the directory of the project."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "graph_service", "serve", "--port", str(port), *options]
    with (project / "log").open("w") as log:
        process = subprocess.Popen(line, cwd=project, stderr=log)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
            wait(client, process, project / "log")
            yield client
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait(client: httpx2.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until a server answers.

    Raises:
        AssertionError: it has ended.
    """
    for _ in range(1200):
        assert process.poll() is None, log.read_text()
        try:
            client.get("/health")
        except httpx2.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the service did not answer within two minutes")
