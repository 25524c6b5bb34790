"""Lines of a data set: an exchange gives what sorting everything gives."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.rdf.terms import Quad, iri, literal
from graph_service.snapshots.lines import lines_of

NAMES = st.text("abä日😀~", min_size=1, max_size=2).map(lambda name: iri(f"http://example.org/{name}"))
VALUES = st.text('ab\u0085\u2028\r\n" ', max_size=3).map(literal)
QUADS = st.sets(st.builds(Quad, NAMES, NAMES, NAMES | VALUES, NAMES), max_size=12)


@settings(max_examples=40, deadline=None)
@given(before=QUADS, more=st.integers(0, 700), new=QUADS, gone=QUADS, numbers=st.sets(st.integers(0, 700)))
def test_any_exchange(before: set[Quad], more: int, new: set[Quad], gone: set[Quad], numbers: set[int]) -> None:
    """Of several blocks, and of none."""
    name = iri("http://example.org/p")
    before |= {Quad(iri(f"http://example.org/{number}"), name, name, name) for number in range(more)}
    gone |= {quad for quad in before if any(str(number) in quad.subject for number in numbers)}
    after = (before - gone) | new
    exchanged = lines_of(before).exchange(new, gone)
    expected = "".join(sorted(f"{quad}\n" for quad in after)).encode()
    assert b"".join(exchanged) == b"".join(lines_of(after)) == expected
    for quad in before | new:
        same = {other for other in after if other[:2] == quad[:2]}
        assert set(exchanged.beginning(quad.subject, quad.predicate)) == same
