"""Snapshots that the tests of the store share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.snapshots import INFERRED, Writer, write_snapshot


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Writer:
    """Writes snapshots into a directory of their own."""
    return lambda lines: write_snapshot(tmp_path_factory.mktemp("snapshot"), lines)


@pytest.fixture(scope="session")
def people(snapshot: Writer) -> Path:
    """Thousand people who know the next, in ten graphs, with what follows from it in the graph of inferred triples."""
    lines = []
    for number in range(1000):
        graph = f"<http://e/graph/{number % 10}>"
        lines.append(f'<http://e/p{number:04}> <http://e/name> "Person {number}"@en {graph} .')
        lines.append(f"<http://e/p{number:04}> <http://e/knows> <http://e/p{(number + 1) % 1000:04}> {graph} .")
        lines.append(f"<http://e/p{number:04}> <http://e/type> <http://e/Person> <{INFERRED}> .")
    return snapshot(lines)
