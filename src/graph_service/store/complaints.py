"""What the engine complains of, as errors of this package.

The engine says where only in its message (`error at 1:42: expected …`), and there it means the end of the keyword
that it tried last, not the place where it began to try. What it expected is a list of character classes and keywords
that helps nobody; the place and what stands there do.
"""

from __future__ import annotations

import re

from graph_service.errors import EndpointError, Location, QueryError, QueryRefused, QuerySyntaxError
from graph_service.rdf.guard import shown
from graph_service.rdf.lexer import Token, TokenKind, significant, tokens
from graph_service.store.variable_mistakes import variable_mistake

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?", re.DOTALL)
_ELSEWHERE_SYNTAX = re.compile(r"syntax|parse error|malformed|SP030|SP031", re.IGNORECASE)
_ELSEWHERE_LINE = re.compile(r"line (\d+)", re.IGNORECASE)
_KEYWORD = re.compile(r"(?<!['\w])[A-Z_]{2,}(?![\w'])")
_SENTENCE = re.compile(r"(?:The|SELECT|BIND|[A-Z][a-z]+) [a-z*A-Z][^,\[\]\"]{6,}")
_FUNCTION = re.compile(r"function (<?[^ ]+)", re.IGNORECASE)
_CHARACTER = re.compile(r"\['|\"")
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


def syntax_error(error: SyntaxError, text: str) -> QuerySyntaxError:
    """The error of a text that the engine cannot read, with line and column."""
    mistake = _plain_mistake(text)
    if mistake is not None:
        return mistake
    match = _PLACE.match(str(error.msg or ""))
    if match is None:
        return QuerySyntaxError("The query is not SPARQL.")
    expected = str(error.msg)[match.end() :]
    token, place = _culprit(text, int(match[1]), int(match[2]), expected)
    reason = _SENTENCE.search(expected)
    at_end = _offset(text, int(match[1]), int(match[2])) >= len(text.rstrip())
    if (reason or at_end) and (named := variable_mistake(text)):
        return named
    if reason:
        return QuerySyntaxError(f"The query is not valid SPARQL: {reason[0].strip()[:100]}.", where=place)
    if token is None:
        return QuerySyntaxError("The query is not complete, or something close to its end is wrong.", where=place)
    return QuerySyntaxError(f"The query is not SPARQL here, or shortly before: {shown(token.text)}", where=place)


def remote_error(status: int, complaint: str, text: str, before: int) -> QueryError:
    """The error of a query that a remote store did not answer. Its words could name paths and addresses.

    Args:
        status: of its HTTP response.
        complaint: what it says.
        text: the query.
        before: characters that were put in front of it on its first line.
    """
    if status == 400 and (match := _PLACE.search(complaint)):
        column = int(match[2]) - (before if match[1] == "1" else 0)
        return syntax_error(
            SyntaxError(f"error at {match[1]}:{max(1, column)}: expected {complaint[match.end() :]}"), text
        )
    if status == 400 and _ELSEWHERE_SYNTAX.search(complaint):
        line = _ELSEWHERE_LINE.search(complaint)
        where = Location(line=int(line[1])) if line else None
        return _plain_mistake(text) or QuerySyntaxError("The store calls the query no valid SPARQL.", where=where)
    if status in (401, 403):
        hint = "Whoever runs the service: put user and password into the URL of the endpoint."
        return EndpointError(f"The store does not let this service in ({status}).", hint=hint)
    if status in (301, 302, 303, 307, 308, 404, 405):
        hint = "Whoever runs the service: give the address of the SPARQL endpoint itself."
        return EndpointError(f"There is no SPARQL endpoint at this address ({status}).", hint=hint)
    return EndpointError(f"The store could not run the query ({status}).", hint="Ask for less, or in another way.")


def runtime_error(error: Exception) -> QueryError:
    """The error of a query that the engine began to run. Its own message could name paths and addresses."""
    function = _FUNCTION.search(str(error))
    if function is not None:
        return QueryRefused(f"There is no function {shown(function[1])}.", hint="Use the functions of SPARQL 1.1.")
    if isinstance(error, OSError):
        return QueryRefused(
            "The query asks for something outside of the data set.", hint="SERVICE and LOAD are not run here."
        )
    return QueryError("The engine could not run the query.", hint="Ask for less, or in another way.")


def _plain_mistake(text: str) -> QuerySyntaxError | None:
    """The first mistake that the tokens alone show; the engine would name a place far from it."""
    declared: set[str] = set()
    before, based = "", False
    for token in significant(tokens(text)):
        if token.kind is TokenKind.ERROR:
            what = "This string does not end" if token.text[0] in "\"'" else "This is no SPARQL"
            return QuerySyntaxError(f"{what}: {shown(token.text)}", where=_place(token))
        if token.kind in (TokenKind.PNAME_NS, TokenKind.PNAME_LN):
            prefix = token.text.partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                return _undeclared(prefix, token)
        elif token.kind is TokenKind.IRIREF and not based and not _SCHEME.match(token.text) and before != "BASE":
            hint = "Write it in full, or declare a BASE in front of the query."
            return QuerySyntaxError(f"{shown(token.text)} is a relative IRI.", where=_place(token), hint=hint)
        based = based or before == "BASE"
        before = token.keyword
    return None


def _undeclared(prefix: str, token: Token) -> QuerySyntaxError:
    name = shown(prefix)
    hint = f"Declare it in front of the query: PREFIX {name}: <…>"
    return QuerySyntaxError(f"The prefix {name}: is not declared.", where=_place(token), hint=hint)


def _culprit(text: str, line: int, column: int, expected: str) -> tuple[Token | None, Location]:
    """The token at which the engine failed, and its place.

    For a keyword the engine names the place behind it, cut off at the end of the text; so the shortest of the keywords
    leads back to where it began to try. If it expected a character too, the place it names is that of the character.
    """
    offset = _offset(text, line, column)
    keywords = _KEYWORD.findall(expected)
    starts = {offset} if _CHARACTER.search(expected) or not keywords else set()
    if keywords:
        starts.add(offset - min(map(len, keywords)))
    found = last = None
    for token in significant(tokens(text)):
        if token.start > offset:
            break
        last = token
        if token.start in starts:
            found = token
    found = found or (last if offset < len(text.rstrip()) else None)
    return found, _place(found) if found else Location(line=line, column=column)


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1


def _place(token: Token) -> Location:
    return Location(line=token.line, column=token.column)
