"""Values of literals: when two spellings mean the same, and whether one is a value of a datatype.

Source: W3C XML Schema Definition Language 1.1 Part 2, Datatypes; OWL 2 Structural Specification, section 4; OWL 2
Profiles, section 4.2.1 and table 8. Two literals are the same if their values are identical: `-0` and `0` are two
values of `xsd:double` (OWL 2 Structural Specification, section 4.2). Beyond the datatypes of OWL 2 RL, those of dates
are known, because documents are dated.
"""

from __future__ import annotations

import base64
import math
import re
import struct
from collections.abc import Callable, Hashable
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeAlias
from xml.etree.ElementTree import ParseError, canonicalize

from graph_service.rdf import moments
from graph_service.rdf.moments import Moment
from graph_service.rdf.namespaces import term
from graph_service.rdf.terms import Term, unescape


class Value(NamedTuple):
    """A data value: the value space it is in, which is disjoint from the others, and which value it is."""

    space: str
    value: Hashable


Reading: TypeAlias = Callable[[str], Hashable]
"""Lexical form to value; raises ValueError where there is none."""


class Datatype(NamedTuple):
    """A datatype: its primitive value space, its lexical forms, and which values of the space are its own."""

    space: str
    read: Reading
    holds: Callable[[Hashable], bool]


def _every(value: Hashable) -> bool:
    return True


def _matching(pattern: str, read: Reading) -> Reading:
    lexical = re.compile(pattern)

    def checked(text: str) -> Hashable:
        if not lexical.fullmatch(text):
            raise ValueError(text)
        return read(text)

    return checked


def _primitive(space: str, read: Reading) -> Datatype:
    return Datatype(space, read, _every)


def _texts(pattern: str) -> Datatype:
    """A datatype derived from `xsd:string`."""
    lexical = re.compile(pattern)
    return Datatype("string", _matching(pattern, str), lambda value: lexical.fullmatch(str(value)) is not None)


def _integers(smallest: float = -math.inf, largest: float = math.inf) -> Datatype:
    """A datatype derived from `xsd:integer`, with its bounds."""
    integer = _matching(r"[+-]?[0-9]+", Decimal)

    def holds(value: Hashable) -> bool:
        return isinstance(value, Decimal) and value == value.to_integral_value() and smallest <= value <= largest

    def read(text: str) -> Hashable:
        value = integer(text)
        if not holds(value):
            raise ValueError(text)
        return value

    return Datatype("decimal", read, holds)


def _double(text: str) -> Hashable:
    return _floating(float(text.replace("INF", "inf")))


def _floating(number: float) -> Hashable:
    """A floating-point value by which equal means identical."""
    if math.isnan(number):
        return "NaN"
    return "-0" if number == 0 and math.copysign(1, number) < 0 else number


def _single(text: str) -> Hashable:
    """The nearest number of 32 bits."""
    number = float(text.replace("INF", "inf"))
    if math.isfinite(number) and number:
        written = Decimal(text)
        exact = Decimal(number)
        # Rounded to an odd number of 64 bits first, as rounding twice to even is not rounding once.
        if written != exact and not struct.unpack("<q", struct.pack("<d", number))[0] & 1:
            number = math.nextafter(number, math.inf if written > exact else -math.inf)
    try:
        return _floating(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def _base64(text: str) -> Hashable:
    packed = text.replace(" ", "")
    value = base64.b64decode(packed, validate=True)
    if base64.b64encode(value).decode() != packed:
        raise ValueError(text)
    return value


def _xml(text: str) -> Hashable:
    """An XML fragment in its canonical form, in which equal fragments are alike (RDF 1.1 Concepts, section 5.2)."""
    try:
        return canonicalize(f"<x>{text}</x>", with_comments=True)
    except ParseError as error:
        raise ValueError(text) from error


def _tagged(text: str) -> Value:
    """A value of `rdf:PlainLiteral`, whose lexical form ends in `@` and the language, which may be empty."""
    words, at, language = text.rpartition("@")
    if not at:
        raise ValueError(text)
    return Value("langString", (words, language.lower())) if language else Value("string", words)


def _stamped(value: Hashable) -> bool:
    return isinstance(value, Moment) and value.offset is not None


_date_time = moments.reader("dateTime")


def _stamp(text: str) -> Hashable:
    moment = _date_time(text)
    if not _stamped(moment):
        raise ValueError(text)
    return moment


_FLOAT = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_NAME = r"[^\W\d][\w.\-·]*"

_KNOWN: dict[str, Datatype] = {
    "xsd:string": _primitive("string", str),
    "xsd:boolean": _primitive("boolean", _matching("true|false|0|1", lambda text: text in ("true", "1"))),
    "xsd:decimal": _primitive("decimal", _matching(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", Decimal)),
    "xsd:double": _primitive("double", _matching(_FLOAT, _double)),
    "xsd:float": _primitive("float", _matching(_FLOAT, _single)),
    **{f"xsd:{name}": _primitive(name, moments.reader(name)) for name in moments.FORMS},
    "xsd:dateTimeStamp": Datatype("dateTime", _stamp, _stamped),
    "xsd:anyURI": _primitive("anyURI", str),
    "xsd:hexBinary": _primitive("hexBinary", _matching("([0-9a-fA-F]{2})*", bytes.fromhex)),
    "xsd:base64Binary": _primitive("base64Binary", _base64),
    "xsd:normalizedString": _texts(r"[^\t\n\r]*"),
    "xsd:token": _texts(r"([^\t\n\r ]+( [^\t\n\r ]+)*)?"),
    "xsd:language": _texts(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
    "xsd:Name": _texts(rf"[:_]?{_NAME}(:{_NAME})*"),
    "xsd:NCName": _texts(_NAME),
    "xsd:NMTOKEN": _texts(r"[\w.\-:·]+"),
    "rdf:XMLLiteral": _primitive("XMLLiteral", _xml),
    "xsd:integer": _integers(),
    "xsd:nonNegativeInteger": _integers(smallest=0),
    "xsd:positiveInteger": _integers(smallest=1),
    "xsd:nonPositiveInteger": _integers(largest=0),
    "xsd:negativeInteger": _integers(largest=-1),
    "xsd:long": _integers(-(2**63), 2**63 - 1),
    "xsd:int": _integers(-(2**31), 2**31 - 1),
    "xsd:short": _integers(-(2**15), 2**15 - 1),
    "xsd:byte": _integers(-(2**7), 2**7 - 1),
    "xsd:unsignedLong": _integers(0, 2**64 - 1),
    "xsd:unsignedInt": _integers(0, 2**32 - 1),
    "xsd:unsignedShort": _integers(0, 2**16 - 1),
    "xsd:unsignedByte": _integers(0, 2**8 - 1),
}
_BY_TERM = {term(name): datatype for name, datatype in _KNOWN.items()}
_STRING, _PLAIN, _TAGGED, _LITERAL = map(term, ("xsd:string", "rdf:PlainLiteral", "rdf:langString", "rdfs:Literal"))

DATATYPES = frozenset((*_BY_TERM, _PLAIN, _TAGGED, _LITERAL))
"""The datatypes whose values are known."""

OF_TEXT = frozenset(name for name, known in _BY_TERM.items() if known.space == "string") | {_PLAIN}
"""The datatypes of strings."""

_SPELLING = re.compile(r'"(.*)"(?:@(.+)|\^\^(<.*>))?', re.DOTALL)


def datatype_of(literal: Term) -> Term:
    """The datatype that a literal is written with (RDF 1.1 Concepts, section 3.3)."""
    _, language, datatype = _parse(literal)
    return _TAGGED if language else datatype


def value(literal: Term) -> Value | None:
    """The value of a literal; None where it is ill-typed or its datatype is not known."""
    text, language, datatype = _parse(literal)
    if language:
        return Value("langString", (text, language.lower()))
    try:
        if datatype == _PLAIN:
            return _tagged(text)
        known = _BY_TERM.get(datatype)
        return known and Value(known.space, known.read(text))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _parse(literal: Term) -> tuple[str, str, Term]:
    match = _SPELLING.fullmatch(literal)
    if match is None:
        raise ValueError(f"not a literal: {literal}")
    return unescape(match[1]), match[2] or "", match[3] or _STRING


def same(first: Term, second: Term) -> bool:
    """Whether two literals have the same value (`dt-eq`)."""
    one = value(first)
    return first == second or (one is not None and one == value(second))


def different(first: Term, second: Term) -> bool:
    """Whether two literals have different values (`dt-diff`); what is not known is not different.

    One instant in two time zones is neither the same nor different: XML Schema calls it equal and not identical.
    """
    one, other = value(first), value(second)
    if one is None or other is None or one == other:
        return False
    if isinstance(one.value, Moment) and isinstance(other.value, Moment) and one.space == other.space:
        return not one.value.same_instant(other.value)
    return True


def belongs(literal: Term, datatype: Term) -> bool:
    """Whether the value of the literal is in the value space of the datatype (`dt-type2`)."""
    found = value(literal)
    return found is not None and _contains(datatype, found)


def excluded(literal: Term, datatype: Term) -> bool:
    """Whether the value of the literal is certainly not in the value space of the datatype (`dt-not-type`)."""
    if datatype not in DATATYPES or datatype_of(literal) not in DATATYPES:
        return False
    found = value(literal)
    return found is None or not _contains(datatype, found)


def _contains(datatype: Term, found: Value) -> bool:
    if datatype in (_LITERAL, _PLAIN, _TAGGED):
        spaces = {_PLAIN: ("langString", "string"), _TAGGED: ("langString",)}
        return datatype == _LITERAL or found.space in spaces[datatype]
    known = _BY_TERM.get(datatype)
    return known is not None and known.space == found.space and known.holds(found.value)
