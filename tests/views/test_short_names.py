"""Long names lose their middle, and stay different from each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph_service.views.short_names import shortened


def test_names_that_begin_alike_stay_different() -> None:
    names = {
        1: "Federal Association of Municipalities",
        2: "Federal Association of Youth Offices",
        3: "Coalition (agreement of 2013)",
        4: "Coalition (agreement of 2018)",
        5: "Short",
    }
    assert shortened(names, 20) == {
        1: "Federal Assoc…lities",
        2: "Federal Asso…Offices",
        3: "Coalition (agr…2013)",
        4: "Coalition (agr…2018)",
        5: "Short",
    }


@given(st.lists(st.text("ab c", min_size=1), unique=True), st.integers(3, 12))
def test_no_two_names_become_one(names: list[str], most: int) -> None:
    found = shortened({name: name for name in names}, most)
    assert len(set(found.values())) == len(names)
    assert all(len(short) <= most or short == name for name, short in found.items())
    assert all(short == name for name, short in found.items() if len(name) <= most)
