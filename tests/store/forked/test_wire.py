"""Requests, frames and errors survive the way through a socket, however it cuts them up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import Location, ParameterError, QueryError, QueryRefused, QuerySyntaxError, QueryTimeout
from graph_service.rdf.formats import Form, offered
from graph_service.store import Query
from graph_service.store.forked.wire import (
    ERROR,
    LAST,
    LENGTH,
    PIECE,
    Frames,
    Lines,
    decode_error,
    decode_request,
    encode_error,
    encode_request,
    frame,
    line,
)
from graph_service.store.limits import LimitReached

GRAPHS = st.none() | st.lists(st.text(), max_size=3).map(tuple)


@given(st.text(), st.sampled_from(Form), st.booleans(), GRAPHS, GRAPHS)
def test_requests(
    text: str, form: Form, inferred: bool, default: tuple[str, ...] | None, named: tuple[str, ...] | None
) -> None:
    for format_ in offered(form):
        query = Query(text, form, format_, inferred, default, named)
        data = encode_request(query)
        assert LENGTH.unpack_from(data)[0] == len(data) - LENGTH.size
        assert decode_request(data[LENGTH.size :]) == query


@given(st.lists(st.tuples(st.sampled_from([PIECE, LAST, ERROR]), st.binary())), st.integers(1, 20))
def test_frames(content: list[tuple[int, bytes]], step: int) -> None:
    data = b"".join(frame(kind, payload) for kind, payload in content)
    frames, found = Frames(), []
    for start in range(0, len(data), step):
        frames.feed(data[start : start + step])
        while (one := frames.next()) is not None:
            found.append(one)
    assert found == content


@given(st.lists(st.dictionaries(st.text(), st.integers())), st.integers(1, 20))
def test_lines(messages: list[dict[str, int]], step: int) -> None:
    data = b"".join(map(line, messages))
    lines = Lines()
    assert [one for start in range(0, len(data), step) for one in lines.feed(data[start : start + step])] == messages


@pytest.mark.parametrize(
    "error",
    [
        QuerySyntaxError("no", where=Location(line=3, column=7), hint="yes"),
        QueryRefused("no"),
        ParameterError("no"),
        QueryTimeout("no"),
        QueryError("no"),
        LimitReached("no", reason="rows", limit=5, hint="page"),
    ],
)
def test_errors(error: QueryError) -> None:
    found = decode_error(encode_error(error))
    assert (type(found), str(found), vars(found)) == (type(error), str(error), vars(error))
