"""Figures of nodes: what they say of small networks, and that they say it again."""

from __future__ import annotations

import numpy as np
import pytest

from graph_service.errors import LimitExceeded, ParameterError
from graph_service.networks import Figure, Network, Specification, Statements, network, node_figures, with_figures


def discourse(*pairs: str, measure: str = "congruence", mode: str = "actors") -> Network:
    """A network in which each pair such as `A-B` shares a concept of its own; `A!B` are opposed on it."""
    rows = []
    for pair in pairs:
        for actor, level in ((pair[0], "1"), (pair[2], "0" if pair[1] == "!" else "1")):
            rows.append({"actor": actor, "concept": pair, "level": level, "document": "d"})
    specification = Specification(mode=mode, measure=measure)  # type: ignore[arg-type]
    return network(Statements.from_rows(rows, binary=True), specification)


TWO_CAMPS = ("A-B", "A-C", "B-C", "C-D", "D-E", "D-F", "E-F")


def test_figures_of_two_camps() -> None:
    made = with_figures(discourse(*TWO_CAMPS)).attributes
    assert made["kind"].tolist() == ["actor"] * 6
    assert made["statements"].tolist() == made["degree"].tolist() == [2, 2, 3, 3, 2, 2]
    assert made["strength"].tolist() == [2.0, 2.0, 3.0, 3.0, 2.0, 2.0]
    assert made["community"].tolist() == [0, 0, 0, 1, 1, 1]
    # Of the 10 pairs without C, C lies between {A, B} and {D, E, F}: 6.
    assert made["betweenness"].tolist() == [0, 0, 0.6, 0.6, 0, 0]
    assert made["pagerank"].sum() == pytest.approx(1)
    assert made["pagerank"][2] == made["pagerank"].max()


def test_conflict_is_no_path() -> None:
    made = with_figures(discourse("A-B", "B!C", "C-D", measure="subtract")).attributes
    assert made["degree"].tolist() == [1, 2, 2, 1]
    assert made["strength"].tolist() == [1, 0, 0, 1]
    assert made["community"].tolist() == [0, 0, 1, 1]
    assert not made["betweenness"].any()


def test_two_modes_have_figures_of_both() -> None:
    made = with_figures(discourse("A-B", "A-C", mode="two-mode", measure="ignore"))
    assert made.attributes["kind"].tolist() == ["actor"] * 3 + ["concept"] * 2
    assert made.attributes["statements"].tolist() == [2, 1, 1, 2, 2]
    assert made.attributes["degree"].tolist() == [2, 1, 1, 2, 2]


def test_the_same_network_has_the_same_figures() -> None:
    first, second = (with_figures(discourse(*TWO_CAMPS)).attributes for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in Figure)


def test_large_networks_are_estimated_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_figures, "BETWEENNESS_STEPS", 35)
    made = with_figures(discourse(*TWO_CAMPS), ["betweenness"])
    assert made.notes["betweenness_pivots"] == 6
    monkeypatch.setattr(node_figures, "MOST_EDGES", 6)
    assert with_figures(discourse(*TWO_CAMPS), ["degree"]).attributes["degree"].sum() == 14
    with pytest.raises(LimitExceeded, match="at most 6 edges, not 7"):
        with_figures(discourse(*TWO_CAMPS), ["community"])
    with pytest.raises(ParameterError, match="no figure 'beauty'"):
        with_figures(discourse(*TWO_CAMPS), ["beauty"])


def test_a_network_without_nodes_has_figures_too() -> None:
    made = with_figures(network(Statements.from_rows([]), Specification()))
    assert {len(values) for values in made.attributes.values()} == {0}
