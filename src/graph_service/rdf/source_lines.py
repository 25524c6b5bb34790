"""Lines of a source file: where an IRI stands in a Turtle, TriG or N-Triples text."""

from __future__ import annotations

from urllib.parse import urljoin

from graph_service.rdf.lexer import Token, TokenKind, significant, tokens
from graph_service.rdf.namespaces import Names


def lines_of(content: str, names: Names) -> dict[str, int]:
    """The line of a Turtle, TriG or N-Triples text on which each IRI first stands by name.

    A statement of the IRI as a subject is preferred to a mention of it.
    """
    prefixes: dict[str, str] = {}
    base = names.base
    opened: dict[str, int] = {}
    mentioned: dict[str, int] = {}
    before, last, opens = "", "", True
    for token in significant(tokens(content)):
        value = _meaning(token, prefixes, base)
        if before.lower() in ("@prefix", "prefix") and value:
            prefixes[last.removesuffix(":")] = value
        elif last.lower() in ("@base", "base") and value:
            base = value
        elif value:
            (opened if opens else mentioned).setdefault(value, token.line)
        opens = token.text in (".", "{", "}")
        before, last = last, token.text
    return mentioned | opened


def line_of(content: str, subject: str, names: Names) -> int:
    """The line of a text on which an IRI first stands, as `lines_of` has it; 0 if it stands nowhere by name."""
    return lines_of(content, names).get(subject, 0)


def _meaning(token: Token, prefixes: dict[str, str], base: str) -> str:
    """The IRI that a token stands for, or nothing."""
    if token.kind is TokenKind.IRIREF:
        value = token.text[1:-1]
        # urljoin takes the empty fragment off an absolute IRI, which namespaces end with.
        return value if ":" in value else urljoin(base, value)
    if token.kind in (TokenKind.PNAME_LN, TokenKind.PNAME_NS):
        prefix, _, local = token.text.partition(":")
        return prefixes[prefix] + local.replace("\\", "") if prefix in prefixes else ""
    return ""
