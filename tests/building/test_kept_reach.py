"""The file that keeps how far violation queries reach is never trusted further than it can be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph_service.building import kept_reach
from graph_service.building.query_patterns import reach_of
from graph_service.snapshots import sealed

QUERY = "SELECT ?x WHERE { ?x a <http://example.org/A> . FILTER NOT EXISTS { ?x <http://example.org/p> ?y } }"


def written(root: Path) -> Path:
    kept_reach.reaches([QUERY], root)
    return root / kept_reach.NAME


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 4096,
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 200_000,
        b'{"sha256": ' + b"9" * 5000 + b"}",
        b'{"a": "\\ud800"}',
    ],
)
def test_what_is_no_such_file_counts_for_nothing(tmp_path: Path, content: bytes) -> None:
    written(tmp_path).write_bytes(content)
    (found,) = kept_reach.reaches([QUERY], tmp_path)
    assert found.reach == reach_of(QUERY)
    assert sealed.read(tmp_path / kept_reach.NAME)


def test_a_part_of_it_counts_for_nothing(tmp_path: Path) -> None:
    whole = written(tmp_path).read_bytes()
    for size in range(0, len(whole) - 2, 7):
        (tmp_path / kept_reach.NAME).write_bytes(whole[:size])
        (found,) = kept_reach.reaches([QUERY], tmp_path)
        assert found.reach == reach_of(QUERY)


@pytest.mark.parametrize(
    "wrong",
    [
        0,
        "x",
        [],
        ["5", []],
        [True, []],
        [5, [[["?x", "?y"], []]]],
        [5, [[["?x", 1, "?y"], []]]],
        [5, [[["", "", ""], [1]]]],
    ],
    ids=json.dumps,
)
def test_what_has_other_types_counts_for_nothing(tmp_path: Path, wrong: Any) -> None:
    path = written(tmp_path)
    path.write_text(sealed.sealed(dict.fromkeys(sealed.read(path), wrong)), encoding="utf-8")
    (found,) = kept_reach.reaches([QUERY], tmp_path)
    assert found.reach == reach_of(QUERY)


def test_a_directory_or_a_link_to_nowhere_costs_only_time(tmp_path: Path) -> None:
    path = tmp_path / kept_reach.NAME
    path.symlink_to(tmp_path / "nowhere")
    assert written(tmp_path).is_file()
    assert not path.is_symlink()
    path.unlink()
    path.mkdir()
    (found,) = kept_reach.reaches([QUERY], tmp_path)
    assert found.reach == reach_of(QUERY)
