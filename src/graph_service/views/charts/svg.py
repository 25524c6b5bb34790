"""A chart as an SVG document (SVG 2) of its own: with title, description, and colours for light and dark.

The style sheet stands in the document, since a picture in `<img>` loads nothing. Who draws no media queries, such as
Word or the writer of PNG, gets the light colours. Colours are never the only sign: sides differ by place or pattern.
"""

from __future__ import annotations

from html import escape

from graph_service.rdf.xml_documents import legal
from graph_service.views.charts.marks import Bar, Chart, Dot, Line, Mark, Words

# As in `site.css`; every text has a contrast of at least 4.5 : 1 to the paper.
_LIGHT = {
    "paper": "#fff", "ink": "#1b1f24", "quiet": "#545b64", "line": "#d5d9de", "for": "#0b57a4", "against": "#a3261b",
    "mixed": "#6a4b00",
}  # fmt: skip
_DARK = {
    "paper": "#14171b", "ink": "#e8eaed", "quiet": "#a9b0b8", "line": "#363c43", "for": "#9cc7f7",
    "against": "#f5a79d", "mixed": "#e6c56e",
}  # fmt: skip
_FONT = "'Source Sans 3',system-ui,'Segoe UI',Roboto,sans-serif"
_PATTERN = (
    '<pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="paper" width="5" height="5"/><rect class="against" width="3.2" height="5"/></pattern>'
)


def _colours(colours: dict[str, str]) -> str:
    filled = "".join(f".{name}{{fill:{colour}}}" for name, colour in colours.items())
    drawn = "".join(f".{name}-line{{stroke:{colours[name]}}}" for name in ("line", "quiet", "for", "against", "ink"))
    return f"{filled}{drawn}.open{{stroke:{colours['ink']};fill:{colours['paper']}}}"


_STYLE = (
    f"text{{font-family:{_FONT}}}"
    f"line,.open{{stroke-width:1.5}}.hatched{{fill:url(#hatch)}}.ring{{fill:none}}"
    f"{_colours(_LIGHT)}@media (prefers-color-scheme:dark){{{_colours(_DARK)}}}"
)


def svg(chart: Chart, title: str, description: str, language: str) -> str:
    """The document.

    Args:
        chart: what is drawn.
        title: what it shows.
        description: the same in a sentence with figures, for who does not see it.
        language: of both, as BCP 47 names it.
    """
    return legal(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {chart.width} {chart.height}" width="{chart.width}" '
        f'height="{chart.height}" role="img" aria-labelledby="title about" xml:lang="{escape(language)}">\n'
        f'<title id="title">{escape(title)}</title>\n<desc id="about">{escape(description)}</desc>\n'
        f"<style>{_STYLE}</style>\n<defs>{_PATTERN}</defs>\n"
        f'<rect class="paper" width="{chart.width}" height="{chart.height}"/>\n{inner(chart)}\n</svg>\n'
    )


def inner(chart: Chart) -> str:
    """The marks alone, for a page whose style sheet has the colours."""
    return legal("\n".join(map(_mark, chart.marks)))


def _mark(mark: Mark) -> str:
    match mark:
        case Bar():
            look = "hatched against-line" if mark.look == "against" else mark.look
            return (
                f'<rect class="{look}" x="{_(mark.x)}" y="{_(mark.y)}" width="{_(mark.width)}" '
                f'height="{_(mark.height)}"/>'
            )
        case Dot():
            return f'<circle class="{mark.look}" cx="{_(mark.x)}" cy="{_(mark.y)}" r="{_(mark.radius)}"/>'
        case Words():
            bold = ' font-weight="700"' if mark.bold else ""
            anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
            place = f'x="{_(mark.x)}" y="{_(mark.y)}" font-size="{mark.size}"'
            text = f'<text class="{mark.look}" {place}{anchor}{bold}>{escape(mark.text)}</text>'
            # For the pointer; who uses keys has the same links beside the picture.
            return f'<a href="{escape(mark.href)}" tabindex="-1">{text}</a>' if mark.href else text
        case Line():
            drawn = (
                f'<line class="{mark.look}-line" x1="{_(mark.x1)}" y1="{_(mark.y1)}" x2="{_(mark.x2)}" '
                f'y2="{_(mark.y2)}"/>'
            )
            return drawn + (_head(mark) if mark.arrow else "")


def _head(line: Line) -> str:
    """The head of a horizontal arrow."""
    back = line.x2 - 7 if line.x2 > line.x1 else line.x2 + 7
    points = f"{_(line.x2)},{_(line.y2)} {_(back)},{_(line.y2 - 4)} {_(back)},{_(line.y2 + 4)}"
    return f'<polygon class="{line.look}" points="{points}"/>'


def _(number: float) -> str:
    """A coordinate, to a tenth."""
    return f"{number:.1f}".removesuffix(".0")
