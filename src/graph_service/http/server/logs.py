"""Structured logs: one JSON object a line, with request ids and without query texts.

A query can reveal what its author works on, so query texts are logged only if the settings ask for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

# Seconds for which access lines are collected before they are written: writing each by itself costs as much as
# answering from the cache.
TOGETHER = 0.25
_encode = json.JSONEncoder(default=str).encode


class JSONFormatter(logging.Formatter):
    """Time (UTC, RFC 3339), level, logger, message, and the fields given by `extra={"fields": {…}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; line breaks inside values are escaped, so nobody can forge a second one."""
        line: dict[str, object] = {
            "time": _timestamp(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return _encode(line)


class AccessLog:
    """One line for each request.

    Args:
        write: takes some whole lines.
        queries: whether query strings are written too.
    """

    def __init__(self, write: Callable[[str], object], *, queries: bool = False) -> None:
        self.queries = queries
        self._write = write
        self._lines: list[str] = []
        self._second, self._prefix = 0, ""

    def note(self, fields: dict[str, Any]) -> None:
        """Write a line, together with those of the next `TOGETHER` seconds."""
        if not self._lines:
            asyncio.get_running_loop().call_later(TOGETHER, self.flush)
        now = time.time()
        if int(now) != self._second:
            self._second, self._prefix = int(now), _timestamp(int(now))[:19]
        rest = _encode(fields)[1:]
        head = f'"time": "{self._prefix}.{int(now % 1 * 1000):03d}Z", "level": "INFO", "logger": "graph_service.access"'
        self._lines.append(f"{{{head}, {rest}\n")

    def exchange(
        self, request_id: str, client: str, method: str, route: str, status: int, size: int, seconds: float, **more: Any
    ) -> None:
        """Write the line of a request that was answered."""
        fields = {"request_id": request_id, "client": client, "method": method, "route": route, "status": status}
        self.note({**fields, "bytes": size, "ms": round(seconds * 1000, 2), **more})

    def flush(self) -> None:
        """Write what waits."""
        if self._lines:
            lines = "".join(self._lines)
            self._lines.clear()
            self._write(lines)


def configure() -> None:
    """Send the logs of this package, and warnings of the server, to standard error; replaces what was set up before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JSONFormatter())
    for name, level in (("graph_service", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level)


def _timestamp(seconds: float) -> str:
    """RFC 3339, UTC, to the millisecond."""
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds % 1 * 1000):03d}Z"
