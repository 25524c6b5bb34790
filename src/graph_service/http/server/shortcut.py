"""Cached answers before a request becomes a task, which would cost as much again.

Only for a GET that came in the same bytes before and whose header fields are all known not to matter. Every other
request goes through the application, which gives the same answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from graph_service.http.protocol import security
from graph_service.http.protocol.answers import Answers, CachedRoute
from graph_service.http.protocol.metrics import Metrics
from graph_service.http.server.logs import AccessLog

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
        answers: of the edition in use: the cache, and what was understood of earlier requests.
        metrics: where requests are counted.
        log: where they leave a line.
        root_path: path below which a proxy serves us.
    """

    def __init__(
        self, answers: Callable[[], Answers], metrics: Metrics, log: AccessLog | None = None, root_path: str = ""
    ) -> None:
        self._answers = answers
        self._metrics = metrics
        self._log = log
        self._targets = {f"{root}{ROUTE}".encode() for root in ("", root_path.rstrip("/"))}

    def answer(self, url: bytes, fields: list[tuple[bytes, bytes]], client: str) -> bytes | None:
        """Fields and body of the answer, without the status line; None if the application has to answer."""
        started = time.perf_counter()
        given = dict(fields)
        if len(given) != len(fields) or not given.keys() <= _KNOWN:
            return None
        answers = self._answers()
        ready = self._ready(answers, url, given)
        if ready is None or not security.is_host(given.get(b"host", b"").decode("latin-1")):
            return None
        entry = answers.cache.get(ready.tag) if ready.tag in answers.cache else None
        if entry is None:
            return None
        request_id = security.request_id(given.get(b"x-request-id", b"").decode("latin-1"))
        described = security.secured((*entry.fields, *ready.fields))
        lines = b"\r\n".join([name + b": " + value for name, value in described])
        self._note(ready.route, request_id, client, len(entry.body), time.perf_counter() - started)
        return b"%b\r\nx-request-id: %b\r\n\r\n%b" % (lines, request_id.encode(), entry.body)

    def _ready(self, answers: Answers, url: bytes, given: dict[bytes, bytes]) -> CachedRoute | None:
        """The route that an earlier request in these bytes led to."""
        target, _, query = url.partition(b"?")
        accept, coding = given.get(b"accept", b""), given.get(b"accept-encoding", b"")
        if target in self._targets:
            plan = answers.plans.get((query, accept, coding))
            if plan is not None:
                about = plan.representation
                return CachedRoute("", about.tag, about.cache_fields(), ROUTE)
        known = (url, accept, coding, given.get(b"accept-language", b""), given.get(b"host", b""))
        ready = answers.routes.get(known)
        if ready is None or ready.digest != answers.store.digest:
            return None
        return ready if ready.holds is None or ready.holds() else None

    def _note(self, route: str, request_id: str, client: str, size: int, seconds: float) -> None:
        self._metrics.observe(route, "GET", 200, seconds, size)
        if self._log is not None:
            self._log.exchange(request_id, client, "GET", route, 200, size, seconds)
