"""Networks written down: node-link JSON, GraphML, GEXF, CSV matrix, edge list and node list.

All formats carry every node and edge; JSON, GraphML and GEXF also every attribute with its type. The same network
gives the same bytes: nodes and edges in order, numbers in their shortest exact spelling, no time of writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from graph_service.errors import ParameterError
from graph_service.networks.formats import gexf, graphml, node_link, tables
from graph_service.networks.network import Network
from graph_service.rdf.formats import NETWORKS, Format

__all__ = ["FORMATS", "NetworkFormat", "by_name", "write"]


@dataclass(frozen=True)
class NetworkFormat:
    """One serialisation of a network.

    Attributes:
        format: its name, media type and extension; all are UTF-8.
        pieces: the text of a network in pieces.
    """

    format: Format
    pieces: Callable[[Network], Iterator[str]]

    @property
    def name(self) -> str:
        """The short name that `?format=` takes."""
        return self.format.name


_WRITERS: dict[str, Callable[[Network], Iterator[str]]] = {
    "json": node_link.pieces,
    "graphml": graphml.pieces,
    "gexf": gexf.pieces,
    **{name: partial(tables.csv, name) for name in tables.ROWS},
}
FORMATS = tuple(NetworkFormat(known, _WRITERS[known.name]) for known in NETWORKS)


def by_name(name: str) -> NetworkFormat:
    """The format of a short name.

    Raises:
        ParameterError: there is none.
    """
    for known in FORMATS:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in FORMATS)
    raise ParameterError(f"A network has no format {name[:40]!r}.", hint=f"Choose from {names}.")


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
