"""Places of nodes for a drawing: what is tied closely stands close, all of the frame is used, and no two nodes touch.

Forces (Fruchterman and Reingold 1991, as networkx computes them) from a seeded start give an order in both directions;
each node goes halfway to where this order alone would put it, which draws a dense middle apart. Then nodes that would
lie over each other push each other away. The same network always looks the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import TypeAlias

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from graph_service.networks.network import Edge

Size: TypeAlias = tuple[float, float]
Floats: TypeAlias = NDArray[np.float64]

_SEED = 1791
_ROUNDS = 60
_PUSHES = 120


def places(rooms: Mapping[str, Size], edges: Iterable[Edge], frame: Size) -> dict[str, tuple[float, float]]:
    """A place for the middle of each node, within the frame.

    Args:
        rooms: width and height that each node wants for itself; their order does not matter. Where the frame has not
            enough of it, nodes come close to each other.
        edges: between them; one below 0 draws nothing together.
        frame: width and height.
    """
    nodes = sorted(rooms)
    if not nodes:
        return {}
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_weighted_edges_from((a, b, sqrt(weight)) for a, b, weight in sorted(edges) if weight > 0)
    found = nx.spring_layout(graph, k=2.2 / sqrt(len(nodes)), iterations=_ROUNDS, seed=_SEED)
    sizes = np.array([rooms[node] for node in nodes], np.float64)
    low, high = sizes / 2, np.array(frame) - sizes / 2
    middles = low + _spread(np.array([found[node] for node in nodes], np.float64)) * (high - low)
    for _ in range(_PUSHES):
        push = _push(middles, sizes)
        if not push.any():
            break
        middles = np.clip(middles + push, low, high)
    return {node: (round(float(x), 1), round(float(y), 1)) for node, (x, y) in zip(nodes, middles, strict=True)}


def _spread(points: Floats) -> Floats:
    """Places from 0 to 1 in both directions, halfway between where forces and where the mere order put them."""
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    share = (points - low) / np.where(span > 0, span, 1.0)
    order = np.argsort(np.argsort(points, axis=0, kind="stable"), axis=0, kind="stable") / max(len(points) - 1, 1)
    spread: Floats = (share + order) / 2
    return spread


def _push(middles: Floats, sizes: Floats) -> Floats:
    """How far each node moves: half of what it overlaps with others, in the direction in which that is less."""
    near = np.ones((len(middles), len(middles)), np.bool_)
    for axis in range(2):
        spots, room = middles[:, axis], sizes[:, axis]
        near &= np.abs(spots[:, None] - spots) < (room[:, None] + room) / 2
    # Each pair once. Of two in the same place the later one goes to the right and down.
    first, second = np.nonzero(np.triu(near, 1))
    apart = middles[first] - middles[second]
    overlap = (sizes[first] + sizes[second]) / 2 - np.abs(apart)
    across = overlap.argmin(axis=1)
    pair = np.arange(len(across))
    step = np.where(apart[pair, across] > 0, 1, -1) * overlap[pair, across] / 2
    pushed: Floats = np.zeros_like(middles)
    np.add.at(pushed, (first, across), step)
    np.add.at(pushed, (second, across), -step)
    return pushed
