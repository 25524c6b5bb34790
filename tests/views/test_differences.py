"""What came, went or changed between two editions, in words, JSON and RDF."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.commands.cli import main
from graph_service.settings import BASE, BuildSettings
from graph_service.snapshots.snapshot import Snapshot
from graph_service.views.changes import differences
from tests.snapshots.test_delta import APPLY

PREFIXES = """
@prefix mp: <https://w3id.org/migration-policy/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix actor: <https://w3id.org/migration-policy/id/actor/> .
@prefix position: <https://w3id.org/migration-policy/id/position/> .
"""
STAYS = "actor:stays a mp:Organisation , mp:Actor ; skos:prefLabel 'Stays'@en , 'Bleibt'@de .\n"
BEFORE = f"""{STAYS}
actor:goes a mp:Actor ; skos:prefLabel 'Goes'@en .
actor:named a mp:Actor ; skos:prefLabel 'Old'@en .
"""
AFTER = f"""{STAYS}
actor:comes a mp:Actor ; skos:prefLabel 'Comes'@en ; mp:note 'a'@en , 'a' , 'ab' .
actor:named a mp:Actor ; skos:prefLabel 'New'@en .
position:one a mp:Position ; mp:heldBy actor:comes .
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("differences")


@pytest.fixture(scope="module")
def editions(root: Path) -> tuple[Snapshot, Snapshot]:
    made = []
    for text in (BEFORE, AFTER):
        (root / "data.ttl").write_text(PREFIXES + text)
        settings = BuildSettings(
            ontology=(root / "empty.ttl",),
            data=(root / "data.ttl",),
            snapshots=root / "snapshots",
            reasoner="none",
            validation=False,
        )
        (root / "empty.ttl").write_text("")
        made.append(build(find_inputs(settings)))
    return made[0], made[1]


def test_statements_are_the_difference_of_the_two_sets(editions: tuple[Snapshot, Snapshot]) -> None:
    added, removed = differences.statements(*editions)
    before, after = ({str(quad.triple)[:-2] for quad in edition.quads()} for edition in editions)
    assert set(added) == after - before
    assert set(removed) == before - after
    assert differences.statements(editions[0], editions[0]) == ([], [])


def run(root: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["diff", *arguments, "--snapshots", str(root / "snapshots")])
    assert result.exit_code == 0, result.output
    return result.output


def test_words(root: Path, editions: tuple[Snapshot, Snapshot]) -> None:
    old, new = editions
    said = run(root)
    assert said == run(root, old.digest[:10], str(new.path))
    assert said.splitlines() == [
        f"{old.digest[:12]} → {new.digest[:12]}: 8 statements came, 3 went",
        "actors:",
        f"  new: Comes  <{BASE}id/actor/comes>",
        f"  changed: New  <{BASE}id/actor/named>",
        f"  gone: Goes  <{BASE}id/actor/goes>",
        "positions:",
        f"  new: id/position/one  <{BASE}id/position/one>",
    ]
    assert "weggefallen: Goes" in run(root, "--language", "de")


@pytest.mark.parametrize(
    ("added", "removed", "english", "german"),
    [
        (1, 1, "1 statement came, 1 went", "1 Aussage kam hinzu, 1 fiel weg"),
        (0, 2, "0 statements came, 2 went", "0 Aussagen kamen hinzu, 2 fielen weg"),
        (2, 1, "2 statements came, 1 went", "2 Aussagen kamen hinzu, 1 fiel weg"),
    ],
)
def test_one_is_not_many(added: int, removed: int, english: str, german: str) -> None:
    found = differences.Differences("a" * 64, "b" * 64, ("x",) * added, ("y",) * removed, (), {}, ({}, {}))
    for language, sentence in (("en", english), ("de", german)):
        assert differences.text(found, language).endswith(f": {sentence}\n")


def test_json_and_rdf(root: Path, editions: tuple[Snapshot, Snapshot]) -> None:
    told = json.loads(run(root, "previous", "current", "--format", "json"))
    assert told["from"] == editions[0].digest
    assert told["statements"] == {"added": 8, "removed": 3}
    assert [one["label"] for one in told["kinds"][0]["went"]] == ["Goes"]
    quads = list(ox.parse(run(root, "--format", "trig"), format=ox.RdfFormat.TRIG))
    graphs = [str(quad.graph_name).rpartition("#")[2] for quad in quads]
    assert graphs.count("added>") == 8
    assert graphs.count("removed>") == 3
    assert str(quads[0].predicate) == "<http://www.w3.org/ns/prov#wasRevisionOf>"


def test_every_quad_as_a_patch_and_as_lines(root: Path, editions: tuple[Snapshot, Snapshot]) -> None:
    for form, apply in APPLY.items():
        assert apply(editions[0].lines(), run(root, "--format", form)) == set(editions[1].lines())


def test_a_name_that_means_nothing_is_one_line(root: Path) -> None:
    result = CliRunner().invoke(main, ["diff", "ffffffff", "--snapshots", str(root / "snapshots")])
    assert result.exit_code == 1
    assert "No snapshot matches 'ffffffff'" in result.output
