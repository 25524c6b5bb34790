"""Who is let in to edit: the holder of a token, in the field `Authorization` (RFC 6750, section 2.1), over TLS.

There are no cookies, and a page of another origin is refused, so no browser edits for somebody who did not ask for it.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress

from graph_service.editing.tokens import Token, find
from graph_service.errors import GraphServiceError
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import Request

_log = logging.getLogger("graph_service.edits")
# Wrong tokens of one address within so many seconds; clients that are remembered.
_WRONG, _SECONDS, _CLIENTS = 10, 60.0, 10_000
_CHALLENGE = (b"www-authenticate", b'Bearer realm="edit"')


class Admission:
    """Lets holders of tokens in.

    Args:
        tokens: reads them, at each request: one that is taken out of the file ends at once.
    """

    def __init__(self, tokens: Callable[[], Sequence[Token]]) -> None:
        self._tokens = tokens
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    def admit(self, request: Request) -> Token:
        """The token of a request.

        Raises:
            RequestError: 401, there is none or a wrong one; 403, the request is of another site, or not over TLS; 429,
                there were too many wrong ones; 503, the file of tokens cannot be read.
        """
        _refuse_other_sites(request)
        _require_tls(request)
        self._refuse_guessing(request.client)
        scheme, _, presented = request.field(b"authorization").partition(" ")
        if scheme.lower() != "bearer" or not presented:
            raise RequestError(
                401, "Editing needs a token.", hint="Send it as “Authorization: Bearer TOKEN”.", fields=(_CHALLENGE,)
            )
        try:
            token = find(self._tokens(), presented.strip())
        except GraphServiceError as error:
            _log.error("tokens cannot be read", extra={"fields": {"reason": str(error)}})
            raise RequestError(503, "Nobody can edit at the moment.", hint="The log says why.") from error
        if token is None:
            self._note(request.client)
            _log.warning("wrong token", extra={"fields": {"client": request.client, **_id(request)}})
            fields = ((b"www-authenticate", _CHALLENGE[1] + b', error="invalid_token"'),)
            raise RequestError(401, "This token is not known.", hint="Ask the publisher for one.", fields=fields)
        return token

    def _refuse_guessing(self, client: str) -> None:
        recent = [one for one in self._wrong.get(client, ()) if one > time.monotonic() - _SECONDS]
        if len(recent) >= _WRONG:
            wait = max(1, round(recent[0] + _SECONDS - time.monotonic()))
            fields = ((b"retry-after", str(wait).encode()),)
            raise RequestError(429, f"There were {_WRONG} wrong tokens.", hint=f"Wait {wait} s.", fields=fields)
        self._wrong.pop(client, None)
        if recent:
            self._wrong[client] = recent

    def _note(self, client: str) -> None:
        self._wrong.setdefault(client, []).append(time.monotonic())
        self._wrong.move_to_end(client)
        while len(self._wrong) > _CLIENTS:
            self._wrong.popitem(last=False)


def _refuse_other_sites(request: Request) -> None:
    """Refuse what a page of another origin sends (Fetch standard, section 3.2; Fetch Metadata, section 2.4)."""
    origin, site = request.field(b"origin"), request.field(b"sec-fetch-site")
    if (origin and origin != request.site) or site in ("cross-site", "same-site"):
        raise RequestError(403, "Pages of other sites may not edit.", hint="Edit by a program, or from this site.")


def _require_tls(request: Request) -> None:
    """A token that went over a network in plain text is everybody's."""
    with suppress(ValueError):
        if request.scope["scheme"] == "https" or ipaddress.ip_address(request.client).is_loopback:
            return
    hint = "Use https. Behind a proxy, name it with --trusted-proxies and pass X-Forwarded-Proto on."
    raise RequestError(403, "Tokens go over TLS only.", hint=hint)


def _id(request: Request) -> dict[str, str]:
    return {"request_id": request.scope.get("request_id", "")}
