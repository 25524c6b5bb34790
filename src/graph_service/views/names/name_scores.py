"""How well two names agree, from 0 to 1: the share of their words that they have in common, rare words counting more.

Weighted Dice coefficient: twice the weight of the words in common, by the weight of all words of both. A word that only
one of them has lowers the score by its weight, so `Verband der Automobilindustrie` is no `Verband`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache

from graph_service.views.names.name_words import Words

Weight = Callable[[str], float]
# A name that is the same but for its blanks: `ProAsyl`.
_JOINED = 0.98
_ABBREVIATED = 0.95
# With a word in it that the name does not have, what was written is another name, however long both are.
_WITH_A_WORD_MORE = 0.84
# Words with fewer letters are abbreviations as a rule.
_SHORTEST_MISTYPED = 5
# Two letters may be wrong in words with so many.
_LONG = 9
# What a wrong letter costs, as a share of the word.
_MISTYPED = 1.2


def agreement(written: Words, name: Words, weight: Weight, abbreviations: Collection[str] = ()) -> float:
    """How well a name agrees with what was written, from 0 to 1.

    Args:
        written: its words.
        name: the words of the name.
        weight: how much a word says.
        abbreviations: words of `written` that may stand for longer ones.
    """
    if written == name:
        return 1.0
    if "".join(written) == "".join(name):
        return _JOINED
    ours, theirs = set(written), set(name)
    common = ours & theirs
    shared = sum(map(weight, common))
    total = 2 * shared
    open_words = theirs - common
    is_more = False
    for word in sorted(ours - common):
        # Who shortens or mistypes a word begins it rightly; `Landes…` and `Bundes…` differ in no more than two letters.
        alike = sorted(one for one in open_words if one[0] == word[0])
        is_short = word in abbreviations and len(ours) > 1
        likeness, other = max(((_likeness(word, one, is_short), one) for one in alike), default=(0.0, ""))
        if likeness:
            open_words.remove(other)
            shared += likeness * weight(other)
            total += 2 * weight(other)
        else:
            total += weight(word)
            is_more = True
    total += sum(map(weight, open_words))
    agreed = 2 * shared / total if total else 0.0
    return min(agreed, _WITH_A_WORD_MORE) if is_more else agreed


def _likeness(word: str, other: str, is_abbreviation: bool) -> float:
    """How sure it is that one word stands for another that begins like it; 0 where nothing speaks for it."""
    if is_abbreviation and len(word) < len(other) and _is_within(word, other):
        return _ABBREVIATED
    shorter, longer = sorted((len(word), len(other)))
    most = 2 if longer >= _LONG else 1
    if shorter < _SHORTEST_MISTYPED or longer - shorter > most:
        return 0.0
    wrong = distance(word, other)
    return 1 - _MISTYPED * wrong / longer if wrong <= most else 0.0


def _is_within(letters: str, word: str) -> bool:
    """Whether a word has these letters in this order."""
    rest = iter(word)
    return all(letter in rest for letter in letters)


@lru_cache(maxsize=20_000)
def distance(one: str, other: str) -> int:
    """How many letters have to be put in, left out, replaced or swapped with their neighbour.

    Optimal string alignment with all cells of a column in the bits of one number (Hyyrö 2003, "A Bit-Vector Algorithm
    for Computing Levenshtein and Damerau Edit Distances").
    """
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for place, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << place
    every = (1 << len(one)) - 1
    last = 1 << len(one) - 1
    rises, falls, equal, before = every, 0, 0, 0
    found = len(one)
    for letter in other:
        here = places.get(letter, 0)
        swapped = ((~equal & here) << 1) & before
        equal = ((((here & rises) + rises) ^ rises) | here | falls | swapped) & every
        right, left = falls | (every & ~(equal | rises)), equal & rises
        found += bool(right & last) - bool(left & last)
        right, left = right << 1 | 1, left << 1
        rises, falls = (left | ~(equal | right)) & every, right & equal & every
        before = here
    return found
