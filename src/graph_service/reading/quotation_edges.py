"""Punctuation at the edges of a quotation, which its letters do not say."""

from __future__ import annotations

import unicodedata

_QUOTES = frozenset("\"'„“”‚‘’«»‹›`´")


def with_punctuation(text: str, letters: tuple[int, int], quotation: str) -> tuple[int, int]:
    """The range of letters, with signs before and behind that the quotation has there, too.

    Args:
        text: what the range is in.
        letters: from the first letter to the last one.
        quotation: whose first and last signs count; quotation marks and dashes stand for each other.
    """
    start, end = letters
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    for sign in _edge(quotation[::-1])[::-1]:
        if end < len(text) and _kind(text[end]) == _kind(sign):
            end += 1
    for sign in _edge(quotation)[::-1]:
        if start and _kind(text[start - 1]) == _kind(sign):
            start -= 1
    return start, end


def _edge(quotation: str) -> str:
    """The signs before the first letter, without blanks and dots that were added in front of dots."""
    signs = ""
    for sign in quotation.strip():
        if sign.isalnum():
            break
        if not sign.isspace() and not (signs and signs[-1] == sign == "."):
            signs += "." if sign == "…" else sign
    return signs


def _kind(sign: str) -> str:
    if sign in _QUOTES:
        return '"'
    return "-" if unicodedata.category(sign) == "Pd" else sign
