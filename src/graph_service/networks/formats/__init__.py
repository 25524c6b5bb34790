"""Networks written down: node-link JSON, GraphML, GEXF, CSV matrix, edge list and node list.

All formats carry every node and edge; JSON, GraphML and GEXF also every attribute with its type. The same network
gives the same bytes: nodes and edges in order, numbers in their shortest exact spelling, no time of writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graph_service.errors import ParameterError
from graph_service.networks.formats import gexf, graphml, node_link, tables
from graph_service.networks.network import Network

__all__ = ["FORMATS", "NetworkFormat", "by_name", "write"]


@dataclass(frozen=True)
class NetworkFormat:
    """One serialisation of a network.

    Attributes:
        name: the short name that `?format=` takes.
        media_type: what is sent as `Content-Type`; all are UTF-8.
        extension: of files, without dot.
        pieces: the text of a network in pieces.
    """

    name: str
    media_type: str
    extension: str
    pieces: Callable[[Network], Iterator[str]]


FORMATS = (
    NetworkFormat("json", "application/json", "json", node_link.pieces),
    NetworkFormat("graphml", "application/graphml+xml", "graphml", graphml.pieces),
    NetworkFormat("gexf", "application/gexf+xml", "gexf", gexf.pieces),
    NetworkFormat("matrix", "text/csv", "csv", tables.matrix),
    NetworkFormat("edges", "text/csv", "csv", tables.edges),
    NetworkFormat("nodes", "text/csv", "csv", tables.nodes),
)


def by_name(name: str) -> NetworkFormat:
    """The format of a short name.

    Raises:
        ParameterError: there is none.
    """
    for known in FORMATS:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in FORMATS)
    raise ParameterError(f"A network has no format {name[:40]!r}.", mend=f"Choose from {names}.")


def write(network: Network, name: str) -> Iterator[bytes]:
    """A network in a format, as UTF-8 in pieces of some 64 kB.

    Raises:
        ParameterError: there is no such format.
    """
    return _encoded(by_name(name).pieces(network))


def _encoded(pieces: Iterator[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= 65_536:
            yield "".join(held).encode()
            held, size = [], 0
    if held:
        yield "".join(held).encode()
