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
    apart = middles[:, None] - middles[None]
    # Of two in the same place the later one goes to the right and down.
    later = np.sign(np.arange(len(middles))[:, None] - np.arange(len(middles))[None])[..., None]
    direction = np.where(apart == 0, later, np.sign(apart))
    overlap = (sizes[:, None] + sizes[None]) / 2 - np.abs(apart)
    overlap[np.any(overlap <= 0, axis=2)] = 0
    overlap[np.diag_indices(len(middles))] = 0
    less = overlap.argmin(axis=2)[..., None]
    step = np.where(np.arange(2) == less, overlap, 0)
    pushed: Floats = (direction * step).sum(axis=1) / 2
    return pushed
