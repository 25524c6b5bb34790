"""Proofs are checked against data, whatever somebody has written into them."""

from __future__ import annotations

from typing import Any

import pytest

from graph_service.catalogue.queries import QueryFile
from graph_service.explaining.checker import ProofRejected
from graph_service.explaining.explanation import Explainer
from graph_service.explaining.verifying import verify_proof
from graph_service.snapshots.snapshot import Snapshot
from graph_service.store.embedded import EmbeddedStore
from tests.conftest import ROOT

GOAL = ("id/actor/paritaet-sachsen", "mp:hasPlaceIn", "id/actor/liga-sachsen")


@pytest.fixture(scope="module")
def store(shipped_snapshot: Snapshot) -> EmbeddedStore:
    return EmbeddedStore.open(shipped_snapshot.path)


@pytest.fixture
def proof(shipped_snapshot: Snapshot) -> dict[str, Any]:
    explainer = Explainer(shipped_snapshot, QueryFile(ROOT / "queries/evidence/places.rq"))
    return explainer.json(explainer.explain(*GOAL))


def leaf_of(proof: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(node for node in proof["nodes"] if "graphs" in node)
    return found


def test_a_proof_holds_in_its_data(shipped_snapshot: Snapshot, store: EmbeddedStore, proof: dict[str, Any]) -> None:
    names = shipped_snapshot.manifest.names
    proved = verify_proof(proof, store, names)
    assert proved == verify_proof({"dataset": "", "proof": proof}, store, names)
    assert proved is not None
    assert [term[1:-1] for term in proved] == [names.expand(name) for name in GOAL]


@pytest.mark.parametrize(
    "subject", ["<urn:x-other>", "?any", "_:any", "<urn:a> <urn:b> <urn:c> .\n<urn:d>", '"text"', "", 7, None]
)
def test_a_leaf_that_is_not_in_the_data_is_found(
    shipped_snapshot: Snapshot, store: EmbeddedStore, proof: dict[str, Any], subject: object
) -> None:
    leaf_of(proof)["triple"]["s"] = subject
    with pytest.raises(ProofRejected):
        verify_proof(proof, store, shipped_snapshot.manifest.names)


def test_what_was_inferred_is_no_leaf(shipped_snapshot: Snapshot, store: EmbeddedStore, proof: dict[str, Any]) -> None:
    names = shipped_snapshot.manifest.names
    (conclusion,) = (node for node in proof["nodes"] if node["id"] == proof["conclusion"])
    leaf = {"id": 1, "triple": conclusion["triple"], "graphs": [names.inferred_graph]}
    with pytest.raises(ProofRejected, match="not stated"):
        verify_proof({"conclusion": 1, "nodes": [leaf]}, store, names)


@pytest.mark.parametrize(
    "change",
    [
        {"graphs": [{}]},
        {"graphs": 3},
        {"rule": {}, "premises": []},
        {"rule": "cax-sco", "premises": [{}]},
        {"triple": 5},
        {"id": []},
    ],
)
def test_what_is_no_proof_is_told(
    shipped_snapshot: Snapshot, store: EmbeddedStore, proof: dict[str, Any], change: dict[str, Any]
) -> None:
    leaf_of(proof).update(change)
    contents: tuple[dict[str, Any], ...] = (proof, {"proof": []}, {"proof": "text"}, {"nodes": {}})
    for content in contents:
        with pytest.raises(ProofRejected):
            verify_proof(content, store, shipped_snapshot.manifest.names)
