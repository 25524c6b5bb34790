"""Links: whether the web addresses in the data still answer.

Each address is asked once, by HEAD (RFC 9110, section 9.3.2), or by GET where a server refuses that; no body is read.
The check is bounded: a few requests at a time, one time limit for an address and one for all. What has no answer
by then is reported as such and is no fault of the data. Only 404 and 410 are.
"""

from __future__ import annotations

import http.client
import queue
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

_AGENT = "graph-service check --links"
_GONE = (404, 410)
_NO_HEAD = (403, 405, 501)
_MOVED = (301, 308)


class LinkState(StrEnum):
    """What came of asking an address."""

    ANSWERS = "answers"
    MOVED = "moved"
    GONE = "gone"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NOT_ASKED = "not asked in time"


@dataclass(frozen=True)
class LinkLimits:
    """Bounds of the check.

    Attributes:
        seconds: how long to wait for a server to go on with one answer.
        whole: seconds for the whole check.
        at_once: requests at a time.
    """

    seconds: float = 10.0
    whole: float = 600.0
    at_once: int = 4


@dataclass(frozen=True)
class LinkFinding:
    """One address, what links to it, and what came of asking."""

    address: str
    subject: str
    state: LinkState
    detail: str = ""

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.subject}: {self.address} {self.state}{detail}."


def check(rows: Iterable[Mapping[str, str]], limits: LinkLimits | None = None) -> list[LinkFinding]:
    """Ask each address.

    Args:
        rows: `address` and `subject`, as `queries/evidence/links.rq` gives them.
        limits: bounds; see `LinkLimits`.

    Returns:
        A finding for each row, in their order.
    """
    limits = limits or LinkLimits()
    wanted = [(row["address"], row["subject"]) for row in rows]
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, LinkFinding]] = queue.SimpleQueue()
    for number in range(len(wanted)):
        waiting.put(number)

    def work() -> None:
        while True:
            try:
                number = waiting.get_nowait()
            except queue.Empty:
                return
            address, subject = wanted[number]
            done.put((number, LinkFinding(address, subject, *_ask(address, limits.seconds))))

    # Daemons: a server that drips its head byte by byte holds a thread, but not the command.
    for _ in range(min(limits.at_once, len(wanted))):
        threading.Thread(target=work, daemon=True).start()
    found: dict[int, LinkFinding] = {}
    end = time.monotonic() + limits.whole
    while len(found) < len(wanted):
        try:
            number, finding = done.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        found[number] = finding
    return [found.get(n, LinkFinding(*wanted[n], LinkState.NOT_ASKED)) for n in range(len(wanted))]


def summary(findings: Sequence[LinkFinding]) -> str:
    """How many addresses came to what, a line."""
    counts = (f"{sum(one.state is state for one in findings)} {state}" for state in LinkState)
    return f"{len(findings)} links: " + ", ".join(counts)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, ten at most, and remembers where a permanent one leads."""

    def __init__(self) -> None:
        self.moved_to = ""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """The next request (RFC 9110, section 15.4)."""
        if code in _MOVED:
            self.moved_to = newurl
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _ask(address: str, seconds: float) -> tuple[LinkState, str]:
    try:
        code, moved_to = _status(address, "HEAD", seconds)
        if code in _NO_HEAD:
            code, moved_to = _status(address, "GET", seconds)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return LinkState.UNREACHABLE, " ".join(str(error).split()) or type(error).__name__
    if code in _GONE:
        return LinkState.GONE, str(code)
    if code >= 300:  # a redirect is left only where it leads round in circles, or away from http
        return LinkState.REFUSED, str(code)
    return (LinkState.MOVED, f"to {moved_to}") if moved_to else (LinkState.ANSWERS, "")


def _status(address: str, method: str, seconds: float) -> tuple[int, str]:
    """The status code of an address, and where a permanent redirect led."""
    redirects = _Redirects()
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
        redirects,
    ):
        opener.add_handler(handler)
    request = urllib.request.Request(address, method=method, headers={"User-Agent": _AGENT})  # noqa: S310 - the opener knows http and https only
    try:
        with opener.open(request, timeout=seconds) as answer:
            return answer.status, redirects.moved_to
    except urllib.error.HTTPError as error:
        with error:
            return error.code, redirects.moved_to
