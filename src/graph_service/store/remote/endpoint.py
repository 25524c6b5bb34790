"""Requests to a SPARQL 1.1 endpoint of another server, and the connection they go over.

SPARQLWrapper writes the request of a query (SPARQL 1.1 Protocol, section 2.1). It is not sent by it: its `query()`
opens a connection for each request, knows no time limit but that of one wait, and lets no other thread end it. So the
request goes over a kept connection that `cut` ends from any thread and at any moment, however slowly bytes drip.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from typing import BinaryIO, cast
from urllib.parse import unquote, urlsplit

from SPARQLWrapper import POST, SPARQLWrapper

from graph_service.errors import EndpointError, SettingsError
from graph_service.workers.limits import QueueFull

_CONNECT_SECONDS = 5.0
_AGENT = "graph-service"
_PAUSE = 0.5
_REPEATED = (b"x-sparql-default-graph:", b"x-sparql-named-graph:")


@dataclass(frozen=True)
class Address:
    """Where an endpoint is, and as whom to speak to it.

    Attributes:
        url: http or https, without user and password.
        user, password: empty if it is asked without.
    """

    url: str
    user: str = ""
    password: str = ""

    @classmethod
    def parse(cls, url: str) -> Address:
        """An address such as `https://user:password@host:port/sparql`.

        Raises:
            SettingsError: it is no such URL.
        """
        try:
            parts = urlsplit(url)
            valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            valid = False
        if not valid:
            raise SettingsError("The endpoint is no URL.", hint="Write it as http://host:port/path.")
        bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()
        return cls(bare, unquote(parts.username or ""), unquote(parts.password or ""))

    def beside(self, url: str) -> Address:
        """Another URL; user and password go along only to the same server."""
        other = self.parse(url)
        if other.user or urlsplit(other.url).netloc != urlsplit(self.url).netloc:
            return other
        return Address(other.url, self.user, self.password)


class _Asking(SPARQLWrapper):
    """The library's request, which it otherwise keeps to itself."""

    def request(self) -> urllib.request.Request:
        return self._createRequest()


def query_request(
    address: Address, text: str, accept: str, graphs: Mapping[str, Sequence[str]]
) -> urllib.request.Request:
    """The request for a query: a form by POST, so that neither query nor list of graphs is too long for a URL.

    Args:
        address: of the endpoint.
        text: the query.
        accept: media types.
        graphs: IRIs by parameter of the protocol, `default-graph-uri` and `named-graph-uri`.
    """
    asking = _Asking(address.url, agent=_AGENT)
    asking.setOnlyConneg(True)
    asking.setMethod(POST)
    # Its way to find the form of a query warns of what it does not know, and the form is known here.
    asking.queryType, asking.queryString = "SELECT", text
    for name, iris in graphs.items():
        for iri in iris:
            asking.addParameter(name, iri)
    asking.addCustomHttpHeader("Accept", accept)
    return asking.request()


class _Head:
    """The head of an answer without the fields in which Virtuoso repeats each graph of the request.

    `http.client` reads a hundred fields at most.
    """

    def __init__(self, lines: BinaryIO) -> None:
        self._lines = lines

    def readline(self, limit: int = -1) -> bytes:
        """The next line that is no such field."""
        while (line := self._lines.readline(limit)).lower().startswith(_REPEATED):
            continue
        return line


class _Response(http.client.HTTPResponse):
    def begin(self) -> None:
        """Read the head."""
        lines = self.fp
        self.fp = cast(io.BufferedReader, _Head(lines))
        try:
            super().begin()
        finally:
            self.fp = lines


class Connection:
    """One kept connection to a server; used by one thread at a time, and cut by any."""

    def __init__(self, address: Address) -> None:
        self.address = address
        parts = urlsplit(address.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=_CONNECT_SECONDS)
        self._connection.response_class = _Response
        # Of its own: an answer that ends with the connection takes the socket out of `http.client`'s.
        self._socket: socket.socket | None = None
        self._cut = threading.Event()
        manager = urllib.request.HTTPPasswordMgrWithPriorAuth()
        manager.add_password(None, address.url, address.user, address.password, is_authenticated=True)
        self._digest = urllib.request.HTTPDigestAuthHandler(manager)
        self._basic = urllib.request.HTTPBasicAuthHandler(manager)

    def ask(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """Send a request until it is answered; 429 and 503 are asked again when they say, or after a pause.

        Raises:
            EndpointError: there is no server, it ended the connection, or it does not let us in.
            Busy: the connection was cut while the server was busy.
        """
        pause = _PAUSE
        while True:
            response = self._authenticated(request, self._exchange(request))
            if response.status not in (429, 503):
                return response
            wait = _retry_after(response.getheader("retry-after")) or pause
            self.reset()
            pause = min(2 * pause, 10.0)
            if self._cut.wait(wait):
                raise QueueFull("The store is busy.", retry_after=wait, hint="Ask again a little later.")

    def cut(self) -> None:
        """End whatever goes on, from any thread; it fails there at once. `reopen` makes it usable again."""
        self._cut.set()
        connected = self._socket
        if connected is not None:
            try:
                connected.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def reopen(self) -> None:
        """After a cut: the next request connects anew."""
        self.reset()
        self._cut.clear()

    def reset(self) -> None:
        """Close the connection: what was read of it was not all."""
        self._connection.close()

    def _exchange(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        """Send once; once more if the server had closed the kept connection in the meantime."""
        kept = self._connection.sock is not None
        try:
            return self._send(request)
        except (ConnectionError, http.client.CannotSendRequest):
            self.reset()
            if not kept or self._cut.is_set():
                raise _unreachable() from None
        except (OSError, http.client.HTTPException):
            self.reset()
            raise _unreachable() from None
        try:
            return self._send(request)
        except (OSError, http.client.HTTPException):
            self.reset()
            raise _unreachable() from None

    def _send(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        connection = self._connection
        if connection.sock is None:
            connection.timeout = _CONNECT_SECONDS
            connection.connect()
            opened = self._socket = cast(socket.socket, connection.sock)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.settimeout(None)  # the whole has a limit of its own, which cuts
        if self._cut.is_set():
            raise ConnectionAbortedError
        fields = {**request.headers, **request.unredirected_hdrs}
        connection.request(request.get_method(), request.selector, request.data, fields)
        return connection.getresponse()

    def _authenticated(
        self, request: urllib.request.Request, response: http.client.HTTPResponse
    ) -> http.client.HTTPResponse:
        """Answer the challenge of a server that asks who we are (RFC 7616, RFC 7617)."""
        scheme, _, rest = (response.getheader("www-authenticate") or "").partition(" ")
        if response.status != 401 or not self.address.user:
            return response
        response.read()
        if scheme.lower() == "digest":
            challenge = urllib.request.parse_keqv_list(list(urllib.request.parse_http_list(rest)))
            credentials = self._digest.get_authorization(request, challenge)
            request.add_unredirected_header("Authorization", f"Digest {credentials}")
        else:
            self._basic.http_request(request)
        return self._exchange(request)


def _retry_after(value: str | None) -> float:
    """Seconds that `Retry-After` asks to wait: a number or a date (RFC 9110, section 10.2.3); 0 if it says nothing."""
    if not value:
        return 0.0
    try:
        return max(0.0, float(value) if value.strip().isdigit() else parsedate_to_datetime(value).timestamp() - time())
    except (ValueError, TypeError):
        return 0.0


def _unreachable() -> EndpointError:
    return EndpointError(
        "The store cannot be reached.", hint="Whoever runs the service: see that its endpoint answers."
    )
