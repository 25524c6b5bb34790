"""A server on the loopback that answers as a language model does, well or badly, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What the server sends.

    Attributes:
        text: of the model, in the form of a completion; None sends `body` as it is.
        drip: send the body byte by byte until the client leaves.
    """

    text: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    drip: bool = False


@dataclass
class Asked:
    """A request: its path, its fields, and its body as JSON."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def question(self) -> str:
        return str(self.body["messages"][1]["content"])


Respond = Callable[[Asked], Answer]


@dataclass
class ModelServer:
    address: str
    asked: list[Asked]


@contextmanager
def serving(respond: Respond) -> Iterator[ModelServer]:
    asked: list[Asked] = []
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            request = Asked(self.path, {k.casefold(): v for k, v in self.headers.items()}, json.loads(content))
            asked.append(request)
            self._send(respond(request))

        def _send(self, answer: Answer) -> None:
            body = answer.body
            if answer.text is not None:
                body = json.dumps({"choices": [{"message": {"role": "assistant", "content": answer.text}}]}).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if not answer.drip:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not answer.drip:
                self.wfile.write(body)
                return
            try:
                while not ended.wait(0.02):
                    self.wfile.write(b" ")
                    self.wfile.flush()
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield ModelServer(f"http://127.0.0.1:{server.server_address[1]}", asked)
    finally:
        ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def positions(*found: Any) -> str:
    """An answer with these positions, of whatever form."""
    return json.dumps({"positions": list(found)}, ensure_ascii=False)
