"""Which neighbours of a thing its map shows, and in which direction."""

from __future__ import annotations

import pyoxigraph as ox

from graph_service.pages.shown import Show
from graph_service.pages.subjects.neighbourhood import NeighbourhoodMap, map_of, ties_of
from graph_service.rdf.namespaces import RDF, Names
from graph_service.views.charts.marks import Line
from graph_service.views.labels import Labels

BASE = "https://houses.example/"
THING, OTHER = f"{BASE}id/thing", f"{BASE}id/other"
GRAPH = ox.NamedNode(f"{BASE}graph/data/houses")


def stated(subject: str, predicate: str, value: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(f"{BASE}{predicate}"), ox.NamedNode(value), GRAPH)


def drawn(quads: list[ox.Quad]) -> NeighbourhoodMap | None:
    names = Names(BASE)
    return map_of(THING, ties_of(THING, quads, []), Show(names, Labels(names), "en", ""))


def test_no_property_fills_the_map_and_what_is_tied_twice_comes_first() -> None:
    quads = [stated(THING, "a-part", f"{BASE}id/{number:03}") for number in range(100)]
    quads += [stated(THING, "z-owner", f"{BASE}id/owner"), stated(OTHER, "z-near", THING)]
    quads += [stated(THING, name, f"{BASE}id/099") for name in ("a-part", "z-best")]
    found = drawn(quads)
    assert found is not None
    assert (found.shown, found.count) == (24, 102)
    assert all(f">id/{name}<" in found.inner for name in ("owner", "other", "000", "020", "099"))
    assert ">id/021<" not in found.inner
    assert any(isinstance(mark, Line) and mark.arrow for mark in found.chart.marks)


def test_classes_itself_and_nodes_without_a_name_are_no_neighbours() -> None:
    nameless = f"{BASE}.well-known/genid/0123456789abcdef/1"
    quads = [
        ox.Quad(ox.NamedNode(THING), ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{BASE}def#House"), GRAPH),
        stated(THING, "near", THING),
        stated(THING, "place", nameless),
        stated(THING, "near", OTHER),
    ]
    assert drawn(quads) is None
    assert drawn([*quads, stated(THING, "near", f"{BASE}id/third")]) is not None
