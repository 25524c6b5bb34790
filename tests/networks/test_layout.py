"""Places of nodes: the same each time, within the frame, apart from each other."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.networks import Edge
from graph_service.networks.layout import places
from graph_service.views.charts.marks import Dot
from graph_service.views.charts.node_names import node_names, room_of

FRAME = (1120.0, 560.0)
graphs = st.lists(st.text("abcdefgh -", min_size=1, max_size=60), min_size=1, max_size=25, unique=True).flatmap(
    lambda names: st.tuples(
        st.just(names),
        st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names), st.floats(-9, 9)), max_size=40),
    )
)


def test_the_same_network_always_looks_the_same() -> None:
    """Whatever order its nodes and edges come in; no two nodes share a place, tied or not."""
    edges = [Edge("a", "b", 2.0), Edge("a", "c", 1.0), Edge("b", "c", 1.0), Edge("d", "e", 1.0), Edge("a", "f", -1.0)]
    rooms = dict.fromkeys("abcdefg", (90.0, 40.0))
    first = places(rooms, edges, FRAME)
    assert first == places(dict.fromkeys("gfedcba", (90.0, 40.0)), edges[::-1], FRAME)
    middles = list(first.values())
    for place, (x, y) in enumerate(middles):
        assert all(abs(x - a) >= 89.7 or abs(y - b) >= 39.7 for a, b in middles[:place])
    assert places({}, [], FRAME) == {}


@settings(max_examples=40, deadline=None)
@given(graphs)
def test_names_of_any_network_lie_over_nothing(graph: tuple[list[str], list[tuple[str, str, float]]]) -> None:
    """Neither over each other nor over a node, nor beyond the frame; the first in order has its name."""
    nodes, ties = graph
    edges = [Edge(min(a, b), max(a, b), weight) for a, b, weight in ties if a != b and weight]
    middles = places({node: room_of(node, 12) for node in nodes}, edges, FRAME)
    at = {node: Dot(x, y, 12, "ink") for node, (x, y) in middles.items()}
    found = node_names(at, dict(zip(nodes, nodes, strict=True)), nodes, *FRAME)
    boxes = [words.box for words in found.values()]
    for place, box in enumerate(boxes):
        assert box.left >= 0 <= box.top
        assert box.right <= FRAME[0]
        assert box.bottom <= FRAME[1]
        assert not any(box.overlaps(other) for other in (*boxes[:place], *(one.box for one in at.values())))
    assert len({words.text for words in found.values()}) == len(found) > 0
