"""A build from sorted runs on disk gives the data set that a build in memory gives."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_service.building import sorted_quads
from graph_service.building.inputs import find_inputs
from graph_service.building.pipeline import build
from graph_service.building.sorted_quads import SortedQuads
from graph_service.errors import InconsistencyError, SourceError
from graph_service.rdf.terms import Quad, Triple
from graph_service.reasoning import compiled
from graph_service.settings import BuildSettings
from graph_service.snapshots.lines import lines_of
from graph_service.snapshots.snapshot import Snapshot
from tests.reasoning.graphs import literal_graphs, ontologies

INFERRED = "<https://example.org/graph/inferred>"


def built(at: Path) -> Snapshot | set[str]:
    """The snapshot of `o.nt`, `d.nq` and `e.nt`, or the rules by which they contradict themselves."""
    chosen = BuildSettings(
        ontology=(at / "o.nt",),
        data=(at / "d.nq", at / "e.nt"),
        base="https://example.org/",
        snapshots=at / "snapshots",
        validation=False,
    )
    try:
        return build(find_inputs(chosen))
    except InconsistencyError as error:
        return set(error.findings)


def built_from_runs(at: Path) -> Snapshot | set[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_quads, "_RUN", 3)
        patch.setattr(compiled, "HELD", 0)
        return built(at)


@settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(ontologies(), literal_graphs()), st.randoms(use_true_random=False))
def test_any_graph(tmp_path_factory: pytest.TempPathFactory, stated: list[Triple], random: Random) -> None:
    at = tmp_path_factory.mktemp("built")
    texts: dict[str, list[str]] = {
        "o.nt": ["<urn:a> <urn:b> <urn:c> ."],
        "d.nq": [],
        "e.nt": ["<urn:a> <urn:b> <urn:c> ."],
    }
    for triple in stated:
        for name in random.sample(sorted(texts), random.choice((1, 1, 2))):
            texts[name].append(str(Quad(*triple, f"<urn:g{random.randrange(3)}>") if name == "d.nq" else triple))
    for name, lines in texts.items():
        (at / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    whole, merged = built(at), built_from_runs(at)
    assert isinstance(whole, set) == isinstance(merged, set)
    if isinstance(whole, Snapshot) and isinstance(merged, Snapshot):
        assert merged.manifest == whole.manifest
        assert not list(merged.damaged())
    else:
        assert merged == whole
    assert not list((at / "snapshots").glob(".building-*"))


def test_quads_are_sorted_and_each_is_there_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_quads, "_RUN", 4)
    given_quads = [Quad(f"<urn:{n * 7 % 10}>", "<urn:p>", f'"{n % 3}é"@de', "<urn:g>") for n in range(40)]
    with SortedQuads(tmp_path) as quads:
        quads.add(given_quads)
        assert set(quads) == set(given_quads)
        assert "".join(quads.lines()).encode() == b"".join(lines_of(given_quads))
        quads.add([Quad("<urn:z>", "<urn:p>", "<urn:z>", "<urn:g>")])
        assert list(quads.lines())[-1].startswith("<urn:z>")
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


def test_what_does_not_follow_is_found_between_runs(tmp_path: Path) -> None:
    (tmp_path / "o.nt").write_text(
        "<urn:p> <http://www.w3.org/2000/01/rdf-schema#subPropertyOf> <urn:q> .\n"
        "<urn:p> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<http://www.w3.org/2002/07/owl#ObjectProperty> .\n"
    )
    stated = [f"<urn:{n}> <urn:p> <urn:{n}> <urn:g> .\n" for n in range(9)]
    follows = [f"<urn:{n}> <urn:q> <urn:{n}> {INFERRED} .\n" for n in range(9)]
    (tmp_path / "e.nt").write_text("<urn:a> <urn:b> <urn:c> .\n")
    (tmp_path / "d.nq").write_text("".join(stated + follows))
    assert isinstance(made := built_from_runs(tmp_path), Snapshot)
    assert made.manifest.graphs[INFERRED[1:-1]] == 9
    (tmp_path / "d.nq").write_text("".join(stated + follows) + f"<urn:5> <urn:q> <urn:7> {INFERRED} .\n")
    with pytest.raises(SourceError, match=r"d\.nq: .*does not follow: <urn:5> <urn:q> <urn:7>"):
        built_from_runs(tmp_path)
