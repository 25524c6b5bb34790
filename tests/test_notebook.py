"""The blocks of docs/notebook.md run one after the other, as in a notebook, and show what they say."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import rdflib

from graph_service.snapshots.snapshot import Snapshot
from tests.conftest import ROOT
from tests.http.servers import Running

PAGE = (ROOT / "docs" / "notebook.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python( pandas)?\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


# rdflib 7.6 and SPARQLWrapper 2.0 use what they or Python call deprecated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_notebook_runs(
    server: Running,
    shipped_snapshot: Snapshot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "snapshots").symlink_to(shipped_snapshot.path.parent)
    monkeypatch.chdir(tmp_path)
    known: dict[str, Any] = {}
    for needs_pandas, text in BLOCKS:
        if needs_pandas and importlib.util.find_spec("pandas") is None:
            continue
        exec(compile(text.replace("http://localhost:8000", server.url), "notebook.md", "exec"), known)
        assert capsys.readouterr().out.strip()
    assert known["snapshot"] == shipped_snapshot
    assert len(known["dataset"]) == sum(shipped_snapshot.manifest.graphs.values())
    assert len(known["stated"]) == shipped_snapshot.manifest.graphs[str(known["paper"])]
    example = rdflib.Namespace("https://example.org/")
    assert set(known["inferred"]) == {(example.working_group, example.partOf, example.council)}
    assert len(known["rows"]) > 3
    if "table" in known:
        assert list(known["table"]["addressee"]) == [row["addressee"]["value"] for row in known["rows"]]
