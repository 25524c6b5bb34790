"""Facets against counting one thing after the other."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from graph_service.views.facets import Facets

VALUES = st.sets(st.sampled_from("abc"))
THINGS = st.lists(st.fixed_dictionaries({"x": VALUES, "y": VALUES}), max_size=12)
CHOSEN = st.fixed_dictionaries({"x": VALUES.map(sorted), "y": VALUES.map(sorted)})


@given(THINGS, CHOSEN, st.none() | st.sets(st.integers(0, 15).map(str)))
def test_narrowed_and_counted(
    things: list[dict[str, set[str]]], chosen: dict[str, list[str]], among: set[str] | None
) -> None:
    named = {str(place): fields for place, fields in enumerate(things)}

    def kept(names: str) -> list[str]:
        return [
            one
            for one, fields in named.items()
            if (among is None or one in among)
            and all(not chosen[name] or fields[name] & set(chosen[name]) for name in names)
        ]

    facets = Facets(named.items())
    assert facets.narrowed(chosen, among) == kept("xy")
    assert facets.counts("x", chosen, among) == Counter(value for one in kept("y") for value in named[one]["x"])
