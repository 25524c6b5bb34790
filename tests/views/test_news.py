"""News of data in another model: by the labels of classes, each thing with how many statements came and went."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_service.building.inputs import find_inputs, query_files
from graph_service.building.pipeline import build
from graph_service.settings import BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from graph_service.views.changes import differences, news
from graph_service.views.changes.news import EditionNews

TERMS = """@prefix : <https://data.example/def#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:Building a owl:Class ; rdfs:label "Building"@en , "Gebäude"@de .
:House a owl:Class ; rdfs:subClassOf :Building ; rdfs:label "House"@en , "Haus"@de .
"""
HOUSES = """@prefix : <https://data.example/def#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://data.example/{name}> a :House ; rdfs:label "House {name}" ; :storeys {storeys} .
"""


@pytest.fixture
def told(tmp_path: Path) -> EditionNews:
    """What is new after one house came, one changed and one went."""
    (tmp_path / "terms.ttl").write_text(TERMS, encoding="utf-8")
    settings = BuildSettings(
        ontology=(tmp_path / "terms.ttl",),
        data=(tmp_path / "data.ttl",),
        base="https://data.example/",
        snapshots=tmp_path / "snapshots",
    )
    made: list[Snapshot] = []
    for houses in ((("stays", 1), ("grows", 2), ("goes", 3)), (("stays", 1), ("grows", 4), ("comes", 5))):
        text = "".join(HOUSES.format(name=name, storeys=storeys) for name, storeys in houses)
        (tmp_path / "data.ttl").write_text(text)
        made.append(build(find_inputs(settings)))
    return news.news_of(differences.compare(made[0], made[1], query_files(settings)))


def test_things_are_told_by_the_label_of_their_narrowest_class(told: EditionNews) -> None:
    lines = {line.how: line for line in told.lines({})}
    assert {how: [one.iri.rpartition("/")[2] for one in line.things] for how, line in lines.items()} == {
        "came": ["comes"],
        "changed": ["grows"],
        "went": ["goes"],
    }
    assert {tuple(sorted(line.kind.many.items())) for line in lines.values()} == {(("de", "Haus"), ("en", "House"))}
    assert [(one.added, one.removed) for one in lines["changed"].things] == [(1, 1)]
    assert (told.added, told.removed) == (4, 4)
    assert told.totals == [({"de": "Haus", "en": "House"}, {"came": 1, "changed": 1, "went": 1})]


def test_what_is_written_is_read_again(told: EditionNews) -> None:
    again = news.read(news.written(told))
    assert news.written(again) == news.written(told)
    assert again.things[0].labels == told.things[0].labels


def test_what_goes_beyond_the_limit_is_a_number(told: EditionNews) -> None:
    assert told.left_out == 0
    assert EditionNews(4, 4, told.things[:1], told.totals, {}, {}, {}).left_out == 2
