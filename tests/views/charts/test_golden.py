"""Each chart of small figures as SVG, read once by eye; what draws it otherwise changes the file in `golden/`.

PYTHONPATH=. .venv/bin/python -m tests.views.charts.test_golden
"""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.views.charts.bars import Sides, SideWords, diverging_bars
from graph_service.views.charts.distance_map import MapPlace, distance_map
from graph_service.views.charts.dumbbells import Change, ChangeWords, dumbbells
from graph_service.views.charts.marks import NARROW, WIDE, Chart, captioned
from graph_service.views.charts.multiples import Panel, YearCount, small_multiples
from graph_service.views.charts.svg import svg

GOLDEN = Path(__file__).parent / "golden"
WORDS = SideWords("− against", "+ for", "± neither")


def charts() -> dict[str, Chart]:
    """One of each kind."""
    sides = [Sides("asylum system", 3, 8, 1), Sides("participation & self-organisation", 0, 2, 0)]
    panels = [
        Panel("SPD", {2017: YearCount(3, 1, 0), 2021: YearCount(2, 0, 1)}),
        Panel("AfD", {2021: YearCount(0, 4, 0)}),
    ]
    changes = [
        Change("FDP", "Switching to labour migration should be possible.", 1, 0),
        Change("Greens", "More states should be classified as safe.", -1, 1),
        Change("Greens", "Sea rescue should not be hindered.", 1, 1),
    ]
    words = ChangeWords("− against", "± conditional", "+ for", "2021", "2025")
    places = [MapPlace("SPD", 0.1, 0.0), MapPlace("Greens", 0.12, 0.0), MapPlace("AfD", -0.4, 0.2)]
    return {
        "bars": diverging_bars(sides, WORDS, WIDE),
        "bars-narrow": diverging_bars(sides, WORDS, NARROW),
        "multiples": small_multiples(panels, WORDS, WIDE),
        "dumbbells": dumbbells(changes, words, WIDE),
        "map": distance_map(places, "1 in 10 apart", WIDE),
    }


def document(name: str, chart: Chart) -> str:
    return svg(captioned(chart, f"Figures <{name}>", "Source: a test"), f"Figures <{name}>", "In one sentence.", "en")


@pytest.mark.parametrize("name", charts())
def test_charts_are_drawn_as_before(name: str) -> None:
    assert document(name, charts()[name]) == (GOLDEN / f"{name}.svg").read_text(encoding="utf-8")


if __name__ == "__main__":
    for each, drawn in charts().items():
        (GOLDEN / f"{each}.svg").write_text(document(each, drawn), encoding="utf-8")
