"""A map of distances: things as dots, near ones near each other, each with its name where nothing else stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph_service.views.charts.letters import shortened, width_of
from graph_service.views.charts.marks import Box, Chart, Dot, Line, Mark, Words

_MARGIN, _SIZE, _RADIUS = 14, 12, 5.0
_FOOT = 34
# Above and below the outermost dots together; and for each name, since all may stand at one place or in one line.
_ROOM, _LINE = 56, 14
# How far a name may stand from its dot, in steps.
_STEPS, _STEP = 40, 9.0


@dataclass(frozen=True)
class MapPlace:
    """A thing at its place, in units of distance."""

    label: str
    x: float
    y: float


def distance_map(places: Sequence[MapPlace], scale: str, width: int) -> Chart:
    """The map; both axes have one scale, and neither means anything by itself.

    Args:
        places: the first have their names placed first.
        scale: what a distance of 0.1 is, for the bar at the foot.
        width: of the picture.
    """
    xs, ys = [one.x for one in places] or [0.0], [one.y for one in places] or [0.0]
    spans = (max(xs) - min(xs)) or 0.1, (max(ys) - min(ys)) or 0.1
    sides = width - 2 * (_MARGIN + 30)
    unit = min(sides / spans[0], (0.72 * width - _ROOM) / spans[1], 10 * (width - 180) / 2)
    height = round(max(spans[1] * unit, _LINE * len(places)) + _ROOM) + _FOOT
    inner = Box(_MARGIN + 30, _MARGIN + 18, width - _MARGIN - 30, height - _FOOT - _MARGIN - 10)
    middle = (inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2
    dots = [
        Dot(
            middle[0] + (one.x - (max(xs) + min(xs)) / 2) * unit,
            middle[1] - (one.y - (max(ys) + min(ys)) / 2) * unit,
            _RADIUS,
            "for",
        )
        for one in places
    ]
    frame = Box(4, 4, width - 4, height - _FOOT - 4)
    marks: list[Mark] = [Line(frame.left, frame.bottom, frame.right, frame.bottom, "line")]
    marks += _names(places, dots, frame)
    base = height - 14
    marks += [Line(_MARGIN, base - 4, _MARGIN + 0.1 * unit, base - 4, "ink")]
    marks += [Words(_MARGIN + 0.1 * unit + 8, base, scale, "quiet", _SIZE)]
    return Chart(width, height, [*marks, *dots])


def _names(places: Sequence[MapPlace], dots: Sequence[Dot], frame: Box) -> list[Mark]:
    """Each name at the nearest free place, with a line to its dot where that is not beside it."""
    taken = [dot.box for dot in dots]
    marks: list[Mark] = []
    for place, dot in zip(places, dots, strict=True):
        for part in (2.2, 3, 5):
            text = shortened(place.label, _SIZE, (frame.right - frame.left) / part)
            found = next((one for one in _around(dot, text) if _is_free(one[1].box, taken, frame)), None)
            if found is not None:
                away, words = found
                taken.append(words.box)
                if away > _STEP:
                    end = words.box.bottom if words.box.bottom < dot.y else words.box.top
                    marks.insert(0, Line(dot.x, dot.y, (words.box.left + words.box.right) / 2, end, "line"))
                marks.append(words)
                break
    return marks


def _is_free(box: Box, taken: Sequence[Box], frame: Box) -> bool:
    inside = frame.left <= box.left and box.right <= frame.right and frame.top <= box.top and box.bottom <= frame.bottom
    return inside and not any(box.overlaps(other) for other in taken)


def _around(dot: Dot, text: str) -> Iterator[tuple[float, Words]]:
    """Places for a name: right, left, above, below and between these, then farther away."""
    half = width_of(text, _SIZE) / 2
    for step in range(_STEPS):
        away = step * _STEP
        side, up = _RADIUS + 4 + away, _RADIUS + 5 + away
        yield away, Words(dot.x + side, dot.y + 4, text, "ink", _SIZE)
        yield away, Words(dot.x - side, dot.y + 4, text, "ink", _SIZE, "end")
        for shift in (0.0, half, -half):
            yield away, Words(dot.x + shift, dot.y - up, text, "ink", _SIZE, "middle")
            yield away, Words(dot.x + shift, dot.y + up + 8, text, "ink", _SIZE, "middle")
