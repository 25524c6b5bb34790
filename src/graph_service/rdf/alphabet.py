"""Alphabetical order by DIN 5007-1: letters with marks stand with those without, ß with ss, capitals with small ones.

SPARQL orders texts by code point (SPARQL 1.1 Query, section 15.1), which puts Ä behind Z.
"""

from __future__ import annotations

# The letters of European languages, each with the letters in whose place it stands.
_LETTERS = {
    "a": "àáâãäåą",
    "ae": "æ",
    "c": "çćč",
    "e": "èéêëęě",
    "g": "ğ",
    "i": "ìíîïı",
    "l": "ł",
    "n": "ñńň",
    "o": "òóôõöøő",
    "oe": "œ",
    "s": "śşšș",
    "ss": "ß",
    "t": "ťţț",
    "u": "ùúûüűů",
    "y": "ýÿ",
    "z": "źżž",
}
_PLAIN = str.maketrans({one: plain for plain, marked in _LETTERS.items() for one in marked})


def sort_key(text: str) -> str:
    """What a text is sorted by."""
    return text.lower().translate(_PLAIN)


def sort_expression(text: str) -> str:
    """The same of an expression of SPARQL that is a simple literal."""
    made = f"LCASE({text})"
    for plain, marked in _LETTERS.items():
        made = f'REPLACE({made}, "[{marked}]", "{plain}")'
    return made
