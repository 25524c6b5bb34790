"""Words that a line end divides: which hyphens belong to the word, and which only to the line.

A hyphen stays before a capital letter or a digit ("Bund-Länder-|Gruppe"), before a word that makes it stand for the
rest of a compound ("Beratungs-|und"), behind capitals or digits ("EU-|weit"), and where the paper writes the word with
a hyphen elsewhere. All others go.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from graph_service.reading.characters import SOFT_HYPHEN

_HYPHENS = "-\u2010\u2011"
_CONJUNCTION = re.compile(
    "und|oder|bzw|beziehungsweise|sowie|noch|wie|als|bis|statt|samt|aber|u|o|resp|and|or|to|nor|as", re.IGNORECASE
)
_LAST_WORD = re.compile(r"[^\s]+$")
_FIRST_WORD = re.compile(r"\w+")
_WORDS = re.compile(r"\w[\w*:]*(?:-\w[\w*:]*)*")


def words(lines: Collection[str]) -> frozenset[str]:
    """The words that stand whole within lines, small, for `join`."""
    return frozenset(word.casefold() for line in lines for word in _WORDS.findall(line.rstrip(_HYPHENS)))


def join(line: str, following: str, whole_words: frozenset[str]) -> tuple[str, str]:
    """Two lines as one.

    Args:
        line: what stands already.
        following: what comes next, without blanks at its beginning.
        whole_words: words of the paper that no line divides.

    Returns:
        The text, and the hyphen that was taken out with the letters around it, empty if there was none.
    """
    if line.endswith(SOFT_HYPHEN):
        return line[:-1] + following, _shown(line[:-1], following)
    if not line or line[-1] not in _HYPHENS or not line[-2:-1].isalnum():
        # "Migrant*innen-" and the like end in a sign before the hyphen seldom; a lone dash is no hyphen.
        return (f"{line} {following}" if line else following), ""
    found = _FIRST_WORD.match(following)
    if not found:
        blank = "" if following[:1] in "/)]}.,;:!?*" else " "
        return line + blank + following, ""
    if _CONJUNCTION.fullmatch(found.group()):
        return f"{line} {following}", ""
    if _keeps(line, following, whole_words):
        return line + following, ""
    return line[:-1] + following, _shown(line[:-1], following)


def _keeps(line: str, following: str, whole_words: frozenset[str]) -> bool:
    if not following[0].islower() or line[-2].isdigit():
        return True
    last = _LAST_WORD.search(line[:-1])
    before = re.split(rf"[{_HYPHENS}]", last.group())[-1].lstrip("„“\"'([‚") if last else ""
    if before.isupper():
        return True
    after = _WORDS.match(following)
    rest = after.group() if after else following
    start = _WORDS.search(last.group()) if last else None
    whole = start.group() if start else before
    with_hyphen, without = f"{whole}-{rest}".casefold(), f"{whole}{rest}".casefold()
    return with_hyphen in whole_words and without not in whole_words


def _shown(before: str, after: str) -> str:
    last, first = _LAST_WORD.search(before), re.match(r"\S+", after)
    return f"{last.group() if last else ''}-|{first.group() if first else ''}"
