"""The cache of answers: its bounds, entity tags, what is never kept."""

from __future__ import annotations

import pytest

from graph_service.http.protocol.cache import Cache, CachedAnswer, Recent, entity_tag, matches, volatile


def entry(size: int) -> CachedAnswer:
    return CachedAnswer((), b"x" * size)


def test_the_cache_keeps_to_its_bytes() -> None:
    cache = Cache(capacity=10_000, largest=4000)
    for number in range(100):
        cache.put(str(number), entry(2000))
        assert cache.size <= 10_000
    assert len(cache) == 3
    assert cache.get("99") is not None
    assert cache.get("0") is None


def test_the_least_recently_used_leaves_first() -> None:
    cache = Cache(capacity=8000, largest=4000)
    for name in "abc":
        cache.put(name, entry(2000))
    assert cache.get("a") is not None
    cache.put("d", entry(2000))
    assert [cache.get(name) is not None for name in "abcd"] == [True, False, True, True]


def test_too_large_an_answer_is_not_kept() -> None:
    cache = Cache(capacity=10_000, largest=4000)
    cache.put("a", entry(4001))
    assert len(cache) == 0
    nothing = Cache(capacity=0, largest=4000)
    nothing.put("a", entry(1))
    assert len(nothing) == 0


def test_the_memory_of_requests_is_bounded() -> None:
    recent: Recent[int, int] = Recent(10)
    for number in range(1000):
        recent.put(number, number)
    assert recent.get(999) == 999
    assert recent.get(989) is None


def test_parts_of_a_tag_cannot_run_into_each_other() -> None:
    assert entity_tag("ab", "c") != entity_tag("a", "bc")
    assert entity_tag("a", "") != entity_tag("", "a")
    assert entity_tag("\ud800") != entity_tag("?")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b",W/"a" ', True),
        ('"b"', False),
        ("a", False),
        ("", False),
        ("*", False),
    ],
)
def test_if_none_match(condition: str, expected: bool) -> None:
    assert matches(condition, '"a"') is expected


@pytest.mark.parametrize("call", ["now()", "RAND ( )", "N\\u004FW()"])
def test_volatile(call: str) -> None:
    assert volatile(f"SELECT ({call} AS ?t) {{}}")
    assert not volatile("SELECT * { ?nowhere ?brand ?uuids }")
