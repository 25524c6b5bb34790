"""Node-link JSON, as networkx, D3 and most dashboards read it: `{"graph": …, "nodes": […], "edges": […]}`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from graph_service.networks.formats.attributes import edges, of_network, of_nodes
from graph_service.networks.network import Network


def pieces(network: Network) -> Iterator[str]:
    """The text in pieces: one node and one edge a line; `edges` have `source`, `target` and `weight`."""
    yield '{"directed":false,"multigraph":false,"graph":'
    yield _json(of_network(network))
    yield ',\n"nodes":['
    yield from _listed({"id": node, **attributes} for node, attributes in of_nodes(network))
    yield '],\n"edges":['
    named = ({"source": source, "target": target, "weight": number} for source, target, number in edges(network))
    yield from _listed(named)
    yield "]}\n"


def _listed(values: Iterator[Any]) -> Iterator[str]:
    before = "\n"
    for value in values:
        yield before + _json(value)
        before = ",\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
