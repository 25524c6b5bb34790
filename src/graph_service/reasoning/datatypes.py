"""Values of literals: when two spellings mean the same, and whether one is a value of a datatype.

Source: W3C XML Schema Definition Language 1.1 Part 2, Datatypes; OWL 2 Profiles, section 4.2.1 and table 8. Beyond
the datatypes of OWL 2 RL, `xsd:date`, `xsd:time` and the Gregorian parts are known, because documents are dated.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Hashable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from graph_service.rdf.terms import Term
from graph_service.reasoning.vocabulary import term


class Value(NamedTuple):
    """A data value: the value space it is in, which is disjoint from the others, and which value it is."""

    space: str
    value: Hashable


Reading: TypeAlias = Callable[[str], Hashable]
"""Lexical form to value; raises ValueError where there is none."""


def _matching(pattern: str, read: Reading) -> Reading:
    lexical = re.compile(pattern)

    def checked(text: str) -> Hashable:
        if not lexical.fullmatch(text):
            raise ValueError(text)
        return read(text)

    return checked


def _moment(text: str) -> Hashable:
    """A point in time; without a time zone it is comparable only to others without."""
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))


def _day(text: str) -> Hashable:
    datetime.fromisoformat(text[:10])
    return text.replace("Z", "+00:00")


def _float(text: str) -> Hashable:
    return "NaN" if text == "NaN" else float(text.replace("INF", "inf"))


_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_TIME = r"\d\d:\d\d:\d\d(\.\d+)?"
_FLOAT = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|\+INF|NaN"
_NAME = r"[^\W\d][\w.\-·]*"

# Primitive datatypes by local name: the value space, and how to read a lexical form.
_PRIMITIVE: dict[str, tuple[str, Reading]] = {
    "xsd:string": ("string", str),
    "xsd:boolean": ("boolean", _matching("true|false|0|1", lambda text: text in ("true", "1"))),
    "xsd:decimal": ("decimal", _matching(r"[+-]?(\d+(\.\d*)?|\.\d+)", Decimal)),
    "xsd:integer": ("decimal", _matching(r"[+-]?\d+", Decimal)),
    "xsd:double": ("double", _matching(_FLOAT, _float)),
    "xsd:float": ("float", _matching(_FLOAT, _float)),
    "xsd:dateTime": ("dateTime", _matching(rf"\d{{4}}-\d\d-\d\dT{_TIME}{_ZONE}", _moment)),
    "xsd:dateTimeStamp": ("dateTime", _matching(rf"\d{{4}}-\d\d-\d\dT{_TIME}(Z|[+-]\d\d:\d\d)", _moment)),
    "xsd:date": ("date", _matching(rf"\d{{4}}-\d\d-\d\d{_ZONE}", _day)),
    "xsd:time": ("time", _matching(rf"{_TIME}{_ZONE}", str)),
    "xsd:gYear": ("gYear", _matching(rf"-?\d{{4,}}{_ZONE}", str)),
    "xsd:gYearMonth": ("gYearMonth", _matching(rf"-?\d{{4,}}-(0[1-9]|1[0-2]){_ZONE}", str)),
    "xsd:anyURI": ("anyURI", _matching(r"[^\s<>\"{}|\\^`]*", str)),
    "xsd:hexBinary": ("hexBinary", _matching("([0-9a-fA-F]{2})*", bytes.fromhex)),
    "xsd:base64Binary": ("base64Binary", lambda text: base64.b64decode(text, validate=True)),
    "xsd:normalizedString": ("string", _matching(r"[^\t\n\r]*", str)),
    "xsd:token": ("string", _matching(r"(\S+( \S+)*)?", str)),
    "xsd:language": ("string", _matching(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", str)),
    "xsd:Name": ("string", _matching(rf"[:_]?{_NAME}(:{_NAME})*", str)),
    "xsd:NCName": ("string", _matching(_NAME, str)),
    "xsd:NMTOKEN": ("string", _matching(r"[\w.\-:·]+", str)),
    "rdf:XMLLiteral": ("XMLLiteral", str),
}
# Integers within bounds: smallest and largest value.
_BOUNDED: dict[str, tuple[float, float]] = {
    "xsd:nonNegativeInteger": (0, float("inf")),
    "xsd:positiveInteger": (1, float("inf")),
    "xsd:nonPositiveInteger": (float("-inf"), 0),
    "xsd:negativeInteger": (float("-inf"), -1),
    "xsd:long": (-(2**63), 2**63 - 1),
    "xsd:int": (-(2**31), 2**31 - 1),
    "xsd:short": (-(2**15), 2**15 - 1),
    "xsd:byte": (-(2**7), 2**7 - 1),
    "xsd:unsignedLong": (0, 2**64 - 1),
    "xsd:unsignedInt": (0, 2**32 - 1),
    "xsd:unsignedShort": (0, 2**16 - 1),
    "xsd:unsignedByte": (0, 2**8 - 1),
}
_TEXT = frozenset(map(term, ("rdf:PlainLiteral", "rdf:langString")))
_LITERAL = term("rdfs:Literal")
_NAMES = {term(name): name for name in (*_PRIMITIVE, *_BOUNDED)}

DATATYPES = frozenset(_NAMES) | _TEXT | {_LITERAL}
"""The datatypes whose values are known."""

_SPELLING = re.compile(r'"(.*)"(?:@(.+)|\^\^(<.*>))?', re.DOTALL)


def value(literal: Term) -> Value | None:
    """The value of a literal; None where it is ill-typed or its datatype is not known."""
    text, language, datatype = _parse(literal)
    if language:
        return Value("langString", (text, language.lower()))
    try:
        return _read(text, datatype)
    except (ValueError, binascii.Error):
        return None


@lru_cache(maxsize=4096)
def _parse(literal: Term) -> tuple[str, str, Term]:
    match = _SPELLING.fullmatch(literal)
    if match is None:
        raise ValueError(f"not a literal: {literal}")
    return match[1], match[2] or "", match[3] or term("xsd:string")


def _read(text: str, datatype: Term) -> Value | None:
    name = _NAMES.get(datatype)
    if name is None:
        return None
    if name not in _BOUNDED:
        space, read = _PRIMITIVE[name]
        return Value(space, read(text))
    number = _PRIMITIVE["xsd:integer"][1](text)
    smallest, largest = _BOUNDED[name]
    if not (isinstance(number, Decimal) and smallest <= number <= largest):
        raise ValueError(text)
    return Value("decimal", number)


def same(first: Term, second: Term) -> bool:
    """Whether two literals have the same value (`dt-eq`)."""
    one = value(first)
    return first == second or (one is not None and one == value(second))


def different(first: Term, second: Term) -> bool:
    """Whether two literals have different values (`dt-diff`); what is not known is not different."""
    one, other = value(first), value(second)
    return one is not None and other is not None and one != other


def belongs(literal: Term, datatype: Term) -> bool:
    """Whether the value of the literal is in the value space of the datatype (`dt-type2`)."""
    found = value(literal)
    return found is not None and _contains(datatype, found)


def excluded(literal: Term, datatype: Term) -> bool:
    """Whether the value of the literal is certainly not in the value space of the datatype (`dt-not-type`)."""
    if datatype not in DATATYPES:
        return False
    _, language, own = _parse(literal)
    if not language and own not in DATATYPES:
        return False
    found = value(literal)
    return found is None or not _contains(datatype, found)


def _contains(datatype: Term, found: Value) -> bool:
    if datatype == _LITERAL:
        return True
    if datatype in _TEXT:
        return found.space == "langString" or (found.space == "string" and "langString" not in datatype)
    name = _NAMES.get(datatype)
    if name is None:
        return False
    if name in _BOUNDED:
        return found.space == "decimal" and _within(found.value, *_BOUNDED[name])
    space, read = _PRIMITIVE[name]
    return found.space == space and (space not in ("string", "decimal", "dateTime") or _reads(read, found.value))


def _within(number: Hashable, smallest: float, largest: float) -> bool:
    return isinstance(number, Decimal) and number == number.to_integral_value() and smallest <= number <= largest


def _reads(read: Reading, found: Hashable) -> bool:
    """Whether the canonical form of a value is a form of the datatype: 1.0 is an integer, 1.5 is none."""
    if isinstance(found, datetime):
        found = found.isoformat()
    elif isinstance(found, Decimal):
        found = format(found.to_integral_value() if found == found.to_integral_value() else found, "f")
    try:
        read(str(found))
    except ValueError:
        return False
    return True
