"""The library: the steps of the command line by one import, and nothing loaded that is not used."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import graph_service


def test_a_graph_is_built_and_asked(tmp_path: Path) -> None:
    (tmp_path / "own.ttl").write_text("<id/a> <https://example.org/knows> <id/b> .")
    settings = graph_service.BuildSettings(
        data=(tmp_path / "own.ttl",), base="https://example.org/", snapshots=tmp_path / "snapshots"
    )
    snapshot = graph_service.build(graph_service.find_inputs(settings))
    store = graph_service.EmbeddedStore.open(snapshot.path)
    assert json.loads(store.query("ASK { <id/a> <knows> <id/b> }"))["boolean"] is True
    assert graph_service.current(tmp_path / "snapshots") == snapshot


@pytest.mark.parametrize("name", graph_service.__all__)
def test_every_name_leads_somewhere(name: str) -> None:
    assert callable(getattr(graph_service, name))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        graph_service.nothing  # noqa: B018 - the access is what is tested


def test_nothing_is_loaded_before_it_is_used() -> None:
    script = "import graph_service, sys; graph_service.BuildSettings(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "graph_service.settings" in loaded
    assert not {"fastapi", "rdflib", "numpy", "pyoxigraph", "pyshacl_turbo", "owlrl"} & set(loaded)
