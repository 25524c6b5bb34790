"""Places of nodes for a drawing: what is tied closely stands close, and the same network always looks the same.

Each component is laid out for itself by forces (Fruchterman and Reingold 1991, as networkx computes it) from a seeded
start; components then stand in rows, the largest first, so that none drifts away from the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt

import networkx as nx

from graph_service.networks.network import Edge

_SEED = 1791
_ROUNDS = 60
# Room of a component is that of its nodes; even a lone one has some. In widths of a node.
_ROOM = 2.4


def places(nodes: Sequence[str], edges: Iterable[Edge]) -> dict[str, tuple[float, float]]:
    """A place for each node, x and y at least 0, in widths of a node.

    Args:
        nodes: all of them; their order does not matter.
        edges: between them; one below 0 draws nothing together.
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(nodes))
    graph.add_weighted_edges_from((a, b, weight) for a, b, weight in sorted(edges) if weight > 0)
    components = sorted((sorted(one) for one in nx.connected_components(graph)), key=lambda one: (-len(one), one))
    sizes = [_ROOM * sqrt(len(one)) for one in components]
    width = max([*sizes[:1], sqrt(sum(size * size for size in sizes))], default=0.0) * 1.2
    found: dict[str, tuple[float, float]] = {}
    x = y = height = 0.0
    for component, size in zip(components, sizes, strict=True):
        if x and x + size > width:
            x, y, height = 0.0, y + height, 0.0
        for name, (left, top) in _within(graph, component, size).items():
            found[name] = (x + left, y + top)
        x, height = x + size, max(height, size)
    return found


def _within(graph: nx.Graph[str], component: Sequence[str], size: float) -> dict[str, tuple[float, float]]:
    """Places of the nodes of one component in a square of this size."""
    if len(component) == 1:
        return {component[0]: (size / 2, size / 2)}
    part: nx.Graph[str] = nx.Graph()
    part.add_nodes_from(component)
    part.add_weighted_edges_from(
        (a, b, sqrt(weight)) for a, b, weight in graph.subgraph(component).edges.data("weight")
    )
    found = nx.spring_layout(part, k=2.2 / sqrt(len(component)), iterations=_ROUNDS, seed=_SEED)
    spread = size - _ROOM / 2
    lows = [min(place[axis] for place in found.values()) for axis in (0, 1)]
    spans = [max(place[axis] for place in found.values()) - lows[axis] or 1.0 for axis in (0, 1)]
    margin = _ROOM / 4
    return {
        name: (
            margin + spread * float((place[0] - lows[0]) / spans[0]),
            margin + spread * float((place[1] - lows[1]) / spans[1]),
        )
        for name, place in found.items()
    }
