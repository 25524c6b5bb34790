"""Content negotiation: the standard's own examples as a table, and properties that hold for any field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.http.protocol import negotiation
from graph_service.http.protocol.negotiation import HTML, choose, encoding, language, named
from graph_service.rdf.formats import BOOLEANS, GRAPHS, RESULTS, Format

ALL = (*RESULTS, *GRAPHS, HTML)
# RFC 9110, section 12.5.1: the last example and its table, as far as it is about types without parameters.
EXAMPLE = "text/*;q=0.3, text/plain;q=0.7, text/html, */*;q=0.5"


@pytest.mark.parametrize(
    ("accept", "offers", "name"),
    [
        ("", RESULTS, "json"),
        ("*/*", RESULTS, "json"),
        ("*", RESULTS, "json"),
        ("text/csv", RESULTS, "csv"),
        ("TEXT/CSV", RESULTS, "csv"),
        ("text/csv;q=0.5, application/sparql-results+xml", RESULTS, "xml"),
        ("text/csv ; q=0.9 , text/tab-separated-values ; q=0.8", RESULTS, "csv"),
        ("application/json", RESULTS, "json"),
        ("application/json", GRAPHS, "jsonld"),
        ("application/xml", GRAPHS, "rdfxml"),
        ("text/*", RESULTS, "csv"),
        ("text/*", GRAPHS, "turtle"),
        ("application/*", GRAPHS, "ntriples"),
        ("*/*;q=0.1, text/csv;q=0.0", RESULTS, "json"),
        ("application/sparql-results+json;q=0, */*", RESULTS, "xml"),
        ("application/sparql-results+json;q=0, application/json", RESULTS, None),
        ("text/csv, */*", RESULTS, "csv"),
        ("text/csv, application/sparql-results+json", RESULTS, "json"),
        ("text/html", RESULTS, None),
        ("text/csv", BOOLEANS, None),
        ("text/csv;q=0", RESULTS, None),
        ("*/*;q=0", RESULTS, None),
        ("text/*;q=0, */*", GRAPHS, "ntriples"),
        ("text/turtle;q=0, text/*;q=0.1", GRAPHS, None),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x";q=0.8', GRAPHS, "jsonld"),
        ("text/turtle;charset=utf-8", GRAPHS, "turtle"),
        ("text/turtle;q=abc", GRAPHS, "turtle"),
        ("text/turtle;q=1.5, application/n-triples;q=0.1", GRAPHS, "ntriples"),
        (",,,", RESULTS, "json"),
        (EXAMPLE, (HTML, Format("plain", "text/plain", "txt")), "html"),
        (EXAMPLE, (Format("jpeg", "image/jpeg", "jpg"), Format("csv", "text/csv", "csv")), "jpeg"),
        (EXAMPLE, (Format("jpeg", "image/jpeg", "jpg"), Format("plain", "text/plain", "txt")), "plain"),
        # What browsers send.
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", (*GRAPHS, HTML), "html"),
    ],
)
def test_accept(accept: str, offers: tuple[Format, ...], name: str | None) -> None:
    chosen = choose(accept, offers)
    assert (chosen.name if chosen else None) == name


@pytest.mark.parametrize(
    ("value", "offers", "name"),
    [
        ("json", RESULTS, "json"),
        ("json", GRAPHS, "jsonld"),
        ("JSON", RESULTS, "json"),
        ("xml", RESULTS, "xml"),
        ("xml", GRAPHS, "rdfxml"),
        ("srx", RESULTS, "xml"),
        ("ttl", GRAPHS, "turtle"),
        ("nt", GRAPHS, "ntriples"),
        ("n3", GRAPHS, "turtle"),
        ("json-ld", GRAPHS, "jsonld"),
        ("rdf+xml", GRAPHS, "rdfxml"),
        ("rdf", GRAPHS, "rdfxml"),
        ("text/csv", RESULTS, "csv"),
        ("application/sparql-results+json", RESULTS, "json"),
        ("application/sparql-results json", RESULTS, "json"),
        ("jsonld,application/ld+json,application/x-json+ld", GRAPHS, "jsonld"),
        ("application/x-unknown, csv, json", RESULTS, "csv"),
        ("csv", BOOLEANS, None),
        ("pdf", RESULTS, None),
        ("", RESULTS, None),
    ],
)
def test_format_parameter(value: str, offers: tuple[Format, ...], name: str | None) -> None:
    chosen = named(value, offers)
    assert (chosen.name if chosen else None) == name


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("deflate, br", "identity"),
        ("identity;q=1, gzip;q=0.5", "identity"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0.001", "gzip"),
        ("*", "zstd"),
        ("zstd;q=0, *", "gzip"),
        ("identity;q=0", None),
        ("*;q=0", None),
        ("br, *;q=0", None),
        ("identity, *;q=0", "identity"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
    ],
)
def test_accept_encoding(field: str, expected: str | None) -> None:
    assert encoding(field) == expected


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("fr, de;q=0.1", "de"),
        ("fr", "en"),
        ("en;q=0.5, de;q=0.6", "de"),
        ("*", "en"),
        ("en;q=0, *", "de"),
        ("de;q=0", "en"),
    ],
)
def test_accept_language(field: str, expected: str) -> None:
    assert language(field, ("en", "de")) == expected


tokens = st.text(st.characters(codec="latin-1"), max_size=80)
types = st.sampled_from(
    [t for offer in ALL for t in (offer.media_type, *offer.aliases)] + ["text/*", "*/*", "image/png"]
)
qualities = st.integers(0, 1000).map(lambda n: n / 1000)
elements = st.tuples(types, qualities)


def field_of(pairs: list[tuple[str, float]]) -> str:
    return ", ".join(f"{name};q={quality:.3f}" for name, quality in pairs)


@given(tokens)
def test_any_field_is_read(field: str) -> None:
    for offers in (RESULTS, BOOLEANS, GRAPHS):
        chosen = choose(field, offers)
        assert chosen is None or chosen in offers
    assert encoding(field) in (*negotiation.ENCODINGS, None)
    assert language(field, ("en", "de")) in ("en", "de")
    assert named(field, RESULTS) in (*RESULTS, None)


@given(tokens)
def test_splitting_loses_nothing(field: str) -> None:
    assert ",".join(negotiation.split_list(field)) == field


@given(st.lists(elements, min_size=1, unique_by=lambda pair: pair[0]), st.permutations(ALL))
def test_order_of_elements_does_not_matter(pairs: list[tuple[str, float]], offers: list[Format]) -> None:
    assert choose(field_of(pairs), tuple(offers)) == choose(field_of(pairs[::-1]), tuple(offers))


@given(st.lists(elements, min_size=1, unique_by=lambda pair: pair[0]))
def test_the_choice_has_the_best_quality(pairs: list[tuple[str, float]]) -> None:
    """Against a naive reading of the standard: most specific range first, aliases standing for their format."""
    ranges = dict(pairs)

    def quality(offer: Format) -> float:
        if offer.media_type in ranges:
            return ranges[offer.media_type]
        aliased = [ranges[alias] for alias in offer.aliases if alias in ranges]
        if aliased:
            return max(aliased)
        return ranges.get(offer.media_type.split("/")[0] + "/*", ranges.get("*/*", 0.0))

    chosen = choose(field_of(pairs), ALL)
    best = max(map(quality, ALL))
    assert (quality(chosen) if chosen else 0.0) == best


@given(st.sampled_from(RESULTS), st.lists(elements))
def test_what_is_refused_is_not_sent(refused: Format, pairs: list[tuple[str, float]]) -> None:
    others = [(name, quality) for name, quality in pairs if name not in (refused.media_type, *refused.aliases)]
    assert choose(field_of([*others, (refused.media_type, 0.0)]), RESULTS) != refused


def test_a_hostile_field_is_read_in_linear_time() -> None:
    import time

    started = time.process_time()
    choose('"\\' * 50_000, RESULTS)
    choose("a/b;q=" + "1" * 100_000, RESULTS)
    choose("text/csv," * 20_000, RESULTS)
    assert time.process_time() - started < 0.5
