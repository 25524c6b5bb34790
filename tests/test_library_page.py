"""The blocks of docs/library.md run one after the other, and show what they say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import rdflib

from graph_service.snapshots.snapshot import Snapshot
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


# rdflib 7.6 uses what it calls deprecated itself.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_library_does_what_its_page_shows(
    shipped_snapshot: Snapshot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "snapshots").symlink_to(shipped_snapshot.path.parent)
    monkeypatch.chdir(tmp_path)
    known: dict[str, Any] = {}
    for text in BLOCKS:
        exec(compile(text, "library.md", "exec"), known)
        assert capsys.readouterr().out.strip()
    assert known["snapshot"] == shipped_snapshot
    assert len(known["dataset"]) == sum(shipped_snapshot.manifest.graphs.values())
    assert len(known["stated"]) == shipped_snapshot.manifest.graphs[str(known["paper"])]
    example = rdflib.Namespace("https://example.org/")
    assert set(known["inferred"]) == {(example.working_group, example.partOf, example.council)}
