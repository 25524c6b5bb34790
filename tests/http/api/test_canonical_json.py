"""Canonical JSON: the examples of RFC 8785, and what is left out."""

from __future__ import annotations

import json
import struct

import pytest

from graph_service.http.api.canonical_json import document, encoded


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
    ],
)
def test_numbers_are_written_as_rfc_8785_has_them(bits: str, text: str) -> None:
    """Appendix B."""
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert encoded(number) == text


def test_members_and_strings_are_written_as_rfc_8785_has_them() -> None:
    """Sections 3.2.2 and 3.2.3."""
    text = r'{"numbers":[4.50,2e-3],"string":"\u20ac$\u000F\u000aA\u0042\u0022\u005c\"\/","literals":[null,true,false]}'
    expected = r'{"literals":[null,true,false],"numbers":[4.5,0.002],"string":"€$\u000f\nAB\"\\\"/"}'
    assert encoded(json.loads(text)) == expected
    names = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert list(json.loads(encoded(names)).values()) == [2, 4, 6, 7, 1, 5, 3]


def test_integers_keep_all_their_digits() -> None:
    assert encoded(2**60 + 1) == "1152921504606846977"


def test_addresses_files_and_last_digits_do_not_count() -> None:
    here = {
        "dataset": "0" * 64,
        "query": "/api/x?format=sparql",
        "items": [{"id": "a", "href": "/api/x/a", "weight": 0.1 + 0.2}],
        "proof": {"nodes": [{"sources": [{"graph": "g", "file": "data/a.ttl", "line": 3}]}]},
    }
    there = {
        "dataset": "1" * 64,
        "query": "/graph/edition/12345678/api/x?format=sparql",
        "items": [{"id": "a", "href": "/graph/api/x/a", "weight": 0.3}],
        "proof": {"nodes": [{"sources": [{"graph": "g", "file": "data/b.ttl", "line": 4}]}]},
    }
    assert document(here).result == document(there).result
    assert document(here).result["rows"] == 1
    other = {**here, "items": [{"id": "a", "href": "/api/x/a", "weight": 0.31}]}
    assert document(other).sha256 != document(here).sha256
    # What is no address of ours stays.
    assert document({"href": "https://a.example"}).sha256 != document({"href": "https://b.example"}).sha256


def test_a_page_with_another_one_behind_it_is_not_whole() -> None:
    assert document({"items": [], "next": None}).result["whole"]
    assert not document({"items": [], "next": "/api/x?after=y"}).result["whole"]
