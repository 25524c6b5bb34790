"""What only large networks come to: several blocks, double precision, edges beyond the limit."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.networks import Isolates, Measure, Mode, Normalisation, Specification, Statements, network
from graph_service.networks.computing import edges, products
from graph_service.networks.specification import ONE_MODE


def large(actors: int = 700, statements: int = 6_000) -> Statements:
    """More actors than a block has rows."""
    chance = np.random.default_rng(7)
    columns = {
        "actor": [f"a{each:04}" for each in chance.integers(0, actors, statements)],
        "concept": [f"c{each}" for each in chance.integers(0, 40, statements)],
        "level": [str(each - 1) for each in chance.integers(0, 3, statements)],
        "document": [f"d{each}" for each in chance.integers(0, 5, statements)],
    }
    return Statements.from_columns(columns)


@pytest.mark.parametrize("normalisation", ONE_MODE[1])
@pytest.mark.parametrize("measure", ONE_MODE[0])
def test_blocks_make_no_difference(
    measure: Measure, normalisation: Normalisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    specification = Specification(Mode.ACTORS, measure, normalisation, isolates=Isolates.KEEP)
    statements = large()
    several = network(statements, specification).matrix().toarray()
    monkeypatch.setattr(products, "BLOCK_ROWS", 10_000)
    whole = network(statements, specification).matrix().toarray()
    assert np.array_equal(several, whole)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 100))
def test_blocks_cover_each_row_once(n: int, most: int, cells: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(products, "BLOCK_ROWS", most)
        patch.setattr(products, "BLOCK_CELLS", cells)
        ranges = list(products.blocks(n))
    assert [row for start, stop in ranges for row in range(start, stop)] == list(range(n))
    assert all(stop - start == 1 or (stop - start) * (n - start) <= cells for start, stop in ranges)


@pytest.mark.parametrize(("size", "kind"), [(1, np.float32), (3000, np.float64), (0.5, np.float64)])
def test_single_precision_only_where_it_is_exact(size: float, kind: type) -> None:
    """4 · 3000² is more than 2²⁴; halves are no whole numbers."""
    matrix = sp.csr_array(np.full((3, 4), float(size)))
    block = products.Product(matrix, matrix).block(0, 3)
    assert block.dtype == kind
    assert (block == 4 * size * size).all()


@pytest.mark.parametrize("limit", [0, 1, 500, 10_000_000])
def test_the_strongest_are_the_same_whenever_they_are_chosen(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    statements = large()
    specification = Specification(Mode.ACTORS, Measure.SUBTRACT, Normalisation.AVERAGE)
    every = list(network(statements, specification).edges())
    # sorted() is stable: of equally strong edges the first stay.
    expected = sorted(sorted(every, key=lambda edge: -abs(edge.weight))[:limit])
    monkeypatch.setattr(edges, "_ROOM", 0)
    monkeypatch.setattr(products, "BLOCK_ROWS", 16)
    assert list(network(statements, specification.replace(limit=limit)).edges()) == expected
