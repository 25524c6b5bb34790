"""Syntax errors told with the line they stand in, and with the declaration of a prefix that this service knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from graph_service.errors import QuerySyntaxError
from graph_service.rdf.namespaces import Names

_LONGEST_LINE = 200
_UNDECLARED = re.compile(r"The prefix (\S*): is not declared\.")


@contextmanager
def told_in_full(text: str, base: str) -> Iterator[None]:
    """Complete a syntax error that leaves the block.

    Args:
        text: the query.
        base: of the data set, for the prefix of its ontology; may be empty.

    Raises:
        QuerySyntaxError: as it came, with `line_text`, and with `declaration` for a known prefix.
    """
    try:
        yield
    except QuerySyntaxError as error:
        if error.where is not None and error.where.line:
            start = _start_of(text, error.where.line)
            error.line_text = text[start : start + _LONGEST_LINE].partition("\n")[0].rstrip("\r")
        match = _UNDECLARED.match(error.message)
        namespace = Names(base).prefixes.get(match[1]) if match else None
        if match and namespace:
            error.declaration = f"PREFIX {match[1]}: <{namespace}>"
            error.hint = f"Declare it in front of the query: {error.declaration}"
        raise


def _start_of(text: str, line: int) -> int:
    """The offset of a line, counted from 1: by halves, as a list of a million lines would hold up the service."""
    start, end, before = 0, len(text), line - 1
    while before and end - start > 1:
        middle = (start + end) // 2
        passed = text.count("\n", start, middle)
        if passed >= before:
            end = middle
        else:
            start, before = middle, before - passed
    return end if before else start
