"""Text as XML 1.0 can hold it."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from graph_service.rdf.xml_documents import legal

_LINE_ENDS = {"\r": "&#13;"}


def quoted(text: str) -> str:
    """An attribute's value in quotes; tabs and line ends survive, illegal characters become U+FFFD."""
    return quoteattr(legal(text))


def content(text: str) -> str:
    """The content of an element; `]]>` and carriage returns survive."""
    return escape(legal(text), _LINE_ENDS)


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
