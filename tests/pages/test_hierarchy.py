"""Trees of hierarchies that are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from graph_service.pages.hierarchy import Branch, tree

NAMES = [str(number) for number in range(40)]
HIERARCHIES = st.dictionaries(
    st.sampled_from(["", *NAMES]), st.lists(st.sampled_from(NAMES), unique=True, max_size=6), max_size=40
)


def walked(branches: Sequence[Branch], depth: int = 1) -> Iterator[tuple[Branch, int]]:
    for branch in branches:
        yield branch, depth
        yield from walked(branch.below, depth + 1)


@given(HIERARCHIES)
def test_everything_stands_once_with_what_is_below_it(children: dict[str, list[str]]) -> None:
    found = [*walked(tree(children, NAMES))]
    first = [branch for branch, _ in found if branch.is_first]
    assert sorted(branch.iri for branch in first) == sorted(NAMES)
    for branch in first:
        below = [one.iri for one in branch.below]
        assert below == children.get(branch.iri, [])
    assert all(not branch.below for branch, _ in found if not branch.is_first)
    assert len(found) <= len(NAMES) + sum(map(len, children.values()))


def test_a_diamond_of_many_layers_and_a_circle_end() -> None:
    layers = {f"{at}{side}": [f"{at + 1}a", f"{at + 1}b"] for at in range(100) for side in "ab"}
    children = {"": ["0a", "0b"], **layers, "100a": ["0a"], "alone": ["other"], "other": ["alone"]}
    found = [*walked(tree(children, [*children, "100b"]))]
    assert len(found) < 500
    assert max(depth for _, depth in found) < 30
    assert [branch.iri for branch, _ in found].count("alone") == 2
