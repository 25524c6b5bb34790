"""A service whose data are edited over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from graph_service.editing import tokens
from tests.editing.small import directory
from tests.http.processes import free_port, wait_until

FILE = "/edit/file/documents/a.ttl"
REASON = {"reason": "Seite 4 falsch gelesen"}
MOST_KB = 64


class Edited:
    """A service whose data are edited.

    Attributes:
        place: what it builds.
        tokens: of editor-1, who may write everything, and of editor-2, who may write documents.
        client: asks with the token of editor-1.

    Args:
        root: an empty directory.
        options: further ones of `serve`.
    """

    def __init__(self, root: Path, *options: str) -> None:
        self.root = root
        self.port = port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.place = directory(root)
        self.tokens = []
        for editor, patterns in (("editor-1", ["*"]), ("editor-2", ["documents/*"])):
            secret, token = tokens.made(editor, patterns)
            tokens.add(root / "tokens", token)
            self.tokens.append(secret)
        command = [sys.executable, "-m", "graph_service", "serve", "--port", str(port), "--edit-tokens", "tokens"]
        # Longer than clients wait: nothing ends by the limit of time.
        command += [
            "--edit-seconds",
            "600",
            "--edit-kb",
            str(MOST_KB),
            "--ontology",
            "ontology",
            "--data",
            "data",
            "--base",
            self.place.base,
        ]
        with (root / "log").open("w") as log:
            self.process = subprocess.Popen([*command, "--workers", "1", *options], cwd=root, stderr=log, stdout=log)
        self.client = self.as_editor(0)

    def as_editor(self, number: int) -> httpx2.Client:
        fields = {"authorization": f"Bearer {self.tokens[number]}"}
        return httpx2.Client(base_url=self.url, timeout=120, headers=fields)

    def lines(self, message: str) -> list[dict[str, str]]:
        """What the log says under a message."""
        said = [json.loads(line) for line in (self.root / "log").read_text().splitlines() if line.startswith("{")]
        return [line for line in said if line.get("message") == message]

    def answers(self) -> bool:
        try:
            return self.client.get("/health").status_code == 200
        except httpx2.TransportError:
            return False

    @property
    def digest(self) -> str:
        """Of the edition that answers."""
        return str(self.client.get("/health").json()["digest"])


@contextmanager
def edited_with(root: Path, *options: str) -> Iterator[Edited]:
    """One that answers; it ends afterwards."""
    service = Edited(root, *options)
    try:
        assert wait_until(service.answers), (service.root / "log").read_text()
        yield service
    finally:
        service.client.close()
        service.process.terminate()
        service.process.wait(timeout=60)
