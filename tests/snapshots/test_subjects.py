"""Subjects by their beginning: as a walk over all lines finds them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.snapshots.snapshot import QUADS
from graph_service.snapshots.subjects import subjects_from

NAMES = st.text("ab#/ä~", min_size=1, max_size=4)


@given(st.sets(NAMES, max_size=12), NAMES, st.integers(0, 300))
def test_all_and_no_others(tmp_path_factory: pytest.TempPathFactory, names: set[str], wanted: str, length: int) -> None:
    """Wherever the lines lie, whatever their length."""
    directory = tmp_path_factory.mktemp("subjects")
    lines = [f'<x:{name}> <x:p> "{"v" * (length if n else 0)}{n}" <x:g> .\n' for name in names for n in range(2)]
    _write(directory, lines)
    expected = sorted(f"x:{name}" for name in names if name.startswith(wanted))
    assert sorted(subjects_from(directory, f"x:{wanted}")) == expected


def test_an_empty_data_set_has_none(tmp_path: Path) -> None:
    _write(tmp_path, [])
    assert list(subjects_from(tmp_path, "x:")) == []


def _write(directory: Path, lines: list[str]) -> None:
    (directory / QUADS).write_text("".join(sorted(lines)), encoding="utf-8", newline="\n")
