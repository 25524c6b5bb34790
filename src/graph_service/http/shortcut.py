"""Cached answers before a request becomes a task: half of what a cached answer costs is the machinery it does not need.

Only for the plainest of requests: a GET that was asked in these very bytes before, whose fields are all known to change
nothing. Whatever is unusual takes the long way, which answers the same.
"""

from __future__ import annotations

import time

from graph_service.http import security
from graph_service.http.answers import Answers, fields_of
from graph_service.http.logs import AccessLog
from graph_service.http.metrics import Metrics

ROUTE = "/sparql"
# Fields that either do not matter here or are looked at below.
_KNOWN = frozenset(
    (
        b"host", b"accept", b"accept-encoding", b"accept-language", b"user-agent", b"connection", b"origin", b"referer",
        b"dnt", b"sec-fetch-dest", b"sec-fetch-mode", b"sec-fetch-site", b"priority", b"x-request-id",
    )
)  # fmt: skip


class Shortcut:
    """Answers what the cache holds.

    Args:
        answers: the cache, and what was understood of earlier requests.
        metrics: where requests are counted.
        log: where they leave a line.
        root_path: path below which a proxy serves us.
    """

    def __init__(self, answers: Answers, metrics: Metrics, log: AccessLog | None = None, root_path: str = "") -> None:
        self._answers = answers
        self._metrics = metrics
        self._log = log
        self._targets = {f"{root}{ROUTE}".encode() for root in ("", root_path.rstrip("/"))}

    def answer(self, url: bytes, fields: list[tuple[bytes, bytes]], client: str) -> bytes | None:
        """Fields and body of the answer, from behind the status line; None if the request has to go the long way."""
        started = time.perf_counter()
        target, _, query = url.partition(b"?")
        given = dict(fields)
        if target not in self._targets or len(given) != len(fields) or not given.keys() <= _KNOWN:
            return None
        key = (query, given.get(b"accept", b""), given.get(b"accept-encoding", b""))
        plan = self._answers.plans.get(key)
        if plan is None or not security.is_host(given.get(b"host", b"").decode("latin-1")):
            return None
        entry = self._answers.cache.get(plan.tag) if plan.tag in self._answers.cache else None
        if entry is None:
            return None
        request_id = security.request_id(given.get(b"x-request-id", b"").decode("latin-1"))
        described = (*entry.fields, *fields_of(plan), *security.fields_for(entry.fields[0][1]))
        lines = b"\r\n".join([name + b": " + value for name, value in described])
        self._note(request_id, client, len(entry.body), time.perf_counter() - started)
        return b"%b\r\nx-request-id: %b\r\n\r\n%b" % (lines, request_id.encode(), entry.body)

    def _note(self, request_id: str, client: str, size: int, seconds: float) -> None:
        self._metrics.observe(ROUTE, "GET", 200, seconds, size)
        if self._log is not None:
            self._log.exchange(request_id, client, "GET", ROUTE, 200, size, seconds)
