"""Names beside the nodes of a network: the weightiest nodes get theirs first, and no name lies over anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from graph_service.views.charts.letters import width_of
from graph_service.views.charts.marks import Box, Dot, Words
from graph_service.views.short_names import shortened

SIZE = 11
# Characters of a name, whole and shortened.
_LENGTHS = (34, 20)
_GAP = 2.0


def room_of(name: str, radius: float) -> tuple[float, float]:
    """Width and height of a node with its name below it."""
    short = shortened({0: name}, _LENGTHS[1])[0]
    return max(width_of(short, SIZE), 2 * radius) + 2 * _GAP, 2 * (radius + 1.05 * SIZE + 2 * _GAP)


def node_names(
    nodes: Mapping[str, Dot], names: Mapping[str, str], order: Sequence[str], width: float, height: float
) -> dict[str, Words]:
    """For each node that has room for it, its name, whole or shortened; the others have none.

    Args:
        nodes: where they are.
        names: of all of them; no two are shortened to the same.
        order: whose name comes first.
        width: of the picture, which no name leaves.
        height: of the picture.
    """
    versions = [shortened(names, length) for length in _LENGTHS]
    taken = _Taken(width, height, [one.box for one in nodes.values()])
    found: dict[str, Words] = {}
    for node in order:
        texts = dict.fromkeys(version[node] for version in versions)
        free = (one for text in texts for one in _around(nodes[node], text) if taken.is_free(one.box))
        words = next(free, None)
        if words is not None:
            found[node] = words
            taken.take(words.box)
    return found


class _Taken:
    """What of a picture is covered."""

    def __init__(self, width: float, height: float, boxes: Sequence[Box]) -> None:
        self._frame = Box(0, 0, width, height)
        self._boxes = list(boxes)

    def is_free(self, box: Box) -> bool:
        """Whether it lies within the picture and over nothing."""
        frame = self._frame
        inside = box.left >= frame.left and box.right <= frame.right and box.top >= frame.top
        return inside and box.bottom <= frame.bottom and not any(box.overlaps(other) for other in self._boxes)

    def take(self, box: Box) -> None:
        """Cover a part."""
        self._boxes.append(box)


def _around(node: Dot, text: str) -> Iterator[Words]:
    """Below, above, to the right and to the left."""
    below, side = node.radius + _GAP + 0.8 * SIZE, node.radius + 2 * _GAP
    yield Words(node.x, node.y + below, text, "ink", SIZE, "middle")
    yield Words(node.x, node.y - node.radius - _GAP - 0.25 * SIZE, text, "ink", SIZE, "middle")
    yield Words(node.x + side, node.y + 0.3 * SIZE, text, "ink", SIZE)
    yield Words(node.x - side, node.y + 0.3 * SIZE, text, "ink", SIZE, "end")
