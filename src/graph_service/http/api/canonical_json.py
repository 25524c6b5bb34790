"""Answers of the API in canonical form: the JSON Canonicalization Scheme (RFC 8785), without what varies by chance.

Left out are addresses within the service, which depend on the path below which it is served, files with their lines,
which are no part of the data, and the digest of the edition, which stands in the certificate. Fractions have twelve
digits: the last ones depend on the processor.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from graph_service.rdf.canonical import CanonicalAnswer

_ADDRESSES = frozenset(("query", "next", "href", "explain"))
_EDITION, _SHA256 = "dataset", re.compile("[0-9a-f]{64}")
_SOURCES, _FILES = "sources", frozenset(("file", "line"))
_DIGITS = 12
# From here on, and below, ECMAScript writes exponents (ECMA-262, Number::toString).
_LARGE, _SMALL = 1e21, 1e-6


def document(content: Mapping[str, Any]) -> CanonicalAnswer:
    """The canonical form of an answer, without lines."""
    lasting = _lasting(content)
    lists = [value for value in lasting.values() if isinstance(value, list)]
    more = {"rows": sum(map(len, lists)) if lists else None, "whole": not content.get("next")}
    return CanonicalAnswer("json", (), hashlib.sha256(encoded(lasting).encode()).hexdigest(), more)


def entries(content: Mapping[str, Any]) -> list[str]:
    """The entries of the lists of an answer, and its other members, as lines to be compared."""
    return [
        f"{name}: {encoded(one)}"
        for name, value in _lasting(content).items()
        for one in (value if isinstance(value, list) else (value,))
    ]


def encoded(value: Any) -> str:
    """A value by RFC 8785, section 3.2, except that integers keep all their digits.

    Raises:
        ValueError: a number is not finite.
    """
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return f"{{{','.join(f'{encoded(name)}:{encoded(one)}' for name, one in members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(encoded, value))}]"
    return _number(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """A number as ECMAScript writes it (RFC 8785, section 3.2.2.3)."""
    if value == 0:
        return "0"
    if _SMALL <= abs(value) < _LARGE:
        text = format(Decimal(repr(value)), "f")
        return text.removesuffix(".0")
    mantissa, _, exponent = json.dumps(value, allow_nan=False).partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent):+d}"


def _lasting(value: Any) -> Any:
    """What remains the same wherever and whenever the answer is computed."""
    if isinstance(value, dict):
        return {name: _lasting(_source(name, one)) for name, one in value.items() if not _varies(name, one)}
    if isinstance(value, list):
        return [_lasting(one) for one in value]
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def _varies(name: str, value: Any) -> bool:
    """Whether a member is an address within the service, or the digest of the edition."""
    if not isinstance(value, str):
        return name in _ADDRESSES and value is None
    return (name in _ADDRESSES and value.startswith("/")) or (name == _EDITION and _SHA256.fullmatch(value) is not None)


def _source(name: str, value: Any) -> Any:
    """The sources of a leaf of a proof, without files."""
    if name != _SOURCES or not isinstance(value, list):
        return value
    return [{key: one[key] for key in one if key not in _FILES} if isinstance(one, dict) else one for one in value]
