"""Content negotiation (RFC 9110, section 12): pure functions from request fields to what is sent.

A range that carries parameters (`application/ld+json;profile=…`) is read as the bare type: RFC 9110, section 12.5.1,
leaves a server free to disregard the preference, and refusing such clients would help nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, wraps
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, cast

from graph_service.rdf.formats import Format

Function = TypeVar("Function", bound=Callable[..., Any])
Encoding: TypeAlias = Literal["identity", "gzip", "zstd"]

HTML = Format("html", "text/html", "html", ("application/xhtml+xml",))
# What is read of one field; a longer one is no preference that a client wrote by hand or by design.
LONGEST_FIELD = 4096
# Best first where a client likes several equally: zstd costs a fifth of gzip's time for the same size.
ENCODINGS: tuple[Encoding, ...] = ("zstd", "gzip", "identity")
# Names that clients use for a format and that are neither its media type nor its file extension.
OTHER_NAMES = {"json-ld": "jsonld", "n3": "turtle", "text/n3": "turtle", "rdf/xml": "rdfxml"}


class WeightedValue(NamedTuple):
    """One element of a list field: its value in lower case, and its quality from 0 to 1."""

    value: str
    quality: float


def split_list(field: str) -> list[str]:
    """The elements of a comma-separated list (RFC 9110, section 5.6.1); commas in quoted strings do not count."""
    if '"' not in field:
        return field.split(",")
    parts, start, quoted, escaped = [], 0, False, False
    for position, character in enumerate(field):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            parts.append(field[start:position])
            start = position + 1
    return [*parts, field[start:]]


def _remembering(function: Function) -> Function:
    """Remember results by what is read of a field, so that giant fields fill no memory."""
    remembered = lru_cache(maxsize=512)(function)

    @wraps(function)
    def call(field: str, *rest: Any) -> Any:
        return remembered(field[:LONGEST_FIELD], *rest)

    return cast(Function, call)


def weighted(field: str) -> Iterator[WeightedValue]:
    """The elements of `Accept`, `Accept-Encoding`, `Accept-Language`; one that breaks the grammar is skipped."""
    for element in split_list(field[:LONGEST_FIELD]):
        value, *parameters = (part.strip() for part in element.split(";"))
        quality = _quality(parameters)
        if value and quality is not None:
            yield WeightedValue(value.lower(), quality)


def _quality(parameters: list[str]) -> float | None:
    """The weight (RFC 9110, section 12.4.2): 1 where none is given, None where it is malformed."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            digits = value.strip()
            if not digits or len(digits) > 5 or digits.strip("0123456789.") or digits.count(".") > 1 or digits == ".":
                return None
            number = float(digits)
            return number if number <= 1 else None
    return 1.0


@_remembering
def _ranges(accept: str) -> dict[str, float]:
    """Media ranges and their qualities; of a range that is named twice the better one counts."""
    ranges: dict[str, float] = {}
    for value, quality in weighted(accept):
        name = "*/*" if value == "*" else value
        if name.count("/") == 1:
            ranges[name] = max(quality, ranges.get(name, 0.0))
    return ranges


def _preference(offer: Format, ranges: dict[str, float]) -> tuple[float, int]:
    """Quality of an offer, and how exactly the client named it: 3 type, 2 alias, 1 `type/*`, 0 `*/*`."""
    if offer.media_type in ranges:
        return ranges[offer.media_type], 3
    aliases = [ranges[alias] for alias in offer.aliases if alias in ranges]
    if aliases:
        return max(aliases), 2
    group = offer.media_type.partition("/")[0] + "/*"
    if group in ranges:
        return ranges[group], 1
    return ranges.get("*/*", 0.0), 0


@_remembering
def choose(accept: str, offers: tuple[Format, ...]) -> Format | None:
    """The offer a client likes best; None where it takes none of them (406).

    Of equal qualities the one that was named more exactly wins, then the order of the offers.

    Args:
        accept: the `Accept` field; empty means no preference (RFC 9110, section 12.5.1).
        offers: what can be sent, preferred one first.
    """
    ranges = _ranges(accept)
    if not ranges:
        return offers[0]
    best, best_rank = None, (0.0, -1)
    for offer in offers:
        rank = _preference(offer, ranges)
        if rank[0] > 0 and rank > best_rank:
            best, best_rank = offer, rank
    return best


def prefers(accept: str, offer: Format, others: tuple[Format, ...]) -> bool:
    """Whether a client likes an offer better than each of the others, by quality alone."""
    ranges = _ranges(accept)
    quality = _preference(offer, ranges)[0]
    return quality > max(_preference(other, ranges)[0] for other in others)


def named(names: str, offers: tuple[Format, ...]) -> Format | None:
    """The offer that `?format=` names, by short name, file extension, media type, alias or subtype.

    Of several names, separated by commas, the first that is offered counts: SPARQLWrapper sends such lists.
    """
    for name in names[:LONGEST_FIELD].lower().split(","):
        # An unencoded `+` of a media type arrives as a space.
        wanted = name.strip().replace(" ", "+")
        offer = _named(OTHER_NAMES.get(wanted, wanted), offers)
        if offer is not None:
            return offer
    return None


def _named(name: str, offers: tuple[Format, ...]) -> Format | None:
    for offer in offers:
        if name in (offer.name, offer.extension, offer.media_type, *offer.aliases):
            return offer
    types = ((offer, media_type) for offer in offers for media_type in (offer.media_type, *offer.aliases))
    return next((offer for offer, media_type in types if name == media_type.partition("/")[2]), None)


@_remembering
def encoding(accept_encoding: str) -> Encoding | None:
    """The content coding to use (RFC 9110, section 12.5.3); None where even `identity` is refused (406)."""
    stated = {"gzip" if coding == "x-gzip" else coding: quality for coding, quality in weighted(accept_encoding)}
    if not stated:
        return "identity"
    wildcard = stated.get("*")
    best: Encoding | None = None
    best_quality = 0.0
    for coding in ENCODINGS:
        quality = stated.get(coding, wildcard)
        if quality is None:
            # Unless it is excluded, identity is acceptable, but less than anything that was asked for.
            quality = 1e-6 if coding == "identity" else 0.0
        if quality > best_quality:
            best, best_quality = coding, quality
    return best


@_remembering
def language(accept_language: str, offers: tuple[str, ...]) -> str:
    """The language to send (RFC 9110, section 12.5.4, by the lookup of RFC 4647, section 3.4); else the first offer.

    A page in a language that was not asked for is better than none, so there is no 406 for languages.
    """
    wanted = sorted(weighted(accept_language), key=lambda item: -item.quality)
    refused = {tag for tag, quality in wanted if quality == 0}
    for tag, quality in wanted:
        if quality == 0:
            continue
        if tag == "*":
            return next((offer for offer in offers if offer not in refused), offers[0])
        parts = tag.split("-")
        for length in range(len(parts), 0, -1):
            if (prefix := "-".join(parts[:length])) in offers:
                return prefix
    return offers[0]
