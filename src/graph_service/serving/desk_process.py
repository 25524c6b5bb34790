"""The process that edits: `python -m graph_service.serving.desk_process FD FORGE`, ends of two stream socket pairs.

At the first, the first line says what is built (`WorkshopOrder`). Then each request is a line and a body
(`editing.edit_request`), and each answer a line of JSON and the bytes of a file, if one was asked for; before the first
request comes `{"ready": true}`. At the second, keepers are asked for (`forge`). It ends when the other side hangs up.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import select
import signal
import socket
import sys

from graph_service.editing.edit_request import EditRequest
from graph_service.editing.editor import Editor
from graph_service.errors import GraphServiceError
from graph_service.serving.forge import Forge, limit_data
from graph_service.serving.workshop_order import WorkshopOrder
from graph_service.workers.wire import line

# What all of it may take: a million triples take 2 GB.
_MEMORY_BYTES = 8 << 30
# Seconds between two looks for keepers that have ended.
_REAP = 5.0


def main(descriptor: int, forging: int) -> None:
    """Read the order, then edit and fork."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_data(_MEMORY_BYTES)
    with socket.socket(fileno=descriptor) as control, socket.socket(fileno=forging) as asked:
        control.setblocking(True)
        asked.setblocking(True)
        with control.makefile("rb") as requests:
            order = WorkshopOrder.decode(json.loads(requests.readline()))
            editor, forge = Editor(order.build), Forge(order.routes, control, asked)
            # What cannot be built now, each edit says again.
            with contextlib.suppress(GraphServiceError, OSError):
                editor.prepare()
            _load(forge, editor)
            control.sendall(line({"ready": True}))
            while True:
                ready, _, _ = select.select([control, asked], [], [], _REAP)
                forge.reap()
                if asked in ready and not forge.answer(asked):
                    return
                if control in ready:
                    if not (head := requests.readline()):
                        return
                    request, length = EditRequest.decode(head)
                    answer = editor.answer(request, requests.read(length))
                    text: bytes = answer.pop("text", b"")
                    _load(forge, editor)
                    control.sendall(line({**answer, "length": len(text)}) + text)


def _load(forge: Forge, editor: Editor) -> None:
    """Have the forge fork over what was built last; without it, keepers load by themselves."""
    if editor.snapshot is not None:
        try:
            forge.load(editor.snapshot, editor.dataset)
        except GraphServiceError as error:
            logging.getLogger("graph_service.edits").error("routes", extra={"fields": {"reason": str(error)}})
    # What is loaded stays: the collector of a keeper need not look at it.
    gc.freeze()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
