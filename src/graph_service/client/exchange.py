"""One exchange: a request, its conditions, its repetitions, and an answer or a problem.

Follows RFC 9110: conditional requests (section 13) and Retry-After (section 10.2.3).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count

from graph_service.client.cache import Cache
from graph_service.client.errors import problem_of
from graph_service.client.flow import Flow, Received, Send, Wait

# Statuses that say "come back later" (RFC 6585, section 4; RFC 9110, section 15.6.4).
_LATER = (429, 503)
# Seconds. A service that says nothing gets twice the time with each repetition; one that wants more than the longest
# wait has its problem raised at once.
_FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0


def exchange(send: Send, cache: Cache, retries: int) -> Flow[Received]:
    """Send a request until it is answered.

    Args:
        send: the request.
        cache: of answers to GET.
        retries: how often a busy service is asked again.

    Raises:
        Problem: the service answered with an error.
    """
    kept = cache.get(send.address) if send.body is None else None
    if kept is not None:
        send = replace(send, fields={**send.fields, "if-none-match": kept.fields["etag"]})
    for repetition in count():
        received = yield send
        if received.status == 304 and kept is not None:
            return kept
        if received.status < 400:
            break
        retry_after = _retry_after(received) if received.status in _LATER else None
        wait = _FIRST_WAIT * 2**repetition if retry_after is None else retry_after
        if received.status not in _LATER or repetition >= retries or wait > LONGEST_WAIT:
            raise problem_of(received.status, received.fields.get("content-type", ""), received.content, retry_after)
        yield Wait(wait)
    if send.body is None:
        cache.put(send.address, received)
    return received


def _retry_after(received: Received) -> float | None:
    """Seconds, from seconds or from a date; None where nothing usable is said."""
    text = received.fields.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
