"""`graph-service paper review` as a process of its own, over a shelf and a small graph on disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from graph_service.coding import draft_file
from graph_service.coding.paper_draft import PaperDraft
from graph_service.reading.paper import Paper
from graph_service.reading.shelf import Shelf
from tests.reviewing.papers import place

DEMAND = "Die Ausbildungsduldung muss großzügig erteilt werden."


@dataclass
class Reviewing:
    """A running review.

    Attributes:
        shelf: the directory of papers.
        snapshots: the directory of snapshots of the graph.
        paper: what is reviewed.
        address: as the command prints it, with the token.
        process: the command.
    """

    shelf: Shelf
    snapshots: Path
    paper: Paper
    address: str
    process: subprocess.Popen[str]

    @property
    def root(self) -> str:
        """The address without its token, and without a slash at the end."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    def draft(self) -> PaperDraft:
        """The draft on disk."""
        return draft_file.read(self.shelf, self.paper, "coder-1")

    @contextmanager
    def client(self) -> Iterator[httpx2.Client]:
        """A browser's HTTP: it has opened the address, and says where its requests come from."""
        with httpx2.Client(base_url=self.root, headers={"origin": self.root}, timeout=30) as client:
            assert client.get(self.address, follow_redirects=True).status_code == 200
            yield client

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def start(self) -> None:
        """Start it again."""
        self.process, self.address = _started(self.shelf, self.snapshots, self.paper)


@contextmanager
def reviewing(shelf: Shelf, snapshots: Path, paper: Paper) -> Iterator[Reviewing]:
    """A review of a paper that lies on a shelf."""
    process, address = _started(shelf, snapshots, paper)
    running = Reviewing(shelf, snapshots, paper, address, process)
    try:
        yield running
    finally:
        running.process.terminate()
        running.process.wait(timeout=30)
        assert running.process.stdout is not None
        running.process.stdout.close()


def _started(shelf: Shelf, snapshots: Path, paper: Paper) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "graph_service", "paper", "review", paper.name]
    command += ["--papers", str(shelf.directory), "--snapshots", str(snapshots)]
    log = shelf.directory.parent / "log"
    with log.open("a") as lines:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=lines, text=True, env=os.environ)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address, log.read_text()
    return process, address


def on_shelf(directory: Path, paper: Paper, draft: PaperDraft) -> Shelf:
    """A shelf with a paper and the draft of a coder."""
    shelf = Shelf(directory / "papers")
    shelf.write(paper)
    draft_file.change(shelf, paper, draft.coder, lambda _: draft)
    return shelf


def change(review: Reviewing, words: str = DEMAND, revision: int = 0, **codes: str) -> dict[str, Any]:
    """A position at these words."""
    ranges = [place(review.paper, words)]
    return {"revision": revision, "ranges": ranges, "codes": {column: [code] for column, code in codes.items()}}
