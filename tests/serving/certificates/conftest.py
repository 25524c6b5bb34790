"""Two editions in use, and another machine's copy of the first."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from graph_service.catalogue.query_files import QueryFiles
from graph_service.rdf.terms import Quad
from graph_service.serving.replaying import Replay
from graph_service.snapshots import sealed
from graph_service.snapshots.draft import Draft, put_into_use
from graph_service.snapshots.lines import lines_of
from graph_service.snapshots.snapshot import Snapshot, open_snapshot
from tests.http.processes import served
from tests.snapshot_servers import QUERIES

from .asking import SPD


def changed(quad: Quad) -> Quad:
    """The statement with another label of one party."""
    return quad._replace(object=quad.object.replace("SPD", "S.P.D.")) if quad.subject == SPD else quad


@pytest.fixture(scope="package")
def editions(shipped_snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> tuple[Snapshot, Snapshot]:
    """The shipped data, and an edition in which a label was changed, which is in use."""
    root = tmp_path_factory.mktemp("editions")
    shutil.copytree(shipped_snapshot.path, root / shipped_snapshot.path.name)
    first = put_into_use(open_snapshot(root / shipped_snapshot.path.name))
    sources = {record: [first.content(record)] for record in first.manifest.sources}
    with Draft(root, lines_of(map(changed, first.quads())), sources) as draft:
        content = json.loads((first.path / "manifest.json").read_text())
        content |= {"digest": draft.digest, "fingerprint": draft.digest}
        del content["sha256"]
        (draft.path / "manifest.json").write_text(sealed.sealed(content))
        second = draft.publish()
    assert second.digest != first.digest
    return first, second


@pytest.fixture(scope="package")
def visitor(editions: tuple[Snapshot, Snapshot]) -> Iterator[httpx2.Client]:
    """Somebody who visits the service as it runs, with the first edition below `/edition/…`."""
    with served(editions[1].path, follow=True) as service, service.client() as client:
        yield client


@pytest.fixture(scope="package")
def copy(editions: tuple[Snapshot, Snapshot], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another machine's copy of the first edition."""
    return shutil.copytree(editions[0].path, tmp_path_factory.mktemp("copy") / "copied")


@pytest.fixture(scope="package")
def replay(copy: Path) -> Replay:
    return Replay(open_snapshot(copy), QueryFiles((QUERIES,)))


@pytest.fixture(scope="package")
def first(editions: tuple[Snapshot, Snapshot]) -> str:
    """The address of the first edition."""
    return f"/edition/{editions[0].digest}"
