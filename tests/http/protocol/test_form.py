"""Parameters of a request: strictly UTF-8, the same in one piece and in many."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.http.protocol import request
from graph_service.http.protocol.problems import RequestError
from graph_service.http.protocol.request import form_parameters, long_form_parameters

PAIRS = st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=4)


@given(PAIRS)
def test_pairs_come_back(pairs: list[tuple[str, str]]) -> None:
    encoded = urlencode(pairs).encode()
    assert form_parameters(encoded) == pairs
    assert asyncio.run(long_form_parameters(encoded)) == pairs


@given(st.binary(max_size=40), st.integers(3, 9))
def test_pieces_make_no_difference(encoded: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(request, "_PIECE", size)
        results: list[object] = []
        for read in (form_parameters, lambda text: asyncio.run(long_form_parameters(text))):
            try:
                results.append(read(encoded))
            except RequestError as error:
                results.append(error.status)
    assert results[0] == results[1]


def test_as_browsers_write_them() -> None:
    encoded = b"a=1+2%2B&b=%C3%A4%&c=%zz=x&&d"
    assert form_parameters(encoded) == parse_qsl(encoded.decode(), keep_blank_values=True)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(RequestError, match="not UTF-8"):
        form_parameters(b"a=%ff")
    with pytest.raises(RequestError, match="more than 1000"):
        form_parameters(b"&" * 1000)
