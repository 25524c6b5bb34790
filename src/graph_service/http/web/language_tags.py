"""Language tags (BCP 47) as pages write them."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import bidirectional

# Languages, and scripts, that are written from right to left.
_FROM_THE_RIGHT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi"))
_SCRIPTS = frozenset(("arab", "hebr", "nkoo", "syrc", "thaa"))
_SCRIPT_LENGTH = 4


def written(text: str, tag: str) -> dict[str, str]:
    """The attributes of HTML for a text: those of its language; without one `dir` where it has Hebrew or the like."""
    if tag:
        return attributes(tag)
    from_the_right = not text.isascii() and any(bidirectional(one) in ("R", "AL") for one in text)
    return {"dir": "auto"} if from_the_right else {}


@lru_cache(1000)
def attributes(tag: str) -> dict[str, str]:
    """The attributes of HTML for a text in a language: `lang`, and `dir` where it is written from right to left.

    Args:
        tag: such as `de-at`; case does not matter.
    """
    first, *rest = tag.split("-")
    script = next((part.lower() for part in rest if len(part) == _SCRIPT_LENGTH and part.isalpha()), "")
    from_the_right = script in _SCRIPTS if script else first.lower() in _FROM_THE_RIGHT
    return {"lang": "-".join((first.lower(), *map(_cased, rest)))} | ({"dir": "rtl"} if from_the_right else {})


def _cased(subtag: str) -> str:
    """A subtag as RFC 5646, section 2.1.1, recommends: AT, Latn."""
    if len(subtag) == 2:
        return subtag.upper()
    return subtag.title() if len(subtag) == _SCRIPT_LENGTH and subtag.isalpha() else subtag.lower()
