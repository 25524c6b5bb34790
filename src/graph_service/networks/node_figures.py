"""Figures of nodes: degrees, centralities and communities, the latter two from networkx.

Degree and strength count all edges. Communities and centralities see the edges with a positive number only: a
conflict is no path. PageRank and communities weigh edges by their numbers, betweenness counts steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import networkx as nx
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from graph_service.errors import LimitExceeded, ParameterError
from graph_service.network_choices import CHEAP, Figure
from graph_service.networks.network import Attribute, Network
from graph_service.networks.table.coded_column import words

MOST_EDGES = 200_000
BETWEENNESS_STEPS = 2_000_000
SEED = 1
_DECIMALS = 12


def with_figures(network: Network, figures: Iterable[Figure | str] = tuple(Figure)) -> Network:
    """The network with figures as attributes of its nodes.

    - `kind` (string): `actor`, `concept`, or what an affiliation is with.
    - `statements` (integer): how many statements of the node were counted.
    - `degree` (integer), `strength` (number): edges, and the sum of their numbers.
    - `community` (integer): from 0, the largest first; Louvain's method with a fixed seed.
    - `pagerank` (number): damping 0.85.
    - `betweenness` (number): share of shortest paths; exact while nodes × (nodes + edges) ≤ 2 million, beyond
      that estimated from as many nodes as this allows, which the note `betweenness_pivots` then says.

    Args:
        network: any.
        figures: which; the first four cost next to nothing.

    Raises:
        ParameterError: there is no such figure.
        LimitExceeded: communities or centralities are asked for more than `MOST_EDGES` edges.
    """
    wanted = [_figure(name) for name in figures]
    if network.edge_count > MOST_EDGES and set(wanted) - set(CHEAP):
        raise LimitExceeded(
            f"Communities and centralities are computed for at most {MOST_EDGES:,} edges, not {network.edge_count:,}.",
            hint="Ask for a minimum weight or for a number of strongest edges.",
        )
    adjacency = network.whole()
    computed: dict[str, Attribute] = {}
    for figure in wanted:
        computed[figure.value] = _of_network(network, figure) if figure in _OF_NETWORK else _OF_GRAPH[figure](adjacency)
    pivots = _pivots(adjacency) if Figure.BETWEENNESS in wanted else None
    return network.with_attributes(computed, **({} if pivots is None else {"betweenness_pivots": pivots}))


def _figure(name: Figure | str) -> Figure:
    try:
        return Figure(name)
    except ValueError as error:
        hint = f"Choose from {', '.join(Figure)}."
        raise ParameterError(f"There is no figure {str(name)[:40]!r}.", hint=hint) from error


def _of_network(network: Network, figure: Figure) -> Attribute:
    statements, (ours, theirs) = network.statements, network.kinds
    columns = [(statements.concept if ours == "concept" else statements.actor, network.rows)]
    if not network.is_one_mode:
        columns.append((statements.concept, network.columns))
    if figure is Figure.KIND:
        return words(kind for kind, (_, names) in zip((ours, theirs), columns, strict=False) for _ in names)
    counted = []
    for column, names in columns:
        counts = np.bincount(column.codes, minlength=len(column.words))
        counted.append(counts[np.searchsorted(column.words, names)] if len(names) else counts[:0])
    return np.concatenate(counted).astype(np.int64)


def _degree(adjacency: sp.csr_array) -> NDArray[np.int64]:
    return np.asarray(np.diff(adjacency.indptr), np.int64)


def _strength(adjacency: sp.csr_array) -> NDArray[np.float64]:
    return np.asarray(adjacency.sum(axis=1), np.float64).ravel()


def _community(adjacency: sp.csr_array) -> NDArray[np.int64]:
    """Communities are numbered by size, of equal size by their first node."""
    found = nx.community.louvain_communities(_graph(adjacency), weight="weight", seed=SEED)
    numbers = np.zeros(adjacency.shape[0], np.int64)
    for number, members in enumerate(sorted(found, key=lambda members: (-len(members), min(members)))):
        numbers[list(members)] = number
    return numbers


def _pagerank(adjacency: sp.csr_array) -> NDArray[np.float64]:
    ranks = nx.pagerank(_graph(adjacency), weight="weight", tol=1e-10, max_iter=1000)
    return _rounded(ranks, adjacency.shape[0])


def _betweenness(adjacency: sp.csr_array) -> NDArray[np.float64]:
    graph = _graph(adjacency)
    return _rounded(nx.betweenness_centrality(graph, k=_pivots(adjacency), seed=SEED), adjacency.shape[0])


def _pivots(adjacency: sp.csr_array) -> int | None:
    """From how many nodes betweenness is estimated; None where it is exact."""
    nodes = adjacency.shape[0]
    steps = nodes + adjacency.nnz // 2
    return None if nodes * steps <= BETWEENNESS_STEPS else min(nodes, max(10, BETWEENNESS_STEPS // steps))


def _rounded(values: dict[int, float], nodes: int) -> NDArray[np.float64]:
    """In the order of nodes, to twelve decimals, so that the last bits of an iteration never show."""
    return np.fromiter((round(values[node], _DECIMALS) for node in range(nodes)), np.float64, nodes)


def _graph(adjacency: sp.csr_array) -> nx.Graph:
    """The positive edges, over all nodes; nodes are numbers."""
    upper = sp.triu(adjacency, 1).tocoo()
    positive = upper.data > 0
    graph = nx.Graph()
    graph.add_nodes_from(range(adjacency.shape[0]))
    cells = (upper.row[positive].tolist(), upper.col[positive].tolist(), upper.data[positive].tolist())
    graph.add_weighted_edges_from(zip(*cells, strict=True))
    return graph


_OF_NETWORK = (Figure.KIND, Figure.STATEMENTS)
_OF_GRAPH: dict[Figure, Callable[[sp.csr_array], Attribute]] = {
    Figure.DEGREE: _degree,
    Figure.STRENGTH: _strength,
    Figure.COMMUNITY: _community,
    Figure.PAGERANK: _pagerank,
    Figure.BETWEENNESS: _betweenness,
}
