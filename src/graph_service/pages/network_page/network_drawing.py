"""The picture of a network as SVG: for the page with links, and as a document that stands for itself.

Colours stand in attributes, so that the picture needs no style sheet; in the page `site.css` goes before them, with
others for the dark. A number in each node says its community and its shape the kind of actor, so colour is never alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import sqrt
from typing import TYPE_CHECKING

from graph_service.rdf.xml_documents import legal
from graph_service.views.charts.letters import shortened
from graph_service.views.charts.marks import Dot, Words
from graph_service.views.charts.node_names import node_names, room_of

if TYPE_CHECKING:
    from graph_service.networks import Edge

RADIUS = 9
WIDTH = 1120
# Names may want so much of the picture; the others stand there if room is left.
_FULL = 0.4
_HEIGHTS = (560, 1120)
_LINE, _MARGIN, _TITLE = 17, 14, 17
_TIES = '<g class="ties" stroke="#545b64" stroke-opacity="0.45">'
_NAMES = (
    '<g class="names" fill="#1b1f24" stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    ' font-size="11">'
)
COLOURS = ("#0b57a4", "#b3541e", "#2b7a3f", "#8a2f86", "#8a6d00", "#a3261b", "#20747c", "#6b7178")
GREY = len(COLOURS) - 1
SHAPES: Mapping[str, str] = {
    "circle": "",
    "square": "-8,-8 8,-8 8,8 -8,8",
    "triangle": "0,-11 11,8 -11,8",
    "diamond": "0,-12 12,0 0,12 -12,0",
    "hexagon": "-11,0 -6,-10 6,-10 11,0 6,10 -6,10",
    "pentagon": "0,-11 11,-3 7,9 -7,9 -11,-3",
    "pointed": "-9,-9 9,-9 9,2 0,11 -9,2",
}


@dataclass(frozen=True)
class DrawnNode:
    """A node: its name and kind, the number of its community from 1 (0 for none), and its shape."""

    name: str
    kind: str
    community: int
    shape: str


@dataclass(frozen=True)
class Drawing:
    """A network in its places.

    Attributes:
        nodes: by IRI.
        lines: the edges that are drawn.
        places: of the nodes.
        names: of those nodes whose name is shown.
        height: of the picture, which is `WIDTH` wide.
        opposed: whether positive numbers are conflicts, too.
    """

    nodes: Mapping[str, DrawnNode]
    lines: Sequence[Edge]
    places: Mapping[str, Dot]
    names: Mapping[str, Words]
    height: int
    opposed: bool

    def inner(
        self, edge_to: Callable[[str, str], str] | None = None, node_to: Callable[[str], str] | None = None
    ) -> str:
        """What stands within the `svg` element; with links where functions give their addresses."""
        numbers = {iri: number for number, iri in enumerate(self.places)}
        heaviest = max((abs(edge.weight) for edge in self.lines), default=1.0)
        lines = [self._line(edge, heaviest, numbers, edge_to) for edge in reversed(self.lines)]
        nodes = [self._node(iri, numbers[iri], node_to) for iri in self.places]
        names = [_text(words, f'data-n="{numbers[iri]}"') for iri, words in self.names.items()]
        parts = [_TIES, *lines, "</g>", *nodes, _NAMES, *names, "</g>"]
        return legal("\n".join(parts))

    def document(self, title: str, language: str, notes: Sequence[tuple[int, str]], source: str) -> str:
        """The picture for itself: with its title, a line for each community, and where it is from.

        Args:
            title: what it shows.
            language: of title and notes.
            notes: a line below the picture, each with the number of its community, 0 for none.
            source: the last line.
        """
        top = 2 * _MARGIN + _TITLE
        height = top + self.height + _LINE * (len(notes) + 1) + 2 * _MARGIN
        listed = "\n".join(_note(one, top + self.height + _LINE * (n + 1)) for n, one in enumerate(notes))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            f' xml:lang="{escape(language)}" font-family="\'Source Sans 3\', system-ui, sans-serif">\n'
            f"<title>{escape(legal(title))}</title>\n"
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n'
            f'<text x="{_MARGIN}" y="{_MARGIN + _TITLE}" font-size="{_TITLE}" font-weight="600" fill="#1b1f24">'
            f"{escape(legal(shortened(title, _TITLE, WIDTH - 2 * _MARGIN, bold=True)))}</text>\n"
            f'<g transform="translate(0 {top})">\n{self.inner()}\n</g>\n{listed}\n'
            f'<text x="{_MARGIN}" y="{height - _MARGIN}" font-size="11" fill="#545b64">{escape(legal(source))}</text>\n'
            "</svg>\n"
        )

    def _line(
        self, edge: Edge, heaviest: float, numbers: Mapping[str, int], edge_to: Callable[[str, str], str] | None
    ) -> str:
        a, b = self.places[edge.source], self.places[edge.target]
        width = 0.5 + 6 * sqrt(abs(edge.weight) / heaviest)
        apart = ' class="apart" stroke="#a3261b" stroke-dasharray="6 4"' if self.opposed or edge.weight < 0 else ""
        told = f"{self.nodes[edge.source].name} – {self.nodes[edge.target].name}: {edge.weight:.3g}"
        line = (
            f'<line{apart} data-e="{numbers[edge.source]} {numbers[edge.target]}" x1="{a.x:g}" y1="{a.y:g}"'
            f' x2="{b.x:g}" y2="{b.y:g}" stroke-width="{width:.1f}"><title>{escape(told)}</title></line>'
        )
        return _linked(line, edge_to(edge.source, edge.target) if edge_to else "")

    def _node(self, iri: str, number: int, node_to: Callable[[str], str] | None) -> str:
        node, place = self.nodes[iri], self.places[iri]
        told = f"{node.name} ({node.kind})" if node.kind else node.name
        drawn = (
            f'<g class="node" data-n="{number}" transform="translate({place.x:g} {place.y:g})">'
            f"<title>{escape(told)}</title>{mark(node.shape, node.community)}</g>"
        )
        return _linked(drawn, node_to(iri) if node_to else "")


def mark(shape: str, community: int) -> str:
    """A node around the origin: its shape, in the colour and with the number of its community, if it has one."""
    colour = community - 1 if 0 < community <= GREY else GREY
    look = f'class="k{colour}" fill="{COLOURS[colour]}"'
    points = SHAPES[shape]
    drawn = f'<polygon points="{points}" {look}/>' if points else f'<circle r="{RADIUS}" {look}/>'
    if not community:
        return drawn
    number = f'y="4" font-size="10" font-weight="700" text-anchor="middle" fill="#fff">{community}</text>'
    return f'{drawn}<text class="no" {number}'


def draw(
    nodes: Mapping[str, DrawnNode], lines: Sequence[Edge], strengths: Mapping[str, float], *, opposed: bool
) -> Drawing:
    """Find a place for each node, and for as many names as there is room for.

    Args:
        nodes: by IRI.
        lines: between them.
        strengths: of nodes; the strongest have their names placed first.
        opposed: whether numbers above 0 are conflicts.
    """
    from graph_service.networks.layout import places

    order = sorted(nodes, key=lambda iri: (-strengths.get(iri, 0.0), iri))
    height = min(max(_HEIGHTS[0], 480 + 4 * len(nodes)), _HEIGHTS[1])
    middles = places(dict(_rooms(nodes, order, WIDTH * height * _FULL)), lines, (WIDTH, height))
    at = {iri: Dot(x, y, RADIUS + 3, "ink") for iri, (x, y) in middles.items()}
    names = node_names(at, {iri: node.name for iri, node in nodes.items()}, order, WIDTH, height)
    return Drawing(nodes, lines, at, names, height, opposed)


def _rooms(
    nodes: Mapping[str, DrawnNode], order: Iterable[str], most: float
) -> Iterable[tuple[str, tuple[float, float]]]:
    """What each node wants: the first as much as their names need, until there is no more."""
    for iri in order:
        width, height = room_of(nodes[iri].name, RADIUS + 3)
        if width * height > most:
            width = height = 2.0 * (RADIUS + 3)
        most -= width * height
        yield iri, (width, height)


def _linked(drawn: str, address: str) -> str:
    """A link for the pointer; who uses keys has the same links in the table."""
    return f'<a href="{escape(address)}" tabindex="-1">{drawn}</a>' if address else drawn


def _text(words: Words, more: str) -> str:
    anchor = f' text-anchor="{words.anchor}"' if words.anchor != "start" else ""
    return f'<text {more} x="{words.x:g}" y="{words.y:.1f}"{anchor}>{escape(words.text)}</text>'


def _note(note: tuple[int, str], y: float) -> str:
    community, text = note
    drawn = f'<g transform="translate({_MARGIN + RADIUS} {y - 4})">{mark("circle", community)}</g>' if community else ""
    fitting = escape(legal(shortened(text, 12, WIDTH - 4 * _MARGIN - 2 * RADIUS)))
    return f'{drawn}<text x="{_MARGIN + 3 * RADIUS}" y="{y}" font-size="12" fill="#1b1f24">{fitting}</text>'
