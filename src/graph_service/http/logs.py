"""Structured logs: one JSON object a line, with request ids and without query texts.

A query can tell what its author works on, so texts are written at level DEBUG only, which has to be asked for.
"""

from __future__ import annotations

import json
import logging
import sys
import time

# The name under which each request leaves one line.
ACCESS = "graph_service.access"


class JSONFormatter(logging.Formatter):
    """Time (UTC, RFC 3339), level, logger, message, and the fields given by `extra={"fields": {…}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; line breaks inside values are escaped, so nobody can forge a second one."""
        seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, object] = {
            "time": f"{seconds}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


def configure(level: int | str = logging.INFO) -> None:
    """Send the logs of this package and of the server to standard error, replacing what was set up before."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JSONFormatter())
    for name in ("graph_service", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level)
