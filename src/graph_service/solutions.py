"""Answers to SELECT read back into rows (SPARQL 1.1 Query Results JSON Format)."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from graph_service.terms import Term


def terms(answer: bytes) -> Iterator[dict[str, Term]]:
    """The rows of an answer in JSON: term by variable, without what is unbound."""
    solutions = _solutions(answer)
    names = [variable.value for variable in solutions.variables]
    for row in solutions:
        yield {name: str(row[name]) for name in names if row[name] is not None}


def values(answer: bytes) -> Iterator[dict[str, str]]:
    """The rows of an answer in JSON: plain value by variable (IRI or text of a literal), empty where unbound."""
    solutions = _solutions(answer)
    names = [variable.value for variable in solutions.variables]
    for row in solutions:
        yield {name: "" if row[name] is None else row[name].value for name in names}


def _solutions(answer: bytes) -> ox.QuerySolutions:
    parsed = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    if not isinstance(parsed, ox.QuerySolutions):
        raise TypeError("an answer to ASK has no rows")
    return parsed
