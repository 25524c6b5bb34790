"""Updates are refused; one that is no SPARQL is told what is wrong with it first.

The SPARQL 1.1 Protocol has 400 for a malformed update (section 2.2.4); 403 then says that none is performed.
"""

from __future__ import annotations

import re

import pyoxigraph as ox

from graph_service.errors import QueryRefused
from graph_service.rdf import guard
from graph_service.rdf.formats import Form
from graph_service.rdf.lexer import significant, tokens
from graph_service.store.complaints import syntax_error

# The engine reads the whole text before it does anything, and then nothing behind an operation that fails.
_FAILS = "DROP GRAPH <urn:x-none> ; "
_PLACE = re.compile(r"error at (\d+):(\d+): ")
# A prologue behind the first operation is SPARQL (section 29 of the grammar), but the engine does not read it.
_LATER_PROLOGUE = re.compile(r";\s*+(?:prefix|base)\b", re.IGNORECASE)


def form_of(text: str) -> Form:
    """The form of a query. Only for a worker, since the engine reads an update by trial.

    Raises:
        QuerySyntaxError: the text is no SPARQL.
        QueryRefused, LimitReached: as of `guard.inspect`; for an update, once it has been read.
    """
    try:
        return guard.inspect(text).form
    except QueryRefused as refusal:
        _read_update(text, refusal)
        raise


def _read_update(text: str, refusal: QueryRefused) -> None:
    """Raise QuerySyntaxError where an update is malformed."""
    begin = next((token for token in significant(tokens(text)) if _is_at(token.line, token.column, refusal)), None)
    if begin is None or begin.keyword not in guard.UPDATES or _LATER_PROLOGUE.search(text):
        return
    try:
        ox.Store().update(f"{text[: begin.start]}{_FAILS}{text[begin.start :]}", base_iri="urn:x-base:")
    except SyntaxError as error:
        raise syntax_error(_moved(error, begin.line, begin.column), text) from None
    except (OSError, RuntimeError, ValueError):
        return


def _is_at(line: int, column: int, refusal: QueryRefused) -> bool:
    where = refusal.where
    return where is not None and (line, column) == (where.line, where.column)


def _moved(error: SyntaxError, line: int, column: int) -> SyntaxError:
    """The error with its place in the text as it was sent."""

    def place(match: re.Match[str]) -> str:
        shifted = int(match[1]) == line and int(match[2]) > column
        return f"error at {match[1]}:{int(match[2]) - len(_FAILS) * shifted}: "

    return SyntaxError(_PLACE.sub(place, str(error.msg), count=1))
