"""Names as words that can be compared: one spelling for umlauts, genders and endings, without legal forms.

`Sächsischer Flüchtlingsrat e.V.` and `saechsischer  Fluechtlingsrat` are the same words, and so are `Die Grünen` and
`Gruene`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TypeAlias

import tantivy

from graph_service.views.searching.german_words import folded, spelled

Words: TypeAlias = tuple[str, ...]

# Legal forms of German law as names have them; ISO 20275 (Entity Legal Forms) lists most. `AG` and `eG` are forms only
# at the end of a name: elsewhere `AG` is a working group.
_LEGAL_FORM = re.compile(
    r"(?<!\w)(?:e\.?\s?V|eingetragener Verein|registered association|gemeinn(?:ü|ue)tzige GmbH|gGmbH|GmbH|gUG|UG|mbH"
    r"|e\.?\s?G(?=\.?\s*$)|g?AG(?=\s*$)|K\.?\s?d\.?\s?ö\.?\s?R|A\.?\s?ö\.?\s?R)(?!\w)\.?",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
# `(IOM)`, `(SächsIntG)`: one word with at least two capitals.
_SHORT_FORM = re.compile(r"[A-ZÄÖÜ][\w-]*[A-ZÄÖÜ][\w-]*")
# `S.P.D.`
_INITIALS = re.compile(r"(?<!\w)(?:[A-ZÄÖÜ]\.){2,}")
# `d.` and `u.` stand for words that say nothing.
_LETTER = re.compile(r"(?<![\w.])[a-z]\.(?!\w)")
# `Dt.`, `Sächs.`, and what is written in capitals among other words: `LV`, `BAG`.
_ABBREVIATION = re.compile(r"(?<!\w)(?:[^\W\d_]{2,6}(?=\.)|[A-ZÄÖÜ]{2,4}(?!\w))")
_DIGRAPH = re.compile(r"([aou])e", re.IGNORECASE)
# What the stemmer leaves of `freie` and `freien`.
_ENDING = re.compile(r"(?<=\w{4})(?:e[mnrs]?|[ns])$")
# `Bündnis90`; `B90` is one word.
_NUMBER = re.compile(r"(?<=[^\W\d_]{3})(?=\d)")
# `B'90`, `Alliance '90`.
_APOSTROPHE = re.compile(r"['’‘`´]")


def words_of(text: str) -> Words:
    """The words of a name: stems in ASCII, in their order, without articles and the like if there are others."""
    whole = _INITIALS.sub(lambda match: match[0].replace(".", ""), spelled(text))
    stems = _stemmer().analyze(_plain(_LETTER.sub(" ", _LEGAL_FORM.sub(" ", whole))))
    return tuple(_ENDING.sub("", stem) for stem in stems) or tuple(_folder().analyze(_plain(whole)))


def without_brackets(text: str) -> str:
    """A name without what stands in brackets."""
    return _BRACKETS.sub("", text)


def bracketed(text: str) -> list[str]:
    """What stands in brackets."""
    return _BRACKETS.findall(text)


def spellings(name: str) -> list[Words]:
    """The words of a name as it stands, without its brackets, and of a short form in brackets: `(IOM)`."""
    short = [one for one in bracketed(name) if _SHORT_FORM.fullmatch(one)]
    return list(dict.fromkeys(words for one in (name, without_brackets(name), *short) if (words := words_of(one))))


def abbreviations(text: str) -> frozenset[str]:
    """Those words of a text that may stand for a longer one with the same first letter."""
    return frozenset(word for match in _ABBREVIATION.findall(spelled(text)) for word in words_of(match))


def typed(text: str) -> str:
    """The text as it is compared with what somebody begins to type: small letters, no umlauts, single blanks."""
    return " ".join(_folder().analyze(_plain(spelled(text))))


def _plain(text: str) -> str:
    return _NUMBER.sub(" ", _DIGRAPH.sub(r"\1", folded(_APOSTROPHE.sub("", text))))


def _lowercase() -> tantivy.TextAnalyzerBuilder:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())


@cache
def _folder() -> tantivy.TextAnalyzer:
    return _lowercase().filter(tantivy.Filter.ascii_fold()).build()


@cache
def _stemmer() -> tantivy.TextAnalyzer:
    stopped = _lowercase().filter(tantivy.Filter.stopword("german")).filter(tantivy.Filter.stopword("english"))
    # Stop words with umlauts, after the umlaut has gone.
    plain = stopped.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.custom_stopword(["fur", "uber"]))
    return plain.filter(tantivy.Filter.stemmer("german")).build()
