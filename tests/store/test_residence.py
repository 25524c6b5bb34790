"""What memory there is: the machine's, unless a control group allows less."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graph_service.store import residence

MACHINE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@pytest.mark.parametrize(
    ("path", "limits", "expected"),
    [
        ("/", {"": "1000\n"}, 1000),  # within a container
        ("/system.slice/graph.service", {"system.slice/graph.service": "2000\n"}, 2000),
        ("/system.slice/graph.service", {"system.slice": "500\n", "system.slice/graph.service": "max\n"}, 500),
        ("/user.slice", {"user.slice": "max\n"}, MACHINE),
        ("/user.slice", {"user.slice": f"{2 * MACHINE}\n"}, MACHINE),
    ],
)
def test_the_least_limit_counts(tmp_path: Path, path: str, limits: dict[str, str], expected: int) -> None:
    own, groups = tmp_path / "own", tmp_path / "groups"
    own.write_text(f"4:memory:/elsewhere\n0::{path}\n")
    for name, text in limits.items():
        (groups / name).mkdir(parents=True, exist_ok=True)
        (groups / name / "memory.max").write_text(text)
    assert residence.memory(own, groups) == expected


def test_where_there_are_no_groups_it_is_the_machine(tmp_path: Path) -> None:
    assert residence.memory(tmp_path / "none", tmp_path) == MACHINE


def test_data_fit_by_their_size(tmp_path: Path) -> None:
    (tmp_path / "quads.nq").write_bytes(b"\0" * 1_000_000)
    assert residence.fits(tmp_path, 3)
    assert not residence.fits(tmp_path, 2)
