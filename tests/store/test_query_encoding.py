"""A query reaches a worker as it was asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph_service.rdf.formats import Form, offered
from graph_service.store import Query
from graph_service.store.forked import decode_query, encode_query

GRAPHS = st.none() | st.lists(st.text(), max_size=3).map(tuple)


@given(st.text(), st.sampled_from(Form), st.booleans(), GRAPHS, GRAPHS)
def test_a_query_survives_the_way_to_a_worker(
    text: str, form: Form, inferred: bool, default: tuple[str, ...] | None, named: tuple[str, ...] | None
) -> None:
    for format_ in offered(form):
        query = Query(text, form, format_, inferred, default, named)
        data = encode_query(query)
        assert decode_query(data) == query
