"""Writing whole graphs into a remote store, by either of the two standards that stores offer for it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterable
from typing import Protocol
from urllib.parse import quote

from graph_service.errors import EndpointError
from graph_service.store.remote.endpoint import Address, Connection, query_request

_EXCERPT_BYTES = 300


class GraphWriter(Protocol):
    """Changes graphs of a store. Terms are IRIs without brackets, triples are lines of N-Triples."""

    def add(self, graph: str, triples: Iterable[str]) -> None:
        """Add triples to a graph, which comes to be if it is not there.

        Raises:
            EndpointError: the store did not take them.
        """
        ...

    def drop(self, graph: str) -> None:
        """Remove a graph, if it is there.

        Raises:
            EndpointError: the store did not do it.
        """
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


class ByGraphStoreProtocol:
    """SPARQL 1.1 Graph Store HTTP Protocol, graphs named indirectly (section 4.2)."""

    def __init__(self, address: Address) -> None:
        self._connection = Connection(address)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.reset()

    def add(self, graph: str, triples: Iterable[str]) -> None:
        """POST (section 5.5)."""
        request = self._request("POST", graph, "".join(triples).encode())
        # N-Triples are Turtle, which is what every store reads; Virtuoso does not know their own media type here.
        request.add_header("Content-Type", "text/turtle")
        _send(self._connection, request)

    def drop(self, graph: str) -> None:
        """DELETE (section 5.4)."""
        _send(self._connection, self._request("DELETE", graph), absent=404)

    def _request(self, method: str, graph: str, body: bytes | None = None) -> urllib.request.Request:
        address = self._connection.address.url
        mark = "&" if "?" in address else "?"
        return _request(f"{address}{mark}graph={quote(graph, safe='')}", method, body)


class ByUpdate:
    """SPARQL 1.1 Update by POST of the text itself (SPARQL 1.1 Protocol, section 2.2.2)."""

    def __init__(self, address: Address) -> None:
        self._connection = Connection(address)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.reset()

    def add(self, graph: str, triples: Iterable[str]) -> None:
        """INSERT DATA (section 3.1.1)."""
        self._run(f"INSERT DATA {{ GRAPH <{graph}> {{\n{''.join(triples)}}} }}")

    def drop(self, graph: str) -> None:
        """DROP SILENT (section 3.2.2)."""
        self._run(f"DROP SILENT GRAPH <{graph}>")

    def _run(self, text: str) -> None:
        request = _request(self._connection.address.url, "POST", text.encode())
        request.add_header("Content-Type", "application/sparql-update")
        _send(self._connection, request)


class Reader:
    """Small questions about a store, in the calling thread."""

    def __init__(self, address: Address) -> None:
        self._connection = Connection(address)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.reset()

    def rows(self, text: str) -> list[dict[str, str]]:
        """The rows of a SELECT: plain value by variable.

        Raises:
            EndpointError: it was not answered.
        """
        request = query_request(self._connection.address, text, "application/sparql-results+json", {})
        body = _send(self._connection, request)
        try:
            rows = json.loads(body)["results"]["bindings"]
            return [{name: term["value"] for name, term in row.items()} for row in rows]
        except (ValueError, LookupError, TypeError, AttributeError):
            raise EndpointError(
                "This is not a SPARQL endpoint.", hint="Give the address that answers queries."
            ) from None


def _request(url: str, method: str, body: bytes | None) -> urllib.request.Request:
    return urllib.request.Request(url, data=body, method=method)  # noqa: S310 - Address.parse lets http(s) pass only


def _send(connection: Connection, request: urllib.request.Request, absent: int = 0) -> bytes:
    response = connection.ask(request)
    body = response.read()
    if response.status // 100 == 2 or response.status == absent:
        return body
    excerpt = " ".join(body[:_EXCERPT_BYTES].decode("utf-8", "replace").split())
    raise EndpointError(
        f"The store answered {response.status} to {request.get_method()} {connection.address.url}: {excerpt}"
    )
