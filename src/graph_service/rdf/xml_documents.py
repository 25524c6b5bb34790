"""What an XML document can hold, so that none of ours is ever broken.

RDF literals hold any character of Unicode, XML 1.0 does not (section 2.2): most control characters, U+FFFE and U+FFFF
can be in no document, not even as references. Tables, feeds, networks and pages have U+FFFD in their place; a graph in
RDF/XML is refused, as its triples would be others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Protocol

import pyoxigraph as ox

from graph_service.errors import NotWritable
from graph_service.rdf.namespaces import RDF

REPLACEMENT = "\ufffd"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ILLEGAL_BYTES = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_EACH_ILLEGAL = (*(bytes((one,)) for one in range(32) if one not in b"\t\n\r"), b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
# RDF 1.1 XML Syntax, section 6.2.2 to 6.2.4: terms that are no property elements.
_SYNTAX_TERMS = frozenset(
    f"{RDF}{name}"
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
)
_XMLNS = "http://www.w3.org/2000/xmlns/"


def legal(text: str) -> str:
    """The text with U+FFFD for each character that XML 1.0 excludes."""
    return _ILLEGAL.sub(REPLACEMENT, text)


def legal_utf8(text: str) -> bytes:
    """The same in UTF-8, for whole documents.

    To look for one character after the other takes a twentieth of the time of a class of all: 1 ms for 100 kB.
    """
    try:
        written = text.encode()
    except UnicodeEncodeError:  # a surrogate
        return legal(text).encode()
    return legal(text).encode() if any(one in written for one in _EACH_ILLEGAL) else written


def illegal_character(text: str) -> str:
    """The first character that XML 1.0 excludes, as `U+000B`; empty if there is none."""
    found = _ILLEGAL.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


@cache
def _local_name() -> re.Pattern[str]:
    """A local name at the end of an IRI (Namespaces in XML 1.0, section 3, NCName); compiled when it is first used."""
    return re.compile(f"[{_START}][{_START}0-9.\u00b7\u0300-\u036f\u203f-\u2040-]*$")


def refuse_unwritable(triples: Iterable[ox.Triple]) -> None:
    """Look for what no RDF/XML can hold (RDF 1.1 XML Syntax, section 2.2).

    Raises:
        NotWritable: a property's IRI ends in no name of XML, or a literal has a character that XML excludes.
    """
    for triple in triples:
        predicate, value = triple.predicate.value, triple.object
        if not _local_name().search(predicate) or predicate in _SYNTAX_TERMS or predicate.startswith(_XMLNS):
            raise _unwritable(f"{triple.predicate} cannot be the name of an element")
        if isinstance(value, ox.Literal) and (character := illegal_character(value.value)):
            raise _unwritable(f"a value of {triple.predicate} of {triple.subject} holds {character}")


def _unwritable(reason: str) -> NotWritable:
    hint = "Ask for another format, such as Turtle."
    return NotWritable(f"This cannot be written as RDF/XML: {reason}.", hint=hint)


def unbroken_lines(document: bytes) -> bytes:
    """A document with carriage returns as references: parsers read bare ones as line feeds (XML 1.0, section 2.11)."""
    return document.replace(b"\r", b"&#13;")


class Output(Protocol):
    """Where bytes are written."""

    def write(self, data: bytes, /) -> int:
        """Take all of `data`; returns its length."""
        ...


class LegalWriter:
    """Passes on a document of UTF-8 piece by piece, with what XML 1.0 excludes replaced by U+FFFD."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._held = b""

    def write(self, data: bytes, /) -> int:
        """Pass on all but the beginning of a character that may be one of those; a document ends in none."""
        whole = self._held + data
        held = 2 if whole.endswith(b"\xef\xbf") else 1 if whole.endswith(b"\xef") else 0
        self._held = whole[len(whole) - held :]
        whole = whole[: len(whole) - held]
        self._output.write(unbroken_lines(_ILLEGAL_BYTES.sub(REPLACEMENT.encode(), whole)))
        return len(data)

    def flush(self) -> None:
        """Nothing is gathered here."""
