"""Requests, frames and errors survive the way through a socket, however it cuts them up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.errors import Location, ParameterError, QueryError, QuerySyntaxError
from graph_service.rdf.query_limits import LimitReached
from graph_service.workers.wire import (
    ERROR,
    LAST,
    PIECE,
    Frames,
    Lines,
    decode_error,
    encode_error,
    frame,
    line,
)


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
        ParameterError("no", nearest=["now", "not"]),
        QueryError("no"),
        *(error("no", hint="yes") for error in QueryError.__subclasses__()),
        LimitReached("no", reason="rows", limit=5, hint="page"),
    ],
)
def test_errors(error: QueryError) -> None:
    found = decode_error(encode_error(error))
    assert (type(found), str(found), vars(found)) == (type(error), str(error), vars(error))
