"""What the engine complains of, as errors of this package.

The engine says where only in its message (`error at 1:42: expected …`), and there it means the end of the keyword
that it tried last, not the place where it began to try. What it expected is a list of character classes and keywords
that helps nobody; the place and what stands there do.
"""

from __future__ import annotations

import re

from graph_service.errors import Location, QueryError, QueryRefused, QuerySyntaxError
from graph_service.guard import shown
from graph_service.lexer import Kind, Token, significant, tokens

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?", re.DOTALL)
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
    if reason:
        return QuerySyntaxError(f"The query is not valid SPARQL: {reason[0].strip()[:100]}.", where=place)
    if token is None:
        return QuerySyntaxError("The query is not complete, or something close to its end is wrong.", where=place)
    return QuerySyntaxError(f"The query is not SPARQL here, or shortly before: {shown(token.text)}", where=place)


def runtime_error(error: Exception) -> QueryError:
    """The error of a query that the engine began to run. Its own message could name paths and addresses."""
    function = _FUNCTION.search(str(error))
    if function is not None:
        return QueryRefused(f"There is no function {shown(function[1])}.", mend="Use the functions of SPARQL 1.1.")
    if isinstance(error, OSError):
        return QueryRefused(
            "The query asks for something outside of the data set.", mend="SERVICE and LOAD are not run here."
        )
    return QueryError("The engine could not run the query.", mend="Ask for less, or in another way.")


def _plain_mistake(text: str) -> QuerySyntaxError | None:
    """The first mistake that the tokens alone show; the engine would name a place far from it."""
    declared: set[str] = set()
    before, based = "", False
    for token in significant(tokens(text)):
        if token.kind is Kind.ERROR:
            what = "This string does not end" if token.text[0] in "\"'" else "This is no SPARQL"
            return QuerySyntaxError(f"{what}: {shown(token.text)}", where=_place(token))
        if token.kind in (Kind.PNAME_NS, Kind.PNAME_LN):
            prefix = token.text.partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                return _undeclared(prefix, token)
        elif token.kind is Kind.IRIREF and not based and not _SCHEME.match(token.text) and before != "BASE":
            mend = "Write it in full, or declare a BASE in front of the query."
            return QuerySyntaxError(f"{shown(token.text)} is a relative IRI.", where=_place(token), mend=mend)
        based = based or before == "BASE"
        before = token.keyword
    return None


def _undeclared(prefix: str, token: Token) -> QuerySyntaxError:
    name = shown(prefix)
    mend = f"Declare it in front of the query: PREFIX {name}: <…>"
    return QuerySyntaxError(f"The prefix {name}: is not declared.", where=_place(token), mend=mend)


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
