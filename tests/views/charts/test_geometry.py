"""What charts draw: figures as they are, everything inside of the picture, and no text on another."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.views.charts.bars import Sides, SideWords, diverging_bars
from graph_service.views.charts.distance_map import MapPlace, distance_map
from graph_service.views.charts.dumbbells import Change, ChangeWords, dumbbells
from graph_service.views.charts.letters import width_of
from graph_service.views.charts.marks import NARROW, WIDE, Bar, Chart, Dot, Line, Words, captioned
from graph_service.views.charts.multiples import Panel, YearCount, small_multiples
from graph_service.views.charts.neighbourhood import Neighbour, Tied, neighbourhood
from graph_service.views.charts.scaling import all_near, in_plane
from graph_service.views.charts.svg import svg

WORDS = SideWords("− dagegen", "+ dafür", "± keines von beiden")
widths = st.sampled_from([WIDE, NARROW])
# Names as they are, and what nobody expects.
labels = st.one_of(
    st.sampled_from(
        ["SPD", "BÜNDNIS 90/DIE GRÜNEN", "Arbeiterwohlfahrt Landesverband Sachsen", "W" * 200, "难民 庇护"]
    ),
    st.text(max_size=90),
)
few = st.integers(0, 12)
counts = st.one_of(few, st.integers(0, 20_000))
quick = settings(max_examples=60)


def check(chart: Chart) -> None:
    """Everything inside, no text on another."""
    for mark in chart.marks:
        box = mark.box
        assert box.left >= -0.01, mark
        assert box.top >= -0.01, mark
        assert box.right <= chart.width + 0.01, mark
        assert box.bottom <= chart.height + 0.01, mark
    for one, other in combinations([mark for mark in chart.marks if isinstance(mark, Words)], 2):
        assert not one.box.overlaps(other.box), (one, other)


def shown(chart: Chart, look: str) -> list[Bar]:
    return [mark for mark in chart.marks if isinstance(mark, Bar) and mark.look == look]


def on_one_scale(bars: Iterable[tuple[float, int]]) -> bool:
    """Whether lengths are to each other as their counts."""
    units = [length / count for length, count in bars]
    return not units or math.isclose(min(units), max(units), rel_tol=1e-6)


@quick
@given(st.lists(st.builds(Sides, labels, counts, counts, counts), max_size=30), widths)
def test_diverging_bars(rows: list[Sides], width: int) -> None:
    chart = diverging_bars(rows, WORDS, width)
    check(chart)
    bars = {look: shown(chart, look) for look in ("against", "for", "mixed")}
    told = {"against": [r.against for r in rows], "for": [r.pro for r in rows], "mixed": [r.neither for r in rows]}
    lengths: list[tuple[float, int]] = []
    for look, numbers in told.items():
        numbers = [one for one in numbers if one]
        assert len(bars[look]) == len(numbers)
        lengths += zip((bar.width for bar in bars[look]), numbers, strict=True)
    assert on_one_scale(lengths)
    texts = [mark.text for mark in chart.marks if isinstance(mark, Words) and mark.size == 12 and not mark.bold]
    assert sorted(map(int, texts)) == sorted(count for _, count in lengths)
    # Against ends where for begins.
    edges = {round(bar.x + bar.width, 3) for bar in bars["against"]} | {round(bar.x, 3) for bar in bars["for"]}
    assert len(edges) <= 1


years = st.dictionaries(st.integers(1990, 2030), st.builds(YearCount, counts, counts, counts), min_size=1, max_size=12)


@quick
@given(st.lists(st.builds(Panel, labels, years), max_size=7), widths)
def test_small_multiples(panels: list[Panel], width: int) -> None:
    chart = small_multiples(panels, WORDS, width)
    check(chart)
    # Two bars of the legend come first.
    for look, numbers in (
        ("for", [count.pro for panel in panels for _, count in sorted(panel.years.items())]),
        ("against", [count.against for panel in panels for _, count in sorted(panel.years.items())]),
    ):
        drawn = shown(chart, look)[1:]
        numbers = [one for one in numbers if one]
        assert len(drawn) == len(numbers)
        assert on_one_scale(zip((bar.height for bar in drawn), numbers, strict=True))


def test_years_with_room_have_their_numbers() -> None:
    panel = Panel("SPD", {2017: YearCount(13, 2, 1), 2021: YearCount(15, 0, 0)})
    texts = [mark.text for mark in small_multiples([panel], WORDS, NARROW).marks if isinstance(mark, Words)]
    assert {"13", "2", "±1", "15", "2017", "2021"} <= set(texts)


ends = st.sampled_from([-1, 0, 1])


@quick
@given(st.lists(st.builds(Change, st.sampled_from(["", "SPD", "FDP"]), labels, ends, ends), max_size=20), widths)
def test_dumbbells(changes: list[Change], width: int) -> None:
    words = ChangeWords("− dagegen", "± bedingt", "+ dafür", "Bundestag 2021 - 2025", "Bundestag 2025 - 2029")
    chart = dumbbells(changes, words, width)
    check(chart)
    dots = [mark for mark in chart.marks if isinstance(mark, Dot)][2:]
    assert len(dots) == 2 * len(changes)
    # Opened ends are earlier, filled ones later; the same place of the scale is the same x.
    place: dict[float, set[int]] = {}
    for dot, end in zip(dots, (end for one in changes for end in (one.earlier, one.later)), strict=True):
        place.setdefault(round(dot.x, 3), set()).add(end)
    assert all(len(ends) == 1 for ends in place.values())
    assert [next(iter(place[x])) for x in sorted(place)] == sorted(next(iter(ends)) for ends in place.values())


neighbours = st.lists(st.builds(Neighbour, labels, st.just("/page")), min_size=1, max_size=9)


@quick
@given(labels, st.lists(st.builds(Tied, labels, st.booleans(), neighbours), min_size=1, max_size=6))
def test_the_neighbourhood_of_a_thing(name: str, groups: list[Tied]) -> None:
    chart = neighbourhood(name, groups)
    check(chart)
    linked = [mark for mark in chart.marks if isinstance(mark, Words) and mark.href]
    assert len(linked) == sum(len(one.neighbours) for one in groups)
    arrows = [mark for mark in chart.marks if isinstance(mark, Line) and mark.arrow]
    # One to each group of values, one from all subjects to the thing.
    assert len(arrows) == sum(one.outward for one in groups) + (not all(one.outward for one in groups))
    lines = [mark.box for mark in chart.marks if isinstance(mark, Line)]
    assert not any(line.overlaps(words.box) for line in lines for words in linked)


coordinates = st.floats(-1, 1, allow_nan=False)


@quick
@given(st.lists(st.builds(MapPlace, labels, coordinates, coordinates), max_size=30), widths)
def test_distance_map(places: list[MapPlace], width: int) -> None:
    chart = distance_map(places, "1 in 10", width)
    check(chart)
    assert len([mark for mark in chart.marks if isinstance(mark, Dot)]) == len(places)
    # The scale has a text, too.
    assert len([mark for mark in chart.marks if isinstance(mark, Words)]) == len(places) + 1


@quick
@given(labels, labels, widths)
def test_caption_and_document(title: str, source: str, width: int) -> None:
    chart = captioned(diverging_bars([Sides(title, 1, 2, 3)], WORDS, width), title, source)
    check(chart)
    document = svg(chart, title, source, "de")
    root = ElementTree.fromstring(document)
    assert root.attrib["viewBox"] == f"0 0 {chart.width} {chart.height}"
    style = document.partition("<style>")[2].partition("</style>")[0]
    for names in re.findall(r' class="([^"]+)"', document):
        assert all(f".{name}{{" in style or f".{name}," in style for name in names.split()), names


def test_widths_are_those_of_a_wide_font() -> None:
    matplotlib = pytest.importorskip("matplotlib.font_manager")
    from PIL import ImageFont

    font = ImageFont.truetype(matplotlib.findfont("DejaVu Sans"), 100)
    for text in (
        "Familiennachzug zu subsidiär Schutzberechtigten",
        "German County Association",
        "1,234 ± 5",
        "MIGRATION",
    ):
        assert font.getlength(text) <= width_of(text, 100) <= 1.35 * font.getlength(text), text


hundredths = st.integers(-100, 100).map(lambda number: number / 100)
points = st.lists(st.tuples(hundredths, hundredths), min_size=3, max_size=8, unique=True)


@quick
@given(points)
def test_places_of_a_plane_are_found_again(plane: list[tuple[float, float]]) -> None:
    distances = [[math.dist(one, other) for other in plane] for one in plane]
    found = in_plane(distances)
    assert found == in_plane(distances)
    assert found.stress < 0.02
    assert max(
        abs(math.dist(a, b) - far)
        for a, row in zip(found.places, distances, strict=True)
        for b, far in zip(found.places, row, strict=True)
    ) < 0.1 * max(map(max, distances))


def test_stress_says_that_no_plane_fits() -> None:
    """Four things that are equally far from each other fit in space only: Kruskal's stress of a square of them."""
    apart = [[float(one != other) for other in range(4)] for one in range(4)]
    drawn = in_plane(apart)
    by_hand = [math.dist(a, b) for a, b in combinations(drawn.places, 2)]
    assert drawn.stress == pytest.approx(math.sqrt(sum((1 - one) ** 2 for one in by_hand) / 6), abs=1e-4)
    assert 0.1 < drawn.stress < 0.2


@quick
@given(st.sets(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"))))
def test_who_is_on_the_map_has_a_distance_to_all_others(pairs: set[tuple[str, str]]) -> None:
    kept = all_near(dict.fromkeys(pairs), "abcdef")
    assert kept
    assert all((a, b) in pairs or (b, a) in pairs for a, b in combinations(kept, 2))
