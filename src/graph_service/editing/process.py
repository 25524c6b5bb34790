"""The process that edits: `python -m graph_service.editing.process FD`, where FD is one end of a stream socket pair.

The first line that arrives says what is built. Then each request is a line and a body (`request`), and each answer a
line of JSON; before the first request comes `{"ready": true}`. It ends when the other side hangs up.
"""

from __future__ import annotations

import contextlib
import gc
import json
import resource
import signal
import socket
import sys

from graph_service.editing.editor import Editor
from graph_service.editing.request import EditRequest
from graph_service.errors import GraphServiceError
from graph_service.settings import BuildSettings
from graph_service.workers.wire import line

# What all of it may take: a million triples take 2 GB.
_MEMORY_BYTES = 8 << 30


def main(descriptor: int) -> None:
    """Read the order, then edit."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
    with socket.socket(fileno=descriptor) as control:
        control.setblocking(True)
        with control.makefile("rb") as asked:
            editor = Editor(BuildSettings.decode(json.loads(asked.readline())))
            # What cannot be built now, each edit says again.
            with contextlib.suppress(GraphServiceError, OSError):
                editor.prepare()
            gc.freeze()
            control.sendall(line({"ready": True}))
            while head := asked.readline():
                request, length = EditRequest.decode(head)
                control.sendall(line(editor.answer(request, asked.read(length))))


if __name__ == "__main__":
    main(int(sys.argv[1]))
