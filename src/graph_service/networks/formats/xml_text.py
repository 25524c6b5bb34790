"""Text as XML 1.0 can hold it."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

# Section 2.2 of XML 1.0: most control characters, half surrogates and two non-characters can be in no document.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = {"\r": "&#13;"}


def quoted(text: str) -> str:
    """An attribute's value in quotes; tabs and line ends survive, illegal characters become U+FFFD."""
    return quoteattr(legal(text))


def content(text: str) -> str:
    """The content of an element; `]]>` and carriage returns survive."""
    return escape(legal(text), _LINE_ENDS)


def legal(text: str) -> str:
    """The text with U+FFFD for each character that XML 1.0 excludes."""
    return _ILLEGAL.sub("\ufffd", text)


def identifiers(names: list[str]) -> dict[str, str]:
    """An XML id for each name: itself, or where that is no XML or taken, with a number behind."""
    taken = {name for name in names if legal(name) == name}
    given: dict[str, str] = {}
    for number, name in enumerate(names):
        identifier = name
        if legal(name) != name:
            identifier = f"{legal(name)} #{number}"
            while identifier in taken:
                identifier += "#"
            taken.add(identifier)
        given[name] = identifier
    return given


def value(given: object) -> str:
    """An attribute as XML Schema spells it."""
    return str(given).lower() if isinstance(given, bool) else str(given)
