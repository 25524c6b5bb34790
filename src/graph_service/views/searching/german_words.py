"""Words for searching: one spelling, one form for all genders, and the parts that German compounds are made of."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

import tantivy

# Three letters are looked for behind a sign, not all before it: from each letter on, these would be read to their end.
_SIGN = re.compile(r"(?<=[^\W\d_]{3})(?:(?:[*:_·]|/-?)(?:innen|in)\b|\((?:innen|in)\))")
# Within a compound: `Migrant*innenorganisation`, which is a `Migrantenorganisation`, too.
_SIGN_WITHIN = re.compile(r"(?<=[^\W\d_]{3})[*:_·]innen(?=[^\W\d_])")
_INNER_CAPITAL = re.compile(r"([a-zäöüß]{3})(?:Innen|In)\b")
_FEMALE = re.compile(r"\b([^\W\d_]{4,})innen\b|\b([^\W\d_]{2,}er)in\b", re.IGNORECASE)
# Short constituents of German compounds that are too short to be taken from the texts.
_SHORT = ("amt", "rat", "tag", "weg", "asyl", "bund", "land")
_SHORTEST = 5
# Hyphens that are not the one of keyboards, and signs that only say where a line may break.
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_HYPHENATED = re.compile(r"(?<![^\W_])[^\W_]+(?:-[^\W_]+)+")
# Verbs with a separable prefix: `abgeschafft` is a form of `abschaffen`, and `Abschaffung` shares its stem.
_PARTICIPLE = re.compile(
    r"\b(ab|an|auf|aus|bei|durch|ein|fest|fort|heran|her|hin|los|mit|nach|um|unter|vor|weg|weiter|wieder|zurück|zusammen|zu)"
    r"ge([^\W\d_]{3,}?)(?:e?t|en)(?:e[mnrs]?)?\b",
    re.IGNORECASE,
)
# Stems of participles whose vowel differs from that of the infinitive.
_STRONG = {
    "schob": "schieb", "wies": "weis", "nomm": "nehm", "bot": "biet", "schloss": "schließ", "hob": "heb",
    "sproch": "sprech", "griff": "greif", "zog": "zieh", "trieb": "treib", "brach": "bring", "stand": "steh",
    "worf": "werf", "schnitt": "schneid", "gang": "geh", "schrieb": "schreib", "blieb": "bleib",
}  # fmt: skip
_ENDINGS = ("s", "e", "en", "n", "er", "es", "ens")


def spelled(text: str) -> str:
    """The text in composed form (Unicode NFC), without soft hyphens and other invisible signs."""
    return unicodedata.normalize("NFC", text).translate(_INVISIBLE | _HYPHENS)


def with_forms(text: str) -> str:
    """The text, and behind it each hyphenated word in one piece and the verbs of participles.

    So `Bezahl-Karte` is a `Bezahlkarte`, and `abgeschoben` is found by `abschieben` and `Abschiebung`.
    """
    joined = (word.replace("-", "") for word in _HYPHENATED.findall(text))
    verbs = (m[1] + form for m in _PARTICIPLE.finditer(text) for form in _forms(m[2]))
    return " ".join((text, *joined, *verbs))


def _forms(stem: str) -> tuple[str, str]:
    """The infinitive and its noun; `einbürgern` and `Einbürgerung` have different stems to a stemmer."""
    stem = _STRONG.get(stem.lower(), stem)
    return f"{stem}{'n' if stem.endswith(('er', 'el')) else 'en'}", f"{stem}ung"


def folded(text: str) -> str:
    """The text with one form for all genders."""
    text = _SIGN_WITHIN.sub("en", _SIGN.sub("", text))
    text = _INNER_CAPITAL.sub(r"\1", text)
    return _FEMALE.sub(lambda match: match[1] or match[2], text)


def constituents(texts: Iterable[str]) -> list[str]:
    """The words of German texts, folded before, that are no compound of other words, in ASCII, with all endings.

    The splitter takes the longest word that fits, so a word with a second linking s would keep the next from fitting.
    """
    plain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    analyzer = plain.filter(tantivy.Filter.ascii_fold()).build()
    words = {word for text in texts for word in analyzer.analyze(text) if word.isalpha()}
    # A stem is what at least two forms share: `migratio` is none, for all that `migration` ends like a plural.
    forms = Counter(stem for word in words for stem in {word, *_without_ending(word)})
    known = {stem for stem, number in forms.items() if len(stem) >= _SHORTEST and (number > 1 or stem in words)}
    known |= set(_SHORT)
    simple = {word for word in known if not _is_compound(word, known)}
    bases = {word for word in simple if simple.isdisjoint(_without_ending(word))}
    return sorted({f"{word}{ending}" for word in bases for ending in ("", *_ENDINGS) if f"{word[-1]}{ending}" != "ss"})


def _without_ending(word: str) -> list[str]:
    return [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)]


def _is_compound(word: str, known: set[str]) -> bool:
    """Whether two or more known words, with a linking s between them and an ending behind, make up this one."""
    # Ends of a first part, then of all that follow: where a part may begin.
    starts = {0}
    for end in range(3, len(word) + 1):
        ends_word = end == len(word)
        if any(_is_part(word[start:end], known, ends_word) for start in starts if (start, end) != (0, len(word))):
            starts.add(end)
    return len(word) in starts


def _is_part(part: str, known: set[str], ends_word: bool) -> bool:
    bare = _without_ending(part) if ends_word else [part.removesuffix("s")]
    return part in known or any(stem in known for stem in bare)
