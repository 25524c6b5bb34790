"""Different terms are counted in files of ranges as in one set."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.snapshots import figures


@settings(max_examples=30)
@given(terms=st.lists(st.text(max_size=2), max_size=300), most=st.integers(1, 50))
def test_different_terms_are_counted(terms: list[str], most: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = Path(tmp_path_factory.getbasetemp(), "figures")
    directory.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch, ExitStack() as files:
        patch.setattr(figures, "_HASHES", most)
        counted = figures._Distinct(directory, files)
        for term in terms:
            counted.add(term)
        assert len(counted) == len(set(terms))
        assert len(counted) == len(set(terms)), "asked twice"
    assert not [*directory.iterdir()], "files without a name"
