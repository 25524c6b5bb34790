"""Rows of a coding sheet that is right, and where they are imported to."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.importing.sheets import TEMPLATE, Rows


@pytest.fixture
def rows() -> Rows:
    with TEMPLATE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "data"
